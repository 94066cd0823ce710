"""The laws of risk; each docstring is a sentence of docs/explanation/risk-model-and-limits.md."""

from itertools import pairwise

import attrs
import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from mshg import risk
from mshg.risk.kernels import BLOCK_PEOPLE
from mshg.risk.parameters import RISKS
from mshg.risk.reasons import MERGED
from mshg.risk.signs import RANGES, SIGNS, WHETHER

OFF = 1e-9
MOST_DRAWN = 60  # values beyond any sign's full level change nothing
SCORES = (
    *(f"{r}_{what}" for r in RISKS for what in ("score", "low", "high", "tier")),
    *("urgency", "urgency_rule"),
)
UP = {  # the direction in which each input that is no sign of its own name moves a score
    "days_since_use": -1,
    "abstinent_weeks": -1,
    "use_within_goal": -1,
    "attendance_trend": -1,
    "days_in_program": -1,
}
UP |= {
    s.name: (1 if s.full > s.zero else -1) * (1 if s.lapse + s.disengagement > 0 else -1)
    for s in SIGNS
    if s.name in RANGES
}


@st.composite
def arrays(draw, min_people=1, max_people=6):
    """Inputs of a few people, by name: some not given at all, some missing, some at their ends."""
    people = draw(st.integers(min_people, max_people))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    share = draw(st.sampled_from([0, 0.2, 0.6]))
    left_out = draw(st.sampled_from([0, 0.3, 0.9]))
    found = {}
    for name in RANGES:
        if rng.random() >= left_out:
            found[name] = np.where(rng.random(people) < share, np.nan, values(rng, name, people))
    return people, found


def values(rng, name, people):
    low, high = RANGES[name]
    if name in WHETHER:
        return rng.integers(0, 2, people).astype(float)
    low, high = max(low, -MOST_DRAWN), min(high, max(MOST_DRAWN, low + 200))
    drawn = rng.choice([low, high, np.nan], people, p=[0.1, 0.1, 0.8])
    return np.where(np.isnan(drawn), rng.uniform(low, high, people), drawn)


def table(given_arrays, **options):
    people, found = given_arrays
    return risk.assess_table(risk.RiskColumns(n_people=people, **found), **options)


@st.composite
def parameters(draw):
    """Points of any size that keep their sign's direction; other numbers within their bounds."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    points = [
        {s.name: getattr(s, risk_name) * factor for s, factor in zip(SIGNS, factors, strict=True)}
        for risk_name, factors in zip(RISKS, rng.random((2, len(SIGNS))), strict=True)
    ]
    return risk.RiskParameters(
        lapse=points[0],
        disengagement=points[1],
        hazard_scale_days=draw(st.floats(1, 365)),
        early_days=draw(st.floats(0, 365)),
        later_fall=draw(st.floats(0, 1)),
    )


@given(arrays(), st.sampled_from(sorted(RANGES)), parameters(), st.integers(0, 2**32 - 1))
def test_each_sign_moves_the_score_in_its_direction_only(drawn, name, numbers, seed):
    """More of a warning sign never lowers a score, and more of what helps never raises one."""
    people, found = drawn
    rng = np.random.default_rng(seed)
    ends = np.sort([values(rng, name, people) for _ in range(2)], axis=0)
    low, high = (table((people, found | {name: end}), parameters=numbers) for end in ends)
    for risk_name in RISKS:
        change = getattr(high, f"{risk_name}_score") - getattr(low, f"{risk_name}_score")
        assert np.all(change * UP.get(name, 0) >= 0)
        assert name in UP or np.all(change == 0)


@given(arrays(), parameters())
def test_contributions_add_up(drawn, numbers):
    """Contributions add up to the score, with the start among them."""
    found = table(drawn, parameters=numbers)
    for name in RISKS:
        total = sum(found.contributions(name).values())
        np.testing.assert_allclose(total, getattr(found, f"{name}_score"), atol=OFF)


@given(arrays(), parameters())
def test_bounded(drawn, numbers):
    """A score lies from 0 to 100, and between its own bounds."""
    found = table(drawn, parameters=numbers)
    for name in RISKS:
        score, low, high = (getattr(found, f"{name}_{w}") for w in ("score", "low", "high"))
        assert np.all((low >= 0) & (low <= score) & (score <= high) & (high <= 100))


@given(arrays(), parameters(), st.integers(0, 2**32 - 1), st.sampled_from([0, 0.5, 1]))
def test_any_completion_lands_inside(drawn, numbers, seed, share):
    """Whatever the missing answers turn out to be, the score then lies inside today's bounds."""
    people, found = drawn
    rng = np.random.default_rng(seed)
    stated = {}
    for name in RANGES:
        now = found.get(name, np.full(people, np.nan))
        is_reported = np.isnan(now) & (rng.random(people) < share)
        stated[name] = np.where(is_reported, values(rng, name, people), now)
    today, then = table(drawn, parameters=numbers), table((people, stated), parameters=numbers)
    for name in RISKS:
        assert np.all(getattr(then, f"{name}_score") >= getattr(today, f"{name}_low"))
        assert np.all(getattr(then, f"{name}_score") <= getattr(today, f"{name}_high"))
        assert np.all(getattr(then, f"{name}_low") >= getattr(today, f"{name}_low"))
        assert np.all(getattr(then, f"{name}_high") <= getattr(today, f"{name}_high"))


@given(arrays(), parameters())
def test_bounds_are_reached(drawn, numbers):
    """The bounds are no wider than what answers can reach, but for time since use."""
    people, found = drawn
    late = {"days_since_use": 36_525, "abstinent_weeks": 5_218}
    numbers = attrs.evolve(numbers, early_days=max(1, numbers.early_days))
    best, worst = {}, {}
    for name, (low, high) in RANGES.items():
        ends = (low, high) if UP.get(name, 0) >= 0 else (high, low)
        now = found.get(name, np.full(people, np.nan))
        best[name] = np.where(np.isnan(now), late.get(name, ends[0]), now)
        worst[name] = np.where(np.isnan(now), ends[1], now)
    today = table(drawn, parameters=numbers)
    lowest, highest = (table((people, ends), parameters=numbers) for ends in (best, worst))
    for name in RISKS:
        np.testing.assert_allclose(
            getattr(highest, f"{name}_score"), getattr(today, f"{name}_high"), atol=OFF
        )
        np.testing.assert_allclose(
            getattr(lowest, f"{name}_score"), getattr(today, f"{name}_low"), atol=0.4
        )


def inputs_of(drawn, row):
    _, found = drawn
    stated = {name: column[row] for name, column in found.items() if not np.isnan(column[row])}
    return risk.RiskInputs(**{n: bool(v) if n in WHETHER else v for n, v in stated.items()})


def shown(points):
    """What half a point or more comes to, signs that speak of the same taken together."""
    merged = {}
    for sign, of_sign in points.items():
        other = MERGED.get(sign, sign)
        if sign != "start" and of_sign:
            name = other if points[other] else sign
            merged[name] = merged.get(name, 0) + of_sign
    return {sign: of_sign for sign, of_sign in merged.items() if abs(of_sign) >= 0.5}


@given(arrays(), arrays(), parameters())
def test_one_person_as_among_many(drawn, before, numbers):
    """One person alone gets the numbers they get among many, to the last bit."""
    people = min(drawn[0], before[0])
    drawn, before = ((people, {n: c[:people] for n, c in a.items()}) for _, a in (drawn, before))
    earlier = risk.RiskColumns(n_people=people, **before[1])
    many = table(drawn, previous=earlier, parameters=numbers)
    parts = {name: many.contributions(name) for name in RISKS}
    missing = many.missing()
    for i in range(people):
        one = risk.assess(inputs_of(drawn, i), previous=inputs_of(before, i), parameters=numbers)
        for name in RISKS:
            for what in ("score", "low", "high", "direction"):
                assert getattr(one, f"{name}_{what}") == getattr(many, f"{name}_{what}")[i]
            assert getattr(one, f"{name}_tier") == risk.TIERS[getattr(many, f"{name}_tier")[i]]
            stated = {p.sign: p.points for p in getattr(one, f"{name}_contributions")}
            assert stated == shown({s: c[i] for s, c in parts[name].items()})
        assert one.missing == tuple(n for n, is_missing in missing.items() if is_missing[i])
        reported = [k for k, is_so in zip(risk.SafetyKind, many.safety[i], strict=True) if is_so]
        assert [notice.kind for notice in one.notices] == reported
        assert one.urgency == risk.URGENCIES[many.urgency[i]]
        assert one.urgency_rule == risk.URGENCY_RULES[many.urgency_rule[i]]
        holding = {rule for rule, holds in many.floors().items() if holds[i]}
        assert {floor.rule for floor in one.floors} == holding - (
            {"discharge"} if "discharge_opioids" in holding else set()
        )


@given(arrays(), st.integers(0, 2**32 - 1))
def test_order_and_slices_change_nothing(drawn, seed):
    """Order, slices and the size of a batch change no bit of anybody's numbers."""
    people, found = drawn
    whole = table(drawn)
    order = np.random.default_rng(seed).permutation(people)
    mixed = table((people, {name: column[order] for name, column in found.items()}))
    for name in SCORES:
        np.testing.assert_array_equal(getattr(mixed, name), getattr(whole, name)[order])


def test_blocks_change_nothing():
    """Order, slices and the size of a batch change no bit of anybody's numbers."""
    rng = np.random.default_rng(1)
    people = 2 * BLOCK_PEOPLE + 3
    found = {name: values(rng, name, people) for name in RANGES}
    whole = table((people, found))
    for rows in (slice(0, 5), slice(BLOCK_PEOPLE - 2, BLOCK_PEOPLE + 3), slice(people - 2, people)):
        part = {name: column[rows] for name, column in found.items()}
        few = table((len(range(people)[rows]), part))
        for name in SCORES:
            np.testing.assert_array_equal(getattr(few, name), getattr(whole, name)[rows])


@given(arrays(), parameters())
def test_no_parameter_touches_safety(drawn, numbers):
    """No parameter switches a safety notice, a floor or an unknown tier off."""
    here, shipped = table(drawn, parameters=numbers), table(drawn)
    np.testing.assert_array_equal(here.safety, shipped.safety)
    np.testing.assert_array_equal(here.unheard(), shipped.unheard())
    for name in RISKS:
        unknown = [getattr(t, f"{name}_tier") == -1 for t in (here, shipped)]
        np.testing.assert_array_equal(*unknown)
    for floor in risk.FLOORS:
        holds = here.floors()[floor.name]
        np.testing.assert_array_equal(holds, shipped.floors()[floor.name])
        for name in RISKS:
            assert np.all(getattr(here, f"{name}_tier")[holds] >= getattr(floor, name))


@given(arrays(), parameters())
def test_floors_lift_the_tier_alone(drawn, numbers):
    """A floor lifts a tier, never a score or its bounds."""
    people, found = drawn
    only_floors = {n: found[n] for n in found if n not in UP}
    without = {n: found[n] for n in found if n in UP}
    assume(only_floors)
    here, plain = (
        table((people, found), parameters=numbers),
        table((people, without), parameters=numbers),
    )
    for name in RISKS:
        for what in ("score", "low", "high"):
            np.testing.assert_array_equal(
                getattr(here, f"{name}_{what}"), getattr(plain, f"{name}_{what}")
            )


WARNINGS = (
    *(f"days_since_{kind}" for kind in risk.SafetyKind),
    *("days_since_opioid_use", "days_since_discharge", "days_since_losses"),
    *("days_since_stress_and_reluctance", "days_since_use"),
)


@given(arrays(), st.sampled_from(WARNINGS), st.integers(0, 40), st.integers(0, 40), parameters())
def test_newer_warnings_never_lower_a_tier(drawn, name, one, other, numbers):
    """A newer warning never lowers a tier that is known, nor makes a call less urgent."""
    people, found = drawn
    newer, older = sorted((one, other))
    found = found | {"days_since_heard": np.zeros(people)}
    here, before = (
        table((people, found | {name: np.full(people, float(days))}), parameters=numbers)
        for days in (newer, older)
    )
    for risk_name in RISKS:
        assert np.all(getattr(here, f"{risk_name}_tier") >= getattr(before, f"{risk_name}_tier"))
    assert np.all(here.urgency <= before.urgency)


@given(arrays())
def test_the_order_of_calls(drawn):
    """Calls go by urgency, then the most urgent notice, then the newest danger, then the scores."""
    found = table(drawn)
    order = found.call_order().tolist()
    assert sorted(order) == list(range(drawn[0]))
    keys = []
    for i in order:
        kinds = np.flatnonzero(found.safety[i])
        days = np.nan_to_num(found.notice_days()[i][kinds], nan=0)
        scores = sorted((-found.lapse_score[i], -found.disengagement_score[i]))
        worst = kinds[0] if len(kinds) else len(risk.SafetyKind)
        keys.append((found.urgency[i], worst, days.min() if len(days) else np.inf, *scores, i))
    for before, after in pairwise(keys):
        if before[2] < np.inf or found.urgency[before[-1]]:  # no notice: by the day of its floor
            assert before <= after or after[2] == before[2] == np.inf
        assert before[:2] <= after[:2]


@given(arrays())
def test_no_text_says_low_under_a_notice(drawn):
    """Under a notice no text says low; without one, it begins with what to do."""
    one = risk.assess(inputs_of(drawn, 0))
    text = one.to_text()
    if one.notices:
        assert text.startswith(one.notices[0].text)
        assert "low" not in text.lower()
    else:
        assert text.startswith(one.action)


@given(st.floats(0, 36_525), st.floats(0, 36_525), parameters())
def test_the_hazard_falls_and_never_reaches_zero(one, other, numbers):
    """Risk falls with the time since last use and never reaches zero."""
    numbers = attrs.evolve(numbers, lapse={"time_since_use": 10})
    early, late = sorted((one, other))
    found = table((2, {"days_since_use": np.array([early, late])}), parameters=numbers).lapse_score
    assert found[0] >= found[1] > 0


@given(st.integers(0, 36_525), st.floats(0, 1_000))
def test_a_fall_counts_more_early(days, fall):
    """A fall in attendance counts more in the first ninety days."""
    found = table(
        (2, {"attendance_trend": np.full(2, -fall), "days_in_program": np.array([days, 90])})
    ).contributions("disengagement")["attendance_fall"]
    assert found[0] >= found[1]
    twice = 2 if days < 90 else 1
    np.testing.assert_allclose(found[0], twice * found[1], rtol=1e-12, atol=1e-300)


@given(arrays(), st.floats(0, 1), st.floats(0, 36_525))
def test_use_within_the_goal_is_no_lapse(drawn, rate, days):
    """Use within the person's own goal is no lapse: it adds nothing."""
    people, found = drawn
    uses = ("use_rate", "days_since_use", "abstinent_weeks")
    none = {name: column for name, column in found.items() if name not in uses}
    within = none | {
        "use_rate": np.full(people, rate),
        "days_since_use": np.full(people, days),
        "use_within_goal": np.ones(people),
    }
    np.testing.assert_array_equal(
        table((people, within)).lapse_score, table((people, none)).lapse_score
    )


patterns = st.lists(st.text("+-o*_", min_size=1, max_size=30), min_size=1, max_size=5)


@given(patterns, st.data())
def test_nothing_later_is_looked_at(words, data):
    """Changing the weeks that are not known yet changes nothing."""
    weeks = [data.draw(st.integers(1, len(word))) for word in words]
    later = [
        word[:week] + data.draw(st.text("+-o*_x")) for word, week in zip(words, weeks, strict=True)
    ]
    same(risk.columns_from_patterns(words, weeks), risk.columns_from_patterns(later, weeks))


@given(patterns, st.data())
def test_patterns_alone_as_among_many(words, data):
    """A pattern gives the same inputs alone, among others, and as codes."""
    weeks = [data.draw(st.integers(1, len(word))) for word in words]
    many = risk.columns_from_patterns(words, weeks)
    for i, (word, week) in enumerate(zip(words, weeks, strict=True)):
        one = risk.columns_from_patterns([word], week)
        codes = np.frombuffer(word.encode(), np.uint8)[None]
        same(one, risk.columns_from_patterns(codes, [week]))
        for name in one:
            np.testing.assert_array_equal(many[name][i : i + 1], one[name])


@given(st.sets(st.integers(1, 30), min_size=2, max_size=2))
def test_more_weeks_say_more(weeks):
    """The more weeks say the same, the more they say."""
    few, many = sorted(weeks)
    for code, rate in (("+", "use_rate"), ("o", "missed_rate")):
        less, more = risk.columns_from_patterns([code * many] * 2, [few, many])[rate]
        assert 0 < less < more < 1
    less, more = risk.columns_from_patterns(["-" * many] * 2, [few, many])["use_rate"]
    assert 0 < more < less < 1


def same(one, other):
    assert list(one) == list(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])
