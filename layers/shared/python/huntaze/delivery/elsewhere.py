"""What a person types in the platform's own app spends the same tokens: the platform counts it too."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.delivery.model import Asked, Pace
from huntaze.errors import Unavailable

_log = logging.getLogger(__name__)


class Attempts(Protocol):
    """The attempts of one workspace, inside one transaction."""

    def spent_elsewhere(self, attempt_id: UUID, account_id: UUID, message_id: UUID, at: datetime) -> Pace | None:
        """Note a send that was not ours; the account's pace while it still holds a token, None when it does not."""
        ...


class Stores(Protocol):
    """What a transaction gives to this."""

    @property
    def attempts(self) -> Attempts:
        """The attempts."""
        ...


class Tokens(Protocol):
    """The tokens of accounts."""

    def settle(self, answered: Sequence[Asked]) -> None:
        """The platform has had these."""
        ...


class Elsewhere:
    """Counts sends that were not ours."""

    def __init__(self, tokens: Tokens | None, new_id: Callable[[], UUID]) -> None:
        self._tokens = tokens
        self._new_id = new_id

    def spent(self, stores: Stores, account_id: UUID, message_id: UUID, at: datetime) -> None:
        """The database has the last word on the pace; Redis is told too, so that it refuses before anybody claims."""
        attempt_id = self._new_id()
        pace = stores.attempts.spent_elsewhere(attempt_id, account_id, message_id, at)
        if pace is None or self._tokens is None:
            return
        try:
            self._tokens.settle([Asked(account_id, attempt_id, pace)])
        except Unavailable:
            _log.warning("Redis could not be told of a send that was not ours")
