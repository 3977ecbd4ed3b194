"""An account in which the templates of a stage have been deployed, as far as functions can tell: moto has the rest."""

import base64
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse

from tests.infra.synthesized import Synthesized

NUMBER = "123456789012"
REGION = "us-east-1"
PSEUDO = {"AWS::AccountId": NUMBER, "AWS::Region": REGION, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
EMAIL = "ana@example.com"
PASSWORD = "Right-pass-word-1"
SUBJECT = "0a1b2c3d-subject-of-ana"
POOL = "us-east-1_people"


class Account:
    """Makes what functions call, and says what a template's references stand for here."""

    def __init__(self, stage: Synthesized, secrets: Mapping[str, str]) -> None:
        """`secrets` are values by the beginnings of logical ids."""
        self._stage = stage
        self._secrets = secrets
        self._made = {name: self._make(name, each) for name, each in stage.resources()}

    def value(self, said: Any) -> Any:  # noqa: PLR0911 - one for each word of CloudFormation's
        """What CloudFormation would put in the place of this."""
        match said:
            case {"Ref": name}:
                return PSEUDO.get(name) or self._made.get(name, {}).get("Ref", name)
            case {"Fn::GetAtt": [name, attribute]}:
                return self._made.get(name, {}).get(attribute, f"{name}.{attribute}")
            case {"Fn::ImportValue": name}:
                return self.value(self._exports[name])
            case {"Fn::Join": [between, parts]}:
                return between.join(map(str, map(self.value, parts)))
            case dict():
                return {name: self.value(each) for name, each in said.items()}
            case list():
                return [self.value(each) for each in said]
        return said

    def variables(self, function: Mapping[str, Any]) -> dict[str, str]:
        """The environment of a function."""
        return {name: str(self.value(each)) for name, each in function["Environment"]["Variables"].items()}

    def arn(self, start: str) -> str:
        """The ARN of the one resource that is made here and whose logical id starts like this."""
        [found] = [made["Arn"] for name, made in self._made.items() if name.startswith(start) and "Arn" in made]
        return str(found)

    def key_of(self, secret: str) -> str:
        """The key that a secret is encrypted with."""
        [name] = [name for name, made in self._made.items() if made.get("Id") == secret and "KmsKeyId" in made]
        return str(self.value(self._made[name]["KmsKeyId"]))

    @cached_property
    def _exports(self) -> dict[str, Any]:
        outputs = [each for stack in self._stage.stacks.values() for each in stack.get("Outputs", {}).values()]
        return {each["Export"]["Name"]: each["Value"] for each in outputs if "Export" in each}

    def _make(self, name: str, resource: Mapping[str, Any]) -> dict[str, Any]:  # noqa: PLR0911 - one for each type
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::SQS::Queue":
                url = boto3.client("sqs").create_queue(QueueName=properties["QueueName"])["QueueUrl"]
                return {"Ref": url, "Arn": f"arn:aws:sqs:{REGION}:{NUMBER}:{properties['QueueName']}"}
            case "AWS::S3::Bucket":
                boto3.client("s3").create_bucket(Bucket="huntaze-files")
                return {"Ref": "huntaze-files", "Arn": "arn:aws:s3:::huntaze-files"}
            case "AWS::KMS::Key":
                key = boto3.client("kms").create_key()["KeyMetadata"]
                return {"Ref": key["KeyId"], "Arn": key["Arn"]}
            case "AWS::SecretsManager::Secret":
                text = next(value for start, value in self._secrets.items() if name.startswith(start))
                arn = boto3.client("secretsmanager").create_secret(Name=name, SecretString=text)["ARN"]
                return {"Ref": arn, "Id": arn, "KmsKeyId": properties["KmsKeyId"]}
            case "AWS::SecretsManager::SecretTargetAttachment":
                arn = self._secret_with(properties["SecretId"]["Ref"])
                return {"Ref": arn, "Id": arn}
            case "AWS::Cognito::UserPool":
                return {"Ref": POOL, "Arn": f"arn:aws:cognito-idp:{REGION}:{NUMBER}:userpool/{POOL}"}
            case "AWS::Logs::LogGroup":
                return {"Arn": f"arn:aws:logs:{REGION}:{NUMBER}:log-group:{json.dumps(properties['LogGroupName'])}:*"}
            case "AWS::ApiGatewayV2::Api":
                return {"ApiEndpoint": "https://api.example.com"}
        return {}

    def _secret_with(self, name: str) -> str:
        found = boto3.client("secretsmanager").describe_secret(SecretId=name)["ARN"]
        return str(found)


def user_pool(model: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
    """What Cognito answers about the one person it knows: moto's own needs packages that nothing else here does."""
    about = {"sub": SUBJECT, "email": EMAIL, "email_verified": "true"}
    attributes = [{"Name": name, "Value": value} for name, value in about.items()]
    claims = base64.urlsafe_b64encode(json.dumps(about).encode()).decode().rstrip("=")
    answers: dict[str, dict[str, Any]] = {
        "InitiateAuth": {"AuthenticationResult": {"IdToken": f"e30.{claims}.e30", "AccessToken": "e30"}},
        "AdminGetUser": {"Enabled": True, "UserStatus": "CONFIRMED", "UserAttributes": attributes},
        "AdminCreateUser": {},
        "AdminUserGlobalSignOut": {},
    }
    return AWSResponse("https://cognito-idp.example.com", 200, {}, None), answers[model.name]
