"""Checks vectors before they are written and when they are opened: an index takes zeros and NaN without complaint."""

from dataclasses import dataclass

import numpy as np

from kb.encoder import FloatArray

ROWS_AT_ONCE = 65_536
LENGTH_TOLERANCE = 0.01  # encoders that compute in half precision miss 1 by up to 0.001


@dataclass(frozen=True, slots=True)
class BadVector:
    """A row of a vector array that cannot be searched, and why, as in "row 3 is not finite"."""

    row: int
    reason: str


def find_bad_vector(vectors: FloatArray) -> BadVector | None:
    """The first row of ``vectors`` [rows, dimension] that is not finite, or not of length 1; None if all are well."""
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        part = vectors[start : start + ROWS_AT_ONCE]
        lengths = np.sqrt(np.einsum("ij,ij->i", part, part))
        good = np.abs(lengths - 1) <= LENGTH_TOLERANCE  # NaN compares false
        if not good.all():
            row = int(np.argmin(good))
            return BadVector(start + row, _reason(float(lengths[row])))
    return None


def _reason(length: float) -> str:
    if not np.isfinite(length):
        return "not finite"
    return "zero" if length == 0 else f"of length {length:.3f} instead of 1"
