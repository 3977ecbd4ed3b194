"""What every keeper of answers promises, the real one and the fake alike."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from huntaze.idempotency.model import Answer, Kept, Keyed
from huntaze.idempotency.service import AnswerStore

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=24)
MESSAGE = UUID("01900000-0000-7000-8000-00000000000a")
REQUEST = Keyed("key", b"f" * 32)
ANSWER = Answer(201, {"Content-Type": "application/json", "ETag": '"x"'}, '{"name":"Zo\u00eb \\ud83c"}')


class AnswerStoreContract:
    """Subclasses give `answers`, a store of a workspace without any."""

    def test_what_was_never_answered_is_not_there(self, answers: AnswerStore) -> None:
        answers.wait_for("zoe", "key")
        assert answers.kept("zoe", "key", NOON) is None

    def test_an_answer_comes_back_as_it_was_until_its_time_is_over(self, answers: AnswerStore) -> None:
        answers.keep("zoe", REQUEST, ANSWER, NOON, LATER)
        assert answers.kept("zoe", "key", LATER - timedelta(microseconds=1)) == Kept(REQUEST.fingerprint, ANSWER)
        assert answers.kept("zoe", "key", LATER) is None

    def test_an_answer_can_be_undone_and_hold_again_until_it_is_given_anew(self, answers: AnswerStore) -> None:
        answers.keep("zoe", REQUEST, ANSWER, NOON, LATER)
        for undone in (MESSAGE, None, MESSAGE):
            answers.undo("zoe", "key", undone)
            assert answers.kept("zoe", "key", NOON) == Kept(REQUEST.fingerprint, ANSWER, undone)
        answers.keep("zoe", REQUEST, ANSWER, LATER, LATER + timedelta(hours=24))
        assert answers.kept("zoe", "key", LATER) == Kept(REQUEST.fingerprint, ANSWER)

    def test_another_person_or_key_has_nothing_to_do_with_it(self, answers: AnswerStore) -> None:
        answers.keep("zoe", REQUEST, ANSWER, NOON, LATER)
        assert answers.kept("max", "key", NOON) is None
        assert answers.kept("zoe", "Key", NOON) is None

    def test_after_its_time_the_key_stands_for_something_new(self, answers: AnswerStore) -> None:
        answers.keep("zoe", REQUEST, ANSWER, NOON, LATER)
        again = Answer(404, {}, "")
        answers.keep("zoe", Keyed("key", b"g" * 32), again, LATER, LATER + timedelta(hours=24))
        assert answers.kept("zoe", "key", LATER) == Kept(b"g" * 32, again)
