"""checkov, in an environment of its own and without the network: see docs/decisions/0034."""

import fcntl
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from infra.assets import ROOT

HOME = ROOT / "build" / "checkov"
REQUIREMENTS = Path(__file__).with_name("checkov-requirements.txt")

Finding = tuple[str, str]  # (rule, logical id)


def installed(say: Callable[[str], None]) -> Path:
    """The Python that has checkov; made anew when the pinned requirements change, by one process at a time."""
    HOME.mkdir(parents=True, exist_ok=True)
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    environment, mark = HOME / "env", HOME / ".installed"
    with (HOME / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (mark.exists() and mark.read_text() == wanted):
            say("Setting up checkov below build/: 270 MB, about a minute, only the first time")
            python = [sys.executable, "-m"]
            _run([*python, "venv", "--clear", "--without-pip", str(environment)])
            into = ["--python", str(environment / "bin" / "python"), "install", "-q", "--disable-pip-version-check"]
            _run([*python, "pip", *into, "-r", str(REQUIREMENTS)])
            mark.write_text(wanted)  # last: an interrupted installation is done again
    return environment / "bin" / "python"


def findings(python: Path, folder: Path) -> dict[str, set[Finding]]:
    """What checkov finds wrong, by the name of the folder below `folder` that the template lies in."""
    home = HOME / "home"
    home.mkdir(exist_ok=True)
    # Nothing of the caller's environment: no token of a platform, no settings of a user. With this, not even a look
    # for a newer version goes out (seen in its system calls).
    alone = {"PATH": "/usr/bin:/bin", "HOME": str(home), "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"}
    checkov = [str(python), "-m", "checkov.main", "--directory", str(folder), "--framework", "cloudformation"]
    how = ["--skip-download", "--quiet", "--compact", "--soft-fail", "--output", "json"]
    done = subprocess.run([*checkov, *how], env=alone, cwd=home, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode != 0:
        raise AssertionError(f"checkov failed:\n{done.stdout}\n{done.stderr}")
    return _by_folder(json.loads(done.stdout))


def _by_folder(report: Mapping[str, Any]) -> dict[str, set[Finding]]:
    assert report["summary"]["parsing_errors"] == 0, report["results"]["parsing_errors"]
    found: dict[str, set[Finding]] = {}
    for each in report["results"]["failed_checks"]:
        where = Path(each["file_path"]).parts[1]
        found.setdefault(where, set()).add((each["check_id"], each["resource"].rpartition(".")[2]))
    return found


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode != 0:
        raise AssertionError(f"checkov could not be set up:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
