"""Everything a face needs, built once and handed down."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.requests import Request

from kb.encoder import Encoder
from kb.encoders.batching import BatchingEncoder
from kb.encoders.load import load_encoder
from kb.encoders.remembering import RememberingEncoder
from kb.live import LiveVersion
from kb.search import HybridSearch, Reranker
from kb.store import VersionStore
from kb.text.question_language import prepare as prepare_languages
from rag.appraisal import Appraiser
from rag.delivery import Deliverer
from rag.evidence import EvidenceScorer
from rag.generate.extractive import ExtractiveGenerator
from rag.output_check import OutputCheck
from rag.person_need import PersonNeedFinder
from rag.pipeline import Answerer
from rag.privacy.finder import PersonalDataFinder, finder_of
from rag.reader import Reader
from rag.readers.deferred_claim_reader import DeferredClaimReader
from rag.readers.load import load_claim_reader, load_reader
from rag.rewriter import Rewriter, RuleRewriter
from rag.similarity import Similarity
from rag.topic_likeness import TopicLikeness
from rag.verify.draft_check import DraftCheck
from rag.verify.translation import TranslationCheck
from rag.verify.verifier import ClaimReader, Verifier
from server.freeze_guard import FreezeGuard
from server.key_lookup import KeyLookup
from server.limits.queues import Queues
from server.limits.rates import RateLimits
from server.limits.store import open_store
from server.links import LinkSigner
from server.model_names import ModelNames
from server.settings import Settings
from server.state.audit import AuditLog
from server.state.database import StateDatabase
from server.state.feedback import FeedbackStore
from server.state.freezes import FreezeStore
from server.state.keys import KeyStore
from server.state.questions import QuestionStore
from server.state.runs import RunStore
from server.state.secret import LINK_SIGNING, PROMPT_FENCE, get_secret
from server.state.user_hash import UserHasher

if TYPE_CHECKING:
    from rag.llm.factory import OpenedChat
    from rag.llm.plain_model import PlainModel


@dataclass(frozen=True, slots=True)
class Services:
    """One of each. ``live`` is the version being served; ``store`` knows the others. ``plain`` writes without the knowledge base."""

    settings: Settings
    store: VersionStore
    live: LiveVersion
    encoder: Encoder
    search: HybridSearch
    verifier: Verifier
    check: DraftCheck
    answerer: Answerer
    keys: KeyStore
    callers: KeyLookup
    signer: LinkSigner
    questions: QuestionStore
    runs: RunStore
    feedback: FeedbackStore
    database: StateDatabase
    audit: AuditLog
    users: UserHasher
    queues: Queues
    rates: RateLimits
    freezes: FreezeStore
    chat: "OpenedChat | None" = None
    plain: "PlainModel | None" = None

    @property
    def names(self) -> ModelNames:
        """What the models are called."""
        return ModelNames(self.settings, self.encoder.id, self.plain is not None)

    async def aclose(self) -> None:
        """Finish and close what belongs to an event loop, in that loop: looks at keys, connections to the language model."""
        await self.callers.aclose()
        if self.chat is not None:
            await self.chat.aclose()


@contextmanager
def open_services(
    settings: Settings, encoder: Encoder | None = None, reader: Reader | None = None, claim_reader: ClaimReader | None = None
) -> Iterator[Services]:
    """The services over ``settings.data``, closed at the end.

    ``encoder``, ``reader`` and ``claim_reader`` stand in for those that the settings name. Works before anything has been published.
    Raises EncoderError, ConfigurationError or StorageDeniedError.
    """
    with ExitStack() as stack:
        database = StateDatabase.of(settings)
        stack.callback(database.close)
        keys = KeyStore(database)
        questions = QuestionStore(database, settings.remember_questions, settings.phone_regions)
        questions.forget_surplus()
        users = UserHasher.of(database)
        chosen = load_encoder(settings.encoder, settings.cache, settings.encoder_precision) if encoder is None else encoder
        store = VersionStore(settings.data)
        live = LiveVersion(store)
        stack.callback(live.close)
        chat = open_chat(settings, lambda: get_secret(database, PROMPT_FENCE))
        answering = open_answering(settings, chosen, reader, claim_reader, chat)
        freezes = FreezeStore(database)
        guard = FreezeGuard(freezes, lambda: TopicLikeness(answering.search.encoder, settings.cache), settings.refresh_seconds)
        yield Services(
            settings=settings,
            store=store,
            live=live,
            encoder=chosen,
            search=answering.search,
            verifier=answering.verifier,
            check=answering.check,
            answerer=answering.answerer.with_freezes(guard),
            keys=keys,
            callers=KeyLookup(keys),
            signer=LinkSigner(get_secret(database, LINK_SIGNING), settings.public_base_url, settings.link_ttl_days),
            questions=questions,
            runs=RunStore(database),
            feedback=FeedbackStore(database, settings.phone_regions),
            database=database,
            audit=AuditLog(database, settings.phone_regions),
            users=users,
            queues=Queues.of(settings),
            rates=RateLimits.of(settings, open_store(settings, database), users),
            freezes=freezes,
            chat=chat,
            plain=_plain(settings, chat),
        )


@dataclass(frozen=True, slots=True)
class Answering:
    """What answers questions from any version that the encoder embedded."""

    search: HybridSearch
    verifier: Verifier
    check: DraftCheck
    answerer: Answerer


def open_answering(
    settings: Settings,
    encoder: Encoder,
    reader: Reader | None = None,
    claim_reader: ClaimReader | None = None,
    chat: "OpenedChat | None" = None,
) -> Answering:
    """What answers with ``encoder``; without ``chat`` no language model is asked, whatever the settings name. Raises EncoderError."""
    prepare_languages()
    reads = load_reader(settings.reader, settings.cache) if reader is None else reader
    encoder = RememberingEncoder(encoder if settings.query_batch == 1 else BatchingEncoder(encoder, settings.query_batch))
    search = open_search(settings, encoder)
    verifier = open_verifier(settings, encoder, claim_reader)
    scorer = EvidenceScorer(Similarity(encoder), reads)
    appraiser = Appraiser(search, scorer, _rewriter(settings, chat), lambda: PersonNeedFinder(encoder, settings.cache))
    check = DraftCheck(verifier)
    return Answering(search, verifier, check, Answerer(appraiser, _deliverer(settings, check, chat), settings.max_question_chars))


def open_verifier(settings: Settings, encoder: Encoder, claim_reader: ClaimReader | None = None) -> Verifier:
    """The verifier, with the reader that the settings name, read when it is first needed, unless ``claim_reader`` stands in for it."""
    deferred = DeferredClaimReader(lambda: load_claim_reader(settings.reader, settings.cache, entailment=settings.entailment))
    return Verifier(deferred if claim_reader is None else claim_reader, lambda: TranslationCheck(encoder, settings.cache))


def open_search(settings: Settings, encoder: Encoder) -> HybridSearch:
    """The search with ``encoder`` and the reranker that the settings name. Raises EncoderError."""
    return HybridSearch(encoder, _reranker(settings))


def _reranker(settings: Settings) -> Reranker | None:
    if settings.reranker is None:
        return None
    from kb.encoders.cross_encoder import CrossEncoderReranker  # imports torch, which nothing else here needs

    return CrossEncoderReranker(settings.reranker)


def open_chat(settings: Settings, make_secret: Callable[[], bytes]) -> "OpenedChat | None":
    """The generator over the language model that the settings name, if they do. ``make_secret`` is what keys its fences and salts."""
    if settings.llm_url is None or settings.llm_model is None:
        return None
    from rag.llm.factory import open_chat_generator  # imports LangChain's client, a second that nothing else here needs
    from rag.llm.timeouts import Timeouts

    key = settings.llm_key.get_secret_value() if settings.llm_key is not None else None
    times = Timeouts(first_token=settings.llm_first_token_seconds)
    style = settings.llm_style or "free"
    longest, finder = settings.llm_max_tokens, llm_finder(settings)
    return open_chat_generator(
        settings.llm_url, settings.llm_model, key, make_secret(), times, max_tokens=longest, style=style, finder=finder
    )


def llm_finder(settings: Settings) -> PersonalDataFinder | None:
    """What finds the personal data that the language model may not see; None where it may see all."""
    return finder_of(settings.phone_regions) if settings.mask_llm else None


def _plain(settings: Settings, chat: "OpenedChat | None") -> "PlainModel | None":
    if chat is None or settings.llm_model is None or settings.plain_model == "off":
        return None
    from rag.llm.plain_model import PlainModel  # imports LangChain's client
    from rag.llm.plain_prompt import PlainPromptWriter

    writer = PlainPromptWriter(chat.canary, llm_finder(settings))
    return PlainModel(settings.llm_model, chat.model, writer, chat.budget, OutputCheck(settings.link_domains, chat.canary))


def _deliverer(settings: Settings, check: DraftCheck, chat: "OpenedChat | None") -> Deliverer:
    if chat is None:
        return Deliverer(ExtractiveGenerator(), check, output=OutputCheck(settings.link_domains))
    fallback = ExtractiveGenerator() if settings.llm_fallback else None
    return Deliverer(chat.generator, check, fallback, OutputCheck(settings.link_domains, chat.canary, chat.rules))


def _rewriter(settings: Settings, chat: "OpenedChat | None") -> Rewriter:
    """The rules alone where there is no model, or only one that may not write: it would cost seconds and rewrite badly."""
    if chat is None or settings.llm_style == "quoted":
        return RuleRewriter()
    from rag.llm.rewrite_prompt import RewritePromptWriter
    from rag.llm.rewriter import LlmRewriter  # imports LangChain's client

    return LlmRewriter(chat.model, RewritePromptWriter(llm_finder(settings)))


def services_of(request: Request) -> Services:
    """The services of the application that handles ``request``."""
    return cast(Services, request.app.state.services)
