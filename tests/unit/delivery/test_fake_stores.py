"""The stores in memory keep what PostgreSQL keeps."""

import pytest

from tests.support.fake_send_path import FakeGround
from tests.support.permit_contracts import AccountsContract, PermitsContract
from tests.support.send_path_contracts import AttemptsContract, ClaimsContract


@pytest.fixture
def ground() -> FakeGround:
    return FakeGround()


class TestClaims(ClaimsContract):
    pass


class TestAttempts(AttemptsContract):
    pass


class TestPermits(PermitsContract):
    pass


class TestAccounts(AccountsContract):
    pass
