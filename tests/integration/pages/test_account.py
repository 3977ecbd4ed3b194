"""A person's own session: leaving it, and what it remembers."""

import pytest

from huntaze.members.model import Principal, Role
from tests.integration.pages.conftest import Place
from tests.support.browser import Browser


def _signed_in_at(browser: Browser) -> bool:
    return browser.get("/fans", follow=False).status == 200


@pytest.mark.usefixtures("ana")
def test_signing_out_ends_this_session_alone(place: Place) -> None:
    here, there = place.signed_in(), place.signed_in()
    kept = here.cookies["__Host-session"]
    assert here.submit("/sign-out").path == "/sign-in"
    here.cookies["__Host-session"] = kept
    assert not _signed_in_at(here)
    assert _signed_in_at(there)
    assert place.pool.ended == []


def test_signing_out_everywhere_ends_all_of_ones_own_and_nobody_elses(place: Place, ana: Principal) -> None:
    place.member(ana.workspace_id, Role.CHATTER, "tom@example.com")
    here, there, other = place.signed_in(), place.signed_in(), place.signed_in("tom@example.com")
    page = here.submit("/sign-out-everywhere")
    assert "You are signed out on every device." in page.text
    assert [_signed_in_at(browser) for browser in (here, there, other)] == [False, False, True]
    assert place.pool.ended == [ana.subject]


def test_the_chosen_workspace_is_remembered_by_the_session(place: Place, ana: Principal) -> None:
    second = place.workspace("Ivy & Sol")
    place.member(second, Role.CHATTER)
    place.fan(
        Principal(ana.subject, second, place.member(second, email="x@example.com").member_id, Role.OWNER),
        name="Only there",
    )
    browser = place.signed_in()
    assert "Only there" not in browser.last.text
    page = browser.submit("/workspace", workspace=str(second))
    assert page.path == "/"
    assert "You are now in Ivy & Sol." in page.text
    assert "Only there" in browser.get("/fans").text
    assert "You are now in" not in browser.get("/fans").text, "it is said once"
    assert "Add a fan" not in browser.get("/fans").text, "the role is that of the workspace"


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("wanted", ["theirs", "01900000-0000-7000-8000-00000000ffff", "nonsense", ""])
def test_a_workspace_of_others_is_not_found(place: Place, wanted: str) -> None:
    theirs = place.workspace("Theirs")
    page = place.signed_in().submit("/workspace", workspace=str(theirs) if wanted == "theirs" else wanted)
    assert page.status == 404


def test_who_is_removed_from_the_chosen_workspace_falls_back_to_their_oldest(place: Place, ana: Principal) -> None:
    second = place.workspace("Ivy & Sol")
    place.member(second)
    browser = place.signed_in()
    browser.submit("/workspace", workspace=str(second))
    place.run("UPDATE members SET status = 'removed', removed_at = now() WHERE workspace_id = %s", second)
    page = browser.get("/fans")
    assert page.status == 200
    assert "Workspace: Luna Vale" in page.text
    place.run("UPDATE members SET status = 'removed', removed_at = now() WHERE workspace_id = %s", ana.workspace_id)
    assert browser.get("/fans").status == 403


@pytest.mark.usefixtures("ana")
def test_the_language_is_the_browsers_until_one_is_chosen(place: Place) -> None:
    browser = place.browser(language="fr-CA,fr;q=0.9,en;q=0.5")
    assert 'lang="fr"' in browser.get("/sign-in").html
    page = browser.submit("/language", locale="en")
    assert page.path == "/sign-in"
    assert 'lang="en"' in page.html
    browser.submit("/sign-in", email="ana@example.com", password="Right-pass-word-1")
    assert 'lang="en"' in browser.last.html, "what was chosen before stays chosen"
    assert 'lang="fr"' in browser.submit("/language", locale="fr").html
    assert place.run("SELECT locale FROM sessions") == [("fr",)]
    browser.submit("/sign-out")
    assert 'lang="fr"' in browser.last.html


@pytest.mark.usefixtures("ana")
def test_the_look_is_remembered(place: Place) -> None:
    browser = place.signed_in()
    browser.get("/fans?platform=fansly")
    page = browser.submit("/appearance", theme="dark")
    assert page.path == "/fans?platform=fansly"
    assert 'data-theme="dark"' in page.html
    browser.submit("/sign-out")
    assert 'data-theme="dark"' in browser.last.html


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(("action", "field"), [("/language", "locale"), ("/appearance", "theme")])
def test_what_cannot_be_chosen_is_refused(place: Place, action: str, field: str) -> None:
    assert place.signed_in().submit(action, **{field: "klingon"}).status == 400


@pytest.mark.usefixtures("ana")
def test_preferences_lead_back_only_to_our_own_pages(place: Place) -> None:
    page = place.signed_in().submit("/language", follow=False, locale="fr", next="//evil.example/")
    assert page.headers["Location"] == "/"
