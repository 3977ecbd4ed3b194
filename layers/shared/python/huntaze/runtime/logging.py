"""The one logger: JSON lines that carry ids, never bodies, handles, names, tokens or payloads.

Code logs through the standard library, `logging.getLogger(__name__)` with `extra={"workspaceId": …}`; whatever is
below the name `huntaze` comes out here.
"""

import copy
import logging
import os
from functools import cache

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from huntaze.runtime.scrubbing import kind_of, stack_of


class ScrubbingFormatter(LambdaPowertoolsFormatter):
    """Writes an exception as its kind and its stack, leaving out the values in its text."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record = copy.copy(record)
            record.exc_info = record.exc_text = None
            record.__dict__.update(exception_name=kind_of(error), exception=stack_of(error))
        return super().format(record)


@cache
def start_logging() -> Logger:
    """Make the logger of this process, once, when its first call comes in."""
    return Logger(
        service="huntaze",
        level=_level(),
        logger_formatter=ScrubbingFormatter(utc=True, use_rfc3339=True, serialize_stacktrace=False),
    )


def begin_call(**ids: str) -> None:
    """Put these ids on every line until the next call begins."""
    log = start_logging()
    log.clear_state()
    told = os.environ.get
    function, version = told("AWS_LAMBDA_FUNCTION_NAME", "local"), told("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
    log.append_keys(function=function, version=version, **ids)


def add_ids(**ids: str) -> None:
    """Put more ids on the lines of this call."""
    start_logging().append_keys(**ids)


def _level() -> str:
    word = os.environ.get("LOG_LEVEL", "").strip().upper()
    return word if word in logging.getLevelNamesMapping() else "INFO"
