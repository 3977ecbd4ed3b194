"""Who may do what to the files of exports and imports, read from the templates."""

import pytest

from tests.infra.synthesized import Synthesized
from tests.infra.test_permissions import as_list, policy_of


def test_the_writer_of_exports_makes_files_and_reads_none(any_stage: Synthesized) -> None:
    actions = {
        action
        for statement in policy_of(any_stage, "huntaze-exports")
        for action in as_list(statement["Action"])
        if action.startswith("s3:")
    }

    assert actions == {"s3:PutObject", "s3:AbortMultipartUpload"}


@pytest.mark.parametrize(
    ("name", "below"),
    [
        (
            "huntaze-imports",
            {"s3:GetObject": {"imports"}, "s3:PutObject": {"imports"}, "s3:AbortMultipartUpload": {"imports"}},
        ),
        ("huntaze-importing", {"s3:GetObject": {"imports"}, "s3:PutObject": {"imports"}}),
        ("huntaze-web", {"s3:GetObject": {"exports", "imports"}, "s3:PutObject": {"imports"}}),
    ],
)
def test_who_imports_reads_and_writes_the_files_of_imports_alone(
    any_stage: Synthesized, name: str, below: dict[str, set[str]]
) -> None:
    folders: dict[str, set[str]] = {}
    for statement in policy_of(any_stage, name):
        for action in as_list(statement["Action"]):
            if action.startswith("s3:"):
                for resource in as_list(statement["Resource"]):
                    folders.setdefault(action, set()).add(resource["Fn::Join"][1][1].split("/")[1])

    assert folders == below


@pytest.mark.parametrize("name", ["huntaze-privacy", "huntaze-upkeep"])
def test_who_sweeps_files_finds_and_deletes_them_and_reads_none(any_stage: Synthesized, name: str) -> None:
    actions = {
        action
        for statement in policy_of(any_stage, name)
        for action in as_list(statement["Action"])
        if action.startswith("s3:")
    }

    assert actions == {"s3:ListBucket", "s3:DeleteObject"}
