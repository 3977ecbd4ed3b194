"""The role a function runs as: its own log, its traces, its network interfaces, and what is granted to it later."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.acknowledge import acknowledge

NETWORK_INTERFACES = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]


class ExecutionRole(iam.Role):
    """A role of one function, without AWS's managed policies: those may write every log of the account."""

    def __init__(self, scope: Construct, construct_id: str, logs_to: logs.ILogGroup) -> None:
        super().__init__(scope, construct_id, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        logs_to.grant_write(self)
        acknowledge(self, {"AwsSolutions-IAM5[Resource::*]": "X-Ray and EC2 name no resource in these actions."})

    def let_lambda_join_network(self, function_name: str) -> None:
        """Lambda attaches the function to the network with this role; the function's own code may not."""
        function = Stack.of(self).format_arn(
            service="lambda",
            resource="function",
            resource_name=function_name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        self.add_to_policy(iam.PolicyStatement(actions=NETWORK_INTERFACES, resources=["*"]))
        self.add_to_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                actions=NETWORK_INTERFACES,
                resources=["*"],
                conditions={"ArnEquals": {"lambda:SourceFunctionArn": function}},
            ),
        )
