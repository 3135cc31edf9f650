"""Matching: a path and a verb become a route and its variables, a 404, a 405 or a redirect."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.effort import Effort
from benchmarks.figures import Collection, Figures
from benchmarks.probes import Asker, Probe
from benchmarks.routers import Router, Row
from benchmarks.running import Run
from benchmarks.tables import GO_TABLES, STRIPE, NoTableError, table
from benchmarks.worker import Case, Made, resolve
from benchmarks.workers import Peer, sit

BASELINE = "Falcon"

PEERS = (
    Peer("webzeug", "benchmarks.peers.webzeug:deciding"),
    Peer("webzeug, RouteTable.match", "benchmarks.peers.webzeug:matching"),
    Peer("Falcon", "benchmarks.peers.falcon:compiled", "falcon"),
    Peer("Werkzeug, bound once", "benchmarks.peers.werkzeug:bound_once"),
    Peer("Werkzeug, bound per request", "benchmarks.peers.werkzeug:bound_per_request"),
    Peer("Bottle", "benchmarks.peers.bottle:router", "bottle"),
    Peer("aiohttp", "benchmarks.peers.aiohttp:router", "aiohttp"),
    Peer("Django", "benchmarks.peers.django:resolver", "django"),
    Peer("Starlette", "benchmarks.peers.starlette:router", "starlette"),
)
NAMES = [peer.name for peer in PEERS]

KINDS = {
    "static": "hit, no variables",
    "dynamic": "hit, variables",
    "404": "404",
    "405": "405",
    "redirect": "redirect",
    "distinct": "distinct paths",
}


def run(run: Run) -> Iterator[Figures]:
    """Time per match: real tables one by one, then the cost of each kind as tables grow."""
    names = ["go_gplus.json", *GO_TABLES, "github", STRIPE] if run.effort.real_tables else []
    for name in dict.fromkeys(names):
        found = _measured(run, name)
        yield found.figures("match", _title(name), "us", NAMES, BASELINE)
    yield from _growth(run)
    found = _measured(run, f"mixed:{run.effort.mixed}")
    title = f"match: {run.effort.mixed:,} mixed segments at one level"
    yield found.figures("match", title, "us", NAMES, "Werkzeug, bound once")


def _title(name: str) -> str:
    titles = {"github": "GitHub's OpenAPI", STRIPE: "Stripe's OpenAPI"}
    return f"match: {titles.get(name, name.removesuffix('.json'))}"


def _growth(run: Run) -> Iterator[Figures]:
    by_kind: dict[str, Collection] = {}
    notes: list[str] = []
    for size in run.effort.sizes:
        found = _measured(run, f"synthetic:{size}")
        notes += [f"{size:,} routes: {note}" for note in found.notes]
        for kind, peers in found.samples.items():
            by_kind.setdefault(kind, Collection()).samples[str(size)] = peers
    for kind, found in by_kind.items():
        found.notes += notes if kind == "static" else []
        title = f"match: {KINDS[kind]}, by number of routes"
        baseline = "Werkzeug, bound per request" if kind == "redirect" else BASELINE
        yield found.figures("match", title, "us", NAMES, baseline, is_growth=True)


def _measured(run: Run, name: str) -> Collection:
    run.say(f"match: {name}")
    effort = run.effort
    args = {
        "table_name": name,
        "cache": None if run.cache is None else str(run.cache),
        "probes": effort.probes,
        "distinct": effort.distinct,
        "pass_limit": effort.pass_limit,
        "seed": run.seed,
    }
    try:
        table(name, run.cache, may_download=effort.may_download)
    except NoTableError as error:
        return Collection(notes=[str(error)])
    found = sit(
        run.peers(PEERS), "benchmarks.matching:make", args, _for_size(effort, name), run.dice
    )
    found.notes += run.missing(PEERS)
    return found


def _for_size(effort: Effort, name: str) -> Effort:
    """Of a table that takes minutes to build, one set of processes is enough."""
    size = int(name.partition(":")[2] or 0)
    return replace(effort, sittings=1) if size > 10_000 else effort


def make(
    peer: str,
    table_name: str,
    cache: str | None,
    probes: int,
    distinct: int,
    pass_limit: float,
    seed: int,
) -> Made:
    """The cases of a peer for a table: those in which all its answers are right."""
    rows = table(table_name, None if cache is None else Path(cache))
    made: Callable[[Sequence[Row]], Router] = resolve(peer)
    router = made(rows)
    asker = Asker(rows, seed)
    cases: dict[str, Case] = {}
    refused: dict[str, str] = {}
    asked = {**asker.cases(probes), "distinct": asker.distinct(distinct)}
    for kind, all_probes in asked.items():
        chosen = _affordable(router, [p for p in all_probes if _can(router, p)], pass_limit)
        wrong = [probe for probe in chosen if not _is_right(router, probe)]
        if wrong:
            probe = f"{wrong[0].method} {wrong[0].path}"
            refused[kind] = f"{len(wrong)} of {len(chosen)} answers are wrong, as for {probe}"
        elif chosen:
            cases[kind] = Case(_pass(router, chosen), len(chosen))
    return Made(cases, refused)


def _can(router: Router, probe: Probe) -> bool:
    """Whether a router can know the answer at all."""
    kind = probe.expected[0]
    return (kind != 405 or router.has_verbs) and (kind != "redirect" or router.has_redirects)


def _is_right(router: Router, probe: Probe) -> bool:
    kind, *more = probe.expected
    if kind == "hit":
        more[0] = router.names.get(str(more[0]), more[0])
    return router.outcome(router.ask(router.prepare(probe.path, probe.method))) == (kind, *more)


def _affordable(router: Router, probes: Sequence[Probe], limit: float) -> Sequence[Probe]:
    """As many of the probes as can be asked in so many seconds."""
    took = 0.0
    for number, probe in enumerate(probes):
        prepared = router.prepare(probe.path, probe.method)
        if number == 0:
            router.ask(prepared)  # what a router puts off until then is not counted
        start = time.process_time()
        router.ask(prepared)
        took += time.process_time() - start
        if took > limit:
            return probes[: number + 1]
    return probes


def _pass(router: Router, probes: Sequence[Probe]) -> Callable[[], None]:
    ask = router.ask
    prepared = [router.prepare(probe.path, probe.method) for probe in probes]

    def run() -> None:
        for each in prepared:
            ask(each)

    return run
