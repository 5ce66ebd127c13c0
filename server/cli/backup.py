"""``citedesk backup``: a verified copy of a version with everything that it needs."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from server.cli.options import Data, Json, Who, settings_for
from server.cli.output import Output
from server.cli.problem import UsageProblemError
from server.cli.progress import ProgressBars
from server.cli.state import audited
from server.cli.who import default_who


def backup(
    target: Annotated[
        Path | None, typer.Argument(metavar="TARGET", help="A new folder, or a new file ending in .tar.", show_default=False)
    ] = None,
    version: Annotated[str | None, typer.Option("--version", help="The version's id. \\[default: the current one]")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the backups that were made of this data folder.")] = False,
    who: Who = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Copy a version, its originals, the keys and the golden questions, and read the copy back.

    Nothing is published meanwhile. Keys, runs and the like come along from PostgreSQL too, if they are kept there. The copy holds
    secrets and internal documents; only its owner may read it.
    """
    from kb.store import VersionStore
    from server.backup.make import make_backup
    from server.cli.options import normal_version

    settings = settings_for(data)
    store = VersionStore(settings.data)
    output = Output(as_json)
    if listing:
        _list(store.data, output)
        return
    if target is None:
        raise UsageProblemError("Say where the backup goes: a new folder, or a file ending in .tar. With --list no place is needed.")
    with audited(settings, who, "backup", str(target.absolute())) as told, ProgressBars(output.progress) as bars:
        contents = make_backup(store, target, normal_version(version), who or default_who(), bars, settings.state_url)
        told |= {"files": len(contents.files), "kb_version": contents.version}
    size = sum(digest.size for digest in contents.files.values())
    output.say(f"Backed up version {contents.version} to {target}: {len(contents.files)} files, {size / 1e6:.1f} MB, read back.", "green")
    output.say("`citedesk restore` brings it back.")
    output.result({"path": str(target.absolute()), "version": contents.version, "files": len(contents.files), "bytes": size})


def _list(data: Path, output: Output) -> None:
    from server.backup.made import made_backups

    made = made_backups(data)
    rows = [(one.when, one.version, one.place, "cut short" if one.unfinished else "yes" if one.present else "no", one.who) for one in made]
    output.table("Backups", ("when", "version", "path", "present", "who"), rows)
    output.result({"backups": [asdict(one) | {"present": one.present, "unfinished": one.unfinished} for one in made]})
