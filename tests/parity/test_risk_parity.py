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
    stated = {}
    for name, (low, high) in RANGES.items():
        if draw(st.booleans()):
            stated[name] = draw(
                st.booleans()
                if name in WHETHER
                else st.floats(max(low, -50), min(high, max(50, low + 170)))
            )
    return stated


def level_of(sign, stated):  # noqa: PLR0911 (one way a sign)
    """Level of a sign, from 0 to 1; None where nothing is known of it."""
    if sign.name == "use_rate":
        return (
            stated["use_rate"] * (1 - stated.get("use_within_goal", 0))
            if "use_rate" in stated
            else None
        )
    if sign.name == "time_since_use":
        days = [
            stated[n] * k for n, k in (("days_since_use", 1), ("abstinent_weeks", 7)) if n in stated
        ]
        if not days:
            return None
        return 14 / (14 + min(days)) * (1 - stated.get("use_within_goal", 0))
    if sign.name == "attendance_fall":
        if "attendance_trend" not in stated:
            return None
        counts = 1 if stated.get("days_in_program", math.inf) < 90 else 0.5
        return min(max(-stated["attendance_trend"] / 4, 0), 1) * counts
    if sign.name == "early_period":
        return None if "days_in_program" not in stated else float(stated["days_in_program"] < 90)
    if sign.name not in stated:
        return None
    return min(max((stated[sign.name] - sign.zero) / (sign.full - sign.zero), 0), 1)


def twin(stated, points):
    score = sum(-p for p in points.values() if p < 0)
    for sign in SIGNS:
        level = level_of(sign, stated)
        score += 0 if level is None else points.get(sign.name, 0) * level
    return score


LOW, GUARDED, ELEVATED, HIGH = range(4)
KINDS = (
    *("suicidal_thoughts", "overdose", "opioids_with_sedatives", "opioid_lapse", "withdrawal"),
    *("medication_stopped", "medication_changed"),
)
LASTS = {"opioids_with_sedatives": 7, "suicidal_thoughts": math.inf}


def notices_of(stated):
    """Dangers that stand, in order."""
    found = []
    for kind in KINDS:
        days = stated.get(f"days_since_{kind}", math.inf)
        stands = stated.get(kind, kind not in stated and days < LASTS.get(kind, 30))
        if kind == "suicidal_thoughts" and kind not in stated:
            stands = f"days_since_{kind}" in stated
        if kind == "opioid_lapse" and stated.get("weeks_abstinent_before_lapse", 1) < 1:
            stands = False
        if stands:
            found.append(kind)
    return found


def floors_of(stated):
    """The floors that hold, with the least tier of each risk."""
    get = stated.get
    inf = math.inf
    outside = get("use_within_goal", 0) < 1
    used = get("days_with_use", 0) >= 1 or (get("days_since_use", inf) < 7 and outside)
    undated = get("opioid_lapse") and outside
    undated = undated and not {"days_since_opioid_use", "days_since_opioid_lapse"} & set(stated)
    left = get("days_since_discharge", inf) < 30
    stressed = get("stress", 0) >= 8 and get("reluctance", False)
    if "days_since_stress_and_reluctance" in stated:
        stressed = stated["days_since_stress_and_reluctance"] < 14
    changed = get("craving_change", 0) > 0 > get("confidence_change", 0)
    holds = {
        "overdose": get("overdose") or get("days_since_overdose", inf) < 30,
        "opioids_with_sedatives": get("opioids_with_sedatives")
        or get("days_since_opioids_with_sedatives", inf) < 7,
        "opioid_use": get("days_since_opioid_use", inf) < 30 or undated,
        "medication_stopped": get("medication_stopped")
        or get("days_since_medication_stopped", inf) < 30,
        "discharge_opioids": left and get("opioid_history"),
        "withdrawal": get("withdrawal") or get("days_since_withdrawal", inf) < 30,
        "repeated_use": get("days_with_use", 0) >= 3,
        "losses": get("days_since_losses", inf) < 30 and changed,
        "discharge": left,
        "use": used,
        "stress_and_reluctance": stressed,
    }
    lapse = dict.fromkeys(holds, HIGH)
    lapse |= {"discharge": ELEVATED, "use": ELEVATED, "stress_and_reluctance": GUARDED}
    away = {"medication_stopped": ELEVATED, "stress_and_reluctance": ELEVATED}
    return {name: (lapse[name], away.get(name)) for name, is_so in holds.items() if is_so}


DANGERS = ("overdose", "opioids_with_sedatives", "opioid_use", "medication_stopped")


def is_unheard(stated):
    if "days_since_heard" in stated:
        return stated["days_since_heard"] >= 30
    answers = ("use_rate", "stress", "craving", "confidence", "mood", "willingness", "reluctance")
    totals = ("aware", "bam_risk", "phq9", "bam_protective", "barc10")
    weeks = [stated.get(f"weeks_without_{what}", math.inf) for what in ("meeting", "contact")]
    days = [stated.get(f"days_since_{what}", math.inf) for what in ("use", "meeting")]
    return not (
        set(stated) & {*answers, *totals}
        or any(stated.get(kind) for kind in KINDS)
        or min(days) < 30
        or 7 * min(weeks) < 30
        or stated.get("days_with_use", 0) >= 1
        or stated.get("meetings_per_week", 0) > 0
        or stated.get("check_ins_answered", 0) > 0
    )


def urgency_of(stated, tiers, floors):
    notices = notices_of(stated)
    if notices:
        return "now", f"notice_{notices[0]}"
    danger = [f for f in (*DANGERS, "discharge_opioids") if f in floors]
    if danger:
        return "now", f"floor_{danger[0]}"
    if tiers[0] >= ELEVATED:
        return "soon", "lapse_tier"
    weeks = stated.get("weeks_without_meeting", 0) * 7
    has_left = stated.get("days_since_meeting", weeks) >= 180
    if tiers[1] >= ELEVATED and not has_left:
        return "soon", "disengagement_tier"
    return ("find_out", "unknown") if -1 in tiers else ("planned", "nothing")


@given(people())
def test_scores_tiers_and_urgency(stated):
    found = risk.assess(risk.RiskInputs(**stated))
    floors = floors_of(stated)
    tiers, is_near = [], False
    for j, name in enumerate(("lapse", "disengagement")):
        score = twin(stated, getattr(PARAMETERS, name))
        assert getattr(found, f"{name}_score") == pytest.approx(score, abs=1e-9)
        is_near |= min(abs(score - cut) for cut in PARAMETERS.tier_from) <= 1e-9
        lifted = [least[j] for least in floors.values() if least[j] is not None]
        tier = max([sum(score >= cut for cut in PARAMETERS.tier_from), *lifted])
        tiers.append(-1 if is_unheard(stated) and not lifted else tier)
    assert [notice.kind for notice in found.notices] == notices_of(stated)
    assert {floor.rule for floor in found.floors} >= set(floors) - {"discharge"}
    if not is_near:
        assert [found.lapse_tier, found.disengagement_tier] == [risk.TIERS[t] for t in tiers]
        assert (found.urgency, found.urgency_rule) == urgency_of(stated, tiers, floors)


def story(word):
    """What a pattern tells, told from the words of `columns_from_patterns`."""
    ages = [len(word) - 1 - i for i in range(len(word))]
    due = [(c, 0.5 ** (age / 2)) for c, age in zip(word, ages, strict=True) if c != "_"]
    before = 0.5 ** (len(word) / 2)  # one week before the first, answered and half of use
    total = before + sum(w for _, w in due)
    stated = {"days_in_program": 7 * len(word)}
    uses = [age for c, age in zip(word, ages, strict=True) if c in "+*"]
    if uses:
        stated["days_since_use"] = 7 * min(uses)
    if due:
        scheduled = "".join(c for c, _ in due)
        stated["use_rate"] = (before / 2 + sum(w for c, w in due if c in "+*")) / total
        stated["missed_rate"] = sum(w for c, w in due if c == "o") / total
        stated["abstinent_weeks"] = scheduled[
            max(scheduled.rfind("+"), scheduled.rfind("*")) + 1 :
        ].count("-")
        stated["weeks_without_contact"] = len(scheduled) - len(scheduled.rstrip("o"))
        if len(scheduled) >= 8:
            stated["attendance_trend"] = scheduled[-8:-4].count("o") - scheduled[-4:].count("o")
    return stated


@given(st.text("+-o*_", min_size=1, max_size=30))
def test_patterns(word):
    columns = risk.columns_from_patterns([word], len(word))
    stated = story(word)
    for name, column in columns.items():
        if name in stated:
            assert column[0] == pytest.approx(stated[name], abs=1e-9)
        else:
            assert math.isnan(column[0])
