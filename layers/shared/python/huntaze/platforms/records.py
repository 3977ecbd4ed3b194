"""What a bridge tells about an account, as our own things."""

from uuid import UUID

from huntaze.platforms.model import (
    AccountFacts,
    Capability,
    Found,
    Limits,
    Passage,
    PlatformContent,
    PlatformFan,
    PlatformMessage,
    Statistics,
)
from huntaze.platforms.told import Told, Unreadable

_LONGEST_NAME = 300
_LONGEST_ADDRESS = 2048
_LONGEST_CURSOR = 2000
_MOST_PER_WINDOW = 10_000
_LONGEST_WINDOW = 86_400
_KNOWN = frozenset(Capability)
_DIRECTIONS = {"in": False, "out": True}


def account(told: Told) -> AccountFacts:
    """Who a token belongs to. What bridges will be able to do one day is passed over."""
    limits = told.inner("limits")
    return AccountFacts(
        user_id=told.name("userId"),
        username=told.name_or_none("username"),
        platform=told.name("platform"),
        capabilities=frozenset(Capability(word) for word in told.words("capabilities") & _KNOWN),
        limits=Limits(limits.number("messages", 1, _MOST_PER_WINDOW), limits.number("seconds", 1, _LONGEST_WINDOW)),
        signed_in=told.flag("signedIn"),
        session_expires_at=told.moment_or_none("sessionExpiresAt"),
    )


def found(told: Told, reference: UUID) -> Found | None:
    """The one message under a reference. A bridge that shows others has not understood the question."""
    messages = told.each("messages")
    if not messages:
        return None
    if len(messages) > 1 or messages[0].reference_or_none("clientReference") != reference:
        raise Unreadable
    return Found(messages[0].name("messageId"), messages[0].moment("acceptedAt"))


def messages(told: Told) -> Passage[PlatformMessage]:
    """A stretch of what was said."""
    return Passage(tuple(_message(each) for each in told.each("messages")), _next(told))


def fans(told: Told) -> Passage[PlatformFan]:
    """A stretch of the fans."""
    return Passage(tuple(_fan(each) for each in told.each("fans")), _next(told))


def content(told: Told) -> Passage[PlatformContent]:
    """A stretch of what was published."""
    return Passage(tuple(_content(each) for each in told.each("content")), _next(told))


def statistics(told: Told) -> Statistics:
    """The numbers of a stretch of time."""
    return Statistics(
        begins_at=told.moment("from"),
        ends_at=told.moment("to"),
        currency=told.currency("currency"),
        subscription_cents=told.number("subscriptionCents"),
        message_cents=told.number("messageCents"),
        tip_cents=told.number("tipCents"),
        other_cents=told.number("otherCents"),
        fans=told.number_or_none("fans"),
        new_fans=told.number_or_none("newFans"),
        lost_fans=told.number_or_none("lostFans"),
    )


def _message(told: Told) -> PlatformMessage:
    direction = told.name("direction")
    if direction not in _DIRECTIONS:
        raise Unreadable
    return PlatformMessage(
        id=told.name("messageId"),
        reference=told.reference_or_none("clientReference"),
        recipient=told.name("recipient"),
        outgoing=_DIRECTIONS[direction],
        text=told.text("text"),
        price_cents=told.number("priceCents"),
        currency=told.currency_or_none("currency"),
        at=told.moment("at"),
    )


def _fan(told: Told) -> PlatformFan:
    return PlatformFan(
        id=told.name("id"),
        username=told.name_or_none("username"),
        name=told.text_or_none("name", _LONGEST_NAME),
        avatar_url=told.text_or_none("avatarUrl", _LONGEST_ADDRESS),
        subscribed=told.flag_or_none("subscribed"),
        spent_cents=told.number_or_none("spentCents"),
        currency=told.currency_or_none("currency"),
        last_seen_at=told.moment_or_none("lastSeenAt"),
    )


def _content(told: Told) -> PlatformContent:
    return PlatformContent(
        id=told.name("id"),
        kind=told.name("kind"),
        title=told.text_or_none("title", _LONGEST_NAME),
        price_cents=told.number("priceCents"),
        currency=told.currency_or_none("currency"),
        published_at=told.moment_or_none("publishedAt"),
    )


def _next(told: Told) -> str | None:
    return told.text_or_none("nextCursor", _LONGEST_CURSOR) or None
