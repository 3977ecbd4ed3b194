"""The key that locks up what opens creators' accounts."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.removal import removal_policy
from infra.stage import Stage

# What the ids of a row are called in the context: without both of them the key does nothing.
_CONTEXT = ("workspaceId", "connectionId")


class ConnectionKey(Construct):
    """A key of its own: who may read secrets or the database cannot open an account with that."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._key = kms.Key(
            self,
            "Key",
            description="What opens creators' accounts at their bridges",
            alias=f"alias/{stage.physical('huntaze-connections')}",
            enable_key_rotation=True,
            removal_policy=removal_policy(stage),
        )

    @property
    def arn(self) -> str:
        """Which key it is."""
        return self._key.key_arn

    def let_lock(self, whom: iam.IGrantable) -> None:
        """Let `whom` lock up credentials, but open none."""
        self._let(whom, "kms:Encrypt")

    def let_open(self, whom: iam.IGrantable) -> None:
        """Let `whom` open credentials, but lock up none."""
        self._let(whom, "kms:Decrypt")

    def _let(self, whom: iam.IGrantable, action: str) -> None:
        named = {f"kms:EncryptionContext:{name}": "false" for name in _CONTEXT}
        nothing_else = {"kms:EncryptionContextKeys": list(_CONTEXT)}
        whom.grant_principal.add_to_principal_policy(
            iam.PolicyStatement(
                actions=[action],
                resources=[self.arn],
                conditions={"Null": named, "ForAllValues:StringEquals": nothing_else},
            )
        )
