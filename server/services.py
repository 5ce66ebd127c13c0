"""Everything a face needs, built once and handed down."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from kb.encoder import Encoder
from kb.encoders.load import load_encoder
from kb.live import LiveVersion
from kb.search import HybridSearch, Reranker
from kb.store import VersionStore
from rag.evidence import EvidenceScorer
from rag.generate.extractive import ExtractiveGenerator
from rag.pipeline import Answerer
from rag.reader import Reader
from rag.readers.load import load_reader
from rag.similarity import Similarity
from server.links import LinkSigner
from server.settings import Settings
from server.state.database import StateDatabase
from server.state.keys import KeyStore
from server.state.secret import LINK_SIGNING, get_secret


@dataclass(frozen=True, slots=True)
class Services:
    """One of each. ``live`` is the version being served; ``store`` knows the others."""

    settings: Settings
    store: VersionStore
    live: LiveVersion
    encoder: Encoder
    search: HybridSearch
    answerer: Answerer
    keys: KeyStore
    signer: LinkSigner


@contextmanager
def open_services(settings: Settings, encoder: Encoder | None = None, reader: Reader | None = None) -> Iterator[Services]:
    """The services over ``settings.data``, closed at the end. ``encoder`` and ``reader`` stand in for those that the settings name.

    Works before anything has been published. Raises EncoderError, ConfigurationError or StorageDeniedError.
    """
    with ExitStack() as stack:
        database = StateDatabase.open(settings.data)
        stack.callback(database.close)
        chosen = load_encoder(settings.encoder, settings.cache, settings.encoder_precision) if encoder is None else encoder
        reads = load_reader(settings.reader, settings.cache) if reader is None else reader
        store = VersionStore(settings.data)
        live = LiveVersion(store)
        stack.callback(live.close)
        search = HybridSearch(chosen, _reranker(settings))
        yield Services(
            settings=settings,
            store=store,
            live=live,
            encoder=chosen,
            search=search,
            answerer=Answerer(search, EvidenceScorer(Similarity(chosen), reads), ExtractiveGenerator(), settings.max_question_chars),
            keys=KeyStore(database),
            signer=LinkSigner(get_secret(database, LINK_SIGNING), settings.public_base_url, settings.link_ttl_days),
        )


def _reranker(settings: Settings) -> Reranker | None:
    if settings.reranker is None:
        return None
    from kb.encoders.cross_encoder import CrossEncoderReranker  # imports torch, which nothing else here needs

    return CrossEncoderReranker(settings.reranker)


def services_of(request: Request) -> Services:
    """The services of the application that handles ``request``."""
    return cast(Services, request.app.state.services)
