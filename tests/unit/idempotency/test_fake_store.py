import pytest

from huntaze.idempotency.service import AnswerStore
from tests.support.answer_store_contract import AnswerStoreContract
from tests.support.fakes import FakeAnswers


class TestFakeAnswers(AnswerStoreContract):
    @pytest.fixture
    def answers(self) -> AnswerStore:
        return FakeAnswers()
