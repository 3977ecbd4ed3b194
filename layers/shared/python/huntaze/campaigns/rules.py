"""What words, audience and times of a campaign must be like. Pure functions."""

from collections import Counter
from collections.abc import Iterator, Sequence

from huntaze.attachments.model import MOST_ATTACHMENTS, Media
from huntaze.campaigns.kept import parts_of
from huntaze.campaigns.model import (
    MOST_BULK_RECIPIENTS,
    MOST_NAMED_RECIPIENTS,
    MOST_VARIANTS,
    Bulk,
    Plan,
    Schedule,
    Variant,
)
from huntaze.errors import FieldError, Invalid
from huntaze.fans.model import Platform
from huntaze.messages.model import Words
from huntaze.messages.prices import settled
from huntaze.wording.model import LONGEST_TEXT, IllWorded

LONGEST_NAME_OF_A_FAN = 200
ALL = 100
_NAMES = {"text": "content", "attachments": "mediaUrls", "currency": "priceCents"}


def broken(plan: Plan, platforms: Sequence[Platform], creator: str) -> Iterator[FieldError]:
    """Every rule that a plan breaks."""
    if not 1 <= len(plan.variants) <= MOST_VARIANTS:
        yield FieldError("variants", f"Must be 1 to {MOST_VARIANTS}")
    if max(Counter(variant.name for variant in plan.variants).values(), default=0) > 1:
        yield FieldError("variants", "Must have different names")
    shares = [one.share for one in plan.variants]
    if shares and (sum(shares) != ALL or min(shares) < 1):
        yield FieldError("variants", f"Shares must be at least 1 and {ALL} together")
    for place, variant in enumerate(plan.variants):
        prefix = f"variants.{place}."
        if variant.is_blank:
            continue  # whoever launches it is asked for words
        yield from broken_words(variant, platforms, prefix)
        yield from _broken_wording(variant, creator, prefix)
    if len(plan.audience.recipient_ids or ()) > MOST_NAMED_RECIPIENTS:
        yield FieldError("audience.recipientIds", f"Must be at most {MOST_NAMED_RECIPIENTS:,}")
    if not platforms:
        yield FieldError("audience.include.platforms", "Must name one on which messages can be sent")
    yield from _broken_times(plan.schedule, "schedule.endsAt")


def broken_bulk(
    bulk: Bulk, variant: Variant, schedule: Schedule, platforms: Sequence[Platform]
) -> Iterator[FieldError]:
    """Every rule that one message to a few breaks."""
    if not 1 <= len(bulk.recipient_ids) <= MOST_BULK_RECIPIENTS:
        yield FieldError("recipientIds", f"Must be 1 to {MOST_BULK_RECIPIENTS}")
    if len(bulk.content) > LONGEST_TEXT:
        yield FieldError("content", f"Must be at most {LONGEST_TEXT:,} characters")
    yield from broken_words(variant, platforms, "")
    yield from _broken_times(schedule, "doNotSendAfter")


def broken_words(variant: Variant, platforms: Sequence[Platform], prefix: str) -> Iterator[FieldError]:
    """What the platforms say of these words: the strictest counts, for they are the same everywhere."""
    if len(variant.media) > MOST_ATTACHMENTS:
        yield FieldError(f"{prefix}mediaUrls", f"Must be at most {MOST_ATTACHMENTS}")
    words = Words(text=variant.content, price_cents=variant.price_cents, media=tuple(map(Media, variant.media)))
    said: set[str] = set()
    for platform in platforms:
        try:
            settled(words, platform)
        except Invalid as refusal:
            yield from (
                FieldError(f"{prefix}{_NAMES.get(one.field, one.field)}", one.message)
                for one in refusal.fields
                if one.field not in said
            )
            said |= {one.field for one in refusal.fields}


def _broken_wording(variant: Variant, creator: str, prefix: str) -> Iterator[FieldError]:
    """A text must be whole for every fan: neither empty for who has nothing, nor too long for the longest names."""
    try:
        parts = parts_of(variant.content, creator)
    except IllWorded as fault:
        yield FieldError(f"{prefix}content", str(fault))
        return
    least = "".join(part["text"] for part in parts) if parts else variant.content
    longest = sum(max(len(part["text"]), LONGEST_NAME_OF_A_FAN if "variable" in part else 0) for part in parts)
    if variant.content.strip() and not least.strip() and not variant.media:
        yield FieldError(f"{prefix}content", "Must say something also to fans of whom nothing is known")
    if max(longest, len(variant.content)) > LONGEST_TEXT:
        yield FieldError(f"{prefix}content", f"Must be at most {LONGEST_TEXT:,} characters, with the longest names too")


def _broken_times(schedule: Schedule, name_of_the_end: str) -> Iterator[FieldError]:
    if schedule.starts_at and schedule.ends_at and schedule.ends_at <= schedule.starts_at:
        yield FieldError(name_of_the_end, "Must be later than the beginning")
