"""What people have on their desk: words to use again, their profile, what they write and who is with them."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

from huntaze import wiring
from huntaze.ai_config.schema import AiConfigBody, AiConfigChangesBody
from huntaze.composer.schema import ContentBody, UnsentBody
from huntaze.edge.api import Caller, HttpApi
from huntaze.edge.problem import also_told
from huntaze.presence.schema import CompanyBody, PresenceBody
from huntaze.profiles.schema import ProfileBody, ProfileChangesBody
from huntaze.quick_replies.schema import (
    FilledReplyBody,
    NewQuickReplyBody,
    QuickRepliesBody,
    QuickRepliesQuery,
    QuickReplyBody,
    QuickReplyChangesBody,
)
from huntaze.schema import Id
from huntaze.templates.schema import (
    FilledTemplateBody,
    NewTemplateBody,
    TemplateBody,
    TemplateChangesBody,
    TemplatesBody,
    TemplatesQuery,
)
from huntaze.wording.schema import CategoriesBody, FanQuery, UseBody
from huntaze.workspaces.schema import WorkspaceBody, WorkspaceChangesBody

app = HttpApi(wiring.current, group="desk")

ReplyId = Annotated[Id, Path(alias="id")]
TemplateId = Annotated[Id, Path(alias="id")]
ConversationId = Annotated[Id, Path(alias="id")]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag of the version to change.")]

GONE = HTTPStatus.NO_CONTENT
FULL = also_told({409: "There are as many as a workspace can have, or a request with the same key still runs."})
STALE = also_told({412: "It is no longer the version that If-Match names."})
BROKEN = also_told({409: "The text cannot be filled in any more: it has a variable that is not there."})
TAKEN = also_told({409: "There is a template of this name already."})
STALE_OR_TAKEN = also_told({409: "There is a template of this name already.", 412: "It is no longer that version."})

REPLIES, REPLY = "/api/crm/quick-replies", "/api/crm/quick-replies/<id>"


@app.get(REPLIES, summary="Quick replies, the most used first", tags=["Quick replies"])
def list_quick_replies(who: Caller, query: Annotated[QuickRepliesQuery, Query()]) -> QuickRepliesBody:
    bookmarks = query.bookmarks(wiring.current().cursors, who.workspace_id)
    after = bookmarks.position(query.cursor)
    page = wiring.current().quick_replies.page(who, query.filters(), query.limit, after)
    return QuickRepliesBody.of(page, bookmarks)


@app.post(
    REPLIES,
    summary="Add a quick reply",
    tags=["Quick replies"],
    status_code=HTTPStatus.CREATED,
    openapi_extensions=FULL,
)
def create_quick_reply(who: Caller, new: NewQuickReplyBody) -> QuickReplyBody:
    return QuickReplyBody.of(wiring.current().quick_replies.create(who, new.reply()))


@app.get(f"{REPLIES}/categories", summary="Their categories, with how many are in each", tags=["Quick replies"])
def list_categories_of_quick_replies(who: Caller) -> CategoriesBody:
    return CategoriesBody.of(wiring.current().quick_replies.categories(who))


@app.get(REPLY, summary="One quick reply", tags=["Quick replies"])
def read_quick_reply(who: Caller, reply_id: ReplyId) -> QuickReplyBody:
    return QuickReplyBody.of(wiring.current().quick_replies.get(who, reply_id))


@app.put(REPLY, summary="Change a quick reply", tags=["Quick replies"], openapi_extensions=STALE)
def update_quick_reply(
    who: Caller, reply_id: ReplyId, body: QuickReplyChangesBody, if_match: IfMatch = None
) -> QuickReplyBody:
    return QuickReplyBody.of(wiring.current().quick_replies.update(who, reply_id, body.changes(), if_match))


@app.delete(
    REPLY, summary="Delete a quick reply, which can be restored for 30 days", tags=["Quick replies"], status_code=GONE
)
def delete_quick_reply(who: Caller, reply_id: ReplyId) -> None:
    wiring.current().quick_replies.delete(who, reply_id)


@app.post(f"{REPLY}/restore", summary="Restore a deleted quick reply", tags=["Quick replies"])
def restore_quick_reply(who: Caller, reply_id: ReplyId) -> QuickReplyBody:
    return QuickReplyBody.of(wiring.current().quick_replies.restore(who, reply_id))


@app.get(
    f"{REPLY}/preview", summary="A quick reply as a fan would get it", tags=["Quick replies"], openapi_extensions=BROKEN
)
def preview_quick_reply(who: Caller, reply_id: ReplyId, query: Annotated[FanQuery, Query()]) -> FilledReplyBody:
    return FilledReplyBody.of(wiring.current().quick_replies.preview(who, reply_id, query.fan_id))


@app.post(
    f"{REPLY}/uses", summary="Fill in a quick reply, and count it", tags=["Quick replies"], openapi_extensions=BROKEN
)
def use_quick_reply(who: Caller, reply_id: ReplyId, body: UseBody) -> FilledReplyBody:
    return FilledReplyBody.of(wiring.current().quick_replies.use(who, reply_id, body.fan_id))


TEMPLATES, TEMPLATE = "/api/crm/templates", "/api/crm/templates/<id>"


@app.get(TEMPLATES, summary="Templates, the most used first", tags=["Templates"])
def list_templates(who: Caller, query: Annotated[TemplatesQuery, Query()]) -> TemplatesBody:
    bookmarks = query.bookmarks(wiring.current().cursors, who.workspace_id)
    after = bookmarks.position(query.cursor)
    return TemplatesBody.of(wiring.current().templates.page(who, query.filters(), query.limit, after), bookmarks)


@app.post(
    TEMPLATES, summary="Add a template", tags=["Templates"], status_code=HTTPStatus.CREATED, openapi_extensions=TAKEN
)
def create_template(who: Caller, new: NewTemplateBody) -> TemplateBody:
    return TemplateBody.of(wiring.current().templates.create(who, new.template()))


@app.get(f"{TEMPLATES}/categories", summary="Their categories, with how many are in each", tags=["Templates"])
def list_categories_of_templates(who: Caller) -> CategoriesBody:
    return CategoriesBody.of(wiring.current().templates.categories(who))


@app.get(TEMPLATE, summary="One template", tags=["Templates"])
def read_template(who: Caller, template_id: TemplateId) -> TemplateBody:
    return TemplateBody.of(wiring.current().templates.get(who, template_id))


@app.put(TEMPLATE, summary="Change a template", tags=["Templates"], openapi_extensions=STALE_OR_TAKEN)
def update_template(
    who: Caller, template_id: TemplateId, body: TemplateChangesBody, if_match: IfMatch = None
) -> TemplateBody:
    return TemplateBody.of(wiring.current().templates.update(who, template_id, body.changes(), if_match))


@app.delete(
    TEMPLATE, summary="Delete a template, which can be restored for 30 days", tags=["Templates"], status_code=GONE
)
def delete_template(who: Caller, template_id: TemplateId) -> None:
    wiring.current().templates.delete(who, template_id)


@app.post(f"{TEMPLATE}/restore", summary="Restore a deleted template", tags=["Templates"], openapi_extensions=TAKEN)
def restore_template(who: Caller, template_id: TemplateId) -> TemplateBody:
    return TemplateBody.of(wiring.current().templates.restore(who, template_id))


@app.get(
    f"{TEMPLATE}/preview", summary="A template as a fan would get it", tags=["Templates"], openapi_extensions=BROKEN
)
def preview_template(who: Caller, template_id: TemplateId, query: Annotated[FanQuery, Query()]) -> FilledTemplateBody:
    return FilledTemplateBody.of(wiring.current().templates.preview(who, template_id, query.fan_id))


@app.post(f"{TEMPLATE}/uses", summary="Fill in a template, and count it", tags=["Templates"], openapi_extensions=BROKEN)
def use_template(who: Caller, template_id: TemplateId, body: UseBody) -> FilledTemplateBody:
    return FilledTemplateBody.of(wiring.current().templates.use(who, template_id, body.fan_id))


@app.get("/api/crm/profile", summary="The caller's own profile", tags=["Profile"])
def read_profile(who: Caller) -> ProfileBody:
    return ProfileBody.of(wiring.current().profiles.of(who))


@app.put("/api/crm/profile", summary="Change the caller's own profile", tags=["Profile"], openapi_extensions=STALE)
def update_profile(who: Caller, body: ProfileChangesBody, if_match: IfMatch = None) -> ProfileBody:
    return ProfileBody.of(wiring.current().profiles.update(who, body.changes(), if_match))


@app.delete("/api/crm/profile", summary="Delete the caller's own profile for good", tags=["Profile"], status_code=GONE)
def delete_profile(who: Caller) -> None:
    wiring.current().profiles.delete(who)


@app.get("/api/crm/workspace", summary="The workspace itself", tags=["Workspace"])
def read_workspace(who: Caller) -> WorkspaceBody:
    return WorkspaceBody.of(wiring.current().workspaces.of(who))


@app.put("/api/crm/workspace", summary="Change the workspace", tags=["Workspace"], openapi_extensions=STALE)
def update_workspace(who: Caller, body: WorkspaceChangesBody, if_match: IfMatch = None) -> WorkspaceBody:
    return WorkspaceBody.of(wiring.current().workspaces.update(who, body.changes(), if_match))


@app.get("/api/crm/ai-config", summary="How machines write for this creator", tags=["AI configuration"])
def read_ai_config(who: Caller) -> AiConfigBody:
    return AiConfigBody.of(wiring.current().ai_configs.of(who))


@app.put(
    "/api/crm/ai-config", summary="Change the AI configuration", tags=["AI configuration"], openapi_extensions=STALE
)
def update_ai_config(who: Caller, body: AiConfigChangesBody, if_match: IfMatch = None) -> AiConfigBody:
    return AiConfigBody.of(wiring.current().ai_configs.update(who, body.changes(), if_match))


@app.delete(
    "/api/crm/ai-config", summary="Delete the AI configuration for good", tags=["AI configuration"], status_code=GONE
)
def delete_ai_config(who: Caller) -> None:
    wiring.current().ai_configs.delete(who)


COMPOSER, PRESENCE = "/api/crm/conversations/<id>/composer", "/api/crm/conversations/<id>/presence"


@app.get(COMPOSER, summary="What the caller is writing in a conversation", tags=["Composer"])
def read_composer(who: Caller, conversation_id: ConversationId) -> UnsentBody:
    return UnsentBody.of(wiring.current().composer.of(who, conversation_id))


@app.put(COMPOSER, summary="Keep what the caller is writing", tags=["Composer"])
def keep_composer(who: Caller, conversation_id: ConversationId, body: ContentBody) -> UnsentBody:
    return UnsentBody.of(wiring.current().composer.keep(who, conversation_id, body.content()))


@app.delete(COMPOSER, summary="Forget what the caller is writing", tags=["Composer"], status_code=GONE)
def drop_composer(who: Caller, conversation_id: ConversationId) -> None:
    wiring.current().composer.drop(who, conversation_id)


@app.put(PRESENCE, summary="Be at a conversation for another minute, and see who else is", tags=["Presence"])
def be_present(who: Caller, conversation_id: ConversationId, body: PresenceBody) -> CompanyBody:
    presence = wiring.current().presence
    return CompanyBody.of(presence.be_there(who, conversation_id, answering=body.answering, take_over=body.take_over))


@app.delete(PRESENCE, summary="Leave a conversation, and answer no more", tags=["Presence"], status_code=GONE)
def leave_conversation(who: Caller, conversation_id: ConversationId) -> None:
    wiring.current().presence.leave(who, conversation_id)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
