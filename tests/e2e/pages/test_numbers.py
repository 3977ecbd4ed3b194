"""Numbers in a browser: counted by the deployed worker, narrowed, taken along, in the dark and on a phone."""

import csv
import io
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.pages.conftest import OpenPage, without_javascript
from tests.support.deployed import Deployed
from tests.support.page_watch import violations

PATH = "/platforms/onlyfans/analytics"
MINUTES_TO_COUNT = 4
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


def _counted(page: Page) -> Page:
    """The page, once the workers have counted the demo."""
    page.goto(PATH)
    for _ in range(MINUTES_TO_COUNT * 12):
        if page.locator("#card-revenue").count() and not page.get_by_text("is being counted").count():
            return page
        page.wait_for_timeout(5_000)
        page.goto(PATH)
    raise AssertionError("nobody counted")


def test_filters_stand_in_the_address_and_files_say_what_the_api_says(
    signed_in: OpenPage, deployed: Deployed, owner_token: str
) -> None:
    page = _counted(signed_in())
    before = page.locator("#card-revenue .figure").inner_text()
    page.get_by_role("link", name="90 days").click()
    expect(page).to_have_url(re.compile(r"\?range=90d$"))
    expect(page.locator("#card-revenue .figure")).not_to_have_text(before)
    rows_behind = page.locator("#numbers details tbody").first.locator("tr")
    expect(page.locator("svg.columns .column")).to_have_count(rows_behind.count())
    page.get_by_role("link", name="Month", exact=True).click()
    expect(page).to_have_url(re.compile(r"step=month"))
    page.get_by_label("Platform").select_option("fansly")
    expect(page).to_have_url(re.compile(r"platform=fansly"))
    narrowed = page.locator("#card-revenue .figure").inner_text()
    page.go_back()
    expect(page).to_have_url(re.compile(r"range=90d&step=month$"))
    expect(page.locator("#card-revenue .figure")).not_to_have_text(narrowed)
    with page.expect_download() as download:
        page.get_by_role("link", name="Revenue as CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    told = deployed.call("GET", "/api/crm/analytics/revenue?range=90d&step=month", token=owner_token).json()
    assert [(row["From"], row["Currency"], row["Total"]) for row in rows] == [
        (bar["days"]["from"], line["currency"], f"{bar['totalCents'] / 100:.2f}")
        for line in told["lines"]
        for bar in line["bars"]
    ]
    page.get_by_text("The numbers as a table").first.click()
    expect(page.locator("#numbers details[open] tbody tr")).to_have_count(len(told["lines"][0]["bars"]))
    assert violations(page) == []


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_they_are_for_every_eye_and_stay_in_their_place(signed_in: OpenPage, scheme: str, size: str) -> None:
    page = _counted(signed_in(size=size, scheme=scheme))
    for query in ("", "?range=365d&hours=paid", "?tag=vip", "?from=2026-13-01"):
        page.goto(PATH + query)
        assert violations(page) == [], query
        assert page.evaluate(SIDEWAYS) <= 0, query


def test_nothing_of_it_needs_a_script(signed_in: OpenPage, chromium: Browser, deployed: Deployed) -> None:
    cookies: Any = signed_in().context.cookies()
    with without_javascript(chromium, deployed) as page:
        page.context.add_cookies(cookies)
        page.goto(PATH)
        page.get_by_label("Platform").select_option("onlyfans")
        page.get_by_role("button", name="Apply").click()
        expect(page).to_have_url(re.compile("platform=onlyfans"))
        expect(page.locator("svg.columns").first).to_be_visible()
