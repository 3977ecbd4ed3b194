"""People who sign in to the pages, and a user pool in memory that keeps Cognito's promises about them."""

from dataclasses import dataclass, field

from huntaze.sessions.model import PasswordNeeded, Proven, Refusal, SignInRefused

RIGHT_CODE = "123456"


@dataclass
class Account:
    """An account of the pool."""

    subject: str
    password: str
    invited: bool = False


@dataclass
class FakePool:
    """Knows accounts by email, and writes down what was asked of it."""

    accounts: dict[str, Account] = field(default_factory=dict)
    codes_sent: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    refusing: Refusal | None = None

    def sign_in(self, email: str, password: str) -> Proven | PasswordNeeded:
        self._refuse()
        account = self.accounts.get(email)
        if account is None or account.password != password:
            raise SignInRefused(Refusal.WRONG)
        if account.invited:
            return PasswordNeeded(email, f"ticket of {email}")
        return Proven(account.subject, email)

    def choose_first_password(self, needed: PasswordNeeded, password: str) -> Proven:
        self._refuse()
        account = self.accounts[needed.email]
        if needed.ticket != f"ticket of {needed.email}" or not account.invited:
            raise SignInRefused(Refusal.TICKET_ENDED)
        if password.isalpha():
            raise SignInRefused(Refusal.WEAK_PASSWORD)
        account.password, account.invited = password, False
        return Proven(account.subject, needed.email)

    def send_code(self, email: str) -> None:
        self._refuse()
        if email in self.accounts:
            self.codes_sent.append(email)

    def set_password(self, email: str, code: str, password: str) -> None:
        self._refuse()
        if email not in self.accounts or code != RIGHT_CODE:
            raise SignInRefused(Refusal.WRONG_CODE)
        if password.isalpha():
            raise SignInRefused(Refusal.WEAK_PASSWORD)
        self.accounts[email].password = password

    def end_tokens(self, subject: str) -> None:
        self.ended.append(subject)

    def _refuse(self) -> None:
        if self.refusing is not None:
            raise SignInRefused(self.refusing)
