"""The private network: functions reach the internet through one way out, data reach nothing at all."""

from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.log_group import log_group
from infra.stage import Stage

PRIVATE = ec2.SubnetSelection(subnet_group_name="functions")
ISOLATED = ec2.SubnetSelection(subnet_group_name="data")


class Network(Construct):
    """Two zones; subnets for the way out, for functions and for data; a security group for every function."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        way_out = ec2.NatProvider.gateway() if stage.egress == "nat-gateway" else _nat_instance()
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            nat_gateways=1,
            nat_gateway_provider=way_out,
            subnet_configuration=[
                _subnets("way-out", ec2.SubnetType.PUBLIC, 26),
                _subnets("functions", ec2.SubnetType.PRIVATE_WITH_EGRESS, 20),
                _subnets("data", ec2.SubnetType.PRIVATE_ISOLATED, 24),
            ],
            # The deployment's answer to CloudFormation and the import files go through S3, past the way out.
            gateway_endpoints={"S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)},
            flow_logs={"Rejected": self._rejected_traffic(stage)},
            # Emptying the default group takes a function of CDK's own; nothing is ever put into that group instead.
            restrict_default_security_group=False,
        )
        self.functions = ec2.SecurityGroup(
            self, "Functions", vpc=self.vpc, description="Functions: HTTPS outwards", allow_all_outbound=False
        )
        self.functions.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "AWS and the bridges")
        if isinstance(way_out, ec2.NatInstanceProviderV2):
            way_out.security_group.add_ingress_rule(self.functions, ec2.Port.HTTPS, "Functions on their way out")
            for instance in way_out.gateway_instances:
                _harden(instance)

    @property
    def placement(self) -> dict[str, Any]:
        """How a function is placed into this network."""
        return {"vpc": self.vpc, "vpc_subnets": PRIVATE, "security_groups": [self.functions]}

    def _rejected_traffic(self, stage: Stage) -> ec2.FlowLogOptions:
        """Refusals alone: they show a wrong rule or an intruder, and cost cents where all traffic costs dollars."""
        logs_to = log_group(self, "RejectedTraffic", f"/huntaze/{stage.name}/rejected-traffic", stage)
        return ec2.FlowLogOptions(
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(logs_to),
            traffic_type=ec2.FlowLogTrafficType.REJECT,
        )


def _subnets(name: str, kind: ec2.SubnetType, mask: int) -> ec2.SubnetConfiguration:
    closed = {"map_public_ip_on_launch": False} if kind == ec2.SubnetType.PUBLIC else {}
    return ec2.SubnetConfiguration(name=name, subnet_type=kind, cidr_mask=mask, **closed)


def _nat_instance() -> ec2.NatInstanceProviderV2:
    """About 7 USD a month where a gateway costs 33; the image is a parameter that CloudFormation reads itself."""
    return ec2.NatProvider.instance_v2(
        instance_type=ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.NANO),
        machine_image=ec2.MachineImage.latest_amazon_linux2023(cpu_type=ec2.AmazonLinuxCpuType.ARM_64),
        default_allowed_traffic=ec2.NatTrafficDirection.OUTBOUND_ONLY,
        credit_specification=ec2.CpuCredits.STANDARD,
        associate_public_ip_address=True,
    )


def _harden(instance: ec2.Instance) -> None:
    machine = instance.instance
    machine.metadata_options = ec2.CfnInstance.MetadataOptionsProperty(http_tokens="required")
    machine.block_device_mappings = [
        ec2.CfnInstance.BlockDeviceMappingProperty(
            device_name="/dev/xvda",
            ebs=ec2.CfnInstance.EbsProperty(encrypted=True, volume_type="gp3"),
        ),
    ]
    acknowledge(
        instance,
        {
            "AwsSolutions-EC28": "It forwards packets; the functions' own alarms notice when it does not.",
            "AwsSolutions-EC29": "It holds nothing: a deployment replaces it, and so takes in a newer image.",
        },
    )
