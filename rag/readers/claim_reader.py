"""The bundled claim reader: the reader's network, fitted on claims, with how its scores are weighed."""

from rag.readers.onnx_reader import OnnxReader
from rag.verify.wording import WordingModel

FITTED = WordingModel((0.81, -0.94, -0.92, -0.67, -1.15, -0.47, -0.73, -1.17, 0.79), 4.6, 0.282)
"""By `citedesk eval fit-wording`, on the tuning half of ``eval/verification`` (docs/decisions/0014-verifier.md)."""


class OnnxClaimReader(OnnxReader):
    """Scores sentences by how well they bear a claim out."""

    wording = FITTED
