"""In the inbox nothing moves that nobody moved: not while an answer is late, nor while news come."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import OpenPage
from tests.e2e.pages.test_inbox import CHOOSE, NEWS, SUBJECT
from tests.e2e.pages.test_inbox_lists import CROWD
from tests.support.deployed import DEMO_OWNER
from tests.support.deployed_creators import DeployedCreators
from tests.support.inbox_watching import WATCH, answer_late, moved_by_itself
from tests.support.page_watch import violations
from tests.support.post_office import Creator


@pytest.fixture
def creator(creators: DeployedCreators) -> Iterator[Creator]:
    """Three fans who write and thirty who have; afterwards its owner is where they were: others share this session."""
    [(subject,)] = creators.run(SUBJECT, email=DEMO_OWNER)
    creator = creators.creator(subject, fans=3)
    creators.run(CROWD, workspace=creator.workspace_id)
    yield creator
    creators.run(CHOOSE, workspace=None, subject=subject)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_nothing_moves_while_one_answers_and_news_come(
    signed_in: OpenPage, creators: DeployedCreators, creator: Creator, size: str
) -> None:
    page = _open_second(signed_in(DEMO_OWNER, size=size), creators, creator)
    mine = page.locator("#conversations li:has([aria-current])")
    _send(page)
    expect(page.locator("#conversations li").first).to_have_id(str(mine.get_attribute("id")))
    assert moved_by_itself(page) == []

    creators.platform.happen("tip", creator.user_id, f"on-{creator.fans[0]}", amountCents=77_00)
    creators.platform.happen("message", creator.user_id, f"on-{creator.fans[0]}", text="So am I")
    expect(page.locator("#talk .in").last).to_contain_text("So am I", timeout=NEWS)
    creators.platform.happen("message", creator.user_id, f"on-{creator.fans[2]}", text="And me?")
    expect(page.locator("#conversations li").first).to_contain_text("And me?", timeout=NEWS)
    if size == "desktop":
        expect(page.locator("#fan-purchases")).to_contain_text("$77.00", timeout=NEWS)
    _settle(page)
    assert moved_by_itself(page) == []
    assert violations(page) == []


def test_rows_stay_until_they_are_asked_for_where_no_motion_is_wanted(
    signed_in: OpenPage, creators: DeployedCreators, creator: Creator
) -> None:
    page = _open_second(signed_in(DEMO_OWNER), creators, creator)
    page.emulate_media(reduced_motion="reduce")
    before = _order(page)
    _send(page)
    creators.platform.happen("message", creator.user_id, f"on-{creator.fans[2]}", text="And me?")
    newer = page.get_by_role("link", name="1 new")
    expect(newer).to_be_visible(timeout=NEWS)
    assert _order(page) == before
    _settle(page)
    assert moved_by_itself(page) == []
    newer.click()
    expect(page.locator("#conversations li").first).to_contain_text("And me?")
    expect(page.locator("#conversations li").nth(1).locator("[aria-current]")).to_have_count(1)


def _open_second(page: Page, creators: DeployedCreators, creator: Creator) -> Page:
    """Open the conversation that an answer will bring to the top, and let all answers be late from then on."""
    creators.run(CHOOSE, workspace=creator.workspace_id, subject=creator.owner.subject)
    page.add_init_script(WATCH)
    page.goto("/messages/onlyfans")
    for fan, text in zip(creator.fans, ("Are you there?", "Hello?"), strict=False):
        creators.platform.happen("message", creator.user_id, f"on-{fan}", text=text)
        expect(page.locator("#conversations li").first).to_contain_text(text, timeout=NEWS)
    page.get_by_role("link", name=re.compile("Are you there")).click()
    expect(page.locator("#talk")).to_contain_text("Are you there?")
    if page.locator("#about").is_visible():
        expect(page.locator("#fan-value")).to_be_visible()
    _settle(page)
    assert moved_by_itself(page) == []
    answer_late(page)
    return page


def _send(page: Page) -> None:
    page.locator("#text").fill("Always")
    page.locator("[data-send]").click()
    expect(page.locator("#m-new")).to_contain_text("Always")
    expect(page.locator("#talk .out:not(#m-new)")).to_contain_text("Always", timeout=NEWS)
    _settle(page)


def _settle(page: Page) -> None:
    """What glides has arrived, and the browser has told of it."""
    page.evaluate("Promise.allSettled(document.getAnimations().map((way) => way.finished))")
    page.evaluate("new Promise((told) => requestAnimationFrame(() => setTimeout(told, 100)))")


def _order(page: Page) -> list[str]:
    ids: list[str] = page.locator("#conversations li").evaluate_all("(rows) => rows.map((row) => row.id)")
    return ids
