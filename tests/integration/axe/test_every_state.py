"""axe finds nothing wrong in any state of any page: empty, refused, lost, failed, filled in wrongly, told about.

The full state is looked at in tests/integration/hostile, where everything is as long and as odd as it can be. Here is
what is left: a workspace that has nothing yet, people who may not, and errors. Each page is looked at by day at a desk
or by night on a phone, in turn; with --deep both, and each form is sent with nothing in it.
"""

import re
from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, StorageState

from huntaze.errors import Unavailable
from huntaze.members.model import Role
from huntaze.web.all_routes import ROUTES
from infra.routes import PAGES
from tests.integration.hostile.addresses import FILES
from tests.integration.hostile.conftest import chromium, database, place, server, static_files
from tests.integration.hostile.looks import InTurn
from tests.integration.hostile.visitor import FORMS, Visitor, signed_in, visiting
from tests.integration.pages.conftest import PASSWORD, Place
from tests.support import page_watch
from tests.support.page_server import PageServer

__all__ = ["chromium", "database", "place", "server", "static_files"]

NEVER = "01900000-0000-7000-8000-00000000ffff"
LEADING_OUT = re.compile(r"/(sign-out|sign-out-everywhere|language|appearance)$")
OUTSIDE = [route.path for route in ROUTES if route.method == "GET" and route.open_to_all and "{" not in route.path]
GAPS = {"platform": "onlyfans", "version": "x", "file": "x", "proxy+": "nothing"}


def _addresses() -> list[str]:
    """Every page; what has an id is asked about what never was."""
    filled = [re.sub(r"\{([^}]+)\}", lambda gap: GAPS.get(gap[1], NEVER), path) for path in PAGES]
    return [address for address in filled if not FILES.search(address)]


EMPTY = [address for address in _addresses() if NEVER not in address]
LOST = [address for address in _addresses() if NEVER in address]


@pytest.fixture(scope="module")
def sessions(place: Place, chromium: Browser, server: PageServer) -> dict[str, StorageState]:
    """Somebody of each role in a workspace where nothing is yet, and somebody who belongs nowhere."""
    workspace = place.workspace()
    emails = {str(role): f"{role}@example.com" for role in (Role.OWNER, Role.CHATTER, Role.ANALYST)}
    for role, email in emails.items():
        place.member(workspace, Role(role), email)
    elsewhere = place.member(place.workspace("Gone"), email="nowhere@example.com")
    place.run("UPDATE members SET status = 'removed', removed_at = now() WHERE id = %s", elsewhere.member_id)
    made = {name: signed_in(chromium, server.origin, email, PASSWORD) for name, email in emails.items()}
    page = chromium.new_page(base_url=server.origin)
    page.goto("/sign-in")
    page.get_by_label("Email").fill("nowhere@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    return made | {"nowhere": page.context.storage_state()}


class Looking:
    """Looks at states in turn, or at each of them twice."""

    def __init__(self, visitor: Visitor, *, deep: bool) -> None:
        self.visitor = visitor
        self.deep = deep
        self.schemes = InTurn(deep=deep)

    def at(self, addresses: Sequence[str]) -> None:
        for address in addresses:
            self.visitor.visit(address, axe=self.schemes.next())


@pytest.fixture
def as_somebody(
    request: pytest.FixtureRequest, sessions: dict[str, StorageState], chromium: Browser, server: PageServer
) -> Iterator[Looking]:
    with visiting(chromium, server.origin, (), sessions.get(request.param)) as visitor:
        yield Looking(visitor, deep=request.config.getoption("--deep"))
    assert not visitor.wrong, "\n".join(visitor.wrong)


def somebody(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("as_somebody", [name], indirect=True)


@somebody("owner")
def test_every_page_of_a_workspace_that_has_nothing_yet(as_somebody: Looking) -> None:
    as_somebody.at(EMPTY)


@somebody("owner")
def test_what_was_never_there(as_somebody: Looking) -> None:
    as_somebody.at(LOST if as_somebody.deep else LOST[:2])


@somebody("nobody")
def test_every_page_before_signing_in(as_somebody: Looking) -> None:
    as_somebody.at([*OUTSIDE, "/nothing/at/all"])


@somebody("nowhere")
def test_who_belongs_nowhere(as_somebody: Looking) -> None:
    as_somebody.at(["/", "/invitations", "/settings/security"])


@pytest.mark.parametrize("as_somebody", ["chatter", "analyst"], indirect=True)
def test_what_somebody_may_not_see(as_somebody: Looking) -> None:
    as_somebody.at(EMPTY if as_somebody.deep else ["/", "/fans", "/fans/new", "/settings/team"])


@somebody("owner")
def test_every_form_with_nothing_in_it(as_somebody: Looking) -> None:
    """What is wrong beside each field, and what is told in a toast; with --deep on every page, else on a few."""
    done: set[str] = set()
    for address in EMPTY if as_somebody.deep else ("/fans/new", "/settings/quick-replies/new", "/settings/profile"):
        as_somebody.visitor.page.goto(address)
        for action in as_somebody.visitor.read(FORMS):
            if action in done or LEADING_OUT.search(action):
                continue
            done.add(action)
            as_somebody.visitor.page.goto(address)
            if action in as_somebody.visitor.read(FORMS):
                as_somebody.visitor.submit(action, [""], as_somebody.schemes.next())


@somebody("owner")
def test_the_dialog_of_keys(as_somebody: Looking) -> None:
    page = as_somebody.visitor.page
    page.goto("/fans")
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    assert page_watch.violations(page) == []


@somebody("owner")
def test_while_something_is_away_or_broken(as_somebody: Looking, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (Unavailable("Away.", retry_after=5), ValueError("broken")):

        def fails(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(place.parts.fans, "page", fails)
        as_somebody.visitor.page.goto("/fans")
        assert page_watch.violations(as_somebody.visitor.page) == []
    as_somebody.visitor.taken()
