"""Conversations as rows, with counters that a recount agrees with."""

from local.demo.creator import Creator
from local.demo.dice import Dice
from local.demo.lives import Life
from local.demo.messages import Setting, Writer
from local.demo.rows import ConversationRow, DeliveryAttemptRow, MessageRow, Thread
from local.demo.season import DAY, Season
from local.demo.threads import Said, draw_thread

_UNREAD_FOR = 4 * DAY
_LEFT_UNREAD = 0.75
_ARCHIVED_AFTER = 120 * DAY
_ARCHIVED = 0.3


class Conversations:
    """Writes down the conversations of one workspace, one after the other."""

    def __init__(self, creator: Creator, season: Season, dice: Dice) -> None:
        self._creator = creator
        self._season = season
        self._dice = dice
        self._writer = Writer(creator, season, dice)

    def draw(self, setting: Setting, life: Life, count: int, mailing: Said | None) -> Thread:
        """So many messages between this fan and the creator; one of them may be a campaign's."""
        said = draw_thread(self._dice, self._season, life, count - bool(mailing))
        if mailing:
            said = sorted([*said, mailing], key=_at)
        unread_from = self._unread_from(said)
        messages, attempts = self._written(setting, said, unread_from)
        conversation = self._conversation(setting, life.platform, messages, len(said) - unread_from)
        answer = said[-1].line.answer
        return Thread(conversation, messages, attempts, answer and answer.replace("{name}", setting.familiar))

    def _unread_from(self, said: list[Said]) -> int:
        """Where the messages begin that nobody has read yet: after the last answer, and not for long."""
        recent = said[-1].at > self._season.now - _UNREAD_FOR
        if said[-1].line.out or not (recent and self._dice.chance(_LEFT_UNREAD)):
            return len(said)
        return next((place + 1 for place in range(len(said) - 1, -1, -1) if said[place].line.out), 0)

    def _written(
        self, setting: Setting, said: list[Said], unread_from: int
    ) -> tuple[list[MessageRow], list[DeliveryAttemptRow]]:
        messages, attempts = [], []
        for place, one in enumerate(said):
            if not one.line.out:
                messages.append(self._writer.incoming(setting, one, read=place < unread_from))
                continue
            message, attempt = self._writer.outgoing(setting, one)
            messages.append(message)
            if attempt:
                attempts.append(attempt)
            if one.purchase:
                one.purchase.message_id = message.id
        return messages, attempts

    def _conversation(
        self, setting: Setting, platform: str, messages: list[MessageRow], unread: int
    ) -> ConversationRow:
        first, last = messages[0].occurred_at, messages[-1].occurred_at
        quiet = last.timestamp() * 1000 < self._season.now - _ARCHIVED_AFTER
        return ConversationRow(
            workspace_id=self._creator.workspace_id,
            id=setting.conversation_id,
            fan_id=setting.fan_id,
            platform=platform,
            platform_conversation_id=setting.conversation_id[-12:],
            last_message_at=last,
            unread_count=unread,
            unanswered=messages[-1].direction == "in",
            archived=quiet and not unread and self._dice.chance(_ARCHIVED),
            created_at=first,
            updated_at=last,
        )


def _at(said: Said) -> int:
    return said.at
