"""Writes functions/public/openapi.json from the code of all functions: `python functions/openapi.py [--check]`.

It stands beside the functions because no function may import another; it ships with none of them.
"""

import argparse
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

FUNCTIONS = Path(__file__).resolve().parent
PUBLISHED = FUNCTIONS / "public" / "openapi.json"
VERSION = "0.1.0"


def handlers() -> dict[str, ModuleType]:
    """The handler module of every function, by the name of its folder."""
    return {folder.name: _load(folder) for folder in sorted(FUNCTIONS.iterdir()) if (folder / "handler.py").is_file()}


def described() -> dict[str, Any]:
    """The description of the API as the code has it now."""
    from huntaze.edge.api import HttpApi  # noqa: PLC0415  (run as a script, the path to it is known only by now)
    from huntaze.edge.openapi import document  # noqa: PLC0415  (the same)

    apis = (getattr(module, "app", None) for module in handlers().values())
    return document([api for api in apis if isinstance(api, HttpApi)], VERSION)


def text() -> str:
    """The file's content."""
    return json.dumps(described(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the file, or with --check only say whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if the file is out of date")
    if not parser.parse_args().check:
        PUBLISHED.write_text(text())
        return 0
    if PUBLISHED.read_text() == text():
        return 0
    sys.stderr.write("functions/public/openapi.json is out of date: run python functions/openapi.py\n")
    return 1


def _load(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{folder.name}_handler", folder / "handler.py")
    if spec is None or spec.loader is None:
        raise ImportError(folder.name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.path.insert(0, str(FUNCTIONS.parent / "layers" / "shared" / "python"))
    sys.exit(main())
