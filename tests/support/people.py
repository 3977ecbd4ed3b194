"""People and fans for tests that need some."""

import itertools
from typing import Any
from uuid import UUID

from huntaze.fans.model import NewFan, Platform, SubscriptionStatus
from huntaze.ids import new_id
from huntaze.members.model import Membership, Principal, Role

_numbers = itertools.count(1)


def membership(role: Role = Role.OWNER, workspace_id: UUID | None = None) -> Membership:
    return Membership(workspace_id or new_id(), "A workspace", new_id(), role)


def principal(role: Role = Role.OWNER, workspace_id: UUID | None = None) -> Principal:
    return Principal("a-subject", workspace_id or new_id(), new_id(), role)


def new_fan(**changes: Any) -> NewFan:
    return NewFan(
        **{
            "name": "Robin",
            "platform": Platform.ONLYFANS,
            "platform_id": f"robin-{next(_numbers)}",
            "handle": None,
            "email": None,
            "phone": None,
            "avatar": None,
            "tags": (),
            "value_cents": 0,
            "currency": None,
            "subscription_status": SubscriptionStatus.UNKNOWN,
            "last_seen_at": None,
            "do_not_contact": False,
            "notes": "",
            "metadata": {},
            **changes,
        }
    )
