"""A bridge at the other end of a real socket, which does to every connection exactly what a test tells it to."""

import json
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from huntaze.platforms.bridge import Bridge
from huntaze.platforms.bridge_clocks import BridgeClocks
from huntaze.platforms.model import Credentials, Door, Letter
from huntaze.runtime.guarded_http import GuardedHttp
from huntaze.runtime.guarded_network import GuardedNetwork

TOKEN = "canary-token-7f3a"
SECRET = "whsec_Y2FuYXJ5LXNlY3JldA=="
TEXT = "canary words for one fan"
FAN = "canary-fan-9"
CREDENTIALS = Credentials(TOKEN, SECRET)
LETTER = Letter(
    UUID("0197a000-0000-7000-8000-000000000001"),
    FAN,
    TEXT,
    1500,
    "USD",
    ({"url": "https://media.example.com/1.jpg", "type": "image"},),
)
NOW = 1_800_000_000_000  # the bridge's clock, in milliseconds


@dataclass(frozen=True)
class Heard:
    """One request as it came in."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Line:
    """One connection at the bridge's end."""

    connection: socket.socket
    over: Event

    def hear(self) -> Heard | None:
        """The next request; None when none comes."""
        received = b""
        while b"\r\n\r\n" not in received:
            came = self.connection.recv(65536)
            if not came:
                return None
            received += came
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += self.connection.recv(65536)
        method, target, _ = first.split(" ")
        return Heard(method, target, headers, body)

    def say(self, content: bytes) -> None:
        self.connection.sendall(content)

    def reset(self) -> None:
        """End it the rude way: the other side sees a reset, not an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def drip(self, content: bytes, every: float) -> None:
        """Say it byte by byte, for as long as anybody listens."""
        for byte in content:
            if self.over.wait(every):
                return
            self.say(bytes([byte]))

    def hang(self) -> None:
        self.over.wait(60)


Act = Callable[[Line, Heard], None]


def told(status: int, body: object = None, **headers: str) -> bytes:
    """An answer as bytes. `Bridge_Time="…"` becomes `Bridge-Time: …`; what is a dict becomes JSON."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    named = {"Content-Type": "application/json", "Bridge-Time": str(NOW)}
    named |= {"Content-Length": str(len(content)), "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return "\r\n".join(lines).encode() + content


def answers(status: int, body: object = None, **headers: str) -> Act:
    return lambda line, _: line.say(told(status, body, **headers))


def refuses(status: int, code: str, **more: object) -> Act:
    return answers(status, {"code": code, "title": TEXT, **more}, Content_Type="application/problem+json")


ACCEPTED: Act = answers(201, {"messageId": "m-1", "acceptedAt": "2026-05-01T10:00:00+00:00"})
TIME: Act = answers(200, {"now": NOW})


@dataclass
class ScriptedBridge:
    """Listens on 127.0.0.1. Unless told otherwise it tells the time and accepts everything."""

    act: Act = ACCEPTED
    time: Act = TIME
    greet: Callable[[socket.socket], socket.socket] = lambda connection: connection
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._over = Event()
        self.port = int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[Heard]:
        """What came in that was to be sent."""
        return [each for each in self.heard if each.method == "POST"]

    def __enter__(self) -> Self:
        Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._socket.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while not self._over.is_set():
                connection, _ = self._socket.accept()
                self.connections += 1
                Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        with suppress(OSError), self.greet(raw) as connection:
            line = Line(connection, self._over)
            if heard := line.hear():
                self.heard.append(heard)
                (self.time if heard.target == "/v1/time" else self.act)(line, heard)


@contextmanager
def nobody() -> Iterator[str]:
    """The address of a port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def door(url: str, token: str = TOKEN) -> Door:
    return Door("onlyfans", url, Credentials(token, SECRET))


def near(**network: Any) -> GuardedHttp:
    """Asks on this machine too."""
    return GuardedHttp(GuardedNetwork(private=True, **network))


def client(http: GuardedHttp | None = None, *, knows: Iterable[str] = (), at: int = NOW) -> Bridge:
    """A client that knows what time it is at these bridges."""
    clocks = BridgeClocks()
    for url in knows:
        clocks.learn(url, at, time.monotonic())
    return Bridge(http or near(), clocks)


def soon(seconds: float = 5) -> float:
    return time.monotonic() + seconds


@dataclass(frozen=True)
class Certificate:
    """A certificate on disk, and those who trust it."""

    file: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        return context

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))


def certificate(folder: Path, *names: str) -> Certificate:
    """A certificate for these names or addresses that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a bridge of the tests")])
    begins = datetime.now(UTC) - timedelta(hours=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "bridge.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return Certificate(file)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
