import json

import pytest

from tests.infra.synthesized import Resource, Synthesized


@pytest.fixture
def queues(any_stage: Synthesized) -> dict[str, Resource]:
    return any_stage.all_of("AWS::SQS::Queue")


def is_dlq(queue: Resource) -> bool:
    return queue["Properties"]["QueueName"].endswith("-dlq")


@pytest.mark.parametrize(
    "name",
    ["huntaze-rate-limiter-queue", "huntaze-exports", "huntaze-imports", "huntaze-webhooks", "huntaze-analytics"],
)
def test_a_queue_and_its_dead_letters_have_their_names(
    any_stage: Synthesized, queues: dict[str, Resource], name: str
) -> None:
    names = {queue["Properties"]["QueueName"] for queue in queues.values()}

    assert names >= {any_stage.stage.physical(name), any_stage.stage.physical(f"{name}-dlq")}


def test_every_queue_is_encrypted_and_speaks_tls_alone(any_stage: Synthesized, queues: dict[str, Resource]) -> None:
    locked = set()
    for policy in any_stage.properties_of("AWS::SQS::QueuePolicy"):
        statement = policy["PolicyDocument"]["Statement"][0]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        locked |= {queue["Ref"] for queue in policy["Queues"]}

    assert all(queue["Properties"]["SqsManagedSseEnabled"] for queue in queues.values())
    assert locked == set(queues)


def test_s3_alone_and_for_buckets_of_this_account_puts_into_the_queue_of_imports(any_stage: Synthesized) -> None:
    beside_tls = [
        (queue, statement)
        for policy in any_stage.properties_of("AWS::SQS::QueuePolicy")
        for statement in policy["PolicyDocument"]["Statement"][1:]
        for queue in policy["Queues"]
    ]
    [(queue, statement)] = beside_tls

    assert queue["Ref"].startswith("ImportsAsked")
    assert statement == {
        "Action": "sqs:SendMessage",
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Resource": {"Fn::GetAtt": [queue["Ref"], "Arn"]},
    }


def test_every_queue_puts_poison_aside_after_ten_receives(queues: dict[str, Resource]) -> None:
    for queue in queues.values():
        if not is_dlq(queue):
            redrive = queue["Properties"]["RedrivePolicy"]
            dead_letters = queues[redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]]
            assert redrive["maxReceiveCount"] == 10
            assert dead_letters["Properties"]["QueueName"] == f"{queue['Properties']['QueueName']}-dlq"


def test_dead_letters_wait_a_fortnight_for_somebody(queues: dict[str, Resource]) -> None:
    kept = {queue["Properties"]["MessageRetentionPeriod"] for queue in queues.values() if is_dlq(queue)}

    assert kept == {14 * 24 * 3600}


def test_a_message_stays_hidden_for_six_times_its_consumers_timeout(
    any_stage: Synthesized, queues: dict[str, Resource]
) -> None:
    functions = any_stage.all_of("AWS::Lambda::Function")
    for mapping in any_stage.properties_of("AWS::Lambda::EventSourceMapping"):
        queue = queues[mapping["EventSourceArn"]["Fn::GetAtt"][0]]
        function = functions[any_stage.started_by(mapping["FunctionName"])]
        assert queue["Properties"]["VisibilityTimeout"] == 6 * function["Properties"]["Timeout"]


@pytest.mark.parametrize(
    ("name", "at_a_time", "at_once"),
    [
        ("huntaze-rate-limiter", 10, 20),
        ("huntaze-exports", 1, 4),
        ("huntaze-imports", 1, 4),
        ("huntaze-webhooks", 10, 10),
        ("huntaze-analytics", 1, 4),
    ],
)
def test_a_consumer_takes_so_many_reports_each_and_is_held_by_its_event_source(
    any_stage: Synthesized, name: str, at_a_time: int, at_once: int
) -> None:
    functions = any_stage.all_of("AWS::Lambda::Function")
    [(mapping, consumer)] = [
        (mapping, functions[any_stage.started_by(mapping["FunctionName"])]["Properties"])
        for mapping in any_stage.properties_of("AWS::Lambda::EventSourceMapping")
        if functions[any_stage.started_by(mapping["FunctionName"])]["Properties"]["FunctionName"]
        == any_stage.stage.physical(name)
    ]

    assert mapping["BatchSize"] == at_a_time
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    most = min(at_once, 4) if any_stage.stage.name == "local" else at_once
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": most}
    assert "ReservedConcurrentExecutions" not in consumer


def test_a_consumer_starts_only_on_the_new_schema(any_stage: Synthesized) -> None:
    for mapping in any_stage.all_of("AWS::Lambda::EventSourceMapping").values():
        assert "Custom::DatabaseSchema" in {
            resource["Type"] for name, resource in any_stage.resources() if name in json.dumps(mapping["DependsOn"])
        }
