"""A small client of the control API, for the local run and the tests."""

import http.client
import json
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

Json = dict[str, Any]

_SECONDS_TO_ANSWER = 30


class Refused(Exception):
    """The simulator said no; carries its status and what it said."""


class Client:
    """Asks one simulator."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._host = urlsplit(address).netloc

    def log(self, account: str | None = None, since: float = 0) -> list[Json]:
        """Every accepted send in order."""
        return list(self._ask("GET", "/log", account=account, since=since)["sends"])

    def attempts(self, account: str | None = None, since: float = 0) -> list[Json]:
        """Every send request that arrived, and what came of it."""
        return list(self._ask("GET", "/attempts", account=account, since=since)["attempts"])

    def make_account(self, account: str, **settings: Any) -> Json:
        """Make an account, or change one."""
        return self._ask("POST", "/accounts", {"account": account, **settings})

    def accounts(self) -> list[Json]:
        """All accounts."""
        return list(self._ask("GET", "/accounts")["accounts"])

    def add_fans(self, account: str, fans: list[Json], earnings: list[Json] | None = None) -> None:
        """Fans who have been there before."""
        self._ask("POST", f"/accounts/{quote(account)}/fans", {"fans": fans, "earnings": earnings or []})

    def renew_login(self, account: str) -> None:
        """Somebody signs the account in again."""
        self._ask("POST", f"/accounts/{quote(account)}/login")

    def break_down(self, kind: str, account: str = "*", **more: Any) -> Json:
        """Let something go wrong from now on."""
        return self._ask("POST", "/faults", {"kind": kind, "account": account, **more})

    def faults(self) -> list[Json]:
        """What goes wrong at the moment."""
        return list(self._ask("GET", "/faults")["faults"])

    def end_faults(self, account: str | None = None) -> None:
        """Let all go well again."""
        self._ask("DELETE", "/faults", account=account)

    def happen(self, kind: str, account: str, recipient: str | None = None, **more: Any) -> Json:
        """A fan writes, pays, comes or goes; or a creator types in the app."""
        who = {} if recipient is None else {"recipient": recipient}
        return self._ask("POST", "/events", {"kind": kind, "account": account, **who, **more})

    def deliveries(self, account: str | None = None) -> list[Json]:
        """What became of the events that a webhook is told."""
        return list(self._ask("GET", "/webhook-deliveries", account=account)["deliveries"])

    def _ask(self, method: str, path: str, body: Json | None = None, **query: Any) -> Json:
        said = urlencode({name: value for name, value in query.items() if value is not None})
        connection = http.client.HTTPConnection(self._host, timeout=_SECONDS_TO_ANSWER)
        try:
            connection.request(method, f"{path}?{said}" if said else path, json.dumps(body) if body else None)
            answer = connection.getresponse()
            read = json.loads(answer.read() or b"{}")
        finally:
            connection.close()
        if answer.status >= http.client.BAD_REQUEST:
            raise Refused(answer.status, read)
        return dict(read)
