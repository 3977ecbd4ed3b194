"""`./dev deploy STAGE`: the same CDK app, to AWS, after a look at what will change; and `./dev destroy STAGE`."""

import time
from collections.abc import Callable, Mapping

from botocore.exceptions import ClientError

from infra import stage as stages
from infra.functions import FUNCTIONS
from infra.stage import Stage
from local import cdk
from local.cloud import smoking
from local.cloud.account import Aws, NotReady, opened, stage_named
from local.cloud.notes import Note, keep, note_of

# What Lambda never lets anybody reserve: it stays for functions without a reservation, as consumers of queues are.
_NEVER_RESERVED = 100
_BY_THE_CONSOLE = "https://console.aws.amazon.com/servicequotas/home/services/lambda/quotas/L-B99A9384"

_PROTECTED = """The stacks of {stage} are protected, because it keeps its data. So that no slip deletes them it takes
two steps (docs/operations.md, "Taking a stage away"). Take the protection away, then ask again:

    for part in monitoring app data; do
        aws cloudformation update-termination-protection --no-enable-termination-protection \\
            --stack-name huntaze-{stage}-$part
    done
"""

Run = Callable[..., None]


def deploy(name: str, *, without_asking: bool, told: Mapping[str, str] | None = None, run: Run = cdk.run) -> int:
    """Show the difference, ask, deploy, try it out; `told` is context for this one deployment."""
    if stage_named(name) == stages.LOCAL:
        raise NotReady("The local stage is deployed by ./dev up.")
    aws, stage = opened(name), stage_named(name)
    if without_asking and note_of(name) != Note(name, aws.account, aws.region):
        raise NotReady(
            f"A deployment that asks nobody goes only where cdk.context.json says that {name} lives."
            " Deploy it once by hand, and keep that file in your repository."
        )
    must_have_room(aws, stage)
    print(f"This is {aws.place}.", flush=True)
    if not is_bootstrapped(aws):
        cdk.bootstrap([f"aws://{aws.account}/{aws.region}"], env=aws.environment)
    words = ["--all", *cdk.context({**(told or {}), "stage": name})]
    if stack_of(aws, name, "app") is None:
        print(f"Nothing of {name} is there yet: all of it is new.", flush=True)
    else:
        run(["diff", *words], env=aws.environment)
    if not (without_asking or agreed(f"Deploy this to {name}, in {aws.place}?", name)):
        print("Nothing was deployed.")
        return 1
    if keep(Note(name, aws.account, aws.region)):
        print(f"cdk.context.json now says where {name} lives: keep it in your repository.")
    began = time.time()
    run(["deploy", *words, "--require-approval", "never"], env=aws.environment)
    return smoking.smoke(name, aws, since=began)


def destroy(name: str, *, run: Run = cdk.run) -> int:
    """Delete a stage that keeps nothing; one that keeps its data only once its protection was taken away by hand."""
    stage = stage_named(name)
    if stage == stages.LOCAL:
        raise NotReady("The local stage goes by ./dev down; its data by ./dev up --fresh.")
    aws = opened(name)
    if is_protected(aws, name):
        raise NotReady(_PROTECTED.format(stage=name))
    print(f"This is {aws.place}.", flush=True)
    kept = "The database becomes a snapshot; keys, secrets, people, logs and files stay." if stage.keeps_data else ""
    if not agreed(f"Delete {name} for good? {kept or 'Nothing of it stays.'}", name):
        print("Nothing was deleted.")
        return 1
    if not stage.keeps_data:
        empty_buckets(aws, name)
    run(["destroy", "--all", "--force", *cdk.context({"stage": name})], env=aws.environment)
    return 0


def agreed(question: str, name: str) -> bool:
    """Whether somebody types the stage's name; nobody to ask is no."""
    try:
        return input(f"\n{question} Type the stage's name to go on: ").strip() == name
    except EOFError:
        print("\nNobody is there to ask: a pipeline says --yes.")
        return False


def must_have_room(aws: Aws, stage: Stage) -> None:
    """A new account lets ten executions run at once, and CloudFormation would find that out after half an hour."""
    if not stage.reserves_concurrency or stack_of(aws, stage.name, "app") is not None:
        return
    reserved = sum(spec.at_once or 0 for spec in FUNCTIONS if spec.consumes is None)
    limits = aws.client("lambda").get_account_settings()["AccountLimit"]
    left = int(limits["UnreservedConcurrentExecutions"])
    if left < reserved + _NEVER_RESERVED:
        raise NotReady(
            f"Lambda leaves {left} concurrent executions in this account and region, and {stage.name} needs"
            f" {reserved + _NEVER_RESERVED} ({reserved} reserved, {_NEVER_RESERVED} for all others). Ask for 1000:"
            f" that costs nothing and takes AWS up to a day or two. {_BY_THE_CONSOLE}"
        )


def is_bootstrapped(aws: Aws) -> bool:
    """Whether the CDK has its bucket and its roles in this account and region."""
    return _stack(aws, "CDKToolkit") is not None


def is_protected(aws: Aws, name: str) -> bool:
    """Whether one of the stage's stacks may not be deleted."""
    stacks = [stack_of(aws, name, part) for part in ("monitoring", "app", "data")]
    return any(stack["EnableTerminationProtection"] for stack in stacks if stack is not None)


def stack_of(aws: Aws, name: str, part: str) -> dict[str, object] | None:
    """What CloudFormation says of one stack of a stage; None when there is none."""
    return _stack(aws, f"huntaze-{name}-{part}")


def empty_buckets(aws: Aws, name: str) -> None:
    """CloudFormation deletes no bucket that holds something."""
    if stack_of(aws, name, "app") is None:
        return
    resources = aws.client("cloudformation").describe_stack_resources(StackName=f"huntaze-{name}-app")["StackResources"]
    storage = aws.client("s3")
    for bucket in (each["PhysicalResourceId"] for each in resources if each["ResourceType"] == "AWS::S3::Bucket"):
        for page in storage.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            if files := [{"Key": each["Key"]} for each in page.get("Contents", [])]:
                storage.delete_objects(Bucket=bucket, Delete={"Objects": files})


def _stack(aws: Aws, name: str) -> dict[str, object] | None:
    try:
        [found] = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise NotReady(f"CloudFormation does not say what is there: {error}") from error
        return None
    return dict(found)
