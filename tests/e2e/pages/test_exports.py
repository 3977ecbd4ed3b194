"""A large export: asked for, written by the worker, announced on the page, and there behind its link."""

import re
import secrets

from playwright.sync_api import expect

from tests.e2e.pages.conftest import OpenPage
from tests.support.deployed import Deployed

HOSTILE = "=cmd|' /C calc'!A0"


def test_a_large_export_is_ready_later_behind_a_link(signed_in: OpenPage, deployed: Deployed, owner_token: str) -> None:
    fan = {"name": HOSTILE, "platform": "other", "platformId": secrets.token_hex(6)}
    assert deployed.call("POST", "/api/crm/fans", token=owner_token, body=fan).status == 201
    page = signed_in()
    count = int(re.sub(r"\D", "", page.get_by_role("heading", level=1).get_by_role("status").inner_text()))
    csrf = page.locator("input[name=csrf]").first.input_value()
    asked = page.request.post("/fans/exports", form={"csrf": csrf, "sort": "name"}, max_redirects=0)
    assert asked.status == 303
    page.goto("/fans")
    link = page.get_by_role("link", name="Download")
    expect(link).to_be_visible(timeout=30_000)
    text = page.request.get(link.get_attribute("href") or "").body().decode("utf-8-sig")
    assert len(text.splitlines()) == count + 1
    assert f"'{HOSTILE}" in text
    assert not re.search(r"(^|,)\"?=", text, re.MULTILINE)
