"""Imports in this process, through the API and the function of their queue: a real database, and moto's S3 and SQS."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.conftest import Database
from tests.support.functions import CLAIMS, CLIENT, ISSUER, Answer, Context, call, load
from tests.support.multipart import Part, body_of, content_type
from tests.support.workspaces import ZOE

CSV, IMPORTS = "/api/onlyfans/import/csv", "/api/onlyfans/imports"
BUCKET = "files-of-a-test"
OWNER = f"owner-of-{ZOE.id}"


@dataclass
class Office:
    """The process, its bucket, its queue, and the owner who asks."""

    s3: Any
    sqs: Any
    queue_url: str
    database: Database

    def ask(self, method: str, path: str, body: object = None, query: str = "", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        claims = {**CLAIMS, "sub": OWNER}
        return call("importing", method, path, body=body, query=query, headers=named, claims=claims)

    def send(self, content: bytes | str, *fields: Part, **headers: str) -> Answer:
        body = body_of([*fields, Part("file", content, "fans.csv")]).decode()
        return self.ask("POST", CSV, body, content_type=content_type(), **headers)

    def upload(self, content: str, **chosen: object) -> str:
        """Begin an import, put its file there, and let the worker hear of it from the bucket."""
        begun = self.ask("POST", IMPORTS, {"fileName": "fans.csv", "fileBytes": len(content), **chosen}).json()
        key = begun["upload"]["fields"]["key"]
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=content.encode())
        self.work(json.dumps(notification(key)))
        return str(begun["import"]["id"])

    def read(self, import_id: str) -> dict[str, Any]:
        answer = self.ask("GET", f"{IMPORTS}/{import_id}")
        assert answer.status == 200, answer.body
        return dict(answer.json())

    def work(self, *bodies: str, milliseconds: int = 900_000) -> None:
        """Hand these, and all that waits in the queue, to the function as SQS does."""
        waiting = list(bodies)
        while waiting or (waiting := self.waiting()):
            records = [record(str(number), body) for number, body in enumerate(waiting)]
            assert load("imports").handler({"Records": records}, Context(milliseconds)) == {"batchItemFailures": []}
            waiting = []

    def waiting(self) -> list[str]:
        found = self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in found]

    def edit(self, platform_id: str) -> None:
        """Somebody changes a fan."""
        statement = "UPDATE fans SET notes = 'Likes jazz' WHERE workspace_id = %s AND platform_id = %s"
        self.database.run(statement, ZOE.id, platform_id)

    def fans(self, like: str = "api-%") -> int:
        statement = "SELECT count(*) FROM fans WHERE workspace_id = %s AND platform_id LIKE %s"
        [(count,)] = self.database.run(statement, ZOE.id, like)
        return int(count)


def settings(database_url: str) -> dict[str, str]:
    """Of a deployment, but for the queue."""
    return {
        "STAGE": "local",
        "DATABASE_URL": database_url,
        "TOKEN_ISSUER": ISSUER,
        "TOKEN_CLIENT_ID": CLIENT,
        "REQUESTS_PER_MINUTE": "1000000",
        "ERASURE_KEY": "a key for tests",
        "EXPORTS_BUCKET": BUCKET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }


def notification(key: str) -> dict[str, Any]:
    """What S3 tells of a file that has come by a form."""
    told = {"bucket": {"name": BUCKET}, "object": {"key": quote(key), "size": 1}}
    return {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Post", "s3": told}]}


def record(message_id: str, body: str) -> dict[str, Any]:
    """A message as SQS hands it over."""
    return {
        "messageId": message_id,
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:huntaze-imports",
    }
