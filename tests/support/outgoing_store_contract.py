"""What every store of messages on their way promises: a decision counts only in the state that it was made for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import pytest

from huntaze.errors import Conflict
from huntaze.fans.model import Platform
from huntaze.messages.model import Message, Status
from huntaze.outgoing.service import OutgoingStore
from tests.support.workspaces import NOON

STATES = ["queued", "sending", "sent", "failed", "unknown", "cancelled"]
LATER = NOON + timedelta(days=3)

Decide = Callable[[OutgoingStore, UUID], bool]
DECISIONS: dict[str, tuple[Decide, Status, Status]] = {
    "retry": (lambda store, message: store.put_back(message, Status.FAILED, LATER), Status.FAILED, Status.QUEUED),
    "send again": (
        lambda store, message: store.put_back(message, Status.UNKNOWN, LATER),
        Status.UNKNOWN,
        Status.QUEUED,
    ),
    "withdraw": (lambda store, message: store.withdraw(message), Status.QUEUED, Status.CANCELLED),
    "arrived": (lambda store, message: store.note_arrived(message, LATER), Status.UNKNOWN, Status.SENT),
}


class Stage(Protocol):
    """A workspace with one fan, whom the platform calls robin, and messages to them."""

    store: OutgoingStore
    fan_id: UUID

    def message(self, status: str) -> UUID:
        """A message that is in this state, refused twice, with a reason."""
        ...

    def read(self, message_id: UUID) -> Message:
        """The message as it is now."""
        ...

    def leave_alone(self) -> None:
        """Say of the fan that they are not to be contacted."""
        ...

    def tried_at(self, message_id: UUID) -> datetime | None:
        """When it was handed over for the last time."""
        ...


class OutgoingStoreContract:
    """For a class of tests with a fixture `stage`."""

    @pytest.mark.parametrize("decision", DECISIONS)
    @pytest.mark.parametrize("status", STATES)
    def test_a_decision_counts_in_its_state_alone(self, stage: Stage, status: str, decision: str) -> None:
        decide, expected, then = DECISIONS[decision]
        message_id = stage.message(status)
        before = stage.read(message_id)
        assert decide(stage.store, message_id) is (status == expected)
        after = stage.read(message_id)
        if status != expected:
            assert after == before
            return
        assert (after.status, after.last_error) == (then, None)
        assert (after.content, after.approved_by, after.approved_at) == (
            before.content,
            before.approved_by,
            before.approved_at,
        )
        assert decide(stage.store, message_id) is False

    @pytest.mark.parametrize("status", [Status.FAILED, Status.UNKNOWN])
    def test_what_is_put_back_is_said_now_and_starts_anew(self, stage: Stage, status: Status) -> None:
        message_id = stage.message(status)
        assert stage.store.put_back(message_id, status, LATER)
        after = stage.read(message_id)
        assert (after.queued_at, after.occurred_at, after.attempts) == (LATER, LATER, 0)

    def test_what_arrived_was_sent_when_it_was_handed_over(self, stage: Stage) -> None:
        message_id = stage.message("unknown")
        assert stage.store.note_arrived(message_id, LATER)
        assert stage.read(message_id).sent_at == stage.tried_at(message_id)

    @pytest.mark.parametrize("status", [Status.FAILED, Status.UNKNOWN])
    def test_nothing_waits_for_who_is_to_be_left_alone(self, stage: Stage, status: Status) -> None:
        message_id = stage.message(status)
        stage.leave_alone()
        with pytest.raises(Conflict, match="not to be contacted"):
            stage.store.put_back(message_id, status, LATER)

    def test_a_fan_is_called_by_our_id_or_by_the_platforms(self, stage: Stage) -> None:
        never = UUID("01900000-0000-7000-8000-00000000ffff")
        called = stage.store.fan_called
        assert called(Platform.ONLYFANS, str(stage.fan_id), stage.fan_id) == stage.fan_id
        assert called(Platform.ONLYFANS, "robin", None) == stage.fan_id
        assert called(Platform.ONLYFANS, "robin", never) == stage.fan_id
        assert called(Platform.FANSLY, "robin", None) is None
        assert called(Platform.ONLYFANS, "nobody", never) is None

    def test_a_message_knows_its_account(self, stage: Stage) -> None:
        found = stage.store.account_of(stage.message("failed"))
        assert found is not None
        platform, account = found
        assert (platform, account.is_active) == (Platform.ONLYFANS, True)
