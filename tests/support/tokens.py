"""Tokens made by hand: what an attacker could send, and what a faulty issuer could sign."""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

Json = dict[str, Any]


def encoded(data: bytes | Json) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(part: str) -> Json:
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def signed_rs256(header: Json, claims: Json, key: rsa.RSAPrivateKey) -> str:
    content = f"{encoded(header)}.{encoded(claims)}"
    return f"{content}.{encoded(key.sign(content.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def signed_ps256(header: Json, claims: Json, key: rsa.RSAPrivateKey) -> str:
    content = f"{encoded(header)}.{encoded(claims)}"
    salted = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
    return f"{content}.{encoded(key.sign(content.encode(), salted, hashes.SHA256()))}"


def signed_es256(header: Json, claims: Json) -> str:
    content = f"{encoded(header)}.{encoded(claims)}"
    key = ec.generate_private_key(ec.SECP256R1())
    r, s = decode_dss_signature(key.sign(content.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{content}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def signed_hs256(header: Json, claims: Json, secret: bytes) -> str:
    content = f"{encoded(header)}.{encoded(claims)}"
    return f"{content}.{encoded(hmac.digest(secret, content.encode(), hashlib.sha256))}"


def unsigned(header: Json, claims: Json) -> str:
    return f"{encoded(header)}.{encoded(claims)}."
