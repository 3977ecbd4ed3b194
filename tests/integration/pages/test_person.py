"""Merging, erasing, restoring and the settings of privacy, as pages."""

import json
from typing import Any

import pytest

from huntaze.members.model import Principal, Role
from tests.integration.pages.conftest import Place


@pytest.fixture(autouse=True)
def key(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert place
    monkeypatch.setenv("ERASURE_KEY", "a key for tests")


def test_two_fans_are_merged_after_a_look_and_come_apart_by_undo(place: Place, ana: Principal) -> None:
    kept = place.fan(ana, name="Zoë", value_cents=1_000, tags=("vip",))
    other = place.fan(ana, name="Zoe B", value_cents=550, email="zoe@example.com", handle="zoeb")
    browser = place.signed_in()
    page = browser.get(f"/fans/{kept.id}")
    assert f"/fans/{kept.id}/merge" in page.html
    browser.get(f"/fans/{kept.id}/merge")
    page = browser.get(f"/fans/{kept.id}/merge?q=zo")
    assert f"with={other.id}" in page.html
    assert f"with={kept.id}" not in page.html, "nobody is merged with themselves"
    page = browser.get(f"/fans/{kept.id}/merge?with={other.id}")
    assert "Zoe B disappears from the list and is shown as Zoë" in page.text
    assert "$10 → $15.50" in page.text.replace("$10.00", "$10")
    assert "zoe@example.com" in page.text
    assert place.parts.fans.get(ana, kept.id) == kept, "looking changes nothing"
    page = browser.submit(f"/fans/{kept.id}/merge")
    assert page.path == f"/fans/{kept.id}"
    assert "Zoe B is now shown as Zoë." in page.text
    assert browser.get(f"/fans/{other.id}").status == 404
    page = browser.get(f"/fans/{kept.id}")
    assert "Shown with this fan. Undo until" in page.text
    undo = next(form.action for form in page.read.forms if form.action.startswith("/fans/merges/"))
    page = browser.submit(undo)
    assert "Both fans are there again." in page.text
    assert browser.get(f"/fans/{other.id}").status == 200


REFUSALS: list[tuple[dict[str, object], str]] = [
    ({"currency": "EUR"}, "in another currency"),
    ({"tags": tuple(str(number) for number in range(100))}, "more than 100 tags"),
    ({"value_cents": 2**63 - 1}, "larger than can be kept"),
]


@pytest.mark.parametrize(("about", "words"), REFUSALS)
def test_what_cannot_be_merged_says_why(place: Place, ana: Principal, about: dict[str, Any], words: str) -> None:
    kept, other = place.fan(ana, tags=("one more",), value_cents=1), place.fan(ana, name="Kim", **about)
    page = place.signed_in().get(f"/fans/{kept.id}/merge?with={other.id}")
    assert page.status == 409
    assert words in page.text


def test_a_fan_is_not_merged_with_itself_or_with_nobody(place: Place, ana: Principal) -> None:
    fan = place.fan(ana)
    browser = place.signed_in()
    assert "That is the same fan" in browser.get(f"/fans/{fan.id}/merge?with={fan.id}").text
    for strange in ("nonsense", "01900000-0000-7000-8000-00000000ffff"):
        assert browser.get(f"/fans/{fan.id}/merge?with={strange}").status == 404
    assert "Nobody else has “xyz”" in browser.get(f"/fans/{fan.id}/merge?q=xyz").text


def test_everything_held_is_a_file(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, name="Zoë", email="zoe@example.com")
    place.parts.notes.add(ana, fan.id, "Likes dogs")
    page = place.signed_in().get(f"/fans/{fan.id}/everything.json")
    assert page.headers["Content-Type"] == "application/json"
    assert page.headers["Content-Disposition"] == f'attachment; filename="everything-{fan.id}.json"'
    told = json.loads(page.content)
    assert (told["fan"]["email"], told["notes"][0]["text"]) == ("zoe@example.com", "Likes dogs")


def test_nobody_is_erased_but_by_typing_their_name(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, name="Zoë Blank", email="zoe@example.com")
    place.parts.notes.add(ana, fan.id, "Likes dogs")
    browser = place.signed_in()
    page = browser.get(f"/fans/{fan.id}/erase")
    assert "Nobody can undo this" in page.text
    page = browser.submit(f"/fans/{fan.id}/erase", name="Zoë")
    assert page.status == 400
    assert "This is not the name. Nothing was erased." in page.text
    assert place.parts.fans.get(ana, fan.id) == fan
    page = browser.submit(f"/fans/{fan.id}/erase", name=" zoë  blank ")
    assert page.path == "/settings/privacy"
    assert "The person was erased." in page.text
    assert "Erased by Ana" in page.text
    assert "1 note" in page.text
    assert "Deleting files" in page.text
    assert "Zoë" not in page.html
    assert browser.get(f"/fans/{fan.id}").status == 404


def test_whoever_was_erased_is_not_added_again(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, name="Zoë", platform_id="zoe-1")
    place.parts.erasures.erase(ana, fan.id)
    browser = place.signed_in()
    browser.get("/fans/new")
    page = browser.submit("/fans/new", name="Zoë", platform="onlyfans", platform_id="zoe-1")
    assert page.status == 409
    assert "asked to be forgotten" in page.text


def test_only_owners_erase_and_only_managers_merge(place: Place, ana: Principal) -> None:
    fan = place.fan(ana)
    place.member(ana.workspace_id, Role.MANAGER, "max@example.com")
    place.member(ana.workspace_id, Role.CHATTER, "tom@example.com")
    manager, chatter = place.signed_in("max@example.com"), place.signed_in("tom@example.com")
    page = manager.get(f"/fans/{fan.id}")
    assert f"/fans/{fan.id}/merge" in page.html
    assert f"/fans/{fan.id}/erase" not in page.html
    assert "/merge" not in chatter.get(f"/fans/{fan.id}").html
    for browser, paths in (
        (manager, ("erase",)),
        (chatter, ("erase", "merge", "everything.json")),
    ):
        for path in paths:
            assert browser.get(f"/fans/{fan.id}/{path}").status == 403, path
    assert manager.get("/settings/privacy").status == 403
    assert chatter.get("/fans/deleted").status == 403


def test_deleted_fans_are_listed_and_restored(place: Place, ana: Principal) -> None:
    fan, stays = place.fan(ana, name="Zoë"), place.fan(ana, name="Kim")
    browser = place.signed_in()
    assert "Nobody was deleted lately" in browser.get("/fans/deleted").text
    place.parts.fans.delete(ana, fan.id)
    assert '"/fans/deleted"' in browser.get("/fans").html
    page = browser.get("/fans/deleted")
    assert "Zoë" in page.text
    assert "Kim" not in page.text
    page = browser.submit(f"/fans/{fan.id}/restore")
    assert page.path == f"/fans/{fan.id}"
    assert browser.get(f"/fans/{stays.id}").status == 200


def test_who_must_not_be_contacted_is_told_on_their_page(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, do_not_contact=True)
    assert "Must not be contacted" in place.signed_in().get(f"/fans/{fan.id}").text
    assert "À ne pas contacter" in place.signed_in(language="fr").get(f"/fans/{fan.id}").text


@pytest.mark.usefixtures("ana")
def test_privacy_tells_how_to_answer_in_both_languages(place: Place) -> None:
    assert "When somebody asks" in place.signed_in().get("/settings/privacy").text
    assert "le demande" in place.signed_in(language="fr").get("/settings/privacy").text
