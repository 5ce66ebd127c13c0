"""Who runs a command."""

import getpass
import os


def default_who() -> str:
    """The name of the user who runs this, or of their number where it has no name (as in some containers)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
