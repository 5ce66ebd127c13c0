"""The other side of `server.runs.child_process`: the run that this process was started for."""

import os
from contextlib import suppress
from pathlib import Path

from kb.errors import ConfigurationError
from server.runs.roots import resolve_below
from server.settings import Settings
from server.state.database import StateDatabase
from server.state.run import RunRequest
from server.state.runs import RunStore

_NICENESS = 10
_OOM_SCORE = b"500"


def take_over(settings: Settings, run: str) -> RunRequest:
    """What the row of the run asks for. Raises ConfigurationError when there is no such run waiting, RequestError when a link was
    turned since it was asked for, so that a path now leads out of the allowed folders.
    """
    database = StateDatabase.of(settings)
    try:
        found = RunStore(database).get(run)
    finally:
        database.close()
    if found is None or found.ending is not None or found.trigger != "http":
        raise ConfigurationError(f"No run {run} waits to be done here. --run is for the server; name the PATHs to ingest instead.")
    for number, source in enumerate(found.request.sources):
        resolve_below(source.path, settings.ingest_roots, f"sources[{number}].path")
    return found.request


def stand_back() -> None:
    """Let a server on the same machine go first: lower priority, and the first to go when memory runs out."""
    os.nice(_NICENESS)
    with suppress(OSError):  # a file of Linux that some containers lock; only a help
        Path("/proc/self/oom_score_adj").write_bytes(_OOM_SCORE)
