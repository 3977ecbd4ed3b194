"""About the fan, in a browser: a payment shows while somebody writes beside it, and it folds where there is no room."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import MILLISECONDS_TO_ANSWER, OpenPage
from tests.e2e.pages.test_inbox import CHOOSE, SUBJECT
from tests.support.deployed import DEMO_OWNER
from tests.support.deployed_creators import DeployedCreators
from tests.support.page_watch import violations
from tests.support.post_office import Creator


@pytest.fixture
def creator(creators: DeployedCreators) -> Iterator[Creator]:
    """A creator whose owner signs in, and afterwards is where they were before: others share this session."""
    [(subject,)] = creators.run(SUBJECT, email=DEMO_OWNER)
    yield creators.creator(subject)
    creators.run(CHOOSE, workspace=None, subject=subject)


def _open_thread(page: Page, creators: DeployedCreators, creator: Creator) -> str:
    fan = f"on-{creator.fans[0]}"
    creators.run(CHOOSE, workspace=creator.workspace_id, subject=creator.owner.subject)
    creators.platform.happen("message", creator.user_id, fan, text="Are you there?")
    page.goto("/messages/onlyfans")
    page.get_by_role("link", name=re.compile("Are you there")).click(timeout=60_000)
    expect(page.locator("#talk")).to_contain_text("Are you there?")
    return fan


def test_a_payment_shows_while_somebody_writes_beside_it(
    signed_in: OpenPage, creators: DeployedCreators, creator: Creator
) -> None:
    page = signed_in(DEMO_OWNER)
    fan = _open_thread(page, creators, creator)
    note = page.get_by_label("Write a note for the team")
    note.fill("Half a note")
    creators.platform.happen("tip", creator.user_id, fan, amountCents=123_45)
    expect(page.locator("#fan-purchases")).to_contain_text("$123.45", timeout=60_000)
    expect(page.locator("#fan-value")).to_contain_text("$123.45")
    expect(note).to_have_value("Half a note")
    expect(note).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#fan-notes .prose")).to_have_text("Half a note", timeout=MILLISECONDS_TO_ANSWER)
    page.locator("#fan-facts summary").click()
    page.get_by_label("Phone").fill("+33 1 23 45 67 89")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("#fan-facts dl")).to_contain_text("+33 1 23 45 67 89", timeout=MILLISECONDS_TO_ANSWER)
    assert violations(page) == []

    page.locator("#fan-facts h2").click()
    page.keyboard.press("i")
    expect(page.locator("#about")).to_be_hidden()
    page.reload()
    expect(page.locator("#about")).to_be_hidden()
    page.keyboard.press("i")
    expect(page.locator("#fan-value")).to_be_visible(timeout=MILLISECONDS_TO_ANSWER)


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_it_folds_where_there_is_no_room(
    signed_in: OpenPage, creators: DeployedCreators, creator: Creator, size: str
) -> None:
    page = signed_in(DEMO_OWNER, size="phone" if size == "phone" else "desktop")
    if size == "tablet":
        page.set_viewport_size({"width": 1000, "height": 800})
    _open_thread(page, creators, creator)
    thread = page.url
    expect(page.locator("#about")).to_be_hidden()
    page.get_by_role("link", name="About", exact=True).click()
    expect(page.locator("#fan-value")).to_be_visible(timeout=MILLISECONDS_TO_ANSWER)
    assert page.url == f"{thread}/about"
    expect(page.locator("#talk")).to_be_visible(visible=size == "tablet")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    assert violations(page) == []
    page.reload()
    expect(page.locator("#fan-value")).to_be_visible(timeout=MILLISECONDS_TO_ANSWER)
    page.get_by_role("link", name="Back to the conversation").click()
    expect(page.locator("#about")).to_be_hidden(timeout=MILLISECONDS_TO_ANSWER)
    expect(page.locator("#talk")).to_be_visible()
    assert page.url == thread
