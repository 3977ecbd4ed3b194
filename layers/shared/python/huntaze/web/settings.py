"""The settings: a page for each section, and what is around all of them."""

from dataclasses import dataclass

from huntaze.members.model import Permission
from huntaze.web.answer import Answer, see_other
from huntaze.web.site import Route
from huntaze.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Section:
    """One section; its words are settings.section.<key>. Without `needs` it is everybody's own."""

    key: str
    needs: Permission | None = None
    path: str = ""  # where it does not stand among the others

    @property
    def href(self) -> str:
        """Where it is."""
        return self.path or f"/settings/{self.key.replace('_', '-')}"


SECTIONS = (
    Section("profile"),
    Section("security"),
    Section("team", Permission.READ_TEAM),
    Section("connections", Permission.READ_INBOX, "/platforms/connect/onlyfans"),
    Section("quick_replies", Permission.USE_QUICK_REPLIES),
    Section("templates", Permission.USE_QUICK_REPLIES),
    Section("ai", Permission.CONFIGURE_WORKSPACE),
    Section("privacy", Permission.ERASE_PEOPLE),
    Section("audit", Permission.READ_AUDIT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The sections this person may open, and which one is open."""

    sections: tuple[Section, ...]
    active: str


def around(visit: Visit, active: str) -> Around:
    """What stands around a section's page."""
    mine = tuple(section for section in SECTIONS if section.needs is None or visit.who.may(section.needs))
    return Around(sections=mine, active=active)


def show_settings(_: Visit) -> Answer:
    """The first section."""
    return see_other(SECTIONS[0].href)


ROUTES = (Route("GET", "/settings", show_settings),)
