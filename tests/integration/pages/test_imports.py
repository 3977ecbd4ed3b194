"""Fans from a file, in words a creator understands: brought, tried, decided, done, taken back."""

import json

import pytest

from huntaze.errors import Unavailable
from huntaze.imports.model import Policy, Status
from huntaze.members.model import Role
from tests.integration.pages.conftest import Place
from tests.integration.pages.imports_at_hand import FANS, HERE, show
from tests.support.browser import Browser, Page
from tests.support.imports import Importing, KeptFiles


@pytest.fixture
def browser(place: Place, importing: Importing) -> Browser:
    assert importing
    return place.signed_in()


def test_the_account_leads_there_without_being_connected(place: Place, browser: Browser, importing: Importing) -> None:
    page = browser.get("/platforms/connect/onlyfans")
    assert "Bring your fans along" in page.text
    assert f'href="{HERE}"' in page.html
    assert f'href="{HERE}?platform=fansly"' in browser.get("/platforms/connect/fansly").html
    importing.planned(FANS)
    page = browser.get("/platforms/connect/onlyfans")
    assert "2 new · 1 left alone · 2 not understood" in page.text
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


def test_in_french_it_speaks_french(place: Place, importing: Importing) -> None:
    one = importing.planned(FANS)
    browser = place.signed_in(language="fr")
    assert "Faites venir vos fans" in browser.get(HERE).text
    page = show(browser, one)
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
        assert show(browser, one).status == 403
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
    assert show(browser, one).status == 404
    assert browser.get(f"{HERE}/{one.id}/rejected.csv").status == 404
    for act in ("plan", "commit", "undo"):
        assert browser.post(f"{HERE}/{one.id}/{act}", [("csrf", token)]).status == 404
    assert browser.get(f"{HERE}/none").status == 404
