"""The kernels of fit against a plain-Python twin, written from the formula."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mshg import Dimension, fit, testing
from mshg.fit.kernels import worst_leads


def twin(x, w, declined, group, k):
    """Score, low, high and coverage of one group for one person, term by term."""
    total = math.fsum(w)
    if total == 0:
        return (math.nan,) * 4
    score = low = high = k
    covered = 0.0
    for j, d in enumerate(Dimension):
        c, s = group.philosophy[d].position, group.philosophy[d].salience
        if x[j] is not None:
            term = w[j] * s * (1 - (x[j] - c) ** 2 - k) / total
            score, low, high = score + term, low + term, high + term
            covered += w[j] / total
        elif not declined[j]:
            low += w[j] * s * (1 - max(c, 1 - c) ** 2 - k) / total
            high += w[j] * s * (1 - k) / total
    return score, low, high, covered


def twin_top(scores, is_open, tie):
    """Place by place: the first group within a tie of the best one left."""
    left = {j: s for j, s in enumerate(scores) if is_open[j] and not math.isnan(s)}
    order = []
    while left:
        best = max(left.values())
        pick = min(j for j, s in left.items() if s >= best - tie)
        order.append(pick)
        del left[pick]
    return order + [-1] * (len(scores) - len(order))


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(0, 1)),
            st.one_of(st.just(0.0), st.floats(1e-3, 10)),
            st.booleans(),
        ),
        min_size=12,
        max_size=12,
    ),
    st.lists(testing.groups(), min_size=1, max_size=4, unique_by=lambda g: g.id),
    st.floats(0.75, 1),
    st.data(),
)
def test_kernels_agree_with_the_formula(answers, groups, neutral, data):
    """One person at a time, term by term, gives what the blocks give."""
    x = [a for a, _, _ in answers]
    w = [b for _, b, _ in answers]
    declined = [c and a is None for a, _, c in answers]
    parameters = fit.FitParameters(neutral=neutral)
    table = fit.score_table(
        np.array([[np.nan if a is None else a for a in x]]),
        np.array([w]),
        groups=groups,
        declined=np.array([declined]),
        parameters=parameters,
    )
    for j, group in enumerate(groups):
        expected = twin(x, w, declined, group, neutral)
        found = (table.score[0, j], table.low[0, j], table.high[0, j], table.coverage[0])
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)
    is_open = data.draw(st.lists(st.booleans(), min_size=len(groups), max_size=len(groups)))
    expected = twin_top(table.score[0].tolist(), is_open, parameters.tie)
    assert table.top(len(groups), np.array(is_open))[0].tolist() == expected


def twin_lead(one, other, k):
    """The least of one group's term less the other's, over an answer from 0 to 1: by looking."""
    places = [i / 2000 for i in range(2001)]

    def term(stand, x):
        return stand.salience * (1 - (x - stand.position) ** 2 - k)

    return min(term(one, x) - term(other, x) for x in places)


@given(testing.positions(), testing.positions(), st.floats(0.75, 1))
def test_leads_at_worst_agree_with_looking(one, other, neutral):
    """The closed form of the least lead is what a fine grid of answers finds."""
    position = np.array([[one.position], [other.position]])
    salience = np.array([[one.salience], [other.salience]])
    found = worst_leads(position, salience, neutral)
    for i, j, pair in ((0, 1, (one, other)), (1, 0, (other, one)), (0, 0, (one, one))):
        least = twin_lead(*pair, neutral)
        assert least - 1e-6 <= found[i, j, 0] <= least + 1e-12
