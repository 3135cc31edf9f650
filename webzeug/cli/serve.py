"""``webzeug serve``: a manifest becomes a gevent server."""

import logging
import os
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from webzeug.cli.options import (
    COULD_NOT_RUN,
    FOUND_PROBLEMS,
    app_dir_option,
    fail,
    manifest_argument,
    print_diagnostics,
    set_option,
)

if TYPE_CHECKING:
    from webzeug.app import App
    from webzeug.loader import Options
    from webzeug.manifest.model import Manifest
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
@click.option(
    "--config",
    type=click.Path(),
    metavar="FILE",
    help="A TOML file with config values, on top of [config].",
)
@set_option
@app_dir_option
def command(
    manifest: str,
    bind: str | None,
    config: str | None,
    settings: tuple[str, ...],
    app_dir: str | None,
) -> None:
    """Serve MANIFEST (routes.toml unless given) with gevent.

    All Views are imported before it listens. Ctrl-C or SIGTERM stops it: requests under way
    finish within [server] grace, then the resources are closed.
    """
    # Before anything that the application may import has seen the blocking functions.
    from gevent import monkey

    monkey.patch_all()
    from webzeug.loader import Options
    from webzeug.server.signals import quiet_interrupts

    if bind is not None:
        settings = (*settings, f"server.bind={bind}")
    options = Options(
        settings=settings, config=config, environ=os.environ, app_dir=app_dir, eager=True
    )
    with quiet_interrupts():
        _serve(manifest, options)


def _serve(path: str, options: "Options") -> None:
    app, manifest = _build(path, options)
    _configure_logging()
    server = _bind(app, manifest)
    _open(app, manifest)
    try:
        server.run(ready=partial(_announce, path, manifest, server))
    finally:
        _close(app)


def _build(path: str, options: "Options") -> "tuple[App, Manifest]":
    from webzeug.loader import build

    built = build(path, options)
    print_diagnostics(built.diagnostics)
    if built.manifest is None:
        raise SystemExit(COULD_NOT_RUN)
    if built.app is None:
        raise SystemExit(FOUND_PROBLEMS)
    return built.app, built.manifest


def _configure_logging() -> None:
    """Log to stderr, unless the application has set logging up when it was imported."""
    if not logging.getLogger().handlers:
        logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)


def _bind(app: "App", manifest: "Manifest") -> "Server":
    from webzeug.server.listening import BindError
    from webzeug.server.serve import Server

    server = Server(app, manifest.server)
    try:
        server.bind()
    except BindError as error:
        raise fail(str(error)) from None
    return server


def _open(app: "App", manifest: "Manifest") -> None:
    from webzeug.assembly import resource_diagnostic
    from webzeug.resources import ResourceError

    try:
        app.open()
    except ResourceError as error:
        print_diagnostics([resource_diagnostic(manifest, error)])
        raise SystemExit(FOUND_PROBLEMS) from None


def _close(app: "App") -> None:
    from webzeug.tracebacks import users_traceback

    try:
        app.close()
    except Exception as error:
        click.echo(users_traceback(error), err=True, nl=False)
        raise fail(f"closing the resources raised {type(error).__name__}") from None


def _announce(path: str, manifest: "Manifest", server: "Server") -> None:
    from webzeug.reporting.text import count

    number = count(len(manifest.routes), "route")
    everywhere = " and all other addresses" if server.address.host in ("0.0.0.0", "::") else ""
    click.echo(f"webzeug serves {path} ({number}) on {server.address.url}{everywhere}", err=True)
    click.echo("press Ctrl-C to stop", err=True)
