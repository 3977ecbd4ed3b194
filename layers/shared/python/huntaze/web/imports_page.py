"""One import: what it would do, doing that, what came of it, and taking it back."""

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from huntaze.edge import switches
from huntaze.errors import Conflict, Invalid
from huntaze.imports.model import Action, Field, Import, Status
from huntaze.members.model import Permission
from huntaze.spreadsheets import CONTENT_TYPE
from huntaze.web.answer import Answer
from huntaze.web.imports_list import choices, chosen_in
from huntaze.web.imports_told import WRONGLY_SAID, row_of_file, told
from huntaze.web.imports_views import PATH, Columns, ImportPage
from huntaze.web.views import Says, Toast

if TYPE_CHECKING:
    from huntaze.imports.model import PlannedRow
    from huntaze.web.visit import Visit

EXAMPLES = 3  # of each kind
ROWS = 40
_ACTIONS = {action.value: action for action in Action}
_HAVE_ROWS = frozenset({Status.PLANNED, Status.COMMITTED, Status.UNDONE})
_LONGEST_ROW = 9
_BY_PERSON = frozenset({Status.MAPPING, Status.PLANNED})


def show_import(visit: "Visit") -> Answer:
    """The whole page, or what is new in it."""
    known = visit.parts.imports.of(visit.who, visit.id("import_id"))
    changing = "columns" in visit.request.query and known.status is Status.PLANNED
    page = replace(_as_it_is(visit, known), changing=changing or known.status is Status.MAPPING)
    return visit.page_or_news("import.html", replace(page, word=visit.word_of(page)), active="settings")


def plan(visit: "Visit") -> Answer:
    """Another dry run, with other choices: of all of them, or as far as the form has them."""
    known = _to_change(visit)
    asked = choices(chosen_in(visit)) if visit.form.has("policy") else known.choices
    if known.error in WRONGLY_SAID:  # of the columns: what they are called is looked at again
        asked = replace(asked, mapping=None)
    elif visit.form.has("mapped"):
        mapping = {field: visit.form[f"is-{field}"] for field in Field if visit.form[f"is-{field}"]}
        if not {Field.USERNAME, Field.USER_ID} & mapping.keys():
            return _told_again(visit, known, {field.value: name for field, name in mapping.items()})
        asked = replace(asked, mapping=mapping)
    else:
        asked = replace(asked, mapping=known.choices.mapping)
    try:
        visit.parts.imports.plan(visit.who, known.id, asked)
    except (Conflict, Invalid):
        return _not_now(visit)
    return _back(visit)


def commit(visit: "Visit") -> Answer:
    """Do what the plan says that stands on the page."""
    known = _to_change(visit)
    try:
        visit.parts.imports.commit(visit.who, known.id, bytes.fromhex(visit.form["plan"]))
    except (ValueError, Conflict):  # no plan, or not the one that is there now
        return _not_now(visit)
    return _back(visit)


def undo(visit: "Visit") -> Answer:
    """Take it back; the page has asked before."""
    known = _to_change(visit)
    try:
        visit.parts.imports.undo(visit.who, known.id)
    except Conflict:
        return _not_now(visit)
    return _back(visit)


def fetch_rejected(visit: "Visit") -> Answer:
    """What did not come along: the file itself, or on to it where it is large."""
    try:
        rejected = visit.parts.imports.rejected(visit.who, visit.id("import_id"))
    except Conflict:
        return _not_now(visit)
    if rejected.link is not None:
        return visit.go(rejected.link)
    headers = {"Content-Disposition": f'attachment; filename="{rejected.file_name}"'}
    return Answer("".join(rejected.texts or ()), HTTPStatus.OK, CONTENT_TYPE, headers)


def _to_change(visit: "Visit") -> Import:
    switches.onlyfans(visit.parts.settings)
    visit.who.must(Permission.IMPORT)
    return visit.parts.imports.of(visit.who, visit.id("import_id"))


def _as_it_is(visit: "Visit", known: Import) -> ImportPage:
    page = told(visit, known)
    if known.status not in _HAVE_ROWS:
        return page
    query = visit.request.query
    show, why, number = query.get("show", ""), query.get("why", ""), query.get("after", "")
    after = int(number) if number.isascii() and number.isdigit() and len(number) <= _LONGEST_ROW else 0
    known_why = why if any(why == one.code for one in page.whys) else ""
    action = _ACTIONS.get(show)
    if action is None and not known_why:
        return replace(page, rows=tuple(row_of_file(row, known.status) for row in _examples(visit, known)))
    since = known_why.startswith("since_")
    asked = {"outcome": known_why or None} if since else {"reason": known_why or None}
    found = visit.parts.imports.rows(visit.who, known.id, action, after, ROWS + 1, **asked)
    return replace(
        page,
        rows=tuple(row_of_file(row, known.status) for row in found[:ROWS]),
        show=action.value if action else "",
        why=known_why,
        after=after,
        next_after=found[ROWS - 1].number if len(found) > ROWS else None,
    )


def _examples(visit: "Visit", known: Import) -> "list[PlannedRow]":
    if known.status is Status.UNDONE:
        return list(visit.parts.imports.rows(visit.who, known.id, None, 0, ROWS, outcome="since_edited"))
    return [row for action in Action for row in visit.parts.imports.rows(visit.who, known.id, action, 0, EXAMPLES)]


def _told_again(visit: "Visit", known: Import, mapping: dict[str, str]) -> Answer:
    """The form as it was filled in, and what it still needs."""
    if known.layout is None or known.status not in _BY_PERSON:
        return _not_now(visit)
    page = told(visit, known)
    columns = Columns(header=known.layout.header, sample=known.layout.sample, mapping=mapping)
    problem = Says("imports.problem.columns")
    page = replace(page, columns=columns, chosen=chosen_in(visit), changing=True, problem=problem)
    return visit.page("import.html", page, HTTPStatus.BAD_REQUEST, active="settings")


def _back(visit: "Visit", toast: Toast | None = None) -> Answer:
    return visit.go(f"{PATH}/{visit.id('import_id')}", toast)


def _not_now(visit: "Visit") -> Answer:
    """Somebody else was quicker, or it is another plan by now: the page shows what is so."""
    return _back(visit, Toast(says=Says("imports.not_now"), tone="warning"))
