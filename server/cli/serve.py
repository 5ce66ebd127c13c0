"""``citedesk serve`` and ``citedesk up``: the HTTP service, and all of it from nothing."""

import errno
import socket
from typing import Annotated, TypeAlias

import typer

from kb.errors import ConfigurationError
from server.cli.ingest import default_workers, run_ingest
from server.cli.llm import Llm, LlmUrl, running_llm
from server.cli.options import Data, Json, settings_for
from server.cli.output import Output
from server.cli.prepare import learn_examples, load_claim_reader_with_notice, load_encoder_with_notice, load_reader_with_notice
from server.cli.state import cli_actor
from server.cli.unread import log_unread_variables
from server.cli.who import default_who
from server.settings import Settings

Host: TypeAlias = Annotated[str | None, typer.Option("--host", help="The address to listen on. \\[default: 127.0.0.1]")]
Port: TypeAlias = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="The port to listen on. \\[default: 8000]")]
_BACKLOG = 2048


def serve(
    data: Data = None, host: Host = None, port: Port = None, llm: Llm = None, llm_url: LlmUrl = None, as_json: Json = False
) -> None:
    """Serve the OpenAI-compatible API. Works before the first ingest, and switches to new versions by itself."""
    serve_until_stopped(settings_for(data, host=host, port=port, llm_url=llm_url), Output(as_json), llm)


def up(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH", help="Folders, files, zip archives or web addresses to ingest first.")
    ] = None,
    data: Data = None,
    host: Host = None,
    port: Port = None,
    llm: Llm = None,
    llm_url: LlmUrl = None,
    as_json: Json = False,
) -> None:
    """Prepare the encoder, ingest the given paths, and serve."""
    from ingest.options import IngestOptions
    from ingest.source import SourceSpec

    output = Output(as_json)
    settings = settings_for(data, host=host, port=port, llm_url=llm_url)
    if paths:
        options = IngestOptions(workers=default_workers(), who=default_who(), why="citedesk up")
        report = run_ingest(settings, [SourceSpec.from_argument(path) for path in paths], options, output, "up")
        if report.version is None:
            raise typer.Exit(report.exit_code)
    serve_until_stopped(settings, output, llm)


def serve_until_stopped(settings: Settings, output: Output, llm: str | None = None) -> None:
    """Listen until SIGTERM or SIGINT, then finish what is under way. ``llm`` is the option ``--llm``.

    Raises ConfigurationError when the port is taken, and LlmServerError when the language model cannot be had.
    """
    from server.app import create_app
    from server.http_server import run_http_server
    from server.logs import configure_logging
    from server.services import open_services
    from server.weakened import weakened

    with listening_socket(settings.host, settings.port) as listener, running_llm(settings, llm, output) as settings:
        configure_logging(phone_regions=settings.phone_regions, secrets=settings.secrets)
        log_unread_variables()
        settings = with_public_url(settings, listener.getsockname()[1])
        encoder = load_encoder_with_notice(settings, output)
        reader = load_reader_with_notice(settings, output)
        claim_reader = load_claim_reader_with_notice(settings, output)
        learn_examples(settings, encoder, output)
        with open_services(settings, encoder, reader, claim_reader) as services:
            output.say(f"Serving {settings.public_base_url}/v1 (knowledge base {services.live.id or 'still empty'}). Stop with Ctrl+C.")
            if services.live.problem is not None:
                output.say(services.live.problem, "yellow")
            told = {"weakened": weakened(settings)}
            services.audit.record(actor=cli_actor(None), action="serve", result="begun", details=told, kb_version=services.live.id)
            output.result({"url": settings.public_base_url, "kb_version": services.live.id, "problem": services.live.problem})
            run_http_server(create_app(services), listener, settings.drain_seconds)


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket bound to ``host`` and ``port`` (0: any free one). Raises ConfigurationError saying what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConfigurationError(f"Port {port} on {host} is taken by another program. Choose another one with --port.") from error
        reason = error.strerror or str(error)
        raise ConfigurationError(f"Cannot listen on {host}, port {port}: {reason}. Choose others with --host and --port.") from error


def with_public_url(settings: Settings, port: int) -> Settings:
    """``settings`` whose public address is where the service really listens, unless the owner has set one."""
    if "public_base_url" in settings.model_fields_set:
        return settings
    reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    bracketed = f"[{reachable}]" if ":" in reachable and not reachable.startswith("[") else reachable
    return settings.model_copy(update={"public_base_url": f"http://{bracketed}:{port}"})
