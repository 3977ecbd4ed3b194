"""A creator's numbers for the tests of their page: payments, priced messages, and whoever counts."""

import time
from datetime import datetime
from uuid import UUID

from huntaze.fans.model import Fan
from huntaze.ids import new_id
from huntaze.members.model import Principal
from tests.integration.pages.conftest import Place

PATH = "/platforms/onlyfans/analytics"
A_MINUTE = 60.0

_PAY = """
INSERT INTO transactions
    (workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents, currency, occurred_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_OFFER = """
INSERT INTO messages
    (workspace_id, id, conversation_id, fan_id, direction, status, sent_elsewhere, text, price_cents,
     platform_message_id, occurred_at, sent_at, bought_at)
VALUES (%s, %s, %s, %s, 'out', 'sent', true, 'Look', %s, %s, %s, %s, %s)
"""


class Till:
    """Where money comes in."""

    def __init__(self, place: Place, who: Principal) -> None:
        self._place, self._who = place, who

    def takes(self, fan: Fan, cents: int, at: datetime, kind: str = "tip", currency: str = "USD") -> None:
        """A payment."""
        made = new_id()
        row = (self._who.workspace_id, made, fan.id, fan.platform, str(made), kind, cents, currency, at)
        self._place.run(_PAY, *row)

    def offers(self, fan: Fan, cents: int, at: datetime, *, bought: bool = False) -> None:
        """A message that has its price."""
        made, talk = new_id(), self._place.parts.conversations.open(self._who, fan.id).conversation.id
        row = (self._who.workspace_id, made, talk, fan.id, cents, str(made), at, at, at if bought else None)
        self._place.run(_OFFER, *row)

    def counts(self, workspace_id: UUID | None = None) -> None:
        """Whoever counts does so until nothing is stale."""
        counted = workspace_id or self._who.workspace_id
        while self._place.run("SELECT topic FROM analytics_stale WHERE workspace_id = %s LIMIT 1", counted):
            self._place.parts.counting.count(counted, time.monotonic() + A_MINUTE, rest=False)
