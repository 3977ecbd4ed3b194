"""What each type of event must say, as docs/platform-bridge.md has it. More than that is left alone, for later."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from huntaze.attachments.model import Media, MediaType, checked
from huntaze.errors import FieldError, Invalid
from huntaze.money import Money
from huntaze.schema import Cents, Currency, Moment
from huntaze.webhooks.model import (
    LoginExpired,
    Message,
    MessagePurchased,
    MessageReceived,
    MessageSent,
    Paid,
    Person,
    Said,
    SubscriptionEnded,
    SubscriptionStarted,
    TipReceived,
)

_LONGEST_NAME = 200
_LONGEST_TEXT = 20_000  # what a message may hold that others wrote
_MOST_MEDIA_BYTES = 60_000


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, frozen=True)


def _written_out(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _cut(longest: int) -> BeforeValidator:
    """What is too long is kept as far as it fits: losing the end is better than losing all."""

    def cut(value: object) -> object:
        return value[: longest - 1] + "…" if isinstance(value, str) and len(value) > longest else value

    return BeforeValidator(cut)


def _or_nothing(value: object) -> object:
    return value or ""


Id = Annotated[str, Field(strict=True, min_length=1, max_length=200), BeforeValidator(_written_out)]
Name = Annotated[str | None, Field(strict=True), _cut(_LONGEST_NAME)]


class _Person(_Told):
    id: Id
    username: Name = None
    name: Name = None

    def said(self) -> Person:
        username = (self.username or "").strip().removeprefix("@") or None
        return Person(self.id, username, (self.name or "").strip() or None)


class _Message(_Told):
    message_id: Id
    fan: _Person
    text: Annotated[str, Field(strict=True), _cut(_LONGEST_TEXT), BeforeValidator(_or_nothing)] = ""
    media: Annotated[list[dict[str, Any]], Field(strict=True), BeforeValidator(lambda given: given or [])] = []
    price_cents: Annotated[Cents, BeforeValidator(lambda given: given or 0)] = 0
    currency: Currency | None = None
    client_reference: str | None = None

    def said(self) -> Message:
        media = tuple(_referable(self.media))
        if not self.text and not media:
            raise Invalid.field("data", "says nothing: neither a text nor media that can be referred to")
        return Message(self.message_id, self.fan.said(), self.text, self.price_cents, self.currency, media)

    def reference(self) -> UUID | None:
        """What we may have called it: our own ids are written in one way."""
        with suppress(ValueError):
            if self.client_reference and str(UUID(self.client_reference)) == self.client_reference:
                return UUID(self.client_reference)
        return None


class _Payment(_Told):
    fan: _Person
    amount_cents: Cents
    currency: Currency

    def paid(self, platform_id: str) -> Paid:
        return Paid(platform_id, self.fan.said(), Money(self.amount_cents, self.currency))


class _Purchase(_Payment):
    purchase_id: Id
    message_id: Id


class _Tip(_Payment):
    tip_id: Id


class _Subscription(_Payment):
    subscription_id: Id


class _Ended(_Told):
    fan: _Person


class _Event(_Told):
    at: Moment


class _MessageReceived(_Event):
    data: _Message

    def said(self) -> MessageReceived:
        return MessageReceived(self.at, self.data.said())


class _MessageSent(_Event):
    data: _Message

    def said(self) -> MessageSent:
        return MessageSent(self.at, self.data.said(), self.data.reference())


class _MessagePurchased(_Event):
    data: _Purchase

    def said(self) -> MessagePurchased:
        return MessagePurchased(self.at, self.data.paid(self.data.purchase_id), self.data.message_id)


class _TipReceived(_Event):
    data: _Tip

    def said(self) -> TipReceived:
        return TipReceived(self.at, self.data.paid(self.data.tip_id))


class _SubscriptionStarted(_Event):
    data: _Subscription

    def said(self) -> SubscriptionStarted:
        return SubscriptionStarted(self.at, self.data.paid(self.data.subscription_id))


class _SubscriptionEnded(_Event):
    data: _Ended

    def said(self) -> SubscriptionEnded:
        return SubscriptionEnded(self.at, self.data.fan.said())


class _LoginExpired(_Event):
    def said(self) -> LoginExpired:
        return LoginExpired(self.at)


_KINDS: Mapping[str, Any] = {
    "message.received": _MessageReceived,
    "message.sent": _MessageSent,
    "message.purchased": _MessagePurchased,
    "tip.received": _TipReceived,
    "subscription.started": _SubscriptionStarted,
    "subscription.ended": _SubscriptionEnded,
    "account.login_expired": _LoginExpired,
}


def read(kind: str, payload: Mapping[str, Any]) -> Said | None:
    """What an event says; None of a type that is not known, Invalid when it does not say what its type must say."""
    form = _KINDS.get(kind)
    if form is None:
        return None
    try:
        said: Said = form.model_validate(payload).said()
    except ValidationError as error:
        raise Invalid(_failing(error)) from None
    return said


def _failing(error: ValidationError) -> Iterable[FieldError]:
    """By field and rule, never by value."""
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        yield FieldError(".".join(map(str, fault["loc"]))[:100], fault["msg"].removeprefix("Value error, "))


def _referable(given: Iterable[Mapping[str, Any]]) -> Iterable[Media]:
    """Media whose addresses may be referred to; the words that came with the others are worth keeping."""
    left = _MOST_MEDIA_BYTES
    for one in given:
        url, kind = one.get("url"), one.get("type")
        with suppress(ValueError):
            if isinstance(url, str) and len(checked(url)) <= left:
                left -= len(url) + 50
                yield Media(url, MediaType(kind) if kind in set(MediaType) else None)
