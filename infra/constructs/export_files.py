"""The bucket of files: exports that people fetch by a signed link, and imports that they upload by a signed form."""

from collections.abc import Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.removal import removal_policy
from infra.stage import Stage

EXPORTS_KEPT_DAYS = 7
IMPORTS_KEPT_DAYS = 31  # an import can be undone for 30, and upkeep has deleted its file by then


class ExportFiles(Construct):
    """Private, encrypted, over TLS alone, and emptied by itself; unfinished uploads go after a day."""

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
                s3.LifecycleRule(prefix="exports/", expiration=Duration.days(EXPORTS_KEPT_DAYS)),
                s3.LifecycleRule(prefix="imports/", expiration=Duration.days(IMPORTS_KEPT_DAYS)),
                s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(1)),
            ],
            removal_policy=removal_policy(stage),
        )
        acknowledge(self.bucket, {"AwsSolutions-S1": "Our own log names who asked for each file and each link."})

    def take_uploads(self, pages: Sequence[str], *, tell: sqs.Queue) -> None:
        """Let forms of these pages bring files below imports/, and let a queue hear of each.

        CDK's own way to say so would deploy a function that changes the bucket behind CloudFormation's back.
        """
        self.bucket.add_cors_rule(allowed_methods=[s3.HttpMethods.POST], allowed_origins=list(pages), max_age=3600)
        rule = s3.CfnBucket.FilterRuleProperty(name="prefix", value="imports/")
        only = s3.CfnBucket.NotificationFilterProperty(s3_key=s3.CfnBucket.S3KeyFilterProperty(rules=[rule]))
        uploaded = s3.CfnBucket.QueueConfigurationProperty(
            event="s3:ObjectCreated:Post",  # what a worker writes there is no upload
            queue=tell.queue_arn,
            filter=only,
        )
        self._resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[uploaded]
        )
        self._let_tell(tell)

    def _let_tell(self, queue: sqs.Queue) -> None:
        """S3 tries it out while the bucket is made. So the right comes first, and cannot name the bucket."""
        right = iam.PolicyStatement(
            principals=[iam.ServicePrincipal("s3.amazonaws.com")],
            actions=["sqs:SendMessage"],
            resources=[queue.queue_arn],
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
        )
        if (policy := queue.add_to_resource_policy(right).policy_dependable) is not None:
            self.bucket.node.add_dependency(policy)

    def let_sign_uploads(self, signer: lambda_.IFunction) -> None:
        """Let `signer` sign forms for uploads, and links to what did not come along: they may do what it may."""
        self._let(signer, "s3:PutObject", "s3:GetObject", below=("imports",))

    def let_import(self, worker: lambda_.IFunction) -> None:
        """Let `worker` read what was uploaded, and write what did not come along."""
        self._let(worker, "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", below=("imports",))

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
        return Stack.of(self).get_logical_id(self._resource)

    @property
    def _resource(self) -> s3.CfnBucket:
        resource = self.bucket.node.default_child
        if not isinstance(resource, s3.CfnBucket):
            raise TypeError(f"{self.bucket.node.path} is no bucket of this deployment")
        return resource
