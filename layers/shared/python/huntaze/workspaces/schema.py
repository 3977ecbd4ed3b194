"""The workspace as the API takes and gives it."""

from datetime import datetime
from typing import Annotated, Self, cast
from uuid import UUID

from huntaze.schema import Currency, Outgoing, Partial, Zone, text
from huntaze.versions import etag
from huntaze.workspaces.model import Changes, Workspace


class WorkspaceChangesBody(Partial):
    """What is to be different; what is left out stays as it is."""

    name: Annotated[str, text(shortest=1, longest=200)] = ""
    timezone: Zone = ""
    currency: Currency = ""

    def changes(self) -> Changes:
        """Only what was given, in the language of the use case."""
        return cast(Changes, self.given())


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
