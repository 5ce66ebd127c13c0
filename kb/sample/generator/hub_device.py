"""What the hub's manual says about one kind of connected device, and how a chapter is made of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HubDevice:
    """One device chapter.

    ``pairing`` holds one step a line; ``settings`` one "name | preset | range" a line; ``lights`` one "light | meaning"
    a line (may be empty); ``notes`` are paragraphs. ``report`` says how often the device sends its state.
    """

    title: str
    intro: str
    radio: str
    power: str
    report: str
    most: int
    pairing: str
    settings: str
    notes: str
    lights: str = ""

    def chapter(self) -> str:
        """The chapter in the markup of `kb.sample.generator.manual`."""
        parts = [f"# {self.title}", self.intro.strip(), self._properties(), "### Pair", _numbered(self.pairing)]
        parts += ["### Settings", _table("Setting | Preset | Range", self.settings)]
        if self.lights:
            parts += ["### Light of the device", _table("Light | Meaning", self.lights)]
        parts += ["### Good to know", self.notes.strip()]
        return "\n\n".join(parts)

    def _properties(self) -> str:
        rows = f"Radio | {self.radio}\nPower | {self.power}\nReports | {self.report}\nMost on one hub | {self.most}"
        return _table("Property | Value", rows)


def _numbered(lines: str) -> str:
    return "\n".join(f"{number}. {line.strip()}" for number, line in enumerate(lines.strip().splitlines(), start=1))


def _table(header: str, rows: str) -> str:
    return "\n".join(f"| {row.strip()} |" for row in (header, *rows.strip().splitlines()))
