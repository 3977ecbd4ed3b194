"""Claims, answers, doubts and permits in any order: PostgreSQL says and keeps what the model in memory does."""

import random
from typing import Any
from uuid import UUID

import hypothesis
import pytest
from hypothesis import stateful
from hypothesis import strategies as some

from huntaze.delivery.model import Claimed, Outcome, Pace
from huntaze.ids import new_id
from tests.conftest import Database
from tests.support.fake_send_path import FakeGround
from tests.support.real_send_path import PostgresGround
from tests.support.send_path_contracts import seconds

FANS, ACCOUNTS = range(3), range(2)
CHANCE = some.randoms(use_true_random=False)


class StoresBesideTheModel(stateful.RuleBasedStateMachine):
    """Everything is done on both, and both are looked at."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.real, self.model = PostgresGround(self.database), FakeGround()
        self.both = (self.model, self.real)
        self.attempts: list[tuple[UUID, UUID]] = []
        self.messages: list[UUID] = []

    def teardown(self) -> None:
        self.real.close()

    @stateful.initialize(messages=some.integers(1, 3), length=some.sampled_from([10, 60]))
    def begin(self, messages: int, length: int) -> None:
        pace = Pace(messages, length)
        self.accounts = [tuple(ground.new_account(pace) for ground in self.both) for _ in ACCOUNTS]
        for _ in FANS:
            for ground in self.both:
                ground.new_fan()

    @stateful.rule(step=some.sampled_from([0.5, 1, 5, 9.999999, 10, 25, 30, 60, 85, 90, 200]))
    def time_passes(self, step: float) -> None:
        for ground in self.both:
            ground.go_on(step)

    @stateful.rule(
        account=some.sampled_from(ACCOUNTS),
        fan=some.sampled_from(FANS),
        priority=some.sampled_from([1, 5, 5, 9]),
        is_campaign=some.booleans(),
    )
    def let_out(self, account: int, fan: int, priority: int, is_campaign: bool) -> None:  # noqa: FBT001
        message_id = new_id()
        for ground, its in zip(self.both, self.accounts[account], strict=True):
            ground.new_message(its, fan, priority=priority, is_campaign=is_campaign, message_id=message_id)
        self.messages.append(message_id)

    @stateful.rule(account=some.sampled_from(ACCOUNTS))
    def claim(self, account: int) -> None:
        attempt_id = new_id()
        found = self.do_for(account, "claims", "claim", attempt_id)
        if isinstance(found, Claimed):
            self.attempts.append((attempt_id, found.message_id))

    @stateful.precondition(lambda self: self.attempts)
    @stateful.rule(
        chance=CHANCE, answer=some.sampled_from(["accepted", "refused", "not_accepted", "unknown", "lapsed", "told"])
    )
    def answer(self, chance: random.Random, answer: str) -> None:
        attempt_id, message_id = chance.choice(self.attempts[-6:])
        ids = attempt_id, message_id
        match answer:
            case "accepted":
                self.do("attempts", "accepted", *ids, f"p-{chance.randint(1, 20)}")
            case "refused":
                self.do("attempts", "refused", *ids, "content", for_good=chance.random() < 0.2)
            case "not_accepted":
                self.do("attempts", "not_accepted", *ids, "too_fast", reached=chance.random() < 0.5)
            case "unknown":
                self.do("attempts", "unknown", *ids, "no_answer", Outcome.UNKNOWN)
            case "lapsed":
                self.do("attempts", "unknown", *ids, "sender_ended", Outcome.LAPSED)
            case "told":
                self.do("attempts", "told", message_id, f"p-{chance.randint(1, 20)}", self.model.now)

    @stateful.precondition(lambda self: self.attempts)
    @stateful.rule(chance=CHANCE, step=some.sampled_from(["absent", "proven_absent", "look_again", "look_no_more"]))
    def reconcile(self, chance: random.Random, step: str) -> None:
        attempt_id, message_id = chance.choice(self.attempts[-6:])
        match step:
            case "proven_absent":
                self.do("attempts", step, attempt_id, message_id, "did_not_arrive")
            case "look_again":
                self.do("attempts", step, attempt_id, seconds(30))
            case _:
                self.do("attempts", step, attempt_id)

    @stateful.precondition(lambda self: self.messages)
    @stateful.rule(chance=CHANCE, step=some.sampled_from(["put", "back", "copy", "drop", "not_queued", "note"]))
    def permit(self, chance: random.Random, step: str) -> None:
        message_id, account, wait = (
            chance.choice(self.messages),
            chance.choice(ACCOUNTS),
            seconds(chance.randint(0, 90)),
        )
        match step:
            case "put":
                words = message_id, wait, chance.randint(0, 6)
                self.do_for(account, "outbox", "put_permit", *words, before=[new_id()])
            case "back":
                self.do_for(account, "outbox", "put_back", message_id, wait, before=[new_id()])
            case "copy":
                model, real = self.done(account, "outbox", "is_a_copy", message_id)
                assert model == real
            case "drop":
                self.do("outbox", "drop_permit", message_id)
            case "not_queued":
                self.do("attempts", "not_queued", message_id)
            case "note":
                self.do("attempts", "note", message_id, "permit_unreadable")

    @stateful.rule(account=some.sampled_from(ACCOUNTS), at_most=some.integers(0, 9))
    def relay(self, account: int, at_most: int) -> None:
        self.do_for(account, "outbox", "drop_lost")
        model, real = (
            [(each.message_id, each.priority, each.queued_at, each.is_campaign) for each in found]
            for found in self.done(account, "outbox", "lacking", at_most)
        )
        assert model == real

    @stateful.rule(account=some.sampled_from(ACCOUNTS), step=some.sampled_from(["hold", "failed", "failed", "works"]))
    def how_it_stands(self, account: int, step: str) -> None:
        words = (seconds(20), "too_fast") if step == "hold" else ()
        self.do_for(account, "accounts", step, *words)

    @stateful.rule(
        account=some.sampled_from(ACCOUNTS), messages=some.integers(1, 3), length=some.sampled_from([10, 60])
    )
    def pace(self, account: int, messages: int, length: int) -> None:
        for ground, its in zip(self.both, self.accounts[account], strict=True):
            ground.set_pace(its, Pace(messages, length))

    @stateful.rule(fan=some.sampled_from(FANS), chance=CHANCE)
    def about_a_fan(self, fan: int, chance: random.Random) -> None:
        if chance.random() < 0.2:
            step = chance.choice(["leave_alone", "delete_fan", "forget_recipient"])
            for ground in self.both:
                getattr(ground, step)(fan)

    @stateful.invariant()
    def both_are_alike(self) -> None:
        for message_id in self.messages:
            assert self.model.message(message_id) == self.real.message(message_id)
        for attempt_id, _ in self.attempts:
            assert self.model.attempt(attempt_id) == self.real.attempt(attempt_id)
        for model, real in getattr(self, "accounts", []):
            assert self.model.account(model) == self.real.account(real)
            assert self.model.permits(model) == self.real.permits(real)

    @stateful.invariant()
    def no_account_has_more_tokens_out_than_its_pace_had(self) -> None:
        for model, _ in getattr(self, "accounts", []):
            assert len(self.model.stores.claims.tokens_out(model)) <= 3, "the widest pace there was"

    def do(self, store: str, operation: str, *words: Any, **named: Any) -> Any:
        """On both; what it says must be the same."""
        model, real = (self.on(ground, store, operation, *words, **named) for ground in self.both)
        assert model == real, operation
        return real

    def do_for(self, account: int, store: str, operation: str, *words: Any, before: Any = ()) -> Any:
        model, real = self.done(account, store, operation, *words, before=before)
        if isinstance(real, Claimed):
            assert isinstance(model, Claimed)
            assert (model.message_id, model.waiting.priority) == (real.message_id, real.waiting.priority)
        else:
            assert model == real, operation
        return real

    def done(self, account: int, store: str, operation: str, *words: Any, before: Any = ()) -> list[Any]:
        pairs = zip(self.both, self.accounts[account], strict=True)
        return [self.on(ground, store, operation, *before, its, *words) for ground, its in pairs]

    @staticmethod
    def on(ground: Any, store: str, operation: str, *words: Any, **named: Any) -> Any:
        with ground.transaction(ground.workspace_id) as stores:
            return getattr(getattr(stores, store), operation)(*words, **named)


def test_the_stores_do_as_the_model_does(stores: Database, pytestconfig: pytest.Config) -> None:
    StoresBesideTheModel.database = stores
    doses = (400, 60) if pytestconfig.getoption("--deep") else (25, 40)
    settings = hypothesis.settings(max_examples=doses[0], stateful_step_count=doses[1], deadline=None)
    stateful.run_state_machine_as_test(StoresBesideTheModel, settings=settings)
