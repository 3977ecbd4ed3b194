"""What people do that is kept for ever."""

from enum import StrEnum


class Action(StrEnum):
    """What somebody did. The first word is the kind of thing that it was done to; the words are part of the API."""

    FAN_CREATED = "fan.created"
    FAN_UPDATED = "fan.updated"
    FAN_DELETED = "fan.deleted"
    FAN_RESTORED = "fan.restored"
    FAN_TAGGED = "fan.tagged"
    FAN_UNTAGGED = "fan.untagged"
    FANS_TAGGED = "fans.tagged"
    FAN_MERGED = "fan.merged"
    FAN_UNMERGED = "fan.unmerged"
    FAN_DISCLOSED = "fan.disclosed"  # all that is held about the person was told
    FAN_ERASED = "fan.erased"
    TAG_RENAMED = "tag.renamed"
    TAG_DELETED = "tag.deleted"
    NOTE_WRITTEN = "note.written"
    NOTE_CHANGED = "note.changed"
    NOTE_DELETED = "note.deleted"
    EXPORT_REQUESTED = "export.requested"
    CONVERSATION_OPENED = "conversation.opened"
    CONVERSATION_ARCHIVED = "conversation.archived"
    CONVERSATION_REOPENED = "conversation.reopened"
    MESSAGE_APPROVED = "message.approved"
    DRAFT_WRITTEN = "draft.written"
    DRAFT_CHANGED = "draft.changed"
    DRAFT_DELETED = "draft.deleted"
    QUICK_REPLY_CREATED = "quick_reply.created"
    QUICK_REPLY_CHANGED = "quick_reply.changed"
    QUICK_REPLY_DELETED = "quick_reply.deleted"
    QUICK_REPLY_RESTORED = "quick_reply.restored"
    TEMPLATE_CREATED = "template.created"
    TEMPLATE_CHANGED = "template.changed"
    TEMPLATE_DELETED = "template.deleted"
    TEMPLATE_RESTORED = "template.restored"
    PROFILE_CHANGED = "profile.changed"
    PROFILE_DELETED = "profile.deleted"
    AI_CONFIG_CHANGED = "ai_config.changed"
    AI_CONFIG_DELETED = "ai_config.deleted"
    WORKSPACE_CHANGED = "workspace.changed"
    MEMBER_INVITED = "member.invited"
    MEMBER_JOINED = "member.joined"
    MEMBER_ROLE_CHANGED = "member.role_changed"
    MEMBER_REMOVED = "member.removed"
    MEMBER_LEFT = "member.left"

    @property
    def object_kind(self) -> str:
        """The kind of thing that it was done to."""
        return self.partition(".")[0]
