"""The command ``citedesk``."""

import typer

from server.cli.ask import ask
from server.cli.audit import audit_app
from server.cli.backup import backup
from server.cli.check import check
from server.cli.customer import customer_app
from server.cli.diff import diff
from server.cli.evaluate import eval_app
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
from server.cli.verify import verify
from server.cli.versions import versions

app = typer.Typer(
    cls=CitedeskGroup,
    name="citedesk",
    help="Answers questions from a shop's own documents; every sentence carries a checked citation.",
    epilog="With --debug, anywhere, an unexpected error shows its traceback.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    *(ingest, ask, search, verify, versions, runs, diff, rollback, check, backup, restore, forget),
    *(freeze, unfreeze, serve, up, prepare),
):
    app.command()(command)
app.add_typer(keys_app, name="keys")
app.add_typer(audit_app, name="audit")
app.add_typer(customer_app, name="customer")
app.add_typer(eval_app, name="eval")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
