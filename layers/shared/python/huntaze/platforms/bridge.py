"""OnlyFans and Fansly, through a bridge: a service of the creator's that speaks for their account.

Neither has a public API, so the creator points us at a bridge that they run or rent. docs/platform-bridge.md is the
contract with it. This is an honest client: it says who it is and slows down when it is told to.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from huntaze.platforms import records, replies
from huntaze.platforms.bridge_clocks import BridgeClocks
from huntaze.platforms.model import (
    AccountAway,
    AccountFacts,
    Answer,
    Away,
    Door,
    Found,
    Letter,
    NotAccepted,
    Passage,
    PlatformContent,
    PlatformFan,
    PlatformMessage,
    Reason,
    Statistics,
    Unknown,
)
from huntaze.platforms.told import Told, Unreadable
from huntaze.runtime.guarded_http import GuardedHttp, NoAnswer, Reply, Request
from huntaze.runtime.guarded_network import NotSent

USER_AGENT: Final = "Huntaze/1 (platform bridge client)"
PATIENCE: Final = 10.0  # seconds for a question that is no message
PAGE: Final = 50
_LONGEST_LIST = 4 * 1024 * 1024
# Of the time that is left, the bridge is told to take all but this: a refusal at its deadline must still travel back.
_WAY_BACK_SECONDS = 1.0
_WAY_BACK_SHARE = 0.25
_HEADERS = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "identity"}
Result = TypeVar("Result")
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")


class Bridge:
    """A Platform behind the bridge contract. Threads share it."""

    def __init__(
        self,
        http: GuardedHttp,
        clocks: BridgeClocks | None = None,
        now: Callable[[], float] = time.monotonic,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._http = http
        self._clocks = clocks or BridgeClocks(now)
        self._now = now
        self._patience = patience

    def send(self, door: Door, letter: Letter, give_up_at: float) -> Answer:
        """Hand over a message, and know what became of it."""
        if not _TOKEN.fullmatch(door.credentials.token):
            return AccountAway(Away.LOGIN_EXPIRED, Reason.BAD_TOKEN)
        try:
            deadline = self._deadline(door, give_up_at)
            if deadline is None:
                return NotAccepted(Reason.CLOCK_UNKNOWN, asked=False)
            reply = self._ask(_request(door, "POST", "/v1/messages", _letter(letter, deadline)), give_up_at)
        except NotSent as error:
            return NotAccepted(Reason(error.trouble), asked=False)
        except NoAnswer as error:
            return Unknown(Reason(error.trouble))
        answer = replies.answer_to_send(reply)
        if isinstance(answer, NotAccepted) and replies.bridge_time(reply) is None:
            self._clocks.forget(door.bridge_url)  # it was wrong, and nothing better came with the refusal
        return answer

    def account(self, door: Door) -> AccountFacts:
        """Who the token belongs to, what can be done there and how fast."""
        return self._read(door, "/v1/account", {}, records.account)

    def find(self, door: Door, reference: UUID) -> Found | None:
        """The message that was accepted under a reference."""
        query = {"clientReference": str(reference)}
        return self._read(door, "/v1/messages", query, lambda told: records.found(told, reference))

    def messages(self, door: Door, recipient: str, cursor: str | None = None) -> Passage[PlatformMessage]:
        """What was said between the creator and a fan."""
        return self._read(door, "/v1/messages", {"recipient": recipient, **_page(cursor)}, records.messages)

    def fans(self, door: Door, cursor: str | None = None) -> Passage[PlatformFan]:
        """The account's fans."""
        return self._read(door, "/v1/fans", _page(cursor), records.fans)

    def content(self, door: Door, cursor: str | None = None) -> Passage[PlatformContent]:
        """What the creator published or keeps to sell."""
        return self._read(door, "/v1/content", _page(cursor), records.content)

    def statistics(self, door: Door, begins_at: datetime, ends_at: datetime) -> Statistics:
        """What the account earned and who came and went between two moments."""
        query = {"from": begins_at.isoformat(), "to": ends_at.isoformat()}
        return self._read(door, "/v1/statistics", query, records.statistics)

    def set_webhook(self, door: Door, url: str) -> None:
        """Have events told to this address from now on."""
        body = {"url": url, "secret": door.credentials.webhook_secret}
        self._done(door, _request(door, "PUT", "/v1/webhook", body))

    def clear_webhook(self, door: Door) -> None:
        """Have events told nowhere any more."""
        self._done(door, _request(door, "DELETE", "/v1/webhook"))

    def _deadline(self, door: Door, give_up_at: float) -> int | None:
        """Until when the bridge may accept, by its own clock; None when it does not tell its time."""
        moment = give_up_at - min(_WAY_BACK_SECONDS, (give_up_at - self._now()) * _WAY_BACK_SHARE)
        known = self._clocks.reading(door.bridge_url, moment)
        if known is not None:
            return known
        try:
            reply = self._ask(Request("GET", door.bridge_url, "/v1/time", _HEADERS), give_up_at)
        except NoAnswer:  # that was not the message
            return None
        if (told := replies.time_in(reply)) is not None:
            self._clocks.learn(door.bridge_url, told, reply.at)
        return self._clocks.reading(door.bridge_url, moment)

    def _read(self, door: Door, path: str, query: Mapping[str, str], read: Callable[[Told], Result]) -> Result:
        reply = self._asked(door, _request(door, "GET", f"{path}?{urlencode(query)}" if query else path))
        if reply.status != HTTPStatus.OK:
            raise replies.refusal(reply)
        try:
            return read(Told.of(reply.body))
        except Unreadable:
            raise replies.unreadable() from None

    def _done(self, door: Door, request: Request) -> None:
        reply = self._asked(door, request)
        if reply.status != HTTPStatus.NO_CONTENT:
            raise replies.refusal(reply)

    def _asked(self, door: Door, request: Request) -> Reply:
        if not _TOKEN.fullmatch(door.credentials.token):
            raise replies.access_refused(Away.LOGIN_EXPIRED, Reason.BAD_TOKEN)
        try:
            return self._ask(request, self._now() + self._patience)
        except (NotSent, NoAnswer) as error:
            raise replies.unreachable(Reason(error.trouble)) from None

    def _ask(self, request: Request, until: float) -> Reply:
        reply = self._http.ask(request, until)
        if (stamp := replies.bridge_time(reply)) is not None:
            self._clocks.learn(request.base, stamp, reply.at)
        return reply


def _request(door: Door, method: str, target: str, body: Mapping[str, object] | None = None) -> Request:
    headers = {**_HEADERS, "Authorization": f"Bearer {door.credentials.token}"}
    if body is None:
        return Request(method, door.bridge_url, target, headers, longest_answer=_LONGEST_LIST)
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Request(method, door.bridge_url, target, {**headers, "Content-Type": "application/json"}, written)


def _letter(letter: Letter, deadline: int) -> dict[str, object]:
    return {
        "clientReference": str(letter.reference),
        "recipient": letter.recipient,
        "text": letter.text,
        "priceCents": letter.price_cents,
        "currency": letter.currency,
        "media": [dict(each) for each in letter.media],
        "deadline": deadline,
    }


def _page(cursor: str | None) -> dict[str, str]:
    return {"limit": str(PAGE)} if cursor is None else {"limit": str(PAGE), "cursor": cursor}
