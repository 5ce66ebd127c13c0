"""A claim reader by name: any sentence-transformers cross-encoder that was trained on natural language inference."""

from collections.abc import Sequence

import numpy as np
from sentence_transformers import CrossEncoder
from torch.nn import Identity

from kb.encoder import FloatArray
from kb.encoders.hub import hub_is_away
from kb.encoders.load_errors import load_errors
from kb.errors import EncoderError
from rag.reader import Reading
from rag.verify.wording import LOGIT_ALONE

_ENTAILED = "entail"


class EntailmentReader:
    """Bears a claim out where a sentence of the passage, with its heading, entails it.

    The logit is log(p / (1 - p)) of the model's probability p of entailment, and alone decides: how wording is weighed was fitted for
    the bundled reader.
    """

    wording = LOGIT_ALONE

    def __init__(self, name_or_folder: str) -> None:
        """Load the model.

        Raises:
            EncoderError: there is no such model here and none can be downloaded, or none of its labels is entailment.
        """
        advice = "Unset CITEDESK_ENTAILMENT, or set it to a local cross-encoder folder."
        with load_errors("model of entailment", name_or_folder, advice):
            self._model = CrossEncoder(name_or_folder, local_files_only=hub_is_away(name_or_folder))
        labels: dict[int, str] = self._model.config.id2label
        entailed = [place for place, label in labels.items() if label.casefold().startswith(_ENTAILED)]
        if len(entailed) != 1 or len(labels) < 2:
            raise EncoderError(
                f"The model {name_or_folder!r} tells {', '.join(labels.values())}, not entailment. "
                "Set CITEDESK_ENTAILMENT to a cross-encoder that was trained on natural language inference."
            )
        self._entailed = entailed[0]

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        """For each reading the logits of its sentences (float32 [sentences]). All are read in one batch."""
        pairs = [(f"{reading.context}\n{sentence}".strip(), question) for reading in readings for sentence in reading.sentences]
        if not pairs:
            return [np.empty(0, np.float32) for _ in readings]
        scores = np.asarray(self._model.predict(pairs, show_progress_bar=False, activation_fn=Identity()), np.float64)
        others = np.delete(scores, self._entailed, axis=1)
        logits = (scores[:, self._entailed] - np.logaddexp.reduce(others, axis=1)).astype(np.float32)
        return np.split(logits, np.cumsum([len(reading.sentences) for reading in readings])[:-1])
