"""The lists of the inbox come from indexes alone, whatever is asked, also under row-level security."""

from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest

from huntaze.conversations import listing
from huntaze.conversations import store as conversations
from huntaze.conversations.model import Filters as Asked
from huntaze.cursors import Position
from huntaze.drafts import store as drafts
from huntaze.earnings import store as earnings
from huntaze.fans.model import Platform
from huntaze.home import store as home
from huntaze.messages import store as messages
from huntaze.messages.model import Status
from huntaze.sent import store as sent
from huntaze.sent.model import Fate, Filters
from huntaze.threads import store as threads
from tests.support.plans import nodes_of, plans_inside
from tests.support.workspaces import NOON, ZOE, inside

Connection = psycopg.Connection[Any]

ASKED = {
    "workspace_id": ZOE.id,
    "conversation_id": ZOE.of("conversation"),
    "id": ZOE.of("conversation"),
    "fan_id": ZOE.of("fan"),
    "platform": "patreon",
    "status": "cancelled",
    "archived": False,
    "newest_from": NOON,
    "newest_to": NOON,
    "after_key": "infinity",
    "after_id": ZOE.of("fan"),
    "limit": 51,
    "offset": 0,
    "lines": 40,
    "at": NOON,
    "member_id": ZOE.of("owner"),
    "here_until": NOON,
    "due": NOON,
    "approved_by": ZOE.of("owner"),
    "approver_id": ZOE.of("owner"),
    "since": NOON,
    "until": NOON,
    "most": 100,
    **dict.fromkeys(("today", "yesterday", "yesterday_until", "month", "last_month", "last_month_until", "now"), NOON),
}


@pytest.fixture
def busy(planning: Connection) -> Iterator[Connection]:
    """The crowd in conversation; the settings of a test end with it."""
    with planning.transaction(force_rollback=True):
        yield planning


def _inbox(after: Position | None = None, **asked: Any) -> str:
    return listing.statement(Asked(**asked), after)


def _pulse(**asked: Any) -> str:
    return threads.PULSE.format(list=listing.statement(Asked(**asked), None, threads.ROW), about=threads.ABOUT)


def _messages(*conditions: str, of_fan: bool = False) -> str:
    said = "".join(conditions)
    source = messages.OF_FAN.format(conditions=said) if of_fan else messages.EVERYBODYS
    return messages.MATCHING.format(source=source, conditions=said)


def _sent(filters: Filters, status: Status | None = None) -> str:
    return sent.statement(filters, status, Position("infinity", ZOE.of("fan")))


# What is read, and the indexes it has to come from: the first orders the page, the others find what belongs to a row.
ROW = {"fans_pkey", "messages_thread"}
# Of what nobody knows whether it arrived the attempts are looked at, one by one.
WINDOW = {
    *("drafts_of_conversation", "conversation_answering_ended", "delivery_attempts_pkey", "conversation_presence_pkey"),
    *("conversations_pkey", "fans_pkey", "fans_merged_into"),
    *("transactions_of_fan", "messages_offered", "fan_notes_newest"),
}
BESIDE = {"fans_pkey", "members_pkey", "campaigns_pkey"}
AFTER = Position("infinity", ZOE.of("fan"))  # so that no other condition leaves less to read
LISTS: list[tuple[str, set[str]]] = [
    (_inbox(), {"conversations_newest", *ROW}),
    (_pulse(), {"conversations_newest", *ROW, *WINDOW}),
    (threads.STAY + _pulse(), {"conversations_newest", "conversation_presence_ended", *ROW, *WINDOW}),
    (_pulse(unread=True), {"conversations_unread", "conversations_newest", *ROW, *WINDOW}),
    (_inbox(AFTER), {"conversations_newest", *ROW}),
    (_inbox(newest_from=NOON, newest_to=NOON), {"conversations_newest", *ROW}),
    (_inbox(AFTER, platform=Platform.PATREON), {"conversations_of_platform", *ROW}),
    (_inbox(AFTER, unread=True), {"conversations_unread", *ROW}),
    (_inbox(AFTER, unanswered=True), {"conversations_unanswered", *ROW}),
    (_inbox(AFTER, unanswered=True, newest_from=NOON, newest_to=NOON), {"conversations_unanswered", *ROW}),
    (conversations.GET, {"conversations_pkey", *ROW}),
    (conversations.OF_FAN, {"conversations_one_per_fan", *ROW}),
    (_messages(messages.OF_CONVERSATION, messages.AFTER), {"messages_thread", "fans_pkey"}),
    (_messages(messages.AFTER, of_fan=True), {"messages_of_fan", "fans_merged_into", "fans_pkey"}),
    (_messages(messages.AFTER), {"messages_newest", "fans_pkey"}),
    (_messages(messages.IN_STATUS, messages.ON_ITS_WAY, messages.AFTER), {"messages_by_status", "fans_pkey"}),
    (_messages(messages.IN_TROUBLE, messages.AFTER), {"messages_in_trouble", "fans_pkey"}),
    (_messages(messages.BY_APPROVER, messages.AFTER), {"messages_of_approver", "fans_pkey"}),
    (
        _messages(messages.BY_APPROVER, messages.IN_STATUS, messages.ON_ITS_WAY, messages.AFTER),
        {"messages_of_approver_by_status", "fans_pkey"},
    ),
    (_sent(Filters()), {"messages_outgoing", *BESIDE}),
    (_sent(Filters(since=NOON, until=NOON)), {"messages_outgoing", *BESIDE}),
    (_sent(Filters(fate=Fate.SENT), Status.SENT), {"messages_outgoing", *BESIDE}),
    (_sent(Filters(fate=Fate.TROUBLE), Status.FAILED), {"messages_by_status", *BESIDE}),
    (_sent(Filters(ZOE.of("owner"))), {"messages_of_approver", *BESIDE}),
    (_sent(Filters(ZOE.of("owner"), fate=Fate.WAITING), Status.QUEUED), {"messages_of_approver_by_status", *BESIDE}),
    (_sent(Filters(elsewhere=True)), {"messages_elsewhere", *BESIDE}),
    (home.DRAFTS, {"drafts_newest", "fans_pkey"}),
    (home.COUNT_MESSAGES, {"messages_by_status", "fans_pkey"}),
    (drafts.NEWEST.format(of_conversation=""), {"drafts_newest", "fans_pkey"}),
    (drafts.NEWEST.format(of_conversation=drafts.OF_CONVERSATION), {"drafts_of_conversation", "fans_pkey"}),
]


@pytest.mark.parametrize(("statement", "indexes"), LISTS, ids=range(len(LISTS)))
def test_a_list_comes_from_its_index_in_its_order(busy: Connection, statement: str, indexes: set[str]) -> None:
    busy.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
    busy.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL ROLE huntaze_app")
    nodes = _plan(busy, statement)
    assert {node["Index Name"] for node in nodes if "Index Name" in node} == indexes
    # Of a fan and of who was merged into them the newest few of each are put in one order, and nothing else is sorted.
    slow = ("Seq Scan",) if "same_person" in statement else ("Seq Scan", "Sort")
    assert not any(node["Node Type"].endswith(slow) for node in nodes)
    if "after_key" in statement:
        assert "ROW(" in "".join(node.get("Index Cond", "") for node in nodes)


def test_how_much_is_unread_is_summed_in_an_index(busy: Connection) -> None:
    busy.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL ROLE huntaze_app")
    nodes = _plan(busy, conversations.UNREAD)
    scans = {(node["Node Type"], node["Index Name"]) for node in nodes if "Index Name" in node}
    assert ("Index Only Scan", "conversations_unread") in scans
    assert {index for _, index in scans} == {"conversations_unread", "fans_deleted", "fans_pkey"}


@pytest.mark.parametrize(
    ("statement", "indexes"),
    [
        (sent.APPROVERS, {"messages_of_approver", "members_pkey"}),
        (home.COUNT_DRAFTS, {"drafts_of_fan", "fans_pkey"}),
    ],
)
def test_what_is_little_is_not_looked_for_in_whole_tables(busy: Connection, statement: str, indexes: set[str]) -> None:
    busy.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL ROLE huntaze_app")
    busy.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
    nodes = _plan(busy, statement)
    assert {node["Index Name"] for node in nodes if "Index Name" in node} == indexes
    assert not any(node["Node Type"] == "Seq Scan" for node in nodes)


def test_two_months_of_payments_are_summed_in_an_index(busy: Connection) -> None:
    busy.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL ROLE huntaze_app")
    nodes = _plan(busy, earnings.SO_FAR)
    scans = [(node["Node Type"], node["Index Name"]) for node in nodes if "Index Name" in node]
    assert scans == [("Index Only Scan", "transactions_by_time")]


LOOKED, COLLECTED = ["fans_pkey on fans"], ["conversations_one_per_fan on conversations"]
NEWEST = "conversations_newest on conversations"


@pytest.mark.parametrize(
    ("asked", "scans", "steps"),
    [
        ("'fan', NULL, NULL, NULL, false, false, false, NULL, NULL", [NEWEST, *LOOKED], 1),
        ("'fan 77', NULL, NULL, NULL, false, false, false, NULL, NULL", ["fans_search", *COLLECTED], 2),
        ("NULL, 't77', NULL, NULL, false, false, false, NULL, NULL", ["fans_search", *COLLECTED], 1),
        ("'fan', 't77', 1, NULL, false, false, false, NULL, NULL", ["fans_search", *COLLECTED], 2),
        ("NULL, NULL, 1, NULL, false, false, false, NULL, NULL", [NEWEST, *LOOKED], 1),
        ("NULL, NULL, 2990, NULL, false, false, false, NULL, NULL", ["fans_by_value", *COLLECTED], 1),
        ("NULL, NULL, 1, 'patreon', false, false, false, NULL, NULL", ["conversations_of_platform", *LOOKED], 1),
        ("NULL, NULL, 1, NULL, false, true, false, NULL, NULL", ["conversations_unanswered", *LOOKED], 1),
        # Fewer are unread than are looked at: whoever is not among them is in no index either.
        ("NULL, NULL, 1, NULL, true, false, false, NULL, NULL", ["conversations_unread", *LOOKED], 1),
        ("'fan 77', NULL, NULL, NULL, true, false, false, NULL, NULL", ["conversations_unread", *LOOKED], 1),
    ],
)
def test_what_is_common_is_looked_for_and_what_is_rare_is_collected(
    busy: Connection, asked: LiteralString, scans: list[str], steps: int
) -> None:
    plans = plans_inside(busy, "conversations_matching", asked + ", NULL, NULL, 51")
    for scan in scans:
        assert scan in plans
    assert plans.count("array_agg") == steps
    assert "Seq Scan" not in plans


def test_a_list_about_no_fan_is_not_asked_of_the_function(busy: Connection) -> None:
    nothing = "NULL, NULL, NULL, NULL, false, false, false, NULL, NULL"
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        plans_inside(busy, "conversations_matching", nothing + ", NULL, NULL, 51")


def _plan(connection: Connection, statement: str) -> list[dict[str, Any]]:
    with inside(connection, ZOE):
        found = connection.execute("EXPLAIN (FORMAT JSON) " + statement, ASKED).fetchone() or ([{}],)
    return nodes_of(found[0][0]["Plan"])
