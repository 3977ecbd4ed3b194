"""A campaign in a browser: chosen, written, looked at, approved, paused, let go on, and what came of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import OpenPage
from tests.e2e.pages.test_inbox import CHOOSE, SUBJECT
from tests.support.deployed import DEMO_OWNER
from tests.support.deployed_creators import DeployedCreators
from tests.support.page_watch import violations
from tests.support.post_office import Creator

FANS = 12
SCALED = {"messages": 2, "seconds": 6}  # slow enough to be paused on the way


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_from_a_draft_to_its_results(signed_in: OpenPage, creators: DeployedCreators, size: str) -> None:
    [(subject,)] = creators.run(SUBJECT, email=DEMO_OWNER)
    creator = creators.creator(subject, fans=FANS, **SCALED)
    page = signed_in(DEMO_OWNER, size=size)
    creators.run(CHOOSE, workspace=creator.workspace_id, subject=subject)
    try:
        _write(page)
        _approve(page)
        _steer(page)
        _read(page, creators, creator)
    finally:  # others share this session
        creators.run(CHOOSE, workspace=None, subject=subject)


def _write(page: Page) -> None:
    page.goto("/messages/bulk")
    page.get_by_role("link", name="Choose whom to write to").click()
    expect(page.locator("#reach .figure")).to_have_text(str(FANS))
    page.get_by_label("Name", exact=True).fill("First look")
    page.get_by_label("Tags").first.fill("nobody-has-this")
    expect(page.locator("#reach .figure")).to_have_text("0")
    page.get_by_label("Tags").first.fill("")
    expect(page.locator("#reach .figure")).to_have_text(str(FANS))
    assert violations(page) == []
    page.get_by_role("button", name="What").click()

    text = page.get_by_label("Message")
    text.fill("Hi ")
    page.get_by_role("button", name="First name").click()
    expect(text).to_have_value("Hi {name|there}")
    text.press("End")
    text.press_sequentially("!")
    expect(page.locator("#look .bubble")).to_have_text("Hi Fan!")
    expect(page.locator("#look")).to_contain_text("Kept as a draft")
    page.reload()
    expect(text).to_have_value("Hi {name|there}!")
    page.get_by_label("Find a fan by name").fill("Fan 7")
    expect(page.locator("#look option")).to_have_text(["Fan 7"])
    assert violations(page) == []
    page.get_by_role("button", name="When and approve").click()


def _approve(page: Page) -> None:
    outlook = page.locator("#outlook")
    expect(outlook).to_contain_text(f"You approve these words for {FANS} fans.")
    expect(outlook).to_contain_text("Done about")
    page.get_by_label("Begin").fill("2099-01-01T10:00")
    expect(outlook.get_by_role("button", name="Approve and schedule")).to_be_visible()
    page.get_by_label("Begin").fill("")
    expect(outlook).to_contain_text("Hi Fan!")
    assert violations(page) == []
    page.go_back()
    expect(page.get_by_label("Message")).to_have_value("Hi {name|there}!")
    page.go_forward()
    outlook.get_by_role("button", name="Approve and send").click()
    expect(page.locator("#toasts")).to_contain_text(f"Approved. {FANS} fans get it.")


def _steer(page: Page) -> None:
    campaign = page.locator("#campaign")
    page.get_by_role("button", name="Pause").click()
    expect(campaign).to_contain_text("Somebody paused it.")
    assert violations(page) == []
    page.get_by_role("button", name="Go on").click()
    expect(campaign).to_contain_text("On its way")
    page.get_by_text("Cancel", exact=True).click()
    expect(campaign).to_contain_text(re.compile(r"still waits? do(es)? not get it\. This cannot be undone\."))


def _read(page: Page, creators: DeployedCreators, creator: Creator) -> None:
    campaign = page.locator("#campaign")
    expect(campaign).to_contain_text(f"{FANS} sent of {FANS} recipients", timeout=180_000)
    said = [one["text"] for one in creators.platform.log(creator.user_id)]
    assert said.count("Hi Fan!") == FANS
    page.get_by_role("link", name=re.compile("^Sent")).click()
    expect(campaign.locator("ul.lines li")).to_have_count(FANS)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    assert download.value.path().read_text("utf-8-sig").count("\n") == FANS + 1
    page.goto("/messages/bulk")
    expect(page.locator("#campaigns")).to_contain_text("First look")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
