"""The list of conversations in a browser: it is narrowed step by step, and stands still for who is further down."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import OpenPage
from tests.e2e.pages.test_inbox import CHOOSE, SUBJECT
from tests.support.deployed import DEMO_OWNER
from tests.support.deployed_creators import DeployedCreators
from tests.support.page_watch import violations
from tests.support.post_office import Creator

SCROLLED = """
(() => {
  const list = document.querySelector(".list");
  return list.scrollHeight > list.clientHeight ? list : document.scrollingElement;
})()
"""
CROWD = """
WITH fan AS (
    INSERT INTO fans (workspace_id, id, name, platform, tags, value_cents)
    SELECT %(workspace)s, gen_random_uuid(), 'Fan ' || number, 'onlyfans', '["vip"]', number * 100
    FROM generate_series(1, 30) AS number
    RETURNING workspace_id, id, value_cents
)
INSERT INTO conversations (workspace_id, id, fan_id, platform, last_message_at)
SELECT workspace_id, gen_random_uuid(), id, 'onlyfans', now() - interval '1 day' - value_cents * interval '1 second'
FROM fan
"""


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_list_is_narrowed_and_stands_still(signed_in: OpenPage, creators: DeployedCreators, size: str) -> None:
    [(subject,)] = creators.run(SUBJECT, email=DEMO_OWNER)
    creator = creators.creator(subject)
    creators.run(CROWD, workspace=creator.workspace_id)
    page = signed_in(DEMO_OWNER, size=size)
    creators.run(CHOOSE, workspace=creator.workspace_id, subject=subject)
    try:
        _narrow(page)
        _stand_still(page, creators, creator)
    finally:  # others share this session
        creators.run(CHOOSE, workspace=None, subject=subject)


def _narrow(page: Page) -> None:
    page.goto("/messages/onlyfans")
    page.locator(".list summary").click()
    page.locator("#tag").fill("vip")
    page.locator("#min_value").fill("20")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(11)
    expect(page).to_have_url(re.compile(r"\?min_value=20&tag=vip$"))
    assert violations(page) == []
    page.locator(".list .tag", has_text="Tag: vip").click()
    expect(page).to_have_url(re.compile(r"\?min_value=20$"))
    page.go_back()
    expect(page.locator(".list .tag", has_text="Tag: vip")).to_be_visible()
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url(re.compile(r"/messages/onlyfans$"))


def _stand_still(page: Page, creators: DeployedCreators, creator: Creator) -> None:
    row = page.locator("[data-row] a").nth(14)
    row.focus()
    row.scroll_into_view_if_needed()
    page.evaluate(f"{SCROLLED}.scrollTop = 400")
    before = [page.evaluate(f"{SCROLLED}.scrollTop"), page.evaluate("document.activeElement.href")]
    creators.platform.happen("message", creator.user_id, f"on-{creator.fans[0]}", text="I am new here")
    newer = page.get_by_role("link", name="1 new")
    expect(newer).to_be_visible(timeout=60_000)
    assert [page.evaluate(f"{SCROLLED}.scrollTop"), page.evaluate("document.activeElement.href")] == before
    newer.click()
    expect(page.locator("[data-row]").first).to_contain_text("I am new here")
    assert page.evaluate(f"{SCROLLED}.scrollTop") == 0
