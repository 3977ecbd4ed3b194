"""A read model: what a fan buys, from payments and the messages that were bought. It reads them and never writes."""

from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.money import Money
from huntaze.purchases.model import Bought, Offered

# Of each fan who is shown as this one the newest few, from the index; then the message of each that is left.
BOUGHT = """
SELECT paid.kind, paid.amount_cents, paid.currency, paid.occurred_at AS at, left(messages.text, 200) AS text
FROM (
    SELECT newest.* FROM same_person(%(fan_id)s) AS person, LATERAL (
        SELECT id, kind, amount_cents, currency, occurred_at, message_id FROM transactions
        WHERE workspace_id = %(workspace_id)s AND transactions.fan_id = person.fan_id
        ORDER BY occurred_at DESC, id DESC LIMIT %(limit)s
    ) AS newest
    ORDER BY occurred_at DESC, id DESC LIMIT %(limit)s
) AS paid LEFT JOIN messages ON messages.workspace_id = %(workspace_id)s AND messages.id = paid.message_id
ORDER BY paid.occurred_at DESC, paid.id DESC
"""
# The conditions are those of messages_offered, word for word.
OFFERED = """
SELECT newest.price_cents, newest.currency, newest.occurred_at AS at, newest.text
FROM same_person(%(fan_id)s) AS person, LATERAL (
    SELECT id, price_cents, currency, occurred_at, left(text, 200) AS text FROM messages
    WHERE workspace_id = %(workspace_id)s AND messages.fan_id = person.fan_id
        AND status = 'sent' AND price_cents > 0 AND bought_at IS NULL
    ORDER BY occurred_at DESC, id DESC LIMIT %(limit)s
) AS newest
ORDER BY newest.occurred_at DESC, newest.id DESC LIMIT %(limit)s
"""


class PostgresPurchases:
    """What fans buy in one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def bought(self, fan_id: UUID, limit: int) -> list[Bought]:
        """What a fan paid for, the newest first."""
        return [
            Bought(row["kind"], Money(row["amount_cents"], row["currency"]), row["at"], row["text"] or "")
            for row in self._rows(BOUGHT, fan_id, limit)
        ]

    def offered(self, fan_id: UUID, limit: int) -> list[Offered]:
        """What they could buy and have not, the newest first."""
        return [
            Offered(Money(row["price_cents"], row["currency"]), row["at"], row["text"])
            for row in self._rows(OFFERED, fan_id, limit)
        ]

    def _rows(self, statement: str, fan_id: UUID, limit: int) -> list[dict[str, Any]]:
        asked = {"workspace_id": self._workspace_id, "fan_id": fan_id, "limit": limit}
        return self._connection.execute(statement, asked).fetchall()
