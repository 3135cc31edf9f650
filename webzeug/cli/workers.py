"""``serve --workers``: Gunicorn's arbiter over processes of our server."""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

import click
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from webzeug.cli.options import FOUND_PROBLEMS
from webzeug.loader import Options, read
from webzeug.manifest.address import parse_address
from webzeug.manifest.model import Server as ServerOptions
from webzeug.reporting.following import serves
from webzeug.server.gunicorn_worker import ENDS, Worker
from webzeug.server.listening import address_of

log = logging.getLogger("gunicorn.error")

TRIAL = 120.0
"""Seconds that everything may take to be imported and opened for a trial."""

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
        self._routes = 0
        super().__init__()

    def load_config(self) -> None:
        """Gunicorn's settings: those of the environment, then what the manifest says."""
        # Of what is broken, the trial tells; the last sound values stay.
        manifest = read(self._path, self._options).manifest
        if manifest is not None:
            self._server, self._routes = manifest.server, len(manifest.routes)
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
        from webzeug.cli.production import build_site

        try:
            site = build_site(self._path, self._options)
        except SystemExit:
            time.sleep(RETRY)  # or the arbiter would start one after another without a pause
            raise
        self._server = site.manifest.server
        return site.app

    def is_sound(self) -> bool:
        """Try in a process of its own whether all can be imported and opened; says what cannot."""
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if not pid:
            _end_as(self._try)
        deadline = time.monotonic() + TRIAL
        while time.monotonic() < deadline:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status) == 0
            time.sleep(0.02)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return False

    def _try(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        from webzeug.server.patching import patch

        patch(already=("ssl",))
        from webzeug.cli.production import build_site, resource_failures

        site = build_site(self._path, self._options)
        if not site.manifest.routes:
            click.echo(f"error: {self._path} has no routes", err=True)
            raise SystemExit(FOUND_PROBLEMS)
        with resource_failures(site.manifest), site.app:
            pass

    def run(self) -> None:
        """Serve until a signal; exits."""
        if not self.is_sound():
            raise SystemExit(FOUND_PROBLEMS)
        CarefulArbiter(self).run()

    def _announce(self, arbiter: Arbiter) -> None:
        address = address_of(arbiter.LISTENERS[0].sock)
        click.echo(serves(self._path, self._routes, address), err=True)
        click.echo(f"{self._count} workers; press Ctrl-C to stop", err=True)


class CarefulArbiter(Arbiter):
    """An arbiter that tries an application before it replaces workers that work."""

    app: Workers
    _last_age: int | None = None

    def reload(self) -> None:
        """SIGHUP: new workers if the manifest and its code are sound; else all stays as it is."""
        if not self.app.is_sound():
            log.error("not reloaded: the workers go on with what they have")
            return
        self._last_age = self.worker_age
        try:
            super().reload()
        finally:
            self._last_age = None
        log.info("reloaded: new workers have taken over")

    def spawn_worker(self) -> int:
        """As Gunicorn's; a signal that ends the worker is heard however early it comes."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)

    def manage_workers(self) -> None:
        """As Gunicorn's; but in a reload, the old ones go on until the new ones serve."""
        if self._last_age is not None:
            self._await_workers(self._last_age)
        super().manage_workers()

    def _await_workers(self, last_age: int) -> None:
        deadline = time.monotonic() + TRIAL
        while time.monotonic() < deadline:
            self.reap_workers()
            new = [worker for worker in self.WORKERS.values() if worker.age > last_age]
            # Until its first sign of life, the file says when it was made, in Unix time.
            if all(worker.tmp.last_update() <= time.monotonic() for worker in new):
                return
            time.sleep(0.02)


def _end_as(what: Callable[[], None]) -> NoReturn:
    """End this process, whatever its parent would still do, with what a function exits with."""
    code = 1
    try:
        what()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)
