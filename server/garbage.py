"""Python's garbage collector while serving: what was loaded at the start stays, so it is not looked through again and again.

A full collection goes through every object there is, some hundred thousand after the models and libraries are loaded, and stops all
threads meanwhile: half a second on a small machine, in the middle of somebody's request, and a fifth of a busy server's time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG_OBJECTS = 10_000
"""How many may be made before the youngest are looked through. Python's 700 are made by less than one request."""


@contextmanager
def settled_garbage() -> Iterator[None]:
    """What is there now is taken for good until the block ends. For a process that serves; collect nothing else with it."""
    gc.collect()
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(YOUNG_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
