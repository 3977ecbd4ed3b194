"""The deployed local stack under load: a minute of 100 requests a second, with two imports of 10,000 rows beside it.

Meanwhile two accounts send 1,000 messages an hour at the real pace. A quiet minute comes before it; after it everything
is asked on until it is quiet again.

Client, servers, functions and platform share this machine's processors: what is told is how the stack bears too much,
not how much it could.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from bench.asking import SERVER_ERROR, Asked, Callers
from bench.comparing import p95
from bench.report import Row
from bench.stack import deployed_stack
from local.people import MAX, ZOE
from tests.support.deployed import Deployed
from tests.support.deployed_creators import DeployedCreators
from tests.support.http import Answer
from tests.support.importer import IMPORTS, Importer, put
from tests.support.judge import accepted_twice, most_in_any_window
from tests.support.post_office import Creator

PHASE, QUIET, BUSY = 60.0, 5.0, 100.0  # seconds of a phase, requests a second
MESSAGES_AN_HOUR, ACCOUNTS, FANS = 1_000, 2, 20
ROWS = 10_000
WINDOW, PACE = 60.0, 10  # the platform's
AS_BEFORE, LONGEST_RECOVERY, LOOK = 2.0, 300.0, 10.0  # twice the quiet time is quiet again; seconds
OWNER, MANAGER = "zoe@demo.huntaze.test", "agency@demo.huntaze.test"
PATHS = (
    "/api/crm/fans?limit=50",
    "/api/crm/conversations",
    "/api/crm/messages/unread-count",
    "/api/crm/fans?q=an&sort=valueCents",
    "/api/onlyfans/messages/status",
    "/api/crm/fans/top?limit=10",
    "/api/crm/messages?status=failed",
    "/api/crm/quick-replies",
    "/api/crm/campaigns",
    "/api/onlyfans/imports",
    "/api/crm/analytics/overview",
)


def measure(scale: float = 1) -> list[Row]:
    """How the stack bears it; with a part of the time, to try it out."""
    with deployed_stack() as deployed, _sending(deployed) as sending:
        callers = Callers(deployed.servers.url, str(deployed.tokens(OWNER)["AccessToken"]), PATHS)
        callers.warm_up()
        alone = _imported(deployed, str(MAX), "alone")
        quiet = callers.ask(PHASE * scale, QUIET)
        with _importing_beside(deployed) as beside:
            busy_from = time.monotonic()
            busy = callers.ask(PHASE * scale, BUSY)
            busy_until = time.monotonic()
        recovered = _recovered(callers, p95(_milliseconds(quiet)))
        sent = sending.judged(busy_from, busy_until)
    answered = [one for one in busy if not (one.is_error or one.is_given_up)]
    return [
        Row(
            "requests at 100 a second, beside 5 a second",
            p95(_milliseconds(busy)),
            p95(_milliseconds(quiet)),
            "ms, p95",
        ),
        Row("answers a second, of 100 that were asked", len(answered) / (busy_until - busy_from), None, "a second"),
        Row("answered with 5xx", float(sum(one.is_error for one in (*quiet, *busy))), None, "requests", 0),
        Row("given up after half a minute", float(sum(one.is_given_up for one in busy)), None, f"of {len(busy)}"),
        Row("10,000 rows imported meanwhile, beside alone", max(beside), alone, "s"),
        Row("approval to arrival, beside in quiet", sent.busy_seconds, sent.quiet_seconds, "s, p95"),
        Row("most arrivals of an account in a minute", float(sent.fullest), None, "messages", PACE),
        Row("messages lost or doubled", float(sent.wrong), None, f"of {sent.count}", 0),
        Row("as quick as before after", recovered, None, "s", LONGEST_RECOVERY),
    ]


def _milliseconds(asked: Sequence[Asked]) -> list[float]:
    return [one.seconds * 1000 for one in asked]


def _recovered(callers: Callers, quiet: float) -> float:
    """Seconds until answers are no slower than twice what they were."""
    began = time.monotonic()
    while p95(_milliseconds(callers.ask(LOOK, QUIET))) > AS_BEFORE * quiet:
        if time.monotonic() - began > LONGEST_RECOVERY:
            break
    return max(0.0, time.monotonic() - began - LOOK)


class PatientImporter(Importer):
    """A program that asks again when it is told to, or is told nothing."""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        return _answered(lambda: super(PatientImporter, self).ask(method, path, body, **headers))


@contextmanager
def _importing_beside(deployed: Deployed) -> Iterator[list[float]]:
    """Two files at once, into a workspace each; the seconds that each took, once all is over."""
    took: list[float] = []
    with ThreadPoolExecutor() as pool:
        importing = [pool.submit(_imported, deployed, workspace, "beside") for workspace in (str(ZOE), str(MAX))]
        yield took
        took += [one.result() for one in importing]


def _imported(deployed: Deployed, workspace: str, name: str) -> float:
    """The seconds from asking for an upload to the last fan."""
    importer = PatientImporter(deployed, str(deployed.tokens(MANAGER)["AccessToken"]), workspace)
    lines = (f"load-{name}-{number},Fan {number},{number}.00" for number in range(ROWS))
    content = "\n".join(("Username,Display Name,Total Spent", *lines)).encode()
    asked = {"fileName": "fans.csv", "fileBytes": len(content), "locale": "en-US"}
    began = time.monotonic()
    begun = importer.ask("POST", IMPORTS, asked).json()
    _answered(lambda: put(begun, content))
    planned, _ = importer.once(begun["import"]["id"], "planned")
    importer.ask("POST", f"{IMPORTS}/{planned['id']}/commit", {"planHash": planned["planHash"]})
    importer.once(planned["id"], "committed")
    return time.monotonic() - began


def _answered(ask: Callable[[], Answer]) -> Answer:
    """The first answer that is one."""
    while True:
        with suppress(OSError, HTTPException):
            answer = ask()
            if answer.status < SERVER_ERROR:
                return answer
        time.sleep(1)


@dataclass(frozen=True)
class Sent:
    """What became of the messages."""

    count: int
    wrong: int
    fullest: int
    quiet_seconds: float
    busy_seconds: float


@dataclass
class Sending:
    """Two people who approve a message now and then, at the real pace of their accounts."""

    people: DeployedCreators
    creators: list[Creator]
    ended: threading.Event = field(default_factory=threading.Event)
    approved: dict[str, float] = field(default_factory=dict)  # when, on the monotonic clock

    def send(self) -> None:
        """One after the other, through the accounts in turn, until it is over."""
        number = 0
        while not self.ended.wait(3600 / MESSAGES_AN_HOUR):
            creator = self.creators[number % ACCOUNTS]
            message = self.people.send(creator, f"Line {number}", fan=number // ACCOUNTS % FANS).message
            self.approved[str(message.id)] = time.monotonic()
            number += 1

    def judged(self, busy_from: float, busy_until: float) -> Sent:
        """What the platform's log says of them, once nothing waits any more."""
        self.ended.set()
        while any(self.people.waiting(creator.workspace_id) for creator in self.creators):
            time.sleep(0.5)
        users = [creator.user_id for creator in self.creators]
        arrived = [line for user in users for line in self.people.platform.log(user)]
        attempts = [line for user in users for line in self.people.platform.attempts(user)]
        taken: dict[bool, list[float]] = {False: [], True: []}
        clocks_apart = time.time() - time.monotonic()
        for line in arrived:
            approved = self.approved[line["clientReference"]]
            taken[busy_from < approved < busy_until].append(line["at"] - clocks_apart - approved)
        wrong = sum(accepted_twice(arrived).values()) + len(
            self.approved.keys() ^ {line["clientReference"] for line in arrived}
        )
        fullest = max(most_in_any_window(attempts, WINDOW).values())
        return Sent(len(self.approved), wrong, fullest, p95(taken[False]), p95(taken[True]))


@contextmanager
def _sending(deployed: Deployed) -> Iterator[Sending]:
    people = DeployedCreators(deployed)
    sending = Sending(people, [people.creator(fans=FANS) for _ in range(ACCOUNTS)])
    at_work = threading.Thread(target=sending.send)
    at_work.start()
    try:
        yield sending
    finally:
        sending.ended.set()
        at_work.join()
        people.close()
