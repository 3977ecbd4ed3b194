"""What becomes of data when its stack is deleted."""

from aws_cdk import RemovalPolicy

from infra.stage import Stage


def removal_policy(stage: Stage) -> RemovalPolicy:
    """Data of a stage that keeps it outlive the stack; a creation that is rolled back leaves nothing in the way."""
    return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if stage.keeps_data else RemovalPolicy.DESTROY
