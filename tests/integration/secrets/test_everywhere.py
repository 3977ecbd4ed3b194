"""One of everything is done, and then every place is searched for what must not be there.

Secrets (passwords, tokens, what opens a bridge, what signs) may be nowhere; what fans and members say may be where it
belongs alone.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import pytest

from huntaze.connections.notice import notice
from huntaze.errors import Unavailable
from huntaze.web import cookies
from huntaze.webhooks.model import Ticket
from tests.integration.erasures.canary import dump
from tests.integration.hostile.addresses import every_page
from tests.integration.pages.conftest import PASSWORD, Place, place, static_files
from tests.integration.secrets.house import WORD, HouseOfCanaries, Left, RealKeys, Watched, found
from tests.support.browser import Browser, HtmlForm, Page
from tests.support.fake_connections import ZOE_S, FakeBridge
from tests.support.fake_webhooks import FakeEventQueue
from tests.support.functions import CLAIMS, SUBJECT, Context, http_event, load
from tests.support.logs import forget_logger
from tests.support.people_of_pages import SECRET

__all__ = ["place", "static_files"]

WRONG, NEW = "xqwrong-pass-word-2", "xqnew-pass-word-3"
BRIDGE_TOKEN, REFUSED_TOKEN = "xqbridge-token-4", "xqrefused-token-5"
ACCESS_TOKEN = "xqaccess.token.6"
ERASURE_KEY = "xqerasure-key-7-which-is-long-enough"
BRIDGE_URL = "https://bridge.example.com"
# What a member says is kept here, and nowhere else.
WHERE_WORDS_BELONG = {
    *("fans", "fan_notes", "fan_merges", "conversations", "messages", "drafts", "composer_drafts"),
    *("quick_replies", "templates", "campaigns", "campaign_recipients", "imports", "import_rows", "import_mappings"),
    *("members", "user_profiles", "ai_configs", "workspaces", "platform_connections"),
}
WHERE_THEY_PASS = {"webhook_events", "exports"}  # emptied when they are done
LEADING_OUT = re.compile(r"/(sign-out|sign-out-everywhere|leave|disconnect|workspace)$")


@dataclass
class Life:
    """What was done in the house, and what left it."""

    place: Place
    house: HouseOfCanaries
    pages: Watched
    secrets: dict[str, str]
    apis: list[Left] = field(default_factory=list)
    queued: list[str] = field(default_factory=list)

    def browser(self) -> Browser:
        return Browser(self.pages)

    def ask(self, function: str, method: str, path: str, body: object = None) -> Left:
        """One request to the API with a token in its header, as real ones have it."""
        watched = Watched(load(function).handler)
        headers = {"authorization": f"Bearer {ACCESS_TOKEN}"}
        claims = {**CLAIMS, "sub": SUBJECT}
        watched(http_event(method, path, body=body, headers=headers, claims=claims), Context())
        self.apis += watched.left
        return watched.left[-1]

    @property
    def left(self) -> list[Left]:
        """Everything that left the house."""
        return [*self.pages.left, *self.apis]


@pytest.fixture
def life(capsys: pytest.CaptureFixture[str], place: Place, monkeypatch: pytest.MonkeyPatch) -> Life:
    """A life that has been lived. What it prints is caught from its first word on."""
    capsys.readouterr()
    forget_logger()
    monkeypatch.setenv("ERASURE_KEY", ERASURE_KEY)
    monkeypatch.setenv("PUBLIC_URL", "https://api.example.com")
    monkeypatch.setenv("REQUESTS_PER_MINUTE", "1000000")
    life = Life(place, HouseOfCanaries(place), Watched(place.handler), {"the key of erasures": ERASURE_KEY})
    _remember_tickets(life, monkeypatch)
    life.house.fill()
    browser = _sign_in(life)
    _connect(life, browser)
    _look_at_everything(life, browser)
    _ask_the_apis(life)
    life.queued += [ticket.body() for ticket in (*place.queue.tickets, *place.parts.import_queue.waiting)]  # type: ignore[attr-defined]  # the fakes
    return life


def _remember_tickets(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    put = FakeEventQueue.put

    def remembered(queue: FakeEventQueue, ticket: Ticket) -> None:
        life.queued.append(ticket.body())
        put(queue, ticket)

    monkeypatch.setattr(FakeEventQueue, "put", remembered)


def _sign_in(life: Life) -> Browser:
    life.secrets |= {"a password": PASSWORD, "a wrong password": WRONG, "a new password": NEW}
    life.secrets |= {"a token of access": ACCESS_TOKEN, "the bridge's secret": life.house.doors.bridge.secret}
    browser = life.browser()
    browser.get("/sign-in")
    assert browser.submit("/sign-in", email="ana@example.com", password=WRONG).status == 400
    browser.submit("/sign-in", email="ana@example.com", password=PASSWORD)
    life.secrets["a session"] = browser.cookies[cookies.SESSION]
    browser.get("/settings/security")
    browser.submit("/settings/security/password", old=WRONG, new_password=NEW)
    stranger = life.browser()
    stranger.get("/forgotten-password")
    stranger.submit("/forgotten-password", email="ana@example.com")
    stranger.submit("/forgotten-password/code", code="000000", new_password=NEW)
    return browser


def _connect(life: Life, browser: Browser) -> None:
    """An account by the page, after its bridge was away and its address was none."""
    bridge = FakeBridge(replace(ZOE_S, platform="fansly"), away=Unavailable("The bridge is away.", retry_after=5))
    life.place.parts.platform = lambda _: bridge  # type: ignore[method-assign,assignment,return-value]
    life.place.parts.keys = RealKeys()  # type: ignore[assignment]  # keeps the same Protocol
    life.secrets |= {"a token of a bridge": BRIDGE_TOKEN, "a token that was refused": REFUSED_TOKEN}
    for url, token in ((BRIDGE_URL, REFUSED_TOKEN), ("http://127.0.0.1", REFUSED_TOKEN), (BRIDGE_URL, BRIDGE_TOKEN)):
        bridge.away = bridge.away if token == REFUSED_TOKEN else None
        browser.get("/platforms/connect/fansly")
        browser.submit("/platforms/connect/fansly", bridge_url=url, token=token, consent=notice().version)
    ((door, _),) = bridge.told
    life.secrets["what an account signs with"] = door.credentials.webhook_secret
    assert life.place.run("SELECT count(*) FROM platform_connections WHERE credentials IS NOT NULL") == [(1,)]


def _look_at_everything(life: Life, browser: Browser) -> None:
    """Each page, and each kind of form once, with a canary in each field that is empty."""
    done: set[str] = set()
    for address in every_page(life.house):
        page = browser.get(address, follow=False)
        if not page.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for form in page.forms:
            kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "{}", urlsplit(form.action).path)
            if form.method == "post" and kind not in done and not LEADING_OUT.search(kind):
                done.add(kind)
                _send(browser, form)
    assert len(done) > 30, done


def _send(browser: Browser, form: HtmlForm) -> Page:
    typed = {"password": WRONG, "old": WRONG, "new_password": NEW, "token": REFUSED_TOKEN, "new_token": REFUSED_TOKEN}
    fields = [(name, typed.get(name) or value or f"{WORD} typed") for name, value in form.fields]
    return browser.post(form.action, fields, follow=False)


def _ask_the_apis(life: Life) -> None:
    """What is refused is where a word of the caller's could come back."""
    asked = {"platform": "patreon", "bridgeUrl": "http://10.0.0.1", "token": REFUSED_TOKEN}
    asked |= {"consent": {"agreed": True, "notice": notice().version}}  # type: ignore[dict-item]  # JSON
    for body in (asked, asked | {"token": 7}, asked | {"token": REFUSED_TOKEN * 999}, {"token": REFUSED_TOKEN}):
        assert life.ask("connections", "POST", "/api/onlyfans/connections", body).status == 400
    for path in ("/api/onlyfans/connections", f"/api/onlyfans/connections/{life.house.talks.account_id}"):
        assert life.ask("connections", "GET", path).status == 200
    for body in ({"name": 7, "email": f"{WORD}"}, {"email": f"{WORD}@", "value": WORD}, {"tags": [WORD] * 999}):
        assert life.ask("fans", "POST", "/api/crm/fans", body).status == 400
    assert WORD in life.ask("fans", "GET", "/api/crm/fans").body


def test_no_secret_is_anywhere_and_no_word_where_it_does_not_belong(
    capsys: pytest.CaptureFixture[str], life: Life
) -> None:
    printed = capsys.readouterr()
    logged = printed.out + printed.err
    assert "answered" in logged
    assert "kept an event" in logged
    kept = dump(life.place.database.superuser)
    _no_secret_left(life)
    assert found(life.secrets | {"a second factor": SECRET}, logged) == []
    assert found(life.secrets | {"a second factor": SECRET}, kept) == []
    assert found(life.secrets, "\n".join(life.queued)) == []
    assert life.queued
    words = {"a word": WORD}
    assert [line[:300] for line in logged.splitlines() if found(words, line)] == []
    assert found(words, "\n".join(life.queued)) == []
    assert set(_tables_with_words(kept)) <= WHERE_WORDS_BELONG | WHERE_THEY_PASS
    assert "fans" in _tables_with_words(kept)


def _tables_with_words(kept: str) -> dict[str, list[str]]:
    tables: dict[str, list[str]] = defaultdict(list)
    for line in kept.splitlines():
        if found({"a word": WORD}, line) and (inserted := re.match(r"INSERT INTO public\.(\w+)", line)):
            tables[inserted[1]].append(line[:300])
    return tables


def _no_secret_left(life: Life) -> None:
    statuses = {one.status for one in life.left}
    assert {200, 303, 400, 404} <= statuses
    for one in life.left:
        assert found(life.secrets, one.whole) == [], one
        for cookie in one.cookies:
            name = cookie.partition("=")[0]
            allowed = {"a session"} if name == cookies.SESSION else set()
            assert set(found(life.secrets, cookie)) <= allowed, one
            assert re.fullmatch(r"__Host-\w+=[^;]*; Max-Age=\d+; Path=/; Secure; HttpOnly; SameSite=Lax", cookie), one
        assert not {"server", "x-powered-by"} & {name.lower() for name in one.headers}, one
        assert one.headers["X-Content-Type-Options"] == "nosniff", one
        if not one.asked.startswith("GET /static/"):
            assert one.headers["Cache-Control"] == "no-store", one
