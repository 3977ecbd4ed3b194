"""One request while it is answered: who is there, how they want their pages, and what they are told."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from huntaze.cursors import Bookmarks
from huntaze.errors import NotFound
from huntaze.members.model import Membership, Permission, Principal, Seat
from huntaze.sessions.model import Preferences, Proven, Session
from huntaze.team.model import Invitation
from huntaze.web import addresses, cookies, flash, looks, tokens
from huntaze.web.answer import Answer, go_by_script, see_other
from huntaze.web.languages import wanted
from huntaze.web.parts import Parts
from huntaze.web.request import Form, Request
from huntaze.web.views import NAV, Frame, Person, Toast, Workspace

if TYPE_CHECKING:
    from huntaze.web.pages import Pages


class Told(Protocol):
    """A part that is asked for again."""

    @property
    def word(self) -> str:
        """Names what it tells."""
        ...


class Visit:
    """What a handler gets: the request, the use cases, and the ways to answer."""

    def __init__(self, request: Request, parts: Parts, pages: "Callable[[], Pages]", path: dict[str, str]) -> None:
        self.request = request
        self.parts = parts
        self._pages = pages
        self._path = path

    @property
    def form(self) -> Form:
        """What was typed."""
        return self.request.form

    def id(self, name: str) -> UUID:
        """An id in the path; what is none is not found, like an id that never was."""
        try:
            return UUID(self._path[name])
        except ValueError:
            raise NotFound from None

    def word(self, name: str) -> str:
        """A word in the path."""
        return self._path[name]

    @cached_property
    def session(self) -> Session | None:
        """The session the request came with, if it has not ended."""
        return self.parts.sessions.find(self.request.cookies.get(cookies.SESSION))

    @property
    def signed_in(self) -> Session:
        """The same where there must be one: the resolver lets nobody else in."""
        assert self.session is not None  # noqa: S101  # see Site._let_in
        return self.session

    @cached_property
    def memberships(self) -> tuple[Membership, ...]:
        """Where the person works."""
        return tuple(self.parts.members.memberships(self.session.subject)) if self.session else ()

    @cached_property
    def membership(self) -> Membership | None:
        """Where they work now: the place they chose, while they belong to it, or else the oldest."""
        chosen = self.session.chosen_workspace_id if self.session else None
        found = [place for place in self.memberships if place.workspace_id == chosen]
        return next(iter([*found, *self.memberships]), None)

    @property
    def proven(self) -> Proven:
        """Who is signed in, for what they do outside any workspace."""
        return Proven(self.signed_in.subject, self.signed_in.email)

    @cached_property
    def invitations(self) -> tuple[Invitation, ...]:
        """What waits for them to accept."""
        return tuple(self.parts.invitations.of(self.proven)) if self.session else ()

    @cached_property
    def who(self) -> Principal:
        """The caller of the use cases."""
        place = self.membership
        assert place is not None  # noqa: S101  # see Site._let_in
        return Principal(self.signed_in.subject, place.workspace_id, place.member_id, place.role)

    @cached_property
    def seat(self) -> Seat:
        """Who they are in this workspace, and its settings."""
        return self.parts.seats.of(self.who)

    @property
    def timezone(self) -> str:
        """Where the workspace's clock hangs; UTC where this machine does not know that zone."""
        return _known(self.seat.timezone)

    def bookmarks(self, *question: object) -> Bookmarks:
        """The cursors of one list of this workspace."""
        return self.parts.cursors.of(self.who.workspace_id, "pages", *question)

    @cached_property
    def preferences(self) -> Preferences:
        """How they want their pages: as chosen in the session, or in this browser before."""
        return self.session.preferences if self.session else looks.read(self.request.cookies.get(cookies.LOOK, ""))

    @property
    def locale(self) -> str:
        """The language of the answer."""
        return self.preferences.locale or wanted(self.request.headers.get("accept-language", ""))

    @cached_property
    def secret(self) -> str:
        """What forms and notes are sealed with: the session's token, or before there is one a token of its own."""
        if self.session:
            return self.request.cookies[cookies.SESSION]
        return self.request.cookies.get(cookies.FORM) or tokens.fresh()

    def page(self, template: str, view: Any = None, status: int = HTTPStatus.OK, *, active: str = "") -> Answer:
        """A whole page."""
        frame = self._frame(active, flash.read(self.request.cookies.get(cookies.FLASH), self.secret))
        frame = replace(frame, invitations=len(self.invitations))
        return self._remembering(Answer(self._pages().page(template, frame, view), status))

    def part(self, view: Any, toast: Toast | None = None, status: int = HTTPStatus.OK) -> Answer:
        """The part that htmx asks for."""
        return self._remembering(Answer(self._pages().part(self.request.part, self._frame("", toast), view), status))

    def news(self, view: Told) -> Answer:
        """The part that htmx asks for again and again, unless the word of the last answer still holds."""
        headers = {"ETag": view.word}
        if self.request.headers.get("if-none-match") == view.word:
            return Answer(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return self.part(view).with_headers(headers)

    def page_or_news(self, template: str, view: Told, *, active: str) -> Answer:
        """The whole page, or what is new in its part; nothing when nothing is."""
        return self.news(view) if self.request.part else self.page(template, view, active=active)

    def word_of(self, told: object) -> str:
        """Names what is told. A clock time is told as a day from the next day on, so the day belongs to it."""
        day = self.parts.clock.now().date()
        return f'"{sha256(f"{told} {day} {self.locale}".encode()).hexdigest()[:20]}"'

    def go(self, address: str, toast: Toast | None = None) -> Answer:
        """Send the reader on, and tell them there."""
        answer = go_by_script(address) if self.request.part else see_other(address)
        if toast is not None:
            answer = answer.with_cookies(cookies.given(cookies.FLASH, flash.written(toast, self.secret)))
        return answer

    def way_back(self, otherwise: str = "/") -> str:
        """Where the form said it stood."""
        return addresses.own(self.form["next"], otherwise)

    def bare_page(self, template: str, view: Any, status: int) -> Answer:
        """A page that needs neither session nor workspace, for when they cannot be read."""
        seen = self.request.cookies
        secret = seen.get(cookies.SESSION) or seen.get(cookies.FORM) or tokens.fresh()
        look = looks.read(seen.get(cookies.LOOK, ""))
        frame = Frame(
            locale=look.locale or wanted(self.request.headers.get("accept-language", "")),
            theme=look.theme,
            csrf=tokens.for_form(secret),
            now=self.parts.clock.now(),
            here=self._here,
        )
        return Answer(self._pages().page(template, frame, view), status)

    @property
    def _here(self) -> str:
        """The page to come back to; a path may begin with two slashes, and a link to it would leave the site."""
        return addresses.own(self.request.here) if self.request.safe else "/"

    def _frame(self, active: str, toast: Toast | None) -> Frame:
        frame = Frame(
            locale=self.locale,
            theme=self.preferences.theme,
            csrf=tokens.for_form(self.secret),
            now=self.parts.clock.now(),
            here=self._here,
            active=active,
            toast=toast,
        )
        if self.session is None:
            return frame
        if self.membership is None:
            return replace(frame, person=Person(name=self.session.email, email=self.session.email))
        return replace(
            frame,
            timezone=self.timezone,
            person=Person(name=self.seat.name, email=self.seat.email),
            nav=tuple(item for item in NAV if item.needs is None or self.who.may(item.needs)),
            has_pace=self.who.may(Permission.READ_INBOX),
            workspace=_workspace(self.membership),
            workspaces=tuple(map(_workspace, self.memberships)),
        )

    def _remembering(self, answer: Answer) -> Answer:
        """With the cookie that the forms on this page hang on, and without the note that was just shown."""
        seen = self.request.cookies
        if self.session is None and seen.get(cookies.FORM) != self.secret:
            answer = answer.with_cookies(cookies.given(cookies.FORM, self.secret))
        if cookies.FLASH in seen and not self.request.part:
            answer = answer.with_cookies(cookies.taken(cookies.FLASH))
        return answer


def _workspace(place: Membership) -> Workspace:
    return Workspace(id=place.workspace_id, name=place.workspace_name, role=place.role)


def _known(zone: str) -> str:
    """The zone, or UTC where this machine does not know it: a wrong setting must not take every page away."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return "UTC"
    return zone
