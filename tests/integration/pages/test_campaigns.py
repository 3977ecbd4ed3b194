"""Campaigns: three steps that keep what was typed, an approval of exactly what was seen, and results that add up."""

import re
from uuid import UUID

import pytest

from huntaze.members.model import Principal
from huntaze.templates.model import NewTemplate
from huntaze.wording.model import Wording
from tests.integration.pages.campaigns_at_hand import BULK, began, campaign_of, draft, fans
from tests.integration.pages.conftest import Place
from tests.support.talks import Talks


@pytest.mark.usefixtures("talks")
def test_the_way_from_nothing_to_sent_without_a_script(place: Place, ana: Principal) -> None:
    fans(place, ana, "Zoë Quill", "Max Moor", tags=("vip",))
    fans(place, ana, "Nobody")
    browser = place.signed_in()
    page = browser.get(BULK)
    assert "Write once, reach everybody it is for" in page.text
    browser.get(f"{BULK}/new")
    page = browser.submit(f"{BULK}/new", name="For the few", **{"include-tags": "vip"})
    assert "2 · What" in page.text
    own = f"{BULK}/{campaign_of(page)}"
    page = browser.submit(f"{own}/what", **{"v0-content": "Hi {name|you}, tonight?", "do": "look"})
    assert re.search(r"Hi (Zoë|Max|Nobody), tonight\?", page.text)
    page = browser.get(f"{own}/whom")
    assert page.form(f"{own}/whom").value("include-tags") == "vip", "it is kept"
    assert "2 fans will get this" in page.text
    page = browser.get(f"{own}/what")
    assert page.form(f"{own}/what").value("v0-content") == "Hi {name|you}, tonight?"
    page = browser.submit(f"{own}/what")
    assert "You approve these words for 2 fans." in page.text
    assert re.search(r"Hi (Zoë|Max), tonight\?", page.text), "as the database will render it"
    assert "Done about" in page.text
    page = browser.submit(f"{own}/launch")
    assert (page.path, "Approved. 2 fans get it." in page.text) == (own, True)
    assert "0 sent of 2 recipients" in page.text
    said = place.run("SELECT text FROM messages WHERE campaign_id = %s ORDER BY text", UUID(campaign_of(page)))
    assert said == [("Hi Max, tonight?",), ("Hi Zoë, tonight?",)]
    assert browser.get(f"{own}/whom").path == own, "what was launched has one page"
    assert "For the few" in browser.get(f"{BULK}?state=active").text


def test_who_is_left_out_is_counted_with_the_reason(place: Place, ana: Principal, talks: Talks) -> None:
    fans(place, ana, "Zoë", "Max")
    fans(place, ana, "Never", do_not_contact=True)
    talks.hear(talks.open("Chatty", platform_id="of chatty"), "Hello")
    browser = place.signed_in()
    browser.get(f"{BULK}/new")
    page = browser.submit(f"{BULK}/new", element="reach")
    assert "2 fans will get this" in page.text
    assert "in a chat right now 1" in page.text
    assert "not to be contacted 1" in page.text
    browser.get(f"{BULK}/new")
    page = browser.submit(f"{BULK}/new", do="look", active_chat_minutes="0")
    assert "3 fans will get this" in page.text
    assert place.run("SELECT count(*) FROM campaigns") == [(0,)], "looking keeps nothing"


@pytest.mark.usefixtures("talks")
def test_each_exclusion_is_a_block_of_its_own(place: Place, ana: Principal) -> None:
    fans(place, ana, "Zoë", tags=("vip",))
    fans(place, ana, "Max", tags=("new",))
    fans(place, ana, "Tom")
    browser = place.signed_in()
    own = f"{BULK}/{began(browser, **{'exclude_0-tags': 'vip'})}"
    page = browser.get(f"{own}/whom")
    assert "2 fans will get this" in page.text
    page = browser.submit(f"{own}/whom", **{"exclude_1-tags": "new", "do": "look"})
    assert "1 fan will get this" in page.text
    kept = place.parts.campaigns.get(ana, UUID(campaign_of(page))).campaign.audience.exclude
    assert [one.tags for one in kept] == [("vip",), ("new",)]
    assert browser.get(f"{own}/whom").form(f"{own}/whom").value("exclude_1-tags") == "new"


@pytest.mark.usefixtures("ana")
def test_what_is_wrong_is_said_in_its_place_and_nothing_typed_is_lost(place: Place) -> None:
    browser = place.signed_in()
    browser.get(f"{BULK}/new")
    page = browser.submit(f"{BULK}/new", name="Bad", **{"include-min_value": "many", "in_days": "0"})
    assert page.status == 400
    assert "Write an amount" in page.text
    assert "Write a number from 1 to 365." in page.text
    assert page.form(f"{BULK}/new").value("include-min_value") == "many"
    own = f"{BULK}/{began(browser, name='Bad')}"
    page = browser.submit(f"{own}/what", **{"v0-content": "Hi {nam}", "v0-price": "5"})
    assert (page.status, "There is no variable “nam”" in page.text) == (400, True)
    assert page.form(f"{own}/what").value("v0-content") == "Hi {nam}"
    page = browser.submit(f"{own}/what", **{"v0-content": "Hi", "v0-price": "5"})
    assert (page.status, "needs media to unlock" in page.text) == (400, True)
    page = browser.submit(f"{own}/what", **{"v0-content": "Hi", "v0-media": "https://["})
    assert (page.status, page.form(f"{own}/what").value("v0-media")) == (400, "https://[")
    browser.get(f"{own}/when")
    page = browser.submit(f"{own}/when", starts_at="2031-01-01T10:00", ends_at="2030-01-01T10:00", quiet_begin="22:00")
    assert page.status == 400
    assert "Must be later than the beginning." in page.text
    assert "Both a beginning and an end" in page.text
    assert page.form(f"{own}/when").value("ends_at") == "2030-01-01T10:00"


def test_variants_come_and_go_and_take_over_templates(place: Place, ana: Principal) -> None:
    new = NewTemplate(
        name="Warm", text=Wording("Warm {name|you}"), category=None, price_cents=0, attachments=(), currency=None
    )
    template = place.parts.templates.create(ana, new)
    browser = place.signed_in()
    own = f"{BULK}/{began(browser)}"
    page = browser.submit(f"{own}/what", **{"v0-content": "One", "do": "add"})
    form = page.form(f"{own}/what")
    assert (form.value("v0-share"), form.value("v1-share"), form.value("v1-name")) == ("50", "50", "B")
    page = browser.submit(f"{own}/what", **{"v1-template": str(template.id), "do": "template-1"})
    assert page.form(f"{own}/what").value("v1-content") == "Warm {name|you}"
    page = browser.submit(f"{own}/what", **{"v0-share": "30", "do": "look"})
    assert (page.status, "together 100" in page.text) == (400, True)
    browser.submit(f"{own}/what", **{"v0-share": "30", "v1-share": "70", "do": "look"})
    kept = place.parts.campaigns.get(ana, UUID(own.rpartition("/")[2])).campaign.variants
    assert [(one.name, one.share, one.content) for one in kept] == [("A", 30, "One"), ("B", 70, "Warm {name|you}")]
    page = browser.submit(f"{own}/what", do="remove-0")
    assert page.form(f"{own}/what").value("v0-content") == "Warm {name|you}"
    assert "v1-content" not in page.html


def test_a_preview_is_for_any_fan_that_is_looked_for(place: Place, ana: Principal) -> None:
    place.fan(ana, name="Ann First")
    wanted = place.fan(ana, name="Bea Second")
    browser = place.signed_in()
    own = f"{BULK}/{began(browser)}"
    typed = {"v0-content": "Hi {name|you} {handle|you}", "fan_q": "Bea"}
    page = browser.submit(f"{own}/what", element="look", **typed)
    assert "Hi Bea you" in page.text
    assert f'value="{wanted.id}" selected' in page.html
    assert 'id="version"' in page.html, "the next change is made to what was kept now"


def test_two_at_one_draft_do_not_overwrite_each_other_unknowingly(place: Place, ana: Principal) -> None:
    browser, other = place.signed_in(), place.signed_in()
    own = f"{BULK}/{began(browser)}"
    browser.get(f"{own}/what")
    other.get(f"{own}/what")
    other.submit(f"{own}/what", **{"v0-content": "Theirs"})
    page = browser.submit(f"{own}/what", **{"v0-content": "Mine"})
    assert (page.status, "somebody changed this draft" in page.text) == (412, True)
    assert page.form(f"{own}/what").value("v0-content") == "Mine"
    browser.submit(f"{own}/what")
    assert place.parts.campaigns.get(ana, UUID(own.rpartition("/")[2])).campaign.variants[0].content == "Mine"


@pytest.mark.usefixtures("talks")
def test_from_the_list_of_fans(place: Place, ana: Principal) -> None:
    zoe, _, max_ = fans(place, ana, "Zoë", "Tom", "Max", tags=("vip",))
    browser = place.signed_in()
    page = browser.get("/fans?tag=vip")
    csrf = ("csrf", page.form("/fans/bulk/tags").value("csrf"))
    page = browser.post(f"{BULK}/from-fans", [csrf, ("fan", str(zoe)), ("fan", str(max_))])
    assert "2 fans, chosen one by one" in page.text
    assert "2 fans will get this" in page.text
    page = browser.submit(page.path, named="0")
    assert "3 fans will get this" in page.text
    page = browser.post(f"{BULK}/from-fans", [csrf, ("all", "1"), ("tag", "vip")])
    assert page.form(f"{BULK}/new").value("include-tags") == "vip"
    page = browser.post(f"{BULK}/from-fans", [csrf, ("all", "1"), ("q", "Zo")])
    assert (page.path.partition("?")[0], "Tick these fans one by one" in page.text) == ("/fans", True)


@pytest.mark.usefixtures("ana")
def test_a_form_sent_twice_is_one_draft(place: Place) -> None:
    browser = place.signed_in()
    form = browser.get(f"{BULK}/new").form(f"{BULK}/new")
    first, second = (browser.post(f"{BULK}/new", form.fields).path for _ in range(2))
    assert first == second
    assert place.run("SELECT count(*) FROM campaigns") == [(1,)]


def test_a_draft_is_thrown_away(place: Place, ana: Principal) -> None:
    campaign, browser = draft(place, ana), place.signed_in()
    form = browser.get(f"{BULK}/{campaign.id}/whom").form(f"{BULK}/{campaign.id}/whom")
    page = browser.post(f"{BULK}/{campaign.id}/discard", form.fields)
    assert "The draft is gone." in page.text
    assert browser.get(f"{BULK}/{campaign.id}").status == 404
