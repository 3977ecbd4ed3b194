"""The pages in this process, on the database of two workspaces: who opens them, and valid input for each of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from huntaze.members.model import Role
from huntaze.web import cookies
from huntaze.wiring import Wiring
from infra.routes import WEB, Route
from tests.access.stage import Stage, subject_of
from tests.support.browser import Browser, Handler, Page
from tests.support.people_of_pages import Account, FakePool
from tests.support.workspaces import ZOE, Workspace

PASSWORD = "Right-pass-word-1"

# Nobody signs in with a token of a machine.
PEOPLE = tuple(sorted(set(Role) - {Role.MACHINE}))

# What stands in the gap of a path, by its name; `text_id` is another thing in each part of the settings.
THINGS = {
    "fan_id": "fan",
    "note_id": "note",
    "merge_id": "merge",
    "export_id": "export",
    "import_id": "import",
    "campaign_id": "campaign",
    "conversation_id": "conversation",
    "draft_id": "draft",
    "message_id": "question",
    "member_id": "colleague",
    "invitation_id": "invited",
    "connection_id": "account",
}
TEXTS = {"quick-replies": "quick reply", "templates": "template"}
NO_IDS = {"platform": "onlyfans", "version": "x", "file": "x", "proxy+": "nothing"}


def gaps(path: str) -> tuple[str, ...]:
    """The names of what stands in a path."""
    return tuple(re.findall(r"\{([^}]+)\}", path))


WITH_IDS = tuple(route for route in WEB if set(gaps(route.path)) - set(NO_IDS))
FORMS = tuple(route for route in WEB if route.method == "POST")


# What must be typed, so that the ids are looked at before anything is found wrong with the rest.
TYPED: dict[str, dict[str, str]] = {
    "/fans/{fan_id}/edit": {"name": "Another name"},
    "/fans/{fan_id}/merge": {"with": "$second fan"},
    "/fans/{fan_id}/notes": {"text": "Kind"},
    "/fans/{fan_id}/notes/{note_id}": {"text": "Kind"},
    "/platforms/connect/{platform}/{connection_id}/pace": {"messages": "5", "seconds": "60", "gap_seconds": "0"},
    "/platforms/connect/{platform}/{connection_id}/pause": {"reason": "On holiday"},
    "/settings/team/{member_id}/role": {"role": "manager"},
}
# What is another thing, or in another state, than usual.
OTHERS = {
    ("/messages/onlyfans/{conversation_id}/drafts/{draft_id}/restoration", "draft_id"): "a dismissed draft",
    ("/messages/onlyfans/{conversation_id}/messages/{message_id}/resolution", "message_id"): "a unknown message",
    ("/messages/onlyfans/{conversation_id}/messages/{message_id}/check", "message_id"): "a unknown message",
}
# What htmx alone asks for.
PARTS = {"/messages/onlyfans/{conversation_id}/news": "talk"}


def thing(path: str, gap: str) -> str:
    """The seeded thing whose id belongs in a gap."""
    if gap == "text_id":
        return TEXTS[path.split("/")[2]]
    return OTHERS.get((path, gap), THINGS[gap])


def filled(path: str, workspace: Workspace, **instead: object) -> str:
    """The path about this workspace, with something else in single gaps."""
    address = path
    for gap in gaps(path):
        known = NO_IDS.get(gap) or workspace.of(thing(path, gap))
        address = address.replace(f"{{{gap}}}", str(instead.get(gap, known)))
    return address


def typed(path: str, workspace: Workspace) -> list[tuple[str, str]]:
    """What a form says."""
    known = TYPED.get(path, {}).items()
    return [(name, str(workspace.of(word[1:])) if word.startswith("$") else word) for name, word in known]


# What asks the database by a way of its own, outside a workspace.
_ON_THEIR_OWN = ("session_store", "sessions", "members", "invitations")


class People:
    """Everybody who can sign in, each of them once."""

    def __init__(self, handler: Handler, pool: FakePool, parts: Wiring) -> None:
        self._handler = handler
        self._pool = pool
        self._parts = parts
        self._browsers: dict[str, Browser] = {}
        self._tokens: dict[Browser, str] = {}

    @contextmanager
    def taking_everything_back(self, stage: Stage) -> Iterator[None]:
        """What they do inside is never committed."""
        with stage.taking_everything_back():
            self._forget()
            yield
        self._forget()

    def _forget(self) -> None:
        for part in _ON_THEIR_OWN:
            vars(self._parts).pop(part, None)

    def outside(self) -> Browser:
        return Browser(self._handler)

    def member(self, role: Role) -> Browser:
        return self.named(f"{role} of {ZOE.id}")

    def once_more(self, role: Role) -> Browser:
        """Another session of theirs."""
        return self.named(f"{role} of {ZOE.id}", session="another")

    def named(self, name: str, session: str = "one") -> Browser:
        """Somebody's browser."""
        browser = self._browsers.get(name + session) or (self._signed_in(name) if session else self.outside())
        self._browsers[name + session] = browser
        return browser

    def token(self, browser: Browser) -> str:
        """What the forms of this session send back."""
        if browser not in self._tokens:
            page = browser.get("/forgotten-password")
            self._tokens[browser] = next(form.value("csrf") for form in page.forms if form.value("csrf"))
        return self._tokens[browser]

    def _signed_in(self, name: str) -> Browser:
        email = f"{subject_of(name)}@example.com"
        self._pool.accounts.setdefault(email, Account(subject_of(name), PASSWORD))
        browser = self.outside()
        browser.get("/sign-in")
        page = browser.submit("/sign-in", follow=False, email=email, password=PASSWORD)
        assert page.status == 303, page.text
        return browser


def send(browser: Browser, route: Route, address: str, csrf: str, **headers: str) -> Page:
    """Ask for a page, or send a form with what it says and this token; nothing that was told before stands on it."""
    browser.cookies.pop(cookies.FLASH, None)
    if route.method == "POST":
        return browser.post(address, [*typed(route.path, ZOE), ("csrf", csrf)], follow=False, **headers)
    if part := PARTS.get(route.path):
        return browser.part(address, part)
    return browser.get(address, follow=False, **headers)
