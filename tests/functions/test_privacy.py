"""Erasures and merges through the handlers, and what the schedule starts."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from huntaze.erasures.sweeping import Sweeping
from huntaze.errors import Unavailable
from huntaze.exports.model import Ticket
from huntaze.exports.reminding import Reminding
from huntaze.ids import new_id
from huntaze.imports.tending import Tending
from huntaze.members.model import Role
from huntaze.outgoing.gauging import Gauging
from huntaze.tombstones.service import Tombstones
from huntaze.webhooks.reminding import EventReminding
from tests.functions.conftest import Stage
from tests.support.export_fakes import FakeExportQueue
from tests.support.fake_delivery import FakeDeadLetters, FakeGauges
from tests.support.fake_webhooks import FakeEventQueue
from tests.support.functions import Context, call, load
from tests.support.imports import KeptFiles, KeptTickets
from tests.support.people import new_fan

FANS, ERASURES = "/api/crm/fans", "/api/crm/erasures"
NEVER = "01900000-0000-7000-8000-00000000ffff"
YES = {"confirm": True}


class FakeBucket:
    """Files by their keys; away when told so."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.away = False

    def below(self, folder: str) -> Iterator[Sequence[str]]:
        if self.away:
            raise Unavailable("Files cannot be kept right now.", retry_after=5)
        yield sorted(key for key in self.keys if key.startswith(folder))

    def delete(self, keys: Sequence[str]) -> None:
        self.keys -= set(keys)


class NothingWaits:
    def oldest(self, _at_most: int) -> list[Any]:
        return []

    def between(self, *_: object) -> list[Ticket]:
        return []


@pytest.fixture
def bucket(stage: Stage) -> FakeBucket:
    bucket = FakeBucket()
    parts, stores = stage.parts, stage.database
    parts.tombstones = Tombstones(lambda: b"a key")

    def machine(workspace_id: Any) -> Any:
        return stores.in_workspace(type("Who", (), {"workspace_id": workspace_id})())

    parts.sweeping = Sweeping(machine, bucket, NothingWaits(), parts.clock)
    return bucket


def _add(**about: object) -> str:
    body = {"name": "Robin", "platform": "onlyfans", "platformId": str(new_id()), **about}
    return str(call("fans", "POST", FANS, body=body).json()["id"])


def test_a_person_is_erased_once_and_their_files_with_them(stage: Stage, bucket: FakeBucket) -> None:
    joined = stage.join()
    fan = _add(platformId="ada-1")
    bucket.keys = {f"exports/{joined.workspace_id}/{NEVER}/x.csv", f"exports/{new_id()}/{NEVER}/x.csv"}
    first = call("privacy", "POST", f"{FANS}/{fan}/erasure", body=YES)
    assert (first.status, first.json()["fanId"], first.json()["state"]) == (202, fan, "sweeping")
    assert call("fans", "GET", f"{FANS}/{fan}").status == 404
    assert len(bucket.keys) == 1, "those of others stay"
    again = call("privacy", "POST", f"{FANS}/{fan}/erasure", body=YES)
    assert (again.status, again.json()["id"]) == (202, first.json()["id"])
    (listed,) = call("privacy", "GET", ERASURES).json()["erasures"]
    assert listed["filesDeletedAt"] is not None
    back = call("fans", "POST", FANS, body={"name": "Ada", "platform": "onlyfans", "platformId": "ADA-1"})
    assert (back.status, "erased" in back.json()["detail"]) == (409, True)


def test_a_bucket_that_is_away_does_not_keep_a_person(stage: Stage, bucket: FakeBucket) -> None:
    stage.join()
    bucket.away = True
    fan = _add()
    assert call("privacy", "POST", f"{FANS}/{fan}/erasure", body=YES).status == 202
    assert call("privacy", "GET", ERASURES).json()["erasures"][0]["filesDeletedAt"] is None


@pytest.mark.parametrize(
    "body", [None, {}, {"confirm": False}, {"confirm": "yes"}, {"confirm": True, "more": 1}], ids=str
)
def test_nobody_is_erased_by_accident(stage: Stage, bucket: FakeBucket, body: object) -> None:
    assert bucket
    stage.join()
    fan = _add()
    assert call("privacy", "POST", f"{FANS}/{fan}/erasure", body=body).status == 400
    assert call("fans", "GET", f"{FANS}/{fan}").status == 200


def test_a_message_on_its_way_is_told(stage: Stage, bucket: FakeBucket) -> None:
    assert bucket
    joined = stage.join()
    fan = _add()
    stage.stores(joined).erasures.busy = True
    answer = call("privacy", "POST", f"{FANS}/{fan}/erasure", body=YES)
    assert (answer.status, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CHATTER, Role.ANALYST, Role.MACHINE])
def test_only_owners_erase(stage: Stage, role: Role) -> None:
    stage.join(role)
    assert call("privacy", "POST", f"{FANS}/{NEVER}/erasure", body=YES).status == 403
    assert call("privacy", "GET", ERASURES).status == 403


def test_what_is_theirs_is_as_absent_as_what_never_was(stage: Stage, bucket: FakeBucket) -> None:
    assert bucket
    stage.join()
    theirs = stage.stores(stage.join(subject="somebody else")).fans.add(new_fan(), new_id(), stage.parts.clock.now())
    answers = [call("privacy", "POST", f"{FANS}/{fan}/erasure", body=YES) for fan in (theirs.id, NEVER)]
    other = str(new_id())
    pairs = [{"keptId": str(fan), "mergedId": other} for fan in (theirs.id, NEVER)]
    answers += [call("fans", "POST", f"{FANS}/merges", body=pair) for pair in pairs]
    answers += [call("fans", "DELETE", f"{FANS}/merges/{fan}") for fan in (theirs.id, NEVER)]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.body for answer in answers}) == 1


def test_two_are_merged_listed_and_parted(stage: Stage) -> None:
    stage.join()
    kept, merged = _add(name="Kim", valueCents=100), _add(name="Kimmy", valueCents=50, tags=["vip"])
    made = call("fans", "POST", f"{FANS}/merges", body={"keptId": kept, "mergedId": merged})
    assert made.status == 201
    told = made.json()
    assert (told["keptName"], told["mergedName"], told["mergedId"]) == ("Kim", "Kimmy", merged)
    both = call("fans", "GET", f"{FANS}/{kept}").json()
    assert (both["valueCents"], both["tags"]) == (150, ["vip"])
    assert call("fans", "GET", f"{FANS}/merges").json() == {"merges": [told], "nextCursor": None}
    assert call("fans", "POST", f"{FANS}/merges", body={"keptId": kept, "mergedId": merged}).status == 409
    assert call("fans", "POST", f"{FANS}/{merged}/restore").status == 404
    assert call("fans", "DELETE", f"{FANS}/merges/{told['id']}").status == 204
    assert call("fans", "DELETE", f"{FANS}/merges/{told['id']}").status == 404
    assert call("fans", "GET", f"{FANS}/{merged}").status == 200


def test_the_same_fan_twice_is_refused_by_name(stage: Stage) -> None:
    stage.join()
    fan = _add()
    answer = call("fans", "POST", f"{FANS}/merges", body={"keptId": fan, "mergedId": fan})
    assert (answer.status, answer.failing) == (400, {"mergedId"})
    bad = call("fans", "POST", f"{FANS}/merges", body={"keptId": "robin"})
    assert (bad.status, bad.failing) == (400, {"keptId", "mergedId"})


@pytest.mark.parametrize("role", [Role.CHATTER, Role.ANALYST])
def test_who_may_not_change_fans_merges_none(stage: Stage, role: Role) -> None:
    stage.join(role)
    for method, path, body in (
        ("GET", "merges", None),
        ("POST", "merges", {"keptId": NEVER, "mergedId": str(new_id())}),
        ("DELETE", f"merges/{NEVER}", None),
    ):
        assert call("fans", method, f"{FANS}/{path}", body=body).status == 403


class Forgotten:
    """One export that nobody has begun."""

    ticket = Ticket(new_id(), new_id())

    def between(self, *_: object) -> list[Ticket]:
        return [self.ticket]


class NothingForgotten:
    """Every event was done, and every import is looked after."""

    def between(self, *_: object) -> list[Any]:
        return []

    def over(self, *_: object) -> list[Any]:
        return []

    def waiting(self, *_: object) -> list[Any]:
        return []

    def with_old_words(self, *_: object) -> list[Any]:
        return []


def test_every_round_finishes_what_was_left(stage: Stage, bucket: FakeBucket) -> None:
    assert bucket
    queue = FakeExportQueue()
    stage.parts.reminding = Reminding(Forgotten(), queue, stage.parts.clock)
    stage.parts.gauging = Gauging(FakeGauges(), FakeDeadLetters(), stage.parts.measures)
    stage.parts.event_reminding = EventReminding(
        stage.parts.in_workspace_as_machine, NothingForgotten(), FakeEventQueue(), stage.parts.clock
    )
    stage.parts.import_tending = Tending(
        stage.parts.in_workspace_as_machine, NothingForgotten(), KeptTickets(), KeptFiles(), stage.parts.clock
    )
    done = load("upkeep").handler({"source": "aws.events"}, Context())
    assert done == {"measured": 3, "erasures": 0, "exports": 1, "imports": 0, "events": 0}
    assert queue.tickets == [Forgotten.ticket]
