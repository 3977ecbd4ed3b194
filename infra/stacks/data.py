"""What is kept: database, cache, their secrets and the network around them."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.cache import Cache
from infra.constructs.connection_key import ConnectionKey
from infra.constructs.database import ADMIN, NAME, PORT, Database
from infra.constructs.network import Network
from infra.constructs.removal import removal_policy
from infra.constructs.secrets import DatabaseAddress, ReadableSecret, Secrets
from infra.stage import LocalServers, Stage

APP = "huntaze_app"


class DataStack(Stack):
    """Owns what must outlive every deployment; on the local stage it only says where the running servers are."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, **options: Any) -> None:
        super().__init__(scope, construct_id, **options)
        self._stage = stage
        self.network: Network | None = None
        self.key = kms.Key(
            self,
            "Key",
            description="Everything that is kept",
            alias=f"alias/{stage.physical('huntaze')}",
            enable_key_rotation=True,
            removal_policy=removal_policy(stage),
        )
        self.connection_key = ConnectionKey(self, "ConnectionKey", stage)
        CfnOutput(self, "ConnectionKeyArn", value=self.connection_key.arn)
        self._secrets = Secrets(self, stage, self.key)
        if stage.servers is not None:
            self._use(stage.servers)
        else:
            self._build()

    def _use(self, servers: LocalServers) -> None:
        """The local stage: servers that already run, described by the same secrets."""
        password = servers.database_password
        self.database_address = DatabaseAddress(servers.database_host, servers.database_port, servers.database_name)
        self.cache_endpoint = servers.redis_endpoint
        self.admin_login = self._open(self._secrets.login("AdminLogin", ADMIN, self.database_address, password))
        self.app_login = self._open(self._secrets.login("AppLogin", APP, self.database_address, password))
        self.cache_token = self._open(self._secrets.token("CacheToken", servers.redis_password))
        self.erasure_key = self._open(self._secrets.key("ErasureKey", servers.erasure_key))

    def _build(self) -> None:
        self.network = Network(self, "Network", self._stage)
        database = Database(self, "Database", self._stage, self.network, key=self.key)
        token = self._secrets.token("CacheToken")
        cache = Cache(self, "Cache", self._stage, self.network, key=self.key, token=token)
        self.database_address = DatabaseAddress(database.host, PORT, NAME)
        self.cache_endpoint = cache.endpoint
        self.admin_login = self._open(database.admin_login)
        self.app_login = self._open(self._secrets.login("AppLogin", APP, self.database_address))
        self.cache_token = self._open(token)
        self.erasure_key = self._open(self._secrets.key("ErasureKey"))

    def _open(self, secret: secretsmanager.ISecret) -> ReadableSecret:
        return ReadableSecret.of(secret, self.key)
