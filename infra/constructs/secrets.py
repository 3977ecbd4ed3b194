"""Secrets: made by Secrets Manager, named in a template, never written into one."""

import json
from dataclasses import dataclass

from aws_cdk import SecretValue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.removal import removal_policy
from infra.stage import Stage

NOT_ROTATED = {
    "AwsSolutions-SMG4": "Changed on purpose, not on a schedule: the server and whoever uses it change together.",
}


@dataclass(frozen=True)
class DatabaseAddress:
    """Where a database listens; the host may be the folder of a Unix socket."""

    host: str
    port: int
    name: str

    def __str__(self) -> str:
        return f"{self.host}:{self.port}/{self.name}"


class Secrets:
    """Makes the secrets of one stage, all with the same key; a value is known beforehand for local servers alone."""

    def __init__(self, scope: Construct, stage: Stage, key: kms.IKey) -> None:
        self._scope, self._stage, self._key = scope, stage, key

    def login(
        self, construct_id: str, username: str, at: DatabaseAddress, password: str | None = None
    ) -> secretsmanager.Secret:
        """How one role signs in: username, password, host, port and dbname as JSON, like Aurora's own.

        A password that is known beforehand is a local server's, which has no TLS.
        """
        login = {"username": username, "host": at.host, "port": at.port, "dbname": at.name}
        return self._secret(
            construct_id,
            f"Database login of {username}",
            made=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps(login),
                generate_string_key="password",
                password_length=40,
                exclude_punctuation=True,
            ),
            known=json.dumps({**login, "password": password, "sslmode": "disable"}) if password else None,
        )

    def token(self, construct_id: str, known: str | None = None) -> secretsmanager.Secret:
        """The word that opens the cache."""
        made = secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True)
        return self._secret(construct_id, "Token of the cache", made=made, known=known)

    def key(self, construct_id: str, known: str | None = None) -> secretsmanager.Secret:
        """What tombstones of erased people are made with; a new one would forget all of them."""
        made = secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True)
        return self._secret(construct_id, "Key of the tombstones; never change it", made=made, known=known)

    def _secret(
        self, construct_id: str, description: str, *, made: secretsmanager.SecretStringGenerator, known: str | None
    ) -> secretsmanager.Secret:
        secret = secretsmanager.Secret(
            self._scope,
            construct_id,
            description=description,
            encryption_key=self._key,
            removal_policy=removal_policy(self._stage),
            generate_secret_string=None if known else made,
            secret_string_value=SecretValue.unsafe_plain_text(known) if known else None,
        )
        acknowledge(secret, NOT_ROTATED)
        return secret


@dataclass(frozen=True)
class ReadableSecret:
    """A secret as other stacks see it: what is granted is written to the reader's role, never to the key."""

    arn: str
    key_arn: str

    @classmethod
    def of(cls, secret: secretsmanager.ISecret, key: kms.IKey) -> "ReadableSecret":
        """How to read `secret`, which is encrypted with `key`."""
        resource = secret.node.default_child
        if not isinstance(resource, secretsmanager.CfnSecret | secretsmanager.CfnSecretTargetAttachment):
            raise TypeError(f"{secret.node.path} is no secret of this deployment")
        return cls(resource.attr_id, key.key_arn)  # on the local AWS a plain reference is the name, not the ARN

    def grant_read(self, reader: iam.IGrantable) -> None:
        """Let `reader` read the value; the key opens for it only by way of Secrets Manager."""
        by_way_of = {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}
        for statement in (
            iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self.arn]),
            iam.PolicyStatement(actions=["kms:Decrypt"], resources=[self.key_arn], conditions=by_way_of),
        ):
            reader.grant_principal.add_to_principal_policy(statement)
