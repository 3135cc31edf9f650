"""Figures: what was measured, round by round, and how rounds become medians, spreads and ratios."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median, quantiles
from typing import Any

Samples = dict[str, dict[str, list[float]]]
"""What was measured: by case, by peer, one figure for each round in the order of the rounds."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one table shows. ``baseline`` is the peer that all others are divided by.

    ``order`` is that of the peers, of which some may have no samples; ``notes`` say why. With
    ``is_growth``, the cases are sizes of one thing, as decimal numbers. ``is_rate``: the more,
    the better.
    """

    part: str
    title: str
    unit: str
    samples: Samples
    order: tuple[str, ...]
    baseline: str | None = None
    notes: tuple[str, ...] = ()
    is_growth: bool = False
    is_rate: bool = False

    @property
    def peers(self) -> list[str]:
        """All peers that have samples, in their order."""
        return [peer for peer in self.order if any(peer in by for by in self.samples.values())]

    def ratio(self, case: str, peer: str) -> float | None:
        """The median of the ratios to the baseline within each round; None if there are none."""
        peers = self.samples[case]
        if self.baseline is None or peer not in peers or self.baseline not in peers:
            return None
        ratios = [a / b for a, b in zip(peers[peer], peers[self.baseline], strict=False) if b]
        return median(ratios) if ratios else None

    def as_json(self) -> dict[str, Any]:
        """All of it, and what it amounts to."""
        medians = {
            case: {
                peer: {
                    "median": median(by_peer[peer]),
                    "spread": spread(by_peer[peer]),
                    "ratio": self.ratio(case, peer),
                }
                for peer in self.peers
                if peer in by_peer
            }
            for case, by_peer in self.samples.items()
        }
        return {**asdict(self), "summary": medians}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Figures":
        """What ``as_json`` has written."""
        kept = {key: value for key, value in data.items() if key != "summary"}
        return cls(**{**kept, "notes": tuple(kept["notes"]), "order": tuple(kept["order"])})


def spread(samples: Sequence[float]) -> float:
    """The interquartile range, relative to the median; 0 for less than two samples."""
    middle = median(samples)
    if len(samples) < 2 or not middle:
        return 0.0
    low, _, high = quantiles(samples, n=4, method="inclusive")
    return (high - low) / abs(middle)


@dataclass(slots=True)
class Collection:
    """Samples in the making, and the notes on what could not be measured."""

    samples: Samples = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, case: str, peer: str, value: float) -> None:
        """Add the figure of one more round."""
        self.samples.setdefault(case, {}).setdefault(peer, []).append(value)

    def note(self, text: str) -> None:
        """Note it, once."""
        if text not in self.notes:
            self.notes.append(text)

    def figures(
        self,
        part: str,
        title: str,
        unit: str,
        peers: Sequence[str],
        baseline: str | None = None,
        **more: bool,
    ) -> Figures:
        """The figures, with the peers in this order."""
        notes = tuple(self.notes)
        return Figures(part, title, unit, self.samples, tuple(peers), baseline, notes, **more)
