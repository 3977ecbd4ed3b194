"""A few accounts on PostgreSQL, Valkey, the local queue and the simulated platform, at a quicker pace."""

import os
import secrets
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from bench.report import Row
from bench.virtual.figures import share_of
from huntaze.campaigns.model import Audience, Plan, Rules, Variant
from huntaze.delivery import model
from huntaze.migrations.runner import migrate
from local.local_aws import LocalAws
from local.servers import Postgres, Valkey
from local.simulator.process import Simulator
from tests.support.databases import Database, Hand
from tests.support.fake_delivery import RecordedMeasures
from tests.support.judge import most_in_any_window
from tests.support.post_office import AWS, Creator, PostOffice, parts_of

ACCOUNTS, WORKERS = 4, 2
MESSAGES, WINDOW_SECONDS = 10, 10
FLOW_MARGIN = timedelta(seconds=1.5 * WINDOW_SECONDS / 60)
LONGEST_SECONDS, SHORTEST_SECONDS = 120, 20
# Two messages a second come alone: each is received, deleted and, every tenth of a campaign, sent by a call of its own.
MOST_CALLS_ALONE = 250
REPLY_EVERY = 3.0  # seconds, of all accounts together


def measure(scale: float = 1) -> list[Row]:
    """Campaigns that are longer than the time, with replies behind them."""
    seconds = max(LONGEST_SECONDS * scale, SHORTEST_SECONDS)
    with mock.patch.object(model, "FLOW_MARGIN", FLOW_MARGIN), _office() as office:
        fans = int(seconds / WINDOW_SECONDS * MESSAGES) + MESSAGES
        creators = [office.creator(messages=MESSAGES, seconds=WINDOW_SECONDS, fans=fans) for _ in range(ACCOUNTS)]
        asked = _asked(office)
        for creator in creators:
            _launch(office, creator)
        replies = _served(office, creators, seconds)
        return _rows(office, creators, asked, replies)


@contextmanager
def _office() -> Iterator[PostOffice]:
    """The servers, for as long as this takes."""
    with ExitStack() as servers:
        folder = Path(servers.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        folder.chmod(0o755)  # the database runs as somebody else
        servers.enter_context(mock.patch.dict(os.environ, AWS))
        postgres = servers.enter_context(
            Postgres(folder / "postgres" / "data", secrets.token_urlsafe(12), durable=False)
        )
        valkey = servers.enter_context(Valkey(folder / "valkey", secrets.token_urlsafe(12)))
        simulator = servers.enter_context(Simulator(folder))
        aws = servers.enter_context(LocalAws(folder / "aws"))
        postgres.create_database("bench")
        migrate(postgres.admin_conninfo("bench"), postgres.password)
        ways = postgres.app_conninfo("bench"), postgres.admin_conninfo("bench"), postgres.superuser_conninfo("bench")
        office = PostOffice(Database("bench", *ways, Hand(ways[-1])), valkey, simulator, aws.endpoint)
        office.parts.measures = RecordedMeasures()  # lines of the log would drown the table
        servers.callback(office.close)
        yield office


def _asked(office: PostOffice) -> Counter[str]:
    """What the queue is asked. An event source deletes a batch at once, so one call is counted for each batch."""
    counts: Counter[str] = Counter()

    def note(model: Any, parsed: Any, **_: Any) -> None:
        received = len(parsed.get("Messages", []))
        counts["sends"] += model.name.startswith("SendMessage")
        counts["receives"] += received > 0
        counts["received"] += received

    office.sqs.meta.events.register("after-call.sqs", note)
    return counts


def _launch(office: PostOffice, creator: Creator) -> None:
    plan = Plan(
        name="Spring", variants=(Variant(content="Hello you"),), audience=Audience(rules=Rules(active_chat_minutes=0))
    )
    draft = office.parts.campaigns.create(creator.owner, plan)
    office.parts.launching.launch(creator.owner, draft.id, draft.content_hash)


def _served(office: PostOffice, creators: list[Creator], seconds: float) -> dict[str, float]:
    """Workers at work and people who reply; when each reply was approved."""
    until, replies = time.monotonic() + seconds, dict[str, float]()

    def work() -> None:
        parts = parts_of(office.settings)
        parts.queues = parts.permit_queues = office.parts.permit_queues
        parts.measures = RecordedMeasures()
        worker = office.worker.through(parts)
        while time.monotonic() < until:
            worker.turn(wait_seconds=1)
        parts.postgres.close()
        parts.redis.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    number = 0
    while time.monotonic() + 2 * REPLY_EVERY < until:
        time.sleep(REPLY_EVERY)
        approved = time.time()
        queued = office.send(creators[number % len(creators)], f"Reply {number}", fan=number % MESSAGES)
        replies[str(queued.message.id)] = approved
        number += 1
    for thread in threads:
        thread.join()
    return replies


def _rows(
    office: PostOffice,
    creators: list[Creator],
    asked: Counter[str],
    replies: dict[str, float],
) -> list[Row]:
    arrived = [line for creator in creators for line in office.platform.attempts(creator.user_id)]
    there = {line["clientReference"]: line["at"] for line in arrived}
    latencies = sorted(there[key] - approved for key, approved in replies.items() if key in there)
    moments = sorted(line["at"] for line in arrived)
    first, last = moments[0] + WINDOW_SECONDS, moments[-1]
    settled = [at for at in moments if first <= at]
    allowed = (last - first) * ACCOUNTS * MESSAGES / WINDOW_SECONDS
    calls = asked["sends"] + 2 * asked["receives"]
    name = f"{ACCOUNTS} accounts here"
    fullest = max(most_in_any_window(arrived, WINDOW_SECONDS).values())
    return [
        Row(f"{name}: arrivals in the fullest window", fullest, None, "messages", MESSAGES),
        Row(f"{name}: allowed rate not used", 100 * (1 - len(settled) / allowed), None, "%", 4),
        Row(f"{name}: receives for 100 messages", 100 * asked["received"] / len(arrived), None, "", 110),
        Row(f"{name}: calls to the queue for 100", 100 * calls / len(arrived), None, "", MOST_CALLS_ALONE),
        Row(f"{name}: a reply, median", share_of(latencies, 0.5), None, "s", 3.5),
        Row(f"{name}: a reply, p99", share_of(latencies, 0.99), None, "s", 8),
    ]
