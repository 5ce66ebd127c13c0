"""How a failed command ends: one sentence on standard error and an exit code, never a traceback."""

import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import typer
from rich.console import Console
from typer.core import TyperGroup

from kb.errors import CitedeskError, StoreBusyError, UnknownRegionError
from kb.text.printable import printable

FAILED, USAGE, BUSY, INTERRUPTED = 1, 2, 75, 130
_DEBUG = "--debug"


class UsageProblemError(CitedeskError):
    """An option's value is wrong."""


class CitedeskGroup(TyperGroup):
    """The root of all commands: errors of any command end up here. ``--debug``, anywhere, shows tracebacks instead."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Take ``--debug`` out, wherever it stands before ``--``."""
        end = args.index("--") if "--" in args else len(args)
        kept = [arg for arg in args[:end] if arg != _DEBUG]
        ctx.meta[_DEBUG] = len(kept) < end
        ctx.meta["--json"] = "--json" in kept
        return super().parse_args(ctx, kept + args[end:])

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # noqa: ANN401 - as in the base class
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (typer.TyperException, typer.Exit, typer.Abort):
            raise
        except BrokenPipeError:
            raise  # the reader has had enough, as in `| head`; typer ends quietly
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            if ctx.meta[_DEBUG]:
                raise
            raise typer.Exit(_report(error, ctx.meta["--json"])) from error


def _report(error: Exception, as_json: bool) -> int:
    message = str(error) if isinstance(error, CitedeskError) else _crash_message(error)
    Console(stderr=True, highlight=False, soft_wrap=True).print(printable(message), style="red", markup=False)
    if as_json:
        sys.stdout.write(orjson.dumps({"error": {"type": type(error).__name__, "message": message}}).decode() + "\n")
    if isinstance(error, (UsageProblemError, UnknownRegionError)):
        return USAGE
    return BUSY if isinstance(error, StoreBusyError) else FAILED


def _crash_message(error: Exception) -> str:
    what = f"Something went wrong inside Citedesk ({type(error).__name__})."
    try:
        return f"{what} The details are in {_write_crash(error)}; please report them, or run again with {_DEBUG}."
    except OSError:
        return f"{what} Run again with {_DEBUG} to see the details."


def _write_crash(error: Exception) -> Path:
    name = f"citedesk-error-{datetime.now(UTC):%Y%m%dT%H%M%S}-"
    with tempfile.NamedTemporaryFile("w", prefix=name, suffix=".log", delete=False, encoding="utf-8") as file:
        file.writelines(traceback.format_exception(error))
        return Path(file.name)
