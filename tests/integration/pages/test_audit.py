"""The audit log as people read it."""

import json
from datetime import timedelta

import psycopg
import pytest

from huntaze.audit import service
from huntaze.audit.model import Action
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.web import audit_page
from tests.integration.pages.conftest import Place

PAGE = "/settings/audit"


def _did(place: Place, who: Principal, action: Action, **details: object) -> None:
    with place.parts.in_workspace(who) as stores:
        stores.audit.record(action, new_id(), **details)


def test_who_did_what_stands_there_in_words_with_the_way_to_it(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, name="Zoë")
    place.parts.notes.add(ana, fan.id, "Kind")
    page = place.signed_in().get(PAGE)
    assert page.status == 200
    for said in ("Ana added a fan", "Ana wrote a note"):
        assert said in " ".join(page.text.split())
    links = [link for _, given in page.read.tags if (link := given.get("href", "")).startswith("/fans/")]
    assert links == [f"/fans/{fan.id}"] * 2
    assert "Kind" not in page.text


def test_it_is_said_in_french_too(place: Place, ana: Principal) -> None:
    place.fan(ana)
    page = place.signed_in(language="fr").get(PAGE)
    assert "a ajouté un fan" in page.text
    assert "Chercher" in str(page.read.tags)


def test_a_fan_who_is_gone_has_no_name_in_it(place: Place, ana: Principal) -> None:
    fan = place.fan(ana, name="Zoë")
    place.parts.fans.delete(ana, fan.id)
    page = place.signed_in().get(PAGE)
    assert "deleted a fan" in page.text
    assert "Zoë" not in page.text


def test_an_action_of_a_newer_version_is_told_as_it_is(place: Place, ana: Principal) -> None:
    place.run("ALTER TABLE audit_log ALTER id SET DEFAULT gen_random_uuid()")
    with psycopg.connect(place.database.superuser) as connection:
        connection.execute("SELECT set_config('huntaze.workspace_id', %s, true)", [str(ana.workspace_id)])
        connection.execute(
            "INSERT INTO audit_log (workspace_id, action) VALUES (%s, 'robot.danced')", [ana.workspace_id]
        )
    page = place.signed_in().get(PAGE)
    assert "Huntaze did something that this version does not know: robot.danced" in " ".join(page.text.split())


def test_filters_live_in_the_address(place: Place, ana: Principal) -> None:
    tom = place.member(ana.workspace_id, Role.MANAGER, "tom@example.com")
    place.fan(ana)
    _did(place, tom, Action.TAG_DELETED, fans=3)
    _did(place, tom, Action.FAN_TAGGED)
    browser = place.signed_in()

    def shown(query: str) -> list[bool]:
        text = browser.get(f"{PAGE}?{query}").text
        return [said in text for said in ("added a fan", "deleted a tag that 3 fans carried", "put a tag on a fan")]

    assert shown("") == [True, True, True]
    assert shown(f"person={tom.member_id}") == [False, True, True]
    assert shown("kind=tag") == [False, True, False]
    assert shown(f"kind=fan&person={tom.member_id}") == [False, False, True]
    today, tomorrow = (f"{place.clock.now() + timedelta(days=days):%Y-%m-%d}" for days in (0, 1))
    assert shown(f"since={today}&until={today}") == [True, True, True]
    assert shown(f"since={tomorrow}") == [False, False, False]


def test_a_day_that_is_none_is_said_beside_its_field(place: Place, ana: Principal) -> None:
    place.fan(ana)
    page = place.signed_in().get(f"{PAGE}?since=yesterday")
    assert page.status == 400
    assert "Write a date such as 2026-03-31." in page.text
    assert "added a fan" in page.text


def test_nothing_matching_offers_the_way_out(place: Place, ana: Principal) -> None:
    assert ana
    browser = place.signed_in()
    assert "Nothing has been done yet" in browser.get(PAGE).text
    page = browser.get(f"{PAGE}?kind=tag")
    assert "No entry matches" in page.text
    assert PAGE in [given.get("href") for _, given in page.read.tags]


def test_older_ones_are_a_link_away_with_and_without_a_script(
    place: Place, ana: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_page, "ROWS", 2)
    for name in ("Zoë", "Max", "Kim"):
        place.fan(ana, name=name)
    browser = place.signed_in()
    [older] = [given["hx-get"] for _, given in browser.get(PAGE).read.tags if "cursor=" in given.get("hx-get", "")]
    part = browser.part(older, "older-entries")
    assert "Zoë" in part.text
    assert "Max" not in part.text
    page = browser.get(older)
    assert "Zoë" in page.text
    assert "To the newest" in page.text
    back = browser.get(older.replace("cursor=", "kind=tag&cursor="))
    assert back.path == f"{PAGE}?kind=tag", "a cursor of other filters leads to the beginning"


def test_a_whole_log_says_so_and_what_to_note_down(place: Place, ana: Principal) -> None:
    place.fan(ana)
    browser = place.signed_in()
    page = browser.get(PAGE)
    assert "The log is whole" not in page.text, "nobody has asked yet"
    page = browser.get(f"{PAGE}/verification")
    assert "The log is whole: 1 entry" in page.text
    assert "added a fan" in page.text, "without a script it is the whole page"
    digest = _hash(place, 1)
    assert digest in "".join(page.text.split())
    same = browser.get(f"{PAGE}/verification?position=1&hash={digest[:32]}%20{digest[32:].upper()}")
    assert "Entry 1 is the one you noted down" in same.text
    other = browser.get(f"{PAGE}/verification?position=1&hash={'0' * 64}")
    assert "Entry 1 is not the one you noted down" in other.text


@pytest.mark.parametrize(
    "typed", ["position=1", "hash=abc&position=1", f"hash={'a' * 64}&position=x", f"hash={'a' * 64}"]
)
def test_half_of_what_was_noted_down_is_not_enough(place: Place, ana: Principal, typed: str) -> None:
    place.fan(ana)
    page = place.signed_in().get(f"{PAGE}/verification?{typed}")
    assert page.status == 400
    assert "all 64 characters" in page.text


def test_a_broken_log_says_where_and_what_it_means(place: Place, ana: Principal) -> None:
    for _ in range(3):
        place.fan(ana)
    with psycopg.connect(place.database.superuser) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE audit_log SET action = 'fan.deleted' WHERE position = 2")
    part = place.signed_in().part(f"{PAGE}/verification", "audit-check")
    said = " ".join(part.text.split())
    assert "The log does not hold at entry 2. This entry was changed after it was written." in said
    assert "What stands before this entry can be trusted" in part.text


def test_a_long_check_says_how_far_it_is_and_goes_on(
    place: Place, ana: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "STRETCH", 2)
    monkeypatch.setattr(service, "PATIENCE", timedelta(0))
    for _ in range(3):
        place.fan(ana)
    browser = place.signed_in()
    part = browser.part(f"{PAGE}/verification", "audit-check")
    assert "Checking: 2 of 3 entries." in part.text
    [more] = {given["hx-get"] for _, given in part.read.tags if "cursor=" in given.get("hx-get", "")}
    assert "The log is whole: 3 entries" in browser.part(more, "audit-check").text


def test_the_file_is_what_the_filters_show_and_no_cell_is_a_formula(place: Place, ana: Principal) -> None:
    place.run("UPDATE members SET display_name = '=HYPERLINK(1)'")
    place.fan(ana)
    _did(place, ana, Action.TAG_DELETED, fans=3)
    browser = place.signed_in()
    file = browser.get(f"{PAGE}/export.csv?kind=tag")
    assert file.status == 200
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["Content-Disposition"].startswith('attachment; filename="audit-')
    head, line, end = file.content.decode("utf-8-sig").split("\r\n")
    assert head.startswith("Position,Time,Person,")
    assert ",'=HYPERLINK(1)," in line
    assert json.loads(line.split('"', 1)[1].rpartition('"')[0].replace('""', '"')) == {"fans": 3}
    assert end == ""
    assert "took data along as a file" in browser.get(PAGE).text


def test_too_many_for_a_file_is_said_where_one_can_choose_fewer(
    place: Place, ana: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_ROWS_AT_ONCE", 1)
    for _ in range(2):
        place.fan(ana)
    page = place.signed_in().get(f"{PAGE}/export.csv?kind=fan")
    assert page.path == f"{PAGE}?kind=fan"
    assert "Choose fewer days and export again." in page.text


@pytest.mark.parametrize("role", [Role.CHATTER, Role.ANALYST])
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/verification", f"{PAGE}/export.csv"])
def test_it_is_for_owners_and_managers(place: Place, ana: Principal, role: Role, path: str) -> None:
    place.member(ana.workspace_id, role, "kim@example.com")
    assert place.signed_in("kim@example.com").get(path).status == 403


def _hash(place: Place, number: int) -> str:
    [(digest,)] = place.run("SELECT encode(hash, 'hex') FROM audit_log WHERE position = %s", number)
    return str(digest)
