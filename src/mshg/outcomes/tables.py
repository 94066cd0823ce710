"""From events as columns to weekly patterns, for many people at once."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import read_only
from mshg._checks import Broken, boolean, broken, each, enforce, instance, one_of, optional
from mshg._conversions import to_frozenset, to_words
from mshg._rows import days, to_days, to_integers, whole_numbers
from mshg.domain import Substance
from mshg.events import EventKind
from mshg.events.tables import EventTable
from mshg.outcomes.parameters import MOST_WEEKS
from mshg.outcomes.records import LETTERS, number_of_weeks

_DAYS = 7
_BLOCK = 1 << 15  # rows at a time, so that what is made of them stays in the second cache level
_NOTHING, _NO_USE, _USE, _BOTH = range(4)
_SIGNS = {
    EventKind.TEST_NEGATIVE: _NO_USE,
    EventKind.TEST_POSITIVE: _USE,
    EventKind.TEST_MIXED: _BOTH,
}
_SELF_REPORTS = {EventKind.USE: _USE, EventKind.ABSTINENT: _NO_USE}
_NOT_SCHEDULED = ord("_")
_LETTER_OF = np.frombuffer(LETTERS.encode(), np.uint8)
_STEPS = np.diff(_LETTER_OF)  # they wrap around, and so do sums of them


def patterns_from_table(
    table: EventTable,
    *,
    start: int | date | ArrayLike,
    weeks: int | ArrayLike,
    substances: Iterable[Substance | str] = tuple(Substance),
    scheduled: Iterable[int] | None = None,
    tests_only: bool = False,
) -> NDArray[np.uint8]:
    """Weekly patterns from events as columns: those of `patterns_from_events`, as codes.

    Parameters
    ----------
    table
        The events, n people.
    start
        First day of week 1, counted as the table's days are, for everyone or for each person (n,).
    weeks
        How many weeks, for everyone or for each person (n,).
    substances, scheduled, tests_only
        As in `patterns_from_events`.

    Returns
    -------
    Codes (n, weeks), which `evaluate` takes as they are: the characters of a pattern in ASCII.
    Where people have fewer weeks than others, zeros end their row.

    Raises
    ------
    ValidationError
        Arguments of other types, shapes and ranges.

    Examples
    --------
    >>> from mshg import outcomes
    >>> from mshg.events import EventTable
    >>> kinds = ["test_negative", "test_positive", "test_missing"]
    >>> table = EventTable(person=[0, 0, 1], day=[0, 15, 8], kind=kinds)
    >>> codes = outcomes.patterns_from_table(table, start=0, weeks=3)
    >>> codes.tobytes(), outcomes.evaluate(codes, "fiellin2006").value.tolist()
    (b'-o+ooo', [1, 0])
    """
    within = to_words(Substance, substances)
    due = None if scheduled is None else to_frozenset(scheduled)
    enforce(
        table=instance(EventTable)(table),
        substances=each(one_of(Substance), frozenset)(within),
        scheduled=optional(each(number_of_weeks, frozenset))(due),
        tests_only=boolean(tests_only),
    )
    first, number = to_days(start), to_integers(weeks)  # type: ignore[arg-type]
    enforce(
        start=_for_all_or_each(first, table.n_people) or days(first),
        weeks=_for_all_or_each(number, table.n_people)
        or whole_numbers(number, 1, MOST_WEEKS, f"must be from 1 to {MOST_WEEKS}"),
    )
    most = int(number.max()) if number.size else 1
    codes = _letters(_seen(table, first, most, within, tests_only=tests_only), due)
    if number.ndim:
        codes[np.arange(most) >= number[:, None]] = 0
    found: NDArray[np.uint8] = read_only(codes)
    return found


def _for_all_or_each(array: NDArray[Any], n_people: int) -> Broken:
    is_shaped = array.shape in ((), (n_people,))
    return (
        ()
        if is_shaped
        else broken("must be one for all, or one for each person", code="wrong_shape")
    )


def _seen(
    table: EventTable,
    start: NDArray[Any],
    weeks: int,
    substances: frozenset[Substance],
    *,
    tests_only: bool,
) -> NDArray[np.uint8]:
    """Signs of use and of no use in each week, (n, weeks): one bit for each.

    A cell of a plane is set for each row: its sign is the plane, so that it does not matter how
    often. A last column takes what is out of the weeks, and the first plane what is no sign.
    """
    n, width = table.n_people, weeks + 1
    planes = np.zeros((4, n * width), bool)
    cells = planes.reshape(-1)
    start = start.astype(np.int32)
    of_kind = np.full(max(EventKind) + 1, _NOTHING, np.intp)
    for kind, sign in (_SIGNS if tests_only else _SIGNS | _SELF_REPORTS).items():
        of_kind[kind] = sign
    offset_of_kind = of_kind * (n * width)
    counts = np.array([substance in substances for substance in Substance] + [True])
    is_narrow = not counts.all()
    names_substance = np.isin(np.arange(len(of_kind)), [*_SIGNS, EventKind.USE])
    abstinent, used = int(EventKind.ABSTINENT), _USE * (n * width)
    for begin in range(0, len(table), _BLOCK):
        rows = slice(begin, begin + _BLOCK)
        kinds, person = table.kind[rows], table.person[rows]
        place: NDArray[np.intp] = offset_of_kind.take(kinds)
        if not tests_only:
            is_asked = kinds == abstinent
            if is_asked.any():
                place[is_asked & (table.value[rows] == 0)] = used
        if is_narrow:
            code = table.code[rows]
            is_other = names_substance[kinds] & ~counts[np.clip(code, -1, len(Substance))]
            place[is_other] = _NOTHING
        first = start[()] if start.ndim == 0 else start.take(person)
        # Days before the first wrap around, to weeks far beyond the last.
        week = np.subtract(table.day[rows], first, dtype=np.int32, casting="unsafe")
        place += np.minimum(week.view(np.uint32) // np.uint32(_DAYS), weeks).view(np.int32)
        place += np.multiply(person, width, dtype=np.intp)
        cells[place] = True
    seen = planes.view(np.uint8)
    seen[_USE] *= _USE
    seen[_BOTH] *= _BOTH
    seen[_NO_USE] |= seen[_USE]
    seen[_NO_USE] |= seen[_BOTH]
    by_week: NDArray[np.uint8] = seen[_NO_USE].reshape(n, width)
    return by_week


def _letters(seen: NDArray[np.uint8], due: frozenset[int] | None) -> NDArray[np.uint8]:
    """The letter of each week, by what was seen; arithmetic is faster than to look each up."""
    codes = np.full(seen.shape, _LETTER_OF[_NOTHING])
    for sign in (_NO_USE, _USE, _BOTH):
        codes += (seen >= sign) * _STEPS[sign - 1]
    letters = np.ascontiguousarray(codes[:, :-1])
    if due is not None:
        is_due = np.isin(np.arange(1, letters.shape[1] + 1), list(due))
        letters[(seen[:, :-1] == _NOTHING) & ~is_due] = _NOT_SCHEDULED
    return letters
