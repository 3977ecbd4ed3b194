"""The inbox as somebody sees it: Chromium in front of the deployed local stack, with the demo's data.

From a click to the frame that shows the thread, beside the time that the server took to answer that very click; what
moved on the page without a person moving it; and what PostgreSQL was asked by a window in which nothing happens.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString
from uuid import UUID

import psycopg
from playwright.sync_api import Page, expect

from bench.comparing import p95
from bench.report import Row
from bench.stack import STACK, deployed_stack
from huntaze.wiring import Wiring
from local.browser import open_browser
from local.stack import Servers
from tests.support.deployed import Deployed
from tests.support.inbox_watching import WATCH, answer_late, hear, moved_by_itself, sign_in

INBOX, OWNER = "/messages/onlyfans", "zoe@demo.huntaze.test"
CLICKS, NEWS, IDLE_SECONDS = 25, 5, 60
PATIENCE = 60_000  # milliseconds
FAST_ENOUGH, STILL, ONE = 2.0, 0.0, 1.0

# What a window in which nothing happens asks beside its one question: whose session it is, and where they work.
OF_THE_SESSION = re.compile(r"\b(session_of|memberships_of)\b|UPDATE sessions|huntaze\.subject")
FRAME = re.compile(r"^\s*(BEGIN|COMMIT|ROLLBACK)", re.IGNORECASE)
BEGINS, PULSE = "session_of", "something_waits"
WORKSPACE_OF = "SELECT workspace_id FROM conversations WHERE id = %s"
LOGGED = re.compile(r"^\[(\d+)] huntaze_app LOG:  (?:statement|execute [^:]*): (.*)")


def measure() -> list[Row]:
    """Everything that the inbox promises to who looks at it."""
    with deployed_stack() as deployed, open_browser() as browser:
        page = browser.new_page(base_url=deployed.servers.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page.add_init_script(WATCH)
        sign_in(page, OWNER, deployed.password_of(OWNER))
        return [_clicks(page), *_stillness(page, deployed.servers), *_questions(page, deployed)]


def _clicks(page: Page) -> Row:
    """One after the other down the list; the first ones warm the function up."""
    page.goto(INBOX)
    seen, served = [], []
    rows = _addresses(page)
    for number in range(-3, CLICKS):
        address = rows[number % CLICKS]  # by its name: news may move rows meanwhile
        page.evaluate("window.watched.opened = null")
        _open(page, address)
        opened = _opened(page)
        if number >= 0:
            seen.append(opened["seen"])
            served.append(opened["served"])
    return Row("from click to visible thread, beside the answer", p95(seen), p95(served), "ms, p95", FAST_ENOUGH)


def _addresses(page: Page) -> list[str]:
    links = page.locator("#conversations li a")
    addresses: list[str] = links.evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
    return addresses


def _open(page: Page, address: str) -> None:
    page.locator(f'#conversations a[href="{address}"]').click()
    expect(page.locator("#thread")).to_have_attribute("data-thread", _id_of(address))


def _opened(page: Page) -> dict[str, float]:
    """What the page noted after the frame that showed it."""
    opened: dict[str, float] | None = None
    while opened is None:
        page.wait_for_timeout(100)
        opened = page.evaluate("window.watched.opened")
    return opened


def _stillness(page: Page, servers: Servers) -> Iterator[Row]:
    """What moved by itself, in thousandths of the score that browsers make of it; soon all answers are late."""
    yield Row("layout shift: opening conversations", _moved(page), None, "/1000", STILL)
    page.goto(page.url)
    page.wait_for_timeout(1_000)
    yield Row("layout shift: the whole page", _moved(page), None, "/1000", STILL)
    answer_late(page)
    for address in _addresses(page)[1 : NEWS + 1]:
        _open(page, address)
        page.wait_for_timeout(500)
    yield Row("layout shift: opening, answers late", _moved(page), None, "/1000", STILL)
    for number in range(NEWS):
        page.locator("#text").fill(f"Answer {number}")
        page.locator("[data-send]").click()
        expect(page.locator("#talk .out:not(#m-new)", has_text=f"Answer {number}")).to_be_visible()
    page.wait_for_timeout(500)
    yield Row("layout shift: sending, answers late", _moved(page), None, "/1000", STILL)
    yield from _stillness_of_news(page, servers)


def _stillness_of_news(page: Page, servers: Servers) -> Iterator[Row]:
    with _fans(servers) as say:
        for number in range(NEWS):
            say(_id_of(page.url), f"News {number}")
            expect(page.locator("#talk .in", has_text=f"News {number}")).to_be_visible()
        page.wait_for_timeout(500)
        yield Row("layout shift: news in the open thread", _moved(page), None, "/1000", STILL)
        for number in range(NEWS):
            say(_id_of(_addresses(page)[3 * number + 2]), f"Elsewhere {number}")
            expect(page.locator("#conversations li", has_text=f"Elsewhere {number}")).to_be_visible()
        page.wait_for_timeout(500)
        yield Row("layout shift: news in the list", _moved(page), None, "/1000", STILL)


@contextmanager
def _fans(servers: Servers) -> Iterator[Callable[[str, str], None]]:
    """Lets the fan of a conversation write."""
    parts = Wiring({"DATABASE_URL": servers.database()})
    with psycopg.connect(servers.database("postgres"), autocommit=True) as superuser:

        def say(conversation_id: str, text: str) -> None:
            [(workspace_id,)] = superuser.execute(WORKSPACE_OF, [conversation_id]).fetchall()
            hear(parts, workspace_id, UUID(conversation_id), text)

        yield say
    parts.postgres.close()


def _questions(page: Page, deployed: Deployed) -> Iterator[Row]:
    for figure, address in (("an idle list", INBOX), ("an idle thread", page.url)):
        page.goto(address)
        page.wait_for_timeout(10_000)  # what was on its way when it opened
        with _logged(deployed.servers) as told:
            page.wait_for_timeout(IDLE_SECONDS * 1_000)
        polls, questions = _of_polls(told)
        yield Row(f"statements per poll of {figure}", questions / max(polls, 1), None, f"of {polls} polls", ONE)


@contextmanager
def _logged(servers: Servers) -> Iterator[list[str]]:
    """The lines that PostgreSQL writes meanwhile; every statement is one."""
    log = STACK / "postgres.log"
    lines: list[str] = []
    _set(servers, "ALTER SYSTEM SET log_line_prefix = '[%p] %u '", "ALTER SYSTEM SET log_statement = 'all'")
    begins = log.stat().st_size
    yield lines
    _set(servers, "ALTER SYSTEM RESET log_statement")
    lines.extend(_from(log, begins))


def _set(servers: Servers, *settings: LiteralString) -> None:
    with psycopg.connect(servers.database("postgres"), autocommit=True) as superuser:
        for setting in (*settings, "SELECT pg_reload_conf()"):
            superuser.execute(setting)


def _from(log: Path, begins: int) -> list[str]:
    with log.open("rb") as file:
        file.seek(begins)
        return file.read().decode(errors="replace").replace("\n\t", " ").splitlines()


def _of_polls(lines: list[str]) -> tuple[int, int]:
    """How many polls there were, and how many statements they had beside those of the session, which begin a request.

    What else the window asks for now and then, such as the pace of the account, is no poll of the inbox.
    """
    requests: dict[str, list[list[str]]] = defaultdict(lambda: [[]])
    for line in lines:
        if found := LOGGED.match(line):
            connection, statement = found.groups()
            if BEGINS in statement:
                requests[connection].append([])
            requests[connection][-1].append(statement)
    polls = [asked for each in requests.values() for asked in each if any(PULSE in one for one in asked)]
    questions = [one for asked in polls for one in asked if not FRAME.match(one) and not OF_THE_SESSION.search(one)]
    return len(polls), len(questions)


def _moved(page: Page) -> float:
    shifts = moved_by_itself(page)
    for shift in shifts:
        print(f"moved by {shift['value']:.5f}: {'; '.join(shift['what'])}")
    return float(sum(shift["value"] for shift in shifts) * 1_000)


def _id_of(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]
