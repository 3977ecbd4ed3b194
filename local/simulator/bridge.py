"""The bridge contract, as docs/platform-bridge.md tells it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from urllib.parse import urlsplit

from local.simulator import signing
from local.simulator.books import Books
from local.simulator.exchange import Answer, Problem, Request, Routes, malformed
from local.simulator.faults import FIND, OTHER, Faults
from local.simulator.fields import Fields
from local.simulator.model import Account, Json, Message, iso
from local.simulator.sending import Sending, pass_through

_CAPABILITIES = ("send", "find", "messages", "fans", "content", "statistics", "events")
_PICTURES = 24
_MOST = 200


class Bridge:
    """What the holder of a token may ask of an account."""

    def __init__(self, books: Books, faults: Faults, sending: Sending) -> None:
        self._books = books
        self._faults = faults
        self.routes = Routes(
            {
                "GET /v1/time": self._time,
                "GET /v1/account": self._account,
                "POST /v1/messages": sending.send,
                "GET /v1/messages": self._messages,
                "GET /v1/fans": self._fans,
                "GET /v1/content": self._content,
                "GET /v1/statistics": self._statistics,
                "PUT /v1/webhook": self._set_webhook,
                "DELETE /v1/webhook": self._forget_webhook,
            }
        )

    def _time(self, _: Request) -> Answer:
        return Answer(200, {"now": int(self._books.now() * 1000)})

    def _account(self, request: Request) -> Answer:
        account = self._opened(request)
        settings, ends = account.settings, account.session_expires_at
        signed_in = self._signed_in(account)
        return Answer(
            200,
            {
                "userId": account.id,
                "username": settings.username,
                "platform": settings.platform,
                "capabilities": [each for each in _CAPABILITIES if each != "find" or settings.find],
                "limits": {"messages": settings.messages, "seconds": settings.seconds},
                "signedIn": signed_in,
                "sessionExpiresAt": iso(ends) if ends and signed_in else None,
            },
        )

    def _messages(self, request: Request) -> Answer:
        if "clientReference" in request.query:
            return self._find(request, request.query["clientReference"])
        account = self._inside(request)
        recipient = request.query.get("recipient")
        with self._books.lock:
            found = [m for m in account.messages if recipient is None or m.recipient == recipient]
        return _page(request, "messages", [message.shown() for message in reversed(found)])

    def _find(self, request: Request, reference: str) -> Answer:
        """The bridge's own memory: it needs no session of the platform."""
        account = self._opened(request, FIND)
        if not account.settings.find:
            raise Problem(501, "not_supported", "this bridge cannot look a message up by its client reference")
        found = account.accepted.get(reference)
        return Answer(200, {"messages": [_found(found)] if found else []})

    def _fans(self, request: Request) -> Answer:
        account = self._inside(request)
        with self._books.lock:
            fans = sorted(account.fans.values(), key=lambda fan: fan.id)
        return _page(request, "fans", [_renamed(asdict(fan)) for fan in fans])

    def _content(self, request: Request) -> Answer:
        username = self._inside(request).settings.username
        pictures = [
            {
                "contentId": f"{username}-{number:03}",
                "type": "image",
                "url": f"https://media.example.com/{username}/{number:03}.jpg",
                "title": f"Picture {number}",
            }
            for number in range(1, _PICTURES + 1)
        ]
        return _page(request, "content", pictures)

    def _statistics(self, request: Request) -> Answer:
        account = self._inside(request)
        begin, end = (_moment(request, name, default) for name, default in (("from", 0.0), ("to", self._books.now())))
        with self._books.lock:
            earned = [earning for earning in account.earnings if begin <= earning.at < end]
            messages = [message for message in account.messages if begin <= message.at < end]
            fans = list(account.fans.values())
        cents = {kind: sum(e.cents for e in earned if e.kind == kind) for kind in ("subscription", "purchase", "tip")}
        return Answer(
            200,
            {
                "from": iso(begin),
                "to": iso(end),
                "currency": "USD",
                "earnedCents": cents,
                "messagesSent": sum(message.direction == "out" for message in messages),
                "messagesReceived": sum(message.direction == "in" for message in messages),
                "fans": len(fans),
                "subscribers": sum(fan.subscribed for fan in fans),
            },
        )

    def _set_webhook(self, request: Request) -> Answer:
        account = self._opened(request)
        fields = Fields(request.json())
        url, secret = fields.text("url"), fields.text("secret")
        fields.end()
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise malformed("url must be a web address")
        try:
            signing.key_of(secret)
        except ValueError as error:
            raise malformed(str(error)) from None
        self._books.record("webhook", account=account.id, webhook={"url": url, "secret": secret})
        self._books.sync()
        return Answer(204)

    def _forget_webhook(self, request: Request) -> Answer:
        self._books.record("webhook", account=self._opened(request).id, webhook=None)
        self._books.sync()
        return Answer(204)

    def _opened(self, request: Request, kind: str = OTHER) -> Account:
        """The account that the token opens, after what befalls this request."""
        account = self._books.account_of(request.token)
        if account is None:
            raise Problem(401, "bad_token", "nobody is known by this token")
        pass_through(self._faults.draw(account.id, kind))
        return account

    def _inside(self, request: Request) -> Account:
        """The same, for what needs the platform's session."""
        account = self._opened(request)
        if not self._signed_in(account):
            raise Problem(401, "login_expired", "the account must sign in to the platform again")
        return account

    def _signed_in(self, account: Account) -> bool:
        return account.signed_in and not self._faults.login_expired(account.id)


def _page(request: Request, name: str, things: Sequence[Json]) -> Answer:
    """A part of a list, and where the next begins. What is new is at the front, so a cursor counts from the end."""
    limit = max(request.number("limit", 50, most=_MOST), 1)
    left = min(request.number("cursor", len(things), most=10**9), len(things))
    begin = len(things) - left
    rest = left - limit
    return Answer(200, {name: things[begin : begin + limit], "nextCursor": str(rest) if rest > 0 else None})


def _found(message: Message) -> Json:
    return {**message.shown(), "acceptedAt": iso(message.at)}


def _renamed(fan: Json) -> Json:
    return {
        "id": fan["id"],
        "username": fan["username"],
        "name": fan["name"],
        "subscribed": fan["subscribed"],
        "spentCents": fan["spent_cents"],
        "currency": "USD",
        "lastSeenAt": fan["last_seen_at"],
    }


def _moment(request: Request, name: str, default: float) -> float:
    said = request.query.get(name)
    if said is None:
        return default
    try:
        return datetime.fromisoformat(said).timestamp()
    except ValueError:
        raise malformed(f"{name} must be a moment in ISO 8601") from None
