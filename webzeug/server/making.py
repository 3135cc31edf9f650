"""What can be made of the files of an application as they are, sound or not."""

from dataclasses import dataclass, replace

from webzeug.app import App
from webzeug.assembly import resource_diagnostic
from webzeug.diagnostics import Diagnostic
from webzeug.loader import Options, build, read
from webzeug.manifest.model import Manifest, Server
from webzeug.reloading import Site, no_routes
from webzeug.resources import ResourceError


@dataclass(frozen=True, slots=True)
class Made:
    """An App, if there is one, and all that is wrong.

    ``site`` is there if everything could be imported. ``is_open`` tells whether the App's
    resources are open.
    """

    app: App | None
    manifest: Manifest | None
    diagnostics: tuple[Diagnostic, ...]
    site: Site | None = None
    is_open: bool = False

    @property
    def is_sound(self) -> bool:
        return self.is_open and not any(diagnostic.is_error for diagnostic in self.diagnostics)

    def server_options(self, options: Options) -> Server:
        """``[server]``, as far as the manifest can be read."""
        if self.manifest is not None:
            return self.manifest.server
        given = [text.partition("=")[2] for text in options.settings if _is_bind(text)]
        return Server(bind=given[-1].strip()) if given else Server()


def _is_bind(setting: str) -> bool:
    return setting.partition("=")[0].strip() == "server.bind"


def make(path: str, options: Options, *, must_be_sound: bool) -> Made:
    """Import everything, and open the resources.

    If something fails, there is no App if it ``must_be_sound``. Otherwise what can be made
    without is made: Views are imported when they are asked for.
    """
    eager = replace(options, eager=True)
    built = build(path, eager)
    if must_be_sound and built.manifest is not None and not built.manifest.routes:
        diagnostics = (*built.diagnostics, no_routes(built.manifest))
        return Made(None, built.manifest, diagnostics)
    if built.app is not None:
        site = Site(path, eager, built)
        return _opened(Made(built.app, built.manifest, built.diagnostics, site))
    if must_be_sound:
        return Made(None, built.manifest, built.diagnostics)
    lazy = build(path, replace(options, eager=False))
    return _opened(Made(lazy.app, built.manifest, built.diagnostics))


def explain(path: str, options: Options) -> Made:
    """Read the manifest, and import nothing."""
    return Made(None, read(path, options).manifest, ())


def _opened(made: Made) -> Made:
    if made.app is None or made.manifest is None:
        return made
    try:
        made.app.open()
    except ResourceError as error:
        failure = resource_diagnostic(made.manifest, error)
        return replace(made, diagnostics=(*made.diagnostics, failure))
    except Exception:
        # A middleware that cannot be made, of which the diagnostics tell: no request gets through.
        return replace(made, app=None)
    return replace(made, is_open=True)
