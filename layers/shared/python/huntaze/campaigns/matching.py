"""Who is meant by an audience, and who of them is left out and why: the SQL of it, made of what was asked for alone.

No value enters the text. `f` is the fan who is shown for a person, `account` the one through which they can be reached.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from huntaze.campaigns.model import Audience, Filter, Rules
from huntaze.messages.prices import SENDING

# Of the same person, under whatever fan: LIMIT keeps each to one look into an index. A moment is asked for by a SELECT
# of its own, so that the planner does not know it: it takes what was said after a recent moment for little, as its
# statistics are older, and would read all of that in the workspace once for each fan.
_PERSON_HAS = """EXISTS (
            SELECT FROM same_person(f.id) AS person CROSS JOIN LATERAL (SELECT FROM {what} LIMIT 1) AS found
        )"""
_WROTE_LATELY = _PERSON_HAS.format(
    what="""messages AS m WHERE m.workspace_id = f.workspace_id AND m.fan_id = person.fan_id AND m.direction = 'in'
                AND m.occurred_at > (SELECT %(at)s - make_interval(mins => %(active_chat_minutes)s))"""
)
_WRITTEN_TO_LATELY = _PERSON_HAS.format(
    what="""messages AS m WHERE m.workspace_id = f.workspace_id AND m.fan_id = person.fan_id AND m.direction = 'out'
                AND m.status IN ('queued', 'sending', 'sent', 'unknown')
                AND m.occurred_at > (SELECT %(at)s - make_interval(hours => %(not_within_hours)s))"""
)
# What they got, and what they are still to get.
_CAMPAIGNS_LATELY = """(
            SELECT count(*) FROM same_person(f.id) AS person JOIN campaign_recipients AS r
                ON r.workspace_id = f.workspace_id AND r.fan_id = person.fan_id
            WHERE r.campaign_id IS DISTINCT FROM %(campaign_id)s AND (
                r.sent_at > %(at)s - make_interval(days => %(in_days)s) OR r.status IN ('pending', 'queued', 'unknown')
            )
        )"""

# The first reason counts.
_REASON = """CASE
        WHEN f.erased_at IS NOT NULL THEN 'tombstone'
        WHEN f.deleted_at IS NOT NULL THEN 'unknown'
        WHEN f.do_not_contact THEN 'do_not_contact'
        WHEN account.id IS NULL THEN 'no_account'
        WHEN f.platform_id IS NULL AND f.handle IS NULL THEN 'unreachable'{rules}
    END"""
_RULES = {
    "active_chat_minutes": f"\n        WHEN {_WROTE_LATELY} THEN 'active_chat'",
    "not_within_hours": f"\n        WHEN {_WRITTEN_TO_LATELY} THEN 'recently_messaged'",
    "at_most": f"\n        WHEN {_CAMPAIGNS_LATELY} >= %(at_most)s THEN 'frequency_cap'",
}
# Through which account somebody can be reached, if at all.
ACCOUNT = """LEFT JOIN platform_connections AS account
        ON account.workspace_id = f.workspace_id AND account.platform = f.platform AND account.status <> 'revoked'
        AND account.platform = ANY(%(sending)s)"""

# Any of the tags; everything else all together.
_QUALITIES = {
    "tags": "f.tags ?| %({name})s",
    "min_value_cents": "f.value_cents >= %({name})s",
    "max_value_cents": "f.value_cents <= %({name})s",
    "seen_after": "f.seen_key > %({name})s",
    "seen_before": "f.seen_key < %({name})s",
    "platforms": "f.platform = ANY(%({name})s)",
    "subscriptions": "f.subscription_status = ANY(%({name})s)",
}
_BOUGHT = _PERSON_HAS.format(
    what="transactions AS t WHERE t.workspace_id = f.workspace_id AND t.fan_id = person.fan_id"
)
_REPLIED = _PERSON_HAS.format(
    what="""messages AS m WHERE m.workspace_id = f.workspace_id AND m.fan_id = person.fan_id AND m.direction = 'in'"""
)


@dataclass(frozen=True, slots=True)
class Matching:
    """An audience as a question to the database: who is meant, the reason to leave somebody out, and the values."""

    conditions: str
    reason: str
    values: dict[str, object] = field(repr=False)


def matching(audience: Audience, at: datetime, campaign_id: UUID | None = None) -> Matching:
    """Whom an audience means at a moment; a campaign itself does not count as one that they have got."""
    values: dict[str, object] = {
        "at": at,
        "campaign_id": campaign_id,
        "sending": [platform.value for platform in SENDING],
        **asdict(audience.rules),
    }
    if audience.recipient_ids is not None:
        values["fan_ids"] = [UUID(word) for word in audience.recipient_ids]
        conditions = [" AND f.id = ANY(%(fan_ids)s)"]
    else:
        conditions = list(_filtered(audience, values))
    return Matching("".join(conditions), _reason(audience.rules), values)


def _filtered(audience: Audience, values: dict[str, object]) -> Iterator[str]:
    yield " AND f.deleted_at IS NULL"
    yield from (f" AND {quality}" for quality in _qualities(audience.include, "include", values))
    for place, asked in enumerate(audience.exclude):
        if excluded := list(_qualities(asked, f"exclude_{place}", values)):
            yield f" AND NOT ({' AND '.join(excluded)})"


def _qualities(asked: Filter, prefix: str, values: dict[str, object]) -> Iterator[str]:
    for quality, condition in _QUALITIES.items():
        wanted = getattr(asked, quality)
        if wanted not in {None, ()}:
            name = f"{prefix}_{quality}"
            values[name] = [str(each) for each in wanted] if isinstance(wanted, tuple) else wanted
            yield condition.format(name=name)
    for wanted, condition in ((asked.bought, _BOUGHT), (asked.replied, _REPLIED)):
        if wanted is not None:
            yield condition if wanted else f"NOT {condition}"


def _reason(rules: Rules) -> str:
    return _REASON.format(rules="".join(when for rule, when in _RULES.items() if getattr(rules, rule)))
