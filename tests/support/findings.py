"""What the checks find in a manifest that is written as text."""

from tests.support.manifests import sound
from tests.support.project import Project
from webzeug.checks import TABLE_CHECKS, run_checks
from webzeug.checks.context import Context
from webzeug.checks.linting import CODE_CHECKS
from webzeug.diagnostics import Diagnostic, in_file_order


def findings(project: Project, text: str) -> tuple[Diagnostic, ...]:
    """All findings in a manifest that decodes without one, its code in the same folder."""
    context = Context(sound(project, text), [str(project.folder)])
    found = run_checks((*TABLE_CHECKS, *CODE_CHECKS), context)
    return in_file_order(finding.diagnostic for finding in found)
