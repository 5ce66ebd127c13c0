"""From scrapes of a real server to what promtool takes for a day of it, and which alerts fire at its end."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import yaml

from tests.server.watching.scraped import Scraped
from tests.source import ROOT

ALERTS = ROOT / "examples/monitoring/alerts.yml"
COUNTING = ("_total", "_bucket", "_sum", "_count")
FIRING = 'count by (alertname) (ALERTS{alertstate="firing"})'
Sample = tuple[str, frozenset[tuple[str, str]]]


class Phase:
    """What happened between two scrapes, over and over for ``steps`` steps. ``up`` is whether Prometheus can read the server."""

    def __init__(self, before: Scraped, after: Scraped, steps: int, up: bool = True) -> None:
        self._before = before.samples
        self._after = after.samples if up else {}
        self.steps = steps
        self.up = up

    @property
    def samples(self) -> set[Sample]:
        return set(self._after)

    def values(self, sample: Sample, start: float) -> tuple[str, float]:
        """In promtool's notation, and where a counter stands at the end."""
        if sample not in self._after:
            return f"_x{self.steps}", start
        value = self._after[sample]
        if not sample[0].endswith(COUNTING):
            return f"{value:.9f}+0x{self.steps - 1}", start
        step = value - self._before.get(sample, 0.0)
        return f"{start + step:.9f}+{step:.9f}x{self.steps - 1}", start + step * self.steps


def series_of(phases: Sequence[Phase]) -> list[dict[str, str]]:
    """One series for each sample of any phase, and `up`."""
    found = [{"series": _name(("up", frozenset())), "values": " ".join(f"{int(one.up)}+0x{one.steps - 1}" for one in phases)}]
    for sample in sorted(set().union(*(phase.samples for phase in phases)), key=str):
        parts, at = [], 0.0
        for phase in phases:
            part, at = phase.values(sample, at)
            parts.append(part)
        found.append({"series": _name(sample), "values": " ".join(parts)})
    return found


def firing(promtool: Path, folder: Path, phases: Sequence[Phase], minutes: int) -> tuple[set[str], set[str]]:
    """The alerts that fire at the end of the first phase, and of the last; a step takes ``minutes``."""
    ends = [phases[0].steps * minutes - 1, sum(phase.steps for phase in phases) * minutes - 1]
    test = {
        "interval": f"{minutes}m",
        "input_series": series_of(phases),
        "promql_expr_test": [{"expr": FIRING, "eval_time": f"{end}m", "exp_samples": []} for end in ends],
    }
    path = folder / "tests.yml"
    path.write_text(yaml.safe_dump({"rule_files": [str(ALERTS)], "evaluation_interval": f"{minutes}m", "tests": [test]}), encoding="utf-8")
    told = subprocess.run([promtool, "test", "rules", str(path)], capture_output=True, text=True, check=False, timeout=100)
    found = [_named(told.stdout + told.stderr, end) for end in ends]
    assert (told.returncode == 0) == (not any(found)), told.stdout + told.stderr
    return found[0], found[1]


def _named(told: str, minute: int) -> set[str]:
    """promtool says what it got where it expected nothing."""
    days, hours, minutes = minute // 1440, minute // 60 % 24, minute % 60
    time = "".join(f"{number}{unit}" for number, unit in ((days, "d"), (hours, "h"), (minutes, "m")) if number)
    names: set[str] = set()
    for failure in told.split("expr: ")[1:]:
        if f"time: {time}," in failure:
            names |= {part.split('"')[1] for part in failure.split("{alertname=")[1:]}
    return names


def _name(sample: Sample) -> str:
    name, labels = sample
    every = {**dict(labels), "job": "citedesk", "instance": "shop:8000"}
    return f"{name}{{{', '.join(f'{label}={_quoted(value)}' for label, value in sorted(every.items()))}}}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
