"""A small reverse proxy: one plain address for the API, which the local AWS serves under a host name of its own."""

import http.client
import sys
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self, cast

from local.processes import free_port

# Hop-by-hop headers belong to one connection; the next three are written by our own server.
HOP_BY_HOP = {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "upgrade"}
NOT_FORWARDED = HOP_BY_HOP | {"transfer-encoding", "date", "server", "content-length"}
SECONDS_TO_ANSWER = 60

Header = tuple[str, str]
PLAIN = ("Content-Type", "text/plain; charset=utf-8")


class Proxy(ThreadingHTTPServer):
    """Answers on one port of 127.0.0.1 with what the deployed API answers."""

    daemon_threads = True

    def __init__(self, aws_port: int, api_id: str, *, port: int = 0) -> None:
        super().__init__(("127.0.0.1", free_port(port)), Forward)
        self.aws_port = aws_port
        self.api_host = f"{api_id}.execute-api.127.0.0.1:{aws_port}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, daemon=True, name="proxy").start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hung up before the answer came, as browsers do when somebody goes on, is nothing to tell of."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Forward(BaseHTTPRequestHandler):
    """One connection of a caller."""

    protocol_version = "HTTP/1.1"
    server_version = "huntaze-local"
    disable_nagle_algorithm = True  # or each body waits a fifth of a second for the acknowledgement of its headers

    def forward(self) -> None:
        """Pass one request on and its answer back."""
        length = self.headers.get("Content-Length") or "0"
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self.close_connection = True
            self._answer(411, [PLAIN], b"Say the length of the body.\n")
        else:
            self._answer(*self._ask(self.rfile.read(int(length))))

    def __getattr__(self, name: str) -> Callable[[], None]:
        """The standard library looks a method up by its name: every method is passed on."""
        if name.startswith("do_"):
            return self.forward
        raise AttributeError(name)

    def _ask(self, body: bytes) -> tuple[int, Iterable[Header], bytes]:
        proxy = cast("Proxy", self.server)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        upstream = http.client.HTTPConnection("127.0.0.1", proxy.aws_port, timeout=SECONDS_TO_ANSWER)
        try:
            upstream.request(self.command, self.path, body or None, headers | {"Host": proxy.api_host})
            answer = upstream.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except (OSError, http.client.HTTPException):
            return 502, [PLAIN], b"The local stack does not answer: run ./dev up\n"
        finally:
            upstream.close()

    def _answer(self, status: int, headers: Iterable[Header], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in NOT_FORWARDED:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent: the functions log what matters."""
