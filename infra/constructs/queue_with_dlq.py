"""A queue whose poison goes aside."""

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.python_function import PythonFunction

# Waiting is done by delayed messages, so a tenth receive means poison, not patience.
RECEIVES = 10
# Lambda may still be busy with an earlier batch when it takes the next: six times the timeout is what AWS advises.
VISIBILITY_PER_TIMEOUT = 6


class QueueWithDlq(Construct):
    """A queue and its dead letters: encrypted, over TLS alone, feeding one function and shaped for it."""

    def __init__(self, scope: Construct, construct_id: str, name: str, consumer: PythonFunction) -> None:
        super().__init__(scope, construct_id)
        self.dlq = self._queue("DeadLetters", f"{name}-dlq", retention_period=Duration.days(14))
        self.queue = self._queue(
            "Queue",
            name,
            visibility_timeout=Duration.seconds(VISIBILITY_PER_TIMEOUT * consumer.spec.timeout_s),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dlq, max_receive_count=RECEIVES),
        )
        consumer.target.add_event_source(
            sources.SqsEventSource(
                self.queue,
                batch_size=consumer.spec.at_a_time,
                report_batch_item_failures=True,
                max_concurrency=consumer.spec.at_once,
            ),
        )

    def _queue(self, construct_id: str, name: str, **options: Any) -> sqs.Queue:
        encryption = sqs.QueueEncryption.SQS_MANAGED  # a permit holds ids alone: a key of our own would only cost
        return sqs.Queue(self, construct_id, queue_name=name, encryption=encryption, enforce_ssl=True, **options)
