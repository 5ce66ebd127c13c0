"""Asking before something is deleted for good."""

import typer

from server.cli.output import Output
from server.cli.problem import FAILED, UsageProblemError


def confirm(question: str, otherwise: str, output: Output) -> None:
    """Go on if the question is answered with yes.

    Raises typer.Exit after having said ``otherwise`` (what did not happen), and UsageProblemError where nobody can be asked.
    """
    if output.as_json:
        raise UsageProblemError("With --json nobody can be asked. Run it again with --yes.")
    try:
        agreed = typer.confirm(question)
    except typer.Abort:
        raise UsageProblemError(f"{otherwise} Nobody answered the question; where there is no terminal, say --yes.") from None
    if not agreed:
        output.say(otherwise)
        raise typer.Exit(FAILED)
