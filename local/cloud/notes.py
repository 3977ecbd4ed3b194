"""What is kept of each stage: where it lives, and what its deployments are told.

It stands in `cdk.context.json`, which the CDK reads by itself: a plain `cdk deploy` is told the same. A team keeps that
file in its own repository.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "cdk.context.json"


@dataclass(frozen=True)
class Note:
    """Where a stage lives; nothing is known of one that was never deployed from here."""

    stage: str
    account: str | None = None
    region: str | None = None


def note_of(stage: str, file: Path = FILE) -> Note:
    """What is kept of a stage."""
    kept = _read(file).get("stages", {}).get(stage, {})
    return Note(stage, kept.get("account"), kept.get("region"))


def keep(note: Note, file: Path = FILE) -> bool:
    """Keep where a stage lives, beside whatever else is kept; whether that is news."""
    if note_of(note.stage, file) == note:
        return False
    whole = _read(file)
    of_stage = whole.setdefault("stages", {}).setdefault(note.stage, {})
    of_stage.update(account=note.account, region=note.region)
    unfinished = file.with_suffix(".new")
    unfinished.write_text(json.dumps(whole, indent=2) + "\n")
    unfinished.replace(file)
    return True


def _read(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text())) if file.exists() else {}
