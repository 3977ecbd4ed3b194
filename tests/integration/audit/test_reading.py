"""Which entries are found, and in which order."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest

from huntaze.audit.model import Action, Entry, Search
from huntaze.errors import Forbidden, TooLarge
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from tests.conftest import Database
from tests.integration.audit.conftest import OWNER, Log
from tests.support.audit_chains import grow
from tests.support.plans import nodes_of
from tests.support.workspaces import ZOE, inside

MANAGER = Principal("a subject", ZOE.id, ZOE.of("manager"), Role.MANAGER)
FAN = ZOE.of("fan")


@pytest.fixture(scope="module", autouse=True)
def written(seeded: Database) -> None:
    log = Log(seeded)
    for who, action, thing in (
        (OWNER, Action.FAN_UPDATED, FAN),
        (MANAGER, Action.FAN_TAGGED, FAN),
        (MANAGER, Action.FANS_TAGGED, None),
        (OWNER, Action.TAG_RENAMED, None),
        (OWNER, Action.CONVERSATION_OPENED, ZOE.of("conversation")),
        (OWNER, Action.MEMBER_INVITED, ZOE.of("analyst")),
    ):
        with log.writing(who) as stores:
            stores.audit.record(action, thing)
    log.postgres.close()


def _actions(log: Log, **wanted: Any) -> list[str]:
    return [entry.action for entry in log.reading.page(OWNER, Search(**wanted), 100).items]


def _all(log: Log) -> tuple[Entry, ...]:
    return log.reading.page(OWNER, Search(), 100).items


def test_the_newest_comes_first_and_nothing_is_left_out(log: Log) -> None:
    entries = _all(log)
    assert [entry.number for entry in entries] == list(range(len(entries), 0, -1))
    assert [entry.action for entry in entries[:2]] == ["member.invited", "conversation.opened"]


def test_pages_continue_each_other(log: Log) -> None:
    found: list[Entry] = []
    page = log.reading.page(OWNER, Search(), 2)
    found += page.items
    while page.next is not None:
        page = log.reading.page(OWNER, Search(), 2, page.next)
        found += page.items
    assert tuple(found) == _all(log)


def test_filters_narrow_each_for_itself_and_together(log: Log) -> None:
    assert _actions(log, action="fan.tagged") == ["fan.tagged"]
    assert _actions(log, actor_id=ZOE.of("manager")) == ["fans.tagged", "fan.tagged"]
    assert _actions(log, object_id=FAN) == ["fan.tagged", "fan.updated"]
    assert _actions(log, kind="fan") == ["fans.tagged", "fan.tagged", "fan.updated"]
    assert _actions(log, kind="fan", actor_id=ZOE.of("owner")) == ["fan.updated"]
    assert _actions(log, action="fan.tagged", actor_id=ZOE.of("owner")) == []


def test_a_stretch_of_time_begins_with_its_first_moment_and_ends_before_its_last(log: Log) -> None:
    entries = _all(log)
    for newer, older in pairwise(entries[:4]):
        assert entries[-1].at < older.at < newer.at
        assert [entry.number for entry in _found(log, since=older.at, until=newer.at)] == [older.number]
    assert _found(log, since=entries[0].at + timedelta(microseconds=1)) == ()
    assert _found(log, until=entries[-1].at) == ()


def _found(log: Log, **wanted: Any) -> tuple[Entry, ...]:
    return log.reading.page(OWNER, Search(**wanted), 100).items


def test_what_it_speaks_of_is_named_as_it_is_called_today(log: Log, seeded: Database) -> None:
    ids = [FAN, ZOE.of("conversation"), ZOE.of("analyst"), new_id()]
    names = log.reading.names(OWNER, ids)
    assert {one: (named.name, named.fan_id) for one, named in names.items()} == {
        FAN: ("Robin", FAN),
        ZOE.of("conversation"): ("Robin", FAN),
        ZOE.of("analyst"): ("analyst@example.com", None),
    }
    with psycopg.connect(seeded.superuser) as connection:
        connection.execute("UPDATE fans SET deleted_at = now() WHERE workspace_id = %s", [ZOE.id])
        connection.commit()
        assert log.reading.names(OWNER, [FAN, ZOE.of("conversation")]) == {}
        connection.execute(
            "UPDATE fans SET deleted_at = NULL WHERE workspace_id = %s AND merged_into IS NULL", [ZOE.id]
        )


def test_members_may_stand_in_it_those_who_left_last(log: Log) -> None:
    assert [actor.name for actor in log.reading.actors(OWNER)] == [
        f"{role}@example.com" for role in ("analyst", "chatter", "manager", "owner")
    ]


@pytest.mark.parametrize("role", [Role.CHATTER, Role.ANALYST, Role.MACHINE])
def test_only_owners_and_managers_see_it(log: Log, role: Role) -> None:
    who = Principal("a subject", ZOE.id, ZOE.of("chatter"), role)
    for look in (
        lambda: log.reading.page(who, Search(), 1),
        lambda: log.reading.verify(who),
        lambda: log.reading.names(who, []),
        lambda: log.reading.actors(who),
        lambda: log.reading.each_matching(who, Search()),
    ):
        with pytest.raises(Forbidden):
            look()


def test_taking_it_along_is_an_entry_of_its_own_and_not_in_the_file(log: Log) -> None:
    before = _all(log)
    taken = [entry for page in log.reading.each_matching(OWNER, Search()) for entry in page]
    assert tuple(taken) == before
    assert _all(log)[0].action == "export.requested"
    assert _all(log)[0].details == {"of": "audit"}


def test_more_than_a_file_holds_is_refused_and_leaves_no_entry(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _all(log)
    monkeypatch.setattr("huntaze.audit.service.MOST_ROWS_AT_ONCE", 3)
    with pytest.raises(TooLarge):
        log.reading.each_matching(OWNER, Search())
    assert _all(log) == before


@pytest.fixture(scope="module")
def planning(seeded: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(seeded.superuser, autocommit=True) as connection:
        grow(connection, ZOE, 3_000)
        connection.execute("ANALYZE audit_log")
        yield connection


@pytest.mark.parametrize(
    ("narrowed", "index"),
    [
        ((), "audit_log_unforked"),
        (("action",), "audit_log_of_action"),
        (("kind",), "audit_log_of_kind"),
        (("actor_id",), "audit_log_of_actor"),
        (("object_id",), "audit_log_of_object"),
    ],
)
def test_what_is_read_comes_from_its_index(
    planning: psycopg.Connection[Any], narrowed: tuple[str, ...], index: str
) -> None:
    from huntaze.audit import store  # noqa: PLC0415

    statement = store.NEWEST + "".join(store.NARROWING[name] for name in narrowed) + store.IN_ORDER
    asked = {"workspace_id": ZOE.id, "after": 0, "before": store.LAST_EVER, "limit": 51, "action": "fan.merged"}
    asked |= {"kind": "member", "actor_id": ZOE.of("manager"), "object_id": FAN}
    with inside(planning, ZOE):
        planning.execute("SET LOCAL ROLE huntaze_app")
        found = planning.execute("EXPLAIN (FORMAT JSON) " + statement, asked).fetchone() or ([{}],)
    nodes = nodes_of(found[0][0]["Plan"])
    assert index in {node.get("Index Name") for node in nodes}
    kinds = {node["Node Type"] for node in nodes if node.get("Relation Name") != "members"}
    assert kinds.isdisjoint({"Seq Scan", "Sort"})
