"""A file on its way: planned, committed, undone. What that does to fans, row by row."""

from typing import Any

import psycopg
import pytest

from huntaze.audit.model import Action as Audited
from huntaze.errors import Conflict, NotFound
from huntaze.imports.model import Action, Counts, Field, Policy, Status
from huntaze.imports.reasons import words
from tests.support.imports import FILL, OVERWRITE, Importing, csv, fans_of
from tests.support.workspaces import MAX, ZOE, insert, inside

Connection = psycopg.Connection[Any]


def test_a_file_is_planned_committed_and_undone(importing: Importing, superuser: Connection) -> None:
    before = fans_of(superuser, ZOE)
    planned = importing.planned(csv("Username,Total Spent", "ada,$12.50", "robin,3", "@Ada,1", ",5"))
    found = {"known": 1, "no_name": 1, "duplicate": 1}
    assert planned.status is Status.PLANNED
    assert planned.planned == Counts(total=4, created=1, skipped=2, rejected=1, reasons=found)
    assert fans_of(superuser, ZOE) == before
    done = importing.commit(planned)
    assert done.done == planned.planned
    (ada,) = [fan for fan in fans_of(superuser, ZOE) if fan["handle"] == "ada"]
    assert (ada["name"], ada["platform_id"], ada["value_cents"], ada["currency"]) == ("ada", "ada", 1250, "USD")
    assert ada["valued_at"] == planned.created_at
    assert ada["subscription_at"] is None
    undone = importing.undo(done)
    assert undone.status is Status.UNDONE
    assert undone.undone == Counts(total=1, created=1, reasons={})
    assert fans_of(superuser, ZOE) == before


def test_all_that_a_file_can_say_is_kept(importing: Importing, superuser: Connection) -> None:
    header = "User ID,Username,Display Name,Email,Subscription Tier,Total Spent,Currency,Last Seen,Tags,Do Not Contact"
    row = '77,@Ada,Ada L.,ada@example.com,Gold,"1,234.50",EUR,2026-01-02T03:04:05Z,vip; kind,yes'
    importing.committed(csv(header, row), locale="en-US")
    (ada,) = [fan for fan in fans_of(superuser, ZOE) if fan["platform_id"] == "77"]
    assert (ada["handle"], ada["name"], ada["email"]) == ("Ada", "Ada L.", "ada@example.com")
    assert (ada["value_cents"], ada["currency"], ada["metadata"]) == (123450, "EUR", {"subscriptionTier": "Gold"})
    assert ada["last_seen_at"].isoformat() == "2026-01-02T03:04:05+00:00"
    assert set(ada["tags"]) >= {"vip"}
    assert ada["do_not_contact"]


KNOWN = "Robin,robin@new.example,Gold,7.00,2026-01-02T03:04:05Z,new"
POLICIES = [
    ({"policy": Policy.SKIP}, set()),
    (FILL, {"email", "tier", "spent", "lastSeen", "doNotContact"}),
    (OVERWRITE, {"name", "email", "tier", "spent", "lastSeen", "tags", "doNotContact"}),
]


@pytest.mark.parametrize(("policy", "changed"), POLICIES)
def test_a_known_fan_is_changed_as_was_chosen_and_gets_everything_back(
    importing: Importing, superuser: Connection, policy: dict[str, Any], changed: set[str]
) -> None:
    superuser.execute("UPDATE fans SET name = 'Own name', handle = 'robin' WHERE platform_id = 'robin'")
    before = fans_of(superuser, ZOE)
    header = "Username,Display Name,Email,Subscription Tier,Total Spent,Last Seen,Tags,Do Not Contact"
    planned = importing.planned(csv(header, f"robin,{KNOWN},yes"), **policy)
    (row,) = importing.parts.imports.rows(importing.who, planned.id)
    assert set(row.changes) == changed
    done = importing.commit(planned)
    assert done.done.updated == bool(changed)
    again = importing.committed(csv(header, f"robin,{KNOWN},yes"), **policy)
    assert (again.done.created, again.done.updated) == (0, 0)
    if changed:
        assert fans_of(superuser, ZOE) != before
        assert importing.undo(done).undone == Counts(total=1, updated=1, reasons={})
    assert fans_of(superuser, ZOE, without={"updated_at"}) == _without(before, {"updated_at"})


def _without(rows: list[dict[str, Any]], columns: set[str]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in columns} for row in rows]


def test_an_empty_cell_deletes_nothing(importing: Importing) -> None:
    importing.committed(csv("Username,Email,Total Spent", "ada,ada@example.com,5"))
    again = importing.planned(csv("Username,Email,Total Spent", "ada,,"), **OVERWRITE)
    assert again.planned.reasons == {"same": 1}


def test_a_fan_known_by_username_is_the_same_when_the_number_comes(importing: Importing, superuser: Connection) -> None:
    first = importing.committed(csv("Username", "Ada"))
    second = importing.committed(csv("User ID,Username", "77,ada"), **FILL)
    assert (second.done.created, second.done.updated) == (0, 1)
    (ada,) = [fan for fan in fans_of(superuser, ZOE) if fan["handle_key"] == "ada"]
    assert (ada["platform_id"], ada["handle"]) == ("77", "Ada")
    third = importing.planned(csv("Username", "ADA"), **OVERWRITE)
    assert importing.parts.imports.rows(importing.who, third.id)[0].fan_id == ada["id"]
    importing.undo(second)
    (ada,) = [fan for fan in fans_of(superuser, ZOE) if fan["handle_key"] == "ada"]
    assert ada["platform_id"] == "ada"
    assert importing.undo(first).undone.reasons == {"since_edited": 1}  # the second import has touched it


DUPLICATES = [
    (("1,ada", "2,ada"), {}),
    (("1,ada", ",ada"), {"duplicate": 1}),
    ((",Ada", "1,ada"), {"duplicate": 1}),
    ((",ada", ",ADA"), {"duplicate": 1}),
    (("1,ada", "1,berta"), {"duplicate": 1}),
    ((",ada", "ada,berta"), {"duplicate": 1}),
]


@pytest.mark.parametrize("apart", [0, 5_000])
@pytest.mark.parametrize(("rows", "reasons"), DUPLICATES)
def test_the_second_row_of_one_person_is_a_duplicate_wherever_it_stands(
    importing: Importing, rows: tuple[str, str], reasons: dict[str, int], apart: int
) -> None:
    between = [f"x{number},y{number}" for number in range(apart)]
    planned = importing.planned(csv("User ID,Username", rows[0], *between, rows[1]))
    assert planned.planned.reasons == reasons


def test_two_fans_of_one_username_are_never_guessed(importing: Importing) -> None:
    importing.committed(csv("User ID,Username", "1,ada", "2,ada"))
    planned = importing.planned(csv("Username,Notes", "ada,hello", "berta,"))
    assert planned.planned.reasons == {"several_fans": 1}
    rejected = "".join(importing.parts.imports.rejected(importing.who, planned.id).texts or ())
    assert f"1,Username,{words('several_fans')},ada,hello" in rejected


def test_an_amount_in_another_currency_is_refused(importing: Importing) -> None:
    importing.committed(csv("Username,Total Spent,Currency", "ada,5,EUR"))
    planned = importing.planned(csv("Username,Total Spent,Currency", "ada,6,USD"), **OVERWRITE)
    assert planned.planned.reasons == {"other_currency": 1}


def test_who_is_hidden_stays_so(importing: Importing, superuser: Connection) -> None:
    importing.committed(csv("Username", "ada"))
    superuser.execute("UPDATE fans SET deleted_at = now() WHERE handle = 'ada'")
    planned = importing.planned(csv("Username", "ada", "rob"), **OVERWRITE)
    assert planned.planned.reasons == {"deleted": 1, "merged": 1}


def test_who_must_not_be_contacted_stays_so(importing: Importing, superuser: Connection) -> None:
    importing.committed(csv("Username,Do Not Contact", "ada,yes", "berta,yes"))
    planned = importing.planned(csv("Username,Email,Do Not Contact", "ada,a@b.example,no", "berta,,no"), **OVERWRITE)
    assert (planned.planned.updated, planned.planned.reasons) == (1, {"stays_unwanted": 2})
    importing.commit(planned)
    flags = {fan["handle"]: fan["do_not_contact"] for fan in fans_of(superuser, ZOE)}
    assert flags["ada"]
    assert flags["berta"]


def test_payments_after_the_upload_are_added_and_earlier_ones_are_not(
    importing: Importing, superuser: Connection
) -> None:
    begun = importing.uploaded(csv("Username,Total Spent", "robin,100"), **OVERWRITE)
    with inside(superuser, ZOE):
        for number, at in enumerate(("-1 hour", "1 hour", "2 hours")):
            paid = {"workspace_id": ZOE.id, "id": ZOE.of(f"paid {number}"), "fan_id": ZOE.of("fan"), "kind": "tip"}
            insert(
                superuser,
                "transactions",
                {
                    **paid,
                    "platform": "onlyfans",
                    "platform_transaction_id": f"paid-{number}",
                    "amount_cents": 10 * (number + 1),
                    "occurred_at": superuser.execute(
                        "SELECT %s::timestamptz + %s::interval", [begun.created_at, at]
                    ).fetchone()[0],  # type: ignore[index]  # one row
                },
            )
    importing.work()
    importing.commit(importing.now(begun))
    (robin,) = [fan for fan in fans_of(superuser, ZOE) if fan["platform_id"] == "robin"]
    assert robin["value_cents"] == 10_000 + 20 + 30


def test_what_changed_since_the_plan_is_left_alone_and_counted(importing: Importing, superuser: Connection) -> None:
    importing.committed(csv("Username", "changed", "gone", "same"))
    planned = importing.planned(
        csv("Username,Email", *(f"{name},{name}@e.example" for name in ("changed", "gone", "same", "added", "free"))),
        **OVERWRITE,
    )
    importing.committed(csv("User ID,Username", "5,Added"))
    superuser.execute("UPDATE fans SET notes = 'edited' WHERE handle = 'changed'")
    superuser.execute("UPDATE fans SET deleted_at = now() WHERE handle = 'gone'")
    done = importing.commit(planned)
    assert done.done == Counts(
        total=5, created=1, updated=1, skipped=3, reasons={"since_added": 1, "since_changed": 1, "since_gone": 1}
    )
    assert done.done.total == done.done.created + done.done.updated + done.done.skipped
    (row,) = importing.parts.imports.rows(importing.who, done.id, outcome="since_added")
    assert (row.number, row.reason, row.name) == (4, "since_added", "added")
    assert importing.undo(done).undone == Counts(total=2, created=1, updated=1, reasons={})


def test_undo_leaves_whom_somebody_has_touched_and_lists_them(importing: Importing, superuser: Connection) -> None:
    done = importing.committed(csv("Username", "ada", "berta", "carla", "dora"))
    ids = {fan["handle"]: fan["id"] for fan in fans_of(superuser, ZOE)}
    with inside(superuser, ZOE):
        ours = {"workspace_id": ZOE.id}
        note = {"id": ZOE.of("a note"), "fan_id": ids["ada"], "author_id": ZOE.of("owner"), "text": "Kind"}
        insert(superuser, "fan_notes", {**ours, **note})
        talk = {"id": ZOE.of("a talk"), "fan_id": ids["berta"], "platform": "onlyfans"}
        insert(superuser, "conversations", {**ours, **talk})
    superuser.execute("UPDATE fans SET name = 'Carla' WHERE handle = 'carla'")
    undone = importing.undo(done)
    assert undone.undone == Counts(total=4, created=1, skipped=3, reasons={"since_edited": 3})
    kept = importing.parts.imports.rows(importing.who, done.id, outcome="since_edited")
    assert [row.name for row in kept] == ["ada", "berta", "carla"]
    assert {fan["handle"] for fan in fans_of(superuser, ZOE)} >= {"ada", "berta", "carla"}
    assert "dora" not in {fan["handle"] for fan in fans_of(superuser, ZOE)}


def test_another_plan_than_the_one_seen_is_not_committed(importing: Importing) -> None:
    planned = importing.planned(csv("Username,Email", "robin,r@e.example"))
    importing.parts.imports.plan(importing.who, planned.id, planned.choices.__class__(policy=Policy.FILL))
    importing.work()
    anew = importing.now(planned)
    assert (anew.plan, anew.planned.updated) == (2, 1)
    assert planned.plan_hash is not None
    with pytest.raises(Conflict, match="not the plan"):
        importing.parts.imports.commit(importing.who, planned.id, planned.plan_hash)
    done = importing.commit(anew)
    assert anew.plan_hash is not None
    assert importing.parts.imports.commit(importing.who, done.id, anew.plan_hash) == done
    assert importing.tickets.waiting == []
    undone = importing.undo(done)
    assert importing.parts.imports.undo(importing.who, done.id) == undone


def test_nobody_can_tell_who_the_fans_are_until_somebody_says_so(importing: Importing) -> None:
    waiting = importing.planned(csv("Whoever,Total Spent", "ada,5"))
    assert waiting.status is Status.MAPPING
    assert waiting.layout is not None
    choices = waiting.choices.__class__(mapping={Field.USERNAME: "Whoever"})
    importing.parts.imports.plan(importing.who, waiting.id, choices)
    importing.work()
    assert importing.now(waiting).planned.created == 1
    assert importing.planned(csv("WHOEVER", "berta")).planned.created == 1, "and it is remembered"


def test_an_unreadable_file_fails_with_row_and_column_and_does_nothing(importing: Importing) -> None:
    failed = importing.planned(csv("Username,Email", "ada,a@e.example", '"berta,b@e.example'))
    assert (failed.status, failed.error, failed.error_row) == (Status.FAILED, "open_quote", 2)
    with pytest.raises(Conflict):
        importing.parts.imports.rejected(importing.who, failed.id)


def test_a_small_file_is_done_within_the_request(importing: Importing) -> None:
    content = csv("Username,Email", "ada,a@e.example", "berta,nonsense").encode()
    done, rejected = importing.parts.imports.at_once(importing.who, "C:\\fans.csv", content, importing.choices())
    assert (done.status, done.file_name, done.done.created) == (Status.COMMITTED, "fans.csv", 1)
    assert [(row.number, row.action, row.reason) for row in rejected] == [(2, Action.REJECT, "bad_email")]


def test_what_people_do_is_on_record(importing: Importing, superuser: Connection) -> None:
    importing.undo(importing.committed(csv("Username", "ada")))
    acts = superuser.execute("SELECT action FROM audit_log WHERE object_kind = 'import' ORDER BY position").fetchall()
    assert [act for (act,) in acts] == [Audited.IMPORT_REQUESTED, Audited.IMPORT_COMMITTED, Audited.IMPORT_UNDONE]


def test_another_workspace_is_none_of_it(importing: Importing, superuser: Connection) -> None:
    before = fans_of(superuser, MAX)
    done = importing.committed(csv("Username,Email", "robin,r@e.example", "rob,x@e.example"), **OVERWRITE)
    assert fans_of(superuser, MAX) == before
    importing.undo(done)
    assert fans_of(superuser, MAX) == before
    with pytest.raises(NotFound):
        importing.parts.imports.of(importing.who, MAX.of("import"))
