"""Faults as people make them, planted into the templates of production, each with the checks that must catch it."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from tests.infra.synthesized import Resource, Synthesized

Plant = Callable[[Synthesized], None]


@dataclass(frozen=True)
class Fault:
    """What is wrong, how it gets into a template, and the checks that must say so.

    A check is a test of ours (`module.test`), or a rule of somebody else's (`checkov:CKV_…`, `cfn-lint:E…`).
    """

    name: str
    plant: Plant
    caught_by: tuple[str, ...]

    def in_a_copy_of(self, sound: Synthesized) -> Synthesized:
        """The same stage with this fault in it."""
        faulty = replace(sound, stacks=deepcopy(sound.stacks))
        self.plant(faulty)
        assert faulty.stacks != sound.stacks, f"{self.name}: nothing was planted"
        return faulty


def only(stage: Synthesized, kind: str, start: str = "") -> Resource:
    """The one resource of this type whose logical id starts like this."""
    [found] = [each for name, each in stage.all_of(kind).items() if name.startswith(start)]
    return found


def setting(kind: str, start: str = "", /, **properties: Any) -> Plant:
    """Other values for some properties."""
    return lambda stage: only(stage, kind, start)["Properties"].update(properties)


def without(kind: str, start: str, *properties: str) -> Plant:
    """Some properties gone."""

    def plant(stage: Synthesized) -> None:
        for name in properties:
            del only(stage, kind, start)["Properties"][name]

    return plant


def deleting(kind: str, start: str) -> Plant:
    """A whole resource gone."""

    def plant(stage: Synthesized) -> None:
        for stack in stage.stacks.values():
            for name, each in list(stack["Resources"].items()):
                if each["Type"] == kind and name.startswith(start):
                    del stack["Resources"][name]

    return plant


def allowing(action: str, resource: Any) -> Plant:
    """One more right for the function of the pages."""
    more = {"Effect": "Allow", "Action": action, "Resource": resource}
    return lambda stage: only(stage, "AWS::IAM::Policy", "WebRole")["Properties"]["PolicyDocument"]["Statement"].append(
        more
    )


def told(**variables: Any) -> Plant:
    """One more environment variable for the function of the pages."""
    return lambda stage: only(stage, FUNCTION, "WebFunction")["Properties"]["Environment"]["Variables"].update(
        variables
    )


def adding(stack: str, name: str, kind: str, **properties: Any) -> Plant:
    """One more resource."""
    return lambda stage: stage.stacks[stack]["Resources"].update({name: {"Type": kind, "Properties": properties}})


def open_to_the_world(stage: Synthesized) -> None:
    group = only(stage, "AWS::EC2::SecurityGroup", "DatabaseAccess")["Properties"]
    group["SecurityGroupIngress"] = [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 5432, "CidrIp": "0.0.0.0/0", "Description": "For a while"}
    ]


def for_everybody(kind: str, start: str, where: str, action: str) -> Plant:
    """A policy of a resource that lets anybody in."""
    anybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": action, "Resource": "*"}
    if where == "AssumeRolePolicyDocument":
        del anybody["Resource"]
    return lambda stage: only(stage, kind, start)["Properties"][where]["Statement"].append(anybody)


def route_for_anybody(stage: Synthesized) -> None:
    routes = stage.properties_of("AWS::ApiGatewayV2::Route")
    [listing] = [route for route in routes if route["RouteKey"] == "GET /api/crm/fans"]
    listing["AuthorizationType"] = "NONE"


def touched(sound: Synthesized, faulty: Synthesized) -> tuple[Resource, Resource]:
    """The resources that differ and all they refer to, as a template before and after."""
    for part, stack in faulty.stacks.items():
        before, after = sound.stacks[part]["Resources"], stack["Resources"]
        differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        if differing:
            return _piece(sound.stacks[part], differing), _piece(stack, differing)
    raise AssertionError("Nothing differs")


def _piece(stack: Resource, names: set[str]) -> Resource:
    resources, wanted, taken = stack["Resources"], sorted(names), {}
    while wanted:
        name = wanted.pop()
        if name in resources and name not in taken:
            taken[name] = resources[name]
            wanted += _references(resources[name])
    return {"Parameters": stack.get("Parameters", {}), "Resources": dict(sorted(taken.items()))}


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["Ref"]] if "Ref" in value else [value["Fn::GetAtt"][0]] if "Fn::GetAtt" in value else []
        waits_for = value.get("DependsOn", [])
        return [*own, *waits_for, *(name for each in value.values() for name in _references(each))]
    return [name for each in value for name in _references(each)] if isinstance(value, list) else []


BUCKET, QUEUE, FUNCTION, GROUP = "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::Logs::LogGroup"
CLUSTER, CACHE = "AWS::RDS::DBCluster", "AWS::ElastiCache::ReplicationGroup"
OPEN = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), False)
ANY_PAGE = [{"AllowedMethods": ["POST"], "AllowedOrigins": ["*"], "MaxAge": 3600}]

FAULTS = (
    # files
    Fault(
        "a bucket that may be opened to the public",
        setting(BUCKET, PublicAccessBlockConfiguration=OPEN),
        ("test_export_files.test_nobody_outside_can_ever_look_in", "checkov:CKV_AWS_53", "checkov:CKV_AWS_56"),
    ),
    Fault(
        "a bucket without a block of public access",
        without(BUCKET, "", "PublicAccessBlockConfiguration"),
        ("test_export_files.test_nobody_outside_can_ever_look_in", "checkov:CKV_AWS_54", "checkov:CKV_AWS_55"),
    ),
    Fault(
        "a bucket that is not encrypted by its own word",
        without(BUCKET, "", "BucketEncryption"),
        ("test_export_files.test_files_are_encrypted_and_travel_by_tls_alone",),
    ),
    Fault(
        "a bucket that any page on the web may post to",
        setting(BUCKET, CorsConfiguration={"CorsRules": ANY_PAGE}),
        ("test_export_files.test_forms_of_our_own_pages_alone_bring_files",),
    ),
    Fault(
        "a bucket without TLS",
        deleting("AWS::S3::BucketPolicy", ""),
        ("test_export_files.test_files_are_encrypted_and_travel_by_tls_alone",),
    ),
    # rights
    Fault(
        "a wildcard among actions",
        allowing("s3:*", "arn:aws:s3:::huntaze-exports"),
        ("test_permissions.test_no_action_is_a_wildcard",),
    ),
    Fault(
        "every action on everything",
        allowing("*", "*"),
        ("test_permissions.test_no_action_is_a_wildcard", "checkov:CKV_AWS_107", "checkov:CKV_AWS_62"),
    ),
    Fault(
        "a right to every secret of the account",
        allowing("secretsmanager:GetSecretValue", "*"),
        ("test_permissions.test_only_actions_that_name_no_resource_are_allowed_on_all", "checkov:CKV_AWS_108"),
    ),
    Fault(
        "a ready-made policy of AWS's",
        setting("AWS::IAM::Role", "WebRole", ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]),
        ("test_permissions.test_every_function_has_a_role_of_its_own_without_ready_made_policies",),
    ),
    Fault(
        "a role that anybody may take",
        for_everybody("AWS::IAM::Role", "WebRole", "AssumeRolePolicyDocument", "sts:AssumeRole"),
        ("test_permissions.test_roles_are_taken_by_aws_services_alone", "checkov:CKV_AWS_60"),
    ),
    Fault(
        "a function that anybody may start",
        adding(
            "app",
            "Anybody",
            "AWS::Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName="huntaze-web",
            Principal="*",
        ),
        ("test_permissions.test_functions_are_started_by_our_gateway_and_our_schedules_alone",),
    ),
    Fault(
        "a function with an address of its own, past the gateway",
        adding("app", "Address", "AWS::Lambda::Url", AuthType="NONE", TargetFunctionArn="huntaze-web"),
        ("test_permissions.test_no_function_has_an_address_past_the_gateway", "checkov:CKV_AWS_258"),
    ),
    # queues
    Fault(
        "a queue without dead letters",
        without(QUEUE, "PermitsQueue", "RedrivePolicy"),
        ("test_queues.test_every_queue_puts_poison_aside_after_ten_receives",),
    ),
    Fault(
        "a message that is visible again while its consumer still works on it",
        setting(QUEUE, "PermitsQueue", VisibilityTimeout=30),
        ("test_queues.test_a_message_stays_hidden_for_six_times_its_consumers_timeout",),
    ),
    Fault(
        "a queue that is not encrypted",
        setting(QUEUE, "PermitsQueue", SqsManagedSseEnabled=False),
        ("test_queues.test_every_queue_is_encrypted_and_speaks_tls_alone",),
    ),
    Fault(
        "a queue without TLS",
        deleting("AWS::SQS::QueuePolicy", "PermitsQueue"),
        ("test_queues.test_every_queue_is_encrypted_and_speaks_tls_alone",),
    ),
    Fault(
        "a queue that anybody may put into",
        for_everybody("AWS::SQS::QueuePolicy", "PermitsQueue", "PolicyDocument", "sqs:SendMessage"),
        ("test_queues.test_s3_alone_and_for_buckets_of_this_account_puts_into_the_queue_of_imports",),
    ),
    Fault(
        "dead letters that are gone after four days",
        setting(QUEUE, "PermitsDeadLetters", MessageRetentionPeriod=345_600),
        ("test_queues.test_dead_letters_wait_a_fortnight_for_somebody",),
    ),
    Fault(
        "a topic of alarms that is not encrypted",
        without("AWS::SNS::Topic", "", "KmsMasterKeyId"),
        ("test_monitoring.test_alarms_get_through_to_the_encrypted_topic", "checkov:CKV_AWS_26"),
    ),
    # functions
    Fault(
        "a log that is kept for ever",
        without(GROUP, "WebLogs", "RetentionInDays"),
        ("test_functions.test_every_log_group_is_emptied_when_the_stage_says", "checkov:CKV_AWS_66"),
    ),
    Fault(
        "a function outside its network",
        without(FUNCTION, "WebFunction", "VpcConfig"),
        (
            "test_functions.test_functions_that_use_data_live_in_the_private_network_and_others_do_not",
            "checkov:CKV_AWS_117",
        ),
    ),
    Fault(
        "a password in the place of a secret's name",
        told(DATABASE_URL="postgresql://huntaze_app:hunter2@db/huntaze"),
        ("test_functions.test_secrets_are_named_by_their_arn_and_never_given",),
    ),
    Fault(
        "a password in a variable of another name",
        told(BRIDGE_PASSWORD="correct horse battery staple"),
        ("test_functions.test_variables_say_references_and_a_few_known_words_alone",),
    ),
    Fault(
        "AWS's own keys in a variable",
        told(AWS_KEY="AKIAIOSFODNN7EXAMPLE", AWS_SECRET="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("test_functions.test_variables_say_references_and_a_few_known_words_alone", "checkov:CKV_AWS_45"),
    ),
    Fault(
        "more executions than the database has connections",
        setting(FUNCTION, "WebFunction", ReservedConcurrentExecutions=400),
        ("test_functions.test_together_functions_never_take_four_fifths_of_the_databases_connections",),
    ),
    Fault(
        "a function without a bound",
        without(FUNCTION, "PublicFunction", "ReservedConcurrentExecutions"),
        ("test_functions.test_no_function_takes_the_whole_account", "checkov:CKV_AWS_115"),
    ),
    Fault(
        "a runtime that AWS has given up",
        setting(FUNCTION, "WebFunction", Runtime="python3.6"),
        (
            "test_functions.test_every_function_is_arm_newest_python_traced_and_logs_json_into_its_own_group",
            "cfn-lint:E2533",
            "checkov:CKV_AWS_363",
        ),
    ),
    Fault(
        "a function without traces",
        without(FUNCTION, "WebFunction", "TracingConfig"),
        ("test_functions.test_every_function_is_arm_newest_python_traced_and_logs_json_into_its_own_group",),
    ),
    Fault("a property that nothing knows", setting(FUNCTION, "WebFunction", MemoryInGigabytes=1), ("cfn-lint:E3002",)),
    Fault("a reference to nothing", told(BUCKET={"Ref": "ExportsBuckets"}), ("cfn-lint:E1020",)),
    # the gateway
    Fault(
        "a route without an authorizer",
        route_for_anybody,
        ("test_routes.test_only_a_public_route_opens_without_a_token",),
    ),
    Fault(
        "an API that any page on the web may read",
        setting("AWS::ApiGatewayV2::Api", CorsConfiguration={"AllowOrigins": ["*"], "AllowHeaders": ["authorization"]}),
        ("test_routes.test_no_page_of_anybody_else_may_read_the_api",),
    ),
    Fault(
        "a gateway that nothing throttles",
        without("AWS::ApiGatewayV2::Stage", "", "DefaultRouteSettings"),
        ("test_routes.test_the_gateway_is_throttled_and_logs_no_address_and_no_query",),
    ),
    Fault(
        "a gateway that logs nothing",
        without("AWS::ApiGatewayV2::Stage", "", "AccessLogSettings"),
        ("test_routes.test_the_gateway_is_throttled_and_logs_no_address_and_no_query", "checkov:CKV_AWS_95"),
    ),
    # data
    Fault(
        "a database that a slip can delete",
        setting(CLUSTER, DeletionProtection=False),
        ("test_data_stack.test_production_data_survive_the_deletion_of_their_stack",),
    ),
    Fault(
        "a database that is not encrypted",
        setting(CLUSTER, StorageEncrypted=False),
        (
            "test_data_stack.test_the_database_is_encrypted_speaks_tls_alone_and_tells_its_log",
            "checkov:CKV_AWS_96",
        ),
    ),
    Fault(
        "a database with backups of a day alone",
        setting(CLUSTER, BackupRetentionPeriod=1),
        ("test_data_stack.test_production_data_survive_the_deletion_of_their_stack",),
    ),
    Fault(
        "a database in public",
        setting("AWS::RDS::DBInstance", PubliclyAccessible=True),
        (
            "test_data_stack.test_the_database_is_encrypted_speaks_tls_alone_and_tells_its_log",
            "checkov:CKV_AWS_17",
        ),
    ),
    Fault(
        "a security group open to the world",
        open_to_the_world,
        (
            "test_data_stack.test_only_functions_may_come_in_and_only_where_they_must",
            "checkov:CKV_AWS_24",
        ),
    ),
    Fault(
        "a cache without TLS",
        setting(CACHE, TransitEncryptionEnabled=False),
        ("test_data_stack.test_the_cache_is_encrypted_and_opens_by_token", "checkov:CKV_AWS_30"),
    ),
    Fault(
        "a cache that is not encrypted",
        setting(CACHE, AtRestEncryptionEnabled=False),
        ("test_data_stack.test_the_cache_is_encrypted_and_opens_by_token", "checkov:CKV_AWS_29"),
    ),
    Fault(
        "a key that is never renewed",
        setting("AWS::KMS::Key", "Key", EnableKeyRotation=False),
        ("test_data_stack.test_every_key_is_renewed_every_year", "checkov:CKV_AWS_7"),
    ),
    Fault(
        "a key that anybody may use",
        for_everybody("AWS::KMS::Key", "ConnectionKey", "KeyPolicy", "kms:*"),
        ("test_data_stack.test_keys_are_used_by_this_account_alone", "checkov:CKV_AWS_33"),
    ),
    Fault(
        "a secret with AWS's common key",
        without("AWS::SecretsManager::Secret", "AppLogin", "KmsKeyId"),
        ("test_data_stack.test_every_secret_has_our_key", "checkov:CKV_AWS_149"),
    ),
    Fault(
        "a secret in the template",
        setting("AWS::SecretsManager::Secret", "CacheToken", SecretString="hunter2"),
        ("test_data_stack.test_no_secret_is_written_into_a_template_for_aws",),
    ),
    Fault(
        "a machine that gives its keys to whoever asks over it",
        without("AWS::EC2::Instance", "", "MetadataOptions"),
        ("test_data_stack.test_the_way_out_is_one_small_instance_and_no_gateway",),
    ),
    # people, and what wakes them
    Fault(
        "a user pool that anybody may join",
        setting("AWS::Cognito::UserPool", AdminCreateUserConfig={"AllowAdminCreateUserOnly": False}),
        ("test_sign_in.test_people_are_invited_by_email_and_never_sign_up_by_themselves",),
    ),
    Fault(
        "an alarm that tells nobody",
        without("AWS::CloudWatch::Alarm", "Alarmsweberrors", "AlarmActions"),
        ("test_monitoring.test_every_alarm_tells_people_above_its_figure_and_says_what_to_do",),
    ),
    Fault(
        "an alarm that is switched off",
        setting("AWS::CloudWatch::Alarm", "Alarmsweberrors", ActionsEnabled=False),
        ("test_monitoring.test_every_alarm_tells_people_above_its_figure_and_says_what_to_do",),
    ),
)
