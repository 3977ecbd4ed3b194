"""What the stores run comes from indexes, also where row-level security would keep it away from them."""

from typing import Any, LiteralString

import psycopg
import pytest

from huntaze.fans import store as fans_store
from huntaze.notes import store as notes_store
from huntaze.outgoing import store as outgoing_store
from huntaze.purchases import store as purchases_store
from huntaze.timeline import store as timeline_store
from tests.support.plans import nodes_of, plans_inside
from tests.support.workspaces import NOON, ZOE, inside

Connection = psycopg.Connection[Any]

NOTHING = dict.fromkeys(("q", "platform", "tag", "min_value_cents", "seen_after", "after_key", "after_id"))
ASKED = {
    **NOTHING,
    "workspace_id": ZOE.id,
    "fan_id": ZOE.of("fan"),
    "sort": "name",
    "limit": 51,
    "after_key": str(NOON),
    "after_id": ZOE.of("fan"),
    "before_key": "infinity",
    "before_id": ZOE.of("fan"),
    "since": NOON,
    "ids": [ZOE.of("draft message")],
    "id": ZOE.of("draft message"),
}


@pytest.mark.parametrize("function", ["fans_totals", "fans_selected"])
@pytest.mark.parametrize("arguments", ["'a3f2b1', NULL, NULL, NULL, NULL", "NULL, NULL, 't77', NULL, NULL"])
def test_totals_and_selections_of_what_is_rare_come_from_the_index(
    planning: Connection, function: LiteralString, arguments: LiteralString
) -> None:
    plans = plans_inside(planning, function, arguments)
    assert "Bitmap Index Scan on fans_search" in plans
    assert "Seq Scan" not in plans


READ_MODELS: list[tuple[str, set[str]]] = [
    (fans_store.MATCHING.format(sort_key="name_key"), {"fans_pkey"}),
    (notes_store.NEWEST, {"fan_notes_newest", "members_pkey", "fans_merged_into"}),
    (
        timeline_store.NEWEST,
        {
            *("fan_notes_newest", "members_pkey", "transactions_of_fan", "messages_of_fan", "workspaces_pkey"),
            *("fans_pkey", "fans_merged_into"),
        },
    ),
    (purchases_store.BOUGHT, {"transactions_of_fan", "messages_pkey", "fans_merged_into"}),
    (purchases_store.OFFERED, {"messages_offered", "fans_merged_into"}),
    (outgoing_store.QUEUED_SINCE, {"message_transitions_queued"}),
    (outgoing_store.ENDED_SINCE, {"message_transitions_ended"}),
    (outgoing_store.LAST_ENDED, {"message_transitions_ended"}),
    (outgoing_store.TRIES, {"delivery_attempts_of_message"}),
    (outgoing_store.ACCOUNTS, {"connections_known_once", "delivery_attempts_tokens", "messages_due"}),
]


@pytest.mark.parametrize(
    ("statement", "indexes"),
    READ_MODELS,
    ids=range(len(READ_MODELS)),
)
def test_what_the_stores_read_comes_from_its_index(planning: Connection, statement: str, indexes: set[str]) -> None:
    planning.execute("SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off")
    planning.execute("SET enable_bitmapscan = off; SET ROLE huntaze_app")
    with inside(planning, ZOE):
        found = planning.execute("EXPLAIN (FORMAT JSON) " + statement, ASKED).fetchone() or ([{}],)
    nodes = nodes_of(found[0][0]["Plan"])
    assert {node["Index Name"] for node in nodes if "Index Name" in node} == indexes
    assert not any(node["Node Type"] == "Seq Scan" for node in nodes)
