"""What a worker of imports is told: tickets of ours, and what the bucket says of files."""

import json

import pytest

from huntaze.errors import Invalid
from huntaze.ids import new_id
from huntaze.imports.model import NOTHING, Counts, Ticket, tickets

TICKET = Ticket(new_id(), new_id())


def _told(*keys: str) -> str:
    return json.dumps({"Records": [{"s3": {"object": {"key": key}}} for key in keys]})


def test_a_ticket_is_read_as_it_was_written() -> None:
    assert tickets(TICKET.body()) == [TICKET]


def test_the_bucket_names_files_and_ours_alone_are_imports() -> None:
    ours, other = TICKET.key, f"imports/{TICKET.workspace_id}/{TICKET.import_id}/rejected-1.csv"
    assert tickets(_told(ours, other, "imports/nonsense", "exports/a/b/file.csv", ours.replace("/", "%2F"))) == [
        TICKET,
        TICKET,
    ]
    assert tickets('{"Service": "Amazon S3", "Event": "s3:TestEvent"}') == []


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"v": 1}', '{"Records": [{}]}', '{"Records": 5}', '{"v":2}', "null"])
def test_anything_else_is_poison(body: str) -> None:
    with pytest.raises(Invalid):
        tickets(body)


def test_counts_add_up_with_their_reasons() -> None:
    one = Counts(total=2, created=1, skipped=1, reasons={"known": 1})
    other = Counts(total=1, rejected=1, reasons={"known": 1, "bad_email": 1, "same": 0})
    both = Counts(total=3, created=1, skipped=1, rejected=1, reasons={"known": 2, "bad_email": 1})
    assert one.plus(other) == both
    assert NOTHING.plus(one) == one
