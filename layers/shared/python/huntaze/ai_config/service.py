"""What can be done with the AI configuration."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Protocol

from huntaze.ai_config.model import AiConfig, Changes
from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.members.model import Permission, Principal
from huntaze.versions import must_be_current


class AiConfigStore(Protocol):
    """The AI configuration of one workspace, inside one transaction."""

    def get(self) -> AiConfig:
        """The configuration; one that is switched off when there is none."""
        ...

    def get_to_change(self) -> AiConfig:
        """The same, and nobody else changes it before this transaction ends, nor makes one."""
        ...

    def save(self, config: AiConfig) -> AiConfig:
        """Keep it in place of what was there."""
        ...

    def delete(self) -> bool:
        """Drop it; whether there was one."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def ai_config(self) -> AiConfigStore:
        """The workspace's AI configuration."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class AiConfigs:
    """The use cases around the AI configuration."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def of(self, who: Principal) -> AiConfig:
        """The workspace's; machines read it too."""
        who.must(Permission.USE_QUICK_REPLIES)
        with self._transactions(who) as stores:
            return stores.ai_config.get()

    def update(self, who: Principal, changes: Changes, if_match: str | None = None) -> AiConfig:
        """Change it, or begin one; Stale unless it is still the version that `if_match` names."""
        who.must(Permission.CONFIGURE_WORKSPACE)
        with self._transactions(who) as stores:
            config = stores.ai_config.get_to_change()
            must_be_current(config, if_match)
            if changes:
                config = stores.ai_config.save(replace(config, **changes))
                stores.audit.record(Action.AI_CONFIG_CHANGED, fields=sorted(changes))
            return config

    def delete(self, who: Principal) -> None:
        """Drop it for good, which also switches suggestions off; nothing happens when there is none."""
        who.must(Permission.CONFIGURE_WORKSPACE)
        with self._transactions(who) as stores:
            if stores.ai_config.delete():
                stores.audit.record(Action.AI_CONFIG_DELETED)
