"""The second factor from the switch to the next sign-in; another password; every other device."""

import pytest

from huntaze.sessions.model import Refusal
from tests.integration.pages.conftest import PASSWORD, Place
from tests.support.browser import Browser, Page
from tests.support.people_of_pages import RIGHT_CODE, SECRET

ANA = "ana@example.com"
SECURITY, FACTOR = "/settings/security", "/settings/security/second-factor"
OWN = "Own-pass-word-22"

pytestmark = pytest.mark.usefixtures("ana")


def _begin(browser: Browser, password: str = PASSWORD) -> Page:
    browser.get(SECURITY)
    return browser.submit(FACTOR, password=password)


def _on(place: Place) -> Browser:
    browser = place.signed_in()
    _begin(browser)
    browser.submit(f"{FACTOR}/code", code=RIGHT_CODE)
    return browser


def _sign_in(place: Place) -> Browser:
    browser = place.browser()
    browser.get("/sign-in?next=/settings/security")
    assert browser.submit("/sign-in", email=ANA, password=PASSWORD).path == "/sign-in/code"
    return browser


def test_the_second_factor_is_switched_on_by_a_code(place: Place) -> None:
    browser = place.signed_in()
    page = _begin(browser)
    assert page.path == FACTOR
    assert " ".join(SECRET[at : at + 4] for at in range(0, 32, 4)) in page.text
    assert f"otpauth://totp/Huntaze%3Aana@example.com?secret={SECRET}&amp;issuer=Huntaze" in page.html
    assert "<svg" in page.html.partition("<figure")[2]
    assert "style=" not in page.html.partition("<figure")[2].partition("</figure")[0]
    page = browser.submit(f"{FACTOR}/code", code="000000")
    assert (page.status, "This code is not right" in page.text) == (400, True)
    page = browser.submit(f"{FACTOR}/code", code=" 123 456 ")
    assert (page.path, "The second factor is on." in page.text) == (SECURITY, True)
    assert "__Host-challenge" not in browser.cookies
    assert place.pool.accounts[ANA].second_factor


def test_a_wrong_password_shows_no_secret(place: Place) -> None:
    for password, said in (("wrong", "This is not your password."), ("", "This is needed.")):
        page = _begin(place.signed_in(), password)
        assert (page.status, said in page.text, SECRET in page.html) == (400, True, False)


def test_without_the_password_there_is_nothing_to_confirm(place: Place) -> None:
    browser = place.signed_in()
    assert browser.get(FACTOR).path == SECURITY
    csrf = [("csrf", browser.get(SECURITY).form("/sign-out").value("csrf"))]
    page = browser.post(f"{FACTOR}/code", [*csrf, ("code", RIGHT_CODE)])
    assert "That took too long." in page.text
    assert not place.pool.accounts[ANA].second_factor


def test_from_then_on_signing_in_takes_a_code(place: Place) -> None:
    _on(place)
    browser = _sign_in(place)
    assert "__Host-session" not in browser.cookies
    page = browser.submit("/sign-in/code", code="000000")
    assert (page.status, "This code is not right" in page.text) == (400, True)
    page = browser.submit("/sign-in/code", code=RIGHT_CODE)
    assert (page.status, page.path) == (200, SECURITY)


def test_codes_are_not_guessed_for_ever(place: Place) -> None:
    _on(place)
    browser = _sign_in(place)
    answers = [browser.submit("/sign-in/code", code=f"{number:06}").status for number in range(9)]
    assert answers == [400] * 9
    page = browser.submit("/sign-in/code", code=RIGHT_CODE)
    assert (page.status, "Too many attempts." in page.text) == (429, True)


def test_a_code_is_asked_for_only_after_a_right_password(place: Place) -> None:
    browser = place.browser()
    assert browser.get("/sign-in/code").path == "/sign-in"
    token = browser.last.form("/sign-in").value("csrf") if browser.last else ""
    assert browser.post("/sign-in/code", [("csrf", token), ("code", RIGHT_CODE)]).path == "/sign-in"


def test_the_ticket_of_another_browser_is_worthless(place: Place) -> None:
    _on(place)
    mine, theirs = _sign_in(place), place.browser()
    theirs.get("/sign-in")
    theirs.cookies["__Host-challenge"] = mine.cookies["__Host-challenge"]
    assert theirs.get("/sign-in/code").path == "/sign-in"


def test_a_ticket_that_has_ended_leads_back_to_the_password(place: Place) -> None:
    _on(place)
    browser = _sign_in(place)
    place.pool.refusing = Refusal.TICKET_ENDED
    page = browser.submit("/sign-in/code", code=RIGHT_CODE)
    assert (page.status, page.form("/sign-in").value("email")) == (400, ANA)


def test_it_is_switched_off_by_password_and_code(place: Place) -> None:
    browser = _on(place)
    for typed in (
        {"password": "wrong", "code": RIGHT_CODE},
        {"password": PASSWORD, "code": "1"},
        {"password": PASSWORD},
    ):
        browser.get(SECURITY)
        assert browser.submit(f"{FACTOR}/off", **{"code": "", **typed}).status == 400
    assert place.pool.accounts[ANA].second_factor
    page = browser.submit(f"{FACTOR}/off", password=PASSWORD, code=RIGHT_CODE)
    assert "The second factor is off." in page.text
    assert not place.pool.accounts[ANA].second_factor


def test_another_password_ends_every_other_session(place: Place) -> None:
    browser, elsewhere = place.signed_in(), place.signed_in()
    browser.get(SECURITY)
    page = browser.submit(f"{SECURITY}/password", old="wrong", new_password=OWN)
    assert (page.status, "This is not your password." in page.text) == (400, True)
    page = browser.submit(f"{SECURITY}/password", old=PASSWORD, new_password="short")
    assert (page.status, place.pool.accounts[ANA].password) == (400, PASSWORD)
    page = browser.submit(f"{SECURITY}/password", old=PASSWORD, new_password=OWN)
    assert "Your password is changed" in page.text
    assert place.pool.accounts[ANA].password == OWN
    assert browser.get("/fans").path == "/fans"
    assert elsewhere.get("/fans").path.startswith("/sign-in")


def test_a_forgotten_password_ends_all_sessions_also_with_a_second_factor(place: Place) -> None:
    browser = _on(place)
    other = place.browser()
    other.get("/forgotten-password")
    other.submit("/forgotten-password", email=ANA)
    other.submit("/forgotten-password/code", code=RIGHT_CODE, new_password=OWN)
    assert browser.get("/fans").path.startswith("/sign-in")
