"""Looking at what needs somebody now."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from huntaze.conversations.model import Conversation, Unread
from huntaze.conversations.model import Filters as Asked
from huntaze.cursors import Position
from huntaze.fans.model import Filters as AnyFan
from huntaze.fans.model import Placed, Sort
from huntaze.home.model import DraftAtHand, Needs, Waiting
from huntaze.members.model import Permission, Principal
from huntaze.paging import Page
from huntaze.sent.model import Entry, Fate, Filters

FEW = 5
MOST_COUNTED = 100  # whoever has more to do than that does not need the number


class HomeStore(Protocol):
    """What waits for people in one workspace, inside one transaction. What is about deleted fans is hidden."""

    def waiting(self, most: int) -> Waiting:
        """How many drafts, failed and unknown messages there are, each up to this."""
        ...

    def drafts(self, after: Position | None, limit: int) -> Sequence[DraftAtHand]:
        """Drafts from the newest on, or from a place on."""
        ...


class ListedConversations(Protocol):
    """What home needs of conversations."""

    def matching(self, filters: Asked, after: Position | None, limit: int) -> Sequence[Conversation]:
        """Conversations, those with the newest messages first, from the first on or from a place on."""
        ...

    def unread(self) -> Unread:
        """How much in the inbox is unread."""
        ...


class ListedSent(Protocol):
    """What home needs of what was said."""

    def matching(self, filters: Filters, after: Position | None, limit: int) -> Sequence[Entry]:
        """Messages from the newest on, or from a place on."""
        ...


class ListedFans(Protocol):
    """What home needs of fans."""

    def matching(self, filters: AnyFan, sort: Sort, after: Position | None, limit: int) -> Sequence[Placed]:
        """Fans in an order, from the first on or from a place on."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def home(self) -> HomeStore:
        """What waits."""
        ...

    @property
    def conversations(self) -> ListedConversations:
        """The inbox."""
        ...

    @property
    def sent(self) -> ListedSent:
        """What was said."""
        ...

    @property
    def fans(self) -> ListedFans:
        """Whom it is about."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Home:
    """The use cases of those who have just come in."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def needs(self, who: Principal) -> Needs:
        """What needs somebody of those who are in the inbox."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            unread, waiting = stores.conversations.unread().conversations, stores.home.waiting(MOST_COUNTED)
            trouble = Filters(fate=Fate.TROUBLE)
            return Needs(
                unread=unread,
                waiting=waiting,
                conversations=tuple(stores.conversations.matching(Asked(unread=True), None, FEW) if unread else ()),
                drafts=tuple(stores.home.drafts(None, FEW) if waiting.drafts else ()),
                trouble=tuple(stores.sent.matching(trouble, None, FEW) if waiting.failed + waiting.unknown else ()),
                any_fans=bool(stores.fans.matching(AnyFan(), Sort.CREATED, None, 1)),
            )

    def drafts(self, who: Principal, limit: int, after: Position | None = None) -> Page[DraftAtHand]:
        """A page of what waits for somebody to read and approve it."""
        who.must(Permission.WRITE_DRAFTS)
        with self._transactions(who) as stores:
            return Page.of(stores.home.drafts(after, limit + 1), limit)
