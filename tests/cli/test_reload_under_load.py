"""Clients that never pause notice nothing of any change, sound or broken."""

from pathlib import Path

from benchmarks.reload import BROKEN, SOUND, run

# Once through every way of rewriting a manifest.
EDITS = len(SOUND) + len(BROKEN) + 8


def test_reload_under_load(tmp_path: Path) -> None:
    """No request fails, no table is mixed, the last good one is kept, and nothing grows."""
    result = run(tmp_path, EDITS, code_edits=4)
    hammered = result.hammered
    assert hammered["requests"] > 100
    assert (hammered["failed"], hammered["failures"]) == (0, [])
    assert (hammered.get("mixed", 0), hammered.get("went back", 0)) == (0, 0)
    assert result.wrong == []
    assert {name for name, number in result.growth.items() if number > 0} == set()
    assert set(SOUND) <= set(result.live)
    assert (len(result.code_live), result.code_kept) == (1, 3)
    assert result.exit_code == 0
