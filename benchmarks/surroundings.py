"""Where a run took place: the machine, the interpreter, and the version of every peer."""

import os
import platform
import subprocess
import sysconfig
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.workers import ROOT

PACKAGES = (
    "webzeug",
    "werkzeug",
    "gevent",
    "greenlet",
    "tomli",
    "falcon",
    "bottle",
    "pyramid",
    "flask",
    "django",
    "starlette",
    "uvicorn",
    "uvloop",
    "httptools",
    "aiohttp",
)


def surroundings(seed: int) -> dict[str, Any]:
    """What somebody needs to judge the figures, or to repeat the run."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "pgo": "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or ""),
        "system": platform.platform(),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
        "seed": seed,
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
    }


def headline(facts: dict[str, Any]) -> str:
    """The facts in two lines."""
    versions = ", ".join(f"{name} {found}" for name, found in facts["versions"].items())
    built = "with PGO" if facts["pgo"] else "without PGO"
    machine = f"{facts['processors']} x {facts['processor']}, load {facts['load'][0]:g}"
    return f"{facts['python']} ({built}), {machine}, commit {facts['commit']}\n{versions}"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _commit() -> str:
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    for line in info.read_text("utf-8").splitlines() if info.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
