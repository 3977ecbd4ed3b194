"""Ten thousand fans from a file in a browser: uploaded, tried, decided about, imported, mended, and taken back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.pages.conftest import OpenPage, sign_in, without_javascript
from tests.support.deployed import DEMO_OWNER, Deployed
from tests.support.page_watch import violations

HERE = "/platforms/connect/onlyfans/imports"
ROWS, BAD = 10_000, 25
MILLISECONDS = 240_000


@pytest.fixture(params=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def file(tmp_path: Path, size: str) -> Path:
    """Names of its own for each size: the fans of one are not those of the other."""
    lines = ["Who;Total Spent;Last Seen"]
    for number in range(ROWS):
        spent = "lots" if number % (ROWS // BAD) == 0 else f"1.234,{number % 100:02}"
        lines.append(f"page-{size}-{number};{spent};31/12/2025")
    made = tmp_path / "mine.csv"
    made.write_text("\r\n".join(lines), "utf-8")
    return made


def test_from_a_file_to_fans_and_back(signed_in: OpenPage, size: str, file: Path, tmp_path: Path) -> None:
    page = signed_in(size=size)
    _upload(page, file)
    _say_columns(page)
    _decide(page)
    _mend(page, tmp_path)
    _take_back(page)


def _upload(page: Page, file: Path) -> None:
    page.goto("/platforms/connect/onlyfans")
    page.get_by_role("link", name="Import a CSV file").click()
    page.get_by_role("button", name="See what would happen").click()
    expect(page.locator("#file-problem")).to_have_text("Choose a file first.")
    field = page.get_by_label("CSV file")
    field.set_input_files({"name": "mine.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": b"PK"})
    expect(page.locator("#file-problem")).to_contain_text("This is no CSV file.")
    assert violations(page) == []
    _drop(page, file)
    expect(page.locator("#file-problem")).to_be_hidden()
    page.get_by_label("Amounts and dates look like").select_option(label="1.234,56 or 1 234,56 and 25/03/2026")
    page.get_by_role("button", name="See what would happen").click()
    page.wait_for_url(re.compile(f"{HERE}/[0-9a-f-]{{36}}$"))


def _drop(page: Page, file: Path) -> None:
    """As if it came from the desktop."""
    carried = page.evaluate_handle(
        """(text) => {
          const carried = new DataTransfer();
          carried.items.add(new File([text], "mine.csv", { type: "text/csv" }));
          return carried;
        }""",
        file.read_bytes().decode(),
    )
    page.dispatch_event("[data-drop]", "dragover", {"dataTransfer": carried})
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": carried})


def _say_columns(page: Page) -> None:
    asked = page.get_by_role("heading", name="Which column is what?")
    planned = page.get_by_role("heading", name="What would happen")
    expect(asked.or_(planned)).to_be_visible(timeout=MILLISECONDS)
    if planned.is_visible():  # what was said for the other size is remembered
        page.get_by_role("link", name="Change columns").click()
    expect(page.locator(".sample tbody tr").first).to_contain_text("page-")
    assert violations(page) == []
    page.get_by_label("Username", exact=True).select_option("Who")
    page.get_by_role("button", name="See what would happen").click()
    expect(planned).to_be_visible(timeout=MILLISECONDS)


def _decide(page: Page) -> None:
    found = page.locator("#import")
    expect(found).to_contain_text(f"{BAD} rows were not understood")
    page.get_by_role("link", name=re.compile("^Not understood")).click()
    expect(found.locator("#r-1")).to_contain_text("Total Spent: not an amount of money")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name=f"Add {ROWS - BAD:,} fans").click()
    expect(found.get_by_role("progressbar").or_(page.get_by_role("heading", name="Imported"))).to_be_visible()
    page.goto("/fans")  # it goes on by itself
    page.goto(HERE)
    expect(page.locator("#imports li").first).to_contain_text(f"{ROWS - BAD:,} added", timeout=MILLISECONDS)
    page.locator("#imports li a").first.click()
    expect(found).to_contain_text("Undo until")
    assert violations(page) == []


def _mend(page: Page, folder: Path) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these rows").click()
    rejected = download.value.path().read_text("utf-8-sig")
    assert rejected.count("lots") == BAD
    mended = folder / "mended.csv"
    mended.write_text(rejected.replace("lots", "5"), "utf-8")
    first = page.url
    page.goto(HERE)
    page.get_by_label("CSV file").set_input_files(mended)
    page.get_by_label("Amounts and dates look like").select_option(label="1.234,56 or 1 234,56 and 25/03/2026")
    page.get_by_role("button", name="See what would happen").click()
    page.get_by_role("button", name=f"Add {BAD} fans").click(timeout=MILLISECONDS)
    expect(page.get_by_role("heading", name="Imported")).to_be_visible(timeout=MILLISECONDS)
    page.get_by_text("Undo until").click()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("heading", name="Undone")).to_be_visible(timeout=MILLISECONDS)
    page.goto(first)


def _take_back(page: Page) -> None:
    page.get_by_text("Undo until").click()
    expect(page.locator("#undo")).to_contain_text(f"Removes the {ROWS - BAD:,} fans it added.")
    assert violations(page) == []
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("heading", name="Undone")).to_be_visible(timeout=MILLISECONDS)
    expect(page.locator("#import")).to_contain_text("Everything is as it was before.")
    assert violations(page) == []


def test_a_small_file_needs_no_script(chromium: Browser, deployed: Deployed) -> None:
    with without_javascript(chromium, deployed) as page:
        sign_in(page, deployed, DEMO_OWNER)
        page.goto(HERE)
        small = {"name": "small.csv", "mimeType": "text/csv", "buffer": b"Username\npage-plain-1\npage-plain-2\n"}
        page.get_by_label("CSV file").set_input_files(small)
        page.get_by_role("button", name="See what would happen").click()
        decide = page.get_by_role("button", name="Add 2 fans")
        for _ in range(60):  # nothing asks by itself
            if decide.is_visible():
                break
            page.wait_for_timeout(1_000)
            page.reload()
        expect(decide).to_be_visible()
