"""Messages on their way as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field

from huntaze.addresses import LONGEST_ADDRESS
from huntaze.attachments.model import MOST_ATTACHMENTS, Media, checked
from huntaze.cursors import Bookmarks
from huntaze.delivery.model import Pace, Redriven
from huntaze.messages.model import USUAL_PRIORITY, Queued, Status, Words, Written
from huntaze.messages.schema import MessageBody
from huntaze.outgoing.model import AccountStanding, Decision, Overview, Send, Standing, Today, Troubled, Try
from huntaze.paging import Page
from huntaze.schema import Cents, Incoming, Outgoing, text

MediaUrl = Annotated[str, Field(strict=True, max_length=LONGEST_ADDRESS), AfterValidator(checked)]


MediaUrls = Annotated[list[MediaUrl], Field(strict=True, max_length=MOST_ATTACHMENTS)]
Price = Annotated[Cents, Field(description="What it costs to unlock; 0 is free.")]


class SendBody(Incoming):
    """A message to a fan that the caller approves by sending this."""

    recipient_id: Annotated[str, text(shortest=1, longest=200)] = Field(
        description="The fan's id here, or their id on OnlyFans."
    )
    content: Annotated[str, text(shortest=1, longest=5_000)]
    media_urls: MediaUrls = Field(default_factory=list)
    price_cents: Price = 0
    priority: Annotated[int, Field(strict=True, ge=1, le=10, description="10 is soonest.")] = USUAL_PRIORITY

    def send(self) -> Send:
        """The same in the language of the use case."""
        media = tuple(Media(url) for url in self.media_urls)
        words = Words(text=self.content, price_cents=self.price_cents, media=media)
        return Send(self.recipient_id, Written(words, self.priority))


class RewordingBody(Incoming):
    """What a message says from now on, whole: what is left out is empty. The caller approves it by sending this."""

    content: Annotated[str, text(longest=5_000)] = ""
    media_urls: MediaUrls = Field(default_factory=list)
    price_cents: Price = 0

    def words(self) -> Words:
        """The same in the language of the use case."""
        return Words(text=self.content, price_cents=self.price_cents, media=tuple(map(Media, self.media_urls)))


class ResolutionBody(Incoming):
    """What somebody knows of a message that may have arrived."""

    decision: Annotated[Decision, Field(description="It is there, or it is not and is to be sent again.")]


class TroubledQuery(Incoming):
    """Which stretch of what needs a person is wanted."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before.")] = None


class StandingBody(Outgoing):
    """Where a message stands."""

    message_id: UUID
    status: Status
    queued_at: datetime | None
    estimated_send_time: Annotated[datetime | None, Field(description="Nothing while nobody can say.")]

    @classmethod
    def of(cls, standing: Standing | Queued) -> Self:
        """A message as it is told to who has just let it out or decided about it."""
        message = standing.message
        return cls(
            message_id=message.id,
            status=message.status,
            queued_at=message.queued_at,
            estimated_send_time=standing.estimated_send_time,
        )


class TryBody(Outgoing):
    """One time that a message was handed over."""

    at: datetime
    outcome: Annotated[str | None, Field(description="accepted, refused, not_accepted, unknown, lapsed; or under way.")]
    detail: str | None

    @classmethod
    def of(cls, one: Try) -> Self:
        """The same as the API shows it."""
        return cls.model_validate(one)


class TroubledBody(MessageBody):
    """A message that needs a person."""

    reason: Annotated[str | None, Field(description="Why it is here.")]
    tries: list[TryBody]

    @classmethod
    def troubled(cls, found: Troubled) -> Self:
        """The same as the API shows it."""
        message = MessageBody.of(found.message)
        return cls(**dict(message), reason=found.message.last_error, tries=[TryBody.of(one) for one in found.tries])


class TroubledListBody(Outgoing):
    """What failed and what may have arrived, newest first."""

    messages: list[TroubledBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Troubled], bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        told = [TroubledBody.troubled(found) for found in page.items]
        return cls(messages=told, next_cursor=bookmarks.cursor(page.next))


class TodayBody(Outgoing):
    """What has happened since midnight in the workspace's zone."""

    messages_queued_today: int
    messages_processed_today: Annotated[int, Field(description="Came to an end: sent, failed or unknown.")]
    failure_rate: Annotated[float, Field(description="Which share of these failed, from 0 to 1.")]

    @classmethod
    def of(cls, today: Today) -> Self:
        """The same as the API shows it."""
        return cls(
            messages_queued_today=today.queued,
            messages_processed_today=today.processed,
            failure_rate=today.failure_rate,
        )


class SendingPaceBody(Outgoing):
    """How fast an account may send."""

    messages: int
    seconds: float
    gap_seconds: float

    @classmethod
    def of(cls, pace: Pace) -> Self:
        """The same as the API shows it."""
        return cls.model_validate(pace)


class SendingAccountBody(Outgoing):
    """An account, and how it stands."""

    id: UUID
    platform: str
    status: str
    paused_at: datetime | None
    pause_reason: str | None
    held_until: Annotated[datetime | None, Field(description="Nothing leaves until then, by no decision of a person.")]
    held_reason: str | None
    pace: SendingPaceBody
    tokens_left: Annotated[int | None, Field(description="How many may leave at once; nothing while nobody can say.")]
    next_slot_at: Annotated[
        datetime | None, Field(description="When a reply that is approved now may leave; nothing while none may.")
    ]
    backlog: int

    @classmethod
    def of(cls, account: AccountStanding) -> Self:
        """The same as the API shows it."""
        row = account.row
        return cls(
            id=row.id,
            platform=row.platform,
            status=row.status,
            paused_at=row.paused_at,
            pause_reason=row.pause_reason,
            held_until=row.held_until,
            held_reason=row.held_reason,
            pace=SendingPaceBody.of(row.pace),
            tokens_left=account.tokens_left,
            next_slot_at=account.next_slot_at,
            backlog=row.backlog,
        )


class SendingStatusBody(Outgoing):
    """How sending goes. The first three are the queue's own figures: permits of all workspaces, not messages."""

    queue_depth: Annotated[int | None, Field(description="Permits that wait; nothing while the queue is away.")]
    messages_in_flight: int | None
    dlq_count: int | None
    last_processed_at: datetime | None
    metrics: TodayBody
    backlog: Annotated[int, Field(description="Messages of this workspace that wait.")]
    held: Annotated[str | None, Field(description="Why nothing leaves at all, if that is so.")]
    accounts: list[SendingAccountBody]

    @classmethod
    def of(cls, overview: Overview) -> Self:
        """The same as the API shows it."""
        queue = overview.queue
        return cls(
            queue_depth=queue.waiting if queue else None,
            messages_in_flight=queue.in_flight if queue else None,
            dlq_count=queue.dead_letters if queue else None,
            last_processed_at=overview.last_processed_at,
            metrics=TodayBody.of(overview.today),
            backlog=overview.backlog,
            held=overview.held,
            accounts=[SendingAccountBody.of(account) for account in overview.accounts],
        )


class RedrivenBody(Outgoing):
    """What became of the dead letters."""

    moved: Annotated[int, Field(description="So many are in the queue again.")]
    left: Annotated[int, Field(description="So many were looked at and stay: no permits, or not taken.")]

    @classmethod
    def of(cls, redriven: Redriven) -> Self:
        """The same as the API shows it."""
        return cls.model_validate(redriven)
