"""What it costs, and what drives that."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.constructs.metrics import AWS_METRICS, api_metric, aws_metric, database_metric, function_metric, queue_metric
from infra.dashboards.widgets import Row, computed, graph, sums, words
from infra.functions import ANALYTICS_QUEUE, EXPORT_QUEUE, FUNCTIONS, IMPORT_QUEUE, PERMIT_QUEUE, WEBHOOK_QUEUE
from infra.stage import Stage

DAY = 24 * 60
HOUR = 60
BILLED_EVERY = 6 * HOUR
BILLING_REGION = "us-east-1"  # whatever the region is that costs
SERVICES = {
    "database": "AmazonRDS",
    "cache": "AmazonElastiCache",
    "network and NAT": "AmazonEC2",
    "functions": "AWSLambda",
    "API": "AmazonApiGateway",
    "queues": "AWSQueueService",
    "logs, metrics, alarms": "AmazonCloudWatch",
}
QUEUES = (PERMIT_QUEUE, WEBHOOK_QUEUE, ANALYTICS_QUEUE, IMPORT_QUEUE, EXPORT_QUEUE)
NAT_BYTES = "BytesOutToDestination"


def cost(stage: Stage, api_id: str) -> list[Row]:
    """The bill of the account, then what this stage does for it."""
    return [words(ABOUT), _bill(), _work(stage, api_id), _flow(stage)]


ABOUT = (
    "The bill is that of the **whole account**, month to date, told by AWS every few hours, and only where *billing"
    " alerts* are on (Billing preferences). What a load should cost: docs/cost.md."
)


def _bill() -> Row:
    return [
        graph("Month to date", {"everything": _charges({})}, width=12, unit="USD"),
        graph(
            "Month to date, by service",
            {label: _charges({"ServiceName": name}) for label, name in SERVICES.items()},
            width=12,
            unit="USD",
        ),
    ]


def _charges(of: dict[str, str]) -> cloudwatch.Metric:
    dimensions = {"Currency": "USD", **of}
    charges = aws_metric("AWS/Billing", "EstimatedCharges", dimensions, "Maximum", BILLED_EVERY)
    return charges.with_(region=BILLING_REGION)


def _work(stage: Stage, api_id: str) -> Row:
    names = [stage.physical(spec.name) for spec in FUNCTIONS]
    calls = sums("calls", [function_metric(name, "Invocations", minutes=HOUR) for name in names], HOUR)
    durations = [function_metric(name, "Duration", minutes=HOUR) for name in names]
    gib_seconds = sums("duration", durations, HOUR, factors=[spec.memory_mb / 1024 / 1000 for spec in FUNCTIONS])
    requests = api_metric(api_id, "Count").with_(period=Duration.minutes(HOUR))
    return [
        graph("Requests and calls an hour", {"API requests": requests, "function calls": calls}),
        graph("Functions: GiB-seconds an hour", {"all functions": gib_seconds}),
        graph("Database: ACU", {"mean of an hour": database_metric(stage, "ServerlessDatabaseCapacity", minutes=HOUR)}),
    ]


def _flow(stage: Stage) -> Row:
    sent = [queue_metric(stage.physical(name), "NumberOfMessagesSent", "Sum", HOUR) for name in QUEUES]
    received = [queue_metric(stage.physical(name), "NumberOfMessagesReceived", "Sum", HOUR) for name in QUEUES]
    queued = {"sent": sums("sent", sent, HOUR), "received": sums("received", received, HOUR)}
    groups = [f"/aws/lambda/{stage.physical(spec.name)}" for spec in FUNCTIONS]
    groups += [f"/aws/vendedlogs/{stage.physical('huntaze')}-api"]
    logged = [aws_metric("AWS/Logs", "IncomingBytes", {"LogGroupName": name}, "Sum", HOUR) for name in groups]
    return [
        graph("Queues: messages an hour", queued),
        graph("Logs: bytes an hour", {"functions and API": sums("logged", logged, HOUR)}),
        graph("Way out: bytes an hour", {"": _way_out(stage)}),
    ]


def _way_out(stage: Stage) -> cloudwatch.IMetric:
    """Found by search: its id would tie this stack to a machine that any deployment may replace."""
    if stage.egress == "nat-gateway":
        return computed(_search("AWS/NATGateway", "NatGatewayId", NAT_BYTES), {}, minutes=HOUR)
    return computed(_search("AWS/EC2", "InstanceId", "NetworkOut"), {}, minutes=HOUR)


def _search(namespace: str, dimension: str, metric: str) -> str:
    if metric not in AWS_METRICS[namespace]:
        raise KeyError(f"{namespace} {metric}")
    return f"SEARCH('{{{namespace},{dimension}}} MetricName=\"{metric}\"', 'Sum', {HOUR * 60})"
