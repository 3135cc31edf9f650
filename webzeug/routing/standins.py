"""A table for commands that must not import the application: its own converters are stood in."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.routing import BaseConverter, Map

from webzeug.manifest.model import Manifest
from webzeug.manifest.trees import value_like
from webzeug.routing.compiling import Compiled, Ingredients, compile_table, names_of
from webzeug.routing.urls import URLOptions, base_of_matching, build_url


class StandIn(BaseConverter):
    """Takes any arguments and any one path segment."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map)


@dataclass(frozen=True, slots=True)
class BuiltURL:
    """A URL, and the converters of the route's that had to be guessed."""

    url: str
    guessed: tuple[str, ...]


def compile_without_code(manifest: Manifest) -> Compiled:
    """The table of a manifest with a StandIn for each converter of its own."""
    converters: dict[str, type[BaseConverter]] = dict.fromkeys(manifest.converters, StandIn)
    ingredients = Ingredients(manifest.matching, converters, manifest.unclear_names)
    return compile_table(manifest.routes, lambda route: None, ingredients)


def url_of(
    manifest: Manifest, name: str, texts: Mapping[str, str], options: URLOptions
) -> BuiltURL:
    """What ``url_for`` would build from values that are given as text. Raises URLError."""
    routes = tuple(route for route in manifest.routes if route.name == name)
    # Nothing is matched here, so the other routes need not be compiled.
    table = compile_without_code(replace(manifest, routes=routes)).table
    table = replace(table, names=names_of(manifest.routes))
    values: dict[str, Any] = dict(texts)
    for route in routes:
        for key in route.defaults.keys() & texts.keys():
            with suppress(ValueError):
                values[key] = value_like(texts[key], route.defaults[key])
    url = build_url(table, base_of_matching(manifest.matching), name, values, options)
    used = {variable.converter for route in routes for variable in route.pattern.variables}
    return BuiltURL(url, tuple(sorted(used & manifest.converters.keys())))
