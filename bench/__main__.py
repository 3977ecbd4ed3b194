"""`./dev bench [--scale PART] [NAME …]`."""

import argparse
import sys
from collections.abc import Callable

from bench import analytics, campaigns, cold_start, delivery, fans, imports, inbox, inbox_browser, layers, load
from bench.report import Row, publish

# Those that are measured on much data take less of it on request, to try things out; figures are told of the whole.
BENCHES: dict[str, Callable[[float], list[Row]]] = {
    "cold-start": lambda _: cold_start.measure(),
    "layers": lambda _: layers.measure(),
    "fans": fans.measure,
    "imports": imports.measure,
    "inbox": inbox.measure,
    "analytics": analytics.measure,
    "campaigns": campaigns.measure,
    "delivery": delivery.measure,
    "load": load.measure,
    "inbox-browser": lambda _: inbox_browser.measure(),
}


def main(words: list[str]) -> int:
    """Run the named benches, or all."""
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args(words)
    if unknown := set(asked.names) - set(BENCHES):
        print(f"No bench is called {', '.join(sorted(unknown))}. There are: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    for name in asked.names or BENCHES:
        publish(name if asked.scale == 1 else f"{name}-{asked.scale:g}", BENCHES[name](asked.scale))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
