"""`./dev chaos [--long] [--hours H] [--seed N]`."""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from chaos.campaign import Campaign, progress
from chaos.plan import LONG, SHORT
from chaos.report import publish, written
from chaos.world import world

SEED = 11
MOST_SHOWN = 50


def main(words: list[str]) -> int:
    """Run a campaign, say what was found, and keep it; the exit status is 1 if anything was."""
    parser = argparse.ArgumentParser(prog="./dev chaos")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--hours", type=float)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args(words)
    dose = LONG if asked.long or asked.hours else SHORT
    dose = dose.shortened(asked.hours) if asked.hours else dose
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it wants to hear what there is to tell
    folder = Path(tempfile.mkdtemp(prefix="huntaze-chaos-"))
    progress(f"seed {asked.seed}, dose {dose.name}: {sum(dose.acts.values())} acts in {dose.seconds / 60:.0f} minutes")
    with world(folder) as made:
        result = Campaign(made, dose, asked.seed, progress).run()
    if result.complaints:
        progress(f"the servers' folders are left to be looked at: {folder}")
    else:
        shutil.rmtree(folder)
    print(written(result))
    print(*result.complaints[:MOST_SHOWN], f"kept: {publish(result)}", sep="\n")
    return int(bool(result.complaints))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
