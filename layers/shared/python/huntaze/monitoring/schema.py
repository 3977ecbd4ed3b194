"""Health as the API tells it: one word for each part, its figures, and what to do."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, computed_field

from huntaze.connections.model import ConnectionState
from huntaze.fans.model import Platform
from huntaze.monitoring.model import Condition, Health, Trouble
from huntaze.schema import Outgoing

_RETRY_AFTER = 5
ADVICE = {
    Trouble.NO_ANSWER: "It does not answer in its time. Nothing is lost: what waits goes on once it is back.",
    Trouble.NOT_TOLD: "Only the database can say, and it is away.",
    Trouble.PERMITS_WAITING: "Many permits are due and not taken: see whether huntaze-rate-limiter runs.",
    Trouble.DEAD_LETTERS: "Permits failed ten times: mend the cause, then put them back by redrive.",
    Trouble.OUTBOX_OLD: "A permit should have fired long ago: see whether huntaze-relay and huntaze-rate-limiter run.",
    Trouble.MESSAGES_UNKNOWN: "Nobody knows whether these messages arrived: look at the platform, then decide each.",
    Trouble.BRIDGE_AWAY: "The bridge of this account does not answer as it should: its messages wait until it does.",
    Trouble.BRIDGE_BUSY: "The bridge asks us to wait: sending goes on by itself.",
    Trouble.LOGIN_ENDED: "The login of this account has ended: sign in again at the bridge, then renew the login here.",
    Trouble.FORBIDDEN: "The platform lets this account do nothing at the moment: look there.",
    Trouble.PAUSED: "Somebody has paused this account: resume it when it may send again.",
    Trouble.HELD: "The platform asked for a rest, or did not answer several times: sending goes on by itself.",
}


class PartBody(Outgoing):
    """How a part is."""

    status: Annotated[Condition, Field(validation_alias="condition")]
    trouble: Annotated[Trouble | None, Field(description="What is the matter, in one word that never changes.")]
    milliseconds: Annotated[int | None, Field(description="How long its answer took.")]
    runbook: Annotated[str | None, Field(description="The section of docs/runbooks.md that says more.")]

    @computed_field(description="What to do.")  # type: ignore[prop-decorator]  # as pydantic itself shows it
    @property
    def advice(self) -> str | None:
        """What to do about its trouble."""
        return ADVICE[self.trouble] if self.trouble else None


class QueuePartBody(PartBody):
    """The queue of permits; it is shared, and its figures are approximate."""

    due: int | None
    delayed: Annotated[int | None, Field(description="These wait for their time, as they should.")]
    in_flight: int | None


class CountedPartBody(PartBody):
    """Something of which there should be none."""

    count: int | None


class OutboxPartBody(PartBody):
    """Permits on their way."""

    age_seconds: Annotated[float | None, Field(description="How long ago the oldest should have fired.")]


class PlatformPartBody(PartBody):
    """An account: what we know of it, and what its bridge says at this moment."""

    account_id: UUID
    platform: Platform
    circuit: Annotated[
        ConnectionState,
        Field(validation_alias="state", description="active lets messages out, the others keep them."),
    ]
    held_until: datetime | None


class HealthBody(Outgoing):
    """How everything is that sending needs. Figures are null where nobody can say, or nobody may."""

    status: Annotated[Condition, Field(description="The worst of the parts: `away` comes with 503.")]
    checked_at: datetime
    held_because: Annotated[str | None, Field(description="Why an operator lets nothing out.")]
    database: PartBody
    redis: PartBody
    queue: QueuePartBody
    dead_letters: CountedPartBody
    outbox: OutboxPartBody
    unknown_messages: CountedPartBody
    platforms: Annotated[list[PlatformPartBody], Field(description="The workspace's accounts.")]

    @property
    def retry_after(self) -> int | None:
        """When to ask again, while something is away."""
        return _RETRY_AFTER if self.status is Condition.AWAY else None

    @classmethod
    def of(cls, health: Health) -> Self:
        """The same as the API tells it."""
        return cls(
            status=health.condition,
            checked_at=health.checked_at,
            held_because=health.held,
            database=PartBody.model_validate(health.database),
            redis=PartBody.model_validate(health.redis),
            queue=QueuePartBody.model_validate(health.queue),
            dead_letters=CountedPartBody.model_validate(health.dead_letters),
            outbox=OutboxPartBody.model_validate(health.outbox),
            unknown_messages=CountedPartBody.model_validate(health.unknown_messages),
            platforms=[PlatformPartBody.model_validate(one) for one in health.platforms],
        )
