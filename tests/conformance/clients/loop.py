"""A client under test as a process: JSON lines in, JSON lines out, as long as its standard input is open.

The request is ``{"op": …, "base_url": …, "key": …, "arguments": {…}}``, the reply what the operation gave. A client's exception
is a reply too: its class and what it makes known of the response.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

Operation = Callable[..., Any]


def serve(operations: dict[str, Operation], versions: dict[str, str]) -> None:
    """Answer until the input ends. The first line tells which versions of which packages are under test."""
    out, sys.stdout = sys.stdout, sys.stderr  # whatever a library prints is not to be taken for a reply
    print(json.dumps(versions), file=out, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(_outcome(operations[request.pop("op")], request)), file=out, flush=True)


def _outcome(operation: Operation, request: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"value": operation(request["base_url"], request["key"], **request["arguments"])}
    except Exception as error:  # noqa: BLE001 - the reply
        return {"error": _told(error)}


def _told(error: Exception) -> dict[str, Any]:
    response = getattr(error, "response", None)
    told = {name: getattr(error, name, None) for name in ("status_code", "code", "param", "type", "request_id")}
    headers = {name.lower(): value for name, value in response.headers.items()} if response is not None else {}
    plain = {name: value if isinstance(value, str | int | None) else str(value) for name, value in told.items()}
    return {"class": type(error).__name__, "message": str(error), "headers": headers} | plain
