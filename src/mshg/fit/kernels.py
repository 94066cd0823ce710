"""The arithmetic of fit, on arrays alone.

With x a person's position, w their importance, c a group's position, s its salience and k the
neutral point, a dimension contributes ``w s (1 - (x - c)² - k) / Σw``. That is a polynomial in
``x - 1/2``, so the scores of many people are one product of coefficients and features.

Features are laid out (features, people) in blocks of one fixed shape, the last one padded. In a
product of one fixed shape, whose sides are multiples of the widest register, each column's sum
is formed in one order wherever the column stands; so a person's bits are the same alone, in any
slice and in any batch. The laws check this for the BLAS at hand.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices

BLOCK_PEOPLE = 4096
_LANES = 16
_CENTER = 0.5


def score_coefficients(position: Floats, salience: Floats, neutral: float) -> Floats:
    """Coefficients (g, 3d) of the features of `scores`, for groups (g, d).

    Written about 1/2, where five-point answers are exact and terms do not cancel.
    """
    c = position - _CENTER
    constant = salience * (1 - neutral - c * c)
    return np.concatenate([constant, -salience, 2 * salience * c], axis=1)


def worst_coefficients(position: Floats, salience: Floats, neutral: float) -> Floats:
    """What an open dimension adds at worst, (g, d), at most 0 for neutral of 3/4 or more."""
    return salience * (1 - np.maximum(position, 1 - position) ** 2 - neutral)


def best_coefficients(salience: Floats, neutral: float) -> Floats:
    """What an open dimension adds at best, (g, d), at least 0."""
    return salience * (1 - neutral)


def scores(stances: Floats, importance: Floats, coefficients: Floats, neutral: float) -> Floats:
    """Fit of every group for every person, (g, n).

    Parameters
    ----------
    stances
        Positions (n, d) from 0 to 1, NaN for open.
    importance
        Weights (n, d), finite and at least 0. NaN comes out where a row's are all 0.
    coefficients
        From `score_coefficients`.
    neutral
        The neutral point.

    Returns
    -------
    Scores of the dtype of the coefficients.
    """
    groups, dimensions = len(coefficients), stances.shape[1]
    dtype = coefficients.dtype
    features = np.zeros((3, dimensions, BLOCK_PEOPLE), dtype)
    flat = features.reshape(3 * dimensions, BLOCK_PEOPLE)
    padded = _padded(coefficients)
    product = np.empty((len(padded), BLOCK_PEOPLE), dtype)
    out = np.empty((groups, len(stances)), dtype)
    for rows, x, w, answered in _blocks(stances, importance, dtype):
        weight, square, linear = features[:, :, : x.shape[1]]
        np.multiply(w, answered, out=weight)
        np.fmax(x, 0, out=x)  # NaN to a number; its weight is 0
        np.subtract(x, dtype.type(_CENTER), out=x)
        np.multiply(x, weight, out=linear)
        np.multiply(x, linear, out=square)
        np.matmul(padded, flat, out=product)
        np.add(product[:groups, : x.shape[1]], dtype.type(neutral), out=out[:, rows])
    return out


def open_terms(
    stances: Floats, importance: Floats, declined: Booleans | None, coefficients: Floats
) -> Floats:
    """Sum of coefficient times importance share over open, undeclined dimensions, (g, n)."""
    groups, dtype = len(coefficients), coefficients.dtype
    weight = np.zeros((stances.shape[1], BLOCK_PEOPLE), dtype)
    padded = _padded(coefficients)
    product = np.empty((len(padded), BLOCK_PEOPLE), dtype)
    out = np.empty((groups, len(stances)), dtype)
    for rows, x, w, answered in _blocks(stances, importance, dtype):
        askable = ~answered if declined is None else ~(answered | declined[rows].T)
        np.multiply(w, askable, out=weight[:, : x.shape[1]])
        np.matmul(padded, weight, out=product)
        out[:, rows] = product[:groups, : x.shape[1]]
    return out


def coverage(stances: Floats, importance: Floats, dtype: np.dtype[np.floating]) -> Floats:
    """Share of importance (n,) that lies on answered dimensions; NaN where all of it is 0."""
    out = np.empty(len(stances), dtype)
    for rows, _, w, answered in _blocks(stances, importance, dtype):
        out[rows] = _sum_rows(w * answered)
    return np.minimum(out, 1, out=out)


def contributions(
    stances: Floats, importance: Floats, position: Floats, salience: Floats, neutral: float
) -> Floats:
    """What each dimension adds to each group's fit, (n, g, d); 0 where it is open.

    A row sums to fit less the neutral point, to rounding.
    """
    with np.errstate(invalid="ignore"):
        share = importance / _sum_rows(importance.T)[:, None]
    agreement = 1 - (stances[:, None, :] - position) ** 2
    term = salience * (agreement - neutral)
    return share[:, None, :] * np.where(np.isnan(term), 0, term)


def best_first(scores: Floats, k: int, tie: float, open_groups: Booleans | None = None) -> Indices:
    """Indices (k, n) of the groups of highest score (g, n), best first.

    Each place goes to the first group, in their order, whose score is within ``tie`` of the
    highest one left. Closed groups (False in ``open_groups``, (n, g)) and NaN come last as -1.
    """
    groups, people = scores.shape
    out = np.empty((k, people), np.intp)
    out[groups:] = -1
    small = np.uint8 if groups < np.iinfo(np.uint8).max else np.intp
    place = np.arange(groups, 0, -1).astype(small)[:, None]
    columns = np.arange(min(people, BLOCK_PEOPLE))
    for start in range(0, people, BLOCK_PEOPLE):
        rows = slice(start, start + BLOCK_PEOPLE)
        left = np.fmax(scores[:, rows], -np.inf)
        if open_groups is not None:
            left[~open_groups[rows].T] = -np.inf
        here = columns[: left.shape[1]]
        first = np.empty(0, np.intp)
        for rank in range(min(k, groups)):
            if rank:
                left[first, here] = -np.inf
            highest = np.maximum.reduce(left, axis=0)
            among = left >= highest - left.dtype.type(tie)
            first = groups - np.maximum.reduce(among * place, axis=0).astype(np.intp)
            out[rank, rows] = first
            nothing = highest == -np.inf
            if nothing.any():
                out[rank, rows][nothing] = -1
    return out


def _blocks(
    stances: Floats, importance: Floats, dtype: np.dtype[np.floating]
) -> Iterator[tuple[slice, Floats, Floats, Booleans]]:
    """Rows, their positions (d, m), their shares of importance (d, m) and what is answered.

    The arrays are scratch: they are overwritten by the next block.
    """
    people, dimensions = stances.shape
    scratch: NDArray[np.floating] = np.empty((2, dimensions, min(people, BLOCK_PEOPLE)), dtype)
    for start in range(0, people, BLOCK_PEOPLE):
        rows = slice(start, min(start + BLOCK_PEOPLE, people))
        x, w = scratch[:, :, : rows.stop - start]
        x[...] = stances[rows].T
        w[...] = importance[rows].T
        with np.errstate(invalid="ignore"):
            np.divide(w, _sum_rows(w), out=w)
        yield rows, x, w, np.equal(x, x)


def _sum_rows(values: Floats) -> Floats:
    """Sum over the first axis, row by row: NumPy's own order depends on the shape."""
    total: Floats = values[0].copy()
    for row in values[1:]:
        total += row
    return total


def _padded(coefficients: Floats) -> Floats:
    """The coefficients with rows of zeros, to a whole number of registers."""
    groups, features = coefficients.shape
    padded = np.zeros((groups + -groups % _LANES, features), coefficients.dtype)
    padded[:groups] = coefficients
    return padded
