"""`./dev up`: the servers, the deployment and the address to open."""

import shutil
import signal
import time
from pathlib import Path
from typing import Any

from local import supervision
from local.cdk import DeployFailed
from local.deployment import deploy

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".local"
WATCHED = ("functions", "infra", "layers", "app.py", "cdk.json")


def up(*, detach: bool, fresh: bool, watch: bool) -> int:
    """Start what is not running, deploy the working tree, say where it is."""
    if fresh:
        supervision.stop(FOLDER)
        shutil.rmtree(FOLDER, ignore_errors=True)
    _say("Starting PostgreSQL, Valkey, the local AWS and the simulated platform")
    servers = supervision.ensure_running(FOLDER)
    _welcome(deploy(servers, FOLDER, _say))
    if detach:
        return 0
    for ending in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C: whoever ends this ends the servers too
        signal.signal(ending, signal.default_int_handler)
    try:
        stay(FOLDER, watch=watch)
    except KeyboardInterrupt:
        _say("Stopping")
    finally:
        supervision.stop(FOLDER)
    return 0


def stay(folder: Path, *, watch: bool) -> None:
    """Stay for as long as the servers of this folder run."""
    print("Ctrl-C stops it; the data stay." + (" Changes are deployed as you save them." if watch else ""), flush=True)
    seen = _state_of_files()
    while supervision.is_running(folder):
        if watch and (now := _state_of_files()) != seen:
            seen = now
            _deploy_again(folder)
        time.sleep(1)
    _say(f"The servers have ended. If nobody told them to, {supervision.log_of(folder)} says why")


def _deploy_again(folder: Path) -> None:
    started = time.monotonic()
    try:
        deploy(supervision.ensure_running(folder), folder, _say)
    except DeployFailed as error:
        print(error, flush=True)  # the next save tries again
    else:
        _say(f"Deployed in {time.monotonic() - started:.0f} s")


def _state_of_files() -> frozenset[tuple[str, int]]:
    places = [ROOT / name for name in WATCHED]
    files = [file for place in places for file in (place.rglob("*") if place.is_dir() else [place])]
    return frozenset((str(file), file.stat().st_mtime_ns) for file in files if "__pycache__" not in file.parts)


def _welcome(stack: dict[str, Any]) -> None:
    owner = stack["users"][0]
    print(
        f"\n  Huntaze runs at {stack['url']}\n"
        f"  Sign in as {owner['email']} with {owner['password']}\n"
        f"  A token for curl: ./dev token {owner['email']}\n",
        flush=True,
    )


def _say(text: str) -> None:
    print(f"· {text}", flush=True)
