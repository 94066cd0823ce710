"""Which treatments are taken, and what becomes of medication for opioid use."""

from datetime import date
from typing import assert_never

from mshg.domain import Substance
from mshg.events.folding.building import Changes, built, evolved, put
from mshg.events.folding.medications import (
    is_for_opioids,
    may_be_for_opioids,
    purposes,
    same_name,
)
from mshg.events.folding.moments import moment_of
from mshg.events.folding.parts import EndedMedication, Treatment
from mshg.events.folding.states import CareState
from mshg.events.reports import TreatmentChanged
from mshg.events.vocabulary import TreatmentChange, TreatmentKind


def treatments_after(
    known: tuple[Treatment, ...], event: TreatmentChanged, day: date
) -> tuple[Treatment, ...]:
    """The treatments as an event leaves them; those that may be for opioid use leave last."""
    match event.change:
        case TreatmentChange.STARTED | TreatmentChange.CHANGED:
            return _begun(known, event, day)
        case (
            TreatmentChange.STOPPED
            | TreatmentChange.REFUSED
            | TreatmentChange.CANNOT_AFFORD
            | TreatmentChange.NOT_OFFERED
        ):
            meant = _meant(known, event)
            if meant:
                return tuple(evolved(t, stopped_on=day) if t in meant else t for t in known)
            if event.change is not TreatmentChange.STOPPED or _named(known, event):
                return known
            # its start was never reported; that it ended is known all the same
            return _put(known, evolved(_new(event, day), stopped_on=day))
        case _:
            assert_never(event.change)


def _begun(
    known: tuple[Treatment, ...], event: TreatmentChanged, day: date
) -> tuple[Treatment, ...]:
    """A treatment is taken: it may be known, by name, or without one as what is for the same."""
    new = _new(event, day)
    same = next(iter(_named(known, event)), None)
    if same is None:
        others = (t for t in _open(known, event) if None in (t.name, event.name))
        same = next((t for t in others if _is_same(t, new)), None)
    if same is None:
        return _put(known, new)
    is_dose = event.change is TreatmentChange.CHANGED
    went_on = evolved(
        new,
        name=event.name or same.name,
        since=same.since if is_dose or same.stopped_on is None else day,
        substances=event.substances or same.substances,
        covered_until=new.covered_until or (same.covered_until if is_dose else None),
    )
    return _put(tuple(t for t in known if t is not same), went_on)


def _new(event: TreatmentChanged, day: date) -> Treatment:
    cover = None
    if event.covers_days is not None:
        last = min(day.toordinal() + event.covers_days - 1, date.max.toordinal())
        cover = date.fromordinal(last)
    return built(
        Treatment,
        kind=event.kind,
        since=day,
        name=event.name,
        substances=event.substances,
        covered_until=cover,
    )


def _named(known: tuple[Treatment, ...], event: TreatmentChanged) -> list[Treatment]:
    """Those of that kind and name."""
    return [t for t in known if t.kind is event.kind and same_name(t.name, event.name)]


def _open(known: tuple[Treatment, ...], event: TreatmentChanged) -> list[Treatment]:
    return [t for t in known if t.kind is event.kind and t.stopped_on is None]


def _meant(known: tuple[Treatment, ...], event: TreatmentChanged) -> list[Treatment]:
    """Those that an end speaks of: of its name; else those that may be the same.

    One without a name may be any that is for the same, or for what nobody said.
    """
    taken = _open(known, event)
    if event.name is not None:
        named = [t for t in taken if same_name(t.name, event.name)]
        taken = named or [t for t in taken if t.name is None]
        if named:
            return named
    new = purposes(event.name, event.substances)
    return [t for t in taken if _may_be_same(purposes(t.name, t.substances), new)]


def _may_be_same(one: frozenset[Substance], other: frozenset[Substance]) -> bool:
    return not one or not other or bool(one & other)


def _is_same(one: Treatment, other: Treatment) -> bool:
    """Whether both are for the same, or both for what nobody said."""
    mine, its = (purposes(t.name, t.substances) for t in (one, other))
    return bool(mine & its) or not (mine or its)


def _put(known: tuple[Treatment, ...], new: Treatment) -> tuple[Treatment, ...]:
    return put(known, new, _key, keeps=may_be_for_opioids)


def _key(treatment: Treatment) -> tuple[object, ...]:
    name = treatment.name
    return (treatment.kind, None if name is None else " ".join(name.casefold().split()))


def medication_after(
    care: CareState, treatments: tuple[Treatment, ...], event: TreatmentChanged, day: date
) -> Changes:
    """Whether medication that is or may be for opioid use ended, was changed, or is taken again."""
    before = {_key(t): t for t in care.treatments if t.stopped_on is None}
    ended = [
        t
        for t in treatments
        if t.stopped_on is not None
        and may_be_for_opioids(t)
        and (_key(t) in before or (t.since == t.stopped_on == day and t not in care.treatments))
    ]
    had = care.had_opioid_medication or any(is_for_opioids(t) for t in treatments)
    found: Changes = {"had_opioid_medication": had}
    taken = [t for t in treatments if t.stopped_on is None]
    if ended:
        last = ended[-1]
        at = moment_of(event)
        end = built(EndedMedication, on=at.date(), at=at, name=last.name)
        is_replaced = any(_replaces(other, one) for other in taken for one in ended)
        return found | (
            {"medication_changed": end, "medication_ended": None}
            if is_replaced
            else {"medication_ended": end, "medication_changed": None}
        )
    over = care.medication_ended
    if over is None or event.change not in (TreatmentChange.STARTED, TreatmentChange.CHANGED):
        return found
    again = next((t for t in taken if same_name(t.name, over.name)), None)
    if again is not None and may_be_for_opioids(again):
        return found | {"medication_ended": None}
    stopped = [t for t in treatments if t.stopped_on is not None and same_name(t.name, over.name)]
    if any(_replaces(other, one) for other in taken for one in stopped):
        return found | {"medication_ended": None, "medication_changed": over}
    return found


def _replaces(other: Treatment, ended: Treatment) -> bool:
    """Whether another is taken for opioid use, or for what is said of neither."""
    if other.kind is not TreatmentKind.MEDICATION:
        return False
    neither = not purposes(other.name, other.substances) and not purposes(
        ended.name, ended.substances
    )
    return is_for_opioids(other) or neither
