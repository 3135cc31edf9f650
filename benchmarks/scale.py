"""Scale: what each step costs for a manifest of 11,000 routes.

    python benchmarks/scale.py

Makes a manifest of groups with static, int and string patterns, and the modules of their Views,
and takes it through all steps, each round in a process of its own. Prints the median of each,
in CPU time, which other programs on the machine disturb little.
"""

import argparse
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROUTES = 11_000
ROUNDS = 5
PER_GROUP = 110

PATTERNS = (
    ("/pages/{number}", ""),
    ("/pages/{number}/", ', methods = ["GET", "POST"]'),
    ("/items-{number}/<int:id>", ', methods = ["GET", "PUT", "DELETE"]'),
    ("/items-{number}/<int:id>/parts/<int:part>", ""),
    ("/people-{number}/<name>", ""),
    ("/people-{number}/<name>/notes/<slug>/", ", defaults = {{ limit = 50 }}"),
    ("/files-{number}/<path:file>", ', tags = ["files"]'),
)
"""The patterns of a group, and more options of their routes."""


def manifest_text(routes: int, per_group: int = PER_GROUP) -> str:
    """A manifest of this many routes; each leads to a View of its own."""
    lines = ["[routes]", '"/" = "views.group_0.View0"']
    for number in range(1, routes):
        group, number_in_group = divmod(number, per_group)
        if number_in_group == 0 or number == 1:
            lines += ["", f'[routes."/group-{group}"]', f'name = "group_{group}"']
        pattern, options = PATTERNS[number % len(PATTERNS)]
        view = f'view = "views.group_{group}.View{number}"'
        lines.append(f'"{pattern.format(number=number)}" = {{ {view}{options.format()} }}')
    return "\n".join([*lines, ""])


def write_project(folder: Path, routes: int, per_group: int = PER_GROUP) -> Path:
    """Write the manifest and a module of Views for each group; returns the manifest's path."""
    (folder / "views").mkdir()
    for first in range(0, routes, per_group):
        views = range(first, min(first + per_group, routes))
        code = "from webzeug import Response, View\n\n" + "\n".join(map(view_code, views))
        (folder / "views" / f"group_{first // per_group}.py").write_text(code, "utf-8")
    manifest = folder / "routes.toml"
    manifest.write_text(manifest_text(routes, per_group), "utf-8")
    return manifest


def view_code(number: int) -> str:
    """A View that takes any variables, with the verbs of its pattern."""
    _, options = PATTERNS[number % len(PATTERNS)]
    verbs = re.findall(r'"([A-Z]+)"', options) if number else []
    methods = "\n".join(
        f'    def {verb}(self, **args):\n        return Response("{number}")\n'
        for verb in verbs or ["GET"]
    )
    return f"\nclass View{number}(View):\n{methods}"


def measure(path: str) -> dict[str, float]:
    """Take a manifest through all steps: CPU seconds of each, and octets of memory at the end."""
    from webzeug.assembly import Assembly
    from webzeug.checks import TABLE_CHECKS, run_checks
    from webzeug.checks.context import Context
    from webzeug.checks.linting import CODE_CHECKS
    from webzeug.linking import Linker
    from webzeug.manifest.reading import read_manifest
    from webzeug.reporting.listing import rows
    from webzeug.reporting.style import Style
    from webzeug.reporting.tables import FORMATS

    folder = os.path.dirname(path)
    seconds: dict[str, float] = {}

    def timed(step: str, action: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = action()
        seconds[step] = time.process_time() - start
        return result

    manifest, diagnostics = timed("read", lambda: read_manifest(path))
    assert manifest is not None
    assert not diagnostics, diagnostics[0]
    context = Context(manifest, [folder])
    checks = (*TABLE_CHECKS, *CODE_CHECKS)
    findings = timed("check", lambda: list(run_checks(checks, context)))
    assert not findings, findings[0]
    compiled = timed("compile", lambda: Assembly(manifest, Linker(folder)).compile())
    assert not compiled.problems, compiled.problems[0]
    match = timed("first match", lambda: compiled.table.match(environ_of(manifest.routes[-1])))
    assert match.route is manifest.routes[-1]
    listing = timed(
        "list", lambda: FORMATS["table"](rows(manifest, context.codebase), Style(color=False))
    )
    assert listing.count("\n") > len(manifest.routes)
    return {**seconds, "memory": peak_memory()}


def environ_of(route: Any) -> dict[str, Any]:
    """A request that a route takes."""
    texts = {"int": "7", "path": "a/b", "default": "abc"}
    path = route.pattern.text
    for variable in route.pattern.variables:
        path = path.replace(str(variable), texts[variable.converter])
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
    }


def peak_memory() -> float:
    """The most resident memory that this process has had, in octets."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def run_rounds(path: Path, rounds: int) -> Iterator[dict[str, float]]:
    """Measure in new processes, one after another."""
    for _ in range(rounds):
        command = [sys.executable, __file__, "--measure", str(path)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        yield json.loads(done.stdout)


def report(path: Path, routes: int, results: list[dict[str, float]]) -> str:
    """The table of the medians."""
    size, names = path.stat().st_size / 1e6, ("werkzeug", "tomli")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    lines = [
        f"{routes:,} routes in one file of {size:.1f} MB; median of {len(results)} rounds",
        f"Python {platform.python_version()}, {versions}",
        "",
        f"{'step':<12}{'ms':>10}{'us per route':>14}",
    ]
    for step in results[0]:
        median = statistics.median(result[step] for result in results)
        if step == "memory":
            lines.append(
                f"{'memory':<12}{median / 2**20:>6.0f} MiB{median / routes / 1024:>10.1f} KiB"
            )
        elif step == "first match":
            lines.append(f"{step:<12}{median * 1e3:>10.2f}")
        else:
            lines.append(f"{step:<12}{median * 1e3:>10.0f}{median / routes * 1e6:>14.1f}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--routes", type=int, default=ROUTES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--measure", metavar="MANIFEST", help="one round, as JSON")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = write_project(Path(folder), options.routes)
        print(report(path, options.routes, list(run_rounds(path, options.rounds))))


if __name__ == "__main__":
    main()
