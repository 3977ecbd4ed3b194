"""A batch of permits: who fires in time, who gets a token, and what waits."""

import time
from datetime import timedelta

import pytest

from huntaze.delivery.model import Granted, Out, Refused
from huntaze.delivery.permits import Permit
from huntaze.errors import NotFound, Unavailable
from huntaze.ids import new_id
from tests.support.fake_senders import AWAY
from tests.support.send_path_contracts import seconds
from tests.unit.delivery.conftest import Sorting


def _serve(sorting: Sorting, *permits: Permit) -> list[Permit]:
    return sorting.dispatch.serve(permits, time.monotonic() + 60)


def test_a_batch_of_many_accounts_is_one_round_trip(sorting: Sorting) -> None:
    accounts = [sorting.account_of_its_own() for _ in range(10)]
    messages = [sorting.add(account=account) for account in accounts]
    permits = [sorting.permit(message, account) for message, account in zip(messages, accounts, strict=True)]
    assert _serve(sorting, *permits) == []
    assert sorting.statuses(*messages) == ["sent"] * 10
    assert sorting.tokens.takes == [accounts]


def test_who_is_refused_waits_behind_all_others_and_the_rest_is_sent(sorting: Sorting) -> None:
    refused, sent = sorting.add(priority=1), sorting.add()
    sorting.tokens.verdicts = [Refused(seconds(3))]
    assert _serve(sorting, sorting.permit(refused), sorting.permit(sent)) == []
    assert sorting.statuses(refused, sent) == ["queued", "sent"]
    assert sorting.plans.asked == [("flow", seconds(3))]
    assert sorting.published.waits == [(refused, 6)]


def test_who_gets_a_token_within_the_second_asks_again_once_the_others_have_left(sorting: Sorting) -> None:
    soon, other = sorting.account_of_its_own(), sorting.account_of_its_own()
    late, sent, refused = sorting.add(account=soon), sorting.add(), sorting.add(account=other)
    sorting.tokens.verdicts = [Refused(seconds(0.75)), Granted(1), Refused(seconds(1.25))]
    permits = [sorting.permit(late, soon), sorting.permit(sent), sorting.permit(refused, other)]
    assert _serve(sorting, *permits) == []
    assert [letter.reference for letter in sorting.platform.sent] == [sent, late]
    assert sorting.tokens.takes == [[soon, sorting.account, other], [soon]]
    assert sorting.slept == [0, 0.75], "but for the time that the others took"
    assert sorting.published.waits == [(refused, 6)]
    assert sorting.statuses(late, sent, refused) == ["sent", "sent", "queued"]


def test_it_asks_again_once_and_then_waits_behind_all_others(sorting: Sorting) -> None:
    message_id = sorting.add()
    sorting.tokens.verdicts = [Refused(seconds(0.5)), Refused(seconds(0.25))]
    assert _serve(sorting, sorting.permit(message_id)) == []
    assert sorting.plans.asked == [("flow", seconds(0.25))]
    assert (sorting.statuses(message_id), sorting.platform.sent) == (["queued"], [])


def test_it_waits_a_moment_when_redis_has_gone_meanwhile(sorting: Sorting) -> None:
    soon = sorting.account_of_its_own()
    late, sent = sorting.add(account=soon), sorting.add()
    sorting.tokens.verdicts = [Refused(seconds(0.5))]
    sorting.platform.while_sending = lambda _: setattr(sorting.tokens, "is_away", True)
    assert _serve(sorting, sorting.permit(late, soon), sorting.permit(sent)) == []
    assert sorting.statuses(late, sent) == ["queued", "sent"]
    assert [each for each, _ in sorting.published.waits] == [late]
    assert all(5 <= wait <= 20 for _, wait in sorting.published.waits)


def test_an_account_that_redis_does_not_know_is_told_of_and_asked_again(sorting: Sorting) -> None:
    known, unknown = sorting.account, sorting.account_of_its_own()
    out = sorting.add(account=unknown)
    attempt_id = new_id()
    sorting.ground.stores.claims.claim(unknown, attempt_id)
    messages = [sorting.add(account=unknown), sorting.add(account=unknown), sorting.add()]
    sorting.tokens.unheard = {unknown}
    permits = [sorting.permit(messages[0], unknown), sorting.permit(messages[2]), sorting.permit(messages[1], unknown)]
    assert _serve(sorting, *permits) == []
    assert sorting.tokens.takes == [[unknown, known, unknown], [unknown, unknown]]
    [(account, told)] = sorting.tokens.told
    assert account == unknown
    assert [(one.attempt_id, type(one)) for one in told] == [(attempt_id, Out)]
    assert sorting.statuses(out, *messages) == ["sending", "sent", "sent", "sent"]


def test_who_is_forgotten_again_at_once_waits_a_moment(sorting: Sorting, monkeypatch: pytest.MonkeyPatch) -> None:
    message_id = sorting.add()
    sorting.tokens.unheard = {sorting.account}
    monkeypatch.setattr(sorting.tokens, "tell", lambda *_: None)
    assert _serve(sorting, sorting.permit(message_id)) == []
    assert sorting.statuses(message_id) == ["queued"]
    assert [each for each, _ in sorting.published.waits] == [message_id]


def test_without_redis_nothing_is_sent_and_all_wait_a_moment(sorting: Sorting) -> None:
    messages = [sorting.add() for _ in range(3)]
    sorting.tokens.is_away = True
    assert _serve(sorting, *(sorting.permit(each) for each in messages)) == []
    assert sorting.platform.sent == []
    assert [each for each, _ in sorting.published.waits] == messages
    assert all(5 <= wait <= 20 for _, wait in sorting.published.waits)


def test_without_redis_and_queue_they_come_again_by_themselves(sorting: Sorting) -> None:
    sorting.tokens.is_away = sorting.published.refuses = True
    permit = sorting.permit(sorting.add())
    assert _serve(sorting, permit) == [permit]


def test_a_permit_of_no_account_or_of_another_workspace_serves_nothing(sorting: Sorting) -> None:
    message_id = sorting.add()
    strange = [sorting.permit(message_id, new_id()), sorting.permit(message_id)]
    strange[1] = Permit(
        new_id(), *(getattr(strange[1], name) for name in Permit.__dataclass_fields__ if name != "workspace_id")
    )
    assert _serve(sorting, *strange) == []
    assert (sorting.tokens.takes, sorting.platform.sent, sorting.published.planned) == ([], [], [])


def test_an_account_that_was_disconnected_lets_its_permit_die(sorting: Sorting) -> None:
    message_id = sorting.add()
    sorting.doors.troubles[sorting.account] = NotFound()
    assert _serve(sorting, sorting.permit(message_id)) == []
    assert (sorting.ground.permits(sorting.account), sorting.tokens.takes) == ([], [])
    assert sorting.statuses(message_id) == ["queued"]


def test_a_door_that_is_broken_keeps_nobody_else(sorting: Sorting) -> None:
    other = sorting.account_of_its_own()
    broken, good = sorting.add(account=other), sorting.add()
    sorting.doors.troubles[other] = ValueError("sealed for another row")
    permit = sorting.permit(broken, other)
    assert _serve(sorting, permit, sorting.permit(good)) == [permit], "which ends among the dead letters"
    assert sorting.statuses(broken, good) == ["queued", "sent"]


def test_while_keys_are_away_all_wait_a_moment(sorting: Sorting) -> None:
    sorting.doors.troubles[sorting.account] = Unavailable("KMS is away.", retry_after=1)
    assert _serve(sorting, sorting.permit(sorting.add())) == []
    assert len(sorting.published.planned) == 1
    assert sorting.tokens.takes == []


@pytest.mark.parametrize(("early", "slept"), [(0.25, 0.25), (1, 1), (3600, 1), (0, 0), (-5, 0)])
def test_what_fires_a_little_early_waits_in_place(sorting: Sorting, early: float, slept: float) -> None:
    message_id = sorting.add()
    slot_at = sorting.ground.now + timedelta(seconds=early)
    assert _serve(sorting, sorting.permit(message_id, slot_at=slot_at)) == []
    assert sorting.slept == [slept]
    assert sorting.statuses(message_id) == ["sent"]


def test_without_the_database_all_wait_a_moment(sorting: Sorting, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object) -> None:
        raise AWAY

    message_id = sorting.add()
    monkeypatch.setattr(sorting.ground, "to_send", away)
    assert _serve(sorting, sorting.permit(message_id)) == []
    assert [each for each, _ in sorting.published.waits] == [message_id]
