"""The platform's memory: a fold over its journal, the same after a restart as before."""

import time
from collections.abc import Callable
from threading import RLock
from typing import Any

from local.simulator.journal import Entry, Journal
from local.simulator.model import Account, Attempt, Earning, Fan, Happening, Message, Settings, Webhook

_TICK = 0.000001
SESSION_SECONDS = 30 * 86_400


class Books:
    """All that is known. Changes are entries: they are written first, and what they do is the same when read again."""

    def __init__(self, journal: Journal) -> None:
        self.lock = RLock()
        self.accounts: dict[str, Account] = {}
        self.attempts: list[Attempt] = []
        self.sends: list[Entry] = []
        self.happenings: dict[str, Happening] = {}
        self._tokens: dict[str, str] = {}
        self._journal = journal
        self._last = 0.0
        # The wall clock is read once: a step of it must not move one arrival against another.
        self._zero = time.time() - time.monotonic()
        self._kinds: dict[str, Callable[[Entry], None]] = {
            "account": self._on_account,
            "fans": self._on_fans,
            "login": self._on_login,
            "webhook": self._on_webhook,
            "attempt": self._on_attempt,
            "outcome": self._on_outcome,
            "accepted": self._on_accepted,
            "happened": self._on_happened,
            "told": self._on_told,
            "untold": self._on_untold,
        }
        for entry in journal.read():
            self._apply(entry)

    def now(self) -> float:
        """Seconds of the Unix epoch, by a clock that only goes forward."""
        return self._zero + time.monotonic()

    def tick(self) -> float:
        """A moment later than every other one that was written down; call it under the lock."""
        return round(max(self.now(), self._last + _TICK), 6)

    def record(self, kind: str, *, at: float | None = None, **facts: Any) -> float:
        """Write an entry, let it count, and tell its moment; nobody outside may hear of it before `sync`."""
        with self.lock:
            entry = {"kind": kind, "at": at or self.tick(), **facts}
            self._journal.append(entry)
            self._apply(entry)
            return float(entry["at"])

    def sync(self) -> None:
        """Return when everything recorded so far is on the disk."""
        self._journal.sync()

    def account_of(self, token: str | None) -> Account | None:
        """Whom a token opens."""
        return self.accounts.get(self._tokens.get(token or "", ""))

    def pending(self) -> list[Happening]:
        """What a webhook is still to be told, oldest first."""
        with self.lock:
            return [happening for happening in self.happenings.values() if happening.pending]

    def _apply(self, entry: Entry) -> None:
        self._kinds[entry["kind"]](entry)
        self._last = max(self._last, entry["at"])

    def _on_account(self, entry: Entry) -> None:
        settings = Settings(**entry["settings"])
        account = self.accounts.get(entry["account"])
        if account is None:
            account = Account(entry["account"], settings, session_expires_at=entry["at"] + SESSION_SECONDS)
            self.accounts[account.id] = account
        self._tokens.pop(account.settings.token, None)
        self._tokens[settings.token] = account.id
        account.settings = settings

    def _on_fans(self, entry: Entry) -> None:
        account = self.accounts[entry["account"]]
        account.fans |= {fan["id"]: Fan(**fan) for fan in entry["fans"]}
        account.earnings += [Earning(**earning) for earning in entry["earnings"]]

    def _on_login(self, entry: Entry) -> None:
        account = self.accounts[entry["account"]]
        account.signed_in = entry["signed_in"]
        account.session_expires_at = entry["at"] + SESSION_SECONDS if account.signed_in else None

    def _on_webhook(self, entry: Entry) -> None:
        account = self.accounts[entry["account"]]
        account.webhook = Webhook(**entry["webhook"]) if entry["webhook"] else None

    def _on_attempt(self, entry: Entry) -> None:
        account = self.accounts.get(entry["account"] or "")
        if account:
            account.arrivals.append(entry["at"])
        self.attempts.append(
            Attempt(len(self.attempts), entry["at"], entry["account"], entry["reference"], entry["recipient"])
        )

    def _on_outcome(self, entry: Entry) -> None:
        attempt = self.attempts[entry["attempt"]]
        attempt.outcome, attempt.status, attempt.ended_at = entry["outcome"], entry["status"], entry["at"]

    def _on_accepted(self, entry: Entry) -> None:
        account, message = self.accounts[entry["account"]], Message(**entry["message"])
        account.messages.append(message)
        account.accepted[str(message.reference)] = message
        self.sends.append({"account": account.id, **message.shown(), "at": message.at})
        self.attempts[entry["attempt"]].outcome = "accepted"

    def _on_happened(self, entry: Entry) -> None:
        account = self.accounts[entry["account"]]
        if entry["message"]:
            account.messages.append(Message(**entry["message"]))
        if entry["fan"]:
            account.fans[entry["fan"]["id"]] = Fan(**entry["fan"])
        if entry["earned"]:
            account.earnings.append(Earning(**entry["earned"]))
        self.happenings[entry["id"]] = Happening(
            entry["id"], account.id, entry["at"], entry["type"], entry["data"], entry["listened"]
        )

    def _on_told(self, entry: Entry) -> None:
        happening = self.happenings[entry["id"]]
        happening.tries += 1
        happening.last_answer = entry["answer"]
        if entry["delivered"]:
            happening.delivered_at = entry["at"]

    def _on_untold(self, entry: Entry) -> None:
        self.happenings[entry["id"]].listened = False
