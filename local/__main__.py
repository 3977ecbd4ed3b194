"""The commands behind `./dev`."""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from local import backup, checks, deployment, supervision, up
from local.cdk import DeployFailed
from local.cloud import commands as cloud
from local.cloud.account import NotReady
from local.people import sign_in
from local.processes import StartFailed
from local.up import FOLDER


def main() -> int:
    """Run one command; its result is the exit status."""
    arguments = _parser().parse_args()
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except (DeployFailed, StartFailed, NotReady) as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return error.returncode
    except KeyboardInterrupt:
        return 130


def _up(arguments: argparse.Namespace) -> int:
    return up.up(detach=arguments.detach, fresh=arguments.fresh, watch=arguments.watch)


def _down(_: argparse.Namespace) -> int:
    print(
        "Stopped. The data stay; ./dev up takes them up again." if supervision.stop(FOLDER) else "Nothing was running."
    )
    return 0


def _test(arguments: argparse.Namespace) -> int:
    return checks.test(arguments.layer, deep=arguments.deep, more=arguments.more)


def _check(_: argparse.Namespace) -> int:
    return checks.check()


def _bench(arguments: argparse.Namespace) -> int:
    return checks.bench(arguments.name, arguments.scale)


def _backup(arguments: argparse.Namespace) -> int:
    return backup.backup(arguments.file)


def _restore(arguments: argparse.Namespace) -> int:
    return backup.restore(arguments.file)


def _chaos(arguments: argparse.Namespace) -> int:
    words = [*(["--long"] if arguments.long else []), "--seed", str(arguments.seed)]
    return checks.chaos([*words, *(["--hours", str(arguments.hours)] if arguments.hours else [])])


def _cost(_: argparse.Namespace) -> int:
    return checks.cost()


def _token(arguments: argparse.Namespace) -> int:
    file = deployment.stack_file(FOLDER)
    if not file.exists():
        raise StartFailed("Nothing is deployed yet: run ./dev up first.")
    stack = json.loads(file.read_text())
    person = next((user for user in stack["users"] if user["email"] == arguments.email), None)
    if person is None:
        raise StartFailed("No demo person has this email. There are: " + ", ".join(u["email"] for u in stack["users"]))
    print(sign_in(stack["awsEndpoint"], stack["clientId"], person["email"], person["password"])["AccessToken"])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev", description="Set up, run, prove and deploy Huntaze.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], purpose: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=purpose, description=purpose)
        added.set_defaults(command=run)
        return added

    start = command("up", _up, "start everything, deploy, load the demo, print the address")
    start.add_argument("--detach", action="store_true", help="return when it runs; ./dev down stops it")
    start.add_argument("--fresh", action="store_true", help="throw the data of the last run away first")
    start.add_argument("--watch", action="store_true", help="deploy again whenever a file changes")
    command("down", _down, "stop it; the data stay")
    test = command("test", _test, "run every test, or those of one layer")
    test.add_argument("layer", nargs="?", choices=checks.LAYERS, help="one folder of tests/")
    test.add_argument("--deep", action="store_true", help="the full doses, for hours instead of minutes")
    test.add_argument("more", nargs=argparse.REMAINDER, help="further words for pytest")
    command("check", _check, "format, lint, types, architecture, OpenAPI drift")
    bench = command("bench", _bench, "measure, beside something else in the same run")
    bench.add_argument("name", nargs="*", help="one bench; all of them without")
    bench.add_argument("--scale", default="1", help="with this part of the data, such as 0.1, to try things out")
    chaos = command("chaos", _chaos, "kill, cut, freeze and flood everything from a seed, then judge what became of it")
    chaos.add_argument("--long", action="store_true", help="for two hours instead of two minutes")
    chaos.add_argument("--hours", type=float, help="for so long, with that share of the long run's doses")
    chaos.add_argument("--seed", type=int, default=11, help="the same seed plans the same")
    command("cost", _cost, "compute what a month costs, into docs/cost.md")
    cloud.add_commands(command)
    command("backup", _backup, "write the local database into a file").add_argument("file", type=Path)
    command("restore", _restore, "put such a file in the place of the local database").add_argument("file", type=Path)
    command("token", _token, "print a bearer token of a demo person").add_argument("email")
    return parser


if __name__ == "__main__":
    sys.exit(main())
