"""The list of fans as one would write it on FastAPI and Mangum: the same work with the same drivers."""

import os
from typing import Annotated
from uuid import UUID

import psycopg
import redis
from fastapi import Depends, FastAPI, Query, Request
from mangum import Mangum
from psycopg.rows import dict_row
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

app = FastAPI(title="Fans")
cache = redis.Redis.from_url(os.environ["REDIS_ENDPOINT"])
connection: psycopg.Connection[dict[str, object]] | None = None


class Fan(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    id: UUID
    name: str
    platform: str
    platform_id: str | None
    handle: str | None
    email: str | None
    tags: list[str]
    value_cents: int


class NewFan(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    name: str
    platform: str
    platform_id: str
    value_cents: int = 0


class Fans(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    fans: list[Fan]
    next_cursor: str | None


def database() -> psycopg.Connection[dict[str, object]]:
    global connection  # noqa: PLW0603  (the usual way to keep a connection between invocations)
    if connection is None:
        connection = psycopg.connect(os.environ["DATABASE_URL"], row_factory=dict_row)
    return connection


def workspace(request: Request) -> UUID:
    claims = request.scope["aws.event"]["requestContext"]["authorizer"]["jwt"]["claims"]
    with database().transaction():
        found = database().execute("SELECT workspace_id FROM memberships_of(%s)", [claims["sub"]]).fetchone()
    return found["workspace_id"]


Workspace = Annotated[UUID, Depends(workspace)]


@app.get("/api/crm/fans")
def list_fans(workspace_id: Workspace, limit: Annotated[int, Query(ge=1, le=100)] = 50) -> Fans:
    with database().transaction():
        database().execute("SELECT set_config('huntaze.workspace_id', %s, true)", [str(workspace_id)])
        rows = database().execute(LIST, {"workspace_id": workspace_id, "limit": limit}).fetchall()
    return Fans(fans=[Fan(**row) for row in rows], next_cursor=None)


@app.post("/api/crm/fans", status_code=201)
def create_fan(workspace_id: Workspace, fan: NewFan) -> NewFan:
    return fan


LIST = """
SELECT id, name, platform, platform_id, handle, email, tags, value_cents FROM fans
WHERE workspace_id = %(workspace_id)s ORDER BY created_at DESC LIMIT %(limit)s
"""

handler = Mangum(app, lifespan="off")
