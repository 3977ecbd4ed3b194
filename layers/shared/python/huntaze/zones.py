"""Time zones by the names that people choose from, such as Europe/Paris."""

from functools import cache
from zoneinfo import available_timezones

_ALIASES = ("posix/", "right/", "Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")
_NO_PLACES = {"Factory", "localtime", "posixrules"}


@cache
def names() -> tuple[str, ...]:
    """Every zone to choose from: UTC first, then the places from A on."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(_ALIASES))
    return ("UTC", *places)


def is_known(name: str) -> bool:
    """Whether a clock can hang in this zone."""
    return name in available() and name not in _NO_PLACES


@cache
def available() -> frozenset[str]:
    """Every zone of this machine, those of old names too."""
    return frozenset(zone for zone in available_timezones() if not zone.startswith(("posix/", "right/")))
