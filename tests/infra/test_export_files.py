import json

import pytest

from huntaze.exports.model import KEPT_FOR
from huntaze.imports.model import REVERSIBLE
from tests.infra.synthesized import Resource, Synthesized


@pytest.fixture
def bucket(any_stage: Synthesized) -> Resource:
    return any_stage.only("AWS::S3::Bucket")


def test_nobody_outside_can_ever_look_in(bucket: Resource) -> None:
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert "WebsiteConfiguration" not in bucket


def test_files_are_encrypted_and_travel_by_tls_alone(any_stage: Synthesized, bucket: Resource) -> None:
    [statement] = any_stage.only("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]

    assert "AES256" in json.dumps(bucket["BucketEncryption"])
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_file_goes_when_its_row_says_so_and_what_was_never_finished_after_a_day(bucket: Resource) -> None:
    exports, imports, unfinished = bucket["LifecycleConfiguration"]["Rules"]

    assert {rule["Status"] for rule in (exports, imports, unfinished)} == {"Enabled"}
    assert (exports["Prefix"], exports["ExpirationInDays"]) == ("exports/", KEPT_FOR.days)
    assert (imports["Prefix"], imports["ExpirationInDays"]) == ("imports/", REVERSIBLE.days + 1)
    assert unfinished["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert "Prefix" not in unfinished
    assert "VersioningConfiguration" not in bucket, "an old version would outlive its file"


def test_forms_of_our_own_pages_alone_bring_files(any_stage: Synthesized, bucket: Resource) -> None:
    [rule] = bucket["CorsConfiguration"]["CorsRules"]
    [api] = any_stage.all_of("AWS::ApiGatewayV2::Api")

    assert rule["AllowedMethods"] == ["POST"]
    assert rule["AllowedOrigins"] == [{"Fn::GetAtt": [api, "ApiEndpoint"]}]
    assert "AllowedHeaders" not in rule


def test_the_queue_of_imports_hears_of_what_people_upload_there_and_of_nothing_else(bucket: Resource) -> None:
    [told] = bucket["NotificationConfiguration"]["QueueConfigurations"]

    assert told["Event"] == "s3:ObjectCreated:Post"
    assert told["Filter"] == {"S3Key": {"Rules": [{"Name": "prefix", "Value": "imports/"}]}}
    assert told["Queue"]["Fn::GetAtt"][0].startswith("ImportsAsked")


def test_the_right_to_tell_comes_before_the_bucket_that_tries_it(any_stage: Synthesized) -> None:
    [bucket] = any_stage.all_of("AWS::S3::Bucket").values()
    policies = any_stage.all_of("AWS::SQS::QueuePolicy")

    assert [name for name in bucket["DependsOn"] if name in policies]


def test_production_keeps_its_files_when_the_stack_goes(prod: Synthesized) -> None:
    [bucket] = prod.all_of("AWS::S3::Bucket").values()

    assert bucket["DeletionPolicy"] == "RetainExceptOnCreate"


def test_the_writer_of_exports_knows_its_bucket_and_has_a_quarter_of_an_hour(any_stage: Synthesized) -> None:
    function = any_stage.function(any_stage.stage.physical("huntaze-exports"))

    assert function["Environment"]["Variables"].keys() >= {"DATABASE_URL", "EXPORTS_BUCKET"}
    assert function["Timeout"] == 900
