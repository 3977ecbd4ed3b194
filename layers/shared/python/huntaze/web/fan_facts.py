"""What is known of a fan, changed where it is read."""

import hashlib

from huntaze.errors import Stale
from huntaze.fans.model import Changes, Fan, SubscriptionStatus
from huntaze.versions import etag
from huntaze.web.visit import Visit

FIELDS = ("name", "email", "phone", "subscription_status", "notes")
_TRIES = 5

Facts = dict[str, str]


def facts_of(fan: Fan) -> Facts:
    """These facts as a form has them."""
    status = fan.subscription_status.value
    known = (fan.name, fan.email or "", fan.phone or "", status, fan.notes)
    return dict(zip(FIELDS, known, strict=True))


def version(fan: Fan) -> str:
    """Names exactly these facts. A fan's ETag is another one with every message and payment of theirs."""
    return hashlib.sha256(repr(facts_of(fan)).encode()).hexdigest()[:16]


def typed_by(visit: Visit) -> Facts:
    """What stands in the fields."""
    return {name: word if name == "notes" else word.strip() for name, word in visit.form.words(*FIELDS).items()}


def save(visit: Visit, typed: Facts) -> Fan:
    """Change what differs; Stale when others have changed these facts since the form was shown."""
    for _ in range(_TRIES):
        fan = visit.parts.fans.get(visit.who, visit.id("fan_id"))
        changes = _changes(fan, typed)
        if not changes:
            return fan
        if version(fan) != visit.form["version"]:
            break
        try:
            return visit.parts.fans.update(visit.who, fan.id, changes, etag(fan))
        except Stale:  # they wrote, or paid, in this very moment
            continue
    raise Stale


def _changes(fan: Fan, typed: Facts) -> Changes:
    known = facts_of(fan)
    changes: Changes = {
        "name": typed["name"],
        "email": typed["email"] or None,
        "phone": typed["phone"] or None,
        "subscription_status": SubscriptionStatus(typed["subscription_status"]),
        "notes": typed["notes"],
    }
    for name in FIELDS:
        if typed[name] == known[name]:
            del changes[name]  # type: ignore[misc]  # all of them are optional
    return changes
