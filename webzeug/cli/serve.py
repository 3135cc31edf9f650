"""``webzeug serve``: a manifest becomes a gevent server."""

import logging
import os
import sys
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


@click.command(name="serve")
@manifest_argument
@click.option(
    "--bind", metavar="ADDRESS", help="host:port to listen on; [server] bind unless given."
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

    if bind is not None:
        settings = (*settings, f"server.bind={bind}")
    options = Options(
        settings=settings, config=config, environ=os.environ, app_dir=app_dir, eager=True
    )
    app, model = _build(manifest, options)
    _configure_logging()
    server = _bind(app, model)
    _open(app, model)
    _announce(manifest, model, server)
    try:
        code = server.run()
    finally:
        app.close()
    raise SystemExit(code)


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
    from webzeug.server.serve import BindError, Server, ServerOptions

    options = manifest.server
    server = Server(
        app,
        ServerOptions(
            bind=options.bind,
            grace=options.grace,
            max_connections=options.max_connections,
            backlog=options.backlog,
        ),
    )
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


def _announce(path: str, manifest: "Manifest", server: "Server") -> None:
    from webzeug.reporting.text import count

    number = count(len(manifest.routes), "route")
    click.echo(f"webzeug serves {path} ({number}) on {server.url}", err=True)
    click.echo("press Ctrl-C to stop", err=True)
