"""From what a person's events come to, to the inputs of risk."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from math import isnan
from typing import Any

from attrs import define, field

from mshg._checks import broken, enforce, instance, optional
from mshg._days import Cutoff, to_cutoff
from mshg.domain import Goal, Substance, TreatmentStatus
from mshg.engagement import EngagementSummary
from mshg.events import (
    EnvironmentArea,
    EnvironmentChange,
    PersonState,
    Question,
    RecentDays,
    SafetyKind,
    TreatmentKind,
)
from mshg.events.folding.danger_changes import plain
from mshg.events.folding.medications import (
    is_for_opioids,
    is_opioid,
    may_be_for_opioids,
    was_taken,
)
from mshg.risk.evidence import Evidence
from mshg.risk.floors import EXTREME_STRESS, NOTICE_DAYS
from mshg.risk.parameters import DAYS_A_WEEK, KEPT_A_WEEK
from mshg.risk.signs import MOST_DAYS, MOST_WEEKS, RANGES

RECENT_DAYS = 28
"""What was reported or happened longer ago is no recent sign (judgment)."""

RATE_DAYS = 56
"""Days over which rates are formed, eight weeks (judgment)."""

RECENT_SCORE_DAYS = 90
"""The same for totals of instruments and for losses in daily life (judgment)."""

RELUCTANT_TO = 3
"""Highest willingness to talk about the group, of 10, that counts as reluctance (judgment)."""

GRACE_DAYS = 1
"""Days after the cover of a medication has ended before it counts as not renewed (judgment)."""

SEDATIVES = (Substance.ALCOHOL, Substance.BENZODIAZEPINES, Substance.OTHER_SEDATIVES)
_WEEK = 7
_MAY_BE_OPIOIDS = (Substance.OPIOIDS, None)
_SCORES = {
    "aware": ("aware", None),
    "bam_risk": ("bam", "risk"),
    "bam_protective": ("bam", "protective"),
    "phq9": ("phq9", None),
    "barc10": ("barc10", None),
}


@define
class Known:
    """What is known of a person by a day: values of inputs, and what they rest on."""

    day: date
    values: dict[str, Any] = field(factory=dict)
    evidence: dict[str, Evidence] = field(factory=dict)
    cautions: list[str] = field(factory=list)

    def days(self, on: date | None) -> int | None:
        """Days since, at most what an input holds; what is of a later day is of today."""
        return None if on is None else min(max((self.day - on).days, 0), MOST_DAYS)

    def within(self, on: date | None, days: float) -> bool:
        """Whether it is of the last so many days, the day of assessment among them."""
        return on is not None and 0 <= (self.day - on).days < days

    def say(
        self, of: str, /, on: date | None = None, form: str | None = None, **values: Any
    ) -> None:
        """Keep what an input rests on."""
        self.evidence[of] = Evidence(on=on, form=form, values=values)


def values_of_state(
    state: PersonState, engagement: EngagementSummary | None, as_of: object
) -> dict[str, Any]:
    """What a state and a summary tell of `RiskInputs`, by field; what they don't tell is None.

    The dangers come first, from whatever can be read, records of a later date among them; all else
    is as of the day.
    """
    enforce(
        state=instance(PersonState)(state),
        engagement=optional(instance(EngagementSummary))(engagement),
    )
    cutoff = to_cutoff(as_of)
    enforce(
        engagement=broken("must be of the day as_of", code="conflict")
        if engagement is not None and engagement.as_of != cutoff.day
        else (),
    )
    known = Known(cutoff.day)
    then = _as_of(state, engagement, cutoff)
    if then is not state or (engagement is not None and engagement.set_aside):
        known.cautions.append("later_records")
    _safety(known, then, state)
    _use(known, then)
    _taking_part(known, then, engagement)
    _answers(known, then)
    _around(known, then)
    _care(known, then)
    _totals(known, then)
    _strengths(known, then)
    return {
        "goal": then.use.goal,
        "as_of": cutoff.day,
        "evidence": known.evidence,
        "cautions": tuple(dict.fromkeys(known.cautions)),
        **known.values,
    }


def _as_of(state: PersonState, engagement: EngagementSummary | None, cutoff: Cutoff) -> PersonState:
    """The state as of the day: that of the summary, where the one given goes on beyond it."""
    if state.last_at is None or cutoff.includes(state.last_at):
        return state
    return state if engagement is None else engagement.state


# Use.


def _use(known: Known, state: PersonState) -> None:
    """The last use outside the goal, or that may be; else the last within it."""
    last, form, substances, is_within = _last_use(known, state)
    known.values |= {
        "use_rate": _use_rate(known, state),
        "days_since_use": known.days(last),
        "use_within_goal": is_within,
    }
    if last is not None:
        known.say("days_since_use", last, form, substances=substances)
        known.values["abstinent_weeks"] = _abstinent_weeks(known, state, last)
    days, found = _days_with_use(known, state, _WEEK)
    if days or known.values["use_rate"] is not None or state.use.last_use_on is not None:
        known.values["days_with_use"] = len(days)
        known.say("days_with_use", max(days, default=None), found)


def _last_use(
    known: Known, state: PersonState
) -> tuple[date | None, str, tuple[Substance, ...], float | None]:
    """Day, form and substances of the last use that matters, and whether it was within the goal."""
    use = state.use
    outside = [
        (one.outside_on, "used" if one.is_reported else "said", one.substance)
        for one in use.uses
        if one.outside_on is not None and one.outside_on <= known.day
    ]
    outside += [
        (test.unexplained_on, "test", test.substance)
        for test in use.tests
        if test.unexplained_on is not None and test.unexplained_on <= known.day
    ]
    if outside:
        last = max(on for on, _, _ in outside)
        forms = {form for on, form, _ in outside if on == last}
        form = next(f for f in ("used", "said", "test") if f in forms)
        named = (s for on, f, s in outside if on == last and f == form and s is not None)
        return last, form, tuple(sorted(named)), 0.0 if _is_lapse(state, last) else None
    within = max((one.on for one in use.uses if one.on <= known.day), default=None)
    if within is None and use.last_use_on is not None and use.last_use_on <= known.day:
        return use.last_use_on, "used", (), None
    return within, "used", (), None if within is None else 1.0


def _is_lapse(state: PersonState, on: date) -> bool:
    """Whether the use of a day is known to be outside the goal."""
    return state.use.goal is Goal.ABSTINENCE or state.use.last_lapse_on == on


def _abstinent_weeks(known: Known, state: PersonState, last: date) -> float:
    """Weeks since the last use of which the person said that they were abstinent."""
    start, end = state.use.run_start, state.use.run_end
    if start is None or end is None:
        return 0.0
    days = (min(end, known.day) - max(start, last)).days + 1
    return min(max(days, 0) / DAYS_A_WEEK, MOST_WEEKS)


def _days_with_use(known: Known, state: PersonState, days: int) -> tuple[set[date], str | None]:
    """The last days with use outside the goal or a positive test, and which of the two."""
    used = _days_of(state.use.recent_use, "+", known, days)
    found = _days_of(state.use.recent_findings, "+", known, days)
    form = "both" if used and found - used else "tests" if found and not used else "use"
    return used | found, form if used or found else None


def _days_of(recent: RecentDays | None, code: str, known: Known, days: int) -> set[date]:
    """Which of the last days have a code."""
    if recent is None:
        return set()
    each = (date.fromordinal(recent.until.toordinal() - i) for i in range(len(recent.codes)))
    marked = zip(each, reversed(recent.codes), strict=True)
    return {on for on, c in marked if c == code and known.within(on, days)}


def _use_rate(known: Known, state: PersonState) -> float | None:
    """Decayed share of the last eight weeks with use; None where nothing is known of any.

    A week of which nothing is known counts as one without, so that no news is no use, and news of
    none changes nothing.
    """
    days, form = _days_with_use(known, state, RATE_DAYS)
    is_known = days or _days_of(state.use.recent_use, "-", known, RATE_DAYS)
    if not is_known:
        return None
    weeks = {(known.day - on).days // DAYS_A_WEEK for on in days}
    if weeks:
        known.say("use_rate", max(days), form, weeks=len(weeks))
    kept: list[float] = [KEPT_A_WEEK**age for age in range(RATE_DAYS // DAYS_A_WEEK)]
    return sum(kept[age] for age in sorted(weeks)) / sum(kept)


# Taking part.


def _taking_part(known: Known, state: PersonState, engagement: EngagementSummary | None) -> None:
    part, contact = state.participation, state.contact
    last_met = _not_later(part.last_attended_on, known)
    last = contact.last_contact
    last_on = None if last is None else _not_later(last.on, known)
    heard = _not_later(contact.last_heard_on, known)
    known.values |= {
        "missed_rate": _missed_rate(known, contact.recent_contacts),
        "days_since_meeting": known.days(last_met),
        "weeks_without_meeting": _weeks(known.days(last_met)),
        "weeks_without_contact": _weeks(known.days(last_on)),
        "days_since_heard": _since_heard(known, state, heard),
        "days_in_program": known.days(_not_later(part.first_attended_on, known)),
    }
    if part.first_attended_on is not None:
        known.say("days_in_program", part.first_attended_on)
    if last is not None and last_on is not None:
        known.say("weeks_without_contact", last_on, last.form.value)
    usual: dict[str, Any] = {}
    if engagement is not None:
        known.values |= {
            "silence": _number(engagement.silence),
            "check_ins_answered": _number(engagement.check_ins_answered_share),
            "discomfort": _number(engagement.first_discomfort),
        }
        if not isnan(engagement.usual_gap_days):
            usual["usual"] = engagement.usual_gap_days
    if last_met is not None:
        known.say("weeks_without_meeting", last_met, None, **usual)
    if engagement is not None and engagement.attendances:
        recent = round(4 * engagement.meetings_per_week)
        known.values |= {
            "attendance_trend": engagement.trend_28_days,
            "meetings_per_week": engagement.meetings_per_week,
            "involvement": _number(engagement.involvement),
        }
        known.say("attendance_trend", recent=recent, before=recent - engagement.trend_28_days)
        parts = {
            "sponsor": engagement.has_sponsor,
            "home_group": engagement.has_home_group,
            "service": engagement.has_service,
            "steps": engagement.steps_worked > 0,
            "reading": engagement.readings > 0,
            "contacts": engagement.supporter_contacts > 0,
        }
        known.say("involvement", parts=tuple(part for part, has in parts.items() if has))


def _since_heard(known: Known, state: PersonState, heard: date | None) -> int | None:
    """Days since they were last heard from; all that an input holds where they never were."""
    if heard is None and state.last_at is not None:
        return MOST_DAYS
    return known.days(heard)


def _not_later(on: date | None, known: Known) -> date | None:
    """The day, unless it lies after that of assessment."""
    return on if on is None or on <= known.day else None


def _weeks(days: int | None) -> int | None:
    return None if days is None else min(days // DAYS_A_WEEK, MOST_WEEKS)


def _missed_rate(known: Known, recent: RecentDays | None) -> float | None:
    """Decayed share of the days with a contact on which none was kept; None without any."""
    missed, kept = (_days_of(recent, code, known, RATE_DAYS) for code in "o-")
    if not missed and not kept:
        return None
    known.say("missed_rate", missed=len(missed), of=len(missed | kept))
    weight: float = KEPT_A_WEEK ** (1 / DAYS_A_WEEK)
    oldest = max((known.day - on).days for on in missed | kept)
    total = weight ** (oldest + 1)  # one kept before the first, as in patterns
    of_missed = 0.0
    for on in sorted(missed | kept):
        of_day = weight ** (known.day - on).days
        total += of_day
        of_missed += of_day if on in missed else 0.0
    return of_missed / total


# Answers, people, daily life, totals.


def _answers(known: Known, state: PersonState) -> None:
    """Recent answers, and the change since the answer before for those that have one."""
    answers = state.reports.answers
    for question in Question:
        answer = answers.get(question)
        is_recent = answer is not None and known.within(answer.on, RECENT_DAYS)
        if question is Question.ABSTINENT or answer is None or not is_recent:
            continue
        known.values[question.value] = answer.value
        if answer.before is None:
            known.say(question.value, answer.on)
        else:
            known.say(question.value, answer.on, before=answer.before)
            if question in (Question.CRAVING, Question.CONFIDENCE):
                known.values[f"{question}_change"] = answer.value - answer.before
    _reluctance(known, state)


def _reluctance(known: Known, state: PersonState) -> None:
    """Whether they would not talk about the group, or hardly; and extreme stress besides."""
    answers = state.reports.answers
    willing, stress = answers.get(Question.WILLINGNESS), answers.get(Question.STRESS)
    since: date | None = None
    if Question.WILLINGNESS in state.reports.declined_questions:
        known.values["reluctance"] = True
        known.say("reluctance", None, "declined")
        since = date.min
    elif willing is not None and known.within(willing.on, RECENT_DAYS):
        known.values["reluctance"] = willing.value <= RELUCTANT_TO
        known.say("reluctance", willing.on)
        since = willing.on if willing.value <= RELUCTANT_TO else None
    is_extreme = stress is not None and stress.value >= EXTREME_STRESS and stress.on <= known.day
    if since is not None and stress is not None and is_extreme:
        # both of late: the older of the two must lie within the days of the floor
        older = stress.on if since == date.min else min(since, stress.on)
        known.values["days_since_stress_and_reluctance"] = known.days(older)
        known.say("days_since_stress_and_reluctance", older)


def _around(known: Known, state: PersonState) -> None:
    """People still in touch, and what was lost of late."""
    around = state.circumstances
    people = [one for one in around.relationships if one.contact_lost_on is None]
    use = [one for one in people if one.uses_substances]
    lost = {
        area: change.on
        for area, change in around.environment.items()
        if change.change is EnvironmentChange.LOST and known.within(change.on, RECENT_SCORE_DAYS)
    }
    known.values |= {
        "recovery_supporters": _sum(one.supports_recovery for one in people) if people else None,
        "people_who_use": len(use) if people else None,
        "boundaries": any(one.boundary_set_on is not None for one in use) if use else None,
        "environment_losses": len(lost) if around.environment else None,
    }
    if lost:
        areas = tuple((area.value, on) for area, on in lost.items())
        known.say("environment_losses", max(lost.values()), None, areas=areas)
    both = [lost.get(area) for area in (EnvironmentArea.HOUSING, EnvironmentArea.WORK)]
    if None not in both:
        older = min(on for on in both if on is not None)
        known.values["days_since_losses"] = known.days(older)
        known.say("days_since_losses", older)


def _sum(values: Iterable[bool | None]) -> int:
    return sum(bool(value) for value in values)


def _totals(known: Known, state: PersonState) -> None:
    """Recent totals; one out of its range is set aside."""
    for name, (instrument, subscale) in _SCORES.items():
        for one in state.reports.scores:
            is_it = (plain(one.instrument), plain(one.subscale)) == (instrument, plain(subscale))
            if not is_it or not known.within(one.on, RECENT_SCORE_DAYS):
                continue
            low, high = RANGES[name]
            if low <= one.score <= high:
                known.values[name] = one.score
                known.say(name, one.on)
            else:
                known.cautions.append("out_of_range")


def _strengths(known: Known, state: PersonState) -> None:
    """What is going well, beside the signs that help."""
    use, part = state.use, state.participation
    if use.run_start is not None and use.run_end is not None and use.run_end <= known.day:
        used_since = known.values.get("days_since_use")
        last = known.evidence.get("days_since_use")
        start = use.run_start
        if used_since is not None and last is not None and last.on is not None:
            is_outside = known.values.get("use_within_goal") != 1
            start = max(start, date.fromordinal(last.on.toordinal() + 1)) if is_outside else start
        days = (use.run_end - start).days + 1
        if days > 0:
            known.say("abstinent", use.run_end, None, value=days)
    within = [one.on for one in use.uses if one.within_goal and known.within(one.on, RECENT_DAYS)]
    if within and known.values.get("use_within_goal") == 1:
        known.say("within_goal", max(within))
    if part.plans_kept:
        known.say("meetings_kept", None, None, value=part.plans_kept)
    if part.goals_met:
        known.say("goals_met", None, None, value=part.goals_met)


# Care and dangers.


def _care(known: Known, state: PersonState) -> None:
    """Treatment and medication in progress, and discharges."""
    care = state.care
    known.values |= {
        "in_treatment": _is_in_progress(care.treatment),
        "on_medication": _is_in_progress(care.medication),
        "opioid_history": has_to_do_with_opioids(state) or None,
    }
    taken = [t for t in care.treatments if t.kind is TreatmentKind.MEDICATION and not t.stopped_on]
    if taken and taken[-1].name is not None:
        known.say("on_medication", taken[-1].since, None, name=line(taken[-1].name))
    ended = [
        (t.stopped_on, "treatment")
        for t in care.treatments
        if t.kind is TreatmentKind.FORMAL_TREATMENT and t.stopped_on is not None
    ]
    if care.discharged is not None:
        ended.append((care.discharged.on, care.discharged.setting.value))
    past = [(on, form) for on, form in ended if on <= known.day]
    if past:
        last = max(on for on, _ in past)
        forms = [form for on, form in past if on == last]
        known.values["days_since_discharge"] = known.days(last)
        known.say("days_since_discharge", last, forms[-1])


def has_to_do_with_opioids(state: PersonState) -> bool:
    """Whether they ever reported opioids, were tested positive, or were treated for them."""
    care = state.care
    overdose = [one.substance for one in state.reports.dangers.values()]
    return (
        any(use.substance is Substance.OPIOIDS for use in state.use.uses)
        or any(t.substance is Substance.OPIOIDS and t.found_on is not None for t in state.use.tests)
        or any(
            Substance.OPIOIDS in one.substances or is_for_opioids(one) for one in care.treatments
        )
        or (care.discharged is not None and Substance.OPIOIDS in care.discharged.substances)
        or Substance.OPIOIDS in overdose
        or care.had_opioid_medication
    )


def _safety(known: Known, state: PersonState, later: PersonState) -> None:
    """Dangers first: whether each still stands, and the day it was reported."""
    states = (state,) if later is state else (state, later)
    for one in states:
        for kind, report in _dangers(known, one).items():
            _danger(known, state, kind, report)
    if any(
        d.is_clock_wrong and known.within(d.on, 30)
        for s in states
        for d in s.reports.dangers.values()
    ):
        known.cautions.append("clock")
    if state.care.treatments:
        for kind in (SafetyKind.MEDICATION_STOPPED, SafetyKind.MEDICATION_CHANGED):
            known.values.setdefault(kind.value, False)
    if known.values.get(SafetyKind.OPIOID_LAPSE.value):
        known.values["weeks_abstinent_before_lapse"] = _weeks_before(known, state)
    _floors_of_opioids(known, state)


def _weeks_before(known: Known, state: PersonState) -> float | None:
    """Weeks without opioids before they were used, where it was a week or more."""
    may_be = _MAY_BE_OPIOIDS if has_to_do_with_opioids(state) else (Substance.OPIOIDS,)
    returns = [
        one.days_without_before
        for one in state.use.uses
        if one.substance in may_be
        and one.returned_on is not None
        and known.within(one.returned_on, RECENT_DAYS)
    ]
    return max(returns) / DAYS_A_WEEK if returns else None


def _danger(known: Known, state: PersonState, kind: SafetyKind, report: "_Report") -> None:
    """A danger stands unless it was addressed since, or its time is over."""
    on, at, form, values = report
    days = known.days(on)
    name = f"days_since_{kind}"
    before = known.values.get(name)
    if days is None or days >= NOTICE_DAYS[kind] or (before is not None and before < days):
        return
    is_open = not _is_addressed(state, kind, at, known)
    known.values[kind.value] = known.values.get(kind.value) or is_open
    known.values[name] = days
    known.say(name, min(on, known.day), form, **values)


def _is_addressed(state: PersonState, kind: SafetyKind, at: datetime | None, known: Known) -> bool:
    """Whether somebody addressed it after it was reported, or a later answer settled it."""
    addressed = state.reports.addressed.get(kind)
    if addressed is not None and addressed.on <= known.day and (at is None or addressed.at >= at):
        return True
    settled = state.reports.suicidal_thoughts_settled
    is_settled = settled is not None and at is not None and settled.at > at
    return kind is SafetyKind.SUICIDAL_THOUGHTS and is_settled


_Report = tuple[date, "datetime | None", "str | None", Mapping[str, Any]]


def _dangers(known: Known, state: PersonState) -> dict[SafetyKind, _Report]:
    """The last report or sign of each danger: its day, moment, form and what else is known."""
    found: dict[SafetyKind, _Report] = {
        SafetyKind(danger.value): (one.on, one.at, None, {})
        for danger, one in state.reports.dangers.items()
    }
    opioids = _opioid_signs(state)
    if opioids:
        found[SafetyKind.OPIOID_LAPSE] = max(opioids, key=_by_day)
    mixed = _mixed_with_sedatives(known, state)
    if mixed is not None:
        found[SafetyKind.OPIOIDS_WITH_SEDATIVES] = mixed
    found |= _medication(known, state)
    return found


def _by_day(report: _Report) -> tuple[date, bool, datetime]:
    """Reports in order, those without a moment first on their day."""
    on, at, _, _ = report
    return (on, at is not None, at or datetime.min.replace(tzinfo=UTC))


def _opioid_signs(state: PersonState) -> list[_Report]:
    """Uses and positive tests of opioids, or that may be of them; goals don't matter here."""
    may_be = _MAY_BE_OPIOIDS if has_to_do_with_opioids(state) else (Substance.OPIOIDS,)
    found: list[_Report] = [
        (one.at.date() if one.at else one.on, one.at, "used" if one.substance else "unnamed", {})
        for one in state.use.uses
        if one.substance in may_be
    ]
    found += [
        (one.unexplained_on, one.unexplained_at, "test" if one.substance else "test_unnamed", {})
        for one in state.use.tests
        if one.substance in may_be and one.unexplained_on is not None
    ]
    return found


def _sedative_signs(state: PersonState) -> list[tuple[date, datetime | None, Substance, bool]]:
    """Uses and positive tests of alcohol or a sedative; whether each is within the goal."""
    found = [
        (one.on, one.at, one.substance, bool(one.within_goal))
        for one in state.use.uses
        if one.substance in SEDATIVES
    ]
    found += [
        (one.outside_on, one.at, one.substance, False)
        for one in state.use.uses
        if one.substance in SEDATIVES and one.outside_on is not None
    ]
    found += [
        (one.unexplained_on, one.unexplained_at, one.substance, False)
        for one in state.use.tests
        if one.substance in SEDATIVES and one.unexplained_on is not None
    ]
    return [(on, at, s, within) for on, at, s, within in found if s is not None and on is not None]


def _mixed_with_sedatives(known: Known, state: PersonState) -> _Report | None:
    """Opioids, or a medication that is one, together with alcohol or a sedative within a week."""
    sedatives = [one for one in _sedative_signs(state) if _is_of_week(known, one[0])]
    if not sedatives:
        return None
    opioids = [one for one in _opioid_signs(state) if _is_of_week(known, one[0])]
    taken = [
        one
        for one in state.care.treatments
        if is_opioid(one) and any(was_taken(one, min(on, known.day)) for on, *_ in sedatives)
    ]
    outside = [one for one in sedatives if not one[3]]
    if not outside and taken and not opioids:
        known.say("sedatives_within_goal")
    if not opioids and not (taken and outside):
        return None
    named = outside or sedatives
    substances = tuple(sorted({substance for _, _, substance, _ in named}))
    reports: list[_Report] = [(on, at, None, {}) for on, at, _, _ in named]
    last_on, last_at, _, _ = max([*reports, *opioids], key=_by_day)
    if opioids:
        return last_on, last_at, "use", {"substances": substances}
    name = next((one.name for one in taken if one.name is not None), None)
    values = {"substances": substances} | ({} if name is None else {"name": line(name)})
    return last_on, last_at, "medication", values


def _is_of_week(known: Known, on: date) -> bool:
    return (known.day - on).days < _WEEK


def _medication(known: Known, state: PersonState) -> dict[SafetyKind, _Report]:
    """Medication for opioid use that was taken and is not any more, or was changed for another."""
    care = state.care
    found: dict[SafetyKind, _Report] = {}
    if care.medication_ended is not None:
        ended = care.medication_ended
        found[SafetyKind.MEDICATION_STOPPED] = (ended.on, ended.at, "stopped", _named(ended.name))
    elif care.medication_changed is not None:
        ended = care.medication_changed
        found[SafetyKind.MEDICATION_CHANGED] = (ended.on, ended.at, None, _named(ended.name))
    taken = [t for t in care.treatments if may_be_for_opioids(t) and t.stopped_on is None]
    cover = [t.covered_until for t in taken if t.covered_until is not None]
    if taken and len(cover) == len(taken) and care.medication_ended is None:
        last = max(cover)
        if (known.day - last).days > GRACE_DAYS:
            over = date.fromordinal(last.toordinal() + 1)
            found[SafetyKind.MEDICATION_STOPPED] = (over, None, "cover", _named(taken[-1].name))
    return found


def _named(name: str | None) -> dict[str, Any]:
    return {} if name is None else {"name": line(name)}


def _floors_of_opioids(known: Known, state: PersonState) -> None:
    """Days since opioids were used outside the goal, or may have been."""
    may_be = _MAY_BE_OPIOIDS if has_to_do_with_opioids(state) else (Substance.OPIOIDS,)
    found = [
        (one.outside_on, ("used" if one.is_reported else "said") if one.substance else "unnamed")
        for one in state.use.uses
        if one.substance in may_be and one.outside_on is not None and one.outside_on <= known.day
    ]
    found += [
        (one.unexplained_on, "test" if one.substance else "test_unnamed")
        for one in state.use.tests
        if one.substance in may_be
        and one.unexplained_on is not None
        and one.unexplained_on <= known.day
    ]
    if found:
        last = max(on for on, _ in found if on is not None)
        forms = [form for on, form in found if on == last]
        form = next(f for f in _FORMS if f in forms)
        known.values["days_since_opioid_use"] = known.days(last)
        known.say("days_since_opioid_use", last, form)


_FORMS = ("used", "test", "unnamed", "said", "test_unnamed")


def line(name: str) -> str:
    """A name on one line, without control characters, as sentences hold it."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())


def _is_in_progress(status: TreatmentStatus | None) -> bool | None:
    return None if status is None else status is TreatmentStatus.IN_PROGRESS


def _number(value: float) -> float | None:
    return None if isnan(value) else value
