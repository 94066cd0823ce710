"""Assessments and tables: words, order, direction, what is refused."""

import json

import attrs
import numpy as np
import pytest

from mshg import risk, wording
from mshg.errors import ValidationError
from mshg.risk.signs import RANGES, SIGNS

TROUBLED = risk.RiskInputs(
    use_rate=0.5, missed_rate=0.8, weeks_without_contact=3, craving=8, stress=9
)


def paths(call):
    with pytest.raises(ValidationError) as caught:
        call()
    return [p.path for p in caught.value.problems]


def test_reasons_are_reported_the_weightiest_first():
    found = risk.assess(TROUBLED)
    parts = found.lapse_contributions
    assert [p.sign for p in parts][:3] == ["missed_rate", "use_rate", "weeks_without_contact"]
    assert all(p.text and abs(p.points) >= 0.5 for p in parts)
    assert sum(p.points for p in parts) == pytest.approx(found.lapse_score - 20)
    craving = next(p for p in parts if p.sign == "craving")
    assert (craving.value, craving.unit, craving.date) == (8, "of 10", None)
    assert craving.text == "Craving 8 of 10"
    text = found.to_text()
    assert "  Craving 8 of 10.\n" in text
    assert "not a diagnosis or a probability" in text


def test_reasons_are_true_at_any_level():
    slight = risk.RiskInputs(
        confidence=9, missed_rate=0.02, check_ins_answered=0.95, discomfort=1, silence=0.1,
        weeks_without_contact=1, willingness=9,
    )  # fmt: skip
    found = risk.assess(slight)
    said = {p.sign: p.text for p in found.disengagement_contributions}
    assert said == {"weeks_without_contact": "No contact for 1 week"}  # the rest is under half


def test_missing_and_cautions():
    found = risk.assess(risk.RiskInputs())
    assert found.missing == tuple(RANGES)
    assert [c.split(".")[0] for c in found.cautions] == [
        "There is no recent answer about thoughts of suicide",
        "Nothing is known about use, and no news is not abstinence",
    ]
    stated = risk.RiskInputs(
        suicidal_thoughts=False, days_since_use=3, use_within_goal=1, attendance_trend=-1
    )
    said = risk.assess(stated).cautions
    assert any("Use within their own goal is no lapse" in c for c in said)
    assert any("a reason to ask" in c for c in said)
    assert not any("suicide" in c or "no news" in c for c in said)
    full = attrs.evolve(
        stated,
        attendance_trend=1,
        use_within_goal=0,
        **{n: RANGES[n][1] for n in ("use_rate", "missed_rate", "silence")},
        **dict.fromkeys(("craving", "confidence", "stress", "days_in_program"), 10),
        meetings_per_week=1,
        involvement=0.5,
        abstinent_weeks=1,
    )
    assert risk.assess(full).cautions == ()


def test_direction():
    calm = risk.RiskInputs(use_rate=0, missed_rate=0)
    worse = risk.assess(TROUBLED, previous=calm)
    better = risk.assess(calm, previous=risk.assess(TROUBLED))
    same = risk.assess(TROUBLED, previous=TROUBLED)
    assert (worse.lapse_direction, worse.disengagement_direction) == (1, 1)
    assert (better.lapse_direction, better.disengagement_direction) == (-1, -1)
    assert (same.lapse_direction, same.disengagement_direction) == (0, 0)
    assert risk.assess(TROUBLED).lapse_direction is None
    assert "It rose" in worse.to_text()
    assert "It fell" in better.to_text()
    assert "steady" in same.to_text()
    assert any("Other questions" in c for c in worse.cautions)
    assert not any("Other questions" in c for c in same.cautions)


def test_direction_of_many():
    now = risk.RiskColumns(use_rate=[0.0, 1.0, 0.5])
    then = risk.RiskColumns(use_rate=[1.0, 0.0, 0.3])
    table = risk.assess_table(now, previous=then)
    again = risk.assess_table(now, previous=risk.assess_table(then))
    assert table.lapse_direction.tolist() == again.lapse_direction.tolist() == [-1, 1, 0]
    assert table.disengagement_direction.tolist() == [0, 0, 0]
    assert table.columns()["lapse_direction"] is table.lapse_direction
    assert "lapse_direction" not in risk.assess_table(now).columns()
    numbers = risk.RiskParameters(steady_within=0)
    assert (
        risk.assess_table(now, previous=now, parameters=numbers).lapse_direction.tolist() == [0] * 3
    )


def test_tiers_begin_at_their_cuts():
    # 20 + 16 · rate: 30 at 0.625, 37 at 1.0625 and so out of reach, as 45 is
    rates = [0.6249, 0.625, 0.6251]
    assert risk.assess_table(risk.RiskColumns(use_rate=rates)).lapse_tier.tolist() == [0, 1, 1]
    numbers = risk.RiskParameters(tier_from=(0, 20, 100))
    tiers = risk.assess_table(risk.RiskColumns(use_rate=[0.0, np.nan]), parameters=numbers)
    assert tiers.lapse_tier.tolist() == [2, -1]  # nobody knows of the second
    assert risk.TIERS[-1] == "unknown"
    assert tiers.lapse_tier.dtype == np.int8


def test_who_needs_a_call_first():
    columns = risk.RiskColumns(
        use_rate=[0.1, 1.0, 0.1, 0.5, np.nan, 0.5, 0.1],
        overdose=[0, 0, 1, 0, 0, 0, 1],
        days_since_overdose=[np.nan, np.nan, 6, np.nan, np.nan, np.nan, 2],
        missed_rate=[0.9, 0, 0, 0, 0, 0.1, 0],
        days_with_use=[0, 0, 0, 0, np.nan, 1, 0],
    )
    table = risk.assess_table(columns)
    words = [risk.URGENCIES[i] for i in table.urgency]
    assert words == ["soon", "planned", "now", "planned", "find_out", "soon", "now"]
    # the newer overdose; then 44 before 30; nobody knows; then 36 before 28
    assert table.call_order().tolist() == [6, 2, 0, 5, 4, 1, 3]
    ties = risk.assess_table(risk.RiskColumns(n_people=3))
    assert ties.call_order().tolist() == [0, 1, 2]
    assert risk.assess_table(risk.RiskColumns(n_people=0)).call_order().tolist() == []
    assert paths(lambda: table.contributions("relapse")) == ["$.risk"]


def test_a_more_urgent_notice_comes_first():
    """A change of medication never comes before thoughts of suicide, whatever the scores."""
    columns = risk.RiskColumns(
        medication_changed=[1, 0, 0],
        suicidal_thoughts=[0, 1, 0],
        overdose=[0, 0, 1],
        days_since_medication_changed=[0, np.nan, np.nan],
        days_since_suicidal_thoughts=[np.nan, 28, np.nan],
        use_rate=[1.0, 0.0, 0.5],
    )
    assert risk.assess_table(columns).call_order().tolist() == [1, 2, 0]


def test_columns_fit_a_data_frame():
    table = risk.assess_table(risk.RiskColumns(n_people=3))
    columns = table.columns()
    assert all(column.shape == (3,) for column in columns.values())
    assert {"lapse_score", "lapse_low", "disengagement_high", "safety_overdose"} <= set(columns)
    assert {"urgency", "urgency_rule", "safety_opioids_with_sedatives"} <= set(columns)
    for column in columns.values():
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0
    assert table.lapse_low is table.lapse_low
    assert len(table) == 3
    assert table.missing()["craving"].all()
    assert list(table.contributions("lapse")) == ["start", *(s.name for s in SIGNS)]


def test_nobody():
    table = risk.assess_table(risk.RiskColumns(n_people=0))
    assert len(table) == 0
    assert {len(column) for column in table.columns().values()} == {0}
    assert risk.assess_table(risk.RiskColumns(craving=[])).lapse_score.shape == (0,)


def test_as_plain_values():
    found = risk.assess(attrs.evolve(TROUBLED, overdose=True), previous=TROUBLED).to_dict()
    assert json.loads(json.dumps(found)) == found
    assert found["method_version"] == risk.METHOD_VERSION
    assert found["notices"][0]["kind"] == "overdose"
    assert found["lapse_contributions"][0]["sign"] == "missed_rate"
    assert found["floors"][0]["rule"] == "overdose"
    assert (found["urgency"], found["urgency_rule"]) == ("now", "notice_overdose")


def test_no_data_in_a_repr():
    found = risk.assess(attrs.evolve(TROUBLED, overdose=True))
    shown = [found, found.notices, found.lapse_contributions, TROUBLED]
    assert not any(c.isdigit() for c in repr(shown))
    assert repr(risk.assess_table(risk.RiskColumns(n_people=2))) == "RiskTable(2 people)"


def test_refusals():
    columns = risk.RiskColumns(craving=[1.0, 2.0])
    assert paths(lambda: risk.assess("someone")) == ["$.inputs"]
    assert paths(lambda: risk.assess(TROUBLED, previous=3, parameters=1, contacts="911")) == [
        "$.previous",
        "$.parameters",
        "$.contacts",
    ]
    assert paths(lambda: risk.assess(TROUBLED, wording="en")) == ["$.wording"]
    assert paths(lambda: risk.assess_table({"craving": [1]}, previous=TROUBLED)) == [
        "$.columns",
        "$.previous",
    ]
    assert paths(lambda: risk.assess_table(columns, parameters=None)) == ["$.parameters"]
    few = risk.RiskColumns(n_people=1)
    assert paths(lambda: risk.assess_table(columns, previous=few)) == ["$.previous"]
    old = attrs.evolve(risk.assess(TROUBLED), method_version="risk-0")
    assert paths(lambda: risk.assess(TROUBLED, previous=old)) == ["$.previous"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"lapse": {"luck": 1}}, "$.lapse[key 0]"),
        ({"lapse": {"craving": -1}}, "$.lapse.craving"),
        ({"disengagement": {"meetings_per_week": 1}}, "$.disengagement.meetings_per_week"),
        ({"lapse": {"craving": "much"}}, "$.lapse.craving"),
        ({"lapse": {"craving": 60, "involvement": -41}}, "$.lapse"),
        ({"lapse": 5}, "$.lapse"),
        ({"hazard_scale_days": 0}, "$.hazard_scale_days"),
        ({"early_days": 400}, "$.early_days"),
        ({"later_fall": 2}, "$.later_fall"),
        ({"tier_from": (10, 10, 20)}, "$.tier_from"),
        ({"tier_from": (10, 20)}, "$.tier_from"),
        ({"tier_from": 30}, "$.tier_from"),
        ({"steady_within": -1}, "$.steady_within"),
    ],
)
def test_parameters_are_bounded(given, path):
    found = paths(lambda: risk.RiskParameters(**given))
    assert found in ([path], [path.replace("[key 0]", ".luck")])


def test_all_wrong_points_are_reported_at_once():
    given = {"craving": -3, "use_rate": 200, "luck": 4}
    found = paths(lambda: risk.RiskParameters(lapse=given))
    assert sorted(found) == ["$.lapse.craving", "$.lapse.luck", "$.lapse.use_rate"]


def test_shipped_parameters():
    numbers = risk.DEFAULT_PARAMETERS
    for points in (numbers.lapse, numbers.disengagement):
        assert sum(abs(p) for p in points.values()) == 100
    recent = (
        "use_rate",
        "time_since_use",
        "missed_rate",
        "weeks_without_contact",
        "attendance_fall",
    )
    assert sum(numbers.lapse[name] for name in recent) > 40
    assert numbers.lapse["prior_episodes"] == 1
    for word in ("gender", "sex", "ethnicity", "race", "income"):
        assert word not in RANGES
    with pytest.raises(ValidationError):
        attrs.evolve(SIGNS[0], reads="luck")


def test_the_wording_of_a_host():
    hunger = {"risk.sign.craving": "Hunger {value}{on}{change}"}
    words = wording.Wording(language="xx", sentences=hunger)
    stated = risk.assess(TROUBLED, wording=words).lapse_contributions
    assert "Hunger 8" in [p.text for p in stated]
