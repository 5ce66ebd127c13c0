"""``/v1/keys``: made, seen and revoked over HTTP, never with more than the caller has."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from server.state.keys import KEY_SCOPES, KeyScope
from tests.server.conftest import Running
from tests.server.test_errors import check_shape

KEYS = "/v1/keys"


def client(running: Running, audience: Any, scopes: tuple[KeyScope, ...], expires_at: datetime | None = None) -> httpx.Client:
    secret = running.services.keys.create_key("admin", audience, scopes, expires_at).secret
    return httpx.Client(base_url=running.url, headers={"Authorization": f"Bearer {secret}"}, timeout=20, verify=False)


def test_a_key_is_made_shown_once_and_revoked(shared: Running) -> None:
    with client(shared, "internal", KEY_SCOPES) as http:
        made = http.post(KEYS, json={"name": "front 前台", "scopes": ["search", "chat"]})
        assert made.status_code == 201 and made.headers["location"] == f"{KEYS}/{made.json()['id']}"
        secret = made.json().pop("key")
        shown = http.get(made.headers["location"]).json()
        assert shown == {name: value for name, value in made.json().items() if name != "key"} | {"last_used_at": None}
        assert (shown["object"], shown["audience"], shown["scopes"], shown["state"]) == ("api_key", "public", ["chat", "search"], "active")
        assert secret not in http.get(KEYS, params={"limit": 1000}).text
        theirs = {"Authorization": f"Bearer {secret}"}
        assert httpx.get(f"{shared.url}/v1/models", headers=theirs).status_code == 200
        gone = http.delete(f"{KEYS}/{shown['id']}")
        assert gone.status_code == 200 and gone.json()["state"] == "revoked"
        assert httpx.get(f"{shared.url}/v1/models", headers=theirs).status_code == 401
        assert http.get(f"{KEYS}/{shown['id']}").json()["state"] == "revoked"


def test_pages(shared: Running) -> None:
    with client(shared, "internal", ("admin",)) as http:
        first = http.get(KEYS, params={"limit": 2}).json()
        assert len(first["data"]) == 2 and first["has_more"] and first["next_offset"] == 2
        rest = http.get(KEYS, params={"limit": 1000, "offset": 2}).json()
        assert len(rest["data"]) == first["total"] - 2 and not rest["has_more"] and rest["next_offset"] is None


def test_a_key_gives_only_what_it_has(shared: Running) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    with client(shared, "internal", ("admin", "chat")) as http:
        check_shape(http.post(KEYS, json={"name": "a", "scopes": ["chat", "ingest"]}), 403, "insufficient_scope")
        assert http.post(KEYS, json={"name": "a", "audience": "internal", "scopes": ["chat"]}).status_code == 201
    with client(shared, "public", KEY_SCOPES) as http:
        check_shape(http.post(KEYS, json={"name": "a", "audience": "internal", "scopes": ["chat"]}), 403, "insufficient_scope")
        assert {one["audience"] for one in http.get(KEYS, params={"limit": 1000}).json()["data"]} == {"public"}
    with client(shared, "public", KEY_SCOPES, soon) as http:
        later = (soon + timedelta(seconds=1)).isoformat()
        check_shape(http.post(KEYS, json={"name": "a", "scopes": ["chat"], "expires_at": later}), 403, "insufficient_scope")
        assert http.post(KEYS, json={"name": "a", "scopes": ["chat"]}).json()["expires_at"] == soon.isoformat()
        sooner = (soon - timedelta(minutes=1)).isoformat()
        assert http.post(KEYS, json={"name": "a", "scopes": ["chat"], "expires_at": sooner}).json()["expires_at"] == sooner


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"name": ""}, "invalid_value", "name"),
        ({"name": "x" * 201}, "invalid_value", "name"),
        ({"name": "a\u202eb"}, "invalid_value", "name"),
        ({"scopes": []}, "invalid_value", "scopes"),
        ({"scopes": ["root"]}, "invalid_value", "scopes[0]"),
        ({"audience": "everyone"}, "invalid_value", "audience"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "invalid_value", "expires_at"),
        ({"expires_at": "2030-01-01T00:00:00"}, "invalid_value", "expires_at"),
        ({"hash": "0" * 64}, "unknown_field", "hash"),
        ({"id": "0" * 12}, "unknown_field", "id"),
    ],
)
def test_wrong_fields(shared: Running, change: dict[str, Any], code: str, param: str) -> None:
    with client(shared, "internal", KEY_SCOPES) as http:
        good = {"name": "a", "scopes": ["chat"]}
        check_shape(http.post(KEYS, json=good | change), 400, code, param)
