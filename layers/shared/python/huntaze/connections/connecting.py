"""Connecting an account, renewing its login, and disconnecting it.

The bridge is told where events go inside the transaction that claims the account: whoever does not get the account
tells its bridge nothing, and where the bridge does not answer nothing is kept.
"""

import base64
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.connections.model import (
    USUAL_PACE,
    Asked,
    Connection,
    ConnectionRefused,
    Consent,
    Health,
    NewLogin,
    Opening,
    Refusal,
    Status,
)
from huntaze.connections.notice import notice
from huntaze.connections.service import (
    Stores,
    Surroundings,
    Transactions,
    changing,
    is_same_account,
    must_be_in_use,
    opened,
)
from huntaze.errors import Invalid, NotFound
from huntaze.fans.model import Platform
from huntaze.members.model import Permission, Principal
from huntaze.platforms.model import AccessRefused, AccountFacts, Away, Capability, Credentials, Door, NotOffered

_SECRET_BYTES = 32

_log = logging.getLogger(__name__)


class Sealer(Protocol):
    """Who locks credentials up for one row."""

    def seal(self, workspace_id: UUID, connection_id: UUID, credentials: Credentials) -> bytes:
        """The credentials as they are kept; TooLarge when they are too long."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """What connecting takes beside the surroundings of every use case."""

    vault: Sealer
    checked_address: Callable[[str], str]  # as it is kept; a ValueError says why no bridge can stand there
    events_url: Callable[[Platform, UUID], str]  # where a bridge tells what happens
    new_secret: Callable[[], str]
    new_id: Callable[[], UUID]


class Connecting:
    """The use cases that open and close the door of an account."""

    def __init__(self, transactions: Transactions, around: Surroundings, means: Means) -> None:
        self._transactions = transactions
        self._around = around
        self._means = means

    def connect(self, who: Principal, asked: Asked, agreed_to: str | None) -> Health:
        """Connect an account, with the caller's consent to the notice; one that was here before gets its row back."""
        who.must(Permission.MANAGE_CONNECTIONS)
        _must_know_the_notice(agreed_to)
        credentials = Credentials(asked.token, self._means.new_secret())
        door = Door(asked.platform, self._checked(asked.bridge_url), credentials)
        facts = self._let_in(door)
        with self._transactions(who) as stores:
            connection = self._claimed(stores, who, door, facts)
            self._tell(door, connection, facts)
            health = self._around.health(stores, connection)
            stores.audit.record(
                Action.CONNECTION_CONNECTED, connection.id, notice=notice().version, waiting=health.waiting
            )
        self._around.wake(who, connection.id)
        return health

    def renew(self, who: Principal, connection_id: UUID, new: NewLogin) -> Health:
        """Take another token or bridge for the same account, or see that the old ones open it again."""
        who.must(Permission.MANAGE_CONNECTIONS)
        with self._transactions(who) as stores:
            connection = stores.connections.get(connection_id)
            door = self._renewed(stores, who, connection, new)
        facts = self._let_in(door)
        if not is_same_account(facts, connection):
            raise ConnectionRefused(Refusal.ANOTHER_ACCOUNT)
        with changing(self._transactions, who, connection_id) as (stores, connection):
            opening = self._opening(who, connection_id, door, facts, connection)
            renewed = stores.connections.open(connection_id, opening, self._around.clock.now())
            self._tell(door, renewed, facts)
            health = self._around.health(stores, renewed)
            stores.audit.record(Action.CONNECTION_LOGIN_RENEWED, connection_id, waiting=health.waiting)
        self._around.wake(who, connection_id)
        return health

    def disconnect(self, who: Principal, connection_id: UUID) -> Health:
        """Destroy the credentials and take the consent back. What waits stays, and leaves only if connected again."""
        who.must(Permission.MANAGE_CONNECTIONS)
        with self._transactions(who) as stores:
            connection = stores.connections.get_to_change(connection_id)
            if connection.status is Status.REVOKED:
                return self._around.health(stores, connection)
            self._fall_silent(stores, who, connection)
            gone = stores.connections.disconnect(connection_id, who.member_id, self._around.clock.now())
            health = self._around.health(stores, gone)
            stores.audit.record(Action.CONNECTION_DISCONNECTED, connection_id, waiting=health.waiting)
            return health

    def disconnect_platform(self, who: Principal, platform: Platform) -> Health:
        """The same with the account that is connected on a platform; NotFound when there is none."""
        who.must(Permission.MANAGE_CONNECTIONS)
        with self._transactions(who) as stores:
            connection = stores.connections.in_use(platform)
        return self.disconnect(who, connection.id)

    def _let_in(self, door: Door) -> AccountFacts:
        """What the bridge says of the account. Nothing is kept of an account that cannot be used."""
        try:
            facts = self._around.bridge(door.platform).account(door)
        except AccessRefused as refused:
            if refused.why is not Away.LOGIN_EXPIRED:
                raise
            raise Invalid.field("token", "Is not taken: sign in at your bridge, and use its newest token") from None
        if facts.platform != door.platform:
            raise ConnectionRefused(Refusal.ANOTHER_PLATFORM)
        if not facts.signed_in:
            raise ConnectionRefused(Refusal.NOT_SIGNED_IN)
        return facts

    def _claimed(self, stores: Stores, who: Principal, door: Door, facts: AccountFacts) -> Connection:
        platform = Platform(door.platform)
        known = stores.connections.of_account(platform, facts.user_id)
        if known is not None and known.status is Status.ACTIVE:
            raise ConnectionRefused(Refusal.CONNECTED)
        connection_id = known.id if known else self._means.new_id()
        opening = self._opening(who, connection_id, door, facts, known)
        consent = Consent(who.member_id, self._around.clock.now(), notice().version)
        if known is not None:
            return stores.connections.reopen(connection_id, opening, consent)
        return stores.connections.add(connection_id, platform, opening, consent)

    def _opening(
        self, who: Principal, connection_id: UUID, door: Door, facts: AccountFacts, known: Connection | None
    ) -> Opening:
        sealed = self._means.vault.seal(who.workspace_id, connection_id, door.credentials)
        pace = self._around.fitting(known.pace if known else USUAL_PACE, facts)
        return Opening(door.bridge_url, sealed, facts, pace)

    def _renewed(self, stores: Stores, who: Principal, connection: Connection, new: NewLogin) -> Door:
        """The door as it would be: what is not said stays. Another bridge never gets what opened the old one."""
        must_be_in_use(connection)
        old = self._old_door(stores, who, connection)
        address = new.bridge_url and self._checked(new.bridge_url)
        if old is not None and address in {None, old.bridge_url}:
            token = new.token or old.credentials.token
            return replace(old, credentials=replace(old.credentials, token=token))
        if not new.token:
            raise Invalid.field("token", "Is needed with another address" if address else "Is needed")
        if not address:
            raise Invalid.field("bridgeUrl", "Is needed")
        return Door(connection.platform, address, Credentials(new.token, self._means.new_secret()))

    def _old_door(self, stores: Stores, who: Principal, connection: Connection) -> Door | None:
        try:
            sealed = stores.connections.door(connection.id)
        except NotFound:
            return None
        return self._around.doors.opened(who.workspace_id, sealed)

    def _checked(self, address: str) -> str:
        try:
            return self._means.checked_address(address)
        except ValueError as wrong:
            raise Invalid.field("bridgeUrl", str(wrong).capitalize()) from None

    def _tell(self, door: Door, connection: Connection, facts: AccountFacts) -> None:
        if Capability.EVENTS not in facts.capabilities:
            return
        try:
            url = self._means.events_url(connection.platform, connection.id)
            self._around.bridge(door.platform).set_webhook(door, url)
        except NotOffered:
            _log.info("a bridge that offers events does not take their address")

    def _fall_silent(self, stores: Stores, who: Principal, connection: Connection) -> None:
        """Have the bridge tell no more, while the account is ours alone: later it may tell another workspace."""
        if connection.status is not Status.ACTIVE:
            return
        try:
            door = opened(self._around, stores, who, connection)
            self._around.bridge(door.platform).clear_webhook(door)
        except Exception:  # noqa: BLE001  (whatever keeps the bridge from hearing of it, the credentials go)
            _log.warning("a bridge was not told that its account is disconnected", exc_info=True)


def new_secret() -> str:
    """What a bridge signs events with, in the form of the standard for webhooks."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def _must_know_the_notice(agreed_to: str | None) -> None:
    if agreed_to is None:
        raise Invalid.field("consent", "Is needed: nobody's account is touched without it")
    if agreed_to != notice().version:
        raise Invalid.field("consent.notice", f"Is not the notice in force, {notice().version}: read that one")
