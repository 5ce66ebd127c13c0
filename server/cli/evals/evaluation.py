"""What the commands of ``citedesk eval`` share: the parts that answer, a progress bar, the cells of a table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from server.cli.options import settings_for
from server.cli.output import Output
from server.settings import Settings

SAID_EVERY = 50
"""Steps between two lines where there is no terminal to draw a bar on."""

if TYPE_CHECKING:
    from kb.encoder import Encoder
    from rag.reader import Reader


class Tell(Protocol):
    """Hears how far long work has come."""

    def __call__(self, step: int, steps: int, loss: float = 0.0) -> None:
        """``step`` of ``steps`` is done; ``loss`` is 0 where there is none."""


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
    """A progress bar; what it yields is told how many more of ``total`` are done."""
    with _progress(output) as progress:
        task = progress.add_task(label, total=total)
        yield lambda count: progress.advance(task, count)


@contextmanager
def steps(output: Output, label: str) -> Iterator[Tell]:
    """A progress bar, or lines where there is no terminal; with the mean loss where there is one."""
    with _progress(output) as progress:
        task = progress.add_task(label, total=None)
        mean = [0.0]

        def tell(step: int, steps: int, loss: float = 0.0) -> None:
            mean[0] = loss if step == 1 else 0.98 * mean[0] + 0.02 * loss
            progress.update(task, completed=step, total=steps, description=f"{label}, loss {mean[0]:.3f}" if loss else label)
            if step % SAID_EVERY == 0 and not output.progress.is_terminal:
                said = f", loss {mean[0]:.3f}" if loss else ""
                output.progress.print(f"step {step} of {steps}{said}")

        yield tell


def _progress(output: Output) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=output.progress)


def cell(value: object) -> str:
    """A value for a table: nothing for None, three digits for a share."""
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)
