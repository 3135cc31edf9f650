"""The fast path: Werkzeug's search, over a tree that is made when the routes are compiled.

For each request a Map walks a tree of parts: fixed parts first, then varying ones by weight, and
back again where a way ends (``werkzeug.routing.matcher``). This is the same tree and the same walk,
with all done beforehand that does not depend on the request. It has three steps, each a short way
in front of the next:

1. A path without variables is one look-up: fixed parts come first, so nothing can beat it.
2. An automaton, which looks at each part once. It knows all of a table but what comes after mixed
   parts (``/v<int:n>``) and variables with slashes.
3. The walk itself.

The fast path says what the Map would say: the route with its arguments, or the verbs that there
would have been, or SLASH where the path lacks one. It says ASK where the Map decides by more than
the path, where a converter refuses a value, and where slashes are doubled. A property test holds
the two together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from webzeug.routing.automaton import UNKNOWN, Automaton, State
from webzeug.routing.hosts import hosts_to_ask, request_host
from webzeug.routing.leaves import ASK, NEW, SLASH, WALK, Answer, Leaf, Undecided
from webzeug.routing.nodes import Node, Root, Way
from webzeug.routing.octets import decoded
from webzeug.routing.tree import Tree

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

H = TypeVar("H")

MOST_HOSTS = 1000
"""So many Host fields are remembered as good; a client that sends more makes them forgotten."""

MOST_AUTOMATA = 100
"""So many sets of hosts that match together are remembered; a client chooses among them."""

_STATES_PER_RULE, _MORE_STATES = 8, 1000
"""So many states are kept, more than a table has that was not made to have many."""

_Passed = tuple[Node[H], Sequence[Way[H]], int, int, int]
"""Where a walk can go on: a node, its ways, the next of them, the part, the number of values."""


@dataclass(frozen=True, slots=True)
class _Search(Generic[H]):
    """All that is searched for a host: ``exact`` paths, an automaton's states, the trees."""

    exact: Mapping[str, Mapping[str, Leaf[H]]]
    starts: Mapping[int, State]
    automaton: Automaton[H]
    roots: Sequence[Root[H]]


class FastPath(Generic[H]):
    """The fast path of a table. It remembers which Host fields are good, and their trees.

    ``leaves`` are where the rules end that it knows.
    """

    def __init__(self, tree: Tree[H], *, has_ports: bool) -> None:
        self.leaves = tree.leaves
        self._tree = tree
        self._has_ports = has_ports
        self._searches: dict[str, _Search[H]] = {}
        self._automata: dict[tuple[int, ...], Automaton[H]] = {}

    def find(self, environ: "WSGIEnvironment") -> Answer[H]:
        """What the Map would say of a request. Raises BadHost."""
        if "HTTP_UPGRADE" in environ:
            return ASK
        verb: str = environ["REQUEST_METHOD"]
        try:
            search, path = self._searches[environ["HTTP_HOST"]], environ["PATH_INFO"]
            leaf = search.exact[verb].get(path)
        except KeyError:
            new, path = self._search_for(environ), environ.get("PATH_INFO", "")
            if new is None:
                return ASK
            search, leaf = new, new.automaton.exact_for(verb).get(path)
        if leaf is not None:
            return leaf, {}
        parts = (path if path.isascii() else decoded(path)).split("/")
        if parts[0]:
            return ASK
        at, following, other = search.starts.get(len(parts), UNKNOWN)
        while at:
            at, following, other = following.get(parts[at], other)
        found: Answer[H] | Undecided = following.get(verb, other)(parts)
        if isinstance(found, tuple):
            return found
        if found is NEW and search.automaton.learn(parts):
            return self.find(environ)
        if "//" in path:
            return ASK
        if found is WALK or found is NEW:
            return find(search.roots, parts, verb)
        return found

    def _search_for(self, environ: "WSGIEnvironment") -> "_Search[H] | None":
        """What to search for a request's host; nothing if that depends on its port as well."""
        host, *more = hosts_to_ask(
            request_host(environ), environ["wsgi.url_scheme"], self._has_ports
        )
        if more:
            return None
        roots = self._tree.roots(host)
        key = tuple(id(root.node) for root in roots)
        automaton = self._automata.get(key)
        if automaton is None:
            if len(self._automata) >= MOST_AUTOMATA:
                self._automata.clear()
                self._searches.clear()
            most = _STATES_PER_RULE * len(self.leaves) + _MORE_STATES
            automaton = self._automata[key] = Automaton(
                roots, longest=self._tree.longest, most=most
            )
        search = _Search(automaton.exact, automaton.starts, automaton, roots)
        if field := environ.get("HTTP_HOST"):
            if len(self._searches) >= MOST_HOSTS:
                self._searches.clear()
            self._searches[field] = search
        return search


def find(roots: Iterable[Root[H]], parts: Sequence[str], verb: str) -> Answer[H]:
    """What the Map would say of a path on the hosts of some roots, found by walking."""
    missed: set[str] = set()
    for root in roots:
        values = list(root.values)
        leaf = walk(root.node, parts, verb, values, missed)
        if leaf is not None:
            if leaf.lacks_slash:
                return SLASH
            try:
                return ASK if leaf.is_ambiguous else (leaf, leaf.args(values))
            except ValueError:  # a converter refuses a part, be it the host's
                return ASK
    return frozenset(missed)


def walk(
    node: Node[H], parts: Sequence[str], verb: str, values: list[str], missed: set[str]
) -> Leaf[H] | None:
    """The leaf that the parts of a path lead to, the values on the way, and the verbs missed.

    ``node`` is the place after the first part, the empty one before the first slash.
    """
    passed: list[_Passed[H]] = []
    at, last = 1, len(parts)
    ways: Sequence[Way[H]]
    while True:
        part, ways, index = "", (), 0
        if at < last:
            part = parts[at]
            ways = node.ways(part) if node.varying else ()
            fixed = node.get(part)
            if fixed is not None:
                if ways or node.lenient is not None:
                    passed.append((node, ways, 0, at, len(values)))
                node = fixed
                at += 1
                continue
        else:
            leaf = node.ending(verb, missed)
            if leaf is not None:
                return leaf
        while True:
            if index < len(ways):
                way = ways[index]
                index += 1
                if way.is_final:
                    leaf = way.take_rest("/".join(parts[at:]), verb, values, missed)
                    if leaf is not None:
                        return leaf
                elif fit := way.test(part):
                    if index < len(ways) or node.lenient is not None:
                        passed.append((node, ways, index, at, len(values)))
                    values += [part] if way.groups is None else way.values(fit)
                    node = way.node
                    at += 1
                    break
                continue
            if at == last - 1 and part == "" and node.lenient is not None:
                leaf = node.lenient.find(verb, missed)
                if leaf is not None:
                    return leaf
            if not passed:
                return None
            node, ways, index, at, kept = passed.pop()
            del values[kept:]
            part = parts[at]
