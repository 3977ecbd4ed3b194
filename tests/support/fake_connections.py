"""Connections, the key they are locked up with and the bridges they lead to, in memory."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from huntaze.connections.model import (
    Connection,
    ConnectionRefused,
    Consent,
    ConsentEnded,
    Opening,
    Outlook,
    Pause,
    Refusal,
    SealedDoor,
    Status,
)
from huntaze.delivery.model import Pace
from huntaze.errors import NotFound
from huntaze.fans.model import Platform
from huntaze.platforms.model import AccountFacts, Capability, Door, Limits
from huntaze.runtime.keys import NotUnderThisKey

A_MOMENT = timedelta(microseconds=1)


class FakeConnections:
    """The connections of one workspace; `active_elsewhere` are the accounts that another one has."""

    def __init__(self, active_elsewhere: set[tuple[Platform, str]] | None = None) -> None:
        self.kept: dict[UUID, Connection] = {}
        self.sealed: dict[UUID, bytes] = {}
        self.active_elsewhere = active_elsewhere if active_elsewhere is not None else set()

    def newest(self, limit: int) -> Sequence[Connection]:
        ordered = sorted(self.kept.values(), key=lambda one: (one.created_at, one.id), reverse=True)
        return sorted(ordered, key=lambda one: (one.status is Status.REVOKED, one.platform))[:limit]

    def get(self, connection_id: UUID) -> Connection:
        if connection_id not in self.kept:
            raise NotFound
        return self.kept[connection_id]

    get_to_change = get

    def in_use(self, platform: Platform) -> Connection:
        found = [one for one in self._of(platform) if one.status is not Status.REVOKED]
        if not found:
            raise NotFound
        return found[0]

    def of_account(self, platform: Platform, user_id: str) -> Connection | None:
        return next((one for one in self._of(platform) if one.user_id == user_id), None)

    def door(self, connection_id: UUID) -> SealedDoor:
        connection = self.get(connection_id)
        sealed = self.sealed.get(connection_id)
        if sealed is None or connection.bridge_url is None or connection.status is Status.REVOKED:
            raise NotFound
        return SealedDoor(connection.id, connection.platform, connection.bridge_url, sealed)

    def add(self, connection_id: UUID, platform: Platform, opening: Opening, consent: Consent) -> Connection:
        if self.of_account(platform, opening.facts.user_id):
            raise ConnectionRefused(Refusal.CONNECTED)
        self._claim(platform, opening.facts.user_id)
        self.kept[connection_id] = Connection(
            id=connection_id,
            platform=platform,
            user_id=opening.facts.user_id,
            username=None,
            status=Status.ACTIVE,
            bridge_url=opening.bridge_url,
            session_ends_at=None,
            consent=consent,
            consent_ended=None,
            pace=opening.pace,
            limits=None,
            capabilities=frozenset(),
            pause=None,
            hold=None,
            tested_at=None,
            answered_at=None,
            created_at=consent.at,
            updated_at=consent.at,
        )
        return self.open(connection_id, opening, consent.at)

    def reopen(self, connection_id: UUID, opening: Opening, consent: Consent) -> Connection:
        known = self.get(connection_id)
        self._claim(known.platform, known.user_id, connection_id)
        self.kept[connection_id] = replace(known, status=Status.ACTIVE, consent=consent, consent_ended=None)
        return self.open(connection_id, opening, consent.at)

    def open(self, connection_id: UUID, opening: Opening, at: datetime) -> Connection:
        known = self._in_use(connection_id)
        self._claim(known.platform, known.user_id, connection_id)
        self.sealed[connection_id] = opening.credentials
        self._changed(connection_id, status=Status.ACTIVE, bridge_url=opening.bridge_url)
        return self.note_answer(connection_id, opening.facts, opening.pace, at)

    def note_answer(self, connection_id: UUID, facts: AccountFacts, pace: Pace, at: datetime) -> Connection:
        self._in_use(connection_id)
        told = {"limits": facts.limits, "capabilities": facts.capabilities, "session_ends_at": facts.session_expires_at}
        return self._changed(connection_id, username=facts.username, pace=pace, tested_at=at, answered_at=at, **told)

    def note_test(
        self,
        connection_id: UUID,
        at: datetime,
        *,
        answered: bool,
        expired: bool,
        signed_in_at: datetime | None = None,  # noqa: ARG002 - nobody signs in again meanwhile here
    ) -> Connection:
        known = self._in_use(connection_id)
        status = Status.EXPIRED if expired else known.status
        return self._changed(
            connection_id, tested_at=at, answered_at=at if answered else known.answered_at, status=status
        )

    def pace(self, connection_id: UUID, pace: Pace) -> Connection:
        self._in_use(connection_id)
        return self._changed(connection_id, pace=pace)

    def pause(self, connection_id: UUID, reason: str, at: datetime) -> Connection:
        known = self._in_use(connection_id)
        since = known.pause.since if known.pause else at
        return self._changed(connection_id, pause=Pause(since, reason))

    def resume(self, connection_id: UUID) -> Connection:
        self._in_use(connection_id)
        return self._changed(connection_id, pause=None)

    def disconnect(self, connection_id: UUID, by: UUID, at: datetime) -> Connection:
        self._in_use(connection_id)
        self.sealed.pop(connection_id, None)
        return self._changed(
            connection_id, status=Status.REVOKED, session_ends_at=None, consent_ended=ConsentEnded(by, at)
        )

    def _of(self, platform: Platform) -> list[Connection]:
        return [one for one in self.kept.values() if one.platform is platform]

    def _in_use(self, connection_id: UUID) -> Connection:
        connection = self.get(connection_id)
        if connection.status is Status.REVOKED:
            raise NotFound
        return connection

    def _claim(self, platform: Platform, user_id: str, but: UUID | None = None) -> None:
        others = [one for one in self._of(platform) if one.id != but and one.status is not Status.REVOKED]
        if others:
            raise ConnectionRefused(Refusal.OCCUPIED)
        if (platform, user_id) in self.active_elsewhere:
            raise ConnectionRefused(Refusal.ELSEWHERE)

    def _changed(self, connection_id: UUID, **changes: object) -> Connection:
        known = self.get(connection_id)
        self.kept[connection_id] = replace(known, **changes, updated_at=known.updated_at + A_MOMENT)  # type: ignore[arg-type]  # what fields are
        return self.kept[connection_id]


class FakeKeys:
    """Locks up in a way that shows: nothing is hidden, but another context opens nothing."""

    def __init__(self) -> None:
        self.opened = 0

    def encrypt(self, plain: bytes, context: Mapping[str, str]) -> bytes:
        return json.dumps([dict(context), plain.hex()]).encode()

    def decrypt(self, sealed: bytes, context: Mapping[str, str]) -> bytes:
        self.opened += 1
        under, plain = json.loads(sealed)
        if under != dict(context):
            raise NotUnderThisKey
        return bytes.fromhex(plain)


ALL = frozenset(Capability)
ZOE_S = AccountFacts("creator-1", "zoe", "onlyfans", ALL, Limits(10, 60), signed_in=True, session_expires_at=None)


@dataclass
class FakeBridge:
    """A bridge that says of every account what `facts` says, unless something is thrown into its way."""

    facts: AccountFacts = ZOE_S
    away: Exception | None = None
    deaf: Exception | None = None  # to what it is told of webhooks
    asked: list[Door] = field(default_factory=list)
    told: list[tuple[Door, str]] = field(default_factory=list)
    silenced: list[Door] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def account(self, door: Door) -> AccountFacts:
        self.asked.append(door)
        self.meanwhile()
        if self.away is not None:
            raise self.away
        return self.facts

    def set_webhook(self, door: Door, url: str) -> None:
        if self.deaf is not None:
            raise self.deaf
        self.told.append((door, url))

    def clear_webhook(self, door: Door) -> None:
        if self.deaf is not None:
            raise self.deaf
        self.silenced.append(door)


class BridgeOfEverybody(FakeBridge):
    """Every account is called as its token is."""

    def account(self, door: Door) -> AccountFacts:
        return replace(super().account(door), user_id=door.credentials.token, platform=door.platform)


@dataclass
class FakeSender:
    """Remembers whom it woke."""

    woken: list[tuple[UUID, UUID]] = field(default_factory=list)

    def wake(self, workspace_id: UUID, account_id: UUID) -> None:
        self.woken.append((workspace_id, account_id))


@dataclass
class FakePacing:
    """Says the same of every account."""

    known: Outlook = field(default_factory=Outlook)

    def outlook(self, _account_id: UUID, _pace: Pace, _out: object) -> Outlook:
        return self.known
