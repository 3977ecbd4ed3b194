"""A campaign that was launched: how far it is, what came of it, what can be done, and for whom that is."""

import re

import pytest

from huntaze.campaigns.model import Variant
from huntaze.members.model import Principal, Role
from tests.integration.pages.campaigns_at_hand import BULK, draft, fans, launched, sends
from tests.integration.pages.conftest import Place


@pytest.mark.usefixtures("talks")
def test_results_tell_each_variant_and_each_recipient_with_its_reason(place: Place, ana: Principal) -> None:
    fans(place, ana, *(f"Fan {number}" for number in range(8)))
    fans(place, ana, "Never", do_not_contact=True)
    variants = (Variant(content="One", name="A", share=50), Variant(content="Two", name="B", share=50))
    campaign = launched(place, ana, variants=variants)
    own, browser = f"{BULK}/{campaign.id}", place.signed_in()
    sends(place, ana, 3)
    sends(place, ana, 1, "failed", "price")
    place.parts.flowing.round(float("inf"))
    page = browser.get(own)
    assert "3 sent of 8 recipients" in page.text
    assert "not to be contacted 1" in page.text
    assert "A reply counts within 72 hours of the message" in page.text
    assert re.search(r"All 3 1 0 1 0 0 \$0.00", page.text)
    assert "Delivered" not in page.text, "no bridge reports it"
    page = browser.get(f"{own}?state=failed")
    assert "Not sent: the platform does not take this price." in page.text
    assert len(re.findall(r'id="r-', page.html)) == 1
    assert "Left out: not to be contacted" in browser.get(f"{own}?state=skipped").text
    browser.get(own)
    page = browser.submit(f"{own}/retry")
    assert "What failed is on its way again." in page.text
    assert "3 sent of 8 recipients" in browser.get(BULK).text


@pytest.mark.usefixtures("talks")
def test_it_rests_goes_on_and_stops(place: Place, ana: Principal) -> None:
    fans(place, ana, *(f"Fan {number}" for number in range(3)))
    campaign = launched(place, ana)
    own, browser = f"{BULK}/{campaign.id}", place.signed_in()
    browser.get(own)
    page = browser.submit(f"{own}/pause")
    assert "Somebody paused it." in page.text
    assert "Press “Go on”" in page.text
    assert "Somebody paused it." in browser.get(BULK).text
    browser.get(own)
    page = browser.submit(f"{own}/resume")
    assert "On its way" in page.text
    assert "3 fans who still wait do not get it." in page.text
    page = browser.submit(f"{own}/cancel")
    assert "Who has got it has got it" in page.text
    assert f"{own}/cancel" not in page.html
    page = browser.post(f"{own}/resume", [("csrf", page.form(f"{own}/duplicate").value("csrf"))])
    assert "the campaign is in another state now" in page.text
    page = browser.submit(f"{own}/duplicate")
    assert page.form(page.path).value("name") == "Spring (copy)"
    assert place.run("SELECT count(*) FROM campaigns WHERE status = 'draft'") == [(1,)]


@pytest.mark.parametrize(
    ("reason", "told"), [("errors", "1 of 2 failed"), ("late", "its start was missed by more than an hour")]
)
@pytest.mark.usefixtures("talks")
def test_why_it_rests_by_itself(place: Place, ana: Principal, reason: str, told: str) -> None:
    fans(place, ana, "One", "Two", "Three")
    campaign = launched(place, ana)
    sends(place, ana, 1)
    sends(place, ana, 1, "failed", "price")
    place.run("UPDATE campaigns SET status = 'paused', pause_reason = %s WHERE id = %s", reason, campaign.id)
    place.parts.flowing.round(float("inf"))
    assert told in place.signed_in().get(f"{BULK}/{campaign.id}").text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("status = 'expired'", "OnlyFans · The account is signed out. It goes on by itself once the login is renewed."),
        ("paused_at = now(), pause_reason = 'a rest'", "Somebody paused the account."),
        ("held_until = now() + interval '1 hour', held_reason = 'too_fast'", "Next try:"),
    ],
)
@pytest.mark.usefixtures("talks")
def test_why_it_stands_still(place: Place, ana: Principal, change: str, told: str) -> None:
    fans(place, ana, "One", "Two")
    campaign, browser = launched(place, ana), place.signed_in()
    assert "The account" not in browser.get(f"{BULK}/{campaign.id}").text
    place.run("UPDATE platform_connections SET " + change + " WHERE workspace_id = %s", ana.workspace_id)  # noqa: S608
    page = browser.get(f"{BULK}/{campaign.id}")
    assert told in page.text
    assert 'href="/platforms/connect/onlyfans"' in page.html
    assert ("The account is signed out." in browser.get(BULK).text) == ("expired" in change)


@pytest.mark.usefixtures("talks")
def test_news_are_told_once(place: Place, ana: Principal) -> None:
    fans(place, ana, "Zoë", "Max")
    campaign = launched(place, ana)
    place.parts.steering.pause(ana, campaign.id)
    browser = place.signed_in()
    for address, element in ((BULK, "campaigns"), (f"{BULK}/{campaign.id}", "campaign")):
        word = browser.part(address, element).headers["ETag"]
        asked = {"hx_request_type": "partial", "hx_target": f"section#{element}", "if_none_match": word}
        told = browser.get(address, follow=False, **asked)
        assert (told.status, told.content) == (304, b"")
    place.parts.steering.cancel(ana, campaign.id)
    assert browser.get(address, follow=False, **asked).status == 200


@pytest.mark.usefixtures("talks")
def test_analysts_read_results_and_nothing_else(place: Place, ana: Principal) -> None:
    fans(place, ana, "Secret Name")
    campaign, written = launched(place, ana), draft(place, ana)
    place.member(ana.workspace_id, Role.ANALYST, "nia@example.com")
    browser = place.signed_in("nia@example.com")
    page = browser.get(BULK)
    assert "Spring" in page.text
    assert f"{BULK}/new" not in page.html
    page = browser.get(f"{BULK}/{campaign.id}")
    assert "0 sent of 1 recipient" in page.text
    assert "Secret Name" not in page.text
    assert f"{BULK}/{campaign.id}/pause" not in page.html
    assert browser.get(f"{BULK}/{written.id}").status == 200
    assert browser.get(f"{BULK}/{written.id}/what").status == 403
    assert browser.get(f"{BULK}/new").status == 403


def test_chatters_have_none(place: Place, ana: Principal) -> None:
    place.member(ana.workspace_id, Role.CHATTER, "tim@example.com")
    browser = place.signed_in("tim@example.com")
    assert BULK not in browser.get("/").html
    assert browser.get(BULK).status == 403


@pytest.mark.usefixtures("talks")
def test_another_workspaces_campaigns_are_not_there(place: Place, ana: Principal) -> None:
    fans(place, ana, "Zoë")
    campaign, written = launched(place, ana), draft(place, ana)
    place.member(place.workspace("Elsewhere"), email="eve@example.com")
    browser = place.signed_in("eve@example.com")
    assert "Spring" not in browser.get(BULK).text
    csrf = [("csrf", browser.get(f"{BULK}/new").form(f"{BULK}/new").value("csrf"))]
    for path in ("", "/whom", "/what", "/when"):
        assert browser.get(f"{BULK}/{written.id}{path}").status == 404
    for path in ("/whom", "/what", "/when", "/launch", "/discard", "/duplicate"):
        assert browser.post(f"{BULK}/{written.id}{path}", csrf).status == 404
    for path in ("/pause", "/resume", "/cancel", "/retry"):
        assert browser.post(f"{BULK}/{campaign.id}{path}", csrf).status == 404
    assert place.run("SELECT status FROM campaigns ORDER BY status") == [("active",), ("draft",)]


@pytest.mark.usefixtures("talks")
def test_recipients_come_by_cursor(place: Place, ana: Principal) -> None:
    fans(place, ana, *(f"Fan {number}" for number in range(45)))
    campaign = launched(place, ana)
    browser = place.signed_in()
    page = browser.get(f"{BULK}/{campaign.id}")
    first = set(re.findall(r'id="r-([^"]*)"', page.html))
    [following] = re.findall(r'rel="next" href="([^"]*)"', page.html)
    rest = set(re.findall(r'id="r-([^"]*)"', browser.get(following.replace("&amp;", "&")).html))
    assert (len(first), len(rest), first & rest) == (40, 5, set())
    assert browser.get(f"{BULK}/{campaign.id}?state=sent&cursor={following.rpartition('=')[2]}").status == 200


@pytest.mark.usefixtures("talks")
def test_results_are_taken_along_whole(place: Place, ana: Principal, monkeypatch: pytest.MonkeyPatch) -> None:
    fans(place, ana, *(f"Fan {number}" for number in range(5)))
    campaign = launched(place, ana)
    monkeypatch.setattr("huntaze.campaigns.sheet.AT_A_TIME", 2)
    monkeypatch.setattr("huntaze.campaigns.sheet.MOST_ROWS", 2)
    browser, address, text = place.signed_in(), f"{BULK}/{campaign.id}/recipients.csv", ""
    while address:
        page = browser.get(address)
        text += page.html
        address = page.headers.get("Link", "").partition("<")[2].partition(">")[0]
    assert text.count("Fan ID") == 1
    assert sorted(re.findall(r"Fan \d", text)) == [f"Fan {number}" for number in range(5)]
    assert browser.get(f"{BULK}/{campaign.id}/recipients.csv?cursor=nonsense").status == 400
