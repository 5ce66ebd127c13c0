"""The forty checks of the OpenAI contract (docs/decisions/0030-conformance.md). A test belongs to the one in its name: ``test_07_…``."""

import re

CHECKS = {
    1: "the list of models",
    2: "one model; an unknown one is model_not_found",
    3: "a completion has all fields, and an id of its own",
    4: "role, content and finish_reason",
    5: "usage adds up",
    6: "the request's id, on errors too",
    7: "headers of a stream",
    8: "each event is one data: line",
    9: "the last event is [DONE]",
    10: "chunks agree on id, created, model, object; choices and index",
    11: "the role comes once, first",
    12: "one finish_reason, on the last choice",
    13: "usage chunk when asked, and only then",
    14: "streamed text equals the whole one",
    15: "Chinese and emoji split at every byte",
    16: "a verified sentence leaves at once",
    17: "a silent model: signs of life, then an error",
    18: "annotations point at their markers",
    19: "streamed annotations equal the whole ones",
    20: "sources on response and finish chunk only; ids resolve",
    21: "every marker has a source and every source a marker",
    22: "wrong, missing and Basic keys",
    23: "a key without the scope",
    24: "every failure in OpenAI's shape, without echo",
    25: "missing and empty messages name the field",
    26: "values out of range name the field",
    27: "an unknown model",
    28: "unknown fields are taken, and none reaches the model",
    29: "content in parts; pictures refused",
    30: "developer and system; other roles refused",
    31: "limits and stop strings reach the model",
    32: "tools and response formats",
    33: "a long history; a question too long",
    34: "rate limit: 429, Retry-After, a repeat succeeds",
    35: "overload: 503, three attempts or one",
    36: "the model dead before its first token",
    37: "the model dies in mid-stream",
    38: "a client that leaves closes the upstream",
    39: "embeddings, base64 and float",
    40: "ten requests through every client",
}
_NAME = re.compile(r"test_(\d\d)_")


def check_of(test: str) -> int | None:
    """The check that a test function belongs to, by its name."""
    found = _NAME.match(test)
    return int(found[1]) if found else None
