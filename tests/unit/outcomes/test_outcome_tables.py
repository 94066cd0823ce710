"""Patterns in, tables out: what is refused and how it is given, shapes, words."""

import numpy as np
import pytest
from attrs import evolve

from mshg import ValidationError, outcomes
from mshg.outcomes import DEFINITIONS
from mshg.wording import Wording


def problems(call):
    with pytest.raises(ValidationError) as caught:
        call()
    return {p.path: p.rule for p in caught.value.problems}


CODES = "must be made of + - o * _ alone"


@pytest.mark.parametrize(
    "patterns",
    [
        ["----", "", "--", "-x--", "--é-", "---\0-", 3],
        np.array(["----", "", "--", "-x--", "--é-", "--\0-", 3], object),
        dict(enumerate(["----", "", "--", "-x--", "--\ud800-", "\0---", None])),
    ],
)
def test_every_row_is_reported_at_once(patterns):
    """Empty, short, of other characters, no strings: each row with its rule, none with its word."""
    found = problems(lambda: outcomes.evaluate(patterns, "ctn0094_relapse"))
    short = "must have at least 4 weeks"
    kind = "must be a string, or an array of codes (weeks,), uint8"
    assert list(found.values()) == [short, short, CODES, CODES, CODES, kind]
    assert list(found) == [f"$.patterns[{i}]" for i in range(1, 7)]


def test_rows_of_arrays_are_reported_as_well():
    codes = np.frombuffer(b"----\0\0\0\0--\0\0-x---\0---\0o-", np.uint8).reshape(6, 4)
    found = problems(lambda: outcomes.evaluate(codes, "ctn0094_relapse"))
    assert set(found) == {f"$.patterns[{i}]" for i in (1, 2, 3, 4, 5)}
    for array in (np.array(["--", "-x"]), np.array(["--", "-é"]), np.array([b"--", b"-\xff"])):
        assert problems(lambda a=array: outcomes.read_patterns(a)) == {"$.patterns[1]": CODES}


def test_rows_of_codes_are_read_as_words():
    """Arrays of codes, each of its own length, among words."""
    words = ["----", "+o*_-", "--", "-x"]
    rows = [np.frombuffer(word.encode() + b"\0", np.uint8) for word in words]
    for given in (rows[:3], [words[0], *rows[1:3]]):
        assert outcomes.read_patterns(given).weeks.tolist() == [4, 5, 2]
        found = outcomes.evaluate(given, "fiellin2006").columns()
        for name, column in outcomes.evaluate(words[:3], "fiellin2006").columns().items():
            np.testing.assert_array_equal(found[name], column)
    wrong = [rows[3], rows[0].astype(np.uint16), np.ma.masked_equal(rows[0], 0), rows[0][None]]
    assert list(problems(lambda: outcomes.read_patterns(wrong))) == [
        f"$.patterns[{i}]" for i in range(4)
    ]


def test_no_more_than_a_hundred_rows_are_reported():
    found = problems(lambda: outcomes.read_patterns(["", "x"] * 75))
    assert len(found) == 101
    assert found["$.patterns"] == "50 more rows like these"


@pytest.mark.parametrize(
    "patterns",
    [
        "+-+-",
        b"+-+-",
        3,
        None,
        np.zeros(4, np.uint8),
        np.zeros((1, 2, 3), np.uint8),
        np.zeros((2, 4), np.uint16),
        np.zeros((2, 4), np.int8),
        np.zeros((2, 4)),
        np.zeros(4, int),
        np.array([["+-"], ["--"]], object),
        np.ma.masked_array(np.full((2, 4), ord("+"), np.uint8), False),
        np.array([["+"]]),
        np.ma.masked_array(["+-"], [True]),
    ],
)
def test_what_is_no_collection_of_patterns(patterns):
    assert problems(lambda: outcomes.read_patterns(patterns)).keys() == {"$.patterns"}


@pytest.mark.parametrize("nobody", [[], np.zeros((0, 5), np.uint8), np.array([], "S5"), {}])
def test_nobody(nobody):
    """No patterns give tables without rows."""
    for key in DEFINITIONS:
        assert len(outcomes.evaluate(nobody, key)) == 0
    table = outcomes.compare_definitions(nobody)
    assert np.isnan([table.rate, table.low, table.high]).all()
    assert table.to_text().count("not told to not told") == 19


def test_rows_of_no_weeks_are_empty():
    found = problems(lambda: outcomes.read_patterns(np.zeros((2, 0), np.uint8)))
    assert set(found.values()) == {"must have at least 1 week"}
    assert len(problems(lambda: outcomes.read_patterns(np.zeros((2, 3), np.uint8)))) == 2


def test_patterns_read_once_are_checked_for_each_definition():
    read = outcomes.read_patterns(["-----", "--", "---"])
    assert read.weeks.tolist() == [5, 2, 3]
    assert len(outcomes.evaluate(read, "fiellin2006")) == len(read) == 3
    found = problems(lambda: outcomes.evaluate(read, "krupitsky2004"))
    assert found == {"$.patterns[1]": "must have at least 3 weeks"}
    assert problems(lambda: outcomes.read_patterns(["-"], weeks_needed=0)).keys() == {
        "$.weeks_needed"
    }


@pytest.mark.parametrize("definition", ["lee", None, DEFINITIONS["lee2016"].rule, ["lee2016"]])
def test_a_definition_is_a_key_or_an_object(definition):
    found = problems(lambda: outcomes.evaluate(["----"], definition))
    assert found == {"$.definition": "must be a key of DEFINITIONS, or a Definition"}


def test_an_event_has_event_and_week():
    table = outcomes.evaluate(["----", "++++"], "ctn0094_relapse")
    assert list(table.columns()) == ["event", "week", "possible_event", "possible_week"]
    assert table.value is None
    assert table.possible_value is None
    assert table.event.dtype == bool
    assert table.week.dtype == np.int32
    assert table.method_version == outcomes.METHOD_VERSION
    assert table.definition is DEFINITIONS["ctn0094_relapse"]


@pytest.mark.parametrize(
    ("key", "dtype"),
    [("ling1998", bool), ("fiellin2006", np.int32), ("schottenfeld2005", np.int32)],
)
def test_any_other_kind_has_a_value(key, dtype):
    table = outcomes.evaluate(["----", "++++"], key)
    assert list(table.columns()) == ["value", "possible_value"]
    assert table.event is table.week is table.possible_event is table.possible_week is None
    assert table.value.dtype == dtype


@pytest.mark.parametrize("missing", ["use", "unknown"])
def test_tables_are_frozen_and_silent(missing):
    """Arrays can't be written, and repr shows counts alone."""
    for definition in DEFINITIONS.values():
        table = outcomes.evaluate(["+o-o-o-o"] * 3, evolve(definition, missing=missing))
        for column in table.columns().values():
            with pytest.raises(ValueError, match="read-only"):
                column[0] = 1
            with pytest.raises(ValueError, match="WRITEABLE"):
                column.flags.writeable = True
        assert repr(table) == f"OutcomeTable(3 people, {definition.kind})"
        assert table != outcomes.evaluate(["+o-o-o-o"] * 3, definition)
    assert repr(outcomes.read_patterns(["+o-o"])) == "WeeklyPatterns(1 people)"


def test_sensitivity_tells_rates_side_by_side():
    # Two of three have a run of four uses; without its missing weeks, one has.
    table = outcomes.compare_definitions(["--++++--", "--oooo--", "--------"])
    row = table.keys.index("ctn0094_relapse")
    assert (table.rate[row], table.low[row], table.high[row]) == pytest.approx(
        (2 / 3, 1 / 3, 2 / 3)
    )
    columns = table.columns()
    assert list(columns) == ["definition", "kind", "unit", "rate", "low", "high"]
    assert columns["definition"].tolist() == list(table.keys) == list(DEFINITIONS)
    assert columns["unit"][table.keys.index("fiellin2006")] == "weeks"
    assert columns["kind"][row] == "event"
    assert {len(c) for c in columns.values()} == {len(table)} == {19}
    assert repr(table) == "DefinitionComparison(19 definitions, 3 people)"
    with pytest.raises(ValueError, match="read-only"):
        table.rate[0] = 1


def test_sensitivity_refuses_patterns_too_short_for_a_definition():
    """Every rate is over the same people, so the definition that needs most decides."""
    patterns = ["++++", "------", "", "-----"]
    rule = "must have at least 6 weeks"  # Lee 2018: four from week 3
    expected = {f"$.patterns[{i}]": rule for i in (0, 2, 3)}
    assert problems(lambda: outcomes.compare_definitions(patterns)) == expected
    first_use = {"first_use": DEFINITIONS["mokri2016"]}
    assert outcomes.compare_definitions(["++++", "-"], first_use).rate.tolist() == [0.5]
    assert len(outcomes.compare_definitions(["-"], {})) == 0


def test_sensitivity_of_definitions_of_ones_own():
    relapse = DEFINITIONS["ctn0094_relapse"]
    both_ways = outcomes.AllHold(spans=[outcomes.Span(at_least=1, at_most=3)])
    own = {
        "use": relapse,
        "no_use": evolve(relapse, missing="no_use"),
        "unknown": evolve(relapse, missing="unknown"),
        "both_ways": outcomes.Definition(rule=both_ways),
    }
    table = outcomes.compare_definitions(["--++++--", "--oooo--"], own)
    assert table.rate.tolist() == [1, 0.5, 0.5, 0]
    assert table.low.tolist()[:3] == [0.5] * 3
    assert table.high.tolist()[:3] == [1] * 3
    assert np.isnan([table.low[3], table.high[3]]).all()
    assert problems(lambda: outcomes.compare_definitions(["--"], {"A b": 3})).keys() == {
        "$.definitions[key 0]"
    }


def test_sensitivity_in_words():
    table = outcomes.compare_definitions(["++++++", "oooooo", "------"])
    text = table.to_text()
    assert text.startswith("3 people under each definition\n")
    assert [line.split()[0] for line in text.splitlines()[1:-1]] == ["key", *DEFINITIONS]
    assert "CTN-0094: relapse" in text
    assert "66.7%" in text
    assert "33.3% to 66.7%" in text
    assert "2.0 weeks" in text  # Fiellin: 0, 0 and 6 weeks
    html = table._repr_html_()
    assert html.startswith("<table")
    assert html.count("<tr>") == 20


def test_sensitivity_in_another_language():
    german = Wording(language="de", sentences={"outcomes.title": "{people} Menschen <hier>"})
    table = outcomes.compare_definitions(["++++++"], wording=german)
    assert table.to_text().startswith("1 Menschen <hier>\n")
    assert "1 Menschen &lt;hier&gt;" in table._repr_html_()
