"""Texts to vectors, off the event loop and a slice at a time: a caller who leaves stops it, and so does the deadline."""

import time
from collections.abc import Sequence

import numpy as np
from anyio import to_thread

from kb.encoder import Encoder, FloatArray
from kb.errors import DeadlineError
from server.embeddings.request import Role

SLICE = 32
"""Texts encoded at a time: about a second of the bundled encoder on two cores where all are long."""


async def embed(encoder: Encoder, texts: Sequence[str], role: Role, deadline: float) -> FloatArray:
    """Unit vectors [len(texts), dimension]. Raises DeadlineError when a slice would begin after ``deadline`` (`time.monotonic`)."""
    encode = encoder.encode_queries if role == "query" else encoder.encode_passages
    parts = []
    for start in range(0, len(texts), SLICE):
        if time.monotonic() >= deadline:
            raise DeadlineError(f"Only {start} of {len(texts)} texts were embedded in the time there is. Send fewer at once.")
        parts.append(await to_thread.run_sync(encode, list(texts[start : start + SLICE])))
    return np.concatenate(parts)
