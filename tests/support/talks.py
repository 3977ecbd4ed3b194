"""Conversations for the tests of pages: a connected account, a fan who writes, and messages in any state."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.members.model import Principal
from huntaze.messages.model import Content, InConversation, Told, Words, Written
from huntaze.money import Money
from tests.support.fake_delivery import send_without_servers

if TYPE_CHECKING:
    from tests.integration.pages.conftest import Place

CONNECT = """
INSERT INTO platform_connections
    (workspace_id, id, platform, platform_user_id, consent_by, consent_at, consent_notice, status)
VALUES (%s, %s, 'onlyfans', %s, %s, now(), '2026-01', 'active')
"""
CLAIM = """
WITH attempt AS (
    INSERT INTO delivery_attempts (
        workspace_id, id, message_id, account_id, claimed_at, lease_until, token_returns_at
    )
    SELECT workspace_id, %s, id, account_id, now(), now() + interval '30 seconds', now() + interval '90 seconds'
    FROM messages WHERE id = %s RETURNING id, message_id
)
UPDATE messages SET status = 'sending', attempt_id = attempt.id, claims = claims + 1 FROM attempt
WHERE messages.id = message_id
"""
END = """
UPDATE messages SET status = %s, last_error = %s, sent_at = CASE %s WHEN 'sent' THEN now() END WHERE id = %s
"""


class Talks:
    """What is said between fans and one creator."""

    def __init__(self, place: "Place", who: Principal) -> None:
        self._place, self._who = place, who
        send_without_servers(place.parts)
        self.account_id = new_id()
        place.run(CONNECT, who.workspace_id, self.account_id, str(self.account_id), who.member_id)

    def open(self, name: str = "Zoë", **about: object) -> UUID:
        """A conversation with a new fan."""
        fan = self._place.fan(self._who, name=name, platform=Platform.ONLYFANS, **about)
        return self._place.parts.conversations.open(self._who, fan.id).conversation.id

    def hear(self, conversation_id: UUID, text: str, *, at: datetime | None = None) -> None:
        """The fan writes."""
        at = at or self._place.clock.now()
        told = Told(
            conversation_id=conversation_id,
            platform_message_id=str(new_id()),
            content=Content(text, Money(0, "USD"), ()),
            occurred_at=at,
        )
        self._place.parts.receiving.receive(self._who.workspace_id, told)

    def say(self, conversation_id: UUID, text: str, **words: object) -> UUID:
        """Somebody answers."""
        written = Written(Words(text=text, **words))  # type: ignore[arg-type]  # as a test says it
        return self._place.parts.messages.send(self._who, InConversation(conversation_id), written).message.id

    def become(self, message_id: UUID, status: str, reason: str | None = None) -> None:
        """What the sender, or the platform, makes of a message."""
        with self._place.parts.unit_of_work.transaction(self._who.workspace_id) as connection:
            connection.execute(CLAIM, (new_id(), message_id))
            if status != "sending":
                connection.execute(END, (status, reason, status, message_id))

    def pass_by(self, **time: float) -> None:
        """Let time pass."""
        self._place.advance(timedelta(**time))
