"""The inbox in a browser: a fan writes, somebody answers, and the fan's reply arrives by itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import OpenPage
from tests.support.deployed import DEMO_OWNER
from tests.support.deployed_creators import DeployedCreators
from tests.support.page_watch import violations
from tests.support.post_office import Creator

SUBJECT = "SELECT subject FROM members WHERE email = %(email)s LIMIT 1"
CHOOSE = "UPDATE sessions SET chosen_workspace_id = %(workspace)s WHERE subject = %(subject)s"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_fan_is_read_and_answered_and_their_reply_arrives(
    signed_in: OpenPage, creators: DeployedCreators, size: str
) -> None:
    [(subject,)] = creators.run(SUBJECT, email=DEMO_OWNER)
    creator = creators.creator(subject)
    page = signed_in(DEMO_OWNER, size=size)
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


NEWS = 60_000  # milliseconds: the next news, on a machine that has other things to do
BEN = """
INSERT INTO members (workspace_id, id, subject, email, display_name, role)
VALUES (%(workspace)s, gen_random_uuid(), %(subject)s, %(email)s, 'Ben', 'chatter')
"""
OTHER = "SELECT subject, email FROM members WHERE role = 'chatter' AND email LIKE '%%@demo.huntaze.test' LIMIT 1"


def test_two_in_one_thread_see_each_other_and_one_answers(signed_in: OpenPage, creators: DeployedCreators) -> None:
    [(mine,)] = creators.run(SUBJECT, email=DEMO_OWNER)
    [(theirs, email)] = creators.run(OTHER)
    creator = creators.creator(mine, fans=2)
    creators.run(BEN, workspace=creator.workspace_id, subject=theirs, email=email)
    first, second = signed_in(DEMO_OWNER), signed_in(email)
    for subject in (mine, theirs):
        creators.run(CHOOSE, workspace=creator.workspace_id, subject=subject)
    try:
        _share(first, second, creators, creator)
    finally:  # others share these sessions
        for subject in (mine, theirs):
            creators.run(CHOOSE, workspace=None, subject=subject)


def _share(first: Page, second: Page, creators: DeployedCreators, creator: Creator) -> None:
    fan, another = (f"on-{each}" for each in creator.fans)
    first.goto("/messages/onlyfans")
    creators.platform.happen("message", creator.user_id, fan, text="Are you there?")
    row = first.get_by_role("link", name=re.compile("Are you there"))
    row.click(timeout=NEWS)
    expect(first.locator("#talk")).to_contain_text("Are you there?", timeout=NEWS)
    second.goto(first.url)
    expect(first.locator("#company")).to_contain_text("Ben", timeout=NEWS)

    first.locator("#text").fill("Half a sen")
    expect(second.locator("#answering")).to_contain_text("is answering", timeout=NEWS)
    second.locator("#text").fill("Mine instead")
    second.keyboard.press("Control+Enter")
    expect(second.locator("#composer .notice")).to_contain_text("Yours was not sent", timeout=NEWS)
    second.locator("#answering button").click()
    expect(first.locator("#answering")).to_contain_text("Ben is answering", timeout=NEWS)
    second.locator("[data-send]").click()
    expect(first.locator("#talk .out")).to_contain_text("Mine instead", timeout=NEWS)
    expect(first.locator("#toasts")).to_contain_text("Ben has answered meanwhile", timeout=NEWS)
    expect(first.locator("#text")).to_have_value("Half a sen", timeout=NEWS)

    creators.platform.happen("message", creator.user_id, another, text="And me?")
    expect(second.locator("#toasts a")).to_contain_text("And me?", timeout=NEWS)
    second.locator("#toasts a").click()
    expect(second.locator("#talk")).to_contain_text("And me?", timeout=NEWS)
    expect(first.locator("#company")).to_have_text("", timeout=NEWS)
    second.go_back()
    expect(second.locator("#talk")).to_contain_text("Are you there?", timeout=NEWS)
    expect(first.locator("#company")).to_contain_text("Ben", timeout=NEWS)
