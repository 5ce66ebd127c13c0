"""What the setting ``llm_style`` makes of a language model."""

from pathlib import Path

import pytest

from kb.encoders.hashing import HashingEncoder
from rag.generate.chat import ChatGenerator
from rag.generate.quoting import QuotingGenerator
from rag.llm.rewriter import LlmRewriter
from rag.readers.word_reader import WordClaimReader, WordReader
from rag.rewriter import RuleRewriter
from server.cli.llm import _style_of
from server.services import open_services
from server.settings import load_settings


@pytest.mark.parametrize(
    ("style", "generator", "rewriter"),
    [
        (None, ChatGenerator, LlmRewriter),
        ("free", ChatGenerator, LlmRewriter),
        ("marked", ChatGenerator, LlmRewriter),
        ("quoted", QuotingGenerator, RuleRewriter),
    ],
)
def test_who_writes_and_who_rewrites(tmp_path: Path, style: str | None, generator: type, rewriter: type) -> None:
    settings = load_settings(data=tmp_path, llm_url="http://127.0.0.1:9/v1", llm_model="small", llm_style=style)
    with open_services(settings, HashingEncoder(), WordReader(), WordClaimReader()) as services:
        assert services.chat is not None
        assert isinstance(services.chat.generator, generator)
        assert isinstance(services.answerer.rewriter, rewriter)


def test_without_a_model_the_rules_rewrite(tmp_path: Path) -> None:
    with open_services(load_settings(data=tmp_path), HashingEncoder(), WordReader(), WordClaimReader()) as services:
        assert services.chat is None and isinstance(services.answerer.rewriter, RuleRewriter)


def test_the_bundled_model_quotes_unless_told_otherwise() -> None:
    assert (_style_of("smollm2"), _style_of("owner/model")) == ("quoted", "free")
