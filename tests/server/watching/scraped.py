"""What Prometheus would read, as its own parser understands it."""

import time
from collections.abc import Callable, Mapping

from prometheus_client.parser import text_string_to_metric_families

from tests.server.conftest import Running

MESSAGES = [{"role": "user", "content": "How long can I return a lamp?"}]
BY_MODEL = "You can return any lamp within 30 days of delivery. [1]"
PATIENCE = 30.0


class Scraped:
    """One scrape. ``text`` is the page itself."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.families = {family.name: family for family in text_string_to_metric_families(text)}
        self.samples: dict[tuple[str, frozenset[tuple[str, str]]], float] = {
            (sample.name, frozenset(sample.labels.items())): sample.value for family in self.families.values() for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float:
        """The one sample of this name that has (at least) these labels."""
        (found,) = self._found(name, labels).values()
        return found

    def total(self, name: str, **labels: str) -> float:
        """The sum of all samples of this name that have these labels."""
        return sum(self._found(name, labels).values())

    def labels(self, name: str) -> set[str]:
        """The names of the labels of this sample."""
        return {label for found, labels in self.samples if found == name for label, _ in labels}

    def _found(self, name: str, labels: Mapping[str, str]) -> dict[frozenset[tuple[str, str]], float]:
        return {have: value for (found, have), value in self.samples.items() if found == name and labels.items() <= have}


def scrape(running: Running) -> Scraped:
    key = running.services.keys.create_key("prometheus", "internal", ["metrics"]).secret
    with running.http() as http:
        response = http.get("/metrics", headers={"Authorization": f"Bearer {key}"})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/plain; version=")
    return Scraped(response.text)


def scrape_until(running: Running, reached: Callable[[Scraped], bool]) -> Scraped:
    """The first scrape of which ``reached`` is true: what a client has seen the end of may be counted a moment later."""
    end = time.monotonic() + PATIENCE
    while not reached(found := scrape(running)):
        assert time.monotonic() < end, found.text
        time.sleep(0.02)
    return found


def ask(running: Running, question: str = MESSAGES[0]["content"], stream: bool = False, internal: bool = False, status: int = 200) -> str:
    body = {"model": "citedesk", "messages": [{"role": "user", "content": question}], "stream": stream}
    with running.http(internal) as http:
        response = http.post("/v1/chat/completions", json=body)
    assert response.status_code == status, response.text
    return response.text
