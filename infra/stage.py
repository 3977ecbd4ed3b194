"""Every difference between the stages in one place: constructs ask the stage for a quality, never for its name.

`tests/infra/test_local_differences.py` lists what comes of the local stage in the templates.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

Context = Callable[[str], Any]

RESTING_MINUTES = 24 * 60


@dataclass(frozen=True)
class LocalServers:
    """Where the servers of a local run listen: they stand in for Aurora, ElastiCache and the network."""

    database_host: str = "127.0.0.1"
    database_port: int = 5432
    database_name: str = "huntaze"
    database_password: str = "local"  # noqa: S105 - for a synth without servers; a real one comes by context
    redis_endpoint: str = "redis://127.0.0.1:6379"
    redis_password: str = "local"  # noqa: S105 - the same
    erasure_key: str = "local"


@dataclass(frozen=True)
class DatabaseSize:
    """How far Aurora may scale, in ACU of 2 GiB each; a minimum of 0 lets it pause."""

    min_acu: float = 0
    max_acu: float = 2
    backup_days: int = 1
    max_connections: int = 400


@dataclass(frozen=True)
class Switches:
    """What an operator may turn at a deployment: `-c rateLimiterEnabled=false` holds all sending.

    `-c requestsPerMinute=600` lets a person ask ten times as often: for a load test, or an integration that needs it.
    """

    rate_limiter_enabled: str = "true"
    onlyfans_crm_enabled: str = "true"
    log_level: str = "INFO"
    requests_per_minute: str = "60"


@dataclass(frozen=True)
class Domain:
    """The stage's own name, its certificate (in the same region), and the zone of Route 53 that should lead there."""

    name: str
    certificate_arn: str
    zone_id: str | None = None


@dataclass(frozen=True)
class Stage:
    """What one stage is made of."""

    name: str
    log_days: int
    prefix: str = ""
    keeps_data: bool = False
    database: DatabaseSize = DatabaseSize()
    cache_nodes: int = 1
    egress: Literal["nat-instance", "nat-gateway"] = "nat-instance"
    reserves_concurrency: bool = True
    most_from_queue: int = 1000  # of one function at once
    layer_target: Literal["lambda", "this-interpreter"] = "lambda"
    roll_out: Literal["canary", "at-once"] = "canary"  # how new code takes over from old
    rests: bool = False  # whether its schedules run once a day: each start keeps a database awake that could pause
    alarms_compute: bool = True  # whether an alarm may be on what is computed of several metrics
    boards: Literal["each", "one"] = "one"  # one dashboard for each subject, or one for all
    pinned_api_id: str | None = None
    servers: LocalServers | None = None
    switches: Switches = Switches()
    alarm_email: str | None = None
    public_url: str | None = None  # where the API is known, if not by its domain or by the address AWS gives it
    domain: Domain | None = None
    sender: str | None = None  # whose address mails come from, verified in SES; Cognito's own sends 50 a day

    def physical(self, name: str) -> str:
        """The name of a resource in the account, where stages live side by side."""
        return f"{self.prefix}{name}"

    def pause(self, minutes: int) -> int:
        """How many minutes are between two starts of a schedule that wants so many."""
        return max(minutes, RESTING_MINUTES) if self.rests else minutes


PROD = Stage(
    name="prod",
    log_days=90,
    keeps_data=True,
    database=DatabaseSize(min_acu=0.5, max_acu=4, backup_days=7),
    cache_nodes=2,
    boards="each",
)

STAGING = Stage(name="staging", prefix="staging-", log_days=30, rests=True)

LOCAL = Stage(
    name="local",
    prefix="local-",
    log_days=7,
    reserves_concurrency=False,
    most_from_queue=4,  # each is a process on this machine
    roll_out="at-once",
    layer_target="this-interpreter",
    alarms_compute=False,
    pinned_api_id="10ca10ca",
    servers=LocalServers(),
)

_NAMED = {stage.name: stage for stage in (PROD, STAGING, LOCAL)}


def for_name(name: str) -> Stage:
    """The stage of this name; an unknown word is somebody's personal stage, built like staging."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,15}", name):
        raise ValueError(f"A stage is named by up to 16 small letters, digits and dashes, not {name!r}")
    return _NAMED.get(name) or replace(STAGING, name=name, prefix=f"{name}-", log_days=7)


def from_context(context: Context) -> Stage:
    """The stage that `cdk … -c stage=NAME` asks for, with what else its context says."""
    name = context("stage")
    if not name:
        raise ValueError("Say which stage: cdk … -c stage=local, staging, prod or a name of your own")
    stage, context = for_name(name), _with_notes(name, context)
    domain = _domain(context)
    return replace(
        stage,
        egress=context("egress") or stage.egress,
        roll_out=context("rollOut") or stage.roll_out,
        rests=stage.rests and context("schedules") != "awake",
        servers=stage.servers and _servers(stage.servers, context),
        switches=_switches(context),
        alarm_email=context("alarmEmail"),
        public_url=context("publicUrl") or (f"https://{domain.name}" if domain else None),
        domain=domain,
        sender=context("senderAddress"),
    )


def _with_notes(name: str, context: Context) -> Context:
    """The context as the command line says it, and else as it is kept for this stage (`stages` in cdk.context.json).

    What a deployment is told once it has to be told every time: without its address or its mail of alarms the next
    deployment would take them away.
    """
    kept = (context("stages") or {}).get(name, {})
    return lambda word: context(word) if context(word) is not None else kept.get(word)


def _domain(context: Context) -> Domain | None:
    name, certificate = context("domainName"), context("certificateArn")
    if bool(name) != bool(certificate):
        raise ValueError("A domain takes both: domainName and certificateArn, in the region of the stage")
    return Domain(name, certificate, context("hostedZoneId")) if name else None


def _servers(default: LocalServers, context: Context) -> LocalServers:
    return LocalServers(
        database_host=context("databaseHost") or default.database_host,
        database_port=int(context("databasePort") or default.database_port),
        database_name=context("databaseName") or default.database_name,
        database_password=context("databasePassword") or default.database_password,
        redis_endpoint=context("redisEndpoint") or default.redis_endpoint,
        redis_password=context("redisPassword") or default.redis_password,
        erasure_key=context("erasureKey") or default.erasure_key,
    )


def _switches(context: Context) -> Switches:
    default = Switches()
    return Switches(
        rate_limiter_enabled=context("rateLimiterEnabled") or default.rate_limiter_enabled,
        onlyfans_crm_enabled=context("onlyfansCrmEnabled") or default.onlyfans_crm_enabled,
        log_level=context("logLevel") or default.log_level,
        requests_per_minute=str(context("requestsPerMinute") or default.requests_per_minute),
    )
