"""Whoever watches what pages do in a browser: everything that a string must not bring about is written down."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request

CHECKS = Path(__file__).with_suffix(".js").read_text()
AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()

# Runs before any page does. A page may be on its way to another: what it tells then is still told.
_TRAPS = """
document.addEventListener("securitypolicyviolation", (event) =>
  tell(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.disposition} ${event.sample}`));
new ReportingObserver((reports) => reports.forEach((report) => tell(`report: ${report.type}`)),
  { types: ["csp-violation"], buffered: true }).observe();
"""


class Watch:
    """Watches every page of one browser context."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.seen: list[str] = []
        self._origin = origin
        self._context = context
        context.expose_binding("hostile", lambda *_: self.seen.append("a script of theirs ran"))
        context.expose_binding("tell", lambda _, words: self.seen.append(words))
        context.add_init_script(_TRAPS)
        context.on("request", self._on_request)
        context.on("dialog", self._on_dialog)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.seen.append(f"error: {error.error}"))

    def only(self, page: Page) -> None:
        """From now on no other page may open."""
        self._context.on("page", lambda other: other == page or self.seen.append(f"opened: {other.url}"))

    def taken(self) -> list[str]:
        """What was seen since the last time."""
        seen, self.seen = self.seen, []
        return sorted(set(seen))

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if f"{address.scheme}://{address.netloc}" != self._origin and address.scheme != "data":
            self.seen.append(f"asked: {request.url[:200]}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self.seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            self.seen.append(f"console: {message.text[:300]}")


def faults(page: Page, strings: Sequence[str]) -> list[str]:
    """What is wrong with the page as it stands: what is not ours, what is out of its place, what is out of order."""
    found: list[str] = page.evaluate(f"(strings) => {{ {CHECKS}\nreturn faults(strings); }}", list(strings))
    return found


def unseen(page: Page, strings: Sequence[str]) -> list[str]:
    """Those of the strings that stand nowhere on the page, letter for letter."""
    missing: list[str] = page.evaluate(f"(strings) => {{ {CHECKS}\nreturn unseen(strings); }}", list(strings))
    return missing


def violations(page: Page) -> list[str]:
    """What axe finds."""
    page.evaluate(f"window.axe || (() => {{ {AXE} }})()")
    found: dict[str, Any] = page.evaluate(
        "axe.run({ resultTypes: ['violations'], selectors: false, elementRef: false })"
    )
    return [f"{each['id']}: {node['html'][:300]}" for each in found["violations"] for node in each["nodes"]]
