"""AWS's own figures of our functions and queues, by their names: no reference ties one stack to another."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

MINUTE = Duration.minutes(1)


def function_metric(function_name: str, metric: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """One figure of a function, by the minute."""
    return cloudwatch.Metric(
        namespace="AWS/Lambda",
        metric_name=metric,
        dimensions_map={"FunctionName": function_name},
        statistic=statistic,
        period=MINUTE,
    )


def waiting_messages(queue_name: str) -> cloudwatch.Metric:
    """How many messages a queue would hand out now."""
    return cloudwatch.Metric(
        namespace="AWS/SQS",
        metric_name="ApproximateNumberOfMessagesVisible",
        dimensions_map={"QueueName": queue_name},
        statistic="Maximum",
        period=MINUTE,
    )
