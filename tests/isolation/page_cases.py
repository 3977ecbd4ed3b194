"""What the pages read and write beside fans: sessions belong to people, seats and earnings to workspaces."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from huntaze.earnings.store import PostgresEarnings
from huntaze.members.store import PostgresSeats
from huntaze.runtime.postgres import SET_PERSON
from huntaze.sessions.model import Preferences, Proven, Session
from huntaze.sessions.store import PostgresSessions
from tests.isolation.cases import NOON, Connection, World, case
from tests.support.sessions import a_session

OURS = Proven("owner of ours", "ours@example.com")
THEIRS = Proven("owner of theirs", "theirs@example.com")
KEPT = "SELECT token_hash, chosen_workspace_id, seen_at FROM sessions ORDER BY token_hash"


class _Sessions:
    """Sessions of two people, and a store that writes as the first of them, whoever it is asked to be."""

    def __init__(self, world: World) -> None:
        self.connection = world.connection
        self.ours = a_session("ours", OURS, NOON)
        self.theirs = a_session("theirs", THEIRS, NOON)
        for session in (self.theirs, self.ours):
            self._store(session.subject).begin(session)
        self.store = self._store(OURS.subject)

    def kept(self) -> list[object]:
        """What is there of theirs."""
        self._become(THEIRS.subject)
        rows = self.connection.execute(KEPT).fetchall()
        return [row for row in rows if bytes(row["token_hash"]) == self.theirs.token_hash]

    def disguised(self) -> Session:
        """Their session as somebody would forge it who may only act as ours."""
        return replace(self.theirs, subject=OURS.subject)

    def _store(self, subject: str) -> PostgresSessions:
        def as_person(_: str) -> "_Within":
            self._become(subject)
            return _Within(self.connection)

        return PostgresSessions(lambda query, values: self.connection.execute(query, values).fetchall(), as_person)

    def _become(self, subject: str) -> None:
        self.connection.execute(SET_PERSON, {"subject": subject})


class _Within:
    """The transaction of the case, which ends with it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> Connection:
        return self._connection

    def __exit__(self, *_: object) -> None: ...


@case("PostgresSessions.find")
def a_token_finds_its_own_session_only(world: World) -> None:
    sessions = _Sessions(world)
    assert sessions.store.find(sessions.ours.token_hash, NOON) == sessions.ours
    assert sessions.store.find(bytes(32), NOON) is None


@case("PostgresSessions.begin")
def beginning_drops_nothing_of_others(world: World) -> None:
    sessions = _Sessions(world)
    before = sessions.kept()
    sessions.store.begin(a_session("later", OURS, NOON + timedelta(days=400)))
    assert sessions.kept() == before


@case("PostgresSessions.note_use")
def use_of_theirs_is_not_noted(world: World) -> None:
    sessions = _Sessions(world)
    before = sessions.kept()
    sessions.store.note_use(sessions.disguised(), NOON + timedelta(hours=1))
    assert sessions.kept() == before


@case("PostgresSessions.choose")
def nothing_is_chosen_for_theirs(world: World) -> None:
    sessions = _Sessions(world)
    before = sessions.kept()
    sessions.store.choose(sessions.disguised(), UUID(int=1), Preferences(locale="fr"))
    assert sessions.kept() == before


@case("PostgresSessions.end")
def theirs_is_not_ended(world: World) -> None:
    sessions = _Sessions(world)
    before = sessions.kept()
    sessions.store.end(sessions.disguised())
    assert sessions.kept() == before


@case("PostgresSessions.end_others")
def ending_others_ends_none_of_theirs(world: World) -> None:
    sessions = _Sessions(world)
    before = sessions.kept()
    sessions.store.end_others(sessions.ours)
    assert sessions.kept() == before
    assert sessions.store.find(sessions.ours.token_hash, NOON) == sessions.ours


@case("PostgresSessions.end_all")
def ending_all_ends_none_of_theirs(world: World) -> None:
    sessions = _Sessions(world)
    before = sessions.kept()
    sessions.store.end_all(OURS.subject)
    assert sessions.kept() == before
    assert sessions.store.find(sessions.ours.token_hash, NOON) is None


@case("PostgresSeats.of")
def their_seat_is_not_ours_to_see(world: World) -> None:
    seats = PostgresSeats(world.connection, world.ours.id)
    ours = seats.of(world.ours.of("owner"))
    assert ours is not None
    assert ours.currency == "USD"
    assert seats.of(world.theirs.of("owner")) is None


@case("PostgresEarnings.of")
def their_payments_are_not_counted(world: World) -> None:
    earnings = PostgresEarnings(world.connection, world.ours.id)
    long_ago = NOON - timedelta(days=9_999)
    [tips] = earnings.of(world.ours.of("fan"), "USD", long_ago)
    assert (tips.kind, tips.amount.cents, tips.lately.cents) == ("tip", 500, 500)
    assert earnings.of(world.theirs.of("fan"), "USD", long_ago) == []
