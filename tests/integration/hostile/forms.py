"""Every kind of form that the gateway knows: which are sent with hostile strings, in which order, and which are not."""

import re
from collections.abc import Iterable

from infra.routes import WEB
from tests.integration.hostile.house import House
from tests.integration.hostile.looks import InTurn
from tests.integration.hostile.visitor import FORMS, Visitor
from tests.support.gateway import route_of

KINDS = {route.path for route in WEB if route.method == "POST"}
# By why a browser that goes from page to page does not press it.
NOT_PRESSED = {
    "before signing in": {"/sign-in", "/sign-in/code", "/first-password", "/forgotten-password/code"},
    "after a right password": {"/settings/security/second-factor/code", "/settings/security/second-factor/off"},
    "somebody else, or somewhere else, afterwards": {
        *("/sign-out", "/sign-out-everywhere", "/language", "/appearance", "/settings/security/leave"),
        *("/platforms/connect/{platform}", "/platforms/connect/{platform}/{connection_id}/disconnect"),
    },
    "sent by a script while somebody types, and filled by the API's door": {
        "/messages/onlyfans/{conversation_id}/composer",
        "/messages/onlyfans/{conversation_id}/leaving",
    },
    "after a file has gone to its bucket": {
        "/platforms/connect/onlyfans/imports/upload",
        "/platforms/connect/onlyfans/imports/{import_id}/plan",
        "/platforms/connect/onlyfans/imports/{import_id}/commit",
    },
    "a button alone, where something is in another state than it is here": {
        *("/fans/bulk/tags/undo", "/fans/exports", "/fans/exports/{export_id}/again", "/operations/redrive"),
        *("/fans/{fan_id}/merge", "/fans/merges/{merge_id}/undo"),
        *("/invitations/{invitation_id}/accept", "/invitations/{invitation_id}/decline", "/messages/bulk/from-fans"),
        *(f"/messages/bulk/{{campaign_id}}/{word}" for word in ("launch", "retry", "discard")),
        "/messages/onlyfans/{conversation_id}/drafts/{draft_id}/restoration",
        *(
            f"/messages/onlyfans/{{conversation_id}}/messages/{{message_id}}/{word}"
            for word in ("check", "resolution", "retry")
        ),
    },
}
LEFT_OUT = set[str]().union(*NOT_PRESSED.values())

TAKING_AWAY = re.compile(r"/(cancel|delete|discard|erase|merge|remove|undo)$")
# Offered on the page that an answer leads to, and perhaps nowhere else.
FOLLOWING = re.compile(r"/(undo|restore|reopen|resume|code)$")


class Sending:
    """Sends each kind of form once, wherever it stands, and looks at what comes back."""

    def __init__(self, house: House, visitor: Visitor) -> None:
        self.sent = set[str]()
        self._strings, self._visitor = house.strings, visitor
        self._looks = InTurn(deep=house.deep)

    def all_of(self, addresses: Iterable[str]) -> None:
        """What stands on these pages. What takes away what others stand on comes after them."""
        later = [address for address in addresses if self._leaves_something(address, but=TAKING_AWAY)]
        for address in later:
            self._leaves_something(address)

    def _leaves_something(self, address: str, but: re.Pattern[str] | None = None) -> bool:
        self._visitor.page.goto(address)
        actions = self._left()
        for action in actions:
            if (but and but.search(action)) or kind_of(action) in self.sent:
                continue
            self._visitor.page.goto(address)
            if action in self._left():  # another may have taken it away
                self._send(action)
        return any(kind_of(action) not in self.sent for action in actions)

    def _send(self, action: str) -> None:
        strings = [self._strings[(len(self.sent) * 11 + place) % len(self._strings)] for place in range(12)]
        self._visitor.submit(action, strings, self._looks.next())
        self.sent.add(kind_of(action))
        if following := next(filter(FOLLOWING.search, self._left()), None):
            self._send(following)

    def _left(self) -> list[str]:
        return [action for action in self._visitor.read(FORMS) if kind_of(action) not in self.sent | LEFT_OUT]


def kind_of(action: str) -> str:
    """The route that a form is sent to."""
    return route_of("POST", action.partition("?")[0]).path
