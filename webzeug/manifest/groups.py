"""What a route inherits from the tables around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from webzeug.manifest.model import MiddlewareUse
from webzeug.manifest.patterns import EMPTY, Pattern, Variable, without_trailing_slash

_INHERITED = frozenset(
    ("defaults", "tags", "ignore", "middleware", "strict_slashes", "merge_slashes", "deprecated")
)


@dataclass(frozen=True, slots=True)
class Group:
    """The sum of the enclosing tables.

    ``prefix`` is what the patterns below are appended to: it does not end with a slash.
    ``scope`` is the name prefix of the innermost include.
    """

    prefix: Pattern = EMPTY
    host: Pattern | None = None
    name: str = ""
    scope: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    middleware: tuple[MiddlewareUse, ...] = ()
    strict_slashes: bool | None = None
    merge_slashes: bool | None = None
    deprecated: bool | str = False

    def variables(self, pattern: Pattern) -> tuple[Variable, ...]:
        """The variables of the host and of a pattern."""
        return (*(self.host.variables if self.host else ()), *pattern.variables)

    def full_name(self, name: str) -> str:
        """A name below this group, joined with a dot."""
        return f"{self.name}.{name}" if self.name else name

    def below(self, pattern: Pattern, name: str | None) -> "Group":
        """What the routes below a table inherit: ``pattern`` is its full one, ``name`` its own."""
        return replace(
            self,
            prefix=without_trailing_slash(pattern),
            name=self.full_name(name) if name else self.name,
        )

    def within(
        self,
        options: Mapping[str, Any],
        middleware: tuple[MiddlewareUse, ...],
        defaults: Mapping[str, Any],
    ) -> "Group":
        """This group with a table's own options on top; its name and prefix stay."""
        if _INHERITED.isdisjoint(options):
            return self
        return replace(
            self,
            defaults={**self.defaults, **defaults},
            tags=_union(self.tags, options.get("tags", ())),
            ignore=_union(self.ignore, options.get("ignore", ())),
            middleware=(*self.middleware, *middleware),
            strict_slashes=options.get("strict_slashes", self.strict_slashes),
            merge_slashes=options.get("merge_slashes", self.merge_slashes),
            deprecated=options.get("deprecated", self.deprecated),
        )


def _union(outer: tuple[str, ...], inner: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*outer, *inner)))
