"""``citedesk rollback``: go back to an older version and stay there, until a person lets the next one be published."""

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.options import Data, Json, VersionId, Who, settings_for
from server.cli.output import Output
from server.cli.problem import UsageProblemError
from server.cli.state import audited
from server.cli.who import default_who

if TYPE_CHECKING:
    from kb.store import VersionStore


def rollback(
    version: VersionId = None,
    who: Who = None,
    why: Annotated[str, typer.Option("--why", help="Why; whoever runs the next ingest reads it.")] = "",
    release: Annotated[bool, typer.Option("--release", help="Let the next ingest publish again; goes nowhere.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Go back to an older version, the one before the current one if none is named, and hold it.

    While it is held, `citedesk ingest` builds and publishes nothing (exit code 4), unless it is forced. Naming the current version
    holds it where it is.
    """
    from ingest.forgetting import finish_forgetting
    from kb.errors import VersionDamagedError
    from kb.rollback import default_target, roll_back
    from kb.store import VersionStore

    settings = settings_for(data)
    store = VersionStore(settings.data)
    output = Output(as_json)
    if release:
        if version is not None:
            raise UsageProblemError("--release lets go of whatever is held and takes no version.")
        with audited(settings, who, "rollback.release"):
            _release(store, output)
        return
    target = version or default_target(store)
    with audited(settings, who, "rollback", f"version:{target}", {"why": why}) as told, store.writer() as writer:
        with suppress(VersionDamagedError):  # of the current version: that is what going back mends
            finish_forgetting(store, writer)  # or what is gone back to might hold what was to be forgotten
        done = roll_back(store, writer, target, who or default_who(), why)
        finish_forgetting(store, writer)
        told |= {"before": done.before, "kb_version": target}
    moved = f"; it was {done.before or 'none'} before. A running server follows within a second."
    output.say(f"Version {target} is current{moved if done.before != target else ', as it was.'}", "green")
    output.say("It is held: the next ingest publishes nothing until `citedesk rollback --release`, or once with --force and a reason.")
    output.result({"current": target, "before": done.before, "held": True, "who": done.hold.who, "why": why, "when": done.hold.when})


def _release(store: "VersionStore", output: Output) -> None:
    from kb.hold import release_hold
    from kb.rollback import current_or_none

    held = store.layout.hold.exists()
    with store.writer():
        release_hold(store.layout)
    output.say("The next ingest may publish again." if held else "No version was held. The next ingest may publish.", "green")
    output.result({"current": current_or_none(store), "released": held, "held": False})
