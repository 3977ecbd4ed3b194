"""A function of ours, with everything it owns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, IgnoreMode
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import assets
from infra.constructs.execution_role import ExecutionRole
from infra.constructs.layers import ARCHITECTURE, RUNTIME
from infra.constructs.log_group import log_group
from infra.constructs.network import Network
from infra.functions import FunctionSpec
from infra.stage import Stage

LIVE = "live"

LAMBDA_LOG_LEVELS = {
    "DEBUG": lambda_.ApplicationLogLevel.DEBUG,
    "INFO": lambda_.ApplicationLogLevel.INFO,
    "WARNING": lambda_.ApplicationLogLevel.WARN,
    "ERROR": lambda_.ApplicationLogLevel.ERROR,
}


@dataclass(frozen=True)
class Supply:
    """A need fulfilled: the variables that name a resource, and the right to use it."""

    variables: Mapping[str, str]
    grant: Callable[[lambda_.Function], Any]


class PythonFunction(Construct):
    """arm64, newest Python, traced, with its own role and log group, in the network if what it needs lives there."""

    def __init__(
        self,
        scope: Construct,
        spec: FunctionSpec,
        *,
        stage: Stage,
        layers: Sequence[lambda_.ILayerVersion],
        network: Network | None,
    ) -> None:
        super().__init__(scope, spec.construct_id)
        self.spec = spec
        self.most_from_queue = min(spec.at_once or stage.most_from_queue, stage.most_from_queue)
        self.name = name = stage.physical(spec.name)
        self.logs = logs_to = log_group(self, "Logs", f"/aws/lambda/{name}", stage)
        role = ExecutionRole(self, "Role", logs_to)
        placement: dict[str, Any] = {}
        if network is not None and spec.joins_network:
            role.let_lambda_join_network(name)
            placement = network.placement
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=name,
            description=spec.purpose,
            code=_code(spec),
            handler="handler.handler",
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            layers=list(layers),
            role=role,
            timeout=Duration.seconds(spec.timeout_s),
            memory_size=spec.memory_mb,
            tracing=lambda_.Tracing.ACTIVE,
            log_group=logs_to,
            logging_format=lambda_.LoggingFormat.JSON,
            application_log_level_v2=LAMBDA_LOG_LEVELS[stage.switches.log_level],
            reserved_concurrent_executions=_reserved(spec, stage),
            recursive_loop=lambda_.RecursiveLoop.ALLOW if spec.feeds_itself else None,
            **placement,
        )
        gradually = stage.roll_out == "canary" and not spec.called_by_hand
        self.live = self._live() if gradually else None

    @property
    def target(self) -> lambda_.IFunction:
        """What routes, queues and schedules start: what is live, where new code takes over step by step."""
        return self.live or self.function

    def _live(self) -> lambda_.Alias:
        # Below the function, so that whatever the function waits for, such as the migrations, this waits for too.
        version = self.function.current_version
        return lambda_.Alias(self.function, "Live", alias_name=LIVE, version=version, description="What is in use")

    def set(self, variables: Mapping[str, str]) -> None:
        """Set these environment variables."""
        for name, value in variables.items():
            self.function.add_environment(name, value)

    def supply(self, supply: Supply) -> None:
        """Give the function one thing it needs, and the right to it."""
        self.set(supply.variables)
        supply.grant(self.function)


def _code(spec: FunctionSpec) -> lambda_.Code:
    folder = (assets.function_with_pages if spec.serves_pages else assets.function_folder)(spec.folder)
    return lambda_.Code.from_asset(str(folder), exclude=list(assets.LEFTOVERS), ignore_mode=IgnoreMode.GIT)


def _reserved(spec: FunctionSpec, stage: Stage) -> int | None:
    """A queue's consumer is held by its event source: a reservation would make it throttle and lose receives."""
    return spec.at_once if stage.reserves_concurrency and spec.consumes is None else None
