"""A chatter's day in a browser: everything that becomes of what one says, with Back and reload in between."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.messages.model import Words
from huntaze.quick_replies.model import NewQuickReply
from huntaze.wording.model import Wording
from tests.e2e.pages.conftest import OpenPage
from tests.e2e.pages.test_composing import PAUSE, RESUME
from tests.e2e.pages.test_inbox import CHOOSE, SUBJECT
from tests.support.deployed import DEMO_OWNER
from tests.support.deployed_creators import DeployedCreators
from tests.support.page_watch import violations
from tests.support.post_office import Creator

A_WHILE = 90_000  # milliseconds: a round of everything that runs by schedule, on a machine with other things to do
MACHINE = """
INSERT INTO members (workspace_id, id, subject, email, role)
VALUES (%(workspace)s, %(id)s, %(subject)s, 'machine@example.com', 'machine')
"""
TALK = "SELECT id FROM conversations WHERE workspace_id = %(workspace)s"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_day(signed_in: OpenPage, creators: DeployedCreators, size: str) -> None:
    [(subject,)] = creators.run(SUBJECT, email=DEMO_OWNER)
    creator = creators.creator(subject, find=False)
    creators.parts.quick_replies.create(
        creator.owner, NewQuickReply(template=Wording("Good morning {name|you}"), category=None)
    )
    page = signed_in(DEMO_OWNER, size=size)
    creators.run(CHOOSE, workspace=creator.workspace_id, subject=subject)
    try:
        _Day(page, creators, creator).live()
    finally:  # others share this session
        creators.platform.end_faults(creator.user_id)
        creators.run(CHOOSE, workspace=None, subject=subject)


class _Day:
    def __init__(self, page: Page, creators: DeployedCreators, creator: Creator) -> None:
        self.page, self.creators, self.creator = page, creators, creator
        self.platform, self.fan = creators.platform, f"on-{creator.fans[0]}"
        self.field = page.locator("#text")

    def live(self) -> None:
        self._opens()
        self._says_with_a_quick_reply()
        self._sells()
        self._withdraws()
        self._sends_again()
        self._decides()
        self._changes_a_draft()
        assert violations(self.page) == []
        said = [one["text"] for one in self.platform.log(self.creator.user_id)]
        assert sorted(said) == sorted(["Good morning Fan", "Just for you", "Once more", "Nobody knows", "A person's"])

    def _last(self) -> Locator:
        return self.page.locator("#talk .out").last

    def _expect_still(self, words: str) -> None:
        """The same after a reload, and after Back and forward."""
        self.page.reload()
        expect(self._last()).to_contain_text(words, timeout=A_WHILE)
        self.page.goto("/fans")
        self.page.go_back()
        expect(self._last()).to_contain_text(words, timeout=A_WHILE)

    def _send(self, text: str) -> None:
        self.field.fill(text)
        self.page.keyboard.press("Control+Enter")
        expect(self._last()).to_contain_text(text, timeout=A_WHILE)
        expect(self.field).to_have_value("", timeout=A_WHILE)

    def _opens(self) -> None:
        self.page.goto("/messages/onlyfans")
        self.platform.happen("message", self.creator.user_id, self.fan, text="Good morning!")
        self.page.get_by_role("link", name=re.compile("Good morning")).click(timeout=A_WHILE)
        expect(self.page.locator("#talk .in")).to_contain_text("Good morning!")

    def _says_with_a_quick_reply(self) -> None:
        self.field.press("/")
        self.page.keyboard.type("morn")
        self.page.keyboard.press("Enter")
        expect(self.field).to_have_value("Good morning Fan")
        self.page.keyboard.press("Control+Enter")
        expect(self._last()).to_contain_text("Sent ", timeout=A_WHILE)
        self._expect_still("Good morning Fan")

    def _sells(self) -> None:
        self.page.get_by_text("Price and media").click()
        self.page.get_by_label("Price in USD").fill("12")
        self.page.get_by_label("Addresses of media").fill("https://media.example.com/set/1.jpg")
        self._send("Just for you")
        expect(self._last()).to_contain_text("Sent ", timeout=A_WHILE)
        expect(self._last()).to_contain_text("$12.00")
        self.platform.happen("purchase", self.creator.user_id, self.fan)
        expect(self._last()).to_contain_text("Bought", timeout=A_WHILE)
        self._expect_still("Bought")

    def _withdraws(self) -> None:
        self.creators.run(PAUSE, account=self.creator.account_id)
        self._send("Too hasty")
        self._last().get_by_role("button", name="Cancel").click()
        expect(self._last()).to_contain_text("Cancelled before it left")
        self.creators.run(RESUME, account=self.creator.account_id)
        self._expect_still("Cancelled before it left")

    def _sends_again(self) -> None:
        self.platform.break_down("refuse", self.creator.user_id)
        self._send("Once more")
        expect(self._last()).to_contain_text("Not sent", timeout=A_WHILE)
        self._expect_still("Not sent")
        self.platform.end_faults(self.creator.user_id)
        self._last().get_by_role("button", name="Send again").click()
        expect(self._last()).to_contain_text("Sent ", timeout=A_WHILE)

    def _decides(self) -> None:
        """The platform has it and its answer is lost; it cannot be asked, so a person looks there."""
        self.platform.break_down("drop-reply", self.creator.user_id)
        self._send("Nobody knows")
        expect(self._last()).to_contain_text("We cannot tell whether it arrived", timeout=A_WHILE)
        self.platform.end_faults(self.creator.user_id)
        self._expect_still("We cannot tell")
        self._last().get_by_role("button", name="It arrived").click()
        expect(self._last()).to_contain_text("Sent ")
        self._expect_still("Sent ")

    def _changes_a_draft(self) -> None:
        machine_id = new_id()
        machine = Principal(f"machine {machine_id}", self.creator.workspace_id, machine_id, Role.MACHINE)
        self.creators.run(MACHINE, workspace=self.creator.workspace_id, id=machine_id, subject=machine.subject)
        [(talk,)] = self.creators.run(TALK, workspace=self.creator.workspace_id)
        self.creators.parts.drafts.write(machine, talk, Words(text="A machine's"))
        draft = self.page.locator(".draft")
        expect(draft).to_contain_text("A machine's", timeout=A_WHILE)
        draft.get_by_role("link", name="Edit").click()
        expect(self.field).to_have_value("A machine's")
        self.page.reload()
        expect(self.field).to_have_value("A machine's")
        self.field.fill("A person's")
        self.page.keyboard.press("Control+Enter")
        expect(self._last()).to_contain_text("A person's")
        expect(draft).to_have_count(0)
        expect(self._last()).to_contain_text("Sent ", timeout=A_WHILE)
        self._expect_still("A person's")
