"""Flowing: every minute each campaign under way goes a step on, until its rows say that it is completed."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from huntaze.campaigns import filling
from huntaze.campaigns.filling import Filling
from huntaze.campaigns.letting_out import FlowStores, let_out
from huntaze.campaigns.model import PauseReason, Reason
from huntaze.campaigns.steps import Ended, Step
from huntaze.clock import Clock
from huntaze.errors import Unavailable

AT_MOST = 200  # campaigns in one round; the next round takes others
PUT_ASIDE = 2_000  # rows in one transaction

_log = logging.getLogger(__name__)


class EveryCampaign(Protocol):
    """What is asked across workspaces."""

    def to_run(self, at_most: int) -> Sequence[tuple[UUID, UUID]]:
        """Workspaces and campaigns that the schedule has to see to, in any order."""
        ...


class Tending(filling.HeldStore, Protocol):
    """Campaigns under way, inside one transaction of a workspace."""

    def held(self, campaign_id: UUID) -> Step:
        """Be the only one who works on a campaign, and what is to be done; nothing where somebody else is at it."""
        ...

    def start(self, campaign_id: UUID) -> None:
        """It begins."""
        ...

    def pause(self, campaign_id: UUID, reason: PauseReason) -> None:
        """Let it rest: what it has let out waits again."""
        ...

    def take_back(self, campaign_id: UUID) -> None:
        """What it has let out waits again."""
        ...

    def put_aside(self, campaign_id: UUID, reason: Reason | None, at_most: int) -> bool:
        """Some who wait get nothing: left out for this reason, or cancelled; whether there may be more of them."""
        ...

    def close(self, campaign_id: UUID) -> None:
        """A cancelled campaign needs nothing more."""
        ...

    def fold(self, campaign_id: UUID) -> None:
        """Make few tallies of many, and keep their sums with the campaign."""
        ...

    def ended(self, campaign_id: UUID) -> Ended:
        """How it goes."""
        ...

    def complete(self, campaign_id: UUID) -> bool:
        """It is through, if its rows say so."""
        ...


class Stores(filling.Stores, FlowStores, Protocol):
    """What a transaction gives to the flow."""

    @property
    def tending(self) -> Tending:
        """Campaigns under way."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Flowing:
    """Sees to the campaigns of all workspaces."""

    campaigns: EveryCampaign
    transactions: Callable[[UUID], AbstractContextManager[Stores]]
    filling: Filling
    wake: Callable[[UUID, UUID], object]
    clock: Clock
    new_id: Callable[[], UUID]
    now: Callable[[], float] = field(default=time.monotonic)

    def round(self, until: float) -> int:
        """See to every campaign, up to this moment of `time.monotonic`; how many messages were let out."""
        accounts: dict[tuple[UUID, UUID], None] = {}
        for workspace_id, campaign_id in self.campaigns.to_run(AT_MOST):
            if self.now() >= until:
                _log.warning("there was no time to see to every campaign: the next round goes on")
                break
            for account_id in self._tended(workspace_id, campaign_id, until):
                accounts[workspace_id, account_id] = None
        return sum(self._let_out(*account) for account in accounts)

    def tend(self, workspace_id: UUID, campaign_id: UUID, until: float) -> Sequence[UUID]:
        """Whatever is to be done with a campaign but letting it out; the accounts through which somebody waits."""
        with self.transactions(workspace_id) as stores:
            step = stores.tending.held(campaign_id)
            if step is Step.START:
                stores.tending.start(campaign_id)
            elif step is Step.TOO_LATE_TO_START:
                stores.tending.pause(campaign_id, PauseReason.LATE)
            elif step is Step.END:
                stores.tending.take_back(campaign_id)
        if step is Step.NOTHING:
            return ()
        self.filling.fill(workspace_id, campaign_id, until)
        if step in {Step.END, Step.CLOSE}:
            self._put_aside(workspace_id, campaign_id, step, until)
        return self._looked_at(workspace_id, campaign_id)

    def let_out(self, workspace_id: UUID, account_id: UUID) -> int:
        """Fill up the next 15 minutes of an account, and wake it."""
        with self.transactions(workspace_id) as stores:
            made = let_out(stores, account_id, self.clock.now(), self.new_id)
        if made:
            self.wake(workspace_id, account_id)
        return made

    def _tended(self, workspace_id: UUID, campaign_id: UUID, until: float) -> Sequence[UUID]:
        try:
            return self.tend(workspace_id, campaign_id, until)
        except Exception:  # noqa: BLE001 - one campaign that fails each time must not keep all others from going on
            _log.exception("a campaign cannot go on", extra={"campaignId": str(campaign_id)})
            return ()

    def _let_out(self, workspace_id: UUID, account_id: UUID) -> int:
        try:
            return self.let_out(workspace_id, account_id)
        except Unavailable:
            _log.warning("an account wakes by schedule", exc_info=True, extra={"accountId": str(account_id)})
        except Exception:  # noqa: BLE001 - nor one account all others
            _log.exception("an account cannot flow", extra={"accountId": str(account_id)})
        return 0

    def _put_aside(self, workspace_id: UUID, campaign_id: UUID, step: Step, until: float) -> None:
        reason = Reason.TOO_LATE if step is Step.END else None
        more = True
        while more and self.now() < until:
            with self.transactions(workspace_id) as stores:
                if stores.tending.held(campaign_id) is not step:
                    return
                more = stores.tending.put_aside(campaign_id, reason, PUT_ASIDE)
                if not more and step is Step.CLOSE:
                    stores.tending.close(campaign_id)

    def _looked_at(self, workspace_id: UUID, campaign_id: UUID) -> Sequence[UUID]:
        """Its numbers: they may say that it is through, or that it should rest."""
        with self.transactions(workspace_id) as stores:
            step = stores.tending.held(campaign_id)
            if step is Step.NOTHING:
                return ()
            stores.tending.fold(campaign_id)
            if step not in {Step.GO_ON, Step.END}:
                return ()
            ended = stores.tending.ended(campaign_id)
            if ended.is_going_wrong and ended.waiting:
                stores.tending.pause(campaign_id, PauseReason.ERRORS)
                _log.warning("a campaign rests: too much of it failed", extra={"campaignId": str(campaign_id)})
                return ()
            if not ended.waiting and stores.tending.complete(campaign_id):
                return ()
            return stores.flow.accounts_waiting([campaign_id])
