"""HTTP before the platform: one thread for each connection."""

import contextlib
import json
import socket
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from local.simulator.exchange import Answer, Problem, Request, malformed
from local.simulator.platform import Platform

_LARGEST = 4 * 1024 * 1024


class Server(ThreadingHTTPServer):
    """Answers on one port of 127.0.0.1."""

    daemon_threads = True
    request_queue_size = 1024  # a storm must fail by what we decide, not by a full queue

    def __init__(self, platform: Platform, port: int) -> None:
        super().__init__(("127.0.0.1", port), Connection)
        self.platform = platform

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers may go away whenever they like; everything else is told."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Connection(BaseHTTPRequestHandler):
    """One connection of a caller."""

    protocol_version = "HTTP/1.1"
    server_version = "huntaze-simulated-platform"
    disable_nagle_algorithm = True
    timeout = 120

    def _serve(self) -> None:
        platform = cast("Server", self.server).platform
        answer = self._answer_of(platform)
        if answer is None:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = b"" if answer.body is None else json.dumps(answer.body, ensure_ascii=False).encode()
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Bridge-Time", platform.bridge_time())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815  (the standard library's names)

    def _answer_of(self, platform: Platform) -> Answer | None:
        length = self.headers.get("Content-Length") or "0"
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length) > _LARGEST:
            self.close_connection = True
            return malformed("say the length of the body, up to 4 MiB").answer()
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            return None  # the caller went away in the middle of it: nothing was asked
        try:
            return platform.serve(Request.read(self.command, self.path, self.headers.get("Authorization"), body))
        except Exception:  # noqa: BLE001  (a fault of our own must not look like one that was ordered)
            traceback.print_exc()
            return Problem(500, "simulator_broken", "see the simulator's own log").answer()

    def log_message(self, *_: object) -> None:
        """Stay silent: the journal tells what happened."""
