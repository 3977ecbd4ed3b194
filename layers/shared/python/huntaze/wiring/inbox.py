"""The parts around the inbox."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.wiring.permits import PermitParts

if TYPE_CHECKING:
    from huntaze.ai_config.service import AiConfigs
    from huntaze.composer.service import Composer
    from huntaze.conversations.service import Conversations
    from huntaze.drafts.service import Drafts
    from huntaze.home.service import Home
    from huntaze.messages.receiving import Receiving
    from huntaze.messages.sending import Sending
    from huntaze.messages.service import Messages
    from huntaze.presence.service import Presence
    from huntaze.quick_replies.service import QuickReplies
    from huntaze.sent.service import SentLog
    from huntaze.templates.service import Templates
    from huntaze.threads.service import Threads


class InboxParts(PermitParts):
    """The use cases around what is said."""

    @cached_property
    def conversations(self) -> "Conversations":
        """The use cases around conversations."""
        from huntaze.conversations.service import Conversations
        from huntaze.ids import new_id

        return Conversations(self.in_workspace, self.clock, new_id)

    @cached_property
    def threads(self) -> "Threads":
        """Conversations as people read them."""
        from huntaze.threads.service import Threads

        return Threads(self.in_workspace, self.clock)

    @cached_property
    def home(self) -> "Home":
        """What needs somebody now."""
        from huntaze.home.service import Home

        return Home(self.in_workspace)

    @cached_property
    def sent_log(self) -> "SentLog":
        """Who said what."""
        from huntaze.sent.service import SentLog

        return SentLog(self.in_workspace, self.clock)

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

        return Sending(self.clock, new_id, self.waking.wake, self.gate.must_be_open, self.measures)

    @cached_property
    def receiving(self) -> "Receiving":
        """What platforms tell."""
        from huntaze.ids import new_id
        from huntaze.messages.receiving import Receiving

        return Receiving(self.in_workspace_as_machine, new_id)

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
    def ai_configs(self) -> "AiConfigs":
        """The use cases around the AI configuration."""
        from huntaze.ai_config.service import AiConfigs

        return AiConfigs(self.in_workspace)
