"""The workspace as the API takes and gives it."""

from datetime import datetime
from typing import Annotated, Self, cast
from uuid import UUID

from pydantic import Field

from huntaze.schema import Currency, Incoming, Outgoing, Partial, Zone, text
from huntaze.versions import etag
from huntaze.workspaces.model import Changes, NewWorkspace, Workspace


class WorkspaceChangesBody(Partial):
    """What is to be different; what is left out stays as it is."""

    name: Annotated[str, text(shortest=1, longest=200)] = ""
    timezone: Zone = ""
    currency: Currency = ""

    def changes(self) -> Changes:
        """Only what was given, in the language of the use case."""
        return cast(Changes, self.given())


class NewWorkspaceBody(Incoming):
    """What an operator founds."""

    name: Annotated[str, text(shortest=1, longest=200)]
    # The user pool takes no longer address.
    owner: Annotated[str, Field(strict=True, min_length=3, max_length=128, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
    timezone: Zone = "UTC"
    currency: Currency = "USD"

    def new(self) -> NewWorkspace:
        """The same, for the use case."""
        return NewWorkspace(
            name=self.name, timezone=self.timezone, currency=self.currency, owner_email=self.owner.lower()
        )


class WorkspaceBody(Outgoing):
    """The workspace itself."""

    id: UUID
    name: str
    timezone: str
    currency: str
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Names this version of the workspace; it goes out as the ETag."""
        return etag(self)

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """The workspace as the API shows it."""
        return cls(**{name: getattr(workspace, name) for name in cls.model_fields})
