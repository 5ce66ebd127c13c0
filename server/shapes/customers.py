"""The proof that a customer's data was deleted."""

from typing import Literal

from pydantic import ConfigDict

from server.shapes.shape import Shape


class Deletion(Shape):
    """What was deleted, and what was looked through afterwards (`server.customers.deletion`). ``sha256`` stands in the audit log."""

    model_config = ConfigDict(extra="allow")

    object: Literal["customer_deletion"]
    complete: bool
    sha256: str
