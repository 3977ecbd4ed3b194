"""One import on its page: tried, decided about, done, taken back, and what each says."""

from datetime import timedelta

import pytest

from huntaze.imports.model import Policy, Status
from tests.integration.pages.conftest import Place
from tests.integration.pages.imports_at_hand import FANS, HERE, send, show
from tests.support.browser import Browser
from tests.support.imports import Importing, csv


@pytest.fixture
def browser(place: Place, importing: Importing) -> Browser:
    assert importing
    return place.signed_in()


def test_a_dry_run_says_what_would_happen_and_why(place: Place, browser: Browser, importing: Importing) -> None:
    place.fan(importing.who, platform_id="max", handle="max", name="Max")
    one = importing.planned(FANS)
    page = show(browser, one)
    for words in (
        *("What would happen", "Nothing is changed until you say so.", "Add 1 fan", "You can undo it for 30 days."),
        *(
            "known already",
            "stands further up in the file",
            "neither a username nor a user ID",
            "not an amount of money",
        ),
        *("2 rows were not understood", "Change columns", "I am not sure", "Display Name"),
    ):
        assert words in page.text, words
    assert "hx-get" not in page.html.partition('id="import-live"')[2].partition(">")[0], "nothing moves any more"
    only = show(browser, one, "?show=reject").text
    assert "Total Spent : not an amount of money" in only.replace(":", " :").replace("  ", " ")
    assert "Row 5" in only
    assert "Row 1 " not in only
    why = show(browser, one, "?why=duplicate")
    assert "Row 3" in why.text
    assert "Row 5" not in why.text
    assert show(browser, one, "?show=nothing&why=else&after=-1").status == 200


def test_an_update_says_what_it_changes(place: Place, browser: Browser, importing: Importing) -> None:
    place.fan(importing.who, platform_id="max", handle="max", name="Max")
    one = importing.planned(csv("Username,Email,Tags", "max,max@fan.example,vip", "eva,,"), policy=Policy.FILL)
    page = show(browser, one)
    assert "Add 1 fan and update 1" in page.text
    for words in ("Email", "max@fan.example", "Tags"):
        assert words in page.text


def test_committing_shows_how_far_it_is_and_then_what_came_of_it(
    place: Place, browser: Browser, importing: Importing
) -> None:
    one = importing.planned(FANS)
    show(browser, one)
    page = send(browser, one, "commit")
    assert "Importing" in page.text
    assert "You can leave this page" in page.text
    assert 'hx-trigger="every 1s"' in page.html
    part = {"hx_request_type": "partial", "hx_target": "article#import"}
    news = browser.get(page.path, follow=False, **part)
    same = browser.get(page.path, follow=False, if_none_match=news.headers["ETag"], **part)
    assert (news.status, same.status, same.content) == (200, 304, b"")
    assert news.headers["ETag"].strip('"') in page.html, "the page asks by this word"
    importing.work()
    page = show(browser, one)
    for words in (
        "Imported",
        "Added 2",
        "Not understood 2",
        "Open the fans",
        "Undo until",
        "Removes the 2 fans it added.",
    ):
        assert words in page.text, words
    assert place.run("SELECT count(*) FROM fans") == [(2,)]


def test_another_plan_than_the_one_on_the_page_is_never_done(browser: Browser, importing: Importing) -> None:
    one = importing.planned(FANS)
    show(browser, one)
    for plan in ("", "00", "zz"):
        page = send(browser, one, "commit", plan=plan)
        assert "That was not possible any more" in page.text
    assert importing.now(one).status is Status.PLANNED


def test_what_was_not_understood_comes_as_a_file(browser: Browser, importing: Importing) -> None:
    one = importing.planned(FANS)
    file = browser.get(f"{HERE}/{one.id}/rejected.csv")
    assert file.headers["Content-Disposition"].startswith('attachment; filename="rejected-')
    assert len(file.content.decode("utf-8-sig").splitlines()) == 3
    waiting = importing.uploaded(FANS)
    page = browser.get(f"{HERE}/{waiting.id}/rejected.csv")
    assert "That was not possible any more" in page.text


def test_undoing_tells_who_stayed(place: Place, browser: Browser, importing: Importing) -> None:
    one = importing.committed(csv("Username", "zoe", "max"))
    place.run("UPDATE fans SET name = 'Zoë herself', updated_at = now() WHERE handle = 'zoe'")
    show(browser, one)
    page = send(browser, one, "undo")
    assert "Undoing" in page.text
    importing.work()
    page = show(browser, one)
    for words in ("Undone", "Removed again 1", "Stayed 1", "was edited, written to or paid since the import", "zoe"):
        assert words in page.text, words
    assert "Undo until" not in page.text


def test_what_is_too_old_is_not_undone(place: Place, browser: Browser, importing: Importing) -> None:
    one = importing.committed(csv("Username", "zoe"))
    page = show(browser, one)
    place.advance(timedelta(days=31))
    browser = place.signed_in()
    assert "more than 30 days ago" in show(browser, one).text
    form = page.form(f"{HERE}/{one.id}/undo")
    token = browser.get(HERE).forms[0].value("csrf")
    assert "That was not possible any more" in browser.post(form.action, [("csrf", token)]).text


def test_columns_are_said_where_nobody_can_tell_them(browser: Browser, importing: Importing) -> None:
    one = importing.planned(csv("Who,Paid", "zoe,$5", "max,$6"))
    page = show(browser, one)
    for words in ("Which column is what?", "needs you", "zoe", "$6"):
        assert words in page.text
    page = send(browser, one, "plan", **{"is-spent": "Paid", "policy": "fill"})
    assert (page.status, "Say which column has the usernames" in page.text) == (400, True)
    form = page.form(f"{HERE}/{one.id}/plan")
    assert (form.value("is-spent"), form.value("policy")) == ("Paid", "fill"), "what was chosen is kept"
    page = send(browser, one, "plan", **{"is-username": "Who"})
    assert "Reading the file" in page.text
    importing.work()
    page = show(browser, one)
    assert "Add 2 fans" in page.text
    page = show(browser, one, "?columns=1")
    form = page.form(f"{HERE}/{one.id}/plan")
    assert [form.value(f"is-{name}") for name in ("username", "spent", "email")] == ["Who", "Paid", ""]
    send(browser, one, "plan", **{"is-spent": "", "locale": "fr-FR"})
    importing.work()
    again = importing.now(one)
    assert (again.plan, again.choices.locale, list(again.layout.mapping.values() if again.layout else ())) == (
        *(3, "fr-FR"),
        ["Who"],
    )


def test_what_can_be_read_in_two_ways_asks_how(browser: Browser, importing: Importing) -> None:
    one = importing.planned(csv("Username,Last Seen", "zoe,03/04/2025"))
    page = show(browser, one)
    assert "1 row can be read in two ways." in page.text
    assert "Nothing would change" in page.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04", "This is a workbook or an archive."),
        (b"Username\n", "The file has a first line and no row below it."),
        (b"Username,Name,Name\na,b,c\n", "Column “Name” Two columns have the same name."),
        (b'Username,Email\nzoe,a@b.example\n"max,b@b.example\n', "Row 2 · Column “Username” A quotation mark"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_what_tosend(
    browser: Browser, importing: Importing, content: bytes, said: str
) -> None:
    one = importing.planned(content)
    page = show(browser, one)
    assert said in page.text
    assert "Choose another file" in page.text
    assert "Try again" not in page.text


def test_what_was_ours_is_tried_again(place: Place, browser: Browser, importing: Importing) -> None:
    one = importing.uploaded(FANS)
    kept, importing.files.kept = importing.files.kept, {}
    place.run("UPDATE imports SET status = 'planning', plan = 1 WHERE id = %s", one.id)
    importing.work()
    page = show(browser, one)
    assert "The file is not there any more. Upload it again." in page.text
    importing.files.kept = kept
    assert "Reading the file" in send(browser, one, "plan").text
    importing.work()
    assert "Add 2 fans" in show(browser, one).text


def test_names_and_cells_are_words_and_nothing_more(browser: Browser, importing: Importing) -> None:
    bad = "<script>alert(1)</script>"
    one = importing.planned(csv(f"Username,Email,{bad}", f"{bad},no mail,{bad}", f'"a\'b",a@b.example,{bad}'))
    for query in ("", "?columns=1", "?show=reject"):
        page = show(browser, one, query)
        assert page.status == 200
        assert bad not in page.html


def test_rows_come_in_pages(browser: Browser, importing: Importing) -> None:
    one = importing.planned(csv("Username", *(f"fan{number}" for number in range(90))))
    page = show(browser, one, "?show=create")
    assert "fan39" in page.text
    assert "fan40" not in page.text
    assert f"{HERE}/{one.id}?show=create&amp;after=40#rows" in page.html
    assert "fan79" in show(browser, one, "?show=create&after=40").text
    assert "fan89" in show(browser, one, "?show=create&after=80").text
