import json

import pytest

from tests.infra.synthesized import Resource, Synthesized


@pytest.fixture
def queues(any_stage: Synthesized) -> dict[str, Resource]:
    return any_stage.all_of("AWS::SQS::Queue")


def is_dlq(queue: Resource) -> bool:
    return queue["Properties"]["QueueName"].endswith("-dlq")


def test_the_queue_of_permits_has_its_name_of_the_contract(any_stage: Synthesized, queues: dict[str, Resource]) -> None:
    names = {queue["Properties"]["QueueName"] for queue in queues.values()}

    assert names >= {
        any_stage.stage.physical("huntaze-rate-limiter-queue"),
        any_stage.stage.physical("huntaze-rate-limiter-queue-dlq"),
    }


def test_every_queue_is_encrypted_and_speaks_tls_alone(any_stage: Synthesized, queues: dict[str, Resource]) -> None:
    locked = set()
    for policy in any_stage.properties_of("AWS::SQS::QueuePolicy"):
        [statement] = policy["PolicyDocument"]["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        locked |= {queue["Ref"] for queue in policy["Queues"]}

    assert all(queue["Properties"]["SqsManagedSseEnabled"] for queue in queues.values())
    assert locked == set(queues)


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
        function = functions[mapping["FunctionName"]["Ref"]]
        assert queue["Properties"]["VisibilityTimeout"] == 6 * function["Properties"]["Timeout"]


def test_a_consumer_takes_ten_at_a_time_reports_each_and_is_held_by_its_event_source(any_stage: Synthesized) -> None:
    mapping = any_stage.only("AWS::Lambda::EventSourceMapping")
    consumer = any_stage.all_of("AWS::Lambda::Function")[mapping["FunctionName"]["Ref"]]

    assert mapping["BatchSize"] == 10
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 20}
    assert "ReservedConcurrentExecutions" not in consumer["Properties"]


def test_a_consumer_starts_only_on_the_new_schema(any_stage: Synthesized) -> None:
    [mapping] = any_stage.all_of("AWS::Lambda::EventSourceMapping").values()

    assert "Custom::DatabaseSchema" in {
        resource["Type"] for name, resource in any_stage.resources() if name in json.dumps(mapping["DependsOn"])
    }
