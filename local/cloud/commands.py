"""The commands of `./dev` that concern a deployed stage."""

import argparse
from collections.abc import Callable

from infra.functions import MIGRATE
from local.cloud import deploying, founding, rotating, smoking
from local.cloud.account import opened

Command = Callable[[argparse.Namespace], int]
Add = Callable[[str, Command, str], argparse.ArgumentParser]


def add_commands(command: Add) -> None:
    """Add them, each with its words."""

    def of_stage(name: str, run: Command, purpose: str) -> argparse.ArgumentParser:
        added = command(name, run, purpose)
        added.add_argument("stage", help="staging, prod, local, or the name of a stage of your own")
        return added

    deploy = of_stage("deploy", _deploy, "show what will change, ask, deploy a stage to AWS, try it out")
    deploy.add_argument("--yes", action="store_true", help="ask nobody: for pipelines")
    deploy.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="this once, such as rateLimiterEnabled=false"
    )
    of_stage("smoke", _smoke, "try a deployed stage out; nothing leaves it")
    found = of_stage("found", _found, "found a workspace and invite its owner: how a stage gets its first people")
    found.add_argument("--workspace", required=True, metavar="NAME", help="what it is called, such as a creator's name")
    found.add_argument("--owner", required=True, metavar="EMAIL", help="who gets the mail")
    found.add_argument("--timezone", default="UTC", help="where its days begin, such as Europe/Paris")
    found.add_argument("--currency", default="USD", help="of amounts without one, such as EUR")
    of_stage("migrate", _migrate, "bring a stage's database up to date: after a restore; a deployment does it itself")
    rotate = of_stage("rotate", _rotate, "change a secret of a stage while it works")
    rotate.add_argument("secret", choices=[*rotating.ROTATED, *rotating.NEVER])
    of_stage("destroy", _destroy, "delete a stage from AWS")


def _deploy(arguments: argparse.Namespace) -> int:
    told = dict(word.split("=", 1) for word in arguments.set)
    return deploying.deploy(arguments.stage, without_asking=arguments.yes, told=told)


def _smoke(arguments: argparse.Namespace) -> int:
    return smoking.smoke(arguments.stage, opened(arguments.stage))


def _found(arguments: argparse.Namespace) -> int:
    about = {name: getattr(arguments, name) for name in ("owner", "timezone", "currency")}
    return founding.found(arguments.stage, opened(arguments.stage), {"name": arguments.workspace, **about})


def _migrate(arguments: argparse.Namespace) -> int:
    answer = founding.ask(arguments.stage, opened(arguments.stage), MIGRATE.name, {})
    print("Applied: " + (", ".join(answer["applied"]) or "nothing, it was up to date."))
    return 0


def _rotate(arguments: argparse.Namespace) -> int:
    return rotating.rotate(arguments.stage, opened(arguments.stage), arguments.secret)


def _destroy(arguments: argparse.Namespace) -> int:
    return deploying.destroy(arguments.stage)
