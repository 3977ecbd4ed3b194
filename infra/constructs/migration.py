"""The database's schema, brought up to date by every deployment before anything new runs on it."""

from collections.abc import Iterable

from aws_cdk import CustomResource, Duration
from constructs import Construct

from infra import assets
from infra.constructs.python_function import PythonFunction


class Migration(Construct):
    """CloudFormation calls the function itself, which answers it; a failure rolls the deployment back."""

    def __init__(self, scope: Construct, construct_id: str, migrate: PythonFunction, database: str) -> None:
        super().__init__(scope, construct_id)
        self._resource = CustomResource(
            self,
            "Schema",
            resource_type="Custom::DatabaseSchema",
            service_token=migrate.function.function_arn,
            service_timeout=Duration.seconds(migrate.spec.timeout_s),
            # It runs again when one of these changes: the migrations, the code that runs them, the database.
            properties={
                "Migrations": assets.fingerprint([assets.MIGRATIONS, assets.function_folder(migrate.spec.folder)]),
                "Database": database,
            },
        )

    def precede(self, functions: Iterable[PythonFunction]) -> None:
        """Let these functions change only after the schema has."""
        for function in functions:
            function.function.node.add_dependency(self._resource)
