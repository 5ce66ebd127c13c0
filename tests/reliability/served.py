"""A Citedesk server in a process of its own, as `citedesk serve` runs it, with stand-ins for the encoder and the readers.

    python -m tests.reliability.served DATA '{"llm_url": …}'

The first line that it prints is ``{"url": …, "keys": […]}``; after SIGUSR1 it prints what it holds.
What is measured around it is the server, not a network's arithmetic.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

from kb.encoders.hashing import HashingEncoder
from rag.readers.word_reader import WordClaimReader, WordReader
from server.app import create_app
from server.cli.serve import listening_socket
from server.http_server import run_http_server
from server.logs import configure_logging
from server.services import Services, open_services
from server.settings import Settings
from server.state.default_keys import PUBLIC_SCOPES


def tell(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def holdings(services: Services) -> dict[str, int]:
    """What requests may leave behind. Runs in the main thread, in which the server's loop runs."""
    queue = services.queues.answers
    return {"tasks": len(asyncio.all_tasks()), "running": queue.running, "waiting": queue.waiting}


def main(data: Path, given: str, keys: int = 2) -> None:
    with listening_socket("127.0.0.1", 0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = Settings(data=data, public_base_url=url, **json.loads(given))
        configure_logging(phone_regions=settings.phone_regions)
        with open_services(settings, HashingEncoder(), WordReader(), WordClaimReader()) as services:
            made = [services.keys.create_key(f"number {number}", "public", PUBLIC_SCOPES).secret for number in range(keys)]
            signal.signal(signal.SIGUSR1, lambda *_: tell(holdings(services)))
            tell({"url": url, "keys": made})
            run_http_server(create_app(services), listener, settings.drain_seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
