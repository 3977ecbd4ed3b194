"""Deploy the real CDK app to the local AWS and make it usable: people, demo data, `stack.json`."""

import json
from collections.abc import Callable
from pathlib import Path

from botocore.exceptions import ClientError

from local import cdk
from local.demo import connect_creators, count_numbers, introduce_creators, load_demo
from local.local_aws import ACCOUNT, REGION, aws_environment, client
from local.people import invite_demo_people
from local.stack import DATABASE, Servers

WITHOUT_ASKING = ("--require-approval", "never", "--concurrency", "2")

Say = Callable[[str], None]


def deploy(servers: Servers, folder: Path, say: Say = print, *, requests_per_minute: int = 60) -> dict[str, object]:
    """Bring the deployed stack in line with the working tree; safe to repeat at any time."""
    env = aws_environment(servers.aws_endpoint)
    if not _is_bootstrapped(servers):  # asked, not remembered: a local AWS that was killed starts empty
        say("Bootstrapping the local AWS")
        cdk.bootstrap([f"aws://{ACCOUNT}/{REGION}"], env=env, log=folder / "bootstrap.log")
    say("Deploying the stacks")
    cdk.run(
        ["deploy", "--all", *WITHOUT_ASKING, *_files(folder), *cdk.context(_context(servers, requests_per_minute))],
        env=env,
        log=folder / "deploy.log",
    )
    outputs = cdk.read_outputs(outputs_file(folder))
    say("Inviting the demo people and loading the demo data")
    users = invite_demo_people(servers, outputs["UserPoolId"])
    load_demo(servers)
    count_numbers(servers)
    introduce_creators(servers)
    connect_creators(servers, outputs["ConnectionKeyArn"])
    description = _describe(servers, outputs, users)
    stack_file(folder).write_text(json.dumps(description, indent=2) + "\n")
    stack_file(folder).chmod(0o600)
    return description


def stack_file(folder: Path) -> Path:
    """Where other programs read what runs."""
    return folder / "stack.json"


def _is_bootstrapped(servers: Servers) -> bool:
    try:
        client("cloudformation", servers.aws_endpoint).describe_stacks(StackName="CDKToolkit")
    except ClientError:
        return False
    return True


def _files(folder: Path) -> list[str]:
    return ["--output", str(folder / "cdk.out"), "--outputs-file", str(outputs_file(folder))]


def outputs_file(folder: Path) -> Path:
    """Where the deployment leaves what its stacks tell."""
    return folder / "outputs.json"


def _context(servers: Servers, requests_per_minute: int) -> dict[str, object]:
    return {
        "stage": "local",
        "databaseHost": "127.0.0.1",
        "databasePort": servers.postgres_port,
        "databaseName": DATABASE,
        "databasePassword": servers.password,
        "redisEndpoint": servers.redis_endpoint,
        "redisPassword": servers.password,
        "erasureKey": servers.password,  # kept as long as the data are
        "requestsPerMinute": requests_per_minute,
        "publicUrl": servers.url,
    }


def _describe(servers: Servers, outputs: dict[str, str], users: list[dict[str, str]]) -> dict[str, object]:
    return {
        "url": servers.url,
        "apiId": outputs["ApiId"],
        "userPoolId": outputs["UserPoolId"],
        "clientId": outputs["ClientId"],
        "users": users,
        "platform": servers.platform,
        "database": servers.database(),
        "redis": servers.redis_endpoint.replace("redis://", f"redis://:{servers.password}@"),
        "awsEndpoint": servers.aws_endpoint,
        "queueUrl": outputs["QueueUrl"],
        "dlqUrl": outputs["DlqUrl"],
    }
