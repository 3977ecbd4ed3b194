"""The settings of one's own profile and, for those who may, of the workspace."""

import re
from dataclasses import replace
from http import HTTPStatus

from huntaze import zones
from huntaze.errors import Stale
from huntaze.members.model import Permission
from huntaze.presets.model import niches
from huntaze.profiles.model import LONGEST_GOAL, MOST_GOALS, Changes, Profile
from huntaze.versions import etag
from huntaze.web import settings
from huntaze.web.answer import Answer
from huntaze.web.desk_views import ProfilePage
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast
from huntaze.web.visit import Visit
from huntaze.workspaces.model import Workspace

PATH = "/settings/profile"
LONGEST = {"display_name": 200, "bio": 5_000, "niche": 100, "avatar_url": 2048, "name": 200}
_FIELDS = ("display_name", "bio", "timezone", "niche", "goals", "avatar_url")
_WORKSPACE_FIELDS = ("name", "timezone", "currency")
_ADDRESS = re.compile(r"https?://[^\s\x00]+")
_CURRENCY = re.compile(r"[A-Z]{3}")


def show(visit: Visit) -> Answer:
    """Both as they are."""
    return _page(visit, _as_it_is(visit))


def save(visit: Visit) -> Answer:
    """Change the profile, unless it was changed in another window meanwhile."""
    words = {name: word.strip() for name, word in visit.form.words(*_FIELDS).items()}
    page = replace(_as_it_is(visit), values=words, version=visit.form["version"])
    if problems := _problems(words):
        return _page(visit, replace(page, problems=problems), HTTPStatus.BAD_REQUEST)
    try:
        visit.parts.profiles.update(visit.who, _changes(words), visit.form["version"])
    except Stale:
        now = etag(visit.parts.profiles.of(visit.who))
        stale = replace(page, version=now, problem=Says("profile.stale"))
        return _page(visit, stale, HTTPStatus.PRECONDITION_FAILED)
    return visit.go(PATH, Toast(says=Says("profile.saved")))


def delete(visit: Visit) -> Answer:
    """Delete the profile for good; the page has asked before."""
    visit.parts.profiles.delete(visit.who)
    return visit.go(PATH, Toast(says=Says("profile.deleted")))


def save_workspace(visit: Visit) -> Answer:
    """Change the workspace, unless somebody else has meanwhile."""
    visit.who.must(Permission.CONFIGURE_WORKSPACE)
    words = {name: word.strip() for name, word in visit.form.words(*_WORKSPACE_FIELDS).items()}
    words["currency"] = words["currency"].upper()
    page = replace(_as_it_is(visit), workspace=words, workspace_version=visit.form["version"])
    if problems := _workspace_problems(words):
        return _page(visit, replace(page, workspace_problems=problems), HTTPStatus.BAD_REQUEST)
    try:
        visit.parts.workspaces.update(
            visit.who,
            {"name": words["name"], "timezone": words["timezone"], "currency": words["currency"]},
            visit.form["version"],
        )
    except Stale:
        now = etag(visit.parts.workspaces.of(visit.who))
        stale = replace(page, workspace_version=now, workspace_problem=Says("workspace.stale"))
        return _page(visit, stale, HTTPStatus.PRECONDITION_FAILED)
    return visit.go(PATH, Toast(says=Says("workspace.saved")))


def _page(visit: Visit, page: ProfilePage, status: int = HTTPStatus.OK) -> Answer:
    return visit.page("profile.html", page, status, active="settings")


def _as_it_is(visit: Visit) -> ProfilePage:
    profile = visit.parts.profiles.of(visit.who)
    page = ProfilePage(
        around=settings.around(visit, "profile"),
        values=_words_of(profile),
        version=etag(profile),
        saved=profile.updated_at is not None,
        zones=zones.names(),
        niches=niches(),
    )
    if not visit.who.may(Permission.CONFIGURE_WORKSPACE):
        return page
    workspace = visit.parts.workspaces.of(visit.who)
    return replace(page, workspace=_words_of_workspace(workspace), workspace_version=etag(workspace))


def _words_of(profile: Profile) -> dict[str, str]:
    plain = {name: getattr(profile, name) or "" for name in _FIELDS if name != "goals"}
    return plain | {"goals": "\n".join(profile.goals)}


def _words_of_workspace(workspace: Workspace) -> dict[str, str]:
    return {name: getattr(workspace, name) for name in _WORKSPACE_FIELDS}


def _changes(words: dict[str, str]) -> Changes:
    return {
        "display_name": words["display_name"] or None,
        "bio": words["bio"] or None,
        "timezone": words["timezone"] or None,
        "niche": words["niche"] or None,
        "goals": _lines(words["goals"]),
        "avatar_url": words["avatar_url"] or None,
    }


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _problems(words: dict[str, str]) -> dict[str, Says]:
    found = {name: _plain_problem(name, word) for name, word in words.items()}
    if words["timezone"] and not zones.is_known(words["timezone"]):
        found["timezone"] = Says("problem.zone")
    if words["avatar_url"] and not _ADDRESS.fullmatch(words["avatar_url"]):
        found["avatar_url"] = Says("problem.address")
    goals = _lines(words["goals"])
    if len(goals) > MOST_GOALS:
        found["goals"] = Says("problem.too_many_lines", {"count": MOST_GOALS})
    if any(len(goal) > LONGEST_GOAL for goal in goals):
        found["goals"] = Says("problem.line_too_long", {"count": LONGEST_GOAL})
    return {name: says for name, says in found.items() if says}


def _workspace_problems(words: dict[str, str]) -> dict[str, Says]:
    found = {name: _plain_problem(name, word) if word else Says("problem.required") for name, word in words.items()}
    if words["timezone"] and not zones.is_known(words["timezone"]):
        found["timezone"] = Says("problem.zone")
    if words["currency"] and not _CURRENCY.fullmatch(words["currency"]):
        found["currency"] = Says("problem.currency")
    return {name: says for name, says in found.items() if says}


def _plain_problem(name: str, word: str) -> Says | None:
    if "\x00" in word:
        return Says("problem.text")
    longest = LONGEST.get(name)
    return Says("problem.too_long", {"count": longest}) if longest and len(word) > longest else None


ROUTES = (
    Route("GET", PATH, show),
    Route("POST", PATH, save),
    Route("POST", f"{PATH}/delete", delete),
    Route("POST", "/settings/workspace", save_workspace),
)
