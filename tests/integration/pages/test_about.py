"""About the fan beside their thread: what is shown, what is changed there, and what news do to it."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from tests.integration.pages.conftest import Place
from tests.support.browser import Browser, Page
from tests.support.talks import Talks

INBOX = "/messages/onlyfans"
OFFER = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, account_id, direction, status, sent_elsewhere, text, price_cents,
    currency, attachments, platform_message_id, occurred_at, sent_at
)
SELECT workspace_id, %s, id, fan_id, %s, 'out', 'sent', true, %s, 900, 'USD',
    '[{"url": "https://media.example.com/1.jpg"}]', %s, now(), now()
FROM conversations WHERE id = %s
"""
PAY = """
INSERT INTO transactions (
    workspace_id, id, fan_id, platform, platform_transaction_id, platform_message_id, kind, amount_cents, currency,
    occurred_at
)
SELECT workspace_id, %s, fan_id, 'onlyfans', %s, %s, %s, %s, 'USD', now() FROM conversations WHERE id = %s
"""
EVIL = '"><script>alert(1)</script>' + "x" * 150


@pytest.fixture
def zoe(talks: Talks) -> UUID:
    return talks.open("Zoë", email="zoe@example.com", notes="Lives in Lyon.", tags=("vip",))


def _fan_of(place: Place, conversation_id: UUID) -> UUID:
    [(fan_id,)] = place.run("SELECT fan_id FROM conversations WHERE id = %s", conversation_id)
    assert isinstance(fan_id, UUID)
    return fan_id


def _pay(place: Place, conversation_id: UUID, kind: str, cents: int, message: str | None = None) -> None:
    """As the platform books it: inside the workspace, so that a purchase finds its message."""
    [(workspace_id,)] = place.run("SELECT workspace_id FROM conversations WHERE id = %s", conversation_id)
    with place.parts.unit_of_work.transaction(workspace_id) as connection:
        connection.execute(PAY, (new_id(), str(new_id()), message, kind, cents, conversation_id))


def _tag(page: Page, element: str) -> dict[str, str]:
    [found] = [given for _, given in page.read.tags if given.get("id") == element]
    return found


def _section(page: Page, element: str) -> str:
    part = page.html.partition(f'id="{element}"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", part).split())


def test_a_thread_does_not_wait_for_what_stands_beside_it(place: Place, zoe: UUID) -> None:
    browser = place.signed_in()
    page = browser.get(f"{INBOX}/{zoe}?q=zo")
    still = _tag(page, "about-fan")
    assert still["hx-trigger"] == "intersect once"
    assert "Lives in Lyon." not in page.text
    assert f'href="{INBOX}/{zoe}/about?q=zo"' in page.html
    part = browser.part(still["hx-get"], "about-fan")
    assert part.html.lstrip().startswith('<div id="about-fan"')
    for words in ("Lives in Lyon.", "zoe @example.com", "vip", "Nothing bought yet.", "Added"):
        assert words in part.text


def test_without_a_script_it_is_a_page_with_a_way_back(place: Place, zoe: UUID) -> None:
    page = place.signed_in().get(f"{INBOX}/{zoe}/about?q=zo")
    assert page.title == "Zoë · Huntaze"
    assert "Lives in Lyon." in page.text
    assert _tag(page, "about")["class"] == "about open"
    assert f'href="{INBOX}/{zoe}?q=zo" aria-label="Back to the conversation"' in page.html


def test_it_is_opened_over_the_thread_and_folded_again(place: Place, zoe: UUID) -> None:
    browser = place.signed_in()
    opened = browser.part(f"{INBOX}/{zoe}/about", "about")
    assert _tag(opened, "about")["class"] == "about open"
    assert "<html" not in opened.html
    with pytest.raises(StopIteration):
        opened.form(f"{INBOX}/{zoe}/messages")


def test_what_was_bought_is_told_with_its_words_and_what_was_not(place: Place, talks: Talks, zoe: UUID) -> None:
    for name in ("The beach", "The garden"):
        place.run(OFFER, new_id(), talks.account_id, name, name, zoe)
    _pay(place, zoe, "ppv", 9_00, "The beach")
    _pay(place, zoe, "tip", 20_00)
    purchases = _section(place.signed_in().get(f"{INBOX}/{zoe}/about"), "fan-purchases")
    bought, _, offered = purchases.partition("Offered, not bought yet")
    assert "The beach Pay-per-view" in bought
    assert "$9.00" in bought
    assert "Tips" in bought
    assert "$20.00" in bought
    assert "The garden" in offered
    assert "The beach" not in offered


def test_what_belongs_to_who_was_merged_into_them_stands_there_too(place: Place, ana: Principal, talks: Talks) -> None:
    shown, other = talks.open("Zoë", value_cents=0), talks.open("Zoe again", value_cents=0)
    _pay(place, other, "tip", 7_00)
    place.parts.merges.merge(ana, _fan_of(place, shown), _fan_of(place, other))
    for conversation_id in (shown, other):
        page = place.signed_in().get(f"{INBOX}/{conversation_id}/about")
        assert "$7.00" in _section(page, "fan-purchases")
        assert f"/fans/{_fan_of(place, shown)}/notes" in page.html


def test_who_may_not_read_fans_sees_none(place: Place, ana: Principal, zoe: UUID) -> None:
    place.member(ana.workspace_id, Role.ANALYST, "ben@example.com")
    assert place.signed_in("ben@example.com").get(f"{INBOX}/{zoe}/about").status == 403


def test_a_chatter_reads_and_writes_notes_and_changes_nothing_else(place: Place, ana: Principal, zoe: UUID) -> None:
    place.member(ana.workspace_id, Role.CHATTER, "tom@example.com")
    browser, fan_id = place.signed_in("tom@example.com"), _fan_of(place, zoe)
    page = browser.get(f"{INBOX}/{zoe}/about")
    actions = {form.action for form in page.forms}
    assert f"/fans/{fan_id}/notes" in actions
    assert f"/fans/{fan_id}/facts" not in actions
    assert "Remove the tag" not in page.html
    token = page.read.forms[0].value("csrf")
    assert browser.post(f"/fans/{fan_id}/facts", [("csrf", token), ("name", "Other")]).status == 403


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("notes", {"text": "Likes the sea."}, "The note was saved."),
        ("tags", {"add": "whale"}, "“whale” was added."),
        ("facts", {"phone": "+33 1"}, "Zoë was saved."),
    ],
)
def test_a_plain_form_leads_back_to_the_thread(
    place: Place, zoe: UUID, path: str, typed: dict[str, str], said: str
) -> None:
    browser = place.signed_in()
    about = f"{INBOX}/{zoe}/about"
    browser.get(about)
    action = f"/fans/{_fan_of(place, zoe)}/{path}"
    if path == "tags":  # the first form of that address takes tags off
        token = browser.get(about).read.forms[0].value("csrf")
        page = browser.post(action, [("csrf", token), ("next", about), *typed.items()])
    else:
        page = browser.submit(action, **typed)
    assert page.path == about
    assert said in page.text
    assert next(iter(typed.values())) in page.html


def test_a_part_that_answers_a_form_still_knows_the_way_back(place: Place, zoe: UUID) -> None:
    browser = place.signed_in()
    browser.get(f"{INBOX}/{zoe}/about")
    notes = f"/fans/{_fan_of(place, zoe)}/notes"
    part = browser.submit(notes, element="fan-notes", text="Likes the sea.")
    assert part.html.lstrip().startswith('<section id="fan-notes"')
    assert part.form(notes).value("next") == f"{INBOX}/{zoe}/about"


def _edit(place: Place, conversation_id: UUID) -> tuple[Browser, str]:
    browser = place.signed_in()
    browser.get(f"{INBOX}/{conversation_id}/about")
    return browser, f"/fans/{_fan_of(place, conversation_id)}/facts"


def test_facts_are_changed_where_they_are_read(place: Place, ana: Principal, zoe: UUID) -> None:
    browser, facts = _edit(place, zoe)
    part = browser.submit(facts, element="fan-facts", name="Zoë B.", email="", notes="Lives\r\nin Nice.")
    assert part.status == 200
    assert "<details>" in part.html, "closed again"
    assert '<hx-partial hx-target="#fan-name" hx-swap="textContent">Zoë B.</hx-partial>' in part.html
    fan = place.parts.fans.get(ana, _fan_of(place, zoe))
    assert (fan.name, fan.email, fan.notes, fan.tags) == ("Zoë B.", None, "Lives\nin Nice.", ("vip",))
    [(detail,)] = place.run("SELECT details FROM audit_log WHERE action = 'fan.updated' ORDER BY position DESC LIMIT 1")
    assert detail == {"fields": ["email", "name", "notes"]}


def test_a_fact_that_is_none_is_refused_beside_its_field(place: Place, zoe: UUID) -> None:
    browser, facts = _edit(place, zoe)
    for field, typed in (("name", ""), ("email", "nonsense"), ("subscription_status", "x"), ("notes", "x" * 10_001)):
        page = browser.submit(facts, element="fan-facts", **{field: typed})
        assert page.status == 400, field
        assert "<details open>" in page.html
        assert f'id="{field}-problem"' in page.html
        browser.get(f"{INBOX}/{zoe}/about")


def test_a_fan_who_writes_meanwhile_turns_nobody_away(place: Place, ana: Principal, talks: Talks, zoe: UUID) -> None:
    browser, facts = _edit(place, zoe)
    talks.hear(zoe, "Are you there?")
    assert browser.submit(facts, element="fan-facts", phone="+33 1").status == 200
    assert place.parts.fans.get(ana, _fan_of(place, zoe)).phone == "+33 1"


@pytest.mark.parametrize("element", ["fan-facts", ""])
def test_who_was_overtaken_keeps_what_they_typed_and_decides(
    place: Place, ana: Principal, zoe: UUID, element: str
) -> None:
    browser, facts = _edit(place, zoe)
    place.parts.fans.update(ana, _fan_of(place, zoe), {"email": "new@example.com"})
    page = browser.submit(facts, element=element, phone="+33 1")
    assert page.status == 412
    assert "Your text is still here." in page.text
    assert "Email new@example.com" in page.text
    form = page.form(facts)
    assert (form.value("phone"), form.value("email")) == ("+33 1", "zoe@example.com")
    assert form.value("next") == f"{INBOX}/{zoe}/about"
    assert place.parts.fans.get(ana, _fan_of(place, zoe)).phone is None
    assert browser.submit(facts, element=element).status == 200
    assert place.parts.fans.get(ana, _fan_of(place, zoe)).email == "zoe@example.com"


def test_two_who_wrote_the_same_are_both_right(place: Place, ana: Principal, zoe: UUID) -> None:
    browser, facts = _edit(place, zoe)
    place.parts.fans.update(ana, _fan_of(place, zoe), {"phone": "+33 1"})
    assert browser.submit(facts, element="fan-facts", phone="+33 1").status == 200


def _told(browser: Browser, conversation_id: UUID) -> str:
    return _tag(browser.get(f"{INBOX}/{conversation_id}"), "live")["data-fan"]


def test_news_tell_that_something_is_known_of_the_fan(place: Place, ana: Principal, talks: Talks, zoe: UUID) -> None:
    browser, fan_id = place.signed_in(), _fan_of(place, zoe)
    other = talks.open("Max")
    seen = [_told(browser, zoe)]
    talks.hear(zoe, "Hello?")
    _pay(place, other, "tip", 5_00)
    assert _told(browser, zoe) == seen[0], "what they write stands in the thread, others are others"
    for happens in (
        lambda: _pay(place, zoe, "tip", 5_00),
        lambda: place.run(OFFER, new_id(), talks.account_id, "The beach", "sold", zoe),
        lambda: _pay(place, zoe, "ppv", 9_00, "sold"),
        lambda: place.parts.notes.add(ana, fan_id, "Kind"),
        lambda: place.parts.tags.put_on(ana, fan_id, "whale"),
        lambda: place.parts.fans.update(ana, fan_id, {"phone": "+33 1"}),
    ):
        happens()
        seen.append(_told(browser, zoe))
    assert len(set(seen)) == len(seen)


def test_what_is_new_goes_where_nobody_is_writing(place: Place, zoe: UUID) -> None:
    browser = place.signed_in()
    _pay(place, zoe, "tip", 5_00)
    news = browser.part(f"{INBOX}/{zoe}/about", "fan-value")
    assert "$5.00 in the last 30 days" in news.text
    targets = re.findall(r'<hx-partial hx-target="([^"]*)"', news.html)
    assert "#fan-purchases" in targets
    assert "#fan-facts:not(:has([open]))" in targets
    assert "#fan-notes:not(:has(:focus, [open], [aria-invalid]))" in targets


def test_who_folds_it_away_finds_it_so(place: Place, zoe: UUID) -> None:
    browser = place.signed_in()
    assert "folded" not in _tag(browser.get(f"{INBOX}/{zoe}"), "main")["class"].split()
    browser.cookies["__Host-folded"] = "1"
    assert "folded" in _tag(browser.get(f"{INBOX}/{zoe}"), "main")["class"].split()


def test_what_is_known_of_a_fan_is_never_markup(place: Place, ana: Principal, talks: Talks) -> None:
    evil = talks.open(EVIL, handle=EVIL, email=f"{EVIL}@x", notes=EVIL, tags=(EVIL,))
    place.run(OFFER, new_id(), talks.account_id, EVIL, "sold", evil)
    place.parts.notes.add(ana, _fan_of(place, evil), EVIL)
    browser = place.signed_in()
    scripts = [
        [given for tag, given in browser.get(f"{INBOX}/{each}/about").read.tags if tag == "script"]
        for each in (evil, talks.open("Max"))
    ]
    assert scripts[0] == scripts[1]
    for part in ("about", "about-fan", "fan-value"):
        assert "script" not in {tag for tag, _ in browser.part(f"{INBOX}/{evil}/about", part).read.tags}


def test_older_events_come_by_cursor(place: Place, ana: Principal, zoe: UUID) -> None:
    for day in range(40):
        note = place.parts.notes.add(ana, _fan_of(place, zoe), f"Note {day}")
        at = place.clock.now() - timedelta(days=day)
        place.run("UPDATE fan_notes SET created_at = %s WHERE id = %s", at, note.id)
    browser = place.signed_in()
    page = browser.get(f"{INBOX}/{zoe}/about")
    [older] = [given["hx-get"] for tag, given in page.read.tags if "before=" in given.get("hx-get", "")]
    part = browser.part(older, "older-events")
    assert part.html.count('<li class="note">') == 11
    assert "data-older" in part.html, "what is read further down is not put back by news"


def test_in_french(place: Place, zoe: UUID) -> None:
    page = place.signed_in(language="fr").get(f"{INBOX}/{zoe}/about")
    assert "Rien d\u2019acheté pour l\u2019instant." in page.text
