"""A queue whose poison goes aside."""

from typing import Any

from aws_cdk import Duration, Names
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.python_function import PythonFunction

# Waiting is done by delayed messages, so a tenth receive means poison, not patience.
RECEIVES = 10
# Lambda may still be busy with an earlier batch when it takes the next: six times the timeout is what AWS advises.
VISIBILITY_PER_TIMEOUT = 6
# What Lambda does to a queue in the name of its function (AWSLambdaSQSQueueExecutionRole).
POLLING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


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
        self._feed(consumer)

    def let_put(self, whom: iam.IGrantable) -> None:
        """Let `whom` put messages into the queue."""
        self.queue.grant(whom, "sqs:SendMessage")

    def _feed(self, consumer: PythonFunction) -> None:
        """As CDK's own event source does, which would also grant what Lambda never asks for."""
        self.queue.grant(consumer.function, *POLLING)
        consumer.target.add_event_source_mapping(
            f"SqsEventSource:{Names.node_unique_id(self.queue.node)}",
            event_source_arn=self.queue.queue_arn,
            batch_size=consumer.spec.at_a_time,
            report_batch_item_failures=True,
            max_concurrency=consumer.most_from_queue,
        )

    def _queue(self, construct_id: str, name: str, **options: Any) -> sqs.Queue:
        encryption = sqs.QueueEncryption.SQS_MANAGED  # a permit holds ids alone: a key of our own would only cost
        return sqs.Queue(self, construct_id, queue_name=name, encryption=encryption, enforce_ssl=True, **options)
