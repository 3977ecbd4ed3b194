"""Who is at a conversation, as the API takes and gives it."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from huntaze.presence.model import Company, Somebody
from huntaze.schema import Flag, Incoming, Outgoing


class PresenceBody(Incoming):
    """A heartbeat, to be sent about every 20 seconds."""

    answering: Annotated[Flag, Field(description="Whether the caller is answering, or would like to.")]
    take_over: Annotated[Flag, Field(description="Answer also while somebody else does.")] = False


class SomebodyBody(Outgoing):
    """A member at a conversation."""

    member_id: UUID
    name: str
    until: datetime

    @classmethod
    def of(cls, somebody: Somebody) -> Self:
        """A member as the API shows them."""
        return cls(member_id=somebody.member_id, name=somebody.name, until=somebody.until)


class CompanyBody(Outgoing):
    """Who else has the conversation open, and who answers it; that may be the caller."""

    others: list[SomebodyBody]
    answering: SomebodyBody | None

    @classmethod
    def of(cls, company: Company) -> Self:
        """Who is there as the API shows them."""
        answering = SomebodyBody.of(company.answering) if company.answering else None
        return cls(others=[SomebodyBody.of(somebody) for somebody in company.others], answering=answering)
