"""What fans do, and what is typed in the platform's own app: into the thread, and to the webhook."""

from dataclasses import asdict, replace

from local.simulator.books import Books
from local.simulator.exchange import malformed
from local.simulator.fields import Fields
from local.simulator.model import Account, Fan, Json, Message, iso
from local.simulator.sending import message_id

KINDS = ("message", "sent", "purchase", "tip", "subscribe", "unsubscribe", "login-expired")
_CURRENCY = "USD"
_USUAL = {"tip": 500, "subscribe": 999}
_EARNED_BY = {"tip.received": "tip", "message.purchased": "message", "subscription.started": "subscription"}


class Happenings:
    """Turns what happened into entries of the books."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def happen(self, account: Account, kind: str, fields: Fields) -> str:
        """Let it happen now; the id of the event. Call it under the lock: what a fan spent is added to what was."""
        if kind == "login-expired":
            fields.end()
            return self.login_expired(account, for_good=True)
        fan = self._fan(account, fields)
        text, cents = fields.text("text", None), fields.whole("amountCents", None)
        about = fields.text("messageId", None)
        media: list[Json] = fields.given("media", [])
        fields.end()
        match kind:
            case "message":
                return self.fan_writes(account, fan, text or "Hello", cents or 0, media)
            case "sent":
                return self._typed_in_the_app(account, fan, text or "Hello", cents or 0, media)
            case "purchase" | "tip":
                return self._fan_pays(account, fan, kind, cents, about)
            case _:
                return self._subscription(account, fan, cents, begins=kind == "subscribe")

    def fan_writes(self, account: Account, fan: Fan, text: str, cents: int = 0, media: list[Json] | None = None) -> str:
        """A fan writes to the creator."""
        with self._books.lock:
            message = self._message(fan, "in", text, cents, media or [])
            data = {"messageId": message.id, "text": text, "media": message.media, "priceCents": cents}
            return self._record(account, "message.received", data, message.at, fan=fan, message=message)

    def reported(self, account: Account, message: Message) -> str:
        """The webhook hears of an accepted send, where the account wants that."""
        with self._books.lock:
            return self._record(account, "message.sent", _sent(message), fan=account.fan(message.recipient))

    def login_expired(self, account: Account, *, for_good: bool) -> str:
        """The platform's session of an account ended: until a new login, or until a fault ends."""
        with self._books.lock:
            if for_good:
                self._books.record("login", account=account.id, signed_in=False)
            return self._record(account, "account.login_expired", {})

    def _typed_in_the_app(self, account: Account, fan: Fan, text: str, cents: int, media: list[Json]) -> str:
        with self._books.lock:
            message = self._message(fan, "out", text, cents, media)
            return self._record(account, "message.sent", _sent(message), message.at, fan=fan, message=message)

    def _fan_pays(self, account: Account, fan: Fan, kind: str, cents: int | None, about: str | None) -> str:
        with self._books.lock:
            payment = f"{kind}_{message_id(self._books.tick())}"
            if kind == "tip":
                data = {"tipId": payment, "messageId": about}
                return self._pay(account, fan, "tip.received", cents or _USUAL["tip"], data)
            offers = (m for m in reversed(account.messages) if m.recipient == fan.id and m.direction == "out")
            offer = next((m for m in offers if (m.id == about if about else m.price_cents)), None)
            amount = cents or (offer.price_cents if offer else 0)
            if not amount:
                raise malformed("amountCents must say what was paid: this fan was offered nothing")
            data = {"purchaseId": payment, "messageId": about or (offer.id if offer else None)}
            return self._pay(account, fan, "message.purchased", amount, data)

    def _subscription(self, account: Account, fan: Fan, cents: int | None, *, begins: bool) -> str:
        with self._books.lock:
            fan, data = replace(fan, subscribed=begins), {"subscriptionId": f"sub_{account.id}_{fan.id}"}
            if begins:
                return self._pay(account, fan, "subscription.started", cents or _USUAL["subscribe"], data)
            return self._record(account, "subscription.ended", data, fan=fan)

    def _pay(self, account: Account, fan: Fan, event: str, cents: int, data: Json) -> str:
        earned = {"kind": _EARNED_BY[event], "cents": cents}
        data = {**data, "amountCents": cents, "currency": _CURRENCY}
        fan = replace(fan, spent_cents=fan.spent_cents + cents)
        return self._record(account, event, data, fan=fan, earned=earned)

    def _message(self, fan: Fan, direction: str, text: str, cents: int, media: list[Json]) -> Message:
        at = self._books.tick()
        return Message(message_id(at), at, fan.id, direction, text, cents, _CURRENCY, media)

    def _record(
        self,
        account: Account,
        event: str,
        data: Json,
        at: float | None = None,
        *,
        fan: Fan | None = None,
        message: Message | None = None,
        earned: Json | None = None,
    ) -> str:
        at = at or self._books.tick()
        if fan:
            fan = replace(fan, last_seen_at=iso(at)) if event != "message.sent" else fan
            data = {"fan": fan.shown(), **data}
        event_id = f"evt_{message_id(at)}"
        self._books.record(
            "happened",
            at=at,
            id=event_id,
            account=account.id,
            type=event,
            data=data,
            listened=account.webhook is not None,
            fan=asdict(fan) if fan else None,
            message=asdict(message) if message else None,
            earned={**earned, "at": at} if earned else None,
        )
        return event_id

    def _fan(self, account: Account, fields: Fields) -> Fan:
        """Whose doing it is; a stranger may bring a name along."""
        fan = account.fan(fields.text("recipient"))
        return replace(fan, username=fields.text("username", fan.username), name=fields.text("name", fan.name))


def _sent(message: Message) -> Json:
    return {
        "messageId": message.id,
        "clientReference": message.reference,
        "text": message.text,
        "priceCents": message.price_cents,
        "currency": message.currency,
        "media": message.media,
    }
