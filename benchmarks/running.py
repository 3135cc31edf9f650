"""A run: what the command line has asked for, as the parts see it."""

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.effort import FULL, Effort
from benchmarks.workers import Peer


@dataclass(frozen=True, slots=True)
class Run:
    """``wanted`` are parts of the names of the peers to measure; all, if there are none."""

    effort: Effort = FULL
    wanted: tuple[str, ...] = ()
    cache: Path | None = None
    seed: int = 1
    is_quiet: bool = False
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "dice", random.Random(self.seed))

    def peers(self, all_peers: Sequence[Peer]) -> list[Peer]:
        """Those that are wanted and installed."""
        return [peer for peer in self._chosen(all_peers) if peer.is_installed]

    def missing(self, all_peers: Sequence[Peer]) -> list[str]:
        """Notes on those that are wanted and not installed."""
        chosen = self._chosen(all_peers)
        return [f"{peer.name}: not installed" for peer in chosen if not peer.is_installed]

    def _chosen(self, all_peers: Sequence[Peer]) -> list[Peer]:
        wanted = [word.lower() for word in self.wanted]
        return [
            peer
            for peer in all_peers
            if not wanted or any(word in peer.name.lower() for word in wanted)
        ]

    def say(self, text: str) -> None:
        """Tell the person who waits what is being done."""
        if not self.is_quiet:
            print(f"... {text}", file=sys.stderr, flush=True)
