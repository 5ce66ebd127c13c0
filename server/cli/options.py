"""The options that several commands share."""

from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from kb.layout import version_id
from kb.region import ALLOWED, region_code
from kb.scope import AUDIENCES, Audience, SearchScope
from kb.text.language_code import known_language
from server.cli.problem import UsageProblemError
from server.settings import Settings, load_settings

Data: TypeAlias = Annotated[
    Path | None, typer.Option("--data", help="The data folder. \\[default: CITEDESK_DATA or ./var/data]", file_okay=False)
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line; all else goes to standard error.")]
Region: TypeAlias = Annotated[str | None, typer.Option("--region", help="Whose rules hold, such as FR or US; a country's name will do.")]
AsOf: TypeAlias = Annotated[str | None, typer.Option("--as-of", help="The day whose rules hold, such as 2026-11-23. \\[default: today]")]
Channel: TypeAlias = Annotated[str | None, typer.Option("--channel", help="The sales channel asked about.")]
Product: TypeAlias = Annotated[str | None, typer.Option("--product", help="The product asked about.")]
Language: TypeAlias = Annotated[str | None, typer.Option("--language", help="The answer's language, such as en or zh.")]
AudienceName: TypeAlias = Annotated[str, typer.Option("--audience", help=f"Who asks: {' or '.join(AUDIENCES)}.")]
Who: TypeAlias = Annotated[str | None, typer.Option("--who", help="Who does it. \\[default: the user's name]")]


def normal_version(text: str | None) -> str | None:
    """A version's id with its leading zeros: ``7`` becomes ``000007``. What is no number stays as it is."""
    return version_id(int(text)) if text is not None and text.isascii() and text.isdecimal() else text


_ID_HELP = "The version's id, with or without leading zeros."
VersionId: TypeAlias = Annotated[str | None, typer.Argument(metavar="VERSION", help=_ID_HELP, show_default=False, callback=normal_version)]


def settings_for(data: Path | None, **overrides: object) -> Settings:
    """The settings, with a data folder given on the command line above them. Raises ConfigurationError."""
    return load_settings(data=data, **overrides)


def parse_audience(name: str) -> Audience:
    """The audience called ``name``. Raises UsageProblemError."""
    for audience in AUDIENCES:
        if audience == name:
            return audience
    raise UsageProblemError(f"'{name}' is not an audience. Use --audience {' or --audience '.join(AUDIENCES)}.")


def parse_day(text: str | None, settings: Settings) -> date:
    """The day written as ``text``, or today in the shop's time zone. Raises UsageProblemError."""
    if text is None:
        return settings.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageProblemError(f"'{text}' is not a day. Write it as --as-of 2026-11-23.") from None


def parse_region(text: str | None, settings: Settings) -> str | None:
    """The code of the region called ``text``, or the shop's own without any. Raises UsageProblemError for what can be none at all."""
    if text is None:
        return settings.default_region
    code = region_code(text)
    if code is None:
        raise UsageProblemError(f"'{text}' is not a region. Write {ALLOWED}, or a region that the documents name.")
    return code


def parse_language(text: str | None) -> str | None:
    """The usual code of the language that the tag ``text`` begins with. Raises UsageProblemError."""
    if text is None:
        return None
    code = known_language(text)
    if code is None:
        raise UsageProblemError(f"'{text}' is not a language. Write its ISO 639 code, such as --language en, fr or zh.")
    return code


def parse_scope(
    settings: Settings, audience: str, region: str | None, as_of: str | None, channel: str | None, product: str | None
) -> SearchScope:
    """The point of view that the options describe. Raises UsageProblemError."""
    return SearchScope(parse_day(as_of, settings), parse_audience(audience), parse_region(region, settings), channel, product)
