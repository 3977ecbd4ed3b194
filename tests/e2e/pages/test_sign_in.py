"""Coming in, being kept out, and leaving everywhere."""

import secrets

from playwright.sync_api import expect

from local.people import cognito
from tests.e2e.pages.conftest import OpenPage, sign_in
from tests.support.deployed import DEMO_OWNER, Deployed


def test_a_wrong_password_says_so_and_not_which_part(open_page: OpenPage) -> None:
    page = open_page()
    for email in (DEMO_OWNER, "nobody@demo.huntaze.test"):
        page.goto("/sign-in")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("Email and password do not go together.")).to_be_visible()
        expect(page.get_by_label("Email")).to_have_value(email)


def test_whoever_is_not_signed_in_is_asked_and_then_led_on(open_page: OpenPage, deployed: Deployed) -> None:
    page = open_page()
    page.goto("/fans?platform=fansly")
    page.wait_for_url("**/sign-in**")
    page.get_by_label("Email").fill(DEMO_OWNER)
    page.get_by_label("Password").fill(deployed.password_of(DEMO_OWNER))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/fans?platform=fansly")


def test_the_first_password_must_be_changed(open_page: OpenPage, deployed: Deployed) -> None:
    email, given, own = f"{secrets.token_hex(4)}@demo.huntaze.test", "Given-pass-word-1", "Own-pass-word-2!"
    cognito(deployed.servers.aws_endpoint).admin_create_user(
        UserPoolId=deployed.description["userPoolId"],
        Username=email,
        TemporaryPassword=given,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
    )
    page = open_page()
    page.goto("/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(given)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("New password").fill(own)
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("No workspace yet")).to_be_visible()


def test_signing_out_everywhere_ends_the_other_browser_too(open_page: OpenPage, deployed: Deployed) -> None:
    here, there = open_page(), open_page()
    for page in (here, there):
        sign_in(page, deployed, "max@demo.huntaze.test")
    here.locator("details.you summary").click()
    here.get_by_role("button", name="Sign out on every device").click()
    here.wait_for_url("**/sign-in**")
    there.goto("/fans")
    there.wait_for_url("**/sign-in**")


def test_an_agency_switches_workspaces(signed_in: OpenPage) -> None:
    page = signed_in("agency@demo.huntaze.test")
    before = page.get_by_role("row").all_inner_texts()
    page.locator("details.workspaces summary").click()
    page.get_by_role("button", name="Max Rivera").click()
    expect(page.get_by_text("You are now in Max Rivera.")).to_be_visible()
    assert page.get_by_role("row").all_inner_texts() != before
