"""The words of a prompt: the macros of a template beside this file."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER = Path(__file__).parent


class Words:
    """What the macros of one template say."""

    def __init__(self, template: str) -> None:
        """``template`` is the file's name. A macro that names what it is not given is an error."""
        loader = FileSystemLoader(_FOLDER)
        environment = Environment(loader=loader, undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
        self._macros = environment.get_template(template).module

    def say(self, macro: str, *values: object) -> str:
        """The text of ``macro`` for ``values``, without space around it."""
        return str(getattr(self._macros, macro)(*values)).strip()
