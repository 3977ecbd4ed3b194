"""How the accounts stand that messages leave through, for home and for the frame of every page."""

from dataclasses import replace
from datetime import datetime

from huntaze.connections.model import ConnectionState, state_of
from huntaze.fans.model import Platform
from huntaze.members.model import Permission
from huntaze.outgoing.model import AccountRow, AccountStanding
from huntaze.web.answer import Answer
from huntaze.web.connections_views import why_held, why_paused
from huntaze.web.format import clock
from huntaze.web.home_views import Account, Pace
from huntaze.web.site import Route
from huntaze.web.views import Says
from huntaze.web.visit import Visit

_GRAVEST = (ConnectionState.EXPIRED, ConnectionState.REVOKED, ConnectionState.PAUSED, ConnectionState.HELD)
_TONES = {ConnectionState.EXPIRED: "bad", ConnectionState.REVOKED: "bad"}
STILL = frozenset(_GRAVEST) - {ConnectionState.HELD}  # until a person does something


def accounts(visit: Visit) -> tuple[Account, ...]:
    """The accounts of the workspace, the one that needs somebody most first."""
    now = visit.parts.clock.now()
    found = (_account(standing, now) for standing in visit.parts.watching.accounts(visit.who))
    return tuple(sorted(found, key=_gravity))


def show_pace(visit: Visit) -> Answer:
    """How the account stands that matters most; nothing at all while that has not changed."""
    pace = _pace(visit) if visit.who.may(Permission.READ_INBOX) else Pace()
    return visit.news(pace)


def _account(standing: AccountStanding, now: datetime) -> Account:
    row, slot = standing.row, standing.next_slot_at
    state = state_of(row.status, is_paused=row.paused_at is not None, is_held=row.held_until is not None)
    return Account(
        id=row.id,
        platform=Platform(row.platform),
        state=state,
        messages=row.pace.messages,
        left=standing.tokens_left,
        may_send_now=slot is not None and slot <= now,
        # To the minute, as it is told: what is estimated anew each time would be news each time.
        next_slot_at=slot.replace(second=0, microsecond=0) if slot is not None and slot > now else None,
        waiting=row.backlog,
        why=_why(row, state),
        held_until=row.held_until if state is ConnectionState.HELD else None,
    )


def _why(row: AccountRow, state: ConnectionState) -> Says | None:
    if state is ConnectionState.PAUSED:
        return why_paused(row.pause_reason or "")
    return why_held(row.held_reason) if state is ConnectionState.HELD else None


def _gravity(account: Account) -> tuple[int, int, str]:
    place = _GRAVEST.index(account.state) if account.state in _GRAVEST else len(_GRAVEST)
    return place, account.messages if account.left is None else account.left, account.platform


def _pace(visit: Visit) -> Pace:
    account = next(iter(accounts(visit)), None)
    told = _short(visit, account) if account else None
    if account is None or told is None:
        return Pace(word='"-"')
    tone = _TONES.get(account.state, "" if account.state is ConnectionState.ACTIVE else "warning")
    pace = Pace(short=told, platform=account.platform, tone=tone, waiting=account.waiting)
    return replace(pace, word=visit.word_of(pace))


def _short(visit: Visit, account: Account) -> Says | None:
    """What fits under the name of a workspace. While nobody knows the pace, nothing is said of it."""
    match account:
        case Account(state=ConnectionState.HELD, held_until=until) if until:
            return Says("pace.held", {"at": clock(until, visit.timezone)})
        case Account(state=state) if state is not ConnectionState.ACTIVE:
            return Says(f"pace.{state}")
        case Account(left=None):
            return None
        case Account(left=0, next_slot_at=at) if at:
            return Says("pace.next", {"at": clock(at, visit.timezone)})
    return Says("pace.left", {"left": account.left or 0, "all": account.messages})


ROUTES = (Route("GET", "/pace", show_pace),)
