"""Connecting an account, and looking after it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus

from huntaze.connections.model import (
    CONNECTABLE,
    FASTEST,
    Asked,
    ConnectionRefused,
    ConnectionState,
    Finding,
    Health,
    NewLogin,
    Refusal,
    within,
)
from huntaze.connections.notice import notice
from huntaze.delivery.model import Pace
from huntaze.edge import switches
from huntaze.errors import Invalid, NotFound, TooMany, Unavailable
from huntaze.fans.model import Platform
from huntaze.members.model import Permission
from huntaze.platforms.model import AccessRefused, Away
from huntaze.waitlist.model import Awaited
from huntaze.web import settings
from huntaze.web.answer import Answer, see_other
from huntaze.web.connections_views import PATH, ConnectionsPage, Tab
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast
from huntaze.web.visit import Visit

PLATFORMS = (*CONNECTABLE, Platform.PATREON)
_LONGEST = {"bridge_url": 2_048, "token": 2_000, "new_bridge_url": 2_048, "new_token": 2_000, "reason": 500}
_BOUNDS = {"messages": (1, 1_000), "seconds": (1, 3_600), "gap_seconds": (0, 3_600)}
_LONGEST_NUMBER = 6
_FIELDS = {
    "bridgeUrl": ("bridge_url", "address"),
    "consent": ("consent", "consent"),
    "consent.notice": ("consent", "consent"),
}
_TONES = {Finding.WELL: "good", Finding.NO_ANSWER: "warning", Finding.BUSY: "warning"}

Problems = dict[str, Says]
Act = Callable[[Visit, ConnectionsPage], Answer]


def show(visit: Visit) -> Answer:
    """The account of a platform, or how to connect one."""
    return _shown(visit, _as_it_is(visit))


def show_shortcut(_: Visit) -> Answer:
    """The address that creators know by heart."""
    return see_other(f"{PATH}/{Platform.ONLYFANS}")


def connect(visit: Visit, page: ConnectionsPage) -> Answer:
    """Connect an account, with consent."""
    typed = _typed(visit, "bridge_url", "token")
    page = replace(page, failed="connect", typed={"bridge_url": typed["bridge_url"]})
    problems = _problems(typed, "bridge_url", "token")
    if visit.form["consent"] != notice().version:
        problems["consent"] = Says("connections.problem.consent")
    if problems:
        return _shown(visit, replace(page, problems=problems), HTTPStatus.BAD_REQUEST)
    asked = Asked(page.platform, typed["bridge_url"], typed["token"])
    health = visit.parts.connecting.connect(visit.who, asked, visit.form["consent"])
    name = health.connection.username or health.connection.user_id
    return visit.go(page.path, Toast(says=Says("connections.connected", {"name": name})))


def renew(visit: Visit, page: ConnectionsPage) -> Answer:
    """Take another login for the same account, or try the old one again."""
    typed = _typed(visit, "new_bridge_url", "new_token")
    if problems := _problems(typed):
        page = replace(page, failed="login", typed={"new_bridge_url": typed["new_bridge_url"]}, problems=problems)
        return _shown(visit, page, HTTPStatus.BAD_REQUEST)
    login = NewLogin(typed["new_bridge_url"] or None, typed["new_token"] or None)
    visit.parts.connecting.renew(visit.who, visit.id("connection_id"), login)
    return visit.go(page.path, Toast(says=Says("connections.renewed")))


def test(visit: Visit, page: ConnectionsPage) -> Answer:
    """Ask the bridge now, and say what it said."""
    tested = visit.parts.connections.test(visit.who, visit.id("connection_id"))
    says = Says(f"connections.found.{tested.finding}", {"milliseconds": tested.milliseconds})
    return visit.go(page.path, Toast(says=says, tone=_TONES.get(tested.finding, "bad")))


def set_pace(visit: Visit, page: ConnectionsPage) -> Answer:
    """Let it send at another pace."""
    typed = _typed(visit, *_BOUNDS)
    page = replace(page, failed="pace", typed=typed)
    numbers = {name: _number(word, *_BOUNDS[name]) for name, word in typed.items()}
    problems = {
        name: Says("connections.problem.number", dict(zip(("least", "most"), _BOUNDS[name], strict=True)))
        for name, number in numbers.items()
        if number is None
    }
    if problems:
        return _shown(visit, replace(page, problems=problems), HTTPStatus.BAD_REQUEST)
    pace = Pace(*(number or 0 for number in numbers.values()))
    try:
        visit.parts.connections.set_pace(visit.who, visit.id("connection_id"), pace)
    except Invalid:
        problems = {"messages": _too_fast(page, pace)}
        return _shown(visit, replace(page, problems=problems), HTTPStatus.BAD_REQUEST)
    return visit.go(page.path, Toast(says=Says("connections.pace.saved")))


def pause(visit: Visit, page: ConnectionsPage) -> Answer:
    """Let nothing leave."""
    typed = _typed(visit, "reason")
    if problems := _problems(typed, "reason"):
        page = replace(page, failed="pause", typed=typed, problems=problems)
        return _shown(visit, page, HTTPStatus.BAD_REQUEST)
    visit.parts.connections.pause(visit.who, visit.id("connection_id"), typed["reason"])
    return visit.go(page.path, Toast(says=Says("connections.paused")))


def resume(visit: Visit, page: ConnectionsPage) -> Answer:
    """Let what waits leave again."""
    health = visit.parts.connections.resume(visit.who, visit.id("connection_id"))
    return visit.go(page.path, Toast(says=_counted("connections.resumed", health)))


def disconnect(visit: Visit, page: ConnectionsPage) -> Answer:
    """Let the account go; the page has asked before."""
    health = visit.parts.connecting.disconnect(visit.who, visit.id("connection_id"))
    return visit.go(page.path, Toast(says=_counted("connections.disconnected", health)))


def wait(visit: Visit) -> Answer:
    """Hear when the platform can be connected."""
    page = _as_it_is(visit)
    if page.can_connect:
        raise NotFound
    email = visit.form["email"].strip()
    page = replace(page, failed="waitlist", email=email)
    before, at, after = email.partition("@")
    if not (before and at and after) or len(email) > 320 or set(email) & set(" \x00") or "@" in after:  # noqa: PLR2004
        problems = {"email": Says("problem.email")}
        return _shown(visit, replace(page, problems=problems), HTTPStatus.BAD_REQUEST)
    try:
        visit.parts.waitlist.join(email, Awaited(page.platform), visit.request.address)
    except TooMany:
        problem = Says("connections.waitlist.too_many")
        return _shown(visit, replace(page, problem=problem), HTTPStatus.TOO_MANY_REQUESTS)
    return visit.go(page.path, Toast(says=Says("connections.waitlist.done")))


def _done(visit: Visit, form: str, act: Act) -> Answer:
    """Do something with an account; what keeps it from being done is told beside its form."""
    switches.onlyfans(visit.parts.settings)
    visit.who.must(Permission.MANAGE_CONNECTIONS)
    page = _as_it_is(visit)
    again = replace(page, failed=form, typed=visit.form.words("bridge_url", "new_bridge_url"))
    try:
        return act(visit, page)
    except Invalid as wrong:
        problems = dict(_told_of(failing.field, form) for failing in wrong.fields)
        return _shown(visit, replace(again, problems=problems), HTTPStatus.BAD_REQUEST)
    except ConnectionRefused as refused:
        if refused.why is Refusal.CONNECTED and page.health:
            return visit.go(page.path)  # a form that was sent twice
        again = replace(again, problem=Says(f"connections.refused.{refused.why}"))
        return _shown(visit, again, HTTPStatus.CONFLICT)
    except Unavailable as away:
        again = replace(again, problem=_told_of_absence(away))
        return _shown(visit, again, HTTPStatus.SERVICE_UNAVAILABLE)


def _shown(visit: Visit, page: ConnectionsPage, status: int = HTTPStatus.OK) -> Answer:
    return visit.page("connections.html", page, status, active="settings")


def _as_it_is(visit: Visit) -> ConnectionsPage:
    from huntaze.web.imports_told import latest  # noqa: PLC0415  (few pages tell of imports)

    known = {platform.value: platform for platform in PLATFORMS}
    platform = known.get(visit.word("platform"))
    if platform is None:
        raise NotFound
    healths = visit.parts.connections.all(visit.who)
    in_use = {one.connection.platform: one for one in healths if one.state is not ConnectionState.REVOKED}
    health = in_use.get(platform)
    told = notice()
    return ConnectionsPage(
        around=settings.around(visit, "connections"),
        platform=platform,
        tabs=tuple(Tab(platform=one, state=in_use[one].state if one in in_use else None) for one in PLATFORMS),
        health=health,
        last=next((one for one in healths if one.connection.platform is platform and one is not health), None),
        may_manage=visit.who.may(Permission.MANAGE_CONNECTIONS),
        consent_by=_who_agreed(visit, health),
        notice=told.text[visit.locale],
        notice_version=told.version,
        email=visit.signed_in.email,
        imports=latest(visit),
    )


def _who_agreed(visit: Visit, health: Health | None) -> str:
    if health is None or health.connection.consent is None or not visit.who.may(Permission.READ_TEAM):
        return ""
    return visit.parts.team.get(visit.who, health.connection.consent.by).name


def _counted(key: str, health: Health) -> Says:
    return Says(key, {"count": health.waiting}) if health.waiting else Says(f"{key}.none")


def _typed(visit: Visit, *names: str) -> dict[str, str]:
    return {name: word.strip() for name, word in visit.form.words(*names).items()}


def _problems(typed: dict[str, str], *required: str) -> Problems:
    found: Problems = {}
    for name, word in typed.items():
        if not word and name in required:
            found[name] = Says("problem.required")
        elif len(word) > _LONGEST[name]:
            found[name] = Says("problem.too_long", {"count": _LONGEST[name]})
        elif name.endswith("token") and not (word.isascii() and word.isprintable() and " " not in word):
            found[name] = Says("connections.problem.token")
        elif "\x00" in word:
            found[name] = Says("problem.text")
    return found


def _told_of(field: str, form: str) -> tuple[str, Says]:
    """A field of the use case as a field of the page, and what is wrong with it."""
    name, key = _FIELDS.get(field, ("token", "token_refused"))
    return (f"new_{name}" if form == "login" else name), Says(f"connections.problem.{key}")


def _told_of_absence(away: Unavailable) -> Says:
    if isinstance(away, AccessRefused):
        return Says("connections.refused.busy" if away.why is Away.THROTTLED else "connections.refused.forbidden")
    return Says("connections.refused.no_answer")


def _too_fast(page: ConnectionsPage, pace: Pace) -> Says:
    limits = page.connection.limits if page.connection else None
    narrower = limits if limits is not None and within(pace, FASTEST) else FASTEST
    return Says("connections.problem.too_fast", {"messages": narrower.messages, "seconds": narrower.seconds})


def _number(word: str, least: int, most: int) -> int | None:
    number = int(word) if word.isascii() and word.isdigit() and len(word) <= _LONGEST_NUMBER else -1
    return number if least <= number <= most else None


_OF_CONNECTIONS: tuple[tuple[str, Act], ...] = (
    ("test", test),
    ("pace", set_pace),
    ("pause", pause),
    ("resume", resume),
    ("login", renew),
    ("disconnect", disconnect),
)
ROUTES = (
    Route("GET", "/of-connect", show_shortcut),
    Route("GET", f"{PATH}/{{platform}}", show),
    Route("POST", f"{PATH}/{{platform}}", partial(_done, form="connect", act=connect)),
    Route("POST", f"{PATH}/{{platform}}/waitlist", wait),
    *(
        Route("POST", f"{PATH}/{{platform}}/{{connection_id}}/{name}", partial(_done, form=name, act=act))
        for name, act in _OF_CONNECTIONS
    ),
)
