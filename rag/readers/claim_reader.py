"""The bundled claim reader: the reader's network, fitted on claims, with how its scores are weighed."""

from rag.readers.onnx_reader import OnnxReader
from rag.verify.wording import WordingModel

FITTED = WordingModel((0.46, -0.17, -0.32, -0.39, -0.66, -0.07, -2.26, -0.48), 1.9, 0.2)
"""By `citedesk eval fit-wording`, on the tuning half of ``eval/verification`` (docs/decisions/0014-verifier.md)."""


class OnnxClaimReader(OnnxReader):
    """Scores sentences by how well they bear a claim out."""

    wording = FITTED
