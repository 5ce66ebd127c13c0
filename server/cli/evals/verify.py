"""``citedesk eval verify``: the corruption suite."""

from dataclasses import asdict, astuple
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.evals.evaluation import bar, cell
from server.cli.evals.sample_shop import ingested_sample_shop
from server.cli.options import settings_for
from server.cli.output import Output, write_json_line

if TYPE_CHECKING:
    from eval.claim import Claim
    from eval.verify import VerifiedClaim
    from rag.verify.verifier import Verifier


def verify(
    claims: Annotated[Path | None, typer.Option("--claims", help="A folder of *.jsonl. \\[default: those shipped]", exists=True)] = None,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="Hold those about the sample shop against its whole knowledge base, as /v1/verify does.")
    ] = False,
    show: Annotated[str | None, typer.Option("--show", help="List the claims of this half that were judged wrongly: tune or test.")] = None,
) -> None:
    """Hold true and corrupted claims against the passages they cite: what does the verifier refuse?"""
    from eval.claim import VERIFICATION_FOLDER, read_claims
    from eval.verify import tabulate
    from kb.encoders.load import load_encoder
    from rag.readers.load import load_claim_reader
    from server.services import open_verifier

    output = Output(as_json=True)
    settings = settings_for(None)
    reader = load_claim_reader(settings.reader, settings.cache, entailment=settings.entailment)
    verifier = open_verifier(settings, load_encoder(settings.encoder, settings.cache), reader)
    known = read_claims(claims or VERIFICATION_FOLDER)
    verified = _everywhere(known, verifier, output) if everywhere else _as_cited(known, verifier, output)
    rows = tabulate(verified)
    columns = ["kind", "claims", "refused, tuning", "refused, test", "not sent, tuning", "not sent, test"]
    output.table(f"{len(verified)} claims", columns, [[cell(value) for value in astuple(row)] for row in rows])
    for one in verified:
        if one.half == show and not one.right:
            told = "; ".join(problem.message for problem in one.finding.problems)
            output.say(f"{one.claim.id} {one.claim.kind}: {one.claim.sentence}\n    {one.finding.support:.2f} “{one.finding.quote}” {told}")
    write_json_line({row.kind: asdict(row) for row in rows})


def _as_cited(claims: "list[Claim]", verifier: "Verifier", output: Output) -> "list[VerifiedClaim]":
    from eval.verification import cited_claims
    from eval.verify import run
    from rag.verify.draft_check import DraftCheck

    output.say("Ingesting the shops that the claims are about …")
    cited = cited_claims(claims)
    with bar(output, "Verifying", len(cited)) as advance:
        return run(cited, verifier, DraftCheck(verifier), advance)


def _everywhere(claims: "list[Claim]", verifier: "Verifier", output: Output) -> "list[VerifiedClaim]":
    from eval.verify_everywhere import about_the_sample_shop, run_everywhere
    from kb.search import HybridSearch
    from kb.store import VersionStore
    from rag.verify.text import TextVerifier

    own = about_the_sample_shop(claims)
    with ingested_sample_shop(output) as (settings, encoder):
        version = VersionStore(settings.data).open_current()
        try:
            with bar(output, "Verifying", len(own)) as advance:
                return run_everywhere(own, TextVerifier(verifier, HybridSearch(encoder)), version, settings.today(), advance)
        finally:
            version.close()
