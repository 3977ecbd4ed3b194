"""Where every page is, from the routes themselves: a page that is added later is opened too, or the test says how."""

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qsl, quote, urlsplit

from infra.routes import PAGES
from tests.integration.hostile.house import House

ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"
# A page of its own by nature: its answer is a file.
FILES = re.compile(r"\.csv|\.json|/file$|^/static/")

# What may stand in the gap of a path. `text_id` is another thing in each part of the settings.
GAPS: dict[str, Callable[[House, str], Iterable[object]]] = {
    "fan_id": lambda house, path: [guest.fan_id for guest in house.shown(path)],
    "conversation_id": lambda house, path: [guest.talk_id for guest in house.shown(path)],
    "text_id": lambda house, path: house.some(house.texts[path.split("/")[2]]),
    "campaign_id": lambda house, _: house.some(house.campaigns),
    "import_id": lambda house, _: house.imports if house.deep else house.imports[:6],
    "export_id": lambda house, _: [house.export_id],
    "platform": lambda _, __: ["onlyfans", "fansly", "patreon"],
    "version": lambda house, _: [house.robin.fan_id],
    "file": lambda house, _: [quote(house.strings[0], safe="")],
    "proxy+": lambda house, _: [quote(text, safe="") for text in house.some(house.strings)],
}


def every_page(house: House) -> Iterator[str]:
    """An address of every route of the pages, or several."""
    for path in PAGES:
        yield from of_route(house, path)


def of_route(house: House, path: str) -> Iterator[str]:
    """An address of a route, or several."""
    gaps = re.findall(r"\{([^}]+)\}", path)
    unknown = set(gaps) - set(GAPS)
    assert not unknown, f"{path}: say in GAPS what may stand in {unknown}"
    return _filled(house, path, gaps)


def _filled(house: House, path: str, gaps: list[str]) -> Iterator[str]:
    if not gaps:
        yield path
        return
    for word in GAPS[gaps[0]](house, path):
        yield from _filled(house, path.replace(f"{{{gaps[0]}}}", str(word)), gaps[1:])


_KNOWN = {re.sub(r"\{[^}]+\}", "{}", page) for page in PAGES}


def states(address: str) -> tuple[str, set[str]]:
    """The page at an address, without ids; and what is shown there: it, and it with each thing that is asked of it."""
    parts = urlsplit(address)
    path = re.sub(ID, "{}", parts.path)
    page = next((known for known in (path, re.sub(r"[^/]+$", "{}", path)) if known in _KNOWN), "/{}")
    return page, {page, *(f"{page}?{name}" for name, _ in parse_qsl(parts.query, keep_blank_values=True))}
