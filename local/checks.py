"""`./dev test`, `./dev check` and `./dev bench`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from local.node import node_folder

ROOT = Path(__file__).parent.parent
# Two processes side by side, each with servers of its own: much of the time is waiting, and machines have two cores.
SIDE_BY_SIDE = (
    ("unit", "functions", "architecture", "isolation", "access", "compliance", "integration"),
    ("infra", "e2e"),
)
LAYERS = tuple(layer for layers in SIDE_BY_SIDE for layer in layers)
TYPED = ("layers/shared/python/huntaze", "functions", "infra", "local", "bench", "app.py", "dev")


def test(layer: str | None, *, deep: bool, more: list[str]) -> int:
    """Run one layer of the tests, or all of them."""
    words = [*(["--deep"] if deep else []), *more]
    if layer:
        return _python("pytest", f"tests/{layer}", *words)
    here, beside = ([f"tests/{name}" for name in layers] for layers in SIDE_BY_SIDE)
    with tempfile.TemporaryFile("w+") as told, _begun("pytest", *beside, *words, output=told) as other:
        failed = _python("pytest", *here, *words)
        print(f"\nAnd {', '.join(SIDE_BY_SIDE[1])}, which ran beside:\n", flush=True)
        failed |= other.wait()
        told.seek(0)
        sys.stdout.writelines(told)
    return failed


def check() -> int:
    """Say every kind of fault that needs no server; the exit status is 1 if there is any."""
    results = [
        _python("ruff", "format", "--check", "."),
        _python("ruff", "check", "."),
        _python("mypy", *TYPED),
        _python("pytest", "-q", "tests/architecture"),
    ]
    return int(any(results))


def bench(names: list[str]) -> int:
    """Run the named benches, or all of them."""
    return _python("bench", *names)


def _python(module: str, *words: str) -> int:
    with _begun(module, *words) as process:
        return process.wait()


def _begun(module: str, *words: str, output: IO[str] | None = None) -> "subprocess.Popen[bytes]":
    path = f"{node_folder()}:{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "layers" / "shared" / "python")}
    command = [sys.executable, "-m", module, *words]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output and subprocess.STDOUT)
