"""What can be done with a workspace."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.members.model import Permission, Principal
from huntaze.versions import must_be_current
from huntaze.workspaces.model import Changes, Workspace


class WorkspaceStore(Protocol):
    """One workspace, inside one transaction."""

    def get(self) -> Workspace:
        """The workspace."""
        ...

    def get_to_change(self) -> Workspace:
        """The same, and nobody else changes it before this transaction ends."""
        ...

    def change(self, changes: Changes) -> Workspace:
        """Change what is in `changes`."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def workspace(self) -> WorkspaceStore:
        """The workspace itself."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Workspaces:
    """The use cases around the workspace itself."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def of(self, who: Principal) -> Workspace:
        """The caller's workspace; every member may know it."""
        with self._transactions(who) as stores:
            return stores.workspace.get()

    def update(self, who: Principal, changes: Changes, if_match: str | None = None) -> Workspace:
        """Change it; Stale unless it is still the version that `if_match` names. Amounts keep their currency."""
        who.must(Permission.CONFIGURE_WORKSPACE)
        with self._transactions(who) as stores:
            workspace = stores.workspace.get_to_change()
            must_be_current(workspace, if_match)
            if changes:
                workspace = stores.workspace.change(changes)
                stores.audit.record(Action.WORKSPACE_CHANGED, workspace.id, fields=sorted(changes))
            return workspace
