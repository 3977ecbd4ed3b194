"""The cases of what people have on their desk."""

from datetime import timedelta

from huntaze.ai_config.model import AiConfig, Tone
from huntaze.ai_config.store import PostgresAiConfig
from huntaze.composer.model import Content
from huntaze.composer.store import PostgresComposer
from huntaze.cursors import Position
from huntaze.presence.store import PostgresPresence
from huntaze.profiles.model import Profile
from huntaze.profiles.store import PostgresProfiles
from huntaze.quick_replies import model as quick_replies
from huntaze.quick_replies.store import PostgresQuickReplies
from huntaze.templates import model as templates
from huntaze.templates.store import PostgresTemplates
from huntaze.wording.model import CategoryCount, Wording
from huntaze.workspaces.model import NewWorkspace
from huntaze.workspaces.store import PostgresWorkspace
from tests.isolation.cases import NOON, World, case, is_absent

LONG_AGO, FAR_AHEAD = NOON - timedelta(days=9_999), NOON + timedelta(days=9_999)
HELD = "SELECT xmax = pg_current_xact_id()::xid AS held FROM workspaces WHERE id = %s"
REPLY = quick_replies.NewQuickReply(template=Wording("Ours"), category=None)
TEMPLATE = templates.NewTemplate(
    name="Only theirs", text=Wording("Ours"), category=None, price_cents=0, currency=None, attachments=()
)


def _replies(world: World) -> PostgresQuickReplies:
    return PostgresQuickReplies(world.connection, world.ours.id)


def _templates(world: World) -> PostgresTemplates:
    return PostgresTemplates(world.connection, world.ours.id)


def _profiles(world: World) -> PostgresProfiles:
    return PostgresProfiles(world.connection, world.ours.id)


def _ai_config(world: World) -> PostgresAiConfig:
    return PostgresAiConfig(world.connection, world.ours.id)


def _composer(world: World) -> PostgresComposer:
    return PostgresComposer(world.connection, world.ours.id)


def _presence(world: World) -> PostgresPresence:
    return PostgresPresence(world.connection, world.ours.id)


@case("PostgresQuickReplies.most_used")
def our_quick_replies_are_listed_only(world: World) -> None:
    for filters in (quick_replies.Filters(), quick_replies.Filters(q="hi")):
        found = _replies(world).most_used(filters, Position("9", world.theirs.of("quick reply")), 100)
        assert [reply.id for reply in found] == [world.ours.of("quick reply")]


@case("PostgresQuickReplies.categories")
def our_categories_are_counted_only(world: World) -> None:
    assert _replies(world).categories() == [CategoryCount(None, 1)]


@case("PostgresQuickReplies.count")
def our_quick_replies_are_counted_only(world: World) -> None:
    assert _replies(world).count() == 1


@case("PostgresQuickReplies.get")
def their_quick_reply_is_not_found(world: World) -> None:
    assert _replies(world).get(world.ours.of("quick reply")).template == "Hi {name|there}"
    assert is_absent(lambda: _replies(world).get(world.theirs.of("quick reply")))


@case("PostgresQuickReplies.get_to_change")
def their_quick_reply_is_not_found_to_be_changed(world: World) -> None:
    assert is_absent(lambda: _replies(world).get_to_change(world.theirs.of("quick reply")))


@case("PostgresQuickReplies.add")
def a_quick_reply_with_an_id_of_theirs_is_ours(world: World) -> None:
    assert _replies(world).add(REPLY, world.theirs.of("quick reply"), NOON).template == "Ours"


@case("PostgresQuickReplies.change")
def their_quick_reply_is_not_changed(world: World) -> None:
    assert is_absent(lambda: _replies(world).change(world.theirs.of("quick reply"), {"category": "ours"}))


@case("PostgresQuickReplies.delete")
def their_quick_reply_is_not_deleted(world: World) -> None:
    assert is_absent(lambda: _replies(world).delete(world.theirs.of("quick reply"), NOON))


@case("PostgresQuickReplies.restore")
def their_deleted_quick_reply_is_not_restored(world: World) -> None:
    assert is_absent(lambda: _replies(world).restore(world.theirs.of("deleted quick reply"), LONG_AGO))


@case("PostgresQuickReplies.forget")
def their_deleted_quick_replies_are_not_forgotten(world: World) -> None:
    _replies(world).forget(FAR_AHEAD)


@case("PostgresQuickReplies.count_use")
def no_use_of_theirs_is_counted(world: World) -> None:
    assert is_absent(lambda: _replies(world).count_use(world.theirs.of("quick reply")))


@case("PostgresTemplates.most_used")
def our_templates_are_listed_only(world: World) -> None:
    for filters in (templates.Filters(), templates.Filters(q="hi")):
        found = _templates(world).most_used(filters, Position("9", world.theirs.of("template")), 100)
        assert [template.id for template in found] == [world.ours.of("template")]


@case("PostgresTemplates.categories")
def our_categories_of_templates_are_counted_only(world: World) -> None:
    assert _templates(world).categories() == [CategoryCount(None, 1)]


@case("PostgresTemplates.count")
def our_templates_are_counted_only(world: World) -> None:
    assert _templates(world).count() == 1


@case("PostgresTemplates.get")
def their_template_is_not_found(world: World) -> None:
    assert _templates(world).get(world.ours.of("template")).name == "Welcome"
    assert is_absent(lambda: _templates(world).get(world.theirs.of("template")))


@case("PostgresTemplates.get_to_change")
def their_template_is_not_found_to_be_changed(world: World) -> None:
    assert is_absent(lambda: _templates(world).get_to_change(world.theirs.of("template")))


@case("PostgresTemplates.add")
def a_name_and_an_id_of_theirs_are_free_in_ours_and_the_currency_is_ours(world: World) -> None:
    added = _templates(world).add(TEMPLATE, world.theirs.of("template"), NOON)
    assert (added.name, added.price.currency) == ("Only theirs", "USD")


@case("PostgresTemplates.change")
def their_template_is_not_changed(world: World) -> None:
    assert is_absent(lambda: _templates(world).change(world.theirs.of("template"), {"category": "ours"}))


@case("PostgresTemplates.delete")
def their_template_is_not_deleted(world: World) -> None:
    assert is_absent(lambda: _templates(world).delete(world.theirs.of("template"), NOON))


@case("PostgresTemplates.restore")
def their_deleted_template_is_not_restored(world: World) -> None:
    assert is_absent(lambda: _templates(world).restore(world.theirs.of("deleted template"), LONG_AGO))


@case("PostgresTemplates.forget")
def their_deleted_templates_are_not_forgotten(world: World) -> None:
    _templates(world).forget(FAR_AHEAD)


@case("PostgresTemplates.count_use")
def no_use_of_their_template_is_counted(world: World) -> None:
    assert is_absent(lambda: _templates(world).count_use(world.theirs.of("template")))


@case("PostgresProfiles.get")
def their_profile_is_not_told(world: World) -> None:
    assert _profiles(world).get(world.theirs.of("owner")) == Profile()
    assert _profiles(world).get(world.ours.of("owner")).goals == ("more time",)


@case("PostgresProfiles.get_to_change")
def their_profile_is_not_told_to_be_changed(world: World) -> None:
    assert is_absent(lambda: _profiles(world).get_to_change(world.theirs.of("owner")))
    assert _profiles(world).get_to_change(world.ours.of("owner")).goals == ("more time",)


@case("PostgresProfiles.save")
def our_profile_is_saved_and_theirs_stays(world: World) -> None:
    assert _profiles(world).save(world.ours.of("owner"), Profile(bio="Ours")).bio == "Ours"


@case("PostgresProfiles.delete")
def their_profile_is_not_deleted(world: World) -> None:
    assert not _profiles(world).delete(world.theirs.of("owner"))


@case("PostgresProfiles.creator_name")
def their_creator_is_not_ours(world: World) -> None:
    assert _profiles(world).creator_name() == "A creator"


@case("PostgresWorkspace.add")
def founding_ours_again_changes_nothing_of_anybody(world: World) -> None:
    new = NewWorkspace(name="Again", timezone="UTC", currency="USD", owner_email="owner@example.com")
    assert not PostgresWorkspace(world.connection, world.ours.id).add(new)


@case("PostgresWorkspace.get")
def our_workspace_is_told(world: World) -> None:
    workspace = PostgresWorkspace(world.connection, world.ours.id).get()
    assert (workspace.id, workspace.currency) == (world.ours.id, "USD")


@case("PostgresWorkspace.get_to_change")
def our_workspace_is_told_to_be_changed(world: World) -> None:
    assert PostgresWorkspace(world.connection, world.ours.id).get_to_change().id == world.ours.id


@case("PostgresWorkspace.change")
def our_workspace_is_changed_only(world: World) -> None:
    assert PostgresWorkspace(world.connection, world.ours.id).change({"name": "Ours"}).name == "Ours"


@case("PostgresAiConfig.get")
def our_configuration_is_told(world: World) -> None:
    assert _ai_config(world).get().tone == Tone.FRIENDLY


@case("PostgresAiConfig.get_to_change")
def our_configuration_is_told_to_be_changed(world: World) -> None:
    assert _ai_config(world).get_to_change().tone == Tone.FRIENDLY
    held = world.connection.execute(HELD, [world.theirs.id]).fetchall()
    assert held in ([], [{"held": False}]), "their workspace is not held from them"


@case("PostgresAiConfig.save")
def our_configuration_is_saved_and_theirs_stays(world: World) -> None:
    assert _ai_config(world).save(AiConfig(enabled=True)).enabled


@case("PostgresAiConfig.delete")
def our_configuration_is_deleted_only(world: World) -> None:
    assert _ai_config(world).delete()


@case("PostgresComposer.get")
def what_they_write_is_not_told(world: World) -> None:
    ours, theirs = world.ours.of("conversation"), world.theirs.of("conversation")
    assert _composer(world).get(ours, world.ours.of("chatter")).content.text == "Hello, I was just"
    assert is_absent(lambda: _composer(world).get(theirs, world.theirs.of("chatter")))


@case("PostgresComposer.keep")
def nothing_is_written_in_their_conversation(world: World) -> None:
    theirs = world.theirs.of("conversation")
    assert is_absent(lambda: _composer(world).keep(theirs, world.theirs.of("chatter"), Content(text="Ours")))


@case("PostgresComposer.drop")
def what_they_write_is_not_dropped(world: World) -> None:
    _composer(world).drop(world.theirs.of("conversation"), world.theirs.of("chatter"))


@case("PostgresPresence.arrive")
def nobody_arrives_in_their_conversation(world: World) -> None:
    theirs = world.theirs.of("conversation")
    assert is_absent(lambda: _presence(world).arrive(theirs, world.theirs.of("chatter"), FAR_AHEAD))


@case("PostgresPresence.take")
def taking_ours_takes_nothing_of_theirs(world: World) -> None:
    ours = world.ours.of("conversation")
    _presence(world).take(ours, world.ours.of("owner"), NOON, FAR_AHEAD, over=True)
    holder = _presence(world).answering(ours, NOON)
    assert holder is not None
    assert holder.member_id == world.ours.of("owner")


@case("PostgresPresence.release")
def theirs_is_not_released(world: World) -> None:
    _presence(world).release(world.theirs.of("conversation"), world.theirs.of("chatter"))


@case("PostgresPresence.leave")
def nobody_leaves_their_conversation(world: World) -> None:
    assert is_absent(lambda: _presence(world).leave(world.theirs.of("conversation"), world.theirs.of("chatter")))


@case("PostgresPresence.others")
def who_is_in_their_conversation_is_not_told(world: World) -> None:
    ours, theirs = world.ours.of("conversation"), world.theirs.of("conversation")
    assert _presence(world).others(theirs, world.ours.of("owner"), LONG_AGO) == []
    (somebody,) = _presence(world).others(ours, world.ours.of("owner"), LONG_AGO)
    assert somebody.member_id == world.ours.of("chatter")


@case("PostgresPresence.answering")
def who_answers_their_conversation_is_not_told(world: World) -> None:
    assert _presence(world).answering(world.theirs.of("conversation"), LONG_AGO) is None
    assert _presence(world).answering(world.ours.of("conversation"), LONG_AGO) is not None


@case("PostgresPresence.forget")
def what_ended_of_theirs_is_not_forgotten(world: World) -> None:
    _presence(world).forget(FAR_AHEAD)
