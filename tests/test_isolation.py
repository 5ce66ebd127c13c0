"""The guard of tests/conftest.py, tried from the inside."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from huggingface_hub import snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError

from server.settings import load_settings

ELSEWHERE = "192.0.2.1"
"""An address reserved for documentation (RFC 5737): were the guard broken, no host would answer."""


def refused(reach: object) -> None:
    assert callable(reach)
    with pytest.raises(BaseException, match="A test reached for") as caught:
        reach()
    assert not isinstance(caught.value, Exception), "a broad except could hide it"


def test_a_connection_beyond_loopback_is_refused() -> None:
    with socket.socket() as plain:
        refused(lambda: plain.connect((ELSEWHERE, 80)))
        refused(lambda: plain.connect_ex((ELSEWHERE, 80)))
    refused(lambda: socket.create_connection((ELSEWHERE, 80), timeout=1))


def test_a_datagram_beyond_loopback_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as plain:
        refused(lambda: plain.sendto(b"x", (ELSEWHERE, 9)))
        refused(lambda: plain.sendto(b"x", 0, (ELSEWHERE, 9)))


def test_a_name_beyond_this_machine_is_not_looked_up() -> None:
    refused(lambda: socket.getaddrinfo("shop.example", 443))


def test_an_http_client_is_stopped_before_it_sends() -> None:
    with httpx.Client(trust_env=False) as client:
        refused(lambda: client.get("http://shop.example/"))


def test_loopback_works(free_port: int) -> None:
    with socket.create_server(("127.0.0.1", free_port)) as server:
        thread = threading.Thread(target=lambda: server.accept()[0].close())
        thread.start()
        with socket.create_connection(("localhost", free_port), timeout=5) as connection:
            assert connection.recv(1) == b""
        thread.join()


def test_a_child_process_finds_no_way_out_through_its_proxy() -> None:
    reach = "import urllib.request; urllib.request.urlopen('http://shop.example/', timeout=5)"
    done = subprocess.run([sys.executable, "-c", reach], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Connection refused" in done.stderr


def test_no_model_is_downloaded() -> None:
    with pytest.raises(LocalEntryNotFoundError):
        snapshot_download("sentence-transformers/all-MiniLM-L6-v2")


def test_home_and_cache_are_temporary(tmp_path: Path) -> None:
    assert Path.home().name.startswith("citedesk-tests-")
    assert load_settings().cache.is_relative_to(Path.home())


@pytest.mark.parametrize("_round", [1, 2])
def test_a_setting_does_not_leak_into_the_next_test(_round: int) -> None:
    assert not [name for name in os.environ if name.startswith("CITEDESK_")]
    os.environ["CITEDESK_TOP_K"] = "3"


def test_a_missing_part_fails_in_continuous_integration(monkeypatch: pytest.MonkeyPatch, pytester: pytest.Pytester) -> None:
    conftest = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
    pytester.makeconftest(conftest)
    pytester.makepyfile("def test_browser(chromium): raise AssertionError('never reached')")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    pytester.runpytest_subprocess().assert_outcomes(skipped=1)
    monkeypatch.setenv("CI", "true")
    pytester.runpytest_subprocess().assert_outcomes(errors=1)
