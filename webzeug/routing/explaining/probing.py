"""Prober: asks small tables what one rule alone would answer, and which of several goes first.

They are made of the real table's rules and converters, so nothing of Werkzeug's matching is
repeated here. Only, a converter in them never refuses: it notes that it would.
"""

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import BaseConverter, Map, RequestRedirect

from webzeug.routing.explaining.questions import Question
from webzeug.routing.hosts import hosts_to_ask, request_host
from webzeug.routing.matches import RouteRule
from webzeug.routing.octets import encoded
from webzeug.routing.table import RouteTable, match_on
from webzeug.routing.verbs import WEBSOCKET

Converters = Mapping[str, type[BaseConverter]]

_HANDSHAKE = "HANDSHAKE"


@dataclass(frozen=True, slots=True)
class Taken:
    """The text that a variable would get, and whether its converter refuses it."""

    text: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rule that goes first, by its index in what was asked, and its variables."""

    index: int
    taken: Mapping[str, Taken]

    @property
    def refused(self) -> dict[str, str]:
        """The variables whose converters refuse the text that they would get."""
        return {name: taken.text for name, taken in self.taken.items() if taken.is_refused}


class Refusal(enum.Enum):
    """Why no rule is chosen."""

    NOTHING_FITS = enum.auto()
    WRONG_VERB = enum.auto()
    SLASHES = enum.auto()
    """The client would be redirected: a slash is missing at the end, or some are merged."""


Reply = Chosen | Refusal


@dataclass(frozen=True, slots=True)
class Leniency:
    """What is overlooked: values that a converter refuses, a wrong verb, slash or host."""

    value: bool = False
    verb: bool = False
    slash: bool = False
    host: bool = False


EXACT = Leniency()
EVERYTHING = Leniency(value=True, verb=True, slash=True, host=True)


class Prober:
    """Asks one Question of some of a table's rules."""

    def __init__(self, table: RouteTable[Any], question: Question) -> None:
        self._table = table
        # A handshake is not redirected; here it has to be seen that it would be.
        verb = _HANDSHAKE if question.verb == WEBSOCKET else question.verb
        self._environ = replace(question, verb=verb).environ()
        scheme = self._environ["wsgi.url_scheme"]
        self._hosts = hosts_to_ask(request_host(self._environ), scheme, table.has_ports)
        real = table.map.converters
        self.exact: Converters = {name: observer(converter) for name, converter in real.items()}
        self._open = {name: observer(converter, is_open=True) for name, converter in real.items()}

    def ask(
        self,
        rules: Sequence[RouteRule[Any]],
        leniency: Leniency = EXACT,
        *,
        path: str | None = None,
        converters: Converters | None = None,
    ) -> Reply:
        """What a table of these rules, in this order, would do."""
        known = self._open if leniency.value else self.exact
        map_ = self._map_of(rules, leniency, converters or known)
        environ = dict(self._environ)
        if path is not None:
            environ["PATH_INFO"] = encoded(path)
        try:
            match = match_on(map_, self._hosts, environ)
        except RequestRedirect:
            return Refusal.SLASHES
        except MethodNotAllowed:
            return Refusal.WRONG_VERB
        except HTTPException:
            return Refusal.NOTHING_FITS
        return Chosen(match.handler, match.args)

    def takes_host(self, rule: RouteRule[Any]) -> bool:
        """Whether the host of the question fits a rule."""
        root = RouteRule[Any]("/", host=rule.host)
        root.route = rule.route
        reply = self.ask([root], path="/")
        return isinstance(reply, Chosen) and not reply.refused

    def _map_of(
        self, rules: Sequence[RouteRule[Any]], leniency: Leniency, converters: Converters
    ) -> Map:
        map_ = Map(
            merge_slashes=self._table.map.merge_slashes,
            redirect_defaults=False,
            converters=converters,
            host_matching=self._table.map.host_matching and not leniency.host,
        )
        for index, rule in enumerate(rules):
            map_.add(_copy(rule, index, leniency))
        return map_


def _copy(rule: RouteRule[Any], index: int, leniency: Leniency) -> RouteRule[int]:
    """A rule for another Map; it matches also if the original only builds URLs."""
    copy = RouteRule[int](
        rule.rule,
        endpoint=index,
        host=None if leniency.host else rule.host,
        strict_slashes=bool(rule.strict_slashes) and not leniency.slash,
        merge_slashes=rule.merge_slashes,
    )
    if rule.methods is not None and not leniency.verb:
        copy.methods = {_HANDSHAKE if verb == WEBSOCKET else verb for verb in rule.methods}
    copy.route, copy.handler = rule.route, index
    return copy


def observer(real: type[BaseConverter], *, is_open: bool = False) -> type[BaseConverter]:
    """A converter that matches what the real one does, or if open anything, and gives a Taken."""

    class Observer(BaseConverter):
        def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
            super().__init__(map)
            self.real = real(map, *args, **kwargs)
            self.weight = self.real.weight
            self.part_isolating = self.real.part_isolating
            self.regex = self.real.regex
            if is_open:
                self.regex = "[^/]*" if self.part_isolating else "(?s:.*)"

        def to_python(self, value: str) -> Taken:
            return Taken(value, is_refused=not _takes(self.real, value))

    return Observer


def _takes(converter: BaseConverter, text: str) -> bool:
    if not re.fullmatch(converter.regex, text):
        return False
    try:
        converter.to_python(text)
    # A converter is the application's code: whatever it raises, it makes no value of this text.
    except Exception:
        return False
    return True
