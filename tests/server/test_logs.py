"""Log lines: JSON, without what a shopper wrote about a person."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from server.logs import configure_logging

PHONE, MAIL, CARD, IDENTITY = "13812345678", "li@mail.example", "4111111111111111", "11010519491231002X"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    written = io.StringIO()
    configure_logging(written)
    yield written
    root.handlers = handlers
    root.setLevel(level)
    logging.getLogger("uvicorn.error").setLevel(logging.NOTSET)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_texts_are_masked_wherever_they_stand_in_an_event(stream: io.StringIO) -> None:
    log = structlog.get_logger("shop")
    path = f"/v1/documents/{MAIL}"
    log.info("mail to li@mail.example", path=path, said={"history": [f"电话{PHONE}", (f"card {CARD}",)], f"id {IDENTITY}": 3})
    assert not any(secret in stream.getvalue() for secret in (PHONE, MAIL, CARD, IDENTITY))
    (line,) = lines(stream)
    assert line["event"] == "mail to [e-mail]" and line["path"] == "/v1/documents/[e-mail]"
    assert line["said"] == {"history": ["电话[phone]", ["card [card]"]], "id [ID number]": 3}


def test_the_standard_librarys_arguments_and_tracebacks_are_masked(stream: io.StringIO) -> None:
    try:
        raise ValueError(f"no account {MAIL} with phone {PHONE}")
    except ValueError:
        logging.getLogger("library").exception("Failed for %s, 身份证%s", MAIL, IDENTITY)
    assert not any(secret in stream.getvalue() for secret in (PHONE, MAIL, IDENTITY))
    assert "[e-mail]" in lines(stream)[0]["event"] and "ValueError" in stream.getvalue()


def test_our_own_fields_and_numbers_stay(stream: io.StringIO) -> None:
    structlog.get_logger("shop").info("request", request_id="req_13812345678", status=200, seconds=0.1234, path="/v1/search", key="sk-1")
    (line,) = lines(stream)
    assert (line["request_id"], line["status"], line["seconds"], line["path"]) == ("req_13812345678", 200, 0.1234, "/v1/search")
    assert line["key"] == "[withheld]" and line["timestamp"][:2] == "20"


def test_paths_are_masked_part_by_part(stream: io.StringIO) -> None:
    structlog.get_logger("shop").info("request", path=f"/v1/models/{PHONE}/{PHONE}/{CARD}", said="order 13812345678")
    (line,) = lines(stream)
    assert line["path"] == "/v1/models/[phone]/[phone]/[card]" and line["said"] == "order 13812345678"


def test_keys_and_configured_secrets_never_stand_in_a_line() -> None:
    written, key = io.StringIO(), f"cd_live_0123456789ab_{'x-Y_' * 10}abc"
    handlers = logging.getLogger().handlers
    configure_logging(written, secrets=("sk-1", "sk-1-longer", ""))
    structlog.get_logger("shop").info(f"refused {key}", said=["the key sk-1-longer", {"sk-1": 1}], path=f"/v1/models/{key}")
    logging.getLogger().handlers = handlers
    structlog.reset_defaults()
    line = json.loads(written.getvalue())
    assert line["event"] == "refused [withheld]" and line["said"] == ["the key [withheld]", {"[withheld]": 1}]
    assert line["path"] == "/v1/models/[withheld]" and "sk-1" not in written.getvalue()


def test_phone_regions_are_those_configured() -> None:
    written = io.StringIO()
    handlers = logging.getLogger().handlers
    configure_logging(written, phone_regions=("FR",))
    structlog.get_logger("shop").info("le 06 12 34 56 78")
    logging.getLogger().handlers = handlers
    structlog.reset_defaults()
    assert json.loads(written.getvalue())["event"] == "le [phone]"


def test_no_id_of_a_passage_is_taken_for_a_number_of_somebody(stream: io.StringIO) -> None:
    ids = [f"{CARD}abcdef00", f"{PHONE}abcdef0123456", "110105194912310020abcdef"]
    structlog.get_logger("shop").info("passages", retrieved=[ids], cited=ids)
    (line,) = lines(stream)
    assert line["retrieved"] == [ids] and line["cited"] == ids
