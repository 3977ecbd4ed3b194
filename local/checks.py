"""`./dev test`, `./dev check` and `./dev bench`."""

import os
import subprocess
import sys
from pathlib import Path

from local.node import node_folder

ROOT = Path(__file__).parent.parent
LAYERS = ("unit", "functions", "architecture", "integration", "isolation", "access", "compliance", "infra", "e2e")
TYPED = ("layers/shared/python/huntaze", "functions", "infra", "local", "bench", "app.py", "dev")


def test(layer: str | None, *, deep: bool, more: list[str]) -> int:
    """Run one layer of the tests, or all of them from the quickest to the slowest."""
    folders = [f"tests/{name}" for name in ([layer] if layer else LAYERS)]
    return _python("pytest", *(["--deep"] if deep else []), *folders, *more)


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
    path = f"{node_folder()}:{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "layers" / "shared" / "python")}
    return subprocess.run([sys.executable, "-m", module, *words], cwd=ROOT, env=environment, check=False).returncode
