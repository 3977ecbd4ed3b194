"""What people do while everything goes wrong: they write, launch and import. Each asks until they are answered."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import TypeVar
from uuid import UUID

import psycopg

from chaos.plan import Dose
from chaos.world import Town
from huntaze.campaigns.model import Audience, Campaign, Plan, Rules, Status, Variant
from huntaze.errors import Conflict, HuntazeError
from huntaze.idempotency.model import Answer, Keyed
from huntaze.ids import new_id
from huntaze.imports.model import Choices, Import, Policy, Ticket
from huntaze.imports.model import Status as ImportStatus
from huntaze.members.model import Principal, Role
from huntaze.messages.model import ToFan, Words, Written
from huntaze.wiring import Wiring
from tests.support.imports import OVERWRITE, Importing, csv
from tests.support.post_office import Creator, parts_of
from tests.support.troubled_office import TEXT

ASK_AGAIN = 0.3  # seconds
NEW_WORKSPACE = """
INSERT INTO workspaces (id, name) VALUES (%(workspace)s, 'Zoe');
INSERT INTO members (workspace_id, id, subject, email, role)
VALUES (%(workspace)s, %(owner)s, %(subject)s, 'zoe@example.com', 'owner')
"""
PAY = """
INSERT INTO transactions (
    workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents, occurred_at
) VALUES (%(workspace)s, %(id)s, %(fan)s, 'onlyfans', %(id)s, 'tip', %(cents)s, clock_timestamp())
"""
Result = TypeVar("Result")


@dataclass
class Writers:
    """People who answer fans, one line after the other, in a process that has its own connections."""

    town: Town
    creators: list[Creator]
    dose: Dose
    seed: int
    written: int = 0
    asked_again: int = 0
    trouble: BaseException | None = None
    _ends: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self._thread = Thread(target=self._write_all, daemon=True, name="people")

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def end(self) -> None:
        """Write what was begun, and no more."""
        self._ends.set()
        self._thread.join()
        if self.trouble:
            raise self.trouble

    @property
    def done(self) -> bool:
        """Whether all is written."""
        return not self._thread.is_alive()

    def _write_all(self) -> None:
        parts = parts_of(self.town.settings)
        parts.measures = self.town.parts.measures
        parts.queues = parts.permit_queues = self.town.parts.queues
        dice, began = Random(self.seed), time.monotonic()  # noqa: S311  (to be repeated, not to be secret)
        try:
            for number in range(self.dose.lines):
                if self._ends.wait(max(began + self.dose.seconds * number / self.dose.lines - time.monotonic(), 0)):
                    break
                creator = self.creators[number % len(self.creators)]
                self._write(parts, creator, dice.randrange(len(creator.fans)), number)
                self.written += 1
        except BaseException as trouble:  # noqa: BLE001 - whoever waits for the end of this hears of it
            self.trouble = trouble
        finally:
            parts.postgres.close()
            parts.redis.close()

    def _write(self, parts: Wiring, creator: Creator, fan: int, number: int) -> None:
        """Write a line, and ask again under the same key until it is taken: they cannot know whether it was."""
        text = f"{TEXT} line {number}"
        asked = Keyed(f"line {number}", hashlib.sha256(text.encode()).digest())

        def send() -> Answer:
            queued = parts.messages.send(creator.owner, ToFan(creator.fans[fan]), Written(Words(text=text), 5))
            return Answer(202, {}, str(queued.message.id))

        answer = self._until_heard(lambda: parts.idempotency.once(creator.owner, asked, send))
        self.town.told.approved[creator.user_id, f"on-{creator.fans[fan]}"].append(str(answer.body))
        if number % 5 == 0:
            self._until_heard(lambda: self._pays(parts, creator, fan, number))

    def _pays(self, parts: Wiring, creator: Creator, fan: int, cents: int) -> None:
        """The fan pays: something for the sums."""
        with parts.postgres.transaction(creator.workspace_id) as connection:
            row = {"workspace": creator.workspace_id, "id": new_id(), "fan": creator.fans[fan], "cents": cents}
            connection.execute(PAY, row)

    def _until_heard(self, act: Callable[[], Result]) -> Result:
        while True:
            try:
                return act()
            except (HuntazeError, psycopg.Error) as error:
                self.town.errors.append(error)
                del self.town.errors[:-1000]
                self.asked_again += 1
                time.sleep(ASK_AGAIN)


@dataclass
class Campaigners:
    """Whoever launches campaigns, one after the other, and lets them go on when they rest."""

    town: Town
    creators: list[Creator]
    launched: list[tuple[Creator, Campaign]] = field(default_factory=list)

    def launch(self) -> None:
        """One more, to everybody of the next creator."""
        number = len(self.launched)
        creator = self.creators[number % len(self.creators)]
        plan = Plan(
            name=f"Campaign {number}",
            variants=(Variant(content=f"{TEXT} {number} {{full_name}}"),),
            audience=Audience(rules=Rules(active_chat_minutes=0)),
        )
        parts = self.town.parts
        draft = parts.campaigns.create(creator.owner, plan)
        self.launched.append((creator, parts.launching.launch(creator.owner, draft.id, draft.content_hash).campaign))

    def go_on(self) -> bool:
        """Resume what rests; whether all are through."""
        through = True
        for creator, campaign in self.launched:
            status = self.town.parts.campaigns.get(creator.owner, campaign.id).campaign.status
            if status is Status.PAUSED:
                try:
                    self.town.parts.steering.resume(creator.owner, campaign.id)
                except Conflict as error:  # its account is signed out
                    self.town.errors.append(error)
            through = through and status in {Status.COMPLETED, Status.CANCELLED}
        return through


@dataclass
class Importers:
    """Whoever imports the same file twice: where workers are killed, and where nobody is disturbed."""

    town: Town
    files: Path
    rows: int
    pairs: list[tuple[Importing, Import, Importing, Import]] = field(default_factory=list)

    def begin(self) -> None:
        """One more file, in two workspaces."""
        text = csv("Username,Email,Total Spent", *map(self._row, range(self.rows)))
        calm = Importing(self.town.parts, self._somebody())
        undisturbed = calm.committed(text, **OVERWRITE)
        troubled = Importing(self.town.parts, self._somebody())
        begun = troubled.uploaded(text, Choices(policy=Policy.OVERWRITE))
        troubled.tickets.waiting.clear()  # the carrier goes on with it
        ticket = Ticket(troubled.who.workspace_id, begun.id)
        new = self.files.with_suffix(".new")
        new.write_text(text)
        new.rename(self.files / f"{ticket.workspace_id}_{ticket.import_id}")
        self.pairs.append((troubled, begun, calm, undisturbed))

    def go_on(self) -> bool:
        """Let be done what is planned, as a person does; whether all is done."""
        through = True
        for troubled, begun, _, _ in self.pairs:
            now = troubled.now(begun)
            if now.status is ImportStatus.PLANNED:
                assert now.plan_hash is not None  # noqa: S101  (it is planned)
                self.town.parts.imports.commit(troubled.who, begun.id, now.plan_hash)
                troubled.tickets.waiting.clear()
            elif now.status is ImportStatus.COMMITTED:
                (self.files / f"{troubled.who.workspace_id}_{begun.id}").unlink(missing_ok=True)
            through = through and now.status is ImportStatus.COMMITTED
        return through

    def _row(self, number: int) -> str:
        """New ones, ones that stand there twice, and ones that nobody understands."""
        name = f"fan{number % (self.rows * 11 // 12)}"
        return f"{name},{name}@e.example,{'x' if number % 97 == 0 else number}"

    def _somebody(self) -> Principal:
        workspace_id, owner_id = new_id(), new_id()
        subject = f"subject {owner_id}"
        with psycopg.ClientCursor(psycopg.connect(self.town.database.superuser)) as cursor:
            cursor.execute(NEW_WORKSPACE, {"workspace": workspace_id, "owner": owner_id, "subject": subject})
            cursor.connection.commit()
            cursor.connection.close()
        return Principal(subject, workspace_id, owner_id, Role.OWNER)


def workspaces(creators: list[Creator]) -> list[UUID]:
    """Whose numbers are counted all the time."""
    return [creator.workspace_id for creator in creators]
