"""``webzeug serve``: a manifest becomes a gevent server."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from webzeug.cli.options import (
    COULD_NOT_RUN,
    FOUND_PROBLEMS,
    app_dir_option,
    config_option,
    fail,
    manifest_argument,
    print_diagnostics,
    set_option,
)

if TYPE_CHECKING:
    from gevent.event import Event

    from webzeug.app import App
    from webzeug.loader import Options
    from webzeug.manifest.model import Manifest
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
@click.option("--dev", is_flag=True, help="Follow every change of the manifest and of the code.")
@click.option("--poll", is_flag=True, help="With --dev: look at the files regularly (bind mounts).")
def command(
    manifest: str,
    bind: str | None,
    config: str | None,
    settings: tuple[str, ...],
    app_dir: str | None,
    dev: bool,
    poll: bool,
) -> None:
    """Serve MANIFEST (routes.toml unless given) with gevent.

    All Views are imported before it listens. Ctrl-C or SIGTERM stops it: requests under way
    finish within [server] grace, then the resources are closed. SIGHUP reads the manifest again.
    """
    if bind is not None:
        settings = (*settings, f"server.bind={bind}")
    if poll and not dev:
        raise click.UsageError("--poll is only of use together with --dev")
    if dev:
        raise SystemExit(_develop(manifest, config, settings, app_dir, poll=poll))
    # Before anything that the application may import has seen the blocking functions.
    from webzeug.server.patching import patch

    patch()
    from webzeug.loader import Options
    from webzeug.server.signals import hang_ups, quiet_interrupts

    options = Options(
        settings=settings, config=config, environ=os.environ, app_dir=app_dir, eager=True
    )
    with hang_ups() as hang_up, quiet_interrupts():
        _serve(manifest, options, hang_up)


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


def _serve(path: str, options: "Options", hang_up: "Event") -> None:
    from webzeug.server.log import configure_logging

    site = _build(path, options)
    app, manifest = site.app, site.manifest
    configure_logging()
    server = _bind(app, manifest)
    with _resource_failures(manifest):
        app.open()
    try:
        with _reloads(site, hang_up, server):
            server.run(ready=partial(_announce, path, manifest, server))
    finally:
        with _resource_failures(manifest):
            app.close()


def _build(path: str, options: "Options") -> "Site":
    from webzeug.loader import build
    from webzeug.reloading import Site

    built = build(path, options)
    print_diagnostics(built.diagnostics)
    if built.manifest is None:
        raise SystemExit(COULD_NOT_RUN)
    if built.app is None:
        raise SystemExit(FOUND_PROBLEMS)
    return Site(path, options, built)


@contextmanager
def _reloads(site: "Site", hang_up: "Event", server: "Server") -> Iterator[None]:
    """Reload the manifest at each SIGHUP; stop instead if it came because the terminal closed."""
    import gevent

    has_terminal = os.isatty(0)

    def follow() -> None:
        while hang_up.wait():
            hang_up.clear()
            if has_terminal and not os.isatty(0):
                gevent.spawn(server.stop)
                return
            _reload(site)

    following = gevent.spawn(follow)
    try:
        yield
    finally:
        following.kill()


def _reload(site: "Site") -> None:
    from webzeug.reloading import Outcome
    from webzeug.reporting.reloads import render_reload

    log = logging.getLogger("webzeug.reload")
    try:
        reload = site.reload()
    except Exception:
        log.exception("reloading failed; the table is as it was")
        return
    is_well = reload.outcome in (Outcome.SWAPPED, Outcome.UNCHANGED)
    level = logging.INFO if is_well else logging.ERROR
    log.log(level, "%s", render_reload(reload))


def _bind(app: "App", manifest: "Manifest") -> "Server":
    from webzeug.server.listening import BindError
    from webzeug.server.serve import Server

    server = Server(app, manifest.server, stopping=app.draining)
    try:
        server.bind()
    except BindError as error:
        raise fail(str(error)) from None
    return server


@contextmanager
def _resource_failures(manifest: "Manifest") -> Iterator[None]:
    """Show a resource that cannot be opened or closed at its place in the manifest, and exit."""
    from webzeug.assembly import resource_diagnostic
    from webzeug.resources import ResourceError

    try:
        yield
    except ResourceError as error:
        print_diagnostics([resource_diagnostic(manifest, error)])
        raise SystemExit(FOUND_PROBLEMS) from None


def _announce(path: str, manifest: "Manifest", server: "Server") -> None:
    from webzeug.reporting.following import serves

    click.echo(serves(path, len(manifest.routes), server.address), err=True)
    click.echo("press Ctrl-C to stop", err=True)
