"""Home in a browser: what needs somebody arrives by itself, leads there, and is in the log of what was said."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import OpenPage
from tests.e2e.pages.test_inbox import CHOOSE, SUBJECT
from tests.support.deployed import DEMO_OWNER
from tests.support.deployed_creators import DeployedCreators
from tests.support.post_office import Creator


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_fan_writes_and_is_answered_from_home(signed_in: OpenPage, creators: DeployedCreators, size: str) -> None:
    [(subject,)] = creators.run(SUBJECT, email=DEMO_OWNER)
    creator = creators.creator(subject)
    page = signed_in(DEMO_OWNER, size=size)
    creators.run(CHOOSE, workspace=creator.workspace_id, subject=subject)
    try:
        _work(page, creators, creator)
    finally:  # others share this session
        creators.run(CHOOSE, workspace=None, subject=subject)


def _work(page: Page, creators: DeployedCreators, creator: Creator) -> None:
    page.goto("/")
    expect(page.locator("#home")).to_contain_text("Nothing needs you")
    expect(page.locator("#pace")).to_contain_text(" left", timeout=30_000)
    creators.platform.happen("message", creator.user_id, f"on-{creator.fans[0]}", text="Are you at home?")
    unread = page.locator("#need-unread")
    expect(unread).to_contain_text("Are you at home?", timeout=60_000)
    unread.get_by_role("link", name=re.compile(".+")).last.click()
    page.locator("#text").fill("Always")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#talk .out")).to_contain_text("Sent ", timeout=60_000)

    page.goto("/messages/onlyfans/sent?state=sent")
    row = page.locator("#sent li").first
    expect(row).to_contain_text("Always")
    expect(row).to_contain_text("approved by ")
    row.get_by_role("link").click()
    expect(page.locator("#talk .out").last).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#sent li")).to_have_count(1)
    page.goto("/")
    expect(page.locator("#home")).to_contain_text("Nothing needs you")
