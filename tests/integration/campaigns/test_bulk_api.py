"""One message to a few through the API, on the real database."""

from collections.abc import Iterator
from typing import Any

import pytest

from huntaze.delivery.gate import Gate
from tests.support.campaign_api import BULK, Api, api_on
from tests.support.campaigns import Ground, later
from tests.support.functions import Answer

NOTHING = [(0, 0)]


@pytest.fixture
def api(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    with api_on(ground, monkeypatch) as made:
        yield made


def _send(api: Api, recipients: list[Any], content: str = "Hello", **more: Any) -> Answer:
    return api.ask("POST", BULK, {"recipientIds": recipients, "content": content, **more})


def _rows(api: Api) -> list[tuple[Any, ...]]:
    return api.ground.run(
        "SELECT (SELECT count(*) FROM campaigns WHERE workspace_id = %s),"
        " (SELECT count(*) FROM messages WHERE workspace_id = %s)",
        *[api.ground.workspace_id] * 2,
    )


@pytest.mark.parametrize("count", [1, 10, 100])
def test_it_goes_to_1_to_100(api: Api, count: int) -> None:
    answer = _send(api, [str(fan) for fan in api.ground.more_fans(count)], "x" * 5000)
    assert answer.status == 202
    told = answer.json()
    assert told.keys() == {"campaignId", "totalRecipients", "excluded", "estimatedCompletionTime", "status"}
    assert (told["totalRecipients"], told["excluded"], told["status"]) == (count, [], "queued")
    assert told["estimatedCompletionTime"] is not None
    assert (_rows(api), len(api.queue.permits)) == ([(1, count)], count)


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"recipientIds": []}, {"recipientIds"}),
        ({"recipientIds": [str(number) for number in range(101)]}, {"recipientIds"}),
        ({"content": ""}, {"content"}),
        ({"content": " \n"}, {"content"}),
        ({"content": "x" * 5001}, {"content"}),
        ({"content": "", "recipientIds": []}, {"content", "recipientIds"}),
        ({"recipientIds": [""]}, {"recipientIds.0"}),
        ({"mediaUrls": ["http://example.com/1.jpg"]}, {"mediaUrls.0"}),
        ({"priceCents": 900}, {"mediaUrls"}),
        ({"campaignName": ""}, {"campaignName"}),
        ({"sendAt": "2030-01-01T12:00:00Z", "doNotSendAfter": "2030-01-01T12:00:00Z"}, {"doNotSendAfter"}),
        ({"sendAt": "9999-01-01T12:00:00Z"}, {"sendAt"}),
        ({"sendAt": 5}, {"sendAt"}),
        ({"text": "Hello"}, {"text"}),
    ],
)
def test_every_wrong_field_is_named_and_nothing_is_written(api: Api, wrong: dict[str, Any], fields: set[str]) -> None:
    [fan] = api.ground.more_fans(1)
    refused = api.ask("POST", BULK, {"recipientIds": [str(fan)], "content": "Hello", **wrong})
    assert (refused.status, refused.failing) == (400, fields)
    assert _rows(api) == NOTHING


def test_everything_about_it_is_kept_as_the_contract_says(api: Api) -> None:
    [fan] = api.ground.more_fans(1)
    media = ["https://media.example.com/1.jpg"]
    send_at, end = later(1).isoformat(), later(2).isoformat()
    times = {"sendAt": send_at, "doNotSendAfter": end}
    answer = _send(api, [f"of {fan}"], mediaUrls=media, priceCents=900, campaignName="To one", **times)
    assert (answer.status, answer.json()["totalRecipients"]) == (202, 1)
    [kept] = api.ground.run(
        "SELECT type, name, status, template, target_audience, metrics -> 'sent', starts_at, ends_at FROM campaigns"
        " WHERE id = %s",
        answer.json()["campaignId"],
    )
    template = {"content": "Hello", "mediaUrls": media, "priceCents": 900}
    assert kept[:6] == ("bulk_message", "To one", "scheduled", template, {"recipientIds": [str(fan)]}, 0)
    assert [at.isoformat() for at in kept[6:]] == [send_at, end]


def test_who_is_left_out_is_counted_by_reason(api: Api) -> None:
    fan, unwanted = api.ground.more_fans(2)
    api.ground.run("UPDATE fans SET do_not_contact = true WHERE id = %s", unwanted)
    told = _send(api, [str(fan), f"of {fan}", str(unwanted), "nobody"]).json()
    assert told["totalRecipients"] == 1
    assert told["excluded"] == [{"reason": reason, "count": 1} for reason in ("do_not_contact", "duplicate", "unknown")]
    refused = _send(api, ["nobody"])
    assert (refused.status, "1 unknown" in refused.json()["detail"]) == (409, True)


def test_the_same_key_sends_once(api: Api) -> None:
    [fan] = api.ground.more_fans(1)
    body, key = {"recipientIds": [str(fan)], "content": "Hello"}, {"idempotency-key": "once"}
    first, second = (api.ask("POST", BULK, body, headers=key) for _ in range(2))
    assert (first.status, first.body) == (second.status, second.body) == (202, first.body)
    assert (_rows(api), len(api.queue.permits)) == ([(1, 1)], 1)
    assert api.ask("POST", BULK, {**body, "content": "Other"}, headers=key).status == 422


def test_while_sending_is_held_nothing_is_written(api: Api) -> None:
    [fan] = api.ground.more_fans(1)
    api.parts.gate = Gate("RATE_LIMITER_ENABLED is false.")
    answer = api.ask(
        "POST", BULK, {"recipientIds": [str(fan)], "content": "Hello"}, headers={"idempotency-key": "held"}
    )
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert _rows(api) == NOTHING
    assert api.ground.run("SELECT count(*) FROM idempotency_keys WHERE key = 'held'") == [(0,)]


def test_the_switch_closes_it_and_leaves_campaigns_open(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    [fan] = ground.more_fans(1)
    with api_on(ground, monkeypatch, ONLYFANS_CRM_ENABLED="false") as api:
        answer = _send(api, [str(fan)])
        assert (answer.status, answer.headers["Retry-After"], _rows(api)) == (503, "300", NOTHING)
        assert api.ask("GET", "/api/crm/campaigns").status == 200
