"""A folder of small Markdown documents that changes from night to night, the same for the same seed."""

import hashlib
import random
from pathlib import Path

WORDS = "kettle lamp parcel refund warranty filter battery voucher invoice charger 退货 保修 运费 发票 水壶 滤芯".split()


class ShopFolder:
    """Documents by path, written below ``folder``. `edit` changes some of them; `hashes` is what a mirror of it must hold."""

    def __init__(self, folder: Path, documents: int = 12, seed: int = 0) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.texts: dict[str, str] = {}
        self._made = 0
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(documents):
            self._add()

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of every document's file, by path."""
        return {path: hashlib.sha256(text.encode()).hexdigest() for path, text in self.texts.items()}

    def edit(self, edits: int = 3) -> list[str]:
        """Makes ``edits`` random changes (add, change, remove, rename) and says which."""
        return [self._edit_once() for _ in range(edits)]

    def drop(self, path: str) -> None:
        """Removes one document."""
        (self.folder / path).unlink()
        del self.texts[path]

    def _edit_once(self) -> str:
        kind = self.chance.choice(("add", "change", "change", "remove", "rename"))
        if kind == "add" or len(self.texts) < 4:
            return f"add {self._add()}"
        path = self.chance.choice(sorted(self.texts))
        text = self.texts[path]
        if kind == "change":
            self._write(path, text + f"\n\n{self._paragraph()}\n" if self.chance.random() < 0.5 else self._text(path))
            return f"change {path}"
        self.drop(path)
        if kind == "rename":
            self._write(self._new_path(), text)
        return f"{kind} {path}"

    def _add(self) -> str:
        path = self._new_path()
        self._write(path, self._text(path))
        return path

    def _new_path(self) -> str:
        self._made += 1
        return f"{self.chance.choice(('policies', 'manuals', '常见问题'))}/document-{self._made:04d}.md"

    def _text(self, path: str) -> str:
        parts = [f"# {Path(path).stem} {self.chance.choice(WORDS)}"]
        for number in range(self.chance.randint(1, 4)):
            parts += [f"## Part {number} {self.chance.choice(WORDS)}", self._paragraph()]
        return "\n\n".join(parts) + "\n"

    def _paragraph(self) -> str:
        words = " ".join(self.chance.choice(WORDS) for _ in range(self.chance.randint(6, 30)))
        return f"Rule {self.chance.randint(0, 10**9)}: {words}."

    def _write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
        self.texts[path] = text
