"""What the parts of a reply mean, where a real socket would add nothing."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.platforms import replies
from huntaze.platforms.model import Accepted, AccountAway, NotAccepted, Reason, Refused, Unknown
from huntaze.runtime.guarded_http import Reply
from huntaze.runtime.guarded_network import Trouble

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
STAMP = str(int(NOON.timestamp() * 1000))


def _reply(status: int = 429, body: bytes = b"", **headers: str) -> Reply:
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, body, 0.0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("0", 1),
        ("86400", 86_400),
        ("86401", 86_400),
        ("999999999", 86_400),
        (format_datetime(NOON + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOON - timedelta(seconds=90), usegmt=True), 1),
        ("Fri, 01 May 2026 14:01:30 +0200", 90),
        ("Fri, 01 May 2026 12:01:30 -0000", 90),
        ("Friday, 01-May-26 12:01:30 GMT", 90),
        ("Fri, 01 May 9999 12:00:00 GMT", 86_400),
    ],
)
def test_how_long_to_wait_is_seconds_or_a_date_by_the_bridge_s_clock(value: str, seconds: int) -> None:
    reply = _reply(retry_after=value, bridge_time=STAMP, date="Mon, 01 Jan 2001 00:00:00 GMT")
    assert replies.retry_after(reply) == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "1e3", "٣", "Fri, 99 May 2026 12:00:00 GMT", "0x10"])
def test_what_is_neither_is_passed_over(value: str) -> None:
    assert replies.retry_after(_reply(retry_after=value, bridge_time=STAMP)) is None


def test_a_date_needs_a_clock() -> None:
    date = format_datetime(NOON + timedelta(seconds=90), usegmt=True)
    assert replies.retry_after(_reply(retry_after=date)) is None
    assert replies.retry_after(_reply(retry_after=date, date=format_datetime(NOON, usegmt=True))) == timedelta(
        seconds=90
    )


@pytest.mark.parametrize("value", ["", "noon", "-1", "0", "1.5", "9" * 30, "١٢٣", " 5", "0x1"])
def test_a_time_is_whole_milliseconds(value: str) -> None:
    assert replies.bridge_time(_reply(bridge_time=value)) is None


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        *((word, Reason(word)) for word in ("recipient_unknown", "recipient_unavailable", "price", "content", "media")),
        ("too_late", Reason.REFUSED),  # our own word for something else
        ("deadline_passed", Reason.REFUSED),
        ("The fan said: hi", Reason.REFUSED),
        (None, Reason.REFUSED),
    ],
)
def test_of_a_refusal_only_words_that_we_know_are_kept(reason: str | None, expected: Reason) -> None:
    body = b'{"code": "refused", "forGood": true, "reason": %s}' % (
        b"null" if reason is None else f'"{reason}"'.encode()
    )
    reply = _reply(422, body, content_type="application/problem+json; charset=utf-8")
    assert replies.answer_to_send(reply) == Refused(expected, for_good=True)


@pytest.mark.parametrize("for_good", [b"null", b'"yes"', b"1", b"{}"])
def test_a_refusal_is_for_good_only_when_it_clearly_says_so(for_good: bytes) -> None:
    reply = _reply(422, b'{"code": "refused", "forGood": %s}' % for_good, content_type="application/problem+json")
    assert replies.answer_to_send(reply) == Refused(Reason.REFUSED, for_good=False)


@given(st.integers(100, 999), st.binary(max_size=200), st.sampled_from(["application/problem+json", "text/html", ""]))
def test_whatever_comes_is_an_answer(status: int, body: bytes, kind: str) -> None:
    answer = replies.answer_to_send(_reply(status, body, content_type=kind))
    if not isinstance(answer, Unknown):
        assert status in {200, 201, 401, 403, 409, 422, 429}
        assert isinstance(answer, Accepted | AccountAway | NotAccepted | Refused)


def test_every_trouble_on_the_way_is_a_reason_that_can_be_shown() -> None:
    assert {str(trouble) for trouble in Trouble} <= {str(reason) for reason in Reason}
