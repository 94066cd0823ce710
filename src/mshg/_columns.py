"""What every table does: columns that are computed when first read, and named for a data frame."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np
from attrs import evolve, fields
from numpy.typing import NDArray

from mshg._arrays import read_only
from mshg._checks import broken, enforce, instance
from mshg._conversions import to_tuple

A = TypeVar("A", bound=NDArray[Any])
T = TypeVar("T")

Missing: TypeAlias = Literal["nan", "masked"]
"""How a number that is not known stands in a column: as NaN, or masked."""


def column(compute: Callable[[Any], A]) -> "cached_property[A]":
    """Make a column that is computed when it is first read, and kept. It can't be written to.

    That of a table put together of others is put together of theirs.
    """

    def kept(self: Any) -> A:
        parts = vars(self).get("_parts")
        if parts is None:
            return read_only(compute(self))  # type: ignore[return-value]
        name = compute.__name__
        return read_only(np.concatenate([getattr(p, name) for p in parts]))  # type: ignore[return-value]

    kept.__doc__ = compute.__doc__
    return cached_property(kept)


def spread(columns: Mapping[str, NDArray[Any]], labels: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Columns (n,) by name; a matrix (n, k) gives one for each of the k labels: ``score_aa``, …."""
    named = tuple(labels)
    flat: dict[str, NDArray[Any]] = {}
    for name, values in columns.items():
        if values.ndim == 1:
            flat[name] = values
        else:
            flat |= {f"{name}_{label}": values[:, j] for j, label in enumerate(named)}
    return flat


def with_missing(columns: dict[str, NDArray[Any]], missing: Missing) -> dict[str, NDArray[Any]]:
    """The columns with what is not known as NaN, or masked in every column of real numbers.

    Some libraries take NaN for a number of its own, so that a mean is NaN; all take a mask for
    nulls.
    """
    is_known = isinstance(missing, str) and missing in ("nan", "masked")
    rule = "must be one of: nan, masked"
    allowed = ("nan", "masked")
    enforce(missing=() if is_known else broken(rule, code="not_one_of", allowed=allowed))
    if missing == "nan":
        return columns
    return {
        name: np.ma.MaskedArray(values, np.isnan(values)) if values.dtype.kind == "f" else values
        for name, values in columns.items()
    }


def alike(kind: type[T], tables: Iterable[T], name: str, what: Iterable[str]) -> tuple[T, ...]:
    """Tables to be put together: one at least, and each made like the first.

    Raises
    ------
    ValidationError
        What is no such table, each with its place; tables that were made otherwise.
    """
    given = to_tuple(tables)
    is_some = isinstance(given, tuple) and bool(given)
    rule = f"must hold at least one {kind.__name__}"
    enforce(**{name: () if is_some else broken(rule, code="wrong_shape")})
    named = tuple(what)
    same = ", ".join(name.lstrip("_") for name in named)
    enforce(
        **{
            f"{name}[{i}]": instance(kind)(table) or ()
            if not isinstance(table, kind) or _same(table, given[0], named)
            else broken(f"must be made with the same {same}", code="conflict")
            for i, table in enumerate(given)
        }
    )
    return given


def _same(one: object, other: object, names: Iterable[str]) -> bool:
    return type(one) is type(other) and all(
        getattr(one, name) == getattr(other, name) for name in names
    )


def concatenated(kind: type[T], tables: Iterable[T]) -> T:
    """One table of attrs whose arrays are those of the others, one after the other."""
    given = to_tuple(tables)
    model: Any = kind
    arrays = [f.name for f in fields(model) if _holds_arrays(given, f.name)]
    others = [f.name for f in fields(model) if f.name not in arrays]
    first, *more = alike(kind, given, "tables", others)
    joined = {
        name: read_only(np.concatenate([getattr(one, name) for one in (first, *more)]))
        for name in arrays
    }
    made: T = evolve(first, **joined)  # type: ignore[misc]
    return made


def _holds_arrays(tables: Iterable[object], name: str) -> bool:
    return any(isinstance(getattr(one, name, None), np.ndarray) for one in tables)
