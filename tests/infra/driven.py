"""Every function driven as it is deployed: its variables, its handler, real PostgreSQL and Redis, moto for the rest.

Whatever it asks of AWS meanwhile is written down in its name.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

import boto3
import psycopg
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.signers import S3PostPresigner

from huntaze import wiring
from huntaze.errors import Unavailable
from infra.functions import FUNCTIONS, FunctionSpec
from tests.access.inputs import Valid
from tests.access.operations import operations
from tests.access.stage import Stage, WatchedCursors, token
from tests.infra.account import REGION, SUBJECT, Account, user_pool
from tests.infra.rights import Call, calls
from tests.infra.synthesized import Synthesized
from tests.support.fake_connections import BridgeOfEverybody
from tests.support.functions import CLIENT, ISSUER
from tests.support.workspaces import ZOE

SPECS = {spec.folder: spec for spec in FUNCTIONS}


class BridgeThatSendsNothing(BridgeOfEverybody):
    """It opens, and then is away: what AWS is asked for has been asked by then."""

    def send(self, *_: Any, **__: Any) -> Any:
        raise Unavailable("The platform is away.", retry_after=5)

    find = send


@dataclass
class Recorder:
    """Hears of every call before it leaves, and can let some fail."""

    account: Account | None = None
    whose: str | None = None
    failing: set[str] = field(default_factory=set)
    heard: defaultdict[str, set[Call]] = field(default_factory=lambda: defaultdict(set))
    methods: set[str] = field(default_factory=set)

    def listen(self) -> None:
        """From now on, of every client that is made. moto has just made a new session for all."""
        boto3.setup_default_session(region_name=REGION)
        assert boto3.DEFAULT_SESSION is not None
        boto3.DEFAULT_SESSION.events.register("provide-client-params", self._hear)
        boto3.DEFAULT_SESSION.events.register("before-call.cognito-idp", user_pool)

    def _hear(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        if self.whose is not None:
            self.methods.add(model.name)
        is_form = model.name == "CreateBucket"  # botocore's stand-in while it signs a form: see forms_too
        if (
            model.auth_type != "none" and not is_form
        ):  # who signs in has no credentials yet: there is no right to such a call
            self.note(model.service_model.service_name, model.name, params)
        if model.name in self.failing:
            raise EndpointConnectionError(endpoint_url="https://away.example.com")

    @contextmanager
    def not_listening(self) -> Iterator[None]:
        """What is done meanwhile is not the function's own doing."""
        whose, self.whose = self.whose, None
        try:
            yield
        finally:
            self.whose = whose

    @contextmanager
    def away(self, operation: str) -> Iterator[None]:
        """This operation fails, as when AWS is away."""
        self.failing.add(operation)
        try:
            yield
        finally:
            self.failing.discard(operation)

    def note(self, service: str, operation: str, said: Mapping[str, Any]) -> None:
        if self.whose is not None and self.account is not None:
            self.heard[self.whose].update(calls(self.account, service, operation, said))

    @contextmanager
    def forms_too(self) -> Iterator[None]:
        """A signed form tells no hook of its own: it puts an object as its signer."""
        real = S3PostPresigner.generate_presigned_post

        def noting(signer: Any, request_dict: Any, fields: Any = None, conditions: Any = None, **more: Any) -> Any:
            bucket = next(each["bucket"] for each in conditions if isinstance(each, dict) and "bucket" in each)
            self.note("s3", "PutObject", {"Bucket": bucket, "Key": fields["key"]})
            return real(signer, request_dict, fields=fields, conditions=conditions, **more)

        with patch.object(S3PostPresigner, "generate_presigned_post", noting):
            yield


@dataclass
class Deployment:
    """The functions of a stage, to be driven."""

    stage: Synthesized
    account: Account
    recorder: Recorder
    superuser: str
    redis: str
    static: Path
    uploaded: str = ""  # the key of a file that somebody was given a form for

    @contextmanager
    def process(self, folder: str, **changed: str) -> Iterator[wiring.Wiring]:
        """A process of this function, and whose calls are written down."""
        spec: FunctionSpec = SPECS[folder]
        function = self.stage.function(self.stage.stage.physical(spec.name))
        variables = self.account.variables(function) | {"REQUESTS_PER_MINUTE": "1000000", "TOKEN_ISSUER": ISSUER}
        if "REDIS_ENDPOINT" in variables:
            variables["REDIS_ENDPOINT"] = self.redis
        with pytest.MonkeyPatch.context() as environment:
            for name, value in (variables | {"TOKEN_CLIENT_ID": CLIENT} | changed).items():
                environment.setenv(name, value)
            wiring.current.cache_clear()
            parts = wiring.current()
            parts.platform = lambda _: BridgeThatSendsNothing()  # type: ignore[method-assign,assignment,return-value]
            self.recorder.whose = folder
            try:
                yield parts
            finally:
                self.recorder.whose = None
                if "postgres" in vars(parts):
                    parts.postgres.close()
                wiring.current.cache_clear()

    def people_ask(self, folder: str) -> None:
        """Every operation of an API function, as an owner who may do all of them."""
        with self.process(folder) as parts, self.superuser_connection() as superuser:
            stage = Stage(parts, superuser, WatchedCursors(lambda: b"not asked"))
            for operation in operations():
                if operation.function == folder:
                    with stage.taking_everything_back():
                        answer = stage.ask(operation, Valid(operation, ZOE).input(), self.claims())
                    assert answer.status < 500, f"{operation}: {answer.body}"

    def claims(self) -> Any:
        """The owner's token."""
        return token(SUBJECT, client_id=CLIENT)

    def superuser_connection(self) -> psycopg.Connection[Any]:
        """The database past every rule, those of triggers too: what it holds has simply come about."""
        options = "-c session_replication_role=replica"
        return psycopg.connect(self.superuser, autocommit=True, options=options)

    def put(self, queue: str, body: str, attributes: Mapping[str, str]) -> None:
        """Somebody else's message."""
        told: Any = {
            name: {"StringValue": value, "DataType": "Number" if value.isdigit() else "String"}
            for name, value in attributes.items()
        }
        with self.recorder.not_listening():
            boto3.client("sqs").send_message(QueueUrl=self._url(queue), MessageBody=body, MessageAttributes=told)

    def _url(self, queue: str) -> str:
        name = self.account.arn(queue).rpartition(":")[2]
        return str(boto3.client("sqs").get_queue_url(QueueName=name)["QueueUrl"])

    def messages(self, queue: str) -> list[dict[str, Any]]:
        """What lies in a queue, as Lambda hands it over."""
        with self.recorder.not_listening():
            found = boto3.client("sqs").receive_message(QueueUrl=self._url(queue), MaxNumberOfMessages=10)
        return [record(each["Body"], self.account.arn(queue)) for each in found.get("Messages", [])]

    def file(self, key: str, content: bytes = b"Username\r\nsomebody\r\n") -> None:
        with self.recorder.not_listening():
            boto3.client("s3").put_object(Bucket="huntaze-files", Key=key, Body=content)


def record(body: str, arn: str, attributes: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """A message as SQS hands it over."""
    return {
        "messageId": "1",
        "receiptHandle": "handle",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795000000000"},
        "messageAttributes": {
            name: {"stringValue": value, "dataType": "Number" if value.isdigit() else "String"}
            for name, value in attributes.items()
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": REGION,
    }
