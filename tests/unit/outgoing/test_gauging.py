"""What a schedule takes down."""

from huntaze.measures import Gauge
from huntaze.outgoing.gauging import Gauging
from huntaze.outgoing.model import Activity
from tests.support.fake_delivery import FakeDeadLetters, FakeGauges, RecordedMeasures, dead_permit


def test_everything_that_can_be_looked_at_is_taken_down() -> None:
    measures = RecordedMeasures()
    queue = FakeDeadLetters(queue=[dead_permit()] * 7)
    assert Gauging(FakeGauges(), queue, measures).round() == 3
    assert measures.gauged == {Gauge.OUTBOX_AGE: 12.5, Gauge.UNKNOWN: 3, Gauge.QUEUE_DEPTH: 7}


def test_a_queue_that_is_away_has_no_figure_and_keeps_none_of_the_others() -> None:
    measures = RecordedMeasures()
    assert Gauging(FakeGauges(), FakeDeadLetters(is_away=True), measures).round() == 2
    assert measures.gauged.keys() == {Gauge.OUTBOX_AGE, Gauge.UNKNOWN}


def test_what_waits_and_who_may_send_is_taken_down_while_there_is_something() -> None:
    measures = RecordedMeasures()
    assert Gauging(FakeGauges(active=Activity(5, 3, 0, 20, 2)), FakeDeadLetters(), measures).round() == 7
    assert (
        measures.gauged.items()
        >= {
            Gauge.ACCOUNTS: 5,
            Gauge.ACCOUNTS_AWAY: 0,
            Gauge.TOKENS_LEFT: 20,
            Gauge.CAMPAIGNS: 2,
        }.items()
    )
