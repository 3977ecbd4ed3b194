"""The parts around fans."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.wiring.machinery import Machinery

if TYPE_CHECKING:
    from huntaze.dossiers.service import Dossiers
    from huntaze.earnings.service import Earnings
    from huntaze.erasures.service import Erasures
    from huntaze.erasures.sweeping import Sweeping
    from huntaze.exports.reminding import Reminding
    from huntaze.exports.service import Exports
    from huntaze.exports.writing import ExportWriter
    from huntaze.fans.service import Fans
    from huntaze.merges.service import Merges
    from huntaze.notes.service import Notes
    from huntaze.purchases.service import PurchaseHistory
    from huntaze.runtime.blobs import Blobs
    from huntaze.runtime.tickets import TicketQueue
    from huntaze.tags.service import Tags
    from huntaze.timeline.service import Timeline
    from huntaze.tombstones.service import Tombstones


class FanParts(Machinery):
    """The use cases around fans, and what is kept about them."""

    @cached_property
    def fans(self) -> "Fans":
        """The use cases around fans."""
        from huntaze.fans.service import Fans
        from huntaze.ids import new_id

        return Fans(self.in_workspace, self.clock, new_id, self.tombstones)

    @cached_property
    def tags(self) -> "Tags":
        """The use cases around tags."""
        from huntaze.tags.service import Tags

        return Tags(self.in_workspace)

    @cached_property
    def notes(self) -> "Notes":
        """The use cases around notes."""
        from huntaze.ids import new_id
        from huntaze.notes.service import Notes

        return Notes(self.in_workspace, self.clock, new_id)

    @cached_property
    def timeline(self) -> "Timeline":
        """What happened with fans."""
        from huntaze.timeline.service import Timeline

        return Timeline(self.in_workspace)

    @cached_property
    def dossiers(self) -> "Dossiers":
        """All that is held about fans."""
        from huntaze.dossiers.service import Dossiers

        return Dossiers(self.in_workspace)

    @cached_property
    def earnings(self) -> "Earnings":
        """The use case around what fans have brought."""
        from huntaze.earnings.service import Earnings

        return Earnings(self.in_workspace, self.clock)

    @cached_property
    def purchases(self) -> "PurchaseHistory":
        """The use case around what they buy."""
        from huntaze.purchases.service import PurchaseHistory

        return PurchaseHistory(self.in_workspace)

    @cached_property
    def merges(self) -> "Merges":
        """The use cases around fans who are one person."""
        from huntaze.ids import new_id
        from huntaze.merges.service import Merges

        return Merges(self.in_workspace, self.clock, new_id)

    @cached_property
    def tombstones(self) -> "Tombstones":
        """Knows people who were erased."""
        from huntaze.tombstones.service import Tombstones

        return Tombstones(lambda: self.secrets.value(self.settings.erasure_key).encode())

    @cached_property
    def erasures(self) -> "Erasures":
        """The use cases around forgetting people."""
        from huntaze.erasures.service import Erasures
        from huntaze.ids import new_id

        return Erasures(self.in_workspace, self.tombstones, self.clock, new_id)

    @cached_property
    def sweeping(self) -> "Sweeping":
        """Who deletes files that may hold somebody who was erased."""
        from huntaze.erasures.store import UnfinishedErasures
        from huntaze.erasures.sweeping import Sweeping

        unfinished = UnfinishedErasures(self.postgres.look_up)
        return Sweeping(self.in_workspace_as_machine, self.export_files, unfinished, self.clock)

    @cached_property
    def export_files(self) -> "Blobs":
        """The files of exports in S3."""
        from huntaze.runtime.blobs import Blobs
        from huntaze.spreadsheets import CONTENT_TYPE

        return Blobs(lambda: self.settings.exports_bucket, CONTENT_TYPE)

    @cached_property
    def exports(self) -> "Exports":
        """The use cases around exports."""
        from huntaze.exports.service import Exports
        from huntaze.ids import new_id

        files = self.export_files
        return Exports(self.in_workspace, self.fans, self.export_queue, files, clock=self.clock, new_id=new_id)

    @cached_property
    def export_queue(self) -> "TicketQueue":
        """Where whoever writes exports hears of them."""
        from huntaze.runtime.tickets import TicketQueue

        return TicketQueue(self.queues, lambda: self.settings.exports_queue_url)

    @cached_property
    def export_writer(self) -> "ExportWriter":
        """Who makes files of exports."""
        from huntaze.exports.writing import ExportWriter
        from huntaze.ids import new_id

        machine = self.in_workspace_as_machine
        return ExportWriter(machine, self.fans, self.export_files, clock=self.clock, new_id=new_id)

    @cached_property
    def reminding(self) -> "Reminding":
        """Who tells of exports that nobody has begun."""
        from huntaze.exports.reminding import Reminding
        from huntaze.exports.store import ForgottenExports

        return Reminding(ForgottenExports(self.postgres.look_up), self.export_queue, self.clock)
