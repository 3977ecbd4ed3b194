"""Hostile strings in every field, on every page: none of them does anything, and every page keeps its shape."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, StorageState

from huntaze.spreadsheets import original
from huntaze.web import format as formats
from huntaze.web.words import words
from infra.routes import PAGES
from tests.integration.hostile import bait
from tests.integration.hostile.addresses import FILES, every_page, of_route, states
from tests.integration.hostile.fields import OF_FILES, SAME, fields_with_words
from tests.integration.hostile.forms import KINDS, LEFT_OUT, Sending
from tests.integration.hostile.house import House
from tests.integration.hostile.looks import BOTH, InTurn
from tests.integration.hostile.visitor import LINKS, SEARCHES, Visitor, signed_in, visiting
from tests.integration.pages.conftest import PASSWORD
from tests.support.hostile_strings import FAMILIES, UNKEEPABLE
from tests.support.page_server import PageServer

OURS = {"__Host-session", "__Host-form", "__Host-look", "__Host-flash", "__Host-challenge"}
BITING = ("event handlers", "double quotes", "single quotes", "no quotes", "namespaces", "mutations", "endings")
MAY_BE_REFUSED = (" avatar", " template", "templates text", " variants", " token")
FEW = 3


@pytest.fixture(scope="module")
def session(house: House, chromium: Browser, server: PageServer) -> StorageState:
    assert house
    return signed_in(chromium, server.origin, "ana@example.com", PASSWORD)


@dataclass(frozen=True)
class Tour:
    """What has been looked at by all that go from page to page."""

    looks: InTurn
    seen: Counter[str] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def tour(house: House) -> Tour:
    return Tour(InTurn(deep=house.deep))


@pytest.fixture
def visitor(house: House, chromium: Browser, server: PageServer, session: StorageState) -> Iterator[Visitor]:
    with visiting(chromium, server.origin, house.strings, session) as made:
        yield made
        assert made.cookies() <= OURS
    assert not made.wrong, "\n".join(made.wrong)


@pytest.mark.parametrize("family", BITING)
def test_the_strings_bite_where_nobody_minds_them(chromium: Browser, server: PageServer, family: str) -> None:
    with visiting(chromium, server.origin, ()) as visitor:
        for text in FAMILIES[family]:
            visitor.page.goto(bait.at(text, guarded=False))
        visitor.page.goto("about:blank")
        assert "a script of theirs ran" in visitor.taken()
        for text in FAMILIES[family]:
            visitor.page.goto(bait.at(text, guarded=True))
        seen = visitor.taken()
        assert "a script of theirs ran" not in seen
        assert any(each.startswith("policy:") for each in seen), seen


def test_what_cannot_be_kept_is_refused_and_nothing_else(house: House) -> None:
    told = house.doors.told
    for text in UNKEEPABLE:
        note = house.doors.ask("fans", "POST", f"/api/crm/fans/{house.robin.fan_id}/notes", {"text": text})
        assert note.status == 400
        person = {"id": "robin", "name": text, "username": text}
        said = {"messageId": text, "fan": person, "text": text}
        assert house.doors.tell("message.received", said, {}), "what a platform tells is kept as far as it can be"
    for place, refused in told.refused.items():
        assert place.endswith(MAY_BE_REFUSED), (place, refused)
    assert all(address.startswith(("https://", "http://")) for address in told.kept["/api/crm/fans/{id} avatar"])
    assert set(house.strings) <= set(told.kept["message.received text"])


def test_every_field_that_takes_words_has_had_them(house: House) -> None:
    told = house.doors.told
    had = {place for place, words in (*told.kept.items(), *told.refused.items()) if set(words) - {"x", "Hello", "vip"}}
    wanted = fields_with_words()
    assert wanted - had - set(SAME) == OF_FILES, "fill it in house.py or rest.py, or say in fields.py what it is"
    assert set(SAME) <= wanted
    assert set(SAME.values()) <= had


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stays_what_it_is(house: House, visitor: Visitor, tour: Tour, path: str) -> None:
    """From each route on, along the links to what nobody has seen yet, with something hostile in every search.

    What is shown for the first time is looked at by day and by night, what is like it in turn; by axe, a few times.
    """
    ours = dict.fromkeys(of_route(house, path))
    waiting = deque(ours)
    while waiting:
        address = waiting.popleft()
        page, shown = states(address)
        is_new = not shown <= tour.seen.keys()
        if FILES.search(urlsplit(address).path) or not (is_new or address in ours):
            continue
        ours.pop(address, None)
        schemes = tour.looks.next()
        by_axe = tour.seen[page] < (FEW if house.deep else 1)
        visitor.visit(address, BOTH if is_new else schemes, axe=schemes if by_axe else ())
        tour.seen.update(shown)
        for action, fields in visitor.read(SEARCHES) if is_new else ():
            asked = {
                name: house.strings[(tour.seen.total() + 7 * place) % len(house.strings)]
                for place, name in enumerate(fields)
            }
            waiting.append(f"{action}?{urlencode(asked)}")
        waiting += [link for link in visitor.read(LINKS) if link.startswith("/")] if is_new else []


def test_each_string_is_shown_letter_for_letter(house: House, visitor: Visitor) -> None:
    names = [text for text in _clipped(house, 200) if formats.seen(text, words("en")) == text]
    for address, strings in (
        ("/fans?sort=name", names),
        ("/fans?sort=name", _clipped(house, 200)),  # their handles
        ("/messages/onlyfans", names),
        ("/fans/tags", _clipped(house, 200)),
        (f"/messages/onlyfans/{house.robin.talk_id}?lines=400", house.strings),
        ("/settings/quick-replies", house.doors.told.kept["/api/crm/quick-replies template"]),
        ("/settings/templates", house.doors.told.kept["/api/crm/templates text"]),
    ):
        assert _shown_nowhere(visitor, [address], strings) == [], address
    about = [f"/fans/{guest.fan_id}" for guest in house.noted]
    assert _shown_nowhere(visitor, about, house.strings) == []


def test_news_are_words_and_nothing_more(house: House, visitor: Visitor, server: PageServer) -> None:
    """A fan writes while the thread is open: htmx puts it there, and takes no orders from it."""
    guest = house.guests[0]
    visitor.page.goto(f"/messages/onlyfans/{guest.talk_id}")
    with server.lock:
        for text in (family[1] for family in FAMILIES.values()):
            house.place.advance(timedelta(seconds=1))
            house.say(guest, text)
        house.say(guest, "That was all.")
    visitor.page.locator("#talk .in").last.get_by_text("That was all.").wait_for()
    assert visitor.missing([family[1] for family in FAMILIES.values()]) == []
    visitor.look("the news")


def test_files_hold_the_strings_and_no_formula(house: House, visitor: Visitor) -> None:
    noted: list[str] = []
    sheet = visitor.page.request.get("/fans/export.csv")
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    assert sheet.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(sheet.text().removeprefix("\ufeff"), newline="")))
    assert not [cell for row in rows for cell in row if re.match(r"[=+\-@\t\r]", cell)]
    told = {original(cell) for row in rows for cell in row}
    assert {text for text in _clipped(house, 200) if text.strip()} <= {
        text for cell in told for text in (cell, cell.strip())
    }
    for guest in house.noted:
        everything = visitor.page.request.get(f"/fans/{guest.fan_id}/everything.json")
        assert everything.headers["content-disposition"].startswith("attachment")
        noted += [note["text"] for note in everything.json()["notes"]]
    assert set(house.strings) <= set(noted)


def test_every_form_takes_it_and_tells_it_back(house: House, visitor: Visitor) -> None:
    """Each kind of form once, wherever it stands: what it says, beside its fields or in a toast, is looked at too."""
    sending = Sending(house, visitor)
    sending.all_of(_with_forms(house))
    assert KINDS - sending.sent <= LEFT_OUT


def test_who_is_deleted_keeps_their_name_to_themselves(house: House, visitor: Visitor) -> None:
    """Last, for it takes everybody off the other pages."""
    for guest in house.guests:
        house.doors.ask("fans", "DELETE", f"/api/crm/fans/{guest.fan_id}")
    names = [text for text in _clipped(house, 200) if formats.seen(text, words("en")) == text]
    assert _shown_nowhere(visitor, ["/fans/deleted"], names) == []


def _with_forms(house: House) -> Iterator[str]:
    """Which forms stand on a page hardly depends on whom it is about: a few of each are enough, except with --deep."""
    times = Counter[str]()
    for address in every_page(house):
        page, _ = states(address)
        times[page] += 1
        if (house.deep or times[page] <= FEW) and not FILES.search(address):
            yield address


def _clipped(house: House, longest: int) -> list[str]:
    return [text[:longest] for text in house.strings]


def _shown_nowhere(visitor: Visitor, addresses: Sequence[str], strings: Sequence[str]) -> Sequence[str]:
    """Those that stand on none of these pages, nor on those that follow. Each page is looked at."""
    waiting, missing = deque(addresses), strings
    while waiting:
        visitor.visit(waiting.popleft())
        missing = visitor.missing(missing)
        waiting += filter(None, [visitor.read("document.querySelector('[rel=next]')?.getAttribute('href')")])
    return missing
