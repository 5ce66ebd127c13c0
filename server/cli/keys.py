"""``citedesk keys``: API keys made, listed and revoked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, cast

import typer

from server.cli.examples import EXAMPLES
from server.cli.options import AudienceName, Data, Json, parse_audience, settings_for
from server.cli.output import Output
from server.cli.state import check_state_is_there, state_database
from server.cli.who import default_who

if TYPE_CHECKING:
    from server.settings import Settings
    from server.state.keys import KeyScope, KeyStore

MAX_DAYS = 36_500
"""A hundred years: more days than a date can have are a slip of the finger."""
keys_app = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)


@keys_app.command("create", epilog=EXAMPLES["keys create"])
def create(
    name: Annotated[str, typer.Option("--name", help="What the key is for.")],
    audience: AudienceName = "public",
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help="What it may do; repeat. \\[default: chat, search, verify, feedback]")
    ] = None,
    expires_days: Annotated[
        int | None, typer.Option("--expires-days", min=1, max=MAX_DAYS, help="Days until it expires. \\[default: never]")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a key. It is shown once and cannot be shown again."""
    from server.state.default_keys import PUBLIC_SCOPES

    expires = datetime.now(UTC) + timedelta(days=expires_days) if expires_days else None
    wanted = cast("list[KeyScope]", scope or list(PUBLIC_SCOPES))  # create_key refuses those it does not know
    with _key_store(settings_for(data)) as keys:
        new = keys.create_key(name, parse_audience(audience), wanted, expires, by=f"cli:{default_who()}")
    output = Output(as_json)
    output.say(f"Key {new.key.id} for {audience} readers. Keep it now; it is not shown again:")
    output.say(new.secret, "bold")
    output.result(new.key.to_json() | {"key": new.secret})


@keys_app.command("list")
def list_keys(data: Data = None, as_json: Json = False) -> None:
    """List all keys, without their secrets."""
    settings = settings_for(data)
    check_state_is_there(settings)
    with _key_store(settings) as keys:
        listed = [key.to_json() for key in keys.list_keys()]
    output = Output(as_json)
    columns = ("id", "name", "audience", "scopes", "state", "expires_at", "last_used_at")
    output.table("API keys", columns, ([" ".join(row[c]) if c == "scopes" else row[c] for c in columns] for row in listed))
    output.result({"keys": listed})


@keys_app.command("revoke", epilog=EXAMPLES["keys revoke"])
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `citedesk keys list` shows it, or the whole key.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Revoke a key: running servers refuse it within two seconds."""
    from server.state.keys import id_in

    settings = settings_for(data)
    check_state_is_there(settings)
    with _key_store(settings) as keys:
        key = keys.revoke_key(id_in(key_id), by=f"cli:{default_who()}")
    output = Output(as_json)
    output.say(f"Key {key.id} ({key.name}) is revoked.")
    output.result(key.to_json())


@contextmanager
def _key_store(settings: "Settings") -> Iterator["KeyStore"]:
    from server.state.keys import KeyStore

    with state_database(settings) as database:
        yield KeyStore(database)
