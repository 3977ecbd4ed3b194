from typing import Any

import pytest

from huntaze.errors import Misconfigured
from huntaze.runtime.settings import Delivery, Held, Settings, SignIn

COMPLETE = {
    "SQS_RATE_LIMITER_QUEUE_URL": "https://sqs/queue",
    "SQS_RATE_LIMITER_DLQ_URL": "https://sqs/dlq",
    "REDIS_ENDPOINT": "cache.example:6379",
    "REDIS_AUTH_TOKEN": "arn:aws:secretsmanager:us-east-1:1:secret:redis",
    "DATABASE_URL": "postgresql://app:very-secret@host/db",
    "TOKEN_ISSUER": "https://issuer",
    "TOKEN_CLIENT_ID": "client",
}


def _settings(**changes: Any) -> Settings:
    changed = {**COMPLETE, **changes}
    return Settings.from_environment({name: value for name, value in changed.items() if value is not None})


def test_complete_settings_let_messages_out() -> None:
    assert _settings().delivery == Delivery(
        queue_url="https://sqs/queue",
        dead_letter_url="https://sqs/dlq",
        redis_endpoint="cache.example:6379",
        redis_token=COMPLETE["REDIS_AUTH_TOKEN"],
    )


@pytest.mark.parametrize(
    "name", ["SQS_RATE_LIMITER_QUEUE_URL", "SQS_RATE_LIMITER_DLQ_URL", "REDIS_ENDPOINT", "REDIS_AUTH_TOKEN"]
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_delivery_setting_holds_and_is_named_and_the_rest_works(name: str, value: str | None) -> None:
    settings = _settings(**{name: value})
    assert settings.delivery == Held("A delivery setting is missing.", (name,))
    assert settings.sign_in == SignIn("https://issuer", "client")
    assert settings.database_url.startswith("postgresql://")


def test_a_plain_server_of_a_local_run_needs_no_token() -> None:
    assert isinstance(_settings(REDIS_ENDPOINT="redis://127.0.0.1:6379", REDIS_AUTH_TOKEN=None).delivery, Delivery)


@pytest.mark.parametrize("word", ["false", "FALSE", " off ", "0", "no"])
def test_the_switch_holds_without_calling_anything_missing(word: str) -> None:
    assert _settings(RATE_LIMITER_ENABLED=word, REDIS_ENDPOINT=None).delivery == Held("RATE_LIMITER_ENABLED is false.")


@pytest.mark.parametrize("word", [None, "", "true", "True", "1", "yes", "on"])
def test_switches_are_on_unless_they_say_otherwise(word: str | None) -> None:
    settings = _settings(RATE_LIMITER_ENABLED=word, ONLYFANS_CRM_ENABLED=word)
    assert isinstance(settings.delivery, Delivery)
    assert settings.onlyfans_enabled


@pytest.mark.parametrize("name", ["RATE_LIMITER_ENABLED", "ONLYFANS_CRM_ENABLED"])
@pytest.mark.parametrize("word", ["flase", "enabled", "2", "null"])
def test_a_misspelt_switch_is_an_error_that_names_the_variable_and_not_its_value(name: str, word: str) -> None:
    with pytest.raises(Misconfigured, match=name) as raised:
        _settings(**{name: word})
    assert word not in str(raised.value)


@pytest.mark.parametrize(
    ("variable", "setting"),
    [("DATABASE_URL", "database_url"), ("MIGRATOR_DATABASE_URL", "migrator_database_url"), ("TOKEN_ISSUER", "sign_in")],
)
def test_a_setting_is_missed_only_when_it_is_needed(variable: str, setting: str) -> None:
    settings = _settings(**{variable: None})
    with pytest.raises(Misconfigured, match=variable):
        getattr(settings, setting)


def test_settings_never_show_a_secret() -> None:
    settings = _settings(REDIS_AUTH_TOKEN="literal-token")
    assert "very-secret" not in repr(settings)
    assert "literal-token" not in repr(settings)
