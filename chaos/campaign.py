"""One campaign: people go on with their day while the schedule is done to the system, then it is judged."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import psycopg

from chaos.acts import Hands
from chaos.carriers import Carrier, Told
from chaos.judging import verdict
from chaos.people import Campaigners, Importers, Writers
from chaos.plan import CARRIERS, Act, Dose, schedule
from chaos.proxy import Strike
from chaos.world import TIMES, VISIBLE_AGAIN, World
from huntaze.errors import HuntazeError
from tests.support.post_office import Creator

MEND_EVERY = 0.4  # seconds; in production a minute
LATE = 4.0  # seconds after its slot a permit counts as lost; in production 90
# Visibility, lease and one round of the relay: within this all that can drain begins to. Measured, asserted generously.
BOUND = VISIBLE_AGAIN + TIMES.lease + LATE + MEND_EVERY
LONGEST_DRAIN = 240.0
BLIND = 3  # every third creator's platform cannot be asked what became of a message

Say = Callable[[str], None]
Begin = Callable[[], None]


@dataclass
class Result:
    """What a campaign did, and what was found."""

    dose: Dose
    seed: int
    took: float = 0
    drained: float = 0
    interrupted: bool = False
    complaints: list[str] = field(default_factory=list)
    doses: Counter[str] = field(default_factory=Counter)
    figures: dict[str, float] = field(default_factory=dict)


@dataclass
class Campaign:
    """A world, its people, and what is done to them."""

    world: World
    dose: Dose
    seed: int
    say: Say

    def __post_init__(self) -> None:
        town, dose = self.world.town, self.dose
        of_each = partial(town.creator, messages=dose.messages)
        self.creators = [
            of_each(seconds=dose.pace_seconds, fans=dose.fans, find=(number + 1) % BLIND != 0)
            for number in range(dose.creators)
        ]
        self.campaigning = [
            of_each(seconds=dose.campaign_seconds, fans=dose.recipients) for _ in range(min(dose.campaigns, 3))
        ]
        everybody = [*self.creators, *self.campaigning]
        carriers = {role: Carrier(role, self._told(role, everybody)) for role in CARRIERS}
        self.hands = Hands(self.world, dose, everybody, carriers)
        self.writers = Writers(town, self.creators, dose, self.seed)
        self.campaigners = Campaigners(town, self.campaigning)
        self.importers = Importers(town, self.world.folder / "imports", dose.rows)
        self._began = self._mended = self._told_at = 0.0

    def run(self) -> Result:
        """All of it. Whoever interrupts it is told what there is to tell by then."""
        result = Result(self.dose, self.seed)
        self._began = time.monotonic()
        self.hands.begin()
        self.writers.start()
        try:
            self._act(schedule(self.dose, self.seed))
        except KeyboardInterrupt:
            result.interrupted = True
            self.say("interrupted: what was begun is ended, and judged")
        except Exception as error:  # noqa: BLE001 - hours of trouble are to be judged, whatever ended them
            result.interrupted = True
            result.complaints.append(f"run: {error!r}")
        result.took = time.monotonic() - self._began
        try:
            self._drain(result)
            result.complaints += verdict(self.world, self.hands, self.campaigners, self.importers)
        finally:
            for carrier in self.hands.carriers.values():
                carrier.end()
        self._count(result)
        return result

    def _act(self, acts: list[Act]) -> None:
        begins = (("campaigns", self.campaigners.launch), ("imports", self.importers.begin))
        spread: list[tuple[float, Act | Begin]] = [
            (self.dose.seconds * 0.9 * number / getattr(self.dose, name), begin)
            for name, begin in begins
            for number in range(getattr(self.dose, name))
        ]
        planned = ((act.at, act) for act in acts)
        due: list[tuple[float, Act | Begin]] = sorted([*planned, *spread], key=lambda each: each[0])
        for at, what in due:
            while time.monotonic() < self._began + at:
                self._tend()
            if isinstance(what, Act):
                self.hands.do(what)
            else:
                self._calm(what)
            self._tell(due[-1][0])
        while not self.writers.done:
            self._tend()

    def _drain(self, result: Result) -> None:
        self.writers.end()
        self.hands.heal()
        until = self.hands.last + LONGEST_DRAIN
        while not self._is_over(result):
            if time.monotonic() > until:
                self.say(self.world.town.describe())
                break
            self._tend()
        result.drained = time.monotonic() - self.hands.last
        for carrier in self.hands.carriers.values():
            carrier.end()
        for worker in [*self.hands.slots]:
            worker.stop()
            self.world.town.bury(worker)
        self.world.town.sweep(all_=True)

    def _is_over(self, result: Result) -> bool:
        """Whether nothing is left to do; what ended when is noted on the way."""
        over = {"imports": self.importers.go_on, "campaigns": self.campaigners.go_on, "messages": self._have_ended}
        for what, is_over in over.items():
            name = f"seconds after the last fault until {what} were through"
            try:
                if name not in result.figures and is_over():
                    result.figures[name] = round(max(time.monotonic() - self.hands.last, 0), 1)
            except (HuntazeError, psycopg.Error):
                continue
        return len(result.figures) == len(over) and self._have_ended()

    def _have_ended(self) -> bool:
        return self.world.town.ended

    def _tend(self) -> None:
        """What goes on between two acts: whoever has died is born again, and the schedules are kept."""
        self.hands.end_what_is_over()
        self.hands.keep_alive()
        if time.monotonic() > self._mended + MEND_EVERY:
            with suppress(HuntazeError, psycopg.Error):
                self.world.town.mend(late=LATE)
                self.campaigners.go_on()
                self.importers.go_on()
            self.world.town.sweep()
            self._mended = time.monotonic()
        else:
            time.sleep(0.02)

    def _calm(self, act: Callable[[], None]) -> None:
        """Whoever begins something asks again when they are refused."""
        while True:
            try:
                act()
            except (HuntazeError, psycopg.Error) as error:
                self.world.town.errors.append(error)
                self._tend()
            else:
                return

    def _told(self, role: str, creators: list[Creator]) -> Told:
        folder = self.world.folder
        (folder / "imports").mkdir(exist_ok=True)
        names = folder / "workspaces"
        names.write_text("\n".join(str(creator.workspace_id) for creator in creators))
        log = folder / "logs" / f"{role}.log"
        return Told(self.world.town.worker_settings, TIMES, log, folder / "imports", names)

    def _tell(self, end: float) -> None:
        """How far it is, every half a minute."""
        if time.monotonic() > self._told_at + 30:
            self._told_at = time.monotonic()
            town, done = self.world.town, self.hands.done
            minutes = (time.monotonic() - self._began) / 60
            self.say(
                f"{minutes:6.1f} of {end / 60:.0f} minutes: {sum(done.values())} acts, {town.told.kills} kills,"
                f" {self.writers.written} lines, {len(self.campaigners.launched)} campaigns"
            )

    def _count(self, result: Result) -> None:
        town, proxies, doses = self.world.town, self.world.proxies, result.doses
        doses.update(self.hands.done)
        doses["workers that died at a named moment"] = self.hands.died_at_moments
        for strike in Strike:
            for name, count in proxies.struck(strike).items():
                doses[f"{strike.value} {name}"] = count
        statuses = town.run("SELECT status, count(*) FROM messages WHERE direction = 'out' GROUP BY status")
        result.figures |= {f"messages {status}": count for status, count in statuses}
        [(doubts,)] = town.run("SELECT count(DISTINCT message_id) FROM message_transitions WHERE to_status = 'unknown'")
        result.figures |= {
            "messages": sum(count for _, count in statuses),
            "written by people": self.writers.written,
            "requests that people repeated": self.writers.asked_again,
            "messages that were in doubt": doubts,
            "campaigns": len(self.campaigners.launched),
            "imports": len(self.importers.pairs),
            "permits received": town.receives,
            "most receives of one permit": town.most,
            "poison put in": self.hands.poisoned,
            "dead letters": self._dead(),
        }

    def _dead(self) -> int:
        town = self.world.town
        found = town.sqs.get_queue_attributes(QueueUrl=town.dead_url, AttributeNames=["ApproximateNumberOfMessages"])
        return int(found["Attributes"]["ApproximateNumberOfMessages"])


def progress(line: str) -> None:
    """Told to whoever watches."""
    print(line, flush=True, file=sys.stdout)
