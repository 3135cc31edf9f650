"""``webzeug serve``: a manifest becomes a gevent server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NoReturn

import click

from webzeug.cli.options import (
    COULD_NOT_RUN,
    app_dir_option,
    config_option,
    fail,
    manifest_argument,
    set_option,
)

if TYPE_CHECKING:
    from gevent.event import Event

    from webzeug.cli.production import Reloader
    from webzeug.loader import Options
    from webzeug.reloading import Site
    from webzeug.server.serve import Server


def _checked_address(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    from webzeug.manifest.address import parse_address

    if value is not None:
        try:
            parse_address(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
    return value


@click.command(name="serve")
@manifest_argument
@click.option(
    "--bind",
    metavar="ADDRESS",
    callback=_checked_address,
    help="host:port to listen on; [server] bind unless given.",
)
@config_option
@set_option
@app_dir_option
@click.option(
    "--fd",
    type=click.IntRange(min=3),
    metavar="N",
    help="Serve on an open descriptor that listens, such as systemd's (3), instead of --bind.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Serve with N processes under Gunicorn (extra `gunicorn`).",
)
@click.option("--follow", is_flag=True, help="Read the manifest again whenever it changes.")
@click.option("--dev", is_flag=True, help="Follow every change of the manifest and of the code.")
@click.option("--poll", is_flag=True, help="With --dev: look at the files regularly (bind mounts).")
def command(
    manifest: str,
    bind: str | None,
    config: str | None,
    settings: tuple[str, ...],
    app_dir: str | None,
    fd: int | None,
    workers: int | None,
    follow: bool,
    dev: bool,
    poll: bool,
) -> None:
    """Serve MANIFEST (routes.toml unless given) with gevent.

    All Views are imported before it listens. Ctrl-C or SIGTERM stops it: requests under way
    finish within [server] grace, then the resources are closed. SIGHUP reads the manifest again.
    """
    if fd is not None and (bind is not None or dev):
        raise click.UsageError(f"--fd and {'--dev' if dev else '--bind'} exclude each other")
    if follow and dev:
        raise click.UsageError("--dev follows every change already; leave out --follow")
    if workers is not None and (dev or follow):
        other = "--dev" if dev else "--follow"
        raise click.UsageError(f"--workers and {other} exclude each other")
    if bind is not None:
        settings = (*settings, f"server.bind={bind}")
    if poll and not dev:
        raise click.UsageError("--poll is only of use together with --dev")
    if dev:
        raise SystemExit(_develop(manifest, config, settings, app_dir, poll=poll))
    if workers is not None:
        _serve_with_workers(manifest, config, settings, app_dir, workers, fd)
    # Before anything that the application may import has seen the blocking functions.
    from webzeug.server.patching import patch

    patch()
    from webzeug.loader import Options
    from webzeug.server.signals import hang_ups, quiet_interrupts

    options = Options(
        settings=settings, config=config, environ=os.environ, app_dir=app_dir, eager=True
    )
    with hang_ups() as hang_up, quiet_interrupts():
        descriptor = fd if fd is not None or bind is not None else _systemds_descriptor()
        _serve(manifest, options, hang_up, _Given(descriptor, follow))


@dataclass(frozen=True, slots=True)
class _Given:
    """What the command line says about serving in production."""

    descriptor: int | None
    follows: bool


def _systemds_descriptor() -> int | None:
    from webzeug.server.listening import BindError, systemd_descriptor

    try:
        return systemd_descriptor(os.environ, os.getpid())
    except BindError as error:
        raise fail(str(error), COULD_NOT_RUN) from None


def _serve_with_workers(
    manifest: str,
    config: str | None,
    settings: tuple[str, ...],
    app_dir: str | None,
    workers: int,
    fd: int | None,
) -> NoReturn:
    from webzeug.loader import Options

    try:
        from webzeug.cli.workers import Workers
    except ModuleNotFoundError as error:
        if error.name != "gunicorn":
            raise
        help = "pip install 'webzeug[gunicorn]'"
        raise fail("serve --workers needs Gunicorn", COULD_NOT_RUN, help) from None
    options = Options(
        settings=settings, config=config, environ=os.environ, app_dir=app_dir, eager=True
    )
    Workers(manifest, options, workers, fd).run()
    raise SystemExit


def _develop(
    manifest: str,
    config: str | None,
    settings: tuple[str, ...],
    app_dir: str | None,
    *,
    poll: bool,
) -> int:
    if os.name == "nt":
        raise fail("serve --dev needs Linux or macOS", COULD_NOT_RUN, "serve without it")
    from webzeug.cli.development import serve_in_development
    from webzeug.server.generation import Order

    return serve_in_development(Order(manifest, settings, config, app_dir), poll=poll)


def _serve(path: str, options: "Options", hang_up: "Event", given: "_Given") -> None:
    from webzeug.cli.production import Reloader, build_site, resource_failures
    from webzeug.server.log import configure_logging

    site = build_site(path, options)
    app, manifest = site.app, site.manifest
    configure_logging()
    server = _bind(site, given.descriptor)
    reloader = Reloader(site, options.config)
    with resource_failures(manifest):
        app.open()
    try:
        follows = reloader.following() if given.follows else nullcontext()
        with follows, _hang_ups(reloader, hang_up, server):
            server.run(ready=partial(_announce, path, site, server))
    finally:
        with resource_failures(manifest):
            app.close()


@contextmanager
def _hang_ups(reloader: "Reloader", hang_up: "Event", server: "Server") -> Iterator[None]:
    """Reload the manifest at each SIGHUP; stop instead if it came because the terminal closed."""
    import gevent

    has_terminal = os.isatty(0)

    def follow() -> None:
        while hang_up.wait():
            hang_up.clear()
            if has_terminal and not os.isatty(0):
                gevent.spawn(server.stop)
                return
            reloader.reload()

    following = gevent.spawn(follow)
    try:
        yield
    finally:
        following.kill()


def _bind(site: "Site", descriptor: int | None) -> "Server":
    from webzeug.server.listening import BindError, inherited_listener
    from webzeug.server.serve import Server

    try:
        listener = None if descriptor is None else inherited_listener(descriptor)
        server = Server(site.app, site.manifest.server, listener, site.app.draining)
        server.bind()
    except BindError as error:
        raise fail(str(error)) from None
    return server


def _announce(path: str, site: "Site", server: "Server") -> None:
    from webzeug.reporting.following import serves

    click.echo(serves(path, len(site.manifest.routes), server.address), err=True)
    table = f"table {site.generation} ({site.digest})"
    click.echo(f"{table}; press Ctrl-C to stop", err=True)
