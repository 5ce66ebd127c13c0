"""Asks an OpenAI-compatible server which model it serves."""

import httpx

from server.llm.errors import LlmServerError

SECONDS = 10.0


def listed_model(url: str, key: str | None = None) -> str:
    """The first model that the server at ``url`` (ends in ``/v1``) lists. Raises LlmServerError when it names none."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with httpx.Client(timeout=SECONDS, trust_env=False) as client:
            reply = client.get(f"{url}/models", headers=headers)
        reply.raise_for_status()
        return str(reply.json()["data"][0]["id"])
    except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
        raise LlmServerError(
            f"The server at {url} does not say which model it serves ({error or type(error).__name__}). Check the address and "
            "CITEDESK_LLM_KEY, or name the model with --llm (or CITEDESK_LLM_MODEL) to go on without asking."
        ) from error
