"""Campaigns deployed: one message to a few, and a campaign by filter from its draft to what came of it."""

import base64
import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.deployed import Deployed
from tests.support.deployed_creators import DeployedCreators
from tests.support.http import Answer
from tests.support.post_office import Creator
from tests.support.simulator import wait_for

BULK, CAMPAIGNS = "/api/messages/bulk", "/api/crm/campaigns"
FANS = 110
QUICK = {"messages": 50, "seconds": 2}
WAITING = "SELECT 1 FROM campaign_recipients WHERE campaign_id = %(id)s AND status IN ('pending', 'queued') LIMIT 1"
TAGGED = "UPDATE fans SET tags = '[\"vip\"]' WHERE workspace_id = %(ws)s AND id = ANY(%(fans)s)"


@dataclass(frozen=True)
class Author:
    """Zoe, at work in a workspace of this test's own."""

    deployed: Deployed
    token: str
    creator: Creator

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["X-Workspace"] = str(self.creator.workspace_id)
        return self.deployed.call(method, path, token=self.token, body=body, headers=named)

    def read(self, campaign_id: str) -> dict[str, Any]:
        answer = self("GET", f"{CAMPAIGNS}/{campaign_id}")
        assert answer.status == 200, answer.body
        return dict(answer.json())


def _through(author: Author, creators: DeployedCreators, campaign_id: str) -> dict[str, Any]:
    """The campaign, once nobody waits for it; the database is asked, which costs the stack less than its own API."""
    wait_for(lambda: not creators.run(WAITING, id=campaign_id), seconds=300)
    return author.read(campaign_id)


@pytest.fixture(scope="module")
def author(deployed: Deployed, creators: DeployedCreators, owner_token: str) -> Author:
    payload = owner_token.split(".")[1]
    subject = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]
    return Author(deployed, owner_token, creators.creator(subject, fans=FANS, **QUICK))


def _texts(creators: DeployedCreators, author: Author, text: str) -> int:
    return sum(line["text"] == text for line in creators.platform.log(author.creator.user_id))


@pytest.mark.parametrize("count", [1, 10, 100])
def test_one_message_to_a_few_reaches_each_once(author: Author, creators: DeployedCreators, count: int) -> None:
    fans = [str(fan) for fan in author.creator.fans[:count]]
    body, text = {"recipientIds": fans, "content": f"To {count}"}, f"To {count}"
    sent = author("POST", BULK, body, Idempotency_Key=f"bulk-{count}")
    again = author("POST", BULK, body, Idempotency_Key=f"bulk-{count}")
    assert (sent.status, sent.json()["totalRecipients"], sent.json()["status"]) == (202, count, "queued")
    assert again.json() == sent.json()
    shown = _through(author, creators, sent.json()["campaignId"])
    assert (shown["type"], shown["progress"]["sent"], shown["progress"]["failed"]) == ("bulk_message", count, 0)
    assert _texts(creators, author, text) == count


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"recipientIds": []}, "recipientIds"),
        ({"recipientIds": [str(number) for number in range(101)]}, "recipientIds"),
        ({"content": ""}, "content"),
        ({"content": "x" * 5001}, "content"),
    ],
)
def test_too_few_and_too_much_is_refused_by_name(author: Author, wrong: dict[str, Any], field: str) -> None:
    body = {"recipientIds": [str(author.creator.fans[0])], "content": "Hello", **wrong}
    refused = author("POST", BULK, body)
    assert (refused.status, [one["field"] for one in refused.json()["fields"]]) == (400, [field])


def test_a_campaign_from_its_draft_to_what_came_of_it(author: Author, creators: DeployedCreators) -> None:
    meant = author.creator.fans[:60]
    creators.run(TAGGED, ws=author.creator.workspace_id, fans=meant)
    audience = {"include": {"tags": ["vip"]}, "rules": {"activeChatMinutes": 0}}
    new = {"name": "Spring", "variants": [{"content": "Hi {name|you}!"}], "audience": audience}
    draft = author("POST", CAMPAIGNS, new).json()
    path = f"{CAMPAIGNS}/{draft['id']}"
    preview = author("GET", f"{path}/preview?fanId={meant[0]}").json()
    assert (preview["recipients"], preview["text"]["content"]) == (60, "Hi Fan!")
    launched = author("POST", f"{path}/launch", {"contentHash": preview["contentHash"]})
    assert (launched.status, launched.json()["progress"]["recipients"]) == (202, 60)

    paused = author("POST", f"{path}/pause").json()
    assert (paused["status"], paused["pauseReason"]) == ("paused", "person")
    rested = len(creators.platform.log(author.creator.user_id))
    assert author("POST", f"{path}/resume").status == 202
    shown = _through(author, creators, draft["id"])
    assert (shown["progress"]["sent"], shown["progress"]["failed"], shown["progress"]["unknown"]) == (60, 0, 0)
    assert _texts(creators, author, "Hi Fan!") == 60
    assert len(creators.platform.log(author.creator.user_id)) >= rested

    creators.platform.happen("message", author.creator.user_id, f"on-{meant[0]}", text="Hello!")
    creators.platform.happen("tip", author.creator.user_id, f"on-{meant[0]}", amountCents=700)
    wait_for(lambda: author.read(draft["id"])["results"][0]["revenueCents"] == 700, seconds=60)
    wait_for(lambda: author.read(draft["id"])["results"][0]["replies"] == 1, seconds=60)
    sheet = author("GET", f"{path}/export.csv")
    assert (sheet.status, len(sheet.body.decode().splitlines())) == (200, 61)
    assert len(author("GET", f"{path}/recipients?status=sent&limit=100").json()["recipients"]) == 60


def test_a_cancelled_campaign_stops(author: Author) -> None:
    new = {"name": "No", "variants": [{"content": "Never mind"}], "audience": {"include": {}}}
    later = {**new, "schedule": {"startsAt": "2099-01-01T00:00:00Z"}}
    draft = author("POST", CAMPAIGNS, later).json()
    path = f"{CAMPAIGNS}/{draft['id']}"
    assert author("POST", f"{path}/launch", {"contentHash": draft["contentHash"]}).json()["status"] == "scheduled"
    assert author("POST", f"{path}/cancel").json()["status"] == "cancelled"
    copy = author("POST", f"{path}/duplicate").json()
    assert (copy["name"], copy["status"], copy["schedule"]["startsAt"]) == ("No (copy)", "draft", None)
    assert author("DELETE", f"{CAMPAIGNS}/{copy['id']}").status == 204
