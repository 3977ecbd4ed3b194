"""The bridge contract, as docs/platform-bridge.md tells it."""

from datetime import datetime
from urllib.parse import urlsplit

from local.simulator import lists, signing
from local.simulator.books import Books
from local.simulator.exchange import Answer, Problem, Request, Routes, malformed
from local.simulator.faults import FIND, OTHER, Faults
from local.simulator.fields import Fields
from local.simulator.model import Account, iso
from local.simulator.sending import Sending, pass_through

_CAPABILITIES = ("send", "find", "messages", "fans", "content", "statistics", "events")


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
        return lists.page(request, "messages", [message.shown() for message in reversed(found)])

    def _find(self, request: Request, reference: str) -> Answer:
        """The bridge's own memory: it needs no session of the platform."""
        account = self._opened(request, FIND)
        if not account.settings.find:
            raise Problem(501, "not_supported", "this bridge cannot look a message up by its client reference")
        found = account.accepted.get(reference)
        self._books.sync()  # it may have been accepted a moment ago, and not be on the disk yet
        return Answer(200, {"messages": [lists.found(found)] if found else []})

    def _fans(self, request: Request) -> Answer:
        account = self._inside(request)
        with self._books.lock:
            fans = sorted(account.fans.values(), key=lambda fan: fan.id)
        return lists.page(request, "fans", [lists.fan(fan) for fan in fans])

    def _content(self, request: Request) -> Answer:
        return lists.page(request, "content", lists.content(self._inside(request)))

    def _statistics(self, request: Request) -> Answer:
        account = self._inside(request)
        begin, end = _moment(request, "from", 0.0), _moment(request, "to", self._books.now())
        return Answer(200, lists.statistics(self._books, account, begin, end))

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


def _moment(request: Request, name: str, default: float) -> float:
    said = request.query.get(name)
    if said is None:
        return default
    try:
        return datetime.fromisoformat(said).timestamp()
    except ValueError:
        raise malformed(f"{name} must be a moment in ISO 8601") from None
