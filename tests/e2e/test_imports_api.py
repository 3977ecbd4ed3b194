"""Imports deployed: a file of 10,000 rows from its upload to its undoing, a small one at once, and what is refused."""

import csv
import io
import json
from typing import Any

import pytest

from local.people import MAX, ZOE
from tests.support.deployed import Deployed
from tests.support.http import Answer
from tests.support.importer import CSV, IMPORTS, Importer, put
from tests.support.multipart import Part

ROWS, BAD = 10_000, 25


@pytest.fixture(scope="module")
def manager(deployed: Deployed) -> Importer:
    return Importer(deployed, str(deployed.tokens("agency@demo.huntaze.test")["AccessToken"]), str(ZOE))


@pytest.fixture(scope="module")
def another(deployed: Deployed) -> Importer:
    return Importer(deployed, str(deployed.tokens("max@demo.huntaze.test")["AccessToken"]), str(MAX))


def a_file() -> bytes:
    lines = ["Username;Display Name;Total Spent;Last Seen"]
    for number in range(ROWS):
        spent = "lots" if number % (ROWS // BAD) == 0 else f"1.234,{number % 100:02}"
        lines.append(f"e2e-import-{number};Fan {number};{spent};31/12/2025")
    return "\r\n".join(lines).encode("utf-16")


@pytest.fixture(scope="module")
def planned(manager: Importer) -> dict[str, Any]:
    content = a_file()
    new = {"fileName": "fans.csv", "fileBytes": len(content), "locale": "fr-FR"}
    begun = manager.ask("POST", IMPORTS, new)
    assert begun.status == 201, begun.body
    assert begun.json()["import"]["status"] == "uploading"
    answer = put(begun.json(), content)
    assert answer.status == 204, answer.body
    known, _ = manager.once(begun.json()["import"]["id"], "planned")
    return known


def test_a_large_file_goes_all_its_way(manager: Importer, planned: dict[str, Any]) -> None:
    import_id = planned["id"]
    path = f"{IMPORTS}/{import_id}"
    assert planned["layout"]["mapping"] == {
        "username": "Username",
        "name": "Display Name",
        "spent": "Total Spent",
        "lastSeen": "Last Seen",
    }
    counts = {name: planned["planned"][name] for name in ("total", "created", "updated", "skipped", "rejected")}
    assert counts == {"total": ROWS, "created": ROWS - BAD, "updated": 0, "skipped": 0, "rejected": BAD}
    assert manager.fans("e2e-import-%") == 0, "nothing is done before it is committed"
    rows = manager.ask("GET", f"{path}/rows?action=reject&limit=10").json()
    assert [(row["row"], row["column"], row["reason"]) for row in rows["rows"]][:2] == [
        (1, "Total Spent", "bad_amount"),
        (401, "Total Spent", "bad_amount"),
    ]
    assert rows["nextCursor"]

    wrong = manager.ask("POST", f"{path}/commit", {"planHash": "00" * 32})
    assert wrong.status == 409
    committing = manager.ask("POST", f"{path}/commit", {"planHash": planned["planHash"]}, Idempotency_Key=import_id)
    assert (committing.status, committing.json()["status"]) == (202, "committing")
    done, seen = manager.once(import_id, "committed")
    assert seen == sorted(seen)
    assert done["done"]["created"] == manager.fans("e2e-import-%") == ROWS - BAD
    assert done["undoableUntil"]

    rejected = manager.ask("GET", f"{path}/rejected.csv")
    assert (rejected.status, rejected.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    sheet = list(csv.DictReader(io.StringIO(rejected.body.decode("utf-8-sig"))))
    assert [row["Username"] for row in sheet] == [f"e2e-import-{number}" for number in range(0, ROWS, ROWS // BAD)]
    mended = rejected.body.replace(b"lots", b'"7,00"')
    again = manager.send(mended, Part("locale", "fr-FR"))
    assert (again.status, again.json()["summary"]["successfulInserts"]) == (200, BAD), again.body

    assert manager.ask("POST", f"{path}/undo").status == 202
    undone, _ = manager.once(import_id, "undone")
    assert undone["undone"]["created"] == ROWS - BAD
    assert manager.fans("e2e-import-%") == BAD, "what another import brought stays"
    assert manager.ask("POST", f"{IMPORTS}/{again.json()['importId']}/undo").status == 202
    manager.once(again.json()["importId"], "undone")
    assert manager.fans("e2e-import-%") == 0
    assert import_id in [each["id"] for each in manager.ask("GET", IMPORTS).json()["imports"]]


def test_the_form_takes_no_more_than_was_said_and_nothing_else(manager: Importer) -> None:
    begun = manager.ask("POST", IMPORTS, {"fileName": "fans.csv", "fileBytes": 10}).json()
    assert put(begun, b"x" * 11).status == 400
    elsewhere = {**begun, "upload": {**begun["upload"], "fields": {**begun["upload"]["fields"], "key": "exports/x"}}}
    assert put(elsewhere, b"x").status == 403
    assert manager.read(begun["import"]["id"])["status"] == "uploading"


def test_a_small_file_is_imported_at_once_and_once(manager: Importer) -> None:
    content = b"User ID,Username,Total Spent\n901,e2e-small-1,$5\n902,e2e-small-2,nothing\n901,e2e-small-1,$5\n"
    first = manager.send(content, Idempotency_Key="small")
    assert first.status == 200, first.body
    told = first.json()
    assert told["summary"] == {"totalRows": 3, "successfulInserts": 1, "updated": 0, "skipped": 1, "errors": 1}
    assert told["errors"] == [{"row": 2, "column": "Total Spent", "error": "This is no amount of money."}]
    assert manager.send(content, Idempotency_Key="small").json() == told
    assert manager.send(content + b"\n", Idempotency_Key="small").status == 422
    assert manager.ask("POST", f"{IMPORTS}/{told['importId']}/undo").status == 202
    manager.once(told["importId"], "undone")


def test_what_is_wrong_is_told_by_its_name(manager: Importer) -> None:
    def failing(answer: Answer) -> list[str]:
        assert answer.status == 400, answer.body
        return [field["field"] for field in answer.json()["fields"]]

    assert failing(manager.send(b"")) == ["file"]
    assert failing(manager.send(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100)) == ["file"]
    assert failing(manager.send(b"Shoe size\n42\n")) == ["mapping"]
    assert failing(manager.send(b"Username\nx\n", Part("policy", "guess"))) == ["policy"]
    assert failing(manager.ask("POST", CSV, {"file": "x"})) == ["Content-Type"]


def test_a_file_of_more_than_4_mb_is_sent_the_other_way(manager: Importer) -> None:
    refused = manager.send(b"Username\n" + b"somebody\n" * 470_000)
    assert refused.status == 413
    assert "/api/onlyfans/imports" in json.loads(refused.body)["detail"]


def test_only_who_may_import_and_only_their_own(
    deployed: Deployed, manager: Importer, another: Importer, planned: dict[str, Any]
) -> None:
    chatter = Importer(deployed, str(deployed.tokens("chatter@demo.huntaze.test")["AccessToken"]), str(ZOE))
    path = f"{IMPORTS}/{planned['id']}"
    for somebody, status in ((chatter, 403), (another, 404)):
        assert somebody.ask("GET", path).status == status
        assert somebody.ask("POST", f"{path}/plan", {}).status == status
        assert somebody.ask("POST", f"{path}/commit", {"planHash": planned["planHash"]}).status == status
        assert somebody.ask("POST", f"{path}/undo").status == status
        assert somebody.ask("GET", f"{path}/rows").status == status
        assert somebody.ask("GET", f"{path}/rejected.csv").status == status
    assert chatter.send(b"Username\nx\n").status == 403
    assert another.ask("GET", IMPORTS).json() == {"imports": []}
    assert manager.read(planned["id"])["id"] == planned["id"]
