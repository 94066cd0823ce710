"""What reports of danger, answers that are one, and what was done about them change in a state."""

from datetime import date

from mshg.events.folding.building import Changes, built, put, updated
from mshg.events.folding.moments import is_clock_wrong, moment_of
from mshg.events.folding.parts import LastMoment, LastScore, ReportedDanger
from mshg.events.folding.states import PersonState
from mshg.events.reports import DangerAddressed, DangerReported, InstrumentScored
from mshg.events.vocabulary import Danger

ITEM_ON_SUICIDE = ("phq9", "item9")


def danger_reported(state: PersonState, event: DangerReported) -> Changes:
    """The last report of a danger stands, by when it was or, if that can't be, was recorded."""
    at = moment_of(event)
    last = state.reports.dangers.get(event.danger)
    if last is not None and last.at is not None and last.at > at:
        return {}
    danger = built(
        ReportedDanger,
        on=at.date(),
        substance=event.substance,
        at=at,
        is_clock_wrong=is_clock_wrong(event),
    )
    return {"dangers": updated(state.reports.dangers, {event.danger: danger})}


def danger_addressed(state: PersonState, event: DangerAddressed) -> Changes:
    """Somebody saw to a danger; what is reported later stands anew."""
    last = state.reports.addressed.get(event.danger)
    at = moment_of(event)
    if last is not None and last.at > at:
        return {}
    seen = built(LastMoment, on=at.date(), at=at)
    return {"addressed": updated(state.reports.addressed, {event.danger: seen})}


def scored(state: PersonState, event: InstrumentScored, day: date) -> Changes:
    """The last score of each scale is kept; item 9 of the PHQ-9 speaks of suicide as well."""
    score = built(
        LastScore,
        instrument=event.instrument,
        subscale=event.subscale,
        score=event.score,
        on=day,
    )
    found: Changes = {"scores": put(state.reports.scores, score, _scale)}
    if _scale(score) != ITEM_ON_SUICIDE:
        return found
    at = moment_of(event)
    if event.score <= 0:
        settled = built(LastMoment, on=at.date(), at=at)
        return found | {"suicidal_thoughts_settled": settled}
    last = state.reports.dangers.get(Danger.SUICIDAL_THOUGHTS)
    if last is not None and last.at is not None and last.at > at:
        return found
    danger = built(ReportedDanger, on=at.date(), at=at, is_clock_wrong=is_clock_wrong(event))
    dangers = updated(state.reports.dangers, {Danger.SUICIDAL_THOUGHTS: danger})
    return found | {"dangers": dangers}


def _scale(score: LastScore) -> tuple[str | None, ...]:
    """Instrument and part, however they are written."""
    return tuple(plain(name) for name in (score.instrument, score.subscale))


def plain(name: str | None) -> str | None:
    """A name in small letters and digits alone."""
    return None if name is None else "".join(c for c in name.casefold() if c.isalnum())
