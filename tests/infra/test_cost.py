"""docs/cost.md is what its command makes, and a stage costs no more than it may."""

import pytest

from costs import document
from costs.parts import FREE, PRICED
from costs.prices import read_prices
from costs.stages import CASES, Priced, price_all
from costs.template import Template
from tests.infra.synthesized import Synthesize, Synthesized


@pytest.fixture(scope="module")
def priced(synthesize: Synthesize) -> list[Priced]:
    return price_all(lambda stage: Template.of(stage.name, synthesize(stage).stacks.values()), read_prices())


def test_the_document_is_what_the_command_writes(priced: list[Priced]) -> None:
    assert document.DOCUMENT.read_text() == document.text(priced, read_prices()), "run: ./dev cost"


def test_no_stage_costs_more_than_it_may(priced: list[Priced]) -> None:
    limits = {each.case.title: each.case.limit for each in priced if each.case.limit is not None}
    assert limits == {"Production, idle": 110, "Production, 10,000 messages a day": 130, "Staging, idle": 40}
    assert [each.case.title for each in priced if each.case.limit is not None and each.to_pay > each.case.limit] == []


def test_production_is_paid_with_its_database_and_its_way_out(priced: list[Priced]) -> None:
    [idle, *_] = priced
    assert {"Database", "Way out"} <= {part for part, _, _ in idle.bill.parts()}


def test_every_resource_is_priced_or_free_with_a_reason(in_aws: Synthesized) -> None:
    kinds = {resource["Type"] for _, resource in in_aws.resources()}
    assert kinds - PRICED.keys() - FREE.keys() == set()
    assert not PRICED.keys() & FREE.keys()


def test_every_price_is_used_or_kept_to_compare(priced: list[Priced]) -> None:
    used = {line.price for each in priced for line in each.bill.lines}
    known = read_prices().prices
    assert used <= known.keys()
    compared = {name for name, price in known.items() if "for comparison" in price.note}
    only_in_other_shapes = {
        "aurora.backup",
        "cloudwatch.alarm.composite",
        "cloudwatch.alarm.fast",
        "cloudwatch.dashboard",
        "cloudwatch.dashboard.large",
    }
    assert known.keys() - used - only_in_other_shapes == compared


def test_allowances_are_given_once_for_an_account() -> None:
    assert {case.stage.name for case in CASES if case.allowances} == {"prod"}
