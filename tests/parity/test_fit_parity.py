"""The kernels of fit against a plain-Python twin, written from the formula."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mshg import Dimension, Substance, catalog, fit, testing
from mshg.domain import Focus
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


def twin_top(scores, is_open, tie, reach):
    """Place by place: of those within a tie of the best one left, the widest, then the first."""
    left = {j: s for j, s in enumerate(scores) if is_open[j] and not math.isnan(s)}
    order = []
    while left:
        best = max(left.values())
        pick = min((-reach[j], j) for j, s in left.items() if s >= best - tie)[1]
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
    expected = twin_top(
        table.score[0].tolist(), is_open, parameters.tie, fit.reach(groups).tolist()
    )
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


def twin_belonging(person, group, groups):
    """Shared experience of one person and one group, from the words of the page."""
    if group.focus:
        share = {
            focus: group.focus[focus].share if focus in group.focus else 0.0 for focus in Focus
        }
        used = [share[Focus(substance)] for substance in person.substances]
        of_use = (max(used) + sum(used) / len(used)) / 2 if used else 0.5
        if person.seeks_help_for == "someone_elses_use":
            m = share["someone_elses_use"] * (1 + of_use) / 2
        else:
            lived = [share[f] for f in person.lives_with if f not in set(Substance)]
            m = of_use + (1 - of_use) * max(lived, default=0.0)
    else:
        m = 0.5
    for tried in person.experiences:
        sign = {"liked": 1, "disliked": -1}.get(tried.how_it_was, 0)
        other = next((g for g in groups if g.id == tried.group), None)
        if tried.group == group.id:
            m += sign / 2
        elif group.variant_of == tried.group or (other and other.variant_of == group.id):
            m += sign / 4
    return min(max(m, 0), 1)


@given(
    st.lists(testing.people(group_ids=catalog.load()), min_size=1, max_size=3),
    st.lists(testing.groups(), max_size=3, unique_by=lambda g: g.id),
)
def test_shared_experience_agrees_with_its_twin(people, made_up):
    """Columns of what people live with give what one person and one group give."""
    groups = [*catalog.load().values(), *made_up]
    groups = list({g.id: g for g in groups}.values())
    found = fit.belonging(people, groups)
    for i, person in enumerate(people):
        expected = [twin_belonging(person, group, groups) for group in groups]
        np.testing.assert_allclose(found[i], expected, rtol=0, atol=1e-12)
    assert found.min() >= 0
    assert found.max() <= 1


@given(st.data(), st.sampled_from([np.float32, np.float64]))
def test_ranks_agree_with_the_sum(data, dtype):
    """A rank is fit and its two constants, whatever their shape; the order is that of its twin."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    groups = data.draw(st.lists(testing.groups(), min_size=1, max_size=4, unique_by=lambda g: g.id))
    n, g = 5, len(groups)
    stances = rng.random((n, 12)).astype(dtype)
    shared, near = rng.integers(0, 3, (n, g)) / 2, rng.integers(0, 3, (n, g)) / 2
    if data.draw(st.booleans()):
        near = near[0]
    weights = {"belonging_weight": data.draw(st.floats(0, 1)), "reach_weight": 0.5}
    parameters = fit.FitParameters(**weights)
    table = fit.ranking_table(
        stances, groups=groups, belonging=shared, reach=near, parameters=parameters
    )
    rows = np.broadcast_to(near, (n, g))
    added = parameters.belonging_weight * (shared - 0.5) + 0.5 * (rows - 0.5)
    off = 1e-6 if dtype is np.float32 else 1e-12
    np.testing.assert_allclose(table.rank, table.score + added, rtol=0, atol=off)
    assert table.rank.dtype == dtype
    assert np.all(table.low <= table.rank)
    assert np.all(table.rank <= table.high)
    for i in range(n):
        order = twin_top(table.rank[i].tolist(), [True] * g, dtype(parameters.tie), rows[i])
        assert table.top(g)[i].tolist() == order


def test_without_weights_the_order_is_that_of_fit():
    """Weights of 0 give the order of fit alone, whatever is shared and near."""
    rng = np.random.default_rng(3)
    stances = rng.integers(0, 5, (500, 12)) / 4
    groups = catalog.load()
    none = fit.FitParameters(belonging_weight=0, reach_weight=0)
    ranked = fit.ranking_table(
        stances,
        groups=groups,
        belonging=rng.random((500, len(groups))),
        reach=fit.reach(groups),
        parameters=none,
    )
    plain = fit.score_table(stances, groups=groups)
    np.testing.assert_array_equal(ranked.rank, plain.score)
    np.testing.assert_array_equal(ranked.top(5), plain.top(5))
