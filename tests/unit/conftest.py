from collections.abc import Iterator

import pytest

from tests.support.logs import forget_logger


@pytest.fixture(autouse=True)
def fresh_logger() -> Iterator[None]:
    yield
    forget_logger()
