"""``citedesk eval verify``: the corruption suite."""

from dataclasses import asdict, astuple
from pathlib import Path
from typing import Annotated

import typer

from server.cli.evaluation import bar, cell
from server.cli.options import settings_for
from server.cli.output import Output, write_json_line


def verify(
    claims: Annotated[Path | None, typer.Option("--claims", help="A folder of *.jsonl. [default: those shipped]", exists=True)] = None,
    show: Annotated[str | None, typer.Option("--show", help="List the claims of this half that were judged wrongly: tune or test.")] = None,
) -> None:
    """Hold true and corrupted claims against the passages they cite: what does the verifier refuse?"""
    from eval.claim import VERIFICATION_FOLDER, read_claims
    from eval.verification import cited_claims
    from eval.verify import run, tabulate
    from rag.readers.load import load_claim_reader
    from rag.verify.verifier import Verifier

    output = Output(as_json=True)
    settings = settings_for(None)
    verifier = Verifier(load_claim_reader(settings.reader, settings.cache, entailment=settings.entailment))
    output.say("Ingesting the shops that the claims are about …")
    cited = cited_claims(read_claims(claims or VERIFICATION_FOLDER))
    with bar(output, "Verifying", len(cited)) as advance:
        verified = run(cited, verifier, advance)
    rows = tabulate(verified)
    columns = ["kind", "claims", "refused, tuning", "refused, test", "not sent, tuning", "not sent, test"]
    output.table(f"{len(verified)} claims", columns, [[cell(value) for value in astuple(row)] for row in rows])
    for one in verified:
        if one.half == show and not one.right:
            told = "; ".join(problem.message for problem in one.finding.problems)
            output.say(f"{one.claim.id} {one.claim.kind}: {one.claim.sentence}\n    {one.finding.support:.2f} “{one.finding.quote}” {told}")
    write_json_line({row.kind: asdict(row) for row in rows})
