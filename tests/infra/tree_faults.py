"""Faults for cdk-nag, which judges constructs and no templates: planted into the tree before it is synthesized."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TreeFault:
    """What is set on which construct, and the rule of cdk-nag that must say so of it."""

    name: str
    path: str
    values: dict[str, Any]
    rule: str

    def plant_into(self, app: Any) -> None:
        construct = app
        for part in self.path.split("/"):
            construct = construct.node.find_child(part)
        for name, value in self.values.items():
            setattr(construct, name, value)


DATA, APP = "huntaze-prod-data", "huntaze-prod-app"

TREE_FAULTS = (
    TreeFault(
        "a bucket without a block of public access",
        f"{APP}/ExportFiles/Bucket/Resource",
        {"public_access_block_configuration": {"blockPublicAcls": False}},
        "AwsSolutions-S2",
    ),
    TreeFault(
        "a queue without dead letters", f"{APP}/Permits/Queue/Resource", {"redrive_policy": None}, "AwsSolutions-SQS3"
    ),
    TreeFault(
        "a route without an authorizer",
        f"{APP}/Http/Routes/GET --api--crm--fans/Resource",
        {"authorization_type": "NONE"},
        "AwsSolutions-APIG4",
    ),
    TreeFault("a gateway that logs nothing", f"{APP}/Http/Stage", {"access_log_settings": None}, "AwsSolutions-APIG1"),
    TreeFault(
        "a database that is not encrypted",
        f"{DATA}/Database/Cluster/Resource",
        {"storage_encrypted": False},
        "AwsSolutions-RDS2",
    ),
    TreeFault(
        "a database that a slip can delete",
        f"{DATA}/Database/Cluster/Resource",
        {"deletion_protection": False},
        "AwsSolutions-RDS10",
    ),
    TreeFault(
        "a cache that is not encrypted",
        f"{DATA}/Cache/Group",
        {"at_rest_encryption_enabled": False, "transit_encryption_enabled": False},
        "AwsSolutions-AEC3",
    ),
    TreeFault(
        "a key that is never renewed", f"{DATA}/Key/Resource", {"enable_key_rotation": False}, "AwsSolutions-KMS5"
    ),
    TreeFault("weak passwords", f"{APP}/SignIn/People/Resource", {"policies": None}, "AwsSolutions-COG1"),
    TreeFault(
        "a runtime that is not the newest", f"{APP}/Web/Function/Resource", {"runtime": "python3.9"}, "AwsSolutions-L1"
    ),
)


def plant_all(app: Any) -> None:
    """All at once: no two are of the same rule, so none hides another."""
    for fault in TREE_FAULTS:
        fault.plant_into(app)
