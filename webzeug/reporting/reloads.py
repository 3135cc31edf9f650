"""What has become of a reload in production, for the log."""

from webzeug.reloading import Outcome, Reload
from webzeug.reporting.following import swapped
from webzeug.reporting.text import render, summary


def render_reload(reload: Reload) -> str:
    """All that is wrong, then a line that says what was done."""
    return "\n".join([*map(str.rstrip, _problems(reload)), _done(reload)])


def _problems(reload: Reload) -> list[str]:
    return [render(reload.diagnostics)] if reload.diagnostics else []


def _done(reload: Reload) -> str:
    table = f"table {reload.generation} ({reload.digest})"
    match reload.outcome:
        case Outcome.SWAPPED:
            return f"{table}: {swapped(reload.milliseconds, reload.changes, mended=False)}"
        case Outcome.UNCHANGED:
            return f"kept {table}: the files have not changed"
        case Outcome.REFUSED:
            tables = ", ".join(f"[{table}]" for table in reload.refused)
            return f"kept {table}: {tables} can only change with a new start"
    return f"kept {table}: {summary(reload.diagnostics)}"
