"""What people have on their desk, in memory, keeping the promises of its stores."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from huntaze.ai_config.model import AiConfig
from huntaze.composer.model import Content, Unsent
from huntaze.cursors import Position
from huntaze.errors import Conflict, NotFound
from huntaze.ids import new_id
from huntaze.money import Money
from huntaze.presence.model import Somebody
from huntaze.profiles.model import Profile
from huntaze.quick_replies import model as quick_replies
from huntaze.quick_replies.model import QuickReply
from huntaze.templates import model as templates
from huntaze.templates.model import Template
from huntaze.wording.model import CategoryCount, Wording
from huntaze.workspaces.model import Changes as WorkspaceChanges
from huntaze.workspaces.model import NewWorkspace, Workspace

NEVER = datetime.min.replace(tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)

Text = TypeVar("Text", QuickReply, Template)


class _FakeTexts(Generic[Text]):
    """What quick replies and templates have in common."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Text] = {}
        self.deleted: dict[UUID, tuple[Text, datetime]] = {}

    def _listed(self, q: str | None, category: str | None, after: Position | None, limit: int) -> list[Text]:
        place = (int(after.key), after.id) if after else (2**31, UUID(int=0))
        ordered = sorted(self.kept.values(), key=lambda text: (text.usage_count, text.id), reverse=True)
        return [
            text
            for text in ordered
            if (text.usage_count, text.id) < place
            and category in {None, text.category}
            and (q is None or q.lower() in " ".join(map(str, self._searched(text))).lower())
        ][:limit]

    def _searched(self, text: Text) -> Iterator[str | None]:
        raise NotImplementedError

    def categories(self) -> Sequence[CategoryCount]:
        counts = Counter(text.category for text in self.kept.values())
        return [
            CategoryCount(category, counts[category]) for category in sorted(counts, key=lambda name: (not name, name))
        ]

    def count(self) -> int:
        return len(self.kept)

    def get(self, text_id: UUID) -> Text:
        if text_id not in self.kept:
            raise NotFound
        return self.kept[text_id]

    get_to_change = get

    def delete(self, text_id: UUID, at: datetime) -> None:
        self.deleted[text_id] = (self.get(text_id), at)
        del self.kept[text_id]

    def restore(self, text_id: UUID, deleted_after: datetime) -> Text:
        text, at = self.deleted.get(text_id, (None, NEVER))
        if text is not None and at > deleted_after:
            self._must_be_free(text)
            self.kept[text_id] = replace(text, updated_at=text.updated_at + A_MOMENT)
            del self.deleted[text_id]
        return self.get(text_id)

    def forget(self, deleted_before: datetime) -> None:
        self.deleted = {text_id: (text, at) for text_id, (text, at) in self.deleted.items() if at > deleted_before}

    def count_use(self, text_id: UUID) -> Text:
        text = self.get(text_id)
        self.kept[text_id] = replace(text, usage_count=text.usage_count + 1)
        return self.kept[text_id]

    def _changed(self, text_id: UUID, given: dict[str, Any]) -> Text:
        text = self.get(text_id)
        changed = replace(text, **_plain(given), updated_at=text.updated_at + A_MOMENT)
        self._must_be_free(changed)
        self.kept[text_id] = changed
        return changed

    def _must_be_free(self, text: Text) -> None:
        """Quick replies have no names."""


class FakeQuickReplies(_FakeTexts[QuickReply]):
    """The quick replies of one workspace."""

    def most_used(self, filters: quick_replies.Filters, after: Position | None, limit: int) -> Sequence[QuickReply]:
        return self._listed(filters.q, filters.category, after, limit)

    def add(self, new: quick_replies.NewQuickReply, reply_id: UUID, at: datetime) -> QuickReply:
        about = {"template": new.template.text, "category": new.category, "usage_count": 0}
        self.kept[reply_id] = QuickReply(id=reply_id, created_at=at, updated_at=at, **about)  # type: ignore[arg-type]  # see above
        return self.kept[reply_id]

    def change(self, reply_id: UUID, changes: quick_replies.Changes) -> QuickReply:
        return self._changed(reply_id, dict(changes))

    def _searched(self, text: QuickReply) -> Iterator[str | None]:
        yield from (text.template, text.category)


class FakeTemplates(_FakeTexts[Template]):
    """The templates of one workspace, whose currency is USD."""

    def most_used(self, filters: templates.Filters, after: Position | None, limit: int) -> Sequence[Template]:
        return self._listed(filters.q, filters.category, after, limit)

    def add(self, new: templates.NewTemplate, template_id: UUID, at: datetime) -> Template:
        template = Template(
            id=template_id,
            name=new.name,
            text=new.text.text,
            category=new.category,
            price=Money(new.price_cents, new.currency or "USD"),
            attachments=new.attachments,
            usage_count=0,
            created_at=at,
            updated_at=at,
        )
        self._must_be_free(template)
        self.kept[template_id] = template
        return template

    def change(self, template_id: UUID, changes: templates.Changes) -> Template:
        given, price = dict[str, Any](changes), self.get(template_id).price
        given["price"] = Money(given.pop("price_cents", price.cents), given.pop("currency", price.currency))
        return self._changed(template_id, given)

    def _searched(self, text: Template) -> Iterator[str | None]:
        yield from (text.name, text.text, text.category)

    def _must_be_free(self, text: Template) -> None:
        if any(other.name.lower() == text.name.lower() and other.id != text.id for other in self.kept.values()):
            raise Conflict("There is a template of this name already.")


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value.text if isinstance(value, Wording) else value for name, value in given.items()}


class FakeProfiles:
    """The profiles of one workspace, whose creator is called Luna Vale."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Profile] = {}
        self.creator = "Luna Vale"

    def get(self, member_id: UUID) -> Profile:
        return self.kept.get(member_id, Profile())

    get_to_change = get

    def save(self, member_id: UUID, profile: Profile) -> Profile:
        self.kept[member_id] = replace(profile, updated_at=_later(profile.updated_at))
        return self.kept[member_id]

    def delete(self, member_id: UUID) -> bool:
        return self.kept.pop(member_id, None) is not None

    def creator_name(self) -> str:
        return self.creator


class FakeWorkspace:
    """One workspace."""

    def __init__(self) -> None:
        at = _later(None)
        self.founded = False
        self.kept = Workspace(
            id=new_id(), name="Luna Vale", timezone="UTC", currency="USD", created_at=at, updated_at=at
        )

    def add(self, new: NewWorkspace) -> bool:
        about = {"name": new.name, "timezone": new.timezone, "currency": new.currency}
        is_new, self.founded = not self.founded, True
        self.kept = replace(self.kept, **about) if is_new else self.kept
        return is_new

    def get(self) -> Workspace:
        return self.kept

    get_to_change = get

    def change(self, changes: WorkspaceChanges) -> Workspace:
        self.kept = replace(self.kept, **changes, updated_at=_later(self.kept.updated_at))
        return self.kept


class FakeAiConfig:
    """The AI configuration of one workspace."""

    def __init__(self) -> None:
        self.kept: AiConfig | None = None

    def get(self) -> AiConfig:
        return self.kept or AiConfig()

    get_to_change = get

    def save(self, config: AiConfig) -> AiConfig:
        self.kept = replace(config, updated_at=_later(config.updated_at))
        return self.kept

    def delete(self) -> bool:
        there, self.kept = self.kept is not None, None
        return there


@dataclass
class FakeRooms:
    """Which conversations there are, and what members are called."""

    known: set[UUID] = field(default_factory=set)
    names: dict[UUID, str] = field(default_factory=dict)

    def must_be_there(self, conversation_id: UUID) -> None:
        if conversation_id not in self.known:
            raise NotFound


@dataclass
class FakeComposer:
    """What members are writing."""

    conversations: FakeRooms
    kept: dict[tuple[UUID, UUID], Unsent] = field(default_factory=dict)

    def get(self, conversation_id: UUID, member_id: UUID) -> Unsent:
        self.conversations.must_be_there(conversation_id)
        nothing = Unsent(content=Content(), currency="USD", updated_at=None)
        return self.kept.get((conversation_id, member_id), nothing)

    def keep(self, conversation_id: UUID, member_id: UUID, content: Content) -> Unsent:
        before = self.get(conversation_id, member_id)
        unsent = Unsent(content=content, currency="USD", updated_at=_later(before.updated_at))
        self.kept[conversation_id, member_id] = unsent
        return unsent

    def drop(self, conversation_id: UUID, member_id: UUID) -> None:
        self.kept.pop((conversation_id, member_id), None)


@dataclass
class FakePresence:
    """Who is where."""

    conversations: FakeRooms
    here: dict[tuple[UUID, UUID], datetime] = field(default_factory=dict)
    held: dict[UUID, tuple[UUID, datetime]] = field(default_factory=dict)

    def arrive(self, conversation_id: UUID, member_id: UUID, until: datetime) -> None:
        self.conversations.must_be_there(conversation_id)
        self.here[conversation_id, member_id] = until

    def take(self, conversation_id: UUID, member_id: UUID, at: datetime, until: datetime, *, over: bool) -> None:
        holder, held_until = self.held.get(conversation_id, (member_id, NEVER))
        if holder == member_id or held_until <= at or over:
            self.held[conversation_id] = (member_id, until)

    def release(self, conversation_id: UUID, member_id: UUID) -> None:
        if self.held.get(conversation_id, (None,))[0] == member_id:
            del self.held[conversation_id]

    def leave(self, conversation_id: UUID, member_id: UUID) -> None:
        self.conversations.must_be_there(conversation_id)
        self.here.pop((conversation_id, member_id), None)

    def others(self, conversation_id: UUID, member_id: UUID, at: datetime) -> Sequence[Somebody]:
        found = [
            self._somebody(other, until)
            for (where, other), until in self.here.items()
            if where == conversation_id and other != member_id and until > at
        ]
        return sorted(found, key=lambda somebody: (somebody.name, somebody.member_id))

    def answering(self, conversation_id: UUID, at: datetime) -> Somebody | None:
        if conversation_id not in self.held or self.held[conversation_id][1] <= at:
            return None
        return self._somebody(*self.held[conversation_id])

    def forget(self, at: datetime) -> None:
        self.here = {key: until for key, until in self.here.items() if until > at}
        self.held = {where: (who, until) for where, (who, until) in self.held.items() if until > at}

    def _somebody(self, member_id: UUID, until: datetime) -> Somebody:
        return Somebody(member_id, self.conversations.names.get(member_id, str(member_id)), until)


def _later(than: datetime | None) -> datetime:
    return (than or datetime(2026, 5, 1, 12, tzinfo=UTC)) + A_MOMENT
