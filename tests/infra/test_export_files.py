import json

import pytest

from huntaze.exports.model import KEPT_FOR
from tests.infra.synthesized import Resource, Synthesized


@pytest.fixture
def bucket(any_stage: Synthesized) -> Resource:
    return any_stage.only("AWS::S3::Bucket")


def test_nobody_outside_can_ever_look_in(bucket: Resource) -> None:
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert "CorsConfiguration" not in bucket
    assert "WebsiteConfiguration" not in bucket


def test_files_are_encrypted_and_travel_by_tls_alone(any_stage: Synthesized, bucket: Resource) -> None:
    [statement] = any_stage.only("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]

    assert "AES256" in json.dumps(bucket["BucketEncryption"])
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_file_goes_when_its_row_says_so_and_what_was_never_finished_after_a_day(bucket: Resource) -> None:
    [rule] = bucket["LifecycleConfiguration"]["Rules"]

    assert rule["Status"] == "Enabled"
    assert rule["ExpirationInDays"] == KEPT_FOR.days
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert "VersioningConfiguration" not in bucket, "an old version would outlive its file"


def test_production_keeps_its_files_when_the_stack_goes(prod: Synthesized) -> None:
    [bucket] = prod.all_of("AWS::S3::Bucket").values()

    assert bucket["DeletionPolicy"] == "RetainExceptOnCreate"


def test_the_writer_of_exports_knows_its_bucket_and_has_a_quarter_of_an_hour(any_stage: Synthesized) -> None:
    function = any_stage.function(any_stage.stage.physical("huntaze-exports"))

    assert function["Environment"]["Variables"].keys() >= {"DATABASE_URL", "EXPORTS_BUCKET"}
    assert function["Timeout"] == 900
