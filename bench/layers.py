"""What ships: the unzipped size of both layers, as built for Lambda."""

from pathlib import Path

from bench.report import Row
from infra.assets import HUNTAZE_LAYER, LAMBDA, THIS_INTERPRETER, dependencies_layer

MEGABYTE = 1_000_000


def measure() -> list[Row]:
    """The size is held against the plan; of boto3, which Lambda brings itself, there must be nothing."""
    layers = [dependencies_layer(LAMBDA), HUNTAZE_LAYER]
    sdk = [path for layer in layers for path in layer.glob("python/boto*")]
    return [
        Row("both layers, unzipped", sum(map(_size, layers)) / MEGABYTE, None, "MB", 60),
        Row("parts of boto3 in them", len(sdk), None, "folders", 0),
    ]


def built_layers() -> list[Path]:
    """The folders of both layers that Python imports from, built for the interpreter that runs here."""
    return [layer / "python" for layer in (dependencies_layer(THIS_INTERPRETER), HUNTAZE_LAYER)]


def _size(folder: Path) -> int:
    files = (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return sum(file.stat().st_size for file in files)
