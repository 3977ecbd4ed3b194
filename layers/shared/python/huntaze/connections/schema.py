"""Connections as the API takes and gives them. What opens an account comes in and never goes out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from huntaze.connections.model import Asked, Connection, ConnectionState, Finding, Health, NewLogin, Tested
from huntaze.connections.notice import notice
from huntaze.delivery.model import Pace
from huntaze.fans.model import Platform
from huntaze.members.model import Permission, Principal
from huntaze.platforms.model import Capability, Limits
from huntaze.schema import Incoming, Outgoing, Partial, text
from huntaze.versions import etag

_LONGEST_TOKEN = 2_000
_LONGEST_SECONDS = 3_600

Connectable = Annotated[Literal[Platform.ONLYFANS, Platform.FANSLY], Field(description="Which platform it is on.")]
# What may stand in a header, and nothing that could begin another one.
Token = Annotated[
    str,
    Field(
        strict=True,
        min_length=1,
        max_length=_LONGEST_TOKEN,
        pattern=r"^[\x21-\x7e]+$",
        description="What opens the account at its bridge. It is kept encrypted and never told again.",
        json_schema_extra={"writeOnly": True},
    ),
]
Address = Annotated[
    str, text(shortest=1, longest=2_048), Field(description="Where the bridge is, beginning with https://.")
]
Reason = Annotated[str, text(shortest=1, longest=500), Field(description="Why, for whoever wonders later.")]


class ConsentBody(Incoming):
    """The caller has read the notice and agrees to it."""

    agreed: Literal[True]
    notice: Annotated[str, text(shortest=1, longest=100), Field(description="The version of the notice agreed to.")]


class NewConnectionBody(Incoming):
    """An account to connect."""

    platform: Connectable = Platform.ONLYFANS
    bridge_url: Annotated[Address, Field(repr=False)]
    token: Annotated[Token, Field(repr=False)]
    consent: Annotated[
        ConsentBody | None, Field(description="Needed: nobody's account is touched without recorded consent.")
    ] = None

    def asked(self) -> Asked:
        """The same in the language of the use case."""
        return Asked(self.platform, self.bridge_url, self.token)

    @property
    def agreed_to(self) -> str | None:
        """Which notice the caller agrees to, if any."""
        return self.consent.notice if self.consent else None


class LoginBody(Partial):
    """Another login for the same account. What is left out stays; with nothing given the old one is tried again."""

    bridge_url: Annotated[Address | None, Field(repr=False)] = None
    token: Annotated[Token | None, Field(repr=False)] = None

    def login(self) -> NewLogin:
        """The same in the language of the use case."""
        return NewLogin(self.bridge_url, self.token)


class PaceBody(Incoming):
    """How fast an account sends: so many messages in any window of so many seconds, and a gap between two."""

    messages: Annotated[int, Field(strict=True, ge=1, le=1_000)]
    seconds: Annotated[int, Field(strict=True, ge=1, le=_LONGEST_SECONDS)]
    gap_seconds: Annotated[int, Field(strict=True, ge=0, le=_LONGEST_SECONDS)] = 0

    def pace(self) -> Pace:
        """The same in the language of the use case."""
        return Pace(self.messages, self.seconds, self.gap_seconds)


class PauseBody(Incoming):
    """Why nothing is to leave."""

    reason: Reason


class DisconnectBody(Incoming):
    """Which account to disconnect, by its platform."""

    platform: Connectable = Platform.ONLYFANS


class LimitsBody(Outgoing):
    """How fast the platform lets the account send."""

    messages: int
    seconds: int


class PaceOut(Outgoing):
    """How fast the account sends."""

    messages: int
    seconds: float
    gap_seconds: float


class ConsentOut(Outgoing):
    """Who agreed to which notice, and who took that back."""

    by: UUID
    at: datetime
    notice: str
    revoked_by: UUID | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, connection: Connection) -> Self | None:
        """The consent of a connection, if it has one."""
        given, ended = connection.consent, connection.consent_ended
        if given is None:
            return None
        return cls(
            by=given.by,
            at=given.at,
            notice=given.notice,
            revoked_by=ended.by if ended else None,
            revoked_at=ended.at if ended else None,
        )


class ConnectionBody(Outgoing):
    """A connected account, and how it is doing."""

    id: UUID
    platform: Platform
    user_id: str
    username: str | None
    state: Annotated[ConnectionState, Field(description="What keeps it from sending, the gravest first.")]
    reason: Annotated[str | None, Field(description="Why it is paused or held.")]
    paused_at: datetime | None
    held_until: datetime | None
    waiting: Annotated[int, Field(description="How many messages wait to leave through it.")]
    tokens_left: Annotated[int | None, Field(description="How many may leave at once; null when nobody knows now.")]
    next_slot_at: datetime | None
    bridge_url: Annotated[str | None, Field(description="Only for whoever may manage connections.")]
    pace: PaceOut
    limits: LimitsBody | None
    capabilities: list[Capability]
    consent: ConsentOut | None
    session_ends_at: datetime | None
    tested_at: datetime | None
    answered_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Names this version of the connection."""
        return etag(self)

    @classmethod
    def of(cls, health: Health, who: Principal) -> Self:
        """A connection as the API shows it to somebody: where its bridge is, to those who manage it."""
        one = health.connection
        return cls(
            **{name: getattr(one, name) for name in _AS_THEY_ARE},
            state=health.state,
            reason=_reason(health),
            paused_at=one.pause.since if one.pause else None,
            held_until=one.hold.until if one.hold and health.state is ConnectionState.HELD else None,
            waiting=health.waiting,
            tokens_left=health.outlook.tokens_left,
            next_slot_at=health.outlook.next_slot_at,
            bridge_url=one.bridge_url if who.may(Permission.MANAGE_CONNECTIONS) else None,
            pace=PaceOut.model_validate(one.pace),
            limits=_limits(one.limits),
            capabilities=sorted(one.capabilities),
            consent=ConsentOut.of(one),
        )


_AS_THEY_ARE = (
    "id",
    "platform",
    "user_id",
    "username",
    "session_ends_at",
    "tested_at",
    "answered_at",
    "created_at",
    "updated_at",
)


class NoticeBody(Outgoing):
    """What connecting means, in every language there is: this version is what one agrees to."""

    version: str
    text: dict[str, tuple[str, ...]]


class ConnectionsBody(Outgoing):
    """The accounts of the workspace, those in use first."""

    connections: list[ConnectionBody]
    notice: NoticeBody

    @classmethod
    def of(cls, healths: Iterable[Health], who: Principal) -> Self:
        """All of them as the API shows them to somebody."""
        return cls(
            connections=[ConnectionBody.of(health, who) for health in healths],
            notice=NoticeBody.model_validate(notice()),
        )


class TestedBody(Outgoing):
    """What a test found."""

    found: Finding
    milliseconds: Annotated[int, Field(description="How long the bridge took.")]
    connection: ConnectionBody

    @classmethod
    def of(cls, tested: Tested, who: Principal) -> Self:
        """A test as the API shows it."""
        return cls(
            found=tested.finding,
            milliseconds=tested.milliseconds,
            connection=ConnectionBody.of(tested.health, who),
        )


def _reason(health: Health) -> str | None:
    if health.state is ConnectionState.PAUSED and health.connection.pause:
        return health.connection.pause.reason
    if health.state is ConnectionState.HELD and health.connection.hold:
        return health.connection.hold.reason
    return None


def _limits(limits: Limits | None) -> LimitsBody | None:
    return LimitsBody.model_validate(limits) if limits else None
