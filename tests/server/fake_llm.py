"""A server that behaves like vLLM as far as its supervisor can see: slow to start, with a worker process of its own.

    python fake_llm.py PORT [stubborn] [broken] [never-ready]
"""

import http.server
import os
import signal
import subprocess
import sys


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503 if "never-ready" in sys.argv else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
        """Nothing."""


def main() -> None:
    sys.stderr.write(f"fake server: starting as {os.getpid()}\n")
    if "broken" in sys.argv:
        sys.exit("fake server: no such model")
    if "stubborn" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Health).serve_forever()


main()
