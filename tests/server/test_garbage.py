"""The garbage collector of a process that serves."""

import gc

import pytest

from server.garbage import YOUNG_OBJECTS, settled_garbage


@pytest.mark.slow
def test_what_was_there_is_left_alone_until_the_end() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with settled_garbage():
        assert gc.get_freeze_count() > frozen + 10_000, "all that was loaded"
        assert gc.get_threshold() == (YOUNG_OBJECTS, *before[1:])
    assert gc.get_threshold() == before and gc.get_freeze_count() == 0


@pytest.mark.slow
def test_cycles_made_meanwhile_are_still_collected() -> None:
    class Node:
        gone = 0

        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            Node.gone += 1

    with settled_garbage():
        Node()
        gc.collect()
        assert Node.gone == 1
