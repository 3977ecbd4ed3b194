"""Whatever statements the application role runs, by mistake or on purpose, no unapproved word leaves `draft`."""

import re
from collections import Counter
from random import Random
from typing import Any

import psycopg
import pytest

from huntaze.migrations.runner import HERE as MIGRATIONS
from tests.compliance.actors import RAW, approve_as_it_is, attempt, insert_draft_message
from tests.compliance.dice import Dice
from tests.compliance.impostors import IMPOSTORS
from tests.compliance.invariant import EVERYTHING, Watch
from tests.support.workspaces import NOON, ZOE

Connection = psycopg.Connection[Any]


def test_random_statements_find_no_way_out(superuser: Connection, app: Connection, actions: int) -> None:
    watch, dice, through = _drive(superuser, app, actions)
    watch.check(EVERYTHING)
    # Where nothing gets through, nothing is proven.
    assert {act.__name__ for act in RAW} - {name for name, times in through.items() if times} == set()
    assert len(watch.left_draft) > actions / 150
    assert len(watch.by_campaigns) > actions / 1000
    # Nor where nothing is tried.
    for rule in ("messages_approver_acts", "campaigns_approver_acts"):
        assert dice.refusals[rule] > actions / 150, rule


def _as_in(migration: str, name: str) -> str:
    """A function or a trigger as an earlier migration made it."""
    source = (MIGRATIONS / migration).read_text()
    found = re.search(rf"CREATE (?:OR REPLACE )?(FUNCTION {name}\b.*?\n\$\$;|TRIGGER {name}\b.*?;)", source, re.DOTALL)
    assert found is not None, f"{name} is not in {migration}"
    return f"CREATE OR REPLACE {found[1]}"


@pytest.mark.parametrize(
    "mutilate",
    [
        "ALTER TABLE messages DROP CONSTRAINT messages_approved",
        "ALTER TABLE messages DISABLE TRIGGER messages_4_approver_on_insert",
        "ALTER TABLE messages DISABLE TRIGGER messages_4_approver_on_update",
        "ALTER TABLE messages DISABLE TRIGGER messages_1_hash",
        "ALTER TABLE campaigns DISABLE TRIGGER campaigns_approver_on_update",
        # What held before an approval was bound to who acts.
        _as_in("0007_message_rules.sql", "check_approval"),
        _as_in("0007_message_rules.sql", "messages_4_approver_on_update"),
        _as_in("0007_message_rules.sql", "messages_5_transition_on_update"),
        # What held before the database made a campaign's words itself.
        _as_in("0024_approver_acts.sql", "check_approval"),
        "ALTER TABLE campaign_recipients DISABLE TRIGGER campaign_recipients_1_words",
        _as_in("0005_campaigns.sql", "check_campaign_approval"),
        _as_in("0005_campaigns.sql", "campaigns_approver_on_update"),
    ],
    ids=lambda statement: statement.split("\n")[0][:70],
)
def test_the_same_statements_find_it_when_one_rule_is_gone(
    superuser: Connection, app: Connection, mutilate: str
) -> None:
    superuser.execute(mutilate)
    with pytest.raises(AssertionError, match="approved"):
        _drive(superuser, app, 4_000)


def test_an_approval_outlives_the_person_who_gave_it(superuser: Connection, app: Connection) -> None:
    """It was good when it was given; that they left does not take it back."""
    dice, watch = Dice(Random(1)), Watch(superuser)  # noqa: S311  (the same)
    while not watch.left_draft:
        for act in (insert_draft_message, approve_as_it_is):
            since = watch.mark()
            attempt(app, act, dice)
            watch.check(since)
    superuser.execute("UPDATE members SET status = 'removed', removed_at = %s WHERE workspace_id = %s", [NOON, ZOE.id])
    watch.check(EVERYTHING)


def _drive(superuser: Connection, app: Connection, actions: int) -> tuple[Watch, Dice, Counter[str]]:
    """Let random people try random statements, and look after each; what was seen, tried, and what got through."""
    dice, watch = Dice(Random(20)), Watch(superuser)  # noqa: S311  (seeded: equal commits try the same)
    through: Counter[str] = Counter()
    for _ in range(actions):
        act, since = dice.random.choice((*RAW, *IMPOSTORS)), watch.mark()
        through[act.__name__] += attempt(app, act, dice)
        watch.check(since)
    return watch, dice, through
