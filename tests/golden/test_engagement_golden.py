"""Small histories worked by hand. Each is given by ages: how many days before ``as_of``."""

import numpy as np
import pytest

from mshg.engagement import EventColumns, Kind, summarize_table

AS_OF = 20_781


def measured(attended=(), **others):
    """The row of one person who attended at these ages; other kinds: ages, or (age, value)."""
    rows = [(age, Kind.ATTENDED, np.nan) for age in attended]
    for kind, stated in others.items():
        pairs = (t if isinstance(t, tuple) else (t, np.nan) for t in stated)
        rows += [(age, Kind[kind.upper()], value) for age, value in pairs]
    age, kind, value = np.array(rows or np.empty((0, 3))).T
    columns = EventColumns(
        person=np.zeros(len(age), int),
        day=AS_OF - age.astype(int),
        kind=kind.astype(int),
        value=value,
    )
    table = summarize_table(columns, as_of=AS_OF, n_people=1)
    return {name: column[0] for name, column in table.columns().items()}


def assert_is(found, **expected):
    for name, value in expected.items():
        if isinstance(value, str):
            assert found[name] == value, name
        else:
            assert found[name] == pytest.approx(value, rel=1e-12, nan_ok=True), name


NAN = float("nan")


def test_nothing_recorded():
    found = measured()
    counts = [name for name, value in found.items() if value.dtype.kind == "i"]
    assert len(counts) == 13
    assert_is(found, **dict.fromkeys(counts, 0))
    stated = ["days_since_last", "longest_gap_days", "usual_gap_days", "silence", "still_engaged"]
    stated += ["weekly_variance", "days_to_first_meeting", "first_rating", "first_discomfort"]
    stated += ["check_ins_answered_share", "days_since_news", "involvement"]
    assert_is(found, **dict.fromkeys(stated, NAN))
    assert_is(found, meetings_per_week=0, decayed_per_week=0, pace_change_per_week=0)
    assert_is(found, in_first_90_days=False, has_sponsor=False, stage="", stage_rule="")


def test_referred_and_not_seen():
    found = measured(referred=[5])
    assert_is(found, stage="referred", stage_rule="not_yet_attended", days_since_news=5)
    assert_is(found, attendances=0, days_to_first_meeting=NAN)


def test_one_meeting_yesterday():
    # decayed: q = 2^(-1/14) = 0.951695..., 7 (1 - q) q = 0.32180...
    # still engaged: x = t = 0, T = 1: 1 / (1 + 0.7/12.2 (8/7)^2) = 1 / 1.07494 = 0.93028
    found = measured([1])
    assert_is(found, attendances_7_days=1, attendances_90_days=1, meetings_per_week=0.25)
    assert_is(found, weeks_in_a_row=1, days_since_last=1, weekly_variance=NAN, longest_gap_days=NAN)
    assert_is(found, decayed_per_week=7 * (1 - 2 ** (-1 / 14)) * 2 ** (-1 / 14), stage="tried")
    assert found["decayed_per_week"] == pytest.approx(0.32180, abs=1e-5)
    assert found["still_engaged"] == pytest.approx(0.93028, abs=1e-5)
    assert_is(found, in_first_90_days=True, days_since_news=1, stage_rule="few_meetings")


def test_every_week_for_six_weeks():
    # last 28 days: 3, 10, 17, 24; the 28 before: 31, 38; each week one, so no variance
    # silence: five gaps of 7, none shorter than 3: 0 / 6
    found = measured([3, 10, 17, 24, 31, 38])
    assert_is(found, weeks_in_a_row=6, meetings_per_week=1, trend_28_days=2, weekly_variance=0)
    assert_is(found, usual_gap_days=7, longest_gap_days=7, days_since_last=3, silence=0)
    assert_is(found, stage="attending", stage_rule="involvement_unknown", involvement=NAN)


def test_every_week_and_then_no_more():
    # weeks back from as_of: 0 0 0 0 1 1 1 1, mean 1/2, variance 8 (1/4) / 7 = 2/7
    # silence: three gaps of 7, all shorter than 31: 3 / 4
    found = measured([31, 38, 45, 52])
    assert_is(found, weeks_in_a_row=0, trend_28_days=-4, weekly_variance=2 / 7, silence=3 / 4)
    assert_is(found, stage="away", stage_rule="long_ago", attendances_30_days=0)
    assert found["pace_change_per_week"] < 0


def test_two_meetings_on_one_day():
    # two meetings, but one day: no gap, and no day after the first for the model
    found = measured([2, 2])
    assert_is(found, attendances=2, longest_gap_days=NAN, silence=NAN, stage="tried")
    assert_is(found, still_engaged=1 / (1 + 0.7 / 12.2 * (9 / 7) ** 2))


def test_the_edges_of_windows():
    # as_of itself is in, and the day k - 1 days before it; k days before is not
    found = measured([0, 6, 7, 29, 30, 89, 90])
    assert_is(found, attendances=7)
    assert_is(found, attendances_7_days=2, attendances_30_days=4, attendances_90_days=6)
    found = measured([27, 28, 55, 56])
    assert_is(found, meetings_per_week=1 / 4, trend_28_days=1 - 2)


def test_the_day_itself_counts_and_what_is_later_does_not():
    found = measured([3, 0, -1], referred=[-2], goal_met=[-5])
    assert_is(found, attendances=2, attendances_7_days=2, days_since_last=0, goals_met=0)
    assert_is(found, stage="tried", days_since_news=0, weeks_in_a_row=1)
    # decayed: 7 (1 - q) (1 + q^3) with q = 2^(-1/14)
    q = 2 ** (-1 / 14)
    assert_is(found, decayed_per_week=7 * (1 - q) * (1 + q**3))


def test_drifting():
    # weeks 0 0 1 1 1: mean 3/5, squares 2 (9/25) + 3 (4/25) = 30/25, variance (6/5) / 4 = 3/10
    found = measured([20, 27, 34])
    assert_is(found, stage="drifting", stage_rule="not_lately", weekly_variance=3 / 10)
    assert_is(found, usual_gap_days=NAN, longest_gap_days=7)  # two gaps are too few


def test_the_edges_of_stages():
    assert_is(measured([14, 15, 16]), stage="attending")
    assert_is(measured([15, 15, 16]), stage="drifting")
    assert_is(measured([28, 29, 30]), stage="drifting")
    assert_is(measured([29, 29, 30]), stage="away")
    assert_is(measured([28, 29]), stage="tried")


def test_involved():
    # sponsor, home group, a step lately: 3 of 6
    found = measured([1, 8, 15], sponsor_taken=[40], home_group_taken=[200], step=[89])
    assert_is(found, involvement=1 / 2, stage="involved", stage_rule="takes_part", steps_worked=1)


def test_no_longer_involved():
    # the sponsor was left, the step is too old, one of two service roles is still held: 1 of 6
    found = measured(
        [1, 8, 15],
        sponsor_taken=[40],
        sponsor_left=[5],
        step=[90],
        service_taken=[60, 50],
        service_left=[9],
    )
    assert_is(found, involvement=1 / 6, stage="attending", stage_rule="attends")
    assert_is(found, has_sponsor=False, has_service=True, steps_worked=0)


def test_nothing_left_of_it():
    # known to have none of it is 0, not missing
    assert_is(measured(reading=[90]), involvement=0, stage="", days_since_news=90)


def test_gaps_as_long_as_the_present_one():
    # gaps 4, 2, 7 against 4: one shorter, one as long: (1 + 1/2) / 4; median of 2, 4, 7 is 4
    found = measured([4, 8, 10, 17])
    assert_is(found, silence=3 / 8, usual_gap_days=4, longest_gap_days=7)
    # a fourth gap of 1: 1, 2, 4, 7 have median 3, and (2 + 1/2) / 5
    assert_is(measured([4, 8, 10, 17, 18]), usual_gap_days=3, silence=1 / 2)


def test_from_referral_to_meeting():
    # the meeting before the first referral does not count, the second referral neither
    assert_is(measured([33, 21, 20], referred=[30, 25]), days_to_first_meeting=9)
    assert_is(measured([30], referred=[30]), days_to_first_meeting=0)
    assert_is(measured([33], referred=[30]), days_to_first_meeting=NAN)


def test_first_meetings():
    # rated 9, then 4 and 5 on one day, then 0, which is no longer one of the first three
    found = measured(
        [30, 20, 20, 9], rating=[(30, 9), (20, 5), (20, 4), (9, 0)], discomfort=[(9, 3)]
    )
    assert_is(found, first_rating=6, first_discomfort=3)
    # of four on one day the three lowest, in whatever order they come
    assert_is(measured([20], rating=[(20, 9), (20, 5), (20, 1), (20, 3)]), first_rating=3)


def test_the_edge_of_the_first_90_days():
    assert_is(measured([89, 3]), in_first_90_days=True)
    assert_is(measured([90, 3]), in_first_90_days=False)


def test_three_kinds_of_nothing():
    # two of three check-ins answered lately; the one of 90 days back is not recent
    found = measured(
        check_in_answered=[89, 50],
        check_in_unanswered=[20, 90],
        question_unanswered=[20, 20, 90],
        question_declined=[50],
        missed=[10, 5],
    )
    assert_is(found, check_ins_answered_share=2 / 3, questions_unanswered=2, questions_declined=1)
    assert_is(found, meetings_missed=2, days_since_news=50, attendances=0, stage="")
