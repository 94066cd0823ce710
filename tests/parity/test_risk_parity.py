"""Risk against a plain-Python twin, written from the docs."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshg import risk
from mshg.risk.signs import RANGES, SIGNS, WHETHER

PARAMETERS = risk.DEFAULT_PARAMETERS


@st.composite
def people(draw):
    """Inputs of one person by name; what is not known is left out."""
    told = {}
    for name, (low, high) in RANGES.items():
        if draw(st.booleans()):
            told[name] = draw(
                st.booleans()
                if name in WHETHER
                else st.floats(max(low, -50), min(high, max(50, low + 170)))
            )
    return told


def level_of(sign, told):  # noqa: PLR0911 (one way a sign)
    """Level of a sign, from 0 to 1; None where nothing is known of it."""
    if sign.name == "use_rate":
        return (
            told["use_rate"] * (1 - told.get("use_within_goal", 0)) if "use_rate" in told else None
        )
    if sign.name == "time_since_use":
        days = [
            told[n] * k for n, k in (("days_since_use", 1), ("abstinent_weeks", 7)) if n in told
        ]
        if not days:
            return None
        return 14 / (14 + min(days)) * (1 - told.get("use_within_goal", 0))
    if sign.name == "attendance_fall":
        if "attendance_trend" not in told:
            return None
        counts = 1 if told.get("days_in_program", math.inf) < 90 else 0.5
        return min(max(-told["attendance_trend"] / 4, 0), 1) * counts
    if sign.name == "early_period":
        return None if "days_in_program" not in told else float(told["days_in_program"] < 90)
    if sign.name not in told:
        return None
    return min(max((told[sign.name] - sign.zero) / (sign.full - sign.zero), 0), 1)


def twin(told, points):
    score = sum(-p for p in points.values() if p < 0)
    for sign in SIGNS:
        level = level_of(sign, told)
        score += 0 if level is None else points.get(sign.name, 0) * level
    return score


@given(people())
def test_scores_and_tiers(told):
    found = risk.assess(risk.RiskInputs(**told))
    for name, points in (("lapse", PARAMETERS.lapse), ("disengagement", PARAMETERS.disengagement)):
        score = twin(told, points)
        assert getattr(found, f"{name}_score") == pytest.approx(score, abs=1e-9)
        if min(abs(score - cut) for cut in PARAMETERS.tier_from) > 1e-9:
            tier = sum(score >= cut for cut in PARAMETERS.tier_from)
            assert getattr(found, f"{name}_tier") == risk.TIERS[tier]


def story(word):
    """What a pattern tells, told from the words of `columns_from_patterns`."""
    ages = [len(word) - 1 - i for i in range(len(word))]
    due = [(c, 0.5 ** (age / 2)) for c, age in zip(word, ages, strict=True) if c != "_"]
    before = 0.5 ** (len(word) / 2)  # one week before the first, answered and half of use
    total = before + sum(w for _, w in due)
    told = {"days_in_program": 7 * len(word)}
    uses = [age for c, age in zip(word, ages, strict=True) if c in "+*"]
    if uses:
        told["days_since_use"] = 7 * min(uses)
    if due:
        scheduled = "".join(c for c, _ in due)
        told["use_rate"] = (before / 2 + sum(w for c, w in due if c in "+*")) / total
        told["missed_rate"] = sum(w for c, w in due if c == "o") / total
        told["abstinent_weeks"] = scheduled[
            max(scheduled.rfind("+"), scheduled.rfind("*")) + 1 :
        ].count("-")
        told["weeks_absent"] = len(scheduled) - len(scheduled.rstrip("o"))
        if len(scheduled) >= 8:
            told["attendance_trend"] = scheduled[-8:-4].count("o") - scheduled[-4:].count("o")
    return told


@given(st.text("+-o*_", min_size=1, max_size=30))
def test_patterns(word):
    columns = risk.columns_from_patterns([word], len(word))
    told = story(word)
    for name, column in columns.items():
        if name in told:
            assert column[0] == pytest.approx(told[name], abs=1e-9)
        else:
            assert math.isnan(column[0])
