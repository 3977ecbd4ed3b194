"""Judges sending by what the platform itself wrote down. Nothing here knows how messages are sent."""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Line = Mapping[str, Any]
Thread = tuple[str, str]  # account and recipient

_SERVER_ERROR = 500


def most_in_any_window(attempts: Iterable[Line], seconds: float) -> dict[str, int]:
    """For each account, how many arrived in the fullest of all windows [t, t + seconds).

    The fullest one can be moved until it begins with an arrival, so those windows are enough.
    """
    return {account: _fullest(times, seconds) for account, times in _arrivals(attempts).items()}


def windows_over(attempts: Iterable[Line], limit: int, seconds: float) -> list[tuple[str, float, int]]:
    """Each window [t, t + seconds) that holds more than the limit, by account and beginning."""
    return [
        (account, begin, count)
        for account, times in _arrivals(attempts).items()
        for begin, count in _windows(times, seconds)
        if count > limit
    ]


def accepted_twice(sends: Iterable[Line]) -> dict[tuple[str, str], int]:
    """Client references that an account accepted more than once, with how often."""
    counted = Counter((send["account"], send["clientReference"]) for send in sends)
    return {who: count for who, count in counted.items() if count > 1}


def said_twice(sends: Iterable[Line]) -> dict[tuple[str, str, str], int]:
    """Words that reached the same fan more than once, under whatever references: for runs whose words all differ."""
    counted = Counter((send["account"], send["recipient"], send["text"]) for send in sends)
    return {what: count for what, count in counted.items() if count > 1}


def sent_again(attempts: Iterable[Line], sends: Iterable[Line]) -> dict[str, int]:
    """References that arrived again after the platform had accepted them: nobody may count on it to notice that."""
    accepted = {str(send["clientReference"]): float(send["at"]) for send in reversed(list(sends))}
    late = (str(attempt["clientReference"]) for attempt in attempts if _comes_after(attempt, accepted))
    return dict(Counter(late))


def out_of_order(sends: Iterable[Line], approved: Mapping[Thread, Sequence[str]]) -> list[Thread]:
    """Threads that arrived in another order than their client references were approved in, or bring strangers."""
    return [
        thread for thread, arrived in _threads(sends).items() if not _keeps_order(arrived, approved.get(thread, ()))
    ]


def uncertain(attempts: Iterable[Line]) -> set[str]:
    """References of which a sender could not know what became of an attempt: no answer, or one of a broken server."""
    return {
        str(attempt["clientReference"])
        for attempt in attempts
        if attempt["status"] is None or attempt["status"] >= _SERVER_ERROR
    }


def _comes_after(attempt: Line, accepted: Mapping[str, float]) -> bool:
    return float(attempt["at"]) > accepted.get(str(attempt["clientReference"]), math.inf)


def _arrivals(attempts: Iterable[Line]) -> dict[str, list[float]]:
    arrivals: defaultdict[str, list[float]] = defaultdict(list)
    for attempt in attempts:
        if attempt["account"] is not None:
            arrivals[attempt["account"]].append(attempt["at"])
    return {account: sorted(times) for account, times in arrivals.items()}


def _windows(times: Sequence[float], seconds: float) -> list[tuple[float, int]]:
    return [(begin, bisect_left(times, begin + seconds) - place) for place, begin in enumerate(times)]


def _fullest(times: Sequence[float], seconds: float) -> int:
    return max(count for _, count in _windows(times, seconds))


def _threads(sends: Iterable[Line]) -> dict[Thread, list[str]]:
    threads: defaultdict[Thread, list[str]] = defaultdict(list)
    for send in sorted(sends, key=lambda send: float(send["at"])):
        threads[send["account"], send["recipient"]].append(send["clientReference"])
    return threads


def _keeps_order(arrived: Sequence[str], approved: Sequence[str]) -> bool:
    left = iter(approved)
    return all(reference in left for reference in arrived)
