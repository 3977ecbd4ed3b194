"""What can be done with drafts: anybody at work may write one, and a person lets it out."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.clock import Clock
from huntaze.conversations.model import Conversation
from huntaze.cursors import Position
from huntaze.drafts.model import Author, Changes, Draft, Writing
from huntaze.errors import Forbidden, Invalid, NotFound, Stale
from huntaze.members.model import Permission, Principal, Role
from huntaze.messages import sending
from huntaze.messages.model import USUAL_PRIORITY, Queued, Words
from huntaze.messages.prices import settled
from huntaze.messages.sending import Approval, Sending
from huntaze.paging import Page
from huntaze.versions import etag, must_be_current

RESTORABLE = timedelta(days=30)


class DraftStore(Protocol):
    """The drafts of one workspace, inside one transaction. Those for deleted fans are hidden."""

    def newest(self, conversation_id: UUID | None, after: Position | None, limit: int) -> Sequence[Draft]:
        """Drafts from the newest on, or from a place on; of one conversation or of all."""
        ...

    def get(self, draft_id: UUID) -> Draft:
        """One draft; NotFound when there is none."""
        ...

    def get_to_change(self, draft_id: UUID) -> Draft:
        """The same, and nobody else changes it before this transaction ends."""
        ...

    def add(
        self, draft_id: UUID, conversation: Conversation, author_id: UUID | None, new: Writing, at: datetime
    ) -> Draft:
        """Keep a new draft; without an author it is a machine's."""
        ...

    def change(self, draft_id: UUID, new: Writing) -> Draft:
        """Put this in its place; its hash is another one then."""
        ...

    def delete(self, draft_id: UUID) -> None:
        """Drop a draft that has become a message."""
        ...

    def dismiss(self, draft_id: UUID, at: datetime) -> None:
        """Take a draft out of every list."""
        ...

    def restore(self, draft_id: UUID, dismissed_after: datetime) -> Draft:
        """Bring back what was dismissed after this moment; NotFound otherwise."""
        ...

    def forget(self, dismissed_before: datetime) -> None:
        """Drop some of those that can be restored no more."""
        ...


class DraftedConversations(Protocol):
    """What drafts need of conversations."""

    def get(self, conversation_id: UUID) -> Conversation:
        """One conversation; NotFound when there is none."""
        ...

    def get_to_change(self, conversation_id: UUID) -> Conversation:
        """The same, and nobody else says anything in it before this transaction ends."""
        ...

    def said(self, conversation_id: UUID, at: datetime) -> None:
        """Something was said to the fan."""
        ...


class Stores(sending.Stores, Protocol):
    """What a transaction gives to these use cases: all that sending needs, for an approved draft is sent."""

    @property
    def drafts(self) -> DraftStore:
        """The drafts of the workspace."""
        ...

    @property
    def conversations(self) -> DraftedConversations:
        """What they are for."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Drafts:
    """The use cases around drafts."""

    def __init__(
        self, transactions: Transactions, sending: Sending, *, clock: Clock, new_id: Callable[[], UUID]
    ) -> None:
        self._transactions = transactions
        self._sending = sending
        self._clock = clock
        self._new_id = new_id

    def page(
        self, who: Principal, conversation_id: UUID | None, limit: int, after: Position | None = None
    ) -> Page[Draft]:
        """A page of drafts, newest first; of one conversation or of all."""
        who.must(Permission.WRITE_DRAFTS)
        with self._transactions(who) as stores:
            if conversation_id is not None:
                stores.conversations.get(conversation_id)
            return Page.of(stores.drafts.newest(conversation_id, after, limit + 1), limit)

    def get(self, who: Principal, draft_id: UUID) -> Draft:
        """One draft; NotFound when there is none."""
        who.must(Permission.WRITE_DRAFTS)
        with self._transactions(who) as stores:
            return stores.drafts.get(draft_id)

    def write(self, who: Principal, conversation_id: UUID, words: Words) -> Draft:
        """Write a draft that keeps the rules of its platform."""
        who.must(Permission.WRITE_DRAFTS)
        is_machine = who.role is Role.MACHINE
        with self._transactions(who) as stores:
            conversation = stores.conversations.get(conversation_id)
            writing = _writing(stores, conversation, words, words.text if is_machine else None)
            author_id = None if is_machine else who.member_id
            draft = stores.drafts.add(self._new_id(), conversation, author_id, writing, self._clock.now())
            stores.audit.record(Action.DRAFT_WRITTEN, draft.id, conversation=str(conversation_id))
            return draft

    def change(self, who: Principal, draft_id: UUID, changes: Changes, if_match: str | None = None) -> Draft:
        """Say it otherwise; whoever has read the draft before has not approved this."""
        who.must(Permission.WRITE_DRAFTS)
        with self._transactions(who) as stores:
            draft = stores.drafts.get_to_change(draft_id)
            _must_be_theirs(who, draft)
            must_be_current(draft, if_match)
            if not changes:
                return draft
            words = Words(**{**_words(draft), **changes})
            suggestion = words.text if who.role is Role.MACHINE else draft.ai_suggestion
            conversation = stores.conversations.get(draft.conversation_id)
            draft = stores.drafts.change(draft_id, _writing(stores, conversation, words, suggestion))
            stores.audit.record(Action.DRAFT_CHANGED, draft_id, fields=sorted(changes))
            return draft

    def delete(self, who: Principal, draft_id: UUID) -> None:
        """Dismiss a draft; it can be restored for 30 days."""
        who.must(Permission.WRITE_DRAFTS)
        now = self._clock.now()
        with self._transactions(who) as stores:
            _must_be_theirs(who, stores.drafts.get_to_change(draft_id))
            stores.drafts.dismiss(draft_id, now)
            stores.drafts.forget(now - RESTORABLE)
            stores.audit.record(Action.DRAFT_DELETED, draft_id)

    def restore(self, who: Principal, draft_id: UUID, conversation_id: UUID | None = None) -> Draft:
        """Undo that; NotFound when it is longer ago than 30 days. It has still to be seen and approved.

        Whoever looks at one conversation finds none of another one's.
        """
        who.must(Permission.WRITE_DRAFTS)
        with self._transactions(who) as stores:
            draft = stores.drafts.restore(draft_id, self._clock.now() - RESTORABLE)
            if conversation_id not in {None, draft.conversation_id}:
                raise NotFound
            _must_be_theirs(who, draft)
            stores.audit.record(Action.DRAFT_RESTORED, draft_id)
            return draft

    def approve(
        self,
        who: Principal,
        draft_id: UUID,
        *,
        content_hash: bytes | None = None,
        if_match: str | None = None,
        priority: int = USUAL_PRIORITY,
    ) -> Queued:
        """Let a draft out as the caller has seen it: Stale unless this hash, or this version, is still what it says."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            conversation = stores.conversations.get_to_change(stores.drafts.get(draft_id).conversation_id)
            draft = stores.drafts.get_to_change(draft_id)
            _must_be_as_seen(draft, content_hash, if_match)
            approved = Approval(
                content=settled(Words(**_words(draft)), conversation.platform),
                priority=priority,
                approved_hash=draft.content_hash,
                account_id=draft.account_id,
                draft_id=draft_id,
                ai_suggestion=draft.ai_suggestion,
            )
            stores.drafts.delete(draft_id)
            return self._sending.let_out(stores, who, conversation, approved)


def _writing(stores: Stores, conversation: Conversation, words: Words, ai_suggestion: str | None) -> Writing:
    """Words as a draft, addressed through the account that is in use now."""
    content = settled(words, conversation.platform)
    account = stores.messages.account(conversation.platform)
    return Writing(content, account.id if account and account.is_active else None, ai_suggestion)


def _words(draft: Draft) -> dict[str, Any]:
    content = draft.content
    return {
        "text": content.text,
        "price_cents": content.price.cents,
        "currency": content.price.currency,
        "media": content.media,
    }


def _must_be_theirs(who: Principal, draft: Draft) -> None:
    if who.role is Role.MACHINE and draft.author is not Author.MACHINE:
        raise Forbidden("A person wrote this draft, and a machine changes only what machines wrote.")


def _must_be_as_seen(draft: Draft, content_hash: bytes | None, if_match: str | None) -> None:
    """The approval must name what was seen, or somebody could approve words that were put there a moment ago."""
    named = {tag.strip() for tag in (if_match or "").split(",") if tag.strip()}
    if content_hash is None and not named - {"*"}:
        raise Invalid.field("contentHash", "Name what you approve: the draft's contentHash, or its ETag in If-Match")
    if content_hash not in {None, draft.content_hash} or (named and etag(draft) not in named):
        raise Stale
