"""Somebody who imports into a workspace with people in it."""

import pytest

from huntaze import wiring
from huntaze.members.model import Principal
from tests.support.imports import Importing


@pytest.fixture
def importing(parts: wiring.Wiring, owner: Principal) -> Importing:
    return Importing(parts, owner)
