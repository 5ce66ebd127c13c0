"""``citedesk eval freeze``: which questions a frozen topic stops."""

from dataclasses import asdict, astuple
from pathlib import Path
from typing import Annotated

import typer

from server.cli.evals.evaluation import bar, cell, load_encoder_of
from server.cli.options import settings_for
from server.cli.output import Output, write_json_line


def freeze(
    topics: Annotated[Path | None, typer.Option("--topics", help="A *.jsonl of topics. \\[default: those shipped]", exists=True)] = None,
    show: Annotated[bool, typer.Option("--show", help="List what of the tuning half was judged wrongly.")] = False,
) -> None:
    """Freeze written topics and ask about them, beside them and past them: what is stopped, and what wrongly?"""
    from eval.freezes import TOPICS_FILE, judge, read_topics, tabulate
    from eval.question import read_golden
    from rag.topic_likeness import TopicLikeness

    output = Output(as_json=True)
    settings, cases = settings_for(None), read_topics(topics or TOPICS_FILE)
    likeness = TopicLikeness(load_encoder_of(settings), settings.cache)
    questions = sum(len(case.about) + len(case.near) for case in cases) + len(read_golden())
    with bar(output, "Asking", questions) as advance:
        judged = judge(likeness, cases, advance)
    rows = tabulate(judged)
    columns = ["half", "question and topic", "topics", "about it", "recall", "near misses", "stopped", "golden × topics", "stopped "]
    output.table("Frozen topics", columns, [[cell(value) for value in astuple(row)] for row in rows])
    for one in judged if show else ():
        if one.case.half == "tune" and one.stopped != (one.kind == "about"):
            output.say(f"{one.score:.2f} {one.kind}: {one.question} [{one.case.topic}]")
    write_json_line({"rows": [asdict(row) for row in rows]})
