"""The last step of a campaign: exactly what was seen is approved, and what cannot be sent says why."""

import re
from uuid import UUID

import pytest

from huntaze.campaigns.model import Variant
from huntaze.members.model import Principal
from tests.integration.pages.campaigns_at_hand import BULK, began, draft, fans, launched
from tests.integration.pages.conftest import Place


@pytest.mark.usefixtures("talks")
def test_only_what_was_seen_is_approved(place: Place, ana: Principal) -> None:
    fans(place, ana, "Zoë")
    campaign = draft(place, ana, "What I saw")
    own, browser = f"{BULK}/{campaign.id}", place.signed_in()
    browser.get(f"{own}/when")
    place.parts.campaigns.change(ana, campaign.id, {"variants": (Variant(content="What came <b>later"),)})
    page = browser.submit(f"{own}/launch")
    assert (page.status, "Here is what changed" in page.text) == (412, True)
    assert ">What I saw</del>" in page.html
    assert ">What came &lt;b&gt;later</ins>" in page.html
    assert place.run("SELECT status FROM campaigns") == [("draft",)]
    page = browser.submit(f"{own}/launch")
    assert "Approved. 1 fan gets it." in page.text


def test_what_cannot_be_sent_has_no_button_and_says_why(place: Place, ana: Principal) -> None:
    browser = place.signed_in()
    own = f"{BULK}/{began(browser)}"
    assert "a variant is still empty" in browser.get(f"{own}/when").text
    browser.get(f"{own}/what")
    page = browser.submit(f"{own}/what", **{"v0-content": "Hi"})
    assert "Nobody would get this." in page.text
    fans(place, ana, "Zoë")
    page = browser.get(f"{own}/when")
    assert "No account is connected" in page.text
    assert f"{own}/launch" not in page.html


@pytest.mark.usefixtures("talks")
def test_times_are_the_creators(place: Place) -> None:
    who = place.member(place.workspace("Paris", "Europe/Paris"), email="lou@example.com")
    browser = place.signed_in("lou@example.com")
    own = f"{BULK}/{began(browser)}"
    browser.get(f"{own}/when")
    typed = {"starts_at": "2031-07-01T10:00", "quiet_begin": "22:00", "quiet_end": "08:00", "quiet_zone": "fan"}
    page = browser.submit(f"{own}/when", element="outlook", **typed)
    assert page.status == 200
    schedule = place.parts.campaigns.get(who, UUID(own.rpartition("/")[2])).campaign.schedule
    assert schedule.starts_at is not None
    assert schedule.starts_at.isoformat() == "2031-07-01T08:00:00+00:00"
    assert schedule.quiet is not None
    assert schedule.quiet.in_fans_zone
    form = browser.get(f"{own}/when").form(f"{own}/when")
    assert (form.value("starts_at"), form.value("quiet_end")) == ("2031-07-01T10:00", "08:00")


@pytest.mark.usefixtures("talks")
def test_names_and_texts_stay_text_and_in_their_direction(place: Place, ana: Principal) -> None:
    hostile = '<script>alert("x")</script>\u202eשלם'
    fans(place, ana, hostile)
    campaign = launched(place, ana, hostile, name=hostile)
    written = draft(place, ana, hostile, name=hostile)
    browser = place.signed_in()
    for path in ("", f"/{campaign.id}", f"/{written.id}/whom", f"/{written.id}/what", f"/{written.id}/when"):
        page = browser.get(f"{BULK}{path}")
        assert "<script>alert" not in page.html
        told = re.findall(r"<(\w+)[^>]*>\s*&lt;script", page.html)
        assert told, path
        for tag, about in re.findall(r"<(\w+)([^>]*)>\s*&lt;script", page.html):
            assert tag in {"bdi", "textarea", "option", "title"} or "dir=" in about, (path, tag, about)


@pytest.mark.usefixtures("talks")
def test_how_long_it_takes_is_said_beforehand(place: Place, ana: Principal) -> None:
    fans(place, ana, *(f"Fan {number}" for number in range(30)))
    launched(place, ana, name="The first")
    campaign = draft(place, ana)
    page = place.signed_in().get(f"{BULK}/{campaign.id}/when")
    assert "“The first” leaves at the same time: 30 messages still wait" in page.text
    assert "Done about" in page.text
