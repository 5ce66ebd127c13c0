"""How a document is named on the command line."""

from server.cli.problem import UsageProblemError


def checked_name(name: str) -> str:
    """``name``, if it can be a document's. Raises UsageProblemError: what names nothing would be found nowhere, and look deleted."""
    from kb.forgetting import document_ids

    if not document_ids(name):
        raise UsageProblemError(f"'{name}' names no document. Write its id (20 hexadecimal digits), or its source and path.")
    return name
