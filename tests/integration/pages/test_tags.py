"""The page of all tags: renamed with a way back, merged, and taken off everybody."""

from huntaze.fans.model import Filters
from huntaze.members.model import Principal, Role
from tests.integration.pages.conftest import Place
from tests.support.browser import Page

HOSTILE = "<b>x</b> & {count}"


def _having(place: Place, who: Principal, tag: str) -> int:
    return place.parts.fans.totals(who, Filters(tag=tag)).count


def test_every_tag_is_there_with_its_fans(place: Place, ana: Principal) -> None:
    place.fan(ana, tags=("vip", HOSTILE))
    place.fan(ana, tags=("vip",))
    page = place.signed_in().get("/fans/tags")
    assert "vip 2 fans" in page.text
    assert f"{HOSTILE} 1 fan" in page.text
    assert "/fans?tag=vip" in page.html
    assert "<b>x</b>" not in page.html


def test_without_tags_the_page_says_what_they_are_for(place: Place, ana: Principal) -> None:  # noqa: ARG001
    assert "No tags yet" in place.signed_in().get("/fans/tags").text


def test_a_tag_gets_another_name_and_its_old_one_back(place: Place, ana: Principal) -> None:
    place.fan(ana, tags=("vip",))
    browser = place.signed_in()
    page = browser.get("/fans/tags")
    page = browser.post("/fans/tags/rename", _form(page, tag="vip", name="  very   important "))
    assert "“vip” is now called “very important”." in page.text
    assert (_having(place, ana, "vip"), _having(place, ana, "very important")) == (0, 1)
    undo = next(form for form in page.read.forms if form.action == "/fans/tags/rename" and form.value("name") == "vip")
    browser.post(undo.action, undo.fields)
    assert (_having(place, ana, "vip"), _having(place, ana, "very important")) == (1, 0)


def test_a_tag_that_becomes_part_of_another_offers_no_way_back(place: Place, ana: Principal) -> None:
    place.fan(ana, tags=("vip",))
    place.fan(ana, tags=("whale",))
    browser = place.signed_in()
    page = browser.get("/fans/tags")
    page = browser.post("/fans/tags/rename", _form(page, tag="whale", name="vip"))
    assert "“whale” is now part of “vip”: 1 fan was changed." in page.text
    assert "Undo" not in page.text
    assert _having(place, ana, "vip") == 2


def test_a_name_that_cannot_be_stays_where_it_was_typed(place: Place, ana: Principal) -> None:
    place.fan(ana, tags=("vip",))
    browser = place.signed_in()
    for typed in ("", " ", "x" * 201):
        page = browser.get("/fans/tags")
        page = browser.post("/fans/tags/rename", _form(page, tag="vip", name=typed))
        assert page.status == 400
        assert 'aria-invalid="true"' in page.html
    assert _having(place, ana, "vip") == 1


def test_a_tag_is_taken_off_everybody(place: Place, ana: Principal) -> None:
    place.fan(ana, tags=("vip", "kind"))
    browser = place.signed_in()
    page = browser.get("/fans/tags")
    page = browser.post("/fans/tags/delete", _form(page, tag="vip"))
    assert "“vip” was taken off 1 fan." in page.text
    assert (_having(place, ana, "vip"), _having(place, ana, "kind")) == (0, 1)


def test_a_chatter_sees_tags_and_changes_none(place: Place, ana: Principal) -> None:
    place.fan(ana, tags=("vip",))
    place.member(ana.workspace_id, Role.CHATTER, "tom@example.com")
    browser = place.signed_in("tom@example.com")
    page = browser.get("/fans/tags")
    assert "vip" in page.text
    assert "/fans/tags/rename" not in page.html
    for action in ("rename", "delete"):
        assert browser.post(f"/fans/tags/{action}", _form(page, tag="vip", name="x")).status == 403
    assert _having(place, ana, "vip") == 1


def _form(page: Page, **typed: str) -> list[tuple[str, str]]:
    csrf = next(form.value("csrf") for form in page.read.forms)
    return [("csrf", csrf), *typed.items()]
