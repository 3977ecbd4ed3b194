"""A fan's whole life on the pages: by mouse and by keyboard, on a desk and on a phone, with and without scripts."""

import re
import secrets

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.pages.conftest import OpenPage, sign_in, without_javascript
from tests.support.deployed import DEMO_OWNER, Deployed

SIZES = ["desktop", "phone"]


def _name() -> str:
    return f"Robin {secrets.token_hex(4)}"


def _fill_in(page: Page, name: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Platform ID").fill(secrets.token_hex(6))
    page.get_by_label(re.compile("^Handle")).fill("robin")
    page.get_by_label(re.compile("^Value so far")).fill("12.50")


def _create(page: Page, name: str) -> None:
    page.get_by_role("link", name="Add a fan").click()
    _fill_in(page, name)
    page.get_by_role("button", name="Add fan").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def _search(page: Page, words: str) -> None:
    page.get_by_label("Name, handle or email").fill(words)
    expect(page).to_have_url(re.compile("q="))


@pytest.mark.parametrize("size", SIZES)
def test_a_fan_is_created_found_tagged_edited_deleted_and_restored_by_mouse(signed_in: OpenPage, size: str) -> None:
    page, name = signed_in(size=size), _name()
    _create(page, name)
    page.get_by_label("Add a tag").fill("birthday")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("button", name="Remove the tag birthday")).to_be_visible()
    page.get_by_label("Write a note for the team").fill("Likes the sea. <b>Not markup.</b>")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_role("paragraph").filter(has_text="Likes the sea. <b>Not markup.</b>")).to_be_visible()

    page.goto("/fans")
    _search(page, name)
    expect(page.get_by_role("row").filter(has_text=name)).to_have_count(1)
    page.get_by_role("link", name=name).first.click()

    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Name", exact=True).fill(f"{name} II")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", name=f"{name} II", level=1)).to_be_visible()

    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text(f"{name} II was deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(f"{name} II is back.")).to_be_visible()


def test_the_same_by_keyboard(signed_in: OpenPage) -> None:
    page, name = signed_in(), _name()
    _create(page, name)
    page.keyboard.press("g")
    page.keyboard.press("f")
    page.wait_for_url("**/fans")
    page.keyboard.press("/")
    expect(page.get_by_label("Name, handle or email")).to_be_focused()
    page.keyboard.type(name)
    expect(page).to_have_url(re.compile("q="))
    expect(page.get_by_role("row").filter(has_text=name)).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("1 fan selected")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    page.get_by_role("link", name="Edit").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.press("End")
    page.keyboard.type(" by key")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=f"{name} by key", level=1)).to_be_visible()
    page.get_by_role("button", name="Delete", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("is back.")).to_be_visible()


def test_everything_essential_works_without_scripts(chromium: Browser, deployed: Deployed) -> None:
    name = _name()
    with without_javascript(chromium, deployed) as page:
        sign_in(page, deployed, DEMO_OWNER)
        page.goto("/fans")
        _create(page, name)
        page.goto("/fans")
        page.get_by_label("Name, handle or email").fill(name)
        page.get_by_role("button", name="Apply").click()
        page.get_by_role("link", name=name).first.click()
        page.get_by_role("button", name="Delete", exact=True).click()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text(f"{name} is back.")).to_be_visible()


def test_what_was_typed_stays_beside_its_error(signed_in: OpenPage) -> None:
    page, name = signed_in(), _name()
    page.goto("/fans/new")
    _fill_in(page, name)
    page.get_by_label(re.compile("^Value so far")).fill("twelve")
    page.get_by_role("button", name="Add fan").click()
    expect(page.get_by_text("Write an amount such as")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    expect(page.get_by_label(re.compile("^Value so far"))).to_have_value("twelve")


def test_filters_and_sorting_live_in_the_address(signed_in: OpenPage) -> None:
    page = signed_in()
    page.get_by_label("Platform").select_option("fansly")
    expect(page).to_have_url(re.compile("platform=fansly"))
    page.get_by_role("link", name="Value").click()
    expect(page).to_have_url(re.compile("sort=valueCents"))
    sorted_by = page.get_by_role("columnheader", name="Value")
    expect(sorted_by).to_have_attribute("aria-sort", "descending")
    shown = page.locator("tbody a").all_inner_texts()
    page.reload()
    expect(sorted_by).to_have_attribute("aria-sort", "descending")
    assert page.locator("tbody a").all_inner_texts() == shown
    page.go_back()
    expect(page).not_to_have_url(re.compile("sort=valueCents"))


def test_a_tag_goes_to_all_matches_and_not_only_to_the_page(signed_in: OpenPage) -> None:
    page, tag = signed_in(), f"tag-{secrets.token_hex(3)}"
    page.get_by_label("Platform").select_option("fansly")
    expect(page).to_have_url(re.compile("platform=fansly"))
    page.get_by_label("Select all on this page").check()
    page.get_by_label(re.compile("Select all .* matching fans")).check()
    page.get_by_role("group", name="Selected fans").get_by_label("Tag").fill(tag)
    page.get_by_role("button", name="Add tag").click()
    said = page.get_by_text(re.compile(f"fans now carry “{tag}”"))
    expect(said).to_be_visible()
    tagged = int(re.sub(r"\D", "", said.inner_text().split(" fans")[0]))
    assert tagged > 50, "more than one page shows"


def test_the_export_is_what_the_table_shows(signed_in: OpenPage) -> None:
    page = signed_in()
    page.get_by_label("Platform").select_option("patreon")
    expect(page).to_have_url(re.compile("platform=patreon"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    count = int(re.sub(r"\D", "", page.get_by_role("heading", level=1).get_by_role("status").inner_text()))
    assert len(text.splitlines()) == count + 1


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_screen(signed_in: OpenPage, size: str) -> None:
    page = signed_in(size=size)
    addresses = ["/fans", "/fans/new", page.locator("tbody a").first.get_attribute("href") or ""]
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_the_pages_speak_the_readers_language(open_page: OpenPage) -> None:
    page = open_page(locale="fr-FR")
    page.goto("/sign-in")
    assert page.evaluate("document.documentElement.lang") == "fr"
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
