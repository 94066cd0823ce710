"""Definitions, their parts, and what neither may be."""

import pickle

import attrs
import numpy as np
import pytest
from attrs import evolve

from mshg import ValidationError, outcomes
from mshg.outcomes import (
    DEFINITIONS,
    AllHold,
    CountWeeks,
    Definition,
    Ever,
    FirstTime,
    LongestRun,
    Span,
    Window,
)

KEYS = """
ctn0094_relapse ctn0094_dropout schottenfeld2008_relapse lee2016 lee2018 krupitsky2004 johnson1992
kosten1993 ling1998 krupitsky2011_abstinence krupitsky2011_count fiellin2006
schottenfeld2008_longest schottenfeld2005 schottenfeld2008_first_use mokri2016 shufman1994
weiss_ctn0030 lofwall2018
"""


def problems(call):
    with pytest.raises(ValidationError) as caught:
        call()
    return {p.path: p.rule for p in caught.value.problems}


def test_the_nineteen():
    """Every key of the list, each with its texts, in a mapping that can't change."""
    assert list(DEFINITIONS) == KEYS.split()
    for definition in DEFINITIONS.values():
        for text in (definition.title, definition.original, definition.adaptation):
            assert text not in ("none", "an outcome of your own")
        assert definition.citation != "none"
    assert len({d.title for d in DEFINITIONS.values()}) == 19
    with pytest.raises(TypeError):
        DEFINITIONS["own"] = DEFINITIONS["lee2016"]
    assert pickle.loads(pickle.dumps(DEFINITIONS)) == DEFINITIONS


def test_kinds():
    """Dated are relapses, dropout and first use; the rest are yes or no, counts and runs."""
    by_kind = {}
    for key, definition in DEFINITIONS.items():
        by_kind.setdefault(definition.kind.value, []).append(key)
    assert by_kind["count"] == ["krupitsky2011_count", "fiellin2006"]
    assert by_kind["run"] == ["schottenfeld2008_longest", "schottenfeld2005"]
    assert len(by_kind["event"]) == 8
    assert set(by_kind["yes_no"]) == {
        *("krupitsky2004", "johnson1992", "kosten1993", "ling1998"),
        *("krupitsky2011_abstinence", "weiss_ctn0030", "lofwall2018"),
    }


@pytest.mark.parametrize(
    ("key", "weeks"),
    [
        ("ctn0094_relapse", 4), ("lee2016", 4), ("lee2018", 6), ("krupitsky2004", 3),
        ("johnson1992", 5), ("kosten1993", 3), ("krupitsky2011_abstinence", 5),
        ("krupitsky2011_count", 5), ("fiellin2006", 1), ("schottenfeld2005", 1), ("mokri2016", 1),
        ("weiss_ctn0030", 4), ("lofwall2018", 1),
    ],
)  # fmt: skip
def test_weeks_needed(key, weeks):
    """A pattern must hold one window, or the first week of each span."""
    definition = DEFINITIONS[key]
    assert definition.weeks_needed == weeks
    assert len(outcomes.evaluate(["-" * weeks], key)) == 1
    rule = f"must have at least {weeks} week{'s' if weeks > 1 else ''}"
    found = problems(lambda: outcomes.evaluate(["-" * weeks, "-" * (weeks - 1)], definition))
    assert found == {"$.patterns[1]": rule}


def test_padding_makes_a_pattern_long_enough():
    assert evolve(DEFINITIONS["lee2018"], pad_to=6).weeks_needed == 1
    assert evolve(DEFINITIONS["lee2018"], pad_to=5).weeks_needed == 6


def test_words_become_members():
    """Readings and what counts may be given as words."""
    definition = Definition(rule=LongestRun(counted="use"), missing="left_out")
    assert definition.rule.counted is outcomes.Counted.USE
    assert definition.missing is outcomes.Reading.LEFT_OUT
    assert definition == Definition(rule=LongestRun(counted="use"), missing="left_out")


def test_numbers_of_numpy_become_plain():
    """A shift by an int64 would change what is shifted."""
    one, four, fifth = np.int64(1), np.int32(4), np.uint8(5)
    window = Window(at_least=four, within=fifth, from_week=one)
    span = Span(first=one, last=four, at_least=one, at_most=four)
    numbers = [*attrs.astuple(window), *attrs.astuple(span)]
    assert {type(x) for x in numbers if not isinstance(x, str)} == {int}
    definition = Definition(rule=FirstTime(window=window), pad_to=fifth, seen=[one, four])
    assert [type(x) for x in (definition.pad_to, *definition.seen)] == [int, int, int]
    assert outcomes.evaluate(["+" * 90], definition).week.tolist() == [2]


@pytest.mark.parametrize(
    ("call", "paths"),
    [
        (lambda: Window(at_least=0), {"$.at_least", "$.within"}),
        (lambda: Window(at_least=True, within=2), {"$.at_least"}),
        (lambda: Window(at_least=3, within=2), {"$.within"}),
        (lambda: Window(at_least=1, counted="none", from_week=0), {"$.counted", "$.from_week"}),
        (lambda: FirstTime(window=3), {"$.window"}),
        (lambda: Ever(window=None), {"$.window"}),
        (lambda: Span(first=0, last=0.5, counted=1), {"$.first", "$.last", "$.counted"}),
        (lambda: Span(at_least=-1, at_most=None), {"$.at_least", "$.at_most"}),
        (lambda: Span(at_least=3, at_most=2), {"$.at_most"}),
        (lambda: AllHold(spans=[]), {"$.spans"}),
        (lambda: AllHold(spans=[3]), {"$.spans[0]"}),
        (lambda: CountWeeks(first=0, last=0, counted=0), {"$.first", "$.last", "$.counted"}),
        (lambda: LongestRun(counted="all"), {"$.counted"}),
        (lambda: Definition(rule=Window(at_least=1)), {"$.rule"}),
        (lambda: Definition(rule=LongestRun(), missing="x", mixed=1, unscheduled=None),
         {"$.missing", "$.mixed", "$.unscheduled"}),
        (lambda: Definition(rule=LongestRun(), pad_to=0, seen=[0, 1]), {"$.pad_to", "$.seen[0]"}),
        (lambda: Definition(rule=LongestRun(), title="", citation="a\nb", original=1,
                            adaptation=" "),
         {"$.title", "$.citation", "$.original", "$.adaptation"}),
        (lambda: evolve(DEFINITIONS["lee2016"], missing="left_out"), {"$.rule"}),
        (lambda: Definition(rule=LongestRun(counted="missing"), missing="left_out"),
         {"$.missing"}),
    ],
)  # fmt: skip
def test_what_a_part_may_not_be(call, paths):
    """Every broken rule is given at once, by its field, with attrs' validators on or off."""
    assert problems(call).keys() == paths
    with attrs.validators.disabled():
        assert problems(call).keys() == paths


def test_conditions_that_pull_both_ways_have_no_bounds():
    """Extremes of unknown weeks are no bounds where use may help and hinder."""
    used, unused = Span(at_least=1), Span(counted="no_use", at_least=1)
    both = Definition(rule=AllHold(spans=[used, unused]))
    assert outcomes.evaluate(["+-", "--"], both).value.tolist() == [True, False]
    assert not both.goes_one_way
    assert problems(lambda: evolve(both, missing="unknown")).keys() == {"$.rule"}
    between = AllHold(spans=[Span(at_least=1, at_most=2)])
    assert problems(lambda: Definition(rule=between, mixed="unknown")).keys() == {"$.rule"}
    recorded = AllHold(spans=[used, Span(counted="missing", at_most=2)])
    assert Definition(rule=recorded, missing="unknown").goes_one_way
