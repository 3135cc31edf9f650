"""Route tables to match: those of real programs, and made ones of any size.

A table is named by a text, such as ``go_github.json``, ``github`` or ``synthetic:1000``, so that
each process can make it for itself.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.routers import Row
from benchmarks.workers import ROOT

SHARED = ROOT.parent / "shared" / "tables"
"""Where tables of real programs may lie, beside the project."""

GO_TABLES = ("go_static.json", "go_github.json", "go_gplus.json", "go_parse.json")
STRIPE = "oa_stripe_com.json.gz"

OPENAPI = "@octokit/openapi@23.0.2"
"""GitHub's own description of its REST API, on npm."""

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

PER_SECTION = 10
"""Synthetic resources, of eight rows each, that share a first segment."""


class NoTableError(Exception):
    """A table that is not to be had here; the message says why."""


def table(name: str, cache: Path | None = None, *, may_download: bool = False) -> list[Row]:
    """The rows of a table, named r0, r1, ... Raises NoTableError."""
    kind, _, size = name.partition(":")
    match kind:
        case "synthetic":
            patterns = _synthetic(int(size))
        case "mixed":
            patterns = ((f"/shop/cat{n}-<slug>", ("GET",)) for n in range(int(size)))
        case "github":
            patterns = _openapi(_github(cache, may_download))
        case _:
            patterns = dumped(SHARED / name)
    rows = [Row(_renamed(pattern), "", methods) for pattern, methods in patterns]
    return [row._replace(name=f"r{number}") for number, row in enumerate(rows)]


def _renamed(pattern: str) -> str:
    """The pattern with variables named by position: Falcon wants one name at one place."""
    parts = enumerate(pattern.split("/"))
    return "/".join(re.sub(r"<(int:)?\w+>", rf"<\g<1>v{number}>", part) for number, part in parts)


def _synthetic(size: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Sections of static and varying rows; one first segment is a variable, some rows end in /."""
    yield "/<tenant>/settings", ("GET",)
    yield "/<tenant>/members/<int:id>", ("GET",)
    kinds = (
        "/section{0}/page{1}",
        "/section{0}/item{1}/<int:id>",
        "/section{0}/page{1}/about",
        "/section{0}/item{1}/<int:id>/parts/<name>",
        "/section{0}/folder{1}/",
        "/section{0}/page{1}/deep/er",
        "/section{0}/people{1}/<name>",
        "/section{0}/item{1}/<int:id>/edit",
    )
    for number in range(size - 2):
        resource, kind = divmod(number, len(kinds))
        pattern = kinds[kind].format(resource // PER_SECTION, resource)
        yield pattern, ("GET", "POST") if number % 2 else ("GET",)


def dumped(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not path.exists():
        raise NoTableError(f"{path.name} is not in ../shared/tables")
    raw = path.read_bytes()
    data = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    for rule in data["rules"]:
        yield rule["pattern"], tuple(verb for verb in rule["methods"] if verb != "OPTIONS")


def _openapi(paths: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A row for each operation. A path with two variables in a segment is left out."""
    for path, operations in paths.items():
        if not re.search(r"[^/]\{|\}[^/]", path):
            for verb in VERBS:
                if verb.lower() in operations:
                    yield path.replace("{", "<").replace("}", ">").replace("-", "_"), (verb,)


def _github(cache: Path | None, may_download: bool) -> dict[str, Any]:
    """The paths of GitHub's description, from the cache folder, else from npm."""
    if cache is None:
        raise NoTableError("GitHub's OpenAPI needs a cache folder")
    kept = cache / "github-paths.json"
    if not kept.exists():
        if not may_download or shutil.which("npm") is None:
            raise NoTableError(f"GitHub's OpenAPI is not in {cache}, and not downloaded")
        cache.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(_download(cache)), "utf-8")
    paths: dict[str, Any] = json.loads(kept.read_text("utf-8"))
    return paths


def _download(cache: Path) -> dict[str, list[str]]:
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        done = subprocess.run(
            ["npm", "pack", "--silent", OPENAPI],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            raise NoTableError(f"npm pack {OPENAPI} failed: {done.stderr.strip()[-200:]}")
        [archive] = os.listdir(folder)
        with tarfile.open(Path(folder) / archive) as package:
            file = package.extractfile("package/generated/api.github.com.json")
            assert file is not None
            paths = json.load(file)["paths"]
    return {path: list(operations) for path, operations in paths.items()}
