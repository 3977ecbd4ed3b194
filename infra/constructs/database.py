"""The database in AWS: Aurora PostgreSQL, as small as its load."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.log_group import log_group
from infra.constructs.network import ISOLATED, Network
from infra.constructs.removal import removal_policy
from infra.constructs.secrets import NOT_ROTATED
from infra.stage import Stage

ENGINE = rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_9)
NAME = "huntaze"
ADMIN = "huntaze_admin"
PORT = 5432


class Database(Construct):
    """One writer without a replica: its storage already lies in three zones, a second instance doubles the cost."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage, network: Network, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        size = stage.database
        identifier = stage.physical(NAME)
        logs_to = log_group(self, "Logs", f"/aws/rds/cluster/{identifier}/postgresql", stage)
        self.cluster = rds.DatabaseCluster(
            self,
            "Cluster",
            cluster_identifier=identifier,
            engine=ENGINE,
            writer=rds.ClusterInstance.serverless_v2("Writer"),
            serverless_v2_min_capacity=size.min_acu,
            serverless_v2_max_capacity=size.max_acu,
            serverless_v2_auto_pause_duration=None if size.min_acu else Duration.minutes(15),
            vpc=network.vpc,
            vpc_subnets=ISOLATED,
            security_groups=[self._security_group(network)],
            port=PORT,
            default_database_name=NAME,
            credentials=rds.Credentials.from_secret(self._admin_password(stage, key), ADMIN),
            # Functions use passwords; a person is let in by a token of IAM's, once a role is granted rds_iam.
            iam_authentication=True,
            storage_encryption_key=key,
            backup=rds.BackupProps(retention=Duration.days(size.backup_days)),
            copy_tags_to_snapshot=True,
            deletion_protection=stage.keeps_data,
            removal_policy=RemovalPolicy.SNAPSHOT if stage.keeps_data else RemovalPolicy.DESTROY,
            parameter_group=self._parameters(size.max_connections),
            cloudwatch_logs_exports=["postgresql"],
        )
        self.cluster.node.add_dependency(logs_to)
        if not stage.keeps_data:
            acknowledge(self.cluster, {"AwsSolutions-RDS10": "Made to be thrown away with its stage."})

    @property
    def host(self) -> str:
        """Where the writer listens."""
        return self.cluster.cluster_endpoint.hostname

    @property
    def admin_login(self) -> secretsmanager.ISecret:
        """How the administrator signs in: the password, to which Aurora adds where it listens."""
        if self.cluster.secret is None:
            raise TypeError("A cluster made with a secret has one")
        return self.cluster.secret

    def _admin_password(self, stage: Stage, key: kms.IKey) -> rds.DatabaseSecret:
        secret = rds.DatabaseSecret(self, "AdminLogin", username=ADMIN, encryption_key=key)
        secret.apply_removal_policy(removal_policy(stage))
        acknowledge(secret, NOT_ROTATED)
        return secret

    def _security_group(self, network: Network) -> ec2.SecurityGroup:
        group = ec2.SecurityGroup(
            self, "Access", vpc=network.vpc, description="Database: functions alone", allow_all_outbound=False
        )
        group.connections.allow_from(network.functions, ec2.Port.tcp(PORT), "Functions to the database")
        return group

    def _parameters(self, max_connections: int) -> rds.ParameterGroup:
        return rds.ParameterGroup(
            self,
            "Parameters",
            engine=ENGINE,
            parameters={
                "rds.force_ssl": "1",
                # Fixed, so that the functions' summed concurrency can be held against it (tests/infra).
                "max_connections": str(max_connections),
            },
        )
