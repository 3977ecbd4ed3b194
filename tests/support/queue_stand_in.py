"""A stand-in before SQS: it passes on what it is asked, or answers as SQS does on a bad day."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

STATUS = {"AccessDenied": 403, "ExpiredToken": 403, "ThrottlingException": 400, "ServiceUnavailable": 503}


class StandIn:
    """What it does is changed by assigning it; `asked` counts requests that put something into a queue."""

    def __init__(self, behind: str) -> None:
        self.behind = urlsplit(behind).netloc
        self.code: str | None = None  # the error that everything is answered with
        self.cuts = 0  # so many answers are lost, after the work was done
        self.asked = 0
        self.address = ""

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes] | None:
        """Status and body; None where the connection just ends."""
        self.asked += "SendMessage" in headers.get("X-Amz-Target", "")
        if self.code:
            told = {"__type": f"com.amazonaws.sqs#{self.code}", "message": "so it is"}
            return STATUS[self.code], json.dumps(told).encode()
        connection = http.client.HTTPConnection(self.behind, timeout=10)
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        status, told_back = answer.status, answer.read()
        connection.close()
        if self.cuts:
            self.cuts -= 1
            return None
        return status, told_back


@contextmanager
def standing_before(endpoint: str) -> Iterator[StandIn]:
    """One stand-in, on a port of its own."""
    stand_in = StandIn(endpoint)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = stand_in.answer(self.path, dict(self.headers), body)
            self.close_connection = True
            if answer is None:
                return
            self.send_response(answer[0])
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
