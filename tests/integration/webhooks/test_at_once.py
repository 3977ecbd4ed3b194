"""Many workers with the same events at the same moment."""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from huntaze import wiring
from huntaze.ids import new_id
from huntaze.webhooks.model import ticket
from tests.conftest import Database
from tests.integration.webhooks.conftest import ROBIN, House, process
from tests.integration.webhooks.test_events import BOUGHT, SENT_WITH, SUBSCRIBED, TIPPED, WROTE
from tests.support.people import new_fan
from tests.support.waiting import until_it_waits

WORKERS = 8


def _at_once(database: Database, work: Callable[[wiring.Wiring, int], None], workers: int = WORKERS) -> None:
    """Everybody in a process of their own, as far as the database can tell, and all at the same moment."""
    together = threading.Barrier(workers)

    def run(number: int) -> None:
        parts = process(database)
        try:
            together.wait(60)
            work(parts, number)
        finally:
            parts.postgres.close()

    with ThreadPoolExecutor(workers) as everybody:
        list(everybody.map(run, range(workers)))


def test_one_event_that_eight_workers_get_at_once_is_done_once(house: House) -> None:
    for number, (kind, data) in enumerate(
        (
            ("message.received", WROTE),
            ("message.sent", SENT_WITH),
            ("message.purchased", BOUGHT),
            ("tip.received", TIPPED),
            ("subscription.started", SUBSCRIBED),
        )
    ):
        house.hear(kind, data, event_id=f"e{number}")
    bodies = [one.body() for one in house.queue.tickets]
    for body in bodies:
        _at_once(house.database, lambda parts, _, body=body: parts.event_worker.receive(body))
    assert {row[0] for row in house.rows("outcome", "webhook_events")} == {"done"}
    assert house.rows("unread_count", "conversations") == [(1,)]
    assert house.rows("value_cents", "fans") == [(1_500 + 500 + 999,)]
    assert [len(house.rows("id", table)) for table in ("fans", "messages", "transactions")] == [1, 2, 3]


def test_one_request_that_comes_eight_times_at_once_is_kept_once(house: House) -> None:
    delivered = house.bridge.delivered('{"type": "account.login_expired", "at": "2026-06-01T12:00:00Z"}', "e1")

    def hear(parts: wiring.Wiring, _: int) -> None:
        parts.doors, parts.event_queue = house.parts.doors, house.queue
        parts.webhooks.take_in("onlyfans", str(house.bridge.connection_id), delivered)

    _at_once(house.database, hear)
    assert len(house.rows("id", "webhook_events")) == 1
    assert len(house.queue.tickets) == 1


def test_whom_an_import_adds_by_a_username_at_the_same_moment_is_the_same_fan(house: House) -> None:
    house.hear("message.received", WROTE)
    [told] = house.queue.tickets
    importing = process(house.database)
    now = importing.clock.now()
    with ThreadPoolExecutor(1) as elsewhere:
        with importing.in_workspace_as_machine(house.owner.workspace_id) as stores:
            stores.import_doing.wait()
            stores.fans.add(new_fan(platform_id=ROBIN["username"], handle=ROBIN["username"]), new_id(), now)
            hearing = elsewhere.submit(house.parts.event_worker.receive, told.body())
            until_it_waits(house.database, hearing)
        hearing.result()
    importing.postgres.close()
    assert [len(house.rows("id", table)) for table in ("fans", "messages")] == [1, 1]


def test_many_different_events_about_one_new_fan_at_once_count_exactly(house: House) -> None:
    """The first ones all want to make the fan and the conversation, and each purchase meets its message."""
    for number in range(12):
        price = {"messageId": f"o{number}", "priceCents": 100}
        house.hear("message.received", {**WROTE, "messageId": f"m{number}"})
        house.hear("message.sent", {**SENT_WITH, **price})
        house.hear("message.purchased", {**BOUGHT, **price, "purchaseId": f"p{number}", "amountCents": 100})
        house.hear("tip.received", {**TIPPED, "tipId": f"t{number}", "fan": ROBIN, "amountCents": 10})
    bodies = [one.body() for one in house.queue.tickets]
    shares = [list(itertools.islice(itertools.cycle(bodies), start * 6, start * 6 + 18)) for start in range(WORKERS)]

    def work(parts: wiring.Wiring, number: int) -> None:
        for body in shares[number]:
            parts.event_worker.receive(body)

    _at_once(house.database, work)
    assert {row[0] for row in house.rows("outcome", "webhook_events")} == {"done"}
    assert house.rows("value_cents, platform_id", "fans") == [(12 * 110, "1001")]
    assert house.rows("unread_count", "conversations") == [(12,)]
    bought = house.rows("bought_at IS NOT NULL, direction", "messages")
    assert sorted(bought) == [(False, "in")] * 12 + [(True, "out")] * 12


def test_a_ticket_of_nothing_is_done(house: House) -> None:
    house.hear("tip.received", TIPPED)
    (told,) = house.queue.tickets
    _, event_id = ticket(told.body())
    house.run("DELETE FROM webhook_events WHERE id = %s", event_id)
    house.parts.event_worker.receive(told.body())
    assert house.rows("id", "fans") == []
