"""The stores of one workspace inside one transaction, each made when it is first asked for."""
# ruff: noqa: PLC0415  (imports stand inside: a cold start pays only for the features it uses)

from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from psycopg import Connection

    from huntaze.ai_config.service import AiConfigStore
    from huntaze.analytics.best import PostgresBest
    from huntaze.analytics.recounts import PostgresRecounts
    from huntaze.analytics.store import PostgresAnalytics
    from huntaze.audit.service import AuditLogStore, AuditTrail
    from huntaze.campaigns.audiences import PostgresAudiences
    from huntaze.campaigns.recipients import PostgresRecipients
    from huntaze.campaigns.store import PostgresCampaigns
    from huntaze.campaigns.tending import PostgresTending
    from huntaze.campaigns.waves import PostgresFlow
    from huntaze.composer.service import ComposerStore
    from huntaze.connections.store import PostgresConnections
    from huntaze.conversations.store import PostgresConversations
    from huntaze.delivery.accounts import PostgresAccounts
    from huntaze.delivery.attempts import PostgresAttempts
    from huntaze.delivery.claims import PostgresClaims
    from huntaze.delivery.store import PostgresOutbox
    from huntaze.dossiers.service import DossierStore
    from huntaze.drafts.service import DraftStore
    from huntaze.earnings.service import EarningsStore
    from huntaze.erasures.service import ErasureStore
    from huntaze.exports.service import ExportStore
    from huntaze.fans.service import FanStore
    from huntaze.followers.store import PostgresFollowers
    from huntaze.home.store import PostgresHome
    from huntaze.idempotency.service import AnswerStore
    from huntaze.imports.doing import PostgresDoing
    from huntaze.imports.plan_rows import PostgresPlanRows
    from huntaze.imports.store import PostgresImports
    from huntaze.members.service import SeatStore
    from huntaze.merges.service import MergeStore
    from huntaze.messages.store import PostgresMessages
    from huntaze.notes.service import NoteStore
    from huntaze.outgoing.store import PostgresOutgoing
    from huntaze.payments.store import PostgresPayments
    from huntaze.presence.service import PresenceStore
    from huntaze.profiles.service import ProfileStore
    from huntaze.purchases.service import PurchaseStore
    from huntaze.quick_replies.service import QuickReplyStore
    from huntaze.runtime.postgres import Row
    from huntaze.sent.store import PostgresSent
    from huntaze.tags.service import TagStore
    from huntaze.team.service import TeamStore
    from huntaze.templates.service import TemplateStore
    from huntaze.threads.store import PostgresThreads
    from huntaze.timeline.service import TimelineStore
    from huntaze.tombstones.service import TombstoneStore
    from huntaze.webhooks.store import PostgresWebhooks
    from huntaze.workspaces.store import PostgresWorkspace


class Stores:
    """The stores of one workspace inside one transaction."""

    def __init__(self, connection: "Connection[Row]", workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    @cached_property
    def fans(self) -> "FanStore":
        """The fans of the workspace."""
        from huntaze.fans.store import PostgresFans

        return PostgresFans(self._connection, self._workspace_id)

    @cached_property
    def tags(self) -> "TagStore":
        """Their tags."""
        from huntaze.tags.store import PostgresTags

        return PostgresTags(self._connection, self._workspace_id)

    @cached_property
    def notes(self) -> "NoteStore":
        """The notes about them."""
        from huntaze.notes.store import PostgresNotes

        return PostgresNotes(self._connection, self._workspace_id)

    @cached_property
    def conversations(self) -> "PostgresConversations":
        """The conversations with them."""
        from huntaze.conversations.store import PostgresConversations

        return PostgresConversations(self._connection, self._workspace_id)

    @cached_property
    def messages(self) -> "PostgresMessages":
        """What is said in these."""
        from huntaze.messages.store import PostgresMessages

        return PostgresMessages(self._connection, self._workspace_id)

    @cached_property
    def drafts(self) -> "DraftStore":
        """What waits to be said."""
        from huntaze.drafts.store import PostgresDrafts

        return PostgresDrafts(self._connection, self._workspace_id)

    @cached_property
    def connections(self) -> "PostgresConnections":
        """The accounts through which it is said."""
        from huntaze.connections.store import PostgresConnections

        return PostgresConnections(self._connection, self._workspace_id)

    @cached_property
    def outbox(self) -> "PostgresOutbox":
        """What is put on queues afterwards."""
        from huntaze.delivery.store import PostgresOutbox

        return PostgresOutbox(self._connection, self._workspace_id)

    @cached_property
    def outgoing(self) -> "PostgresOutgoing":
        """What is on its way."""
        from huntaze.outgoing.store import PostgresOutgoing

        return PostgresOutgoing(self._connection, self._workspace_id)

    @cached_property
    def claims(self) -> "PostgresClaims":
        """Who sends what."""
        from huntaze.delivery.claims import PostgresClaims

        return PostgresClaims(self._connection, self._workspace_id)

    @cached_property
    def attempts(self) -> "PostgresAttempts":
        """What becomes of that."""
        from huntaze.delivery.attempts import PostgresAttempts

        return PostgresAttempts(self._connection, self._workspace_id)

    @cached_property
    def accounts(self) -> "PostgresAccounts":
        """How the accounts stand that it is sent through."""
        from huntaze.delivery.accounts import PostgresAccounts

        return PostgresAccounts(self._connection, self._workspace_id)

    @cached_property
    def purchases(self) -> "PurchaseStore":
        """What they buy."""
        from huntaze.purchases.store import PostgresPurchases

        return PostgresPurchases(self._connection, self._workspace_id)

    @cached_property
    def campaigns(self) -> "PostgresCampaigns":
        """What is written once and sent to many."""
        from huntaze.campaigns.store import PostgresCampaigns

        return PostgresCampaigns(self._connection, self._workspace_id)

    @cached_property
    def audiences(self) -> "PostgresAudiences":
        """Whom that is for."""
        from huntaze.campaigns.audiences import PostgresAudiences

        return PostgresAudiences(self._connection, self._workspace_id)

    @cached_property
    def recipients(self) -> "PostgresRecipients":
        """Who gets it."""
        from huntaze.campaigns.recipients import PostgresRecipients

        return PostgresRecipients(self._connection, self._workspace_id)

    @cached_property
    def flow(self) -> "PostgresFlow":
        """What of it is let out."""
        from huntaze.campaigns.waves import PostgresFlow

        return PostgresFlow(self._connection, self._workspace_id)

    @cached_property
    def tending(self) -> "PostgresTending":
        """Which of it is under way."""
        from huntaze.campaigns.tending import PostgresTending

        return PostgresTending(self._connection, self._workspace_id)

    @cached_property
    def timeline(self) -> "TimelineStore":
        """What happened with them."""
        from huntaze.timeline.store import PostgresTimeline

        return PostgresTimeline(self._connection, self._workspace_id)

    @cached_property
    def dossiers(self) -> "DossierStore":
        """Everything about them."""
        from huntaze.dossiers.store import PostgresDossiers

        return PostgresDossiers(self._connection, self._workspace_id)

    @cached_property
    def merges(self) -> "MergeStore":
        """Which fans are one person."""
        from huntaze.merges.store import PostgresMerges

        return PostgresMerges(self._connection, self._workspace_id)

    @cached_property
    def erasures(self) -> "ErasureStore":
        """Who was forgotten."""
        from huntaze.erasures.store import PostgresErasures

        return PostgresErasures(self._connection, self._workspace_id)

    @cached_property
    def tombstones(self) -> "TombstoneStore":
        """What is remembered of them."""
        from huntaze.tombstones.store import PostgresTombstones

        return PostgresTombstones(self._connection, self._workspace_id)

    @cached_property
    def followers(self) -> "PostgresFollowers":
        """The fans as their platforms know them."""
        from huntaze.followers.store import PostgresFollowers

        return PostgresFollowers(self._connection, self._workspace_id)

    @cached_property
    def payments(self) -> "PostgresPayments":
        """What they pay."""
        from huntaze.payments.store import PostgresPayments

        return PostgresPayments(self._connection, self._workspace_id)

    @cached_property
    def webhooks(self) -> "PostgresWebhooks":
        """What platforms told."""
        from huntaze.webhooks.store import PostgresWebhooks

        return PostgresWebhooks(self._connection, self._workspace_id)

    @cached_property
    def answers(self) -> "AnswerStore":
        """What was answered under an Idempotency-Key."""
        from huntaze.idempotency.store import PostgresAnswers

        return PostgresAnswers(self._connection, self._workspace_id)

    @cached_property
    def exports(self) -> "ExportStore":
        """The exports of the workspace."""
        from huntaze.exports.store import PostgresExports

        return PostgresExports(self._connection, self._workspace_id)

    @cached_property
    def imports(self) -> "PostgresImports":
        """Its imports."""
        from huntaze.imports.store import PostgresImports

        return PostgresImports(self._connection, self._workspace_id)

    @cached_property
    def import_rows(self) -> "PostgresPlanRows":
        """What they are about to do."""
        from huntaze.imports.plan_rows import PostgresPlanRows

        return PostgresPlanRows(self._connection, self._workspace_id)

    @cached_property
    def import_doing(self) -> "PostgresDoing":
        """What they do."""
        from huntaze.imports.doing import PostgresDoing

        return PostgresDoing(self._connection, self._workspace_id)

    @cached_property
    def earnings(self) -> "EarningsStore":
        """What its fans have brought."""
        from huntaze.earnings.store import PostgresEarnings

        return PostgresEarnings(self._connection, self._workspace_id)

    @cached_property
    def analytics(self) -> "PostgresAnalytics":
        """Its numbers."""
        from huntaze.analytics.store import PostgresAnalytics

        return PostgresAnalytics(self._connection, self._workspace_id)

    @cached_property
    def best(self) -> "PostgresBest":
        """Its best fans, and what its campaigns brought."""
        from huntaze.analytics.best import PostgresBest

        return PostgresBest(self._connection, self._workspace_id)

    @cached_property
    def recounts(self) -> "PostgresRecounts":
        """How its numbers are kept true."""
        from huntaze.analytics.recounts import PostgresRecounts

        return PostgresRecounts(self._connection, self._workspace_id)

    @cached_property
    def seats(self) -> "SeatStore":
        """The seats of its members."""
        from huntaze.members.store import PostgresSeats

        return PostgresSeats(self._connection, self._workspace_id)

    @cached_property
    def team(self) -> "TeamStore":
        """The places of its members."""
        from huntaze.team.store import PostgresTeam

        return PostgresTeam(self._connection, self._workspace_id)

    @cached_property
    def audit(self) -> "AuditTrail":
        """What its people do."""
        from huntaze.audit.store import PostgresAuditTrail

        return PostgresAuditTrail(self._connection, self._workspace_id)

    @cached_property
    def ai_config(self) -> "AiConfigStore":
        """How machines write for the creator."""
        from huntaze.ai_config.store import PostgresAiConfig

        return PostgresAiConfig(self._connection, self._workspace_id)

    @cached_property
    def threads(self) -> "PostgresThreads":
        """What its conversations show beside their messages."""
        from huntaze.threads.store import PostgresThreads

        return PostgresThreads(self._connection, self._workspace_id)

    @cached_property
    def sent(self) -> "PostgresSent":
        """What was said in them, by whom."""
        from huntaze.sent.store import PostgresSent

        return PostgresSent(self._connection, self._workspace_id)

    @cached_property
    def home(self) -> "PostgresHome":
        """What waits for its people."""
        from huntaze.home.store import PostgresHome

        return PostgresHome(self._connection, self._workspace_id)

    @cached_property
    def composer(self) -> "ComposerStore":
        """What its members are writing."""
        from huntaze.composer.store import PostgresComposer

        return PostgresComposer(self._connection, self._workspace_id)

    @cached_property
    def presence(self) -> "PresenceStore":
        """Who is at its conversations."""
        from huntaze.presence.store import PostgresPresence

        return PostgresPresence(self._connection, self._workspace_id)

    @cached_property
    def profiles(self) -> "ProfileStore":
        """The profiles of its members."""
        from huntaze.profiles.store import PostgresProfiles

        return PostgresProfiles(self._connection, self._workspace_id)

    @cached_property
    def quick_replies(self) -> "QuickReplyStore":
        """Its quick replies."""
        from huntaze.quick_replies.store import PostgresQuickReplies

        return PostgresQuickReplies(self._connection, self._workspace_id)

    @cached_property
    def templates(self) -> "TemplateStore":
        """Its templates."""
        from huntaze.templates.store import PostgresTemplates

        return PostgresTemplates(self._connection, self._workspace_id)

    @cached_property
    def workspace(self) -> "PostgresWorkspace":
        """The workspace itself."""
        from huntaze.workspaces.store import PostgresWorkspace

        return PostgresWorkspace(self._connection, self._workspace_id)

    @cached_property
    def audit_log(self) -> "AuditLogStore":
        """What they did."""
        from huntaze.audit.store import PostgresAuditLog

        return PostgresAuditLog(self._connection, self._workspace_id)
