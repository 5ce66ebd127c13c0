"""``citedesk customer``: what is held about one customer, shown and deleted."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from server.cli.confirm import confirm
from server.cli.examples import EXAMPLES
from server.cli.options import Data, Json, Who, settings_for
from server.cli.output import Output
from server.cli.problem import FAILED, UsageProblemError
from server.cli.state import check_state_is_there, cli_actor, state_database
from server.settings import Settings

if TYPE_CHECKING:
    from server.customers.customer import Customer
    from server.customers.deletion import CustomerForgetter

customer_app = typer.Typer(help="Delete what is held about one customer, with a proof.", no_args_is_help=True)
Users: TypeAlias = Annotated[
    list[str] | None, typer.Option("--user", metavar="ID", help="What requests call the customer (`safety_identifier`, `user`); repeat.")
]
Emails: TypeAlias = Annotated[list[str] | None, typer.Option("--email", help="An e-mail address of the customer; repeat.")]
Phones: TypeAlias = Annotated[list[str] | None, typer.Option("--phone", help="A phone number of the customer; repeat.")]


@customer_app.command("forget", epilog=EXAMPLES["customer forget"])
def forget(
    user: Users = None,
    email: Emails = None,
    phone: Phones = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    report: Annotated[Path | None, typer.Option("--report", help="Write the proof to a new file.", dir_okay=False)] = None,
    who: Who = None,
    why: Annotated[str, typer.Option("--why", help="Why; kept in the audit log, so name nobody.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Delete all rows about a customer, look for what is left in every table and in the database's bytes, and say so in a proof.

    Exit code 1 when something is left. Backups that hold the customer still are listed; remove them, or make them anew.
    """
    from server.customers.customer import Customer
    from server.customers.deletion import CustomerForgetter
    from server.state.audit import AuditLog
    from server.state.audit_anchor import note_end

    settings, output = settings_for(data), Output(as_json)
    customer = Customer(tuple(user or ()), tuple(email or ()), tuple(phone or ()))
    if report is not None and report.exists():
        raise UsageProblemError(f"{report} exists already. A proof is never written over: name another file.")
    check_state_is_there(settings)
    with state_database(settings) as database:
        forgetter = CustomerForgetter(database, settings)
        if not yes:
            _confirm(forgetter, customer, output)
        proof = forgetter.forget(customer, cli_actor(who), why)
        note_end(settings.audit_anchors, AuditLog(database))
    _write(report, proof)
    _tell(proof, settings, output)
    output.result(proof)
    if not proof["complete"]:
        raise typer.Exit(FAILED)


def _confirm(forgetter: "CustomerForgetter", customer: "Customer", output: Output) -> None:
    held = forgetter.held(customer)
    output.table("To be deleted", ("table", "rows"), held.items())
    confirm("Delete these for good?", "Nothing was deleted.", output)


def _write(report: Path | None, proof: dict[str, Any]) -> None:
    if report is None:
        return
    import orjson

    from kb.files import disk_errors, write_atomic

    with disk_errors(report):
        write_atomic(report, orjson.dumps(proof, option=orjson.OPT_INDENT_2))


def _nothing_left(proof: dict[str, Any]) -> str:
    """No more than was looked at: a database server's files are not ours to read."""
    files = len(proof["files"])
    if proof["file_search"] == "bytes":
        return f"Nothing is left in the database, its bytes, or the files beside it ({files} searched)."
    return f"Nothing is left in the database's tables, or in the data folder's files ({files} searched); {proof['file_search']}."


def _tell(proof: dict[str, Any], settings: Settings, output: Output) -> None:
    deleted = ", ".join(f"{one['deleted']} of {one['before']} in {one['table']}" for one in proof["tables"])
    output.say(f"Deleted: {deleted}.", "green")
    for where, count in proof["mentioned"].items():
        output.say(f"Still mentioned in {count} rows of {where}, which belong to nobody. Change these by hand.", "red")
    for file in proof["files"]:
        if file["found"]:
            output.say(f"Still in the bytes of {settings.data / file['path']}. Change or remove that file.", "red")
    if proof["complete"]:
        output.say(_nothing_left(proof), "green")
    for backup in proof["backups"]:
        if backup["holds"] != "no":
            holds = "holds it still" if backup["holds"] == "yes" else "was moved or damaged, and may hold it still"
            output.say(f"The backup {backup['path']} {holds}. Remove it, or make it anew.", "yellow")
    output.say(f"Not searched: {'; '.join(proof['not_searched'])}.")
    output.say(f"Audit log: row {proof['audit']['number']}, {proof['audit']['hash']}")
