"""Campaigns in words: whom they are for, what they say and when, as somebody approves it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from huntaze.campaigns.model import (
    AccountState,
    Audience,
    Campaign,
    Filter,
    Outcome,
    PauseReason,
    Rules,
    Schedule,
    Status,
    Variant,
)
from huntaze.messages.model import Status as MessageStatus
from huntaze.money import Money
from huntaze.web import format as formats
from huntaze.web.campaigns_views import Left, Still
from huntaze.web.inbox_thread import reason_of
from huntaze.web.views import Says
from huntaze.web.visit import Visit
from huntaze.web.words import Words, words

if TYPE_CHECKING:
    from huntaze.campaigns.figures import Standing

PRICED_IN = "USD"  # campaigns, wherever they go
_BETWEEN = " · "


def facts(visit: Visit, campaign: Campaign) -> tuple[tuple[str, str], ...]:
    """Everything that is approved, each with its label."""
    telling = _Telling(visit)
    return tuple((telling.say(f"campaigns.fact.{key}", **gaps), text) for key, gaps, text in telling.all_of(campaign))


def left(counts: Mapping[str, int]) -> tuple[Left, ...]:
    """Who is left out, the most first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Left(says=Says(f"campaigns.reason.{reason}"), count=count) for reason, count in ordered)


def why(outcome: Outcome, reason: str | None) -> Says | None:
    """Why somebody got nothing."""
    if outcome is Outcome.FAILED:
        return reason_of(MessageStatus.FAILED, reason)
    if outcome is Outcome.SKIPPED and reason:
        return Says(f"campaigns.reason.{reason}")
    return None


def rests(status: Status, reason: PauseReason | None) -> Says | None:
    """Why a campaign rests."""
    return Says(f"campaigns.rests.{reason}") if status is Status.PAUSED and reason else None


def still(standing: "Standing") -> tuple[Still, ...]:
    """Which accounts keep it waiting, and why; times to the minute, as they are told."""
    return tuple(
        Still(
            platform=lane.platform,
            says=Says(f"campaigns.still.{lane.state}"),
            until=lane.held_until.replace(second=0, microsecond=0)
            if lane.state is AccountState.HELD and lane.held_until
            else None,
        )
        for lane in standing.waits_for
    )


class _Telling:
    """Tells one campaign to one reader."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._words: Words = words(visit.locale)
        self.say = self._words.say

    def all_of(self, campaign: Campaign) -> Iterator[tuple[str, dict[str, object], str]]:
        yield "name", {}, campaign.name
        yield from self._audience(campaign.audience)
        yield "rules", {}, _BETWEEN.join(self._rules(campaign.audience.rules)) or self.say("campaigns.told.no_rules")
        alone = len(campaign.variants) == 1
        for variant in campaign.variants:
            gaps: dict[str, object] = {} if alone else {"name": variant.name, "share": variant.share}
            yield "text" if alone else "variant", gaps, self._variant(variant)
        yield "times", {}, _BETWEEN.join(self._times(campaign.schedule))

    def _audience(self, audience: Audience) -> Iterator[tuple[str, dict[str, object], str]]:
        if audience.recipient_ids is not None:
            yield "include", {}, self.say("campaigns.told.named", count=len(audience.recipient_ids))
            return
        yield "include", {}, self._filter(audience.include)
        for asked in audience.exclude:
            yield "exclude", {}, self._filter(asked)

    def _filter(self, asked: Filter) -> str:
        return _BETWEEN.join(self._qualities(asked)) or self.say("campaigns.told.everybody")

    def _qualities(self, asked: Filter) -> Iterator[str]:
        if asked.tags:
            yield self.say("campaigns.told.tags", tags=", ".join(asked.tags))
        for name, cents in (("min_value", asked.min_value_cents), ("max_value", asked.max_value_cents)):
            if cents is not None:
                amount = formats.money(Money(cents, self._visit.seat.currency), self._visit.locale)
                yield self.say(f"campaigns.told.{name}", amount=amount)
        for name, at in (("seen_after", asked.seen_after), ("seen_before", asked.seen_before)):
            if at is not None:
                yield self.say(f"campaigns.told.{name}", at=formats.exact(at, self._visit.timezone, self._words))
        yield from (self.say(f"platform.{platform}") for platform in asked.platforms)
        if asked.subscriptions:
            told = ", ".join(self.say(f"status.{one}") for one in asked.subscriptions)
            yield self.say("campaigns.told.subscriptions", states=told)
        for name, answer in (("bought", asked.bought), ("replied", asked.replied)):
            if answer is not None:
                yield self.say(f"campaigns.{name}.{'yes' if answer else 'no'}")

    def _rules(self, rules: Rules) -> Iterator[str]:
        if rules.not_within_hours:
            yield self.say("campaigns.told.not_within", count=rules.not_within_hours)
        if rules.active_chat_minutes:
            yield self.say("campaigns.told.active_chat", count=rules.active_chat_minutes)
        if rules.at_most:
            yield self.say("campaigns.told.at_most", count=rules.at_most, days=rules.in_days)

    def _variant(self, variant: Variant) -> str:
        price = Money(variant.price_cents, PRICED_IN)
        told = [variant.content] if variant.content else []
        if variant.price_cents:
            told.append(self.say("campaigns.told.price", amount=formats.money(price, self._visit.locale)))
        return "\n".join([*told, *variant.media])

    def _times(self, schedule: Schedule) -> Iterator[str]:
        zone = self._visit.timezone
        if schedule.starts_at:
            yield self.say("campaigns.told.starts", at=formats.exact(schedule.starts_at, zone, self._words))
        else:
            yield self.say("campaigns.told.at_once")
        if schedule.ends_at:
            yield self.say("campaigns.told.ends", at=formats.exact(schedule.ends_at, zone, self._words))
        if quiet := schedule.quiet:
            edges = {"begin": quiet.begin.isoformat("minutes"), "end": quiet.end.isoformat("minutes")}
            yield self.say(f"campaigns.told.quiet_{'fan' if quiet.in_fans_zone else 'creator'}", **edges)
