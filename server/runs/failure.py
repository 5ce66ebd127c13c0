"""Which runs an operator has to know of."""

from typing import Literal, TypeAlias

from server.state.run import Run

Severity: TypeAlias = Literal["info", "warning", "error"]
INTERRUPTED_BY_KEYBOARD = 130
_SEVERITY: dict[str, Severity] = {"refused": "error", "failed": "error", "died": "error", "partial": "warning", "interrupted": "warning"}


def severity(run: Run) -> Severity:
    """How loudly the log says it. A busy night is none yet: the run that was in the way may have done the work."""
    return "info" if run.ending is None else _SEVERITY.get(run.ending.outcome, "info")


def is_failure(run: Run, before: Run | None) -> bool:
    """Whether a webhook for failures is told. ``before`` is the run before this one: a second busy one means that something hangs.

    Whoever pressed Ctrl-C knows.
    """
    if run.ending is None or run.ending.exit_code == INTERRUPTED_BY_KEYBOARD:
        return False
    if run.ending.outcome == "busy":
        return before is not None and before.ending is not None and before.ending.outcome == "busy"
    return severity(run) != "info"
