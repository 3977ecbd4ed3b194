"""Waiting for a platform, as the API takes it."""

from typing import Annotated

from pydantic import Field

from huntaze.schema import Email, Incoming, Outgoing
from huntaze.waitlist.model import Awaited


class WaitBody(Incoming):
    """Who wants to hear when a platform can be connected."""

    email: Email
    platform: Annotated[Awaited, Field(description="Which platform.")] = Awaited.PATREON


class WaitingBody(Outgoing):
    """The same answer for everybody: it does not tell who waited already."""

    platform: Awaited
