"""``serve --workers``: Gunicorn's arbiter over processes of our server."""

import logging
import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from webzeug.cli.options import FOUND_PROBLEMS
from webzeug.cli.trial import LONGEST, Code, tried
from webzeug.loader import Options, read
from webzeug.manifest.address import parse_address
from webzeug.manifest.changes import needs_restart
from webzeug.manifest.model import Manifest
from webzeug.manifest.model import Server as ServerOptions
from webzeug.reporting.following import serves
from webzeug.server.gunicorn_worker import HEARD, Worker
from webzeug.server.listening import address_of

if TYPE_CHECKING:
    from webzeug.cli.production import Reloader

log = logging.getLogger("gunicorn.error")

RETRY = 1.0
"""Seconds until a worker that could not start is replaced by another that tries."""

KILL_MARGIN = 3
"""Seconds that the arbiter gives a worker on top of ``grace`` before it kills it."""


class Workers(BaseApplication):
    """A manifest as an application of Gunicorn's; ``GUNICORN_CMD_ARGS`` may set more options."""

    def __init__(self, path: str, options: Options, count: int, descriptor: int | None) -> None:
        self._path = path
        self._options = options
        self._count = count
        self._descriptor = descriptor
        self._server = ServerOptions()
        self._served: Manifest | None = None
        self._code = Code()
        self._reloader: Reloader | None = None
        super().__init__()

    def load_config(self) -> None:
        """Gunicorn's settings: those of the environment, then what the manifest says."""
        # Of what is broken, the trial tells; the last sound values stay.
        manifest = read(self._path, self._options).manifest
        if manifest is not None:
            self._served, self._server = manifest, manifest.server
        parser = self.cfg.parser()
        given = vars(parser.parse_args(self.cfg.get_cmd_args_from_env()))
        for name, value in given.items():
            if value is not None and name != "args":
                self.cfg.set(name, value)
        for name, value in self._settings().items():
            self.cfg.set(name, value)

    def _settings(self) -> dict[str, Any]:
        server = self._server
        address = parse_address(server.bind)
        bind = f"unix:{address.path}" if address.path else str(address)
        return {
            "bind": bind if self._descriptor is None else f"fd://{self._descriptor}",
            "workers": self._count,
            "worker_class": Worker,
            "worker_connections": server.max_connections,
            "backlog": server.backlog,
            "graceful_timeout": int(server.grace) + KILL_MARGIN,
            # What is imported before the fork has not seen gevent.
            "preload_app": False,
            "control_socket_disable": True,
            "proc_name": "webzeug",
            "when_ready": self._announce,
        }

    def server_options(self) -> ServerOptions:
        """``[server]``, once the App has been made."""
        return self._server

    def load(self) -> Any:
        """The App, in a worker."""
        from webzeug.cli.production import Reloader, build_site

        try:
            site = build_site(self._path, self._options)
        except SystemExit:
            time.sleep(RETRY)  # or the arbiter would start one after another without a pause
            raise
        self._server = site.manifest.server
        self._reloader = Reloader(site, self._options.config)
        return site.app

    def reload_table(self) -> None:
        """Read the manifest again, in a worker that serves it."""
        if self._reloader is not None:
            self._reloader.reload()

    def is_sound(self) -> bool:
        """Try whether all can be imported and opened; says what cannot."""
        code = tried(self._try)
        self._code = code or self._code
        return code is not None

    def has_new_routes_only(self) -> bool:
        """Whether the workers can take the manifest as they are, as far as can be seen from here.

        They cannot if code has changed, or with a new View or other config.
        """
        checked = read(self._path, self._options)
        manifest = checked.manifest
        if manifest is None or not manifest.routes or checked.has_errors:
            return False
        if self._served is None or needs_restart(self._served, manifest):
            return False
        return self._code.has_all_of(manifest) and self._code.is_as_it_was()

    def _try(self) -> Manifest:
        from webzeug.server.patching import patch

        patch(already=("ssl",))
        from webzeug.cli.production import build_site, resource_failures

        site = build_site(self._path, self._options)
        if not site.manifest.routes:
            click.echo(f"error: {self._path} has no routes", err=True)
            raise SystemExit(FOUND_PROBLEMS)
        with resource_failures(site.manifest), site.app:
            return site.manifest

    def run(self) -> None:
        """Serve until a signal; exits."""
        if not self.is_sound():
            raise SystemExit(FOUND_PROBLEMS)
        CarefulArbiter(self).run()

    def _announce(self, arbiter: Arbiter) -> None:
        address = address_of(arbiter.LISTENERS[0].sock)
        routes = len(self._served.routes) if self._served is not None else 0
        click.echo(serves(self._path, routes, address), err=True)
        click.echo(f"{self._count} workers; press Ctrl-C to stop", err=True)


class NotReplacedError(Exception):
    """New workers end before they serve."""


class CarefulArbiter(Arbiter):
    """An arbiter that tries an application before it replaces workers that work."""

    app: Workers
    _last_age: int | None = None

    def reload(self) -> None:
        """SIGHUP: new tables, or new workers if code has changed; if it is broken, all stays."""
        if self.app.has_new_routes_only():
            for pid in list(self.WORKERS):
                self.kill_worker(pid, signal.SIGHUP)
            return
        if not self.app.is_sound():
            log.error("not reloaded: the workers go on with what they have")
            return
        self._last_age = self.worker_age
        try:
            super().reload()
        except NotReplacedError:
            log.error("not reloaded: the new workers do not come up, and the old ones go on")
        else:
            log.info("reloaded: new workers have taken over")
        finally:
            self._last_age = None

    def spawn_worker(self) -> int:
        """As Gunicorn's; a signal to the worker is heard however early it comes."""
        signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)

    def manage_workers(self) -> None:
        """As Gunicorn's; but in a reload, the old ones go on until as many new ones serve."""
        if self._last_age is not None:
            self._await_workers(self._last_age)
        super().manage_workers()

    def _await_workers(self, last_age: int) -> None:
        """Wait until the new workers serve. Those that die are replaced, a few times.

        Raises NotReplacedError if that is of no use; then there are no new ones.
        """
        deadline, spare = time.monotonic() + LONGEST, 3 * self.num_workers
        while time.monotonic() < deadline and spare >= 0:
            self.reap_workers()
            new = [worker for worker in self.WORKERS.values() if worker.age > last_age]
            for _ in range(self.num_workers - len(new)):
                self.spawn_worker()
                spare -= 1
            # Until its first sign of life, the file says when it was made, in Unix time.
            if len(new) >= self.num_workers and all(
                worker.tmp.last_update() <= time.monotonic() for worker in new
            ):
                return
            time.sleep(0.02)
        # Gunicorn would end the oldest of too many, and those are the ones that serve.
        for pid in [pid for pid, worker in self.WORKERS.items() if worker.age > last_age]:
            self.kill_worker(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
            if worker := self.WORKERS.pop(pid, None):
                worker.tmp.close()
        raise NotReplacedError
