"""Each page and each form: about what belongs to others they say what they say of what never was, and do nothing.

The routes are the gateway's own, so one that is added tomorrow is tested tomorrow; what may stand in the gaps of its
path goes into `pages.THINGS`, and what it needs to be told into `pages.TYPED`.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

import pytest

from huntaze.members.model import Role
from huntaze.web import cookies
from huntaze.web.static import Static
from infra.routes import FORMS as FORMS_OF_THE_GATEWAY
from infra.routes import PAGES, WEB, Route
from tests.access.pages import FORMS, NO_IDS, PEOPLE, THINGS, WITH_IDS, People, filled, gaps, send, thing
from tests.access.stage import NEVER_WAS, OWNER_OF_BOTH, Stage
from tests.integration.pages.conftest import static_files
from tests.support import functions
from tests.support.browser import Page
from tests.support.workspaces import MAX, ZOE

__all__ = ["static_files"]

# An invitation is to a person, and belongs to no workspace before it is accepted: whoever answers one that is not
# theirs is told the same of all.
NOT_THEIRS = {f"/invitations/{{invitation_id}}/{answer}": {HTTPStatus.CONFLICT} for answer in ("accept", "decline")}
MALFORMED = ("x", f"{NEVER_WAS}0", "0", "%00", "..%2f..", "'%20OR%20true")

# As a browser says it that does not know Sec-Fetch-Site, or where no page made the request.
OTHER_SITE = {"sec_fetch_site": "none", "origin": "https://evil.example", "referer": "https://evil.example/fans"}


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def people(stage: Stage, static_files: Path) -> Iterator[People]:
    with pytest.MonkeyPatch.context() as patched:
        app = functions.load("web").app
        patched.setattr(app, "static", Static(static_files))
        stage.parts.accounts = stage.parts.user_pool  # type: ignore[assignment]  # keeps both Protocols
        yield People(app.resolve, stage.parts.user_pool, stage.parts)  # type: ignore[arg-type]  # the stage's own pool


def _content(stage: Stage) -> Mapping[str, str]:
    """All that is kept but when a session was last used."""
    return {table: told for table, told in stage.content().items() if table != "sessions"}


@pytest.fixture(scope="module", autouse=True)
def _nothing_changes(stage: Stage, people: People) -> Iterator[None]:
    """None of all this does anything."""
    assert people
    before = _content(stage)
    yield
    assert _content(stage) == before


@pytest.fixture(autouse=True)
def _nothing_changes_by_this(stage: Stage, pytestconfig: pytest.Config) -> Iterator[None]:
    """With --deep it is known at once what did."""
    before = _content(stage) if pytestconfig.getoption("--deep") else {}
    yield
    assert not before or _content(stage) == before


def _said(page: Page, asked: str) -> tuple[int, str, str]:
    """What a page answers, without the id that was asked for."""
    return page.status, page.headers.get("Location", "").replace(asked, ""), page.text


def test_every_gap_is_known() -> None:
    found = {gap for route in WEB for gap in gaps(route.path)}
    assert found == {*THINGS, *NO_IDS, "text_id"}, "say in tests/access/pages.py what stands there"
    assert {route.path for route in FORMS} == set(FORMS_OF_THE_GATEWAY)
    assert {route.path for route in WEB} == {*PAGES, *FORMS_OF_THE_GATEWAY}


@pytest.mark.parametrize("route", WITH_IDS, ids=_name)
def test_ours_is_found(stage: Stage, people: People, route: Route) -> None:
    """Without this the refusals would prove nothing."""
    owner = people.member(Role.OWNER)
    csrf = people.token(owner)
    with people.taking_everything_back(stage):
        page = send(owner, route, filled(route.path, ZOE), csrf)
    assert page.status < HTTPStatus.INTERNAL_SERVER_ERROR
    assert page.status != HTTPStatus.NOT_FOUND, page.text


@pytest.mark.parametrize("route", WITH_IDS, ids=_name)
def test_what_belongs_to_others_is_like_what_never_was(people: People, route: Route) -> None:
    """Asked by somebody who owns both, and by everybody of ours."""
    for gap in (gap for gap in gaps(route.path) if gap not in NO_IDS):
        theirs = str(MAX.of(thing(route.path, gap)))
        for who in (OWNER_OF_BOTH, *(f"{role} of {ZOE.id}" for role in PEOPLE if role is not Role.OWNER)):
            said, nothing = (_asked(people, who, route, gap, one) for one in (theirs, str(NEVER_WAS)))
            assert said == nothing, (who, gap)
            assert said[0] in (NOT_THEIRS.get(route.path, {HTTPStatus.NOT_FOUND}) | _may_not(who)), (who, gap, said)


@pytest.mark.parametrize("route", WITH_IDS, ids=_name)
def test_what_is_no_id_is_like_what_never_was(people: People, route: Route, pytestconfig: pytest.Config) -> None:
    malformed = MALFORMED if pytestconfig.getoption("--deep") else MALFORMED[:2]
    for gap in (gap for gap in gaps(route.path) if gap not in NO_IDS):
        nothing = _asked(people, OWNER_OF_BOTH, route, gap, str(NEVER_WAS))
        assert {_asked(people, OWNER_OF_BOTH, route, gap, one) for one in malformed} == {nothing}, gap


def _asked(people: People, who: str, route: Route, gap: str, wanted: str) -> tuple[int, str, str]:
    browser = people.named(who)
    return _said(send(browser, route, filled(route.path, ZOE, **{gap: wanted}), people.token(browser)), wanted)


def _may_not(who: str) -> set[HTTPStatus]:
    return set() if who == OWNER_OF_BOTH else {HTTPStatus.FORBIDDEN}


@pytest.mark.parametrize("route", FORMS, ids=_name)
def test_a_form_needs_the_token_of_its_own_session(people: People, route: Route) -> None:
    owner, outside = people.member(Role.OWNER), people.named("nobody", session="")
    good = people.token(owner)
    for name, csrf in {
        "none": "",
        "made up": "x" * 86,
        "changed": good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB"),
        "of another session": people.token(people.once_more(Role.OWNER)),
        "of somebody else": people.token(people.member(Role.MANAGER)),
        "from before signing in": people.token(outside),
        "the session itself": owner.cookies[cookies.SESSION],
    }.items():
        page = send(owner, route, filled(route.path, ZOE), csrf, **OTHER_SITE)
        assert (page.status, page.cookies) == (HTTPStatus.FORBIDDEN, ()), name


@pytest.mark.parametrize("route", FORMS, ids=_name)
def test_a_form_is_sent_by_a_page_of_ours(people: People, route: Route) -> None:
    """Even with the right token: what browsers tell of where a request was made counts too."""
    owner = people.member(Role.OWNER)
    for site in ("cross-site", "same-site", ""):
        told = OTHER_SITE | {"sec_fetch_site": site}
        page = send(owner, route, filled(route.path, ZOE), people.token(owner), **told)
        assert (page.status, page.cookies) == (HTTPStatus.FORBIDDEN, ()), site


@pytest.mark.parametrize("route", FORMS, ids=_name)
def test_without_our_cookies_nothing_is_done(people: People, route: Route) -> None:
    """They are for our own pages alone, so another site's form comes without them."""
    page = send(people.outside(), route, filled(route.path, ZOE), people.token(people.member(Role.OWNER)), **OTHER_SITE)
    assert page.status in {HTTPStatus.FORBIDDEN, HTTPStatus.SEE_OTHER}
    assert page.headers.get("Location", "/sign-in?next=").startswith("/sign-in?next=")
