from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.logs import forget_logger

# How long an example takes says more about the machine than about the code; and equal code shall get equal examples.
settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.load_profile("steady")

pytest.register_assert_rewrite("tests.support.fan_store_contract")


@pytest.fixture(autouse=True)
def fresh_logger() -> Iterator[None]:
    yield
    forget_logger()
