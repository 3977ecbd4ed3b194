"""Dossiers as the API gives them."""

from typing import Any, Self

from pydantic.alias_generators import to_camel

from huntaze.dossiers.model import Dossier, Record
from huntaze.schema import Outgoing

RecordBody = dict[str, Any]


class DossierBody(Outgoing):
    """All that is held about a fan and those merged into them: each list holds whole records, the oldest first."""

    fan: RecordBody
    merged: list[RecordBody]
    merges: list[RecordBody]
    notes: list[RecordBody]
    conversations: list[RecordBody]
    messages: list[RecordBody]
    drafts: list[RecordBody]
    composing: list[RecordBody]
    transactions: list[RecordBody]
    campaigns: list[RecordBody]
    events: list[RecordBody]
    platform_events: list[RecordBody]
    imported: list[RecordBody]
    audit: list[RecordBody]

    @classmethod
    def of(cls, dossier: Dossier) -> Self:
        """A dossier as the API shows it."""
        told = {kind: [_told(record) for record in records] for kind, records in dossier.items()}
        (fan,) = told.pop("fan")
        return cls(fan=fan, **told)


def _told(record: Record) -> RecordBody:
    return {to_camel(name): value for name, value in record.items()}
