"""A log group of ours."""

from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.removal import removal_policy
from infra.stage import Stage

RETENTION = {
    7: logs.RetentionDays.ONE_WEEK,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
}


def log_group(scope: Construct, construct_id: str, name: str, stage: Stage) -> logs.LogGroup:
    """A log group that keeps its entries as long as the stage says."""
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=name,
        retention=RETENTION[stage.log_days],
        removal_policy=removal_policy(stage),
    )
