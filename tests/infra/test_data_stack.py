"""The data stack in AWS: closed, encrypted, no larger than it must be, and kept where it matters."""

import json
import re
from dataclasses import replace

from infra.stage import PROD
from tests.infra.synthesized import Resource, Synthesize, Synthesized


def test_two_zones_are_left_to_cloudformation_so_that_nothing_is_looked_up(in_aws: Synthesized) -> None:
    zones = {json.dumps(subnet["AvailabilityZone"]) for subnet in in_aws.properties_of("AWS::EC2::Subnet")}
    manifest = json.loads((in_aws.folder / "manifest.json").read_text())

    assert zones == {'{"Fn::Select": [0, {"Fn::GetAZs": ""}]}', '{"Fn::Select": [1, {"Fn::GetAZs": ""}]}'}
    assert "missing" not in manifest


def test_the_way_out_is_one_small_instance_and_no_gateway(in_aws: Synthesized) -> None:
    instance = in_aws.only("AWS::EC2::Instance")

    assert instance["InstanceType"] == "t4g.nano"
    assert instance["MetadataOptions"] == {"HttpTokens": "required"}
    assert instance["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert not in_aws.all_of("AWS::EC2::NatGateway")


def test_a_stage_may_choose_a_gateway_as_its_way_out(synthesize: Synthesize) -> None:
    stage = synthesize(replace(PROD, egress="nat-gateway"))

    assert len(stage.all_of("AWS::EC2::NatGateway")) == 1
    assert not stage.all_of("AWS::EC2::Instance")


def test_data_subnets_have_no_way_out(in_aws: Synthesized) -> None:
    routes = in_aws.properties_of("AWS::EC2::Route")

    assert not [route for route in routes if "dataSubnet" in json.dumps(route["RouteTableId"])]


def test_s3_is_reached_past_the_way_out(in_aws: Synthesized) -> None:
    endpoint = in_aws.only("AWS::EC2::VPCEndpoint")

    assert endpoint["VpcEndpointType"] == "Gateway"
    assert json.dumps(endpoint["ServiceName"]).endswith('".s3"]]}')


def test_refused_traffic_is_logged(in_aws: Synthesized) -> None:
    assert in_aws.only("AWS::EC2::FlowLog")["TrafficType"] == "REJECT"


def test_only_functions_may_come_in_and_only_where_they_must(in_aws: Synthesized) -> None:
    inline = [
        rule
        for group in in_aws.properties_of("AWS::EC2::SecurityGroup")
        for rule in group.get("SecurityGroupIngress", [])
    ]
    rules = in_aws.properties_of("AWS::EC2::SecurityGroupIngress")

    assert not inline
    assert sorted(rule["FromPort"] for rule in rules) == [443, 5432, 6379]
    assert all("NetworkFunctions" in json.dumps(rule["SourceSecurityGroupId"]) for rule in rules)


def test_functions_go_out_by_https_and_to_their_data_alone(in_aws: Synthesized) -> None:
    groups = in_aws.properties_of("AWS::EC2::SecurityGroup")
    [functions] = [group for group in groups if group["GroupDescription"] == "Functions: HTTPS outwards"]
    to_data = in_aws.properties_of("AWS::EC2::SecurityGroupEgress")

    assert [rule["FromPort"] for rule in functions["SecurityGroupEgress"]] == [443]
    assert sorted(rule["FromPort"] for rule in to_data) == [5432, 6379]


def test_the_database_pauses_in_staging_and_stays_awake_in_production(staging: Synthesized, prod: Synthesized) -> None:
    scaling = [stage.only("AWS::RDS::DBCluster")["ServerlessV2ScalingConfiguration"] for stage in (staging, prod)]

    assert scaling[0] == {"MinCapacity": 0, "MaxCapacity": 2, "SecondsUntilAutoPause": 900}
    assert scaling[1] == {"MinCapacity": 0.5, "MaxCapacity": 4}


def test_the_database_is_encrypted_speaks_tls_alone_and_tells_its_log(in_aws: Synthesized) -> None:
    cluster = in_aws.only("AWS::RDS::DBCluster")
    parameters = in_aws.only("AWS::RDS::DBClusterParameterGroup")["Parameters"]

    assert cluster["StorageEncrypted"] is True
    assert "Key" in json.dumps(cluster["KmsKeyId"])
    assert cluster["EnableIAMDatabaseAuthentication"] is True
    assert cluster["EnableCloudwatchLogsExports"] == ["postgresql"]
    assert cluster["MasterUsername"] == "huntaze_admin"
    assert parameters["rds.force_ssl"] == "1"
    assert in_aws.only("AWS::RDS::DBInstance")["PubliclyAccessible"] is False


def test_production_data_survive_the_deletion_of_their_stack(prod: Synthesized) -> None:
    [cluster] = prod.all_of("AWS::RDS::DBCluster").values()
    kept = [
        "AWS::KMS::Key",
        "AWS::SecretsManager::Secret",
        "AWS::Cognito::UserPool",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
    ]

    assert cluster["DeletionPolicy"] == "Snapshot"
    assert cluster["Properties"]["DeletionProtection"] is True
    assert cluster["Properties"]["BackupRetentionPeriod"] == 7
    assert prod.only("AWS::Cognito::UserPool")["DeletionProtection"] == "ACTIVE"
    for kind in kept:
        assert {each["DeletionPolicy"] for each in prod.all_of(kind).values()} == {"RetainExceptOnCreate"}, kind


def test_staging_leaves_nothing_behind(staging: Synthesized) -> None:
    policies = {each.get("DeletionPolicy", "Delete") for _, each in staging.resources()}

    assert policies == {"Delete"}
    assert staging.only("AWS::RDS::DBCluster")["BackupRetentionPeriod"] == 1


def test_the_cache_is_encrypted_and_opens_by_token(in_aws: Synthesized) -> None:
    cache = in_aws.only("AWS::ElastiCache::ReplicationGroup")

    assert cache["ReplicationGroupId"] == f"huntaze-redis-{in_aws.stage.name}"
    assert cache["Engine"] == "valkey"
    assert cache["CacheNodeType"] == "cache.t4g.micro"
    assert cache["TransitEncryptionEnabled"] is True
    assert cache["AtRestEncryptionEnabled"] is True
    assert "{{resolve:secretsmanager:" in json.dumps(cache["AuthToken"])


def test_the_cache_has_a_replica_in_production_alone(staging: Synthesized, prod: Synthesized) -> None:
    caches = [stage.only("AWS::ElastiCache::ReplicationGroup") for stage in (staging, prod)]

    assert [(cache["NumCacheClusters"], cache["MultiAZEnabled"]) for cache in caches] == [(1, False), (2, True)]


def test_every_key_is_renewed_every_year(any_stage: Synthesized) -> None:
    assert [each["EnableKeyRotation"] for each in any_stage.properties_of("AWS::KMS::Key")] == [True, True]


def test_keys_are_used_by_this_account_alone(any_stage: Synthesized) -> None:
    account = {"AWS": {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":root"]]}}
    for key in any_stage.properties_of("AWS::KMS::Key"):
        for statement in key["KeyPolicy"]["Statement"]:
            of_ours = {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
            assert statement["Principal"] == account or statement["Condition"]["StringEquals"] == of_ours


def test_every_secret_has_our_key(any_stage: Synthesized) -> None:
    for secret in any_stage.properties_of("AWS::SecretsManager::Secret"):
        assert secret["KmsKeyId"]["Fn::GetAtt"][0].startswith("Key")


def test_the_secrets_of_every_stage_have_the_same_shape(any_stage: Synthesized) -> None:
    logins = []
    for secret in any_stage.properties_of("AWS::SecretsManager::Secret"):
        template = secret.get("GenerateSecretString", {}).get("SecretStringTemplate") or secret.get("SecretString", "")
        logins.append(json.dumps(template))

    for role in ("huntaze_admin", "huntaze_app"):
        assert any(role in login for login in logins), role
    [app] = [login for login in logins if "huntaze_app" in login]
    assert all(f'\\"{key}\\"' in app for key in ("username", "host", "port", "dbname"))


def test_no_secret_is_written_into_a_template_for_aws(in_aws: Synthesized) -> None:
    for secret in in_aws.properties_of("AWS::SecretsManager::Secret"):
        assert "SecretString" not in secret
        assert "password" not in secret["GenerateSecretString"].get("SecretStringTemplate", "")


# What alone is handed a secret by CloudFormation itself, at the moment of deployment.
TOLD_SECRETS = {"AWS::RDS::DBCluster", "AWS::ElastiCache::ReplicationGroup"}


def test_no_secret_reaches_what_anybody_can_read(any_stage: Synthesized) -> None:
    """Outputs, parameters, descriptions and the environments of functions are shown in consoles and logs."""
    for stack in any_stage.stacks.values():
        told = {name: each for name, each in stack.items() if name != "Resources"}
        assert "{{resolve:" not in json.dumps(told)
        assert not [each for each in told.get("Parameters", {}).values() if each["Type"] == "String"]
    for name, each in any_stage.resources():
        if each["Type"] not in TOLD_SECRETS:
            assert "{{resolve:secretsmanager:" not in json.dumps(each), name


def test_functions_are_told_where_secrets_are_and_never_what_they_are(any_stage: Synthesized) -> None:
    for function in any_stage.properties_of("AWS::Lambda::Function"):
        told = function.get("Environment", {}).get("Variables", {})
        secret = {name: value for name, value in told.items() if re.search(r"PASSWORD|SECRET|TOKEN$|_KEY$", name)}
        for name, value in secret.items():
            assert isinstance(value, dict), f"{function['FunctionName']}: {name} is written out"


def test_production_cannot_be_deleted_by_a_slip(staging: Synthesized, prod: Synthesized) -> None:
    def protected(stage: Synthesized) -> set[bool]:
        artifacts = json.loads((stage.folder / "manifest.json").read_text())["artifacts"].values()
        return {
            artifact["properties"].get("terminationProtection", False)
            for artifact in artifacts
            if artifact["type"] == "aws:cloudformation:stack"
        }

    assert protected(prod) == {True}
    assert protected(staging) == {False}


def test_everything_that_can_be_tagged_says_whose_it_is(any_stage: Synthesized) -> None:
    def tags(properties: Resource) -> dict[str, str]:
        given = properties.get("Tags") or properties.get("UserPoolTags") or []
        return given if isinstance(given, dict) else {tag["Key"]: tag["Value"] for tag in given}

    for kind in ("AWS::Lambda::Function", "AWS::SQS::Queue", "AWS::KMS::Key", "AWS::Cognito::UserPool"):
        for properties in any_stage.properties_of(kind):
            assert tags(properties).items() >= {"project": "huntaze", "stage": any_stage.stage.name}.items()
