"""Where stages live is kept where the CDK reads it too, beside whatever else is kept there."""

import json
from pathlib import Path

from infra.stage import from_context
from local.cloud.notes import Note, keep, note_of

PROD = Note("prod", "111122223333", "eu-west-1")


def test_nothing_is_known_of_a_stage_that_was_never_deployed(tmp_path: Path) -> None:
    assert note_of("prod", tmp_path / "cdk.context.json") == Note("prod")


def test_what_is_kept_comes_back_and_is_news_once(tmp_path: Path) -> None:
    file = tmp_path / "cdk.context.json"

    assert [keep(PROD, file), keep(PROD, file)] == [True, False]
    assert note_of("prod", file) == PROD
    assert [path.name for path in tmp_path.iterdir()] == ["cdk.context.json"]


def test_what_somebody_else_keeps_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "cdk.context.json"
    file.write_text(json.dumps({"other": 1, "stages": {"prod": {"alarmEmail": "ops@example.com"}, "ada": {}}}))
    keep(PROD, file)

    kept = json.loads(file.read_text())
    assert kept["other"] == 1
    assert kept["stages"] == {
        "prod": {"alarmEmail": "ops@example.com", "account": "111122223333", "region": "eu-west-1"},
        "ada": {},
    }


def test_a_deployment_is_told_what_is_kept_of_its_stage_and_the_command_line_wins() -> None:
    kept = {"prod": {"alarmEmail": "ops@example.com", "publicUrl": "https://app.example.com"}}

    told = from_context({"stage": "prod", "stages": kept}.get)
    assert (told.alarm_email, told.public_url) == ("ops@example.com", "https://app.example.com")
    assert from_context({"stage": "staging", "stages": kept}.get).alarm_email is None
    other = {"stage": "prod", "stages": kept, "alarmEmail": "me@example.com", "rateLimiterEnabled": "false"}
    assert from_context(other.get).alarm_email == "me@example.com"
    assert from_context(other.get).switches.rate_limiter_enabled == "false"
