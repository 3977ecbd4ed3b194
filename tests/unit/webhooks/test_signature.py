"""Who signed what: nothing else passes than exactly what the holder of the secret signed, and just now."""

import base64
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from huntaze.webhooks.model import Delivered
from huntaze.webhooks.signature import is_fresh, is_signed, made_up, signed

# The example that the libraries of standardwebhooks.com are tested with.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
REQUEST = Delivered("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", SIGNATURE, BODY)
THEN = datetime.fromtimestamp(1614265330, UTC)
FORGED = "v1,ceIuDUQLcJNXgcP7YQdgTkHgVZVZ9xm0RUgSxp2Qvz0="


def test_the_example_of_the_specification_is_signed() -> None:
    assert is_signed(REQUEST, SECRET)
    assert signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, BODY, SECRET)["webhook-signature"] == SIGNATURE


def test_a_secret_may_come_without_its_prefix() -> None:
    assert is_signed(REQUEST, SECRET.removeprefix("whsec_"))


@pytest.mark.parametrize(
    "signatures",
    [
        f"{FORGED} {SIGNATURE}",
        f"{SIGNATURE} {FORGED}",
        f"v1a,{SIGNATURE[3:]} v2,whatever {SIGNATURE}",
        f"  {SIGNATURE}  ",
    ],
)
def test_one_good_signature_among_several_is_enough(signatures: str) -> None:
    assert is_signed(replace(REQUEST, signatures=signatures), SECRET)


@pytest.mark.parametrize(
    "signatures",
    [
        "",
        " ",
        "v1",
        "v1,",
        "v1,=",
        "v2" + SIGNATURE[2:],
        "V1" + SIGNATURE[2:],
        SIGNATURE[3:],
        SIGNATURE[:-1],
        SIGNATURE + "=",
        SIGNATURE.replace(",", ", "),
        FORGED,
        "v1,é" + SIGNATURE[4:],
        " ".join([FORGED] * 1_000 + [SIGNATURE]),
    ],
)
def test_what_only_looks_like_a_signature_is_none(signatures: str) -> None:
    assert not is_signed(replace(REQUEST, signatures=signatures), SECRET)


@pytest.mark.parametrize(
    "changed",
    [{"event_id": "msg_p5jXN8AQM9LWM0D4loKWxJel"}, {"timestamp": "1614265331"}, {"body": BODY + b" "}, {"body": b""}],
)
def test_id_time_and_body_are_signed(changed: dict[str, object]) -> None:
    assert not is_signed(replace(REQUEST, **changed), SECRET)  # type: ignore[arg-type]  # named above


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_not base64!", "whsec_AAAA", "é", made_up()])
def test_without_the_secret_nothing_is_signed(secret: str) -> None:
    assert not is_signed(REQUEST, secret)


def test_an_empty_key_signs_nothing() -> None:
    """HMAC takes any key: an empty one is one that everybody has."""
    for key in (b"", b"\x00"):
        given = signed("id", 1614265330, BODY, "whsec_" + base64.b64encode(b"\x00").decode())["webhook-signature"]
        secret = "whsec_" + base64.b64encode(key).decode()
        delivered = Delivered("id", "1614265330", given, BODY)
        assert is_signed(delivered, secret) is bool(key)


def test_of_10_000_flipped_bits_none_passes() -> None:
    chance = random.Random(7)  # noqa: S311  (equal runs)
    parts = [REQUEST.event_id or "", REQUEST.timestamp or "", SIGNATURE, BODY.decode()]
    passed = 0
    for _ in range(10_000):
        which = chance.randrange(4)
        raw = bytearray(parts[which].encode())
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        flipped = [part.encode() for part in parts]
        flipped[which] = bytes(raw)
        event_id, timestamp, signatures = (part.decode("latin-1") for part in flipped[:3])
        forged = Delivered(event_id, timestamp, signatures, flipped[3])
        passed += is_fresh(forged, THEN) and is_signed(forged, SECRET)
    assert passed == 0


@pytest.mark.parametrize(("seconds", "fresh"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_five_minutes_are_about_now(seconds: int, *, fresh: bool) -> None:
    assert is_fresh(REQUEST, THEN + timedelta(seconds=seconds)) is fresh


@pytest.mark.parametrize(
    "changed",
    [
        *({name: None} for name in ("event_id", "timestamp", "signatures")),
        *({"timestamp": wrong} for wrong in ("", "now", "-1614265330", "1614265330.0", "1_614_265_330", "٢", "9" * 99)),
        *({"event_id": wrong} for wrong in ("", "two words", "x" * 201, "line\nbreak", "é")),
    ],
)
def test_what_is_not_said_or_said_otherwise_is_not_fresh(changed: dict[str, object]) -> None:
    assert not is_fresh(replace(REQUEST, **changed), THEN)  # type: ignore[arg-type]  # named above
