"""The control API: what reached the platform, what goes wrong there, and what fans do."""

import secrets
from dataclasses import asdict, replace

from local.simulator.books import Books
from local.simulator.courier import Courier
from local.simulator.exchange import Answer, Problem, Request, Routes, malformed
from local.simulator.faults import EVERYBODY, EVERYTHING, FIND, KINDS, SEND, Fault, Faults
from local.simulator.fields import Fields
from local.simulator.happenings import KINDS as HAPPENINGS
from local.simulator.happenings import Happenings
from local.simulator.model import Account, Fan, Json, Settings

_PLATFORMS = ("onlyfans", "fansly")
_ECHO_AFTER = 1.0
_USUALLY_SLOW = 5.0


class Control:
    """What a developer, a test or a judge may ask. It asks for no token: nothing outside this machine gets here."""

    def __init__(self, books: Books, faults: Faults, happenings: Happenings, courier: Courier) -> None:
        self._books = books
        self._faults = faults
        self._happenings = happenings
        self._courier = courier
        self.routes = Routes(
            {
                "GET /log": self._log,
                "GET /attempts": self._attempts,
                "GET /faults": self._list_faults,
                "POST /faults": self._declare_fault,
                "DELETE /faults": self._end_faults,
                "POST /events": self._happen,
                "GET /webhook-deliveries": self._deliveries,
                "GET /accounts": self._list_accounts,
                "POST /accounts": self._make_account,
                "POST /accounts/{id}/login": self._renew_login,
                "POST /accounts/{id}/fans": self._add_fans,
            }
        )

    def _log(self, request: Request) -> Answer:
        with self._books.lock:
            sends = list(self._books.sends)
        self._books.sync()
        return Answer(200, {"sends": _chosen(request, sends)})

    def _attempts(self, request: Request) -> Answer:
        with self._books.lock:
            attempts = [attempt.shown() for attempt in self._books.attempts]
        self._books.sync()
        return Answer(200, {"attempts": _chosen(request, attempts)})

    def _deliveries(self, request: Request) -> Answer:
        with self._books.lock:
            deliveries = [happening.shown() for happening in self._books.happenings.values()]
        return Answer(200, {"deliveries": _chosen(request, deliveries)})

    def _list_faults(self, _: Request) -> Answer:
        return Answer(200, {"faults": [fault.shown() for fault in self._faults.active()]})

    def _declare_fault(self, request: Request) -> Answer:
        fields = Fields(request.json())
        name, kind = fields.text("account", EVERYBODY), fields.one_of("kind", KINDS)
        if name != EVERYBODY:
            self._account(name)  # a fault of nobody would never strike
        if kind == "expire-login":
            details = {"probability": fields.number("probability", 1.0, most=1.0)}
        else:
            details = _details(kind, fields)
        seconds, seed = fields.number("seconds", None), fields.whole("seed", None)
        fields.end()
        seed = secrets.randbelow(2**31) if seed is None else seed
        fault = self._faults.declare(name, kind, seconds=seconds, seed=seed, **details)
        if kind == "expire-login" and fault.probability >= 1:
            self._expire_at_once(fault)
        return Answer(201, fault.shown())

    def _end_faults(self, request: Request) -> Answer:
        self._faults.end(request.query.get("account"))
        return Answer(204)

    def _happen(self, request: Request) -> Answer:
        fields = Fields(request.json())
        account, kind = self._account(fields.text("account")), fields.one_of("kind", HAPPENINGS)
        with self._books.lock:
            event_id = self._happenings.happen(account, kind, fields)
        self._books.sync()
        happening = self._books.happenings[event_id]
        self._courier.bring(happening)
        return Answer(201, {**happening.shown(), "data": happening.data})

    def _list_accounts(self, _: Request) -> Answer:
        with self._books.lock:
            return Answer(200, {"accounts": [_shown(account) for account in self._books.accounts.values()]})

    def _make_account(self, request: Request) -> Answer:
        """Make an account, or change what is said of one that is there."""
        fields = Fields(request.json())
        account_id = fields.text("account")
        with self._books.lock:
            known = self._books.accounts.get(account_id)
            settings = _settings(account_id, known, fields)
            holder = self._books.account_of(settings.token)
            if holder and holder.id != account_id:
                raise Problem(409, "token_taken", "another account is opened by this token")
            if known is None or known.settings != settings:
                self._books.record("account", account=account_id, settings=asdict(settings))
            answer = _shown(self._books.accounts[account_id])
        self._books.sync()
        return Answer(200 if known else 201, answer)

    def _renew_login(self, _: Request, account_id: str) -> Answer:
        account = self._account(account_id)
        self._faults.mend_login(account_id)
        self._books.record("login", account=account_id, signed_in=True)
        self._books.sync()
        return Answer(200, _shown(account))

    def _add_fans(self, request: Request, account_id: str) -> Answer:
        """Fans who have been there before, and what was earned; of both as many as there are."""
        account = self._account(account_id)
        said = request.json()
        try:
            fans = [asdict(Fan(**fan)) for fan in said.get("fans", [])]
            earnings = [
                {name: earning[name] for name in ("at", "kind", "cents")} for earning in said.get("earnings", [])
            ]
        except TypeError as error:
            raise malformed(f"a fan or an earning is not understood: {error}") from None
        self._books.record("fans", account=account_id, fans=fans, earnings=earnings)
        self._books.sync()
        return Answer(200, {"fans": len(account.fans)})

    def _account(self, account_id: str) -> Account:
        account = self._books.accounts.get(account_id)
        if account is None:
            raise Problem(404, "account_unknown", f"there is no account {account_id}: POST /accounts makes one")
        return account

    def _expire_at_once(self, fault: Fault) -> None:
        ids = [fault.account] if fault.account != EVERYBODY else list(self._books.accounts)
        for account in filter(None, map(self._books.accounts.get, ids)):
            self._faults.expire(fault, account.id)
            event_id = self._happenings.login_expired(account, for_good=False)
            self._books.sync()
            self._courier.bring(self._books.happenings[event_id])


def _chosen(request: Request, things: list[Json]) -> list[Json]:
    """Those of one account, from a moment on; everything of everybody where neither was said."""
    account = request.query.get("account", EVERYBODY)
    try:
        since = float(request.query.get("since", "0"))
    except ValueError:
        raise malformed("since must be seconds of the Unix epoch") from None
    return [thing for thing in things if account in {EVERYBODY, thing["account"]} and thing["at"] >= since]


def _details(kind: str, fields: Fields) -> Json:
    """How a fault strikes."""
    return {
        "on": fields.one_of("on", (SEND, FIND, EVERYTHING), SEND),
        "probability": fields.number("probability", 1.0, most=1.0),
        "times": fields.whole("times", None, least=1),
        "delay": fields.number("delay", _USUALLY_SLOW if kind.startswith("slow") else 0.0),
        "for_good": fields.flag("forGood", default=True),
        "reason": fields.text("reason", "content"),
        "retry_after": fields.whole("retryAfter", 5),
        "accepts": fields.flag("accepts", default=False),
    }


def _settings(account_id: str, known: Account | None, fields: Fields) -> Settings:
    """What was said; for the rest what was before."""
    platform = fields.one_of("platform", _PLATFORMS, known.settings.platform if known else _PLATFORMS[0])
    now = known.settings if known else Settings.first(account_id, platform)
    if known and platform != now.platform:
        raise Problem(409, "account_taken", f"{account_id} is on {now.platform}; here an id is one account")
    limits = Fields(fields.given("limits", None) or {})
    settings = replace(
        now,
        username=fields.text("username", now.username),
        token=fields.text("token", now.token),
        messages=limits.whole("messages", now.messages, least=1),
        seconds=limits.whole("seconds", now.seconds, least=1),
        strict=fields.flag("strict", default=now.strict),
        find=fields.flag("find", default=now.find),
        echo=_echo(fields.given("echo", now.echo)),
        reports=fields.flag("reports", default=now.reports),
    )
    limits.end()
    fields.end()
    return settings


def _echo(said: object) -> float | None:
    if isinstance(said, bool) or said is None:
        return _ECHO_AFTER if said else None
    return float(Fields({"echo": said}).number("echo"))


def _shown(account: Account) -> Json:
    settings = account.settings
    return {
        "account": account.id,
        "platform": settings.platform,
        "username": settings.username,
        "token": settings.token,
        "limits": {"messages": settings.messages, "seconds": settings.seconds},
        "strict": settings.strict,
        "find": settings.find,
        "echo": settings.echo,
        "reports": settings.reports,
        "signedIn": account.signed_in,
        "webhook": account.webhook.url if account.webhook else None,
        "fans": len(account.fans),
    }
