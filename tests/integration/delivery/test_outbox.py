from tests.support.permit_contracts import PermitsContract


class TestPermits(PermitsContract):
    pass
