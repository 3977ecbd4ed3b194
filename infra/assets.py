"""What is uploaded: the two layers and the code of each function, built without Docker and without a second look."""

import hashlib
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement

from infra import static

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "layers" / "shared" / "requirements.txt"
HUNTAZE_LAYER = ROOT / "layers" / "shared"
MIGRATIONS = HUNTAZE_LAYER / "python" / "huntaze" / "migrations"
LAYERS = ROOT / "build" / "layers"
PAGES = ROOT / "build" / "pages"

# Written like a .gitignore. What an interpreter or a type checker leaves behind is no part of the code.
LEFTOVERS = ("__pycache__", "*.py[co]", ".*_cache")
ONLY_PYTHON = ("/*", "!/python", *LEFTOVERS)


@dataclass(frozen=True)
class Target:
    """The interpreter that a layer is built for."""

    name: str
    pip_options: tuple[str, ...] = ()
    markers: Mapping[str, str] = field(default_factory=dict)


LAMBDA = Target(
    "python314-arm64",
    pip_options=(
        *("--platform", "manylinux_2_28_aarch64", "--platform", "manylinux2014_aarch64"),
        *("--python-version", "3.14", "--implementation", "cp", "--only-binary=:all:"),
    ),
    # pip judges markers by the interpreter it runs on; the layer must not depend on whose machine builds it.
    markers={
        "python_version": "3.14",
        "python_full_version": "3.14.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_machine": "aarch64",
        "platform_system": "Linux",
        "sys_platform": "linux",
        "os_name": "posix",
    },
)
THIS_INTERPRETER = Target(f"{sys.implementation.cache_tag}-{platform.machine()}")


def dependencies_layer(target: Target) -> Path:
    """The folder with the third-party packages for `target`; built once for each content of the requirements."""
    built = LAYERS / f"dependencies-{target.name}-{fingerprint([REQUIREMENTS, Path(__file__)])}"
    if not built.exists():
        LAYERS.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=LAYERS, prefix="unfinished-") as workshop:
            layer = Path(workshop) / "layer"
            _install(target, layer / "python")
            _publish(layer, built)
    return built


def function_folder(name: str) -> Path:
    """The code of one function, and nothing else."""
    folder = ROOT / "functions" / name
    if not (folder / "handler.py").is_file():
        raise FileNotFoundError(f"functions/{name}/handler.py is declared in infra/functions.py but does not exist")
    return folder


def function_with_pages(name: str) -> Path:
    """The code of a function that serves pages, with their static files beside it; built once for each content."""
    own = function_folder(name)
    built = PAGES / f"{name}-{fingerprint([own, *static.sources(), Path(static.__file__)])}"
    if not built.exists():
        PAGES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=PAGES, prefix="unfinished-") as workshop:
            folder = Path(workshop) / "function"
            shutil.copytree(own, folder, ignore=shutil.ignore_patterns("__pycache__"))
            static.build(folder / "static")
            _publish(folder, built)
    return built


def fingerprint(paths: Iterable[Path]) -> str:
    """A short digest of these files and folders, by names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(_sources(path)) if path.is_dir() else [path]:
            digest.update(f"{file.relative_to(path.parent)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def requirements_of(target: Target) -> list[str]:
    """The pinned packages that `target` needs, their markers already judged."""
    lines = (line.partition("#")[0].strip() for line in REQUIREMENTS.read_text().splitlines())
    wanted = (Requirement(line) for line in lines if line)
    return [
        f"{requirement.name}{requirement.specifier}"
        for requirement in wanted
        if requirement.marker is None or requirement.marker.evaluate(dict(target.markers))
    ]


def _sources(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _install(target: Target, folder: Path) -> None:
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile", *target.pip_options)
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(folder), *requirements_of(target)]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - pip, our arguments
    if outcome.returncode:
        raise RuntimeError(f"The dependencies layer for {target.name} cannot be built:\n{outcome.stderr}")
    _prune(folder)


def _prune(folder: Path) -> None:
    """Drop what only an installer or a type checker reads; licences and versions stay."""
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for installers_note in ("*.pyi", "*.dist-info/RECORD", "*.dist-info/INSTALLER", "*.dist-info/REQUESTED"):
        for file in folder.rglob(installers_note):
            file.unlink()
    for path in folder.rglob("*"):  # whatever the umask here, Lambda's user must be able to read it
        path.chmod(0o755 if path.is_dir() else 0o644)


def _publish(layer: Path, built: Path) -> None:
    """Give the finished layer its name in one step: an interrupted build is never taken for a whole one."""
    try:
        layer.rename(built)
    except OSError:
        if not built.exists():  # otherwise somebody else finished the same layer first
            raise
