"""One thread for each small matrix product: a server has other requests for its other cores."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def single_threaded_products() -> Iterator[None]:
    """numpy's matrix products run in the thread that asks for them, in the whole process.

    A question's products have some thousand rows and take a tenth of a millisecond; spread over all cores, each waits for the slowest
    core, and where these are busy that is fifty times as long (docs/decisions/0032-batching.md).
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        yield
