"""What wakes a person, and what they are told to do."""

from enum import Enum
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.stage import Stage


class Severity(Enum):
    """How soon somebody has to look."""

    WARNING = "warning"
    CRITICAL = "critical"


class Alarms(Construct):
    """One topic that every alarm tells; its subscribers are people."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self.topic = sns.Topic(
            self, "Topic", topic_name=stage.physical("huntaze-alarms"), master_key=key, enforce_ssl=True
        )
        _let_cloudwatch_publish(self.topic, key)
        if stage.alarm_email is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(stage.alarm_email))

    def add(
        self,
        name: str,
        severity: Severity,
        metric: cloudwatch.IMetric,
        *,
        above: float,
        advice: str,
        periods: int = 1,
        runbook: str | None = None,
    ) -> None:
        """Tell when `metric` is above this figure for so many of its periods; no figure at all is no alarm.

        `runbook` is the section of docs/runbooks.md, where that is not named like the alarm.
        """
        self._tell(
            name,
            alarm_description=_description(severity, advice, runbook or name),
            metric=metric,
            threshold=above,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=periods,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def expect(
        self, name: str, severity: Severity, metric: cloudwatch.Metric, *, advice: str, periods: int, runbook: str = ""
    ) -> None:
        """Tell when there was no figure at all for so many of its periods."""
        self._tell(
            name,
            alarm_description=_description(severity, advice, runbook or name),
            metric=metric.with_(statistic="SampleCount"),
            threshold=1,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            evaluation_periods=periods,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )

    def _tell(self, name: str, **what: Any) -> None:
        alarm = cloudwatch.Alarm(self, name, alarm_name=self._stage.physical(f"huntaze-{name}"), **what)
        alarm.add_alarm_action(actions.SnsAction(self.topic))
        alarm.add_ok_action(actions.SnsAction(self.topic))


def _description(severity: Severity, advice: str, runbook: str) -> str:
    return f"{severity.value}: {advice} What to do: docs/runbooks.md#{runbook}"


def _let_cloudwatch_publish(topic: sns.Topic, key: kms.IKey) -> None:
    """An encrypted topic with a policy of its own is closed to alarms, silently, unless both let CloudWatch in."""
    cloudwatch_itself = [iam.ServicePrincipal("cloudwatch.amazonaws.com")]
    own_alarms = {"StringEquals": {"aws:SourceAccount": Stack.of(topic).account}}
    for lock, actions_allowed, resource in (
        (topic, ["sns:Publish"], topic.topic_arn),
        (key, ["kms:Decrypt", "kms:GenerateDataKey"], "*"),
    ):
        lock.add_to_resource_policy(
            iam.PolicyStatement(
                principals=cloudwatch_itself,
                actions=actions_allowed,
                resources=[resource],
                conditions=own_alarms,
            ),
        )
