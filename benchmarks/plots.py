"""Figures as SVG, for the documentation: bars for peers side by side, lines for growth."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from xml.sax.saxutils import escape

from benchmarks.figures import Figures
from benchmarks.showing import number

WIDTH = 720
ROW = 20
LABELS = 200
VALUES = 70
WIDE_RANGE = 30
"""Beyond this ratio of the largest to the smallest, an axis is logarithmic, and bars are dots."""

OURS, OTHERS, LIMIT = "#c2410c", "#94a3b8", "#475569"

STYLE = """
polyline { stroke-width: 2; }
text { font: 12px system-ui, sans-serif; fill: #1e293b; }
.title { font-weight: 600; font-size: 14px; }
.case { font-weight: 600; }
.small { font-size: 11px; fill: #475569; }
"""


def write_plots(folder: Path, all_figures: Sequence[Figures]) -> list[Path]:
    """One file for each table that has more than one peer."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for figures in all_figures:
        if len(figures.peers) > 1:
            path = folder / f"{_slug(figures)}.svg"
            path.write_text(growth(figures) if figures.is_growth else bars(figures), "utf-8")
            written.append(path)
    return written


def _slug(figures: Figures) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", figures.title.lower()).strip("-")
    return words if words.startswith(figures.part) else f"{figures.part}-{words}"


def _color(peer: str) -> str:
    return OURS if peer.startswith("webzeug") else LIMIT if "bare" in peer else OTHERS


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, color: str, width: float = 1) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{color}" stroke-width="{width:g}"/>'
    )


def _rect(x: float, y: float, width: float, height: float, color: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{color}"/>'
    )


def _dot(x: float, y: float, color: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{color}"/>'


def _svg(figures: Figures, height: float, shapes: Sequence[str]) -> str:
    direction = "more is better" if figures.is_rate else "less is better"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
        f'viewBox="0 0 {WIDTH} {height:.0f}" role="img">'
    )
    title = escape(f"{figures.title} ({figures.unit}; {direction})")
    return "\n".join(
        [
            head,
            f"<title>{title}</title><style>{STYLE}</style>",
            _rect(0, 0, WIDTH, height, "white"),
            _text(10, 22, f"{figures.title} ({figures.unit}; {direction})", "title"),
            *shapes,
            "</svg>\n",
        ]
    )


# Bars


def bars(figures: Figures) -> str:
    """A panel for each case, with a bar and the quartiles of each peer."""
    shapes: list[str] = []
    is_log = any(map(_is_wide, figures.samples.values()))
    y = 40.0
    for case, by_peer in figures.samples.items():
        ordered = {peer: by_peer[peer] for peer in figures.peers if peer in by_peer}
        shapes += [_text(10, y + 14, case, "case"), *_panel(ordered, y + ROW, is_log)]
        y += ROW * (len(by_peer) + 1) + 12
    return _svg(figures, y, shapes)


def _is_wide(by_peer: Mapping[str, Sequence[float]]) -> bool:
    medians = [median(samples) for samples in by_peer.values()]
    return min(medians) > 0 and max(medians) / min(medians) > WIDE_RANGE


def _panel(by_peer: Mapping[str, Sequence[float]], top: float, is_log: bool) -> Iterator[str]:
    medians = {peer: median(samples) for peer, samples in by_peer.items()}
    least, most = min(medians.values()), max(medians.values())
    room = WIDTH - LABELS - VALUES

    def place(value: float) -> float:
        if not is_log:
            return LABELS + room * max(value, 0) / (most or 1)
        low = math.log(least) - 0.2
        return LABELS + room * (math.log(max(value, least)) - low) / (math.log(most) - low)

    for number_, (peer, middle) in enumerate(medians.items()):
        y, color = top + ROW * number_, _color(peer)
        low, high = _quartiles(by_peer[peer])
        yield _text(LABELS - 8, y + 14, peer, anchor="end")
        if is_log:
            yield _line(LABELS, y + 10, place(middle), y + 10, "#e2e8f0")
            yield _dot(place(middle), y + 10, color)
        else:
            width = place(middle) - LABELS
            yield _rect(LABELS, y + 3, width, 14, color)
        yield _line(place(low), y + 10, min(place(high), WIDTH), y + 10, "#0f172a", 2)
        yield _text(max(place(middle), place(high)) + 8, y + 14, number(middle), "small")
    if is_log:
        yield _text(WIDTH - 8, top - 6, "logarithmic", "small", "end")


def _quartiles(samples: Sequence[float]) -> tuple[float, float]:
    if len(samples) < 2:
        return samples[0], samples[0]
    low, _, high = quantiles(samples, n=4, method="inclusive")
    return low, high


# Growth

_TOP, _BOTTOM, _LEFT, _RIGHT = 50, 330, 70, WIDTH - 190


def growth(figures: Figures) -> str:
    """A line for each peer; both axes are logarithmic."""
    sizes = [int(case) for case in figures.samples]
    medians = {
        peer: [
            (size, median(figures.samples[str(size)][peer]))
            for size in sizes
            if peer in figures.samples[str(size)]
        ]
        for peer in figures.peers
    }
    values = [value for points in medians.values() for _, value in points if value > 0] or [1.0]
    across = _Scale(min(sizes), max(sizes), _LEFT, _RIGHT)
    up = _Scale(min(values), max(values), _BOTTOM, _TOP)
    shapes = [*_grid(sizes, values, across, up)]
    ends = []
    for peer, points in medians.items():
        places = [(across(size), up(value)) for size, value in points if value > 0]
        if not places:
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        shapes.append(f'<polyline points="{path}" fill="none" stroke="{_color(peer)}"/>')
        shapes += [_dot(x, y, _color(peer)) for x, y in places]
        ends.append((places[-1][1], peer))
    return _svg(figures, _BOTTOM + 50, [*shapes, *_names(ends)])


class _Scale:
    """From values to places, logarithmically."""

    def __init__(self, least: float, most: float, start: float, end: float) -> None:
        self._low, self._start = math.log(least), start
        self._factor = (end - start) / ((math.log(most) - self._low) or 1)

    def __call__(self, value: float) -> float:
        return self._start + (math.log(value) - self._low) * self._factor


def _grid(
    sizes: Sequence[int], values: Sequence[float], across: _Scale, up: _Scale
) -> Iterator[str]:
    for size in sizes:
        yield _line(across(size), _TOP, across(size), _BOTTOM, "#e2e8f0")
        yield _text(across(size), _BOTTOM + 18, f"{size:,}", "small", "middle")
    yield _text((_LEFT + _RIGHT) / 2, _BOTTOM + 38, "routes", "small", "middle")
    for value in _marks(min(values), max(values)):
        yield _line(_LEFT, up(value), _RIGHT, up(value), "#e2e8f0")
        yield _text(_LEFT - 8, up(value) + 4, f"{value:,g}", "small", "end")


def _marks(least: float, most: float) -> list[float]:
    """Round values between two: powers of ten, and if these are few, 2 and 5 times them."""
    powers = range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1)
    fine = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
    marks = [value for value in fine if least <= value <= most]
    return marks if len(marks) < 10 else [value for value in marks if value in fine[::3]]


def _names(ends: Sequence[tuple[float, str]]) -> Iterator[str]:
    """The peers beside the ends of their lines, as far apart as text needs."""
    last = -math.inf
    for y, peer in sorted(ends):
        last = max(y, last + 14)
        yield _text(_RIGHT + 12, last + 4, peer)
