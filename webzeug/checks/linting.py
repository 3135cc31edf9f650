"""The checks that only lint runs: what they find is no reason not to serve."""

from webzeug.checks import (
    annotations,
    arguments,
    cycles,
    defaults,
    expressions,
    extras,
    groups,
    hosts,
    journeys,
    methods,
    order,
    references,
    refusals,
    signatures,
    slashed,
    slashes,
    unreachable,
    unreached,
    uses,
    verbs,
)
from webzeug.checks.context import Check

CODE_CHECKS: tuple[Check, ...] = (references.check, extras.check)
"""Checks that read the application's source as text; ``serve`` imports it instead."""

LINT_CHECKS: tuple[Check, ...] = (
    unreachable.check,
    refusals.check,
    slashes.check,
    slashed.check_two,
    slashed.check_doubled,
    expressions.check,
    defaults.check,
    hosts.check,
    journeys.check,
    verbs.check,
    methods.check,
    signatures.check,
    annotations.check,
    cycles.check,
    uses.check,
    arguments.check,
)
"""Checks of what is hardly meant."""

STRICT_CHECKS: tuple[Check, ...] = (order.check, groups.check, unreached.check)
"""Checks of what works and is meant, and may break when the file is edited; for ``--strict``."""
