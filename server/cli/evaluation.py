"""What the commands of ``citedesk eval`` share: the parts that answer, a progress bar, the cells of a table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from server.cli.options import settings_for
from server.cli.output import Output
from server.settings import Settings

if TYPE_CHECKING:
    from kb.encoder import Encoder
    from rag.reader import Reader


def load_encoder_of(settings: Settings) -> "Encoder":
    """The encoder that ``settings`` name."""
    from kb.encoders.load import load_encoder

    return load_encoder(settings.encoder, settings.cache, settings.encoder_precision)


def load_parts() -> "tuple[Encoder, Reader]":
    """The encoder and the reader that the environment names, for measurements without a data folder."""
    from rag.readers.load import load_reader

    settings = settings_for(None)
    return load_encoder_of(settings), load_reader(settings.reader, settings.cache)


@contextmanager
def bar(output: Output, label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar; what it yields is told how many of ``total`` are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=output.progress) as progress:
        task = progress.add_task(label, total=total)
        yield lambda count: progress.advance(task, count)


def cell(value: object) -> str:
    """A value for a table: nothing for None, three digits for a share."""
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)
