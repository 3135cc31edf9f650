"""Manifest file to App: the whole pipeline on one page. Read this first.

    bytes -> Document -> Manifest -> checks -> RouteTable -> App

Each stage takes a value, and returns a value and diagnostics; none prints, exits or keeps state.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from webzeug.app import App, Parts
from webzeug.assembly import Assembly, refusal_diagnostic
from webzeug.checks import TABLE_CHECKS, find_all, not_ignored, run_checks
from webzeug.checks.context import Context, Finding
from webzeug.diagnostics import Diagnostic, in_file_order
from webzeug.linking import Linker
from webzeug.manifest.changes import digest
from webzeug.manifest.concealing import conceal
from webzeug.manifest.document import Document, read_document
from webzeug.manifest.model import Manifest
from webzeug.manifest.reading import read_manifest
from webzeug.manifest.settings import Overrides
from webzeug.pacing import Pace
from webzeug.routing.compiling import RouteProblem


class ManifestError(Exception):
    """A manifest that cannot be served. ``diagnostics`` are all of its problems.

    Its text, which may end up in a log, shows no values of ``[config]`` or of the file ``config``.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic], config: str | None = None) -> None:
        told = conceal(diagnostics, config)
        super().__init__("\n".join(f"{each}\n{each.trace}".rstrip() for each in told))
        self.diagnostics = tuple(diagnostics)


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who starts the program adds to the manifest's path.

    ``settings`` are texts such as ``server.bind=:8000``; ``config`` is the path of a TOML file
    with config values; ``environ`` is None for commands that must not read the environment;
    ``app_dir`` is where dotted paths are found first, the manifest's folder unless given.
    ``strict`` checks for what works, too, and may break when the file is edited.
    """

    settings: Sequence[str] = ()
    config: str | None = None
    environ: Mapping[str, str] | None = None
    app_dir: str | None = None
    eager: bool = False
    development: bool = False
    propagate_errors: bool = False
    strict: bool = False

    def folder(self, path: str) -> str:
        """The absolute folder that dotted paths of a manifest are found from first."""
        return os.path.abspath(self.app_dir or os.path.dirname(path) or ".")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a manifest says, as far as it is sound, and everything that is wrong with it."""

    manifest: Manifest | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.is_error for diagnostic in self.diagnostics)


@dataclass(frozen=True, slots=True)
class Built:
    """A working App, or None where there is an error among the diagnostics.

    ``parts`` are the App's, for a swap; ``assembly`` is what the next build takes over from.
    """

    app: App | None
    manifest: Manifest | None
    diagnostics: tuple[Diagnostic, ...]
    parts: Parts | None = None
    assembly: Assembly | None = None


def read(path: str, options: Options = Options()) -> Checked:
    """Read a manifest and check what needs the manifest alone."""
    manifest, diagnostics = _read(path, options)
    if manifest is not None:
        diagnostics += _found(run_checks(TABLE_CHECKS, Context(manifest)))
    return Checked(manifest, in_file_order(diagnostics))


def check(path: str, options: Options = Options()) -> Checked:
    """Read a manifest and check it and the code that it names, which is read but never run."""
    # What proves things about tables takes longer to import than all else here.
    from webzeug.checks.ignores import check_ignores
    from webzeug.checks.linting import CODE_CHECKS, LINT_CHECKS, STRICT_CHECKS

    manifest, diagnostics = _read(path, options)
    if manifest is not None:
        is_whole = not any(diagnostic.is_error for diagnostic in diagnostics)
        context = Context(manifest, [options.folder(path), *sys.path], is_whole)
        checks = (*TABLE_CHECKS, *LINT_CHECKS, *CODE_CHECKS)
        checks = (*checks, *STRICT_CHECKS) if options.strict else checks
        findings = find_all(checks, context)
        # What a broken entry or a setting of the moment hides may need the `ignore`.
        if is_whole and not options.settings:
            findings += check_ignores(manifest, findings, options.strict)
        diagnostics += _found(not_ignored(findings))
    return Checked(manifest, in_file_order(diagnostics))


def check_imported(path: str, options: Options = Options()) -> Checked:
    """``check``, and what importing the application tells beyond its text.

    What the manifest names is imported and middlewares are made, as when a server starts;
    resources stay closed.
    """
    from webzeug.checks.imported import check_imported

    checked = check(path, options)
    built = build(path, replace(options, eager=True))
    if built.manifest is None:
        return checked
    folder = options.folder(path)
    context = Context(built.manifest, [folder, *sys.path])
    findings = not_ignored(check_imported(context, Linker(folder)))
    # Of what has been said in the terms of the text, a failed import is a result.
    said = [*checked.diagnostics, *_not_on_lines_of(checked.diagnostics, _found(findings))]
    return Checked(
        checked.manifest, in_file_order([*said, *_not_on_lines_of(said, built.diagnostics)])
    )


def _not_on_lines_of(said: Iterable[Diagnostic], more: Iterable[Diagnostic]) -> list[Diagnostic]:
    lines = {(each.span.source.path, each.span.line) for each in said}
    return [each for each in more if (each.span.source.path, each.span.line) not in lines]


def build(
    path: str,
    options: Options = Options(),
    former: Assembly | None = None,
    pace: Pace = Pace(),  # noqa: B008  # it has no state
) -> Built:
    """Read a manifest and make its App, whose resources are still closed.

    With ``eager``, everything that a dotted path names is imported now, and failures are among
    the diagnostics; else Views are imported when they are first asked for. ``former`` is the
    assembly of the App that runs: middlewares whose entries are the same stay the same objects.
    ``pace`` makes room for what else the process does.
    """
    manifest, diagnostics = pace.aside(lambda: _read(path, options))
    if manifest is None:
        return Built(None, None, tuple(diagnostics))
    folder = options.folder(path)
    context = Context(manifest)
    findings = pace.aside(lambda: run_checks(TABLE_CHECKS, context))
    _look_first_in(folder)
    linker = former.linker if former else Linker(folder)
    assembly = Assembly(manifest, linker, former, pace)
    compiled = assembly.compile()
    if options.eager:
        assembly.link_all()
    diagnostics += [*_found(findings), *assembly.failures.diagnostics()]
    diagnostics += map(refusal_diagnostic, _unexplained(compiled.problems, findings))
    if any(diagnostic.is_error for diagnostic in diagnostics):
        return Built(None, manifest, in_file_order(diagnostics))
    parts = assembly.parts(compiled.table, digest(manifest))
    app = App(
        parts,
        config=manifest.config,
        resources=assembly.openers(),
        development=options.development,
        propagate_errors=options.propagate_errors,
    )
    return Built(app, manifest, in_file_order(diagnostics), parts, assembly)


def load(
    path: str | os.PathLike[str] = "routes.toml",
    *,
    config: str | None = None,
    settings: Sequence[str] = (),
    environ: Mapping[str, str] | None = None,
    app_dir: str | None = None,
    eager: bool = False,
    development: bool = False,
    propagate_errors: bool = False,
) -> App:
    """The App of a manifest, for scripts, tests and other WSGI servers.

    ``with webzeug.load("routes.toml") as app:`` opens its resources and closes them again; a
    server that only calls it opens them before the first request. ``environ`` is
    ``os.environ`` unless given. Raises ManifestError with all that is wrong.
    """
    options = Options(
        settings=settings,
        config=config,
        environ=os.environ if environ is None else environ,
        app_dir=app_dir,
        eager=eager,
        development=development,
        propagate_errors=propagate_errors,
    )
    built = build(os.fspath(path), options)
    if built.app is None:
        raise ManifestError([d for d in built.diagnostics if d.is_error], config)
    return built.app


def _found(findings: Iterable[Finding]) -> list[Diagnostic]:
    return [finding.diagnostic for finding in findings]


def _unexplained(
    problems: Iterable[RouteProblem], findings: Sequence[Finding]
) -> Iterator[RouteProblem]:
    """The routes that Werkzeug refuses and that no check has said more about."""
    for problem in problems:
        if not any(finding.route is problem.route for finding in findings):
            yield problem


def _look_first_in(folder: str) -> None:
    """Let imports look in a folder before all others."""
    if sys.path[:1] != [folder]:
        sys.path[:] = [folder, *(other for other in sys.path if other != folder)]


def _read(path: str, options: Options) -> tuple[Manifest | None, list[Diagnostic]]:
    config: Document | None = None
    problems: list[Diagnostic] = []
    if options.config is not None:
        config, problems = read_document(options.config, options.config)
    overrides = Overrides(options.settings, config, options.environ)
    manifest, diagnostics = read_manifest(path, overrides)
    if manifest is not None and options.config is not None:
        documents = manifest.documents if config is None else (*manifest.documents, config)
        files = (*manifest.files, options.config)
        manifest = replace(manifest, documents=documents, files=files)
    return manifest, [*diagnostics, *problems]
