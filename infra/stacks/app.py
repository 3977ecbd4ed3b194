"""What runs: sign-in, the HTTP API, the functions, the queue and the migration of the database."""

from collections.abc import Iterable, Mapping
from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.export_files import ExportFiles
from infra.constructs.http_routes import HttpRoutes
from infra.constructs.layers import Layers
from infra.constructs.metrics import NAMESPACE
from infra.constructs.migration import Migration
from infra.constructs.python_function import PythonFunction, Supply
from infra.constructs.queue_with_dlq import QueueWithDlq
from infra.constructs.roll_out import RollOut
from infra.constructs.schedule import Schedule
from infra.constructs.sign_in import SignIn
from infra.functions import (
    ANALYTICS_QUEUE,
    EXPORT_QUEUE,
    FUNCTIONS,
    IMPORT_QUEUE,
    MIGRATE,
    PERMIT_QUEUE,
    WEBHOOK_QUEUE,
    Need,
)
from infra.routes import ROUTES
from infra.stacks.data import DataStack
from infra.stage import Stage


class AppStack(Stack):
    """Holds nothing but the people of the user pool: everything else can be made again."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, data: DataStack, **options: Any) -> None:
        super().__init__(scope, construct_id, **options)
        self.sign_in = SignIn(self, "SignIn", stage)
        functions = self._functions(stage, data)
        self.permits = QueueWithDlq(self, "Permits", stage.physical(PERMIT_QUEUE), functions["rate_limiter"])
        self.exports = QueueWithDlq(self, "ExportsAsked", stage.physical(EXPORT_QUEUE), functions["exports"])
        self.imports = QueueWithDlq(self, "ImportsAsked", stage.physical(IMPORT_QUEUE), functions["imports"])
        self.events = QueueWithDlq(self, "Events", stage.physical(WEBHOOK_QUEUE), functions["webhooks"])
        self.counts = QueueWithDlq(self, "Counts", stage.physical(ANALYTICS_QUEUE), functions["analytics"])
        self.export_files = ExportFiles(self, "ExportFiles", stage)
        self.routes = HttpRoutes(self, "Http", stage, self.sign_in)
        self.routes.add(ROUTES, functions)
        self.sign_in.invite_to(self._address(stage))
        self.export_files.take_uploads(self._pages(stage), tell=self.imports.queue)
        self._supply(functions, stage, data)
        # While sending is held it works without any setting: it knows its queue by the messages alone.
        self.permits.queue.grant(functions["rate_limiter"].function, "sqs:GetQueueUrl")
        for function in functions.values():
            if function.spec.every_minutes is not None:
                minutes = stage.pause(function.spec.every_minutes)
                Schedule(self, f"{function.spec.construct_id}Schedule", function, minutes)
        if stage.roll_out == "canary":
            self._roll_out(stage, functions.values())
        migrate = functions.pop(MIGRATE.folder)
        Migration(self, "Migration", migrate, str(data.database_address)).precede(functions.values())
        self._outputs(stage)

    def _functions(self, stage: Stage, data: DataStack) -> dict[str, PythonFunction]:
        layers = Layers(self, "Layers", stage).all
        return {
            spec.folder: PythonFunction(self, spec, stage=stage, layers=layers, network=data.network)
            for spec in FUNCTIONS
        }

    def _roll_out(self, stage: Stage, functions: Iterable[PythonFunction]) -> None:
        roll_out = RollOut(self, "RollOut", stage)
        for function in functions:
            if function.live is not None:
                roll_out.of(function, function.live)

    def _supply(self, functions: Mapping[str, PythonFunction], stage: Stage, data: DataStack) -> None:
        everywhere = self._settings(stage)
        supplies = self._supplies(stage, data)
        for function in functions.values():
            function.set(everywhere)
            for need in function.spec.needs:
                function.supply(supplies[need])

    def _settings(self, stage: Stage) -> dict[str, str]:
        return {
            "STAGE": stage.name,
            "LOG_LEVEL": stage.switches.log_level,
            "CLOUDWATCH_NAMESPACE": NAMESPACE,
            "RATE_LIMITER_ENABLED": stage.switches.rate_limiter_enabled,
            "ONLYFANS_CRM_ENABLED": stage.switches.onlyfans_crm_enabled,
            "REQUESTS_PER_MINUTE": stage.switches.requests_per_minute,
            "TOKEN_ISSUER": self.sign_in.issuer,
            "TOKEN_CLIENT_ID": self.sign_in.client.user_pool_client_id,
        }

    def _pages(self, stage: Stage) -> list[str]:
        """Where people may have opened the pages."""
        named = [stage.public_url.removesuffix("/")] if stage.public_url else []
        return [*named, self.routes.api.api_endpoint]

    def _supplies(self, stage: Stage, data: DataStack) -> dict[Need, Supply]:
        permits = {
            "SQS_RATE_LIMITER_QUEUE_URL": self.permits.queue.queue_url,
            "SQS_RATE_LIMITER_DLQ_URL": self.permits.dlq.queue_url,
        }
        cache = {"REDIS_ENDPOINT": data.cache_endpoint, "REDIS_AUTH_TOKEN": data.cache_token.arn}
        bucket = {"EXPORTS_BUCKET": self.export_files.bucket.bucket_name}
        exports = {**bucket, "SQS_EXPORTS_QUEUE_URL": self.exports.queue.queue_url}
        imports = {"IMPORTS_QUEUE_URL": self.imports.queue.queue_url}
        account_key = {"CONNECTION_KEY": data.connection_key.arn}
        connecting = {**account_key, "PUBLIC_URL": stage.public_url or self.routes.api.api_endpoint}
        pool = {"USER_POOL_ID": self.sign_in.pool.user_pool_id}
        return {
            Need.DATABASE: Supply({"DATABASE_URL": data.app_login.arn}, data.app_login.grant_read),
            Need.DATABASE_ADMIN: Supply({"MIGRATOR_DATABASE_URL": data.admin_login.arn}, data.admin_login.grant_read),
            Need.CACHE: Supply(cache, data.cache_token.grant_read),
            Need.PERMITS: Supply(permits, self.permits.let_put),
            Need.DEAD_LETTERS: Supply(permits, self._let_redrive),
            Need.PERMIT_FIGURES: Supply(permits, self._let_measure_permits),
            Need.EXPORTS: Supply(exports, self._let_ask_for_exports),
            Need.PEOPLE: Supply(pool, self.sign_in.let_end_tokens),
            Need.INVITATIONS: Supply(pool, self.sign_in.let_invite),
            Need.EXPORT_FILES: Supply(bucket, self.export_files.let_write),
            Need.EXPORT_QUEUE: Supply({"SQS_EXPORTS_QUEUE_URL": self.exports.queue.queue_url}, self.exports.let_put),
            Need.IMPORTS: Supply({**bucket, **imports}, self._let_ask_for_imports),
            Need.IMPORT_FILES: Supply(bucket, self.export_files.let_import),
            Need.IMPORT_QUEUE: Supply(imports, self.imports.let_put),
            Need.WEBHOOK_QUEUE: Supply({"SQS_WEBHOOKS_QUEUE_URL": self.events.queue.queue_url}, self.events.let_put),
            Need.ANALYTICS_QUEUE: Supply({"SQS_ANALYTICS_QUEUE_URL": self.counts.queue.queue_url}, self.counts.let_put),
            Need.ERASED_FILES: Supply(bucket, self.export_files.let_delete),
            Need.ERASURE_KEY: Supply({"ERASURE_KEY": data.erasure_key.arn}, data.erasure_key.grant_read),
            Need.CONNECTION_KEY_TO_LOCK: Supply(connecting, data.connection_key.let_lock),
            Need.CONNECTION_KEY_TO_OPEN: Supply(account_key, data.connection_key.let_open),
        }

    def _let_redrive(self, carer: lambda_.IFunction) -> None:
        self._let_measure_permits(carer)
        self.permits.dlq.grant(carer, "sqs:ReceiveMessage", "sqs:DeleteMessage")

    def _let_measure_permits(self, measurer: lambda_.IFunction) -> None:
        for queue in (self.permits.queue, self.permits.dlq):
            queue.grant(measurer, "sqs:GetQueueAttributes")

    def _let_ask_for_exports(self, asker: lambda_.IFunction) -> None:
        self.exports.let_put(asker)
        self.export_files.let_link(asker)

    def _let_ask_for_imports(self, asker: lambda_.IFunction) -> None:
        self.imports.let_put(asker)
        self.export_files.let_sign_uploads(asker)

    def _address(self, stage: Stage) -> str:
        """Where people, callers and bridges find the stage."""
        return (stage.public_url or self.routes.api.api_endpoint).removesuffix("/")

    def _outputs(self, stage: Stage) -> None:
        outputs = {
            "Url": self._address(stage),
            "ApiUrl": self.routes.api.api_endpoint,
            "ApiId": self.routes.api.api_id,
            "UserPoolId": self.sign_in.pool.user_pool_id,
            "ClientId": self.sign_in.client.user_pool_client_id,
            "QueueUrl": self.permits.queue.queue_url,
            "DlqUrl": self.permits.dlq.queue_url,
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
