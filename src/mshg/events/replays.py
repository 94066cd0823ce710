"""From events to a state: one by one, or a whole history at once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import get_args

from attrs import evolve

from mshg._days import Cutoff, to_cutoff
from mshg.errors import Problem, ValidationError
from mshg.events.folding.building import evolved, moved
from mshg.events.folding.changes import Event, changes
from mshg.events.folding.states import PersonState
from mshg.events.providers import ProviderActivity, Retracted

KINDS: frozenset[type] = frozenset(get_args(Event))


def apply(state: PersonState, event: "Event") -> PersonState:
    """Take a person's state one event further.

    The cost does not depend on how much happened before. A `ProviderActivity` is about no person
    and leaves everything but the time as it is.

    Parameters
    ----------
    state
        ``PersonState()`` before the first event.
    event
        One that comes after the last, by moment and then by id.

    Raises
    ------
    ValidationError
        An event of another person, one that comes before the last or is the last (back-dated
        events are for `replay`), or a `Retracted`, which only a replay can honor.

    Examples
    --------
    >>> from datetime import datetime, UTC
    >>> from mshg.events import Attended, PersonState, apply
    >>> at = datetime(2026, 11, 24, 19, tzinfo=UTC)
    >>> went = Attended(id="e1", person_id="p1", at=at, group="aa")
    >>> apply(PersonState(), went).participation.attended
    1
    """
    if type(event) not in KINDS:
        raise ValidationError([Problem("$.event", "must be an event", code="wrong_type")])
    if isinstance(event, Retracted):
        raise ValidationError(
            [Problem("$.event", "must not be Retracted; replay the history", code="out_of_order")]
        )
    last_at = state.last_at
    if (
        last_at is not None
        and event.at <= last_at
        and (event.at < last_at or event.id <= (state.last_id or ""))
    ):
        rule = "must come after the last; replay the history"
        raise ValidationError([Problem("$.event", rule, code="out_of_order")])
    if isinstance(event, ProviderActivity):
        return evolved(state, last_at=event.at, last_id=event.id)
    if state.person_id != event.person_id and state.person_id is not None:
        raise ValidationError(
            [Problem("$.event.person_id", "must be that of the state", code="conflict")]
        )
    found = changes(state, event)
    found["person_id"] = event.person_id
    found["last_at"] = event.at
    found["last_id"] = event.id
    return moved(state, found)


def replay(events: Iterable["Event"], *, as_of: int | date | datetime | None = None) -> PersonState:
    """The state that one person's events leave, in whatever order they are given.

    What is retracted is dropped, what is given twice counts once, the rest is sorted by moment and
    id and taken one by one. Nothing is drawn from the order of recording.

    Parameters
    ----------
    events
        Their records.
    as_of
        A day, which counts as a whole, or a moment, up to which all counts: what is dated later is
        set aside. Everything counts where none is given.

    Raises
    ------
    ValidationError
        What is no event, an id that two different events have, events of several people, or an
        ``as_of`` that is no day.

    Examples
    --------
    >>> from datetime import date, datetime, UTC
    >>> from mshg.events import CheckIn, SubstanceUse, replay
    >>> used = SubstanceUse(id="e1", person_id="p1", at=datetime(2026, 11, 1, 9, tzinfo=UTC))
    >>> asked = CheckIn(
    ...     id="e2", person_id="p1", at=datetime(2026, 11, 8, 9, tzinfo=UTC), abstinent=True
    ... )
    >>> state = replay([asked, used])
    >>> state.use.days_since_use(date(2026, 11, 8)), state.use.run_days
    (7, 7)
    """
    found = effective_events(events, as_of=as_of)
    people = {e.person_id for e in found if not isinstance(e, ProviderActivity)}
    if len(people) > 1:
        raise ValidationError([Problem("$.events", "must be those of one person", code="conflict")])
    state = PersonState()
    for event in found:
        state = apply(state, event)
    return state


def effective_events(
    events: Iterable["Event"], *, as_of: int | date | datetime | None = None
) -> tuple["Event", ...]:
    """The events that stand, of one person or of many, sorted by moment and id.

    Retracted events are gone, and so are the retractions; an event given twice stands once, also
    where it was recorded at two times: then the earlier counts.
    A retraction that names a person speaks of that person's events alone; one that names nobody
    is about whom its event is about.

    Parameters
    ----------
    events
        The records.
    as_of
        As in `replay`; retractions count whatever their date. What stands at a moment, while its
        own calendar day elsewhere is later, has the day of the moment instead.

    Raises
    ------
    ValidationError
        What is no event, or an id that two different events have, each with its place.
    """
    by_id = _by_id(events)
    gone = retracted(by_id)
    stand = [e for e in by_id.values() if not isinstance(e, Retracted) and e.id not in gone]
    stand.sort(key=lambda e: (e.at, e.id))
    return tuple(stand) if as_of is None else until(stand, to_cutoff(as_of))


def until(events: Iterable["Event"], cutoff: Cutoff) -> tuple["Event", ...]:
    """The events that stand by then, none of them on a later day."""
    return tuple(
        event if event.at.date() <= cutoff.day else _there(event, cutoff)
        for event in events
        if cutoff.includes(event.at)
    )


def _there(event: "Event", cutoff: Cutoff) -> "Event":
    """The event by the clock of the moment up to which all counts."""
    offset = None if cutoff.moment is None else cutoff.moment.tzinfo
    return evolve(event, at=event.at.astimezone(offset))


def _by_id(events: Iterable[Event]) -> dict[str, Event]:
    problems: list[Problem] = []
    found: dict[str, Event] = {}
    for i, event in enumerate(events):
        if type(event) not in KINDS:
            problems.append(Problem(f"$.events[{i}]", "must be an event", code="wrong_type"))
            continue
        before = found.setdefault(event.id, event)
        if before == event:
            continue
        first, second = sorted((before, event), key=_recorded)
        if evolve(first, recorded_at=None) != evolve(second, recorded_at=None):
            rule = "is that of another event before it"
            problems.append(Problem(f"$.events[{i}].id", rule, code="repeated"))
        found[event.id] = first
    if problems:
        raise ValidationError(problems)
    return found


def _recorded(event: Event) -> tuple[bool, datetime, timedelta]:
    """The order in which two copies of an event were recorded, unknown last."""
    at = event.recorded_at
    return at is None, at or event.at, (at or event.at).utcoffset() or timedelta(0)


def retracted(by_id: Mapping[str, Event]) -> set[str]:
    """Ids of what is retracted by a retraction that is not itself retracted.

    Settled from the retractions that nothing retracts on, without recursion, however long a
    chain is. A ring is never reached, so that none of its members counts.
    """
    retractions = [e for e in by_id.values() if isinstance(e, Retracted)]
    people = _people(retractions, by_id)
    target_of = {
        e.id: e.event_id
        for e in retractions
        if e.event_id in by_id and e.person_id in (None, people[e.event_id])
    }
    undecided = Counter(target_of.values())
    gone: set[str] = set()
    decided = [retraction for retraction in target_of if not undecided[retraction]]
    for retraction in decided:  # it grows on the way
        target = target_of[retraction]
        if target in gone:
            continue
        if retraction not in gone:
            gone.add(target)
        else:
            undecided[target] -= 1
        if target in target_of and (target in gone or not undecided[target]):
            decided.append(target)
    return gone


def _people(retractions: Iterable[Retracted], by_id: Mapping[str, Event]) -> dict[str, str | None]:
    """Whom each event is about, by its id; a retraction that names nobody, whom its event is."""
    people = {
        e.id: None if isinstance(e, ProviderActivity) else e.person_id for e in by_id.values()
    }
    unnamed: dict[str, list[str]] = {}
    for retraction in retractions:
        if retraction.person_id is None:
            unnamed.setdefault(retraction.event_id, []).append(retraction.id)
    known = [event_id for event_id, person in people.items() if person is not None]
    for event_id in known:  # it grows on the way, along chains of any length
        for retraction_id in unnamed.pop(event_id, ()):
            people[retraction_id] = people[event_id]
            known.append(retraction_id)
    return people
