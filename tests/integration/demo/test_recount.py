from typing import LiteralString

import psycopg
import pytest

from local.demo.recount import QUESTIONS, disagreements
from local.demo.writing import act_as
from local.people import ZOE
from tests.conftest import Database

TAMPERINGS: dict[str, LiteralString] = {
    "a fan's value is the baseline and what was paid since": """
        UPDATE fans SET value_cents = value_cents + 1
        WHERE id = (SELECT id FROM fans WHERE workspace_id = %(workspace_id)s LIMIT 1)
    """,
    "a fan wrote or was written to last when the conversation says so": """
        UPDATE fans SET last_message_at = last_message_at - interval '1 second' WHERE workspace_id = %(workspace_id)s
    """,
    "a conversation's counters are those of its messages": """
        UPDATE conversations SET unread_count = unread_count + 1 WHERE workspace_id = %(workspace_id)s
    """,
    "a conversation is unanswered when its fan has the last word": """
        UPDATE conversations SET unanswered = NOT unanswered WHERE workspace_id = %(workspace_id)s
    """,
    "what left through us was approved word for word": """
        UPDATE messages SET text = text || '!' WHERE workspace_id = %(workspace_id)s AND status = 'failed'
    """,
    "what was sold by a message was offered by it, at that price, before": """
        UPDATE messages SET price_cents = price_cents + 1 WHERE workspace_id = %(workspace_id)s AND sent_elsewhere
    """,
    "what was bought says when": """
        UPDATE messages SET bought_at = NULL WHERE workspace_id = %(workspace_id)s AND bought_at IS NOT NULL
    """,
    "a campaign's figures are those of its recipients": """
        UPDATE campaign_recipients SET status = 'failed' WHERE workspace_id = %(workspace_id)s AND status = 'sent'
    """,
    "nothing happened in the future or before its fan was there": """
        UPDATE fans SET created_at = last_seen_at + interval '1 day' WHERE workspace_id = %(workspace_id)s
    """,
}


def test_every_question_is_put_to_the_test() -> None:
    assert TAMPERINGS.keys() == QUESTIONS.keys()


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_was_tampered_with_is_found(demo: Database, question: str) -> None:
    with psycopg.connect(demo.superuser, options="-c session_replication_role=replica") as connection:
        act_as(connection, str(ZOE))
        connection.execute(TAMPERINGS[question], {"workspace_id": ZOE})
        assert question in disagreements(connection, ZOE)
        connection.rollback()
