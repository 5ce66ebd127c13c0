"""How alike two texts are, told from the short runs of characters that they share."""

import re
import unicodedata
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint64]
Signature: TypeAlias = NDArray[np.uint32]

WINDOW = 8  # bytes of UTF-8: two to three Chinese characters, eight Latin letters, which tell about as much
PERMUTATIONS = 64
LARGEST_SAMPLE = 1024
LARGEST_SIGNED = 512
_NO_LETTERS = re.compile(r"[\W_]+")
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
_SEED = 20_261_130
_MULTIPLIERS, _SUMMANDS = np.random.default_rng(_SEED).integers(1 << 32, size=(2, PERMUTATIONS), dtype=np.uint32)


def letters_of(text: str) -> str:
    """``text`` as it is compared: letters and digits only, in lower case and in one width."""
    if text.isascii():  # the same, twenty times as fast
        return text.lower().encode("ascii").translate(None, _NO_ASCII_LETTERS).decode("ascii")
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


def shingles(letters: str) -> Hashes:
    """A hash of every run of WINDOW bytes in ``letters`` (see `letters_of`), in order and with repetitions."""
    content = letters.encode("utf-8", "surrogatepass").ljust(WINDOW, b"\0")
    windows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(content, np.uint8), WINDOW)
    return _mix(np.ascontiguousarray(windows).view(np.uint64).reshape(-1))


def signature(hashes: Hashes) -> Signature:
    """The MinHash [PERMUTATIONS] of a set of shingles. In large sets it is taken of the smallest hashes, of near texts mostly the same."""
    if len(hashes) > LARGEST_SIGNED:
        bound = np.uint64((LARGEST_SIGNED << 64) // len(hashes))
        hashes = hashes[hashes <= max(bound, hashes.min())]
    low = hashes.astype(np.uint32)  # the upper half has decided who is chosen
    permuted: Signature = (_MULTIPLIERS[:, None] | np.uint32(1)) * low + _SUMMANDS[:, None]
    return permuted.min(axis=1)  # type: ignore[no-any-return]


def sample(hashes: Hashes) -> Hashes:
    """The LARGEST_SAMPLE smallest of the distinct hashes, sorted."""
    if len(hashes) > 4 * LARGEST_SAMPLE:
        bound = np.uint64((3 * LARGEST_SAMPLE << 64) // len(hashes))
        few = np.unique(hashes[hashes < bound])
        if len(few) >= LARGEST_SAMPLE:
            return few[:LARGEST_SAMPLE]
    return np.unique(hashes)[:LARGEST_SAMPLE]


def similarity(first: Hashes, second: Hashes) -> float:
    """The share of shingles that two texts have in common (Jaccard), from their samples: exact for short texts, ±.02 for long ones."""
    merged = np.concatenate((first, second))
    merged.sort(kind="stable")  # merges what is sorted already; NumPy's set routines would sort and hash five times
    again = merged[1:] == merged[:-1]
    total = len(merged) - int(again.sum())
    if total > LARGEST_SAMPLE and (_is_cut(first) or _is_cut(second)):
        distinct = merged[np.append(True, ~again)]
        again &= merged[1:] <= distinct[LARGEST_SAMPLE - 1]
        total = LARGEST_SAMPLE
    return int(again.sum()) / total


def _is_cut(hashes: Hashes) -> bool:
    return len(hashes) >= LARGEST_SAMPLE


def _mix(values: Hashes) -> Hashes:
    """The finaliser of MurmurHash3: every bit of the window reaches every bit of its hash."""
    shift = np.uint64(33)
    values = (values ^ (values >> shift)) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> shift)) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> shift)
