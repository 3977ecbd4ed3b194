"""Somebody is erased in the moment in which a worker takes their message, or somebody writes of them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from huntaze.delivery.model import Claimed, Contended, NothingDue
from huntaze.errors import Conflict, NotFound
from huntaze.fans.model import Filters, Sort
from huntaze.ids import new_id
from huntaze.members.model import Principal
from huntaze.wiring import Wiring
from tests.conftest import Database
from tests.support.campaigns import Ground, ground_in
from tests.support.export_fakes import FakeExportQueue
from tests.support.waiting import until_it_waits


@pytest.fixture
def ground(database: Database) -> Iterator[Ground]:
    with ground_in(database) as made:
        made.connect()
        yield made


def test_what_is_claimed_while_somebody_is_erased_must_arrive_first(ground: Ground) -> None:
    [fan] = ground.more_fans(1)
    campaign = ground.launched()
    [(account,)] = ground.run("SELECT id FROM platform_connections WHERE workspace_id = %s", ground.workspace_id)
    worker, eraser = ground.parts, ground.another_process()
    with worker.in_workspace_as_machine(ground.workspace_id) as stores:
        claim = stores.claims.claim(account, new_id())
        with pytest.raises(Conflict, match="Try again in a minute"):
            eraser.erasures.erase(ground.owner, fan)
    assert isinstance(claim, Claimed)
    with worker.in_workspace_as_machine(ground.workspace_id) as stores:
        assert stores.attempts.accepted(claim.attempt_id, claim.message_id, "a message of the platform's")
    assert ground.outcomes(campaign) == {"sent": 1}
    eraser.erasures.erase(ground.owner, fan)
    eraser.postgres.close()


def test_who_is_being_erased_gets_nothing_any_more(ground: Ground) -> None:
    [fan] = ground.more_fans(1)
    ground.launched()
    [(account,)] = ground.run("SELECT id FROM platform_connections WHERE workspace_id = %s", ground.workspace_id)
    eraser = ground.another_process()
    with eraser.as_a_whole(ground.owner) as stores:
        assert len(stores.erasures.lock_messages(fan)) == 1
        with pytest.raises(Contended), ground.parts.in_workspace_as_machine(ground.workspace_id) as theirs:
            theirs.claims.claim(account, new_id())
        eraser.erasures.erase(ground.owner, fan)
    eraser.postgres.close()
    with ground.parts.in_workspace_as_machine(ground.workspace_id) as theirs:
        assert isinstance(theirs.claims.claim(account, new_id()), NothingDue)


def test_a_note_about_who_is_being_erased_is_not_kept(ground: Ground) -> None:
    [fan] = ground.more_fans(1)
    with pytest.raises(NotFound):
        _while_erased(ground, lambda parts, who: parts.notes.add(who, fan, "Robin lives in Rome"))
    assert ground.run("SELECT count(*) FROM fan_notes WHERE workspace_id = %s", ground.workspace_id) == [(0,)]


def test_an_export_begins_before_an_erasure_or_after_it(ground: Ground) -> None:
    ground.more_fans(1)

    ground.parts.export_queue = FakeExportQueue()  # type: ignore[assignment]  # nobody listens
    _while_erased(ground, lambda parts, who: parts.exports.request(who, Filters(), Sort.NAME))
    assert len(ground.parts.exports.recent(ground.owner)) == 1


def _while_erased(ground: Ground, act: Callable[[Wiring, Principal], object]) -> None:
    """Do this while the only fan is erased and that is not known yet; it must wait for that."""
    eraser = ground.another_process()
    with ThreadPoolExecutor(1) as elsewhere:
        with eraser.as_a_whole(ground.owner):
            eraser.erasures.erase(ground.owner, ground.fans[0])
            acting = elsewhere.submit(act, ground.parts, ground.owner)
            until_it_waits(ground.database, acting)
        eraser.postgres.close()
        acting.result()
