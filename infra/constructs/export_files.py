"""The bucket of exports: files that people fetch by a signed link, for a week."""

from collections.abc import Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.removal import removal_policy
from infra.stage import Stage

KEPT_DAYS = 7


class ExportFiles(Construct):
    """Private, encrypted, over TLS alone, and emptied by itself: files after a week, unfinished uploads after a day."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,  # a key of our own would add a right to every reader, no secrecy
            enforce_ssl=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=Duration.days(KEPT_DAYS),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                ),
            ],
            removal_policy=removal_policy(stage),
        )
        acknowledge(self.bucket, {"AwsSolutions-S1": "Our own log names who asked for each file and each link."})

    def let_write(self, writer: lambda_.IFunction) -> None:
        """Let `writer` make files, and sweep away what it did not finish."""
        self._let(writer, "s3:PutObject", "s3:AbortMultipartUpload")

    def let_link(self, signer: lambda_.IFunction) -> None:
        """Let `signer` sign links: a link may do what its signer may."""
        self._let(signer, "s3:GetObject")

    def let_delete(self, sweeper: lambda_.IFunction) -> None:
        """Let `sweeper` find the files of a workspace and delete them; it can read none."""
        self._let(sweeper, "s3:DeleteObject", below=("exports", "imports"))
        folders = {"StringLike": {"s3:prefix": ["exports/*", "imports/*"]}}
        listing = iam.PolicyStatement(actions=["s3:ListBucket"], resources=[self.bucket.bucket_arn], conditions=folders)
        sweeper.add_to_role_policy(listing)

    def _let(self, function: lambda_.IFunction, *actions: str, below: Sequence[str] = ("exports",)) -> None:
        if function.role is None:
            raise TypeError(f"{function.node.path} has no role of this deployment")
        for folder in below:
            files = self.bucket.arn_for_objects(f"{folder}/*")
            function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=[files]))
            finding = f"AwsSolutions-IAM5[Resource::<{self._logical_id}.Arn>/{folder}/*]"
            acknowledge(function.role, {finding: "Every file has a name of its own that nobody knows beforehand."})

    @property
    def _logical_id(self) -> str:
        resource = self.bucket.node.default_child
        if not isinstance(resource, s3.CfnBucket):
            raise TypeError(f"{self.bucket.node.path} is no bucket of this deployment")
        return Stack.of(self).get_logical_id(resource)
