"""The bundled claim reader: the reader's network, fitted on claims, with how its scores are weighed."""

from rag.readers.onnx_reader import OnnxReader
from rag.verify.wording import WordingModel

FITTED = WordingModel((0.86, -0.98, -1.05, -0.59, -1.14, -0.45, 0.46, -0.63, 1.3, 0.63, 1.2), 2.34, 0.172)
"""By `citedesk eval fit-wording`, on the tuning half of ``eval/verification`` (docs/decisions/0014-verifier.md)."""


class OnnxClaimReader(OnnxReader):
    """Scores sentences by how well they bear a claim out."""

    wording = FITTED
