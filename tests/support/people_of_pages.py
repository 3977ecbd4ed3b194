"""People who sign in to the pages, and a user pool in memory that keeps Cognito's promises about them."""

from dataclasses import dataclass, field

from huntaze.errors import Unauthenticated
from huntaze.security.model import Enrolment
from huntaze.sessions.model import CodeNeeded, PasswordNeeded, Proven, Refusal, SignInRefused
from huntaze.team.model import Mail

RIGHT_CODE = "123456"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass
class Account:
    """An account of the pool."""

    subject: str
    password: str
    invited: bool = False
    second_factor: bool = False


@dataclass
class FakePool:
    """Knows accounts by email, and writes down what was asked of it."""

    accounts: dict[str, Account] = field(default_factory=dict)
    codes_sent: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    refusing: Refusal | None = None

    def sign_in(self, email: str, password: str) -> Proven | PasswordNeeded | CodeNeeded:
        self._refuse()
        account = self.accounts.get(email)
        if account is None or account.password != password:
            raise SignInRefused(Refusal.WRONG)
        if account.invited:
            return PasswordNeeded(email, f"ticket of {email}")
        if account.second_factor:
            return CodeNeeded(email, f"ticket of {email}")
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

    def enter_code(self, needed: CodeNeeded, code: str) -> Proven:
        self._refuse()
        if needed.ticket != f"ticket of {needed.email}":
            raise SignInRefused(Refusal.TICKET_ENDED)
        if code != RIGHT_CODE:
            raise SignInRefused(Refusal.WRONG_CODE)
        return Proven(self.accounts[needed.email].subject, needed.email)

    def subject_of(self, email: str) -> str | None:
        account = self.accounts.get(email)
        return account and account.subject

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

    # What administrators and owners of accounts do.

    def invite(self, email: str) -> Mail:
        if self.refusing:
            return Mail.NOT_SENT
        account = self.accounts.get(email)
        if account and not account.invited:
            return Mail.HAS_ACCOUNT
        self.accounts[email] = Account(f"subject of {email}", "Given-pass-word-1", invited=True)
        self.mails.append(email)
        return Mail.SENT

    def proven(self, subject: str) -> Proven:
        for email, account in self.accounts.items():
            if account.subject == subject:
                return Proven(subject, email)
        raise Unauthenticated

    def has_second_factor(self, subject: str) -> bool:
        return any(account.subject == subject and account.second_factor for account in self.accounts.values())

    def begin_second_factor(self, email: str, password: str) -> Enrolment:
        self._prove(email, password, "")
        return Enrolment(SECRET, f"token of {email}")

    def confirm_second_factor(self, ticket: str, code: str) -> None:
        self._refuse()
        if code != RIGHT_CODE:
            raise SignInRefused(Refusal.WRONG_CODE)
        self.accounts[ticket.removeprefix("token of ")].second_factor = True

    def end_second_factor(self, email: str, password: str, code: str) -> None:
        self._prove(email, password, code)
        self.accounts[email].second_factor = False

    def change_password(self, email: str, password: str, code: str, new_password: str) -> None:
        self._prove(email, password, code)
        if new_password.isalpha():
            raise SignInRefused(Refusal.WEAK_PASSWORD)
        self.accounts[email].password = new_password

    def _prove(self, email: str, password: str, code: str) -> None:
        outcome = self.sign_in(email, password)
        if isinstance(outcome, CodeNeeded):
            if not code:
                raise SignInRefused(Refusal.SECOND_FACTOR)
            self.enter_code(outcome, code)
