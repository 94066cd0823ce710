"""From dated records to weekly patterns."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from mshg._checks import (
    Broken,
    boolean,
    broken,
    day,
    each,
    enforce,
    one_of,
    optional,
    text,
    under,
    whole,
)
from mshg._conversions import to_frozenset, to_tuple, to_words
from mshg._mappings import FrozenMapping
from mshg.domain import Substance
from mshg.errors import Problem, ValidationError
from mshg.events import (
    Attended,
    CheckIn,
    Event,
    FollowUp,
    FollowUpStatus,
    ProviderActivity,
    Retracted,
    ScreenResult,
    SubstanceUse,
    SupporterContact,
    Tested,
    effective_events,
)
from mshg.outcomes.parameters import MOST_WEEKS

_NO_USE, _USE = 1, 2
LETTERS = "o-+*"  # by what was seen in a week: nothing, no use, use, both
_RESULTS = {
    ScreenResult.MISSING: 0,
    ScreenResult.NEGATIVE: _NO_USE,
    ScreenResult.POSITIVE: _USE,
    ScreenResult.MIXED: _NO_USE | _USE,
}
_DAYS = 7


def patterns_from_events(
    events: Iterable["Event"],
    *,
    start: date | Mapping[str, date],
    weeks: int | Mapping[str, int],
    person_ids: Iterable[str] | None = None,
    substances: Iterable[Substance | str] = tuple(Substance),
    scheduled: Iterable[int] | None = None,
    tests_only: bool = False,
    of: str = "use",
    as_of: int | date | datetime | None = None,
) -> FrozenMapping[str, str]:
    """Weekly patterns by person, from what was recorded.

    Week 1 is the seven days from ``start``; a record falls on the calendar day of its own offset.
    A week with signs of use alone is ``+``, with signs of no use alone ``-``, with both ``*``.
    Without either it is ``o``, or ``_`` where it was not scheduled.

    - A sign of use: a positive test, `SubstanceUse`, a check-in that says not abstinent.
    - A sign of no use: a negative test, a check-in that says abstinent. It speaks for the week it
      was said in alone.
    - A mixed test is both. A missing one is neither, and so is a check-in that did not ask, and
      everything else: whoever came to a meeting may have used, or not.
    - A test or a use that names no substance counts for all, and so does a check-in.
    - Retracted records count for nothing, and what is given twice counts once, as in
      `mshg.events.effective_events`.

    A positive test is a sign of use here, as in the trials, although medication shows as well:
    leave out tests that it explains.

    Parameters
    ----------
    events
        Records of one person or of many, in any order.
    start
        First day of week 1, for everyone or by person.
    weeks
        How many weeks, for everyone or by person. Let no week be among them that is not yet over:
        it would be missing.
    person_ids
        Whose patterns, in this order; without it, those of everyone who has a record that
        stands, by id.
    substances
        Whose use counts.
    scheduled
        Weeks, from 1, in which something was due; without it, all.
    tests_only
        Whether what people say themselves is left out.
    of
        What the patterns are of: ``use``; or ``meetings`` or ``contacts``, where ``-`` is a week
        with a meeting, or with a meeting, an answered check-in, a talk with a supporter or a
        follow-up that reached them, and ``o`` one without.
    as_of
        A day, which counts as a whole, or a moment: what is dated later is left out. Everything
        counts where none is given.

    Returns
    -------
    A mapping from person to pattern, which `evaluate` takes as it is.

    Raises
    ------
    ValidationError
        People without a first day or a number of weeks, each with its place; ill-typed
        arguments; events as in `mshg.events.effective_events`.

    Examples
    --------
    >>> from datetime import date, datetime, UTC
    >>> from mshg import outcomes
    >>> from mshg.events import CheckIn, Tested
    >>> monday = datetime(2026, 11, 2, 9, tzinfo=UTC)
    >>> events = [
    ...     Tested(id="e1", person_id="p1", at=monday, result="negative", substance="opioids"),
    ...     CheckIn(id="e2", person_id="p1", at=monday.replace(day=17), abstinent=False),
    ... ]
    >>> patterns = outcomes.patterns_from_events(events, start=date(2026, 11, 2), weeks=4)
    >>> patterns["p1"]
    '-o+o'
    """
    within = to_words(Substance, substances)
    due = None if scheduled is None else to_frozenset(scheduled)
    ids = None if person_ids is None else to_tuple(person_ids)
    enforce(
        start=_for_all_or_each(day, start),
        weeks=_for_all_or_each(number_of_weeks, weeks),
        person_ids=optional(each(text, tuple))(ids),
        substances=each(one_of(Substance), frozenset)(within),
        scheduled=optional(each(number_of_weeks, frozenset))(due),
        tests_only=boolean(tests_only),
        of=()
        if of in _SIGNS
        else broken(f"must be one of: {', '.join(_SIGNS)}", code="not_one_of"),
    )
    stand = effective_events(events, as_of=as_of)
    about_people = (e for e in stand if not isinstance(e, (ProviderActivity, Retracted)))
    personal = tuple(about_people)
    people = tuple(sorted({e.person_id for e in personal})) if ids is None else ids
    seen = _blank(people, start, weeks)
    for event in personal:
        sign = (
            _sign(event, within, tests_only=tests_only)
            if of == "use"
            else _NO_USE * _SIGNS[of](event)
        )
        if sign and event.person_id in seen:
            first, row = seen[event.person_id]
            week = (event.at.date() - first).days // _DAYS
            if 0 <= week < len(row):
                row[week] |= sign
    return FrozenMapping({person: _letters(row, due) for person, (_, row) in seen.items()})


def _sign(event: Event, substances: frozenset[Substance], *, tests_only: bool) -> int:
    match event:
        case Tested(result=result, substance=substance):
            return _RESULTS[result] if substance is None or substance in substances else 0
        case SubstanceUse(substance=substance) if not tests_only:
            return _USE if substance is None or substance in substances else 0
        case CheckIn(abstinent=bool() as abstinent) if not tests_only:
            return _NO_USE if abstinent else _USE
        case _:
            return 0


def _is_meeting(event: "Event") -> bool:
    return isinstance(event, Attended)


def _is_contact(event: "Event") -> bool:
    """Whether they were in touch."""
    match event:
        case Attended():
            return True
        case CheckIn():
            return event.was_answered
        case SupporterContact():
            return event.reached
        case FollowUp():
            return event.status is FollowUpStatus.REACHED
        case _:
            return False


_SIGNS: Mapping[str, Callable[["Event"], bool]] = {
    "use": lambda _: False,
    "meetings": _is_meeting,
    "contacts": _is_contact,
}


def _blank(
    people: Iterable[str], start: date | Mapping[str, date], weeks: int | Mapping[str, int]
) -> dict[str, tuple[date, bytearray]]:
    """First day and weeks, nothing seen in any, of each person."""
    problems: list[Problem] = []
    seen: dict[str, tuple[date, bytearray]] = {}
    for i, person in enumerate(people):
        first = start.get(person) if isinstance(start, Mapping) else start
        number = weeks.get(person) if isinstance(weeks, Mapping) else weeks
        if first is None or number is None:
            missing = "start" if first is None else "weeks"
            problems.append(
                Problem(f"$.person_ids[{i}]", f"must be among those of {missing}", code="unknown")
            )
        else:
            seen[person] = first, bytearray(int(number))
    if problems:
        raise ValidationError(problems)
    return seen


def _letters(row: bytearray, due: frozenset[int] | None) -> str:
    return "".join(
        "_" if not sign and due is not None and week not in due else LETTERS[sign]
        for week, sign in enumerate(row, start=1)
    )


def number_of_weeks(value: object) -> Broken:
    """A number of weeks, or a week from 1."""
    return whole(value, 1, MOST_WEEKS)


def _for_all_or_each(check: Callable[[object], Broken], value: object) -> Broken:
    """What a rule says of the value, or of each value of a mapping, given by its place."""
    if not isinstance(value, Mapping):
        return check(value)
    return tuple(
        problem
        for i, (person, own) in enumerate(value.items())
        for problem in under(f"[{i}]", (*text(person), *check(own)))
    )
