"""The bundled claim reader: the reader's network, fitted on claims, with how its scores are weighed."""

from rag.readers.onnx_reader import OnnxReader
from rag.verify.wording import WordingModel

FITTED = WordingModel((0.85, -0.54, -0.78, -0.83, -1.06, -0.71, 0.46, -0.56, 1.19, 0.49, 1.0), 2.22, 0.301)
"""By `citedesk eval fit-wording`, on the tuning half of ``eval/verification`` (docs/decisions/0014-verifier.md)."""


class OnnxClaimReader(OnnxReader):
    """Scores sentences by how well they bear a claim out."""

    wording = FITTED
