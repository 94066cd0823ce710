"""Events as columns of numbers: who, on which day, of what kind, and how much."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import MOST_TOLD
from mshg._checks import Broken, broken, each, enforce, text
from mshg._conversions import to_tuple
from mshg._days import EPOCH, FIRST_DAY, LAST_DAY, day_number
from mshg.engagement.records import Kind, by_person, rows
from mshg.errors import Problem, ValidationError
from mshg.events import Event, effective_events

MOST_PEOPLE = 2**31 - 1
MOST_RATING = 10
_DAYS = "days as whole numbers, datetime64, dates or aware moments"


def _array(values: ArrayLike) -> NDArray[Any]:
    """An array; of what can't be one as it stands, an object for the check to refuse."""
    if isinstance(values, np.ma.MaskedArray):
        return np.empty((), object)
    try:
        return np.asarray(values)
    except ValueError:  # ragged
        return np.empty((), object)


def _locked(array: NDArray[Any]) -> NDArray[Any]:
    """A view that can't be written through; the host's own array stays as it is."""
    view = array.view()
    view.flags.writeable = False
    return view


def _integers(values: ArrayLike) -> NDArray[Any]:
    array = _array(values)
    return _locked(array.astype(np.int64) if array.shape == (0,) else array)


def _days(values: ArrayLike) -> NDArray[Any]:
    array = _array(values)
    if array.dtype.kind == "M":
        array = array.astype("datetime64[D]").astype(np.int64)
    if array.shape and array.dtype.kind == "O" and all(isinstance(v, date) for v in array.flat):
        with suppress(ValidationError, ValueError):  # what is no day stands for the check to refuse
            array = np.array([day_number(v) for v in array.flat]).reshape(array.shape)
    return _integers(array)


def _floats(values: ArrayLike) -> NDArray[Any]:
    array = _array(values)
    return _locked(array.astype(float) if array.dtype.kind in "iu" else array)


def _strings(values: Iterable[str]) -> tuple[str, ...]:
    return to_tuple(values)


def _told(wrong: NDArray[np.bool_], rule: str, low: float, high: float) -> Broken:
    places = np.flatnonzero(wrong)
    told = tuple(
        Problem(f"[{i}]" if wrong.ndim else "", rule, "out_of_range", (low, high))
        for i in places[:MOST_TOLD].tolist()
    )
    more = len(places) - len(told)
    if not more:
        return told
    return (*told, *broken(f"{more} more places like these", code="more", limits=(more, more)))


def _whole_numbers(
    array: NDArray[Any], low: int, high: int, rule: str, what: str = "whole numbers"
) -> Broken:
    if array.dtype.kind not in "iu":
        return broken(f"must be an array of {what}", code="wrong_type")
    if not array.size or (array.min() >= low and array.max() <= high):
        return ()
    return _told((array < low) | (array > high), rule, low, high)


def _ids(person_ids: tuple[str, ...]) -> Broken:
    wrong = each(text, tuple)(person_ids)
    if wrong or len(set(person_ids)) == len(person_ids):
        return wrong
    return broken("must name each person once", code="repeated")


@frozen(kw_only=True, eq=False, repr=False)
class EventColumns:
    """Events of n people as arrays of one length, in any order. The arrays are not copied.

    Parameters
    ----------
    person
        Index of the person, from 0, of any integer type.
    day
        Days since 1970-01-01, of any integer type, or datetime64, of which the time is cut off;
        or dates or aware moments, whose day is the one in their own offset.
    kind
        Code of the `Kind`, or one code for all rows.
    value
        Number from 0 to 10 for the kinds that have one, anything for the others; or one number
        for all rows.
    person_ids
        The host's id of each person, where there are any. They count as people even without rows.

    Raises
    ------
    ValidationError
        Wrong types or lengths, and the places of numbers out of range.

    Examples
    --------
    >>> from mshg import engagement
    >>> engagement.EventColumns(person=[0, 0, 1], day=[20_000, 20_007, 20_003], kind=[0, 0, 4])
    EventColumns(3 events)
    """

    person: NDArray[Any] = field(converter=_integers)
    day: NDArray[Any] = field(converter=_days)
    kind: NDArray[Any] = field(converter=_integers)
    value: NDArray[Any] = field(default=np.nan, converter=_floats)
    person_ids: tuple[str, ...] = field(default=(), converter=_strings)

    def __attrs_post_init__(self) -> None:
        has_ids = isinstance(self.person_ids, tuple) and bool(self.person_ids)
        most = len(self.person_ids) if has_ids else MOST_PEOPLE
        enforce(
            person=self._shape(self.person, is_one_enough=False)
            or _whole_numbers(self.person, 0, most - 1, "must be the index of a person"),
            day=self._shape(self.day, is_one_enough=False)
            or _whole_numbers(
                self.day, FIRST_DAY, LAST_DAY, "must be a day from 0001 to 9999", _DAYS
            ),
            kind=self._shape(self.kind)
            or _whole_numbers(self.kind, 0, max(Kind), "must be the code of a Kind"),
            value=self._shape(self.value) or self._ratings(),
            person_ids=_ids(self.person_ids),
        )

    def _shape(self, array: NDArray[Any], *, is_one_enough: bool = True) -> Broken:
        if array.ndim == 1 and self.person.ndim == 1 and len(array) == len(self.person):
            return ()
        if is_one_enough and array.ndim == 0 and array.dtype.kind != "O":
            return ()
        return broken("must be a one-dimensional array, as long as person", code="wrong_shape")

    def _ratings(self) -> Broken:
        if self.value.dtype.kind != "f":
            return broken("must be an array of numbers", code="wrong_type")
        if self.kind.dtype.kind not in "iu":
            return ()  # told by itself
        rated = (self.kind == Kind.RATING) | (self.kind == Kind.DISCOMFORT)
        wrong = rated & ~((self.value >= 0) & (self.value <= MOST_RATING))
        return _told(
            np.asarray(wrong), f"must be from 0 to {MOST_RATING} for this kind", 0, MOST_RATING
        )

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
        return cls(person=person, day=day, kind=Kind.ATTENDED)

    @classmethod
    def from_events(
        cls, events: Iterable["Event"], *, person_ids: Sequence[str] | None = None
    ) -> Self:
        """Records of many people as columns, in any order; what was retracted is left out.

        Parameters
        ----------
        events
            Records, as `mshg.events.effective_events` takes them. Those about no person are
            left out.
        person_ids
            The host's id of each person, by index; sorted ids of all in ``events`` by default.

        Raises
        ------
        ValidationError
            What `mshg.events.effective_events` refuses; a person id given twice; events of a
            person who is not among ``person_ids``.

        Examples
        --------
        >>> from datetime import datetime, UTC
        >>> from mshg import engagement
        >>> from mshg.events import Attended
        >>> at = datetime(2026, 11, 24, 19, tzinfo=UTC)
        >>> went = Attended(id="e1", person_id="p1", at=at, group="aa", rating=7)
        >>> engagement.EventColumns.from_events([went])
        EventColumns(2 events)
        """
        found = by_person(effective_events(events))
        ids = to_tuple(sorted(found) if person_ids is None else person_ids)
        enforce(person_ids=_ids(ids))
        index = {person_id: i for i, person_id in enumerate(ids)}
        strangers = broken("must be those of people among person_ids", code="unknown")
        enforce(events=() if found.keys() <= index.keys() else strangers)
        told = [(index[p], *row) for p, theirs in found.items() for row in rows(theirs)]
        person, day, kind, value = zip(*told, strict=True) if told else ((), (), (), ())
        return cls(
            person=np.array(person, np.int64),
            day=np.array([(d - EPOCH).days for d in day], np.int64),
            kind=np.array(kind, np.int64),
            value=np.array(value, float),
            person_ids=ids,
        )
