"""The team deployed: somebody new is invited, chooses a password, accepts, sees fans, is removed, and is out at once.

The local AWS keeps whole accounts: their first passwords, the codes of authenticator apps, and the mails it would send.
"""

import base64
import hashlib
import hmac
import secrets
import struct
import time
from typing import Any

import pytest

from huntaze.errors import HuntazeError
from huntaze.runtime.user_accounts import CognitoAccounts
from huntaze.runtime.user_keys import CognitoKeys
from huntaze.runtime.user_pool import CognitoPool
from huntaze.sessions.model import CodeNeeded, Proven, Refusal, SignInRefused
from huntaze.team.model import Mail
from local.people import cognito, sign_in
from tests.support.deployed import Deployed
from tests.support.http import Answer

MEMBERS, INVITATIONS = "/api/crm/members", "/api/crm/invitations"
OWN, NEXT = "Own-pass-word-22", "Next-pass-word-33"


@pytest.fixture
def email() -> str:
    return f"new-{secrets.token_hex(4)}@demo.huntaze.test"


@pytest.fixture
def pool(deployed: Deployed) -> Any:
    return cognito(deployed.servers.aws_endpoint)


def _first_password(deployed: Deployed, pool: Any, email: str) -> str:
    """The account as its owner makes it theirs; an access token. What the mail said is set here: nobody reads it."""
    ids = {"UserPoolId": deployed.description["userPoolId"], "Username": email}
    assert pool.admin_get_user(**ids)["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    pool.admin_set_user_password(**ids, Password="Given-pass-word-1", Permanent=False)
    people = CognitoPool(deployed.description["userPoolId"], deployed.description["clientId"], lambda: pool)
    needed = people.sign_in(email, "Given-pass-word-1")
    assert not isinstance(needed, Proven | CodeNeeded)
    assert isinstance(people.choose_first_password(needed, OWN), Proven)
    return _token(deployed, email)


def _token(deployed: Deployed, email: str) -> str:
    tokens = sign_in(deployed.servers.aws_endpoint, deployed.description["clientId"], email, OWN)
    return str(tokens["AccessToken"])


def _call(deployed: Deployed, token: str, method: str, path: str, body: Any = None) -> Answer:
    return deployed.call(method, path, token=token, body=body)


def test_from_the_invitation_to_the_removal(deployed: Deployed, owner_token: str, pool: Any, email: str) -> None:
    asked = {"email": email.upper(), "role": "chatter", "displayName": "New"}
    invited = _call(deployed, owner_token, "POST", MEMBERS, asked)
    assert (invited.status, invited.json()["mail"]) == (201, "sent")
    path = f"{MEMBERS}/{invited.json()['id']}"
    assert _call(deployed, owner_token, "POST", MEMBERS, asked).status == 409
    assert _call(deployed, owner_token, "POST", f"{path}/invitation").json()["mail"] == "sent"

    token = _first_password(deployed, pool, email)
    assert _call(deployed, token, "GET", "/api/crm/fans").status == 403
    [waiting] = _call(deployed, token, "GET", INVITATIONS).json()["invitations"]
    assert waiting["id"] == invited.json()["id"]
    acceptance = f"{INVITATIONS}/{waiting['id']}/acceptance"
    assert _call(deployed, owner_token, "POST", acceptance).status == 404
    accepted = [_call(deployed, token, "POST", acceptance) for _ in range(2)]
    assert [answer.status for answer in accepted] == [200, 200]
    assert _call(deployed, token, "GET", "/api/crm/fans?limit=1").json()["fans"]

    seen = _call(deployed, owner_token, "GET", path)
    assert (seen.json()["status"], seen.json()["role"]) == ("active", "chatter")
    changed = deployed.call(
        "PUT", path, token=owner_token, body={"role": "analyst"}, headers={"If-Match": seen.headers["etag"]}
    )
    assert changed.status == 200
    assert _call(deployed, token, "GET", "/api/crm/fans").status == 403
    assert _call(deployed, owner_token, "DELETE", path).status == 204
    assert _call(deployed, token, "GET", "/api/crm/fans").json()["detail"].startswith("You are signed in, but")

    # Somebody who has an account gets no second one, and no mail.
    again = _call(deployed, owner_token, "POST", MEMBERS, {"email": email, "role": "manager"})
    assert (again.status, again.json()["mail"]) == (201, "has_account")
    assert again.json()["id"] != invited.json()["id"]
    assert _call(deployed, token, "DELETE", f"{INVITATIONS}/{again.json()['id']}").status == 204
    assert _call(deployed, token, "GET", INVITATIONS).json() == {"invitations": []}


def test_the_only_owner_stays(deployed: Deployed, owner_token: str) -> None:
    members = _call(deployed, owner_token, "GET", f"{MEMBERS}?status=active&limit=100").json()["members"]
    [mine] = [member["id"] for member in members if member["isYou"]]
    assert _call(deployed, owner_token, "DELETE", f"{MEMBERS}/{mine}").status == 409


def _code(secret: str, step: int = 0) -> str:
    """What an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30 + step), hashlib.sha1)
    [number] = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 10**6:06}"


def test_a_second_factor_in_a_whole_user_pool(deployed: Deployed, pool: Any, email: str) -> None:
    pool_id, client_id = deployed.description["userPoolId"], deployed.description["clientId"]
    keys = CognitoKeys(pool_id, client_id, lambda: pool)
    people = CognitoPool(pool_id, client_id, lambda: pool)
    accounts = CognitoAccounts(pool_id, lambda: pool)
    assert accounts.invite(email) is Mail.SENT
    _first_password(deployed, pool, email)
    subject = people.subject_of(email)
    assert subject is not None
    assert accounts.proven(subject) == Proven(subject, email)

    begun = keys.begin_second_factor(email, OWN)
    assert not keys.has_second_factor(subject)
    assert _refusal(lambda: keys.confirm_second_factor(begun.ticket, "000000")) is Refusal.WRONG_CODE
    keys.confirm_second_factor(begun.ticket, _code(begun.secret))
    assert keys.has_second_factor(subject)

    needed = people.sign_in(email, OWN)
    assert isinstance(needed, CodeNeeded)
    assert _refusal(lambda: people.enter_code(needed, "000000")) is Refusal.WRONG_CODE
    assert people.enter_code(needed, _code(begun.secret)) == Proven(subject, email)
    assert _refusal(lambda: keys.begin_second_factor(email, OWN)) is Refusal.SECOND_FACTOR

    keys.change_password(email, OWN, _code(begun.secret), NEXT)
    assert _refusal(lambda: keys.end_second_factor(email, OWN, _code(begun.secret))) is Refusal.WRONG
    keys.end_second_factor(email, NEXT, _code(begun.secret))
    assert people.sign_in(email, NEXT) == Proven(subject, email)


def _refusal(act: Any) -> Refusal | None:
    try:
        act()
    except SignInRefused as refused:
        return refused.reason
    except HuntazeError as error:
        pytest.fail(str(error))
    return None
