"""What holds for every page: who may come in, where forms come from, what headers go out, how errors look."""

import json

import pytest

from huntaze.errors import Unavailable
from huntaze.members.model import Principal, Role
from huntaze.web.all_routes import ROUTES
from huntaze.web.site import Route
from tests.integration.pages.conftest import Place
from tests.support.browser import Browser, Page

SECRET = "zoe.private@example.com"
NEVER = "01900000-0000-7000-8000-00000000ffff"
PAGES = [route for route in ROUTES if route.method == "GET"]
FORMS = [route for route in ROUTES if route.method == "POST"]
BRINGS_FILES, BUCKET = "/platforms/connect/onlyfans/imports", "https://files.example"
GUARDED = [route for route in ROUTES if not route.open_to_all]


def _path(route: Route) -> str:
    return route.path.replace("{fan_id}", NEVER).replace("{note_id}", NEVER).replace("{export_id}", NEVER)


def _send(browser: Browser, route: Route, fields: list[tuple[str, str]] | None = None, **headers: str) -> Page:
    if route.method == "GET":
        return browser.get(_path(route), follow=False, **headers)
    return browser.post(_path(route), fields or [], follow=False, **headers)


def _token(browser: Browser) -> str:
    assert browser.last is not None
    return browser.last.read.forms[0].value("csrf")


def test_without_a_session_every_guarded_route_leads_to_the_sign_in(place: Place) -> None:
    for route in GUARDED:
        page = _send(place.browser(), route)
        assert page.status == 303, route
        assert page.headers["Location"].startswith("/sign-in?next="), route


def test_htmx_is_sent_to_the_sign_in_as_a_whole_page(place: Place) -> None:
    htmx = {"hx_request_type": "partial", "hx_target": "section#fans", "referer": "https://pages.example/fans?tag=vip"}
    for route in GUARDED:
        page = _send(place.browser(), route, **htmx)
        assert page.status == 204, route
        assert page.headers["HX-Redirect"] == "/sign-in?next=%2Ffans%3Ftag%3Dvip", route


@pytest.mark.usefixtures("ana")
def test_every_form_needs_its_token(place: Place) -> None:
    browser = place.signed_in()
    good = _token(browser)
    for route in FORMS:
        for fields in ([], [("csrf", "")], [("csrf", "x")], [("csrf", good[:-4] + "AAAA")], [("csrf", good[::-1])]):
            page = _send(browser, route, fields)
            assert page.status == 403, route
            assert "This form is out of date" in page.text, route
    assert place.run("SELECT count(*) FROM sessions") == [(1,)]


@pytest.mark.usefixtures("ana")
def test_every_form_must_be_sent_by_a_page_of_ours(place: Place) -> None:
    browser = place.signed_in()
    for route in FORMS:
        for origin in ("cross-site", "same-site", "anything"):
            page = _send(browser, route, [("csrf", _token(browser))], sec_fetch_site=origin)
            assert page.status == 403, route


@pytest.mark.usefixtures("ana")
def test_the_token_of_one_session_is_not_good_for_another(place: Place) -> None:
    mine, other = place.signed_in(), place.signed_in()
    page = mine.post("/language", [("csrf", _token(other)), ("locale", "fr")], follow=False)
    assert page.status == 403


def test_the_token_of_a_form_before_signing_in_hangs_on_its_own_cookie(place: Place) -> None:
    one, other = place.browser(), place.browser()
    one.get("/sign-in")
    other.get("/sign-in")
    page = one.post("/language", [("csrf", _token(other)), ("locale", "fr")], follow=False)
    assert page.status == 403
    one.cookies.clear()
    assert one.post("/language", [("csrf", _token(one)), ("locale", "fr")], follow=False).status == 403


@pytest.mark.usefixtures("ana")
def test_tokens_differ_from_page_to_page_so_that_compression_tells_nothing(place: Place) -> None:
    browser = place.signed_in()
    tokens = {browser.get("/fans").read.forms[0].value("csrf") for _ in range(5)}
    assert len(tokens) == 5


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("body", ["{}", "--x\r\nContent-Disposition: form-data"])
def test_only_forms_are_taken(place: Place, body: str) -> None:
    page = place.signed_in().post("/workspace", [("a", body)], follow=False, **{"content-type": "application/json"})
    assert page.status == 400


HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}


@pytest.mark.usefixtures("ana")
def test_every_answer_carries_the_headers(place: Place) -> None:
    for browser in (place.signed_in(), place.browser()):
        for route in ROUTES:
            headers = _send(browser, route).headers
            usual = {name: headers.get(name) for name in HEADERS}
            if route.path == BRINGS_FILES:
                usual["Content-Security-Policy"] = headers["Content-Security-Policy"].replace(f" {BUCKET}", "")
            assert usual == HEADERS, route


def test_the_local_stage_insists_on_no_encryption(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "local")
    place.parts.__dict__.pop("settings", None)
    assert "Strict-Transport-Security" not in place.browser().get("/sign-in").headers


def test_no_page_has_anything_inline_or_from_elsewhere(place: Place, ana: Principal) -> None:
    browser, fan = place.signed_in(), place.fan(ana)
    pages = [browser.get(_path(route).replace(NEVER, str(fan.id))) for route in PAGES]
    html = [page for page in pages if page.headers["Content-Type"].startswith("text/html")]
    for tag, given in (found for page in html for found in page.read.tags):
        assert not [name for name in given if name == "style" or name.startswith("on")], (tag, given)
        assert tag not in {"style", "iframe", "object", "base"}
        for name in ("src", "href", "action"):
            assert given.get(name, "/").startswith(("/", "#")), (tag, given)


@pytest.mark.usefixtures("ana")
def test_what_is_not_there_is_a_page_that_says_so(place: Place) -> None:
    inside = place.signed_in().get("/nothing/at/all")
    assert (inside.status, "Nothing here" in inside.text, "Luna Vale" in inside.text) == (404, True, True)
    outside = place.browser().get("/nothing")
    assert (outside.status, "Nothing here" in outside.text) == (404, True)


def test_an_address_that_looks_like_another_site_is_linked_nowhere(place: Place, ana: Principal) -> None:
    page = place.signed_in().get("//evil.example/fans")
    assert page.status == 404
    assert "evil.example" not in page.html
    assert ana


def test_below_the_api_it_is_a_problem(place: Place) -> None:
    page = place.browser().get("/api/crm/nothing")
    assert page.status == 404
    assert page.headers["Content-Type"] == "application/problem+json"
    assert json.loads(page.content)["code"] == "not_found"


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("path", ["/fans/{id}", "/fans/{id}/edit", "/fans/exports/{id}"])
def test_an_id_of_others_looks_like_one_that_never_was(place: Place, path: str) -> None:
    theirs = place.fan(place.member(place.workspace("Theirs"), email="max@example.com"))
    browser = place.signed_in()
    pages = [browser.get(path.replace("{id}", wanted)) for wanted in (str(theirs.id), NEVER, "nonsense")]
    assert [page.status for page in pages] == [404, 404, 404]
    assert len({page.text for page in pages}) == 1


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (Role.OWNER, {"/fans": 200, "/fans/new": 200, "/fans/export.csv": 200}),
        (Role.MANAGER, {"/fans": 200, "/fans/new": 200, "/fans/export.csv": 200}),
        (Role.CHATTER, {"/fans": 200, "/fans/new": 403, "/fans/export.csv": 403}),
        (Role.ANALYST, {"/fans": 403, "/fans/new": 403, "/fans/export.csv": 200}),
    ],
)
def test_each_role_sees_what_it_may(place: Place, role: Role, pages: dict[str, int]) -> None:
    place.member(place.workspace(), role)
    browser = place.signed_in()
    assert {path: browser.get(path).status for path in pages} == pages


def test_a_refusal_names_the_role_as_the_reason(place: Place) -> None:
    place.member(place.workspace(), Role.CHATTER)
    page = place.signed_in().get("/fans/new")
    assert "Not part of your role" in page.text
    assert "Luna Vale" in page.text, "the way on stays in sight"


@pytest.mark.usefixtures("ana")
def test_while_the_database_is_away_a_page_says_so_and_when_to_try_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = place.signed_in()

    def away(*_: object) -> None:
        raise Unavailable("The database cannot answer right now.", retry_after=5)

    monkeypatch.setattr(place.parts.postgres, "look_up", away)
    for part in ("sessions", "session_store"):
        place.parts.__dict__.pop(part, None)
    page = browser.get("/fans")
    assert (page.status, page.headers["Retry-After"]) == (503, "5")
    assert "Your data cannot be reached right now" in page.text
    assert "__Host-session" in browser.cookies, "nobody is signed out by that"
    assert place.browser().get("/sign-in").status == 200


@pytest.mark.usefixtures("ana")
def test_what_nobody_foresaw_is_a_page_with_a_reference_and_no_detail(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(place.parts.fans, "page", broken)
    browser = place.signed_in()
    page = browser.get("/fans")
    assert page.status == 500
    assert "test-request" in page.text
    assert SECRET not in page.html + capsys.readouterr().out


@pytest.mark.usefixtures("ana")
def test_an_error_of_a_part_is_told_with_its_status(place: Place) -> None:
    part = place.signed_in().part(f"/fans/{NEVER}", "fan-notes")
    assert (part.status, "Nothing here" in part.text, "<html" in part.html) == (404, True, False)


@pytest.mark.usefixtures("ana")
def test_a_head_request_has_the_headers_and_no_body(place: Place) -> None:
    browser = place.signed_in()
    page = browser.head("/fans")
    assert (page.status, page.content) == (200, b"")
    assert browser.head("/nothing").status == 404


def test_static_files_stay_for_ever_under_their_hashed_names(place: Place) -> None:
    browser = place.browser()
    page = browser.get("/sign-in")
    sources = {
        given[name]
        for tag, given in page.read.tags
        for name in ("src", "href")
        if given.get(name, "").startswith("/static/")
    }
    assert {path.rpartition(".")[2].partition("#")[0] for path in sources} == {"css", "js", "svg"}
    for path in sources:
        file = browser.get(path.partition("#")[0])
        assert file.status == 200
        assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert file.headers["Content-Encoding"] == "gzip"
        assert file.content


@pytest.mark.parametrize(
    "path", ["/static/x/nothing.css", "/static/x/..%2fhandler.py", "/static/x/names.json", "/static/"]
)
def test_nothing_else_is_served_as_a_file(place: Place, path: str) -> None:
    assert place.browser().get(path).status == 404


def test_one_request_leaves_one_line_with_ids_and_without_its_content(
    place: Place, ana: Principal, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = place.signed_in()
    capsys.readouterr()
    browser.get("/fans?q=zoe.private")
    logged = capsys.readouterr().out
    (line,) = map(json.loads, logged.splitlines())
    assert line["status"] == 200
    assert (line["workspaceId"], line["userId"]) == (str(ana.workspace_id), str(ana.member_id))
    assert "zoe.private" not in logged
    assert browser.cookies["__Host-session"] not in logged
