"""How each function is driven: what people ask is taken back again, what functions do by themselves stays."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from huntaze import wiring
from huntaze.fans.model import Filters, Sort
from huntaze.imports import rejected
from huntaze.members.model import Principal, Role
from huntaze.web.static import Static
from tests.access.inputs import Valid
from tests.access.operations import operations
from tests.infra.account import EMAIL, PASSWORD, SUBJECT
from tests.infra.driven import Deployment, record
from tests.support.browser import Browser
from tests.support.fake_webhooks import Bridge, event
from tests.support.functions import Answer, Context, call, load
from tests.support.import_office import notification
from tests.support.permits import ATTRIBUTES
from tests.support.permits import body as permit_body
from tests.support.workspaces import ZOE

WORDS = {"text": "Hello", "fan": {"id": "new", "name": "New"}}
HOUR = Context(3_600_000)
OURS = {"x-workspace": str(ZOE.id)}


def drive(deployment: Deployment, webhook_secret: str) -> None:
    """All of them, in an order in which each finds something to do."""
    erase(deployment)
    for folder in sorted({operation.function for operation in operations()}):
        deployment.people_ask(folder)
    more_than_valid_input_asks(deployment)
    public(deployment)
    pages(deployment)
    exports(deployment)
    imports(deployment)
    events(deployment, webhook_secret)
    sending(deployment)
    counting(deployment)
    upkeep(deployment)
    by_hand(deployment)


def by_hand(deployment: Deployment) -> None:
    """What a deployment and operators call."""
    with deployment.process("migrate") as parts:
        parts.migrate()
    with deployment.process("founding"):
        answer = load("founding").handler({"name": "Luna", "owner": "luna@example.com"}, Context())
    assert answer["isNew"], answer


def ask(deployment: Deployment, function: str, path: str, body: Any = None) -> Answer:
    return call(function, "POST", path, body=body, claims=deployment.claims(), headers=OURS)


def erase(deployment: Deployment) -> None:
    """Somebody is forgotten, with all files that may name them; from then on others have to ask who was."""
    for folder in ("exports", "imports"):
        deployment.file(f"{folder}/{ZOE.id}/old/file.csv")
    with deployment.superuser_connection() as connection:
        connection.execute(
            "INSERT INTO fans (workspace_id, id, name, handle, platform) VALUES (%s, %s, 'Eve', 'eve', 'onlyfans')",
            [ZOE.id, ZOE.of("who goes")],
        )
    with deployment.process("privacy"):
        answer = ask(deployment, "privacy", f"/api/crm/fans/{ZOE.of('who goes')}/erasure", {"confirm": True})
    assert answer.status == 202, answer.body
    with deployment.superuser_connection() as connection:
        planned = ZOE.of("a planned import")  # of which too much did not come along for one answer
        key = f"imports/{ZOE.id}/{planned}/rejected.csv"
        connection.execute("UPDATE imports SET rejected_key = %s WHERE id = %s", [key, planned])


def permit() -> str:
    """A permit of the seeded message that waits."""
    ids = {"workspaceId": ZOE.id, "accountId": ZOE.of("account"), "messageId": ZOE.of("a queued message")}
    return permit_body(**{name: str(value) for name, value in ids.items()})


def more_than_valid_input_asks(deployment: Deployment) -> None:
    """Ways through the API that need more than its description tells."""
    deployment.put("PermitsDeadLetters", permit(), ATTRIBUTES)
    with deployment.process("onlyfans"):
        answer = ask(deployment, "onlyfans", next(each.path for each in operations() if "edrive" in each.id))
    assert answer.json()["moved"] == 1
    bulk = next(each for each in operations() if each.id == "sendBulk")
    with deployment.process(bulk.function):
        answer = ask(deployment, bulk.function, bulk.path, {"recipientIds": ["eve"], "content": "Hello"})
    assert "1 tombstone" in answer.body
    launching = next(each for each in operations() if each.id == "launchCampaign")
    with deployment.process(launching.function):
        said = Valid(launching, ZOE).input()
        assert ask(deployment, launching.function, said.path, said.body).status < 300


def public(deployment: Deployment) -> None:
    with deployment.process("public"):
        assert call("public", "GET", "/api/openapi.json", claims=None).status == 200
    with deployment.process("waitlist"):
        asked = {"platform": "other", "email": "somebody@example.com"}
        assert call("waitlist", "POST", "/api/waitlist", body=asked, claims=None).status < 500


def pages(deployment: Deployment) -> None:
    """Somebody signs in and does by hand whatever leads to AWS."""
    with deployment.process("web"), pytest.MonkeyPatch.context() as patch:
        app = load("web").app
        patch.setattr(app, "static", Static(deployment.static))
        browser = Browser(app.resolve)
        browser.get("/sign-in")
        assert browser.submit("/sign-in", email=EMAIL, password=PASSWORD).status == 200
        for act in (connect, invite, export, bring, write, forget, operate, leave):
            act(browser, deployment)


def connect(browser: Browser, _: Deployment) -> None:
    """The login is changed, so that it is locked up again, and tried."""
    login = {"new_token": f"expired-{ZOE.id}", "new_bridge_url": "https://bridge.example.com"}
    for platform, act, typed in (("fansly", "login", login), ("onlyfans", "test", {})):
        page = browser.get(f"/platforms/connect/{platform}")
        [action] = [form.action for form in page.forms if form.action.endswith(f"/{act}")]
        assert browser.submit(action, **typed).status == 200


def invite(browser: Browser, _: Deployment) -> None:
    browser.get("/settings/team")
    assert browser.submit("/settings/team", email="tom@example.com", role="chatter").status == 200
    browser.get("/settings/security")


def export(browser: Browser, deployment: Deployment) -> None:
    """Three are asked for, as a page with more fans would; one of them is fetched."""
    who, exports = Principal(SUBJECT, ZOE.id, ZOE.of("owner"), Role.OWNER), wiring.current().exports
    asked = [exports.request(who, Filters(), Sort.NAME) for _ in range(3)]
    with deployment.superuser_connection() as connection:
        connection.execute(
            "UPDATE exports SET status = 'ready', object_key = %s, bytes = 1, claim_id = id, lease_until = now(),"
            " error = NULL WHERE id = %s",
            [f"exports/{ZOE.id}/{asked[2].id}.csv", asked[2].id],
        )
    page = browser.get(f"/fans/exports/{asked[2].id}/file", follow=False)
    assert page.status == 303, page.text


def bring(browser: Browser, deployment: Deployment) -> None:
    """A file by a form, a form for a script that uploads one, and a link to what did not come along."""
    here = "/platforms/connect/onlyfans/imports"
    browser.get(here)
    assert browser.bring(here, ("fans.csv", b"Username\neve\n")).status == 200
    form = browser.get(here).form(here)
    told = {"csrf": form.value("csrf"), "platform": "onlyfans", "locale": "", "policy": "skip"}
    told |= {"file_name": "f.csv", "file_bytes": "20"}
    begun = browser.post(f"{here}/upload", list(told.items()))
    deployment.uploaded = json.loads(begun.content)["fields"]["key"]
    planned = ZOE.of("a planned import")
    assert browser.get(f"{here}/{planned}/rejected.csv", follow=False).status == 303


def write(browser: Browser, _: Deployment) -> None:
    talk = f"/messages/onlyfans/{ZOE.of('conversation')}"
    browser.get(talk)
    page = browser.submit(f"{talk}/messages", text="Hello")
    assert page.status == 200, page.text


def forget(browser: Browser, _: Deployment) -> None:
    """A fan is made by hand: whether it is somebody who was erased is asked first."""
    browser.get("/fans/new")
    page = browser.submit("/fans/new", name="Eve", handle="eve", platform="onlyfans")
    assert page.status < 500, page.text


def operate(browser: Browser, deployment: Deployment) -> None:
    """The queue's figures are looked at, and dead letters put back."""
    deployment.put("PermitsDeadLetters", permit(), ATTRIBUTES)
    browser.get("/operations")
    assert browser.submit("/operations/redrive").status == 200


def leave(browser: Browser, _: Deployment) -> None:
    browser.get("/settings/security")
    assert browser.submit("/sign-out-everywhere").status == 200


def exports(deployment: Deployment) -> None:
    """One is written, one fails half way."""
    written, given_up = deployment.messages("ExportsAskedQueue")[:2]
    with deployment.process("exports"):
        load("exports").handler({"Records": [written]}, HOUR)
        with deployment.recorder.away("UploadPart"):
            load("exports").handler({"Records": [given_up]}, HOUR)


def imports(deployment: Deployment) -> None:
    """A file is heard of and read; what did not come along is a file too, and the first try to write it fails."""
    key = deployment.uploaded
    deployment.file(key, b"Username,Total spent\neve,1\nmax,abc\n")
    told = record(json.dumps(notification(key)), deployment.account.arn("ImportsAskedQueue"))
    with deployment.process("imports"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(rejected, "MOST_BYTES_AT_ONCE", 0)
        load("imports").handler({"Records": [told]}, Context(1))
        with deployment.recorder.away("UploadPart"):
            load("imports").handler({"Records": [told]}, HOUR)
        load("imports").handler({"Records": [told]}, HOUR)


def events(deployment: Deployment, secret: str) -> None:
    """A fan writes, and the creator does in the platform's own app."""
    bridge = Bridge(ZOE.of("account"), secret)
    with deployment.process("webhooks_in"):
        for number, kind in enumerate(("message.received", "message.sent", "message.received")):
            body = event(kind, {**WORDS, "messageId": f"told {number}"}, datetime.now(UTC).isoformat())
            answer = call("webhooks_in", "POST", bridge.path, body=body, headers=bridge.headers(body), claims=None)
            assert answer.status == 204, answer.body
    told = deployment.messages("EventsQueue")[:2]
    with deployment.process("webhooks"):
        load("webhooks").handler({"Records": told}, HOUR)


def sending(deployment: Deployment) -> None:
    """Permits are served, put back while sending is held, and made anew."""
    served = {"Records": [record(permit(), deployment.account.arn("PermitsQueue"), ATTRIBUTES)]}
    for changed in ({"RATE_LIMITER_ENABLED": "false"}, {}):
        with deployment.process("rate_limiter", **changed):
            load("rate_limiter").handler(served, Context(30_000))
    for folder in ("relay", "flow"):
        with deployment.process(folder):
            load(folder).handler({}, Context(55_000))


def counting(deployment: Deployment) -> None:
    with deployment.process("analytics"):
        load("analytics").handler({}, Context(300_000))
        load("analytics").handler({"Records": deployment.messages("CountsQueue")[:1]}, Context(300_000))


def upkeep(deployment: Deployment) -> None:
    """Everything was asked for a while ago, and nobody has done it."""
    key = f"imports/{ZOE.id}/{ZOE.of('a committed import')}/file.csv"
    for name in (key, f"exports/{ZOE.id}/old.csv"):
        deployment.file(name)
    with deployment.superuser_connection() as connection:
        for statement in AGO:
            connection.execute(statement)
    with deployment.process("upkeep"):
        load("upkeep").handler({}, Context(240_000))


AGO = (
    """
    INSERT INTO exports (workspace_id, id, requested_by, sort, created_at)
    SELECT workspace_id, gen_random_uuid(), requested_by, sort, now() - interval '10 minutes' FROM exports LIMIT 1
    """,
    "UPDATE imports SET created_at = now() - interval '10 minutes' WHERE status = 'uploading'",
    """
    UPDATE imports SET created_at = now() - interval '60 days', committed_at = now() - interval '59 days'
    WHERE status = 'committed'
    """,
    "UPDATE webhook_events SET received_at = now() - interval '10 minutes' WHERE processed_at IS NULL",
)
