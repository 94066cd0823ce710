"""Data frames of a host: their columns are read by name, from whatever library they come.

A frame is what gives a column for a name: a mapping, or what names its columns (pandas, polars,
Arrow, xarray). None of these libraries is needed for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from numbers import Real
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from mshg.errors import Problem, ValidationError

NOT_A_FRAME = (
    "must be an array: of a data frame or labeled array, the order of the columns would decide"
)
_MINUTE = np.timedelta64(1, "m")


def names_of(values: Any, path: str) -> tuple[Any, ...] | None:
    """Names of a frame's columns in order; None for what is no frame.

    Raises
    ------
    ValidationError
        An array with labels of its own, whose order would be taken for ours.
    """
    if isinstance(values, np.ndarray):
        return None
    if isinstance(values, Mapping):
        return tuple(values)
    is_series = hasattr(values, "index") and hasattr(values, "iloc") and hasattr(values, "keys")
    if is_series and getattr(values, "ndim", 2) == 1:  # one row of pandas, by its labels
        labels = tuple(values.keys())
        return labels if any(isinstance(label, str) for label in labels) else None
    if hasattr(values, "dims") and hasattr(values, "coords"):
        raise ValidationError([Problem(path, NOT_A_FRAME, code="wrong_type")])
    for attribute in ("column_names", "columns"):
        names = getattr(values, attribute, None)
        if names is not None and not callable(names) and hasattr(values, "__getitem__"):
            return tuple(names)
    schema = getattr(getattr(values, "schema", None), "names", None)
    return None if schema is None else tuple(schema)


def refuse_names(found: Sequence[Any], wanted: Iterable[str], path: str) -> None:
    """Refuse names that are missing, doubled or foreign; the last are not repeated.

    Raises
    ------
    ValidationError
        All of them at once.
    """
    known = tuple(wanted)
    problems = [
        Problem(f"{path}.{name}", "is missing among the columns", code="missing")
        if found.count(name) == 0
        else Problem(f"{path}.{name}", "is the name of several columns", code="repeated")
        for name in known
        if found.count(name) != 1
    ]
    problems += [
        Problem(f"{path}.columns[{i}]", "is not the name of a column known here", code="unknown")
        for i, name in enumerate(found)
        if name not in known
    ]
    if problems:
        raise ValidationError(problems)


def by_name(values: Any, path: str, names: Sequence[str]) -> NDArray[Any]:
    """The columns of a frame in the order of the names, (n, columns), or (columns,) of one row."""
    refuse_names(names_of(values, path) or (), names, path)
    columns = [column_of(values, name) for name in names]
    problems = [
        Problem(
            f"{path}.{name}", "must be of one dimension, as long as the others", code="wrong_shape"
        )
        for name, column in zip(names, columns, strict=True)
        if column.ndim > 1 or column.shape != columns[0].shape
    ]
    if problems:
        raise ValidationError(problems)
    kinds = {column.dtype.kind for column in columns}
    if "b" in kinds and len(kinds) > 1:  # together they would become numbers
        return np.empty((), object)
    return np.stack(columns, axis=-1)


def column_of(frame: Any, name: str) -> NDArray[Any]:
    """One column as an array; what is null among numbers is NaN, whatever the library calls it."""
    return plain(frame[name])


def plain(column: Any) -> NDArray[Any]:
    """A column as an array; one of numbers and nulls, kept as objects, as numbers."""
    array = np.asarray(column)
    if array.dtype.kind != "O" or not all(_is_number_or_null(v) for v in array.flat):
        return array
    if array.size and all(isinstance(v, (bool, np.bool_)) for v in array.flat):
        return array.astype(bool)
    if any(isinstance(v, (bool, np.bool_)) for v in array.flat):
        return array
    numbers = [v if isinstance(v, Real) else np.nan for v in array.flat]
    return np.array(numbers, np.float64).reshape(array.shape)


def _is_number_or_null(value: object) -> bool:
    return value is None or isinstance(value, (Real, np.bool_)) or type(value).__name__ == "NAType"


def zone_of(values: Any) -> str | None:
    """The name of the time zone that a column's moments are given in; None where there is none."""
    dtype = getattr(values, "dtype", None)
    stated = (
        getattr(dtype, "time_zone", None),
        getattr(getattr(dtype, "pyarrow_dtype", None), "tz", None),
        getattr(dtype, "tz", None),
        getattr(getattr(values, "type", None), "tz", None),
    )
    return next((str(zone) for zone in stated if zone is not None), None)


def local_days(moments: NDArray[Any], zone: str) -> NDArray[Any] | None:
    """The calendar day in a zone of moments in UTC; None where the zone is not known here.

    polars and Arrow hand moments to NumPy in UTC, so that an evening would become the next day.
    """
    found = _zone(zone)
    if found is None:
        return None
    minutes, place = np.unique(moments.astype("datetime64[m]"), return_inverse=True)
    shifted = np.full(minutes.shape, np.datetime64("NaT", "D"))
    stated = ~np.isnat(minutes)
    shifted[stated] = [
        (minute + _MINUTE * (_offset(found, minute) // timedelta(minutes=1))).astype(
            "datetime64[D]"
        )
        for minute in minutes[stated]
    ]
    return shifted[place].reshape(moments.shape)


def _offset(zone: Any, minute: np.datetime64) -> timedelta:
    seconds = int(minute.astype("datetime64[s]").astype(np.int64))
    return datetime.fromtimestamp(seconds, zone).utcoffset() or timedelta()


def _zone(name: str) -> Any:
    """A zone of the machine's database, or the fixed offset that Arrow writes as ``+05:30``."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        pass
    try:
        return datetime.strptime(name, "%z").tzinfo
    except ValueError:
        return None
