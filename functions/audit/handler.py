"""What people did, and whether the log of it is whole."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query

from huntaze import wiring
from huntaze.audit.schema import AuditBody, AuditQuery, VerificationBody, VerificationQuery, checked_before
from huntaze.edge.api import Caller, HttpApi

app = HttpApi(wiring.current, group="audit")


@app.get("/api/crm/audit", summary="What people did, newest first", tags=["Audit"])
def list_audit_entries(who: Caller, query: Annotated[AuditQuery, Query()]) -> AuditBody:
    bookmarks = query.bookmarks(wiring.current().cursors, who.workspace_id)
    page = wiring.current().audit_log.page(who, query.wanted(), query.limit, bookmarks.position(query.cursor))
    return AuditBody.of(page, bookmarks)


@app.get("/api/crm/audit/verification", summary="Whether the audit log is whole and unchanged", tags=["Audit"])
def verify_audit_log(who: Caller, query: Annotated[VerificationQuery, Query()]) -> VerificationBody:
    bookmarks = wiring.current().cursors.of(who.workspace_id, "audit verification")
    checked = checked_before(bookmarks.position(query.cursor))
    return VerificationBody.of(wiring.current().audit_log.verify(who, query.noted(), checked), bookmarks)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
