"""What is said when a model that a setting names cannot be loaded."""

from collections.abc import Iterator
from contextlib import contextmanager

from kb.errors import EncoderError


@contextmanager
def load_errors(what: str, name_or_folder: str, advice: str) -> Iterator[None]:
    """Translates a library's errors. ``what`` the model is for, and ``advice``, a sentence, stand in the message. Raises EncoderError."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise EncoderError(f"The {what} {name_or_folder!r} cannot be loaded ({str(error).splitlines()[0]}). {advice}") from error
