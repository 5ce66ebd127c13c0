"""``citedesk eval personal-data``: a table, the wrong ones on demand, and a last line of JSON."""

import json
from pathlib import Path

from typer.testing import CliRunner

from eval.question import half_of
from server.cli.main import app

SPANS = [{"kind": "phone", "start": 2, "end": 13}]
ENTRY = {"language": "zh", "kind": "phone", "personal": True, "text": "电话13812345678", "spans": SPANS}


def test_what_was_missed_is_listed_and_the_rates_are_told(tmp_path: Path) -> None:
    name = next(name for name in map(str, range(100)) if half_of(name) == "tune")
    missed = ENTRY | {"id": f"{name}.1", "text": "六一八一二三四五六七八打给我", "spans": [{"kind": "phone", "start": 0, "end": 11}]}
    path = tmp_path / "items.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in (ENTRY | {"id": f"{name}.0"}, missed)), encoding="utf-8")
    result = CliRunner().invoke(app, ["eval", "personal-data", "--items", str(path), "--show", "tune"])
    assert result.exit_code == 0
    row = json.loads(result.stdout.splitlines()[-1])["tune/phone/zh"]
    assert (row["items"], row["personal"], row["recall"], row["found"], row["precision"]) == (2, 2, 0.5, 1, 1.0)
    assert f"{name}.1: 六一八一二三四五六七八打给我" in result.stderr and f"{name}.0:" not in result.stderr
