"""A creator whose fans, bridge and team have put hostile strings into every field they can fill."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from urllib.parse import quote
from uuid import UUID

from huntaze.fans.model import Filters, Sort
from huntaze.ids import new_id
from huntaze.imports.model import Choices, Policy, Status
from tests.integration.hostile.doors import Doors
from tests.integration.pages.conftest import PASSWORD, Place
from tests.support.functions import SUBJECT
from tests.support.hostile_strings import A_FEW, FAMILIES, STRINGS
from tests.support.imports import Importing
from tests.support.people_of_pages import Account
from tests.support.talks import Talks

SHOWING_MOST = {"/fans/{fan_id}", "/messages/onlyfans/{conversation_id}"}

CAMPAIGNS = "/api/crm/campaigns"
PLAIN = {"variants": [{"content": "Hello"}]}
NOTES = 40  # of a fan: a page shows the newest

Thing = TypeVar("Thing")
_NOT_IN_EMAIL = re.compile(r"[@\s\x00-\x1f\x85]")


def near(text: str) -> str:
    """The address that is like this string and may pass: no blanks, one @."""
    return (_NOT_IN_EMAIL.sub("", text)[:290] or "x") + "@fan.example"


def address(text: str) -> str:
    """The web address with as much of the string as may pass."""
    return "https://media.example.com/" + quote(text, safe="/?#[]@!$&'()*+,;=:%")[:1_900]


@dataclass(frozen=True)
class Guest:
    """A fan by the string that they are called."""

    called: str
    fan_id: UUID
    talk_id: UUID


class House:
    """Fills the fields; `guests` are the fans that came in through the bridge."""

    def __init__(self, place: Place, *, deep: bool) -> None:
        self.deep = deep
        self.strings = STRINGS if deep else A_FEW
        self.families = tuple(FAMILIES.values())
        self.place = place
        place.pool.accounts["ana@example.com"] = Account(SUBJECT, PASSWORD)  # as tokens name people
        self.who = place.member(place.workspace("Luna Vale"))
        self.talks = Talks(place, self.who)
        self.doors = Doors(place, self.who, self.talks.account_id)
        self.guests: list[Guest] = []
        self.texts: dict[str, list[UUID]] = {}
        self.campaigns: list[UUID] = []
        self.imports: list[UUID] = []

    def fill(self) -> None:
        """Everything, field by field."""
        self._meet_fans()
        self._write_facts()
        self.robin = self._talk_to_one()
        self._use_desk()
        self._invite()
        self._plan_campaigns()
        self._import_files()
        self.export_id = self.place.parts.exports.request(self.who, Filters(), Sort.NAME).id

    def say(self, guest: Guest, text: str) -> None:
        """A fan writes."""
        ((platform_id,),) = self.place.run("SELECT platform_id FROM fans WHERE id = %s", guest.fan_id)
        said = {"messageId": str(new_id()), "fan": {"id": platform_id}, "text": text}
        assert self.doors.tell("message.received", said, {})

    def shown(self, path: str) -> list[Guest]:
        """Whose pages are opened: with --deep everybody's, else one of each family on the two pages that show most."""
        if self.deep:
            return [self.robin, *self.guests]
        first = {family[0][:200] for family in FAMILIES.values()} if path in SHOWING_MOST else set()
        return [self.robin, *(guest for guest in self.guests if guest.called in first)]

    @property
    def noted(self) -> list[Guest]:
        """Those about whom something is noted."""
        return self.guests[: -(-len(self.strings) // NOTES)]

    def some(self, things: Sequence[Thing]) -> Sequence[Thing]:
        """All of them with --deep, else a few from all over."""
        return things if self.deep else things[:: len(things) // 4]

    def _next(self, number: int, by: int) -> str:
        return self.strings[(number + by) % len(self.strings)][:200]

    def _meet_fans(self) -> None:
        """Each string is once a platform's id, a username, a name and a text."""
        for number, text in enumerate(self.strings):
            self.place.advance(timedelta(seconds=1))
            username, name = self._next(number, 1), self._next(number, 2)
            person = {"id": f"{number} {text}"[:200], "username": username, "name": name}
            said = {"messageId": f"{number} {text}"[:200], "fan": person, "text": text, "media": _media(text)}
            self.doors.tell("message.received", said, {"id": text, "username": username, "name": name, "text": text})
        found = self.place.run(
            "SELECT name, fans.id, conversations.id FROM fans JOIN conversations ON fan_id = fans.id ORDER BY fans.id"
        )
        self.guests = [Guest(*row) for row in found]

    def _write_facts(self) -> None:
        """What people write down about a fan."""
        for number, (guest, text) in enumerate(zip(self.guests, self.strings, strict=False)):
            tags = list(dict.fromkeys([text[:200], self._next(number, 1)[:200], "vip"]))
            facts = {
                "handle": self._next(number, 3)[:200],
                "email": near(text),
                "phone": text[:50],
                "avatar": text if number % 2 else address(text),
                "tags": tags,
                "notes": text,
                "metadata": {text[:200]: text},
            }
            self.doors.offer("fans", "PUT", f"/api/crm/fans/{guest.fan_id}", facts, {})

    def _talk_to_one(self) -> Guest:
        """A fan who says everything, and is answered with everything; what is noted about fans goes to the first."""
        talk_id = self.talks.open("Robin", tags=())
        ((fan_id, platform_id),) = self.place.run(
            "SELECT fans.id, platform_id FROM fans JOIN conversations c ON fan_id = fans.id WHERE c.id = %s", talk_id
        )
        for number, text in enumerate(self.strings):
            self.place.advance(timedelta(seconds=1))
            said = {"messageId": f"robin {number}", "fan": {"id": platform_id}, "text": text, "media": _media(text)}
            self.doors.tell("message.received", said, {"text to Robin": text})
            noted = self.guests[number // NOTES].fan_id
            self.doors.offer("fans", "POST", f"/api/crm/fans/{noted}/notes", {"text": text}, {"text": "x"})
            words = {"text": text, "attachments": [{"url": address(text)}]}
            self.doors.offer(
                "conversations", "POST", f"/api/crm/conversations/{talk_id}/messages", words, {"text": "x"}
            )
        for text in (family[0] for family in FAMILIES.values()):
            draft = {"conversationId": str(talk_id), "text": text}
            self.doors.offer("conversations", "POST", "/api/crm/drafts", draft, {"text": "x"})
        return Guest("Robin", fan_id, talk_id)

    def _use_desk(self) -> None:
        """What members type to use it again."""
        for kind, worded in (("quick-replies", "template"), ("templates", "text")):
            self.texts[kind] = []
            for number, text in enumerate(self.strings):
                one = {worded: text, "category": self._next(number, 1)[:100]}
                if kind == "templates":
                    one |= {"name": f"{number} {self._next(number, 2)}"[:200], "attachments": [{"url": address(text)}]}
                instead = {worded: "Hello"} | ({"name": f"{number}"} if kind == "templates" else {})
                made = self.doors.offer("desk", "POST", f"/api/crm/{kind}", one, instead)
                self.texts[kind].append(UUID(made["id"]))

    def _invite(self) -> None:
        """People of the team are called something too."""
        for number, text in enumerate(self.strings[::8]):
            member = {"email": f"{number}{near(text)}"[-128:], "role": "chatter", "displayName": text[:200]}
            self.doors.offer("team", "POST", "/api/crm/members", member, {"email": f"{number}@team.example"})

    def _plan_campaigns(self) -> None:
        """Campaigns are called something, say something, and go to who carries a tag; one goes to everybody."""
        everybody = {"include": {}, "rules": {"activeChatMinutes": 0}}
        for number, text in enumerate(self.strings):
            whom = {"include": {"tags": [text[:200]]}} if number else everybody
            plan = {"name": text[:200], "variants": [{"name": self._next(number, 1)[:50], "content": text}]}
            made = self.doors.offer("campaigns", "POST", CAMPAIGNS, plan | {"audience": whom}, PLAIN)
            self.campaigns.append(UUID(made["id"]))
            if not number:
                seen = {"contentHash": made["contentHash"]}
                self.doors.offer("campaigns", "POST", f"{CAMPAIGNS}/{made['id']}/launch", seen, {})
        self.place.parts.flowing.round(float("inf"))

    def _import_files(self) -> None:
        """Files are called something, have columns that are called something, and everything in their cells."""
        importing = Importing(self.place.parts, self.who)
        cells = [f"{_quoted(text)},{_quoted(near(text))},{_quoted(text)}" for text in self.strings]
        for number, family in enumerate(FAMILIES.values()):
            name, other = _header(family[0]), _header(family[-1])
            header = ("Username,Email," + name, f"{name},{other}x,{name}y", f"Username,{name},{name}")[number % 3]
            file = "\n".join((header, *cells)).encode(errors="replace")
            begun = self.place.parts.imports.bring(self.who, family[0], file, Choices(policy=Policy.OVERWRITE))
            importing.work()
            self.imports.append(begun.id)
        done = next(one for one in map(importing.now, self.imports) if one.status is Status.PLANNED)
        importing.commit(done)


def _header(text: str) -> str:
    return _quoted(text.replace("\x00", "")[:150])


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _media(text: str) -> Sequence[dict[str, str]]:
    return [{"url": text[:2_000], "type": text[:50]}, {"url": address(text), "type": "image"}]
