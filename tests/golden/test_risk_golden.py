"""Risk worked by hand from the table of signs: start + Σ points · level."""

import numpy as np
import pytest

from mshg import risk
from mshg.risk import instruments
from mshg.risk.evaluation import calibrations

NEAR = 1e-12


def test_nothing_known():
    # start: what the helping signs could take away, 5+3+3+1+3+3+1+1 and 8+8+3+0+3+1+1+2
    found = risk.assess(risk.RiskInputs())
    assert (found.lapse_score, found.lapse_low, found.lapse_high) == (20, 0, 100)
    assert (found.disengagement_score, found.disengagement_low) == (26, 0)
    assert found.disengagement_high == 100
    assert (found.lapse_tier, found.disengagement_tier) == ("unknown", "unknown")
    assert found.urgency == "find_out"


def test_recent_use_and_missed_contacts():
    # lapse: 20 + 16 · 0.5 + 10 · 14/(14+14) + 12 · 0.25 + 6 · 2/4 = 20 + 8 + 5 + 3 + 3 = 39
    # disengagement: 26 + 3 · 0.5 + 4 · 0.5 + 20 · 0.25 + 10 · 2/4 = 26 + 1.5 + 2 + 5 + 5 = 39.5
    found = risk.assess(
        risk.RiskInputs(use_rate=0.5, days_since_use=14, missed_rate=0.25, weeks_without_contact=2)
    )
    assert found.lapse_score == pytest.approx(39, abs=NEAR)
    assert found.disengagement_score == pytest.approx(39.5, abs=NEAR)
    assert (found.lapse_tier, found.disengagement_tier) == ("elevated", "elevated")
    # bounds of lapse: of use within the goal nothing is known, so all of it could be: 39 - 8 - 5;
    # the missing helping signs take 20; abstinent weeks could be 0: the hazard in full
    assert found.lapse_low == pytest.approx(39 - 8 - 5 - 20, abs=NEAR)
    assert found.lapse_high == pytest.approx(20 + 8 + 10 + 3 + 3 + 36, abs=NEAR)


def test_the_check_in():
    # 20 + 5 · 0.6 + 4 · (2/5) + 4 · (10-3)/10 + 3 · 1 (a fall of 6, full at 5) + 2 · (8-5)/5
    #    + 1 · (5-4)/5 + 1 · (10-10)/10 = 20 + 3 + 1.6 + 2.8 + 3 + 1.2 + 0.2 = 31.8
    found = risk.assess(
        risk.RiskInputs(
            craving=6,
            craving_change=2,
            confidence=3,
            confidence_change=-6,
            stress=8,
            mood=4,
            willingness=10,
        )
    )
    assert found.lapse_score == pytest.approx(31.8, abs=NEAR)


def test_what_helps():
    # 20 - 5 · 0.5 - 3 · 1 - 3 · 2/3 - 1 - 3 - 3 - 1 · 12/24 - 1 · (35-10)/50 = 20 - 15.5
    found = risk.assess(
        risk.RiskInputs(
            meetings_per_week=0.5,
            involvement=1,
            recovery_supporters=2,
            boundaries=True,
            in_treatment=True,
            on_medication=True,
            bam_protective=12,
            barc10=35,
        )
    )
    assert found.lapse_score == pytest.approx(4.5, abs=NEAR)


@pytest.mark.parametrize(("days", "points"), [(0, 3 * 0.75), (89, 3 * 0.75), (90, 1.5 * 0.75)])
def test_a_fall_in_attendance(days, points):
    # three fewer in 28 days: 3/4 of 3 points, half as many from day 90 on
    columns = risk.RiskColumns(attendance_trend=[-3.0], days_in_program=[days])
    parts = risk.assess_table(columns).contributions("disengagement")
    assert parts["attendance_fall"][0] == pytest.approx(points, abs=NEAR)


def test_a_pattern():
    # weeks 1 to 6 of "+-o*_-o": ages 5 to 0, weights 2^(-age/2); week 5 is not scheduled; before
    # them one week, of age 6, that was answered and half of use
    weights = {0: 2**-3, 1: 2**-2.5, 2: 2**-2, 3: 2**-1.5, 4: 2**-1, 6: 1}
    total = sum(weights.values())
    columns = risk.columns_from_patterns(["+-o*_-o"], 6)
    used = weights[0] / 2 + weights[1] + weights[4]
    assert columns["use_rate"][0] == pytest.approx(used / total)
    assert columns["missed_rate"][0] == pytest.approx(weights[3] / total)
    assert columns["days_since_use"][0] == 14
    assert columns["abstinent_weeks"][0] == 1
    assert columns["weeks_without_contact"][0] == 0
    assert columns["days_in_program"][0] == 42
    assert np.isnan(columns["attendance_trend"][0])


def answers(count, value, **others):
    given = np.full(count, float(value))
    for item, answer in others.items():
        given[int(item[1:]) - 1] = answer
    return given


@pytest.mark.parametrize(
    ("key", "given", "score", "expected"),
    [
        # 23 items of 1 and five turned round, 8 - 1 each
        ("aware", answers(28, 1), "total", 23 + 5 * 7),
        ("aware", answers(28, 7), "total", 23 * 7 + 5),
        ("aware", answers(28, 1, i8=7, i14=7, i20=7, i24=7, i26=7), "total", 28),
        ("bam", answers(17, 1), "use", 3),
        ("bam", answers(17, 1), "risk", 6),
        ("bam", answers(17, 2, i9=4), "protective", 14),
        ("bam", answers(17, 4), "cacciola_recovery_protection", 16),
        ("bam", answers(17, 3), "cacciola_physical_psychological", 9),
        ("bam", answers(17, 1, i11=4), "cacciola_substance_use_risk", 7),
        ("bam_r", answers(17, 30), "use", 90),
        ("bam_r", answers(17, 30), "risk", 180),
        ("bam_r", answers(17, 30), "protective", 180),
        ("barc10", answers(10, 5), "total", 50),
        ("audit", answers(10, 2), "total", 20),
        ("audit_c", answers(3, 4), "total", 12),
        ("phq9", answers(9, 3), "total", 27),
        ("gad7", answers(7, 2), "total", 14),
        # items 2 and 3 turned round: 1 + 4 + 4 + 1 with 1, 0, 0, 1
        ("pss4", [1, 0, 0, 1], "total", 10),
        # 4, 5, 7 and 8 turned round: six of 4 and four of 0
        ("pss10", answers(10, 4), "total", 24),
        ("sds", answers(5, 3), "total", 15),
        ("dudit", answers(11, 4), "total", 44),
        ("assist_alcohol", [11], "total", 11),
    ],
)
def test_instruments(key, given, score, expected):
    assert instruments.score(key, given).scores[score][0] == expected


@pytest.mark.parametrize(
    ("key", "given", "band"),
    [
        ("audit", answers(10, 0, i1=4, i2=3), "zone I"),
        ("audit", answers(10, 0, i1=4, i2=4), "zone II"),
        ("audit", answers(10, 2, i1=0, i2=0), "zone III"),
        ("audit", answers(10, 2), "zone IV"),
        ("phq9", answers(9, 0, i1=3, i2=1), "0 to 4"),
        ("phq9", answers(9, 1), "5 to 9"),
        ("phq9", answers(9, 2), "15 to 19"),
        ("phq9", answers(9, 2, i1=3, i2=3), "20 to 27"),
        ("gad7", answers(7, 2), "10 to 14"),
        ("gad7", answers(7, 2, i1=3), "15 to 21"),
        ("assist_alcohol", [10], "low"),
        ("assist_alcohol", [26], "moderate"),
        ("assist_alcohol", [27], "high"),
        ("assist_other", [3], "low"),
        ("assist_other", [4], "moderate"),
    ],
)
def test_bands(key, given, band):
    found = instruments.score(key, given)
    assert found.instrument.bands[found.band[0]][0] == band


@pytest.mark.parametrize(
    ("key", "given", "met"),
    [
        ("phq9", answers(9, 0, i9=1), {"suicidal_thoughts"}),
        ("phq9", answers(9, 1, i1=2, i9=0, i2=2), {"at_least_10"}),
        ("gad7", answers(7, 1, i1=3, i2=2), {"at_least_10"}),
        ("audit", answers(10, 0, i1=4, i2=4), {"at_least_8"}),
        ("audit", answers(10, 0, i4=2, i9=4), {"step_up_item_4", "step_up_item_9"}),
        ("audit_c", [1, 1, 1], {"women_3"}),
        ("audit_c", [2, 1, 1], {"women_3", "men_4"}),
        ("barc10", answers(10, 4, i1=6, i2=6, i3=6), set()),
        ("barc10", answers(10, 5, i1=2), {"sustained_remission"}),
        ("sds", [3, 0, 0, 0, 0], {"alcohol"}),
        ("sds", [3, 2, 0, 0, 0], {"alcohol", "amphetamine"}),
        ("dudit", answers(11, 0, i1=2), {"women_2"}),
        ("dudit", answers(11, 2, i1=3, i2=4), {"women_2", "men_6", "dependence"}),
        ("bam", answers(17, 2, i4=0, i5=0, i6=0), {"risk_flag", "protective_flag"}),
        ("bam", answers(17, 1, i9=4, i10=4, i12=2), {"use_flag"}),
    ],
)
def test_cut_offs(key, given, met):
    cuts = instruments.score(key, given).cuts
    assert {name for name, is_met in cuts.items() if is_met[0]} == met


def test_an_open_item_is_no_answer():
    """A cut-off without its score is neither met nor not, least of all that on suicide."""
    found = instruments.score("phq9", [[1] * 8 + [np.nan], [1] * 9, [1] * 8 + [0]])
    np.testing.assert_array_equal(found.met("suicidal_thoughts"), [np.nan, 1, 0])
    np.testing.assert_array_equal(found.met("at_least_10"), [np.nan, 0, 0])
    columns = risk.RiskColumns(suicidal_thoughts=found.met("suicidal_thoughts"))
    assert risk.assess_table(columns).missing()["suicidal_thoughts"].tolist() == [
        True,
        False,
        False,
    ]


def test_capacity():
    # two hours at 45 minutes hold two calls; the two at 50 tie, so only 80 is called
    found = risk.capacity_threshold([80, 50, 50, 10], [0, 1, 1, 1], hours=2, minutes_per_contact=45)
    assert (found.capacity, found.threshold) == (2, 80)
    call = found.calls[0]
    assert (call.called, call.true_positives, call.false_negatives) == (1, 0, 3)
    assert call.number_needed_to_evaluate == np.inf


def test_the_area_and_its_interval():
    # pairs: (3, 1), (3, 2), (2, 1) right, (2, 2) half: 3.5 of 4
    # placements of cases 1, 3/4, of others 1, 3/4; each variance 1/32; spread 1.96 · √(1/64 + 1/64)
    row = risk.audit([3, 2, 1, 2], [1, 1, 0, 0], list("aaaa")).rows[0]
    assert row.auc.value == 0.875
    assert row.auc.low == pytest.approx(0.875 - 1.959963984540054 * (1 / 32) ** 0.5)
    assert row.auc.high == 1


def test_the_share_and_its_interval():
    # Wilson for 1 of 4: (0.25 + z²/8 ± z √(0.1875/4 + z²/64)) / (1 + z²/4)
    z = 1.959963984540054
    row = risk.audit([3, 2, 1, 0], [1, 0, 0, 0], list("aaaa")).rows[0]
    room = z * (0.1875 / 4 + z * z / 64) ** 0.5
    assert row.observed.value == 0.25
    assert row.observed.low == pytest.approx((0.25 + z * z / 8 - room) / (1 + z * z / 4))
    assert row.observed.high == pytest.approx((0.25 + z * z / 8 + room) / (1 + z * z / 4))


def test_the_isotonic_map():
    # 0, 1, 0, 1 pools the middle two to 1/2
    knots, levels = calibrations.fit_isotonic(np.arange(4.0), np.array([0.0, 1, 0, 1]))
    assert knots.tolist() == [0, 1, 2, 3]
    assert levels.tolist() == [0, 0.5, 0.5, 1]


def test_the_logistic_map():
    # scores 0 and 1, four rows each, one and three outcomes: four of eight, so Platt's targets are
    # 5/6 and 1/6, and the map meets their means: (5/6 + 3/6) / 4 = 1/3 and 2/3
    scores = np.repeat([0.0, 1.0], 4)
    came = np.array([1.0, 0, 0, 0, 1, 1, 1, 0])
    intercept, slope = calibrations.fit_logistic(scores, came)
    assert intercept == pytest.approx(np.log(1 / 2))
    assert slope == pytest.approx(2 * np.log(2))
