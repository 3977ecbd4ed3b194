"""What each operation that changes something leaves in the audit log, by hand; or the reason why it leaves nothing."""

from dataclasses import dataclass

from huntaze.audit.model import Action


@dataclass(frozen=True)
class Nothing:
    """No entry, and why."""

    reason: str


EPHEMERAL = Nothing("nothing is kept of it: it is what somebody is just about to do")
MARKS_AS_READ = Nothing("decision 10: marking as read and looking around would bury the rest")
COUNTS = Nothing("counts how often words were used; what became of them is a draft or a message of its own")

CREATED_AND_LAUNCHED = (Action.CAMPAIGN_CREATED, Action.CAMPAIGN_LAUNCHED)  # two acts in one request

LEAVES: dict[str, str | tuple[str, ...] | Nothing] = {
    "createFan": Action.FAN_CREATED,
    "updateFan": Action.FAN_UPDATED,
    "deleteFan": Action.FAN_DELETED,
    "restoreFan": Action.FAN_RESTORED,
    "putTagOnFan": Action.FAN_TAGGED,
    "takeTagFromFan": Action.FAN_UNTAGGED,
    "tagFans": Action.FANS_TAGGED,
    "renameTag": Action.TAG_RENAMED,
    "deleteTag": Action.TAG_DELETED,
    "writeNote": Action.NOTE_WRITTEN,
    "changeNote": Action.NOTE_CHANGED,
    "deleteNote": Action.NOTE_DELETED,
    "exportFan": Action.FAN_DISCLOSED,  # changes nothing, but takes along
    "mergeFans": Action.FAN_MERGED,
    "undoMerge": Action.FAN_UNMERGED,
    "eraseFan": Action.FAN_ERASED,
    "importCsv": (Action.IMPORT_REQUESTED, Action.IMPORT_COMMITTED),
    "beginImport": Action.IMPORT_REQUESTED,
    "planImport": Action.IMPORT_PLANNED,
    "commitImport": Action.IMPORT_COMMITTED,
    "undoImport": Action.IMPORT_UNDONE,
    "openConversation": Action.CONVERSATION_OPENED,
    "changeConversation": Action.CONVERSATION_ARCHIVED,
    "sendInConversation": Action.MESSAGE_APPROVED,
    "sendMessage": Action.MESSAGE_APPROVED,
    "sendToFan": Action.MESSAGE_APPROVED,
    "sendManually": Action.MESSAGE_APPROVED,
    "rewordMessage": Action.MESSAGE_REWORDED,
    "checkMessage": Action.MESSAGE_CHECKED,
    "retryMessage": Action.MESSAGE_RETRIED,
    "cancelMessage": Action.MESSAGE_CANCELLED,
    "resolveMessage": Action.MESSAGE_RESOLVED,
    "redrive": Action.DELIVERY_REDRIVEN,
    "markMessageRead": MARKS_AS_READ,
    "writeDraft": Action.DRAFT_WRITTEN,
    "changeDraft": Action.DRAFT_CHANGED,
    "deleteDraft": Action.DRAFT_DELETED,
    "restoreDraft": Action.DRAFT_RESTORED,
    "approveDraft": Action.MESSAGE_APPROVED,
    "connectAccount": Action.CONNECTION_CONNECTED,
    "authorizeAccount": Action.CONNECTION_CONNECTED,
    "testConnection": Action.CONNECTION_TESTED,
    "changePace": Action.CONNECTION_PACE_CHANGED,
    "pauseAccount": Action.CONNECTION_PAUSED,
    "resumeAccount": Action.CONNECTION_RESUMED,
    "renewLogin": Action.CONNECTION_LOGIN_RENEWED,
    "disconnectAccount": Action.CONNECTION_DISCONNECTED,
    "deauthorizeAccount": Action.CONNECTION_DISCONNECTED,
    "sendBulk": CREATED_AND_LAUNCHED,
    "createCampaign": Action.CAMPAIGN_CREATED,
    "updateCampaign": Action.CAMPAIGN_CHANGED,
    "discardCampaign": Action.CAMPAIGN_DISCARDED,
    "duplicateCampaign": Action.CAMPAIGN_CREATED,
    "launchCampaign": Action.CAMPAIGN_LAUNCHED,
    "pauseCampaign": Action.CAMPAIGN_PAUSED,
    "resumeCampaign": Action.CAMPAIGN_RESUMED,
    "cancelCampaign": Action.CAMPAIGN_CANCELLED,
    "retryCampaign": Action.CAMPAIGN_RETRIED,
    "exportNumbers": Action.ANALYTICS_EXPORTED,  # the same
    "exportCampaign": Action.CAMPAIGN_EXPORTED,  # changes nothing, but takes along
    "keepComposer": EPHEMERAL,
    "dropComposer": EPHEMERAL,
    "bePresent": EPHEMERAL,
    "leaveConversation": EPHEMERAL,
    "createQuickReply": Action.QUICK_REPLY_CREATED,
    "updateQuickReply": Action.QUICK_REPLY_CHANGED,
    "restoreQuickReply": Action.QUICK_REPLY_RESTORED,
    "restoreTemplate": Action.TEMPLATE_RESTORED,
    "deleteQuickReply": Action.QUICK_REPLY_DELETED,
    "useQuickReply": COUNTS,
    "createTemplate": Action.TEMPLATE_CREATED,
    "updateTemplate": Action.TEMPLATE_CHANGED,
    "deleteTemplate": Action.TEMPLATE_DELETED,
    "useTemplate": COUNTS,
    "updateProfile": Action.PROFILE_CHANGED,
    "deleteProfile": Action.PROFILE_DELETED,
    "updateWorkspace": Action.WORKSPACE_CHANGED,
    "updateAiConfig": Action.AI_CONFIG_CHANGED,
    "deleteAiConfig": Action.AI_CONFIG_DELETED,
    "inviteMember": Action.MEMBER_INVITED,
    "sendInvitationAgain": Action.MEMBER_INVITED,
    "changeRole": Action.MEMBER_ROLE_CHANGED,
    "removeMember": Action.MEMBER_REMOVED,
    "acceptInvitation": Action.MEMBER_JOINED,
    "declineInvitation": Action.MEMBER_LEFT,
    "takeInEvent": Nothing("no person does it: a platform tells, and what it tells is kept as an event"),
}
