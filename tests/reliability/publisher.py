"""The life of a knowledge base: nights, rollbacks, removals of old versions and forgetting, chosen at random, most of them killed."""

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import replace as with_changes
from functools import partial
from pathlib import Path

from kb.document import document_id
from kb.forgotten import read_forgotten
from kb.store import VersionStore
from tests.reliability.kill_loop import KillLoop
from tests.reliability.oracle import Contents, Violation
from tests.reliability.shop_folder import ShopFolder
from tests.reliability.snapshot import Snapshot, compare, snapshot
from tests.reliability.victim import SOURCE, Act, forget_document, go_back, ingest_night, remove_old

LOG = logging.getLogger(__name__)

ENOUGH = 4
"""So many versions are built anew, by nights that are not killed, before one is gone back to or old ones are removed."""
MANY = 8


class Publisher:
    """Performs acts on ``data``, whose source is ``shop``. ``seed`` chooses them, as far as they do not depend on what was killed."""

    def __init__(self, shop: ShopFolder, data: Path, seed: int = 0) -> None:
        self.loop = KillLoop(data, seed)
        self.store = VersionStore(data)
        self.shop = shop
        self._chance = random.Random(seed + 1)

    def live(self, cycles: int) -> None:
        """Performs so many acts that are to be killed, and as many others as they need."""
        for act in (ingest_night, go_back, remove_old, forget_document):  # once each, to know how long they take
            self.perform(act, kill=False)
        for number in range(1, cycles + 1):
            acts: list[Act] = [ingest_night, ingest_night, go_back, forget_document, remove_old]
            self.perform(self._chance.choice(acts))
            if number % 100 == 0:
                LOG.info("%s", self.loop.tally)

    def perform(self, act: Act, kill: bool = True) -> list[Violation]:
        """One act, on something chosen at random."""
        if act is not ingest_night:
            while len(self.store.version_ids()) < ENOUGH:
                self._night(kill=False)
        if len(self.store.version_ids()) > MANY and act is not remove_old:
            self._remove(kill=False)
        steps: dict[Act, Callable[[bool], list[Violation]]] = {
            ingest_night: self._night,
            go_back: self._back,
            remove_old: self._remove,
            forget_document: self._forget,
        }
        return steps[act](kill)

    def _night(self, kill: bool) -> list[Violation]:
        if self._chance.random() < 0.5 or len(self.mirrored()) < ENOUGH:
            self._tidy_folder()
        self.shop.edit()
        states = self._begin()
        now, contents = states[-1], self.mirrored()
        if contents != now.contents:
            built = with_changes(now, versions={**now.versions, now.next_id: contents}, current=now.next_id, held=None)
            states.append(built)
        return self._cycle(ingest_night, str(self.shop.folder), states, kill)

    def _back(self, kill: bool) -> list[Violation]:
        states = self._begin()
        target = self._chance.choice(sorted(one for one in states[-1].versions if one != states[-1].current))
        return self._cycle(go_back, target, [*states, with_changes(states[-1], current=target, held=target)], kill)

    def _remove(self, kill: bool) -> list[Violation]:
        states = self._begin()
        keep = self._chance.randint(1, 2)
        kept = states[-1].kept(keep)
        removed = len(states[-1].versions) - len(kept)
        if not removed:
            return self._night(kill)
        return self._cycle(remove_old, str(keep), [*states, states[-1].only(kept)], kill, removed)

    def _forget(self, kill: bool) -> list[Violation]:
        states = self._begin()
        paths = sorted({path for contents in states[-1].versions.values() for path in contents})
        if not paths:
            return self._night(kill)
        path = self._chance.choice(paths)
        key = document_id(SOURCE, path)
        size = 1 + sum(path in contents for contents in states[-1].versions.values())
        return self._cycle(forget_document, key, [*states, states[-1].without(frozenset({key}))], kill, size)

    def _begin(self) -> list[Snapshot]:
        """What there is, and what the next writer makes of it first if a forgetting was cut short."""
        if not self.store.version_ids():
            return [Snapshot({}, {}, None, None)]
        found = snapshot(self.store)
        pending = self._cut_short()
        return [found, found.without(pending)] if pending else [found]

    def _cut_short(self) -> frozenset[str]:
        return frozenset(entry.document for entry in read_forgotten(self.store.layout) if not entry.done)

    def _cycle(self, act: Act, what: str, states: Sequence[Snapshot], kill: bool, size: int = 1) -> list[Violation]:
        pending = self._cut_short()
        first = 1 + sum(states[0].without(pending).versions[one] != contents for one, contents in states[0].versions.items())
        return self.loop.cycle(act, what, partial(compare, self.store, states), kill, size, first if pending else 0)

    def mirrored(self) -> Contents:
        """What a night makes of the folder: all of it but what was forgotten, under its old name or by its content."""
        forgotten = read_forgotten(self.store.layout)
        return {
            path: content
            for path, content in self.shop.hashes.items()
            if not any(entry.matches(document_id(SOURCE, path), content) for entry in forgotten)
        }

    def _tidy_folder(self) -> None:
        """Removes what was forgotten from the folder too; until then every night refuses it."""
        mirrored = self.mirrored()
        for path in [path for path in self.shop.texts if path not in mirrored]:
            self.shop.drop(path)
