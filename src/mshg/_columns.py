"""What every table does: columns that are computed when first read, and named for a data frame."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from numpy.typing import NDArray

from mshg._arrays import read_only

A = TypeVar("A", bound=NDArray[Any])


def column(compute: Callable[[Any], A]) -> "cached_property[A]":
    """Make a column that is computed when it is first read, and kept. It can't be written to."""

    def kept(self: Any) -> A:
        return read_only(compute(self))  # type: ignore[return-value]

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
