"""The measures of engagement against a plain-Python twin, person by person from the definitions."""

import math
from itertools import pairwise
from statistics import fmean, median, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshg import engagement
from mshg.engagement import DEFAULT_PARAMETERS, EngagementParameters, Kind

AS_OF = 20_000
NAN = math.nan

rows = st.tuples(
    st.integers(0, 3),
    st.integers(-10, 130),
    st.sampled_from([Kind.ATTENDED] * 20 + list(Kind)),
    st.floats(0, 10),
)


def mean_of_first(stated, kind, number):
    values = sorted((-age, value) for age, k, value in stated if k == kind)[:number]
    return fmean([value for _, value in values]) if values else NAN


def twin_engaged(days, p):
    if not days:
        return NAN
    first, last, more = days[-1], days[0], len(days) - 1
    grown = (p.pace_scale_days + first) / (p.pace_scale_days + first - last)
    return 1 / (1 + p.leaving_a / (p.leaving_b + more) * grown ** (p.pace_shape + more))


def twin_stage(ages, referrals, involvement, p):
    since = min(ages, default=NAN)
    rules = [
        (not ages and not referrals, "", ""),
        (not ages, "referred", "not_yet_attended"),
        (since > p.away_days, "away", "long_ago"),
        (len(ages) < p.tried_meetings, "tried", "few_meetings"),
        (since > p.attending_days, "drifting", "not_lately"),
        (math.isnan(involvement), "attending", "involvement_unknown"),
        (involvement >= p.involved_share, "involved", "takes_part"),
        (True, "attending", "attends"),
    ]
    return next((stage, rule) for holds, stage, rule in rules if holds)


def twin(stated, p):
    """Every column for one person, from (age, kind, value) of what happened up to the day."""

    def number(kind, days=math.inf):
        return sum(k == kind and age < days for age, k, _ in stated)

    def decayed(half_life):
        q = 0.5 ** (1 / half_life)
        return 7 * (1 - q) * math.fsum(q**age for age in ages)

    ages = sorted(age for age, kind, _ in stated if kind == Kind.ATTENDED)
    days = sorted(set(ages))
    gaps = [b - a for a, b in pairwise(days)]
    weekly = [0] * math.ceil((max(ages, default=-1) + 1) / 7)
    for age in ages:
        weekly[age // 7] += 1
    in_a_row = next((i for i, count in enumerate(weekly) if not count), len(weekly))
    since = days[0] if days else NAN
    has_gaps = len(gaps) >= p.least_gaps
    referred = max((age for age, kind, _ in stated if kind == Kind.REFERRED), default=NAN)
    after = [referred - age for age in days if age <= referred]
    answered = number(Kind.CHECK_IN_ANSWERED, p.recent_days)
    asked = answered + number(Kind.CHECK_IN_UNANSWERED, p.recent_days)
    silent = (Kind.MISSED, Kind.CHECK_IN_UNANSWERED, Kind.QUESTION_UNANSWERED, Kind.NONE)
    has = [
        number(Kind.SPONSOR_TAKEN) > number(Kind.SPONSOR_LEFT),
        number(Kind.HOME_GROUP_TAKEN) > number(Kind.HOME_GROUP_LEFT),
        number(Kind.SERVICE_TAKEN) > number(Kind.SERVICE_LEFT),
    ]
    done = [number(kind, p.recent_days) for kind in (Kind.STEP, Kind.READING, Kind.CONTACT)]
    is_known = any(Kind.SPONSOR_TAKEN <= kind <= Kind.CONTACT for _, kind, _ in stated)
    involvement = (sum(has) + sum(n > 0 for n in done)) / 6 if is_known else NAN
    stage, rule = twin_stage(ages, number(Kind.REFERRED), involvement, p)
    return {
        "attendances": len(ages),
        "attendances_7_days": number(Kind.ATTENDED, 7),
        "attendances_30_days": number(Kind.ATTENDED, 30),
        "attendances_90_days": number(Kind.ATTENDED, 90),
        "meetings_per_week": number(Kind.ATTENDED, 28) / 4,
        "weeks_in_a_row": in_a_row,
        "decayed_per_week": decayed(p.half_life_days),
        "pace_change_per_week": decayed(p.half_life_days) - decayed(p.long_half_life_days),
        "trend_28_days": number(Kind.ATTENDED, 28)
        - (number(Kind.ATTENDED, 56) - number(Kind.ATTENDED, 28)),
        "weekly_variance": variance(weekly) if len(weekly) > 1 else NAN,
        "days_since_last": since,
        "longest_gap_days": max(gaps, default=NAN),
        "usual_gap_days": median(gaps) if has_gaps else NAN,
        "silence": sum((gap < since) + (gap == since) / 2 for gap in gaps) / (len(gaps) + 1)
        if has_gaps
        else NAN,
        "still_engaged": twin_engaged(days, p),
        "days_to_first_meeting": min(after, default=NAN),
        "in_first_90_days": bool(days) and days[-1] < 90,
        "first_rating": mean_of_first(stated, Kind.RATING, p.first_meetings),
        "first_discomfort": mean_of_first(stated, Kind.DISCOMFORT, p.first_meetings),
        "check_ins_answered_share": answered / asked if asked else NAN,
        "questions_unanswered": number(Kind.QUESTION_UNANSWERED, p.recent_days),
        "questions_declined": number(Kind.QUESTION_DECLINED, p.recent_days),
        "meetings_missed": number(Kind.MISSED, p.recent_days),
        "days_since_news": min((age for age, k, _ in stated if k not in silent), default=NAN),
        "goals_met": number(Kind.GOAL_MET),
        "has_sponsor": has[0],
        "has_home_group": has[1],
        "has_service": has[2],
        "steps_worked": done[0],
        "readings": done[1],
        "supporter_contacts": done[2],
        "involvement": involvement,
        "stage": stage,
        "stage_rule": rule,
    }


def assert_agrees(stated, parameters=DEFAULT_PARAMETERS):
    """The table of (person, age, kind, value) holds what the twin says of each of six people."""
    person, age, kind, value = zip(*stated, strict=True) if stated else ((),) * 4
    columns = engagement.EventColumns(
        person=np.array(person, np.int16),
        day=AS_OF - np.array(age, np.int32),
        kind=kind,
        value=np.array(value, float),
    )
    table = engagement.summarize_table(columns, as_of=AS_OF, n_people=6, parameters=parameters)
    found = table.columns()
    for i in range(6):
        theirs = [row[1:] for row in stated if row[0] == i and row[1] >= 0]
        expected = twin(theirs, parameters)
        assert list(found) == list(expected)
        for name, measure in expected.items():
            here = found[name][i]
            if isinstance(measure, str):
                assert here == measure, name
            else:
                assert here == pytest.approx(measure, rel=1e-12, abs=1e-14, nan_ok=True), name


@given(st.lists(rows, max_size=60))
def test_every_column_agrees_with_its_definition(stated):
    """Every column is what its definition says, person by person."""
    assert_agrees(stated)


@given(
    st.lists(rows, max_size=60),
    st.builds(
        EngagementParameters,
        half_life_days=st.floats(1, 60),
        long_half_life_days=st.floats(1, 200),
        recent_days=st.integers(1, 120),
        least_gaps=st.integers(1, 5),
        first_meetings=st.integers(1, 5),
        tried_meetings=st.integers(1, 5),
        attending_days=st.integers(1, 20),
        away_days=st.integers(20, 60),
        involved_share=st.floats(0.01, 1),
        pace_shape=st.floats(0.1, 10),
        pace_scale_days=st.floats(0.1, 100),
        leaving_a=st.floats(0.1, 10),
        leaving_b=st.floats(0.1, 20),
    ),
)
def test_every_parameter_means_what_it_says(stated, parameters):
    """Other parameters change what their definition says, and nothing else."""
    assert_agrees(stated, parameters)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 20_000)), max_size=60))
def test_long_histories_agree(stated):
    """Decades of history are counted in the same way."""
    assert_agrees([(person, age, Kind.ATTENDED, NAN) for person, age in stated])


def test_many_people_in_many_blocks_agree(monkeypatch):
    """Where the blocks of people are cut changes nothing."""
    monkeypatch.setattr("mshg.engagement.kernels.BLOCK_KEYS", 5)
    rng = np.random.default_rng(0)
    people, ages = rng.integers(0, 5, 200).tolist(), rng.integers(1, 100, 200).tolist()
    assert_agrees([(p, a, Kind.ATTENDED, NAN) for p, a in zip(people, ages, strict=True)])
