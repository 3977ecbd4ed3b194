"""Adding a fan and changing one: nothing typed is lost, nothing of others is overwritten unknowingly."""

import pytest

from huntaze.fans.model import Changes, Platform, SubscriptionStatus
from huntaze.members.model import Principal
from huntaze.money import Money
from tests.integration.pages.conftest import Place
from tests.support.browser import Browser, Page

WHOLE = {
    "name": "Zoë Laurent",
    "platform": "fansly",
    "platform_id": "38105522",
    "handle": "@zoelaurent",
    "value": "1,234.56",
    "email": "zoe@example.com",
    "phone": "+33 6 12 34",
    "subscription_status": "active",
    "tags": "vip, weekend , vip,, likes voice",
    "notes": "Lives in Lyon.\r\nWorks nights.",
    "do_not_contact": "1",
}


def _add(browser: Browser, **typed: object) -> Page:
    browser.get("/fans/new")
    return browser.submit("/fans/new", **typed)


def test_a_fan_is_added_as_typed(place: Place, ana: Principal) -> None:
    page = _add(place.signed_in(), **WHOLE)
    fan = place.parts.fans.get(ana, page.path.rpartition("/")[2])  # type: ignore[arg-type]  # PostgreSQL reads it
    assert "Zoë Laurent was added." in page.text
    assert (fan.name, fan.platform, fan.platform_id, fan.handle) == (
        "Zoë Laurent",
        Platform.FANSLY,
        "38105522",
        "zoelaurent",
    )
    assert (fan.value, fan.email, fan.phone) == (Money(123_456, "USD"), "zoe@example.com", "+33 6 12 34")
    assert (fan.subscription_status, fan.do_not_contact) == (SubscriptionStatus.ACTIVE, True)
    assert fan.tags == ("vip", "weekend", "likes voice")
    assert fan.notes == "Lives in Lyon.\nWorks nights."


@pytest.mark.usefixtures("ana")
def test_a_name_is_enough(place: Place) -> None:
    page = _add(place.signed_in(), name="Robin")
    assert page.status == 200
    assert "Robin was added." in page.text
    assert place.run("SELECT platform_id, handle, email, value_cents FROM fans") == [(None, None, None, 0)]


@pytest.mark.usefixtures("ana")
def test_amounts_are_read_as_the_reader_writes_them(place: Place) -> None:
    _add(place.signed_in(language="fr"), name="Robin", value="1 234,56")
    assert place.run("SELECT value_cents FROM fans") == [(123_456,)]


BAD = {
    "name": ("", "This is needed."),
    "email": ("nobody", "This is not an email address."),
    "value": ("12.345", "Write an amount such as"),
    "handle": ("h" * 201, "At most 200 characters."),
    "tags": ("x" * 201, "At most 200 characters."),
    "phone": ("1" * 51, "At most 50 characters."),
    "notes": ("a\0b", "cannot be stored"),
    "platform": ("myspace", "Choose one of the list."),
    "subscription_status": ("maybe", "Choose one of the list."),
    "platform_id": ("p" * 201, "At most 200 characters."),
}


@pytest.mark.usefixtures("ana")
def test_what_is_wrong_is_said_beside_it_and_everything_typed_stays(place: Place) -> None:
    browser = place.signed_in()
    for name, (value, words) in BAD.items():
        page = _add(browser, **(WHOLE | {name: value}))
        assert page.status == 400, name
        assert words in page.text, name
        assert "Not saved: 1 field needs another look." in page.text, name
        form = page.form("/fans/new")
        for field in set(WHOLE) - {name, "notes", "platform", "subscription_status"}:
            assert form.value(field) == WHOLE[field], (name, field)
        assert form.value("notes").startswith("Lives in Lyon.") or name == "notes"
    assert place.run("SELECT count(*) FROM fans") == [(0,)]


@pytest.mark.usefixtures("ana")
def test_every_wrong_field_is_named_at_once(place: Place) -> None:
    page = _add(place.signed_in(), name="", email="x", value="-1")
    assert "Not saved: 3 fields need another look." in page.text


def test_an_id_that_is_taken_is_said_and_everything_typed_stays(place: Place, ana: Principal) -> None:
    place.fan(ana, platform=Platform.FANSLY, platform_id="38105522")
    page = _add(place.signed_in(), **WHOLE)
    assert page.status == 409
    assert "You already have a fan with this ID on this platform." in page.text
    assert page.form("/fans/new").value("handle") == "@zoelaurent"


@pytest.mark.usefixtures("ana")
def test_a_form_sent_twice_adds_one_fan(place: Place) -> None:
    browser = place.signed_in()
    form = browser.get("/fans/new")
    first = browser.submit("/fans/new", name="Robin")
    browser.last = form
    second = browser.submit("/fans/new", name="Robin")
    assert first.path == second.path
    browser.last = form
    other = browser.submit("/fans/new", name="Somebody else")
    assert (other.status, "was sent once already" in other.text) == (409, True)
    assert place.run("SELECT count(*) FROM fans") == [(1,)]
    assert browser.submit("/fans/new", name="Somebody else").status == 200
    assert place.run("SELECT count(*) FROM fans") == [(2,)]


@pytest.mark.usefixtures("ana")
def test_the_form_shows_the_fan_and_sending_it_unchanged_changes_nothing(place: Place) -> None:
    _add(place.signed_in(), **WHOLE)
    [(before, stamp)] = place.run("SELECT to_jsonb(fans) - 'updated_at', id FROM fans")
    browser = place.signed_in()
    browser.get(f"/fans/{stamp}/edit")
    assert browser.submit(f"/fans/{stamp}/edit").status == 200
    assert place.run("SELECT to_jsonb(fans) - 'updated_at', id FROM fans") == [(before, stamp)]


def test_changes_are_saved(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, name="Zoë", tags=("vip",), value_cents=100, do_not_contact=True)
    browser = place.signed_in()
    browser.get(f"/fans/{fan.id}/edit")
    page = browser.submit(
        f"/fans/{fan.id}/edit", name="Zoé", tags="", value="2", do_not_contact=None, email="z@example.com"
    )
    assert page.path == f"/fans/{fan.id}"
    assert "Zoé was saved." in page.text
    now = place.parts.fans.get(ana, fan.id)
    assert (now.name, now.tags, now.value.cents, now.do_not_contact, now.email) == (
        "Zoé",
        (),
        200,
        False,
        "z@example.com",
    )


def test_who_a_fan_is_on_the_platform_never_changes(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, platform=Platform.ONLYFANS, platform_id="one")
    browser = place.signed_in()
    browser.get(f"/fans/{fan.id}/edit")
    browser.submit(f"/fans/{fan.id}/edit", platform="fansly", platform_id="two")
    now = place.parts.fans.get(ana, fan.id)
    assert (now.platform, now.platform_id) == (Platform.ONLYFANS, "one")


def test_a_stale_form_shows_both_versions_and_keeps_what_was_typed(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, name="Zoë", email="old@example.com")
    browser = place.signed_in()
    browser.get(f"/fans/{fan.id}/edit")
    place.parts.fans.update(ana, fan.id, Changes(name="Zoë of somebody else", email="theirs@example.com"), None)
    page = browser.submit(f"/fans/{fan.id}/edit", name="Zoë of mine", phone="555")
    assert page.status == 412
    assert "somebody changed this fan while you were editing" in page.text
    assert "Zoë of somebody else" in page.text
    assert "theirs@example.com" in page.text
    form = page.form(f"/fans/{fan.id}/edit")
    assert (form.value("name"), form.value("phone"), form.value("email")) == ("Zoë of mine", "555", "old@example.com")
    assert place.parts.fans.get(ana, fan.id).name == "Zoë of somebody else"
    saved = browser.submit(f"/fans/{fan.id}/edit")
    assert saved.status == 200, "now it is done knowingly"
    assert place.parts.fans.get(ana, fan.id).name == "Zoë of mine"


def test_a_bad_change_keeps_what_was_typed_and_its_version(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, name="Zoë")
    browser = place.signed_in()
    for name in ("name", "email", "value", "tags"):
        browser.get(f"/fans/{fan.id}/edit")
        page = browser.submit(f"/fans/{fan.id}/edit", **{"phone": "555", name: BAD[name][0]})
        assert page.status == 400
        assert page.form(f"/fans/{fan.id}/edit").value("phone") == "555"
    assert browser.submit(f"/fans/{fan.id}/edit", name="Zoé", email="", value="1", tags="a").status == 200
