"""Regenerates every manual of the sample shop: `python -m kb.sample.generator.manuals OUT_FOLDER`."""

import sys
from pathlib import Path

from kb.files import write_atomic
from kb.sample.generator.air_fryer import MANUAL as AIR_FRYER
from kb.sample.generator.air_purifier import MANUAL as AIR_PURIFIER
from kb.sample.generator.espresso import MANUAL as ESPRESSO
from kb.sample.generator.heater import MANUAL as HEATER
from kb.sample.generator.hub import MANUAL as HUB
from kb.sample.generator.layout import render_manual
from kb.sample.generator.manual import Manual
from kb.sample.generator.outdoor_camera import MANUAL as OUTDOOR_CAMERA
from kb.sample.generator.robot_vacuum import ROVO_310, ROVO_320
from kb.sample.generator.soundbar import MANUAL as SOUNDBAR

MANUALS: tuple[Manual, ...] = (
    ROVO_310,
    ROVO_320,
    ESPRESSO,
    AIR_FRYER,
    HUB,
    SOUNDBAR,
    AIR_PURIFIER,
    HEATER,
    OUTDOOR_CAMERA,
)


def write_manuals(folder: Path) -> list[Path]:
    """Writes every manual into ``folder`` (made if missing) and returns the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for manual in MANUALS:
        path = folder / manual.file
        write_atomic(path, render_manual(manual))
        paths.append(path)
    return paths


def main(arguments: list[str]) -> int:
    """The command; returns its exit code."""
    if len(arguments) != 1:
        print("usage: python -m kb.sample.generator.manuals OUT_FOLDER", file=sys.stderr)
        return 2
    for path in write_manuals(Path(arguments[0])):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
