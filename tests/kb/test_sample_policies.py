"""The sample shop's English and French policies, its FAQ and its internal notes, and the questions asked about them."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from kb.scope import AUDIENCES, Scope, SearchScope, admits

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "kb" / "sample" / "brightnook"
GOLDEN = ROOT / "eval" / "golden" / "policies.jsonl"
PLANTED = ROOT / "kb" / "sample" / "planted.json"
FAQ = "faq/faq-en.csv"
TODAY = date(2026, 11, 23)
KEYS = {
    "title",
    "language",
    "public_url",
    "audience",
    "regions",
    "channels",
    "products",
    "effective_from",
    "effective_to",
    "supersedes",
}
POLICIES = sorted(
    path.relative_to(SHOP).as_posix() for path in (SHOP / "policies").iterdir() if path.name.isascii() and path.suffix in {".md", ".html"}
)
INTERNAL = sorted(path.relative_to(SHOP).as_posix() for path in (SHOP / "internal").iterdir() if path.suffix in {".md", ".html", ".csv"})


def read(document: str) -> str:
    """The raw text of a document of the sample shop."""
    return (SHOP / document).read_text(encoding="utf-8")


def normalise(text: str) -> str:
    """The text with every run of white space as one blank."""
    return re.sub(r"\s+", " ", text).strip()


def faq_rows(document: str = FAQ) -> list[dict[str, str]]:
    """The rows of a FAQ table, by column name."""
    with (SHOP / document).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def values(entry: object) -> tuple[str, ...]:
    """A front-matter entry as a tuple: a list, one value, or several separated by ``;``."""
    if entry is None or entry == "":
        return ()
    parts = entry if isinstance(entry, list) else str(entry).split(";")
    return tuple(str(part).strip() for part in parts)


def day(entry: object) -> date | None:
    """A front-matter day, which YAML has read as a date already."""
    if entry is None or entry == "":
        return None
    return entry if isinstance(entry, date) else date.fromisoformat(str(entry))


def as_scope(keys: dict[str, Any], audience: str) -> Scope:
    """The scope that a document's keys describe; ``audience`` is its folder's."""
    named = keys.get("audience", audience)
    assert named in AUDIENCES
    return Scope(
        audience="internal" if named == "internal" else "public",
        regions=values(keys.get("regions")),
        channels=values(keys.get("channels")),
        products=values(keys.get("products")),
        effective_from=day(keys.get("effective_from")),
        effective_to=day(keys.get("effective_to")),
        supersedes=values(keys.get("supersedes")),
    )


@cache
def front_matter(document: str) -> dict[str, Any]:
    """The document's keys: YAML front matter in Markdown, ``citedesk:`` meta elements in HTML."""
    if document.endswith(".md"):
        keys = yaml.safe_load(read(document).split("---\n", 2)[1])
        assert isinstance(keys, dict)
        return keys
    tree = LexborHTMLParser(read(document))
    names = tree.css("meta[name^='citedesk:']")
    return {str(node.attributes["name"]).removeprefix("citedesk:"): node.attributes["content"] for node in names}


@cache
def visible(document: str) -> str:
    """The document's visible text with white space normalised and Markdown's signs of structure taken off."""
    if document.endswith(".csv"):
        return normalise(" ".join(f"{row['question']} {row['answer']}" for row in faq_rows(document)))
    if document.endswith(".html"):
        main = LexborHTMLParser(read(document)).css_first("main")
        assert main is not None
        return normalise(main.text(separator=" "))
    body = read(document).split("---\n", 2)[2]
    return normalise(re.sub(r"^(#+|[-*]|\d+\.) |[|`*]", " ", body, flags=re.MULTILINE))


@cache
def golden() -> tuple[dict[str, Any], ...]:
    """The golden questions about these documents."""
    return tuple(json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines())


@cache
def planted() -> dict[str, Any]:
    """The facts planted in the sample shop, by the key of their writer."""
    facts = json.loads(PLANTED.read_text(encoding="utf-8"))
    assert isinstance(facts, dict)
    return facts


def runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    """Every run of ``length`` consecutive words, in lower case."""
    words = re.findall(r"\w+", text.casefold())
    return zip(*(words[start:] for start in range(length)), strict=False)


def admitted(document: str, quote: str, search: SearchScope) -> bool:
    """Whether ``document`` may be found by ``search``; a FAQ is, when one row in force may be."""
    if document.endswith(".csv"):
        audience = "internal" if document in INTERNAL else "public"
        rows = [row for row in faq_rows(document) if admits(as_scope(dict(row), audience), search)]
        return not quote or any(quote in normalise(f"{row['question']} {row['answer']}") for row in rows)
    return admits(as_scope(front_matter(document), document.split("/")[0].replace("policies", "public")), search)


@pytest.mark.parametrize("document", [name for name in POLICIES + INTERNAL if not name.endswith(".csv")])
def test_front_matter_is_valid(document: str) -> None:
    """Only the shared vocabulary is used, dates are dates, and a superseded file exists."""
    keys = front_matter(document)
    scope = as_scope(keys, "public")
    assert {"title"} <= keys.keys() <= KEYS
    assert all((SHOP / name).is_file() for name in scope.supersedes)
    assert scope.effective_from is None or scope.effective_to is None or scope.effective_from <= scope.effective_to


def test_documents_have_substance() -> None:
    """There are enough documents, none is a stub, and at least three policies hold a table."""
    assert len(POLICIES) >= 17
    assert len(INTERNAL) >= 5
    assert all(len(visible(name).split()) >= 300 for name in POLICIES + INTERNAL)
    assert sum("| --- |" in read(name) for name in POLICIES) >= 3
    assert [name for name in POLICIES if "public_url" in front_matter(name)] == ["policies/stores.html"]


def test_internal_folder_is_internal() -> None:
    """The folder's scope file hides all of it, and its single entries name files that exist."""
    folder = yaml.safe_load(read("internal/_scope.yaml"))
    assert folder["audience"] == "internal"
    assert folder.keys() <= KEYS | {"files"}
    assert all((SHOP / "internal" / name).is_file() and keys.keys() <= KEYS for name, keys in folder["files"].items())


def test_internal_and_public_texts_share_no_run_of_words() -> None:
    """An internal sentence cannot be told apart from a public one by luck: no eight words in a row are shared."""
    public = set(chain.from_iterable(runs(visible(name), 8) for name in (*POLICIES, FAQ)))
    internal = set(chain.from_iterable(runs(visible(name), 8) for name in INTERNAL))
    assert internal
    assert internal & public == set()


def test_faq_table() -> None:
    """The FAQ has its columns, distinct questions with answers, and valid scopes."""
    rows = faq_rows()
    assert len(rows) >= 80
    assert list(rows[0]) == ["question", "answer", "products", "regions", "effective_from", "effective_to"]
    assert len({row["question"] for row in rows}) == len(rows)
    assert all(row["question"].strip() and row["answer"].strip() for row in rows)
    scopes = [as_scope(dict(row), "public") for row in rows]
    assert all(re.fullmatch(r"BN-[A-Z]+\d+", product) for scope in scopes for product in scope.products)
    assert {region for scope in scopes for region in scope.regions} == {"EU", "GB", "CN"}


def test_golden_questions_are_complete() -> None:
    """Every kind of question is there in the agreed number, under ids that are not used twice."""
    kinds = Counter((entry["kind"], entry["language"]) for entry in golden())
    assert len({entry["id"] for entry in golden()}) == len(golden()) == 79
    assert kinds["fact", "en"] + kinds["two_documents", "en"] == 35
    assert kinds["agent_only", "en"] == 7 and kinds["agent_only", "zh"] == 3
    assert [kinds["date_or_region", language] for language in ("en", "fr", "de")] == [9, 4, 2]
    assert [kinds["cross_lingual", language] for language in ("es", "it")] == [2, 1]
    assert kinds["fact", "fr"] + kinds["cross_lingual", "fr"] == 5
    assert kinds["unanswerable", "en"] == 9 and kinds["unanswerable", "fr"] == 2


@pytest.mark.parametrize("entry", [entry for entry in golden() if entry["answerable"]], ids=lambda entry: str(entry["id"]))
def test_golden_answer_stands_in_its_documents(entry: dict[str, Any]) -> None:
    """The quote is literal, the required strings are in the documents, and the point of view admits the documents."""
    documents = entry["documents"]
    assert normalise(entry["quote"]) in visible(documents[0])
    for text in entry["must"]:
        found = [text in visible(name) for name in documents]
        assert any(found) if entry["kind"] == "two_documents" else all(found), text
    search = SearchScope(date.fromisoformat(entry["as_of"]) if entry["as_of"] else TODAY, entry["audience"], entry["region"])
    assert all(admitted(name, normalise(entry["quote"]) if name == documents[0] else "", search) for name in documents)
    assert entry["audience"] == ("internal" if entry["kind"] == "agent_only" else "public")
    assert not any(text in entry["quote"] for text in entry["must_not"])


def test_unanswerable_questions_expect_nothing() -> None:
    """A question without an answer names no document and no text."""
    blank = [entry for entry in golden() if not entry["answerable"]]
    assert {entry["kind"] for entry in blank} == {"unanswerable"}
    assert all(not (entry["documents"] or entry["quote"] or entry["must"] or entry["must_not"]) for entry in blank)


def test_planted_facts_stand_in_their_documents() -> None:
    """At least 25 facts are planted, each with its value inside a literal quote."""
    facts = planted()["policies"]
    assert len(facts) >= 25
    assert len({fact["id"] for fact in facts}) == len(facts)
    assert [fact["id"] for fact in facts if normalise(fact["quote"]) not in visible(fact["document"])] == []
    assert [fact["id"] for fact in facts if fact["value"] not in fact["quote"]] == []


def test_superseded_policy() -> None:
    """The new policy names the old one, and their periods meet without a gap or an overlap."""
    special = planted()["special_policies"]["superseded"]
    new, old = (as_scope(front_matter(special[key]), "public") for key in ("superseded_by", "document"))
    assert special["document"] in new.supersedes
    assert new.effective_from is not None and old.effective_to is not None
    assert (new.effective_from - old.effective_to).days == 1
    assert special["quote_then"] in visible(special["document"]) and special["quote_now"] in visible(special["superseded_by"])
    assert special["value_now"] not in visible(special["document"])


def test_regional_rule() -> None:
    """The regional policy is found inside its region only."""
    special = planted()["special_policies"]["regional"]
    scope = as_scope(front_matter(special["document"]), "public")
    assert admits(scope, SearchScope(TODAY, region=special["region"]))
    assert not admits(scope, SearchScope(TODAY)) and not admits(scope, SearchScope(TODAY, region="US"))
    assert special["value_in_region"] in special["quote"] and special["quote"] in visible(special["document"])


def test_date_limited_document() -> None:
    """The date-limited policy is found in its season only."""
    special = planted()["special_policies"]["date_limited"]
    scope = as_scope(front_matter(special["document"]), "public")
    assert admits(scope, SearchScope(date.fromisoformat(special["as_of"])))
    assert not admits(scope, SearchScope(TODAY))
    assert special["value"] in special["quote"] and special["quote"] in visible(special["document"])


def test_answer_that_needs_two_documents() -> None:
    """The values of the two-document answer are spread over both of its documents; neither holds all of them."""
    special = planted()["special_policies"]["two_documents"]
    texts = [visible(name) for name in special["documents"]]
    assert len(texts) == 2
    assert all(any(value in text for text in texts) for value in special["values"])
    assert not any(all(value in text for value in special["values"]) for text in texts)
    assert all(any(quote in text for text in texts) for quote in special["quotes"])


def test_planted_contradiction() -> None:
    """The English FAQ says hand wash only, against the manual of the air fryer."""
    special = planted()["special_policies"]["contradiction"]
    row = next(row for row in faq_rows() if row["question"] == special["question"])
    assert special["values"][0] in row["answer"] and special["quote"] in row["answer"]
