"""What the pages need of the process they run in."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from huntaze.ai_config.service import AiConfigs
from huntaze.audit.service import AuditLog
from huntaze.clock import Clock
from huntaze.connections.connecting import Connecting
from huntaze.connections.service import Connections
from huntaze.cursors import Cursors
from huntaze.dossiers.service import Dossiers
from huntaze.earnings.service import Earnings
from huntaze.erasures.service import Erasures
from huntaze.exports.service import Exports
from huntaze.fans.service import Fans
from huntaze.idempotency.service import Idempotency
from huntaze.members.model import Principal
from huntaze.members.service import Members, Seats
from huntaze.merges.service import Merges
from huntaze.notes.service import Notes
from huntaze.profiles.service import Profiles
from huntaze.quick_replies.service import QuickReplies
from huntaze.runtime.settings import Settings
from huntaze.security.service import Security
from huntaze.sessions.service import Sessions
from huntaze.tags.service import Tags
from huntaze.team.joining import Invitations
from huntaze.team.service import Team
from huntaze.templates.service import Templates
from huntaze.timeline.service import Timeline
from huntaze.waitlist.service import Waitlist
from huntaze.workspaces.service import Workspaces

if TYPE_CHECKING:
    from huntaze.analytics.service import Analytics
    from huntaze.campaigns.launching import Launching
    from huntaze.campaigns.previewing import Previewing
    from huntaze.campaigns.service import Campaigns
    from huntaze.campaigns.sheet import CampaignSheets
    from huntaze.campaigns.steering import Steering
    from huntaze.composer.service import Composer
    from huntaze.conversations.service import Conversations
    from huntaze.delivery.redriving import Redriving
    from huntaze.drafts.service import Drafts
    from huntaze.home.service import Home
    from huntaze.imports.service import Imports
    from huntaze.messages.service import Messages
    from huntaze.monitoring.service import Monitoring
    from huntaze.outgoing.rewording import Reworder
    from huntaze.outgoing.service import Outgoing
    from huntaze.outgoing.watching import Watching
    from huntaze.presence.service import Presence
    from huntaze.purchases.service import PurchaseHistory
    from huntaze.sent.service import SentLog
    from huntaze.threads.service import Threads


class Bucket(Protocol):
    """Where browsers put files."""

    @property
    def origin(self) -> str:
        """As a page's content security policy names it."""
        ...


class Parts(Protocol):
    """The use cases, each made when it is first asked for."""

    @property
    def settings(self) -> Settings:
        """What the environment says."""
        ...

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    @property
    def sessions(self) -> Sessions:
        """Who is signed in."""
        ...

    @property
    def members(self) -> Members:
        """Who works where."""
        ...

    @property
    def seats(self) -> Seats:
        """Where members sit."""
        ...

    @property
    def security(self) -> Security:
        """How somebody keeps their own sign-in safe."""
        ...

    @property
    def team(self) -> Team:
        """The people of the workspace."""
        ...

    @property
    def invitations(self) -> Invitations:
        """Where somebody is invited to."""
        ...

    @property
    def cursors(self) -> Cursors:
        """Where pages of lists begin."""
        ...

    @property
    def earnings(self) -> Earnings:
        """What fans have brought."""
        ...

    @property
    def purchases(self) -> "PurchaseHistory":
        """What they have bought."""
        ...

    @property
    def fans(self) -> Fans:
        """The fans."""
        ...

    @property
    def merges(self) -> Merges:
        """Which of them are one person."""
        ...

    @property
    def dossiers(self) -> Dossiers:
        """All that is held about one."""
        ...

    @property
    def erasures(self) -> Erasures:
        """Forgetting one."""
        ...

    @property
    def notes(self) -> Notes:
        """What the team writes about them."""
        ...

    @property
    def tags(self) -> Tags:
        """What groups them."""
        ...

    @property
    def timeline(self) -> Timeline:
        """What happened to them."""
        ...

    @property
    def idempotency(self) -> Idempotency:
        """Does once what is sent twice."""
        ...

    @property
    def exports(self) -> Exports:
        """What is taken along."""
        ...

    @property
    def ai_configs(self) -> AiConfigs:
        """How machines write."""
        ...

    @property
    def profiles(self) -> Profiles:
        """What members say about themselves."""
        ...

    def as_one(self, who: Principal) -> AbstractContextManager[None]:
        """One transaction for all that a page reads."""
        ...

    @property
    def conversations(self) -> "Conversations":
        """The inbox."""
        ...

    @property
    def threads(self) -> "Threads":
        """What is said in it."""
        ...

    @property
    def messages(self) -> "Messages":
        """Saying something."""
        ...

    @property
    def outgoing(self) -> "Outgoing":
        """What becomes of it."""
        ...

    @property
    def rewording(self) -> "Reworder":
        """Saying it otherwise in time."""
        ...

    @property
    def home(self) -> "Home":
        """What needs somebody now."""
        ...

    @property
    def sent_log(self) -> "SentLog":
        """Who said what."""
        ...

    @property
    def watching(self) -> "Watching":
        """How sending goes."""
        ...

    @property
    def monitoring(self) -> "Monitoring":
        """Whether everything that sending needs is well."""
        ...

    @property
    def redriving(self) -> "Redriving":
        """Putting dead letters back."""
        ...

    @property
    def drafts(self) -> "Drafts":
        """What waits for a person."""
        ...

    @property
    def composer(self) -> "Composer":
        """What people are writing."""
        ...

    @property
    def presence(self) -> "Presence":
        """Who answers whom."""
        ...

    @property
    def campaigns(self) -> "Campaigns":
        """What is written once for many."""
        ...

    @property
    def campaign_sheets(self) -> "CampaignSheets":
        """Their results, to take along."""
        ...

    @property
    def previewing(self) -> "Previewing":
        """What would happen."""
        ...

    @property
    def launching(self) -> "Launching":
        """Letting it go."""
        ...

    @property
    def steering(self) -> "Steering":
        """Resting, going on, stopping."""
        ...

    @property
    def analytics(self) -> "Analytics":
        """Who pays and why."""
        ...

    @property
    def imports(self) -> "Imports":
        """Fans from files."""
        ...

    @property
    def import_files(self) -> "Bucket":
        """Where these files are."""
        ...

    @property
    def quick_replies(self) -> QuickReplies:
        """Short texts to use again."""
        ...

    @property
    def templates(self) -> Templates:
        """Whole messages to use again."""
        ...

    @property
    def connections(self) -> Connections:
        """The accounts that messages leave through."""
        ...

    @property
    def connecting(self) -> Connecting:
        """Connecting them and letting them go."""
        ...

    @property
    def waitlist(self) -> Waitlist:
        """Who waits for a platform."""
        ...

    @property
    def workspaces(self) -> Workspaces:
        """The workspace itself."""
        ...

    @property
    def audit_log(self) -> AuditLog:
        """What people did."""
        ...
