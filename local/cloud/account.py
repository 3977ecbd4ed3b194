"""The account and the region that a stage lives in, looked at before anything is touched."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's own
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)

from infra import stage as stages
from local.cloud.notes import Note, note_of
from local.local_aws import REGION, client
from local.processes import StartFailed
from local.stack import Servers
from local.supervision import is_running
from local.up import FOLDER

USUAL_REGION = "us-east-1"
_NO_CREDENTIALS = """There are no AWS credentials here. Sign in first, in one of these ways:

    aws sso login --profile NAME && export AWS_PROFILE=NAME     (people)
    export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…          (pipelines)
"""


class NotReady(Exception):
    """Nothing was done in AWS: why, and what to do about it."""


@dataclass(frozen=True)
class Aws:
    """One account in one region, as the operator's credentials open it."""

    account: str
    region: str
    client: Callable[[str], Any]

    @property
    def place(self) -> str:
        """The same in words."""
        return f"the account {self.account} in {self.region}"

    @property
    def environment(self) -> dict[str, str]:
        """What programs are told so that they mean the same region."""
        return {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}


def stage_named(name: str) -> stages.Stage:
    """The stage of this name; NotReady when no stage can be called so."""
    try:
        return stages.for_name(name)
    except ValueError as error:
        raise NotReady(f"{error}.") from None


def opened(name: str) -> Aws:
    """Where a stage lives: the local AWS for the local stage, else what the credentials of the environment open."""
    if stage_named(name) == stages.LOCAL:
        return _local()
    return in_aws(note_of(name))


def in_aws(note: Note, session: boto3.Session | None = None) -> Aws:
    """The account of the credentials at hand; NotReady when they open none, or another one than the stage's."""
    try:
        session = session or boto3.Session()
        region = _region(note, session)
        identity = session.client("sts", region_name=region).get_caller_identity()
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise NotReady(_NO_CREDENTIALS) from error
    except ProfileNotFound as error:
        raise NotReady(f"{error}. See ~/.aws/config, or unset AWS_PROFILE.") from error
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise NotReady(f"AWS does not take these credentials ({code}). They may have ended: sign in anew.") from error
    except ConnectionError as error:
        raise NotReady(f"AWS cannot be reached from here: {error}") from error
    except BotoCoreError as error:
        raise NotReady(f"These credentials cannot be used: {error} Sign in anew: aws sso login") from error
    account = str(identity["Account"])
    if note.account and note.account != account:
        raise NotReady(
            f"These credentials open the account {account}, and {note.stage} lives in {note.account}, as"
            " cdk.context.json says. Choose the other profile. Nothing was touched."
        )
    return Aws(account, region, lambda service: _client(session, service, region))


def _client(session: boto3.Session, service: str, region: str) -> Any:
    return session.client(service, region_name=region)  # type: ignore[call-overload]  # known by literal names only


def _region(note: Note, session: boto3.Session) -> str:
    """What the stage's note says, or else the environment; both saying different things is a slip of somebody's."""
    told = os.environ.get("AWS_REGION") or session.region_name
    if note.region and told and note.region != told:
        raise NotReady(
            f"{note.stage} lives in {note.region}, as cdk.context.json says, and the environment says {told}: a"
            f" deployment there would build a second one. Set AWS_REGION={note.region}, or unset it."
        )
    return note.region or told or USUAL_REGION


def _local() -> Aws:
    if not is_running(FOLDER):
        raise StartFailed("The local stack does not run: ./dev up")
    return local_aws(Servers.read(FOLDER))


def local_aws(servers: Servers) -> Aws:
    """The local AWS of these servers."""
    return Aws("000000000000", REGION, lambda service: client(service, servers.aws_endpoint))
