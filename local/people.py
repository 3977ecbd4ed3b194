"""The demo's people: an account in the user pool and a place in one or more workspaces for each."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from local.local_aws import client
from local.stack import Servers

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

ZOE = uuid.UUID("01900000-0000-7000-8000-00000000a001")
MAX = uuid.UUID("01900000-0000-7000-8000-00000000b001")
WORKSPACES = {ZOE: "Zoë Laurent", MAX: "Max Rivera"}
ZONES = {ZOE: "Europe/Paris", MAX: "America/New_York"}


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who can sign in to the demo."""

    email: str
    name: str
    roles: dict[uuid.UUID, str]  # by workspace


PEOPLE = (
    DemoPerson("zoe@demo.huntaze.test", "Zoë Laurent", {ZOE: "owner"}),
    DemoPerson("agency@demo.huntaze.test", "Nadia Benali", {ZOE: "manager", MAX: "manager"}),
    DemoPerson("chatter@demo.huntaze.test", "Tom Keller", {ZOE: "chatter", MAX: "chatter"}),
    DemoPerson("analyst@demo.huntaze.test", "Ines Duarte", {ZOE: "analyst"}),
    DemoPerson("max@demo.huntaze.test", "Max Rivera", {MAX: "owner"}),
)


def invite_demo_people(servers: Servers, pool_id: str) -> list[dict[str, str]]:
    """Make sure that everybody of the demo can sign in; safe to repeat."""
    password = f"Demo-{servers.password[:12]}-1"
    pool = cognito(servers.aws_endpoint)
    subjects = {person.email: _account(pool, pool_id, person, password) for person in PEOPLE}
    with psycopg.connect(servers.database()) as connection:
        seat_members(connection, subjects)
    return [
        {"email": person.email, "password": password, "role": role, "workspace": str(workspace_id)}
        for person in PEOPLE
        for workspace_id, role in person.roles.items()
    ]


def seat_members(connection: psycopg.Connection, subjects: dict[str, str]) -> None:
    """Give everybody whose subject is told by email a place in their workspaces; safe to repeat."""
    for workspace_id in WORKSPACES:
        _seat_members_of(connection, workspace_id, subjects)


def seat(workspace_id: uuid.UUID, email: str) -> uuid.UUID:
    """The id of a person's place in a workspace."""
    return uuid.uuid5(workspace_id, email)


def sign_in(endpoint: str, client_id: str, email: str, password: str) -> dict[str, Any]:
    """The tokens of somebody who signs in with a password."""
    answer = cognito(endpoint).initiate_auth(
        ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": email, "PASSWORD": password}
    )
    return dict(answer["AuthenticationResult"])


def cognito(endpoint: str) -> "CognitoIdentityProviderClient":
    """A client of the local user pool."""
    user_pool: CognitoIdentityProviderClient = client("cognito-idp", endpoint)
    return user_pool


def _account(pool: "CognitoIdentityProviderClient", pool_id: str, person: DemoPerson, password: str) -> str:
    """The subject of a person's account, made on the first call."""
    try:
        pool.admin_create_user(
            UserPoolId=pool_id,
            Username=person.email,
            UserAttributes=[{"Name": "email", "Value": person.email}, {"Name": "email_verified", "Value": "true"}],
            MessageAction="SUPPRESS",
        )
    except pool.exceptions.UsernameExistsException:
        pass
    else:
        pool.admin_set_user_password(UserPoolId=pool_id, Username=person.email, Password=password, Permanent=True)
    attributes = pool.admin_get_user(UserPoolId=pool_id, Username=person.email)["UserAttributes"]
    return next(attribute["Value"] for attribute in attributes if attribute["Name"] == "sub")


def _seat_members_of(connection: psycopg.Connection, workspace_id: uuid.UUID, subjects: dict[str, str]) -> None:
    workspace = {"id": workspace_id, "name": WORKSPACES[workspace_id], "timezone": ZONES[workspace_id]}
    seats = [
        {
            "workspace_id": workspace_id,
            "id": seat(workspace_id, person.email),
            "subject": subjects[person.email],
            "email": person.email,
            "name": person.name,
            "role": person.roles[workspace_id],
        }
        for person in PEOPLE
        if workspace_id in person.roles
    ]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('huntaze.workspace_id', %s, true)", [str(workspace_id)])
        cursor.execute(ADD_WORKSPACE, workspace)
        cursor.executemany(ADD_MEMBER, seats)


ADD_WORKSPACE = """
INSERT INTO workspaces (id, name, timezone) VALUES (%(id)s, %(name)s, %(timezone)s) ON CONFLICT (id) DO NOTHING
"""

# A user pool that started empty gives everybody a new subject; the seat is the same.
ADD_MEMBER = """
INSERT INTO members (workspace_id, id, subject, email, display_name, role)
VALUES (%(workspace_id)s, %(id)s, %(subject)s, %(email)s, %(name)s, %(role)s)
ON CONFLICT (workspace_id, id) DO UPDATE SET subject = excluded.subject
"""
