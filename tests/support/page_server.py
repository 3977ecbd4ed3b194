"""The function of the pages behind a port, for a real browser: each request becomes an event, as at the gateway."""

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, cast

from tests.support.browser import Handler, gateway_event

Bait = Callable[[str], tuple[Mapping[str, str], str] | None]


class PageServer(ThreadingHTTPServer):
    """One call at a time, as in a Lambda function. `bait` may answer paths of a test's own, with headers and HTML."""

    daemon_threads = True

    def __init__(self, handler: Handler, bait: Bait = lambda _: None) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.handler = handler
        self.bait = bait
        self.lock = Lock()

    @property
    def origin(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        baited = cast("PageServer", self.server).bait(self.path)
        if baited:
            self._send(200, {"Content-Type": "text/html; charset=utf-8", **baited[0]}, (), baited[1].encode())
        else:
            self._call(None)

    def do_POST(self) -> None:
        self._call(self.rfile.read(int(self.headers["Content-Length"])))

    def _call(self, body: bytes | None) -> None:
        server = cast("PageServer", self.server)
        headers = {name.lower(): value for name, value in self.headers.items()}
        event = gateway_event(self.command, self.path, body, headers, "203.0.113.5")
        with server.lock:
            answer = server.handler(event)
        self._send(answer["statusCode"], answer["headers"], answer["cookies"], base64.b64decode(answer["body"]))

    def _send(self, status: int, headers: Mapping[str, str], cookies: Any, body: bytes) -> None:
        self.send_response(status)
        for name, value in [*headers.items(), *(("Set-Cookie", cookie) for cookie in cookies)]:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(handler: Handler, bait: Bait = lambda _: None) -> Iterator[PageServer]:
    """The pages behind a port, for as long as the block runs."""
    with PageServer(handler, bait) as server:
        Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield server
        server.shutdown()
