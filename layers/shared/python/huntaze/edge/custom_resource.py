"""CloudFormation's custom resources: do the work, and answer whatever happens, or the stack hangs for an hour."""

import json
import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from huntaze.runtime.logging import begin_call
from huntaze.runtime.scrubbing import kind_of

_SECONDS_TO_ANSWER = 15  # kept free at the end of the function's time
_WAITS_BETWEEN_ATTEMPTS = (0, 1, 3)
_ATTEMPT_TIMEOUT_SECONDS = 5

_log = logging.getLogger(__name__)


def answer(event: Mapping[str, Any], context: Any, work: Callable[[], Mapping[str, str]]) -> None:
    """Do the work of a creation or an update, nothing for a deletion, and tell CloudFormation how it went."""
    begin_call(requestId=event["RequestId"])
    reply = _Reply(event, context.log_stream_name)
    seconds_left = context.get_remaining_time_in_millis() / 1000 - _SECONDS_TO_ANSWER
    out_of_time = threading.Timer(seconds_left, reply.failed, ["It takes longer than the function may run."])
    out_of_time.daemon = True
    out_of_time.start()
    try:
        facts = {} if event["RequestType"] == "Delete" else work()
    except Exception as error:  # noqa: BLE001 - any silence would leave the stack waiting
        _log.exception("custom resource failed")
        reply.failed(kind_of(error))
    else:
        reply.succeeded(facts)
    finally:
        out_of_time.cancel()


class _Reply:
    """The one answer to one request; a second attempt to give one is dropped."""

    def __init__(self, event: Mapping[str, Any], log_stream: str) -> None:
        self._url: str = event["ResponseURL"]
        self._log_stream = log_stream
        self._body = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
        # The same name for ever: a new one would make CloudFormation delete what it takes for the old resource.
        self._body["PhysicalResourceId"] = event.get("PhysicalResourceId") or event["LogicalResourceId"]
        self._first = threading.Lock()

    def succeeded(self, facts: Mapping[str, str]) -> None:
        self._give({"Status": "SUCCESS", "Data": dict(facts)})

    def failed(self, reason: str) -> None:
        self._give({"Status": "FAILED", "Reason": f"{reason} More in the log stream {self._log_stream}."})

    def _give(self, outcome: Mapping[str, object]) -> None:
        if self._first.acquire(blocking=False):
            _put(self._url, json.dumps({**self._body, **outcome}).encode())


def _put(url: str, body: bytes) -> None:
    # The address is signed without a content type, so none may be sent.
    request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310 - CloudFormation's own
    for wait in _WAITS_BETWEEN_ATTEMPTS:
        time.sleep(wait)
        try:
            with urllib.request.urlopen(request, timeout=_ATTEMPT_TIMEOUT_SECONDS) as response:  # noqa: S310 - the same
                if response.status < HTTPStatus.MULTIPLE_CHOICES:
                    return
        except OSError as error:
            _log.warning("CloudFormation did not take the answer", extra={"error": kind_of(error)})
    raise RuntimeError("CloudFormation could not be answered")
