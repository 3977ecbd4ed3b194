"""Who may look at what waits and at what was said, and what is foreseen of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from huntaze.clock import FixedClock
from huntaze.cursors import Position
from huntaze.errors import Forbidden
from huntaze.home.service import Home
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.messages.model import Status
from huntaze.money import Money
from huntaze.sent.model import Entry, Filters
from huntaze.sent.service import SentLog
from huntaze.threads.model import Leaving
from tests.support.people import principal

NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)
ENTRY = Entry(
    id=new_id(),
    conversation_id=new_id(),
    fan_name="Robin",
    text="Hi",
    media=0,
    price=Money(0, "USD"),
    bought_at=None,
    status=Status.QUEUED,
    last_error=None,
    sent_elsewhere=False,
    sent_by_ai=False,
    approver="Ana",
    approved_at=NOW,
    campaign_id=None,
    campaign=None,
    occurred_at=NOW,
    sent_at=None,
)


class _Sent:
    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries

    def matching(self, _filters: Filters, _after: Position | None, limit: int) -> Sequence[Entry]:
        return self.entries[:limit]


class _Roads:
    """Each that waits is asked about once."""

    def __init__(self) -> None:
        self.asked: list[UUID] = []

    def road(self, message_id: UUID) -> Any:
        self.asked.append(message_id)
        return SimpleNamespace(ahead=2, leaves_in=timedelta(seconds=30))


def _transactions(**stores: object) -> Callable[[Principal], AbstractContextManager[Any]]:
    @contextmanager
    def begin(_who: Principal) -> Iterator[Any]:
        yield SimpleNamespace(**stores)

    return begin


def test_of_what_waits_those_that_leave_first_are_told_their_place() -> None:
    entries = [replace(ENTRY, id=new_id()) for _ in range(12)]
    sent_one, roads = replace(ENTRY, id=new_id(), status=Status.SENT), _Roads()
    log = SentLog(_transactions(sent=_Sent([sent_one, *entries]), outbox=roads), FixedClock(NOW))
    page = log.page(principal(), Filters(), 13)
    assert roads.asked == [entry.id for entry in entries[-10:]]
    assert [entry.leaving for entry in page.items[:3]] == [None, None, None]
    assert page.items[-1].leaving == Leaving(3, NOW + timedelta(seconds=30))
    assert page.next is None


def test_what_is_more_than_a_page_goes_on_after_its_last() -> None:
    entries = [replace(ENTRY, id=new_id(), status=Status.SENT) for _ in range(3)]
    log = SentLog(_transactions(sent=_Sent(entries), outbox=_Roads()), FixedClock(NOW))
    page = log.page(principal(), Filters(), 2)
    assert (len(page.items), page.next) == (2, entries[1].position)


def test_who_is_not_in_the_inbox_sees_nothing_of_it() -> None:
    analyst, nothing = principal(Role.ANALYST), _transactions()
    log = SentLog(nothing, FixedClock(NOW))
    for act in (
        lambda: log.page(analyst, Filters(), 40),
        lambda: log.approvers(analyst),
        lambda: Home(nothing).needs(analyst),
        lambda: Home(nothing).drafts(analyst, 40),
    ):
        with pytest.raises(Forbidden):
            act()


def test_what_was_said_is_in_no_log() -> None:
    told = repr(replace(ENTRY, fan_name="Robin Secret", text="Something private", campaign="Spring"))
    assert not any(word in told for word in ("Secret", "private", "Spring"))
