"""Fans, tags and notes in memory, keeping the promises of their stores."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from huntaze.cursors import Position
from huntaze.errors import Conflict, NotFound
from huntaze.fans.model import About, Changes, DeletedFan, Fan, Filters, NewFan, Placed, Selection, Sort, Totals
from huntaze.money import Money
from huntaze.notes.model import Note
from huntaze.tags.model import TagCount

NEVER = datetime.min.replace(tzinfo=UTC)


class FakeFans:
    """The fans of one workspace, in memory."""

    def __init__(self, currency: str = "USD") -> None:
        self._currency = currency
        self.kept: dict[UUID, Fan] = {}
        self.hidden: dict[UUID, tuple[Fan, datetime]] = {}
        self.merged: set[UUID] = set()

    def add(self, new: NewFan, fan_id: UUID, at: datetime) -> Fan:
        everybody = [*self.kept.values(), *(fan for fan, _ in self.hidden.values())]
        taken = {(fan.platform, fan.platform_id) for fan in everybody if fan.platform_id is not None}
        if (new.platform, new.platform_id) in taken:
            raise Conflict("A fan with this platformId on this platform is there already, perhaps deleted or merged.")
        about = {rule.name: getattr(new, rule.name) for rule in fields(About)}
        value = Money(new.value_cents, new.currency or self._currency)
        fan = Fan(**about, id=fan_id, value=value, last_message_at=None, created_at=at, updated_at=at)
        self.kept[fan_id] = fan
        return fan

    def matching(self, filters: Filters, sort: Sort, after: Position | None, limit: int) -> Sequence[Placed]:
        found = [fan for fan in self.kept.values() if _matches(fan, filters)]
        ordered = sorted(found, key=lambda fan: (_key(fan, sort), fan.id), reverse=sort is not Sort.NAME)
        placed = [Placed(fan, str(_key(fan, sort))) for fan in ordered]
        if after is None:
            return placed[:limit]
        return [place for place in placed if _is_behind(place.fan, sort, after)][:limit]

    def totals(self, filters: Filters) -> Totals:
        found = [fan for fan in self.kept.values() if _matches(fan, filters)]
        return Totals(len(found), sum(fan.value.cents for fan in found))

    def get(self, fan_id: UUID) -> Fan:
        if fan_id not in self.kept:
            raise NotFound
        return self.kept[fan_id]

    get_to_change = get_to_refer = get

    def change(self, fan_id: UUID, changes: Changes) -> Fan:
        fan, given = self.get(fan_id), dict[str, Any](changes)
        given["value"] = Money(given.pop("value_cents", fan.value.cents), given.pop("currency", fan.value.currency))
        self.kept[fan_id] = replace(fan, **given, updated_at=fan.updated_at + timedelta(microseconds=1))
        return self.kept[fan_id]

    def delete(self, fan_id: UUID, at: datetime) -> None:
        self.hidden[fan_id] = (self.get(fan_id), at)
        del self.kept[fan_id]

    def restore(self, fan_id: UUID, deleted_after: datetime) -> Fan:
        fan, at = self.hidden.get(fan_id, (None, NEVER))
        if fan is not None and at > deleted_after and fan_id not in self.merged:
            self.kept[fan_id] = replace(fan, updated_at=fan.updated_at + timedelta(microseconds=1))
            del self.hidden[fan_id]
        return self.get(fan_id)

    def note_message(self, fan_id: UUID, at: datetime) -> None:
        if fan_id in self.kept:
            fan = self.kept[fan_id]
            self.kept[fan_id] = replace(fan, last_message_at=max(fan.last_message_at or at, at))

    def even_hidden(self, fan_ids: Sequence[UUID]) -> dict[UUID, Fan]:
        everybody = {**{fan_id: fan for fan_id, (fan, _) in self.hidden.items()}, **self.kept}
        return {fan_id: everybody[fan_id] for fan_id in fan_ids if fan_id in everybody}

    def deleted(self, deleted_after: datetime, after: Position | None, limit: int) -> Sequence[DeletedFan]:
        found = [
            DeletedFan(fan, at) for fan, at in self.hidden.values() if at > deleted_after and fan.id not in self.merged
        ]
        ordered = sorted(found, key=lambda one: (one.deleted_at, one.fan.id), reverse=True)
        if after is not None:
            place = (datetime.fromisoformat(after.key), after.id)
            ordered = [one for one in ordered if (one.deleted_at, one.fan.id) < place]
        return ordered[:limit]

    def selected(self, chosen: Selection) -> Sequence[UUID]:
        if chosen.filters is not None:
            return [fan.id for fan in self.kept.values() if _matches(fan, chosen.filters)]
        return [self.get(fan_id).id for fan_id in dict.fromkeys(chosen.ids or ())]


def _matches(fan: Fan, filters: Filters) -> bool:
    words = "\n".join([fan.name, fan.handle or "", fan.email or ""]).lower()
    return (
        (filters.q is None or filters.q.lower() in words)
        and filters.platform in {None, fan.platform}
        and (filters.tag is None or filters.tag in fan.tags)
        and fan.value.cents >= (filters.min_value_cents or 0)
        and (filters.seen_after is None or (fan.last_seen_at or NEVER) > filters.seen_after)
    )


def _key(fan: Fan, sort: Sort) -> Any:
    keys = {
        Sort.NAME: fan.name.lower(),
        Sort.VALUE: fan.value.cents,
        Sort.CREATED: fan.created_at,
        Sort.LAST_SEEN: fan.last_seen_at or NEVER,
    }
    return keys[sort]


def _is_behind(fan: Fan, sort: Sort, place: Position) -> bool:
    read = {Sort.NAME: str, Sort.VALUE: int}.get(sort, datetime.fromisoformat)
    here, there = (_key(fan, sort), fan.id), (read(place.key), place.id)
    return bool(here > there if sort is Sort.NAME else here < there)


class FakeTags:
    """The tags of one workspace's fans."""

    def __init__(self, fans: FakeFans) -> None:
        self._fans = fans

    def all(self) -> Sequence[TagCount]:
        counts = Counter(tag for fan in self._fans.kept.values() for tag in fan.tags)
        return [TagCount(tag, count) for tag, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]

    def of(self, fan_id: UUID) -> Sequence[TagCount]:
        counts = {each.tag: each for each in self.all()}
        return [counts[tag] for tag in self._fans.get(fan_id).tags]

    def change(self, fan_ids: Sequence[UUID], add: Sequence[str], remove: Sequence[str]) -> int:
        wanted = {fan_id: self._with(fan_id, add, remove) for fan_id in fan_ids}
        if any(len(tags) > 100 for tags in wanted.values()):
            raise Conflict("A fan can have 100 tags, and one of these would have more.")
        return sum(self._set(fan_id, tags) for fan_id, tags in wanted.items())

    def rename(self, fan_ids: Sequence[UUID], old: str, new: str) -> int:
        return sum(self._set(fan_id, _renamed(self._fans.get(fan_id).tags, old, new)) for fan_id in fan_ids)

    def _with(self, fan_id: UUID, add: Sequence[str], remove: Sequence[str]) -> tuple[str, ...]:
        stay = [tag for tag in self._fans.get(fan_id).tags if tag not in remove]
        return tuple(dict.fromkeys([*stay, *add]))

    def _set(self, fan_id: UUID, tags: tuple[str, ...]) -> bool:
        changed = tags != self._fans.get(fan_id).tags
        if changed:
            self._fans.change(fan_id, {"tags": tags})
        return changed


def _renamed(tags: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    if new in tags:
        return tuple(tag for tag in tags if tag != old)
    return tuple(new if tag == old else tag for tag in tags)


class FakeNotes:
    """The notes of one workspace, in memory; everybody is called by their id."""

    def __init__(self) -> None:
        self._kept: dict[UUID, Note] = {}

    def newest(self, fan_id: UUID, after: Position | None, limit: int) -> Sequence[Note]:
        place = (datetime.fromisoformat(after.key), after.id) if after else (NEVER.replace(year=9999), UUID(int=0))
        ordered = sorted(self._kept.values(), key=lambda note: (note.created_at, note.id), reverse=True)
        return [note for note in ordered if note.fan_id == fan_id and (note.created_at, note.id) < place][:limit]

    def get_to_change(self, fan_id: UUID, note_id: UUID) -> Note:
        note = self._kept.get(note_id)
        if note is None or note.fan_id != fan_id:
            raise NotFound
        return note

    def add(self, note_id: UUID, fan_id: UUID, author_id: UUID, text: str, at: datetime) -> Note:
        self._kept[note_id] = Note(note_id, fan_id, author_id, str(author_id), text, at, at)
        return self._kept[note_id]

    def change(self, note_id: UUID, text: str) -> Note:
        if note_id not in self._kept:
            raise NotFound
        note = self._kept[note_id]
        self._kept[note_id] = replace(note, text=text, updated_at=note.updated_at + timedelta(microseconds=1))
        return self._kept[note_id]

    def delete(self, note_id: UUID) -> None:
        self._kept.pop(note_id, None)
