"""Connecting an account on its page, and looking after it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from huntaze.connections.model import Outlook
from huntaze.connections.notice import notice
from huntaze.errors import Unavailable
from huntaze.limits.service import OwnCounter
from huntaze.members.model import Principal, Role
from huntaze.platforms.model import AccessRefused, Away, Limits
from huntaze.sessions.service import CountedAttempts
from tests.integration.pages.conftest import Place
from tests.support.browser import Browser, Page
from tests.support.fake_connections import ZOE_S, FakeBridge, FakeKeys, FakePacing

HERE = "/platforms/connect/onlyfans"
AGREED = notice().version
TYPED = {"bridge_url": "https://bridge.example.com/zoe", "token": "the-token", "consent": AGREED}


@pytest.fixture
def pacing() -> FakePacing:
    return FakePacing()


@pytest.fixture
def bridge(place: Place, pacing: FakePacing, monkeypatch: pytest.MonkeyPatch) -> FakeBridge:
    monkeypatch.setenv("PUBLIC_URL", "https://api.example.com")
    found = FakeBridge()
    place.parts.platform = lambda _: found  # type: ignore[method-assign,assignment,return-value]
    place.parts.keys = FakeKeys()  # type: ignore[assignment]  # keeps the same Protocol
    place.parts.pacing = pacing
    place.parts.attempts = CountedAttempts(None, OwnCounter())
    return found


pytestmark = pytest.mark.usefixtures("ana", "bridge")


def _connect(browser: Browser, **changes: str) -> Page:
    browser.get(HERE)
    typed = TYPED | changes
    return browser.submit(HERE, **{name: word for name, word in typed.items() if word or name != "consent"})


def _own(page: Page, act: str) -> str:
    """The address of a form that stands on the page."""
    [action] = [form.action for form in page.forms if form.action.endswith(f"/{act}")]
    return action


def test_the_address_that_creators_know_leads_there(place: Place) -> None:
    page = place.signed_in().get("/of-connect")
    assert (page.status, page.path) == (200, HERE)
    assert "What connecting means" in page.text
    for paragraph in notice().text["en"]:
        assert paragraph in page.text


def test_in_french_it_speaks_french(place: Place) -> None:
    page = place.signed_in(language="fr").get(HERE)
    assert notice().text["fr"][0] in page.text
    assert "Adresse de la passerelle" in page.text


def test_an_account_is_connected_and_shows_how_it_is(place: Place, bridge: FakeBridge, pacing: FakePacing) -> None:
    pacing.known = Outlook(7, place.clock.now() + timedelta(minutes=1))
    page = _connect(place.signed_in())
    assert (page.status, page.path) == (200, HERE)
    assert "zoe is connected." in page.text
    for words in ("connected", "10 messages in any 60 seconds", "7 of 10", "next message", "Ana", f"Notice {AGREED}"):
        assert words in page.text
    assert "the-token" not in page.html
    assert len(bridge.told) == 1


def test_without_consent_nothing_is_connected(place: Place, bridge: FakeBridge) -> None:
    page = _connect(place.signed_in(), consent="")
    assert (page.status, "Nothing is connected without your consent" in page.text) == (400, True)
    assert page.form(HERE).value("bridge_url") == TYPED["bridge_url"], "what was typed is kept"
    assert "the-token" not in page.html, "but a token"
    assert bridge.asked == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"bridge_url": ""}, "This is needed."),
        ({"token": ""}, "This is needed."),
        ({"token": "two words"}, "A token has no spaces"),
        ({"bridge_url": "http://10.0.0.1"}, "This cannot be a bridge."),
    ],
)
def test_every_wrong_field_says_what_is_wrong(place: Place, typed: dict[str, str], said: str) -> None:
    page = _connect(place.signed_in(), **typed)
    assert (page.status, said in page.text) == (400, True)


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"away": Unavailable("No.", retry_after=5)}, 503, "Your bridge did not answer. Nothing was kept."),
        ({"away": AccessRefused(Away.LOGIN_EXPIRED, "No.", retry_after=5)}, 400, "does not take this token"),
        ({"away": AccessRefused(Away.FORBIDDEN, "No.", retry_after=5)}, 503, "does not let Huntaze use this account"),
        ({"facts": replace(ZOE_S, signed_in=False)}, 409, "it is not signed in to the platform"),
        ({"facts": replace(ZOE_S, platform="fansly")}, 409, "an account on another platform"),
    ],
)
def test_what_the_bridge_says_is_told_in_a_creators_words(
    place: Place, bridge: FakeBridge, changes: dict[str, object], status: int, said: str
) -> None:
    for name, value in changes.items():
        setattr(bridge, name, value)
    page = _connect(place.signed_in())
    assert (page.status, said in page.text) == (status, True)
    assert page.form(HERE).value("bridge_url") == TYPED["bridge_url"]
    assert place.run("SELECT 1 FROM platform_connections") == []


def test_a_form_that_was_sent_twice_connects_once(place: Place) -> None:
    browser = place.signed_in()
    browser.get(HERE)
    form = browser.last.form(HERE) if browser.last else None
    assert form is not None
    _connect(browser)
    page = browser.post(HERE, [("csrf", form.value("csrf")), *TYPED.items()])
    assert (page.status, "connected" in page.text) == (200, True)
    assert len(place.run("SELECT 1 FROM platform_connections")) == 1


def test_an_account_that_is_in_use_elsewhere_is_told_without_saying_where(place: Place) -> None:
    other = place.member(place.workspace("Other House"), email="tom@example.com")
    _connect(place.signed_in("tom@example.com"))
    page = _connect(place.signed_in())
    assert (page.status, "This account is in use already." in page.text) == (409, True)
    assert "Other House" not in page.html
    assert str(other.workspace_id) not in page.html


def test_a_pause_says_why_and_is_ended_from_its_banner(place: Place) -> None:
    browser = place.signed_in()
    page = _connect(browser)
    empty = browser.submit(_own(page, "pause"), reason=" ")
    assert (empty.status, "This is needed." in empty.text) == (400, True)
    page = browser.submit(_own(empty, "pause"), reason="On holiday until Monday")
    assert "Paused." in page.text
    assert "“On holiday until Monday”" in page.text
    page = browser.submit(_own(page, "resume"))
    assert "Sending goes on." in page.text
    assert "On holiday" not in page.text


def test_the_pace_is_changed_within_what_may_be(place: Place, bridge: FakeBridge) -> None:
    bridge.facts = replace(ZOE_S, limits=Limits(8, 60))
    browser = place.signed_in()
    page = _connect(browser)
    page = browser.submit(_own(page, "pace"), messages="nine", seconds="60", gap_seconds="0")
    assert (page.status, "Write a whole number from 1 to 1,000." in page.text) == (400, True)
    page = browser.submit(_own(page, "pace"), messages="9", seconds="60", gap_seconds="0")
    assert (page.status, "at most 8 messages in any 60 seconds" in page.text) == (400, True)
    page = browser.submit(_own(page, "pace"), messages="6", seconds="60", gap_seconds="5")
    assert "The pace is changed." in page.text
    assert "6 messages in any 60 seconds with at least 5 seconds between two" in page.text


def test_a_login_that_ended_is_told_tested_and_renewed(place: Place, bridge: FakeBridge) -> None:
    browser = place.signed_in()
    page = _connect(browser)
    page = browser.submit(_own(page, "test"))
    assert "All is well: the bridge answered in" in page.text
    bridge.facts = replace(ZOE_S, signed_in=False)
    page = browser.submit(_own(page, "test"))
    assert "Signed out." in page.text
    assert "Sign in at your bridge, then renew the login here." in page.text
    page = browser.submit(_own(page, "login"), new_token="", new_bridge_url="")
    assert (page.status, "it is not signed in to the platform" in page.text) == (409, True)
    bridge.facts = ZOE_S
    page = browser.submit(_own(page, "login"), new_token="", new_bridge_url="https://other.example.com")
    assert (page.status, "does not take this token" in page.text) == (400, True)
    page = browser.submit(_own(page, "login"), new_token="new-token", new_bridge_url="https://other.example.com")
    assert "The account is signed in." in page.text
    assert "https://other.example.com" in page.text
    assert "new-token" not in page.html


def test_disconnecting_asks_and_tells_what_became_of_it(place: Place, bridge: FakeBridge) -> None:
    browser = place.signed_in()
    page = _connect(browser)
    assert "What opens zoe is destroyed at once" in page.text
    page = browser.submit(_own(page, "disconnect"))
    assert "Disconnected." in page.text
    assert "zoe was disconnected on" in page.text
    assert page.form(HERE).value("bridge_url") == ""
    assert len(bridge.silenced) == 1
    assert "zoe is connected." in _connect(browser).text
    assert len(place.run("SELECT 1 FROM platform_connections")) == 1


def test_a_chatter_sees_how_it_is_and_changes_nothing(place: Place, ana: Principal) -> None:
    page = _connect(place.signed_in())
    test = _own(page, "test")
    place.member(ana.workspace_id, Role.CHATTER, "tom@example.com")
    browser = place.signed_in("tom@example.com")
    page = browser.get(HERE)
    assert "10 messages in any 60 seconds" in page.text
    assert "bridge.example.com" not in page.html
    assert [form.action for form in page.forms if "/platforms/" in form.action] == []
    assert browser.post(test, [("csrf", page.form("/sign-out").value("csrf"))]).status == 403
    place.member(ana.workspace_id, Role.ANALYST, "ines@example.com")
    assert place.signed_in("ines@example.com").get(HERE).status == 403


def test_while_onlyfans_is_switched_off_nothing_is_connected(
    place: Place, bridge: FakeBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = place.signed_in()
    monkeypatch.setattr(place.parts, "settings", replace(place.parts.settings, onlyfans_enabled=False))
    assert _connect(browser).status == 503
    assert bridge.asked == []


def test_a_platform_that_cannot_connect_can_be_waited_for(place: Place) -> None:
    browser = place.signed_in()
    there = "/platforms/connect/patreon"
    page = browser.get(there)
    assert "Patreon cannot be connected yet" in page.text
    assert page.form(f"{there}/waitlist").value("email") == "ana@example.com"
    page = browser.submit(f"{there}/waitlist", email="nobody")
    assert (page.status, "This is not an email address." in page.text) == (400, True)
    for _ in range(2):
        page = browser.submit(f"{there}/waitlist", email="Ana@example.com")
        assert "We write as soon as it works." in page.text
    assert place.run("SELECT email, platform FROM waitlist") == [("Ana@example.com", "patreon")]
    statuses = [browser.submit(f"{there}/waitlist", email="ana@example.com").status for _ in range(5)]
    assert 429 in statuses


def test_there_is_no_page_of_a_platform_that_is_none(place: Place) -> None:
    browser = place.signed_in()
    assert browser.get("/platforms/connect/myspace").status == 404
    assert browser.get("/platforms/connect/other").status == 404


def test_what_was_done_stands_in_the_audit_log(place: Place) -> None:
    browser = place.signed_in()
    browser.submit(_own(_connect(browser), "disconnect"))
    page = browser.get("/settings/audit?kind=connection")
    assert "connected an account, with consent" in page.text
    assert "disconnected an account and took the consent back" in page.text
