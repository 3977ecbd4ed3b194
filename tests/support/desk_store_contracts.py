"""What every keeper of what people have on their desk promises, the real one and the fake alike."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from huntaze.ai_config.model import AiConfig, AiPlatform, CustomResponse, ResponseLength, ResponseStyle, Tone
from huntaze.ai_config.service import AiConfigStore
from huntaze.attachments.model import Media, MediaType
from huntaze.composer.model import Content
from huntaze.composer.service import ComposerStore
from huntaze.errors import Conflict, NotFound
from huntaze.ids import new_id
from huntaze.presence.service import PresenceStore
from huntaze.profiles.model import Profile
from huntaze.profiles.service import ProfileStore
from huntaze.quick_replies.model import Filters, NewQuickReply, QuickReply
from huntaze.quick_replies.service import QuickReplyStore
from huntaze.templates import model as templates
from huntaze.templates.service import TemplateStore
from huntaze.wording.model import CategoryCount, Wording
from huntaze.workspaces.service import WorkspaceStore

MEDIA = Media("https://media.example.com/1", MediaType.IMAGE)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOSTILE = "</textarea><script>alert('x')</script> %s \\ 🎉 50%"


class QuickReplyStoreContract:
    """Subclasses give `replies`."""

    def _add(self, replies: QuickReplyStore, template: str = "Hi", category: str | None = None) -> QuickReply:
        return replies.add(NewQuickReply(template=Wording(template), category=category), new_id(), NOON)

    def test_one_comes_back_as_it_went_in(self, replies: QuickReplyStore) -> None:
        reply = self._add(replies, HOSTILE, "hello")
        assert (reply.template, reply.category, reply.usage_count, reply.created_at) == (HOSTILE, "hello", 0, NOON)
        assert replies.get(reply.id) == replies.get_to_change(reply.id) == reply
        assert list(replies.most_used(Filters(), None, 10)) == [reply]
        assert replies.count() == 1

    def test_pages_show_each_once_the_most_used_first(self, replies: QuickReplyStore) -> None:
        added = [self._add(replies, str(number)) for number in range(7)]
        for reply in (added[3], added[3], added[1]):
            replies.count_use(reply.id)
        seen: list[QuickReply] = []
        while page := replies.most_used(Filters(), seen[-1].position if seen else None, 3):
            seen += page
        expected = [added[3], added[1], *(added[number] for number in (6, 5, 4, 2, 0))]
        assert [reply.id for reply in seen] == [reply.id for reply in expected]

    def test_they_are_found_by_category_and_by_any_part(self, replies: QuickReplyStore) -> None:
        first, second = self._add(replies, "Good 100% NIGHT", "bye"), self._add(replies, "Hi", "Hello")
        self._add(replies, "Else")
        for filters, found in (
            (Filters(q="100% night"), [first]),
            (Filters(q="HELLO"), [second]),
            (Filters(q="_"), []),
            (Filters(category="bye"), [first]),
            (Filters(category="by"), []),
        ):
            assert list(replies.most_used(filters, None, 10)) == found, filters
        counts = [CategoryCount("Hello", 1), CategoryCount("bye", 1), CategoryCount(None, 1)]
        assert list(replies.categories()) == counts

    def test_a_change_is_a_later_version_and_a_use_is_none(self, replies: QuickReplyStore) -> None:
        reply = self._add(replies, category="hello")
        used = replies.count_use(reply.id)
        assert (used.usage_count, used.updated_at) == (1, reply.updated_at)
        changed = replies.change(reply.id, {"template": Wording("Hi {name}"), "category": None})
        assert (changed.template, changed.category, changed.usage_count) == ("Hi {name}", None, 1)
        assert changed.updated_at > reply.updated_at

    def test_what_is_deleted_is_gone_until_it_is_restored_or_forgotten(self, replies: QuickReplyStore) -> None:
        reply = self._add(replies)
        replies.delete(reply.id, NOON)
        for act in (replies.get, replies.count_use, lambda gone: replies.delete(gone, NOON)):
            with pytest.raises(NotFound):
                act(reply.id)
        assert (replies.count(), list(replies.categories())) == (0, [])
        with pytest.raises(NotFound):
            replies.restore(reply.id, NOON)
        assert replies.restore(reply.id, NOON - timedelta(seconds=1)).id == reply.id
        replies.delete(reply.id, NOON)
        replies.forget(NOON)
        with pytest.raises(NotFound):
            replies.restore(reply.id, NOON - timedelta(days=1))


class TemplateStoreContract:
    """Subclasses give `kept`."""

    def _new(self, name: str = "Welcome", **changes: object) -> templates.NewTemplate:
        about = {"text": Wording("Hi"), "category": None, "price_cents": 0, "currency": None, "attachments": ()}
        return templates.NewTemplate(name=name, **{**about, **changes})  # type: ignore[arg-type]  # see above

    def test_one_comes_back_as_it_went_in(self, kept: TemplateStore) -> None:
        new = self._new(text=Wording(HOSTILE), category="sale", price_cents=1_500, attachments=(MEDIA,))
        template = kept.add(new, new_id(), NOON)
        assert (template.text, template.category, template.attachments) == (HOSTILE, "sale", (MEDIA,))
        assert (template.price.cents, template.price.currency) == (1_500, "USD")
        assert kept.get(template.id) == kept.get_to_change(template.id) == template
        assert list(kept.most_used(templates.Filters(q="WELC", category="sale"), None, 10)) == [template]
        assert (kept.count(), list(kept.categories())) == (1, [CategoryCount("sale", 1)])

    def test_a_change_keeps_the_rest(self, kept: TemplateStore) -> None:
        template = kept.add(self._new(currency="EUR"), new_id(), NOON)
        changed = kept.change(template.id, {"price_cents": 5, "attachments": (MEDIA,)})
        assert (changed.price.cents, changed.price.currency, changed.text) == (5, "EUR", "Hi")
        assert changed.updated_at > template.updated_at
        assert kept.count_use(template.id).updated_at == changed.updated_at

    def test_a_deleted_name_is_free_and_comes_back_only_while_it_is(self, kept: TemplateStore) -> None:
        template = kept.add(self._new(), new_id(), NOON)
        kept.delete(template.id, NOON)
        assert kept.restore(template.id, NOON - timedelta(days=1)).name == "Welcome"
        kept.delete(template.id, NOON)
        kept.add(self._new("WELCOME"), new_id(), NOON)
        with pytest.raises(Conflict):
            kept.restore(template.id, NOON - timedelta(days=1))

    def test_a_name_that_is_taken_is_refused(self, kept: TemplateStore) -> None:
        kept.add(self._new(), new_id(), NOON)
        with pytest.raises(Conflict):
            kept.add(self._new("welcome"), new_id(), NOON)


class OwnStoresContract:
    """Subclasses give `profiles`, `ai_config`, `workspace` and `member_id`."""

    def test_a_profile_is_empty_then_saved_then_gone(self, profiles: ProfileStore, member_id: UUID) -> None:
        assert profiles.get(member_id) == profiles.get_to_change(member_id) == Profile()
        profile = Profile(display_name=HOSTILE, bio="x", timezone="Europe/Paris", niche="travel", goals=("rest",))
        saved = profiles.save(member_id, profile)
        assert (saved.display_name, saved.goals, saved.timezone) == (HOSTILE, ("rest",), "Europe/Paris")
        assert saved.updated_at is not None
        again = profiles.save(member_id, Profile(bio="y", updated_at=saved.updated_at))
        assert again.updated_at is not None
        assert again.updated_at > saved.updated_at
        assert profiles.get(member_id) == again
        assert (profiles.delete(member_id), profiles.delete(member_id)) == (True, False)
        assert profiles.get(member_id) == Profile()

    def test_every_value_of_the_model_is_kept(self, ai_config: AiConfigStore) -> None:
        assert ai_config.get() == AiConfig()
        for tone in Tone:
            assert ai_config.save(AiConfig(tone=tone)).tone is tone
        for style in ResponseStyle:
            assert ai_config.save(AiConfig(response_style=style)).response_style is style
        for length in ResponseLength:
            assert ai_config.save(AiConfig(response_length=length)).response_length is length
        whole = AiConfig(
            personality=HOSTILE,
            platforms=tuple(AiPlatform),
            custom_responses=(CustomResponse("when", HOSTILE),),
            pricing={"video": 2**60},
            enabled=True,
        )
        saved = ai_config.save(whole)
        assert ai_config.get_to_change() == saved
        assert (saved.platforms, saved.custom_responses, saved.pricing) == (
            whole.platforms,
            whole.custom_responses,
            whole.pricing,
        )
        assert (ai_config.delete(), ai_config.delete()) == (True, False)

    def test_the_workspace_is_changed_in_parts(self, workspace: WorkspaceStore) -> None:
        before = workspace.get()
        changed = workspace.change({"timezone": "Asia/Tokyo"})
        assert (changed.name, changed.timezone) == (before.name, "Asia/Tokyo")
        assert changed.updated_at > before.updated_at
        assert workspace.get_to_change() == changed


class ConversationStoresContract:
    """Subclasses give `composer`, `presence`, `conversation_id`, and `member_id` and `other_id`, called Nadia."""

    def test_what_is_written_is_kept_for_its_writer(
        self, composer: ComposerStore, conversation_id: UUID, member_id: UUID, other_id: UUID
    ) -> None:
        nothing = composer.get(conversation_id, member_id)
        assert (nothing.content, nothing.currency, nothing.updated_at) == (Content(), "USD", None)
        content = Content(text=HOSTILE, price_cents=5, attachments=(MEDIA,))
        first = composer.keep(conversation_id, member_id, content)
        assert composer.get(conversation_id, member_id) == first
        assert first.content == content
        assert composer.get(conversation_id, other_id) == nothing
        second = composer.keep(conversation_id, member_id, Content(text="x"))
        assert first.updated_at is not None
        assert second.updated_at is not None
        assert second.updated_at > first.updated_at
        composer.drop(conversation_id, member_id)
        assert composer.get(conversation_id, member_id) == nothing

    def test_in_no_conversation_nothing_is_kept(self, composer: ComposerStore, member_id: UUID) -> None:
        with pytest.raises(NotFound):
            composer.get(new_id(), member_id)
        with pytest.raises(NotFound):
            composer.keep(new_id(), member_id, Content())

    def test_who_is_there_is_told_until_they_leave_or_are_forgotten(
        self, presence: PresenceStore, conversation_id: UUID, member_id: UUID, other_id: UUID
    ) -> None:
        presence.arrive(conversation_id, other_id, NOON)
        presence.arrive(conversation_id, member_id, NOON)
        before = NOON - timedelta(seconds=1)
        (somebody,) = presence.others(conversation_id, member_id, before)
        assert (somebody.member_id, somebody.name, somebody.until) == (other_id, "Nadia", NOON)
        assert list(presence.others(conversation_id, member_id, NOON)) == []
        presence.leave(conversation_id, other_id)
        assert list(presence.others(conversation_id, member_id, before)) == []
        presence.forget(NOON)
        assert list(presence.others(conversation_id, other_id, before)) == []
        for act in (presence.leave, lambda nowhere, who: presence.arrive(nowhere, who, NOON)):
            with pytest.raises(NotFound):
                act(new_id(), member_id)

    def test_one_holds_until_it_ends_is_given_back_or_taken_over(
        self, presence: PresenceStore, conversation_id: UUID, member_id: UUID, other_id: UUID
    ) -> None:
        def holder(at: datetime) -> UUID | None:
            found = presence.answering(conversation_id, at)
            return found.member_id if found else None

        later = NOON + timedelta(seconds=60)
        presence.take(conversation_id, member_id, NOON, later, over=False)
        presence.take(conversation_id, other_id, NOON, later, over=False)
        assert (holder(NOON), holder(later)) == (member_id, None)
        presence.take(conversation_id, other_id, NOON, later, over=True)
        presence.release(conversation_id, member_id)
        assert holder(NOON) == other_id
        presence.take(conversation_id, member_id, later, later + timedelta(seconds=60), over=False)
        assert holder(later) == member_id
        presence.forget(later)
        assert holder(later) == member_id
        presence.release(conversation_id, member_id)
        assert holder(later) is None
