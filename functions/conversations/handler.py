"""The inbox: conversations, what is said in them, and drafts that wait for a person."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

from huntaze import wiring
from huntaze.conversations.schema import (
    ConversationBody,
    ConversationChangesBody,
    ConversationsBody,
    ConversationsQuery,
    NewConversationBody,
    OpenedConversationBody,
    UnreadBody,
)
from huntaze.drafts.schema import ApprovalBody, DraftBody, DraftChangesBody, DraftsBody, DraftsQuery, NewDraftBody
from huntaze.edge.api import Caller, HttpApi
from huntaze.edge.problem import also_told
from huntaze.messages.schema import (
    AddressedMessageBody,
    MessageBody,
    MessagesBody,
    MessagesQuery,
    NewMessageBody,
    QueuedMessageBody,
    ThreadQuery,
    list_of,
)
from huntaze.schema import Id

app = HttpApi(wiring.current, group="conversations")

ConversationId = Annotated[Id, Path(alias="id")]
MessageId = Annotated[Id, Path(alias="id")]
DraftId = Annotated[Id, Path(alias="id")]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag of the version to change.")]
IfSeen = Annotated[str | None, Header(alias="If-Match", description="The ETag of the version that was seen.")]

OPENED: dict[int, Any] = {200: {"description": "It was there."}, 201: {"description": "It is there now."}}
STALE = also_told({412: "It is no longer the version that If-Match names."})
CANNOT_BE_SENT = (
    "The platform takes no messages from here, no account on it is connected, the fan is not to be contacted, "
    "or a request with the same key still runs."
)
CANNOT_SEND = also_told({409: CANNOT_BE_SENT})
CANNOT_SEND_OR_STALE = also_told({409: CANNOT_BE_SENT, 412: "The draft no longer says what the caller has seen."})


@app.get("/api/crm/conversations", summary="The inbox: conversations, the newest first", tags=["Conversations"])
def list_conversations(who: Caller, query: Annotated[ConversationsQuery, Query()]) -> ConversationsBody:
    bookmarks = query.bookmarks(wiring.current().cursors, who.workspace_id)
    after = bookmarks.position(query.cursor)
    page = wiring.current().conversations.page(who, query.filters(), query.limit, after)
    return ConversationsBody.of(page, bookmarks)


@app.post(
    "/api/crm/conversations",
    summary="Open a conversation with a fan, or find the one there is",
    tags=["Conversations"],
    status_code=HTTPStatus.CREATED,
    responses=OPENED,
)
def open_conversation(who: Caller, new: NewConversationBody) -> OpenedConversationBody:
    return OpenedConversationBody.opened(wiring.current().conversations.open(who, new.fan_id, new.platform))


@app.get("/api/crm/conversations/<id>", summary="One conversation", tags=["Conversations"])
def read_conversation(who: Caller, conversation_id: ConversationId) -> ConversationBody:
    return ConversationBody.of(wiring.current().conversations.get(who, conversation_id))


@app.put(
    "/api/crm/conversations/<id>",
    summary="Archive a conversation, put it back, or mark it as read",
    tags=["Conversations"],
    openapi_extensions=STALE,
)
def change_conversation(
    who: Caller, conversation_id: ConversationId, body: ConversationChangesBody, if_match: IfMatch = None
) -> ConversationBody:
    changed = wiring.current().conversations.change(who, conversation_id, body.changes(), if_match)
    return ConversationBody.of(changed)


@app.get("/api/crm/conversations/<id>/messages", summary="What was said, newest first", tags=["Messages"])
def read_thread(who: Caller, conversation_id: ConversationId, query: Annotated[ThreadQuery, Query()]) -> MessagesBody:
    filters = query.filters(conversation_id)
    bookmarks = list_of(wiring.current().cursors, who.workspace_id, filters)
    page = wiring.current().messages.thread(who, conversation_id, query.wanted(filters, bookmarks))
    return MessagesBody.of(page, bookmarks)


@app.post(
    "/api/crm/conversations/<id>/messages",
    summary="Approve a message and send it",
    tags=["Messages"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=CANNOT_SEND,
)
def send_in_conversation(who: Caller, conversation_id: ConversationId, new: NewMessageBody) -> QueuedMessageBody:
    queued = wiring.current().messages.send(who, new.into(conversation_id), new.written())
    return QueuedMessageBody.queued(queued)


@app.get("/api/crm/messages", summary="The messages of all conversations, newest first", tags=["Messages"])
def list_messages(who: Caller, query: Annotated[MessagesQuery, Query()]) -> MessagesBody:
    filters = query.filters()
    bookmarks = list_of(wiring.current().cursors, who.workspace_id, filters)
    return MessagesBody.of(wiring.current().messages.page(who, query.wanted(filters, bookmarks)), bookmarks)


@app.post(
    "/api/crm/messages",
    summary="Approve a message to a fan or in a conversation, and send it",
    tags=["Messages"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=CANNOT_SEND,
)
def send_message(who: Caller, new: AddressedMessageBody) -> QueuedMessageBody:
    return QueuedMessageBody.queued(wiring.current().messages.send(who, new.address(), new.written()))


@app.get("/api/crm/messages/unread-count", summary="How much in the inbox is unread", tags=["Messages"])
def count_unread(who: Caller) -> UnreadBody:
    return UnreadBody.of(wiring.current().conversations.unread(who))


@app.get("/api/crm/messages/<id>", summary="One message", tags=["Messages"])
def read_message(who: Caller, message_id: MessageId) -> MessageBody:
    return MessageBody.of(wiring.current().messages.get(who, message_id))


@app.post("/api/crm/messages/<id>/read", summary="Mark a message as read", tags=["Messages"])
def mark_message_read(who: Caller, message_id: MessageId) -> MessageBody:
    return MessageBody.of(wiring.current().messages.mark_read(who, message_id))


@app.get("/api/crm/drafts", summary="Drafts that wait for a person, newest first", tags=["Drafts"])
def list_drafts(who: Caller, query: Annotated[DraftsQuery, Query()]) -> DraftsBody:
    bookmarks = wiring.current().cursors.of(who.workspace_id, "drafts", query.conversation_id)
    after = bookmarks.position(query.cursor)
    return DraftsBody.of(wiring.current().drafts.page(who, query.conversation_id, query.limit, after), bookmarks)


@app.post(
    "/api/crm/drafts",
    summary="Write a draft",
    tags=["Drafts"],
    status_code=HTTPStatus.CREATED,
    openapi_extensions=also_told({409: "The platform takes no messages from here, or the same key still runs."}),
)
def write_draft(who: Caller, new: NewDraftBody) -> DraftBody:
    return DraftBody.of(wiring.current().drafts.write(who, new.conversation_id, new.words()))


@app.get("/api/crm/drafts/<id>", summary="One draft", tags=["Drafts"])
def read_draft(who: Caller, draft_id: DraftId) -> DraftBody:
    return DraftBody.of(wiring.current().drafts.get(who, draft_id))


@app.put("/api/crm/drafts/<id>", summary="Change a draft", tags=["Drafts"], openapi_extensions=STALE)
def change_draft(who: Caller, draft_id: DraftId, body: DraftChangesBody, if_match: IfMatch = None) -> DraftBody:
    return DraftBody.of(wiring.current().drafts.change(who, draft_id, body.changes(), if_match))


@app.delete("/api/crm/drafts/<id>", summary="Dismiss a draft", tags=["Drafts"], status_code=HTTPStatus.NO_CONTENT)
def delete_draft(who: Caller, draft_id: DraftId) -> None:
    wiring.current().drafts.delete(who, draft_id)


@app.post("/api/crm/drafts/<id>/restore", summary="Bring back a dismissed draft within 30 days", tags=["Drafts"])
def restore_draft(who: Caller, draft_id: DraftId) -> DraftBody:
    return DraftBody.of(wiring.current().drafts.restore(who, draft_id))


@app.post(
    "/api/crm/drafts/<id>/approval",
    summary="Approve a draft as it was seen, and send it",
    tags=["Drafts"],
    status_code=HTTPStatus.ACCEPTED,
    openapi_extensions=CANNOT_SEND_OR_STALE,
)
def approve_draft(who: Caller, draft_id: DraftId, body: ApprovalBody, if_match: IfSeen = None) -> QueuedMessageBody:
    queued = wiring.current().drafts.approve(
        who, draft_id, content_hash=body.approved_hash(), if_match=if_match, priority=body.priority
    )
    return QueuedMessageBody.queued(queued)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
