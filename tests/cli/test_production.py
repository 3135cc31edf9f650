"""What `serve` does with its manifest while it runs, whichever engine serves it."""

import logging
from collections.abc import Mapping

import gevent
import pytest
from gevent.event import Event

from tests.support.http import TIMEOUT
from tests.support.project import Project
from webzeug.cli.production import FEW, Reloader
from webzeug.loader import Options, build
from webzeug.pacing import Pace
from webzeug.reloading import Outcome, Reload, Site
from webzeug.server.pacing import Beside

MANIFEST = '[routes]\n"/" = "shop.Index"\n'


class Troubled(Site):
    """A site that cannot be reloaded the first time, for a reason that nobody foresaw."""

    is_well = False
    pace: Pace | None = None

    def reload(self, expected: Mapping[str, str] | None = None, pace: Pace | None = None) -> Reload:
        if not self.is_well:
            self.is_well = True
            raise MemoryError("no room")
        self.pace = pace
        return super().reload(expected, pace or Pace())


@pytest.fixture
def site(project: Project) -> Troubled:
    project.write("shop.py", "from webzeug import View\nclass Index(View): pass\n")
    project.write("routes.toml", MANIFEST)
    path, options = str(project.manifest), Options(environ={})
    return Troubled(path, options, build(path, options))


def test_a_reload_that_fails(site: Troubled, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with its traceback, the table stays, and the next one may succeed."""
    caplog.set_level(logging.INFO, "webzeug.reload")
    reloader = Reloader(site)
    assert reloader.reload() is None
    assert site.generation == 1
    (record,) = caplog.records
    assert record.getMessage() == "reloading failed; the table is as it was"
    assert record.exc_info is not None
    again = reloader.reload()
    assert (again and again.outcome) is Outcome.UNCHANGED


@pytest.mark.parametrize(("number", "is_beside"), [(FEW, False), (FEW + 1, True)])
def test_a_large_table_is_built_beside_the_requests(
    site: Troubled, project: Project, number: int, is_beside: bool
) -> None:
    """A small one at once, which takes less time than to give way would."""
    routes = "".join(f'"/{each}" = "shop.Index"\n' for each in range(number))
    project.write("routes.toml", f"[routes]\n{routes}")
    path, options = str(project.manifest), Options(environ={})
    site = Troubled(path, options, build(path, options))
    site.is_well = True
    Reloader(site).reload()
    assert isinstance(site.pace, Beside) is is_beside


def test_following_goes_on(site: Troubled, project: Project) -> None:
    """Also after a reload that has failed."""
    reloaded = Event()

    class Telling(Reloader):
        def reload(self, expected: Mapping[str, str] | None = None) -> Reload | None:
            reload = super().reload(expected)
            reloaded.set()
            return reload

    with Telling(site).following():
        for number, generation in ((1, 1), (2, 2)):
            project.write("routes.toml", f'{MANIFEST}"/{number}" = "shop.Index"\n')
            assert reloaded.wait(TIMEOUT)
            reloaded.clear()
            assert site.generation == generation
    gevent.sleep(0)
