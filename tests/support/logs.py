"""Logging in a test process, which lives longer than one function's."""

import logging

from huntaze.runtime.logging import start_logging


def forget_logger() -> None:
    """Take the logger apart, so that the next one writes to the standard output of the moment."""
    start_logging.cache_clear()
    ours = logging.getLogger("huntaze")
    ours.handlers.clear()
    for mark in ("init", "powertools_handler"):
        ours.__dict__.pop(mark, None)
