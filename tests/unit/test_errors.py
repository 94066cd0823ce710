"""Errors: builtins as well, picklable, and readable."""

import pickle
import subprocess
import sys

import pytest

from mshg import errors


def test_each_error_is_the_nearest_builtin_too():
    kinds = {
        errors.ValidationError: ValueError,
        errors.CodecError: ValueError,
        errors.CatalogError: ValueError,
        errors.WordingError: ValueError,
        errors.FeedError: ValueError,
        errors.UnknownGroupError: KeyError,
        errors.ZoneDataError: LookupError,
        errors.MissingExtraError: ImportError,
        errors.MshgWarning: UserWarning,
    }
    for kind, builtin in kinds.items():
        assert issubclass(kind, builtin)
        assert issubclass(kind, (errors.MshgError, Warning))


def test_problems_are_told_one_a_line():
    problem = errors.Problem("$.id", "must be there")
    assert str(errors.ValidationError([problem])) == "$.id: must be there"
    assert str(errors.ValidationError([problem] * 25)).splitlines()[0] == "25 problems"
    assert str(errors.ValidationError([problem] * 25)).splitlines()[-1].strip() == (
        "and 5 more; see .problems"
    )


def test_errors_survive_pickling():
    error = errors.CodecError([errors.Problem("$", "x")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_no_zone_database_is_told_with_the_extra(monkeypatch):
    from mshg import _zones

    monkeypatch.setattr(_zones, "_is_known", lambda _: False)
    _zones.zone_problems.cache_clear()
    with pytest.raises(errors.ZoneDataError, match=r"mshg\[tz\]"):
        _zones.zone_problems("America/Chicago")
    _zones.zone_problems.cache_clear()


def test_testing_without_hypothesis_names_the_extra():
    program = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import mshg\n"
        "try:\n    mshg.testing\n"
        "except mshg.errors.MissingExtraError as e:\n    print(e)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert b"mshg[testing]" in done.stdout
