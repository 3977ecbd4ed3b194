"""axe finds nothing on any page of the deployed stack, at a desk by day and on a phone by night."""

from tests.e2e.pages.conftest import OpenPage, each_look
from tests.support.page_watch import violations


@each_look
def test_the_pages_of_fans(signed_in: OpenPage, scheme: str, size: str) -> None:
    page = signed_in(size=size, scheme=scheme)
    fan = page.locator("tbody a").first.get_attribute("href") or ""
    for address in ("/fans", "/fans?q=nobody-is-called-this", "/fans/new", fan, f"{fan}/edit", "/fans/nowhere"):
        page.goto(address)
        assert violations(page) == [], address


@each_look
def test_the_settings_of_what_people_have_on_their_desk(signed_in: OpenPage, scheme: str, size: str) -> None:
    page = signed_in(size=size, scheme=scheme)
    for kind in ("quick-replies", "templates"):
        for address in ("", "?q=nothing-says-this", "/new"):
            page.goto(f"/settings/{kind}{address}")
            assert violations(page) == [], (kind, address)
        page.goto(f"/settings/{kind}")
        page.goto(page.locator(".lines a").first.get_attribute("href") or "")
        page.locator("textarea").first.fill("Hi {handle}")
        page.locator("#text-preview .problem").wait_for()
        assert violations(page) == [], kind
    for address in ("/settings/profile", "/settings/ai"):
        page.goto(address)
        assert violations(page) == [], address


@each_look
def test_the_pages_before_signing_in(open_page: OpenPage, scheme: str, size: str) -> None:
    page = open_page(size=size, scheme=scheme)
    for address in ("/sign-in", "/forgotten-password"):
        page.goto(address)
        assert violations(page) == [], address


@each_look
def test_the_pages_about_people(signed_in: OpenPage, scheme: str, size: str) -> None:
    page = signed_in(size=size, scheme=scheme)
    for address in ("/settings/team", "/settings/security", "/platforms/connect/onlyfans/imports"):
        page.goto(address)
        assert violations(page) == [], address


@each_look
def test_home_and_who_said_what(signed_in: OpenPage, scheme: str, size: str) -> None:
    page = signed_in(size=size, scheme=scheme)
    for address in (
        "/",
        "/messages/onlyfans/sent",
        "/messages/onlyfans/sent?state=trouble",
        "/messages/onlyfans/drafts",
    ):
        page.goto(address)
        page.locator("#pace span").wait_for()
        assert violations(page) == [], address


@each_look
def test_the_page_of_operations(signed_in: OpenPage, scheme: str, size: str) -> None:
    page = signed_in(size=size, scheme=scheme)
    page.goto("/operations")
    page.locator("#operations").wait_for()
    assert violations(page) == []
