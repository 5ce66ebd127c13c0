"""The command ``citedesk``."""

from importlib.metadata import version as installed_version
from typing import Annotated

import typer

from server.cli.ask import ask
from server.cli.audit import audit_app
from server.cli.backup import backup
from server.cli.check import check
from server.cli.customer import customer_app
from server.cli.diff import diff
from server.cli.evals.app import eval_app
from server.cli.examples import EXAMPLES
from server.cli.forget import forget
from server.cli.freeze import freeze, unfreeze
from server.cli.ingest import ingest
from server.cli.keys import keys_app
from server.cli.prepare import prepare
from server.cli.problem import CitedeskGroup
from server.cli.restore import restore
from server.cli.rollback import rollback
from server.cli.runs import runs
from server.cli.search import search
from server.cli.serve import serve, up
from server.cli.unread import say_unread_variables
from server.cli.verify import verify
from server.cli.versions import versions

app = typer.Typer(
    cls=CitedeskGroup,
    name="citedesk",
    help="Answers questions from a shop's own documents; every sentence carries a checked citation.",
    epilog=f"{EXAMPLES['citedesk']}\n\nWith --debug, anywhere, an unexpected error shows its traceback.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    *(ingest, ask, search, verify, versions, runs, diff, rollback, check, backup, restore, forget),
    *(freeze, unfreeze, serve, up, prepare),
):
    app.command(epilog=EXAMPLES.get(command.__name__))(command)
app.add_typer(keys_app, name="keys")
app.add_typer(audit_app, name="audit")
app.add_typer(customer_app, name="customer")
app.add_typer(eval_app, name="eval")


def say_version(asked: bool) -> None:
    """End with the version when it was asked for."""
    if asked:
        typer.echo(f"citedesk {installed_version('citedesk')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", help="Say which Citedesk this is.", callback=say_version, is_eager=True)] = False,
) -> None:
    """Take the options that belong to no command, and say which variables no command reads."""
    say_unread_variables()


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
