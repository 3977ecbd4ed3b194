"""The README's pictures, taken of the running demo: `.venv/bin/python -m local.pictures`."""

import json
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

from local.browser import open_browser
from local.deployment import stack_file
from local.up import FOLDER

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
DESK = ViewportSize(width=1280, height=800)


def main() -> None:
    """Sign in as the demo's first owner and take each page's picture."""
    stack = json.loads(stack_file(FOLDER).read_text())
    owner = stack["users"][0]
    PICTURES.mkdir(exist_ok=True)
    with open_browser() as browser:
        page = browser.new_page(base_url=stack["url"], viewport=DESK, locale="en-GB")
        _sign_in(page, owner["email"], owner["password"])
        page.goto("/messages/onlyfans")
        page.locator("#conversations [data-row] a").first.click()
        _take(page, "inbox")
        page.goto("/platforms/onlyfans/analytics")
        _take(page, "numbers")
        page.goto("/fans?sort=valueCents")
        _take(page, "fans")


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


def _sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Home").wait_for()


if __name__ == "__main__":
    main()
