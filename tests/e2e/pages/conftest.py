"""Real Chromium in front of the deployed local stack."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, StorageState

from local.browser import open_browser
from tests.support.deployed import DEMO_OWNER, Deployed

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 375, "height": 812}
SIZES = {"desktop": DESKTOP, "phone": PHONE}

MILLISECONDS_TO_ANSWER = 90_000  # a machine with other things to do

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def open_page(chromium: Browser, deployed: Deployed) -> Iterator[OpenPage]:
    """Opens signed-out pages; at the end no page may have complained in its console."""
    complaints: list[str] = []
    contexts = []

    def _complain(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            complaints.append(message.text)

    def _open(
        size: str = "desktop", scheme: str = "light", locale: str = "en-GB", state: StorageState | None = None
    ) -> Page:
        context = chromium.new_context(
            base_url=deployed.description["url"],
            viewport=SIZES[size],
            color_scheme=scheme,
            locale=locale,
            storage_state=state,
        )
        context.set_default_timeout(MILLISECONDS_TO_ANSWER)
        contexts.append(context)
        page = context.new_page()
        page.on("console", _complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield _open
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def sessions() -> dict[str, StorageState]:
    """The cookies of everybody who signed in once: signing in for each test would meet the limit of attempts."""
    return {}


@pytest.fixture
def signed_in(open_page: OpenPage, deployed: Deployed, sessions: dict[str, StorageState]) -> OpenPage:
    """Opens the list of fans of somebody who is signed in, the owner of the first workspace unless told."""

    def _open(email: str = DEMO_OWNER, **look: str) -> Page:
        if email not in sessions:
            page = open_page(**look)
            sign_in(page, deployed, email)
            sessions[email] = page.context.storage_state()
            page.goto("/fans")
            return page
        page = open_page(**look, state=sessions[email])
        page.goto("/fans")
        return page

    return _open


def sign_in(page: Page, deployed: Deployed, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(deployed.password_of(email))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Home").wait_for()


@contextmanager
def without_javascript(chromium: Browser, deployed: Deployed) -> Iterator[Page]:
    context = chromium.new_context(base_url=deployed.description["url"], java_script_enabled=False, locale="en-GB")
    yield context.new_page()
    context.close()
