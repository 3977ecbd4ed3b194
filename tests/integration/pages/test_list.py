"""The list of fans: filters in the address, order, pages, totals, tags for many."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from huntaze.fans.model import Platform
from huntaze.members.model import Principal, Role
from tests.integration.pages.conftest import Place, noon
from tests.support.browser import Browser, Page

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{7*7}} %s \u202e"


def _names(page: Page) -> list[str]:
    return re.findall(r'<td class="who"[^>]*><a [^>]*>([^<]*)</a>', page.html)


def _some(place: Place, who: Principal, count: int, **about: object) -> None:
    for number in range(count):
        place.fan(who, name=f"Fan {number:03}", last_seen_at=noon() + timedelta(minutes=number), **about)


def _fill(place: Place, who: Principal) -> None:
    place.fan(who, name="Zoë", platform=Platform.FANSLY, tags=("vip",), value_cents=12_50, last_seen_at=noon(3))
    place.fan(who, name="Max", tags=("vip", "new"), value_cents=100_00, last_seen_at=noon(2), email="max@example.com")
    place.fan(who, name="Ari", value_cents=1, last_seen_at=None)


@pytest.mark.usefixtures("ana")
def test_an_empty_list_teaches_the_next_step(place: Place) -> None:
    page = place.signed_in().get("/fans")
    assert "No fans yet" in page.text
    assert "/fans/new" in page.html
    assert "<table" not in page.html


SHOWN = [
    ("", ["Zoë", "Max", "Ari"]),
    ("sort=valueCents", ["Max", "Zoë", "Ari"]),
    ("sort=name", ["Ari", "Max", "Zoë"]),
    ("sort=createdAt", ["Ari", "Max", "Zoë"]),
    ("sort=nonsense", ["Zoë", "Max", "Ari"]),
    ("q=zo%C3%AB", ["Zoë"]),
    ("q=EXAMPLE.com", ["Max"]),
    ("platform=fansly", ["Zoë"]),
    ("platform=myspace", ["Zoë", "Max", "Ari"]),
    ("tag=vip", ["Zoë", "Max"]),
    ("min_value=12.50", ["Zoë", "Max"]),
    ("min_value=%2412.51", ["Max"]),
    ("seen_after=2026-05-03", ["Zoë"]),
    ("seen_after=2026-05-02&tag=vip&platform=onlyfans", ["Max"]),
    ("q=%00", ["Zoë", "Max", "Ari"]),
    ("q=nobody", []),
]


def test_the_address_says_what_is_shown(place: Place, ana: Principal) -> None:
    _fill(place, ana)
    browser = place.signed_in()
    for query, names in SHOWN:
        page = browser.get(f"/fans?{query}")
        assert (page.status, _names(page)) == (200, names), query


def test_the_same_list_stands_at_its_other_address(place: Place, ana: Principal) -> None:
    _fill(place, ana)
    page = place.signed_in().get("/onlyfans/fans?tag=vip")
    assert _names(page) == ["Zoë", "Max"]
    assert page.form("/onlyfans/fans")


def test_totals_are_those_of_everybody_who_matches(place: Place, ana: Principal) -> None:
    _some(place, ana, 60, value_cents=100)
    page = place.signed_in().get("/fans")
    assert len(_names(page)) == 40
    assert "60 fans" in page.text
    assert "$60.00" in page.text


def test_what_is_not_understood_is_said_beside_it_and_kept(place: Place, ana: Principal) -> None:
    _fill(place, ana)
    page = place.signed_in().get("/fans?min_value=12.345&seen_after=31/03/2026&tag=vip")
    assert page.status == 400
    assert "Write an amount such as 1234.56" in page.text
    assert "Write a date such as" in page.text
    assert (page.form("/fans").value("min_value"), page.form("/fans").value("seen_after")) == ("12.345", "31/03/2026")
    assert _names(page) == ["Zoë", "Max"]


def test_days_begin_where_the_workspace_is(place: Place) -> None:
    ana = place.member(place.workspace(timezone="Asia/Tokyo"))
    place.fan(ana, name="Late", last_seen_at=noon(1).replace(hour=16))  # the second of May in Tokyo
    assert _names(place.signed_in().get("/fans?seen_after=2026-05-02")) == ["Late"]


def test_a_zone_that_this_machine_does_not_know_takes_no_page_away(place: Place) -> None:
    ana = place.member(place.workspace(timezone="Mars/Olympus"))
    place.fan(ana, last_seen_at=noon())
    browser = place.signed_in()
    assert browser.get("/fans?seen_after=2026-05-01").status == 200


def test_pages_one_behind_the_other_show_everybody_once(place: Place, ana: Principal) -> None:
    _some(place, ana, 101)
    browser, seen, address = place.signed_in(), [], "/fans"
    while address:
        page = browser.get(address)
        seen += _names(page)
        links = [given["href"] for tag, given in page.read.tags if given.get("rel") == "next"]
        address = links[0] if links else ""
    assert len(seen) == len(set(seen)) == 101


def test_a_cursor_of_another_list_leads_to_the_beginning_of_this_one(place: Place, ana: Principal) -> None:
    _some(place, ana, 51)
    browser = place.signed_in()
    [link] = [given["href"] for _, given in browser.get("/fans").read.tags if given.get("rel") == "next"]
    cursor = link.partition("cursor=")[2]
    assert browser.get(f"/fans?sort=name&cursor={cursor}").path == "/fans?sort=name"
    assert browser.get("/fans?cursor=nonsense").path == "/fans"


@pytest.mark.usefixtures("ana")
def test_a_cursor_of_another_workspace_is_not_found(place: Place) -> None:
    theirs = place.member(place.workspace("Theirs"), email="max@example.com")
    _some(place, theirs, 51)
    other = place.signed_in("max@example.com")
    [link] = [given["href"] for _, given in other.get("/fans").read.tags if given.get("rel") == "next"]
    assert place.signed_in().get(link).status == 404


def test_htmx_gets_the_table_alone(place: Place, ana: Principal) -> None:
    _fill(place, ana)
    browser = place.signed_in()
    whole, part = browser.get("/fans?tag=vip"), browser.part("/fans?tag=vip", "fans")
    assert part.status == 200
    assert part.html.lstrip().startswith('<section id="fans"')
    assert "<html" not in part.html
    assert _names(part) == _names(whole)


def test_a_full_page_stays_small(place: Place, ana: Principal) -> None:
    tags = [f"likes number {number}" for number in range(60)]
    for number in range(51):
        carried = tuple(tags[number : number + 3])
        place.fan(ana, name=f"Maximilian Oliveira {number}", handle=f"max_oliveira_{number}", tags=carried)
    page = place.signed_in().get("/fans?q=max&sort=valueCents")
    assert len(_names(page)) == 40
    assert len(page.content) <= 50 * 1024


def test_hostile_words_stay_words(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, name=HOSTILE, handle=HOSTILE, tags=(HOSTILE,), notes=HOSTILE, platform_id=HOSTILE)
    browser = place.signed_in()
    pages = [
        browser.get("/fans"),
        browser.get(f"/fans/{fan.id}"),
        browser.get(f"/fans/{fan.id}/edit"),
        browser.get(f"/fans?q={quote(HOSTILE)}&tag={quote(HOSTILE)}&min_value={quote(HOSTILE)}"),
    ]
    for page in pages:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&gt;" in page.html
        assert not [
            given for tag, given in page.read.tags if tag == "script" and not given.get("src", "").startswith("/")
        ]
        assert not [given for _, given in page.read.tags if "onerror" in given]
        assert "{{7*7}}" in page.html


def _select(browser: Browser, address: str = "/fans", **typed: object) -> Page:
    browser.get(address)
    return browser.submit("/fans/bulk/tags", **typed)


def _ids(page: Page) -> list[str]:
    return [given["value"] for tag, given in page.read.tags if tag == "input" and given.get("name") == "fan"]


def _tags(place: Place, name: str) -> list[str]:
    [(tags,)] = place.run("SELECT tags FROM fans WHERE name = %s", name)
    return list(tags)


def test_a_tag_goes_to_the_selected_and_undo_takes_it_back(place: Place, ana: Principal) -> None:
    _fill(place, ana)
    browser = place.signed_in()
    chosen = _ids(browser.get("/fans?sort=name"))[:2]
    page = _select(browser, "/fans?sort=name", fan=chosen, bulk_tag="  big   spender ", do="add")
    assert page.path == "/fans?sort=name", "back to where one was"
    assert "2 fans now carry “big spender”." in page.text
    assert (_tags(place, "Ari"), _tags(place, "Max")) == (["big spender"], ["vip", "new", "big spender"])
    page = browser.submit("/fans/bulk/tags/undo")
    assert "Undone." in page.text
    assert (_tags(place, "Ari"), _tags(place, "Max")) == ([], ["vip", "new"])


def test_a_tag_goes_to_all_matches_beyond_the_page_and_undo_takes_it_back(place: Place, ana: Principal) -> None:
    _some(place, ana, 60, platform=Platform.FANSLY)
    other = place.fan(ana, name="Other")
    browser = place.signed_in()
    page = _select(browser, "/fans?platform=fansly", all="1", bulk_tag="whale", do="add")
    assert "60 fans now carry “whale”." in page.text
    assert place.run("SELECT count(*) FROM fans WHERE tags ? 'whale'") == [(60,)]
    assert _tags(place, other.name) == []
    browser.submit("/fans/bulk/tags/undo")
    assert place.run("SELECT count(*) FROM fans WHERE tags ? 'whale'") == [(0,)]


def test_taking_a_tag_off_can_be_undone_too(place: Place, ana: Principal) -> None:
    _fill(place, ana)
    browser = place.signed_in()
    chosen = _ids(browser.get("/fans?tag=vip"))
    page = _select(browser, "/fans?tag=vip", fan=chosen, bulk_tag="vip", do="remove")
    assert "“vip” was taken off 2 fans." in page.text
    browser.submit("/fans/bulk/tags/undo")
    assert "vip" in _tags(place, "Max")


def test_undo_is_offered_only_where_it_is_exact(place: Place, ana: Principal) -> None:
    _fill(place, ana)
    browser = place.signed_in()
    some_had_it = _select(browser, fan=_ids(browser.get("/fans")), bulk_tag="vip", do="add")
    assert "1 fan now carries “vip”." in some_had_it.text
    nobody_is_found_again = _select(browser, "/fans?tag=vip", all="1", bulk_tag="vip", do="remove")
    assert "taken off 3 fans" in nobody_is_found_again.text
    for page in (some_had_it, nobody_is_found_again):
        assert "/fans/bulk/tags/undo" not in page.html


MISSING: list[tuple[dict[str, object], str]] = [
    ({"bulk_tag": " "}, "write the tag first"),
    ({"bulk_tag": "x" * 201}, "At most 200 characters."),
    ({"bulk_tag": "vip", "fan": None}, "select fans first"),
]


def test_what_is_missing_is_said_and_nothing_changes(place: Place, ana: Principal) -> None:
    _fill(place, ana)
    browser = place.signed_in()
    chosen = _ids(browser.get("/fans"))
    for typed, words in MISSING:
        page = _select(browser, **{"fan": chosen, "do": "add", **typed})
        assert words in page.text
    assert _tags(place, "Ari") == []


def test_a_fan_of_others_among_the_selected_changes_nothing(place: Place, ana: Principal) -> None:
    _fill(place, ana)
    theirs = place.fan(place.member(place.workspace("Theirs"), email="max@example.com"), name="Theirs")
    browser = place.signed_in()
    page = _select(browser, fan=[*_ids(browser.get("/fans")), str(theirs.id)], bulk_tag="x", do="add")
    assert "one of these fans is no longer there" in page.text
    assert (_tags(place, "Ari"), _tags(place, "Theirs")) == ([], [])


def test_who_may_only_read_selects_nothing(place: Place) -> None:
    chatter = place.member(place.workspace(), Role.CHATTER)
    place.fan(chatter)
    browser = place.signed_in()
    page = browser.get("/fans")
    assert "/fans/bulk/tags" not in page.html or 'type="checkbox"' not in page.html
    token = page.read.forms[0].value("csrf")
    assert browser.post("/fans/bulk/tags", [("csrf", token), ("all", "1"), ("bulk_tag", "x")]).status == 403
