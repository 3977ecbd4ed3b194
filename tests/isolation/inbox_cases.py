"""The cases of conversations, messages and drafts."""

from datetime import timedelta
from hashlib import md5
from uuid import UUID

from psycopg.errors import ForeignKeyViolation

from huntaze.conversations.model import Filters as Asked
from huntaze.conversations.model import Unread
from huntaze.conversations.store import PostgresConversations
from huntaze.cursors import Position
from huntaze.drafts.model import Writing
from huntaze.drafts.store import PostgresDrafts
from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.messages.model import Content, Filters, Outgoing, Status, Told
from huntaze.messages.store import PostgresMessages
from huntaze.money import Money
from huntaze.presence.store import PostgresPresence
from huntaze.threads.model import Onlooker, Pulse, Window
from huntaze.threads.store import PostgresThreads
from tests.isolation.cases import NOON, World, add_twin, case, is_absent
from tests.support.people import new_fan
from tests.support.workspaces import Workspace

WORDS = Content("Ours", Money(0, "USD"), ())
WRITING = Writing(WORDS, None, None)
LAST = Position("infinity", UUID(int=2**128 - 1))


def _conversations(world: World) -> PostgresConversations:
    return PostgresConversations(world.connection, world.ours.id)


def _messages(world: World) -> PostgresMessages:
    return PostgresMessages(world.connection, world.ours.id)


def _drafts(world: World) -> PostgresDrafts:
    return PostgresDrafts(world.connection, world.ours.id)


def _twin_conversation(world: World) -> UUID:
    """A conversation of ours whose id is also that of one of theirs, with a fan of whom the same is true."""
    assert _conversations(world).open(_id_of_theirs(world), add_twin(world).id, Platform.ONLYFANS, NOON)
    return _id_of_theirs(world)


def _id_of_theirs(world: World) -> UUID:
    return world.theirs.of("conversation")


def _told(conversation_id: UUID) -> Told:
    return Told(conversation_id=conversation_id, platform_message_id="message-1", content=WORDS, occurred_at=NOON)


def _outgoing(workspace: Workspace, conversation_id: UUID, fan_id: UUID) -> Outgoing:
    return Outgoing(conversation_id=conversation_id, fan_id=fan_id, account_id=workspace.of("account"), content=WORDS)


@case("PostgresConversations.matching")
def the_inbox_shows_our_conversations_only(world: World) -> None:
    plain = (Asked(), Asked(platform=Platform.ONLYFANS), Asked(unread=True), Asked(unanswered=True))
    for asked in (
        *plain,
        Asked(q="rob"),
        Asked(tag="vip"),
        Asked(min_value_cents=0),
        Asked(tag="vip", unanswered=True),
    ):
        found = _conversations(world).matching(asked, None, 100)
        assert [each.id for each in found] == [world.ours.of("conversation")]
    after_theirs = _conversations(world).matching(Asked(), Position("infinity", _id_of_theirs(world)), 100)
    assert [each.id for each in after_theirs] == [world.ours.of("conversation")]


@case("PostgresConversations.matching")
def of_two_conversations_with_one_id_ours_is_listed(world: World) -> None:
    twin = _twin_conversation(world)
    found = _conversations(world).matching(Asked(q="only ours"), None, 100)
    assert [(each.id, each.fan_name, each.last_message) for each in found] == [(twin, "Only ours", None)]


@case("PostgresConversations.get")
def their_conversation_is_not_found(world: World) -> None:
    assert _conversations(world).get(world.ours.of("conversation")).fan_name == "Robin"
    assert is_absent(lambda: _conversations(world).get(_id_of_theirs(world)))


@case("PostgresConversations.get_to_change")
def their_conversation_is_not_found_to_be_changed_either(world: World) -> None:
    twin = _twin_conversation(world)
    assert _conversations(world).get_to_change(twin).fan_name == "Only ours"
    assert is_absent(lambda: _conversations(world).get_to_change(new_id()))


@case("PostgresConversations.lock")
def their_conversation_is_not_locked(world: World) -> None:
    assert _conversations(world).lock(world.ours.of("conversation")) == world.ours.of("fan")
    assert is_absent(lambda: _conversations(world).lock(_id_of_theirs(world)))


@case("PostgresConversations.open")
def a_conversation_with_ids_of_theirs_is_ours(world: World) -> None:
    twin = add_twin(world)
    for is_new in (True, False):
        assert _conversations(world).open(new_id(), twin.id, Platform.ONLYFANS, NOON) is is_new


@case("PostgresConversations.of_fan")
def with_their_fan_there_is_no_conversation(world: World) -> None:
    conversation = _conversations(world).of_fan(world.ours.of("fan"), Platform.ONLYFANS)
    assert conversation.id == world.ours.of("conversation")
    assert is_absent(lambda: _conversations(world).of_fan(world.theirs.of("fan"), Platform.ONLYFANS))


@case("PostgresConversations.archive")
def their_conversation_is_not_archived(world: World) -> None:
    _conversations(world).archive(_id_of_theirs(world), archived=True)


@case("PostgresConversations.heard")
def nothing_is_heard_in_their_conversation(world: World) -> None:
    _conversations(world).heard(_id_of_theirs(world), NOON)


@case("PostgresConversations.said")
def nothing_is_said_in_their_conversation(world: World) -> None:
    _conversations(world).said(_id_of_theirs(world), NOON)


@case("PostgresConversations.unsaid")
def nothing_is_taken_back_in_their_conversation(world: World) -> None:
    _conversations(world).unsaid(_id_of_theirs(world))


@case("PostgresConversations.read")
def nothing_is_read_in_their_conversation(world: World) -> None:
    _conversations(world).read(_id_of_theirs(world), 1)


@case("PostgresConversations.unread")
def only_what_is_unread_in_ours_counts(world: World) -> None:
    assert _conversations(world).unread() == Unread(1, 1)


@case("PostgresMessages.matching")
def our_messages_are_listed_only(world: World) -> None:
    ours = {world.ours.of("question"), world.ours.of("draft message")}
    assert {each.id for each in _messages(world).matching(Filters(), LAST, 100)} == ours
    assert _messages(world).matching(Filters(_id_of_theirs(world)), None, 100) == []
    assert _messages(world).matching(Filters(fan_id=world.theirs.of("fan")), None, 100) == []
    drafts = _messages(world).matching(Filters(status=Status.DRAFT), None, 100)
    assert [each.id for each in drafts] == [world.ours.of("draft message")]


@case("PostgresMessages.get")
def their_message_is_not_found(world: World) -> None:
    assert _messages(world).get(world.ours.of("question")).content.text == "Hi?"
    assert is_absent(lambda: _messages(world).get(world.theirs.of("question")))


@case("PostgresMessages.account")
def their_account_is_not_ours_to_use(world: World) -> None:
    account = _messages(world).account(Platform.ONLYFANS)
    assert account is not None
    assert account.id == world.ours.of("account")
    assert _messages(world).account(Platform.FANSLY) is None  # theirs alone has one


@case("PostgresMessages.queue")
def a_message_with_an_id_of_theirs_is_ours(world: World) -> None:
    new = _outgoing(world.ours, world.ours.of("conversation"), world.ours.of("fan"))
    queued = _messages(world).queue(world.theirs.of("question"), new, world.ours.of("owner"), NOON)
    assert queued.content == WORDS


@case("PostgresMessages.receive")
def what_is_known_to_them_is_news_to_us(world: World) -> None:
    twin = _twin_conversation(world)
    for is_news in (True, False):
        assert _messages(world).receive(new_id(), world.theirs.of("fan"), _told(twin)) is is_news


@case("PostgresMessages.note_sent_elsewhere")
def what_was_sent_elsewhere_is_kept_in_ours(world: World) -> None:
    twin = _twin_conversation(world)
    for is_news in (True, False):
        assert _messages(world).note_sent_elsewhere(new_id(), world.theirs.of("fan"), _told(twin)) is is_news


@case("PostgresMessages.mark_all_read")
def their_messages_stay_unread(world: World) -> None:
    assert _messages(world).mark_all_read(_id_of_theirs(world)) == 0
    assert _messages(world).mark_all_read(world.ours.of("conversation")) == 1


@case("PostgresMessages.mark_read")
def their_message_stays_unread(world: World) -> None:
    assert _messages(world).mark_read(world.theirs.of("question")) == 0
    assert _messages(world).mark_read(world.ours.of("question")) == 1


@case("PostgresDrafts.newest")
def our_drafts_are_listed_only(world: World) -> None:
    for conversation_id in (None, world.ours.of("conversation")):
        assert [draft.id for draft in _drafts(world).newest(conversation_id, None, 100)] == [world.ours.of("draft")]
    assert _drafts(world).newest(_id_of_theirs(world), None, 100) == []


@case("PostgresDrafts.get")
def their_draft_is_not_found(world: World) -> None:
    assert _drafts(world).get(world.ours.of("draft")).content.text == "Hello you"
    assert is_absent(lambda: _drafts(world).get(world.theirs.of("draft")))


@case("PostgresDrafts.get_to_change")
def their_draft_is_not_found_to_be_changed_either(world: World) -> None:
    assert is_absent(lambda: _drafts(world).get_to_change(world.theirs.of("draft")))


@case("PostgresDrafts.add")
def a_draft_with_an_id_of_theirs_is_ours(world: World) -> None:
    conversation = _conversations(world).get(world.ours.of("conversation"))
    draft = _drafts(world).add(world.theirs.of("draft"), conversation, world.ours.of("chatter"), WRITING, NOON)
    assert draft.content == WORDS


@case("PostgresDrafts.change")
def their_draft_is_not_changed(world: World) -> None:
    assert is_absent(lambda: _drafts(world).change(world.theirs.of("draft"), WRITING))


@case("PostgresDrafts.delete")
def their_draft_is_not_deleted(world: World) -> None:
    _drafts(world).delete(world.theirs.of("draft"))


@case("PostgresDrafts.dismiss")
def their_draft_is_not_dismissed(world: World) -> None:
    _drafts(world).dismiss(world.theirs.of("draft"), NOON)


@case("PostgresDrafts.restore")
def their_dismissed_draft_is_not_restored(world: World) -> None:
    long_ago = NOON - timedelta(days=10_000)
    assert is_absent(lambda: _drafts(world).restore(world.theirs.of("a dismissed draft"), long_ago))


@case("PostgresDrafts.forget")
def their_dismissed_drafts_are_not_forgotten(world: World) -> None:
    _drafts(world).forget(NOON + timedelta(days=10_000))


@case("PostgresFans.note_message")
def their_fan_heard_nothing(world: World) -> None:
    world.fans.note_message(world.theirs.of("fan"), NOON + timedelta(days=9_999))


@case("PostgresThreads.asides")
def nothing_is_told_beside_their_messages(world: World) -> None:
    ours, theirs = world.ours.of("question"), world.theirs.of("question")
    found = PostgresThreads(world.connection, world.ours.id).asides([ours, theirs])
    assert set(found) == {ours}


@case("PostgresThreads.pulse")
def what_happens_elsewhere_is_no_news_here(world: World) -> None:
    threads, nobody = PostgresThreads(world.connection, world.ours.id), Onlooker(new_id())
    empty = threads.pulse(Window(conversation_id=new_id(), lines=40), nobody, NOON)
    assert threads.pulse(Window(conversation_id=_id_of_theirs(world), lines=40), nobody, NOON) == empty
    assert threads.pulse(Window(conversation_id=world.ours.of("conversation"), lines=40), nobody, NOON) != empty


@case("PostgresThreads.pulse")
def who_looks_at_their_conversation_is_not_there(world: World) -> None:
    threads, ours = PostgresThreads(world.connection, world.ours.id), world.ours.of("owner")
    threads.pulse(Window(conversation_id=_id_of_theirs(world)), Onlooker(ours, NOON + timedelta(days=1)), NOON)
    presence = PostgresPresence(world.connection, world.ours.id)
    assert presence.others(_id_of_theirs(world), new_id(), NOON - timedelta(days=9_999)) == []


@case("PostgresThreads.pulse")
def who_is_at_a_conversation_of_theirs_with_our_id_is_no_company(world: World) -> None:
    window = Window(conversation_id=_twin_conversation(world))
    long_ago = NOON - timedelta(days=9_999)
    threads = PostgresThreads(world.connection, world.ours.id)
    before = threads.pulse(window, Onlooker(new_id()), long_ago)
    assert threads.pulse(window, Onlooker(world.ours.of("owner")), long_ago) == before
    threads.pulse(window, Onlooker(world.ours.of("chatter"), NOON), long_ago)
    assert threads.pulse(window, Onlooker(world.ours.of("owner")), long_ago) != before


@case("PostgresThreads.pulse")
def who_was_noted_at_theirs_a_moment_ago_is_not_noted_at_ours(world: World) -> None:
    window = Window(conversation_id=_twin_conversation(world))
    onlooker = Onlooker(world.theirs.of("chatter"), NOON - timedelta(days=9_999))
    threads, was_tried = PostgresThreads(world.connection, world.ours.id), False
    try:
        with world.connection.transaction():
            threads.pulse(window, onlooker, NOON)
    except ForeignKeyViolation:  # we have no such member
        was_tried = True
    assert was_tried


@case("PostgresThreads.pulse")
def of_two_fans_with_one_id_ours_is_told_of_alone(world: World) -> None:
    threads, other, nobody = PostgresThreads(world.connection, world.ours.id), new_id(), Onlooker(new_id())
    alike = world.fans.add(new_fan(name="Only ours", platform_id="alike"), new_id(), NOON)
    assert _conversations(world).open(other, alike.id, Platform.ONLYFANS, NOON)
    told = [threads.pulse(Window(conversation_id=each), nobody, NOON) for each in (_twin_conversation(world), other)]
    assert told[0].about == told[1].about != ""


@case("PostgresThreads.pulse")
def a_narrowed_list_beats_with_ours_only(world: World) -> None:
    threads, nobody = PostgresThreads(world.connection, world.ours.id), Onlooker(new_id())
    ours = {
        threads.pulse(Window(asked, rows=40), nobody, NOON) for asked in (Asked(q="rob"), Asked(tag="vip"), Asked())
    }
    assert len(ours) == 1  # the same one conversation
    assert threads.pulse(Window(Asked(q="nobody"), rows=40), nobody, NOON) not in ours


@case("PostgresThreads.pulse")
def where_nothing_is_left_there_are_no_news(world: World) -> None:
    _conversations(world).archive(world.ours.of("conversation"), archived=True)
    window = Window(conversation_id=_id_of_theirs(world), lines=40)
    pulse = PostgresThreads(world.connection, world.ours.id).pulse(
        window, Onlooker(new_id()), NOON - timedelta(days=10_000)
    )
    assert pulse == Pulse(md5(b"", usedforsecurity=False).hexdigest(), something_waits=False)
