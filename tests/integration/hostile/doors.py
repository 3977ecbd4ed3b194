"""The doors that text comes in by, as it really comes: signed events of a bridge, and requests to the API."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from huntaze.members.model import Principal
from tests.integration.pages.conftest import Place
from tests.support import functions
from tests.support.fake_webhooks import Bridge, FakeDoors, FakeEventQueue, event
from tests.support.functions import CLAIMS, Answer, Context, http_event

REFUSED = {400, 413, 422}


@dataclass
class Told:
    """What was said at the doors, by field: what was kept, and what was refused."""

    kept: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


class Doors:
    """One creator's doors. A refusal at the door is written down; the rest of the request goes in without it."""

    def __init__(self, place: Place, who: Principal, account_id: UUID) -> None:
        self.told = Told()
        self.bridge = Bridge(account_id, clock=place.clock)
        self._place = place
        self._who = who
        self._queue = FakeEventQueue()
        place.parts.doors = FakeDoors({(who.workspace_id, account_id): self.bridge.secret})
        place.parts.event_queue = self._queue  # type: ignore[assignment]  # keeps the same Protocol

    def ask(self, function: str, method: str, path: str, body: object = None) -> Answer:
        """One request of the owner to the API."""
        http = http_event(method, path, body=body, claims={**CLAIMS, "sub": self._who.subject})
        answer = functions.load(function).handler(http, Context())
        return Answer(answer["statusCode"], answer["headers"], answer["body"])

    def offer(self, function: str, method: str, path: str, body: Mapping[str, Any], instead: Mapping[str, Any]) -> Any:
        """The same; fields that are refused are left out the second time, or replaced where they are needed."""
        answer = self.ask(function, method, path, body)
        if answer.status in REFUSED:
            failing = {re.split(r"[.\[]", name)[0] for name in answer.failing}
            self._note(self.told.refused, path, {name: body[name] for name in failing})
            body = {name: word for name, word in body.items() if name not in failing}
            answer = self.ask(function, method, path, {**instead, **body})
        assert answer.status // 100 == 2, (answer.body, {name: ascii(word)[:80] for name, word in body.items()})
        self._note(self.told.kept, path, body)
        return answer.json()

    def tell(self, kind: str, data: Mapping[str, Any], field_names: Mapping[str, str]) -> bool:
        """An event of the bridge, through the gateway's function and the worker; whether it was taken in."""
        body = event(kind, data, self._place.clock.now().isoformat())
        answer = functions.call("webhooks_in", "POST", self.bridge.path, body=body, headers=self.bridge.headers(body))
        assert answer.status == 204 or answer.status in REFUSED, answer.body
        for ticket in self._queue.tickets:
            self._place.parts.event_worker.receive(ticket.body())
        self._queue.tickets.clear()
        is_in = answer.status == 204 and self._outcome() == "done"
        self._note(self.told.kept if is_in else self.told.refused, kind, field_names)
        return is_in

    def _outcome(self) -> str:
        ((outcome,),) = self._place.run("SELECT outcome FROM webhook_events ORDER BY processed_at DESC LIMIT 1")
        return str(outcome)

    def _note(self, where: dict[str, list[str]], path: str, words: Mapping[str, Any]) -> None:
        place = re.sub(r"[0-9a-f-]{36}", "{id}", path)
        for name, word in words.items():
            where[f"{place} {name}"] += _texts(word)


def _texts(word: object) -> list[str]:
    if isinstance(word, str):
        return [word]
    if isinstance(word, dict):
        return [text for pair in word.items() for inner in pair for text in _texts(inner)]
    return [text for inner in word for text in _texts(inner)] if isinstance(word, list) else []
