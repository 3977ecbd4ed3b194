"""Where the packages lie that we measure ourselves against."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def install_rivals() -> Path:
    """A folder that holds them, for a program of its own to import from."""
    folder = ROOT / "build" / "bench" / "rivals"
    mark, wanted = folder / ".installed", (ROOT / "bench" / "requirements.txt").read_text()
    if not (mark.exists() and mark.read_text() == wanted):
        requirements = ["-r", str(ROOT / "bench" / "requirements.txt")]
        pip = [sys.executable, "-m", "pip", "install", "-q", "--upgrade", "--target", str(folder), *requirements]
        subprocess.run(pip, check=True)
        mark.write_text(wanted)
    return folder
