"""The inbox in a browser: a fan writes, somebody answers, and the fan's reply arrives by itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import OpenPage
from tests.e2e.pages.test_accessibility import violations
from tests.support.deployed_creators import DeployedCreators
from tests.support.post_office import Creator

EMAIL = "zoe@demo.huntaze.test"
SUBJECT = "SELECT subject FROM members WHERE email = %(email)s LIMIT 1"
CHOOSE = "UPDATE sessions SET chosen_workspace_id = %(workspace)s WHERE subject = %(subject)s"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_fan_is_read_and_answered_and_their_reply_arrives(
    signed_in: OpenPage, creators: DeployedCreators, size: str
) -> None:
    [(subject,)] = creators.run(SUBJECT, email=EMAIL)
    creator = creators.creator(subject)
    page = signed_in(EMAIL, size=size)
    creators.run(CHOOSE, workspace=creator.workspace_id, subject=subject)
    try:
        _talk(page, creators, creator)
    finally:  # others share this session
        creators.run(CHOOSE, workspace=None, subject=subject)


def _talk(page: Page, creators: DeployedCreators, creator: Creator) -> None:
    fan = f"on-{creator.fans[0]}"
    page.goto("/messages/onlyfans")
    creators.platform.happen("message", creator.user_id, fan, text="Are you there?")
    page.get_by_role("link", name=re.compile("Are you there")).click(timeout=60_000)
    expect(page.locator("#talk")).to_contain_text("Are you there?")
    assert violations(page) == []

    field = page.locator("#text")
    field.fill("Always")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#talk .out")).to_contain_text("Always")
    expect(field).to_have_value("")
    expect(page.locator("#talk .out")).to_contain_text("Sent ", timeout=60_000)

    field.fill("Half a sen")
    creators.platform.happen("message", creator.user_id, fan, text="So am I")
    expect(page.locator("#talk .in").last).to_contain_text("So am I", timeout=60_000)
    expect(field).to_have_value("Half a sen")
    expect(field).to_be_focused()
