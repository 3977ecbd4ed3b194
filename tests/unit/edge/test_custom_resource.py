"""Against a real HTTP server that stands in for CloudFormation's answer address."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Self

import psycopg
import pytest

from huntaze.edge import custom_resource
from huntaze.errors import Unavailable
from tests.support.functions import Context


class CloudFormation:
    """Takes answers, after refusing as many as it is told to."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.content_types: list[str | None] = []
        self.refusals = 0
        self.came = threading.Event()
        self._server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/answer?signature=x"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                outer.content_types.append(self.headers["Content-Type"])
                refused, outer.refusals = outer.refusals > 0, outer.refusals - 1
                if not refused:
                    outer.taken.append(json.loads(content))
                    outer.came.set()
                self.send_response(503 if refused else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def cloudformation() -> Iterator[CloudFormation]:
    with CloudFormation() as running:
        yield running


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom_resource, "_WAITS_BETWEEN_ATTEMPTS", (0, 0, 0))


def _event(cloudformation: CloudFormation, request_type: str = "Create", **more: str) -> dict[str, str]:
    return {
        "RequestType": request_type,
        "ResponseURL": cloudformation.url,
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Schema",
        **more,
    }


def _answered(
    cloudformation: CloudFormation, work: Callable[[], dict[str, str]], request_type: str = "Create", **more: str
) -> dict[str, Any]:
    custom_resource.answer(_event(cloudformation, request_type, **more), Context(), work)
    (answer,) = cloudformation.taken
    return answer


def _never() -> dict[str, str]:
    raise AssertionError("nothing was to be done")


def test_success_is_told_with_its_facts(cloudformation: CloudFormation) -> None:
    assert _answered(cloudformation, lambda: {"Applied": "0001.sql"}) == {
        "Status": "SUCCESS",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Schema",
        "PhysicalResourceId": "Schema",
        "Data": {"Applied": "0001.sql"},
    }
    assert cloudformation.content_types == [""], "the address is signed without a content type"


def test_an_update_keeps_the_name_of_the_resource(cloudformation: CloudFormation) -> None:
    assert _answered(cloudformation, dict, "Update", PhysicalResourceId="old")["PhysicalResourceId"] == "old"


def test_a_deletion_does_nothing(cloudformation: CloudFormation) -> None:
    assert _answered(cloudformation, _never, "Delete", PhysicalResourceId="Schema")["Status"] == "SUCCESS"


@pytest.mark.parametrize(
    "failure",
    [
        Unavailable("The database is away.", retry_after=5),
        psycopg.OperationalError("connection to host failed: password=sesame"),
        psycopg.errors.UniqueViolation("DETAIL: Key (email)=(sesame) exists"),
        KeyError("sesame"),
    ],
)
def test_a_failure_is_told_by_its_kind_and_without_secrets(cloudformation: CloudFormation, failure: Exception) -> None:
    def fail() -> dict[str, str]:
        raise failure

    answer = _answered(cloudformation, fail)
    assert answer["Status"] == "FAILED"
    assert type(failure).__name__ in answer["Reason"]
    assert "test/log/stream" in answer["Reason"]
    assert "sesame" not in json.dumps(answer)


def test_when_time_runs_out_the_stack_is_told_before_the_function_dies(cloudformation: CloudFormation) -> None:
    def work() -> dict[str, str]:
        cloudformation.came.wait(30)
        return {}

    custom_resource.answer(_event(cloudformation), Context(milliseconds=15_050), work)
    (answer,) = cloudformation.taken
    assert answer["Status"] == "FAILED"
    assert "longer than the function may run" in answer["Reason"]


def test_an_answer_that_was_not_taken_is_given_again(cloudformation: CloudFormation) -> None:
    cloudformation.refusals = 2
    assert _answered(cloudformation, dict)["Status"] == "SUCCESS"


def test_an_answer_nobody_takes_fails_the_function_so_that_lambda_tries_again(cloudformation: CloudFormation) -> None:
    cloudformation.refusals = 3
    with pytest.raises(RuntimeError, match="could not be answered"):
        custom_resource.answer(_event(cloudformation), Context(), dict)
