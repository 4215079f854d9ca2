"""`npm run data`: which data sets are here; `npm run data -- fetch NAME...` downloads them.

Uses ARCHLOOM_DATA, or ARCHLOOM_HOME, as the worker does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from archloom.datasets import dataset_names, dataset_status, fetch_dataset, get_dataset
from archloom.datasets.errors import DatasetUnavailable

MIB = 1024 * 1024


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="npm run data --", description="List or fetch data sets.")
    parser.add_argument("command", nargs="?", choices=("list", "fetch"), default="list")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(dataset_names())}")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "fetch" and not chosen.names:
            parser.error("which one? Name at least one data set.")
        for name in chosen.names or dataset_names():
            if chosen.command == "fetch":
                _fetch(name)
            status = dataset_status(name)
            print(f"{name}: {status.state}, {status.detail}")
    except DatasetUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what has arrived is kept", file=sys.stderr)
        return 130
    return 0


def _fetch(name: str) -> None:
    progress = _progress(get_dataset(name).title)
    try:
        fetch_dataset(name, progress, lambda: False)
    finally:
        print()


def _progress(title: str) -> Callable[[int, int], None]:
    """On a terminal one line that changes, elsewhere a line for each tenth."""
    said = -1

    def say(done: int, total: int) -> None:
        nonlocal said
        step = done * (100 if sys.stdout.isatty() else 10) // total
        if step != said:
            said = step
            line = f"{title}: {done / MIB:.0f} of {total / MIB:.0f} MiB"
            print(line, end="\r" if sys.stdout.isatty() else "\n", flush=True)

    return say


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
