"""Environment variables that are named like settings and that nobody reads: a misspelt setting must not be ignored in silence."""

from server.cli.output import Output
from server.settings import unread_variables


def say_unread_variables() -> None:
    """Name each on standard error, with the setting that may be meant. Their values stay unsaid: one may be a key."""
    output = Output(as_json=True)
    for variable, nearest in unread_variables().items():
        advice = f"Is {nearest} meant? Correct it or unset it." if nearest else "README.md lists all settings. Correct it or unset it."
        output.say(f"Nobody reads the environment variable {variable}. {advice}", "yellow")


def log_unread_variables() -> None:
    """The same in the server's log, where programs look for it."""
    import structlog

    log = structlog.get_logger(__name__)
    for variable, nearest in unread_variables().items():
        log.warning("unread_variable", variable=variable, nearest=nearest)
