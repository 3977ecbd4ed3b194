"""The use cases themselves, by random people who come, go and change places: no word leaves that nobody approved."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest

from huntaze import wiring
from huntaze.errors import HuntazeError, NotFound
from huntaze.members.model import Principal, Role
from huntaze.runtime.postgres import Postgres
from huntaze.runtime.secrets import Secrets
from tests.compliance.actors import attempt, change_people
from tests.compliance.dice import PEOPLE, Dice
from tests.compliance.invariant import EVERYTHING, Watch
from tests.conftest import Database
from tests.support.fake_delivery import send_without_servers
from tests.support.workspaces import ZOE

pytest.importorskip("huntaze.drafts.service", reason="the use cases around drafts are not here yet")

Connection = psycopg.Connection[Any]
Step = Callable[["Work"], object]


class Work:
    """A process that does what it is told, in the name of whoever it is told."""

    def __init__(self, database: Database, superuser: Connection) -> None:
        self.parts = wiring.Wiring({"STAGE": "local"})
        send_without_servers(self.parts)
        self.parts.postgres = Postgres(lambda: database.app, Secrets())
        self.dice = Dice(Random(21))  # noqa: S311  (seeded)
        self._superuser = superuser

    @property
    def who(self) -> Principal:
        """Anybody, with the role they have now, or still believe to have."""
        person = self.dice.one_of(*PEOPLE)
        found = self._superuser.execute("SELECT role FROM members WHERE id = %s", [person]).fetchone()
        role = Role(found[0]) if found and self.dice.random.random() < 0.8 else self.dice.one_of(*Role)
        return Principal("somebody", ZOE.id, person, role)

    def words(self) -> Any:
        """Something to say."""
        from huntaze.messages.model import Words  # noqa: PLC0415  (not everywhere yet)

        price = self.dice.often(0, 500)
        return Words(text=self.dice.one_of("Hello", "Hello you"), price_cents=price)

    def message(self, *states: str) -> UUID:
        """A message that is in one of these states, if there is one."""
        found = self._superuser.execute(
            "SELECT id FROM messages WHERE workspace_id = %s AND status = ANY(%s)", [ZOE.id, list(states)]
        ).fetchall()
        return UUID(str(self.dice.one_of(*(identity for (identity,) in found), ZOE.of("draft message"))))

    def dismissed(self) -> UUID:
        """A draft that was dismissed, if there is one."""
        found = self._superuser.execute("SELECT id FROM drafts WHERE dismissed_at IS NOT NULL").fetchall()
        return UUID(str(self.dice.one_of(*(identity for (identity,) in found), ZOE.of("draft"))))

    def draft(self) -> UUID:
        """A draft that is there, if there is one."""
        found = self._superuser.execute("SELECT id FROM drafts WHERE workspace_id = %s", [ZOE.id]).fetchall()
        return UUID(str(self.dice.one_of(*(identity for (identity,) in found), ZOE.of("draft"))))


def write(work: Work) -> None:
    work.parts.drafts.write(work.who, ZOE.of("conversation"), work.words())


def change(work: Work) -> None:
    work.parts.drafts.change(work.who, work.draft(), {"text": work.dice.one_of("Hello", "Changed")})


def drop(work: Work) -> None:
    work.parts.drafts.delete(work.who, work.draft())


def approve(work: Work) -> None:
    """What was read a moment ago, or something else; somebody may have changed it since."""
    who, draft = work.who, work.draft()
    seen = work.parts.drafts.get(Principal("x", ZOE.id, ZOE.of("owner"), Role.OWNER), draft).content_hash
    if work.dice.random.random() < 0.3:
        change(work)
    work.parts.drafts.approve(who, draft, content_hash=work.dice.often(seen, bytes(32)))


def send(work: Work) -> None:
    from huntaze.messages.model import InConversation, Written  # noqa: PLC0415  (not everywhere yet)

    to = InConversation(id=ZOE.of("conversation"))
    work.parts.messages.send(work.who, to, Written(words=work.words(), draft_id=work.dice.one_of(None, work.draft())))


def reword(work: Work) -> None:
    """Other words for what waits or was not sent, in somebody's own name."""
    work.parts.rewording.reword(work.who, work.message("queued", "failed"), work.words())


def fail(work: Work) -> None:
    """The queue does not take what waits: no person, and no word, is another by that."""
    with work.parts.in_workspace_as_machine(ZOE.id) as stores:
        if not stores.attempts.not_queued(work.message("queued")):
            raise NotFound


def retry(work: Work) -> None:
    """Somebody, not always who approved it, sends again what failed."""
    work.parts.outgoing.retry(work.who, work.message("failed"))


def bring_back(work: Work) -> None:
    work.parts.drafts.restore(work.who, work.dismissed())


STEPS: tuple[Step, ...] = (
    *(write, write, write, change, drop, bring_back, approve, approve, send),
    *(reword, reword, fail, retry),
)


@pytest.fixture
def work(database: Database, superuser: Connection) -> Iterator[Work]:
    work = Work(database, superuser)
    yield work
    work.parts.postgres.close()


def test_random_people_find_no_way_out(superuser: Connection, app: Connection, work: Work, actions: int) -> None:
    watch = Watch(superuser)
    through: Counter[str] = Counter()
    for _ in range(actions // 2):
        since, step = watch.mark(), work.dice.random.choice(STEPS)
        if work.dice.random.random() < 0.15:
            attempt(app, change_people, work.dice)
        try:
            step(work)
            through[step.__name__] += 1
        except (HuntazeError, psycopg.errors.CheckViolation):
            through["refused"] += 1
        watch.check(since)
    watch.check(EVERYTHING)
    assert {step.__name__ for step in STEPS} - set(through) == set()
    assert len(watch.left_draft) > actions / 100
