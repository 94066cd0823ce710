"""Calibration, capacity and audit; instruments' refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshg import risk, wording
from mshg.errors import ValidationError
from mshg.risk import instruments
from mshg.risk.evaluation import calibrations

SCORES = np.random.default_rng(5).uniform(0, 100, 3000)
CHANCE = 1 / (1 + np.exp(-(SCORES - 60) / 12))
CAME = np.random.default_rng(6).random(3000) < CHANCE


def paths(call):
    with pytest.raises(ValidationError) as caught:
        call()
    return [p.path for p in caught.value.problems]


def test_calibration_finds_the_chance():
    found = risk.calibrate(SCORES, CAME)
    assert found.slope == pytest.approx(1 / 12, rel=0.1)
    assert -found.intercept / found.slope == pytest.approx(60, abs=3)
    for method in ("logistic", "isotonic"):
        stated = found.probability(SCORES, method)
        assert np.abs(stated - CHANCE).mean() < 0.05
        assert found.brier[method] < found.brier_reference
        table = found.reliability[method]
        assert table.rows.sum() == 3000
        assert np.abs(table.predicted - table.observed).max() < 0.12
    assert repr(found) == f"Calibration(3000 rows, {CAME.sum()} outcomes)"
    assert repr(table) == "Reliability(10 bins)"


def test_groups_are_never_on_both_sides_of_a_fold():
    # each person's rows are alike; without groups the isotonic map learns them by heart
    rng = np.random.default_rng(7)
    who = np.repeat(np.arange(60), 40)
    scores = np.repeat(rng.permutation(60), 40) + 0.0
    came = np.repeat(rng.random(60) < 0.5, 40)
    by_heart = risk.calibrate(scores, came).brier["isotonic"]
    grouped = risk.calibrate(scores, came, groups=who)
    assert by_heart < grouped.brier["isotonic"] - 0.02
    stated = grouped.out_of_fold["logistic"].reshape(60, 40)
    assert np.ptp(stated, axis=1).max() == 0
    named = risk.calibrate(scores, came, groups=[f"person {i:02}" for i in who])
    assert named.brier == grouped.brier


def test_outcomes_are_dealt_out_over_the_folds():
    # rows 0 and 5 would share a fold if rows were dealt in their order
    came = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    found = risk.calibrate([5, 1, 2, 3, 4, 5, 1, 2, 3, 4], came)
    assert found.out_of_fold["isotonic"].tolist() == came


def test_scores_that_part_the_outcomes_stay_finite():
    found = risk.calibrate([1, 2, 3, 4.0] * 3, [0, 0, 1, 1] * 3)
    assert np.isfinite([found.slope, found.intercept]).all()
    assert 0 < found.probability([0.0])[0] < 0.5 < found.probability([5.0])[0] < 1
    flat = risk.calibrate([1.0] * 8, [0, 1] * 4)
    assert flat.probability([1.0])[0] == pytest.approx(0.5)
    assert flat.probability([1.0], "isotonic")[0] == pytest.approx(0.5)


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40))
def test_the_isotonic_map_rises(rows):
    """The isotonic map rises, and its mean over the rows is the share of outcomes."""
    scores, came = (np.array(column, float) for column in zip(*rows, strict=True))
    knots, levels = calibrations.fit_isotonic(scores, came)
    assert np.all(np.diff(levels) >= 0)
    assert np.interp(scores, knots, levels).mean() == pytest.approx(came.mean())


def test_refused_calibrations():
    assert paths(lambda: risk.calibrate([1, 2, 3], [0, 1])) == ["$.outcomes"]
    assert paths(lambda: risk.calibrate([1, 2, 3], [0, 1, 2])) == ["$.outcomes"]
    assert paths(lambda: risk.calibrate([1, 2, 3, 4], [0, 0, 0, 1])) == ["$.outcomes"]
    assert paths(lambda: risk.calibrate([1, 2, 3, 4], [1, 1, 1, 1])) == ["$.outcomes"]
    assert paths(lambda: risk.calibrate([1, np.nan], [0, 1])) == ["$.scores"]
    assert paths(lambda: risk.calibrate([], [])) == ["$.scores"]
    assert paths(lambda: risk.calibrate([[1], [1, 2]], [0, 1])) == ["$.scores"]
    assert paths(lambda: risk.calibrate(["a"], [0])) == ["$.scores"]
    groups = {"groups": ["a", "a", "b", "b"]}
    assert paths(lambda: risk.calibrate([1, 2, 3, 4], [1, 0, 0, 0], **groups)) == ["$.outcomes"]
    assert paths(lambda: risk.calibrate(SCORES, CAME, groups=[1, 2])) == ["$.groups"]
    assert paths(lambda: risk.calibrate(SCORES, CAME).probability([1.0], "mean")) == ["$.method"]


def test_capacity_by_subgroup():
    sub = np.where(np.arange(3000) % 3 == 0, "b", "a")
    found = risk.capacity_threshold(SCORES, CAME, subgroups=sub, hours=100, minutes_per_contact=15)
    everyone, *parts = found.calls
    assert found.capacity == 400
    assert everyone.called == 400
    assert [c.subgroup for c in found.calls] == ["everyone", "a", "b"]
    for name in ("people", "called", "true_positives", "false_negatives"):
        assert getattr(everyone, name) == sum(getattr(part, name) for part in parts)
    assert everyone.number_needed_to_evaluate == 400 / everyone.true_positives
    assert everyone.true_positives + everyone.false_negatives == CAME.sum()


def test_capacity_at_its_ends():
    none = risk.capacity_threshold([1, 2], hours=0, minutes_per_contact=10)
    assert (none.threshold, none.calls[0].called) == (np.inf, 0)
    everyone = risk.capacity_threshold([1, 2], hours=9, minutes_per_contact=10)
    assert (everyone.threshold, everyone.calls[0].called) == (1, 2)
    assert np.isnan(
        [everyone.calls[0].true_positives, everyone.calls[0].number_needed_to_evaluate]
    ).all()
    exact = risk.capacity_threshold([1, 2, 3], hours=0.3, minutes_per_contact=6)
    assert exact.capacity == 3
    for wrong, path in (
        ({"hours": -1, "minutes_per_contact": 5}, "$.hours"),
        ({"hours": 1, "minutes_per_contact": 0}, "$.minutes_per_contact"),
    ):
        assert paths(lambda wrong=wrong: risk.capacity_threshold([1], **wrong)) == [path]
    both = {"hours": 1, "minutes_per_contact": 5, "subgroups": ["a", "b"]}
    assert paths(lambda: risk.capacity_threshold([1], **both)) == ["$.subgroups"]


@given(st.lists(st.integers(0, 10), min_size=1, max_size=30), st.integers(0, 40))
def test_the_cut_keeps_within_the_hours(scores, capacity):
    """No cut calls more people than the hours hold, and no lower score would have fitted."""
    found = risk.capacity_threshold(scores, hours=capacity, minutes_per_contact=60)
    called = found.calls[0].called
    assert called <= capacity
    lower = [s for s in scores if s < found.threshold]
    assert not lower or sum(s >= max(lower) for s in scores) > capacity


def test_audit():
    rng = np.random.default_rng(8)
    sub = np.where(rng.random(3000) < 0.5, "one", "other")
    blind = np.where(sub == "one", SCORES, rng.uniform(0, 100, 3000))
    found = risk.audit(blind, CAME, sub)
    everyone, one, other = found.rows
    assert one.auc.low > 0.8
    assert other.auc.low < 0.5 < other.auc.high
    assert everyone.people == 3000
    assert everyone.called.value == pytest.approx(0.2, abs=0.001)
    assert one.observed.low < one.observed.value < one.observed.high
    assert everyone.expected == pytest.approx(everyone.observed.value, abs=0.01)
    assert one.true_positives.value > other.true_positives.value
    columns = found.columns()
    assert columns["subgroup"].tolist() == ["everyone", "one", "other"]
    assert columns["auc"][1] == one.auc.value
    lines = found.to_text().splitlines()
    assert lines[0].split() == [
        "subgroup",
        "people",
        "AUC",
        "observed",
        "expected",
        "called",
        "sensitivity",
    ]
    assert len(lines) == 4


def test_audit_of_few():
    found = risk.audit([1, 2, 3, 4, 5], [0, 1, 1, 0, 0], list("aabcc"), called_share=1)
    everyone, _, b, c = found.rows
    assert np.isnan(b.auc.value)
    assert c.outcomes == 0
    assert np.isnan(c.true_positives.value)
    assert "too few" in found.to_text()
    words = wording.Wording(language="xx", sentences={"risk.audit.too_few": "zu wenige"})
    assert "zu wenige" in found.to_text(words)
    assert everyone.called.value == 1
    assert not any(c.isdigit() for c in repr((found, everyone, everyone.auc)))
    assert paths(lambda: risk.audit([1], [1], ["a"], called_share=2)) == ["$.called_share"]


def test_a_perfect_area_has_no_interval():
    area = risk.audit([1, 2, 3, 4], [0, 0, 1, 1], list("abab")).rows[0].auc
    assert area.value == 1
    assert np.isnan([area.low, area.high]).all()
    area = risk.audit([5] * 4, [0, 1, 0, 1], list("abab")).rows[0].auc
    assert (area.value, area.low, area.high) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize("key", instruments.INSTRUMENTS)
def test_instruments_at_their_ends(key):
    rules = instruments.INSTRUMENTS[key]
    for turned in ((), rules.reversed_items):
        for answer, other in ((rules.lowest, rules.highest), (rules.highest, rules.lowest)):
            given_row = np.full(rules.items, answer)
            given_row[[i - 1 for i in turned]] = other
            found = instruments.score(key, given_row)
            assert len(found) == 1
            assert "1 people" in repr(found)
    assert rules.evidence in (instruments.READ, instruments.FROM_ABSTRACT)
    assert rules.source
    assert rules.license
    left_open = np.full((2, rules.items), float(rules.lowest))
    left_open[1, 0] = np.nan
    found = instruments.score(key, left_open)
    score = next(name for name, parts in rules.scores.items() if 1 in parts)
    assert np.isnan(found.scores[score]).tolist() == [False, True]
    if rules.bands:
        assert (found.band < 0).tolist() == [False, True]
    beyond = np.full(rules.items, rules.highest)
    beyond[-1] += 1
    assert paths(lambda: instruments.score(key, beyond)) == [f"$.answers[0, {rules.items - 1}]"]
    assert paths(lambda: instruments.score(key, np.full(rules.items + 1, rules.lowest))) == [
        "$.answers"
    ]


def test_answers_are_whole_and_even_where_the_form_is():
    assert paths(lambda: instruments.score("phq9", [0.5] * 9))[0] == "$.answers[0, 0]"
    assert paths(lambda: instruments.score("audit", [1] * 10)) == [
        "$.answers[0, 8]",
        "$.answers[0, 9]",
    ]
    assert paths(lambda: instruments.score("phq2", [0, 0])) == ["$.instrument"]


def test_what_the_form_skips_counts_nothing():
    row = np.full(17, 1.0)
    row[[4, 6]] = np.nan
    assert np.isnan(instruments.score("bam", row).scores["use"][0])
    row[3] = 0
    assert instruments.score("bam", row).scores["use"][0] == 1


def test_no_rule_that_was_not_verified():
    keys = set(instruments.INSTRUMENTS)
    assert not keys & {"phq2", "k6", "k10", "dast10", "urica"}
    assert instruments.INSTRUMENTS["aware"].bands == ()
