"""A PostgreSQL server of our own on loopback, which asks for a password, and fresh databases on it."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from pydantic import SecretStr

from tests.processes import eventually

PASSWORD = "pg-zebra-7f3a"
_USER = "shop"
_HOUSES = "/usr/lib/postgresql/*/bin"
_UNPRIVILEGED = "nobody"
# Durability of a machine that loses power is not what is tried here; a test's database is made anew each time.
_OPTIONS = ("fsync=off", "full_page_writes=off", "unix_socket_directories=", "listen_addresses=127.0.0.1", "max_connections=60")


def postgres_programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``, the newest there is."""
    found = shutil.which("initdb")
    houses = sorted(Path("/").glob(_HOUSES.removeprefix("/")), key=lambda house: float(house.parent.name))
    houses += [Path(found).resolve().parent] if found else []
    return next((house for house in reversed(houses) if (house / "initdb").exists() and (house / "postgres").exists()), None)


class PostgresServer:
    """A server that runs. ``stop`` and ``start`` are an outage."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._made = 0
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def prepare(self) -> None:
        """Make the cluster."""
        secret = self._folder / "password"
        secret.write_text(PASSWORD)
        if os.getuid() == 0:
            for path in (self._folder, secret):
                shutil.chown(path, _UNPRIVILEGED)
        options = ("--auth=scram-sha-256", f"--username={_USER}", f"--pwfile={secret}", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        self._run([str(self._programs / "initdb"), "-D", str(self._folder / "cluster"), *options]).communicate(timeout=120)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [part for option in (*_OPTIONS, f"port={self.port}") for part in ("-c", option)]
        self._process = self._run([str(self._programs / "postgres"), "-D", str(self._folder / "cluster"), *options])
        assert eventually(self._answers, 60), "PostgreSQL did not start"

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        if self._process is not None:
            self._process.send_signal(2)  # SIGINT: its "fast shutdown"
            self._process.wait(60)
            self._process = None

    def new_database(self) -> SecretStr:
        """The URL of an empty database."""
        self._made += 1
        name = f"state{self._made}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def url(self, database: str = "postgres", password: str = PASSWORD) -> SecretStr:
        """How to reach a database."""
        return SecretStr(f"postgresql+psycopg://{_USER}:{password}@127.0.0.1:{self.port}/{database}")

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=_USER, password=PASSWORD, dbname="postgres", autocommit=True, connect_timeout=5
        )

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, command: list[str]) -> "subprocess.Popen[bytes]":
        """Not as root: PostgreSQL refuses."""
        user = _UNPRIVILEGED if os.getuid() == 0 else None
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=user, cwd=self._folder)


@contextmanager
def running_postgres(programs: Path) -> Iterator[PostgresServer]:
    """A server in a folder that its unprivileged user can reach, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="citedesk-postgres-") as folder:
        server = PostgresServer(programs, Path(folder))
        server.prepare()
        server.start()
        try:
            yield server
        finally:
            server.stop()
