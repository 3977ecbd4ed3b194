"""A fan's page: what is known, tags, notes, what happened; deleting and undoing it."""

import re
from datetime import timedelta

import pytest

from huntaze.fans.model import Fan
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from tests.integration.pages.conftest import Place

PAY = """
INSERT INTO transactions (
    workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents, currency, occurred_at
) VALUES (%s, %s, %s, 'onlyfans', %s, %s, %s, %s, %s)
"""


def _pay(place: Place, fan: Fan, kind: str, cents: int, *, days_ago: int = 0, currency: str = "USD") -> None:
    at = place.clock.now() - timedelta(days=days_ago)
    [(workspace,)] = place.run("SELECT workspace_id FROM fans WHERE id = %s", fan.id)
    place.run(PAY, workspace, new_id(), fan.id, str(new_id()), kind, cents, currency, at)


def test_the_page_shows_what_is_known(place: Place, ana: Principal) -> None:
    fan = place.fan(
        ana, name="Zoë", handle="zoe", email="zoe@example.com", phone="+1 555", notes="Lives in Lyon.", tags=("vip",)
    )
    page = place.signed_in().get(f"/fans/{fan.id}")
    assert page.title == "Zoë · Huntaze"
    for words in ("@zoe", "zoe @example.com", "+1 555", "Lives in Lyon.", "vip", "OnlyFans"):
        assert words in page.text


def test_value_is_told_by_kind_and_lately_in_the_fans_own_currency(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, value_cents=500_00)
    _pay(place, fan, "tip", 20_00)
    _pay(place, fan, "tip", 5_00, days_ago=31)
    _pay(place, fan, "subscription", 9_99)
    _pay(place, fan, "ppv", 99_00, currency="EUR")
    page = place.signed_in().get(f"/fans/{fan.id}")
    assert "$500.00 $29.99 in the last 30 days" in page.text
    assert "Tips 2 $25.00" in page.text
    assert "Subscription 1 $9.99" in page.text
    assert "Pay-per-view" not in page.text.partition("Timeline")[0]


def test_the_timeline_goes_back_page_by_page(place: Place, ana: Principal) -> None:
    fan = place.fan(ana)
    for day in range(1, 41):
        _pay(place, fan, "tip", 100 + day, days_ago=day)
    browser = place.signed_in()
    page = browser.get(f"/fans/{fan.id}")
    assert len(re.findall(r'<li class="tip">', page.html)) == 29, "and that the fan was added"
    [older] = [given["href"] for tag, given in page.read.tags if tag == "a" and "before=" in given.get("href", "")]
    part = browser.part(older, "older-events")
    assert len(re.findall(r'<li class="tip">', part.html)) == 11
    assert part.html.lstrip().startswith("<li")
    whole = browser.get(older)
    assert "To the newest" in whole.text


def test_the_list_it_was_opened_from_stands_beside_it(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, name="Zoë", tags=("vip",))
    place.fan(ana, name="Somebody else")
    page = place.signed_in().get(f"/fans/{fan.id}?tag=vip")
    assert "Somebody else" not in page.text
    assert 'href="/fans?tag=vip"' in page.html


@pytest.mark.parametrize("part", ["", "fan-tags"], ids=["whole", "part"])
def test_a_tag_is_put_on_and_taken_off(place: Place, ana: Principal, part: str) -> None:
    fan = place.fan(ana, tags=("vip",))
    browser, tags = place.signed_in(), f"/fans/{fan.id}/tags"
    browser.get(f"/fans/{fan.id}")
    page = browser.submit(tags, element=part, add=" big  spender ")
    assert page.status == 200
    assert "“big spender” was added." in page.text
    assert ("<html" in page.html) == (not part)
    assert place.parts.fans.get(ana, fan.id).tags == ("vip", "big spender")
    page = browser.submit(tags, element=part, remove="vip", add=None)
    assert "“vip” was removed." in page.text
    assert place.parts.fans.get(ana, fan.id).tags == ("big spender",)


def test_a_tag_that_is_none_is_refused_beside_its_field(place: Place, ana: Principal) -> None:
    fan = place.fan(ana)
    browser, tags = place.signed_in(), f"/fans/{fan.id}/tags"
    for typed, words in (("", "This is needed."), ("x" * 201, "At most 200 characters.")):
        browser.get(f"/fans/{fan.id}")
        page = browser.submit(tags, add=typed)
        assert page.status == 400
        assert words in page.text
        assert page.form(tags).value("add") == typed


@pytest.mark.parametrize("part", ["", "fan-notes"], ids=["whole", "part"])
def test_a_note_is_written_with_author_and_deleted(place: Place, ana: Principal, part: str) -> None:
    fan = place.fan(ana)
    browser = place.signed_in()
    browser.get(f"/fans/{fan.id}")
    page = browser.submit(f"/fans/{fan.id}/notes", element=part, text="Likes the sea.\r\n<b>No markup.</b>")
    assert page.status == 200
    assert "Likes the sea. <b>No markup.</b> Ana" in page.text
    assert "The note was saved." in page.text
    [note] = place.parts.notes.page(ana, fan.id, 10).items
    assert note.text == "Likes the sea.\n<b>No markup.</b>"
    page = browser.submit(f"/fans/{fan.id}/notes/{note.id}/delete", element=part)
    assert "The note was deleted." in page.text
    assert place.parts.notes.page(ana, fan.id, 10).items == ()


UNKEEPABLE = [(" \n ", "This is needed."), ("x" * 5001, "At most 5,000 characters."), ("a\0b", "cannot be stored")]


@pytest.mark.parametrize("part", ["", "fan-notes"], ids=["whole", "part"])
def test_a_note_gets_other_words_or_keeps_its_own(place: Place, ana: Principal, part: str) -> None:
    fan = place.fan(ana)
    note = place.parts.notes.add(ana, fan.id, "Likes the see.")
    browser = place.signed_in()
    browser.get(f"/fans/{fan.id}")
    page = browser.submit(f"/fans/{fan.id}/notes/{note.id}", element=part, text="  ")
    assert page.status == 400
    assert '<details class="ask" open>' in page.html
    page = browser.submit(f"/fans/{fan.id}/notes/{note.id}", text="Likes the sea.")
    assert "The note was changed." in page.text
    assert [one.text for one in place.parts.notes.page(ana, fan.id, 10).items] == ["Likes the sea."]


def test_a_note_that_cannot_be_kept_keeps_what_was_typed(place: Place, ana: Principal) -> None:
    fan = place.fan(ana)
    browser = place.signed_in()
    for part in ("", "fan-notes"):
        for typed, words in UNKEEPABLE:
            browser.get(f"/fans/{fan.id}")
            page = browser.submit(f"/fans/{fan.id}/notes", element=part, text=typed)
            assert page.status == 400
            assert words in page.text
            assert typed.strip()[:50] in page.html
    assert place.parts.notes.page(ana, fan.id, 10).items == ()


def test_a_chatter_writes_notes_and_deletes_only_their_own(place: Place, ana: Principal) -> None:
    fan = place.fan(ana)
    place.member(ana.workspace_id, Role.CHATTER, "tom@example.com")
    anas = place.parts.notes.add(ana, fan.id, "Ana's")
    browser = place.signed_in("tom@example.com")
    browser.get(f"/fans/{fan.id}")
    page = browser.submit(f"/fans/{fan.id}/notes", text="Tom's")
    assert f"/notes/{anas.id}/delete" not in page.html
    assert page.html.count('/delete" hx-post') == 1, "their own note, and not the fan"
    token = page.form("/sign-out").value("csrf")
    for path in (f"notes/{anas.id}/delete", "tags", "delete", "edit", "restore"):
        assert browser.post(f"/fans/{fan.id}/{path}", [("csrf", token), ("add", "x")]).status == 403, path


def test_a_deleted_fan_is_gone_and_comes_back_by_undo(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, name="Zoë")
    browser = place.signed_in()
    browser.get(f"/fans/{fan.id}")
    page = browser.submit(f"/fans/{fan.id}/delete")
    assert page.path == "/fans"
    assert "Zoë was deleted." in page.text
    undo = page
    assert browser.get(f"/fans/{fan.id}").status == 404
    browser.last = undo
    page = browser.submit(f"/fans/{fan.id}/restore")
    assert page.path == f"/fans/{fan.id}"
    assert "Zoë is back." in page.text


def test_after_thirty_days_there_is_no_way_back(place: Place, ana: Principal) -> None:
    fan = place.fan(ana)
    browser = place.signed_in()
    browser.get(f"/fans/{fan.id}")
    browser.submit(f"/fans/{fan.id}/delete")
    place.advance(timedelta(days=31))
    again = place.signed_in()
    token = again.get("/fans").read.forms[0].value("csrf")
    assert again.post(f"/fans/{fan.id}/restore", [("csrf", token)]).status == 404


@pytest.mark.usefixtures("ana")
def test_what_was_said_once_cannot_be_forged(place: Place) -> None:
    browser = place.signed_in()
    browser.cookies["__Host-flash"] = "WyJ0b2FzdC5mYW5fYWRkZWQiXQ.AAAA"
    assert browser.get("/fans").status == 200
    assert "__Host-flash" not in browser.cookies
