"""``citedesk eval fit-encoder``, ``fit-reader``, ``fit-verifier``, ``calibrate``: what the tuning half of the invented shops teaches."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.evals.evaluation import steps
from server.cli.options import settings_for
from server.cli.output import Output

if TYPE_CHECKING:
    from eval.shop import Shop
    from kb.encoders.quantised_file import QuantisedModel

Epochs = Annotated[int, typer.Option("--epochs", help="How often every shop is seen.", min=1)]
Out = Annotated[Path, typer.Argument(metavar="FILE", help="The adapter file to write.")]
Start = Annotated[Path | None, typer.Option("--from", help="An earlier adapter to go on from.", exists=True)]
Seed = Annotated[int, typer.Option("--seed", help="For the order and for what is derived from the claims; another one going on.", min=0)]
Shops = Annotated[int | None, typer.Option("--shops", help="Only the first so many shops, for a trial.", min=1)]


def fit_encoder(out: Out, epochs: Epochs = 3, shops: Shops = None, start: Start = None) -> None:
    """Fit the encoder's adapter (ten minutes an epoch on two cores)."""
    from eval.training.encoder_fit import SCALE
    from eval.training.encoder_fit import fit_encoder as fit
    from kb.encoders.adapter import read_adapter, write_adapter
    from kb.encoders.e5_network import build_network, build_tokenizer

    output = Output(as_json=True)
    model = _weights()
    with steps(output, "Fitting") as tell:
        begin = dict(read_adapter(start).factors) if start is not None else None
        factors = fit(_tuning_shops(shops), build_network(model), build_tokenizer(model), epochs, begin, tell)
    write_adapter(out, SCALE, factors, {})
    output.result({"adapter": str(out), "bytes": out.stat().st_size})


def fit_reader(out: Out, epochs: Epochs = 2, shops: Shops = None, start: Start = None) -> None:
    """Fit the reader's adapter, beginning with the encoder's (a third of a second a question and epoch on two cores)."""
    from eval.training.example import collect_examples
    from eval.training.reader_fit import SCALE
    from eval.training.reader_fit import fit_reader as fit
    from kb.encoders.adapter import read_adapter, write_adapter
    from kb.encoders.bundled import SHOP_ADAPTER
    from kb.encoders.e5_network import build_network, build_tokenizer
    from kb.encoders.load import load_encoder

    output = Output(as_json=True)
    settings = settings_for(None)
    encoder = load_encoder("bundled", settings.cache)
    output.say("Ingesting the shops …")
    examples = [example for shop in _tuning_shops(shops) for example in collect_examples(shop, encoder)]
    model = _weights()
    begin = read_adapter(start or SHOP_ADAPTER)
    with steps(output, "Fitting") as tell:
        fitted = fit(examples, build_network(model), build_tokenizer(model), epochs, dict(begin.factors), begin.rest, tell)
    write_adapter(out, SCALE, fitted.factors, fitted.head)
    output.result({"adapter": str(out), "bytes": out.stat().st_size, "examples": len(examples)})


def fit_verifier(out: Out, epochs: Epochs = 3, start: Start = None, seed: Seed = 1) -> None:
    """Fit the claim reader's adapter on ``eval/claims``, beginning with the reader's (ten minutes an epoch on two cores)."""
    from eval.claim import CLAIMS_FOLDER, read_claims
    from eval.training.claim_example import claim_examples
    from eval.training.reader_fit import CLAIM_FREEDOM, SCALE
    from eval.training.reader_fit import fit_reader as fit
    from kb.encoders.adapter import read_adapter, write_adapter
    from kb.encoders.e5_network import build_network, build_tokenizer
    from rag.readers.prepared_reader import ADAPTER

    output = Output(as_json=True)
    examples = claim_examples(read_claims(CLAIMS_FOLDER), _tuning_shops(None), seed)
    model = _weights()
    begin = read_adapter(start or ADAPTER)
    with steps(output, "Fitting") as tell:
        network, tokenizer = build_network(model), build_tokenizer(model)
        fitted = fit(examples, network, tokenizer, epochs, dict(begin.factors), begin.rest, tell, seed, CLAIM_FREEDOM)
    write_adapter(out, SCALE, fitted.factors, fitted.head)
    output.result({"adapter": str(out), "bytes": out.stat().st_size, "examples": len(examples)})


def fit_wording() -> None:
    """Fit how the verifier weighs wording, on the tuning half of ``eval/verification``; prints the constants."""
    from eval.claim import VERIFICATION_FOLDER, read_claims
    from eval.question import half_of
    from eval.training.wording_fit import fit_wording as fit
    from eval.verification import cited_claims
    from rag.readers.load import load_claim_reader
    from rag.verify.verifier import Verifier

    output = Output(as_json=True)
    output.say("Ingesting the shops that the claims are about …")
    claims = cited_claims([claim for claim in read_claims(VERIFICATION_FOLDER) if half_of(claim.id) == "tune"])
    fitted = fit(claims, Verifier(load_claim_reader("bundled", settings_for(None).cache)))
    output.result(asdict(fitted))


def calibrate(shops: Shops = None) -> None:
    """Fit when to decline, on the tuning half of the invented shops; prints the constants."""
    from eval.calibrate import fit, weigh_shop
    from eval.shop import read_shops
    from kb.encoders.load import load_encoder
    from rag.readers.load import load_reader

    output = Output(as_json=True)
    settings = settings_for(None)
    encoder, reader = load_encoder("bundled", settings.cache), load_reader("bundled", settings.cache)
    known = read_shops()
    chosen = [shop for half in ("tune", "test") for shop in [shop for shop in known if shop.half == half][:shops]]
    weighed = []
    with steps(output, "Weighing") as tell:
        for number, shop in enumerate(chosen, 1):
            weighed += weigh_shop(shop, encoder, reader)
            tell(number, len(chosen), 0.0)
    fitted = fit(weighed)
    rows = [[half, f"{wrongly:.3f}", f"{rightly:.3f}"] for half, (wrongly, rightly) in fitted.declined.items()]
    limits = asdict(fitted.limits)
    title = ", ".join(f"{name} {value}" for name, value in limits.items())
    output.table(title, ["half", "answerable declined", "unanswerable declined"], rows)
    output.result({**limits, **fitted.declined})


def _tuning_shops(count: int | None) -> "list[Shop]":
    from eval.shop import read_shops

    return [shop for shop in read_shops() if shop.half == "tune"][:count]


def _weights() -> "QuantisedModel":
    from kb.encoders.bundled import read_weights

    with tempfile.TemporaryDirectory(prefix="citedesk-fit-") as work:
        return read_weights(Path(work), settings_for(None).cache, lambda _: None, None)
