"""Composing in a browser: what waits is changed before it leaves, and leaves once with the new words."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import OpenPage
from tests.e2e.pages.test_inbox import CHOOSE, SUBJECT
from tests.support.deployed import DEMO_OWNER
from tests.support.deployed_creators import DeployedCreators
from tests.support.page_watch import violations
from tests.support.post_office import Creator

PAUSE = "UPDATE platform_connections SET paused_at = now(), pause_reason = 'a test' WHERE id = %(account)s"
RESUME = "UPDATE platform_connections SET paused_at = NULL, pause_reason = NULL WHERE id = %(account)s"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_waits_is_changed_and_leaves_once(signed_in: OpenPage, creators: DeployedCreators, size: str) -> None:
    [(subject,)] = creators.run(SUBJECT, email=DEMO_OWNER)
    creator = creators.creator(subject)
    page = signed_in(DEMO_OWNER, size=size)
    creators.run(CHOOSE, workspace=creator.workspace_id, subject=subject)
    try:
        _compose(page, creators, creator)
    finally:  # others share this session
        creators.run(CHOOSE, workspace=None, subject=subject)


def _compose(page: Page, creators: DeployedCreators, creator: Creator) -> None:
    fan = f"on-{creator.fans[0]}"
    creators.platform.happen("message", creator.user_id, fan, text="Shall we?")
    page.goto("/messages/onlyfans")
    page.get_by_role("link", name="Shall we?").click(timeout=60_000)
    creators.run(PAUSE, account=creator.account_id)

    field = page.locator("#text")
    field.fill("Tonigt")
    page.keyboard.press("Control+Enter")
    line = page.locator("#talk .out").last
    expect(line).to_contain_text("Tonigt")
    expect(field).to_have_value("")
    line.get_by_role("link", name="Edit").click()
    expect(field).to_have_value("Tonigt")
    expect(field).to_be_focused()
    expect(page.locator("#composer")).to_contain_text("You are changing a message that waits.")
    page.reload()
    expect(field).to_have_value("Tonigt")
    assert violations(page) == []

    field.fill("Tonight")
    page.get_by_role("button", name="Approve the change").click()
    expect(line).to_contain_text("Tonight")
    expect(field).to_have_value("")
    assert "edit=" not in page.url
    page.get_by_text("Price and media").click()
    page.get_by_label("Price in USD").fill("12")
    page.get_by_label("Addresses of media").fill("https://media.example.com/set/1.jpg")
    expect(page.locator("#sight")).to_contain_text("locked for $12.00")
    page.get_by_label("Price in USD").fill("")
    page.get_by_role("button", name="Remove media.example.com").click()
    expect(page.locator("#sight a")).to_have_count(0)

    creators.run(RESUME, account=creator.account_id)
    expect(page.locator("#talk .out").last).to_contain_text("Sent ", timeout=90_000)
    said = [one["text"] for one in creators.platform.log(creator.user_id)]
    assert said.count("Tonight") == 1
    assert "Tonigt" not in said
