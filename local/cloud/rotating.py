"""`./dev rotate STAGE SECRET`: a new password or token, taken over while everybody goes on working.

Each change is made of steps that may be repeated: whoever was broken off says the same command again.
"""

import json
import secrets
import time
from collections.abc import Callable
from typing import Any

from infra.functions import MIGRATE
from local.cloud.account import Aws, NotReady, stage_named
from local.cloud.founding import ask

_SECONDS_BETWEEN_LOOKS = 10
_SECONDS_REMEMBERED = 6 * 60  # functions read a secret anew after five minutes

NEVER = {
    "erasure-key": "It makes the tombstones of people who were erased: with another one they would come back with the"
    " next import, and nothing could find out.",
    "connection-key": "KMS renews it by itself every year and keeps the older ones, so nothing is locked up anew."
    " aws kms rotate-key-on-demand renews it now.",
    "webhook-secrets": "Each belongs to one connection: “Sign in again” with another address, or connecting anew, makes"
    " another and tells the bridge.",
}


def rotate(stage: str, aws: Aws, name: str) -> int:
    """Change one secret; the exit status is 2 for those that are not changed this way, each with its reason."""
    if name in NEVER:
        print(f"{name} is not changed by this command. {NEVER[name]}")
        return 2
    if stage_named(stage).servers is not None:
        raise NotReady("The local servers have one password, kept in .local: ./dev up --fresh makes another.")
    ROTATED[name](stage, aws)
    print(f"{name} of {stage} is a new one.")
    return 0


def rotate_app_login(stage: str, aws: Aws, password: str | None = None) -> None:
    """The functions' password. Between the database's change and the secret's they get in with the one to come."""
    store, arn = aws.client("secretsmanager"), _setting(stage, aws, "DATABASE_URL")
    login = json.loads(store.get_secret_value(SecretId=arn)["SecretString"])
    _prepare(store, arn, json.dumps({**login, "password": password or _new_password()}))
    ask(stage, aws, MIGRATE.name, {"password": "next"})
    _put_in_force(store, arn)
    ask(stage, aws, MIGRATE.name, {})  # a deployment meanwhile may have put the old one back


def rotate_admin_login(stage: str, aws: Aws, sleep: Callable[[float], None] = time.sleep) -> None:
    """The administrator's password, which the migrations alone use."""
    store, arn = aws.client("secretsmanager"), _setting(stage, aws, "MIGRATOR_DATABASE_URL")
    login = json.loads(store.get_secret_value(SecretId=arn)["SecretString"])
    password = json.loads(_prepare(store, arn, json.dumps({**login, "password": _new_password()})))["password"]
    databases, cluster = aws.client("rds"), stage_named(stage).physical("huntaze")
    databases.modify_db_cluster(DBClusterIdentifier=cluster, MasterUserPassword=password, ApplyImmediately=True)
    _until(lambda: _is_available(databases.describe_db_clusters(DBClusterIdentifier=cluster)["DBClusters"]), sleep)
    _put_in_force(store, arn)
    ask(stage, aws, MIGRATE.name, {})  # proves that it opens


def rotate_cache_token(stage: str, aws: Aws, sleep: Callable[[float], None] = time.sleep) -> None:
    """The cache's token: both open it until every function has read the new one, then that one alone."""
    store, arn = aws.client("secretsmanager"), _setting(stage, aws, "REDIS_AUTH_TOKEN", function="huntaze-relay")
    token = _prepare(store, arn, secrets.token_hex(32))
    caches, group = aws.client("elasticache"), f"huntaze-redis-{stage}"
    for strategy in ("ROTATE", "SET"):
        caches.modify_replication_group(
            ReplicationGroupId=group, AuthToken=token, AuthTokenUpdateStrategy=strategy, ApplyImmediately=True
        )
        _until(
            lambda: _is_available(caches.describe_replication_groups(ReplicationGroupId=group)["ReplicationGroups"]),
            sleep,
        )
        if strategy == "ROTATE":
            _put_in_force(store, arn)
            print("Both tokens open the cache. Waiting until every function has read the new one.", flush=True)
            sleep(_SECONDS_REMEMBERED)


ROTATED: dict[str, Callable[[str, Aws], None]] = {
    "app-login": rotate_app_login,
    "admin-login": rotate_admin_login,
    "cache-token": rotate_cache_token,
}


def _setting(stage: str, aws: Aws, name: str, *, function: str = MIGRATE.name) -> str:
    """Which secret it is: its ARN, as a function that uses it is told."""
    told = aws.client("lambda").get_function_configuration(FunctionName=stage_named(stage).physical(function))
    return str(told["Environment"]["Variables"][name])


def _prepare(store: Any, arn: str, value: str) -> str:
    """Keep what is to be in force soon. What an earlier attempt has kept may be in use already: that one goes on."""
    stages = _stages(store, arn)
    if stages.get("AWSPENDING") not in {None, stages["AWSCURRENT"]}:
        return str(store.get_secret_value(SecretId=arn, VersionStage="AWSPENDING")["SecretString"])
    store.put_secret_value(SecretId=arn, SecretString=value, VersionStages=["AWSPENDING"])
    return value


def _put_in_force(store: Any, arn: str) -> None:
    stages = _stages(store, arn)
    store.update_secret_version_stage(
        SecretId=arn,
        VersionStage="AWSCURRENT",
        MoveToVersionId=stages["AWSPENDING"],
        RemoveFromVersionId=stages["AWSCURRENT"],
    )


def _stages(store: Any, arn: str) -> dict[str, str]:
    """Which version has which word."""
    known: dict[str, list[str]] = store.describe_secret(SecretId=arn)["VersionIdsToStages"]
    return {word: version for version, words in known.items() for word in words}


def _new_password() -> str:
    return secrets.token_hex(20)


def _is_available(found: list[dict[str, Any]]) -> bool:
    return all(each["Status"].lower() == "available" for each in found)


def _until(ready: Callable[[], bool], sleep: Callable[[float], None]) -> None:
    while True:
        sleep(_SECONDS_BETWEEN_LOOKS)  # a change is not under way at once
        if ready():
            return
