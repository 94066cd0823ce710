"""What is known of a person as sentences, built from the values: reasons, floors, strengths.

A sentence says no more than its input and the evidence for it; where there is no evidence, as with
plain numbers, it says the number.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from attrs import frozen

from mshg.risk.dates import Say, number
from mshg.risk.evidence import Evidence
from mshg.risk.floors import FLOORS
from mshg.risk.inputs import STRENGTHS, RiskInputs
from mshg.risk.parameters import TIERS
from mshg.risk.results import Contribution, FloorReason, Strength
from mshg.risk.signs import BY_NAME

LEAST_POINTS = 0.5
"""Reasons of fewer points are left out."""

MERGED = {
    "craving_change": "craving",
    "confidence_change": "confidence",
    "willingness": "reluctance",
    "silence": "weeks_without_meeting",
}
"""Signs that speak of the same, by the one that is named."""

UNITS = {
    "use_rate": "share of weeks",
    "time_since_use": "days",
    "missed_rate": "share",
    "weeks_without_meeting": "weeks",
    "weeks_without_contact": "weeks",
    "attendance_fall": "meetings",
    "early_period": "days",
    "check_ins_answered": "share",
    "discomfort": "of 10",
    "reluctance": "of 10",
    "stress": "of 10",
    "craving": "of 10",
    "confidence": "of 10",
    "mood": "of 10",
    "people_who_use": "people",
    "environment_losses": "losses",
    "prior_episodes": "episodes",
    "aware": "points",
    "bam_risk": "points",
    "phq9": "points",
    "meetings_per_week": "meetings a week",
    "involvement": "share",
    "recovery_supporters": "people",
    "bam_protective": "points",
    "barc10": "points",
}
"""Units of the values by sign; what is true or false has none."""

_NO_EVIDENCE = Evidence()


@frozen
class Facts:
    """The inputs of one person, and the words to say them in."""

    inputs: RiskInputs
    say: Say

    def value(self, name: str) -> Any:
        """The value of an input."""
        return getattr(self.inputs, name)

    def evidence(self, name: str) -> Evidence:
        """What an input rests on."""
        return self.inputs.evidence.get(name, _NO_EVIDENCE)

    def date(self, name: str) -> date | None:
        """The day of an input: of its evidence, else counted back from the day of assessment."""
        on = self.evidence(name).on
        days = self.value(name) if name.startswith("days_") else None
        if on is not None or days is None or self.inputs.as_of is None:
            return on
        return self.inputs.as_of - timedelta(days=int(days))

    def sentence(self, key: str, **values: object) -> str:
        """A sentence about a risk."""
        return self.say(f"risk.{key}", **values)

    def ago(self, name: str) -> str:
        """How long ago, as an addition to a sentence; nothing where it is not known."""
        days = self.value(name)
        return "" if days is None else self.sentence("ago", ago=self.say.ago(days))


def contributions(facts: Facts, points: Mapping[str, float]) -> tuple[Contribution, ...]:
    """The signs that matter, the weightiest first."""
    merged: dict[str, float] = {}
    for sign, of_sign in points.items():
        if sign != "start" and of_sign:
            name = _named(sign, points)
            merged[name] = merged.get(name, 0.0) + of_sign
    found = [
        Contribution(sign=sign, points=of_sign, **_said(facts, sign))
        for sign, of_sign in merged.items()
        if abs(of_sign) >= LEAST_POINTS
    ]
    return tuple(sorted(found, key=lambda part: -abs(part.points)))


def _named(sign: str, points: Mapping[str, float]) -> str:
    """The sign under which it is given; its own name where that one does not speak."""
    other = MERGED.get(sign, sign)
    return other if points.get(other) else sign


def _said(facts: Facts, sign: str) -> dict[str, Any]:
    """Value, unit, day and text of a sign."""
    read = BY_NAME[sign].reads
    if sign == "time_since_use" and facts.inputs.days_since_use is None:
        read = "abstinent_weeks"
    if sign == "reluctance" and facts.inputs.willingness is not None:
        read = "willingness"
    value = facts.value(read)
    unit = "weeks" if read == "abstinent_weeks" else UNITS.get(sign)
    return {
        "value": None if value is None or isinstance(value, bool) else float(value),
        "unit": None if isinstance(value, bool) else unit,
        "date": facts.date(read),
        "text": _TEXTS.get(sign, _answer)(facts, sign),
    }


def _answer(facts: Facts, sign: str) -> str:
    """The value as answered, on its day, and what it was before where that is known."""
    value = facts.value(sign)
    if value is None or isinstance(value, bool):
        return facts.sentence(f"sign.{sign}")
    on = facts.say.on(facts.evidence(sign).on)
    return facts.sentence(f"sign.{sign}", value=number(value), on=on, change=_change(facts, sign))


def _change(facts: Facts, sign: str) -> str:
    before = facts.evidence(sign).values.get("before")
    change = facts.value(f"{sign}_change") if f"{sign}_change" in _CHANGES else None
    if before is None and change and facts.value(sign) is not None:
        before = facts.value(sign) - change
    now = facts.value(sign)
    if not isinstance(before, (int, float)) or before == now:
        return ""
    return facts.sentence("up_from" if now > before else "down_from", value=number(before))


_CHANGES = ("craving_change", "confidence_change")


def _counted(facts: Facts, sign: str) -> str:
    """A count, with a form of its own for one."""
    value = facts.value(sign)
    key = f"sign.{sign}_one" if value == 1 else f"sign.{sign}"
    return facts.sentence(key) if value == 1 else facts.sentence(key, value=number(value))


def _use_rate(facts: Facts, sign: str) -> str:
    evidence = facts.evidence(sign)
    if evidence.form is None:
        return facts.sentence("sign.use_rate", percent=round(100 * facts.value(sign)))
    if evidence.values["weeks"] == 1 and evidence.on == facts.evidence("days_since_use").on:
        return _use(facts)  # which is said already
    return facts.sentence(f"sign.use_rate_{evidence.form}", weeks=evidence.values["weeks"])


def _use(facts: Facts, _sign: str = "") -> str:
    """The last use, or what speaks of it: a report, their word, or a test."""
    days = facts.inputs.days_since_use
    if days is None:
        weeks = facts.say.weeks(facts.inputs.abstinent_weeks or 0)
        return facts.sentence("sign.time_since_use_abstinent", weeks=weeks)
    evidence = facts.evidence("days_since_use")
    key = f"sign.time_since_use_{evidence.form or 'used'}"
    if evidence.form == "said":
        return facts.sentence(key, ago=facts.say.ago(days))
    if evidence.form == "used" and _is_abstinent_since(facts, days):
        key = "sign.time_since_use_since"
    return facts.sentence(key, ago=facts.say.ago(days), what=_of(facts, evidence))


def _is_abstinent_since(facts: Facts, days: float) -> bool:
    """Whether they said that they were abstinent in nearly all the time since."""
    weeks = facts.inputs.abstinent_weeks
    return weeks is not None and days >= 14 and 7 * weeks >= days - 14


def _of(facts: Facts, evidence: Evidence) -> str:
    """Of which substance, as an addition; nothing where it is not known."""
    substances = evidence.values.get("substances")
    if not isinstance(substances, tuple) or not substances:
        return ""
    names = [facts.say(f"substance.{one}") for one in substances]
    return facts.sentence("what", substances=facts.say.and_so_on(names))


def _missed_rate(facts: Facts, sign: str) -> str:
    values = facts.evidence(sign).values
    if "missed" in values:
        return facts.sentence("sign.missed_rate_days", missed=values["missed"], days=values["of"])
    return facts.sentence("sign.missed_rate", percent=round(100 * facts.value(sign)))


def _without_meeting(facts: Facts, sign: str) -> str:
    """How long without a meeting, what is usual, and the last contact since."""
    values = facts.evidence(sign).values
    if facts.value(sign) is None:  # a gap is known, its length is not
        return facts.sentence("sign.silence")
    usual = ""
    if "usual" in values:
        usual = facts.sentence("usual", days=number(float(str(values["usual"]))))
    days = facts.inputs.days_since_meeting
    weeks = facts.value(sign)
    stretch = facts.say.weeks(weeks)
    if weeks < 1:
        if days is None:
            return facts.sentence("sign.silence")
        return facts.sentence("sign.meeting_ago", ago=facts.say.ago(days), usual=usual)
    return facts.sentence(f"sign.{sign}", weeks=stretch, usual=usual, contact=_contact(facts))


def _contact(facts: Facts) -> str:
    """The last contact, where it is of late, as an addition."""
    last = facts.evidence("weeks_without_contact")
    if last.on is None or last.form is None or facts.inputs.as_of is None:
        return ""
    days = (facts.inputs.as_of - last.on).days
    if days >= 14 or last.form == "meeting":
        return ""
    return facts.sentence("contact." + last.form, ago=facts.say.ago(days))


def _without_contact(facts: Facts, sign: str) -> str:
    return facts.sentence(f"sign.{sign}", weeks=facts.say.weeks(facts.value(sign)))


def _attendance_fall(facts: Facts, sign: str) -> str:
    values = facts.evidence("attendance_trend").values
    if "recent" in values:
        counts = {"recent": values["recent"], "before": values["before"]}
        return facts.sentence(f"sign.{sign}_counts", **counts)
    return facts.sentence(f"sign.{sign}", fewer=number(-facts.value("attendance_trend")))


def _early_period(facts: Facts, sign: str) -> str:
    return facts.sentence(f"sign.{sign}", ago=facts.say.ago(facts.value("days_in_program")))


def _share(facts: Facts, sign: str) -> str:
    return facts.sentence(f"sign.{sign}", percent=round(100 * facts.value(sign)))


def _reluctance(facts: Facts, _sign: str) -> str:
    if facts.inputs.willingness is not None:
        return _answer(facts, "willingness")
    form = facts.evidence("reluctance").form
    return facts.sentence("sign.reluctance" if form is None else f"sign.reluctance_{form}")


def _environment_losses(facts: Facts, sign: str) -> str:
    areas = facts.evidence(sign).values.get("areas")
    if not isinstance(areas, tuple):
        return _counted(facts, sign)
    lost = [facts.sentence(f"area.{area}", on=facts.say.on(on)) for area, on in areas]
    return facts.sentence(f"sign.{sign}_named", areas=facts.say.and_so_on(lost))


def _medication_stopped(facts: Facts, _sign: str = "") -> str:
    name = "days_since_medication_stopped"
    evidence = facts.evidence(name)
    key = f"sign.medication_stopped_{evidence.form or 'stopped'}"
    return facts.sentence(key, name=_name(facts, evidence, "medication"), ago=facts.ago(name))


def _name(facts: Facts, evidence: Evidence, without: str) -> str:
    """The name of a medication as it begins a sentence, or the words for one without a name."""
    name = evidence.values.get("name")
    if not isinstance(name, str):
        return facts.sentence(without)
    return name[:1].upper() + name[1:]


def _meetings_per_week(facts: Facts, sign: str) -> str:
    return facts.sentence(f"sign.{sign}", meetings=number(4 * facts.value(sign)))


def _involvement(facts: Facts, sign: str) -> str:
    parts = facts.evidence(sign).values.get("parts")
    if not isinstance(parts, tuple) or not parts:
        return facts.sentence(f"sign.{sign}")
    named = [facts.say(f"engagement.part_{part}") for part in parts]
    return facts.sentence(f"sign.{sign}_parts", parts=facts.say.and_so_on(named))


def _on_medication(facts: Facts, sign: str) -> str:
    name = facts.evidence(sign).values.get("name")
    if isinstance(name, str):
        return facts.sentence(f"sign.{sign}_named", name=name)
    return facts.sentence(f"sign.{sign}")


_TEXTS: Mapping[str, Callable[[Facts, str], str]] = {
    "use_rate": _use_rate,
    "time_since_use": _use,
    "missed_rate": _missed_rate,
    "weeks_without_meeting": _without_meeting,
    "silence": lambda facts, _: _without_meeting(facts, "weeks_without_meeting"),
    "weeks_without_contact": _without_contact,
    "attendance_fall": _attendance_fall,
    "early_period": _early_period,
    "check_ins_answered": _share,
    "reluctance": _reluctance,
    "willingness": _answer,
    "craving_change": lambda facts, _: facts.sentence("sign.craving_change"),
    "confidence_change": lambda facts, _: facts.sentence("sign.confidence_change"),
    "people_who_use": _counted,
    "environment_losses": _environment_losses,
    "prior_episodes": _counted,
    "medication_stopped": _medication_stopped,
    "meetings_per_week": _meetings_per_week,
    "involvement": _involvement,
    "recovery_supporters": _counted,
    "on_medication": _on_medication,
}


def floors(facts: Facts, holds: Mapping[str, bool]) -> tuple[FloorReason, ...]:
    """The floors that hold, each with its reason."""
    found = []
    for floor in FLOORS:
        is_said = holds[floor.name] and not (
            floor.name == "discharge" and holds["discharge_opioids"]
        )
        if is_said:
            text, read = _FLOOR_TEXTS[floor.name](facts)
            value = facts.value(read)
            tiers = {
                f"{risk}_tier": None if tier < 0 else TIERS[tier]
                for risk, tier in (("lapse", floor.lapse), ("disengagement", floor.disengagement))
            }
            reason = FloorReason(
                rule=floor.name,
                **tiers,
                value=None if value is None else float(value),
                unit="days",
                date=facts.date(read),
                text=text,
                source=floor.source,
            )
            found.append(reason)
    return tuple(found)


def _reported(kind: str) -> Callable[[Facts], tuple[str, str]]:
    def text(facts: Facts) -> tuple[str, str]:
        read = f"days_since_{kind}"
        return facts.sentence(f"floor.{kind}", ago=facts.ago(read)), read

    return text


def _sedatives(facts: Facts) -> tuple[str, str]:
    read = "days_since_opioids_with_sedatives"
    evidence = facts.evidence(read)
    ago = facts.ago(read)
    if evidence.form is None:
        return facts.sentence("floor.opioids_with_sedatives", ago=ago), read
    substances = evidence.values["substances"]
    names = [facts.say(f"substance.{one}") for one in substances]  # type: ignore[attr-defined]
    what = facts.say.and_so_on(names)
    key = f"floor.opioids_with_sedatives_{evidence.form}"
    if evidence.form == "use":
        return facts.sentence(key, what=what, ago=ago), read
    name = evidence.values.get("name")
    medication = name if isinstance(name, str) else facts.sentence("floor.a_medication")
    return facts.sentence(key, what=what, ago=ago, medication=medication), read


def _opioid_use(facts: Facts) -> tuple[str, str]:
    read = "days_since_opioid_use"
    form = facts.evidence(read).form or "used"
    return facts.sentence(f"floor.opioid_use_{form}", ago=facts.ago(read)), read


def _discharge(facts: Facts) -> tuple[str, str]:
    read = "days_since_discharge"
    form = facts.evidence(read).form or "plain"
    return facts.sentence(f"floor.discharge_{form}", ago=facts.ago(read)), read


def _discharge_opioids(facts: Facts) -> tuple[str, str]:
    text, read = _discharge(facts)
    return facts.sentence("floor.discharge_opioids", discharge=text), read


def _repeated_use(facts: Facts) -> tuple[str, str]:
    read = "days_with_use"
    form = facts.evidence(read).form or "use"
    days = number(facts.inputs.days_with_use or 0)
    return facts.sentence(f"floor.repeated_{form}", days=days), read


def _used(facts: Facts) -> tuple[str, str]:
    if facts.inputs.days_since_use is None or not facts.inputs.days_since_use < 7:
        form = facts.evidence("days_with_use").form or "use"
        days = number(facts.inputs.days_with_use or 0)
        return facts.sentence(f"floor.repeated_{form}", days=days), "days_with_use"
    return _use(facts), "days_since_use"


def _losses(facts: Facts) -> tuple[str, str]:
    return facts.sentence("floor.losses"), "days_since_losses"


def _stress_and_reluctance(facts: Facts) -> tuple[str, str]:
    value = facts.inputs.stress
    key = "floor.stress_and_reluctance"
    read = "days_since_stress_and_reluctance"
    if value is None:
        return facts.sentence(f"{key}_plain"), read
    return facts.sentence(key, stress=number(value)), read


_FLOOR_TEXTS: Mapping[str, Callable[[Facts], tuple[str, str]]] = {
    "overdose": _reported("overdose"),
    "opioids_with_sedatives": _sedatives,
    "opioid_use": _opioid_use,
    "medication_stopped": lambda facts: (
        _medication_stopped(facts),
        "days_since_medication_stopped",
    ),
    "discharge_opioids": _discharge_opioids,
    "withdrawal": _reported("withdrawal"),
    "repeated_use": _repeated_use,
    "losses": _losses,
    "discharge": _discharge,
    "use": _used,
    "stress_and_reluctance": _stress_and_reluctance,
}


def strengths(facts: Facts, points: Mapping[str, float]) -> tuple[Strength, ...]:
    """What is going well: what the events tell, and the signs that help in either risk."""
    found = [
        _strength(facts, kind, facts.inputs.evidence[kind])
        for kind in STRENGTHS
        if kind in facts.inputs.evidence
    ]
    helping = [
        sign
        for sign in BY_NAME
        if points.get(sign, 0) <= -LEAST_POINTS and not _is_falling(facts, sign)
    ]
    return (*found, *(Strength(kind=sign, **_said(facts, sign)) for sign in helping))


def _is_falling(facts: Facts, sign: str) -> bool:
    """Whether they go to meetings, but less than weekly and less than before."""
    trend, rate = facts.inputs.attendance_trend, facts.inputs.meetings_per_week
    return sign == "meetings_per_week" and (trend or 0) < 0 and (rate or 0) < 1


def _strength(facts: Facts, kind: str, evidence: Evidence) -> Strength:
    value = evidence.values.get("value")
    on = facts.say.on(evidence.on)
    if not isinstance(value, (int, float)):
        return Strength(kind=kind, date=evidence.on, text=facts.sentence(f"strength.{kind}", on=on))
    key = f"strength.{kind}_one" if value == 1 else f"strength.{kind}"
    text = facts.sentence(key, value=number(value), on=on)
    unit = STRENGTHS[kind]
    return Strength(kind=kind, value=float(value), unit=unit, date=evidence.on, text=text)
