"""The whole list of a million fans, page by page, while others are added all the time."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from uuid import UUID

import psycopg

from bench.data_sets import owner_of, subject_of
from bench.in_process import claims_of, functions_on
from bench.large_data import LargeDatabase
from bench.report import Row
from huntaze import wiring
from huntaze.fans.model import Listing, NewFan, Platform, Sort, SubscriptionStatus
from tests.support.functions import Context, http_event, load

PAGE, SAMPLE = 100, 300
PAUSE = 0.004
MARK = "added by a bench "
_STARTING = get_context("spawn")

THERE = "SELECT id FROM fans WHERE workspace_id = %s AND deleted_at IS NULL"
# Nobody of the data set is called so on a platform.
FORGET = "DELETE FROM fans WHERE workspace_id = %s AND platform_id LIKE %s"


def measure(database: LargeDatabase) -> list[Row]:
    """Who is skipped and who is seen twice, of all pages of the service, by value: every new fan lands anywhere."""
    with _cleaned_up(database):
        there = _there(database)
        with _others_adding(database):
            began = time.perf_counter()
            seen = list(_seen(database))
            seconds = time.perf_counter() - began
            sample = list(_seen_through_the_handler(database))
        added = len(_there(database)) - len(there)
    found, in_order = set(seen), [fan for fan in seen if fan in there]
    same = [fan for fan in sample if fan in there]
    elsewhere = sum(one != other for one, other in zip(same, in_order, strict=False))
    print(f"{len(seen):,} fans seen in {seconds:.0f} s, {added:,} added meanwhile, {len(found - there):,} of them seen")
    return [
        Row(f"fans: skipped of {len(there):,}", len(there - found), None, "fans", 0),
        Row(f"fans: repeated of {len(there):,}", len(seen) - len(found), None, "fans", 0),
        Row(f"fans: elsewhere of {len(same):,} by the handler", elsewhere, None, "fans", 0),
    ]


def _there(database: LargeDatabase) -> set[int]:
    with psycopg.connect(database.superuser) as superuser:
        return {fan_id.int for (fan_id,) in superuser.execute(THERE, [database.workspace])}


def _seen(database: LargeDatabase) -> Iterator[int]:
    """All pages of the service. The handler would take three times as long, so it pages through a sample only."""
    parts, who, place = wiring.Wiring({"DATABASE_URL": database.app}), owner_of(database.workspace), None
    while True:
        page = parts.fans.page(who, Listing(PAGE, sort=Sort.VALUE, after=place))
        yield from (fan.id.int for fan in page.fans)
        place = page.next
        if place is None:
            parts.postgres.close()
            return


def _seen_through_the_handler(database: LargeDatabase) -> Iterator[int]:
    claims, cursor = claims_of(subject_of(database.workspace, "owner")), ""
    with functions_on(database.app):
        for _ in range(SAMPLE):
            query = f"limit={PAGE}&sort={Sort.VALUE}{cursor}"
            answer = load("fans").handler(http_event("GET", "/api/crm/fans", query=query, claims=claims), Context())
            page = json.loads(answer["body"])
            yield from (UUID(fan["id"]).int for fan in page["fans"])
            cursor = f"&cursor={page['nextCursor']}"


@contextmanager
def _others_adding(database: LargeDatabase) -> Iterator[None]:
    enough = _STARTING.Event()
    others = _STARTING.Process(target=_add, args=(database.app, database.workspace, enough))
    others.start()
    try:
        yield
    finally:
        enough.set()
        others.join()
    if others.exitcode:
        raise RuntimeError("Nobody was added: the figures would say nothing.")


def _add(database_url: str, workspace_id: UUID, enough: Event) -> None:
    """Add fans worth what fans are worth, each in a transaction of its own, until it is enough."""
    parts, who = wiring.Wiring({"DATABASE_URL": database_url}), owner_of(workspace_id)
    dice = random.Random(1)  # noqa: S311 - amounts, no secrets
    number = 0
    while not enough.wait(PAUSE):
        parts.fans.create(who, _new_fan(number, int(dice.paretovariate(0.7) * 100) - 100))
        number += 1
    parts.postgres.close()


def _new_fan(number: int, value_cents: int) -> NewFan:
    return NewFan(
        name=f"New {number}",
        platform=Platform.ONLYFANS,
        platform_id=f"{MARK}{number}",
        handle=None,
        email=None,
        phone=None,
        avatar=None,
        tags=(),
        subscription_status=SubscriptionStatus.UNKNOWN,
        last_seen_at=None,
        do_not_contact=False,
        notes="",
        metadata={},
        value_cents=min(value_cents, 10**9),
        currency=None,
    )


@contextmanager
def _cleaned_up(database: LargeDatabase) -> Iterator[None]:
    """Before, what a run that was ended has left; after, what this one has."""
    _clean_up(database)
    try:
        yield
    finally:
        _clean_up(database)


def _clean_up(database: LargeDatabase) -> None:
    with psycopg.connect(database.superuser, autocommit=True) as superuser:
        if superuser.execute(FORGET, [database.workspace, f"{MARK}%"]).rowcount:
            superuser.execute("VACUUM fans")
