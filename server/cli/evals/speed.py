"""Times one search through the real HTTP server, and the ingest, for ``citedesk eval speed``."""

import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from sentence_transformers import SentenceTransformer

from eval.speed import Ratio, compare, enlarge, ingest_ratio, plain_search, questions_of
from kb.encoder import Encoder
from kb.encoders.bundled import SHOP_ADAPTER, prepare_bundled
from kb.encoders.load import load_encoder
from kb.scope import SearchScope
from kb.store import VersionStore
from server.app import create_app
from server.cli.serve import listening_socket, with_public_url
from server.services import open_services
from server.settings import Settings

K = 10
START_SECONDS = 60.0


def measure(settings: Settings, shop: Path, sizes: Sequence[int], questions: int) -> list[Ratio]:
    """One ratio for the ingest of ``shop``, and one for a search at each of ``sizes`` (passages; 0 means the shop's own)."""
    encoder = load_encoder(settings.encoder, settings.cache, settings.encoder_precision)
    model = SentenceTransformer(str(prepare_bundled(settings.cache, adapter=SHOP_ADAPTER)), device="cpu")
    with tempfile.TemporaryDirectory(prefix="citedesk-speed-") as folder:
        own = Path(folder) / "shop"
        ratios = [ingest_ratio(shop, own, encoder, model)]
        for size in sizes:
            data = own if size == 0 else _enlarged(own, Path(folder) / f"{size}", size)
            ratios.append(_search_ratio(settings.model_copy(update={"data": data}), encoder, model, questions))
        return ratios


def _enlarged(own: Path, data: Path, size: int) -> Path:
    version = VersionStore(own).open_current()
    try:
        enlarge(version, data, size)
    finally:
        version.close()
    return data


def _search_ratio(settings: Settings, encoder: Encoder, model: SentenceTransformer, questions: int) -> Ratio:
    with _served(settings, encoder) as (url, key), httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}) as client:

        def ours(text: str) -> object:
            response = client.post("/v1/search", json={"query": text, "k": K})
            response.raise_for_status()
            return response.json()

        version = VersionStore(settings.data).open_current()
        try:
            texts = questions_of(version, questions, SearchScope(settings.today()))
            name = f"one search among {len(version.vectors)} passages"
            return compare(name, ours, plain_search(model, version, K), texts)
        finally:
            version.close()


@contextmanager
def _served(settings: Settings, encoder: Encoder) -> Iterator[tuple[str, str]]:
    """A real server on a free loopback port: its address and a key for searching."""
    with listening_socket("127.0.0.1", 0) as listener:
        settings = with_public_url(settings, listener.getsockname()[1])
        with open_services(settings, encoder) as services:
            key = services.keys.create_key("speed", "public", ["search"]).secret
            server = uvicorn.Server(uvicorn.Config(create_app(services), log_config=None, access_log=False, log_level="error"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="speed-server")
            thread.start()
            try:
                _wait(f"http://127.0.0.1:{listener.getsockname()[1]}")
                yield f"http://127.0.0.1:{listener.getsockname()[1]}", key
            finally:
                server.should_exit = True
                thread.join(START_SECONDS)


def _wait(url: str) -> None:
    transport = httpx.HTTPTransport(retries=20)
    with httpx.Client(transport=transport, timeout=START_SECONDS) as client:
        client.get(f"{url}/healthz").raise_for_status()
