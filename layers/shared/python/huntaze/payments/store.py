"""Payments in PostgreSQL: a ledger that is added to, and the values of fans that it adds up to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from huntaze.money import MOST_CENTS, Money
from huntaze.payments.model import Payment

ADD = """
INSERT INTO transactions (
    workspace_id, id, fan_id, platform, platform_transaction_id, platform_message_id, kind, amount_cents, currency,
    occurred_at
) VALUES (
    %(workspace_id)s, %(id)s, %(fan_id)s, %(platform)s, %(platform_id)s, %(platform_message_id)s, %(kind)s,
    %(amount_cents)s, %(currency)s, %(at)s
)
ON CONFLICT ON CONSTRAINT transactions_known_once DO NOTHING
"""

# What somebody has written down as the value until a moment holds what was paid before. Two currencies do not add up;
# a fan who has paid nothing has none yet.
COUNTS = """
SELECT bool_and((currency = %(currency)s OR value_cents = 0) AND (valued_at IS NULL OR valued_at < %(at)s)) AS counts
FROM fans WHERE workspace_id = %(workspace_id)s AND id = ANY(%(fan_ids)s)
"""
RAISE_VALUE = """
UPDATE fans SET value_cents = least(value_cents::numeric + %(cents)s, %(most)s), currency = %(currency)s
WHERE workspace_id = %(workspace_id)s AND id = ANY(%(fan_ids)s)
"""
RAISE_GIVEN = """
UPDATE fan_merges SET value_cents = least(value_cents::numeric + %(cents)s, %(most)s), currency = %(currency)s
WHERE workspace_id = %(workspace_id)s AND merged_id = ANY(%(fan_ids)s) AND undone_at IS NULL
    AND (currency = %(currency)s OR value_cents = 0)
"""


class PostgresPayments:
    """The payments of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def add(self, payment: Payment, payment_id: UUID) -> bool:
        """Book a payment, once for each id of the platform's; whether it was not booked before."""
        booked = self._run(
            ADD,
            id=payment_id,
            fan_id=payment.fan_id,
            platform=payment.platform,
            platform_id=payment.platform_id,
            platform_message_id=payment.platform_message_id,
            kind=payment.kind,
            at=payment.at,
            amount_cents=payment.amount.cents,
            currency=payment.amount.currency,
        )
        return booked.rowcount > 0

    def count(self, payment: Payment, fan_ids: Sequence[UUID]) -> bool:
        """Add it to the value of who paid, and of those who are shown for them; False where it is in there already."""
        fans = {"fan_ids": list(fan_ids), "currency": payment.amount.currency}
        row = self._run(COUNTS, **fans, at=payment.at).fetchone()
        if row is None or not row["counts"]:
            return False
        self._raise(payment.amount, fan_ids)
        return True

    def _raise(self, amount: Money, fan_ids: Sequence[UUID]) -> None:
        raised = {"cents": amount.cents, "currency": amount.currency, "most": MOST_CENTS}
        self._run(RAISE_VALUE, fan_ids=list(fan_ids), **raised)
        if len(fan_ids) > 1:
            self._run(RAISE_GIVEN, fan_ids=list(fan_ids), **raised)

    def _run(self, statement: str, **parameters: object) -> Cursor[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})
