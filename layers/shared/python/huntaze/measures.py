"""What is measured, by the names that metrics, alarms and dashboards share. The names are part of the contract."""

from enum import StrEnum
from typing import Protocol


class Count(StrEnum):
    """How often something happened."""

    QUEUED = "OnlyFansMessagesQueued"  # let out by a person
    PROCESSED = "OnlyFansMessagesProcessed"  # handed over and come to an end: sent, failed or unknown
    FAILED = "OnlyFansMessagesFailed"  # the part of these that failed
    DEFERRED = "OnlyFansMessagesDeferred"  # claimed, and put back to wait: the account or the platform was not ready
    STALLED = "OnlyFansPermitsStalled"  # put back because the database or Redis was away
    IMPORTED = "FansImported"  # fans that imports have made new


class Time(StrEnum):
    """How long something took."""

    PROCESSING = "OnlyFansProcessingTime"  # from the claim to its end
    SLOT_DELAY = "OnlyFansSlotDelay"  # from the planned slot to the claim


class Gauge(StrEnum):
    """How much there is of something, looked at by a schedule and never added up."""

    QUEUE_DEPTH = "OnlyFansQueueDepth"  # permits that wait, due or not
    OUTBOX_AGE = "OnlyFansOutboxAge"  # seconds that the oldest permit is due and on no queue
    UNKNOWN = "OnlyFansMessagesUnknown"  # messages of which nobody knows whether they arrived
    # These are written only while there is something to say: a figure costs in each hour in which it is written.
    ACCOUNTS = "OnlyFansAccounts"  # accounts in use: neither disconnected nor paused by a person
    ACCOUNTS_AWAY = "OnlyFansAccountsAway"  # those with something to send that may not: held, signed out, failing
    TOKENS_LEFT = "OnlyFansTokensLeft"  # sends that those who have something to send and may could begin at once
    CAMPAIGNS = "OnlyFansCampaignsActive"  # campaigns under way


class Measures(Protocol):
    """Takes figures down. It never fails whoever gives them, and what it is given may be lost: rows are the truth."""

    def count(self, what: Count, times: int, platform: str) -> None:
        """It happened so many times more."""
        ...

    def time(self, what: Time, seconds: float, platform: str) -> None:
        """It took so long once."""
        ...

    def gauge(self, what: Gauge, value: float) -> None:
        """There is so much of it now."""
        ...
