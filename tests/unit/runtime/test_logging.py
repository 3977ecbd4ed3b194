import json
import logging

import pytest

from huntaze.runtime.logging import add_ids, begin_call


def _lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.readouterr().out.splitlines()]


def test_modules_log_through_the_standard_library_and_come_out_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    begin_call(requestId="r-1")
    logging.getLogger("huntaze.fans.service").info("added", extra={"fanId": "f-1"})
    (line,) = _lines(capsys)
    assert (line["message"], line["fanId"], line["requestId"]) == ("added", "f-1", "r-1")
    assert str(line["timestamp"]).endswith("+00:00")


def test_the_ids_of_one_call_are_not_on_the_lines_of_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    begin_call(requestId="r-1")
    add_ids(workspaceId="w-1")
    begin_call(requestId="r-2")
    logging.getLogger("huntaze.x").info("second")
    (line,) = _lines(capsys)
    assert line["requestId"] == "r-2"
    assert "workspaceId" not in line


@pytest.mark.parametrize(("word", "shown"), [("WARNING", 0), ("info", 1), ("nonsense", 1), ("", 1)])
def test_the_level_is_a_setting_and_a_wrong_word_is_info(
    word: str, shown: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOG_LEVEL", word)
    begin_call()
    logging.getLogger("huntaze.x").info("hello")
    assert len(_lines(capsys)) == shown
