"""No forged, stale or misused token opens a route, whether the gateway or the code refuses it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from local.people import cognito, sign_in
from tests.support.deployed import DEMO_OWNER, Deployed
from tests.support.tokens import decoded, encoded, signed_es256, signed_hs256, signed_ps256, signed_rs256, unsigned

PATH = "/api/crm/fans"
Json = dict[str, Any]


@dataclass(frozen=True)
class Material:
    """A genuine token taken apart, the pool's own key, and an attacker's."""

    access: str
    id_token: str
    refresh: str
    pool_key: rsa.RSAPrivateKey
    foreign_key: rsa.RSAPrivateKey

    @property
    def parts(self) -> list[str]:
        return self.access.split(".")

    @property
    def header(self) -> Json:
        return decoded(self.parts[0])

    @property
    def claims(self) -> Json:
        return decoded(self.parts[1])

    @property
    def public_pem(self) -> bytes:
        return self.pool_key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def issued(self, **claims: Any) -> str:
        """What the pool itself would sign with these claims changed; None takes one away."""
        changed = {name: value for name, value in {**self.claims, **claims}.items() if value is not None}
        return signed_rs256(self.header, changed, self.pool_key)

    def by_stranger(self, **header: Any) -> str:
        return signed_rs256({**self.header, **header}, self.claims, self.foreign_key)


@pytest.fixture(scope="session")
def material(deployed: Deployed) -> Material:
    tokens = deployed.tokens(DEMO_OWNER)
    pool_id = deployed.description["userPoolId"]
    pem = (deployed.folder / "aws" / "state" / "cognito-pool-keys" / f"{pool_id}-access.pem").read_bytes()
    pool_key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(pool_key, rsa.RSAPrivateKey)
    foreign_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return Material(tokens["AccessToken"], tokens["IdToken"], tokens["RefreshToken"], pool_key, foreign_key)


def _flipped(token: str) -> str:
    content, _, signature = token.rpartition(".")
    return f"{content}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def _with_claims(material: Material, **claims: Any) -> str:
    return f"{material.parts[0]}.{encoded({**material.claims, **claims})}.{material.parts[2]}"


NOW = int(time.time())
ATTACKER = "https://attacker.invalid"

# Without the pool's key: what an attacker can make.
FORGERIES: dict[str, Callable[[Material], str]] = {
    "alg none": lambda m: unsigned({**m.header, "alg": "none"}, m.claims),
    "alg None": lambda m: unsigned({**m.header, "alg": "None"}, m.claims),
    "alg nOnE": lambda m: unsigned({**m.header, "alg": "nOnE"}, m.claims),
    "alg empty": lambda m: unsigned({**m.header, "alg": ""}, m.claims),
    "alg missing": lambda m: unsigned({"kid": m.header["kid"]}, m.claims),
    "alg none with the genuine signature": lambda m: (
        f"{encoded({**m.header, 'alg': 'none'})}.{m.parts[1]}.{m.parts[2]}"
    ),
    "HS256 with the public key": lambda m: signed_hs256({**m.header, "alg": "HS256"}, m.claims, m.public_pem),
    "HS256 with the key id": lambda m: signed_hs256({**m.header, "alg": "HS256"}, m.claims, m.header["kid"].encode()),
    "HS256 with an empty secret": lambda m: signed_hs256({**m.header, "alg": "HS256"}, m.claims, b"\0"),
    "HS256 called RS256": lambda m: signed_hs256(m.header, m.claims, m.public_pem),
    "ES256 of a stranger": lambda m: signed_es256({**m.header, "alg": "ES256"}, m.claims),
    "PS256 of a stranger": lambda m: signed_ps256({**m.header, "alg": "PS256"}, m.claims, m.foreign_key),
    "stranger's key under the genuine kid": lambda m: m.by_stranger(),
    "unknown kid": lambda m: m.by_stranger(kid="unknown"),
    "no kid": lambda m: signed_rs256({"alg": "RS256"}, m.claims, m.foreign_key),
    "kid null": lambda m: m.by_stranger(kid=None),
    "kid as a path": lambda m: m.by_stranger(kid="../../../../dev/null"),
    "kid as SQL": lambda m: m.by_stranger(kid="' OR '1'='1"),
    "kid as a list": lambda m: m.by_stranger(kid=[m.header["kid"]]),
    "jku of a stranger": lambda m: m.by_stranger(jku=f"{ATTACKER}/keys.json"),
    "x5u of a stranger": lambda m: m.by_stranger(x5u=f"{ATTACKER}/chain.pem"),
    "embedded key": lambda m: m.by_stranger(jwk={"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": m.header["kid"]}),
    "embedded chain": lambda m: m.by_stranger(x5c=["MIIB"]),
    "unknown critical extension": lambda m: m.by_stranger(crit=["exp"], exp=0),
    "one flipped character": lambda m: _flipped(m.access),
    "signature cut short": lambda m: m.access[:-8],
    "no signature": lambda m: f"{m.parts[0]}.{m.parts[1]}.",
    "two parts": lambda m: f"{m.parts[0]}.{m.parts[1]}",
    "four parts": lambda m: f"{m.access}.{m.parts[2]}",
    "five parts, as if encrypted": lambda m: f"{m.access}.{m.parts[1]}.{m.parts[2]}",
    "another subject under the old signature": lambda m: _with_claims(m, sub="00000000-0000-0000-0000-000000000000"),
    "a longer life under the old signature": lambda m: _with_claims(m, exp=NOW + 10**6),
    "an added group under the old signature": lambda m: _with_claims(m, **{"cognito:groups": ["owner"]}),
    "a token inside a token": lambda m: signed_rs256({**m.header, "cty": "JWT"}, {"jwt": m.access}, m.foreign_key),
    "claims that are a list": lambda m: f"{m.parts[0]}.{encoded(b'[]')}.{m.parts[2]}",
    "claims that are no JSON": lambda m: f"{m.parts[0]}.{encoded(b'{')}.{m.parts[2]}",
    "garbage": lambda _: "garbage",
    "empty": lambda _: "",
    "thousands of characters": lambda m: f"{m.parts[0]}.{'A' * 8_000}.{m.parts[2]}",
}

# Signed by the pool, and yet no access token of ours for now.
MISUSED: dict[str, Callable[[Material], str]] = {
    "ID token": lambda m: m.id_token,
    "refresh token": lambda m: m.refresh,
    "access token that says it is an ID token": lambda m: m.issued(token_use="id"),
    "no token use": lambda m: m.issued(token_use=None),
    "token use in another case": lambda m: m.issued(token_use="Access"),
    "issuer of another pool": lambda m: m.issued(iss=m.claims["iss"] + "x"),
    "issuer with a slash more": lambda m: m.issued(iss=m.claims["iss"] + "/"),
    "issuer of a stranger": lambda m: m.issued(iss=ATTACKER),
    "no issuer": lambda m: m.issued(iss=None),
    "another client": lambda m: m.issued(client_id="another"),
    "no client": lambda m: m.issued(client_id=None),
    "our client as audience, another as client": lambda m: m.issued(client_id="another", aud=m.claims["client_id"]),
    "expired long ago": lambda m: m.issued(exp=NOW - 3600),
    "expired this minute": lambda m: m.issued(exp=NOW - 1),
    "never expires": lambda m: m.issued(exp=None),
    "not valid yet": lambda m: m.issued(nbf=NOW + 3600),
    "issued in the future": lambda m: m.issued(iat=NOW + 3600),
    "no subject": lambda m: m.issued(sub=None),
    "empty subject": lambda m: m.issued(sub=""),
    "subject that is a list": lambda m: m.issued(sub=[m.claims["sub"]]),
}


def test_the_genuine_token_is_accepted(deployed: Deployed, material: Material) -> None:
    assert deployed.call("GET", PATH, token=material.access).status == 200
    assert deployed.call("GET", PATH, token=material.issued()).status == 200, "the tests' own signing is sound"


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forged_token_is_refused(deployed: Deployed, material: Material, kind: str) -> None:
    assert deployed.call("GET", PATH, token=FORGERIES[kind](material)).status == 401


@pytest.mark.parametrize("kind", MISUSED)
def test_a_genuine_signature_under_the_wrong_claims_is_refused(
    deployed: Deployed, material: Material, kind: str
) -> None:
    assert deployed.call("GET", PATH, token=MISUSED[kind](material)).status == 401


def test_a_token_of_another_pool_is_refused(deployed: Deployed) -> None:
    pool = cognito(deployed.servers.aws_endpoint)
    pool_id = pool.create_user_pool(PoolName="stranger")["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    client = pool.create_user_pool_client(UserPoolId=pool_id, ClientName="stranger", ExplicitAuthFlows=flows)
    pool.admin_create_user(UserPoolId=pool_id, Username="zoe", MessageAction="SUPPRESS")
    pool.admin_set_user_password(UserPoolId=pool_id, Username="zoe", Password="Stranger-1", Permanent=True)
    client_id = client["UserPoolClient"]["ClientId"]
    tokens = sign_in(deployed.servers.aws_endpoint, client_id, "zoe", "Stranger-1")
    assert deployed.call("GET", PATH, token=tokens["AccessToken"]).status == 401


def test_a_token_of_another_client_of_our_pool_is_refused(deployed: Deployed) -> None:
    pool = cognito(deployed.servers.aws_endpoint)
    client = pool.create_user_pool_client(
        UserPoolId=deployed.description["userPoolId"],
        ClientName="another",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]
    owner = deployed.description["users"][0]
    tokens = sign_in(deployed.servers.aws_endpoint, client["ClientId"], owner["email"], owner["password"])
    assert deployed.call("GET", PATH, token=tokens["AccessToken"]).status == 401


@pytest.mark.parametrize("scheme", ["Basic", "Token", "Bearer Bearer"])
def test_another_scheme_is_refused(deployed: Deployed, material: Material, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {material.access}"}
    assert deployed.call("GET", PATH, headers=headers).status == 401


def test_a_token_in_the_address_opens_nothing(deployed: Deployed, material: Material) -> None:
    assert deployed.call("GET", f"{PATH}?access_token={material.access}").status == 401


def test_nobody_is_refused(deployed: Deployed) -> None:
    assert deployed.call("GET", PATH).status == 401


def test_at_least_forty_kinds_are_tried() -> None:
    assert len(FORGERIES) + len(MISUSED) >= 40
