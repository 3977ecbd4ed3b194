"""What a campaign is remembered by: JSON for programs, and the table of docs/proof/faults.md for people."""

import json
from pathlib import Path

from chaos.campaign import BOUND, Result
from chaos.plan import Kind

FOLDER = Path(__file__).parent.parent / "build" / "chaos"
JUDGED = {
    "1": "every approved message ends in exactly one state",
    "2": "the platform got each at most once, each thread in order",
    "3": "no window over the pace",
    "4": "a row for each transition",
    "5": "counters equal a recount",
    "6": "all that can drain has drained",
    "7": "each doubt has its cut or kill; none is left where the platform can be asked",
    "campaigns": "each recipient once, tallies equal a recount",
    "imports": "row for row as undisturbed",
    "numbers": "roll-ups equal a recount",
    "run": "the campaign itself came to its end",
    "leaks": "no text, name or token in logs, errors, queues, Redis",
}


def publish(result: Result) -> Path:
    """Keep both under build/chaos/; where the text lies."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    name = f"{result.dose.name}-{result.seed}"
    told = {
        "dose": result.dose.name,
        "seed": result.seed,
        "seconds": round(result.took, 1),
        "drainedWithin": round(result.drained, 1),
        "bound": BOUND,
        "interrupted": result.interrupted,
        "done": dict(result.doses),
        "planned": {kind.value: count for kind, count in result.dose.acts.items()},
        "figures": result.figures,
        "complaints": result.complaints,
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(told, indent=2) + "\n")
    text = FOLDER / f"{name}.md"
    text.write_text(written(result))
    return text


def written(result: Result) -> str:
    """As the page has it."""
    planned = {kind.value: result.dose.acts[kind] for kind in Kind if kind in result.dose.acts}
    rows = [f"| {name} | {result.doses[name]} | {count} |" for name, count in planned.items()]
    more = [f"| {name} | {count} | |" for name, count in result.doses.items() if name not in planned and count]
    figures = [f"| {name} | {count:g} |" for name, count in result.figures.items()]
    begins = (
        f"Seed {result.seed}, dose `{result.dose.name}`{', interrupted' if result.interrupted else ''}:"
        f" {result.took / 60:.1f} minutes of faults, drained {result.drained:.1f} s after the last"
        f" (visibility + lease + what a permit is waited for + one relay round are {BOUND:.1f} s)."
    )
    return "\n".join(
        [
            begins,
            "",
            "| done | times | planned |",
            "|---|---|---|",
            *rows,
            *more,
            "",
            "| figure | |",
            "|---|---|",
            *figures,
            "",
            "| judgement | complaints |",
            "|---|---|",
            *(f"| {number}: {said} | {_against(result, number)} |" for number, said in JUDGED.items()),
            "",
        ]
    )


def _against(result: Result, number: str) -> int:
    return sum(complaint.startswith(f"{number}:") for complaint in result.complaints)
