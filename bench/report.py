"""A table for people and the same as JSON for programs."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "build" / "bench"


@dataclass(frozen=True)
class Row:
    """One figure, what it is compared to, and the goal for their ratio (or for the figure itself), if there is one."""

    figure: str
    ours: float
    theirs: float | None
    unit: str
    goal: float | None = None

    @property
    def judged(self) -> float:
        """The number that the goal speaks of."""
        return self.ours if self.theirs is None else self.ours / self.theirs

    @property
    def reached(self) -> bool:
        """Whether the goal holds in this run."""
        return self.goal is None or self.judged <= self.goal


def publish(name: str, rows: list[Row]) -> None:
    """Print the table and keep it under build/bench/."""
    print(f"\n{name}\n{'':<44}{'ours':>9}{'theirs':>9}{'ratio':>8}{'goal':>8}")
    for row in rows:
        theirs, ratio = ("", "") if row.theirs is None else (f"{row.theirs:.1f}", f"{row.judged:.2f}")
        goal, verdict = "" if row.goal is None else f"{row.goal:.2f}", "" if row.reached else "  not reached"
        print(f"{row.figure:<44}{row.ours:>9.1f}{theirs:>9}{ratio:>8}{goal:>8}  {row.unit}{verdict}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    records = [asdict(row) | {"judged": round(row.judged, 3), "reached": row.reached} for row in rows]
    (FOLDER / f"{name}.json").write_text(json.dumps(records, indent=2) + "\n")
