"""From what a person's events come to, to the inputs of risk."""

from collections.abc import Iterable
from datetime import date
from itertools import dropwhile
from math import isnan
from typing import Any

from mshg._checks import broken, enforce, instance, optional
from mshg._days import to_day
from mshg.domain import Substance, TreatmentStatus
from mshg.engagement import EngagementSummary
from mshg.events import (
    DAY_CODES,
    Danger,
    EnvironmentChange,
    PersonState,
    Question,
    RecentDays,
    Treatment,
    TreatmentKind,
)
from mshg.risk.parameters import DAYS_A_WEEK, KEPT_A_WEEK, USE_BEFORE

RECENT_DAYS = 28
"""What was told or happened longer ago is no recent sign (judgment)."""

RATE_DAYS = 56
"""Days over which rates are formed, eight weeks (judgment)."""

LEAST_WEEKS = 4
"""Of how many of these weeks use must be known for a rate of it (judgment)."""

RECENT_SCORE_DAYS = 90
"""The same for totals of instruments and for losses in daily life (judgment)."""

RELUCTANT_TO = 3
"""Highest willingness to talk about the group, of 10, that is told as reluctance (judgment)."""

_ITEM_ON_SUICIDE = ("phq9", "item_9")
_SCORES = {
    "aware": ("aware", None),
    "bam_risk": ("bam", "risk"),
    "bam_protective": ("bam", "protective"),
    "phq9": ("phq9", None),
    "barc10": ("barc10", None),
}


def values_of_state(
    state: PersonState, engagement: EngagementSummary | None, on: object
) -> dict[str, Any]:
    """What a state and a summary tell of `RiskInputs`, by field; what they don't tell is None."""
    enforce(
        state=instance(PersonState)(state),
        engagement=optional(instance(EngagementSummary))(engagement),
    )
    as_of = to_day(on)
    enforce(
        as_of=broken("must not be before the last event of the state", code="out_of_order")
        if state.last_at is not None and state.last_at.date() > as_of
        else (),
        engagement=broken("must be of the day as_of", code="conflict")
        if engagement is not None and engagement.as_of != as_of
        else (),
    )
    return (
        {"goal": state.use.goal}
        | _use(state, as_of)
        | _taking_part(state, engagement, as_of)
        | _answers(state, as_of)
        | _around(state, as_of)
        | _care(state, as_of)
        | _safety(state, as_of)
        | _totals(state, as_of)
    )


def _use(state: PersonState, as_of: date) -> dict[str, Any]:
    """The last lapse or, if it came later, use that may be one; else the use within the goal."""
    last, within = state.use.last_lapse_on, 0.0 if state.use.last_lapse_on is not None else None
    for use in state.use.uses:
        if use.within_goal is None and (last is None or use.on > last):
            last, within = use.on, None
    if last is None and state.use.last_use_on is not None:
        is_within = {use.within_goal for use in state.use.uses} == {True}
        last, within = state.use.last_use_on, 1.0 if is_within else None
    return {
        "use_rate": _use_rate(state, as_of),
        "days_since_use": _since(last, as_of),
        "use_within_goal": within,
        "abstinent_weeks": state.use.run_days / DAYS_A_WEEK
        if state.use.run_start is not None
        else None,
    }


def _use_rate(state: PersonState, as_of: date) -> float | None:
    """Decayed share of the known weeks with use; None unless of enough of them it is known."""
    days = _last_days(state.use.recent_use, as_of)
    weeks = [max(days[i : i + DAYS_A_WEEK], key=DAY_CODES.index) for i in range(0, len(days), 7)]
    if len(weeks) - weeks.count("_") < LEAST_WEEKS:
        return None
    return _decayed(weeks, "+", KEPT_A_WEEK, USE_BEFORE)


def _missed_rate(state: PersonState, as_of: date) -> float | None:
    """Decayed share of the days with a contact on which none was kept; None without any."""
    days = _last_days(state.contact.recent_contacts, as_of)
    return _decayed(days, "o", KEPT_A_WEEK ** (1 / DAYS_A_WEEK), 0) if days.strip("_") else None


def _last_days(recent: RecentDays | None, as_of: date) -> str:
    """What is known of the days up to this one, the newest last."""
    if recent is None:
        return "_" * RATE_DAYS
    later = (as_of - recent.until).days
    codes = recent.codes[:later] if later < 0 else recent.codes + "_" * min(later, RATE_DAYS)
    return codes.rjust(RATE_DAYS, "_")[-RATE_DAYS:]


def _decayed(codes: Iterable[str], hit: str, kept: float, before: float) -> float:
    """The decayed share of a code among those known, as that of patterns: one before the first."""
    known, hits = 1.0, before
    for code in dropwhile("_".__eq__, codes):
        known = known * kept + (code != "_")
        hits = hits * kept + (code == hit)
    return hits / known


def _taking_part(
    state: PersonState, engagement: EngagementSummary | None, as_of: date
) -> dict[str, Any]:
    seen = [
        on
        for on in (state.participation.last_attended_on, state.contact.last_reached_on)
        if on is not None
    ]
    told: dict[str, Any] = {
        "missed_rate": _missed_rate(state, as_of),
        "weeks_absent": (as_of - max(seen)).days // DAYS_A_WEEK if seen else None,
        "days_in_program": _since(state.participation.first_attended_on, as_of),
    }
    if engagement is not None:
        told |= {
            "silence": _known(engagement.silence),
            "check_ins_answered": _known(engagement.check_ins_answered_share),
            "discomfort": _known(engagement.first_discomfort),
        }
    if engagement is not None and engagement.attendances:
        told |= {
            "attendance_trend": engagement.trend_28_days,
            "meetings_per_week": engagement.meetings_per_week,
            "involvement": _known(engagement.involvement),
        }
    return told


def _answers(state: PersonState, as_of: date) -> dict[str, Any]:
    """Recent answers, and the change since the answer before for those that have one."""
    told: dict[str, Any] = {"reluctance": _is_reluctant(state, as_of)}
    for question in Question:
        answer = state.reports.answers.get(question)
        if question is Question.ABSTINENT or answer is None or not _is_recent(answer.on, as_of):
            continue
        told[question.value] = answer.value
        if question in (Question.CRAVING, Question.CONFIDENCE) and answer.before is not None:
            told[f"{question}_change"] = answer.value - answer.before
    return told


def _is_reluctant(state: PersonState, as_of: date) -> bool | None:
    """Whether they would not talk about the group, or hardly; None where nobody asked of late."""
    if Question.WILLINGNESS in state.reports.declined_questions:
        return True
    answer = state.reports.answers.get(Question.WILLINGNESS)
    if answer is None or not _is_recent(answer.on, as_of):
        return None
    return answer.value <= RELUCTANT_TO


def _around(state: PersonState, as_of: date) -> dict[str, Any]:
    """People still in touch, and what was lost of late."""
    known = [one for one in state.circumstances.relationships if one.contact_lost_on is None]
    use = [one for one in known if one.uses_substances]
    lost = [
        change
        for change in state.circumstances.environment.values()
        if change.change is EnvironmentChange.LOST
        and _is_recent(change.on, as_of, RECENT_SCORE_DAYS)
    ]
    return {
        "recovery_supporters": sum(bool(one.supports_recovery) for one in known) if known else None,
        "people_who_use": len(use) if known else None,
        "boundaries": any(one.boundary_set_on is not None for one in use) if use else None,
        "environment_losses": len(lost) if state.circumstances.environment else None,
    }


def _care(state: PersonState, as_of: date) -> dict[str, Any]:
    """Treatment, and whether medication that may be for opioid use was stopped, or changed."""
    told: dict[str, Any] = {
        "in_treatment": _is_in_progress(state.care.treatment),
        "on_medication": _is_in_progress(state.care.medication),
    }
    if not state.care.treatments:
        return told
    medication = [one for one in state.care.treatments if one.kind is TreatmentKind.MEDICATION]
    is_replaced = [
        any(_replaces(other, one) for other in medication)
        for one in medication
        if _is_recent(one.stopped_on, as_of)
        and (not one.substances or Substance.OPIOIDS in one.substances)
    ]
    return told | {
        "medication_stopped": not all(is_replaced),
        "medication_changed": any(is_replaced),
    }


def _replaces(other: Treatment, stopped: Treatment) -> bool:
    """Whether another is taken for opioid use, or for what is told of neither."""
    is_for_same = not (other.substances or stopped.substances)
    return other.stopped_on is None and (Substance.OPIOIDS in other.substances or is_for_same)


def _safety(state: PersonState, as_of: date) -> dict[str, Any]:
    """Recent reports; no report is no answer. An answer above 0 to item 9 of the PHQ-9 is one."""
    told: dict[str, Any] = {
        danger.value: True
        for danger in Danger
        if danger in state.reports.dangers and _is_recent(state.reports.dangers[danger].on, as_of)
    }
    for one in state.reports.scores:
        is_item = (one.instrument, one.subscale) == _ITEM_ON_SUICIDE
        if is_item and one.score > 0 and _is_recent(one.on, as_of):
            told[Danger.SUICIDAL_THOUGHTS.value] = True
    return told | _opioids(state, as_of)


def _opioids(state: PersonState, as_of: date) -> dict[str, Any]:
    """Recent use that was or may have been of opioids, and the weeks without; None if not known."""
    may_be = {Substance.OPIOIDS, None} if _has_to_do_with_opioids(state) else {Substance.OPIOIDS}
    recent = [
        use for use in state.use.uses if use.substance in may_be and _is_recent(use.on, as_of)
    ]
    if not recent:
        is_found = any(
            test.substance in may_be and _is_recent(test.found_on, as_of)
            for test in state.use.tests
        )
        return {"opioid_lapse": True} if is_found else {}
    told: dict[str, Any] = {"opioid_lapse": True}
    if all(use.returned_on is not None for use in recent):
        told["weeks_abstinent_before_lapse"] = max(
            use.days_without_before / DAYS_A_WEEK if _is_recent(use.returned_on, as_of) else 0.0
            for use in recent
        )
    return told


def _has_to_do_with_opioids(state: PersonState) -> bool:
    """Whether they ever told of opioids, were tested positive, or were treated for them."""
    return (
        any(use.substance is Substance.OPIOIDS for use in state.use.uses)
        or any(t.substance is Substance.OPIOIDS and t.found_on is not None for t in state.use.tests)
        or any(Substance.OPIOIDS in one.substances for one in state.care.treatments)
    )


def _totals(state: PersonState, as_of: date) -> dict[str, Any]:
    recent = {
        (one.instrument, one.subscale): one.score
        for one in state.reports.scores
        if _is_recent(one.on, as_of, RECENT_SCORE_DAYS)
    }
    return {name: recent.get(key) for name, key in _SCORES.items()}


def _is_in_progress(status: TreatmentStatus | None) -> bool | None:
    return None if status is None else status is TreatmentStatus.IN_PROGRESS


def _is_recent(on: date | None, as_of: date, days: int = RECENT_DAYS) -> bool:
    return on is not None and (as_of - on).days <= days


def _since(on: date | None, as_of: date) -> int | None:
    return None if on is None else (as_of - on).days


def _known(value: float) -> float | None:
    return None if isnan(value) else value
