"""What can be wrong with a manifest that decodes: each check is one module.

A check takes a Context and yields diagnostics. It runs nothing of the application.
"""

from collections.abc import Iterable

from webzeug.checks import converters, redirects, slashed
from webzeug.checks.context import Check, Context, Finding

TABLE_CHECKS: tuple[Check, ...] = (converters.check, slashed.check_many, redirects.check)
"""Checks that need the manifest alone; ``serve`` runs them as well."""


def run_checks(checks: Iterable[Check], context: Context) -> list[Finding]:
    """All findings, without those that their route ignores."""
    return not_ignored(find_all(checks, context))


def find_all(checks: Iterable[Check], context: Context) -> list[Finding]:
    """All findings, whether their route ignores them or not."""
    return [finding for check in checks for finding in check(context)]


def not_ignored(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that their route does not ignore."""
    return [
        finding
        for finding in findings
        if finding.route is None or finding.diagnostic.kind.code not in finding.route.ignore
    ]
