"""``citedesk versions`` and ``citedesk check``: what is on disk, and whether it is sound."""

from typing import Annotated

import typer

from server.cli.options import Data, Json, settings_for
from server.cli.output import Output


def versions(data: Data = None, as_json: Json = False) -> None:
    """List the versions of the knowledge base, newest first."""
    from kb.store import VersionStore

    store = VersionStore(settings_for(data).data)
    current = store.current_id()
    manifests = store.versions()
    output = Output(as_json)
    rows = [
        ("*" if one.id == current else "", one.id, one.created, one.counts.get("documents"), one.counts.get("passages"), one.who, one.why)
        for one in manifests
    ]
    output.table("Versions (* is current)", ("", "id", "created", "documents", "passages", "who", "why"), rows)
    listed = [
        {
            "id": one.id,
            "parent": one.parent,
            "created": one.created,
            "current": one.id == current,
            "counts": dict(one.counts),
            "sources": dict(one.sources),
            "encoder_id": one.encoder_id,
            "who": one.who,
            "why": one.why,
        }
        for one in manifests
    ]
    output.result({"current": current, "versions": listed})


def check(
    version: Annotated[str | None, typer.Argument(help="The version's id. [default: the current one]")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Examine a version on disk: every file against its manifest, and whether all indexes can be opened."""
    from kb.store import VersionStore

    store = VersionStore(settings_for(data).data)
    opened = store.open_current() if version is None else store.open(version)
    try:
        opened.warm()
        manifest = opened.manifest
    finally:
        opened.close()
    output = Output(as_json)
    contents = f"{manifest.counts['documents']} documents, {manifest.counts['passages']} passages, {len(manifest.files)} files"
    output.say(f"Version {manifest.id} is sound: {contents}.", "green")
    output.result({"version": manifest.id, "sound": True, "counts": dict(manifest.counts), "files": len(manifest.files)})
