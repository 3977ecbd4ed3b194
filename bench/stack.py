"""A deployed local stack of the benches' own, with the demo's data, thrown away afterwards."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from bench.report import FOLDER
from local.deployment import deploy
from local.stack import running
from tests.support.deployed import Deployed

STACK = FOLDER.parent / "bench-stack"
MORE_THAN_A_PERSON_ASKS = 1_000_000


@contextmanager
def deployed_stack() -> Iterator[Deployed]:
    """Servers and functions as `./dev up` has them, where nobody is told that they ask too much."""
    shutil.rmtree(STACK, ignore_errors=True)
    STACK.mkdir(parents=True, mode=0o711)
    with running(STACK, web_port=0) as servers:
        yield Deployed(STACK, servers, deploy(servers, STACK, requests_per_minute=MORE_THAN_A_PERSON_ASKS))
    shutil.rmtree(STACK, ignore_errors=True)
