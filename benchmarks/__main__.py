"""python -m benchmarks: measure, show, and keep what was found."""

import argparse
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks import (
    building,
    dispatching,
    greeting,
    instructions,
    linting,
    matching,
    reloading,
    sockets,
    starting,
    streaming,
)
from benchmarks.effort import FULL, QUICK
from benchmarks.figures import Figures
from benchmarks.plots import write_plots
from benchmarks.running import Run
from benchmarks.showing import read_json, table, write_json
from benchmarks.surroundings import headline, surroundings

PARTS: Mapping[str, Callable[[Run], Iterator[Figures]]] = {
    "dispatch": dispatching.run,
    "instructions": instructions.run,
    "match": matching.run,
    "build": building.run,
    "cold": starting.run,
    "http": greeting.run,
    "streams": streaming.run,
    "sockets": sockets.run,
    "reload": reloading.run,
    "lint": linting.run,
}


def main(argv: list[str] | None = None) -> None:
    options = _parser().parse_args(argv)
    if options.load:
        facts, measured = _loaded(options.load)
    else:
        effort = QUICK if options.quick else FULL
        run = Run(effort, tuple(options.peers.split(",")), options.cache, options.seed)
        facts = surroundings(options.seed)
        print(headline(facts), end="\n\n")
        measured = list(_measured(run, options.parts or list(PARTS)))
    if options.json:
        write_json(options.json, facts, measured)
    if options.plots:
        write_plots(options.plots, measured)


def _loaded(files: list[Path]) -> tuple[dict[str, Any], list[Figures]]:
    """The surroundings of the first run, and the figures of all of them."""
    runs = [read_json(file) for file in files]
    for facts, measured in runs:
        print(headline(facts), *map(table, measured), sep="\n\n")
    return runs[0][0], [figures for _, measured in runs for figures in measured]


def _measured(run: Run, parts: list[str]) -> Iterator[Figures]:
    for part in parts:
        for figures in PARTS[part](run):
            print(table(figures), flush=True)
            yield figures


def _parser() -> argparse.ArgumentParser:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "webzeug-benchmarks"
    parser = argparse.ArgumentParser("python -m benchmarks", description="What webzeug costs.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; else all")
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds")
    parser.add_argument(
        "--peers", default="", metavar="NAME,...", help="only those named like this"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all samples")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="write the tables as SVG")
    parser.add_argument(
        "--load", type=Path, nargs="+", metavar="FILE", help="show runs again, from their JSON"
    )
    parser.add_argument("--cache", type=Path, default=cache, help="of downloaded tables")
    parser.add_argument("--seed", type=int, default=1, help="of probes and of the order of visits")
    return parser


if __name__ == "__main__":
    main()
