"""Whose workspace is filled: what the generator has to know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """One message to many, over by now."""

    id: str
    name: str
    approved_by: str
    launched: timedelta  # before now
    text: str
    price_cents: int
    media_urls: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Creator:
    """One workspace. Ids are text, as they are written."""

    workspace_id: str
    word: str  # short, for addresses
    zone: str
    subscription_cents: int
    approvers: Sequence[str]  # members who approve and write notes, each there as often as they do
    accounts: Mapping[str, str]  # by platform, those that can send
    here_for: timedelta  # what is older was typed in the platform's own app
    currency: str = "USD"
    campaign: Campaign | None = None

    def user_on(self, platform: str) -> str:
        """Who the creator is on a platform."""
        return f"demo-{self.word}-{platform}"
