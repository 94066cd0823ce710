"""What a store keeps while its process is killed, its disk fails and its file is damaged.

What stands behind the marker ``long`` takes every step, and hours; its last totals are in
docs/development/reliability.md.
"""

import damages
import pytest

EVERY = 9  # so manieth step is taken without the marker
SCENARIOS = (
    "killed_erasures",
    "killed_exports",
    "killed_beginnings",
    "failing_appends",
    "passing_read_errors",
    "failing_reads",
    "failing_locks",
    "read_only",
)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_store_whose_disk_fails_or_whose_process_is_killed(scenario, name):
    """Each scenario of faulty.py is a sentence, and says how often it was put to the test."""
    assert scenario(name, EVERY)


@pytest.mark.long
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_store_at_every_step(scenario, name):
    assert scenario(name, 1)


def run_damages(folder, count, seed):
    seen, by_kind = damages.run(folder, count, seed)
    assert sum(by_kind.values()) == count
    assert seen["events right"] > seen["events refused"]
    assert seen["salvaged"] > 9 * seen["not salvaged"]  # what can be opened can be copied
    return seen


def test_a_damaged_file_gives_what_was_recorded_or_an_error(tmp_path, request):
    run_damages(tmp_path, request.config.getoption("--damages"), "ci")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_a_thousand_damaged_files(tmp_path, seed):
    run_damages(tmp_path, 1000, f"long {seed}")
