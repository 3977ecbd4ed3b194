"""Signing in: the password and the second factor, the first password of one's own, and the forgotten one."""

import re
from http import HTTPStatus

from huntaze.sessions.model import CodeNeeded, PasswordNeeded, Proven, Refusal, SignInRefused
from huntaze.web import addresses, cookies
from huntaze.web.answer import Answer
from huntaze.web.between import carried, carrying
from huntaze.web.site import Route
from huntaze.web.views import FirstPasswordPage, ForgottenPasswordPage, Says, SignInPage
from huntaze.web.views_people import CodePage
from huntaze.web.visit import Visit

SHORTEST_PASSWORD = 12
_LONGEST_PASSWORD = 256
_LONGEST_EMAIL = 320
_EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")
_DONE = {"password_set": Says("sign_in.password_set"), "signed_out": Says("sign_in.signed_out")}
_SAID = {
    Refusal.WRONG: Says("sign_in.wrong"),
    Refusal.TOO_MANY: Says("sign_in.too_many"),
    Refusal.TICKET_ENDED: Says("sign_in.too_late"),
    Refusal.SECOND_FACTOR: Says("sign_in.second_factor"),
}
Problems = dict[str, Says]


def show_sign_in(visit: Visit) -> Answer:
    """The form; who is signed in already goes on."""
    wanted = addresses.own(visit.request.query.get("next", ""), "")
    if visit.session is not None:
        return visit.go(wanted or "/")
    ended = cookies.SESSION in visit.request.cookies
    done = _DONE.get(visit.request.query.get("done", ""))
    answer = visit.page(
        "sign_in.html",
        SignInPage(next=wanted, done=done, problem=Says("sign_in.expired") if ended and not done else None),
    )
    return answer.with_cookies(cookies.taken(cookies.SESSION)) if ended else answer


def sign_in(visit: Visit) -> Answer:
    """Check the password, and begin a session."""
    email, password = _email(visit), visit.form["password"]
    problems = email_problems(email) | ({} if password else {"password": Says("problem.required")})
    if problems:
        return _sign_in_again(visit, SignInPage(email=email, next=visit.way_back(""), problems=problems))
    try:
        outcome = visit.parts.sessions.sign_in(email, password, visit.request.address)
    except SignInRefused as refused:
        return _refused(visit, email, refused.reason)
    return _go_on(visit, outcome, visit.way_back())


def show_first_password(visit: Visit) -> Answer:
    """The form for one's own password; without the invitation's there is nothing to do here."""
    needed, _ = _ticket(visit)
    if needed is None:
        return visit.go("/sign-in")
    return visit.page("first_password.html", FirstPasswordPage(email=needed.email, shortest=SHORTEST_PASSWORD))


def choose_first_password(visit: Visit) -> Answer:
    """Take one's own password, and begin a session."""
    needed, wanted = _ticket(visit)
    if needed is None:
        return visit.go("/sign-in")
    password = visit.form["new_password"]
    problems = password_problems(password)
    try:
        if not problems:
            outcome = visit.parts.sessions.choose_first_password(needed, password, visit.request.address)
            return _go_on(visit, outcome, wanted)
    except SignInRefused as refused:
        if refused.reason is not Refusal.WEAK_PASSWORD:
            return _refused(visit, needed.email, refused.reason)
        problems = {"new_password": Says("problem.password")}
    view = FirstPasswordPage(email=needed.email, shortest=SHORTEST_PASSWORD, problems=problems)
    return visit.page("first_password.html", view, HTTPStatus.BAD_REQUEST)


def show_second_factor(visit: Visit) -> Answer:
    """The form for a code of the second factor; without a right password there is nothing to do here."""
    note = carried(visit, "code-needed")
    return visit.go("/sign-in") if note is None else visit.page("sign_in_code.html", CodePage(email=note[0]))


def enter_code(visit: Visit) -> Answer:
    """Check the code, and begin a session."""
    note = carried(visit, "code-needed")
    if note is None:
        return visit.go("/sign-in")
    email, ticket, wanted = note
    code = "".join(visit.form["code"].split())
    problem = None if code else Says("problem.required")
    if not problem:
        try:
            proven = visit.parts.sessions.enter_code(CodeNeeded(email, ticket), code, visit.request.address)
            return _let_in(visit, proven, addresses.own(wanted))
        except SignInRefused as refused:
            if refused.reason is not Refusal.WRONG_CODE:
                return _refused(visit, email, refused.reason)
            problem = Says("security.wrong_code")
    return visit.page("sign_in_code.html", CodePage(email=email, problems={"code": problem}), HTTPStatus.BAD_REQUEST)


def show_forgotten(visit: Visit) -> Answer:
    """Ask for the address to send a code to."""
    return visit.page("forgotten_password.html", ForgottenPasswordPage(shortest=SHORTEST_PASSWORD))


def send_code(visit: Visit) -> Answer:
    """Send a code, and go on alike whether there is an account or not."""
    email = _email(visit)
    view = ForgottenPasswordPage(email=email, shortest=SHORTEST_PASSWORD, problems=email_problems(email))
    if view.problems:
        return visit.page("forgotten_password.html", view, HTTPStatus.BAD_REQUEST)
    try:
        visit.parts.sessions.send_code(email, visit.request.address)
    except SignInRefused as refused:
        view = ForgottenPasswordPage(email=email, problem=_said(refused.reason))
        return visit.page("forgotten_password.html", view, HTTPStatus.TOO_MANY_REQUESTS)
    return carrying(visit.go("/forgotten-password/code"), visit, "code", email)


def show_code(visit: Visit) -> Answer:
    """Ask for the code and the new password."""
    note = carried(visit, "code")
    if note is None:
        return visit.go("/forgotten-password")
    view = ForgottenPasswordPage(email=note[0], code_sent=True, shortest=SHORTEST_PASSWORD)
    return visit.page("forgotten_password.html", view)


def set_password(visit: Visit) -> Answer:
    """Set the new password; then it is asked for like any other."""
    email, code, password = _email(visit), visit.form["code"].strip(), visit.form["new_password"]
    problems = email_problems(email) | password_problems(password)
    problems |= {} if code else {"code": Says("problem.required")}
    problem, status = None, HTTPStatus.BAD_REQUEST
    if not problems:
        try:
            visit.parts.sessions.set_password(email, code, password, visit.request.address)
            return visit.go("/sign-in?done=password_set").with_cookies(cookies.taken(cookies.CHALLENGE))
        except SignInRefused as refused:
            problems = _code_problems(refused.reason)
            if not problems:
                problem, status = _said(refused.reason), HTTPStatus.TOO_MANY_REQUESTS
    view = ForgottenPasswordPage(
        email=email, code_sent=True, shortest=SHORTEST_PASSWORD, problem=problem, problems=problems
    )
    return visit.page("forgotten_password.html", view, status)


def _go_on(visit: Visit, outcome: Proven | PasswordNeeded | CodeNeeded, wanted: str) -> Answer:
    """In, or to the next thing that is asked for."""
    if isinstance(outcome, Proven):
        return _let_in(visit, outcome, wanted)
    kind, page = (
        ("first", "/first-password") if isinstance(outcome, PasswordNeeded) else ("code-needed", "/sign-in/code")
    )
    return carrying(visit.go(page), visit, kind, outcome.email, outcome.ticket, wanted)


def _let_in(visit: Visit, person: Proven, address: str) -> Answer:
    """A new session, with a token that nobody could have known before."""
    token = visit.parts.sessions.begin(person, visit.preferences, visit.session)
    spent = map(cookies.taken, (cookies.FORM, cookies.CHALLENGE, cookies.FLASH))
    return visit.go(address).with_cookies(cookies.given(cookies.SESSION, token), *spent)


def _refused(visit: Visit, email: str, reason: Refusal) -> Answer:
    view = SignInPage(email=email, next=visit.way_back(""), problem=_said(reason))
    status = HTTPStatus.TOO_MANY_REQUESTS if reason is Refusal.TOO_MANY else HTTPStatus.BAD_REQUEST
    return _sign_in_again(visit, view, status)


def _sign_in_again(visit: Visit, view: SignInPage, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> Answer:
    return visit.page("sign_in.html", view, status)


def _said(reason: Refusal) -> Says:
    return _SAID.get(reason, _SAID[Refusal.WRONG])


def _code_problems(reason: Refusal) -> Problems:
    return {
        Refusal.WRONG_CODE: {"code": Says("problem.code")},
        Refusal.CODE_ENDED: {"code": Says("problem.code_expired")},
        Refusal.WEAK_PASSWORD: {"new_password": Says("problem.password")},
    }.get(reason, {})


def _email(visit: Visit) -> str:
    return visit.form["email"].strip().lower()


def email_problems(email: str) -> Problems:
    """What is wrong with an address, as far as can be seen."""
    if not email:
        return {"email": Says("problem.required")}
    return {} if _EMAIL.fullmatch(email) and len(email) <= _LONGEST_EMAIL else {"email": Says("problem.email")}


def password_problems(password: str) -> Problems:
    """What is wrong with a new password before anybody is asked."""
    if not password:
        return {"new_password": Says("problem.required")}
    fits = SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD
    return {} if fits else {"new_password": Says("problem.password")}


def _ticket(visit: Visit) -> tuple[PasswordNeeded | None, str]:
    note = carried(visit, "first")
    return (PasswordNeeded(note[0], note[1]), addresses.own(note[2])) if note else (None, "/")


ROUTES = (
    Route("GET", "/sign-in", show_sign_in, open_to_all=True),
    Route("POST", "/sign-in", sign_in, open_to_all=True),
    Route("GET", "/sign-in/code", show_second_factor, open_to_all=True),
    Route("POST", "/sign-in/code", enter_code, open_to_all=True),
    Route("GET", "/first-password", show_first_password, open_to_all=True),
    Route("POST", "/first-password", choose_first_password, open_to_all=True),
    Route("GET", "/forgotten-password", show_forgotten, open_to_all=True),
    Route("POST", "/forgotten-password", send_code, open_to_all=True),
    Route("GET", "/forgotten-password/code", show_code, open_to_all=True),
    Route("POST", "/forgotten-password/code", set_password, open_to_all=True),
)
