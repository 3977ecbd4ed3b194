"""The inbox in Chromium as tests and benches watch it: what moved, how long a click took, and a fan who writes."""

from typing import Any
from uuid import UUID

from playwright.sync_api import Page

from huntaze.clock import SystemClock
from huntaze.ids import new_id
from huntaze.messages.model import Content, Told
from huntaze.money import Money
from huntaze.wiring import Wiring

# Before any script of the page: shifts of the layout, and from a click to the frame that shows what it opened.
WATCH = """
performance.setResourceTimingBufferSize(10_000);
window.watched = { shifts: [], opened: null };
new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.watched.shifts.push({
  value: entry.value, byPerson: entry.hadRecentInput,
  what: entry.sources.map(({ node, previousRect, currentRect }) =>
    `${node?.id || node?.className || node?.nodeName} ${previousRect.y} > ${currentRect.y}`),
}))).observe({ type: "layout-shift", buffered: true });
addEventListener("click", (event) => { window.watched.clicked = event.timeStamp; }, true);
document.addEventListener("htmx:after:swap", (event) => {
  const { target, request } = event.detail.ctx;
  if (target?.id !== "thread" && !request.action.match(/\\/[0-9a-f-]{36}$/)) return;
  requestAnimationFrame(() => setTimeout(() => {
    const address = new URL(request.action, location).href;
    const answer = performance.getEntriesByName(address).at(-1);
    window.watched.opened = {
      seen: performance.now() - window.watched.clicked, served: answer.responseEnd - answer.requestStart,
    };
  }));
});
"""


def sign_in(page: Page, email: str, password: str) -> None:
    """As a person does."""
    page.goto("/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Home").wait_for()


def moved_by_itself(page: Page) -> list[dict[str, Any]]:
    """What was not moved by a person, since this was asked last."""
    shifts: list[dict[str, Any]] = page.evaluate("window.watched.shifts.splice(0)")
    return [shift for shift in shifts if not shift["byPerson"]]


def answer_late(page: Page, milliseconds: int = 700) -> None:
    """From now on answers take longer than the 500 ms for which a browser takes all that moves for a click's."""
    conditions = {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)


def hear(parts: Wiring, workspace_id: UUID, conversation_id: UUID, text: str) -> None:
    """The fan of a conversation writes, as the platform tells it."""
    told = Told(
        conversation_id=conversation_id,
        platform_message_id=str(new_id()),
        content=Content(text, Money(0, "USD"), ()),
        occurred_at=SystemClock().now(),
    )
    parts.receiving.receive(workspace_id, told)
