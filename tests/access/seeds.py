"""What seeds and valid input have in common."""

import json
from hashlib import sha256

from tests.support.workspaces import Workspace

# What somebody who looked at the seeded import commits.
HASH_OF_THE_PLAN = bytes(range(32))


def hash_of_the_draft(workspace: Workspace) -> str:
    """What somebody who read the seeded draft approves (message_hash in the database)."""
    content = [str(workspace.of("fan")), str(workspace.of("account")), "Hello you", 0, "USD", []]
    return sha256(json.dumps(content).encode()).hexdigest()


def hash_of_the_campaign(workspace: Workspace) -> str:
    """What somebody who looked at the seeded campaign launches (campaign_hash in the database)."""
    content = [{"content": "Hello"}, {"recipientIds": [str(workspace.of("fan"))]}]
    return sha256(json.dumps(content).encode()).hexdigest()


def token_of_the_expired(workspace: Workspace) -> str:
    """What opens the account whose login has ended: it can be connected anew."""
    return f"expired-{workspace.id}"
