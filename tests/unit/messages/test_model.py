"""What is said is nobody's business but of the two who say it."""

import pytest

from huntaze.attachments.model import Media
from huntaze.messages.model import Content, Words, Written
from huntaze.money import Money
from huntaze.outgoing.model import Send

WORDS = Words(text="a canary", media=(Media("https://example.com/a-canary.jpg"),))


@pytest.mark.parametrize(
    "told", [WORDS, Written(WORDS), Send("a canary", Written(WORDS)), Content(WORDS.text, Money(0, "USD"), WORDS.media)]
)
def test_no_trace_or_log_that_shows_it_shows_what_was_said_or_to_whom(told: object) -> None:
    assert "canary" not in repr(told)
