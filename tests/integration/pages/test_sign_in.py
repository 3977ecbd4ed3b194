"""Coming in: the password, the invitation's password, the forgotten one; and being kept out without learning why."""

from datetime import timedelta

import pytest

from huntaze.members.model import Principal
from huntaze.sessions.model import Refusal, hash_of
from tests.integration.pages.conftest import PASSWORD, Place
from tests.support.browser import Browser, Page
from tests.support.people_of_pages import RIGHT_CODE, Account

ANA = "ana@example.com"
OWN = "Own-pass-word-22"


def _sign_in(browser: Browser, email: str = ANA, password: str = PASSWORD, **more: str) -> Page:
    browser.get("/sign-in")
    return browser.submit("/sign-in", email=email, password=password, **more)


@pytest.mark.usefixtures("ana")
def test_whoever_signs_in_comes_to_the_page_they_wanted(place: Place) -> None:
    browser = place.browser()
    asked = browser.get("/fans?platform=fansly")
    assert asked.path == "/sign-in?next=%2Ffans%3Fplatform%3Dfansly"
    page = browser.submit("/sign-in", email=f" {ANA.upper()} ", password=PASSWORD)
    assert (page.status, page.path) == (200, "/fans?platform=fansly")


@pytest.mark.usefixtures("ana")
def test_nobody_is_led_to_another_site(place: Place) -> None:
    for wanted in ("//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"):
        assert _sign_in(place.browser(), next=wanted).path == "/"


@pytest.mark.usefixtures("ana")
def test_the_cookie_is_the_browsers_own_and_the_table_holds_no_token(place: Place) -> None:
    browser = place.browser()
    browser.get("/sign-in")
    page = browser.submit("/sign-in", email=ANA, password=PASSWORD, follow=False)
    [cookie] = [cookie for cookie in page.cookies if cookie.startswith("__Host-session=")]
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    token = browser.cookies["__Host-session"]
    assert len(token) >= 43
    [(kept,)] = place.run("SELECT token_hash FROM sessions")
    assert bytes(kept) == hash_of(token)


@pytest.mark.usefixtures("ana")
def test_a_token_that_was_planted_before_is_worthless_after(place: Place) -> None:
    browser = place.signed_in()
    before = browser.cookies["__Host-session"]
    page = browser.post(
        "/sign-in", [("csrf", browser.last.form("/sign-out").value("csrf")), ("email", ANA), ("password", PASSWORD)]
    )
    assert page.path == "/"
    assert browser.cookies["__Host-session"] != before
    thief = place.browser()
    thief.cookies["__Host-session"] = before
    assert thief.get("/fans").path.startswith("/sign-in")
    planted = place.browser()
    planted.cookies["__Host-session"] = "chosen-by-somebody-else"
    planted.get("/sign-in")
    planted.submit("/sign-in", email=ANA, password=PASSWORD)
    assert planted.cookies["__Host-session"] != "chosen-by-somebody-else"


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("email", [ANA, "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_account_are_told_alike(place: Place, email: str) -> None:
    page = _sign_in(place.browser(), email, "wrong")
    assert page.status == 400
    assert "Email and password do not go together." in page.text
    assert page.form("/sign-in").value("email") == email
    assert page.form("/sign-in").value("password") == ""


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(
    ("reason", "status", "words"),
    [
        (Refusal.TOO_MANY, 429, "Too many attempts."),
        (Refusal.SECOND_FACTOR, 400, "authenticator app"),
        (Refusal.WRONG, 400, "do not go together"),
    ],
)
def test_every_refusal_has_its_words(place: Place, reason: Refusal, status: int, words: str) -> None:
    place.pool.refusing = reason
    page = _sign_in(place.browser())
    assert page.status == status
    assert words in page.text


def test_missing_and_malformed_fields_are_named(place: Place) -> None:
    page = _sign_in(place.browser(), "ana", "")
    assert page.status == 400
    assert "This is not an email address." in page.text
    assert "This is needed." in page.text
    assert page.form("/sign-in").value("email") == "ana"


@pytest.mark.usefixtures("ana")
def test_one_account_is_not_tried_for_ever_from_any_number_of_addresses(place: Place) -> None:
    answers = [_sign_in(place.browser(address=f"203.0.113.{number}"), password="wrong").status for number in range(11)]
    assert answers == [400] * 10 + [429]


def test_one_address_does_not_walk_through_accounts(place: Place) -> None:
    browser = place.browser()
    answers = [_sign_in(browser, f"{number}@example.com", "wrong").status for number in range(51)]
    assert answers == [400] * 50 + [429]


@pytest.mark.usefixtures("ana")
def test_who_was_invited_chooses_a_password_first(place: Place) -> None:
    place.pool.accounts[ANA].invited = True
    browser = place.browser()
    browser.get("/fans?q=zoe")
    page = browser.submit("/sign-in", email=ANA, password=PASSWORD)
    assert page.path == "/first-password"
    assert "__Host-session" not in browser.cookies
    page = browser.submit("/first-password", new_password="short")
    assert page.status == 400
    assert "Too short or too simple." in page.text
    page = browser.submit("/first-password", new_password="onlylettersandweak")
    assert page.status == 400
    page = browser.submit("/first-password", new_password=OWN)
    assert page.path == "/fans?q=zoe"
    assert "__Host-challenge" not in browser.cookies
    assert place.pool.accounts[ANA].password == OWN


@pytest.mark.usefixtures("ana")
def test_the_first_password_needs_the_invitations(place: Place) -> None:
    browser = place.browser()
    assert browser.get("/first-password").path == "/sign-in"
    browser.cookies["__Host-challenge"] = "WyJmaXJzdCJd.forged"
    assert browser.get("/first-password").path == "/sign-in"


@pytest.mark.usefixtures("ana")
def test_a_ticket_that_has_ended_leads_back_to_the_beginning(place: Place) -> None:
    place.pool.accounts[ANA].invited = True
    browser = place.browser()
    _sign_in(browser)
    place.pool.accounts[ANA].invited = False
    page = browser.submit("/first-password", new_password=OWN)
    assert "That took too long." in page.text
    assert page.form("/sign-in").value("email") == ANA


def test_a_forgotten_password_is_replaced_and_ends_every_session(place: Place, ana: Principal) -> None:
    elsewhere = place.signed_in()
    browser = place.browser()
    browser.get("/forgotten-password")
    page = browser.submit("/forgotten-password", email=ANA)
    assert page.path == "/forgotten-password/code"
    assert place.pool.codes_sent == [ANA]
    page = browser.submit("/forgotten-password/code", code="000000", new_password=OWN)
    assert (page.status, "This code is not right." in page.text) == (400, True)
    page = browser.submit("/forgotten-password/code", code=f" {RIGHT_CODE} ", new_password=OWN)
    assert page.path == "/sign-in?done=password_set"
    assert "Your new password is set." in page.text
    assert elsewhere.get("/fans").path.startswith("/sign-in")
    assert place.pool.ended == [ana.subject]
    assert browser.submit("/sign-in", email=ANA, password=OWN).path == "/"


@pytest.mark.usefixtures("ana")
def test_nobody_learns_from_a_forgotten_password_whether_there_is_an_account(place: Place) -> None:
    pages = []
    for email in (ANA, "nob@example.com"):
        browser = place.browser()
        browser.get("/forgotten-password")
        sent = browser.submit("/forgotten-password", email=email)
        tried = browser.submit("/forgotten-password/code", code="111111", new_password=OWN)
        pages.append([(page.status, page.text.replace(email, "…")) for page in (sent, tried)])
    assert pages[0] == pages[1]


@pytest.mark.usefixtures("ana")
def test_codes_are_not_sent_for_ever(place: Place) -> None:
    browser = place.browser()
    answers = []
    for _ in range(4):
        browser.get("/forgotten-password")
        answers.append(browser.submit("/forgotten-password", email=ANA).status)
    assert answers == [200, 200, 200, 429]
    assert len(place.pool.codes_sent) == 3


def test_a_code_is_asked_for_only_after_it_was_sent(place: Place) -> None:
    assert place.browser().get("/forgotten-password/code").path == "/forgotten-password"


@pytest.mark.usefixtures("ana")
def test_a_session_ends_twelve_hours_after_its_last_use(place: Place) -> None:
    browser = place.signed_in()
    for _ in range(3):
        place.advance(timedelta(hours=11))
        assert browser.get("/fans").path == "/fans"
    place.advance(timedelta(hours=12, seconds=1))
    page = browser.get("/fans?q=a")
    assert page.path == "/sign-in?next=%2Ffans%3Fq%3Da"
    assert "You were signed out because your session ended." in page.text
    assert "__Host-session" not in browser.cookies


@pytest.mark.usefixtures("ana")
def test_a_session_ends_after_thirty_days_however_it_was_used(place: Place) -> None:
    browser = place.signed_in()
    for _ in range(90):
        place.advance(timedelta(hours=8))
        page = browser.get("/fans", follow=False)
    assert page.status == 303


@pytest.mark.usefixtures("ana")
def test_who_is_signed_in_needs_no_form(place: Place) -> None:
    browser = place.signed_in()
    assert browser.get("/sign-in?next=/fans/new").path == "/fans/new"
    assert browser.get("/").status == 200


def test_somebody_without_a_workspace_is_told_so_and_can_leave(place: Place) -> None:
    place.pool.accounts["lost@example.com"] = Account("lost", PASSWORD)
    browser = place.signed_in("lost@example.com")
    page = browser.get("/fans")
    assert (page.status, "No workspace yet" in page.text) == (403, True)
    assert "lost@example.com" in page.text
    assert browser.submit("/sign-out").path == "/sign-in"
    assert "__Host-session" not in browser.cookies
