"""docs/routes.md is what the application does: every route × scope × audience × kind of key."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Route

from kb.document import document_id
from kb.encoders.hashing import HashingEncoder
from kb.scope import AUDIENCES, Audience
from rag.readers.word_reader import WordClaimReader, WordReader
from server.app import create_app
from server.services import Services, open_services
from server.settings import Settings
from server.state.keys import KEY_SCOPES, KeyScope
from tests.server import shop
from tests.source import ROOT

pytestmark = pytest.mark.slow  # every route, scope and audience of a real server: they run in the integration stage

TABLE = ROOT / "docs" / "routes.md"
OPEN, ANY_KEY, LINK = "none", "any key", "signed link"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
Routes = dict[tuple[str, str], str]


def table() -> Routes:
    """Method and path of each row, and the scope it names."""
    rows = re.findall(r"^\| `([A-Z]+) (\S+)` \| ([a-z ]+) \|", TABLE.read_text(encoding="utf-8"), re.M)
    return {(method, path): scope for method, path, scope in rows}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    data = tmp_path_factory.mktemp("routes")
    shop.publish(data)
    with open_services(Settings(data=data), HashingEncoder(), WordReader(), WordClaimReader()) as opened:
        yield opened


@pytest.fixture
async def http(services: Services) -> Any:
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client


def leaves(routes: Sequence[BaseRoute], prefix: str = "") -> Iterator[tuple[BaseRoute, str]]:
    """The routes themselves, those of included routers too, with their whole path."""
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is None:
            yield route, prefix + getattr(route, "path", "")
        else:
            yield from leaves(router.routes, prefix + getattr(route, "include_context").prefix)  # noqa: B009 - a private class of FastAPI's


def routes_of(services: Services) -> set[tuple[str, str]]:
    """Method and path of every route of the application."""
    found = [(route, path) for route, path in leaves(create_app(services).routes) if isinstance(route, Route)]
    return {(method, path) for route, path in found for method in route.methods or ("*",)}


def key(services: Services, audience: Audience, scopes: tuple[KeyScope, ...]) -> str:
    return services.keys.create_key("a", audience, scopes).secret


async def ask(http: httpx.AsyncClient, route: tuple[str, str], secret: str | None) -> httpx.Response:
    """The route with ids that nobody has and a body that is no request."""
    method, path = route
    address = re.sub(r"{(\w+)(:path)?}", "0" * 32, path)
    headers = {} if secret is None else {"authorization": f"Bearer {secret}"}
    return await http.request(method, address, headers=headers, json={} if method == "POST" else None)


def test_every_route_stands_in_the_table_and_the_table_invents_none(services: Services) -> None:
    there, told = routes_of(services), set(table())
    assert there - told == set(), "give these a row in docs/routes.md"
    assert told - there == set(), "docs/routes.md has rows for routes that are not there"
    assert {scope for needed in table().values() for scope in needed.split(" or ")} <= {OPEN, ANY_KEY, LINK, *KEY_SCOPES}


def test_nothing_is_mounted_beside_the_routes(services: Services) -> None:
    """A sub-application or a bare Starlette route would have no row and no key."""
    assert [path for route, path in leaves(create_app(services).routes) if not isinstance(route, APIRoute)] == []


async def test_every_scope_and_audience(services: Services, http: httpx.AsyncClient) -> None:
    wrong = []
    for audience in AUDIENCES:
        for scope in KEY_SCOPES:
            secret = key(services, audience, (scope,))
            for route, needed in table().items():
                answer = await ask(http, route, secret)
                if not fits(answer, needed, scope):
                    wrong.append((route, needed, scope, audience, answer.status_code))
    assert wrong == []


def fits(answer: httpx.Response, needed: str, scope: str) -> bool:
    """Whether a key with ``scope`` alone was let in or kept out as the table says; what comes after is the route's affair."""
    if needed == LINK:
        return answer.status_code == 403 and (not answer.content or code(answer) == "invalid_link")
    if needed in (OPEN, ANY_KEY) or scope in needed.split(" or "):
        return answer.status_code not in (401, 403) and answer.status_code < 500
    return answer.status_code == 403 and code(answer) == "insufficient_scope"


def code(answer: httpx.Response) -> str:
    said: str = answer.json()["error"]["code"]
    return said


async def test_no_key_a_wrong_an_expired_and_a_revoked_one(services: Services, http: httpx.AsyncClient) -> None:
    good = key(services, "internal", KEY_SCOPES)
    revoked = services.keys.create_key("gone", "internal", KEY_SCOPES)
    services.keys.revoke_key(revoked.key.id)
    expired = services.keys.create_key("past", "internal", KEY_SCOPES, datetime.now(UTC) - timedelta(seconds=1)).secret
    bad = [None, "", "nonsense", good[:-1], good[:-8] + "A" * 8, good.upper(), expired, revoked.secret]
    wrong = []
    for route, needed in table().items():
        said = {(await ask(http, route, secret)).status_code for secret in bad}
        expected = {OPEN: {200}, LINK: {403}}.get(needed, {401})
        if said != expected:
            wrong.append((route, needed, said))
    assert wrong == []


async def test_all_bad_keys_get_the_same_words(services: Services, http: httpx.AsyncClient) -> None:
    expired = services.keys.create_key("past", "internal", KEY_SCOPES, datetime.now(UTC) - timedelta(seconds=1)).secret
    cut = key(services, "public", ("chat",))[:-1]
    answers = [await ask(http, ("GET", "/v1/models"), secret) for secret in (None, "nonsense", expired, cut)]
    assert len({answer.content for answer in answers}) == 1


async def test_other_methods_are_no_way_in(services: Services, http: httpx.AsyncClient) -> None:
    everything = key(services, "internal", KEY_SCOPES)
    for path in sorted({path for _, path in table()}):
        for method in METHODS:
            if (method, path) not in table():
                assert (await ask(http, (method, path), everything)).status_code == 405, (method, path)


async def test_whoever_names_an_audience_or_a_role_gets_nothing_for_it(services: Services, http: httpx.AsyncClient) -> None:
    """Mass assignment: no field of a body and no query parameter widens what a key may see."""
    public = {"authorization": f"Bearer {key(services, 'public', KEY_SCOPES)}"}
    more: dict[str, Any] = {"audience": "internal", "role": "admin", "is_admin": True, "tenant": "x", "scopes": ["admin"]}
    more["scope"] = "internal"
    bodies: dict[str, dict[str, Any]] = {
        "/v1/search": {"query": shop.SECRET, "k": 50},
        "/v1/verify": {"text": shop.SECRET},
        "/v1/chat/completions": {"model": "citedesk", "messages": [{"role": "user", "content": shop.FAQ_SECRET[:40]}]},
    }
    for path, body in bodies.items():
        plain = await http.post(path, json=body, headers=public)
        asked = await http.post(path, json=more | body, params=more, headers=public | {"x-audience": "internal"})
        assert plain.status_code == asked.status_code == 200
        assert "internal/agents.md" not in asked.text and "4471" not in asked.text
        named = await http.post(path, json=body | {"citedesk": {"audience": "internal"}}, headers=public)
        assert (named.status_code, code(named)) == (400, "unknown_field")
    listed = await http.get("/v1/documents", params=more, headers=public)
    assert {one["document"] for one in listed.json()["data"]}.isdisjoint({"internal/agents.md", "<b>odd</b> & name.md"})


def hidden(services: Services) -> dict[str, str]:
    """For every parameter of a path: the id of something that only internal keys may know."""
    document = document_id(shop.SOURCE, "internal/agents.md")
    with services.live.lease() as version:
        passage = version.passages_of(document)[0].id
    admin = services.keys.create_key("internal", "internal", ("admin",)).key.id
    return {"document_id": document, "passage_id": passage, "key_id": admin}


SAME_FOR_ALL = {"model", "run_id", "version", "identifier"}
"""Parameters that name nothing of one audience: models, runs (whose texts are left out, tests/server/test_ingest_route.py), versions,
topics that are frozen for all.
"""


async def test_what_a_public_key_may_not_see_is_what_never_was(services: Services, http: httpx.AsyncClient) -> None:
    secrets = hidden(services)
    public = {"authorization": f"Bearer {key(services, 'public', KEY_SCOPES)}"}
    inside = {"authorization": f"Bearer {key(services, 'internal', KEY_SCOPES)}"}
    tried = set()
    for (method, path), needed in table().items():
        names = set(re.findall(r"{(\w+)(?::path)?}", path))
        assert names <= {*secrets, *SAME_FOR_ALL}, f"say in this test what {path} names"
        if needed == LINK or not names & {*secrets}:
            continue
        (name,) = names
        nobody = "0" * len(secrets[name])
        there, never = [await http.request(method, path.replace(f"{{{name}}}", one), headers=public) for one in (secrets[name], nobody)]
        assert there.status_code == never.status_code == 404 and there.content == never.content, path
        assert without_id(there) == without_id(never)
        if method == "GET":
            assert (await http.get(path.replace(f"{{{name}}}", secrets[name]), headers=inside)).status_code == 200
        tried.add(name)
    assert tried == {*secrets}
    assert services.keys.get_key(secrets["key_id"]).revoked_at is None  # type: ignore[union-attr]


def without_id(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


async def test_links_of_the_public_show_nothing_internal_however_they_are_changed(services: Services, http: httpx.AsyncClient) -> None:
    document = document_id(shop.SOURCE, "internal/agents.md")
    odd = document_id(shop.SOURCE, "mixed.md")
    with services.live.lease() as version:
        url = services.signer.url(version.id, odd, "public", None)
    path = url.removeprefix(services.settings.public_base_url)
    shown = await http.get(path)
    assert shown.status_code == 200 and "Gift wrap" in shown.text and shop.SECRET not in shown.text
    another = path.replace(odd, document)
    for changed in (another, path.replace("a=public", "a=internal"), path + "&a=internal", re.sub(r"s=\w{4}", "s=AAAA", path)):
        assert changed != path
        answer = await http.get(changed)
        assert answer.status_code == 403 and shop.SECRET not in answer.text


@pytest.mark.parametrize("path", ["/v1/documents", "/v1/feedback", "/v1/ingest", "/v1/keys"])
async def test_an_offset_beyond_any_list_is_refused(services: Services, http: httpx.AsyncClient, path: str) -> None:
    headers = {"authorization": f"Bearer {key(services, 'internal', KEY_SCOPES)}"}
    answer = await http.get(path, params={"offset": 744099045038248427520}, headers=headers)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "offset")
    assert (await http.get(path, params={"offset": 2**31 - 1}, headers=headers)).status_code == 200
