"""What the environment says, read once, at first use."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from huntaze.errors import Misconfigured

_PLAIN_REDIS = "redis://"
_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})


@dataclass(frozen=True, slots=True)
class SignIn:
    """Whose access tokens are accepted."""

    issuer: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """All that sending needs."""

    queue_url: str
    dead_letter_url: str
    redis_endpoint: str
    redis_token: str = field(repr=False)  # the token or the ARN of the secret that holds it


@dataclass(frozen=True, slots=True)
class Cache:
    """Where Redis listens, and what opens it."""

    host: str
    port: int
    encrypted: bool
    token: str = field(repr=False)  # itself or the ARN of the secret that holds it


@dataclass(frozen=True, slots=True)
class Held:
    """Nothing may leave: why, and which settings are missing if that is the reason."""

    reason: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of this process; one function needs only some of them."""

    stage: str
    metrics_namespace: str
    onlyfans_enabled: bool
    requests_per_minute: int
    delivery: Delivery | Held
    _environment: Mapping[str, str] = field(repr=False)  # holds secrets

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read every switch at once, so that a misspelt one is found on the first call and not on a bad day."""
        return cls(
            stage=environment.get("STAGE", "local"),
            metrics_namespace=environment.get("CLOUDWATCH_NAMESPACE") or "Huntaze/OnlyFans",
            onlyfans_enabled=_switch(environment, "ONLYFANS_CRM_ENABLED"),
            requests_per_minute=_positive(environment, "REQUESTS_PER_MINUTE", 60),
            delivery=_delivery(environment),
            _environment=environment,
        )

    @property
    def database_url(self) -> str:
        """How the functions reach the database: an address, or the ARN of a secret."""
        return self._required("DATABASE_URL")

    @property
    def migrator_database_url(self) -> str:
        """How the migrations reach it, with the right to change tables."""
        return self._required("MIGRATOR_DATABASE_URL")

    @property
    def sign_in(self) -> SignIn:
        """Whose access tokens are accepted."""
        return SignIn(self._required("TOKEN_ISSUER"), self._required("TOKEN_CLIENT_ID"))

    @property
    def user_pool_id(self) -> str:
        """Where people sign in."""
        return self._required("USER_POOL_ID")

    @property
    def permits_queue_url(self) -> str | None:
        """Where permits wait, also while sending is held; None where there is no such queue."""
        return self._environment.get("SQS_RATE_LIMITER_QUEUE_URL") or None

    @property
    def dead_letters_url(self) -> str | None:
        """Where permits lie that failed ten times; None where there is no such queue."""
        return self._environment.get("SQS_RATE_LIMITER_DLQ_URL") or None

    @property
    def exports_queue_url(self) -> str:
        """Where workers hear of exports."""
        return self._required("SQS_EXPORTS_QUEUE_URL")

    @property
    def imports_queue_url(self) -> str:
        """Where workers hear of imports."""
        return self._required("IMPORTS_QUEUE_URL")

    @property
    def webhooks_queue_url(self) -> str:
        """Where workers hear of what platforms told."""
        return self._required("SQS_WEBHOOKS_QUEUE_URL")

    @property
    def analytics_queue_url(self) -> str:
        """Where workers hear in which workspaces something is to be counted."""
        return self._required("SQS_ANALYTICS_QUEUE_URL")

    @property
    def exports_bucket(self) -> str:
        """Where the files of exports and imports lie."""
        return self._required("EXPORTS_BUCKET")

    @property
    def erasure_key(self) -> str:
        """What tombstones of erased people are made with: itself, or the ARN of the secret that holds it."""
        return self._required("ERASURE_KEY")

    @property
    def connection_key(self) -> str:
        """Which key of KMS locks up what opens accounts: its ARN."""
        return self._required("CONNECTION_KEY")

    @property
    def public_url(self) -> str:
        """Where bridges reach us."""
        return self._required("PUBLIC_URL").removesuffix("/")

    @property
    def cache(self) -> Cache | None:
        """Where Redis listens; None where there is none, as in a process that only answers from its own memory."""
        endpoint = self._environment.get("REDIS_ENDPOINT", "")
        if not endpoint:
            return None
        host, _, port = endpoint.removeprefix(_PLAIN_REDIS).rpartition(":")
        if not host or not port.isdecimal():
            raise Misconfigured("The setting REDIS_ENDPOINT must be host:port.")
        encrypted = not endpoint.startswith(_PLAIN_REDIS)
        return Cache(host, int(port), encrypted, self._environment.get("REDIS_AUTH_TOKEN", ""))

    def _required(self, name: str) -> str:
        value = self._environment.get(name)
        if not value:
            raise Misconfigured(f"The setting {name} is missing.")
        return value


def _delivery(environment: Mapping[str, str]) -> Delivery | Held:
    if not _switch(environment, "RATE_LIMITER_ENABLED"):
        return Held("RATE_LIMITER_ENABLED is false.")
    missing = _missing(environment)
    if missing:
        return Held("A delivery setting is missing.", missing)
    return Delivery(
        queue_url=environment["SQS_RATE_LIMITER_QUEUE_URL"],
        dead_letter_url=environment["SQS_RATE_LIMITER_DLQ_URL"],
        redis_endpoint=environment["REDIS_ENDPOINT"],
        redis_token=environment.get("REDIS_AUTH_TOKEN", ""),
    )


def _missing(environment: Mapping[str, str]) -> tuple[str, ...]:
    needed = ["SQS_RATE_LIMITER_QUEUE_URL", "SQS_RATE_LIMITER_DLQ_URL", "REDIS_ENDPOINT"]
    if not environment.get("REDIS_ENDPOINT", "").startswith(_PLAIN_REDIS):
        needed.append("REDIS_AUTH_TOKEN")  # only a plain server on one's own machine does without
    return tuple(name for name in needed if not environment.get(name))


def _switch(environment: Mapping[str, str], name: str) -> bool:
    """A switch is on unless it says otherwise; anything but a clear word is an error."""
    word = environment.get(name, "").strip().lower()
    if word in _FALSE:
        return False
    if word in _TRUE or not word:
        return True
    raise Misconfigured(f"The setting {name} must be true or false.")


def _positive(environment: Mapping[str, str], name: str, default: int) -> int:
    word = environment.get(name, "").strip() or str(default)
    if not (word.isascii() and word.isdigit() and int(word) > 0):
        raise Misconfigured(f"The setting {name} must be a whole number above zero.")
    return int(word)
