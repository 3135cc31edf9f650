"""Fidelity: a long run that holds the fast path to the Map's answer, on random tables.

    python -m benchmarks.fidelity [--answers 1000000] [--seed 1]

Each request is asked three times: of the table as it is, of the table's Map alone, and of a Map
that was made by hand from the same rules. The route, the values and their types, the verbs of a
405, and where a redirect leads must be the same. The answers that count are those that the fast
path gives by itself. The run ends at the first difference, which is made as small as can be, and
shown; the same seed finds it again.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from werkzeug.routing import Map

from tests.support import random_rules, random_tables
from tests.support.rules import manifest_of, map_of
from tests.support.tables import ask, ask_map, exact, read_text, request, table_of
from webzeug.manifest.model import Route
from webzeug.routing.compiling import Ingredients, compile_table
from webzeug.routing.explaining import Question
from webzeug.routing.leaves import ASK
from webzeug.routing.table import RouteTable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ANSWERS = 1_000_000
TABLES_AT_ONCE = 400
REQUESTS_PER_TABLE = 150

_settings = settings(
    deadline=None,
    database=None,
    max_examples=TABLES_AT_ONCE,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@dataclass(slots=True)
class Tally:
    """What was compared so far; ``wanted`` is how many answers of the fast path are enough."""

    wanted: int
    tables: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    left: int = 0

    @property
    def is_enough(self) -> bool:
        return self.answers.total() >= self.wanted

    def count(self, answer: object) -> None:
        """Count what the fast path has said of one request."""
        if answer is ASK:
            self.left += 1
        elif isinstance(answer, tuple):
            self.answers["hits"] += 1
        else:
            self.answers["405" if answer else "404"] += 1

    def __str__(self) -> str:
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(self.answers.items()))
        return (
            f"{self.answers.total():,} answers of the fast path ({kinds}), {self.left:,} requests "
            f"left to the Map, {self.tables:,} tables"
        )


def compare(
    table: RouteTable[Any],
    by_hand: Map | None,
    environs: "Iterable[WSGIEnvironment]",
    tally: Tally,
) -> None:
    """Ask all for the same. Raises AssertionError at a difference."""
    tally.tables += 1
    for environ in environs:
        tally.count(table.fast_path.find(environ))
        outcome = ask(table, environ)
        if by_hand is not None:
            assert exact(outcome) == exact(ask_map(by_hand, environ)), environ


def of_manifests(path: Path, tally: Tally) -> Callable[[], None]:
    """Tables of rules, read from a manifest, and by hand; requests that come close to them."""

    @_settings
    @given(random_rules.random_tables(), st.integers(0, 2**32))
    def compare_one(table: random_rules.RandomTable, dice: int) -> None:
        if not tally.is_enough:
            compiled = table_of(read_text(path, manifest_of(table.rules)))
            environs = random_rules.requests_to(table, dice, REQUESTS_PER_TABLE)
            compare(compiled, map_of(table.rules), environs, tally)

    return compare_one


def of_routes(path: Path, tally: Tally) -> Callable[[], None]:
    """Tables with mounts and redirects, and with more kinds of segments."""

    @_settings
    @given(random_tables.tables(), st.lists(random_tables.questions(), min_size=8, max_size=24))
    def compare_one(table: tuple[list[Route], Ingredients], asked: list[Question]) -> None:
        if not tally.is_enough:
            routes, ingredients = table
            compiled = compile_table(routes, lambda route: f"{id(route):x}", ingredients).table
            environs = (request(q.path, q.verb, q.host) for q in asked)
            compare(compiled, None, environs, tally)

    return compare_one


def run(wanted: int, first_seed: int, say: Callable[[str], None]) -> Tally:
    """Compare until the fast path has given so many answers. Raises AssertionError."""
    tally = Tally(wanted)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "routes.toml"
        for number in count(first_seed):
            for make in (of_manifests, of_routes):
                if tally.is_enough:
                    return tally
                seed(number)(make(path, tally))()
            say(f"seed {number}: {tally}")
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--answers", type=int, default=ANSWERS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tally = run(options.answers, options.seed, lambda text: print(text, file=sys.stderr))
    print(f"no difference in {tally}")


if __name__ == "__main__":
    main()
