"""Explanations as JSON, for programs."""

import json
from typing import Any

from webzeug.manifest.model import MiddlewareUse, Route
from webzeug.reporting.explanation import Report, declared
from webzeug.reporting.tables import as_value, place_value, plain_value
from webzeug.routing.explaining import NearMiss, Step, variables_of


def render(report: Report) -> str:
    """A JSON object; fields are only ever added.

    - ``answered``: whether something answers in the end, be it another site.
    - ``depends_on``: the application's own converters that it depends on, as no code was run.
    - ``steps``: what comes of the request, then of each that a redirect leads to.

    A step has

    - ``request``: ``{"method", "host", "path", "query"}``; the path is decoded.
    - ``outcome``: ``answers``, ``options`` (answered with what is allowed), ``redirects``,
      ``not-found``, ``method-not-allowed``, ``bad-request``, ``fails``, ``leaves`` (another site
      answers) or ``loops``; ``status``: null where the View decides it; ``because``: a sentence
      or null; ``location``: a redirect's, else null; ``allowed``: the verbs of ``Allow``.
    - ``route``: the one that answers, redirects or refuses, as in the listing of routes, or null.
    - ``method``: the View's method that answers, null where there is none or none is known.
    - ``variables``: a list of ``{"name", "value", "type"}``; the type is Python's, null where only
      a converter's code knows it. The defaults are the route's.
    - ``mounted``: ``{"SCRIPT_NAME", "PATH_INFO"}`` below a mount, else null.
    - ``middleware``: a list of ``{"use", "with", "declared", "scope"}``, the outermost first; the
      scope is ``app`` (around every request) or ``route``.
    - ``near_misses``: a list of ``{"route", "reason", "sentence", "faults", "winner"}``, the
      nearest first; ``faults`` is a list of ``{"reason", "sentence"}``, ``winner`` the route that
      goes before it, or null. ``more``: how many are left out.
    - ``depends_on``, as above, of this step.
    - ``way``: how the request got to its route, ``exact`` (one look-up of the path), ``tree`` (part
      by part) or ``map`` (by Werkzeug's Map); null where none matched.
    """
    explanation = report.explanation
    value = {
        "answered": explanation.is_answered,
        "depends_on": explanation.depends_on,
        "steps": [_step(report, step) for step in explanation.steps],
    }
    return json.dumps(value, indent=2, allow_nan=False) + "\n"


def _step(report: Report, step: Step) -> dict[str, Any]:
    question, route = step.question, step.route
    return {
        "request": {
            "method": question.verb,
            "host": question.host,
            "path": question.path,
            "query": question.query,
        },
        "outcome": step.outcome,
        "status": step.status,
        "because": step.why or None,
        "location": step.location or None,
        "allowed": step.allowed,
        "route": _route(report, route),
        "method": step.method or None,
        "variables": _variables(step, route) if route is not None and step.is_matched else [],
        "mounted": dict(step.moved) or None,
        "middleware": [
            *(_middleware(use, "app") for use in report.manifest.middleware),
            *(_middleware(use, "route") for use in report.middlewares(step)),
        ],
        "near_misses": [_near_miss(report, miss) for miss in step.near_misses],
        "more": step.more,
        "depends_on": step.depends_on,
        "way": step.way,
    }


def _route(report: Report, route: Route | None) -> dict[str, Any] | None:
    return None if route is None else as_value(report.row(route))


def _variables(step: Step, route: Route) -> list[dict[str, Any]]:
    return [
        {
            "name": variable.name,
            "value": plain_value(step.args.get(variable.name)),
            "type": None
            if variable.converter in step.depends_on
            else type(step.args.get(variable.name)).__name__,
        }
        for variable in variables_of(route)
    ]


def _middleware(use: MiddlewareUse, scope: str) -> dict[str, Any]:
    return {
        "use": use.use.path,
        "with": plain_value(use.options),
        "declared": place_value(declared(use.use)),
        "scope": scope,
    }


def _near_miss(report: Report, miss: NearMiss) -> dict[str, Any]:
    return {
        "route": _route(report, miss.route),
        "reason": miss.reason,
        "sentence": miss.sentence,
        "faults": [{"reason": fault.reason, "sentence": fault.sentence} for fault in miss.faults],
        "winner": _route(report, miss.winner),
    }
