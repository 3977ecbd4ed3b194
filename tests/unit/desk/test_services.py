"""The rules of what people have on their desk."""

from datetime import timedelta
from uuid import UUID

import pytest

from huntaze import zones
from huntaze.ai_config.model import ResponseLength, Tone
from huntaze.ai_config.service import AiConfigs
from huntaze.attachments.model import Media
from huntaze.clock import FixedClock
from huntaze.composer.model import Content
from huntaze.composer.service import Composer
from huntaze.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from huntaze.ids import new_id
from huntaze.presets.model import for_niche, niches, presets, tones
from huntaze.profiles.service import Profiles
from huntaze.quick_replies import service as quick_replies
from huntaze.quick_replies.model import NewQuickReply
from huntaze.quick_replies.service import QuickReplies
from huntaze.templates.model import NewTemplate
from huntaze.templates.service import Templates
from huntaze.versions import etag
from huntaze.wording.model import Wording
from huntaze.workspaces.service import Workspaces
from tests.support.fakes import FakeDatabase, FakeStores
from tests.unit.desk.people import ANALYST, CHATTER, MACHINE, MANAGER, OTHER, OWNER

REPLY = NewQuickReply(template=Wording("Hi {name|there}"), category="hello")
TEMPLATE = NewTemplate(name="Welcome", text=Wording("Hi"), category=None, price_cents=0, currency=None, attachments=())


def test_a_deleted_text_is_restored_within_thirty_days(
    database: FakeDatabase, stores: FakeStores, clock: FixedClock
) -> None:
    replies = QuickReplies(database.in_workspace, clock, new_id)
    first, second = (replies.create(CHATTER, REPLY) for _ in range(2))
    replies.delete(CHATTER, first.id)
    clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert replies.restore(CHATTER, first.id).id == first.id
    replies.delete(CHATTER, first.id)
    clock.advance(timedelta(days=30))
    with pytest.raises(NotFound):
        replies.restore(CHATTER, first.id)
    replies.delete(CHATTER, second.id)
    assert list(stores.quick_replies.deleted) == [second.id], "what can be restored no more is forgotten"


def test_a_workspace_has_a_number_of_texts_that_can_be_searched(
    database: FakeDatabase, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick_replies, "MOST", 2)
    replies = QuickReplies(database.in_workspace, clock, new_id)
    for _ in range(2):
        replies.create(OWNER, REPLY)
    with pytest.raises(Conflict):
        replies.create(OWNER, REPLY)


def test_a_name_that_was_given_away_keeps_its_template_from_coming_back(
    database: FakeDatabase, clock: FixedClock
) -> None:
    templates = Templates(database.in_workspace, clock, new_id)
    first = templates.create(OWNER, TEMPLATE)
    templates.delete(OWNER, first.id)
    templates.create(OWNER, TEMPLATE)
    with pytest.raises(Conflict):
        templates.restore(OWNER, first.id)


def test_a_template_never_says_nothing(database: FakeDatabase, clock: FixedClock) -> None:
    templates = Templates(database.in_workspace, clock, new_id)
    template = templates.create(OWNER, TEMPLATE)
    with pytest.raises(Invalid):
        templates.update(OWNER, template.id, {"text": Wording(" ")})
    attached = templates.update(
        OWNER, template.id, {"text": Wording(""), "attachments": (Media("https://media.example.com/1"),)}
    )
    with pytest.raises(Invalid):
        templates.update(OWNER, template.id, {"attachments": ()}, etag(attached))


def test_a_first_version_is_written_once(database: FakeDatabase, stores: FakeStores) -> None:
    profiles, configs = Profiles(database.in_workspace), AiConfigs(database.in_workspace)
    nobodys = etag(profiles.of(ANALYST))
    profiles.update(ANALYST, {"bio": "Mine"}, nobodys)
    configs.update(MANAGER, {"tone": Tone.CASUAL}, nobodys)
    for again in (
        lambda: profiles.update(ANALYST, {"bio": "Yours"}, nobodys),
        lambda: configs.update(OWNER, {"response_length": ResponseLength.LONG}, nobodys),
    ):
        with pytest.raises(Stale):
            again()
    assert profiles.of(CHATTER).bio is None, "everybody has their own"
    assert stores.audit.actions == ["profile.changed", "ai_config.changed"]


def test_what_is_not_there_is_deleted_without_a_word(database: FakeDatabase, stores: FakeStores) -> None:
    Profiles(database.in_workspace).delete(OWNER)
    AiConfigs(database.in_workspace).delete(OWNER)
    assert stores.audit.entries == []


def test_only_who_may_configure_changes_the_workspace(database: FakeDatabase) -> None:
    workspaces = Workspaces(database.in_workspace)
    assert workspaces.update(MANAGER, {"name": "Sol"}).name == workspaces.of(ANALYST).name == "Sol"
    for who in (CHATTER, ANALYST, MACHINE):
        with pytest.raises(Forbidden):
            workspaces.update(who, {"name": "Mine"})


def test_what_somebody_writes_is_theirs_alone(
    database: FakeDatabase, stores: FakeStores, conversation_id: UUID
) -> None:
    composer = Composer(database.in_workspace)
    composer.keep(CHATTER, conversation_id, Content(text="Hello, I"))
    assert composer.of(OTHER, conversation_id).content == Content()
    composer.drop(OTHER, conversation_id)
    assert composer.of(CHATTER, conversation_id).content.text == "Hello, I"
    assert stores.audit.entries == []


def test_the_presets_are_read_whole_and_give_the_tones() -> None:
    assert len(presets()) == len(niches()) == 11
    assert set(tones()) == set(Tone)
    travel = for_niche("travel")
    assert travel is not None
    assert (travel.tone, travel.subscription_cents, travel.ppv_bands_cents[0]) == ("casual", 999, (500, 1200))
    assert for_niche(None) is None


def test_a_zone_is_known_or_not() -> None:
    assert all(map(zones.is_known, ("UTC", "Europe/Paris", "US/Pacific")))
    assert not any(map(zones.is_known, ("", "posix/UTC", "Mars/Base", "localtime", "../etc/passwd")))
    assert zones.names()[0] == "UTC"
    assert "US/Pacific" not in zones.names(), "an old name is understood, and not offered"
