"""Stages live side by side in one account: no name of one may be a name of another."""

from collections.abc import Iterator
from typing import Any

from tests.infra.synthesized import Synthesized

NAMES = {
    "AlarmName",
    "AliasName",
    "DBClusterIdentifier",
    "DashboardName",
    "FunctionName",
    "LayerName",
    "LogGroupName",
    "QueueName",
    "ReplicationGroupId",
    "TopicName",
    "UserPoolName",
}


def names(stage: Synthesized) -> Iterator[Any]:
    for _, resource in stage.resources():
        for key, value in resource.get("Properties", {}).items():
            if key in NAMES and isinstance(value, str):
                yield key, value
    for stack in stage.stacks.values():
        yield from (output["Export"]["Name"] for output in stack.get("Outputs", {}).values() if "Export" in output)


def test_no_two_stages_share_a_name(local: Synthesized, staging: Synthesized, prod: Synthesized) -> None:
    everything = [name for stage in (local, staging, prod) for name in set(names(stage))]

    assert len(everything) == len(set(everything)) > 60


def test_the_cache_is_named_as_the_contract_says(staging: Synthesized, prod: Synthesized) -> None:
    assert ("ReplicationGroupId", "huntaze-redis-staging") in set(names(staging))
    assert ("ReplicationGroupId", "huntaze-redis-prod") in set(names(prod))


def test_no_other_resource_carries_a_name_of_its_own(staging: Synthesized) -> None:
    """A name that is not listed above could collide without this file noticing."""
    known = NAMES | {
        "Name",
        "PolicyName",
        "ClientName",
        "StageName",
        "ServiceName",
        "MetricName",
        "DatabaseName",
        "DeploymentConfigName",
    }
    known |= {"DBClusterParameterGroupName", "DBSubnetGroupName", "CacheSubnetGroupName", "MasterUsername"}
    named = {
        key
        for _, resource in staging.resources()
        for key, value in resource.get("Properties", {}).items()
        if key.endswith("Name") and isinstance(value, str)
    }

    assert named <= known
