"""Forged, stale and misused claims, as they would arrive if the gateway let them through."""

from datetime import UTC, datetime
from typing import Any

import pytest

from huntaze.edge.tokens import subject_of
from huntaze.errors import Unauthenticated
from huntaze.runtime.settings import SignIn

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool"
SIGN_IN = SignIn(ISSUER, "our-client")
GOOD = {
    "sub": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "iss": ISSUER,
    "client_id": "our-client",
    "token_use": "access",
    "exp": str(SECONDS + 600),
    "iat": str(SECONDS - 60),
    "scope": "aws.cognito.signin.user.admin",
}
ABSENT = object()


def _event(claims: object) -> dict[str, Any]:
    return {"requestContext": {"authorizer": {"jwt": {"claims": claims, "scopes": None}}}}


def _subject(**changes: object) -> str:
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not ABSENT}
    return subject_of(_event(claims), SIGN_IN, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"exp": SECONDS + 600, "iat": SECONDS - 60},
        {"exp": str(SECONDS + 1)},
        {"nbf": str(SECONDS - 5)},
        {"iat": str(SECONDS + 59)},
        {"aud": "our-client"},
    ],
)
def test_a_good_token_is_accepted(changes: dict[str, object]) -> None:
    assert _subject(**changes) == GOOD["sub"]


WRONG_STRINGS: list[object] = [ABSENT, None, "", 1, True, ["x"], {"x": 1}]
FORGED: list[dict[str, object]] = [
    {"token_use": "id"},
    {"token_use": "id", "client_id": ABSENT, "aud": "our-client"},
    {"token_use": "refresh"},
    {"token_use": "Access"},
    {"token_use": " access"},
    {"token_use": ["access"]},
    {"token_use": "access id"},
    *[{"token_use": value} for value in WRONG_STRINGS],
    {"iss": ISSUER + "/"},
    {"iss": ISSUER.upper()},
    {"iss": ISSUER.replace("https", "http")},
    {"iss": ISSUER + "2"},
    {"iss": "https://attacker.invalid/us-east-1_pool"},
    {"iss": f"{ISSUER} https://attacker.invalid"},
    {"iss": [ISSUER]},
    *[{"iss": value} for value in WRONG_STRINGS],
    {"client_id": "another-client"},
    {"client_id": "another-client", "aud": "our-client"},
    {"client_id": "our-client "},
    {"client_id": "OUR-CLIENT"},
    {"client_id": ["our-client", "another-client"]},
    *[{"client_id": value} for value in WRONG_STRINGS],
    {"exp": str(SECONDS)},
    {"exp": str(SECONDS - 1)},
    {"exp": SECONDS - 3600},
    {"exp": "0"},
    {"exp": -1},
    {"exp": f"-{SECONDS + 600}"},
    {"exp": f"{SECONDS + 600}.0"},
    {"exp": float(SECONDS + 600)},
    {"exp": "1e12"},
    {"exp": "9" * 5000},
    {"exp": "٩٩٩٩٩٩٩٩٩٩"},
    {"exp": "Fri May 01 12:10:00 UTC 2026"},
    {"exp": [str(SECONDS + 600)]},
    {"exp": True},
    *[{"exp": value} for value in WRONG_STRINGS if value != 1],
    {"iat": str(SECONDS + 61)},
    {"iat": SECONDS + 10**6},
    *[{"iat": value} for value in WRONG_STRINGS if value != 1],
    {"nbf": str(SECONDS + 3600)},
    {"nbf": SECONDS + 61},
    *[{"nbf": value} for value in WRONG_STRINGS if value not in (1, ABSENT)],
    {"sub": "x" * 201},
    {"sub": "with blank"},
    {"sub": "nul\0"},
    {"sub": "line\n"},
    {"sub": "ünïcode"},
    {"sub": "\ud800"},
    *[{"sub": value} for value in WRONG_STRINGS],
]


@pytest.mark.parametrize("changes", FORGED, ids=lambda changes: str(changes).replace(str(ABSENT), "absent")[:60])
def test_a_forged_claim_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Unauthenticated):
        _subject(**changes)


EMPTY_HANDED: list[object] = [
    {},
    {"requestContext": None},
    {"requestContext": {}},
    {"requestContext": {"authorizer": None}},
    {"requestContext": {"authorizer": {"lambda": GOOD}}},
    {"requestContext": {"authorizer": {"claims": GOOD}}},
    {"requestContext": {"authorizer": {"iam": {"userId": "x"}}}},
    {"requestContext": {"authorizer": {"jwt": GOOD}}},
    {"requestContext": {"authorizer": {"jwt": None}}},
    {"requestContext": {"authorizer": [{"jwt": {"claims": GOOD}}]}},
    {"headers": {"authorization": "Bearer genuine"}, "requestContext": {"http": {}}},
    *[_event(claims) for claims in (None, [], [GOOD], "claims", 1, {})],
]


@pytest.mark.parametrize("event", EMPTY_HANDED, ids=str)
def test_without_an_authorizers_claims_nobody_is_known(event: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        subject_of(event, SIGN_IN, NOW)


def test_all_refusals_read_alike() -> None:
    told = set()
    for changes in FORGED:
        with pytest.raises(Unauthenticated) as raised:
            _subject(**changes)
        told.add(raised.value.detail)
    assert len(told) == 1


def test_more_than_forty_kinds_are_tried() -> None:
    assert len(FORGED) + len(EMPTY_HANDED) > 80
