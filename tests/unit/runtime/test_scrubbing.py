import io
import json
import logging

import psycopg
import pytest
from aws_lambda_powertools import Logger

from huntaze.errors import Conflict, Invalid, Unavailable
from huntaze.runtime.logging import ScrubbingFormatter
from huntaze.runtime.scrubbing import kind_of, stack_of

SECRET = "zoe.private@example.com"


def _database_error() -> psycopg.Error:
    return psycopg.errors.UniqueViolation(f"duplicate key value\nDETAIL:  Key (email)=({SECRET}) already exists.")


def _raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def test_a_database_error_is_told_by_its_sqlstate_and_not_by_its_row() -> None:
    assert kind_of(_database_error()) == "psycopg.errors.UniqueViolation sqlstate=23505"


@pytest.mark.parametrize("error", [ValueError(SECRET), KeyError(SECRET), _database_error()])
def test_no_text_of_a_foreign_error_is_written(error: Exception) -> None:
    assert SECRET not in kind_of(error) + stack_of(_raised(error))


def test_errors_of_ours_say_what_they_say_and_input_is_not_repeated() -> None:
    assert kind_of(Conflict("There is one already.")) == "huntaze.errors.Conflict There is one already."
    assert SECRET not in kind_of(Invalid.field(SECRET, SECRET))


def test_the_stack_leads_back_to_the_cause() -> None:
    stack = stack_of(_raised(Unavailable("The database is away.", retry_after=5), _raised(_database_error())))
    ours, foreign = stack.split("\ncaused by\n")
    assert "Unavailable" in ours.splitlines()[0]
    assert "UniqueViolation" in foreign.splitlines()[0]
    assert f"{__file__}:" in foreign
    assert "in _raised" in foreign


def test_a_chain_that_never_ends_is_cut() -> None:
    error = ValueError("round")
    error.__cause__ = error
    assert stack_of(error).count("ValueError") == 5


def _logged(write: str) -> dict[str, object]:
    out = io.StringIO()
    log = Logger(
        service=f"test-{write}", stream=out, logger_formatter=ScrubbingFormatter(utc=True, serialize_stacktrace=False)
    )
    error = _raised(_database_error())
    error.add_note(SECRET)
    try:
        raise error
    except psycopg.Error:
        getattr(log, write)("it failed", exc_info=True)
    assert SECRET not in out.getvalue()
    return dict(json.loads(out.getvalue()))


@pytest.mark.parametrize("write", ["exception", "error", "warning"])
def test_a_logged_exception_carries_its_stack_and_no_values(write: str) -> None:
    line = _logged(write)
    assert line["exception_name"] == "psycopg.errors.UniqueViolation sqlstate=23505"
    assert "test_scrubbing.py" in str(line["exception"])


def test_the_record_itself_stays_whole_for_other_handlers() -> None:
    error = _raised(_database_error())
    record = logging.LogRecord("n", logging.ERROR, "p", 1, "m", None, (type(error), error, error.__traceback__))
    ScrubbingFormatter(serialize_stacktrace=False).format(record)
    assert record.exc_info is not None
