from tests.support.send_path_contracts import AttemptsContract


class TestAttempts(AttemptsContract):
    pass
