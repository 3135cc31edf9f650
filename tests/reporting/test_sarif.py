"""Diagnostics as SARIF."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from webzeug import __version__
from webzeug.diagnostics import Diagnostic, Kind, Label, Severity
from webzeug.reporting.sarif import render
from webzeug.source import Source, Span

ODD = Kind("WZ998", "odd-thing", Severity.WARNING)
BAD = Kind("WZ999", "bad-thing")
SOURCE = Source("conf/a b.toml", 'é = "x"\ny = 1\n')
VALIDATOR = shutil.which("sarif-multitool")


def _log(*diagnostics: Diagnostic) -> Any:
    return json.loads(render(diagnostics))


def _diagnostics() -> list[Diagnostic]:
    label = Label(Span(SOURCE, 8, 9), "the other one")
    return [
        Diagnostic(BAD, "it is bad", Span(SOURCE, 4, 7), others=(label,), help="mend it"),
        Diagnostic(ODD, "it is odd", Span(Source("absent.toml", ""), 0, 0)),
        Diagnostic(BAD, "it is bad as well", Span(SOURCE, 8, 13)),
    ]


def test_a_log() -> None:
    """A finding names its rule, and its places in code points; help follows the message."""
    run = _log(*_diagnostics())["runs"][0]
    driver = run["tool"]["driver"]
    assert ("webzeug", __version__) == (driver["name"], driver["semanticVersion"])
    assert driver["rules"] == [
        {
            "id": "WZ998",
            "name": "OddThing",
            "shortDescription": {"text": "Odd thing."},
            "help": {"text": "webzeug explain WZ998"},
            "defaultConfiguration": {"level": "warning"},
        },
        {
            "id": "WZ999",
            "name": "BadThing",
            "shortDescription": {"text": "Bad thing."},
            "help": {"text": "webzeug explain WZ999"},
            "defaultConfiguration": {"level": "error"},
        },
    ]
    file = {"uri": "conf/a%20b.toml"}
    region = {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 8}
    other = {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 2}
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"][0] == {
        "ruleId": "WZ999",
        "ruleIndex": 1,
        "level": "error",
        "message": {"text": "it is bad\nmend it"},
        "locations": [{"physicalLocation": {"artifactLocation": file, "region": region}}],
        "relatedLocations": [
            {
                "id": 1,
                "message": {"text": "the other one"},
                "physicalLocation": {"artifactLocation": file, "region": other},
            }
        ],
    }
    assert [result["ruleIndex"] for result in run["results"]] == [1, 0, 1]


def test_a_file_that_could_not_be_read() -> None:
    """A file without text has no region."""
    result = _log(_diagnostics()[1])["runs"][0]["results"][0]
    place = {"physicalLocation": {"artifactLocation": {"uri": "absent.toml"}}}
    assert [place] == result["locations"]


def test_nothing_wrong() -> None:
    """Without findings there is a run that says so."""
    run = _log()["runs"][0]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("../up.toml", "../up.toml"),
        ("/etc/my routes.toml", "file:///etc/my%20routes.toml"),
        ("50%/ä#?.toml", "50%25/%C3%A4%23%3F.toml"),
        ("a:b.toml", "a%3Ab.toml"),
        (os.fsdecode(b"latin-\xe9.toml"), "latin-%E9.toml"),
    ],
)
def test_paths_are_uris(path: str, expected: str) -> None:
    """A path becomes a URI reference, whatever characters are in it."""
    log = _log(Diagnostic(BAD, "bad", Span(Source(path, "x"), 0, 1)))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert expected == location["artifactLocation"]["uri"]


@pytest.mark.skipif(VALIDATOR is None, reason="needs npm install -g @microsoft/sarif-multitool")
def test_a_public_validator_accepts_it(tmp_path: Path) -> None:
    """SARIF's own validator finds no error in a log with findings, and in one without."""
    assert VALIDATOR is not None
    for name, found in (("some.sarif", _diagnostics()), ("none.sarif", [])):
        file, report = tmp_path / name, tmp_path / f"report-{name}"
        file.write_text(render(found), "utf-8")
        command = [VALIDATOR, "validate", str(file), "--output", str(report)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert report.exists(), done.stdout
        results = json.loads(report.read_text("utf-8-sig"))["runs"][0].get("results", [])
        assert [each for each in results if each.get("level", "warning") == "error"] == []
