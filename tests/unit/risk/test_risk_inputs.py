"""Inputs: ranges, kinds, arrays, patterns."""

import numpy as np
import pytest

from mshg import Goal, risk
from mshg.errors import ValidationError
from mshg.risk.signs import RANGES, WHETHER


def paths(call):
    with pytest.raises(ValidationError) as caught:
        call()
    return [p.path for p in caught.value.problems]


@pytest.mark.parametrize("name", RANGES)
def test_ranges(name):
    low, high = RANGES[name]
    if name in WHETHER:
        assert paths(lambda: risk.RiskInputs(**{name: 1})) == [f"$.{name}"]
        return
    for end, beyond in ((low, low - 0.5), (high, high + 0.5)):
        assert getattr(risk.RiskInputs(**{name: end}), name) == end
        assert risk.RiskColumns(**{name: [end]})[name][0] == end
        assert paths(lambda beyond=beyond: risk.RiskInputs(**{name: beyond})) == [f"$.{name}"]
        wrong = [np.nan, end, beyond]
        assert paths(lambda wrong=wrong: risk.RiskColumns(**{name: wrong})) == [f"$.{name}[2]"]


def test_kinds():
    assert risk.RiskInputs(goal="moderation", stress=np.float32(3)).goal is Goal.MODERATION
    assert risk.RiskInputs(overdose=np.True_).overdose is True
    for wrong in ({"goal": "win"}, {"craving": True}, {"craving": "7"}, {"craving": float("nan")}):
        assert paths(lambda wrong=wrong: risk.RiskInputs(**wrong)) == [f"$.{next(iter(wrong))}"]


def test_no_use_lies_within_abstinence():
    stated = [
        risk.RiskInputs(goal="abstinence"),
        risk.RiskInputs(goal="abstinence", use_within_goal=1),
        risk.RiskInputs(goal="moderation"),
    ]
    columns = risk.RiskColumns.from_inputs(stated)
    np.testing.assert_array_equal(columns["use_within_goal"], [0, 1, np.nan])
    goal = ["abstinence", "abstinence", Goal.MODERATION]
    columns = risk.RiskColumns(goal=goal, use_within_goal=[None, 1, None])
    np.testing.assert_array_equal(columns["use_within_goal"], [0, 1, np.nan])
    columns = risk.RiskColumns(goal=np.array(["abstinence", None], object))
    np.testing.assert_array_equal(columns["use_within_goal"], [0, np.nan])
    assert list(risk.RiskColumns(goal=[None, "moderation"])) == []
    assert risk.RiskColumns(goal=[None, "moderation"]).n_people == 2


def test_columns():
    whether = np.array([True, False])
    columns = risk.RiskColumns(craving=[1, 2], reluctance=whether)
    assert list(columns) == ["reluctance", "craving"]
    assert repr(columns) == "RiskColumns(2 people, 2 inputs)"
    assert columns["reluctance"].base is not None
    with pytest.raises(ValueError, match="read-only"):
        columns["reluctance"][0] = False
    whether[0] = False  # the host's own array stays writable
    with pytest.raises(KeyError):
        columns["stress"]
    assert risk.RiskColumns.from_inputs([]).n_people == 0
    assert risk.RiskColumns().n_people == 0
    single = risk.assess_table(risk.RiskColumns(craving=np.array([5, 6], np.float32)))
    double = risk.assess_table(risk.RiskColumns(craving=[5, 6]))
    np.testing.assert_array_equal(single.lapse_score, double.lapse_score)
    columns = risk.RiskColumns(craving=[3, None], reluctance=[None, True])
    np.testing.assert_array_equal(columns["craving"], [3, np.nan])
    np.testing.assert_array_equal(columns["reluctance"], [np.nan, 1])


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"luck": [1.0]}, ["$.luck"]),
        ({"craving": [[1.0]]}, ["$.craving"]),
        ({"craving": [[1.0], [1.0, 2.0]]}, ["$.craving"]),
        ({"craving": ["a"]}, ["$.craving"]),
        ({"craving": np.ma.masked_array([1.0], [True])}, ["$.craving"]),
        ({"craving": [1.0], "stress": [1.0, 2.0]}, ["$.craving"]),
        ({"craving": [1.0], "n_people": 2}, ["$.craving"]),
        ({"n_people": -1}, ["$.n_people"]),
        ({"goal": ["abstinence", "win"]}, ["$.goal[1]"]),
        ({"goal": "abstinence"}, ["$.goal"]),
        ({"goal": ["abstinence"], "craving": [1.0, 2.0]}, ["$.goal"]),
        ({"craving": ["3", None]}, ["$.craving"]),
        ({"craving": [10**400, None]}, ["$.craving"]),
    ],
)
def test_columns_refused(given, found):
    assert paths(lambda: risk.RiskColumns(**given)) == found


def test_from_inputs_refuses_others():
    assert paths(lambda: risk.RiskColumns.from_inputs([{}])) == ["$.inputs[0]"]


def test_patterns_as_codes_and_words():
    codes = np.frombuffer(b"+-o--o", np.uint8).reshape(2, 3)
    for patterns in (["+-o", "--o"], codes, np.array(["+-o", "--o"])):
        columns = risk.columns_from_patterns(patterns, np.array([3, 2], np.int8))
        np.testing.assert_array_equal(columns["days_since_use"], [14, np.nan])
        np.testing.assert_array_equal(columns["weeks_without_contact"], [1, 0])
    rows = [np.frombuffer(word.encode(), np.uint8) for word in ("+-o", "--")]
    of_rows = risk.columns_from_patterns(rows, [3, 2])
    of_words = risk.columns_from_patterns(["+-o", "--"], [3, 2])
    for name, column in of_words.items():
        assert column.tobytes() == of_rows[name].tobytes()
    padded = risk.columns_from_patterns(np.array([list(b"+-o"), list(b"--\0")], np.uint8), [3, 2])
    assert padded["weeks_without_contact"].tolist() == [1, 0]
    assert risk.columns_from_patterns([], 3).n_people == 0
    assert risk.columns_from_patterns(iter(["--"]), 2.0)["abstinent_weeks"].tolist() == [2]


def test_weeks_that_were_not_scheduled_tell_nothing():
    columns = risk.columns_from_patterns(["___", "-_o_"], [3, 4])
    assert np.isnan(columns["use_rate"][0])
    assert np.isnan(columns["weeks_without_contact"][0])
    assert columns["weeks_without_contact"][1] == 1
    assert columns["abstinent_weeks"][1] == 1


@pytest.mark.parametrize(
    ("patterns", "weeks", "found"),
    [
        (["--", "-x-"], 2, ["$.patterns[1]"]),
        (["--", ""], [2, 1], ["$.weeks[1]"]),
        (["--", "--"], [0, 3], ["$.weeks[0]", "$.weeks[1]"]),
        (["--"], [1, 1], ["$.weeks"]),
        (["--"], [1.5], ["$.weeks"]),
        (["--"], [np.nan], ["$.weeks"]),
        (["--"], ["1"], ["$.weeks"]),
        (["--"], [[1], [1, 2]], ["$.weeks"]),
        (["--"], np.ma.masked_equal([1], 1), ["$.weeks"]),
        (["--", "--"], [np.inf, 1e300], ["$.weeks[0]", "$.weeks[1]"]),
        (["--", 3], 1, ["$.patterns[1]"]),
        (["-é"], 2, ["$.patterns[0]"]),
        ("--", 1, ["$.patterns"]),
        (np.zeros((1, 2), np.uint8), [2], ["$.weeks[0]"]),
        ([np.ma.masked_equal(np.full(2, 43, np.uint8), 43)], [2], ["$.patterns[0]"]),
        ([np.zeros(2, np.int64)], [2], ["$.patterns[0]"]),
        (np.ma.masked_equal(np.full((1, 2), 43, np.uint8), 43), [2], ["$.patterns"]),
    ],
)
def test_patterns_refused(patterns, weeks, found):
    assert paths(lambda: risk.columns_from_patterns(patterns, weeks)) == found


def test_more_people_than_an_array_can_hold_are_refused():
    for count in (2**40, 2**31 - 1, 100_000_001):
        with pytest.raises(ValidationError, match="n_people"):
            risk.RiskColumns(n_people=count)
