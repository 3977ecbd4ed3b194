"""The cache in AWS: Valkey, encrypted, behind a token."""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.network import ISOLATED, Network
from infra.stage import Stage

PORT = 6379


class Cache(Construct):
    """A primary and, in production, a replica in the other zone. It is never backed up: it can be lost."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        stage: Stage,
        network: Network,
        *,
        key: kms.IKey,
        token: secretsmanager.ISecret,
    ) -> None:
        super().__init__(scope, construct_id)
        replicated = stage.cache_nodes > 1
        subnets = elasticache.CfnSubnetGroup(
            self,
            "Subnets",
            description="Where the cache lives",
            subnet_ids=network.vpc.select_subnets(subnet_group_name=ISOLATED.subnet_group_name).subnet_ids,
        )
        self.group = elasticache.CfnReplicationGroup(
            self,
            "Group",
            replication_group_id=f"huntaze-redis-{stage.name}",
            replication_group_description=f"Pace and request counts of {stage.name}",
            engine="valkey",
            engine_version="8.2",
            cache_node_type="cache.t4g.micro",
            num_cache_clusters=stage.cache_nodes,
            automatic_failover_enabled=replicated,
            multi_az_enabled=replicated,
            port=PORT,
            cache_subnet_group_name=subnets.ref,
            security_group_ids=[self._security_group(network).security_group_id],
            transit_encryption_enabled=True,
            at_rest_encryption_enabled=True,
            kms_key_id=key.key_arn,
            auth_token=token.secret_value.unsafe_unwrap(),  # a reference that CloudFormation resolves, not the token
            snapshot_retention_limit=0,
        )
        if not replicated:
            acknowledge(self.group, {"AwsSolutions-AEC4": "One node is enough where nobody waits for a failover."})

    @property
    def endpoint(self) -> str:
        """Where the primary listens, with TLS."""
        return f"{self.group.attr_primary_end_point_address}:{self.group.attr_primary_end_point_port}"

    def _security_group(self, network: Network) -> ec2.SecurityGroup:
        group = ec2.SecurityGroup(
            self, "Access", vpc=network.vpc, description="Cache: functions alone", allow_all_outbound=False
        )
        group.connections.allow_from(network.functions, ec2.Port.tcp(PORT), "Functions to the cache")
        return group
