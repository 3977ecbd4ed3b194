"""What a role allows and what was called, in IAM's own words, so that each can be held against the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tests.infra.account import NUMBER, REGION, Account
from tests.infra.synthesized import Synthesized

# One right for what are several operations of an API.
_RIGHTS = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "s3:HeadObject": "s3:GetObject",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:ListObjectsV2": "s3:ListBucket",
}
_FIRST = (
    *("ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"),
    *("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses"),
)

Context = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Call:
    """A right that was used, on what, and what IAM would know of the request."""

    action: str
    resource: str
    context: Context = ()


@dataclass(frozen=True)
class Grant:
    """One action on one resource that a statement allows, or denies."""

    effect: str
    action: str
    resource: str
    condition: Mapping[str, Mapping[str, Any]]

    def covers(self, call: Call) -> bool:
        """Whether this speaks of that call."""
        known = dict(call.context)
        return (
            fnmatchcase(call.action, self.action)
            and fnmatchcase(call.resource, self.resource)
            and all(
                _holds(operator, known.get(key), _listed(wanted))
                for operator, keys in self.condition.items()
                for key, wanted in keys.items()
            )
        )

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}"


def _holds(operator: str, known: tuple[str, ...] | None, wanted: list[str]) -> bool:
    match operator:
        case "Null":
            return (known is None) is (wanted == ["true"])
        case "ForAllValues:StringEquals":
            return set(known or ()) <= set(wanted)
        case "StringEquals" | "ArnEquals" | "StringLike":
            return known is not None and any(fnmatchcase(value, pattern) for value in known for pattern in wanted)
    raise AssertionError(f"Say here what {operator} means")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def grants(stage: Synthesized, account: Account, function: Mapping[str, Any]) -> list[Grant]:
    """All that the role of a function says, with every reference resolved."""
    role = function["Role"]["Fn::GetAtt"][0]
    return [
        Grant(statement["Effect"], action, resource, account.value(statement.get("Condition", {})))
        for policy in stage.properties_of("AWS::IAM::Policy")
        if {"Ref": role} in policy["Roles"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in _listed(statement["Action"])
        for resource in map(account.value, _listed(statement["Resource"]))
    ]


def may(held: list[Grant], call: Call) -> bool:
    """IAM's verdict: somebody allows it, and nobody denies it."""
    speaking = {each.effect for each in held if each.covers(call)}
    return speaking == {"Allow"}


def called_by_lambda(stage: Synthesized, account: Account, function: Mapping[str, Any]) -> Iterator[Call]:
    """What Lambda does as this role: it logs, traces, joins the network and polls, as the function's settings say."""
    group = account.value({"Fn::GetAtt": [function["LoggingConfig"]["LogGroup"]["Ref"], "Arn"]})
    yield Call("logs:CreateLogStream", group)
    yield Call("logs:PutLogEvents", group)
    if function.get("TracingConfig") == {"Mode": "Active"}:
        yield Call("xray:PutTraceSegments", "*")
        yield Call("xray:PutTelemetryRecords", "*")
    if "VpcConfig" in function:
        yield from (Call(action, "*") for action in _FIRST)
    functions = stage.all_of("AWS::Lambda::Function")
    for mapping in stage.properties_of("AWS::Lambda::EventSourceMapping"):
        if functions[stage.started_by(mapping["FunctionName"])]["Properties"] is function:
            queue = account.value(mapping["EventSourceArn"])
            yield from (
                Call(f"sqs:{word}", queue) for word in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
            )


def calls(account: Account, service: str, operation: str, said: Mapping[str, Any]) -> Iterator[Call]:
    """The rights that one call of an API takes."""
    action = _RIGHTS.get(f"{service}:{operation}", f"{service}:{operation}")
    match service:
        case "sqs":
            name = said.get("QueueName") or said["QueueUrl"].rpartition("/")[2]
            yield Call(action, f"arn:aws:sqs:{REGION}:{NUMBER}:{name}")
        case "s3" if operation == "ListObjectsV2":
            yield Call(action, f"arn:aws:s3:::{said['Bucket']}", (("s3:prefix", (said["Prefix"],)),))
        case "s3":
            keys = [each["Key"] for each in said["Delete"]["Objects"]] if "Delete" in said else [said["Key"]]
            yield from (Call(action, f"arn:aws:s3:::{said['Bucket']}/{key}") for key in keys)
        case "secretsmanager":
            yield Call(action, said["SecretId"])
            by_way_of = (("kms:ViaService", (f"secretsmanager.{REGION}.amazonaws.com",)),)
            yield Call("kms:Decrypt", account.key_of(said["SecretId"]), by_way_of)
        case "kms":
            told = said.get("EncryptionContext", {})
            named = ((f"kms:EncryptionContext:{name}", (value,)) for name, value in told.items())
            yield Call(action, said["KeyId"], (*named, ("kms:EncryptionContextKeys", tuple(told))))
        case "cognito-idp":
            yield Call(action, f"arn:aws:cognito-idp:{REGION}:{NUMBER}:userpool/{said['UserPoolId']}")
        case _:
            raise AssertionError(f"Say here which right {service}:{operation} takes, and on what")
