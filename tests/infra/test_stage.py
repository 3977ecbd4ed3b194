import pytest

from infra import stage as stages
from infra.stage import for_name, from_context


def test_production_alone_has_plain_names() -> None:
    assert for_name("prod").physical("huntaze-fans") == "huntaze-fans"
    assert for_name("staging").physical("huntaze-fans") == "staging-huntaze-fans"
    assert for_name("local").physical("huntaze-fans") == "local-huntaze-fans"


def test_an_unknown_word_is_a_personal_stage_built_like_staging() -> None:
    mine = for_name("ada")

    assert mine.physical("huntaze-fans") == "ada-huntaze-fans"
    assert mine.database == stages.STAGING.database
    assert mine.log_days == 7
    assert not mine.keeps_data


@pytest.mark.parametrize("name", ["", "Prod", "1st", "with space", "-", "a" * 17])
def test_a_name_that_no_resource_could_carry_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="A stage is named"):
        for_name(name)


def test_a_deployment_without_a_stage_says_how_to_name_one() -> None:
    with pytest.raises(ValueError, match=r"-c stage="):
        from_context({}.get)


def test_schedules_of_stages_that_may_pause_rest_until_somebody_wakes_them() -> None:
    assert [for_name(name).pause(5) for name in ("prod", "local")] == [5, 5]
    assert [for_name(name).pause(5) for name in ("staging", "ada")] == [24 * 60, 24 * 60]
    assert from_context({"stage": "staging", "schedules": "awake"}.get).pause(5) == 5


def test_logs_are_kept_as_the_contract_says() -> None:
    assert [for_name(name).log_days for name in ("prod", "staging", "local", "ada")] == [90, 30, 7, 7]


def test_the_context_says_where_the_local_servers_listen() -> None:
    told = {
        "stage": "local",
        "databaseHost": "127.0.0.1",
        "databasePort": "54321",
        "databaseName": "huntaze",
        "databasePassword": "p",
        "redisEndpoint": "redis://127.0.0.1:1234",
        "redisPassword": "r",
        "erasureKey": "e",
    }

    servers = from_context(told.get).servers

    assert servers == stages.LocalServers("127.0.0.1", 54321, "huntaze", "p", "redis://127.0.0.1:1234", "r", "e")


def test_the_context_turns_switches_and_chooses_the_way_out() -> None:
    told = {"stage": "prod", "egress": "nat-gateway", "rateLimiterEnabled": "false", "requestsPerMinute": "600"}
    told["alarmEmail"] = "a@example.com"

    stage = from_context(told.get)

    assert stage.egress == "nat-gateway"
    assert stage.switches.rate_limiter_enabled == "false"
    assert stage.switches.onlyfans_crm_enabled == "true"
    assert stage.switches.requests_per_minute == "600"
    assert stage.alarm_email == "a@example.com"
