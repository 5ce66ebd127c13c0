"""Publications while clients ask: no request fails, no answer mixes versions, and the old files are closed."""

import logging
import os
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from kb.store import VersionStore
from tests.processes import eventually
from tests.server import shop
from tests.server.conftest import Running, Start

LOG = logging.getLogger(__name__)

CLIENTS = 8
PUBLICATIONS = 20
QUESTIONS = ("Which edition of this page is it?", "How long can I return a lamp?", "Does the lamp dim?", "退货政策")


class Clients:
    """Asks from several threads until it is stopped. ``cited`` collects the ids of the passages shown, by the version named beside them."""

    def __init__(self, running: Running) -> None:
        self.cited: dict[str, set[str]] = defaultdict(set)
        self.failures: list[str] = []
        self.asked = 0
        self._running = running
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask, args=(number,), daemon=True) for number in range(CLIENTS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive(), "a client hangs"

    def _ask(self, number: int) -> None:
        with self._running.http(internal=number % 2 == 1) as http:
            while not self._stopped.is_set():
                question = QUESTIONS[self.asked % len(QUESTIONS)]
                if number < CLIENTS // 2:
                    reply = http.post("/v1/search", json={"query": question, "k": 4})
                    self._note(reply.status_code, reply.json(), "hits")
                else:
                    messages = [{"role": "user", "content": question}]
                    reply = http.post("/v1/chat/completions", json={"model": "citedesk", "messages": messages})
                    self._note(reply.status_code, reply.json(), "sources")

    def _note(self, status: int, body: dict[str, Any], shown: str) -> None:
        with self._lock:
            self.asked += 1
            if status != 200:
                self.failures.append(f"{status}: {body}")
                return
            version = body.get("kb_version") or body["citedesk"]["kb_version"]
            self.cited[version].update(item["passage_id"] for item in body[shown])


def open_files(folder: Path) -> list[str]:
    """The files below ``folder`` that this process has open or mapped."""
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            links.append(os.readlink(descriptor))
        except FileNotFoundError:
            continue  # it was the one that lists this folder
    mapped = [line.split(maxsplit=5)[5] for line in Path("/proc/self/maps").read_text().splitlines() if len(line.split(maxsplit=5)) == 6]
    return sorted({path for path in (*links, *mapped) if path.startswith(str(folder))})


@pytest.mark.slow
def test_20_publications_under_8_clients(data: Path, start: Start) -> None:
    running = start(data)
    clients, store = Clients(running), VersionStore(data)
    clients.start()
    for number in range(1, PUBLICATIONS + 1):
        published = shop.publish(data, number)
        assert eventually(lambda: running.services.live.id == published), "a server takes over a new version within a second or so"  # noqa: B023
        asked = clients.asked
        assert eventually(lambda: clients.asked > asked + CLIENTS, 30)  # noqa: B023
    clients.stop()
    assert clients.failures == []
    assert len(clients.cited) >= PUBLICATIONS
    for version_id, shown in clients.cited.items():
        version = store.open(version_id)
        assert all(version.passage(passage) is not None for passage in shown), f"{version_id} shows foreign passages"
        version.close()
    current = store.layout.versions / str(store.current_id())
    assert eventually(lambda: {Path(path).is_relative_to(current) for path in open_files(store.layout.versions)} == {True}, 60)
    assert open_files(current), "the list of open files must show the current version's"
    LOG.info("%d requests over %d versions", clients.asked, len(clients.cited))
