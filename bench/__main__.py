"""`./dev bench [NAME …]`."""

import sys
from collections.abc import Callable

from bench import cold_start, fans, inbox, inbox_browser, layers
from bench.report import Row, publish

BENCHES: dict[str, Callable[[], list[Row]]] = {
    "cold-start": cold_start.measure,
    "layers": layers.measure,
    "fans": fans.measure,
    "inbox": inbox.measure,
    "inbox-browser": inbox_browser.measure,
}


def main(names: list[str]) -> int:
    """Run the named benches, or all."""
    if unknown := set(names) - set(BENCHES):
        print(f"No bench is called {', '.join(sorted(unknown))}. There are: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    for name in names or BENCHES:
        publish(name, BENCHES[name]())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
