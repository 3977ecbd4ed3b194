"""One's own sign-in: the second factor on and off, another password, every device, and leaving the workspace."""

from http import HTTPStatus

from huntaze.errors import Conflict
from huntaze.security.model import link
from huntaze.sessions.model import Refusal, SignInRefused
from huntaze.web import cookies, settings
from huntaze.web.answer import Answer
from huntaze.web.between import carried, carrying
from huntaze.web.entrance import SHORTEST_PASSWORD, password_problems
from huntaze.web.picture import qr
from huntaze.web.site import Route
from huntaze.web.views import Says, Toast
from huntaze.web.views_people import SecondFactorPage, SecurityPage
from huntaze.web.visit import Visit

SECURITY = "/settings/security"
SETTING_UP = f"{SECURITY}/second-factor"
Problems = dict[str, Says]
_SAID = {
    Refusal.WRONG: {"password": Says("security.wrong_password")},
    Refusal.SECOND_FACTOR: {"code": Says("problem.required")},
    Refusal.WRONG_CODE: {"code": Says("security.wrong_code")},
    Refusal.WEAK_PASSWORD: {"new_password": Says("problem.password")},
}


def show_security(visit: Visit) -> Answer:
    """How this person signs in."""
    return _page(visit)


def begin_second_factor(visit: Visit) -> Answer:
    """Ask for the password, and go on to the secret."""
    password = visit.form["password"]
    if not password:
        return _page(visit, "on", {"password": Says("problem.required")})
    try:
        begun = visit.parts.security.begin_second_factor(visit.signed_in, password, visit.request.address)
    except SignInRefused as refused:
        return _refused(visit, "on", refused)
    return carrying(visit.go(SETTING_UP), visit, "factor", begun.secret, begun.ticket)


def show_second_factor(visit: Visit) -> Answer:
    """The secret, as a picture, as a link and in letters."""
    note = carried(visit, "factor")
    return visit.go(SECURITY) if note is None else _setting_up(visit, note[0])


def confirm_second_factor(visit: Visit) -> Answer:
    """Check that the app has the secret."""
    note, code = carried(visit, "factor"), _code(visit)
    if note is None:
        return visit.go(SECURITY, Toast(says=Says("security.too_late"), tone="warning"))
    secret, ticket = note
    if not code:
        return _setting_up(visit, secret, Says("problem.required"))
    try:
        visit.parts.security.confirm_second_factor(visit.signed_in, ticket, code, visit.request.address)
    except SignInRefused as refused:
        if refused.reason is Refusal.TICKET_ENDED:
            return visit.go(SECURITY, Toast(says=Says("security.too_late"), tone="warning"))
        too_many = refused.reason is Refusal.TOO_MANY
        return _setting_up(visit, secret, Says("security.too_many" if too_many else "security.wrong_code"))
    return visit.go(SECURITY, Toast(says=Says("security.on"))).with_cookies(cookies.taken(cookies.CHALLENGE))


def end_second_factor(visit: Visit) -> Answer:
    """Let the password be enough again."""
    password, code = visit.form["password"], _code(visit)
    required = {name: Says("problem.required") for name, word in (("password", password), ("code", code)) if not word}
    if required:
        return _page(visit, "off", required)
    try:
        visit.parts.security.end_second_factor(visit.signed_in, password, code, visit.request.address)
    except SignInRefused as refused:
        return _refused(visit, "off", refused)
    return visit.go(SECURITY, Toast(says=Says("security.off")))


def change_password(visit: Visit) -> Answer:
    """Take another password."""
    password, new = visit.form["old"], visit.form["new_password"]
    problems = password_problems(new) | ({} if password else {"password": Says("problem.required")})
    if problems:
        return _page(visit, "password", problems)
    try:
        code = _code(visit, "now")
        visit.parts.security.change_password(visit.signed_in, password, code, new, visit.request.address)
    except SignInRefused as refused:
        return _refused(visit, "password", refused)
    return visit.go(SECURITY, Toast(says=Says("security.password_changed")))


def leave(visit: Visit) -> Answer:
    """Leave the workspace; the page has asked before."""
    name = visit.membership.workspace_name if visit.membership else ""
    try:
        visit.parts.team.remove(visit.who, visit.who.member_id)
    except Conflict:
        return _page(visit, "leave")
    return visit.go("/", Toast(says=Says("security.left", {"name": name})))


def _refused(visit: Visit, form: str, refused: SignInRefused) -> Answer:
    if refused.reason is Refusal.TOO_MANY:
        return _page(visit, form, problem=Says("security.too_many"), status=HTTPStatus.TOO_MANY_REQUESTS)
    return _page(visit, form, _SAID.get(refused.reason, _SAID[Refusal.WRONG]))


def _page(
    visit: Visit,
    failed: str = "",
    problems: Problems | None = None,
    *,
    problem: Says | None = None,
    status: HTTPStatus = HTTPStatus.BAD_REQUEST,
) -> Answer:
    view = SecurityPage(
        around=settings.around(visit, "security"),
        second_factor=visit.parts.security.has_second_factor(visit.signed_in),
        shortest=SHORTEST_PASSWORD,
        only_owner=visit.parts.team.is_needed(visit.who),
        failed=failed,
        problem=problem,
        problems=problems or {},
    )
    return visit.page("security.html", view, status if failed else HTTPStatus.OK, active="settings")


def _setting_up(visit: Visit, secret: str, problem: Says | None = None) -> Answer:
    address = link(secret, visit.signed_in.email)
    view = SecondFactorPage(
        around=settings.around(visit, "security"),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        link=address,
        picture=qr(address),
        problems={"code": problem} if problem else {},
    )
    return visit.page(
        "second_factor.html", view, HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK, active="settings"
    )


def _code(visit: Visit, name: str = "code") -> str:
    """Six digits, however people group them."""
    return "".join(visit.form[name].split())


ROUTES = (
    Route("GET", SECURITY, show_security),
    Route("POST", f"{SECURITY}/password", change_password),
    Route("POST", SETTING_UP, begin_second_factor),
    Route("GET", SETTING_UP, show_second_factor),
    Route("POST", f"{SETTING_UP}/code", confirm_second_factor),
    Route("POST", f"{SETTING_UP}/off", end_second_factor),
    Route("POST", f"{SECURITY}/leave", leave),
)
