"""The settings of what people have on their desk: nothing typed is lost, and a preview is what a fan would get."""

import pytest

from huntaze.members.model import Principal, Role
from huntaze.web.texts import QUICK_REPLIES, SHELVES, TEMPLATES, Shelf
from tests.integration.pages.conftest import Place
from tests.support.browser import Browser, Page

GOOD = {
    QUICK_REPLIES.key: {"template": "Hi {name|there}"},
    TEMPLATES.key: {"name": "Welcome", "text": "Hi {name|there}"},
}
TABLES = {QUICK_REPLIES.key: "quick_replies", TEMPLATES.key: "templates"}


def _add(browser: Browser, shelf: Shelf, **typed: object) -> Page:
    browser.get(f"{shelf.path}/new")
    return browser.submit(f"{shelf.path}/new", **{**GOOD[shelf.key], **typed})


def _id(place: Place, shelf: Shelf) -> object:
    [(text_id,)] = place.run(f"SELECT id FROM {TABLES[shelf.key]}")  # noqa: S608  (our own words)
    return text_id


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.key)
def test_a_text_is_written_found_changed_deleted_and_brought_back(place: Place, shelf: Shelf) -> None:
    browser = place.signed_in()
    assert "Write the first one" in browser.get(shelf.path).text
    listed = _add(browser, shelf, category=" hello ")
    assert "was added." in listed.text
    assert "Hi {name|there}" in listed.text
    assert "Used 0 times" in listed.text
    one = f"{shelf.path}/{_id(place, shelf)}"
    assert "Hi {name|there}" in browser.get(f"{shelf.path}?category=hello&q=there").text
    assert "Nothing matches" in browser.get(f"{shelf.path}?q=elsewhere").text
    browser.get(f"{one}/edit")
    changed = browser.submit(f"{one}/edit", **{shelf.worded: "Good night, {name|you}"})
    assert "was saved." in changed.text
    assert "Good night, {name|you}" in changed.text
    deleted = browser.submit(f"{one}/delete")
    assert "was deleted." in deleted.text
    assert "Write the first one" in deleted.text
    assert "is back." in browser.submit(f"{one}/restore").text
    assert "Good night, {name|you}" in browser.get(shelf.path).text


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.key)
def test_what_a_fan_would_read_is_shown_with_and_without_scripts(place: Place, ana: Principal, shelf: Shelf) -> None:
    fan = place.fan(ana, name="Robin {handle} <b>")
    browser = place.signed_in()
    browser.get(f"{shelf.path}/new")
    text = "{{Hi}} {full_name}, {handle|you}: {creator}"
    plain = browser.submit(f"{shelf.path}/new", **{shelf.worded: text, "fan": fan.id, "preview": "1"})
    assert plain.status == 200
    assert "{Hi} Robin {handle} <b>, you: Luna Vale" in plain.text
    assert "what stands behind the bar: handle." in plain.text
    assert plain.form(f"{shelf.path}/new").value(shelf.worded) == text
    part = browser.submit(f"{shelf.path}/new", element="text-preview", **{shelf.worded: text})
    assert part.html.startswith('<section id="text-preview"')
    assert "{Hi} Robin {handle} <b>, you: Luna Vale" in part.text
    assert place.run("SELECT (SELECT count(*) FROM quick_replies) + (SELECT count(*) FROM templates)") == [(0,)]


WRONG = {
    "Hi {nmae|there}": "There is no variable “nmae”.",
    "Hi {name|there": "The brace before “name” is never closed.",
    "Hi name}": "The closing brace behind “name” closes nothing.",
    "Hi {handle}": "as in {handle|you}",
    "": "This is needed.",
    "x" * 5_001: "At most 5,000 characters.",
    "a\0b": "cannot be stored",
}


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.key)
def test_what_is_wrong_is_said_and_everything_typed_stays(place: Place, shelf: Shelf) -> None:
    browser = place.signed_in()
    for text, words in WRONG.items():
        page = _add(browser, shelf, **{shelf.worded: text, "category": "hello"})
        assert (page.status, words in page.text) == (400, True), text
        assert page.form(f"{shelf.path}/new").value("category") == "hello"
    assert place.run(f"SELECT count(*) FROM {TABLES[shelf.key]}") == [(0,)]  # noqa: S608  (our own words)


@pytest.mark.usefixtures("ana")
def test_a_template_has_a_price_and_attachments_and_a_name_of_its_own(place: Place) -> None:
    browser = place.signed_in()
    _add(browser, TEMPLATES, price="15", attachments="https://media.example.com/1\n\nhttps://media.example.com/2")
    page = browser.get(TEMPLATES.path)
    assert ("$15.00" in page.text, "2 attachments" in page.text) == (True, True)
    taken = _add(browser, TEMPLATES, name="WELCOME")
    assert (taken.status, "there is a template of this name already" in taken.text) == (409, True)
    bad = _add(browser, TEMPLATES, name="", price="x", attachments="http://media.example.com")
    assert (bad.status, "3 fields need another look" in bad.text) == (400, True)


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.key)
def test_a_form_sent_twice_adds_one(place: Place, shelf: Shelf) -> None:
    browser = place.signed_in()
    form = browser.get(f"{shelf.path}/new")
    for _ in range(2):
        browser.last = form
        assert browser.submit(f"{shelf.path}/new", **GOOD[shelf.key]).status == 200
    assert len(place.run(f"SELECT id FROM {TABLES[shelf.key]}")) == 1  # noqa: S608  (our own words)


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.key)
def test_a_stale_form_shows_both_versions(place: Place, shelf: Shelf) -> None:
    browser, other = place.signed_in(), place.signed_in()
    _add(browser, shelf)
    one = f"{shelf.path}/{_id(place, shelf)}/edit"
    browser.get(one)
    other.get(one)
    other.submit(one, **{shelf.worded: "Theirs"})
    stale = browser.submit(one, **{shelf.worded: "Mine"})
    assert (stale.status, "Theirs" in stale.text) == (412, True)
    assert stale.form(one).value(shelf.worded) == "Mine"
    assert "Mine" in browser.submit(one).text


def test_who_only_analyses_has_none_of_it_and_who_chats_no_configuration(place: Place, ana: Principal) -> None:
    place.member(ana.workspace_id, Role.ANALYST, "kim@example.com")
    place.member(ana.workspace_id, Role.CHATTER, "sam@example.com")
    analyst, chatter = place.signed_in("kim@example.com"), place.signed_in("sam@example.com")
    for path in (QUICK_REPLIES.path, f"{TEMPLATES.path}/new", "/settings/ai"):
        assert analyst.get(path).status == 403
    assert chatter.get(QUICK_REPLIES.path).status == 200
    assert chatter.get("/settings/ai").status == 403
    for browser in (analyst, chatter):
        assert "For everybody who works here." not in browser.get("/settings/profile").text
        assert browser.submit("/settings/profile", bio="Mine").status == 200


def test_a_profile_and_the_workspace_are_changed(place: Place, ana: Principal) -> None:
    browser = place.signed_in()
    browser.get("/settings/profile")
    saved = browser.submit("/settings/profile", display_name="Zoë", timezone="Europe/Paris", goals="rest\n\n sleep ")
    assert "Your profile was saved." in saved.text
    profile = place.parts.profiles.of(ana)
    assert (profile.display_name, profile.timezone, profile.goals) == ("Zoë", "Europe/Paris", ("rest", "sleep"))
    bad = browser.submit("/settings/profile", timezone="Nowhere/Land", avatar_url="javascript:x", niche="x" * 101)
    assert (bad.status, "3 fields need another look" in bad.text) == (400, True)
    done = browser.submit("/settings/workspace", name="Sol", timezone="Asia/Tokyo", currency="eur")
    assert "The workspace was saved." in done.text
    workspace = place.parts.workspaces.of(ana)
    assert (workspace.name, workspace.timezone, workspace.currency) == ("Sol", "Asia/Tokyo", "EUR")
    wrong = browser.submit("/settings/workspace", name="", timezone="x", currency="euros")
    assert (wrong.status, "3 fields need another look" in wrong.text) == (400, True)
    browser.get("/settings/profile")
    assert "Your profile was deleted." in browser.submit("/settings/profile/delete").text
    assert place.parts.profiles.of(ana).updated_at is None


@pytest.mark.usefixtures("ana")
def test_what_another_window_saved_is_not_overwritten_unknowingly(place: Place) -> None:
    browser, other = place.signed_in(), place.signed_in()
    for path, action, typed in (
        ("/settings/profile", "/settings/profile", {"bio": "x"}),
        ("/settings/profile", "/settings/workspace", {"name": "x"}),
        ("/settings/ai", "/settings/ai", {"personality": "x"}),
    ):
        browser.get(path)
        other.get(path)
        assert other.submit(action, **typed).status == 200
        assert browser.submit(action, **typed).status == 412
        assert browser.submit(action, **typed).status == 200


def test_the_configuration_is_typed_line_by_line(place: Place, ana: Principal) -> None:
    browser = place.signed_in()
    browser.get("/settings/ai")
    typed = {
        "enabled": "1",
        "platform": ["onlyfans", "fansly"],
        "tone": "casual",
        "trigger": ["asks to meet", "", ""],
        "response": ["I do not meet anybody.", "", ""],
        "price_name": ["Custom video"],
        "price": ["1,200.50"],
    }
    assert "were saved." in browser.submit("/settings/ai", **typed).text
    config = place.parts.ai_configs.of(ana)
    assert (config.enabled, config.platforms, config.tone) == (True, ("onlyfans", "fansly"), "casual")
    assert [(each.trigger, each.response) for each in config.custom_responses] == [
        ("asks to meet", "I do not meet anybody.")
    ]
    assert config.pricing == {"Custom video": 120_050}
    half = browser.submit(
        "/settings/ai", trigger=["only this"], response=[""], tone="coy", price=["x"], price_name=["a"]
    )
    assert (half.status, "3 fields need another look" in half.text) == (400, True)
    browser.get("/settings/ai")
    assert browser.submit("/settings/ai").status == 200, "sent unchanged, it changes nothing"
    assert place.parts.ai_configs.of(ana).pricing == {"Custom video": 120_050}
    assert "were deleted." in browser.submit("/settings/ai/delete").text


@pytest.mark.usefixtures("ana")
def test_the_pages_speak_french(place: Place) -> None:
    browser = place.signed_in(language="fr")
    assert "Écrire la première" in browser.get(QUICK_REPLIES.path).text
    assert "Fuseau horaire" in browser.get("/settings/profile").text
    assert "Suggérer des réponses" in browser.get("/settings/ai").text
    browser.get(f"{TEMPLATES.path}/new")
    page = browser.submit(f"{TEMPLATES.path}/new", name="x", text="{handle}", price="15,50")
    assert "comme {handle|toi}" in page.text
