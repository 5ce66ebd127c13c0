"""``citedesk restore``: bring a backup back."""

from pathlib import Path
from typing import Annotated

import typer

from server.cli.options import Data, Json, Who, settings_for
from server.cli.output import Output
from server.cli.progress import ProgressBars
from server.cli.state import audited
from server.cli.who import default_who


def restore(
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="The backup: a folder, or a .tar file.", exists=True)],
    who: Who = None,
    why: Annotated[str, typer.Option("--why", help="Why it is brought back.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring a backup back: into an empty data folder, or as the next version of one that is in use.

    Keys and the like come back where there are none yet, in the file or in PostgreSQL. In use, the restored version is held as after
    `citedesk rollback`; keys and golden questions stay as they are. What was forgotten meanwhile does not come back.
    """
    from kb.store import VersionStore
    from server.backup.restore import restore as bring_back

    settings = settings_for(data)
    store = VersionStore(settings.data)
    output = Output(as_json)
    with audited(settings, who, "restore", str(source.absolute()), {"why": why}) as told, ProgressBars(output.progress) as bars:
        done = bring_back(source, store, who or default_who(), why, bars, settings.state_url)
        told |= {"backed_up": done.backed_up, "before": done.before, "state": done.state, "kb_version": done.version}
    output.say(f"Version {done.version} is current: what version {done.backed_up} was. It was verified.", "green")
    if done.before is not None:
        output.say(f"It was {done.before} before. It is held: `citedesk rollback --release` lets the next ingest publish again.")
    elif not done.state:
        output.say("The backup brought no keys, or there were some already; `citedesk keys list` shows them.")
    if done.forgotten:
        output.say(f"Documents that were forgotten, and left out: {done.forgotten}.")
    output.result(
        {
            "version": done.version,
            "backed_up": done.backed_up,
            "before": done.before,
            "held": done.before is not None,
            "forgotten": done.forgotten,
            "state": done.state,
        }
    )
