"""NumPy arrays on disk: written through kb.files (checked), read without copying, never pickled."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import VersionDamagedError
from kb.files import READ_SIZE, Bytes, write_file


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Writes ``array`` (any shape, any plain type) as a ``.npy`` file, fsynced and read back.

    Raises OSError as the system does, and KnowledgeBaseError when the file reads back differently.
    """
    write_file(path, _npy_chunks(np.ascontiguousarray(array)))


def open_array(path: Path) -> NDArray[Any]:
    """The array in the ``.npy`` file at ``path``, mapped into memory read-only. Raises VersionDamagedError if it is none."""
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, FileNotFoundError) as error:
        raise VersionDamagedError(f"{path} cannot be read as an array: {error}") from error
    return array


def _npy_chunks(array: NDArray[Any]) -> Iterator[Bytes]:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(array))
    yield header.getvalue()
    content = array.reshape(-1).view(np.uint8)
    for start in range(0, content.size, READ_SIZE):
        yield content[start : start + READ_SIZE].data
