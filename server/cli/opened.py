"""The services for one command. Loading them takes a second or more, so `--help` must not import them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

from server.cli.output import Output
from server.cli.prepare import load_encoder_with_notice, load_reader_with_notice
from server.settings import Settings

if TYPE_CHECKING:
    from server.services import Services


@contextmanager
def answering_services(settings: Settings) -> Iterator["Services"]:
    """The services over a data folder that has a version; what takes long is announced.

    Raises NoVersionError before anything is loaded or made.
    """
    from kb.store import VersionStore
    from server.services import open_services

    store = VersionStore(settings.data)
    if store.current_id() is None:
        store.open_current()  # raises, with the command to run
    output = Output(as_json=True)  # its progress goes to standard error
    encoder, reader = load_encoder_with_notice(settings, output), load_reader_with_notice(settings, output)
    with open_services(settings, encoder, reader) as services:
        if services.live.problem is not None:
            Console(stderr=True, highlight=False, soft_wrap=True).print(services.live.problem, style="yellow", markup=False)
        yield services
