"""How much is measured: all sizes and durations of a run, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Sizes and durations; seconds are of CPU time where a part measures CPU time.

    A sitting is a set of fresh processes, one for each peer; a round is one visit to each of
    them. ``batch`` is the least duration of a batch, of which the best of ``batches`` counts.
    ``pass_limit`` is the most that one pass through all probes of a slow router may take, and
    ``patience`` the most (of wall time) that a peer gets to build a table.
    """

    sittings: int = 2
    rounds: int = 5
    batch: float = 0.02
    batches: int = 3
    probes: int = 60
    distinct: int = 20_000
    pass_limit: float = 0.2
    patience: float = 120.0
    real_tables: bool = True
    may_download: bool = True
    sizes: tuple[int, ...] = (10, 100, 1_000, 10_000, 100_000)
    mixed: int = 2_000
    build_rounds: int = 3
    counted: tuple[str, ...] = ("hello", "one variable", "JSON echo", "ten middlewares")
    calls: int = 5_000
    http_rounds: int = 5
    http_seconds: int = 4
    http_warm_up: int = 1
    connections: int = 64
    streams: tuple[int, ...] = (1_000, 5_000, 10_000)
    sockets: tuple[int, ...] = (1_000, 5_000)
    echoes: int = 2_000
    broadcasts: int = 20
    stream_rounds: int = 3
    stream_seconds: int = 10
    stream_settles: float = 2.0
    cold_rounds: int = 15
    cold_routes: int = 1_000
    lint_rounds: int = 5
    lint_sizes: tuple[tuple[int, int], ...] = ((1_000, 100), (11_000, 100))
    edits: int = 500
    code_edits: int = 20


FULL = Effort()

QUICK = Effort(
    sittings=1,
    rounds=5,
    batch=0.005,
    distinct=2_000,
    pass_limit=0.05,
    patience=20.0,
    sizes=(10, 100, 1_000),
    mixed=200,
    build_rounds=2,
    counted=("hello",),
    http_rounds=2,
    http_seconds=1,
    streams=(500,),
    sockets=(500,),
    echoes=500,
    broadcasts=5,
    stream_rounds=1,
    stream_seconds=3,
    cold_rounds=3,
    lint_rounds=2,
    lint_sizes=((1_000, 100),),
    edits=30,
    code_edits=4,
)

TINY = Effort(
    sittings=1,
    rounds=1,
    batch=0.0,
    batches=1,
    probes=4,
    distinct=20,
    pass_limit=0.01,
    patience=60.0,
    real_tables=False,
    may_download=False,
    sizes=(10, 20),
    mixed=20,
    build_rounds=1,
    counted=("hello",),
    calls=20,
    http_rounds=1,
    http_seconds=1,
    http_warm_up=0,
    connections=4,
    streams=(20,),
    sockets=(20,),
    echoes=5,
    broadcasts=2,
    stream_rounds=1,
    stream_seconds=1,
    stream_settles=0.1,
    cold_rounds=1,
    cold_routes=20,
    lint_rounds=1,
    lint_sizes=((20, 4),),
    edits=4,
    code_edits=1,
)
"""For the test that holds every part runnable; its figures mean nothing."""
