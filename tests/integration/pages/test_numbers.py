"""The page of numbers: each filter in the address, the same numbers in charts, tables and files, and kind words."""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from huntaze.fans.model import Platform
from huntaze.members.model import Principal, Role
from tests.integration.pages.conftest import Place
from tests.integration.pages.numbers_at_hand import PATH, Till
from tests.support.browser import Page

A_DAY = timedelta(days=1)
HOSTILE = "<script>hostile()</script>\"'>={{7*7}}"
ADDRESSES = ("href", "hx-get")


@pytest.fixture
def till(place: Place, ana: Principal) -> Till:
    return Till(place, ana)


def card(page: Page, key: str) -> str:
    """What a card says."""
    inside = page.html.partition(f'id="card-{key}"')[2].partition("</li>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", inside.partition(">")[2]).split())


def sheet(page: Page) -> list[dict[str, str]]:
    """A file as rows."""
    return list(csv.DictReader(io.StringIO(page.html.removeprefix("\ufeff"))))


@pytest.mark.usefixtures("ana")
def test_a_new_workspace_is_told_where_numbers_come_from(place: Place) -> None:
    page = place.signed_in().get(PATH)
    assert (page.status, page.title) == (200, "Numbers · Huntaze")
    assert "Your numbers begin with your first fans" in page.text
    assert "/platforms/connect/onlyfans" in page.html
    assert "<form" in page.html
    assert 'class="cards"' not in page.html
    french = place.signed_in(language="fr").get(PATH)
    assert "Vos chiffres commencent avec vos premiers fans" in french.text


def test_the_same_numbers_stand_in_cards_charts_tables_and_files(place: Place, ana: Principal, till: Till) -> None:
    zoe, max_ = place.fan(ana, name="Zoë Quill"), place.fan(ana, name="Max Moor")
    now = place.clock.now()
    till.takes(zoe, 12_000, now - A_DAY, "subscription")
    till.takes(zoe, 3_000, now - A_DAY, "ppv")
    till.takes(max_, 5_050, now - 2 * A_DAY)
    till.takes(max_, 10_000, now - 40 * A_DAY)
    till.counts()
    browser = place.signed_in()
    page = browser.get(PATH)
    assert card(page, "revenue") == "Revenue $200.50 ▲ 100% more · $100.00 before From 3 payments"
    chart = page.html.partition('class="columns"')[2].partition("</svg>")[0]
    assert chart.count('class="column"') == 30
    assert chart.count("<rect x=") == 30 + 3, "a place for each day, and a part for each kind that came in"
    assert "$150.00, Subscription $120.00, Pay-per-view $30.00" in chart
    assert "Subscription $120.00 60%" in page.text
    assert re.search(r"Zoë Quill \$150\.00 Max Moor \$50\.50", page.text)
    rows = sheet(browser.get(f"{PATH}/export.csv?table=revenue&step=day"))
    assert len(rows) == 30
    assert sum(float(row["Total"]) for row in rows) == 200.5
    best = sheet(browser.get(f"{PATH}/export.csv?table=top-fans"))
    assert [(row["Display Name"], row["Paid"]) for row in best] == [("Zoë Quill", "150.00"), ("Max Moor", "50.50")]


def test_every_table_is_a_file_and_no_other(place: Place, ana: Principal, till: Till) -> None:
    till.takes(place.fan(ana, name="Zoë"), 100, place.clock.now())
    till.counts()
    browser = place.signed_in()
    page = browser.get(f"{PATH}?range=7d")
    files = [given["href"] for tag, given in page.read.tags if tag == "a" and "export.csv" in given.get("href", "")]
    assert len(files) == 7
    for address in files:
        answer = browser.get(address)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8"), address
        assert "attachment" in answer.headers["Content-Disposition"]
        assert "range=7d" in address
    assert browser.get(f"{PATH}/export.csv?table=overview").status == 200
    assert browser.get(f"{PATH}/export.csv?table=members").status == 404
    assert place.run("SELECT count(*) FROM audit_log WHERE action = 'analytics.exported'") == [(8,)]


def test_filters_stand_in_the_address_and_in_every_link(place: Place, ana: Principal, till: Till) -> None:
    tagged = place.fan(ana, name="Tagged", tags=("vip",), platform=Platform.FANSLY)
    other = place.fan(ana, name="Other")
    now = place.clock.now()
    till.takes(tagged, 1_000, now)
    till.takes(other, 2_500, now)
    till.takes(other, 7_000, now - 60 * A_DAY)
    till.counts()
    browser = place.signed_in()
    assert card(browser.get(PATH), "revenue").startswith("Revenue $35.00")
    assert card(browser.get(f"{PATH}?range=90d"), "revenue").startswith("Revenue $105.00")
    assert card(browser.get(f"{PATH}?platform=fansly"), "revenue").startswith("Revenue $10.00")
    page = browser.get(f"{PATH}?tag=vip")
    assert card(page, "revenue").startswith("Revenue $10.00")
    assert "counted just now, from the fans who have this tag" in page.text
    day = f"{now - 60 * A_DAY:%Y-%m-%d}"
    page = browser.get(f"{PATH}?from={day}&to={day}")
    assert card(page, "revenue").startswith("Revenue $70.00")
    assert page.form(PATH).value("from") == day
    page = browser.get(f"{PATH}?range=90d&platform=fansly&tag=vip&step=month&hours=paid")
    assert dict(page.form(PATH).fields) == {
        "range": "90d",
        "step": "month",
        "hours": "paid",
        "platform": "fansly",
        "tag": "vip",
        "from": "",
        "to": "",
    }
    narrowed = [given["hx-get"] for tag, given in page.read.tags if tag == "a" and "hx-get" in given]
    assert narrowed
    assert all("tag=vip" in address and "platform=fansly" in address for address in narrowed)
    assert browser.part(f"{PATH}?range=7d", "numbers").html.lstrip().startswith('<section id="numbers"')


def test_what_is_typed_wrong_is_said_beside_it(place: Place, ana: Principal, till: Till) -> None:
    till.takes(place.fan(ana, name="Zoë"), 1_000, place.clock.now())
    till.counts()
    browser = place.signed_in()
    for address, words in (
        ("from=31.12.2026", "Write a date such as"),
        ("to=0001-01-05", "Write a date such as"),
        ("from=9999-12-31", "Write a date such as"),
        ("from=2026-03-02&to=2026-03-01", "Must not be before the first day."),
        ("from=2020-01-01&to=2026-03-01", "A period has at most 1,100 days."),
    ):
        page = browser.get(f"{PATH}?{address}")
        assert (page.status, words in page.text) == (400, True), address
    for address in ("range=always", "platform=myspace", "step=hour", "hours=all", "tag=%00", "range=7d&range=30d"):
        assert browser.get(f"{PATH}?{address}").status == 200, address


def test_without_payments_prices_are_charted_and_called_so(place: Place, ana: Principal, till: Till) -> None:
    zoe, now = place.fan(ana, name="Zoë"), place.clock.now()
    till.offers(zoe, 1_500, now, bought=True)
    till.offers(zoe, 700, now)
    till.counts()
    page = place.signed_in().get(PATH)
    assert card(page, "offered").startswith("Asked for in messages $22.00")
    assert "No payments are known yet, so this is what was asked for in messages, bought or not." in page.text
    assert "$10 to under $20 1 of 1 bought 100%" in page.text
    assert "$5 to under $10 0 of 1 bought 0%" in page.text
    assert card(page, "ppv").startswith("Pay-per-view bought 1")
    till.takes(zoe, 100, now)
    till.counts()
    assert "No payments are known" not in place.signed_in().get(PATH).text


def test_currencies_stand_apart(place: Place, ana: Principal, till: Till) -> None:
    zoe, now = place.fan(ana, name="Zoë"), place.clock.now()
    till.takes(zoe, 1_000, now)
    till.takes(zoe, 2_000, now, currency="EUR")
    till.counts()
    page = place.signed_in().get(PATH)
    assert card(page, "revenue").startswith("Revenue $10.00 + €20.00")
    assert page.html.count('class="columns"') == 2
    french = place.signed_in(language="fr").get(PATH)
    assert "10,00\u00a0$US" in french.html
    assert "20,00\u00a0€" in french.html


def test_it_says_until_when_everything_is_counted(place: Place, ana: Principal, till: Till) -> None:
    till.takes(place.fan(ana, name="Zoë"), 1_000, place.clock.now())
    till.counts()
    browser = place.signed_in()
    assert f"counted up to {place.clock.now():%H:%M}" in browser.get(PATH).text
    place.advance(timedelta(minutes=20))
    noted_at = place.clock.now() - timedelta(minutes=10)
    place.run(
        "INSERT INTO analytics_stale (workspace_id, topic, noted_at) VALUES (%s, 'messages', %s)",
        *(ana.workspace_id, noted_at),
    )
    page = browser.get(PATH)
    assert f"counted up to {noted_at:%H:%M} What changed since is being counted." in page.text


@pytest.mark.parametrize(
    ("role", "status"), [(Role.OWNER, 200), (Role.MANAGER, 200), (Role.ANALYST, 200), (Role.CHATTER, 403)]
)
def test_who_may_look(place: Place, ana: Principal, till: Till, role: Role, status: int) -> None:
    till.takes(place.fan(ana, name="Zoë Quill"), 1_000, place.clock.now())
    till.counts()
    place.member(ana.workspace_id, role, "other@example.com")
    browser = place.signed_in("other@example.com")
    page = browser.get(PATH)
    assert page.status == status
    assert browser.get(f"{PATH}/export.csv?table=revenue").status == status
    linked = {given.get("href") for tag, given in browser.get("/").read.tags if tag == "a"}
    assert (PATH in linked) == (status == 200)
    assert ("Zoë Quill" in page.text) == (role in {Role.OWNER, Role.MANAGER})
    if role is Role.ANALYST:
        assert "Fan no. 1 $10.00" in page.text
        assert "Zoë" not in browser.get(f"{PATH}/export.csv?table=top-fans").html


def test_another_workspace_sees_nothing_of_it(place: Place, ana: Principal, till: Till) -> None:
    till.takes(place.fan(ana, name="Zoë Quill", tags=("vip",)), 123_456, place.clock.now())
    till.counts()
    place.member(place.workspace("Elsewhere"), Role.OWNER, "eve@example.com")
    browser = place.signed_in("eve@example.com")
    for address in (PATH, f"{PATH}?tag=vip", "/onlyfans/analytics"):
        page = browser.get(address)
        assert page.status == 200
        assert "1,234.56" not in page.text
        assert "Zoë" not in page.text


def test_hostile_names_and_tags_stay_words(place: Place, ana: Principal, till: Till) -> None:
    fan = place.fan(ana, name=HOSTILE, tags=(HOSTILE,))
    till.takes(fan, 1_000, place.clock.now())
    place.run("UPDATE members SET display_name = %s WHERE id = %s", HOSTILE, ana.member_id)
    till.counts()
    browser = place.signed_in()
    for tag in ("", HOSTILE, f"{HOSTILE} no such"):
        address = f"{PATH}?{urlencode({'tag': tag})}"
        shown = browser.get(address)
        assert HOSTILE in shown.text, address
        assert "<script>hostile" not in shown.html, address
        assert all(given.get("src", "").startswith("/static/") for tag, given in shown.read.tags if tag == "script")
        assert not [given for _, given in shown.read.tags if {"style", "onclick", "onerror"} & set(given)], address
    row = sheet(browser.get(f"{PATH}/export.csv?table=top-fans"))[0]
    assert row["Display Name"] == HOSTILE


def test_the_charts_bring_their_own_style_and_no_script(place: Place, ana: Principal, till: Till) -> None:
    till.takes(place.fan(ana, name="Zoë"), 1_000, place.clock.now())
    till.counts()
    browser = place.signed_in()
    page = browser.get(PATH)
    styles = [given["href"] for tag, given in page.read.tags if tag == "link" and given.get("rel") == "stylesheet"]
    assert [re.sub(r"\.[0-9a-f]{10}", "", style.rpartition("/")[2]) for style in styles] == ["app.css", "charts.css"]
    assert browser.get(styles[1]).status == 200
    assert "charts." not in browser.get("/fans").html
    assert [tag for tag, given in page.read.tags if tag == "style"] == []
