"""What has become of a reload in production, for the log."""

from webzeug.reloading import Outcome, Reload
from webzeug.reporting.following import swapped
from webzeug.reporting.text import render, summary

_KEPT = "kept the table as it was"


def render_reload(reload: Reload) -> str:
    """All that is wrong, then a line that says what was done."""
    return "\n".join([*map(str.rstrip, _problems(reload)), _done(reload)])


def _problems(reload: Reload) -> list[str]:
    return [render(reload.diagnostics)] if reload.diagnostics else []


def _done(reload: Reload) -> str:
    match reload.outcome:
        case Outcome.SWAPPED:
            return swapped(reload.milliseconds, reload.changes, mended=False)
        case Outcome.UNCHANGED:
            return f"{_KEPT}: the files have not changed"
        case Outcome.REFUSED:
            tables = ", ".join(f"[{table}]" for table in reload.refused)
            return f"{_KEPT}: {tables} can only change with a new start"
    return f"{_KEPT}: {summary(reload.diagnostics)}"
