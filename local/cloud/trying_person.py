"""What a smoke test does as a person: signing in, and a message that waits for an account which is held."""

import os
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from local.cloud.deployed import Deployed
from local.cloud.http import Answer, ask

FAN = "huntaze-smoke-test"
_OK, _CREATED, _ACCEPTED, _CONFLICT, _HELD = 200, 201, 202, 409, 503


class Skipped(Exception):
    """A check that this stage gives no occasion for; carries why."""


class WentWrong(Exception):
    """Something else came back than should; carries what."""


@dataclass(frozen=True)
class Person:
    """Somebody who was made for this: an owner of a workspace of their own, whose one account is paused."""

    email: str
    password: str = field(repr=False)


def person_of(stage: str) -> Person | None:
    """Whom the environment names; for the local stage whom the local run makes."""
    if stage == "local":
        from local.cloud.local_person import local_person  # noqa: PLC0415 - brings the whole local run along

        return local_person()
    email, password = (os.environ.get(f"HUNTAZE_SMOKE_{word}") for word in ("EMAIL", "PASSWORD"))
    return Person(email, password) if email and password else None


def sign_in(stage: Deployed, person: Person) -> str:
    """An access token of the person, got as the sign-in page gets it."""
    words = {"USERNAME": person.email, "PASSWORD": person.password}
    try:
        answer = stage.aws.client("cognito-idp").initiate_auth(
            ClientId=stage.outputs["ClientId"], AuthFlow="USER_PASSWORD_AUTH", AuthParameters=words
        )
    except ClientError as error:
        raise WentWrong(f"the user pool says {error.response['Error']['Code']}") from None  # no word of the person
    if "AuthenticationResult" not in answer:
        raise WentWrong(f"the user pool asks for more: {answer['ChallengeName']}; this person needs a password alone")
    return str(answer["AuthenticationResult"]["AccessToken"])


def try_message(stage: Deployed, token: str) -> str:
    """Let a message out to an account that is paused, see it wait, and withdraw it.

    Through an account that is not paused it would leave, so none is written then.
    """
    _must_be_paused(stage, token)
    _make_fan(stage, token)
    body = {"recipientId": FAN, "content": "A smoke test. This message is never sent."}
    sent = ask("POST", f"{stage.url}/api/onlyfans/messages/send", token=token, body=body)
    if sent.status == _HELD:
        raise Skipped(f"sending is held ({sent})")
    message_id = _expected(sent, _ACCEPTED)["messageId"]
    cancelled = ask("POST", f"{stage.url}/api/onlyfans/messages/{message_id}/cancel", token=token)
    state = sent.json()["status"], _expected(cancelled, _ACCEPTED)["status"]
    if state != ("queued", "cancelled"):
        raise WentWrong(f"message {message_id} went through {' and '.join(map(str, state))}")
    return ""


def _must_be_paused(stage: Deployed, token: str) -> None:
    listed = _expected(ask("GET", f"{stage.url}/api/onlyfans/connections", token=token), _OK)
    states = {each["state"] for each in listed["connections"] if each["platform"] == "onlyfans"}
    if states != {"paused"}:
        found = f"is {', '.join(sorted(states))}" if states else "is none"
        raise Skipped(f"their account on OnlyFans has to be paused, and {found}")


def _make_fan(stage: Deployed, token: str) -> None:
    body = {"name": "Smoke test", "platform": "onlyfans", "platformId": FAN}
    made = ask("POST", f"{stage.url}/api/crm/fans", token=token, body=body)
    if made.status not in {_CREATED, _CONFLICT}:
        raise WentWrong(str(made))


def _expected(answer: Answer, status: int) -> dict[str, Any]:
    if answer.status != status:
        raise WentWrong(str(answer))
    return answer.json()
