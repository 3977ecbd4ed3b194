from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from uuid import UUID

import pytest

from local.demo.creator import Campaign, Creator
from local.demo.crowd import Amount
from local.demo.generator import generate
from local.demo.rows import CampaignRecipientRow, FanRow, MessageRow, Row, Story

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
AMOUNT = Amount(fans=400, conversations=250, messages=3000, transactions=2500)
CREATOR = Creator(
    workspace_id="01900000-0000-7000-8000-0000000000a1",
    word="zoe",
    zone="Europe/Paris",
    subscription_cents=999,
    approvers=("chatter", "owner"),
    accounts={"onlyfans": "an-account"},
    here_for=timedelta(days=100),
    campaign=Campaign(
        id="a-campaign",
        name="Sea",
        approved_by="manager",
        launched=timedelta(days=20),
        text="The sea",
        price_cents=1500,
        media_urls=("https://media.example.com/sea.jpg",),
    ),
)


def stories(amount: Amount = AMOUNT, *, seed: int = 7, creator: Creator = CREATOR) -> list[Story]:
    return list(generate(creator, amount, seed=seed, now=NOW))


def rows(of: list[Story]) -> list[Row]:
    return [row for story in of for row in story.rows()]


def messages(of: list[Story]) -> Iterator[MessageRow]:
    return (message for story in of if story.thread for message in story.thread.messages)


@pytest.fixture(scope="module")
def told() -> list[Story]:
    return stories()


def test_the_same_seed_gives_the_same_rows(told: list[Story]) -> None:
    assert rows(stories()) == rows(told)


def test_another_seed_another_workspace_and_another_moment_give_others(told: list[Story]) -> None:
    elsewhere = replace(CREATOR, workspace_id="01900000-0000-7000-8000-0000000000b2")
    later = list(generate(CREATOR, AMOUNT, seed=7, now=NOW + timedelta(days=1)))
    for others in (stories(seed=8), stories(creator=elsewhere), later):
        assert not {row.fan.id for row in told} & {row.fan.id for row in others}


@pytest.mark.parametrize(
    "amount",
    [
        AMOUNT,
        Amount(fans=1),
        Amount(fans=2, conversations=1, messages=1),
        Amount(fans=3, conversations=3, messages=500, transactions=77),
        Amount(fans=997, conversations=10, messages=10, transactions=5003),
        Amount(fans=1000, transactions=1),
    ],
)
def test_amounts_are_exact(amount: Amount) -> None:
    counted = Counter(type(row).__name__ for row in rows(stories(amount)))
    assert counted["FanRow"] == amount.fans
    assert counted["ConversationRow"] == amount.conversations
    assert counted["MessageRow"] == amount.messages
    assert counted["TransactionRow"] == amount.transactions


@pytest.mark.parametrize(
    "impossible",
    [{"fans": 0}, {"fans": 1, "conversations": 2, "messages": 2}, {"fans": 2, "conversations": 2, "messages": 1}],
)
def test_impossible_amounts_are_refused(impossible: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="every conversation"):
        Amount(**impossible)


def test_messages_without_conversations_are_refused() -> None:
    with pytest.raises(ValueError, match="stand in conversations"):
        Amount(fans=1, messages=1)


def test_ids_are_version_7_of_the_rows_own_moment(told: list[Story]) -> None:
    for story in told:
        fan_id = UUID(story.fan.id)
        assert (fan_id.version, fan_id.variant) == (7, "specified in RFC 4122")
        assert fan_id.int >> 80 == int(story.fan.created_at.timestamp() * 1000)


def test_ids_are_never_given_twice(told: list[Story]) -> None:
    ids = [row.id for row in rows(told) if not isinstance(row, CampaignRecipientRow)]
    assert len(set(ids)) == len(ids)


def test_fans_come_from_the_oldest_to_the_newest(told: list[Story]) -> None:
    assert all(one.fan.created_at <= next_one.fan.created_at for one, next_one in pairwise(told))


def test_nothing_of_it_is_in_memory_at_once() -> None:
    endless = Amount(fans=10**6, conversations=10**6, messages=10**7, transactions=3 * 10**6)
    fans: Iterator[FanRow] = (story.fan for story in generate(CREATOR, endless, seed=1, now=NOW))
    assert len(list(islice(fans, 3))) == 3


def test_a_few_bring_much_of_the_money(told: list[Story]) -> None:
    values = sorted((story.fan.value_cents for story in told), reverse=True)
    assert sum(values[: len(values) // 10]) > 0.4 * sum(values)
    assert 0.1 < values.count(0) / len(values) < 0.5


def test_evenings_bring_more_than_mornings() -> None:
    paris = Counter(
        (row.occurred_at + timedelta(hours=2)).hour
        for story in stories(Amount(fans=300, transactions=6000))
        for row in story.transactions
        if row.kind != "subscription"
    )
    assert sum(paris[hour] for hour in (20, 21, 22)) > 5 * sum(paris[hour] for hour in (4, 5, 6))


def test_a_thread_is_in_order_and_begins_with_its_conversation(told: list[Story]) -> None:
    for thread in filter(None, (story.thread for story in told)):
        assert all(one.occurred_at <= other.occurred_at for one, other in pairwise(thread.messages))
        assert thread.conversation.created_at == thread.messages[0].occurred_at


def test_what_was_before_the_team_came_was_typed_in_the_app(told: list[Story]) -> None:
    for message in messages(told):
        if message.direction == "out" and message.occurred_at < NOW - CREATOR.here_for:
            assert message.sent_elsewhere


def test_nothing_of_ours_goes_where_there_is_no_account(told: list[Story]) -> None:
    without = [message for message in messages(told) if message.account_id is None]
    assert without
    assert all(message.sent_elsewhere for message in without if message.direction == "out")


def test_what_is_unread_is_at_the_end(told: list[Story]) -> None:
    for thread in filter(None, (story.thread for story in told)):
        unread = [message for message in thread.messages if not message.read]
        assert unread == thread.messages[len(thread.messages) - len(unread) :]
        assert all(message.direction == "in" for message in unread)


def test_the_campaign_reaches_each_of_its_recipients_once(told: list[Story]) -> None:
    recipients = {story.fan.id: story.recipient for story in told if story.recipient}
    mailed = [message.fan_id for message in messages(told) if message.campaign_id]
    assert mailed
    assert sorted(mailed) == sorted(fan_id for fan_id, row in recipients.items() if row.status == "pending")
    untouchable = {story.fan.id for story in told if story.fan.do_not_contact}
    assert {fan_id for fan_id, row in recipients.items() if row.status == "skipped"} == untouchable & recipients.keys()


def test_the_campaign_keeps_the_pace(told: list[Story]) -> None:
    times = sorted(message.occurred_at for message in messages(told) if message.campaign_id)
    assert all(later - earlier > timedelta(seconds=60) for earlier, later in zip(times, times[10:], strict=False))


def test_addresses_and_numbers_belong_to_nobody(told: list[Story]) -> None:
    emails = [story.fan.email for story in told if story.fan.email]
    phones = [story.fan.phone for story in told if story.fan.phone]
    assert emails
    assert phones
    assert all(
        email.rpartition("@")[2] in {"example.com", "example.org", "example.net", "mail.test"} for email in emails
    )
    assert all(phone.startswith(("+1 202 555 01", "+33 1 99 00", "+44 7700 900")) for phone in phones)


def test_names_come_in_many_scripts() -> None:
    names = "".join(story.fan.name for story in stories(Amount(fans=2000)))
    for sign in "éñøł":
        assert sign in names
    assert any("\u0400" <= letter <= "\u04ff" for letter in names)  # Cyrillic
    assert any("\u0600" <= letter <= "\u06ff" for letter in names)  # Arabic
    assert any("\u4e00" <= letter <= "\u9fff" for letter in names)  # Japanese
    assert any(letter > "\U0001f000" for letter in names)  # emoji


def test_handles_are_plain(told: list[Story]) -> None:
    assert all(story.fan.handle.isascii() and story.fan.handle.replace("_", "").isalnum() for story in told)


def test_no_name_is_left_to_fill_in(told: list[Story]) -> None:
    assert not any("{" in message.text for message in messages(told))
