"""Taking the list along: at once, or as a file that is ready later."""

from datetime import timedelta

import pytest

from huntaze.exports import service
from huntaze.exports.model import Status
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from tests.integration.pages.conftest import Place


def _finish(place: Place, who: Principal) -> str:
    [export] = place.parts.exports.recent(who)
    claim = new_id()
    with place.parts.in_workspace(who) as stores:
        stores.exports.claim(export.id, claim, place.clock.now(), place.clock.now() + timedelta(minutes=2))
        stores.exports.finish(export.id, claim, "exports/a.csv", 2, 100)
    return str(export.id)


@pytest.fixture
def little_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_ROWS_AT_ONCE", 1)
    monkeypatch.setattr("huntaze.web.fans_list.MOST_ROWS_AT_ONCE", 1)


def test_what_is_shown_is_what_is_taken_along(place: Place, ana: Principal) -> None:
    place.fan(ana, name="Zoë", tags=("vip",))
    place.fan(ana, name="=1+1", tags=("vip",))
    place.fan(ana, name="Somebody else")
    browser = place.signed_in()
    [link] = [
        given["href"]
        for _, given in browser.get("/fans?tag=vip&sort=name").read.tags
        if "export.csv" in given.get("href", "")
    ]
    file = browser.get(link)
    assert file.status == 200
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["Content-Disposition"].startswith('attachment; filename="fans-')
    text = file.content.decode("utf-8-sig")
    assert [line.partition(",")[0] for line in text.split("\r\n")] == ["Display Name", "'=1+1", "Zoë", ""]


@pytest.mark.usefixtures("little_at_once")
def test_a_large_one_is_asked_for_watched_and_fetched(place: Place, ana: Principal) -> None:
    for name in ("Zoë", "Max"):
        place.fan(ana, name=name)
    browser = place.signed_in()
    browser.get("/fans")
    page = browser.submit("/fans/exports")
    assert "Preparing the export: 0 of 2 rows." in page.text
    assert len(place.queue.tickets) == 1
    [poll] = [given["hx-get"] for _, given in page.read.tags if "/fans/exports/" in given.get("hx-get", "")]
    assert browser.part(poll, "export").status == 204, "nothing new"
    export_id = _finish(place, ana)
    part = browser.part(poll, "export")
    assert "The export is ready: 2 rows." in part.text
    file = browser.get(f"/fans/exports/{export_id}/file", follow=False)
    assert file.headers["Location"].startswith("https://files.example/exports/a.csv")
    assert "The export is ready" in browser.get("/fans").text
    place.advance(timedelta(hours=2))
    assert "The export is ready" not in browser.get("/fans").text


@pytest.mark.usefixtures("little_at_once")
def test_what_turns_out_too_large_is_offered_as_a_file(place: Place, ana: Principal) -> None:
    for name in ("Zoë", "Max"):
        place.fan(ana, name=name)
    browser = place.signed_in()
    page = browser.get("/fans/export.csv")
    assert page.path == "/fans?export=file"
    assert "Press Export again" in page.text
    assert page.form("/fans/exports")


@pytest.mark.usefixtures("little_at_once")
def test_one_that_is_stuck_says_so_and_is_asked_for_again(place: Place, ana: Principal) -> None:
    for name in ("Zoë", "Max"):
        place.fan(ana, name=name)
    browser = place.signed_in()
    browser.get("/fans")
    browser.submit("/fans/exports")
    place.advance(timedelta(minutes=6))
    assert "The export stopped before it was complete." in browser.get("/fans").text
    [stuck] = place.parts.exports.recent(ana)
    page = browser.submit(f"/fans/exports/{stuck.id}/again")
    assert "Preparing the export: 0 of 2 rows." in page.text
    assert len(place.queue.tickets) == 2
    assert f"/fans/exports/{stuck.id}/again" not in page.html


@pytest.mark.usefixtures("little_at_once")
def test_more_than_a_few_at_once_are_refused(place: Place, ana: Principal) -> None:
    for name in ("Zoë", "Max"):
        place.fan(ana, name=name)
    browser = place.signed_in()
    for _ in range(6):
        browser.get("/fans")
        page = browser.submit("/fans/exports")
    assert "as many exports under way as can be" in page.text


def test_nobody_sees_or_fetches_anothers(place: Place, ana: Principal) -> None:
    place.fan(ana)
    asked = place.parts.exports.request(ana, *_everything())
    place.member(ana.workspace_id, Role.MANAGER, "tom@example.com")
    browser = place.signed_in("tom@example.com")
    assert browser.get(f"/fans/exports/{asked.id}/file").status == 404
    assert browser.part(f"/fans/exports/{asked.id}", "export").status == 404
    assert asked.status is Status.REQUESTED


def test_a_file_that_is_not_ready_cannot_be_fetched(place: Place, ana: Principal) -> None:
    asked = place.parts.exports.request(ana, *_everything())
    assert place.signed_in().get(f"/fans/exports/{asked.id}/file").status == 409


def _everything() -> tuple[object, object]:
    from huntaze.fans.model import Filters, Sort  # noqa: PLC0415

    return Filters(), Sort.NAME
