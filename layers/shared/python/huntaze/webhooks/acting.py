"""What each event does to the rows, inside one transaction: the same in whatever order, and nothing when done again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.delivery import elsewhere
from huntaze.fans.model import SubscriptionStatus
from huntaze.messages import receiving
from huntaze.messages.model import Content
from huntaze.messages.model import Told as ToldMessage
from huntaze.money import Money
from huntaze.payments.model import Kind, Payment
from huntaze.webhooks import meeting
from huntaze.webhooks.meeting import Meeting
from huntaze.webhooks.model import (
    Kept,
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

_USUAL_CURRENCY = "USD"  # of both platforms that tell prices of messages without one


class MessageStore(receiving.ToldMessages, Protocol):
    """The messages of one workspace, inside one transaction."""

    def is_ours(self, message_id: UUID, account_id: UUID) -> bool:
        """Whether it is a message of this workspace's own to be sent through this account."""
        ...


class PaymentStore(Protocol):
    """The payments of one workspace, inside one transaction."""

    def add(self, payment: Payment, payment_id: UUID) -> bool:
        """Book a payment, once for each id of the platform's; whether it was not booked before."""
        ...

    def count(self, payment: Payment, fan_ids: Sequence[UUID]) -> bool:
        """Add it to the value of who paid, and of those who are shown for them; False where it is in there already."""
        ...


class AttemptStore(elsewhere.Attempts, Protocol):
    """What becomes of messages of ours."""

    def told(self, message_id: UUID, platform_message_id: str, at: datetime) -> bool:
        """The platform tells by itself that it has the message; whether that was news."""
        ...


class SignInStore(Protocol):
    """Whether accounts are signed in."""

    def signed_out(self, connection_id: UUID, at: datetime) -> bool:
        """The platform has signed the account out; False when it is out already, or in again since."""
        ...


class Stores(meeting.Stores, Protocol):
    """What a transaction gives to these acts."""

    @property
    def messages(self) -> MessageStore:
        """What is said."""
        ...

    @property
    def payments(self) -> PaymentStore:
        """What is paid."""
        ...

    @property
    def attempts(self) -> AttemptStore:
        """What becomes of what we send."""
        ...

    @property
    def webhooks(self) -> SignInStore:
        """How the accounts stand that events come through."""
        ...


# (the transaction, the account, the message, when it was sent): it has used one of the account's tokens.
SpentElsewhere = Callable[[Stores, UUID, UUID, datetime], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """One event that is being done, and the transaction that it is done in."""

    stores: Stores
    workspace_id: UUID
    event: Kept


class Acting:
    """What is written down of each event."""

    def __init__(self, who: Meeting, spent_elsewhere: SpentElsewhere, new_id: Callable[[], UUID]) -> None:
        self._meeting = who
        self._spent_elsewhere = spent_elsewhere
        self._new_id = new_id

    def act(self, scene: Scene, said: Said) -> bool:
        """Write down what an event says; whether it was news."""
        match said:
            case MessageReceived(at, message):
                return self._received(scene, message, at)
            case MessageSent(at, message, reference):
                return self._sent(scene, message, reference, at)
            case MessagePurchased(at, paid, message_id):
                return self._paid(scene, Kind.PPV, paid, at, message_id)
            case TipReceived(at, paid):
                return self._paid(scene, Kind.TIP, paid, at)
            case SubscriptionStarted() | SubscriptionEnded():
                return self._subscription(scene, said)
            case LoginExpired(at):
                return scene.stores.webhooks.signed_out(scene.event.connection_id, at)

    def _received(self, scene: Scene, message: Message, at: datetime) -> bool:
        stores = scene.stores
        met, place = self._meeting.talk(stores, scene.workspace_id, scene.event, message.person)
        is_news = receiving.keep_received(stores, self._new_id(), _told(scene.event, place, message, at))
        if is_news:
            stores.followers.seen(met.people, at)
            self._note_message(stores, met.people, at)
        return is_news

    def _sent(self, scene: Scene, message: Message, reference: UUID | None, at: datetime) -> bool:
        """Sent by us: a late answer. Sent by anybody else: kept, and one of the account's tokens is used."""
        stores, account_id = scene.stores, scene.event.connection_id
        if reference is not None and stores.messages.is_ours(reference, account_id):
            return stores.attempts.told(reference, message.id, at)
        met, place = self._meeting.talk(stores, scene.workspace_id, scene.event, message.person)
        message_id = self._new_id()
        is_news = receiving.keep_sent_elsewhere(stores, message_id, _told(scene.event, place, message, at))
        if is_news:
            self._note_message(stores, met.people, at)
            self._spent_elsewhere(stores, account_id, message_id, at)
        return is_news

    def _paid(self, scene: Scene, kind: Kind, paid: Paid, at: datetime, message_id: str | None = None) -> bool:
        met = self._meeting.meet(scene.stores, scene.workspace_id, scene.event, paid.person)
        payment = Payment(
            kind=kind,
            platform=scene.event.platform,
            platform_id=paid.id,
            fan_id=met.fan_id,
            amount=paid.amount,
            at=at,
            platform_message_id=message_id,
        )
        if not scene.stores.payments.add(payment, self._new_id()):
            return False
        scene.stores.payments.count(payment, met.people)
        scene.stores.followers.seen(met.people, at)
        return True

    def _subscription(self, scene: Scene, said: SubscriptionStarted | SubscriptionEnded) -> bool:
        if isinstance(said, SubscriptionEnded):
            return self._subscribed(scene, said.person, SubscriptionStatus.EXPIRED, said.at)
        is_booked = self._paid(scene, Kind.SUBSCRIPTION, said.paid, said.at)
        return self._subscribed(scene, said.paid.person, SubscriptionStatus.ACTIVE, said.at) or is_booked

    def _subscribed(self, scene: Scene, person: Person, status: SubscriptionStatus, at: datetime) -> bool:
        met = self._meeting.meet(scene.stores, scene.workspace_id, scene.event, person)
        return scene.stores.followers.subscribed(met.people, status, at)

    def _note_message(self, stores: Stores, people: Sequence[UUID], at: datetime) -> None:
        for fan_id in people:
            stores.fans.note_message(fan_id, at)


def _told(event: Kept, place: UUID, message: Message, at: datetime) -> ToldMessage:
    price = Money(message.price_cents, message.currency or _USUAL_CURRENCY)
    return ToldMessage(
        conversation_id=place,
        platform_message_id=message.id,
        content=Content(message.text, price, message.media),
        occurred_at=at,
        account_id=event.connection_id,
    )
