"""Which roles may do what: by hand from the contract and decision 11, so that a mistake in the code is none here."""

from huntaze.members.model import Role

OWNER = frozenset({Role.OWNER})
MANAGERS = OWNER | {Role.MANAGER}
ANALYSTS = MANAGERS | {Role.ANALYST}  # who sees results
INBOX_PEOPLE = MANAGERS | {Role.CHATTER}  # who approves replies, and reads fans and notes
INBOX = INBOX_PEOPLE | {Role.MACHINE}  # reads the inbox and writes drafts
EVERYBODY = frozenset(Role)

# Where no membership is asked for: an invitation is to a person.
ANYBODY_SIGNED_IN: frozenset[Role] | None = None

# No person at all: what lets a bridge in is its signature.
NO_PERSON: frozenset[Role] | None = None

MAY: dict[str, frozenset[Role] | None] = {
    # fans (read and notes) are the chatter's too, changing them the manager's
    **dict.fromkeys(("listFans", "readFan", "listTopFans", "listTags", "listTagsOfFan", "listNotes"), INBOX_PEOPLE),
    **dict.fromkeys(("writeNote", "changeNote", "deleteNote"), INBOX_PEOPLE),
    **dict.fromkeys(("createFan", "updateFan", "deleteFan", "restoreFan"), MANAGERS),
    **dict.fromkeys(("putTagOnFan", "takeTagFromFan", "tagFans", "renameTag", "deleteTag"), MANAGERS),
    **dict.fromkeys(("listMerges", "mergeFans", "undoMerge"), MANAGERS),
    # all that is held about a person, to take along: as much as changing them
    "exportFan": MANAGERS,
    # erasure is the owner's
    **dict.fromkeys(("eraseFan", "listErasures"), OWNER),
    # managers see the audit log
    **dict.fromkeys(("listAuditEntries", "verifyAuditLog"), MANAGERS),
    # inbox: a machine reads it and writes drafts, and approves nothing
    **dict.fromkeys(("listConversations", "readConversation", "readThread", "listMessages", "readMessage"), INBOX),
    **dict.fromkeys(("countUnread",), INBOX),
    **dict.fromkeys(("listDrafts", "readDraft", "writeDraft", "changeDraft", "deleteDraft", "restoreDraft"), INBOX),
    **dict.fromkeys(("openConversation", "changeConversation", "markMessageRead"), INBOX_PEOPLE),
    **dict.fromkeys(("sendInConversation", "sendMessage", "approveDraft"), INBOX_PEOPLE),
    # who sends sees how it goes, and decides about it; the queue is steered by those who operate
    **dict.fromkeys(("sendToFan", "sendManually", "readSendingStatus", "listFailed"), INBOX_PEOPLE),
    **dict.fromkeys(("retryMessage", "cancelMessage", "resolveMessage"), INBOX_PEOPLE),
    **dict.fromkeys(("rewordMessage", "checkMessage"), INBOX_PEOPLE),
    **dict.fromkeys(("redrive", "readHealth"), MANAGERS),
    # campaigns are the manager's; what came of them is for those who analyse too
    **dict.fromkeys(("sendBulk", "createCampaign", "updateCampaign", "discardCampaign", "duplicateCampaign"), MANAGERS),
    **dict.fromkeys(("previewCampaign", "launchCampaign", "pauseCampaign", "resumeCampaign"), MANAGERS),
    **dict.fromkeys(("cancelCampaign", "retryCampaign"), MANAGERS),
    **dict.fromkeys(("listCampaigns", "readCampaign", "listRecipients", "exportCampaign"), ANALYSTS),
    # numbers are for those who analyse
    **dict.fromkeys(("readOverview", "readRevenue", "rankFans", "readHeatmap", "readPpv", "readChatters"), ANALYSTS),
    **dict.fromkeys(("readCampaignResults", "readCohorts", "exportNumbers"), ANALYSTS),
    **dict.fromkeys(("readComposer", "keepComposer", "dropComposer"), INBOX_PEOPLE),
    **dict.fromkeys(("bePresent", "leaveConversation"), INBOX_PEOPLE),
    # accounts: how they are concerns whoever is in the inbox, the rest is the manager's
    **dict.fromkeys(("listConnections", "readConnection"), INBOX),
    **dict.fromkeys(("connectAccount", "authorizeAccount", "disconnectAccount", "deauthorizeAccount"), MANAGERS),
    **dict.fromkeys(("testConnection", "changePace", "pauseAccount", "resumeAccount", "renewLogin"), MANAGERS),
    # files of fans are the manager's
    **dict.fromkeys(("importCsv", "beginImport", "listImports", "readImport", "planImport"), MANAGERS),
    **dict.fromkeys(("commitImport", "undoImport", "listRows", "readRejected"), MANAGERS),
    # quick replies and templates: written by people, used by machines too
    **dict.fromkeys(("listQuickReplies", "readQuickReply", "listCategoriesOfQuickReplies"), INBOX),
    **dict.fromkeys(("previewQuickReply", "useQuickReply"), INBOX),
    **dict.fromkeys(("createQuickReply", "updateQuickReply", "deleteQuickReply", "restoreQuickReply"), INBOX_PEOPLE),
    **dict.fromkeys(("listTemplates", "readTemplate", "listCategoriesOfTemplates"), INBOX),
    **dict.fromkeys(("previewTemplate", "useTemplate"), INBOX),
    **dict.fromkeys(("createTemplate", "updateTemplate", "deleteTemplate", "restoreTemplate"), INBOX_PEOPLE),
    # a profile is everybody's own, the workspace's settings are the manager's
    **dict.fromkeys(("readProfile", "updateProfile", "deleteProfile", "readWorkspace"), EVERYBODY),
    **dict.fromkeys(("updateWorkspace", "updateAiConfig", "deleteAiConfig"), MANAGERS),
    "readAiConfig": INBOX,  # machines write by it
    # the team is the owner's; managers see it; everybody may leave, which is removing oneself
    **dict.fromkeys(("listMembers", "readMember"), MANAGERS),
    **dict.fromkeys(("inviteMember", "changeRole", "removeMember", "sendInvitationAgain"), OWNER),
    **dict.fromkeys(("listInvitations", "acceptInvitation", "declineInvitation"), ANYBODY_SIGNED_IN),
    # events of platforms
    "takeInEvent": NO_PERSON,
}
