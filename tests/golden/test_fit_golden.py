"""Fit worked by hand from the formula f = k + Σ w s (a - k) / Σ w, a = 1 - (x - c)², k = 3/4."""

import numpy as np
import pytest

from mshg import Dimension, Group, Position, fit


def group(name="made_up", /, **stands):
    """A group with these (position, salience) and silence everywhere else."""
    philosophy = {
        d: Position(
            position=stands.get(d, (0.5, 0))[0],
            salience=stands.get(d, (0.5, 0))[1],
            source="made up",
            confidence="judgment",
        )
        for d in Dimension
    }
    return Group(id=name, name=name, philosophy=philosophy)


def row(**answers):
    return np.array([[answers.get(d, np.nan) for d in Dimension]])


def test_full_agreement_on_one_dimension_of_twelve():
    # a = 1, s = 1, w = 1 of 12: f = 3/4 + (1/4) / 12
    table = fit.score_table(row(method=1.0), groups=[group(method=(1, 1))])
    assert table.score[0, 0] == pytest.approx(0.75 + 1 / 48, abs=1e-15)
    assert table.coverage[0] == pytest.approx(1 / 12, abs=1e-15)


def test_opposite_ends():
    # a = 0: f = 3/4 - (3/4) / 12
    table = fit.score_table(row(method=0.0), groups=[group(method=(1, 1))])
    assert table.score[0, 0] == pytest.approx(0.75 - 1 / 16, abs=1e-15)


def test_half_a_spectrum_apart_is_neutral():
    # a = 1 - 1/4 = 3/4 = k
    table = fit.score_table(row(agency=0.5), groups=[group(agency=(1, 1))])
    assert table.score[0, 0] == pytest.approx(0.75, abs=1e-15)


def test_importance_and_salience_weigh():
    # method: w 3, s 1/2, x 1/4, c 1 -> a = 1 - 9/16 = 7/16, a - k = -5/16: 3 * 1/2 * -5/16 = -15/32
    # agency: w 1, s 1,   x 1,   c 1 -> a - k = 1/4
    # Σ w = 3 + 11 = 14: f = 3/4 + (-15/32 + 8/32) / 14 = 3/4 - 7/448 = 3/4 - 1/64
    weights = np.ones((1, 12))
    weights[0, list(Dimension).index("method")] = 3
    table = fit.score_table(
        row(method=0.25, agency=1.0), weights, groups=[group(method=(1, 0.5), agency=(1, 1))]
    )
    assert table.score[0, 0] == pytest.approx(0.75 - 1 / 64, abs=1e-15)


def test_bounds_of_one_open_dimension():
    # open, c = 0.8, s = 1/2: worst 1/2 (1 - 0.64 - 0.75) = -0.195, best 1/2 * 1/4 = 0.125, over 12
    table = fit.score_table(row(), groups=[group(method=(0.8, 0.5))])
    assert table.low[0, 0] == pytest.approx(0.75 - 0.195 / 12, abs=1e-15)
    assert table.high[0, 0] == pytest.approx(0.75 + 0.125 / 12, abs=1e-15)


def test_a_declined_question_moves_no_bound():
    declined = np.array([[d == "method" for d in Dimension]])
    table = fit.score_table(row(), groups=[group(method=(0.8, 0.5))], declined=declined)
    assert table.low[0, 0] == table.high[0, 0] == table.score[0, 0] == 0.75


def test_no_importance_at_all_can_not_be_reported():
    table = fit.score_table(row(method=1.0), np.zeros((1, 12)), groups=[group(method=(1, 1))])
    assert np.isnan([table.score[0, 0], table.low[0, 0], table.high[0, 0], table.coverage[0]]).all()
    assert table.top(2)[0].tolist() == [-1, -1]


def test_a_tie_goes_to_the_first_in_order():
    # 5e-7 of score apart is a tie (1e-6); 5e-6 apart is none. s (1/4) / 12 is the score above 3/4.
    saliences = {"a": 0.5, "b": 0.5 + 5e-7 * 48, "c": 0.5 + 5e-6 * 48}
    near = [group(name, method=(1, salience)) for name, salience in saliences.items()]
    assert fit.score_table(row(method=1.0), groups=near[:2]).top(2)[0].tolist() == [0, 1]
    assert fit.score_table(row(method=1.0), groups=near).top(3)[0].tolist() == [2, 0, 1]


def test_a_lead_at_worst_where_it_is_convex():
    # method open; a: c 1/2, s 1/2; b: c 1, s 1. a - b = 1/2 (1/4 - (x - 1/2)²) - (1/4 - (x - 1)²)
    # = x²/2 - 3x/2 + 3/4: convex, vertex at 3/2, so least at x = 1: -1/4, over 12.
    # agency answered 1; a: c 1, s 1; b silent: a leads by (1/4) / 12. At worst they are level: the
    # earlier one needs more than a tie, the later one does not.
    a, b = group("a", method=(0.5, 0.5), agency=(1, 1)), group("b", method=(1, 1))
    assert fit.certain_table(row(agency=1.0), groups=[a, b]).certainly_first[0] == 0
    assert fit.certain_table(row(agency=1.0), groups=[b, a]).certainly_first[0] == -1


def test_a_lead_at_worst_inside_the_scale():
    # method open; a: c 1/2, s 1/4; b: c 1/2, s 1. a - b = -3/4 (1/4 - (x - 1/2)²): least at the
    # vertex x = 1/2: -3/16, over 12; at both ends it is 0.
    # agency answered 1 with s: a leads by s (1/4) / 12, so s = 3/4 is level and more is ahead.
    b = group("b", method=(0.5, 1))
    for s, first in ((0.74, -1), (0.76, 1)):
        a = group("a", method=(0.5, 0.25), agency=(1, s))
        assert fit.certain_table(row(agency=1.0), groups=[b, a]).certainly_first[0] == first


def test_certain_among_the_first_goes_by_pairs():
    # answered: a, b and c lead d by far, and who of a, b and c is best stays open
    far = {"agency": (1, 1), "structure": (1, 1)}
    three = [group(n, method=(c, 0.5), **far) for n, c in (("a", 0), ("b", 0.5), ("c", 1))]
    table = fit.certain_table(row(agency=1.0, structure=1.0), groups=[*three, group("d")], size=3)
    assert table.certainly_first[0] == -1
    assert table.certain[0].tolist() == [True, True, True, False]
    fewer = fit.certain_table(row(agency=1.0, structure=1.0), groups=[*three, group("d")], size=2)
    assert not fewer.certain.any()


def test_the_gain_of_a_question():
    # a: c 0, s 1; b: c 1, s 1; method open. Terms over the five answers, times 12:
    # a: 1/4, 3/16, 0, -5/16, -3/4; b the other way round. The best of the two: 1/4, 3/16, 0, 3/16,
    # 1/4, on average 7/40. Each alone, on average: -5/40. Gain 12/40 = 3/10, over 12: 1/40.
    groups = [group("a", method=(0, 1)), group("b", method=(1, 1))]
    found = fit.next_question_table(row(), groups=groups)
    assert found.dimension[0] == list(Dimension).index("method")
    assert found.value_of_information[0, found.dimension[0]] == pytest.approx(1 / 40, abs=1e-15)
    assert found.value_of_information.sum() == pytest.approx(1 / 40, abs=1e-15)
    # Only the second end is ever given: then b is best beforehand, and nothing is gained.
    shares = fit.FitParameters(answer_shares={"method": [0, 0, 0, 0, 1]})
    assert fit.next_question_table(row(), groups=groups, parameters=shares).dimension[0] == -1


def test_the_least_change():
    # a: c 0; b: c 1, both s 1 on method, answered 1/4: a is first. At 1/2 they are level, and a tie
    # goes to a; at 3/4, two steps on, b is first.
    groups = [group("a", method=(0, 1)), group("b", method=(1, 1))]
    found = fit.counterfactual_table(row(method=0.25, agency=0.5), groups=groups)
    assert found.dimension[0] == list(Dimension).index("method")
    assert (found.from_position[0], found.to_position[0], found.group[0]) == (0.25, 0.75, 1)
    # The other way round a tie goes to b, one step on.
    found = fit.counterfactual_table(row(method=0.25), groups=groups[::-1])
    assert (found.to_position[0], found.group[0]) == (0.5, 0)
    # From 0.3 the answer 1/2 is one step and 3/4 two.
    found = fit.counterfactual_table(row(method=0.3), groups=groups)
    assert (found.to_position[0], found.group[0]) == (0.75, 1)


def test_ties_of_change_go_to_the_lower_answer():
    # method 1/2: a (c 1/2, s 1/2) is first; one step down b is, one step up c is.
    b, c = group("b", method=(0, 1)), group("c", method=(1, 1))
    found = fit.counterfactual_table(row(method=0.5), groups=[group("a", method=(0.5, 0.5)), b, c])
    assert (found.to_position[0], found.group[0]) == (0.25, 1)


def test_ties_of_gain_go_to_the_earlier_dimension():
    two = [group("a", agency=(0, 1), method=(0, 1)), group("b", agency=(1, 1), method=(1, 1))]
    asked = fit.next_question_table(row(), groups=two).dimension[0]
    assert asked == list(Dimension).index("agency")
