"""Figures as tables for the terminal, and as JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Figures, spread


def table(figures: Figures) -> str:
    """The medians with their spreads, and the ratios to the baseline; the notes below."""
    by_peer = [[peer, *_cells(figures, peer)] for peer in figures.peers]
    grid = [["", *map(_heading, figures.samples)], *by_peer]
    if len(figures.samples) > len(by_peer) * 3:
        grid = [list(column) for column in zip(*grid, strict=True)]
    lines = [_title(figures), *(_aligned(grid) if by_peer else ["nothing was measured"])]
    return "\n".join([*lines, *(f"* {note}" for note in figures.notes), ""])


def _title(figures: Figures) -> str:
    counts = {len(samples) for by in figures.samples.values() for samples in by.values()}
    rounds = "-".join(map(str, sorted({min(counts), max(counts)}))) if counts else "0"
    baseline = f", x of {figures.baseline}" if figures.baseline else ""
    return f"{figures.title}: {figures.unit}, median of {rounds}, relative IQR{baseline}"


def _heading(case: str) -> str:
    return f"{int(case):,}" if case.isdecimal() and len(case) > 3 else case


def _cells(figures: Figures, peer: str) -> Iterable[str]:
    for case, by_peer in figures.samples.items():
        if peer not in by_peer:
            yield "-"
            continue
        samples, ratio = by_peer[peer], figures.ratio(case, peer)
        share = f"\u00b1{spread(samples):.0%}" if len(samples) > 1 else ""
        times = "" if ratio is None else f"{number(ratio)}x"
        yield f"{number(median(samples))} {share:>4} {times:>6}".rstrip()


def number(value: float) -> str:
    """A figure with three digits that count."""
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{value:,.{digits}f}"


def _aligned(grid: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    for first, *cells in grid:
        padded = (f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True))
        yield "   ".join([f"{first:<{widths[0]}}", *padded]).rstrip()


def write_json(path: Path, surroundings: Mapping[str, Any], all_figures: Sequence[Figures]) -> None:
    """All samples, and where they were taken."""
    data = {**surroundings, "figures": [figures.as_json() for figures in all_figures]}
    path.write_text(json.dumps(data, indent=1) + "\n", "utf-8")


def read_json(path: Path) -> tuple[dict[str, Any], list[Figures]]:
    """What ``write_json`` has written."""
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data, [Figures.from_json(each) for each in data.pop("figures")]
