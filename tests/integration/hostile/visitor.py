"""Goes through the pages in a browser, at a desk and on a phone, by day and by night, and writes down what is wrong."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Response, StorageState, expect

from huntaze.web.answer import POLICY, bringing_files_to
from tests.integration.hostile.looks import BOTH, SIZES, Scheme
from tests.support import page_watch
from tests.support.imports import KeptFiles
from tests.support.page_watch import Watch

# One page sends files straight to their bucket.
POLICIES = {POLICY, bringing_files_to(KeptFiles.origin)["Content-Security-Policy"]}

# Unfolded, so that what is folded up is looked at as well.
UNFOLD = "document.querySelectorAll('details:not([data-menu])').forEach((each) => { each.open = true; })"
LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map((each) => each.getAttribute('href'))"
SEARCHES = """
[...document.querySelectorAll('form')].filter((form) => form.method === 'get').map((form) => [
  form.getAttribute('action'),
  [...form.querySelectorAll('input[name]:not([type=hidden]), textarea')].map((each) => each.name),
])
"""
FORMS = "[...document.querySelectorAll('form[method=post]')].map((form) => form.getAttribute('action'))"
# Whatever the field asks of the browser, the server gets it as it is.
SUBMIT = """
([action, strings]) => {
  const form = [...document.querySelectorAll('form')].find((form) => form.getAttribute('action') === action);
  form.noValidate = true;
  form.querySelectorAll('input:not([type=hidden], [type=checkbox]), textarea').forEach((each, place) => {
    if (each.matches('input')) each.type = 'text';
    each.value = strings[place % strings.length];
  });
  // What a script would send elsewhere goes the way that it goes without one.
  if (form.matches('[data-upload]')) return setTimeout(() => form.submit());
  setTimeout(() => form.requestSubmit(form.querySelector('button:not([type=button])')));
}
"""


class Visitor:
    """One browser context that is signed in."""

    def __init__(
        self, browser: Browser, origin: str, strings: Sequence[str], session: StorageState | None = None
    ) -> None:
        self.wrong: list[str] = []
        self._strings = strings
        self._context = browser.new_context(
            base_url=origin, viewport=SIZES["light"], locale="en-GB", storage_state=session
        )
        self._context.set_default_timeout(60_000)
        self._watch = Watch(self._context, origin)
        self.page = self._context.new_page()
        self._watch.only(self.page)

    def visit(self, address: str, schemes: Sequence[Scheme] = BOTH, axe: Sequence[Scheme] = ()) -> None:
        """Open a page and look at all of it."""
        self.note(address, _answered(self.page.goto(address)))
        self.look(address, schemes, axe)

    def submit(self, action: str, strings: Sequence[str], axe: Sequence[Scheme] = ()) -> int:
        """Fill in a form of the page, send it, and look at what comes back; its status."""
        with self.page.expect_response(_is_last) as last:
            self.page.evaluate(SUBMIT, [action, list(strings)])
        self.note(action, _answered(last.value))
        last.value.finished()
        self.page.wait_for_load_state()
        expect(self.page.locator(".htmx-request")).to_have_count(0)
        self.look(f"{last.value.request.method} {last.value.url}", axe=axe)
        return last.value.status

    def look(self, what: str, schemes: Sequence[Scheme] = BOTH, axe: Sequence[Scheme] = ()) -> None:
        """Look at what is on the screen, and let axe look at it too."""
        here = self.page.url
        self.page.evaluate(UNFOLD)
        for scheme in schemes:
            self._at(scheme, what)
            self.note(f"{what} {scheme}", page_watch.violations(self.page) if scheme in axe else [])
        self.note(what, self._watch.taken())
        self.note(what, [] if self.page.url == here else [f"led away to {self.page.url}"])

    def taken(self) -> list[str]:
        """What was seen since the last time."""
        return self._watch.taken()

    def missing(self, strings: Sequence[str]) -> list[str]:
        """Those that do not stand on the page."""
        return page_watch.unseen(self.page, strings)

    def note(self, what: str, faults: Sequence[str]) -> None:
        self.wrong += [f"{what}: {fault}" for fault in faults]

    def cookies(self) -> set[str]:
        """The names of all cookies that the browser has."""
        return {str(cookie.get("name")) for cookie in self._context.cookies()}

    def read(self, script: str) -> Any:
        """What a script of the test's own finds."""
        return self.page.evaluate(script)

    def close(self) -> None:
        self._context.close()

    def _at(self, scheme: Scheme, what: str) -> None:
        self.page.set_viewport_size(SIZES[scheme])
        self.page.emulate_media(color_scheme=scheme)
        self.note(f"{what} at {SIZES[scheme]['width']}", page_watch.faults(self.page, self._strings))


def _is_last(answer: Response) -> bool:
    """The answer to a form: what a redirect leads to counts, not the redirect."""
    request = answer.request
    return answer.status != 303 and (request.method == "POST" or request.redirected_from is not None)


def _answered(answer: Response | None) -> list[str]:
    if answer is None:
        return ["no answer"]
    if answer.status == 204:
        return []
    headers = answer.headers
    wrong = [] if headers.get("content-security-policy") in POLICIES else ["another policy"]
    wrong += ["reports only"] if "content-security-policy-report-only" in headers else []
    wrong += [] if headers.get("x-content-type-options") == "nosniff" else ["may be taken for something else"]
    return wrong + ([f"status {answer.status}"] if answer.status >= 500 else [])


@contextmanager
def visiting(
    browser: Browser, origin: str, strings: Sequence[str], session: StorageState | None = None
) -> Iterator[Visitor]:
    """Somebody who goes through the pages."""
    visitor = Visitor(browser, origin, strings, session)
    try:
        yield visitor
    finally:
        visitor.close()


def signed_in(browser: Browser, origin: str, email: str, password: str) -> StorageState:
    """The cookies of somebody who has signed in."""
    page = browser.new_page(base_url=origin)
    page.goto("/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.locator(".nav").first.wait_for()
    session = page.context.storage_state()
    page.close()
    return session
