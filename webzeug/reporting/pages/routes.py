"""Routes in a page: why none of them answers, and the whole table, which can be searched."""

from collections.abc import Sequence

from markupsafe import Markup

from webzeug.codebase import Codebase
from webzeug.manifest.model import Route
from webzeug.reporting.listing import Location, Row, row_of
from webzeug.reporting.pages.page import code, lines, plain, sentence
from webzeug.reporting.tables import verbs_text
from webzeug.reporting.text import count
from webzeug.routing.explaining import NearMiss, Step
from webzeug.routing.octets import encoded, quoted_path

_MISSES = Markup(
    """<section aria-labelledby="misses">
<h2 id="misses">Near misses</h2>
<ul class="misses">
{}
</ul>
{}</section>"""
)
_MISS = Markup(
    """<li>
{}
<ul class="faults">
{}
</ul>
</li>"""
)
_FAULT = Markup('<li><b class="reason">{}</b> {}</li>')
_MORE = Markup("<p>{} more: <code>{}</code></p>\n")
_SUMMARY = Markup(
    '<p class="route">{pattern} <span class="verbs">{verbs} →</span> {leads} {place}</p>'
)

_TABLE = Markup(
    """<section aria-labelledby="routes">
<h2 id="routes">All routes</h2>
<div class="search" role="search" hidden>
<label for="filter">Filter</label>
<input id="filter" type="search" autocomplete="off" spellcheck="false" aria-keyshortcuts="/">
<kbd>/</kbd>
<p id="count" role="status">{count}</p>
</div>
<table aria-labelledby="routes">
<thead>
<tr><th scope="col">Path</th><th scope="col">Verbs</th><th scope="col">Name</th>\
<th scope="col">Leads to</th><th scope="col">Declared</th></tr>
</thead>
<tbody>
{rows}
</tbody>
</table>
</section>"""
)
_NO_ROUTES = Markup("<p>The manifest has no routes.</p>")
_ROW = Markup(
    '<tr><th scope="row">{path}</th><td>{verbs}</td><td>{name}{tags}</td><td>{leads}</td>'
    "<td>{declared}</td></tr>"
)
_LINK = Markup('<a href="{}">{}</a>')
_PLACE = Markup('<code class="place">{}</code>')
_TAG = Markup(' <span class="tag">{}</span>')


def near_misses(step: Step, codebase: Codebase, command: str) -> Markup:
    """The routes that might have answered; ``command`` shows those that are left out."""
    if not step.near_misses:
        return Markup("")
    misses = lines(_miss(miss, codebase) for miss in step.near_misses)
    more = _MORE.format(step.more, plain(command)) if step.more else ""
    return _MISSES.format(misses, more)


def _miss(miss: NearMiss, codebase: Codebase) -> Markup:
    faults = (_FAULT.format(fault.reason, sentence(fault.sentence)) for fault in miss.faults)
    return _MISS.format(summary(miss.route, codebase), lines(faults))


def summary(route: Route, codebase: Codebase) -> Markup:
    """A route in one line: what it takes, where it leads, and where it is declared."""
    row = row_of(route, codebase)
    return _SUMMARY.format(
        pattern=code(row.address),
        verbs=plain(verbs_text(row)),
        leads=_leads(row),
        place=_place(row.declared),
    )


def table(routes: Sequence[Route], codebase: Codebase, base: str) -> Markup:
    """All routes. Where a click can follow one, its path is a link; ``base`` is SCRIPT_NAME."""
    if not routes:
        return _NO_ROUTES
    rows = lines(_row(row_of(route, codebase), base) for route in routes)
    return _TABLE.format(count=count(len(routes), "route"), rows=rows)


def _row(row: Row, base: str) -> Markup:
    path = code(row.address)
    if _can_be_followed(row):
        path = _LINK.format(quoted_path(base + encoded(row.path)), path)
    marks = [*row.tags, *(["deprecated"] if row.deprecated else [])]
    marks += ["builds URLs only"] if row.build_only else []
    return _ROW.format(
        path=path,
        verbs=plain(verbs_text(row)),
        name=code(row.name) if row.name is not None else "",
        tags=Markup("").join(_TAG.format(plain(mark)) for mark in marks),
        leads=_leads(row),
        declared=_place(row.declared),
    )


def _can_be_followed(row: Row) -> bool:
    """Whether a browser on this host can open it without knowing more."""
    takes_get = row.verbs is None or "GET" in row.verbs
    return takes_get and row.host is None and "<" not in row.path and row.kind != "static"


def _leads(row: Row) -> Markup:
    return Markup(" ").join(part for part in (code(row.view), _place(row.source)) if part)


def _place(location: Location | None) -> Markup:
    return Markup("") if location is None else _PLACE.format(plain(location))
