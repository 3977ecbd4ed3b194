"""What waits for a person: drafts to approve, and messages that did not arrive or may not have."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from huntaze.platforms.model import Reason
from local.demo.creator import Creator
from local.demo.rows import DraftRow, Story, Thread

_RECENT = timedelta(days=4)
_BY_A_PERSON = 4  # every fourth draft
_REFUSED, _CUT_OFF = Reason.RECIPIENT_UNAVAILABLE, Reason.CONNECTION_LOST  # as a bridge's answers are kept


def leave_unfinished(
    stories: list[Story], creator: Creator, now: datetime, *, drafts: int, in_trouble: tuple[str, ...]
) -> None:
    """Add drafts where an answer is due, and let the newest messages end in these states."""
    recent = [(story, story.thread) for story in stories if story.thread and _ended(story.thread) > now - _RECENT]
    newest = sorted(recent, key=lambda pair: _ended(pair[1]), reverse=True)
    answers = filter(None, (_answer(creator, story, thread) for story, thread in newest))
    for (story, draft), number in zip(answers, range(drafts), strict=False):
        by_a_person = number % _BY_A_PERSON == _BY_A_PERSON - 1
        story.drafts.append(draft._replace(author="human", author_id=creator.approvers[0]) if by_a_person else draft)
    ours = [thread for _, thread in newest if thread.messages[-1].attempt_id]
    for thread, status in zip(ours, in_trouble, strict=False):
        _fail(thread, status)


def _ended(thread: Thread) -> datetime:
    return thread.conversation.last_message_at


def _answer(creator: Creator, story: Story, thread: Thread) -> tuple[Story, DraftRow] | None:
    """What a machine would answer to a fan who waits for it."""
    last, waits = thread.messages[-1], thread.conversation.unread_count > 0 and not story.fan.do_not_contact
    if not (waits and thread.answer and last.account_id):
        return None
    draft = DraftRow(
        workspace_id=creator.workspace_id,
        id=str(uuid5(UUID(last.id), "draft")),
        conversation_id=last.conversation_id,
        fan_id=last.fan_id,
        account_id=last.account_id,
        author="machine",
        author_id=None,
        text=thread.answer,
        currency=creator.currency,
        created_at=last.occurred_at,
        updated_at=last.occurred_at,
    )
    return story, draft


def _fail(thread: Thread, status: str) -> None:
    """Let the last message have ended so."""
    message, attempt = thread.messages[-1], thread.attempts[-1]
    refused = status == "failed"
    thread.messages[-1] = message._replace(
        status=status,
        sent_at=None,
        platform_message_id=None,
        attempts=int(refused),
        last_error=_REFUSED if refused else _CUT_OFF,
    )
    thread.attempts[-1] = attempt._replace(
        outcome="refused" if refused else "unknown", answered_at=attempt.answered_at if refused else None
    )
