"""Rows of what happened, as a host's arrays: whom each is about, on which day, and how much."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import MOST_SHOWN
from mshg._checks import Broken, broken, each, text
from mshg._conversions import to_tuple
from mshg._days import FIRST_DAY, LAST_DAY, day_number
from mshg._frames import local_days, plain, zone_of
from mshg.errors import Problem, ValidationError

MOST_PEOPLE = 2**31 - 1
_SOME_PEOPLE, _PEOPLE_A_ROW = 1_000_000, 16  # judgment: far above what any list of people needs
_DAYS = "days as whole numbers, datetime64, dates or aware moments"
_UNKNOWN_ZONE = "must be moments in a known time zone, or without one: in which day is not known"


def to_array(values: ArrayLike) -> NDArray[Any]:
    """An array; of what can't be one as it stands, an object for the check to refuse."""
    if isinstance(values, np.ma.MaskedArray):
        return np.empty((), object)
    try:
        return plain(values)
    except ValueError:  # ragged
        return np.empty((), object)


def locked(array: NDArray[Any]) -> NDArray[Any]:
    """A view that can't be written through; the host's own array stays as it is."""
    view = array.view()
    view.flags.writeable = False
    return view


def to_integers(values: ArrayLike) -> NDArray[Any]:
    """An array of whole numbers, if it is one."""
    array = to_array(values)
    return locked(array.astype(np.int64) if array.shape == (0,) else array)


def to_days(values: ArrayLike) -> NDArray[Any]:
    """Days since 1970-01-01; of moments, the calendar day in their own zone or offset.

    Raises
    ------
    ValidationError
        Moments in UTC of a time zone that is not known here.
    """
    array = to_array(values)
    if array.dtype.kind == "M":
        zone = zone_of(values)
        found = array.astype("datetime64[D]") if zone is None else local_days(array, zone)
        if found is None:
            raise ValidationError([Problem("$.day", _UNKNOWN_ZONE, code="wrong_type")])
        array = found.astype(np.int64)
    if array.shape and array.dtype.kind == "O" and all(isinstance(v, date) for v in array.flat):
        with suppress(ValidationError, ValueError):  # what is no day stands for the check to refuse
            array = np.array([day_number(v) for v in array.flat]).reshape(array.shape)
    return to_integers(array)


def to_floats(values: ArrayLike) -> NDArray[Any]:
    """An array of numbers, if it is one."""
    array = to_array(values)
    return locked(array.astype(float) if array.dtype.kind in "iu" else array)


def to_strings(values: Iterable[str]) -> tuple[str, ...]:
    """Names in their order."""
    return to_tuple(values)


def stated(wrong: NDArray[np.bool_], rule: str, low: float, high: float) -> Broken:
    """The first hundred places that break a rule, then how many more."""
    places = np.flatnonzero(wrong)
    found = tuple(
        Problem(f"[{i}]" if wrong.ndim else "", rule, "out_of_range", (low, high))
        for i in places[:MOST_SHOWN].tolist()
    )
    more = len(places) - len(found)
    if not more:
        return found
    return (*found, *broken(f"{more} more places like these", code="more", limits=(more, more)))


def whole_numbers(
    array: NDArray[Any], low: int, high: int, rule: str, what: str = "whole numbers"
) -> Broken:
    """An array of whole numbers from low to high."""
    if array.dtype.kind not in "iu":
        return broken(f"must be an array of {what}", code="wrong_type")
    if not array.size or (array.min() >= low and array.max() <= high):
        return ()
    return stated((array < low) | (array > high), rule, low, high)


def days(array: NDArray[Any]) -> Broken:
    """Days of the calendar."""
    return whole_numbers(array, FIRST_DAY, LAST_DAY, "must be a day from 0001 to 9999", _DAYS)


def people(array: NDArray[Any], person_ids: object) -> Broken:
    """Indices of people; without their ids, none so large that it can't be one of these rows.

    An id taken for an index would ask for memory for everybody up to it.
    """
    rule = "must be the index of a person"
    if isinstance(person_ids, tuple) and person_ids:
        return whole_numbers(array, 0, len(person_ids) - 1, rule)
    most = min(_SOME_PEOPLE + _PEOPLE_A_ROW * array.size, MOST_PEOPLE)
    far = f"{rule}, counted from 0 without gaps: so few rows can't be of so many people"
    return whole_numbers(array, 0, MOST_PEOPLE - 1, rule) or whole_numbers(array, 0, most - 1, far)


def one_length(array: NDArray[Any], person: NDArray[Any], *, is_one_enough: bool = True) -> Broken:
    """One dimension, as long as ``person``; or one value for all rows."""
    if array.ndim == 1 and person.ndim == 1 and len(array) == len(person):
        return ()
    if is_one_enough and array.ndim == 0 and array.dtype.kind != "O":
        return ()
    return broken("must be a one-dimensional array, as long as person", code="wrong_shape")


def ids(names: tuple[str, ...], of: str = "person") -> Broken:
    """Names, each once."""
    wrong = each(text, tuple)(names)
    if wrong or len(set(names)) == len(names):
        return wrong
    return broken(f"must name each {of} once", code="repeated")


def number_of_people(person: NDArray[Any], person_ids: tuple[str, ...]) -> int:
    """As many as there are ids, else the largest index and one."""
    if person_ids or not len(person):
        return len(person_ids)
    return int(person.max()) + 1
