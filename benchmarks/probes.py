"""What routers are asked, and what is right: known from the rows alone, by no router."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from benchmarks.routers import Outcome, Row, hit, patterns_of, redirect, refused

_VARIABLE = re.compile(r"<(?:(int):)?(\w+)>")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Probe(NamedTuple):
    """A request, and the right answer."""

    path: str
    method: str
    expected: Outcome


@dataclass(slots=True)
class _Node:
    """A place between two parts of a path; varying parts are kept by the text they begin with."""

    fixed: dict[str, "_Node"] = field(default_factory=dict)
    varying: dict[str, dict[str, "_Varying"]] = field(default_factory=dict)
    pattern: str | None = None

    def after(self, part: str) -> "_Node":
        """The place after a part of a pattern, made if need be."""
        if "<" not in part:
            return self.fixed.setdefault(part, _Node())
        alike = self.varying.setdefault(part.partition("<")[0], {})
        if part not in alike:
            alike[part] = _Varying(_regex(part), _Node())
        return alike[part].node

    def fitting(self, part: str) -> Iterator["_Node"]:
        """The places after a part of a path."""
        if part in self.fixed:
            yield self.fixed[part]
        for end in range(len(part)):
            for varying in self.varying.get(part[:end], {}).values():
                if varying.regex.fullmatch(part):
                    yield varying.node


class _Varying(NamedTuple):
    regex: "re.Pattern[str]"
    node: _Node


class Oracle:
    """Tells which patterns a path fits. It has no order, so it decides only what needs none."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = patterns_of(rows)
        self._root = _Node()
        for pattern in self.rows:
            node = self._root
            for part in pattern.split("/"):
                node = node.after(part)
            node.pattern = pattern

    def patterns(self, path: str) -> list[str]:
        """All patterns that a path fits."""
        nodes = [self._root]
        for part in path.split("/"):
            nodes = [found for node in nodes for found in node.fitting(part)]
        return [node.pattern for node in nodes if node.pattern is not None]

    def is_certain(self, path: str, *patterns: str) -> bool:
        """Whether a path fits these patterns and no other, nor one with or without a slash."""
        other = path[:-1] if path.endswith("/") else f"{path}/"
        return self.patterns(path) == [*patterns] and not self.patterns(other)


def _regex(text: str) -> "re.Pattern[str]":
    """A regular expression for a part of a pattern."""
    fixed = [re.escape(piece) for piece in _VARIABLE.split(text)[::3]]
    values = [r"\d+" if match[1] else "[^/]+" for match in _VARIABLE.finditer(text)]
    return re.compile("".join(a + b for a, b in zip(fixed, [*values, ""], strict=True)))


class Asker:
    """Makes probes for some rows; the same seed makes the same ones."""

    def __init__(self, rows: Sequence[Row], seed: int) -> None:
        self.oracle = Oracle(rows)
        self._dice = random.Random(seed)
        patterns = list(self.oracle.rows)
        self._static = [p for p in patterns if "<" not in p and not p.endswith("/")]
        self._dynamic = [p for p in patterns if "<" in p and not p.endswith("/")]
        self._any = [*self._static, *self._dynamic]
        self._slashed = [p for p in patterns if p.endswith("/") and p != "/"]

    def cases(self, count: int) -> dict[str, list[Probe]]:
        """So many probes of each kind; a kind that the rows do not have is left out."""
        kinds = {
            "static": self._hit_static,
            "dynamic": self._hit_dynamic,
            "404": self._not_found,
            "405": self._not_allowed,
            "redirect": self._redirected,
        }
        made = {name: self._several(make, count) for name, make in kinds.items()}
        return {name: probes for name, probes in made.items() if probes}

    def distinct(self, count: int) -> list[Probe]:
        """Probes of the first four kinds in equal parts, mixed, of as many paths as there are."""
        kinds = (self._hit_static, self._hit_dynamic, self._not_found, self._not_allowed)
        probes = [probe for make in kinds for probe in self._several(make, count // len(kinds))]
        self._dice.shuffle(probes)
        return probes

    def _several(self, make: Callable[[], Probe | None], count: int) -> list[Probe]:
        made = (make() for _ in range(3 * count))
        return list(islice((probe for probe in made if probe is not None), count))

    def _hit_static(self) -> Probe | None:
        return self._hit(self._static)

    def _hit_dynamic(self) -> Probe | None:
        return self._hit(self._dynamic)

    def _hit(self, patterns: Sequence[str]) -> Probe | None:
        if not patterns:
            return None
        pattern = self._dice.choice(patterns)
        path, args = self._filled(pattern)
        row = self._dice.choice(self.oracle.rows[pattern])
        method = self._dice.choice(row.methods)
        if not self.oracle.is_certain(path, pattern):
            return None
        return Probe(path, method, hit(row.name, args))

    def _not_found(self) -> Probe | None:
        """A path that goes astray at its end, or at one of its words."""
        parts = self._filled(self._dice.choice(self._any))[0].split("/")
        if self._dice.random() < 0.5:
            parts.append(self._word())
        else:
            parts[self._dice.randrange(1, len(parts))] = self._word()
        path = "/".join(parts)
        return Probe(path, "GET", refused(404)) if self.oracle.is_certain(path) else None

    def _not_allowed(self) -> Probe | None:
        """A path that is there, with a verb that it does not take."""
        pattern = self._dice.choice(self._any)
        path, _ = self._filled(pattern)
        taken = {method for row in self.oracle.rows[pattern] for method in row.methods}
        free = sorted({"POST", "PUT", "PATCH", "DELETE"} - taken)
        if not free or not self.oracle.is_certain(path, pattern):
            return None
        return Probe(path, self._dice.choice(free), refused(405))

    def _redirected(self) -> Probe | None:
        """A path that lacks its slash."""
        if not self._slashed:
            return None
        path, _ = self._filled(self._dice.choice(self._slashed))
        return Probe(path[:-1], "GET", redirect(path))

    def _filled(self, pattern: str) -> tuple[str, dict[str, str]]:
        """A path that fits a pattern, and the values of its variables."""
        args: dict[str, str] = {}

        def value(match: "re.Match[str]") -> str:
            number = self._dice.randrange(1, 100_000_000)
            args[match[2]] = str(number) if match[1] else self._word()
            return args[match[2]]

        return _VARIABLE.sub(value, pattern), args

    def _word(self) -> str:
        return "".join(self._dice.choices(_LETTERS, k=self._dice.randrange(5, 15)))
