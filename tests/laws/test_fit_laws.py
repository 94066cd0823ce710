"""The laws of fit; each docstring is a sentence of docs/explanation/fit-model.md."""

import json
import tracemalloc

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from mshg import Dimension, Goal, Person, StanceProfile, catalog, fit, testing
from mshg.fit.kernels import BLOCK_PEOPLE

CATALOG = catalog.load()
NEUTRAL = fit.DEFAULT_PARAMETERS.neutral
OFF = 1e-12  # float64 rounding of a dozen terms


@st.composite
def tables(draw, min_people=1, max_people=6):
    """Stances, importance and declined questions of a few people."""
    n = draw(st.integers(min_people, max_people))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    stances = rng.integers(0, 5, (n, 12)) / 4 if draw(st.booleans()) else rng.random((n, 12))
    stances[rng.random((n, 12)) < draw(st.sampled_from([0, 0.2, 0.6, 1]))] = np.nan
    importance = rng.choice([0, 0.25, 1, 3], (n, 12), p=[0.1, 0.2, 0.5, 0.2])
    importance[importance.sum(axis=1) == 0] = 1
    declined = np.isnan(stances) & (rng.random((n, 12)) < draw(st.sampled_from([0, 0.3])))
    return stances, importance, declined


def philosophies():
    """A few groups of any philosophy."""
    return st.lists(testing.groups(), min_size=1, max_size=5, unique_by=lambda g: g.id)


@given(tables(), philosophies(), st.sampled_from([np.float32, np.float64]))
def test_bounds_hold_the_score(table, groups, dtype):
    """The score is never below the low bound nor above the high one."""
    stances, importance, declined = table
    found = fit.score_table(
        stances.astype(dtype), importance.astype(dtype), groups=groups, declined=declined
    )
    assert np.all(found.low <= found.score)
    assert np.all(found.score <= found.high)
    assert found.score.dtype == found.low.dtype == found.coverage.dtype == dtype


@given(tables(), philosophies(), st.data())
def test_completions_land_inside(table, groups, data):
    """However the open questions are answered, the score then lies inside today's bounds."""
    stances, importance, declined = table
    found = fit.score_table(stances, importance, groups=groups, declined=declined)
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    stated = np.where(np.isnan(stances) & ~declined, rng.random(stances.shape), stances)
    then = fit.score_table(stated, importance, groups=groups, declined=declined)
    assert np.all(then.score >= found.low - OFF)
    assert np.all(then.score <= found.high + OFF)


@given(tables(max_people=1), philosophies())
def test_bounds_are_reached(table, groups):
    """For each group there are answers that reach its low bound, and others its high one."""
    stances, importance, declined = table
    found = fit.score_table(stances, importance, groups=groups, declined=declined)
    is_open = np.isnan(stances[0]) & ~declined[0]
    for j, group in enumerate(groups):
        place = np.array([group.philosophy[d].position for d in Dimension])
        best = np.where(is_open, place, stances[0])[None]
        worst = np.where(is_open, np.where(place > 0.5, 0.0, 1.0), stances[0])[None]
        for stated, bound in ((best, found.high), (worst, found.low)):
            then = fit.score_table(stated, importance, groups=groups, declined=declined)
            assert then.score[0, j] == pytest.approx(bound[0, j], abs=OFF)


@given(tables(max_people=1), testing.groups(), st.sampled_from(list(Dimension)), st.floats(0, 1))
def test_toward_the_group_never_lowers(table, group, dimension, part):
    """Moving one answer toward a group's position never lowers its fit."""
    stances, importance, _ = table
    column = list(Dimension).index(dimension)
    assume(not np.isnan(stances[0, column]))
    nearer = stances.copy()
    nearer[0, column] += part * (group.philosophy[dimension].position - stances[0, column])
    before = fit.score_table(stances, importance, groups=[group]).score[0, 0]
    after = fit.score_table(nearer, importance, groups=[group]).score[0, 0]
    assert after >= before - OFF


@given(tables(), philosophies(), st.floats(1e-3, 1e3))
def test_scale_of_importance_is_free(table, groups, factor):
    """Only the ratios of importance matter."""
    stances, importance, declined = table
    one = fit.score_table(stances, importance, groups=groups, declined=declined)
    other = fit.score_table(stances, importance * factor, groups=groups, declined=declined)
    for name in ("score", "low", "high", "coverage"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=0, atol=OFF)


@given(tables(min_people=2), philosophies(), st.randoms(use_true_random=False))
def test_order_of_people_and_groups_is_free(table, groups, random):
    """The order of people and of groups permutes the results and changes nothing else."""
    stances, importance, declined = table
    people = list(range(len(stances)))
    order = list(range(len(groups)))
    random.shuffle(people)
    random.shuffle(order)
    one = fit.score_table(stances, importance, groups=groups, declined=declined)
    other = fit.score_table(
        stances[people],
        importance[people],
        groups=[groups[j] for j in order],
        declined=declined[people],
    )
    for name in ("score", "low", "high"):
        expected = getattr(one, name)[people][:, order]
        np.testing.assert_allclose(getattr(other, name), expected, rtol=0, atol=OFF)
    gaps = np.abs(one.score[:, :, None] - one.score[:, None, :])
    ties = (gaps < 1e-5) & ~np.eye(len(groups), dtype=bool)
    for row, i in enumerate(people):
        if not ties[i].any():
            mine, theirs = one.top(len(groups))[i], other.top(len(groups))[row]
            assert [groups[j].id for j in mine] == [groups[order[j]].id for j in theirs]


@given(tables(), philosophies(), st.randoms(use_true_random=False))
def test_order_of_dimensions_is_free(table, groups, random):
    """No dimension is special: exchanging them for people and groups alike changes no score."""
    stances, importance, declined = table
    names = list(Dimension)
    order = list(range(12))
    random.shuffle(order)
    moved = [
        evolve(g, philosophy={names[k]: g.philosophy[names[j]] for k, j in enumerate(order)})
        for g in groups
    ]
    one = fit.score_table(stances, importance, groups=groups, declined=declined)
    other = fit.score_table(
        stances[:, order], importance[:, order], groups=moved, declined=declined[:, order]
    )
    for name in ("score", "low", "high", "coverage"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=0, atol=OFF)


@given(testing.people(), testing.people())
def test_only_beliefs_and_goal_are_scored(person, other):
    """Gender, motivation, cognition and everything else but stances and goal change no score."""
    twin = evolve(other, stances=person.stances, goal=person.goal)
    for mine, theirs in zip(fit.score(person, CATALOG), fit.score(twin, CATALOG), strict=True):
        assert mine.contributions == theirs.contributions
        np.testing.assert_equal(
            (mine.score, mine.low, mine.high), (theirs.score, theirs.low, theirs.high)
        )


@given(st.lists(testing.people(), min_size=2, max_size=5))
def test_one_and_many_agree_to_the_last_bit(people):
    """What a person is told alone is what they are told in a batch, to the last bit."""
    stances, importance = fit.encode(people)
    table = fit.score_table(stances, importance, groups=CATALOG, declined=fit.declined_mask(people))
    parts = table.contributions()
    for i, person in enumerate(people):
        for j, found in enumerate(fit.score(person, CATALOG)):
            np.testing.assert_array_equal(
                [found.score, found.low, found.high],
                [table.score[i, j], table.low[i, j], table.high[i, j]],
            )
            np.testing.assert_array_equal(list(found.contributions.values()), parts[i, j])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("groups", [1, 2, 7, 13], ids="{} groups".format)
def test_bits_do_not_depend_on_the_place(dtype, groups):
    """A person's bits are the same alone, in any slice and in any batch."""
    rng = np.random.default_rng(7)
    known = list(CATALOG.values())[:groups]
    stances = rng.random((2 * BLOCK_PEOPLE + 77, 12)).astype(dtype)
    stances[rng.random(stances.shape) < 0.2] = np.nan
    importance = rng.random(stances.shape).astype(dtype)
    names = ("score", "low", "high", "coverage")

    def read(x, w):
        table = fit.score_table(x, w, groups=known)
        return [np.asarray(getattr(table, name)) for name in names]

    whole = read(stances, importance)
    for start, stop in ((0, 1), (1, 2), (5, 1000), (4000, 4200), (4095, 8200), (8200, 8269)):
        alone = read(stances[start:stop], importance[start:stop])
        for part, all_rows in zip(alone, whole, strict=True):
            np.testing.assert_array_equal(part, all_rows[start:stop])
    # One person at every place of a block, from input of either memory order.
    same = np.tile(stances[:1], (BLOCK_PEOPLE + 5, 1))
    weights = np.asfortranarray(np.tile(importance[:1], (BLOCK_PEOPLE + 5, 1)))
    for column, expected in zip(read(np.asfortranarray(same), weights), whole, strict=True):
        np.testing.assert_array_equal(column, np.broadcast_to(expected[:1], column.shape))


def test_memory_does_not_grow_with_people():
    """Beyond input and output, memory stays under 64 MiB whatever the number of people."""
    rng = np.random.default_rng(1)
    stances = rng.random((600_000, 12), np.float32)
    importance = rng.random((600_000, 12), np.float32)
    stances[:, 3] = np.nan
    declined = np.isnan(stances)
    tracemalloc.start()
    try:
        table = fit.score_table(stances, importance, groups=CATALOG, declined=declined)
        outputs = [table.score, table.low, table.high, table.coverage, table.top(3)]
        few = fit.score_table(stances[:60_000], groups=CATALOG)
        outputs.append(few.contributions())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - sum(o.nbytes for o in outputs) < 64 * 2**20


def test_nothing_answered_leaves_all_level():
    """Without answers every group stands at the neutral point."""
    table = fit.score_table(np.full((1, 12), np.nan), groups=CATALOG)
    np.testing.assert_array_equal(table.score, np.full((1, len(CATALOG)), NEUTRAL))
    assert table.coverage[0] == 0
    widest = [list(CATALOG).index(g) for g in ("aa", "na", "al_anon")]
    assert table.top(3)[0].tolist() == widest  # ties go by reach, then by the order


@given(tables(), philosophies())
def test_no_worst_case_rises_above_neutral(table, groups):
    """A group about which nothing was answered has no worst case above the neutral point."""
    stances, importance, _ = table
    found = fit.score_table(np.full_like(stances, np.nan), importance, groups=groups)
    assert np.all(found.low <= NEUTRAL)


@given(tables(), philosophies())
def test_contributions_sum_to_the_score(table, groups):
    """Contributions add up to the score less the neutral point, and open questions give none."""
    stances, importance, _ = table
    found = fit.score_table(stances, importance, groups=groups)
    parts = found.contributions()
    np.testing.assert_allclose(parts.sum(axis=2) + NEUTRAL, found.score, rtol=0, atol=OFF)
    assert not parts[np.broadcast_to(np.isnan(stances)[:, None], parts.shape)].any()


@given(tables(), philosophies(), st.integers(1, 7), st.data())
def test_top_is_best_first_and_closed_last(table, groups, k, data):
    """The top is best first among open groups; what is closed or NaN comes last, as -1."""
    stances, importance, _ = table
    found = fit.score_table(stances, importance, groups=groups)
    is_open = data.draw(
        st.lists(st.booleans(), min_size=len(groups), max_size=len(groups)).map(np.array)
    )
    top = found.top(k, is_open)
    assert top.shape == (len(stances), k)
    for row, order in enumerate(top):
        shown = [j for j in order if j >= 0]
        assert list(order) == shown + [-1] * (k - len(shown))
        assert len(set(shown)) == len(shown) == min(k, int(is_open.sum()))
        assert all(is_open[j] for j in shown)
        scores = found.score[row, shown]
        assert np.all(np.diff(scores) <= fit.DEFAULT_PARAMETERS.tie + OFF)
        left_out = [j for j in range(len(groups)) if is_open[j] and j not in shown]
        if shown and left_out:
            most = scores[-1] + fit.DEFAULT_PARAMETERS.tie + OFF
            assert found.score[row, left_out].max() <= most


@given(testing.people(group_ids=CATALOG), st.integers(2, 5))
def test_a_shortlist_is_a_real_choice(person, size):
    """As many options as asked for, whenever that many are open, and the chosen one first."""
    shortlist = fit.shortlist(person, CATALOG, size=size)
    shown = [o.group for o in shortlist.options]
    out = {e.group for e in shortlist.excluded}
    is_open = [g for g in CATALOG if g not in out and g != person.chosen_group]
    own = [] if person.chosen_group is None else [person.chosen_group]
    kept = [o for o in shortlist.options if o.kept_by in ("chosen", "liked", "medication")]
    assert shown[: len(own)] == own
    assert len(shown) == len(set(shown)) == max(min(size, len(is_open) + len(own)), len(kept))
    assert not out & set(shown)


@given(testing.people(group_ids=CATALOG), st.integers(2, 5))
def test_a_secular_group_is_shown_where_belief_is_open(person, size):
    """A secular option is among them where belief is open or below 4, unless places are kept."""
    shortlist = fit.shortlist(person, CATALOG, size=size)
    shown = {o.group for o in shortlist.options}
    out = {e.group for e in shortlist.excluded}
    kept = [o for o in shortlist.options if o.kept_by in ("chosen", "liked", "medication")]
    answers = person.stances.positions
    belief = max(answers.get("spirituality", 0), answers.get("christian_practice", 0))
    if belief < 0.75 and len(kept) < size and any(CATALOG[g].is_secular for g in {*CATALOG} - out):
        assert any(CATALOG[g].is_secular for g in shown)


@given(testing.people(group_ids=CATALOG), st.integers(2, 4))
def test_what_was_liked_is_always_shown(person, size):
    """A group that was liked is shown whenever no rule removes it, and it is said."""
    shortlist = fit.shortlist(person, CATALOG, size=size)
    out = {e.group for e in shortlist.excluded}
    liked = {e.group for e in person.experiences if e.how_it_was == "liked"}
    options = {o.group: o for o in shortlist.options}
    for group in liked - out:
        assert group in options
        said = (*options[group].reasons_for, *options[group].cautions)
        assert any("and liked it" in sentence for sentence in said)


@given(testing.people(group_ids=CATALOG), st.integers(2, 4))
def test_a_group_for_medication_is_shown_to_those_who_take_it(person, size):
    """Whoever takes medication for opioid use sees a group built for that, if one is open."""
    person = evolve(
        person, substances=["opioids"], medication_for_addiction=True, seeks_help_for="own_use"
    )
    shortlist = fit.shortlist(person, CATALOG, size=size)
    assert "mara" in {o.group for o in shortlist.options} | {e.group for e in shortlist.excluded}


@given(testing.people(group_ids=CATALOG))
def test_every_option_has_a_reason_or_a_rule(person):
    """No option stands on a list without a reason for it or a rule that keeps its place."""
    for option in fit.shortlist(person, CATALOG).options:
        assert option.reasons_for or option.kept_by
        assert (option.kept_by is None) == (option.kept_reason is None)
        parts = 0.08 * (option.belonging - 0.5) + 0.03 * (option.reach - 0.5)
        np.testing.assert_allclose(option.rank, option.score + parts, atol=OFF, equal_nan=True)


@given(testing.people(), testing.people())
def test_gender_and_the_like_change_no_rank(person, other):
    """Gender, age, motivation and cognition enter neither fit nor shared experience nor reach."""
    for words in (["woman"], ["man"], ["young"], ["veteran"], ["motivated"]):
        twin = evolve(person, identities=words, barriers=other.barriers, concerns=other.concerns)
        plain = evolve(person, identities=())
        np.testing.assert_array_equal(
            fit.belonging([twin], CATALOG), fit.belonging([plain], CATALOG)
        )


@given(testing.people(group_ids=CATALOG))
def test_every_group_is_shown_or_can_be_accounted_for(person):
    """Only a group's own rule, a dealbreaker or its being historical removes it, never fit."""
    shortlist = fit.shortlist(person, CATALOG, size=len(CATALOG))
    shown = {o.group for o in shortlist.options}
    out = {e.group: e for e in shortlist.excluded}
    assert shown | set(out) == set(CATALOG)
    assert all(e.rules and e.reason for e in out.values())
    mask = fit.open_mask([person], CATALOG)[0]
    for group_id, is_open in zip(CATALOG, mask, strict=True):
        rules = set(out[group_id].rules) - {"historical"} if group_id in out else set()
        assert is_open != bool(rules) or group_id == person.chosen_group


@given(testing.people(group_ids=CATALOG))
def test_results_are_plain_and_complete(person):
    """A shortlist turns into plain values that JSON can hold, and into text and HTML, always."""
    shortlist = fit.shortlist(person, CATALOG)
    assert json.loads(json.dumps(shortlist.to_dict(), allow_nan=False)) == shortlist.to_dict()
    assert "{" not in shortlist.to_text()
    assert shortlist._repr_html_().count("<tr>") == len(shortlist.options) + 1


@pytest.mark.parametrize(
    ("goal", "position"),
    [(Goal.ABSTINENCE, 1), (Goal.REDUCTION, 0.25), (Goal.MODERATION, 0), (Goal.UNDECIDED, None)],
)
def test_the_goal_stands_in_for_abstinence(goal, position):
    """An unanswered abstinence is filled by the goal; a given answer wins; a declined one stays."""
    column = list(Dimension).index(Dimension.ABSTINENCE)

    def encoded(**profile):
        person = Person(id="1", goal=goal, stances=StanceProfile(**profile))
        return fit.encode([person])[0][0, column]

    np.testing.assert_equal(encoded(), np.nan if position is None else position)
    assert encoded(positions={"abstinence": 0.5}) == 0.5
    assert np.isnan(encoded(declined=["abstinence"]))
