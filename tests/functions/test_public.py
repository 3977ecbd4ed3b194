"""GET /api/openapi.json through the handler."""

import json

import pytest

from tests.functions.conftest import Stage
from tests.support.functions import FUNCTIONS, call


@pytest.mark.usefixtures("stage")
def test_anybody_may_read_the_description() -> None:
    answer = call("public", "GET", "/api/openapi.json", claims=None)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == json.loads((FUNCTIONS / "public" / "openapi.json").read_text())


def test_it_needs_no_setting_at_all(stage: Stage) -> None:
    call("public", "GET", "/api/openapi.json", claims=None)
    assert "settings" not in vars(stage.parts)
