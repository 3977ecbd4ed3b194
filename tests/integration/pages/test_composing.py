"""Changing what waits, sending otherwise what was not sent, asking again, templates, and drafts that come back."""

from collections.abc import Callable
from uuid import UUID

import pytest

from huntaze.attachments.model import Media
from huntaze.members.model import Principal, Role
from huntaze.messages.model import Words
from huntaze.templates.model import NewTemplate
from huntaze.wording.model import Wording
from tests.integration.pages.conftest import Place
from tests.support.browser import Browser, Page
from tests.support.talks import Talks

INBOX = "/messages/onlyfans"
PICTURE = "https://media.example.com/set/1.jpg"

Said = Callable[[], list[tuple[object, ...]]]


@pytest.fixture
def said(place: Place) -> Said:
    return lambda: place.run("SELECT text, price_cents, status FROM messages WHERE direction = 'out' ORDER BY id")


def _typed(page: Page, conversation_id: UUID) -> dict[str, str]:
    form = page.form(f"{INBOX}/{conversation_id}/messages")
    return {name: form.value(name) for name in ("text", "price", "media", "message")}


def _editing(place: Place, conversation_id: UUID, message_id: UUID) -> Browser:
    browser = place.signed_in()
    page = browser.get(f"{INBOX}/{conversation_id}")
    assert f"edit={message_id}" in page.html
    browser.get(f"{INBOX}/{conversation_id}?edit={message_id}")
    return browser


@pytest.mark.parametrize("part", ["", "composer"], ids=["whole", "part"])
def test_a_message_that_waits_gets_other_words(place: Place, talks: Talks, zoe: UUID, said: Said, part: str) -> None:
    first, _ = talks.say(zoe, "Helo"), talks.say(zoe, "Second")
    browser = _editing(place, zoe, first)
    assert browser.last
    assert "You are changing a message that waits." in browser.last.text
    assert _typed(browser.last, zoe)["text"] == "Helo"
    media = {"price": "12", "media": PICTURE}
    page = browser.submit(f"{INBOX}/{zoe}/messages", element=part, text="Hello", **media)
    assert page.status == 200
    assert "changed and approved" in page.text
    assert said() == [("Hello", 1200, "queued"), ("Second", 0, "queued")]
    assert _typed(page, zoe) == {"text": "", "price": "", "media": "", "message": ""}
    assert page.text.rindex("Hello") < page.text.rindex("Second")


def test_the_field_is_what_htmx_asks_for_to_change_it(place: Place, talks: Talks, zoe: UUID) -> None:
    message_id = talks.say(zoe, "Helo")
    part = place.signed_in().part(f"{INBOX}/{zoe}?edit={message_id}", "composer")
    assert _typed(part, zoe)["message"] == str(message_id)
    assert "<html" not in part.html


def test_what_is_done_is_not_offered_again_by_a_reload(place: Place, talks: Talks, zoe: UUID) -> None:
    message_id = talks.say(zoe, "Helo")
    browser = _editing(place, zoe, message_id)
    assert browser.last
    fields = [*browser.last.form(f"{INBOX}/{zoe}/messages").fields, ("text", "Hello")]
    here = f"https://pages.example{INBOX}/{zoe}?lines=80&edit={message_id}"
    asking = {"hx_request_type": "partial", "hx_target": "section#composer", "hx_current_url": here}
    answer = browser.post(f"{INBOX}/{zoe}/messages", fields, **asking)
    assert answer.headers["HX-Replace-Url"] == f"{INBOX}/{zoe}?lines=80"


@pytest.mark.parametrize("part", ["", "composer"], ids=["whole", "part"])
def test_what_has_left_is_not_changed_and_what_was_typed_is_a_new_text(
    place: Place, talks: Talks, zoe: UUID, said: Said, part: str
) -> None:
    message_id = talks.say(zoe, "Helo")
    browser = _editing(place, zoe, message_id)
    talks.become(message_id, "sending")
    page = browser.submit(f"{INBOX}/{zoe}/messages", element=part, text="Hello")
    assert page.status == 409
    assert "had left already and stays as it was" in page.text
    assert said() == [("Helo", 0, "sending")]
    assert _typed(page, zoe) == {"text": "Hello", "price": "", "media": "", "message": ""}
    assert place.run("SELECT text FROM composer_drafts") == [("Hello",)]
    browser.submit(f"{INBOX}/{zoe}/messages")
    assert said() == [("Helo", 0, "sending"), ("Hello", 0, "queued")]


def test_what_was_typed_before_it_left_stands_behind_what_was_unsent(place: Place, talks: Talks, zoe: UUID) -> None:
    message_id = talks.say(zoe, "Helo")
    browser = place.signed_in()
    browser.get(f"{INBOX}/{zoe}")
    assert browser.last
    fields = browser.last.form(f"{INBOX}/{zoe}/messages").fields
    browser.post(f"{INBOX}/{zoe}/composer", [*fields, ("text", "By the way"), ("media", PICTURE)], follow=False)
    assert _typed(browser.get(f"{INBOX}/{zoe}?edit={message_id}"), zoe)["text"] == "Helo"
    talks.become(message_id, "sent")
    page = browser.submit(f"{INBOX}/{zoe}/messages", text="Hello")
    assert _typed(page, zoe) == {"text": "By the way\n\nHello", "price": "", "media": PICTURE, "message": ""}


def test_while_a_message_is_changed_nothing_else_is_kept(place: Place, ana: Principal, talks: Talks, zoe: UUID) -> None:
    message_id = talks.say(zoe, "Helo")
    browser = _editing(place, zoe, message_id)
    assert browser.last
    fields = browser.last.form(f"{INBOX}/{zoe}/messages").fields
    assert browser.post(f"{INBOX}/{zoe}/composer", [*fields, ("text", "Hell")], follow=False).status == 204
    assert place.parts.composer.of(ana, zoe).content.text == ""
    holder = place.parts.presence.holder(ana, zoe)
    assert holder
    assert holder.member_id == ana.member_id
    assert _typed(browser.get(f"{INBOX}/{zoe}"), zoe)["text"] == ""


def test_of_two_who_change_it_the_second_is_told_first(
    place: Place, ana: Principal, talks: Talks, zoe: UUID, said: Said
) -> None:
    message_id = talks.say(zoe, "Helo")
    browser = _editing(place, zoe, message_id)
    place.parts.rewording.reword(ana, message_id, Words(text="Theirs"))
    page = browser.submit(f"{INBOX}/{zoe}/messages", text="Mine")
    assert page.status == 409
    assert "Somebody has changed this message." in page.text
    assert said() == [("Theirs", 0, "queued")]
    assert _typed(page, zoe) == {"text": "Mine", "price": "", "media": "", "message": str(message_id)}
    browser.submit(f"{INBOX}/{zoe}/messages")
    assert said() == [("Mine", 0, "queued")]


def test_what_was_not_sent_leaves_once_with_other_words(place: Place, talks: Talks, zoe: UUID, said: Said) -> None:
    message_id = talks.say(zoe, "For you", price_cents=900, media=(Media(PICTURE),))
    talks.become(message_id, "failed", "price")
    place.run("UPDATE delivery_attempts SET outcome = 'refused', settled_at = now(), answered_at = now()")
    browser = _editing(place, zoe, message_id)
    assert browser.last
    assert "It leaves once, with these words." in browser.last.text
    assert _typed(browser.last, zoe) == {
        "text": "For you",
        "price": "9.00",
        "media": PICTURE,
        "message": str(message_id),
    }
    fields = [*browser.last.form(f"{INBOX}/{zoe}/messages").fields, ("price", "12")]
    for _ in range(2):  # a double click
        assert browser.post(f"{INBOX}/{zoe}/messages", fields).status == 200
    assert said() == [("For you", 1200, "queued")]


def test_what_may_have_arrived_offers_no_other_words(place: Place, talks: Talks, zoe: UUID) -> None:
    message_id = talks.say(zoe, "For you")
    talks.become(message_id, "failed", "price")  # nobody has said what became of the attempt
    page = place.signed_in().get(f"{INBOX}/{zoe}")
    assert "Send again" in page.text
    assert f"edit={message_id}" not in page.html
    talks.become(other := talks.say(zoe, "Another"), "sent")
    page = place.signed_in().get(f"{INBOX}/{zoe}?edit={other}")
    assert "cannot be changed any more" in page.text
    assert _typed(page, zoe)["message"] == ""


def test_a_message_is_changed_in_its_own_thread_only(place: Place, talks: Talks, zoe: UUID, said: Said) -> None:
    message_id, other = talks.say(zoe, "Helo"), talks.open("Max")
    browser = place.signed_in()
    assert _typed(browser.get(f"{INBOX}/{other}?edit={message_id}"), other)["message"] == ""
    page = browser.submit(f"{INBOX}/{other}/messages", text="Hello", message=str(message_id))
    assert page.status == 404
    assert said() == [("Helo", 0, "queued")]


def test_the_platform_is_asked_again_where_it_can_tell(place: Place, talks: Talks, zoe: UUID) -> None:
    message_id = talks.say(zoe, "Hello")
    talks.become(message_id, "unknown", "no_answer")
    browser = place.signed_in()
    check = f"{INBOX}/{zoe}/messages/{message_id}/check"
    assert check not in browser.get(f"{INBOX}/{zoe}").html
    place.run("UPDATE platform_connections SET capabilities = '{send,find}'")
    browser.get(f"{INBOX}/{zoe}")
    part = browser.submit(check, element="talk")
    assert "The platform is asked within a minute." in part.text
    assert "The platform is being asked." in part.text
    assert place.run("SELECT count(look_at) FROM delivery_attempts") == [(1,)]


def test_a_bridge_is_not_asked_what_became_of_a_message_that_another_was_given(
    place: Place, talks: Talks, zoe: UUID
) -> None:
    message_id = talks.say(zoe, "Hello")
    talks.become(message_id, "unknown", "no_answer")
    browser = place.signed_in()
    check = f"{INBOX}/{zoe}/messages/{message_id}/check"
    place.run("UPDATE platform_connections SET capabilities = '{send,find}'")
    assert check in browser.get(f"{INBOX}/{zoe}").html
    place.run("UPDATE platform_connections SET bridge_url = 'https://another.example'")
    page = browser.get(f"{INBOX}/{zoe}")
    assert check not in page.html
    assert check.replace("/check", "/resolution") in page.html, "a person decides"


def test_a_template_is_filled_in_with_price_and_media_and_counted_when_sent(
    place: Place, ana: Principal, zoe: UUID, said: Said
) -> None:
    new = NewTemplate(
        name="New set",
        text=Wording("A set for {name|love}"),
        category=None,
        price_cents=1200,
        currency=None,
        attachments=(Media(PICTURE),),
    )
    template = place.parts.templates.create(ana, new)
    browser = place.signed_in()
    page = browser.get(f"{INBOX}/{zoe}")
    assert "New set A set for Zoë $12.00 1 medium" in page.text
    page = browser.get(f"{INBOX}/{zoe}?template={template.id}")
    assert _typed(page, zoe) == {"text": "A set for Zoë", "price": "12.00", "media": PICTURE, "message": ""}
    assert "The fan sees: locked for $12.00." in page.text
    browser.submit(f"{INBOX}/{zoe}/messages")
    assert said() == [("A set for Zoë", 1200, "queued")]
    assert place.parts.templates.get(ana, template.id).usage_count == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"price": "12", "media": PICTURE}, "The fan sees: locked for $12.00."),
        ({"price": "12"}, "Locked for $12.00, but there is nothing to unlock yet"),
        ({"price": "1", "media": PICTURE}, "The platform takes $3.00 to $200.00."),
        ({"price": "0"}, "The fan sees it for free."),
        ({"price": "twelve"}, "Write an amount such as"),
        ({"media": PICTURE}, "media.example.com/…/1.jpg"),
    ],
)
def test_what_the_fan_will_see_is_told_while_it_is_typed(
    place: Place, zoe: UUID, typed: dict[str, str], words: str
) -> None:
    browser = place.signed_in()
    page = browser.get(f"{INBOX}/{zoe}")
    fields = [*page.form(f"{INBOX}/{zoe}/messages").fields, ("text", "Hi"), *typed.items()]
    asking = {"hx_request_type": "partial", "hx_target": "div#sight"}
    part = browser.post(f"{INBOX}/{zoe}/composer", fields, follow=False, **asking)
    assert part.status == 200
    assert words in part.text
    assert '<div id="sight">' in part.html


def test_a_dismissed_draft_comes_back(place: Place, ana: Principal, talks: Talks, zoe: UUID, said: Said) -> None:
    machine = place.member(ana.workspace_id, Role.MACHINE, "machine@example.com")
    draft = place.parts.drafts.write(machine, zoe, Words(text="A machine's words"))
    browser = place.signed_in()
    browser.get(f"{INBOX}/{zoe}")
    page = browser.submit(f"{INBOX}/{zoe}/drafts/{draft.id}/dismissal")
    assert "The draft was dismissed." in page.text
    assert "Draft by a machine" not in page.text
    assert place.parts.home.drafts(ana, 10).items == ()
    page = browser.submit(f"{INBOX}/{zoe}/drafts/{draft.id}/restoration")
    assert "The draft is back." in page.text
    assert "Draft by a machine, not sent" in page.text
    assert [one.id for one in place.parts.home.drafts(ana, 10).items] == [draft.id]
    browser.submit(f"{INBOX}/{zoe}/drafts/{draft.id}/approval")
    assert said() == [("A machine's words", 0, "queued")]
    assert talks


def test_in_french(place: Place, talks: Talks, zoe: UUID) -> None:
    message_id = talks.say(zoe, "Bonjour")
    page = place.signed_in(language="fr").get(f"{INBOX}/{zoe}?edit={message_id}")
    assert "Vous modifiez un message en attente." in page.text
