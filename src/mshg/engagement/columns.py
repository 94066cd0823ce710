"""Events as columns of numbers: who, on which day, of what kind, and how much."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import MOST_TOLD
from mshg._checks import Broken, broken, enforce
from mshg._conversions import to_tuple
from mshg.errors import BatchError, Problem

_EPOCH = date(1970, 1, 1)
FIRST_DAY = (date.min - _EPOCH).days
LAST_DAY = (date.max - _EPOCH).days
MOST_PEOPLE = 2**31 - 1
MOST_RATING = 10


class Kind(IntEnum):
    """What happened, as a number. A person has a part that was taken more often than left.

    ======================== ==== =========================================================
    kind                     code a row for each
    ======================== ==== =========================================================
    ATTENDED                 0    meeting attended
    RATING                   1    rating of a meeting attended, ``value`` 0 to 10
    DISCOMFORT               2    discomfort at a meeting attended, ``value`` 0 to 10
    MISSED                   3    meeting planned but missed
    REFERRED                 4    referral
    CHECK_IN_ANSWERED        5    check-in of which any question was answered
    CHECK_IN_UNANSWERED      6    check-in of which none was, and at least one was left open
    QUESTION_DECLINED        7    question that the person did not want to answer
    QUESTION_UNANSWERED      8    question to which no answer came
    GOAL_MET                 9    short-term goal met
    SPONSOR_TAKEN, -LEFT     10-  sponsor found, and no longer had
    HOME_GROUP_TAKEN, -LEFT  12-  group made one's home group, and no longer so
    SERVICE_TAKEN, -LEFT     14-  service role or sponsee taken on, and given up
    STEP                     16   step worked
    READING                  17   reading done
    CONTACT                  18   conversation with a supporter
    OTHER_NEWS               19   other sign of life: reached by follow-up, a report of one's own
    ======================== ==== =========================================================
    """

    ATTENDED = 0
    RATING = 1
    DISCOMFORT = 2
    MISSED = 3
    REFERRED = 4
    CHECK_IN_ANSWERED = 5
    CHECK_IN_UNANSWERED = 6
    QUESTION_DECLINED = 7
    QUESTION_UNANSWERED = 8
    GOAL_MET = 9
    SPONSOR_TAKEN = 10
    SPONSOR_LEFT = 11
    HOME_GROUP_TAKEN = 12
    HOME_GROUP_LEFT = 13
    SERVICE_TAKEN = 14
    SERVICE_LEFT = 15
    STEP = 16
    READING = 17
    CONTACT = 18
    OTHER_NEWS = 19


def day_number(as_of: object) -> int:
    """Days since 1970-01-01 of a day given as such a number, a date, an aware moment or datetime64.

    A moment's day is the calendar day in its own offset, as with events.

    Raises
    ------
    BatchError
        It is none of these, or a moment without an offset.
    """
    number: object = as_of
    if isinstance(as_of, datetime):
        number = (as_of.date() - _EPOCH).days if as_of.utcoffset() is not None else None
    elif isinstance(as_of, date):
        number = (as_of - _EPOCH).days
    elif isinstance(as_of, np.datetime64):
        number = as_of.astype("datetime64[D]").astype(np.int64)
    whole = isinstance(number, (int, np.integer)) and not isinstance(number, bool)
    if not whole or not FIRST_DAY <= int(number) <= LAST_DAY:  # type: ignore[call-overload]
        rule = "must be a date, an aware datetime or a number of days since 1970-01-01"
        raise BatchError([Problem("$.as_of", rule)])
    return int(number)  # type: ignore[call-overload,no-any-return]


def _column(values: ArrayLike) -> NDArray[Any]:
    """A view that can't be written through; what is no column comes back for the check."""
    if isinstance(values, np.ma.MaskedArray):
        return np.empty((), object)
    try:
        array = np.asarray(values)
    except ValueError:  # ragged
        return np.empty((), object)
    view = array.astype(np.int64) if array.shape == (0,) else array.view()
    view.flags.writeable = False
    return view


def _days(values: ArrayLike) -> NDArray[Any]:
    days = _column(values)
    if days.dtype.kind != "M":
        return days
    return _column(days.astype("datetime64[D]").astype(np.int64))


def _values(values: ArrayLike) -> NDArray[Any]:
    column = _column(values)
    return _column(column.astype(float)) if column.dtype.kind in "iu" else column


def _strings(values: Iterable[str]) -> tuple[str, ...]:
    return to_tuple(values)


def _told(wrong: NDArray[np.bool_], rule: str) -> Broken:
    places = np.flatnonzero(wrong)
    told = tuple(Problem(f"[{i}]" if wrong.ndim else "", rule) for i in places[:MOST_TOLD].tolist())
    more = len(places) - len(told)
    return (*told, *(broken(f"{more} more places like these") if more else ()))


def _whole_numbers(array: NDArray[Any], low: int, high: int, rule: str) -> Broken:
    if array.dtype.kind not in "iu":
        return broken("must be an array of whole numbers")
    if not array.size or (array.min() >= low and array.max() <= high):
        return ()
    return _told((array < low) | (array > high), rule)


@frozen(kw_only=True, eq=False, repr=False)
class EventColumns:
    """Events of n people as arrays of one length, in any order. The arrays are not copied.

    Parameters
    ----------
    person
        Index of the person, from 0, of any integer type.
    day
        Days since 1970-01-01, of any integer type, or datetime64, of which the time is cut off.
    kind
        Code of the `Kind`, or one code for all rows.
    value
        Number from 0 to 10 for the kinds that have one, anything for the others; or one number
        for all rows.
    person_ids
        The host's id of each person, where there are any. They count as people even without rows.

    Raises
    ------
    BatchError
        Wrong types or lengths, and the places of numbers out of range.

    Examples
    --------
    >>> from mshg import engagement
    >>> engagement.EventColumns(person=[0, 0, 1], day=[20_000, 20_007, 20_003], kind=[0, 0, 4])
    EventColumns(3 events)
    """

    person: NDArray[Any] = field(converter=_column)
    day: NDArray[Any] = field(converter=_days)
    kind: NDArray[Any] = field(converter=_column)
    value: NDArray[Any] = field(default=np.nan, converter=_values)
    person_ids: tuple[str, ...] = field(default=(), converter=_strings)

    def __attrs_post_init__(self) -> None:
        most = len(self.person_ids) or MOST_PEOPLE
        enforce(
            person=self._shape(self.person, is_one_enough=False)
            or _whole_numbers(self.person, 0, most - 1, "must be the index of a person"),
            day=self._shape(self.day, is_one_enough=False)
            or _whole_numbers(self.day, FIRST_DAY, LAST_DAY, "must be a day from 0001 to 9999"),
            kind=self._shape(self.kind)
            or _whole_numbers(self.kind, 0, max(Kind), "must be the code of a Kind"),
            value=self._shape(self.value) or self._ratings(),
        )

    def _shape(self, array: NDArray[Any], *, is_one_enough: bool = True) -> Broken:
        if array.ndim == 1 and self.person.ndim == 1 and len(array) == len(self.person):
            return ()
        if is_one_enough and array.ndim == 0 and array.dtype.kind != "O":
            return ()
        return broken("must be a one-dimensional array, as long as person")

    def _ratings(self) -> Broken:
        if self.value.dtype.kind != "f":
            return broken("must be an array of numbers")
        if self.kind.dtype.kind not in "iu":
            return ()  # told by itself
        rated = (self.kind == Kind.RATING) | (self.kind == Kind.DISCOMFORT)
        wrong = rated & ~((self.value >= 0) & (self.value <= MOST_RATING))
        return _told(np.asarray(wrong), f"must be from 0 to {MOST_RATING} for this kind")

    def __len__(self) -> int:
        return len(self.person)

    def __repr__(self) -> str:
        return f"EventColumns({len(self)} events)"

    @property
    def n_people(self) -> int:
        """How many people: as many as there are ids, else the largest index and one."""
        if self.person_ids or not len(self):
            return len(self.person_ids)
        return int(self.person.max()) + 1

    @classmethod
    def attendances(cls, *, person: ArrayLike, day: ArrayLike) -> Self:
        """Meetings attended and nothing else.

        Examples
        --------
        >>> from mshg import engagement
        >>> engagement.EventColumns.attendances(person=[0, 1, 0], day=[20_000, 20_003, 20_007])
        EventColumns(3 events)
        """
        return cls(person=person, day=day, kind=Kind.ATTENDED)  # type: ignore[arg-type]
