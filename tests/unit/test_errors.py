"""Errors: builtins as well, picklable, and readable."""

import ast
import pickle
import re
import subprocess
import sys
from pathlib import Path

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


def test_problems_are_reported_one_a_line():
    problem = errors.Problem("$.id", "must be there")
    assert str(errors.ValidationError([problem])) == "$.id: must be there"
    assert str(errors.ValidationError([problem] * 25)).splitlines()[0] == "25 problems"
    assert str(errors.ValidationError([problem] * 25)).splitlines()[-1].strip() == (
        "and 5 more; see .problems"
    )


PAGE = Path(__file__).parents[2] / "docs" / "reference" / "errors.md"


@pytest.mark.skipif(not PAGE.exists(), reason="the docs are not at hand")
def test_every_code_is_documented():
    page = PAGE.read_text("utf-8")
    table = page.partition("### Codes")[2].partition("### Paths")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == errors.CODES
    assert sorted(errors.CODES) == list(errors.CODES)


def test_every_problem_is_made_with_a_code():
    """A rule of a kind of its own says so; none is left without a code by oversight."""
    makers = ("Problem", "broken")
    for path in Path(errors.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in makers:
                has_code = any(keyword.arg == "code" for keyword in node.keywords)
                has_code |= node.func.id == "Problem" and len(node.args) > 2
                assert has_code, f"{path.name}:{node.lineno}"


def test_problems_that_stand_for_others_are_counted():
    more = errors.Problem("$", "7 more problems", "more", (7, 7))
    error = errors.ValidationError([errors.Problem("$.id", "x", "blank"), more])
    assert error.count == 8
    assert len(error.problems) == 2
    assert str(error).splitlines()[0] == "8 problems"
    many = errors.ValidationError([more] * 3000)
    assert (many.count, len(many.problems)) == (21_000, 1000)
    assert many.problems[-1].limits == (21_000 - 999 * 7,) * 2
    assert pickle.loads(pickle.dumps(many)).count == many.count


def test_errors_survive_pickling():
    error = errors.CodecError([errors.Problem("$", "x")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_no_zone_database_is_reported_with_the_extra(monkeypatch):
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
