"""What the bridge's lists and numbers show."""

from collections.abc import Sequence

from local.simulator.books import Books
from local.simulator.exchange import Answer, Request
from local.simulator.model import Account, Fan, Json, Message, iso

_PICTURES = 24
_MOST = 200
_DAY = 86_400
_USUAL_PRICE = 1500


def page(request: Request, name: str, things: Sequence[Json]) -> Answer:
    """A part of a list, and where the next begins. What is new is at the front, so a cursor counts from the end."""
    limit = max(request.number("limit", 50, most=_MOST), 1)
    left = min(request.number("cursor", len(things), most=10**9), len(things))
    begin = len(things) - left
    rest = left - limit
    return Answer(200, {name: things[begin : begin + limit], "nextCursor": str(rest) if rest > 0 else None})


def found(message: Message) -> Json:
    """A message that was asked for by its reference."""
    return {**message.shown(), "acceptedAt": iso(message.at)}


def fan(of: Fan) -> Json:
    """One of the account's fans."""
    return {
        **of.shown(),
        "avatarUrl": None,
        "subscribed": of.subscribed,
        "spentCents": of.spent_cents,
        "currency": "USD",
        "lastSeenAt": of.last_seen_at,
    }


def content(account: Account) -> list[Json]:
    """A few pictures, the newest first, every third of them for sale."""
    end = (account.session_expires_at or 0) // _DAY * _DAY
    return [
        {
            "id": f"{account.id}-{number:03}",
            "kind": "image",
            "title": f"Picture {number}",
            "url": f"https://media.example.com/{account.settings.username}/{number:03}.jpg",
            "priceCents": 0 if number % 3 else _USUAL_PRICE,
            "currency": "USD",
            "publishedAt": iso(max(end - (_PICTURES - number + 40) * _DAY, 0)),
        }
        for number in range(_PICTURES, 0, -1)
    ]


def statistics(books: Books, account: Account, begin: float, end: float) -> Json:
    """What was earned and who came and went, in [begin, end)."""
    with books.lock:
        earned = [each for each in account.earnings if begin <= each.at < end]
        told = [
            each.type for each in books.happenings.values() if each.account == account.id and begin <= each.at < end
        ]
        subscribed = sum(each.subscribed for each in account.fans.values())
    cents = {
        kind: sum(each.cents for each in earned if each.kind == kind) for kind in ("subscription", "message", "tip")
    }
    return {
        "from": iso(begin),
        "to": iso(end),
        "currency": "USD",
        "subscriptionCents": cents["subscription"],
        "messageCents": cents["message"],
        "tipCents": cents["tip"],
        "otherCents": 0,
        "fans": subscribed,
        "newFans": told.count("subscription.started"),
        "lostFans": told.count("subscription.ended"),
    }
