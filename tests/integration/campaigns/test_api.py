"""Campaigns through the API, on the real database: from the draft to what came of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from huntaze.campaigns import sheet
from huntaze.delivery.gate import Gate
from huntaze.members.model import Role
from huntaze.spreadsheets import BYTE_ORDER_MARK
from tests.support.campaign_api import CAMPAIGNS, EVERYBODY, Api, api_on
from tests.support.campaigns import Ground

NEVER = "01900000-0000-7000-8000-00000000ffff"
MEDIA = "https://media.example.com/1.jpg"
STEERING = ("pause", "resume", "cancel", "retry")


@pytest.fixture
def api(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    with api_on(ground, monkeypatch) as made:
        yield made


def test_a_draft_is_shown_as_it_was_written(api: Api) -> None:
    [fan] = api.ground.more_fans(1)
    variants = [
        {"name": "A", "share": 30, "content": "Hi {name|you}", "mediaUrls": [MEDIA], "priceCents": 500},
        {"name": "B", "share": 70, "content": "Hello", "mediaUrls": [], "priceCents": 0},
    ]
    rules = {"notWithinHours": 24, "activeChatMinutes": 0, "atMost": 2, "inDays": 30}
    qualities = {
        "tags": ["vip"],
        "minValueCents": 1,
        "maxValueCents": 9,
        "platforms": ["onlyfans"],
        "bought": True,
        "seenAfter": "2026-01-01T00:00:00Z",
        "seenBefore": "2027-01-01T00:00:00Z",
        "subscriptions": ["active"],
        "replied": False,
    }
    schedule = {
        "startsAt": "2030-01-01T10:00:00Z",
        "endsAt": "2030-01-02T10:00:00Z",
        "quiet": {"begin": "22:00", "end": "08:30", "inFansZone": True},
    }
    audience = {"include": qualities, "exclude": [{"tags": ["tired"]}], "rules": rules}
    made = api.draft(variants=variants, audience=audience, schedule=schedule)
    assert (made["variants"], made["status"], made["type"]) == (variants, "draft", "campaign")
    assert made["audience"] == {
        "recipientIds": None,
        "include": qualities,
        "exclude": [{**dict.fromkeys(qualities), "platforms": [], "subscriptions": [], "tags": ["tired"]}],
        "rules": rules,
    }
    assert made["schedule"] == {**schedule, "zone": "UTC"}
    assert api.read(made) == made
    named = api.draft(audience={"recipientIds": [f"of {fan}", "nobody"]})
    assert (named["audience"]["recipientIds"], named["audience"]["include"]) == ([str(fan)], None)
    assert named["excluded"] == [{"reason": "unknown", "count": 1}]


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"variants": []}, {"variants"}),
        ({"variants": [{"content": "x" * 5001}]}, {"variants.0.content"}),
        ({"variants": [{"content": "Hi {nickname}"}]}, {"variants.0.content"}),
        ({"variants": [{"content": "A", "share": 50}, {"content": "B", "share": 50}]}, {"variants"}),
        ({"variants": [{"content": "A"}, {"content": "B", "name": "B"}]}, {"variants"}),
        ({"variants": [{"content": "A", "priceCents": 500}]}, {"variants.0.mediaUrls"}),
        ({"audience": {}}, {"audience"}),
        ({"audience": {"recipientIds": []}}, {"audience.recipientIds"}),
        ({"audience": {"recipientIds": ["1"], "include": {}}}, {"audience"}),
        ({"audience": {"recipientIds": ["nobody"]}}, {"audience.recipientIds"}),
        ({"audience": {"include": {"platforms": ["patreon"]}}}, {"audience.include.platforms"}),
        ({"audience": {"include": {"tags": [""]}}}, {"audience.include.tags.0"}),
        ({"audience": {"include": {}, "rules": {"notWithinHours": -1}}}, {"audience.rules.notWithinHours"}),
        ({"schedule": {"startsAt": "2030-01-01T00:00:00"}}, {"schedule.startsAt"}),
        ({"schedule": {"startsAt": "2030-01-01T00:00:00Z", "endsAt": "2029-01-01T00:00:00Z"}}, {"schedule.endsAt"}),
        ({"schedule": {"quiet": {"begin": "8:00", "end": "24:00"}}}, {"schedule.quiet.begin", "schedule.quiet.end"}),
        ({"schedule": {"quiet": {"begin": "08:00", "end": "08:00"}}}, {"schedule.quiet"}),
    ],
)
def test_every_wrong_field_is_named(api: Api, wrong: dict[str, Any], fields: set[str]) -> None:
    refused = api.ask(
        "POST", CAMPAIGNS, {"name": "Spring", "variants": [{"content": "Hi"}], "audience": EVERYBODY, **wrong}
    )
    assert (refused.status, refused.failing) == (400, fields)


def test_a_draft_is_changed_by_who_knows_its_version_and_discarded(api: Api) -> None:
    draft = api.draft()
    path = f"{CAMPAIGNS}/{draft['id']}"
    version = api.ask("GET", path).headers["ETag"]
    changed = api.ask("PUT", path, {"name": "Summer"}, headers={"if-match": version})
    assert (changed.status, changed.json()["name"], changed.json()["variants"]) == (200, "Summer", draft["variants"])
    assert changed.json()["contentHash"] == draft["contentHash"]
    assert api.ask("PUT", path, {"name": "Autumn"}, headers={"if-match": version}).status == 412
    other = api.ask("PUT", path, {"audience": {"include": {"tags": ["vip"]}}}).json()
    assert (other["name"], other["audience"]["include"]["tags"]) == ("Summer", ["vip"])
    assert other["contentHash"] != draft["contentHash"]
    assert api.ask("DELETE", path, headers={"if-match": version}).status == 412
    gone = api.ask("DELETE", path)
    assert (gone.status, gone.body) == (204, "")
    assert {api.ask(method, path).status for method in ("GET", "DELETE")} == {404}


def test_a_launch_is_of_what_was_seen_and_can_be_asked_twice(api: Api) -> None:
    api.ground.more_fans(2)
    draft = api.draft()
    path = f"{CAMPAIGNS}/{draft['id']}"
    assert api.ask("POST", f"{path}/launch", {"contentHash": "0" * 64}).status == 412
    assert api.ask("POST", f"{path}/launch", {}).failing == {"contentHash"}
    first, second = api.launch(draft), api.launch(draft)
    assert (first.status, second.status) == (202, 202)
    assert first.json()["launchedAt"] == second.json()["launchedAt"] is not None
    assert (first.json()["status"], first.json()["progress"]["queued"]) == ("active", 2)
    assert first.json()["estimatedCompletionTime"] is not None
    assert len(api.queue.permits) == 2
    for method, body in (("PUT", {"name": "Other"}), ("DELETE", None)):
        refused = api.ask(method, path, body)
        assert (refused.status, "active now" in refused.json()["detail"]) == (409, True)


def test_it_rests_goes_on_stops_and_is_tried_again(api: Api) -> None:
    api.ground.more_fans(3)
    draft = api.draft()
    path = f"{CAMPAIGNS}/{draft['id']}"
    assert {api.ask("POST", f"{path}/{act}").status for act in STEERING} == {409}
    api.launch(draft)
    api.ground.sends(1, status="failed", reason="refused")
    paused = api.ask("POST", f"{path}/pause").json()
    assert (paused["status"], paused["pauseReason"], paused["progress"]["pending"]) == ("paused", "person", 2)
    assert api.ask("POST", f"{path}/resume").json()["progress"]["queued"] == 2
    retried = api.ask("POST", f"{path}/retry")
    assert (retried.status, retried.json()["progress"]["queued"], retried.json()["progress"]["failed"]) == (202, 3, 0)
    cancelled = api.ask("POST", f"{path}/cancel").json()
    assert (cancelled["status"], cancelled["progress"]["cancelled"]) == ("cancelled", 3)
    assert api.launch(draft).status == 409
    copy = api.ask("POST", f"{path}/duplicate")
    assert (copy.status, copy.json()["name"], copy.json()["status"]) == (201, "Spring (copy)", "draft")


def test_nothing_is_let_go_while_sending_is_held(api: Api) -> None:
    api.ground.more_fans(1)
    draft = api.draft()
    api.parts.gate = Gate("RATE_LIMITER_ENABLED is false.")
    assert api.launch(draft).status == 503
    assert api.read(draft)["status"] == "draft"


def test_campaigns_are_listed_newest_first_in_pages(api: Api) -> None:
    api.ground.more_fans(1)
    made = [api.draft(name=f"Number {number}") for number in range(3)]
    first = api.ask("GET", CAMPAIGNS, query="limit=2").json()
    second = api.ask("GET", CAMPAIGNS, query=f"limit=2&cursor={first['nextCursor']}").json()
    assert [one["id"] for one in first["campaigns"] + second["campaigns"]] == [one["id"] for one in reversed(made)]
    assert second["nextCursor"] is None
    api.launch(made[1])
    active = api.ask("GET", CAMPAIGNS, query="status=active").json()["campaigns"]
    assert [(one["id"], one["progress"]["recipients"]) for one in active] == [(made[1]["id"], 1)]
    assert api.ask("GET", CAMPAIGNS, query="status=going").failing == {"status"}


def test_a_preview_says_how_many_who_not_when_and_which_words(api: Api) -> None:
    fan, unwanted = api.ground.more_fans(2)
    api.ground.run("UPDATE fans SET do_not_contact = true WHERE id = %s", unwanted)
    other = api.draft(name="Under way", audience={"recipientIds": [str(fan)], "rules": {"activeChatMinutes": 0}})
    api.launch(other)
    draft = api.draft("Hi {name|you}")
    shown = api.read(draft, "/preview")
    assert (shown["recipients"], shown["excluded"]) == (1, [{"reason": "do_not_contact", "count": 1}])
    assert (shown["platforms"], shown["sample"]) == ([{"platform": "onlyfans", "recipients": 1}], [str(fan)])
    assert (shown["contentHash"], shown["zone"], shown["text"]) == (draft["contentHash"], "UTC", None)
    assert [(one["id"], one["name"], one["waiting"]) for one in shown["overlaps"]] == [(other["id"], "Under way", 1)]
    assert shown["estimatedCompletionTime"] is not None
    told = {
        name: (text["content"], text["excluded"], text["variant"])
        for name in (fan, unwanted)
        for text in [api.read(draft, "/preview", f"fanId={name}")["text"]]
    }
    assert told == {fan: ("Hi Robin", None, "A"), unwanted: ("Hi Robin", "do_not_contact", "A")}
    assert api.ask("GET", f"{CAMPAIGNS}/{draft['id']}/preview", query=f"fanId={NEVER}").status == 404


def test_results_are_told_by_wording_and_who_was_left_out_by_reason(api: Api) -> None:
    fans = api.ground.more_fans(40)
    api.ground.run("UPDATE fans SET do_not_contact = true WHERE id = %s", fans[0])
    variants = [{"name": "Short", "content": "Hi", "share": 50}, {"name": "Long", "content": "Hello", "share": 50}]
    campaign = api.launch(api.draft(variants=variants)).json()
    api.ground.sends(30)
    api.ground.sends(5, status="failed", reason="refused")
    shown = api.read(campaign)
    counted = shown["progress"]
    assert (counted["recipients"], counted["filled"], counted["skipped"]) == (39, True, 1)
    assert (counted["sent"], counted["failed"], counted["queued"], counted["delivered"]) == (30, 5, 4, None)
    assert shown["excluded"] == [{"reason": "do_not_contact", "count": 1}]
    assert [one["variant"] for one in shown["results"]] == ["Short", "Long"]
    for what in ("recipients", "sent", "failed", "replies", "purchases", "revenueCents"):
        assert sum(one[what] for one in shown["results"]) == counted[what]
    assert {one["delivered"] for one in shown["results"]} == {None}


def test_recipients_are_listed_with_what_became_of_them(api: Api) -> None:
    fans = sorted(api.ground.more_fans(3))
    campaign = api.launch(api.draft()).json()
    api.ground.sends(1, status="failed", reason="refused")
    first = api.read(campaign, "/recipients", "limit=2")
    second = api.read(campaign, "/recipients", f"limit=2&cursor={first['nextCursor']}")
    told = first["recipients"] + second["recipients"]
    assert [one["fanId"] for one in told] == [str(fan) for fan in fans]
    [failed] = api.read(campaign, "/recipients", "status=failed")["recipients"]
    assert (failed["status"], failed["reason"], failed["name"][:5]) == ("failed", "refused", "Robin")
    path = f"{CAMPAIGNS}/{campaign['id']}/recipients"
    [unnamed] = api.ask("GET", path, query="status=failed", role=Role.ANALYST).json()["recipients"]
    assert (unnamed["name"], unnamed["handle"], unnamed["fanId"]) == (None, None, failed["fanId"])


def test_the_sheet_has_a_harmless_row_for_each_and_comes_in_parts(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    fans = sorted(api.ground.more_fans(5, name="=Robin {0}"))
    campaign = api.launch(api.draft("Hi")).json()
    api.ground.sends(1)
    whole = api.ask("GET", f"{CAMPAIGNS}/{campaign['id']}/export.csv")
    assert (whole.status, whole.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert whole.headers["Content-Disposition"] == f'attachment; filename="campaign-{campaign["id"]}.csv"'
    lines = whole.body.removeprefix(BYTE_ORDER_MARK).splitlines()
    assert lines[0] == ",".join(sheet.COLUMNS)
    assert [line.split(",")[0] for line in lines[1:]] == [str(fan) for fan in fans]
    assert [line.split(",")[1][:7] for line in lines[1:]] == ["'=Robin"] * 5
    assert sorted(line.split(",")[3] for line in lines[1:]) == ["queued"] * 4 + ["sent"]
    assert "Link" not in whole.headers
    monkeypatch.setattr(sheet, "AT_A_TIME", 2)
    monkeypatch.setattr(sheet, "MOST_ROWS", 2)
    parts, path, query = [], f"{CAMPAIGNS}/{campaign['id']}/export.csv", ""
    for _ in range(3):
        part = api.ask("GET", path, query=query)
        parts.append(part.body)
        query = part.headers.get("Link", "").partition("?")[2].partition(">")[0]
    assert ("".join(parts), query) == (whole.body, "")
    taken = "SELECT count(*) FROM audit_log WHERE object_id = %s AND action = 'campaign.exported'"
    assert api.ground.run(taken, campaign["id"]) == [(2,)]
    analysts = api.ask("GET", path, role=Role.ANALYST)
    assert (analysts.status, "Robin" in analysts.body) == (200, False)
