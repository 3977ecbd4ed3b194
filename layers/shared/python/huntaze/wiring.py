"""The composition root: what this process is made of, each part made when it is first asked for."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.clock import Clock, SystemClock
from huntaze.errors import Misconfigured
from huntaze.runtime.settings import Held, Settings
from huntaze.stores import Stores

if TYPE_CHECKING:
    from huntaze.ai_config.service import AiConfigs
    from huntaze.audit.service import AuditLog
    from huntaze.composer.service import Composer
    from huntaze.conversations.service import Conversations
    from huntaze.cursors import Cursors
    from huntaze.delivery.hold import HeldDelivery
    from huntaze.dossiers.service import Dossiers
    from huntaze.drafts.service import Drafts
    from huntaze.earnings.service import Earnings
    from huntaze.erasures.service import Erasures
    from huntaze.erasures.sweeping import Sweeping
    from huntaze.exports.reminding import Reminding
    from huntaze.exports.service import Exports
    from huntaze.exports.writing import ExportWriter
    from huntaze.fans.service import Fans
    from huntaze.idempotency.service import Idempotency
    from huntaze.limits.service import RequestLimit
    from huntaze.members.model import Principal
    from huntaze.members.service import Members, Seats
    from huntaze.merges.service import Merges
    from huntaze.messages.receiving import Receiving
    from huntaze.messages.sending import Sending
    from huntaze.messages.service import Messages
    from huntaze.notes.service import Notes
    from huntaze.presence.service import Presence
    from huntaze.profiles.service import Profiles
    from huntaze.quick_replies.service import QuickReplies
    from huntaze.runtime.blobs import Blobs
    from huntaze.runtime.postgres import Postgres
    from huntaze.runtime.queues import Queues
    from huntaze.runtime.redis import Redis
    from huntaze.runtime.secrets import Secrets
    from huntaze.runtime.unit_of_work import UnitOfWork
    from huntaze.runtime.user_accounts import CognitoAccounts
    from huntaze.runtime.user_pool import CognitoPool
    from huntaze.security.service import Security
    from huntaze.sessions.service import CountedAttempts, Sessions
    from huntaze.sessions.store import PostgresSessions
    from huntaze.tags.service import Tags
    from huntaze.team.joining import Invitations
    from huntaze.team.service import Team
    from huntaze.templates.service import Templates
    from huntaze.timeline.service import Timeline
    from huntaze.tombstones.service import Tombstones
    from huntaze.workspaces.service import Workspaces

_log = logging.getLogger(__name__)


class Wiring:
    """The parts of one process; a test puts another part in the place of one by assigning it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.clock: Clock = SystemClock()
        self._environment = environment

    @cached_property
    def settings(self) -> Settings:
        """What the environment says."""
        return Settings.from_environment(self._environment)

    @cached_property
    def secrets(self) -> "Secrets":
        """Secrets Manager."""
        from huntaze.runtime.secrets import Secrets

        return Secrets()

    @cached_property
    def postgres(self) -> "Postgres":
        """The database."""
        from huntaze.runtime.postgres import Postgres

        return Postgres(lambda: self.settings.database_url, self.secrets)

    @cached_property
    def queues(self) -> "Queues":
        """SQS."""
        from huntaze.runtime.queues import Queues

        return Queues()

    @cached_property
    def export_files(self) -> "Blobs":
        """The files of exports in S3."""
        from huntaze.runtime.blobs import Blobs
        from huntaze.spreadsheets import CONTENT_TYPE

        return Blobs(lambda: self.settings.exports_bucket, CONTENT_TYPE)

    @cached_property
    def redis(self) -> "Redis":
        """Redis, for what may be lost."""
        from huntaze.runtime.redis import Redis

        return Redis(lambda: self.settings.cache, self.secrets)

    @cached_property
    def unit_of_work(self) -> "UnitOfWork":
        """The transactions of this process."""
        from huntaze.runtime.unit_of_work import UnitOfWork

        return UnitOfWork(self.postgres)

    @contextmanager
    def in_workspace(self, who: "Principal") -> Iterator[Stores]:
        """One transaction in the caller's workspace, or a part of the whole that is open."""
        with self.unit_of_work.transaction(who.workspace_id, who.member_id) as connection:
            yield Stores(connection, who.workspace_id)

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do this once everything that is open has been committed."""
        self.unit_of_work.afterwards(act)

    @contextmanager
    def as_a_whole(self, who: "Principal") -> Iterator[Stores]:
        """One transaction in the caller's workspace that all others opened meanwhile become parts of."""
        with self.unit_of_work.whole(who.workspace_id, who.member_id) as connection:
            yield Stores(connection, who.workspace_id)

    @cached_property
    def cursors(self) -> "Cursors":
        """Signs where pages begin."""
        from huntaze.cursors import Cursors

        return Cursors(self._cursor_key)

    @cached_property
    def request_limit(self) -> "RequestLimit":
        """Counts what people ask."""
        from huntaze.limits.counter import RedisCounter
        from huntaze.limits.service import OwnCounter, RequestLimit

        shared = RedisCounter(self.redis) if self.settings.cache else None
        return RequestLimit(self.settings.requests_per_minute, shared, OwnCounter(), spare_the_first=True)

    @cached_property
    def idempotency(self) -> "Idempotency":
        """Does keyed requests once."""
        from huntaze.idempotency.service import Idempotency

        return Idempotency(self.as_a_whole, self.clock)

    @contextmanager
    def in_workspace_as_machine(self, workspace_id: UUID) -> Iterator[Stores]:
        """One transaction in a workspace in which no member acts."""
        with self.postgres.transaction(workspace_id) as connection:
            yield Stores(connection, workspace_id)

    @cached_property
    def members(self) -> "Members":
        """Who works where."""
        from huntaze.members.service import Members
        from huntaze.members.store import MembershipStore

        return Members(MembershipStore(self.postgres.look_up))

    @cached_property
    def fans(self) -> "Fans":
        """The use cases around fans."""
        from huntaze.fans.service import Fans
        from huntaze.ids import new_id

        return Fans(self.in_workspace, self.clock, new_id, self.tombstones)

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
    def reminding(self) -> "Reminding":
        """Who tells of exports that nobody has begun."""
        from huntaze.exports.queue import SqsExports
        from huntaze.exports.reminding import Reminding
        from huntaze.exports.store import ForgottenExports

        queue = SqsExports(self.queues, lambda: self.settings.exports_queue_url)
        return Reminding(ForgottenExports(self.postgres.look_up), queue, self.clock)

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
    def conversations(self) -> "Conversations":
        """The use cases around conversations."""
        from huntaze.conversations.service import Conversations
        from huntaze.ids import new_id

        return Conversations(self.in_workspace, self.clock, new_id)

    @cached_property
    def messages(self) -> "Messages":
        """What people can do with messages."""
        from huntaze.ids import new_id
        from huntaze.messages.service import Messages

        return Messages(self.in_workspace, self.sending, clock=self.clock, new_id=new_id)

    @cached_property
    def drafts(self) -> "Drafts":
        """The use cases around drafts."""
        from huntaze.drafts.service import Drafts
        from huntaze.ids import new_id

        return Drafts(self.in_workspace, self.sending, clock=self.clock, new_id=new_id)

    @cached_property
    def sending(self) -> "Sending":
        """How messages are let out."""
        from huntaze.ids import new_id
        from huntaze.messages.sending import Sending

        return Sending(self.clock, new_id)

    @cached_property
    def receiving(self) -> "Receiving":
        """What platforms tell."""
        from huntaze.ids import new_id
        from huntaze.messages.receiving import Receiving

        return Receiving(self.in_workspace_as_machine, new_id)

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
    def exports(self) -> "Exports":
        """The use cases around exports."""
        from huntaze.exports.queue import SqsExports
        from huntaze.exports.service import Exports
        from huntaze.ids import new_id

        queue = SqsExports(self.queues, lambda: self.settings.exports_queue_url)
        return Exports(self.in_workspace, self.fans, queue, self.export_files, clock=self.clock, new_id=new_id)

    @cached_property
    def export_writer(self) -> "ExportWriter":
        """Who makes files of exports."""
        from huntaze.exports.writing import ExportWriter
        from huntaze.ids import new_id

        machine = self.in_workspace_as_machine
        return ExportWriter(machine, self.fans, self.export_files, clock=self.clock, new_id=new_id)

    @cached_property
    def earnings(self) -> "Earnings":
        """The use case around what fans have brought."""
        from huntaze.earnings.service import Earnings

        return Earnings(self.in_workspace, self.clock)

    @cached_property
    def audit_log(self) -> "AuditLog":
        """The use cases around what people did."""
        from huntaze.audit.service import AuditLog

        return AuditLog(self.in_workspace, self.clock)

    @cached_property
    def seats(self) -> "Seats":
        """Where members sit."""
        from huntaze.members.service import Seats

        return Seats(self.in_workspace)

    @cached_property
    def ai_configs(self) -> "AiConfigs":
        """The use cases around the AI configuration."""
        from huntaze.ai_config.service import AiConfigs

        return AiConfigs(self.in_workspace)

    @cached_property
    def composer(self) -> "Composer":
        """Keeps what people are writing."""
        from huntaze.composer.service import Composer

        return Composer(self.in_workspace)

    @cached_property
    def presence(self) -> "Presence":
        """Who is at which conversation."""
        from huntaze.presence.service import Presence

        return Presence(self.in_workspace, self.clock)

    @cached_property
    def profiles(self) -> "Profiles":
        """The use cases around profiles."""
        from huntaze.profiles.service import Profiles

        return Profiles(self.in_workspace)

    @cached_property
    def quick_replies(self) -> "QuickReplies":
        """The use cases around quick replies."""
        from huntaze.ids import new_id
        from huntaze.quick_replies.service import QuickReplies

        return QuickReplies(self.in_workspace, self.clock, new_id)

    @cached_property
    def templates(self) -> "Templates":
        """The use cases around templates."""
        from huntaze.ids import new_id
        from huntaze.templates.service import Templates

        return Templates(self.in_workspace, self.clock, new_id)

    @cached_property
    def workspaces(self) -> "Workspaces":
        """The use cases around the workspace itself."""
        from huntaze.workspaces.service import Workspaces

        return Workspaces(self.in_workspace)

    @cached_property
    def user_pool(self) -> "CognitoPool":
        """Where people prove who they are."""
        from huntaze.runtime.user_pool import CognitoPool

        return CognitoPool(self.settings.user_pool_id, self.settings.sign_in.client_id)

    @cached_property
    def accounts(self) -> "CognitoAccounts":
        """The accounts of those people."""
        from huntaze.runtime.user_accounts import CognitoAccounts

        return CognitoAccounts(self.settings.user_pool_id)

    @cached_property
    def security(self) -> "Security":
        """The use cases around one's own sign-in."""
        from huntaze.runtime.user_keys import CognitoKeys
        from huntaze.security.service import Security

        keys = CognitoKeys(self.settings.user_pool_id, self.settings.sign_in.client_id)
        return Security(keys, self.session_store, self.attempts)

    @cached_property
    def session_store(self) -> "PostgresSessions":
        """Where sessions are kept."""
        from huntaze.sessions.store import PostgresSessions

        return PostgresSessions(self.postgres.look_up, self.postgres.as_person)

    @cached_property
    def attempts(self) -> "CountedAttempts":
        """Counts what may not be tried for ever."""
        from huntaze.limits.counter import RedisCounter
        from huntaze.limits.service import OwnCounter
        from huntaze.sessions.service import CountedAttempts

        return CountedAttempts(RedisCounter(self.redis) if self.settings.cache else None, OwnCounter())

    @cached_property
    def sessions(self) -> "Sessions":
        """The use cases around being signed in to the pages."""
        from secrets import token_urlsafe

        from huntaze.sessions.service import Sessions

        return Sessions(self.user_pool, self.session_store, self.attempts, self.clock, lambda: token_urlsafe(32))

    @cached_property
    def team(self) -> "Team":
        """The use cases around the team."""
        from huntaze.ids import new_id
        from huntaze.team.service import Team

        return Team(self.in_workspace, self.accounts, self.attempts, clock=self.clock, new_id=new_id)

    @cached_property
    def invitations(self) -> "Invitations":
        """The use cases of who was invited."""
        from huntaze.members.store import MembershipStore
        from huntaze.team.joining import Invitations
        from huntaze.team.store import InvitationStore

        look_up = self.postgres.look_up
        return Invitations(InvitationStore(look_up), MembershipStore(look_up), self.in_workspace, self.clock)

    @cached_property
    def delivery(self) -> "HeldDelivery":
        """What becomes of permits. Nothing sends yet, so they wait also when nothing else holds them."""
        from huntaze.delivery.hold import HeldDelivery
        from huntaze.delivery.queue import SqsPermits

        wanted = self.settings.delivery
        reason = wanted.reason if isinstance(wanted, Held) else "This version does not send."
        for name in wanted.missing if isinstance(wanted, Held) else ():
            _log.warning("The setting %s is missing: nothing is sent.", name)
        return HeldDelivery(SqsPermits(self.queues), reason)

    def _cursor_key(self) -> bytes:
        """A key of its own, made from the one secret that every function with a list has: its database password."""
        import hmac

        from huntaze.runtime.conninfo import password

        login = password(self.secrets.value(self.settings.database_url))
        if not login:
            raise Misconfigured("DATABASE_URL has no password, and cursors are signed with a key made from it.")
        return hmac.digest(login.encode(), b"huntaze cursors 1", "sha256")

    def migrate(self) -> list[str]:
        """Bring the database up to date; the names of the migrations that were applied."""
        from huntaze.migrations.runner import migrate
        from huntaze.runtime.conninfo import conninfo, password

        admin = conninfo(self.secrets.value(self.settings.migrator_database_url))
        applied = migrate(admin, password(self.secrets.value(self.settings.database_url)))
        _log.info("migrated", extra={"migrations": applied})
        return applied


@cache
def current() -> Wiring:
    """The wiring of this process."""
    return Wiring(os.environ)
