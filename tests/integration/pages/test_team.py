"""The team in the settings, and being invited: from the mail to the first page."""

from datetime import timedelta
from uuid import UUID

import pytest

from huntaze.members.model import Principal, Role
from huntaze.sessions.model import Refusal
from huntaze.team.model import MemberStatus
from tests.integration.pages.conftest import PASSWORD, Place
from tests.support.browser import Browser, Page
from tests.support.people_of_pages import Account

TEAM = "/settings/team"
TOM = "tom@example.com"
OWN = "Own-pass-word-22"


def _invite(browser: Browser, email: str = TOM, role: str = "chatter", **more: str) -> Page:
    browser.get(TEAM)
    return browser.submit(TEAM, email=email, role=role, **more)


def _member(place: Place, email: str) -> UUID:
    """Their place, or their invitation if they have both."""
    found = place.run("SELECT id FROM members WHERE email = %s AND status <> 'removed' ORDER BY status DESC", email)
    return UUID(str(found[0][0]))


def _status(place: Place, email: str) -> list[MemberStatus]:
    return [MemberStatus(status) for (status,) in place.run("SELECT status FROM members WHERE email = %s", email)]


@pytest.mark.usefixtures("ana")
def test_an_owner_invites_and_sees_who_is_invited(place: Place) -> None:
    browser = place.signed_in()
    page = _invite(browser, "Tom@Example.com", name="Tom Keller")
    assert page.path == TEAM
    assert "tom@example.com is invited. A mail is on its way." in page.text
    assert "Tom Keller Invited tom@example.com Invited by Ana" in page.text
    assert place.pool.mails == [TOM]


@pytest.mark.usefixtures("ana")
def test_what_became_of_the_mail_is_told(place: Place) -> None:
    browser = place.signed_in()
    place.pool.accounts[TOM] = Account("tom", PASSWORD)
    assert "They have an account already" in _invite(browser).text
    place.pool.refusing = Refusal.TOO_MANY
    assert "the mail could not be sent" in _invite(browser, "eve@example.com").text
    place.pool.refusing = None
    page = browser.submit(f"{TEAM}/{_member(place, 'eve@example.com')}/invitation")
    assert "A mail is on its way." in page.text


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": ""}, "This is needed."),
        ({"email": "no address"}, "address"),
        ({"email": f"{'x' * 120}@example.com"}, "address"),
        ({"email": "ana@EXAMPLE.com"}, "belongs to a member already"),
        ({"name": "x" * 201}, "200"),
    ],
)
def test_what_is_wrong_stands_beside_what_was_typed(place: Place, typed: dict[str, str], said: str) -> None:
    page = _invite(place.signed_in(), **{"email": TOM, "name": "Tom", **typed})
    assert page.status == 400
    assert said in page.text
    assert page.form(TEAM).value("email") == typed.get("email", TOM)
    assert place.pool.mails == []


def test_a_role_is_changed_and_changed_back(place: Place, ana: Principal) -> None:
    place.member(ana.workspace_id, Role.CHATTER, TOM)
    browser = place.signed_in()
    browser.get(TEAM)
    change = f"{TEAM}/{_member(place, TOM)}/role"
    page = browser.submit(change, role="manager")
    assert "Tom is now a manager." in page.text
    undo = next(form for form in page.read.forms if form.action == change and ("role", "chatter") in form.fields)
    page = browser.post(undo.action, undo.fields)
    assert "Tom is now a chatter." in page.text


def test_the_part_alone_answers_htmx(place: Place, ana: Principal) -> None:
    place.member(ana.workspace_id, Role.CHATTER, TOM)
    browser = place.signed_in()
    browser.get(TEAM)
    part = browser.submit(f"{TEAM}/{_member(place, TOM)}/role", element="team", role="analyst")
    assert (part.status, "<html" in part.html) == (200, False)
    assert "Tom is now an analyst." in part.text
    browser.get(TEAM)
    part = browser.submit(TEAM, element="team", email="no address", role="chatter")
    assert (part.status, "<html" in part.html) == (400, False)


def test_whoever_is_removed_is_out_at_once(place: Place, ana: Principal) -> None:
    tom = place.member(ana.workspace_id, Role.MANAGER, TOM)
    theirs, browser = place.signed_in(TOM), place.signed_in()
    assert theirs.get("/fans").status == 200
    page = browser.get(TEAM)
    assert "Tom loses access at once" in page.text
    page = browser.submit(f"{TEAM}/{tom.member_id}/remove")
    assert "Tom was removed." in page.text
    assert (theirs.get("/fans").status, "No workspace yet" in theirs.get("/fans").text) == (403, True)
    assert _status(place, TOM) == [MemberStatus.REMOVED]


def test_a_removed_members_choice_falls_back_to_where_they_still_work(place: Place, ana: Principal) -> None:
    tom = place.member(ana.workspace_id, Role.CHATTER, TOM)
    place.member(place.workspace("Max Rivera"), Role.CHATTER, TOM)
    theirs, browser = place.signed_in(TOM), place.signed_in()
    theirs.get("/fans")
    theirs.submit("/workspace", workspace=str(ana.workspace_id))
    assert "Luna Vale" in theirs.get("/fans").text
    browser.get(TEAM)
    browser.submit(f"{TEAM}/{tom.member_id}/remove")
    page = theirs.get("/fans")
    assert (page.status, "Max Rivera" in page.text, "Luna Vale" in page.text) == (200, True, False)


@pytest.mark.usefixtures("ana")
def test_the_only_owner_is_told_why_nothing_can_be_changed(place: Place) -> None:
    browser = place.signed_in()
    page = browser.get(TEAM)
    assert "You are the only owner." in page.text
    mine = _member(place, "ana@example.com")
    csrf = ("csrf", page.form(TEAM).value("csrf"))
    page = browser.post(f"{TEAM}/{mine}/role", [csrf, ("role", "chatter")])
    assert (page.status, "keeps at least one owner" in page.text) == (409, True)
    page = browser.get("/settings/security")
    assert "You are the only owner." in page.text
    page = browser.post("/settings/security/leave", [("csrf", page.form("/sign-out").value("csrf"))])
    assert page.status == 400
    assert _status(place, "ana@example.com") == [MemberStatus.ACTIVE]


def test_a_manager_sees_the_team_and_changes_nothing(place: Place, ana: Principal) -> None:
    place.member(ana.workspace_id, Role.MANAGER, TOM)
    browser = place.signed_in(TOM)
    page = browser.get(TEAM)
    assert "Ana" in page.text
    assert not [form for form in page.read.forms if form.action.startswith(TEAM)]
    page = browser.post(TEAM, [("csrf", page.form("/sign-out").value("csrf")), ("email", "eve@example.com")])
    assert page.status == 403


def test_a_chatter_has_no_such_page_and_leaves_by_another(place: Place, ana: Principal) -> None:
    place.member(ana.workspace_id, Role.CHATTER, TOM)
    browser = place.signed_in(TOM)
    assert browser.get(TEAM).status == 403
    browser.get("/settings/security")
    page = browser.submit("/settings/security/leave")
    assert (page.status, "You have left Luna Vale." in page.text) == (403, True)
    assert _status(place, TOM) == [MemberStatus.REMOVED]


@pytest.mark.usefixtures("ana")
def test_from_the_mail_to_the_first_page(place: Place) -> None:
    _invite(place.signed_in())
    browser = place.browser()
    browser.get("/sign-in")
    assert browser.submit("/sign-in", email=TOM, password="Given-pass-word-1").path == "/first-password"
    page = browser.submit("/first-password", new_password=OWN)
    assert (page.status, "You are invited" in page.text, "Luna Vale" in page.text) == (403, True, True)
    assert "Ana invites you." in page.text
    page = browser.submit(f"/invitations/{_member(place, TOM)}/accept")
    assert (page.status, page.path, "Welcome to Luna Vale." in page.text) == (200, "/", True)
    assert _status(place, TOM) == [MemberStatus.ACTIVE]


def test_who_has_workspaces_sees_what_waits_in_their_menu(place: Place, ana: Principal) -> None:
    place.member(place.workspace("Max Rivera"), Role.CHATTER, TOM)
    theirs = place.signed_in(TOM)
    assert "/invitations" not in theirs.get("/fans").html
    _invite(place.signed_in())
    assert "1 invitation waits for you" in theirs.get("/fans").text
    page = theirs.get("/invitations")
    assert (page.status, "Luna Vale" in page.text) == (200, True)
    page = theirs.submit(f"/invitations/{_member(place, TOM)}/accept")
    assert "Welcome to Luna Vale." in page.text
    assert theirs.get("/invitations").path == "/"
    assert place.run("SELECT chosen_workspace_id FROM sessions WHERE chosen_workspace_id IS NOT NULL") == [
        (ana.workspace_id,)
    ]


@pytest.mark.usefixtures("ana")
def test_an_invitation_is_declined(place: Place) -> None:
    _invite(place.signed_in())
    place.pool.accounts[TOM] = Account("tom", PASSWORD)
    browser = place.signed_in(TOM)
    browser.get("/")
    page = browser.submit(f"/invitations/{_member(place, TOM)}/decline")
    assert "The invitation is declined." in page.text
    assert "No workspace yet" in page.text
    assert _status(place, TOM) == [MemberStatus.REMOVED]


@pytest.mark.usefixtures("ana")
def test_what_is_no_longer_open_is_told_as_that(place: Place) -> None:
    owner = place.signed_in()
    _invite(owner)
    place.pool.accounts[TOM] = Account("tom", PASSWORD)
    browser = place.signed_in(TOM)
    browser.get("/")
    place.advance(timedelta(days=7))
    browser = place.signed_in(TOM)
    assert "No workspace yet" in browser.get("/").text
    csrf = [("csrf", browser.last.form("/sign-out").value("csrf"))] if browser.last else []
    page = browser.post(f"/invitations/{_member(place, TOM)}/accept", csrf)
    assert (page.status, "no longer open" in page.text) == (409, True)
    assert "Invitation ended" in place.signed_in().get(TEAM).text


def test_the_pages_speak_french(place: Place, ana: Principal) -> None:
    place.member(ana.workspace_id, Role.CHATTER, TOM)
    browser = place.signed_in(language="fr")
    page = browser.get(TEAM)
    assert "perd l\N{RIGHT SINGLE QUOTATION MARK}accès tout de suite" in page.text
    assert "Double authentification" in browser.get("/settings/security").text
