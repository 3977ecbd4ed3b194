"""Many at once: every use is counted, one answers, and a first version is written once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import TypeVar
from uuid import UUID

import psycopg

from huntaze.ai_config.service import AiConfigs
from huntaze.errors import Stale
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.presence.model import Company
from huntaze.profiles.service import Profiles
from huntaze.quick_replies.model import NewQuickReply
from huntaze.versions import etag
from huntaze.wiring import Wiring
from huntaze.wording.model import Wording
from tests.conftest import Database
from tests.integration.fans.conftest import add_member

MANY = 32
Result = TypeVar("Result")


def _at_once(database: Database, act: Callable[[Wiring, int], Result], count: int = MANY) -> list[Result]:
    """Each in a process of its own as far as the database can tell, all beginning together."""
    begin = Barrier(count)

    def one(number: int) -> Result:
        parts = Wiring({"DATABASE_URL": database.app})
        try:
            with suppress(psycopg.Error):
                parts.postgres.look_up("SELECT 1 AS one", {})
            begin.wait()
            return act(parts, number)
        finally:
            parts.postgres.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def test_every_use_is_counted(database: Database, workspace_id: UUID, member_id: UUID, fan_id: UUID) -> None:
    who = Principal("ana", workspace_id, member_id, Role.OWNER)
    parts = Wiring({"DATABASE_URL": database.app})
    reply = parts.quick_replies.create(who, NewQuickReply(template=Wording("Hi {name|there}"), category=None))
    version = etag(reply)
    used = _at_once(database, lambda each, _: each.quick_replies.use(who, reply.id, fan_id))
    assert {filled.text for _, filled in used} == {"Hi Robin"}
    assert sorted(one.usage_count for one, _ in used) == list(range(1, MANY + 1))
    now = parts.quick_replies.get(who, reply.id)
    assert (now.usage_count, etag(now)) == (MANY, version)
    parts.postgres.close()


def test_of_many_who_would_answer_one_does(database: Database, workspace_id: UUID, conversation_id: UUID) -> None:
    people = [
        Principal(str(number), workspace_id, add_member(database, workspace_id, "chatter"), Role.CHATTER)
        for number in range(MANY)
    ]

    def answer(parts: Wiring, number: int) -> tuple[UUID, Company]:
        who = people[number]
        return who.member_id, parts.presence.be_there(who, conversation_id, answering=True)

    for _ in range(3):
        told = _at_once(database, answer)
        holders = {company.answering.member_id for _, company in told if company.answering}
        assert len(holders) == 1, "nobody was told that another one answers"
        assert all(company.answering for _, company in told)
        [(kept,)] = database.run(
            "SELECT member_id FROM conversation_answering WHERE conversation_id = %s",
            conversation_id,
        )
        assert {kept} == holders


def test_of_many_who_take_over_one_has_it_in_the_end(
    database: Database, workspace_id: UUID, conversation_id: UUID
) -> None:
    people = [
        Principal(str(number), workspace_id, add_member(database, workspace_id, "chatter"), Role.CHATTER)
        for number in range(MANY)
    ]

    def take(parts: Wiring, number: int) -> None:
        parts.presence.be_there(people[number], conversation_id, answering=True, take_over=True)

    _at_once(database, take)
    [(held,)] = database.run("SELECT count(*) FROM conversation_answering WHERE conversation_id = %s", conversation_id)
    assert held == 1


def test_a_first_version_is_written_by_one(database: Database, workspace_id: UUID, member_id: UUID) -> None:
    who = Principal("ana", workspace_id, member_id, Role.OWNER)

    def write(parts: Wiring, number: int) -> tuple[bool, bool]:
        return (
            _unless_stale(lambda: Profiles(parts.in_workspace).update(who, {"bio": str(number)}, '"0"')),
            _unless_stale(lambda: AiConfigs(parts.in_workspace).update(who, {"personality": str(number)}, '"0"')),
        )

    told = _at_once(database, write, 8)
    assert (sum(profile for profile, _ in told), sum(config for _, config in told)) == (1, 1)


def _unless_stale(act: Callable[[], object]) -> bool:
    try:
        act()
    except Stale:
        return False
    return True


def test_what_has_ended_is_cleared_away_as_others_come(
    database: Database, workspace_id: UUID, member_id: UUID, conversation_id: UUID
) -> None:
    gone = add_member(database, workspace_id, "chatter")
    elsewhere = new_id()
    with psycopg.connect(database.superuser) as connection:
        connection.execute(
            "INSERT INTO conversations (workspace_id, id, fan_id, platform)"
            " SELECT workspace_id, %s, fan_id, 'fansly' FROM conversations WHERE id = %s",
            [elsewhere, conversation_id],
        )
        for table, until in (("conversation_presence", "here_until"), ("conversation_answering", "answering_until")):
            connection.execute(
                f"INSERT INTO {table} (workspace_id, conversation_id, member_id, {until})"  # noqa: S608  (ours)
                " VALUES (%s, %s, %s, now() - interval '1 hour')",
                [workspace_id, elsewhere, gone],
            )
    parts = Wiring({"DATABASE_URL": database.app})
    parts.presence.be_there(Principal("ana", workspace_id, member_id, Role.OWNER), conversation_id)
    parts.postgres.close()
    left = "SELECT (SELECT count(*) FROM conversation_presence WHERE member_id = %s), (SELECT count(*) FROM"
    assert database.run(f"{left} conversation_answering WHERE member_id = %s)", gone, gone) == [(0, 0)]
