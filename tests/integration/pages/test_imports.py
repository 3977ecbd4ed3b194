"""Fans from a file, in words a creator understands: brought, tried, decided, done, taken back."""

import json
from datetime import timedelta

import pytest

from huntaze.errors import Unavailable
from huntaze.imports.model import Import, Policy, Status
from huntaze.members.model import Principal, Role
from tests.integration.pages.conftest import Place
from tests.support.browser import Browser, Page
from tests.support.imports import Importing, KeptFiles, csv

HERE = "/platforms/connect/onlyfans/imports"
FANS = csv("Username,Display Name,Total Spent", "zoe,Zoë,$12.50", "max,Max,3", "zoe,Zoë,1", ",Nobody,5", "ada,Ada,x")


@pytest.fixture
def importing(place: Place, ana: Principal) -> Importing:
    return Importing(place.parts, ana)


@pytest.fixture
def browser(place: Place, importing: Importing) -> Browser:
    assert importing
    return place.signed_in()


def _open(browser: Browser, one: Import, query: str = "") -> Page:
    return browser.get(f"{HERE}/{one.id}{query}")


def _do(browser: Browser, one: Import, act: str, **typed: object) -> Page:
    return browser.submit(f"{HERE}/{one.id}/{act}", **typed)


def test_the_account_leads_there_without_being_connected(place: Place, browser: Browser, importing: Importing) -> None:
    page = browser.get("/platforms/connect/onlyfans")
    assert "Bring your fans along" in page.text
    assert f'href="{HERE}"' in page.html
    assert f'href="{HERE}?platform=fansly"' in browser.get("/platforms/connect/fansly").html
    importing.planned(FANS)
    page = browser.get("/platforms/connect/onlyfans")
    assert "Would add 2 and change 0 · 1 left alone · 2 not understood" in page.text
    assert f'href="{HERE}"' in place.signed_in().get("/").html, "so does the first step of home"
    assert f'href="{HERE}"' in place.signed_in().get("/fans").html, "and a list without fans"


def test_a_small_file_needs_no_script_and_is_only_tried(place: Place, browser: Browser, importing: Importing) -> None:
    assert "Nothing has been imported yet." in browser.get(HERE).text
    page = browser.bring(HERE, ("mine/fans é.csv", FANS.encode()), policy="fill", locale="en-GB")
    assert (page.status, "Waiting for the file" in page.text) == (200, True)
    importing.work()
    page = browser.get(page.path)
    for words in ("fans é.csv", "Add 2 fans", "Fill in what is missing", "1,234.56 and 25/03/2026", "Ana"):
        assert words in page.text
    assert place.run("SELECT count(*) FROM fans") == [(0,)]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "Choose a file first."),
        (("fans.csv", b""), "The file is empty."),
        (("fans.csv", b"x" * (4 * 1024 * 1024 + 1)), "This file has more than 4 MB. A file of this size needs scripts"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_chosen_stays(
    place: Place, browser: Browser, file: tuple[str, bytes] | None, said: str
) -> None:
    browser.get(HERE)
    page = browser.bring(HERE, file, platform="fansly", locale="fr-FR", policy="overwrite")
    assert (page.status, said in page.text) == (400, True)
    form = page.form(HERE)
    assert [form.value(name) for name in ("platform", "locale", "policy")] == ["fansly", "fr-FR", "overwrite"]
    assert place.run("SELECT count(*) FROM imports") == [(0,)]


def test_nothing_is_begun_where_files_cannot_be_kept(
    browser: Browser, importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unavailable("No.", retry_after=5)

    monkeypatch.setattr(KeptFiles, "put", away)
    browser.get(HERE)
    page = browser.bring(HERE, ("fans.csv", FANS.encode()))
    assert (page.status, "The file could not be kept. Nothing was changed." in page.text) == (503, True)
    assert importing.tickets.waiting == []


def _announce(browser: Browser, **typed: object) -> Page:
    form = browser.get(HERE).form(HERE)
    told = {"csrf": form.value("csrf"), "platform": "onlyfans", "locale": "", "policy": "skip", "file_name": "f.csv"}
    return browser.post(f"{HERE}/upload", [(name, str(word)) for name, word in (told | typed).items()])


def test_a_script_is_told_where_the_file_goes(browser: Browser, importing: Importing) -> None:
    page = browser.get(HERE)
    policy = page.headers["Content-Security-Policy"]
    assert "connect-src 'self' https://files.example;" in policy
    answer = _announce(browser, file_bytes=len(FANS), policy="overwrite")
    told = json.loads(answer.content)
    assert (answer.status, told["address"]) == (201, "https://files.example")
    assert told["fields"]["largest"] == str(len(FANS))
    page = browser.get(told["next"])
    assert "Waiting for the file" in page.text
    assert 'hx-trigger="every 2s"' in page.html
    [row] = importing.parts.imports.recent(importing.who)
    assert (row.status, row.choices.policy) == (Status.UPLOADING, Policy.OVERWRITE)


@pytest.mark.parametrize(
    ("size", "said"),
    [("0", "The file is empty."), ("999999999999", "This file has more than 512 MB."), ("x", "Choose a file first.")],
)
def test_a_script_is_told_what_is_wrong_in_words(browser: Browser, size: str, said: str) -> None:
    answer = _announce(browser, file_bytes=size)
    assert (answer.status, said in json.loads(answer.content)["problem"]) == (400, True)


def test_a_dry_run_says_what_would_happen_and_why(place: Place, browser: Browser, importing: Importing) -> None:
    place.fan(importing.who, platform_id="max", handle="max", name="Max")
    one = importing.planned(FANS)
    page = _open(browser, one)
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
    only = _open(browser, one, "?show=reject").text
    assert "Total Spent : not an amount of money" in only.replace(":", " :").replace("  ", " ")
    assert "Row 5" in only
    assert "Row 1 " not in only
    why = _open(browser, one, "?why=duplicate")
    assert "Row 3" in why.text
    assert "Row 5" not in why.text
    assert _open(browser, one, "?show=nothing&why=else&after=-1").status == 200


def test_an_update_says_what_it_changes(place: Place, browser: Browser, importing: Importing) -> None:
    place.fan(importing.who, platform_id="max", handle="max", name="Max")
    one = importing.planned(csv("Username,Email,Tags", "max,max@fan.example,vip", "eva,,"), policy=Policy.FILL)
    page = _open(browser, one)
    assert "Add 1 fan and update 1" in page.text
    for words in ("Email", "max@fan.example", "Tags"):
        assert words in page.text


def test_committing_shows_how_far_it_is_and_then_what_came_of_it(
    place: Place, browser: Browser, importing: Importing
) -> None:
    one = importing.planned(FANS)
    _open(browser, one)
    page = _do(browser, one, "commit")
    assert "Importing" in page.text
    assert "You can leave this page" in page.text
    assert 'hx-trigger="every 1s"' in page.html
    part = {"hx_request_type": "partial", "hx_target": "article#import"}
    news = browser.get(page.path, follow=False, **part)
    same = browser.get(page.path, follow=False, if_none_match=news.headers["ETag"], **part)
    assert (news.status, same.status, same.content) == (200, 304, b"")
    assert news.headers["ETag"].strip('"') in page.html, "the page asks by this word"
    importing.work()
    page = _open(browser, one)
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
    _open(browser, one)
    for plan in ("", "00", "zz"):
        page = _do(browser, one, "commit", plan=plan)
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
    _open(browser, one)
    page = _do(browser, one, "undo")
    assert "Undoing" in page.text
    importing.work()
    page = _open(browser, one)
    for words in ("Undone", "Removed again 1", "Stayed 1", "was edited, written to or paid since the import", "zoe"):
        assert words in page.text, words
    assert "Undo until" not in page.text


def test_what_is_too_old_is_not_undone(place: Place, browser: Browser, importing: Importing) -> None:
    one = importing.committed(csv("Username", "zoe"))
    page = _open(browser, one)
    place.advance(timedelta(days=31))
    browser = place.signed_in()
    assert "more than 30 days ago" in _open(browser, one).text
    form = page.form(f"{HERE}/{one.id}/undo")
    token = browser.get(HERE).forms[0].value("csrf")
    assert "That was not possible any more" in browser.post(form.action, [("csrf", token)]).text


def test_columns_are_said_where_nobody_can_tell_them(browser: Browser, importing: Importing) -> None:
    one = importing.planned(csv("Who,Paid", "zoe,$5", "max,$6"))
    page = _open(browser, one)
    for words in ("Which column is what?", "needs you", "zoe", "$6"):
        assert words in page.text
    page = _do(browser, one, "plan", **{"is-spent": "Paid", "policy": "fill"})
    assert (page.status, "Say which column has the usernames" in page.text) == (400, True)
    form = page.form(f"{HERE}/{one.id}/plan")
    assert (form.value("is-spent"), form.value("policy")) == ("Paid", "fill"), "what was chosen is kept"
    page = _do(browser, one, "plan", **{"is-username": "Who"})
    assert "Reading the file" in page.text
    importing.work()
    page = _open(browser, one)
    assert "Add 2 fans" in page.text
    page = _open(browser, one, "?columns=1")
    form = page.form(f"{HERE}/{one.id}/plan")
    assert [form.value(f"is-{name}") for name in ("username", "spent", "email")] == ["Who", "Paid", ""]
    _do(browser, one, "plan", **{"is-spent": "", "locale": "fr-FR"})
    importing.work()
    again = importing.now(one)
    assert (again.plan, again.choices.locale, list(again.layout.mapping.values() if again.layout else ())) == (
        *(3, "fr-FR"),
        ["Who"],
    )


def test_what_can_be_read_in_two_ways_asks_how(browser: Browser, importing: Importing) -> None:
    one = importing.planned(csv("Username,Last Seen", "zoe,03/04/2025"))
    page = _open(browser, one)
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
def test_a_file_that_cannot_be_read_says_where_and_what_to_do(
    browser: Browser, importing: Importing, content: bytes, said: str
) -> None:
    one = importing.planned(content)
    page = _open(browser, one)
    assert said in page.text
    assert "Choose another file" in page.text
    assert "Try again" not in page.text


def test_what_was_ours_is_tried_again(place: Place, browser: Browser, importing: Importing) -> None:
    one = importing.uploaded(FANS)
    kept, importing.files.kept = importing.files.kept, {}
    place.run("UPDATE imports SET status = 'planning', plan = 1 WHERE id = %s", one.id)
    importing.work()
    page = _open(browser, one)
    assert "The file is not there any more. Upload it again." in page.text
    importing.files.kept = kept
    assert "Reading the file" in _do(browser, one, "plan").text
    importing.work()
    assert "Add 2 fans" in _open(browser, one).text


def test_in_french_it_speaks_french(place: Place, importing: Importing) -> None:
    one = importing.planned(FANS)
    browser = place.signed_in(language="fr")
    assert "Faites venir vos fans" in browser.get(HERE).text
    page = _open(browser, one)
    for words in ("Ce qui se passerait", "Ajouter 2 fans", "pas un montant", "Modifier les colonnes"):
        assert words in page.text
    answer = _announce(browser, file_bytes=0)
    assert json.loads(answer.content)["problem"] == "Le fichier est vide."


def test_whoever_may_not_import_is_told_whom_to_ask(place: Place, importing: Importing) -> None:
    one = importing.planned(FANS)
    for role in (Role.CHATTER, Role.ANALYST):
        place.member(importing.who.workspace_id, role, f"{role}@example.com")
        browser = place.signed_in(f"{role}@example.com")
        page = browser.get(HERE)
        assert (page.status, "Owners and managers bring fans along." in page.text) == (403, True)
        token = page.forms[0].value("csrf")
        assert _open(browser, one).status == 403
        for address in (HERE, f"{HERE}/upload", *(f"{HERE}/{one.id}/{act}" for act in ("plan", "commit", "undo"))):
            assert browser.post(address, [("csrf", token)]).status == 403, address
    assert importing.now(one).status is Status.PLANNED
    chatter = place.signed_in("chatter@example.com").get("/platforms/connect/onlyfans")
    assert "Owners and managers bring fans along." in chatter.text
    assert HERE not in chatter.html


def test_another_workspace_has_no_such_import(place: Place, importing: Importing) -> None:
    one = importing.planned(FANS)
    place.member(place.workspace("Other House"), email="tom@example.com")
    browser = place.signed_in("tom@example.com")
    assert "Nothing has been imported yet." in browser.get(HERE).text
    token = browser.get(HERE).forms[0].value("csrf")
    assert _open(browser, one).status == 404
    assert browser.get(f"{HERE}/{one.id}/rejected.csv").status == 404
    for act in ("plan", "commit", "undo"):
        assert browser.post(f"{HERE}/{one.id}/{act}", [("csrf", token)]).status == 404
    assert browser.get(f"{HERE}/none").status == 404


def test_names_and_cells_are_words_and_nothing_more(browser: Browser, importing: Importing) -> None:
    bad = "<script>alert(1)</script>"
    one = importing.planned(csv(f"Username,Email,{bad}", f"{bad},no mail,{bad}", f'"a\'b",a@b.example,{bad}'))
    for query in ("", "?columns=1", "?show=reject"):
        page = _open(browser, one, query)
        assert page.status == 200
        assert bad not in page.html


def test_rows_come_in_pages(browser: Browser, importing: Importing) -> None:
    one = importing.planned(csv("Username", *(f"fan{number}" for number in range(90))))
    page = _open(browser, one, "?show=create")
    assert "fan39" in page.text
    assert "fan40" not in page.text
    assert f"{HERE}/{one.id}?show=create&amp;after=40#rows" in page.html
    assert "fan79" in _open(browser, one, "?show=create&after=40").text
    assert "fan89" in _open(browser, one, "?show=create&after=80").text
