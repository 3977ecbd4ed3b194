"""Messages into the database by the ways that are allowed: ours are approved, queued, claimed and settled."""

from collections.abc import Iterable
from itertools import groupby

from local.demo.rows import TABLES, DeliveryAttemptRow, MessageRow
from local.demo.writing import Connection, act_as, insert

_MESSAGES, _ATTEMPTS = TABLES[MessageRow], TABLES[DeliveryAttemptRow]

# From queued to where it ended. Only one message of a conversation may be on its way, so one goes after the other.
_CLAIM = """
UPDATE messages SET status = 'sending', attempt_id = %(attempt_id)s, claims = claims + 1
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
_SETTLE = """
UPDATE messages SET status = %(status)s, sent_at = %(sent_at)s, platform_message_id = %(platform_message_id)s,
    attempts = %(attempts)s, last_error = %(last_error)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""


def write_messages(
    connection: Connection, workspace_id: str, messages: Iterable[MessageRow], attempts: Iterable[DeliveryAttemptRow]
) -> None:
    """Write messages as they are and as they came to be."""
    ours: list[MessageRow] = []
    others: list[MessageRow] = []
    for message in messages:
        (ours if message.approved_by else others).append(message)
    insert(connection, _MESSAGES, [_unsold(message) for message in others])
    for approver, approved in groupby(sorted(ours, key=_approver), _approver):
        act_as(connection, workspace_id, approver)
        insert(connection, _MESSAGES, [_unsold(_queued(message)) for message in approved])
    act_as(connection, workspace_id)
    insert(connection, _ATTEMPTS, [attempt._asdict() for attempt in attempts])
    with connection.pipeline():
        for message in ours:
            row = message._asdict()
            connection.execute(_CLAIM, row)
            connection.execute(_SETTLE, row)


def _unsold(message: MessageRow) -> dict[str, object]:
    """Without what a payment will say of it: that the database writes down by itself, when the payment comes."""
    return {column: value for column, value in message._asdict().items() if column != "bought_at"}


def _approver(message: MessageRow) -> str:
    return message.approved_by or ""


def _queued(message: MessageRow) -> MessageRow:
    """The message as it was when it was approved."""
    return message._replace(
        status="queued",
        sent_at=None,
        platform_message_id=None,
        attempt_id=None,
        claims=0,
        attempts=0,
        last_error=None,
        updated_at=message.created_at,
    )
