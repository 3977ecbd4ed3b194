from dataclasses import replace

import pytest

from costs.figures import Figures
from costs.load import IDLE, Load, Month
from costs.template import Template
from huntaze.measures import Count, Gauge, Time
from tests.unit.costs.small import BUSY, amounts, function, resource, schedule, template


def stage(rate: str = "rate(1 minute)") -> Template:
    workers = {name: function(name) for name in ("web", "webhooks-in", "webhooks", "analytics", "upkeep")}
    return template(
        Sender=function("rate-limiter", memory=256),
        Logs=resource("AWS::Logs::LogGroup", RetentionInDays=90),
        Upkeep=workers.pop("upkeep"),
        Rule=schedule("Upkeep", rate),
        Queue=resource("AWS::Lambda::EventSourceMapping"),
        **workers,
    )


def test_a_function_once_a_minute_is_started_43800_times_a_month() -> None:
    paid = amounts(Month(stage(), IDLE), "AWS::Lambda::Function")
    assert paid["starts"] == 43_800
    assert paid["memory and time: schedules"] == pytest.approx(43_800 * 0.15 * 0.5)
    assert paid["traces"] == 43_800  # fewer than one a second: all of them


def test_messages_start_what_sends_and_what_hears_of_them() -> None:
    paid = amounts(Month(stage(), BUSY), "AWS::Lambda::Function")
    assert paid["memory and time: sending"] == pytest.approx(30_400 * 1.1 * 1.0 * 0.25)
    assert paid["memory and time: events"] == pytest.approx(30_400 * (0.05 + 0.1) * 0.5)
    # Half a person for 8 hours on 30.4 days, 900 times an hour, and half a request for each message.
    assert paid["memory and time: pages"] == pytest.approx((0.5 * 8 * 30.4 * 900 + 15_200) * 0.03 * 0.5)


def test_beyond_one_a_second_a_twentieth_is_traced() -> None:
    figures = replace(Figures(), people=0, pages=0, events=0, recounts=0, receives=1)
    month = Month(stage("rate(1 day)"), Load("", 100_000, 1), figures)
    seconds = 30.4 * 3600
    traces = amounts(month, "AWS::Lambda::Function")["traces"]
    assert traces == pytest.approx(seconds + (100_000 * 30.4 - seconds) / 20 + 43_800 / 1440)


def test_our_own_metrics_are_paid_by_the_hours_in_which_they_are_written() -> None:
    assert amounts(Month(stage(), IDLE), "AWS::Lambda::Function")["metrics of our own"] == 3
    resting = amounts(Month(stage("rate(1 day)"), IDLE), "AWS::Lambda::Function")["metrics of our own"]
    assert resting == pytest.approx(3 / 24)
    busy = amounts(Month(stage(), BUSY), "AWS::Lambda::Function")["metrics of our own"]
    assert busy == pytest.approx(3 + (len(Gauge) - 3 + 2 * (len(Count) + len(Time))) * 8 * 30.4 / 730)


def test_lambda_listens_to_a_queue_with_five_calls_of_twenty_seconds() -> None:
    paid = amounts(Month(stage(), IDLE), "AWS::Lambda::EventSourceMapping")
    assert paid == {"listening to 1 queues": 657_000}


def test_a_message_alone_in_its_batch_costs_three_calls_and_ten_together_less_than_half_of_one() -> None:
    alone = amounts(Month(stage(), BUSY), "AWS::SQS::Queue")
    assert alone["permits"] == pytest.approx(30_400 * 3.3)
    assert alone["events and recounts"] == pytest.approx(30_400 * 1.05 * 3)
    assert alone["in fair turns"] == alone["permits"] + alone["events and recounts"]
    together = amounts(Month(stage(), replace(BUSY, batched=True)), "AWS::SQS::Queue")
    assert together["permits"] == pytest.approx(30_400 * 0.45)


def test_logs_are_what_starts_requests_metrics_and_servers_write() -> None:
    paid = amounts(Month(stage(), IDLE), "AWS::Logs::LogGroup")
    assert paid["functions"] == pytest.approx(43_800 * 1.5 / 1_000_000)
    assert paid["metrics"] == pytest.approx(43_800 * len(Gauge) * 0.3 / 1_000_000)
    assert paid["requests"] == 0
    assert paid["refused traffic, PostgreSQL"] == pytest.approx(0.125)
    taken = sum(paid[what] for what in ("functions", "metrics", "refused traffic, PostgreSQL"))
    assert paid["kept for 90 days"] == pytest.approx(taken * 0.15 * 3)
