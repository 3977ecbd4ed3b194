"""Home: what needs somebody now, what came in, and how the accounts stand."""

from collections.abc import Iterator
from dataclasses import replace

from huntaze.earnings.model import SoFar
from huntaze.errors import Invalid
from huntaze.home.model import DraftAtHand, Needs
from huntaze.members.model import Permission
from huntaze.messages.model import Direction, Status
from huntaze.money import MOST_CENTS, Money
from huntaze.web import connections_views
from huntaze.web.accounts_at_hand import STILL, accounts
from huntaze.web.answer import Answer
from huntaze.web.home_views import (
    DRAFTS,
    PATH,
    SHORTCUT,
    Account,
    Compared,
    DraftsPage,
    Group,
    HomePage,
    Income,
    Item,
    Kind,
    Step,
)
from huntaze.web.inbox_thread import reason_of
from huntaze.web.inbox_views import PATH as INBOX
from huntaze.web.sent_views import PATH as SENT
from huntaze.web.sent_views import at_message
from huntaze.web.site import Route
from huntaze.web.views import Says
from huntaze.web.visit import Visit

ROWS = 40
_CONNECT = f"{connections_views.PATH}/onlyfans"


def show_home(visit: Visit) -> Answer:
    """The whole page, or what is new in it; nothing when nothing is."""
    return visit.page_or_news("home.html", _home(visit), active="home")


def show_drafts(visit: Visit) -> Answer:
    """Everything that waits to be read and approved."""
    places, cursor = visit.bookmarks("drafts"), visit.request.query.get("cursor")
    try:
        page = visit.parts.home.drafts(visit.who, ROWS, places.position(cursor))
    except Invalid:
        return visit.go(DRAFTS)
    items = tuple(map(_draft, page.items))
    view = DraftsPage(drafts=items, next_cursor=places.cursor(page.next), first=cursor is None)
    return visit.page("drafts.html", view, active="inbox")


def _home(visit: Visit) -> HomePage:
    who = visit.who
    view = HomePage(
        may_see_inbox=who.may(Permission.READ_INBOX),
        may_see_money=who.may(Permission.READ_ANALYTICS),
        may_connect=who.may(Permission.MANAGE_CONNECTIONS),
    )
    if view.may_see_inbox:
        needs, known = visit.parts.home.needs(who), accounts(visit)
        groups = tuple(group for group in _groups(visit, needs, known) if group.count)
        view = replace(view, groups=groups, accounts=known, steps=_steps(visit, needs, known))
    if view.may_see_money:
        view = replace(view, incomes=_incomes(visit))
    return replace(view, word=visit.word_of(view))


def _groups(visit: Visit, needs: Needs, known: tuple[Account, ...]) -> Iterator[Group]:
    still = [account for account in known if account.state in STILL]
    yield Group(key="accounts", count=len(still), href=_CONNECT, items=tuple(map(_still, still)))
    waiting = needs.waiting
    yield Group(
        key="trouble",
        count=waiting.failed + waiting.unknown,
        href=f"{SENT}?state=trouble",
        hint=Says("home.trouble.numbers", {"failed": waiting.failed, "unknown": waiting.unknown}),
        items=tuple(
            Item(
                id=entry.id,
                href=at_message(entry.conversation_id, entry.id),
                name=entry.fan_name,
                text=" ".join(entry.text.split()),
                says=reason_of(entry.status, entry.last_error) or Says("talk.unknown"),
                at=entry.occurred_at,
                failed=entry.status is Status.FAILED,
            )
            for entry in needs.trouble
        ),
    )
    if visit.who.may(Permission.APPROVE_REPLIES):
        yield Group(key="drafts", count=waiting.drafts, href=DRAFTS, items=tuple(map(_draft, needs.drafts)))
    yield Group(
        key="unread",
        count=needs.unread,
        href=f"{INBOX}?unread=1",
        items=tuple(
            Item(
                id=conversation.id,
                href=f"{INBOX}/{conversation.id}",
                name=conversation.fan_name,
                text=" ".join(conversation.last_message.text.split()) if conversation.last_message else "",
                at=conversation.last_message_at,
                mine=bool(conversation.last_message and conversation.last_message.direction is Direction.OUT),
            )
            for conversation in needs.conversations
        ),
    )


def _still(account: Account) -> Item:
    return Item(
        id=account.id,
        href=f"{connections_views.PATH}/{account.platform}",
        name=account.platform,
        says=Says(f"connections.state.{account.state}"),
        why=account.why,
    )


def _draft(draft: DraftAtHand) -> Item:
    return Item(
        id=draft.id,
        href=f"{INBOX}/{draft.conversation_id}#draft-{draft.id}",
        name=draft.fan_name,
        text=" ".join(draft.text.split()),
        says=Says("draft.machine") if draft.by_machine else None,
        at=draft.created_at,
    )


def _steps(visit: Visit, needs: Needs, known: tuple[Account, ...]) -> tuple[Step, ...]:
    """What to begin with, until there is something to work on."""
    if known and needs.any_fans:
        return ()
    steps = (
        (Permission.MANAGE_CONNECTIONS, Step(key="connect", href=_CONNECT, icon="plug", done=bool(known))),
        (Permission.WRITE_FANS, Step(key="fans", href=f"{_CONNECT}/imports", icon="users", done=needs.any_fans)),
        (Permission.MANAGE_TEAM, Step(key="invite", href="/settings/team", icon="user-plus")),
    )
    return tuple(step for needed, step in steps if visit.who.may(needed))


def _incomes(visit: Visit) -> tuple[Income, ...]:
    """What came in, each currency by itself, that of the workspace first."""
    known, ours = visit.parts.earnings.so_far(visit.who), visit.seat.currency
    currencies = {one.today.currency for one in known}
    return tuple(
        _income([one for one in known if one.today.currency == currency], currency)
        for currency in sorted(currencies, key=lambda currency: (currency != ours, currency))
    )


def _income(found: list[SoFar], currency: str) -> Income:
    def total(name: str) -> Money:
        return Money(min(sum(getattr(one, name).cents for one in found), MOST_CENTS), currency)

    return Income(
        today=Compared(amount=total("today"), before=total("yesterday")),
        month=Compared(amount=total("month"), before=total("last_month")),
        kinds=tuple(Kind(kind=one.kind, today=one.today, month=one.month) for one in found if one.month.cents),
    )


ROUTES = (
    Route("GET", PATH, show_home),
    Route("GET", SHORTCUT, show_home),
    Route("GET", DRAFTS, show_drafts),
)
