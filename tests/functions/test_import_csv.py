"""A form with a small file: what comes in, what goes out; the use cases behind it are a fake's."""

from typing import Any

import pytest

from huntaze.fans.model import Platform
from huntaze.imports.model import LARGEST_AT_ONCE, NOTHING, Choices, Counts, Field, Policy, Status
from tests.support.fake_imports import FakeImports, an_import
from tests.support.import_api import CSV, FILE, IMPORTS, call, post_form
from tests.support.multipart import Part, content_type
from tests.support.workspaces import NOON


def test_a_small_file_is_imported_at_once(imports: FakeImports) -> None:
    done = Counts(total=9, created=4, updated=1, skipped=4, reasons={})
    imports.known = an_import(Status.COMMITTED, done=done, committed_at=NOON)
    fields = [Part("locale", "fr-FR"), Part("policy", "overwrite"), Part("mapping", '{"username": "Pseudo"}')]
    answer = post_form(FILE, *fields, Part("platform", "fansly"))

    assert (answer.status, answer.json()) == (
        200,
        {
            "importId": str(imports.known.id),
            "status": "committed",
            "summary": {"totalRows": 10, "successfulInserts": 4, "updated": 1, "skipped": 4, "errors": 1},
            "errors": [
                {
                    "row": 7,
                    "column": "Total Spent",
                    "error": "This amount can be read in two ways. Choose the locale of the file.",
                }
            ],
        },
    )
    choices = Choices(
        platform=Platform.FANSLY, locale="fr-FR", policy=Policy.OVERWRITE, mapping={Field.USERNAME: "Pseudo"}
    )
    assert imports.asked == [("at_once", "fans.csv", FILE.content, choices)]


def test_what_a_request_cannot_finish_goes_on(imports: FakeImports) -> None:
    imports.known = an_import(Status.COMMITTING, done=NOTHING)
    answer = post_form(FILE)
    assert (answer.status, answer.json()["status"]) == (202, "committing")
    assert answer.json()["importId"] == str(imports.known.id)


@pytest.mark.parametrize(
    ("about", "field", "message"),
    [
        ({"status": Status.MAPPING}, "mapping", "No column holds usernames or user ids. Say which one does."),
        ({"error": "empty"}, "file", "The file is empty."),
        (
            {"error": "open_quote", "error_row": 7, "error_column": "Total Spent"},
            "file",
            "Row 7, column Total Spent: A quotation mark is opened here and never closed.",
        ),
        (
            {"error": "unknown_column", "error_column": "Pseudo"},
            "mapping",
            "Column Pseudo: The mapping names a column that the file does not have.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name_and_place(
    imports: FakeImports, about: dict[str, Any], field: str, message: str
) -> None:
    imports.known = an_import(**{"status": Status.FAILED, **about})
    answer = post_form(FILE)
    assert (answer.status, answer.json()["fields"]) == (400, [{"field": field, "message": message}])


def test_a_file_of_4_mb_is_taken_and_a_byte_more_is_sent_to_the_other_way(imports: FakeImports) -> None:
    imports.known = an_import(Status.COMMITTED)
    assert post_form(Part("file", b"x" * LARGEST_AT_ONCE, "fans.csv")).status == 200
    for more in (1, 100_000):
        refused = post_form(Part("file", b"x" * (LARGEST_AT_ONCE + more), "fans.csv"))
        assert refused.status == 413
        assert "/api/onlyfans/imports" in refused.json()["detail"]
    assert len(imports.asked) == 1


@pytest.mark.parametrize(
    ("parts", "failing"),
    [
        ([], {"file"}),
        ([Part("locale", "fr-FR")], {"file"}),
        ([Part("file", "", "")], {"file"}),
        ([FILE, FILE], {"file"}),
        ([FILE, Part("locale", "tlh"), Part("policy", "guess")], {"locale", "policy"}),
        ([FILE, Part("mapping", "{")], {"mapping"}),
        ([FILE, Part("mapping", "[]")], {"mapping"}),
        ([FILE, Part("mapping", '{"shoeSize": "A"}')], {"mapping.shoeSize.[key]"}),
        ([FILE, Part("surprise", "x")], {"surprise"}),
        ([FILE, Part("platform", "myspace")], {"platform"}),
    ],
)
def test_another_form_is_refused_by_name(imports: FakeImports, parts: list[Part], failing: set[str]) -> None:
    answer = post_form(*parts)
    assert (answer.status, answer.failing) == (400, failing)
    assert imports.asked == []


@pytest.mark.parametrize("kind", ["application/json", "text/csv", "multipart/form-data"])
def test_another_body_is_refused_by_its_type(imports: FakeImports, kind: str) -> None:
    answer = call("POST", CSV, body="Username\nrobin\n", headers={"content-type": kind})
    assert (answer.status, answer.failing) == (400, {"Content-Type"})
    assert imports.asked == []


def test_a_form_goes_nowhere_else(imports: FakeImports) -> None:
    answer = call("POST", IMPORTS, body="x", headers={"content-type": content_type()})
    assert (answer.status, answer.failing) == (400, {"Content-Type"})
    assert imports.asked == []


def test_a_form_under_a_key_is_done_once_whatever_stands_between_its_parts(imports: FakeImports) -> None:
    imports.known = an_import(Status.COMMITTED)
    key = {"idempotency-key": "monday"}
    first, again = post_form(FILE, boundary="one", **key), post_form(FILE, boundary="another", **key)
    assert (first.status, again.body) == (200, first.body)
    assert post_form(FILE._replace(content=b"Username\nmax\n"), **key).status == 422
    assert len(imports.asked) == 1
