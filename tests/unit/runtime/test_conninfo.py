import json

import pytest
from psycopg.conninfo import conninfo_to_dict

from huntaze.errors import Misconfigured
from huntaze.runtime.conninfo import conninfo, password

SECRET = {"username": "app", "password": "it's \\ a secret", "host": "/run/postgres", "port": 5432, "dbname": "h"}


def test_a_secret_becomes_a_connection_string() -> None:
    assert conninfo_to_dict(conninfo(json.dumps(SECRET))) == {
        "user": "app",
        "password": "it's \\ a secret",
        "host": "/run/postgres",
        "port": "5432",
        "dbname": "h",
        "sslmode": "require",
    }


def test_only_a_secret_that_says_so_goes_without_tls() -> None:
    assert conninfo_to_dict(conninfo(json.dumps({**SECRET, "sslmode": "disable"})))["sslmode"] == "disable"


@pytest.mark.parametrize("literal", ["postgresql://app:word@host:5/db", "host=host port=5 user=app password=word"])
def test_a_literal_is_understood_in_both_forms(literal: str) -> None:
    assert conninfo_to_dict(conninfo(literal))["host"] == "host"
    assert password(literal) == "word"


def test_only_the_password_can_be_asked_for() -> None:
    assert password(json.dumps(SECRET)) == "it's \\ a secret"
    assert password("host=h") == ""


@pytest.mark.parametrize("broken", ["{", "{}", '{"password": "sesame"}'])
def test_a_broken_secret_is_told_without_its_content(broken: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        conninfo(broken)
    assert "sesame" not in str(raised.value)
    assert raised.value.__cause__ is None
