"""What came of campaign messages: replies and revenue by the stated rule, whatever is told first, twice or at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest

from huntaze.campaigns.model import Campaign, Variant
from huntaze.ids import new_id
from tests.support.campaigns import CLAIMED, Ground, named

SENT = """
UPDATE messages SET status = 'sent', sent_at = %(at)s, platform_message_id = %(platform_id)s
WHERE campaign_id = %(campaign_id)s AND fan_id = %(fan_id)s AND status = 'sending'
"""
HEARD = """
INSERT INTO messages (workspace_id, id, conversation_id, fan_id, direction, status, text, occurred_at)
SELECT workspace_id, %(id)s, id, fan_id, 'in', 'received', 'Thanks', %(at)s FROM conversations WHERE fan_id = %(fan_id)s
"""
PAID = """
INSERT INTO transactions (
    workspace_id, id, fan_id, platform, platform_transaction_id, platform_message_id, kind, amount_cents, currency,
    occurred_at
) VALUES (%(ws)s, %(id)s, %(fan_id)s, 'onlyfans', %(tx)s, %(platform_id)s, %(kind)s, %(cents)s, %(currency)s, %(at)s)
ON CONFLICT ON CONSTRAINT transactions_known_once DO NOTHING
"""
PRICED = (Variant(content="Hi", price_cents=500, media=("https://media.example.com/1.jpg",)),)


@dataclass
class News:
    """What is told of fans, each of it in a transaction of its own, at so many hours from a beginning."""

    ground: Ground

    def at(self, hours: float) -> datetime:
        return self.ground.clock.now() + timedelta(hours=hours)

    def sent(self, campaign: Campaign, fan: UUID, hours: float = 0) -> None:
        """It turns out that the fan got it."""
        about = {"campaign_id": campaign.id, "fan_id": fan, "ws": self.ground.workspace_id}
        found = self.ground.run(
            "SELECT id FROM messages WHERE campaign_id = %s AND fan_id = %s AND status = 'queued'", campaign.id, fan
        )
        self._tell(CLAIMED, **about, ids=[message_id for (message_id,) in found])
        self._tell(SENT, **about, at=self.at(hours), platform_id=f"{campaign.id} {fan}")

    def heard(self, fan: UUID, hours: float) -> None:
        """The fan has written."""
        self._tell(HEARD, id=new_id(), fan_id=fan, at=self.at(hours))

    def tipped(self, fan: UUID, hours: float, cents: int, currency: str = "USD", tx: str | None = None) -> None:
        """The fan has tipped."""
        about = {"kind": "tip", "cents": cents, "currency": currency, "at": self.at(hours), "platform_id": None}
        self._tell(PAID, fan_id=fan, ws=self.ground.workspace_id, id=new_id(), tx=tx or str(new_id()), **about)

    def bought(self, campaign: Campaign, fan: UUID, hours: float, cents: int) -> None:
        """The fan has paid for what a campaign message shows."""
        about = {"kind": "ppv", "cents": cents, "currency": "USD", "at": self.at(hours)}
        message = f"{campaign.id} {fan}"
        self._tell(
            PAID,
            fan_id=fan,
            ws=self.ground.workspace_id,
            id=new_id(),
            tx=f"{message} {cents}",
            platform_id=message,
            **about,
        )

    def came_of(self, campaign: Campaign, fan: UUID) -> tuple[float | None, int]:
        """After how many hours the reply came, and what was paid."""
        [(replied_at, cents)] = self.ground.run(
            "SELECT replied_at, revenue_cents FROM campaign_recipients WHERE campaign_id = %s AND fan_id = %s",
            *(campaign.id, fan),
        )
        return replied_at and (replied_at - self.at(0)) / timedelta(hours=1), cents

    def _tell(self, statement: str, **about: Any) -> None:
        with self.ground.inside() as connection:
            connection.execute(statement, about)


@pytest.fixture
def news(ground: Ground) -> News:
    return News(ground)


def test_a_reply_within_72_hours_counts_once(ground: Ground, news: News) -> None:
    early, late, silent, before = ground.more_fans(4)
    campaign = ground.launched()
    for fan in ground.fans:
        news.sent(campaign, fan)
    for hours in (71.9, 3, 5):
        news.heard(early, hours)
    news.heard(late, 72.1)
    news.heard(before, -1)
    told = {fan: news.came_of(campaign, fan) for fan in ground.fans}
    assert told == {early: (3, 0), late: (None, 0), silent: (None, 0), before: (None, 0)}
    assert ground.progress(campaign).replies == 1
    ground.must_add_up(campaign)


def test_tips_count_for_24_hours_and_payments_for_the_message_for_ever(ground: Ground, news: News) -> None:
    [fan] = ground.more_fans(1)
    campaign = ground.launched(variants=PRICED)
    news.sent(campaign, fan)
    for hours, cents in ((-1, 1), (23.9, 20), (24.1, 300)):
        news.tipped(fan, hours, cents)
    news.bought(campaign, fan, 500, 4000)
    news.tipped(fan, 1, 50_000, currency="EUR")
    assert news.came_of(campaign, fan) == (None, 4020)
    progress = ground.progress(campaign)
    assert (progress.buyers, progress.revenue.cents, progress.revenue.currency) == (1, 4020, "USD")
    ground.must_add_up(campaign)


def test_what_is_told_twice_counts_once(ground: Ground, news: News) -> None:
    [fan] = ground.more_fans(1)
    campaign = ground.launched(variants=PRICED)
    news.sent(campaign, fan)
    for _ in range(2):
        news.tipped(fan, 1, 20, tx="tip-1")
        news.bought(campaign, fan, 1, 4000)
    assert news.came_of(campaign, fan) == (None, 4020)


def test_a_fan_may_answer_while_the_message_is_still_being_handed_over(ground: Ground, news: News) -> None:
    [fan] = ground.more_fans(1)
    campaign = ground.launched()
    news.sent(campaign, fan)
    news.heard(fan, -20 / 3600)
    assert news.came_of(campaign, fan)[0] == pytest.approx(-20 / 3600)


def test_the_order_in_which_it_is_told_makes_no_difference(ground: Ground, news: News) -> None:
    fans = ground.more_fans(12)
    first = ground.launched(variants=PRICED)
    second = ground.launched("And another thing")
    for seed, fan in enumerate(fans):
        told: list[Callable[[UUID], None]] = [
            lambda fan: news.sent(first, fan, 0),
            lambda fan: news.sent(second, fan, 2),
            lambda fan: news.heard(fan, 1),
            lambda fan: news.heard(fan, 3),
            lambda fan: news.tipped(fan, 1.5, 5),
            lambda fan: news.tipped(fan, 3.5, 70),
            lambda fan: news.bought(first, fan, 5, 900),
        ]
        Random(seed).shuffle(told)  # noqa: S311 - no secret
        for tell in told:
            tell(fan)
        assert news.came_of(first, fan) == (1, 905), seed
        assert news.came_of(second, fan) == (3, 70), seed
    for campaign in (first, second):
        ground.must_add_up(campaign)


def test_what_is_told_at_once_is_not_missed(ground: Ground, news: News) -> None:
    fans = ground.more_fans(12)
    campaign = ground.launched(variants=PRICED)
    for fan in fans:
        acts: list[Callable[[], None]] = [
            lambda fan=fan: news.sent(campaign, fan),  # type: ignore[misc]
            lambda fan=fan: news.heard(fan, 1),  # type: ignore[misc]
            lambda fan=fan: news.tipped(fan, 1, 5),  # type: ignore[misc]
            lambda fan=fan: news.tipped(fan, 2, 70),  # type: ignore[misc]
            lambda fan=fan: news.bought(campaign, fan, 3, 900),  # type: ignore[misc]
        ]
        _at_once(acts)
        assert news.came_of(campaign, fan) == (1, 975)
    ground.must_add_up(campaign)


def _at_once(acts: list[Callable[[], None]]) -> None:
    ready = Barrier(len(acts))

    def act(does: Callable[[], None]) -> None:
        ready.wait(10)
        does()

    threads = [Thread(target=act, args=[one]) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_what_a_merged_fan_does_counts_for_their_person(ground: Ground, news: News) -> None:
    kept, hidden = ground.more_fans(2)
    campaign = ground.launched(audience=named(kept))
    news.sent(campaign, kept)
    ground.parts.merges.merge(ground.owner, kept, hidden)
    news.tipped(hidden, 1, 20)
    ground.run(
        "INSERT INTO conversations (workspace_id, id, fan_id, platform) VALUES (%s, %s, %s, 'onlyfans')",
        *(ground.workspace_id, new_id(), hidden),
    )
    news.heard(hidden, 2)
    assert news.came_of(campaign, kept) == (2, 20)


def test_who_is_erased_takes_their_part_along(ground: Ground, news: News) -> None:
    [fan] = ground.more_fans(1, name="Kim Nobody")
    campaign = ground.launched()
    news.sent(campaign, fan)
    news.tipped(fan, 1, 20)
    news.heard(fan, 1)
    assert (ground.progress(campaign).replies, ground.progress(campaign).revenue.cents) == (1, 20)
    ground.parts.erasures.erase(ground.owner, fan)
    assert (ground.progress(campaign).replies, ground.progress(campaign).revenue.cents) == (0, 0)
    ground.must_add_up(campaign)
