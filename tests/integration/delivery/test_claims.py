from tests.support.send_path_contracts import ClaimsContract


class TestClaims(ClaimsContract):
    pass
