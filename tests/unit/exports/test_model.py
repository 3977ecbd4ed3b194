import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huntaze.errors import Invalid
from huntaze.exports.model import BEGUN_WITHIN, LEASE, Export, NewExport, Status, Ticket, ticket
from huntaze.ids import new_id
from tests.support.export_fakes import FakeExports

NOON = datetime(2026, 5, 1, 12, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TICKET = {"v": 1, "workspaceId": str(new_id()), "exportId": str(new_id())}


@pytest.fixture
def asked() -> Export:
    new = NewExport(filters={}, sort="name", expected_rows=None)
    return FakeExports().add(new, new_id(), new_id(), NOON, NOON + timedelta(days=7))


def test_a_ticket_is_read_as_it_was_written() -> None:
    written = Ticket(new_id(), new_id())
    assert ticket(written.body()) == written


@pytest.mark.parametrize(
    "body",
    [
        "",
        "poison",
        "[" * 100_000,
        "[]",
        "null",
        json.dumps({**TICKET, "more": 1}),
        json.dumps({"v": 1, "workspaceId": TICKET["workspaceId"]}),
        *(json.dumps({**TICKET, "v": version}) for version in (2, True, 1.0, "1", None)),
        *(
            json.dumps({**TICKET, "exportId": value})
            for value in ("", "x", 1, None, [], TICKET["exportId"].upper() + "A")
        ),
        json.dumps({**TICKET, "workspaceId": "{" + TICKET["workspaceId"] + "}"}),
    ],
)
def test_what_is_no_ticket_is_refused(body: str) -> None:
    with pytest.raises(Invalid):
        ticket(body)


@pytest.mark.parametrize(
    ("changes", "after", "stuck"),
    [
        ({}, BEGUN_WITHIN, False),
        ({}, BEGUN_WITHIN + SECOND, True),
        ({"status": Status.WRITING, "lease_until": NOON + LEASE}, LEASE, False),
        ({"status": Status.WRITING, "lease_until": NOON + LEASE}, LEASE + SECOND, True),
        ({"status": Status.READY}, timedelta(days=1), False),
        ({"status": Status.FAILED}, timedelta(days=1), False),
    ],
)
def test_an_export_is_stuck_when_nobody_works_on_it(
    asked: Export, changes: dict[str, Any], after: timedelta, *, stuck: bool
) -> None:
    export = replace(asked, **changes)
    assert export.stuck(NOON + after) is stuck
    assert export.under_way(NOON + after) is (not stuck and not export.status.final)


def test_a_file_is_named_for_the_minute_it_was_asked_for(asked: Export) -> None:
    assert asked.file_name == "fans-2026-05-01-1205.csv"
