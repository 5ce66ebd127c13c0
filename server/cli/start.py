"""Where the program begins: loading the command line takes most of a second, in which Ctrl-C must not end in a traceback either."""


def main() -> None:
    """Load the command line and run it. Raises SystemExit."""
    try:
        from server.cli.main import main as run

        run()
    except KeyboardInterrupt:
        raise SystemExit(130) from None  # 128 and the signal's number, as shells have it
