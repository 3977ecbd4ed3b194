"""Every method and path of the HTTP API: each becomes a gateway route of its own, pointing at its group's function."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """One gateway route; without `public` it takes an access token."""

    method: str
    path: str
    function: str
    public: bool = False


PEOPLE_PAGES = (
    "/sign-in/code",
    "/settings/security",
    "/settings/security/second-factor",
    "/settings/team",
    "/invitations",
)
PEOPLE_FORMS = (
    "/sign-in/code",
    "/settings/security/password",
    "/settings/security/leave",
    "/settings/security/second-factor",
    "/settings/security/second-factor/code",
    "/settings/security/second-factor/off",
    "/settings/team",
    "/settings/team/{member_id}/role",
    "/settings/team/{member_id}/invitation",
    "/settings/team/{member_id}/remove",
    "/invitations/{invitation_id}/accept",
    "/invitations/{invitation_id}/decline",
)

IMPORT_PAGES = (
    "/platforms/connect/onlyfans/imports",
    "/platforms/connect/onlyfans/imports/{import_id}",
    "/platforms/connect/onlyfans/imports/{import_id}/rejected.csv",
)
IMPORT_FORMS = (
    "/platforms/connect/onlyfans/imports",
    "/platforms/connect/onlyfans/imports/upload",
    "/platforms/connect/onlyfans/imports/{import_id}/plan",
    "/platforms/connect/onlyfans/imports/{import_id}/commit",
    "/platforms/connect/onlyfans/imports/{import_id}/undo",
)
CONNECTION_PAGES = ("/platforms/connect/{platform}", "/of-connect")
CONNECTION_FORMS = (
    "/platforms/connect/{platform}",
    "/platforms/connect/{platform}/waitlist",
    "/platforms/connect/{platform}/{connection_id}/test",
    "/platforms/connect/{platform}/{connection_id}/pace",
    "/platforms/connect/{platform}/{connection_id}/pause",
    "/platforms/connect/{platform}/{connection_id}/resume",
    "/platforms/connect/{platform}/{connection_id}/login",
    "/platforms/connect/{platform}/{connection_id}/disconnect",
)

CAMPAIGN_PAGES = (
    "/messages/bulk",
    "/messages/bulk/new",
    "/messages/bulk/{campaign_id}",
    "/messages/bulk/{campaign_id}/recipients.csv",
    "/messages/bulk/{campaign_id}/whom",
    "/messages/bulk/{campaign_id}/what",
    "/messages/bulk/{campaign_id}/when",
)
CAMPAIGN_FORMS = (
    "/messages/bulk/new",
    "/messages/bulk/from-fans",
    "/messages/bulk/{campaign_id}/whom",
    "/messages/bulk/{campaign_id}/what",
    "/messages/bulk/{campaign_id}/when",
    "/messages/bulk/{campaign_id}/launch",
    "/messages/bulk/{campaign_id}/pause",
    "/messages/bulk/{campaign_id}/resume",
    "/messages/bulk/{campaign_id}/cancel",
    "/messages/bulk/{campaign_id}/retry",
    "/messages/bulk/{campaign_id}/duplicate",
    "/messages/bulk/{campaign_id}/discard",
)
ANALYTICS_PAGES = (
    "/platforms/onlyfans/analytics",
    "/platforms/onlyfans/analytics/export.csv",
    "/onlyfans/analytics",
)
INBOX_PAGES = (
    "/messages/onlyfans",
    "/onlyfans/inbox",
    "/messages/onlyfans/news",
    "/messages/onlyfans/tags",
    "/messages/onlyfans/{conversation_id}",
    "/messages/onlyfans/{conversation_id}/news",
    "/messages/onlyfans/{conversation_id}/about",
)
HOME_PAGES = ("/", "/onlyfans", "/pace", "/messages/onlyfans/drafts", "/messages/onlyfans/sent")
INBOX_FORMS = (
    "/messages/onlyfans/{conversation_id}/composer",
    "/messages/onlyfans/{conversation_id}/leaving",
    "/messages/onlyfans/{conversation_id}/messages",
    "/messages/onlyfans/{conversation_id}/drafts/{draft_id}/approval",
    "/messages/onlyfans/{conversation_id}/drafts/{draft_id}/dismissal",
    "/messages/onlyfans/{conversation_id}/drafts/{draft_id}/restoration",
    "/messages/onlyfans/{conversation_id}/archive",
    "/messages/onlyfans/{conversation_id}/reopen",
    "/messages/onlyfans/{conversation_id}/messages/{message_id}/cancel",
    "/messages/onlyfans/{conversation_id}/messages/{message_id}/retry",
    "/messages/onlyfans/{conversation_id}/messages/{message_id}/resolution",
    "/messages/onlyfans/{conversation_id}/messages/{message_id}/check",
)

# Pages are public to the gateway: the session in a cookie guards them, and their own code asks for it.
PAGES = (
    *HOME_PAGES,
    "/sign-in",
    "/first-password",
    "/forgotten-password",
    "/forgotten-password/code",
    "/fans",
    "/onlyfans/fans",
    "/fans/export.csv",
    "/fans/exports/{export_id}",
    "/fans/exports/{export_id}/file",
    "/fans/new",
    "/fans/deleted",
    "/fans/tags",
    "/fans/{fan_id}",
    "/fans/{fan_id}/edit",
    "/fans/{fan_id}/merge",
    "/fans/{fan_id}/erase",
    "/fans/{fan_id}/everything.json",
    "/settings",
    *PEOPLE_PAGES,
    "/settings/profile",
    "/settings/ai",
    "/settings/quick-replies",
    "/settings/quick-replies/new",
    "/settings/quick-replies/{text_id}/edit",
    "/settings/templates",
    "/settings/templates/new",
    "/settings/templates/{text_id}/edit",
    "/settings/audit",
    "/settings/audit/export.csv",
    "/settings/audit/verification",
    "/settings/privacy",
    *IMPORT_PAGES,
    *CONNECTION_PAGES,
    *CAMPAIGN_PAGES,
    *ANALYTICS_PAGES,
    *INBOX_PAGES,
    "/operations",
    "/static/{version}/{file}",
    "/{proxy+}",  # what is not there gets a page that says so
)
FORMS = (
    "/sign-in",
    "/first-password",
    "/forgotten-password",
    "/forgotten-password/code",
    "/sign-out",
    "/sign-out-everywhere",
    "/workspace",
    "/language",
    "/appearance",
    "/fans/bulk/tags",
    "/fans/bulk/tags/undo",
    "/fans/exports",
    "/fans/exports/{export_id}/again",
    "/fans/tags/rename",
    "/fans/tags/delete",
    "/fans/new",
    "/fans/{fan_id}/edit",
    "/fans/{fan_id}/facts",
    "/fans/{fan_id}/tags",
    "/fans/{fan_id}/notes",
    "/fans/{fan_id}/notes/{note_id}",
    "/fans/{fan_id}/notes/{note_id}/delete",
    "/fans/{fan_id}/delete",
    "/fans/{fan_id}/restore",
    *CAMPAIGN_FORMS,
    *PEOPLE_FORMS,
    "/settings/profile",
    "/settings/profile/delete",
    "/settings/workspace",
    "/settings/ai",
    "/settings/ai/delete",
    "/settings/quick-replies/new",
    "/settings/quick-replies/{text_id}/edit",
    "/settings/quick-replies/{text_id}/delete",
    "/settings/quick-replies/{text_id}/restore",
    "/settings/templates/new",
    "/settings/templates/{text_id}/edit",
    "/settings/templates/{text_id}/delete",
    "/settings/templates/{text_id}/restore",
    "/fans/{fan_id}/merge",
    "/fans/{fan_id}/erase",
    "/fans/merges/{merge_id}/undo",
    *IMPORT_FORMS,
    *CONNECTION_FORMS,
    *INBOX_FORMS,
    "/operations/redrive",
)

FANS = (
    Route("GET", "/api/crm/fans", "fans"),
    Route("POST", "/api/crm/fans", "fans"),
    Route("GET", "/api/crm/fans/top", "fans"),
    Route("GET", "/api/crm/fans/tags", "fans"),
    Route("POST", "/api/crm/fans/tags", "fans"),
    Route("PUT", "/api/crm/fans/tags", "fans"),
    Route("DELETE", "/api/crm/fans/tags", "fans"),
    Route("GET", "/api/crm/fans/{id}", "fans"),
    Route("PUT", "/api/crm/fans/{id}", "fans"),
    Route("DELETE", "/api/crm/fans/{id}", "fans"),
    Route("POST", "/api/crm/fans/{id}/restore", "fans"),
    Route("GET", "/api/crm/fans/{id}/export", "fans"),
    Route("GET", "/api/crm/fans/{id}/notes", "fans"),
    Route("POST", "/api/crm/fans/{id}/notes", "fans"),
    Route("PUT", "/api/crm/fans/{id}/notes/{noteId}", "fans"),
    Route("DELETE", "/api/crm/fans/{id}/notes/{noteId}", "fans"),
    Route("GET", "/api/crm/fans/{id}/tags", "fans"),
    Route("POST", "/api/crm/fans/{id}/tags", "fans"),
    Route("DELETE", "/api/crm/fans/{id}/tags", "fans"),
)
TEAM = (
    Route("GET", "/api/crm/members", "team"),
    Route("POST", "/api/crm/members", "team"),
    Route("GET", "/api/crm/members/{id}", "team"),
    Route("PUT", "/api/crm/members/{id}", "team"),
    Route("DELETE", "/api/crm/members/{id}", "team"),
    Route("POST", "/api/crm/members/{id}/invitation", "team"),
    Route("GET", "/api/crm/invitations", "team"),
    Route("POST", "/api/crm/invitations/{id}/acceptance", "team"),
    Route("DELETE", "/api/crm/invitations/{id}", "team"),
)
MERGES = (
    Route("GET", "/api/crm/fans/merges", "fans"),
    Route("POST", "/api/crm/fans/merges", "fans"),
    Route("DELETE", "/api/crm/fans/merges/{id}", "fans"),
)
PRIVACY = (
    Route("POST", "/api/crm/fans/{id}/erasure", "privacy"),
    Route("GET", "/api/crm/erasures", "privacy"),
)
CONVERSATIONS = (
    Route("GET", "/api/crm/conversations", "conversations"),
    Route("POST", "/api/crm/conversations", "conversations"),
    Route("GET", "/api/crm/conversations/{id}", "conversations"),
    Route("PUT", "/api/crm/conversations/{id}", "conversations"),
    Route("GET", "/api/crm/conversations/{id}/messages", "conversations"),
    Route("POST", "/api/crm/conversations/{id}/messages", "conversations"),
    Route("GET", "/api/crm/messages", "conversations"),
    Route("POST", "/api/crm/messages", "conversations"),
    Route("GET", "/api/crm/messages/unread-count", "conversations"),
    Route("GET", "/api/crm/messages/{id}", "conversations"),
    Route("POST", "/api/crm/messages/{id}/read", "conversations"),
    Route("GET", "/api/crm/drafts", "conversations"),
    Route("POST", "/api/crm/drafts", "conversations"),
    Route("GET", "/api/crm/drafts/{id}", "conversations"),
    Route("PUT", "/api/crm/drafts/{id}", "conversations"),
    Route("DELETE", "/api/crm/drafts/{id}", "conversations"),
    Route("POST", "/api/crm/drafts/{id}/approval", "conversations"),
    Route("POST", "/api/crm/drafts/{id}/restore", "conversations"),
)
SENDING = (
    Route("POST", "/api/onlyfans/messages/send", "onlyfans"),
    Route("POST", "/api/onlyfans/send/manual", "onlyfans"),
    Route("GET", "/api/onlyfans/messages/status", "onlyfans"),
    Route("GET", "/api/onlyfans/messages/failed", "onlyfans"),
    Route("POST", "/api/onlyfans/messages/redrive", "onlyfans"),
    Route("PUT", "/api/onlyfans/messages/{id}", "onlyfans"),
    Route("POST", "/api/onlyfans/messages/{id}/retry", "onlyfans"),
    Route("POST", "/api/onlyfans/messages/{id}/cancel", "onlyfans"),
    Route("POST", "/api/onlyfans/messages/{id}/resolution", "onlyfans"),
    Route("POST", "/api/onlyfans/messages/{id}/check", "onlyfans"),
)
MONITORING = (Route("GET", "/api/monitoring/onlyfans", "monitoring"),)
CAMPAIGNS = (
    Route("POST", "/api/messages/bulk", "campaigns"),
    Route("GET", "/api/crm/campaigns", "campaigns"),
    Route("POST", "/api/crm/campaigns", "campaigns"),
    Route("GET", "/api/crm/campaigns/{id}", "campaigns"),
    Route("PUT", "/api/crm/campaigns/{id}", "campaigns"),
    Route("DELETE", "/api/crm/campaigns/{id}", "campaigns"),
    Route("POST", "/api/crm/campaigns/{id}/duplicate", "campaigns"),
    Route("GET", "/api/crm/campaigns/{id}/preview", "campaigns"),
    Route("POST", "/api/crm/campaigns/{id}/launch", "campaigns"),
    Route("POST", "/api/crm/campaigns/{id}/pause", "campaigns"),
    Route("POST", "/api/crm/campaigns/{id}/resume", "campaigns"),
    Route("POST", "/api/crm/campaigns/{id}/cancel", "campaigns"),
    Route("POST", "/api/crm/campaigns/{id}/retry", "campaigns"),
    Route("GET", "/api/crm/campaigns/{id}/recipients", "campaigns"),
    Route("GET", "/api/crm/campaigns/{id}/export.csv", "campaigns"),
)
ANALYTICS = (
    Route("GET", "/api/crm/analytics/overview", "insights"),
    Route("GET", "/api/crm/analytics/revenue", "insights"),
    Route("GET", "/api/crm/analytics/top-fans", "insights"),
    Route("GET", "/api/crm/analytics/heatmap", "insights"),
    Route("GET", "/api/crm/analytics/ppv", "insights"),
    Route("GET", "/api/crm/analytics/chatters", "insights"),
    Route("GET", "/api/crm/analytics/campaigns", "insights"),
    Route("GET", "/api/crm/analytics/cohorts", "insights"),
    Route("GET", "/api/crm/analytics/export.csv", "insights"),
)
DESK = (
    Route("GET", "/api/crm/quick-replies", "desk"),
    Route("POST", "/api/crm/quick-replies", "desk"),
    Route("GET", "/api/crm/quick-replies/categories", "desk"),
    Route("GET", "/api/crm/quick-replies/{id}", "desk"),
    Route("PUT", "/api/crm/quick-replies/{id}", "desk"),
    Route("DELETE", "/api/crm/quick-replies/{id}", "desk"),
    Route("POST", "/api/crm/quick-replies/{id}/restore", "desk"),
    Route("GET", "/api/crm/quick-replies/{id}/preview", "desk"),
    Route("POST", "/api/crm/quick-replies/{id}/uses", "desk"),
    Route("GET", "/api/crm/templates", "desk"),
    Route("POST", "/api/crm/templates", "desk"),
    Route("GET", "/api/crm/templates/categories", "desk"),
    Route("GET", "/api/crm/templates/{id}", "desk"),
    Route("PUT", "/api/crm/templates/{id}", "desk"),
    Route("DELETE", "/api/crm/templates/{id}", "desk"),
    Route("POST", "/api/crm/templates/{id}/restore", "desk"),
    Route("GET", "/api/crm/templates/{id}/preview", "desk"),
    Route("POST", "/api/crm/templates/{id}/uses", "desk"),
    Route("GET", "/api/crm/profile", "desk"),
    Route("PUT", "/api/crm/profile", "desk"),
    Route("DELETE", "/api/crm/profile", "desk"),
    Route("GET", "/api/crm/workspace", "desk"),
    Route("PUT", "/api/crm/workspace", "desk"),
    Route("GET", "/api/crm/ai-config", "desk"),
    Route("PUT", "/api/crm/ai-config", "desk"),
    Route("DELETE", "/api/crm/ai-config", "desk"),
    Route("GET", "/api/crm/conversations/{id}/composer", "desk"),
    Route("PUT", "/api/crm/conversations/{id}/composer", "desk"),
    Route("DELETE", "/api/crm/conversations/{id}/composer", "desk"),
    Route("PUT", "/api/crm/conversations/{id}/presence", "desk"),
    Route("DELETE", "/api/crm/conversations/{id}/presence", "desk"),
)
AUDIT = (
    Route("GET", "/api/crm/audit", "audit"),
    Route("GET", "/api/crm/audit/verification", "audit"),
)
CONNECTIONS = (
    Route("GET", "/api/onlyfans/connections", "connections"),
    Route("POST", "/api/onlyfans/connections", "connections"),
    Route("GET", "/api/onlyfans/connections/{id}", "connections"),
    Route("PUT", "/api/onlyfans/connections/{id}", "connections"),
    Route("DELETE", "/api/onlyfans/connections/{id}", "connections"),
    Route("POST", "/api/onlyfans/connections/{id}/test", "connections"),
    Route("POST", "/api/onlyfans/connections/{id}/pause", "connections"),
    Route("POST", "/api/onlyfans/connections/{id}/resume", "connections"),
    Route("POST", "/api/onlyfans/connections/{id}/login", "connections"),
    Route("POST", "/api/onlyfans/auth/connect", "connections"),
    Route("POST", "/api/onlyfans/auth/disconnect", "connections"),
)
IMPORTS = (
    Route("POST", "/api/onlyfans/import/csv", "importing"),
    Route("GET", "/api/onlyfans/imports", "importing"),
    Route("POST", "/api/onlyfans/imports", "importing"),
    Route("GET", "/api/onlyfans/imports/{id}", "importing"),
    Route("POST", "/api/onlyfans/imports/{id}/plan", "importing"),
    Route("POST", "/api/onlyfans/imports/{id}/commit", "importing"),
    Route("POST", "/api/onlyfans/imports/{id}/undo", "importing"),
    Route("GET", "/api/onlyfans/imports/{id}/rows", "importing"),
    Route("GET", "/api/onlyfans/imports/{id}/rejected.csv", "importing"),
)
WAITLIST = (Route("POST", "/api/waitlist", "waitlist", public=True),)
WEBHOOKS = (Route("POST", "/api/webhooks/{platform}/{connectionId}", "webhooks_in", public=True),)
PUBLIC = (Route("GET", "/api/openapi.json", "public", public=True),)
WEB = (
    *(Route("GET", path, "web", public=True) for path in PAGES),
    *(Route("HEAD", path, "web", public=True) for path in ("/", "/{proxy+}")),
    *(Route("POST", path, "web", public=True) for path in FORMS),
)

ROUTES = (
    *FANS,
    *CONVERSATIONS,
    *SENDING,
    *MONITORING,
    *CAMPAIGNS,
    *ANALYTICS,
    *DESK,
    *TEAM,
    *MERGES,
    *PRIVACY,
    *AUDIT,
    *CONNECTIONS,
    *IMPORTS,
    *WAITLIST,
    *WEBHOOKS,
    *PUBLIC,
    *WEB,
)
