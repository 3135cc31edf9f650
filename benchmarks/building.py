"""Building: routes become a table that is ready to match; time, and memory that stays."""

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.children import resident, spend
from benchmarks.figures import Collection, Figures
from benchmarks.routers import Row
from benchmarks.running import Run
from benchmarks.tables import table
from benchmarks.worker import pin, resolve
from benchmarks.workers import Peer

BASELINE = "Werkzeug's Map"
TOML = "a manifest"

PEERS = (
    Peer("webzeug, from TOML", TOML),
    Peer("Werkzeug's Map", "benchmarks.peers.werkzeug:map_of"),
    Peer("Falcon", "benchmarks.peers.falcon:compiled", "falcon"),
    Peer("Bottle", "benchmarks.peers.bottle:router", "bottle"),
    Peer("aiohttp", "benchmarks.peers.aiohttp:router", "aiohttp"),
    Peer("Django", "benchmarks.peers.django:resolver", "django"),
    Peer("Starlette", "benchmarks.peers.starlette:router", "starlette"),
)
NAMES = [peer.name for peer in PEERS]

MEMORY_FROM = 1_000
"""Below so many routes, what a process gains tells nothing of a route."""

MANY = 10_000
"""Beyond so many routes, which take minutes, each peer builds once."""


def run(run: Run) -> Iterator[Figures]:
    """CPU time and memory per route, by number of routes; each build in a process of its own."""
    times, memory = Collection(notes=run.missing(PEERS)), Collection()
    peers = run.peers(PEERS)
    for size in run.effort.sizes:
        for number in range(run.effort.build_rounds if size <= MANY else 1):
            run.say(f"build: {size:,} routes, round {number + 1}")
            for peer in run.dice.sample(peers, len(peers)):
                built = _build(peer, size, run.effort.patience)
                if built is None:
                    peers.remove(peer)
                    limit = f"{run.effort.patience:g} s"
                    times.note(f"{peer.name}: {size:,} routes took more than {limit}")
                    continue
                times.add(str(size), peer.name, built["seconds"] / size * 1e6)
                if size >= min(MEMORY_FROM, max(run.effort.sizes)):
                    memory.add(str(size), peer.name, built["resident"] / size / 1024)
    titles = {"time": ("us", times), "memory": ("KiB", memory)}
    for what, (unit, found) in titles.items():
        title = f"build: {what} per route"
        yield found.figures("build", title, unit, NAMES, BASELINE, is_growth=True)


def _build(peer: Peer, size: int, patience: float) -> dict[str, float] | None:
    """None if it takes longer than that."""
    command = [sys.executable, "-m", "benchmarks.building", peer.make, f"synthetic:{size}"]
    try:
        built: dict[str, float] = json.loads(spend(command, timeout=patience).out)
    except subprocess.TimeoutExpired:
        return None
    return built


def main() -> None:
    peer, table_name = sys.argv[1:]
    pin()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "routes.toml"
        _builder(peer, table("synthetic:2"), path)()  # imports what is imported late
        print(json.dumps(_timed(_builder(peer, table(table_name), path))))


def _builder(peer: str, rows: Sequence[Row], path: Path) -> Callable[[], object]:
    """What is to be measured: it begins with the file, or with the rows in memory."""
    if peer != TOML:
        return partial(resolve(peer), rows)
    import webzeug
    from benchmarks.peers.webzeug import manifest_of

    path.write_text(manifest_of(rows), "utf-8")
    return lambda: webzeug.load(path, environ={})


def _timed(build: Callable[[], object]) -> dict[str, float]:
    gc.collect()
    before, start = resident(), time.process_time()
    kept = build()
    seconds = time.process_time() - start
    gc.collect()
    gained = resident() - before
    del kept
    return {"seconds": seconds, "resident": gained}


if __name__ == "__main__":
    main()
