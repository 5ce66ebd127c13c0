"""The services for one command. Loading them takes a second or more, so `--help` must not import them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

from server.settings import Settings

if TYPE_CHECKING:
    from server.services import Services


@contextmanager
def answering_services(settings: Settings) -> Iterator["Services"]:
    """The services over a data folder that has a version. Raises NoVersionError before anything is loaded or made."""
    from kb.store import VersionStore
    from server.services import open_services

    store = VersionStore(settings.data)
    if store.current_id() is None:
        store.open_current()  # raises, with the command to run
    with open_services(settings) as services:
        if services.live.problem is not None:
            Console(stderr=True, highlight=False, soft_wrap=True).print(services.live.problem, style="yellow", markup=False)
        yield services
