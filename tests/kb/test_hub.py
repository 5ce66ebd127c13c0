"""A model name that nothing here knows, where the hub does not answer."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import huggingface_hub
import huggingface_hub.constants
import pytest

from kb.encoders.hub import hub_is_away

NOBODY = "http://127.0.0.1:9"
NAME = "nobody/no-such-encoder"


class _NoSuchModel(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(404)
        self.send_header("X-Error-Code", "RepoNotFound")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def hub() -> Iterator[str]:
    """A hub that answers, and has no model."""
    with HTTPServer(("127.0.0.1", 0), _NoSuchModel) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
    huggingface_hub.close_session()


def test_a_hub_that_does_not_answer_is_away(monkeypatch: pytest.MonkeyPatch, hub: str, tmp_path: Path) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)  # a proxy that refuses would stand before the hub of this test, too
    huggingface_hub.close_session()
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr("kb.encoders.hub.hf_hub_url", partial(huggingface_hub.hf_hub_url, endpoint=NOBODY))
    assert hub_is_away(NAME)
    assert not hub_is_away(str(tmp_path))  # a folder is here, whatever the hub does
    assert not hub_is_away("no name of a model")  # the library says what is wrong with it
    monkeypatch.setattr("kb.encoders.hub.hf_hub_url", partial(huggingface_hub.hf_hub_url, endpoint=hub))
    assert not hub_is_away(NAME)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    assert hub_is_away(NAME)


@pytest.mark.slow
def test_the_sentence_comes_without_retries() -> None:
    program = "from kb.encoders.load import load_encoder\nload_encoder('nobody/no-such-encoder', None)"
    variables = os.environ | {"HF_ENDPOINT": NOBODY, "HF_HUB_OFFLINE": "0"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=variables)
    assert f"EncoderError: The encoder '{NAME}' cannot be loaded" in done.stderr
    assert "Retry" not in done.stderr
