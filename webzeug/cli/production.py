"""What ``serve`` does with a manifest in production, whichever engine serves it."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import gevent
from gevent.lock import RLock

from webzeug.assembly import resource_diagnostic
from webzeug.cli.options import COULD_NOT_RUN, FOUND_PROBLEMS, print_diagnostics
from webzeug.loader import Options, build
from webzeug.manifest.changes import digests
from webzeug.manifest.concealing import conceal
from webzeug.manifest.model import Manifest
from webzeug.pacing import Pace
from webzeug.reloading import Outcome, Reload, Site
from webzeug.reporting.reloads import render_reload
from webzeug.resources import ResourceError
from webzeug.server.following import Follower
from webzeug.server.pacing import Beside

log = logging.getLogger("webzeug.reload")

FEW = 100
"""A table of so many routes is built at once, in some 10 ms; beside requests it takes longer."""


def build_site(path: str, options: Options) -> Site:
    """Build a manifest whose App can be served; what is wrong is printed, and errors exit."""
    built = build(path, options)
    print_diagnostics(conceal(built.diagnostics, options.config))
    if built.manifest is None:
        raise SystemExit(COULD_NOT_RUN)
    if built.app is None:
        raise SystemExit(FOUND_PROBLEMS)
    return Site(path, options, built)


@contextmanager
def resource_failures(manifest: Manifest) -> Iterator[None]:
    """Show a resource that cannot be opened or closed at its place in the manifest, and exit."""
    try:
        yield
    except ResourceError as error:
        print_diagnostics([resource_diagnostic(manifest, error)])
        raise SystemExit(FOUND_PROBLEMS) from None


class Reloader:
    """Reloads a site, one time after another, and logs what has become of it.

    ``config`` is the path of the file with config values, if there is one.
    """

    def __init__(self, site: Site, config: str | None = None) -> None:
        self.site = site
        self._config = config
        self._turn = RLock()

    def reload(self, expected: Mapping[str, str] | None = None) -> Reload | None:
        """Swap the table if the files are sound; None if that failed for another reason.

        ``expected`` is as in ``Site.reload``; what is overtaken is not logged.
        """
        with self._turn:
            try:
                reload = self.site.reload(expected, self._pace())
            except Exception:
                log.exception("reloading failed; the table is as it was")
                return None
        if reload.outcome is not Outcome.OVERTAKEN:
            is_well = reload.outcome in (Outcome.SWAPPED, Outcome.UNCHANGED)
            told = replace(reload, diagnostics=conceal(reload.diagnostics, self._config))
            log.log(logging.INFO if is_well else logging.ERROR, "%s", render_reload(told))
        return reload

    def _pace(self) -> Pace:
        return Beside() if len(self.site.manifest.routes) > FEW else Pace()

    @contextmanager
    def following(self) -> Iterator[None]:
        """Reload whenever the files have changed."""
        greenlet = gevent.spawn(Follower(digests(self.site.manifest), self._follow).run)
        try:
            yield
        finally:
            greenlet.kill()

    def _follow(self, seen: Mapping[str, str]) -> tuple[Iterable[str], bool]:
        """What a Follower does. A manifest with a new include is overtaken, too."""
        reload = self.reload(seen)
        if reload is None:
            return seen, True
        return reload.files or seen, reload.outcome is not Outcome.OVERTAKEN
