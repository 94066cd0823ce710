"""Fit worked by hand from the formula f = k + Σ w s (a - k) / Σ w, a = 1 - (x - c)², k = 3/4."""

import numpy as np
import pytest

from mshg import Dimension, Group, Position, fit


def group(**stands):
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
    return Group(id="made_up", name="Made up", philosophy=philosophy)


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


def test_no_importance_at_all_can_not_be_told():
    table = fit.score_table(row(method=1.0), np.zeros((1, 12)), groups=[group(method=(1, 1))])
    assert np.isnan([table.score[0, 0], table.low[0, 0], table.high[0, 0], table.coverage[0]]).all()
    assert table.top(2)[0].tolist() == [-1, -1]


def test_a_tie_goes_to_the_first_in_order():
    # 5e-7 of score apart is a tie (1e-6); 5e-6 apart is none. s (1/4) / 12 is the score above 3/4.
    def named(name, salience):
        made = group(method=(1, salience))
        return Group(id=name, name=name, philosophy=made.philosophy)

    near = [named("a", 0.5), named("b", 0.5 + 5e-7 * 48), named("c", 0.5 + 5e-6 * 48)]
    assert fit.score_table(row(method=1.0), groups=near[:2]).top(2)[0].tolist() == [0, 1]
    assert fit.score_table(row(method=1.0), groups=near).top(3)[0].tolist() == [2, 0, 1]
