from tests.support.permit_contracts import AccountsContract


class TestAccounts(AccountsContract):
    pass
