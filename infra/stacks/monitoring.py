"""What is watched: alarms that say what to do, and the dashboards to see it on."""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.alarms import Alarms
from infra.dashboards.boards import Boards
from infra.stage import Stage
from infra.watching.functions import watch_functions
from infra.watching.messages import watch_messages
from infra.watching.queues import watch_queues
from infra.watching.servers import watch_api, watch_cache, watch_database


class MonitoringStack(Stack):
    """Reads figures by their names, those of the API by its id; it can be deleted and deployed again at any time."""

    def __init__(
        self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey, api_id: str, **options: Any
    ) -> None:
        super().__init__(scope, construct_id, **options)
        alarms = Alarms(self, "Alarms", stage, key)
        watch_functions(alarms, stage)
        watch_queues(alarms, stage)
        watch_messages(alarms, stage)
        watch_api(alarms, api_id)
        watch_database(alarms, stage)
        watch_cache(alarms, stage)
        Boards(self, "Dashboards", stage, api_id)
