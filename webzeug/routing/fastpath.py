"""The fast path: Werkzeug's search, over a tree that is made when the routes are compiled.

For each request a Map walks a tree of parts: fixed parts first, then varying ones by weight, and
back again where a way ends (``werkzeug.routing.matcher``). This is the same tree and the same walk,
with all done beforehand that does not depend on the request. It has three steps, each a short way
in front of the next:

1. A path without variables is one look-up: fixed parts come first, so nothing can beat it.
2. Straight on: at each part take the fixed one, or the only varying one. Where that ends at a
   rule, it is the first that the walk would find; where it does not, and no other way was left
   out on the way there, the walk would find nothing.
3. The walk itself.

The fast path says what the Map would say: the route with its arguments, or the verbs that there
would have been. It says ASK where the Map would redirect, or decides by more than the path, or
where a converter refuses a value. A property test holds the two together.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from webzeug.routing.hosts import hosts_to_ask, request_host
from webzeug.routing.leaves import Leaf
from webzeug.routing.octets import decoded
from webzeug.routing.tree import Node, Root, Tree, Way
from webzeug.routing.verbs import WEBSOCKET

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

H = TypeVar("H")

MOST_HOSTS = 1000
"""So many Host fields are remembered as good; a client that sends more makes them forgotten."""

ASK: Final = None
"""Only the Map knows."""

Answer = tuple[Leaf[H], dict[str, Any]] | set[str] | None
"""A route's leaf with the arguments; or the verbs of other requests for the path; or ASK."""

_Passed = tuple[Node[H], Sequence[Way[H]], int, int, int]
"""Where a walk can go on: a node, its ways, the next of them, the part, the number of values."""


class FastPath(Generic[H]):
    """The fast path of a table. It remembers which Host fields are good, and their trees.

    ``leaves`` are where the rules end that it knows.
    """

    def __init__(self, tree: Tree[H], *, has_ports: bool) -> None:
        self.leaves = tree.leaves
        self._tree = tree
        self._has_ports = has_ports
        self._roots: dict[str, list[Root[H]]] = {}

    def find(self, environ: "WSGIEnvironment") -> Answer[H]:
        """What the Map would say of a request. Raises BadHost."""
        verb: str = environ["REQUEST_METHOD"]
        if "HTTP_UPGRADE" in environ or verb == WEBSOCKET:
            return ASK
        try:
            roots, path = self._roots[environ["HTTP_HOST"]], environ["PATH_INFO"]
        except KeyError:
            roots, path = self._roots_for(environ), environ.get("PATH_INFO", "")
        if not roots:
            return ASK
        ends = roots[0].exact.get(path)
        if ends is not None:
            leaf = ends.verbs.get(verb, ends.rest)
            if leaf is not None and leaf.is_constant:
                return leaf, {}
        return find(roots, path, verb)

    def _roots_for(self, environ: "WSGIEnvironment") -> list[Root[H]]:
        """The trees for a request's host; none if they depend on its port as well."""
        host, *more = hosts_to_ask(
            request_host(environ), environ["wsgi.url_scheme"], self._has_ports
        )
        if more:
            return []
        roots = self._tree.roots(host)
        if field := environ.get("HTTP_HOST"):
            if len(self._roots) >= MOST_HOSTS:
                self._roots.clear()
            self._roots[field] = roots
        return roots


def find(roots: Iterable[Root[H]], path: str, verb: str) -> Answer[H]:
    """What the Map would say of a path (PATH_INFO as it comes) on the hosts of some roots."""
    missed: set[str] | None = None
    for root in roots:
        ends = root.exact.get(path)
        if ends is not None:
            leaf = ends.verbs.get(verb, ends.rest)
            if leaf is not None:
                if leaf.is_ambiguous:
                    return ASK
                try:
                    return leaf, leaf.args(root.values)
                except ValueError:  # the host's converter refuses its part
                    return ASK
        parts = (path if path.isascii() else decoded(path)).split("/")
        node = root.before
        for part in parts:
            node = node.get(part, node.straight)
        leaf = node.ends.verbs.get(verb, node.ends.rest)
        if leaf is not None and leaf.args_of_parts is not None and not leaf.is_ambiguous:
            try:
                args = leaf.args_of_parts(parts)
            except ValueError:
                return ASK
            if args is not None:
                return leaf, args
        if "//" in path or path[:1] != "/":
            return ASK
        missed = set() if missed is None else missed
        if leaf is None and node.is_sure and "" not in node:
            if all(test(parts[at]) for at, test in node.tests):
                missed.update(node.ends.verbs)
            continue
        values = list(root.values)
        leaf = walk(root.node, parts, verb, values, missed)
        if leaf is not None:
            try:
                return ASK if leaf.is_ambiguous else (leaf, leaf.args(values))
            except ValueError:
                return ASK
    return missed


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
