"""Bringing a file of fans, and the imports there were."""

import json
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from huntaze.edge import switches
from huntaze.errors import Conflict, Forbidden, Unavailable
from huntaze.fans.model import Platform
from huntaze.imports.model import LARGEST, LARGEST_AT_ONCE, Choices, Policy
from huntaze.members.model import Permission
from huntaze.web import settings
from huntaze.web.answer import Answer, bringing_files_to
from huntaze.web.imports_told import Names, listed
from huntaze.web.imports_views import MEGABYTE, PATH, Chosen, ImportsPage
from huntaze.web.views import Says
from huntaze.web.words import words

if TYPE_CHECKING:
    from huntaze.web.visit import Visit

JSON = "application/json"
_LONGEST_NUMBER = 15
_POLICIES = {policy.value for policy in Policy}
_PLATFORMS = {platform.value for platform in Platform}


def show_imports(visit: "Visit") -> Answer:
    """The form and the list, or what is new in the list."""
    platform = visit.request.query.get("platform", "")
    page = _as_it_is(visit, Chosen(platform=platform) if platform in _PLATFORMS else Chosen())
    if not page.may_import:
        if visit.request.part:
            raise Forbidden("Your role may not import fans.")
        return visit.page("imports.html", page, HTTPStatus.FORBIDDEN, active="settings")
    return visit.news(page) if visit.request.part else _shown(visit, page)


def bring(visit: "Visit") -> Answer:
    """Take a small file that comes with the form itself, for whom no script uploads it."""
    switches.onlyfans(visit.parts.settings)
    visit.who.must(Permission.IMPORT)
    chosen, file = chosen_in(visit), visit.form.file
    problem = _problem_with(len(file[1]), LARGEST_AT_ONCE) if file else Says("imports.problem.none")
    if file is None or problem:
        return _told_again(visit, chosen, problem)
    try:
        begun = visit.parts.imports.bring(visit.who, *file, choices(chosen))
    except Conflict:
        return _told_again(visit, chosen, Says("imports.problem.many"), HTTPStatus.CONFLICT)
    except Unavailable:
        return _told_again(visit, chosen, Says("imports.problem.away"), HTTPStatus.SERVICE_UNAVAILABLE)
    return visit.go(f"{PATH}/{begun.id}")


def announce(visit: "Visit") -> Answer:
    """Tell the script where it may put the file, or what is wrong with it."""
    switches.onlyfans(visit.parts.settings)
    visit.who.must(Permission.IMPORT)
    number = visit.form["file_bytes"]
    size = int(number) if number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER else -1
    if problem := _problem_with(size, LARGEST) if size >= 0 else Says("imports.problem.none"):
        return _refused(visit, problem)
    try:
        begun, upload = visit.parts.imports.begin(visit.who, visit.form["file_name"], size, choices(chosen_in(visit)))
    except Conflict:
        return _refused(visit, Says("imports.problem.many"), HTTPStatus.CONFLICT)
    told = {"address": upload.address, "fields": dict(upload.fields), "next": f"{PATH}/{begun.id}"}
    return Answer(json.dumps(told), HTTPStatus.CREATED, JSON)


def chosen_in(visit: "Visit") -> Chosen:
    """What was chosen in the form. What nobody can choose is as usual."""
    typed, usual = visit.form.words("platform", "locale", "policy"), Chosen()
    return Chosen(
        platform=typed["platform"] if typed["platform"] in _PLATFORMS else usual.platform,
        locale=typed["locale"][:20],
        policy=typed["policy"] if typed["policy"] in _POLICIES else usual.policy,
    )


def choices(chosen: Chosen) -> Choices:
    """The same in the language of the use cases."""
    return Choices(platform=Platform(chosen.platform), locale=chosen.locale or None, policy=Policy(chosen.policy))


def _problem_with(size: int, largest: int) -> Says | None:
    if not size:
        return Says("imports.reason.empty")
    if size > LARGEST:
        return Says("imports.problem.large", {"megabytes": LARGEST // MEGABYTE})
    return Says("imports.problem.large_plain", {"megabytes": largest // MEGABYTE}) if size > largest else None


def _told_again(visit: "Visit", chosen: Chosen, problem: Says | None, status: int = HTTPStatus.BAD_REQUEST) -> Answer:
    return _shown(visit, replace(_as_it_is(visit, chosen), problem=problem), status)


def _refused(visit: "Visit", problem: Says, status: int = HTTPStatus.BAD_REQUEST) -> Answer:
    return Answer(json.dumps({"problem": words(visit.locale).say(problem.key, **problem.gaps)}), status, JSON)


def _shown(visit: "Visit", page: ImportsPage, status: int = HTTPStatus.OK) -> Answer:
    answer = visit.page("imports.html", page, status, active="settings")
    return answer.with_headers(bringing_files_to(visit.parts.import_files.origin))


def _as_it_is(visit: "Visit", chosen: Chosen) -> ImportsPage:
    page = ImportsPage(around=settings.around(visit, "connections"), chosen=chosen)
    if not visit.who.may(Permission.IMPORT):
        return replace(page, may_import=False)
    known, names = visit.parts.imports.recent(visit.who), Names(visit)
    rows = tuple(listed(one, names) for one in known)
    page = replace(page, rows=rows, any_under_way=any(one.status.working for one in known))
    return replace(page, word=visit.word_of(page.rows))
