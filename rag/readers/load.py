"""From a setting to a reader."""

from pathlib import Path

from kb.encoders.prepared import Announce
from rag.reader import Reader
from rag.readers.claim_reader import OnnxClaimReader
from rag.readers.onnx_reader import OnnxReader
from rag.readers.prepared_reader import CLAIM_ADAPTER, prepare_reader
from rag.readers.word_reader import WordClaimReader, WordReader
from rag.verify.verifier import ClaimReader

WORDS = "words"


def load_reader(name: str, cache: Path, announce: Announce = lambda _: None) -> Reader:
    """The reader that a setting names: ``bundled``, made ready in ``cache`` first when it is not there, or ``words``.

    Raises:
        EncoderError: the bundled one is not there and cannot be fetched.
    """
    return WordReader() if name == WORDS else OnnxReader(prepare_reader(cache, announce))


def load_claim_reader(name: str, cache: Path, announce: Announce = lambda _: None, entailment: str | None = None) -> ClaimReader:
    """The verifier's reader: the model of ``entailment``, by name or folder, else the one that goes with the reader that a setting names.

    Raises:
        EncoderError: the bundled one, or that model, is not there and cannot be fetched.
    """
    if entailment is not None:
        from rag.readers.entailment_reader import EntailmentReader  # imports torch, which nothing else here needs

        return EntailmentReader(entailment)
    return WordClaimReader() if name == WORDS else OnnxClaimReader(prepare_reader(cache, announce, CLAIM_ADAPTER))
