"""Array types, and the one way arrays of a host become ours."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mshg._frames import NOT_A_FRAME, by_name, names_of
from mshg.errors import Problem, ValidationError

Floats: TypeAlias = NDArray[np.floating[Any]]
Booleans: TypeAlias = NDArray[np.bool_]
Indices: TypeAlias = NDArray[np.intp]

CHECKED_ROWS = 8_192
MOST_SHOWN = 100


def as_matrix(
    values: ArrayLike, name: str, columns: int | Sequence[str], kinds: str
) -> NDArray[Any]:
    """Take a two-dimensional array of so many columns whose dtype is of the kinds named.

    Where the columns are named, those of a data frame are read by their names.
    """
    if isinstance(columns, int):
        return _checked(as_array(values, name), name, columns, kinds)
    return _checked(as_array(values, name, columns), name, len(columns), kinds)


def as_rows(
    values: ArrayLike,
    name: str,
    shape: tuple[int, int],
    kinds: str,
    columns: Sequence[str] | None = None,
) -> NDArray[Any]:
    """Take a matrix of this shape, or one row that stands for every row; ``columns`` names them."""
    array = as_array(values, name, columns)
    array = _checked(array[None] if array.ndim == 1 else array, name, shape[1], kinds)
    if array.shape[0] not in (1, shape[0]):
        raise ValidationError(
            [Problem(f"$.{name}", f"must have {shape[0]} rows, or one for all", code="wrong_shape")]
        )
    return np.broadcast_to(array, shape)


def as_array(values: ArrayLike, name: str, columns: Sequence[str] | None = None) -> NDArray[Any]:
    """An array of what a host gives; a data frame by the names of its columns, or refused.

    Raises
    ------
    ValidationError
        A mask in place of NaN; a frame whose columns have no names here, or others.
    """
    if isinstance(values, np.ma.MaskedArray):
        raise ValidationError(
            [Problem(f"$.{name}", "must have NaN in place of a mask", code="wrong_type")]
        )
    if names_of(values, f"$.{name}") is not None:
        if columns is None:
            raise ValidationError([Problem(f"$.{name}", NOT_A_FRAME, code="wrong_type")])
        return by_name(values, f"$.{name}", columns)
    try:
        return np.asarray(values)
    except ValueError:  # ragged rows; refused by their shape, as the message would show values
        return np.empty((), object)


def _checked(array: NDArray[Any], name: str, columns: int, kinds: str) -> NDArray[Any]:
    if array.ndim != 2 or array.shape[1] != columns or array.dtype.kind not in kinds:
        what = "true or false" if kinds == "b" else "numbers"
        raise ValidationError(
            [Problem(f"$.{name}", f"must be an array of {what}, (n, {columns})", code="wrong_type")]
        )
    return array


def check_range(values: NDArray[Any], name: str, low: float, high: float, *, missing: bool) -> None:
    """Refuse numbers outside a range, and NaN unless it stands for a missing one.

    Raises
    ------
    ValidationError
        The first hundred places, then how many more.
    """
    rule = f"must be from {low:g} to {high:g}" + (", or NaN for unanswered" if missing else "")
    problems: list[Problem] = []
    count = 0
    for start in range(0, len(values), CHECKED_ROWS):
        block = values[start : start + CHECKED_ROWS]
        smallest = (np.fmin if missing else np.minimum).reduce(block, axis=None)
        largest = (np.fmax if missing else np.maximum).reduce(block, axis=None)
        if (smallest >= low and largest <= high) or (missing and np.isnan(smallest)):
            continue
        inside = (block >= low) & (block <= high)
        wrong = np.argwhere(~(inside | np.isnan(block)) if missing else ~inside)
        count += len(wrong)
        problems += [
            Problem(f"$.{name}[{start + i}, {j}]", rule, "out_of_range", (low, high))
            for i, j in wrong[: MOST_SHOWN - len(problems)].tolist()
        ]
    if count > len(problems):
        more = count - len(problems)
        problems.append(
            Problem(f"$.{name}", f"{more} more places like these", "more", (more, more))
        )
    if problems:
        raise ValidationError(problems)


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Give a view that nobody can write through, nor make writable again."""
    owner = array.base if isinstance(array.base, np.ndarray) else array
    owner.flags.writeable = False
    view = array.view()
    view.flags.writeable = False
    return view
