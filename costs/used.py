"""What costs by its use."""

from collections.abc import Iterator

from costs.lines import GB, Line
from costs.load import HOURS, MINUTES, Month, Starts
from huntaze.measures import Count, Gauge, Time

MONTHS_OF_LOGS = {7: 7 / 30, 30: 1.0, 90: 3.0}
GAUGE_EVERY = "upkeep"  # whose schedule writes the gauges


def functions(month: Month) -> Iterator[Line]:
    """Starts, and memory times time."""
    starts = list(month.starts())
    for why in dict.fromkeys(each.why for each in starts):
        these = [each for each in starts if each.why == why]
        yield Line("Functions", f"memory and time: {why}", sum(each.gb_seconds for each in these), "lambda.arm")
    yield Line("Functions", "starts", sum(each.times for each in starts), "lambda.requests")
    yield Line("Traces", "traces", sum(traced(each, month) for each in starts), "xray.traces")
    yield Line("Metrics", "metrics of our own", own_metrics(month), "cloudwatch.metric")


def traced(starts: Starts, month: Month) -> float:
    """Lambda traces one start a second and a twentieth of the others."""
    if starts.function.get("TracingConfig", {}).get("Mode") != "Active":
        return 0
    seconds = (month.busy_hours or HOURS) * 3600
    each_second = min(starts.times, seconds)
    return each_second + (starts.times - each_second) / 20


def own_metrics(month: Month) -> float:
    """Gauges by stage, counts and times by stage and platform too; each is paid in the hours in which it is written."""
    busy = month.busy_hours / HOURS
    quiet = month.figures.quiet_gauges
    measured = len(Gauge) - quiet + 2 * (len(Count) + len(Time))
    return quiet * max(busy, gauge_share(month)) + measured * busy


def gauge_share(month: Month) -> float:
    """In which part of all hours gauges are written without messages."""
    return min(1, gauges_an_hour(month))


def gauges_an_hour(month: Month) -> float:
    """How often each gauge is written."""
    pauses = [minutes for function, minutes in month.template.schedules() if GAUGE_EVERY in function["FunctionName"]]
    return sum(60 / minutes for minutes in pauses)


def logs(month: Month) -> Iterator[Line]:
    """What functions, the gateway and the database write, and how long it is kept."""
    figures = month.figures
    [days] = {group["RetentionInDays"] for group in month.template.all_of("AWS::Logs::LogGroup")}
    started = sum(each.times for each in month.starts()) * figures.log_kb
    gauges = len(Gauge) * HOURS * gauges_an_hour(month)
    measured = figures.metric_kb * (month.messages * figures.metric_lines + gauges)
    asked = month.requests * figures.access_log_kb
    servers = 1000 * (figures.refused_mb + figures.database_log_mb)
    taken = (started + measured + asked + servers) / GB
    yield Line("Logs", "functions", started / GB, "logs.taken")
    yield Line("Logs", "metrics", measured / GB, "logs.taken")
    yield Line("Logs", "requests", asked / GB, "logs.taken")
    yield Line("Logs", "refused traffic, PostgreSQL", servers / GB, "logs.taken")
    yield Line("Logs", f"kept for {days} days", taken * figures.log_compression * MONTHS_OF_LOGS[days], "logs.kept")


def polls(month: Month) -> Iterator[Line]:
    """Lambda listens to every queue all the time, with several calls that wait."""
    listened = len(month.template.all_of("AWS::Lambda::EventSourceMapping"))
    calls = listened * month.figures.pollers * MINUTES * 60 / month.figures.poll_seconds
    yield Line("Queues", f"listening to {listened} queues", calls, "sqs.requests")


def queues(month: Month) -> Iterator[Line]:
    """What goes through queues: permits of messages, events, recounts."""
    figures = month.figures
    calls = month.messages * (figures.batched_calls if month.load.batched else figures.unbatched_calls)
    others = (figures.events + figures.recounts) * month.messages * 3  # put in, taken out, deleted
    yield Line("Queues", "permits", calls, "sqs.requests")
    yield Line("Queues", "events and recounts", others, "sqs.requests")
    yield Line("Queues", "in fair turns", calls + others, "sqs.fair")


def gateway(month: Month) -> Iterator[Line]:
    """Requests."""
    yield Line("API", "open inboxes asking for what is new", month.asks, "apigateway.http")
    yield Line("API", "pages and events", month.requests - month.asks, "apigateway.http")


def traffic(month: Month) -> Iterator[Line]:
    """What leaves for the internet, and what changes between zones."""
    figures = month.figures
    answers = month.requests * figures.response_kb
    yield Line("Traffic", "answers to people and platforms", answers / GB, "traffic.out")
    yield Line("Traffic", "to bridges", month.messages * figures.egress_kb / GB, "traffic.out")
    yield Line("Traffic", "between zones", month.messages * figures.zones_kb / GB, "traffic.zones")


def files(month: Month) -> Iterator[Line]:
    """Exports and imports, which go by themselves."""
    yield Line("Files", "storage", month.figures.empty_gb, "s3.storage")


def people(month: Month) -> Iterator[Line]:
    """Who signed in at least once."""
    yield Line("Sign-in", "people", month.people, "cognito.user")


def mails(month: Month) -> Iterator[Line]:
    """What alarms send."""
    yield Line("Alarms", "emails", month.figures.alarm_mails, "sns.email")
