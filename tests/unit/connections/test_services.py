"""The rules of connecting, testing, pausing and letting go, with a bridge that says what a test wants."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from huntaze.audit.model import Action
from huntaze.clock import FixedClock
from huntaze.connections.connecting import Connecting, Means, new_secret
from huntaze.connections.doors import Doors
from huntaze.connections.model import (
    Asked,
    ConnectionState,
    Finding,
    Health,
    Hold,
    NewLogin,
    Outlook,
    Status,
)
from huntaze.connections.notice import notice
from huntaze.connections.service import Connections, Surroundings
from huntaze.connections.vault import Vault
from huntaze.delivery.model import Pace
from huntaze.errors import Conflict, Forbidden, Invalid, NotFound, Stale, Unavailable
from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.platforms.model import AccessRefused, Away, Capability, Limits, NotOffered
from huntaze.versions import etag
from tests.support.fake_connections import ZOE_S, FakeBridge, FakeKeys, FakePacing, FakeSender
from tests.support.fakes import FakeDatabase, FakeStores
from tests.support.people import principal

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
BRIDGE = "https://bridge.example.com"
ASKED = Asked(Platform.ONLYFANS, BRIDGE, "the-token")
AGREED = notice().version
AWAY = Unavailable("Nobody answers.", retry_after=5)
LOGGED_OUT = AccessRefused(Away.LOGIN_EXPIRED, "The login has ended.", retry_after=60)


@dataclass
class Office:
    """The use cases of one workspace, with everything around them in reach."""

    database: FakeDatabase = field(default_factory=FakeDatabase)
    bridge: FakeBridge = field(default_factory=FakeBridge)
    sender: FakeSender = field(default_factory=FakeSender)
    pacing: FakePacing = field(default_factory=FakePacing)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    workspace_id: UUID = field(default_factory=new_id)
    pace_is_free: bool = False
    seconds: list[float] = field(default_factory=lambda: [0.0, 0.25] * 9)

    def __post_init__(self) -> None:
        self.owner = principal(Role.OWNER, self.workspace_id)
        self.stores = self.database.workspaces.setdefault(self.workspace_id, FakeStores())
        self.vault = Vault(FakeKeys())
        self.around = Surroundings(
            bridge=lambda _: self.bridge,
            doors=Doors(lambda _: pytest.fail("no row is asked for"), self.vault),
            pacing=self.pacing,
            sender=self.sender,
            afterwards=lambda act, item: act([item]),
            clock=self.clock,
            pace_is_free=self.pace_is_free,
            monotonic=iter(self.seconds).__next__,
        )
        means = Means(self.vault, _checked, lambda on, one: f"https://api/{on}/{one}", new_secret, new_id)
        self.connecting = Connecting(self.database.in_workspace, self.around, means)
        self.connections = Connections(self.database.in_workspace, self.around)

    def connect(self, **changes: Any) -> Health:
        return self.connecting.connect(self.owner, replace(ASKED, **changes), AGREED)

    @property
    def actions(self) -> list[Action]:
        return self.stores.audit.actions


def _checked(typed: str) -> str:
    if not typed.startswith("https://"):
        raise ValueError("must begin with https://")
    return typed.rstrip("/")


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def zoe(office: Office) -> UUID:
    return office.connect().connection.id


def test_an_account_is_connected_with_the_callers_consent(office: Office) -> None:
    health = office.connect(bridge_url=f"{BRIDGE}/")
    one = health.connection
    assert (one.platform, one.user_id, one.username, one.bridge_url) == (Platform.ONLYFANS, "creator-1", "zoe", BRIDGE)
    assert one.consent is not None
    assert (one.consent.by, one.consent.at, one.consent.notice) == (office.owner.member_id, NOON, AGREED)
    assert (health.state, health.waiting, one.pace) == (ConnectionState.ACTIVE, 0, Pace(10, 60))
    assert office.stores.audit.entries == [(Action.CONNECTION_CONNECTED, one.id, {"notice": AGREED, "waiting": 0})]
    assert office.sender.woken == [(office.workspace_id, one.id)]


def test_its_bridge_is_told_where_events_go_and_what_they_are_signed_with(office: Office) -> None:
    connection_id = office.connect().connection.id
    [(door, url)] = office.bridge.told
    assert url == f"https://api/onlyfans/{connection_id}"
    assert door.credentials.webhook_secret.startswith("whsec_")
    sealed = office.stores.connections.door(connection_id)
    assert office.vault.unseal(office.workspace_id, connection_id, sealed.credentials) == door.credentials


def test_a_bridge_without_events_is_told_nothing(office: Office) -> None:
    office.bridge.facts = replace(ZOE_S, capabilities=frozenset({Capability.SEND}))
    assert office.connect().connection.capabilities == {Capability.SEND}
    assert office.bridge.told == []


def test_a_bridge_that_does_not_take_the_address_after_all_is_connected_all_the_same(office: Office) -> None:
    office.bridge.deaf = NotOffered("No events.", retry_after=60)
    assert office.connect().state is ConnectionState.ACTIVE


@pytest.mark.parametrize(("agreed_to", "field_name"), [(None, "consent"), ("2019-01", "consent.notice")])
def test_without_consent_to_the_notice_in_force_nobody_is_even_asked(
    office: Office, agreed_to: str | None, field_name: str
) -> None:
    with pytest.raises(Invalid) as refused:
        office.connecting.connect(office.owner, ASKED, agreed_to)
    assert [failing.field for failing in refused.value.fields] == [field_name]
    assert office.bridge.asked == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"away": AWAY}, Unavailable),
        ({"away": LOGGED_OUT}, Invalid),
        ({"away": AccessRefused(Away.THROTTLED, "Busy.", retry_after=5)}, AccessRefused),
        ({"facts": replace(ZOE_S, platform="fansly")}, Conflict),
        ({"facts": replace(ZOE_S, signed_in=False)}, Conflict),
    ],
)
def test_nothing_is_kept_of_what_cannot_be_used(
    office: Office, changes: dict[str, Any], error: type[Exception]
) -> None:
    for name, value in changes.items():
        setattr(office.bridge, name, value)
    with pytest.raises(error):
        office.connect()
    assert (office.stores.connections.kept, office.actions, office.bridge.told) == ({}, [], [])


def test_an_address_that_no_bridge_can_have_is_named(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        office.connect(bridge_url="http://10.0.0.1")
    assert [(one.field, one.message) for one in refused.value.fields] == [("bridgeUrl", "Must begin with https://")]


def test_an_account_is_connected_once(office: Office, zoe: UUID) -> None:
    with pytest.raises(Conflict, match="connected already"):
        office.connect()
    office.bridge.facts = replace(ZOE_S, user_id="creator-2")
    with pytest.raises(Conflict, match="Another account"):
        office.connect()
    assert list(office.stores.connections.kept) == [zoe]
    assert len(office.bridge.told) == 1, "whoever does not get the account tells its bridge nothing"


def test_an_account_that_another_workspace_has_is_told_of_no_more_than_that(office: Office) -> None:
    office.stores.connections.active_elsewhere.add((Platform.ONLYFANS, "creator-1"))
    with pytest.raises(Conflict) as refused:
        office.connect()
    assert refused.value.detail == "This account is in use already: an account can be connected in one place only."
    assert office.bridge.told == []


def test_disconnecting_destroys_takes_back_and_is_told(office: Office, zoe: UUID) -> None:
    gone = office.connecting.disconnect(office.owner, zoe)
    assert (gone.state, gone.outlook) == (ConnectionState.REVOKED, Outlook())
    ended = gone.connection.consent_ended
    assert ended is not None
    assert (ended.by, ended.at) == (office.owner.member_id, NOON)
    assert [door.bridge_url for door in office.bridge.silenced] == [BRIDGE]
    assert zoe not in office.stores.connections.sealed
    assert office.actions[-1] is Action.CONNECTION_DISCONNECTED
    office.connecting.disconnect(office.owner, zoe)
    assert office.actions.count(Action.CONNECTION_DISCONNECTED) == 1, "what is done is done once"


def test_no_bridge_keeps_anybody_from_disconnecting(office: Office, zoe: UUID) -> None:
    office.bridge.deaf = AWAY
    assert office.connecting.disconnect(office.owner, zoe).state is ConnectionState.REVOKED


def test_an_account_whose_login_ended_may_be_anothers_by_now_so_its_bridge_is_left_alone(
    office: Office, zoe: UUID
) -> None:
    office.stores.connections.note_test(zoe, NOON, answered=True, expired=True)
    office.connecting.disconnect(office.owner, zoe)
    assert office.bridge.silenced == []


def test_the_account_of_a_platform_is_disconnected_by_its_name(office: Office, zoe: UUID) -> None:
    assert office.connecting.disconnect_platform(office.owner, Platform.ONLYFANS).connection.id == zoe
    with pytest.raises(NotFound):
        office.connecting.disconnect_platform(office.owner, Platform.ONLYFANS)


def test_connecting_again_uses_the_old_row_under_a_new_consent(office: Office, zoe: UUID) -> None:
    office.connections.set_pace(office.owner, zoe, Pace(4, 60))
    office.connecting.disconnect(office.owner, zoe)
    office.clock.advance(timedelta(days=1))
    back = office.connect().connection
    assert (back.id, back.status, back.pace) == (zoe, Status.ACTIVE, Pace(4, 60))
    assert back.consent is not None
    assert (back.consent.at, back.consent_ended) == (NOON + timedelta(days=1), None)


def _after(act: str) -> Callable[[Office, UUID], object]:
    acts: dict[str, Callable[[Office, UUID], object]] = {
        "test": lambda office, one: office.connections.test(office.owner, one),
        "pace": lambda office, one: office.connections.set_pace(office.owner, one, Pace(5, 60)),
        "pause": lambda office, one: office.connections.pause(office.owner, one, "why"),
        "resume": lambda office, one: office.connections.resume(office.owner, one),
        "login": lambda office, one: office.connecting.renew(office.owner, one, NewLogin(token="new")),
    }
    return acts[act]


ACTS = ("test", "pace", "pause", "resume", "login")


@pytest.mark.parametrize("act", ACTS)
def test_with_a_disconnected_account_nothing_can_be_done(office: Office, zoe: UUID, act: str) -> None:
    office.connecting.disconnect(office.owner, zoe)
    with pytest.raises(Conflict, match="disconnected"):
        _after(act)(office, zoe)


@pytest.mark.parametrize("role", [Role.CHATTER, Role.ANALYST, Role.MACHINE])
def test_who_may_not_manage_connections_changes_none(office: Office, zoe: UUID, role: Role) -> None:
    who = Principal("somebody", office.workspace_id, new_id(), role)
    acts: list[Callable[[], object]] = [
        lambda: office.connecting.connect(who, ASKED, AGREED),
        lambda: office.connecting.disconnect(who, zoe),
        lambda: office.connecting.disconnect_platform(who, Platform.ONLYFANS),
        lambda: office.connecting.renew(who, zoe, NewLogin()),
        lambda: office.connections.test(who, zoe),
        lambda: office.connections.set_pace(who, zoe, Pace(5, 60)),
        lambda: office.connections.pause(who, zoe, "why"),
        lambda: office.connections.resume(who, zoe),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()


def test_who_sees_the_inbox_sees_how_accounts_are(office: Office, zoe: UUID) -> None:
    office.pacing.known = Outlook(7, NOON)
    chatter, analyst = principal(Role.CHATTER, office.workspace_id), principal(Role.ANALYST, office.workspace_id)
    assert office.connections.get(chatter, zoe).outlook == Outlook(7, NOON)
    assert [one.connection.id for one in office.connections.all(chatter)] == [zoe]
    with pytest.raises(Forbidden):
        office.connections.all(analyst)


def test_what_waits_for_it_is_told(office: Office, zoe: UUID) -> None:
    office.stores.messages.count_waiting = lambda account_id: 12 if account_id == zoe else 0  # type: ignore[method-assign]
    assert office.connections.get(office.owner, zoe).waiting == 12
    office.connecting.disconnect(office.owner, zoe)
    assert office.stores.audit.entries[-1][2] == {"waiting": 12}


def test_a_pause_is_kept_until_somebody_ends_it(office: Office, zoe: UUID) -> None:
    assert office.connections.pause(office.owner, zoe, "On holiday").state is ConnectionState.PAUSED
    assert "On holiday" not in str(office.stores.audit.entries), "what people write is not in the log"
    office.sender.woken.clear()
    assert office.connections.resume(office.owner, zoe).state is ConnectionState.ACTIVE
    assert office.sender.woken == [(office.workspace_id, zoe)]
    office.connections.resume(office.owner, zoe)
    assert office.actions[-2:] == [Action.CONNECTION_PAUSED, Action.CONNECTION_RESUMED]


def test_a_hold_ends_by_itself(office: Office, zoe: UUID) -> None:
    kept = office.stores.connections.kept
    kept[zoe] = replace(kept[zoe], hold=Hold(NOON + timedelta(minutes=1), "throttled"))
    assert office.connections.get(office.owner, zoe).state is ConnectionState.HELD
    office.clock.advance(timedelta(minutes=1))
    assert office.connections.get(office.owner, zoe).state is ConnectionState.ACTIVE


@pytest.mark.parametrize("pace", [Pace(11, 60), Pace(10, 59), Pace(100, 600)])
def test_nobody_sends_faster_than_ten_in_any_minute(office: Office, zoe: UUID, pace: Pace) -> None:
    with pytest.raises(Invalid, match="not valid"):
        office.connections.set_pace(office.owner, zoe, pace)
    assert office.connections.get(office.owner, zoe).connection.pace == Pace(10, 60)


def test_nobody_sends_faster_than_their_platform_takes(office: Office) -> None:
    office.bridge.facts = replace(ZOE_S, limits=Limits(5, 60))
    zoe = office.connect().connection
    assert zoe.pace == Pace(5, 60), "as fast as it may be from the beginning"
    with pytest.raises(Invalid) as refused:
        office.connections.set_pace(office.owner, zoe.id, Pace(6, 60))
    assert "5 messages in any 60 seconds" in refused.value.fields[0].message
    assert office.connections.set_pace(office.owner, zoe.id, Pace(5, 60, 3)).connection.pace == Pace(5, 60, 3)


def test_on_the_local_stage_time_may_be_scaled() -> None:
    office = Office(pace_is_free=True)
    zoe = office.connect().connection.id
    assert office.connections.set_pace(office.owner, zoe, Pace(10, 2)).connection.pace == Pace(10, 2)
    assert office.connections.test(office.owner, zoe).health.connection.pace == Pace(10, 2)


def test_a_pace_is_changed_by_who_has_seen_it(office: Office, zoe: UUID) -> None:
    seen = etag(office.connections.get(office.owner, zoe).connection)
    office.connections.set_pace(office.owner, zoe, Pace(4, 60), seen)
    with pytest.raises(Stale):
        office.connections.set_pace(office.owner, zoe, Pace(5, 60), seen)
    entries = len(office.actions)
    office.connections.set_pace(office.owner, zoe, Pace(4, 60))
    assert len(office.actions) == entries, "what is as it was is no act"


def test_a_test_says_how_the_account_is_now(office: Office, zoe: UUID) -> None:
    office.clock.advance(timedelta(hours=1))
    office.bridge.facts = replace(ZOE_S, limits=Limits(8, 60), username="zoe_l")
    tested = office.connections.test(office.owner, zoe)
    one = tested.health.connection
    assert (tested.finding, tested.milliseconds) == (Finding.WELL, 250)
    assert (one.limits, one.username, one.pace) == (Limits(8, 60), "zoe_l", Pace(8, 60))
    assert one.tested_at == one.answered_at == NOON + timedelta(hours=1)
    assert office.stores.audit.entries[-1] == (Action.CONNECTION_TESTED, zoe, {"found": Finding.WELL})


@pytest.mark.parametrize(
    ("changes", "finding", "state"),
    [
        ({"away": AWAY}, Finding.NO_ANSWER, ConnectionState.ACTIVE),
        ({"away": LOGGED_OUT}, Finding.NOT_SIGNED_IN, ConnectionState.EXPIRED),
        ({"away": AccessRefused(Away.FORBIDDEN, "No.", retry_after=5)}, Finding.FORBIDDEN, ConnectionState.ACTIVE),
        ({"away": AccessRefused(Away.THROTTLED, "Slow.", retry_after=5)}, Finding.BUSY, ConnectionState.ACTIVE),
        ({"facts": replace(ZOE_S, signed_in=False)}, Finding.NOT_SIGNED_IN, ConnectionState.EXPIRED),
        ({"facts": replace(ZOE_S, user_id="creator-2")}, Finding.ANOTHER_ACCOUNT, ConnectionState.EXPIRED),
        ({"facts": replace(ZOE_S, platform="fansly")}, Finding.ANOTHER_ACCOUNT, ConnectionState.EXPIRED),
    ],
)
def test_what_shows_that_nothing_can_be_sent_in_its_name_holds_it(
    office: Office, zoe: UUID, changes: dict[str, Any], finding: Finding, state: ConnectionState
) -> None:
    for name, value in changes.items():
        setattr(office.bridge, name, value)
    tested = office.connections.test(office.owner, zoe)
    assert (tested.finding, tested.health.state) == (finding, state)


def test_a_renewed_login_lets_the_account_send_again(office: Office, zoe: UUID) -> None:
    office.stores.connections.note_test(zoe, NOON, answered=True, expired=True)
    office.sender.woken.clear()
    old_secret = office.bridge.told[0][0].credentials.webhook_secret
    renewed = office.connecting.renew(office.owner, zoe, NewLogin(token="new"))
    assert renewed.state is ConnectionState.ACTIVE
    assert office.sender.woken == [(office.workspace_id, zoe)]
    assert office.actions[-1] is Action.CONNECTION_LOGIN_RENEWED
    door, _ = office.bridge.told[-1]
    assert (door.credentials.token, door.credentials.webhook_secret) == ("new", old_secret)


def test_with_nothing_new_the_old_login_is_tried_again(office: Office, zoe: UUID) -> None:
    office.stores.connections.note_test(zoe, NOON, answered=True, expired=True)
    assert office.connecting.renew(office.owner, zoe, NewLogin()).state is ConnectionState.ACTIVE
    assert office.bridge.asked[-1].credentials.token == "the-token"


def test_another_bridge_gets_a_token_and_a_secret_of_its_own(office: Office, zoe: UUID) -> None:
    other = "https://other.example.com"
    with pytest.raises(Invalid) as refused:
        office.connecting.renew(office.owner, zoe, NewLogin(bridge_url=other))
    assert [one.field for one in refused.value.fields] == ["token"]
    assert all(door.bridge_url == BRIDGE for door in office.bridge.asked), "the old token has not left for it"
    office.connecting.renew(office.owner, zoe, NewLogin(bridge_url=other, token="new"))
    first, last = (door for door, _ in office.bridge.told)
    assert last.bridge_url == other
    assert first.credentials.webhook_secret != last.credentials.webhook_secret


def test_the_login_of_another_account_is_not_taken(office: Office, zoe: UUID) -> None:
    office.bridge.facts = replace(ZOE_S, user_id="creator-2")
    with pytest.raises(Conflict, match="another account"):
        office.connecting.renew(office.owner, zoe, NewLogin(token="new"))
    assert office.vault.unseal(office.workspace_id, zoe, office.stores.connections.sealed[zoe]).token == "the-token"


def test_what_was_disconnected_while_its_bridge_was_asked_stays_disconnected(office: Office, zoe: UUID) -> None:
    office.bridge.meanwhile = lambda: office.stores.connections.disconnect(zoe, office.owner.member_id, NOON) and None
    with pytest.raises(Conflict, match="disconnected"):
        office.connecting.renew(office.owner, zoe, NewLogin(token="new"))
    assert zoe not in office.stores.connections.sealed


def test_an_account_that_nothing_opens_asks_for_its_login(office: Office, zoe: UUID) -> None:
    del office.stores.connections.sealed[zoe]
    with pytest.raises(Conflict, match="Renew its login"):
        office.connections.test(office.owner, zoe)
    with pytest.raises(Invalid):
        office.connecting.renew(office.owner, zoe, NewLogin())
    with pytest.raises(Invalid):
        office.connecting.renew(office.owner, zoe, NewLogin(token="new"))
    renewed = office.connecting.renew(office.owner, zoe, NewLogin(bridge_url=BRIDGE, token="new"))
    assert renewed.state is ConnectionState.ACTIVE
