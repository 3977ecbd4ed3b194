"""Rows are made in chunks; whoever dies between two statements leaves nothing half, and whoever comes next goes on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from huntaze.campaigns.filling import Filling
from huntaze.campaigns.flowing import Flowing
from huntaze.campaigns.model import Audience, Campaign
from huntaze.ids import new_id
from huntaze.stores import Stores
from tests.support.campaigns import NO_RULES, Ground, parts_of

CHUNK = 7
FANS = 40
ROWS = """
SELECT fan_id, status, reason, variant, account_id, text, content_hash, message_id FROM campaign_recipients
WHERE campaign_id = %s ORDER BY fan_id
"""


class Killed(Exception):
    """The process is gone."""


class Mortal:
    """A connection that dies after so many statements of all its transactions together."""

    def __init__(self, connection: Any, life: list[int]) -> None:
        self._connection = connection
        self._life = life

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, *given: Any, **named: Any) -> Any:
        if self._life[0] <= 0:
            raise Killed
        self._life[0] -= 1
        return self._connection.execute(*given, **named)


def _flowing(ground: Ground, life: list[int]) -> Flowing:
    """The schedule's own parts, over a connection that dies."""

    @contextmanager
    def transactions(workspace_id: UUID) -> Iterator[Stores]:
        with ground.parts.unit_of_work.transaction(workspace_id) as connection:
            yield Stores(Mortal(connection, life), workspace_id)  # type: ignore[arg-type]

    flowing = ground.parts.flowing
    return Flowing(
        campaigns=flowing.campaigns,
        transactions=transactions,
        filling=Filling(transactions, chunk=CHUNK),
        wake=lambda *_: None,
        clock=ground.clock,
        new_id=new_id,
    )


def _launched_with_nobody_filled_in(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    monkeypatch.setattr("huntaze.campaigns.launching.CHUNK", 1)
    campaign = ground.launched("Hi {name|you}")
    assert ground.run("SELECT filled_at FROM campaigns WHERE id = %s", campaign.id) == [(None,)]
    return campaign


def _goes_on(ground: Ground, campaign: Campaign, life: list[int]) -> None:
    """One round of a process that dies wherever its life ends."""
    flowing = _flowing(ground, life)
    try:
        for account_id in flowing.tend(ground.workspace_id, campaign.id, float("inf")):
            flowing.let_out(ground.workspace_id, account_id)
    except Killed:
        pass


def test_killed_after_any_statement_it_ends_as_if_nobody_had_been(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.more_fans(FANS)
    ground.run("UPDATE fans SET do_not_contact = true WHERE id = ANY(%s)", ground.fans[::9])
    lives, statements = 0, 1
    campaign = _launched_with_nobody_filled_in(ground, monkeypatch)
    while ground.run("SELECT 1 FROM campaigns WHERE id = %s AND filled_at IS NULL", campaign.id):
        _goes_on(ground, campaign, [statements])
        ground.must_add_up(campaign)
        lives, statements = lives + 1, statements % 11 + 1
    assert lives > 5
    for statements in range(1, 25):
        _goes_on(ground, campaign, [statements])
        ground.must_add_up(campaign)
    _goes_on(ground, campaign, [10_000])
    found = ground.run(ROWS, campaign.id)
    assert [row[0] for row in found] == ground.fans
    assert sorted(ground.outcomes(campaign).items()) == [("queued", 35), ("skipped", 5)]
    assert len(ground.texts(campaign)) == 35
    assert ground.run(
        "SELECT count(*) FROM messages JOIN campaign_recipients AS r ON r.message_id = messages.id"
        " WHERE messages.campaign_id = %s AND messages.content_hash = r.content_hash AND messages.fan_id = r.fan_id",
        campaign.id,
    ) == [(35,)]


def test_in_chunks_it_is_the_same_as_in_one(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.more_fans(FANS)
    whole = ground.launched("Hi {name|you}")
    in_chunks = _launched_with_nobody_filled_in(ground, monkeypatch)
    _goes_on(ground, in_chunks, [10_000])
    one, other = (
        [(fan, status, text) for fan, status, _, _, _, text, *_ in ground.run(ROWS, campaign.id)]
        for campaign in (whole, in_chunks)
    )
    assert one == other


def test_two_at_once_make_each_row_once(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.more_fans(300)
    campaign = _launched_with_nobody_filled_in(ground, monkeypatch)
    begin = threading.Barrier(3)

    def fill() -> None:
        parts = ground.another_process()
        begin.wait()
        while ground.run("SELECT 1 FROM campaigns WHERE id = %s AND filled_at IS NULL", campaign.id):
            Filling(parts.in_workspace_as_machine, chunk=CHUNK).fill(ground.workspace_id, campaign.id, float("inf"))
        parts.postgres.close()

    together = [threading.Thread(target=fill) for _ in range(3)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert sum(ground.outcomes(campaign).values()) == 300
    ground.must_add_up(campaign)


def test_two_schedules_at_once_let_nobody_out_twice(ground: Ground) -> None:
    ground.more_fans(300)
    campaign = ground.launched()
    ground.sends(100)
    begin = threading.Barrier(3)

    def go_on() -> None:
        parts, _ = parts_of(ground.database)
        begin.wait()
        for _ in range(3):
            parts.flowing.round(float("inf"))
        parts.postgres.close()

    together = [threading.Thread(target=go_on) for _ in range(3)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert ground.outcomes(campaign) == {"sent": 100, "queued": 146, "pending": 54}
    assert ground.run("SELECT count(*), count(DISTINCT fan_id) FROM messages WHERE campaign_id = %s", campaign.id) == [
        (246, 246)
    ]
    ground.must_add_up(campaign)


def test_the_launch_makes_the_first_chunk_and_the_schedule_the_others(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.more_fans(30)
    monkeypatch.setattr("huntaze.campaigns.launching.CHUNK", 20)
    standing = ground.launch(ground.draft(audience=Audience(rules=NO_RULES)))
    assert (standing.campaign.is_filled, standing.progress.recipients, standing.finishes_at) == (False, 20, None)
    ground.minute()
    standing = ground.parts.campaigns.get(ground.owner, standing.campaign.id)
    assert (standing.campaign.is_filled, standing.progress.recipients) == (True, 30)
    assert standing.finishes_at is not None
