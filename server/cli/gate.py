"""What the gate found, printed after an ingest."""

from collections.abc import Mapping
from typing import Any

from server.cli.output import Output

SHOWN = 20
"""Broken questions in the table; `--json` lists all."""


def print_gate(gate: Mapping[str, Any], output: Output) -> None:
    """The verdict's sentence (that of a refusal is among the run's notes), and a table of the questions that broke.

    ``gate`` is `ingest.gate.GateResult` as JSON.
    """
    print_broken(gate, output)
    if gate["passed"]:
        output.say(f"Tested: {gate['summary']}")
    elif "forced" not in gate:
        output.say('Mend the documents or the questions and run this again, or publish all the same with --force "REASON".')


def print_broken(gate: Mapping[str, Any], output: Output) -> None:
    """The table of the questions that broke; nothing where none did."""
    broken = gate.get("details", {}).get("broken", ())
    if not broken:
        return
    rows = [(one["id"], one["question"], _wrong(one), one["before"]) for one in broken[:SHOWN]]
    output.table(f"Broken: {len(broken)}", ("id", "question", "what is wrong now", "what was right before"), rows)
    if len(broken) > SHOWN:
        output.say(f"… and {len(broken) - SHOWN} more; --json lists all.")


def _wrong(broken: Mapping[str, str]) -> str:
    return f"{broken['problem']}\n{broken['answer']}" if broken["answer"] else broken["problem"]
