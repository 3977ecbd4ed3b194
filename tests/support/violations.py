"""What the database refuses, told apart by the rule that refused it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest


@contextmanager
def violating(rule: str) -> Iterator[None]:
    """What is done inside must break this constraint, or this rule of a trigger, and no other."""
    with pytest.raises(psycopg.errors.IntegrityError) as refused:
        yield
    assert refused.value.diag.constraint_name == rule
