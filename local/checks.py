"""`./dev test`, `./dev check`, `./dev bench` and `./dev chaos`."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from local.node import node_folder

ROOT = Path(__file__).parent.parent
# Processes side by side, each with servers of its own: much of the time is waiting, and machines have two cores.
# Who mostly waits goes first whenever it need not; who only computes takes what is left.
COMPUTING = (
    ("unit", "functions", "architecture", "isolation", "access", "compliance", "infra"),
    ("integration",),
)
WAITING = (
    ("integration/hostile", "chaos"),
    ("integration/delivery",),
    ("e2e",),
    ("e2e/pages",),
)
SIDE_BY_SIDE = (*COMPUTING, *WAITING)
PARTS = tuple(layer for layers in SIDE_BY_SIDE for layer in layers if "/" in layer)
LAYERS = tuple(layer for layers in SIDE_BY_SIDE for layer in layers if layer not in PARTS)
NICE = ("nice", "-n", "10")
TYPED = ("layers/shared/python/huntaze", "functions", "infra", "local", "bench", "chaos", "costs", "app.py", "dev")


def test(layer: str | None, *, deep: bool, more: list[str]) -> int:
    """Run one layer of the tests, or all of them."""
    words = [*(["--deep"] if deep else []), *more]
    if layer:
        return _python("pytest", f"tests/{layer}", *words)
    with ExitStack() as others:
        beside = [others.enter_context(_beside(layers, words)) for layers in SIDE_BY_SIDE[1:]]
        with _tests(SIDE_BY_SIDE[0], words) as first:
            failed = first.wait()
        return int(any([failed, *(end() for end in beside)]))


@contextmanager
def _beside(layers: Sequence[str], words: Sequence[str]) -> Iterator[Callable[[], int]]:
    """Layers that run beside others; whoever waits for their end is told then what they had to say."""
    with tempfile.TemporaryFile("w+") as told, _tests(layers, words, told) as process:

        def end() -> int:
            failed = process.wait()
            told.seek(0)
            print(f"\nBeside that ran {' and '.join(layers)}:\n", *told, sep="", flush=True)
            return failed

        yield end


def _tests(layers: Sequence[str], words: Sequence[str], output: IO[str] | None = None) -> "subprocess.Popen[bytes]":
    return _begun("pytest", *_folders(layers), *words, output=output, nice=layers in COMPUTING)


def _folders(layers: Sequence[str]) -> list[str]:
    elsewhere = [f"--ignore=tests/{part}" for part in PARTS if part not in layers]
    return [*(f"tests/{layer}" for layer in layers), *elsewhere]


def check() -> int:
    """Say every kind of fault that needs no server; the exit status is 1 if there is any."""
    results = [
        _python("ruff", "format", "--check", "."),
        _python("ruff", "check", "."),
        _python("mypy", *TYPED),
        _python("pytest", "-q", "tests/architecture"),
    ]
    return int(any(results))


def bench(names: list[str], scale: str = "1") -> int:
    """Run the named benches, or all of them, with all of their data or a part of it."""
    return _python("bench", "--scale", scale, *names)


def chaos(words: list[str]) -> int:
    """Run a fault campaign. Whoever interrupts it is told what there is to tell, so its end is waited for."""
    with _begun("chaos", *words) as process:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return process.wait()


def cost() -> int:
    """Compute what a month costs and write it into docs/cost.md."""
    return _python("costs")


def _python(module: str, *words: str) -> int:
    with _begun(module, *words) as process:
        return process.wait()


def _begun(module: str, *words: str, output: IO[str] | None = None, nice: bool = False) -> "subprocess.Popen[bytes]":
    path = f"{node_folder()}:{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "layers" / "shared" / "python")}
    command = [*(NICE if nice else ()), sys.executable, "-m", module, *words]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output and subprocess.STDOUT)
