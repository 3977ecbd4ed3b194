"""What the address of the list asks for, or the form that stands on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from huntaze.fans.model import Filters, Platform, Sort
from huntaze.web import typed, views
from huntaze.web.views import Says
from huntaze.web.visit import Visit

LONGEST = 200
NAMES = ("q", "platform", "tag", "min_value", "seen_after", "sort")
_PLATFORMS = {platform.value: platform for platform in Platform}
_SORTS = {sort.value: sort for sort in Sort}


@dataclass(frozen=True, slots=True)
class Asked:
    """The same thing twice: as it was typed, and as the use cases take it."""

    shown: views.Filters
    filters: Filters
    sort: Sort

    @property
    def key(self) -> tuple[object, ...]:
        """What a place in the answer belongs to."""
        asked = self.filters
        return asked.q, asked.platform, asked.tag, asked.min_value_cents, asked.seen_after, self.sort

    @property
    def sound(self) -> bool:
        """Whether everything typed was understood; what was not narrows nothing."""
        return not self.shown.problems


def asked(visit: Visit, words: Mapping[str, str], path: str = "/fans") -> Asked:
    """What is asked for. An unknown platform or order asks for nothing: it is in no list one could choose from."""
    said = typed.without_nul({name: words.get(name, "")[:LONGEST] for name in NAMES})
    least = typed.cents(said["min_value"], visit.locale)
    seen = typed.day(said["seen_after"], visit.timezone)
    sort = _SORTS.get(said["sort"], Sort.LAST_SEEN)
    platform = _PLATFORMS.get(said["platform"])
    shown = views.Filters(
        **said | {"sort": sort.value, "platform": platform.value if platform else ""},
        path=path,
        problems=_problems(said, unclear={"min_value": least is None, "seen_after": seen is None}),
    )
    filters = Filters(
        q=said["q"] or None,
        platform=platform,
        tag=said["tag"] or None,
        min_value_cents=least,
        # "Seen after" leaves out the very moment; the day begins with it.
        seen_after=seen and seen - timedelta(microseconds=1),
    )
    return Asked(shown, filters, sort)


def _problems(said: Mapping[str, str], unclear: Mapping[str, bool]) -> dict[str, Says]:
    words = {"min_value": Says("problem.money"), "seen_after": Says("problem.date")}
    return {name: words[name] for name, wrong in unclear.items() if wrong and said[name]}
