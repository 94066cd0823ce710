"""The arithmetic of fit, on arrays alone.

With x a person's position, w their importance, c a group's position, s its salience and k the
neutral point, a dimension contributes ``w s (1 - (x - c)² - k) / Σw``. That is a polynomial in
``x - 1/2``, so the scores of many people are products of coefficients and features.

A person's bits must be the same alone, in any slice and in any batch, and a BLAS does not promise
that even for one fixed shape: some of its kernels add up in another order at other places of a
large block. So each product takes a tile of sixteen people, the last one padded. That is one
vector register or a few, and all people of a tile are lanes of the same instructions. Sums over
dimensions go one by one for the same reason.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices

TILE = 16
# About what the second cache level holds; an odd number of tiles, so that rows of a block
# don't fall on the same cache lines.
BLOCK_PEOPLE = 513 * TILE
_CENTER = 0.5


def score_coefficients(position: Floats, salience: Floats, neutral: float) -> Floats:
    """Coefficients (g, 3d + 1) of the features of `scores`, for groups (g, d).

    Written about 1/2, where five-point answers are exact and terms do not cancel. The last is
    the neutral point itself.
    """
    c = position - _CENTER
    constant = salience * (1 - neutral - c * c)
    always = np.full((len(c), 1), neutral)
    return np.concatenate([constant, -salience, 2 * salience * c, always], axis=1)


def worst_coefficients(position: Floats, salience: Floats, neutral: float) -> Floats:
    """What an open dimension adds at worst, (g, d), at most 0 for neutral of 3/4 or more."""
    return salience * (1 - np.maximum(position, 1 - position) ** 2 - neutral)


def best_coefficients(salience: Floats, neutral: float) -> Floats:
    """What an open dimension adds at best, (g, d), at least 0."""
    return salience * (1 - neutral)


def scores(stances: Floats, importance: Floats, coefficients: Floats) -> Floats:
    """Fit of every group for every person, (g, n), of the dtype of the coefficients.

    Parameters
    ----------
    stances
        Positions (n, d) from 0 to 1, NaN for open.
    importance
        Weights (n, d), finite and at least 0. NaN comes out where a row's are all 0.
    coefficients
        From `score_coefficients`.
    """
    people, d = stances.shape
    features = _room(coefficients.shape[1], people, coefficients.dtype)
    features[-1] = 1
    out = np.empty((len(coefficients), people), coefficients.dtype)
    for rows in _block_rows(people):
        w, wxx, x = features[:-1, : rows.stop - rows.start].reshape(3, d, -1)
        _fill(x, w, stances[rows], importance[rows])
        np.multiply(w, np.equal(x, x), out=w)
        np.fmax(x, -1, out=x)  # NaN to a number; its weight is 0
        np.multiply(x, x, out=wxx)
        np.multiply(wxx, w, out=wxx)
        np.multiply(x, w, out=x)
        _multiply(coefficients, features, out[:, rows])
    return out


def open_terms(
    stances: Floats, importance: Floats, declined: Booleans | None, coefficients: Floats
) -> Floats:
    """Sum of coefficient times importance share over open, undeclined dimensions, (g, n)."""
    people, d = stances.shape
    x, weight = (_room(d, people, coefficients.dtype) for _ in range(2))
    out = np.empty((len(coefficients), people), coefficients.dtype)
    for rows in _block_rows(people):
        here = np.s_[:, : rows.stop - rows.start]
        _fill(x[here], weight[here], stances[rows], importance[rows])
        askable = np.not_equal(x[here], x[here])
        if declined is not None:
            askable &= ~declined[rows].T
        weight[here] *= askable
        _multiply(coefficients, weight, out[:, rows])
    return out


def coverage(stances: Floats, importance: Floats, dtype: np.dtype[np.floating]) -> Floats:
    """Share of importance (n,) that lies on answered dimensions; NaN where all of it is 0."""
    people, d = stances.shape
    out = np.empty(people, dtype)
    for rows in _block_rows(people):
        x, weight = np.empty((2, d, rows.stop - rows.start), dtype)
        _fill(x, weight, stances[rows], importance[rows])
        out[rows] = _sum(weight * np.equal(x, x))
    return np.minimum(out, 1, out=out)


def contributions(
    stances: Floats, importance: Floats, position: Floats, salience: Floats, neutral: float
) -> Floats:
    """What each dimension adds to each group's fit, (n, g, d), in float64.

    It is 0 where a dimension is open and NaN where all of a row's importance is 0. A row sums
    to fit less the neutral point, to rounding.
    """
    people, d = stances.shape
    out = np.empty((people, len(position), d))
    for rows in _block_rows(people):
        x, weight = np.empty((2, d, rows.stop - rows.start))
        _fill(x, weight, stances[rows], importance[rows])
        for j, (c, s) in enumerate(zip(position - _CENTER, salience, strict=True)):
            term = s[:, None] * (1 - (x - c[:, None]) ** 2 - neutral)
            out[rows, j] = (weight * np.where(np.isnan(x), 0, term)).T
    return out


def best_first(scores: Floats, k: int, tie: float, open_groups: Booleans | None = None) -> Indices:
    """Indices (k, n) of the groups of highest score (g, n), best first.

    Each place goes to the first group, in their order, whose score is within ``tie`` of the
    highest one left. Closed groups (False in ``open_groups``, (n, g)) and NaN come last as -1.
    """
    groups, people = scores.shape
    out = np.empty((k, people), np.intp)
    out[groups:] = -1
    code = np.uint8 if groups < np.iinfo(np.uint8).max else np.intp
    place = np.arange(groups, 0, -1).astype(code)[:, None]
    block = min(people, BLOCK_PEOPLE)
    columns = np.arange(block)
    scratch = np.empty((groups, block), scores.dtype)
    for rows in _block_rows(people):
        here = columns[: rows.stop - rows.start]
        left = np.fmax(scores[:, rows], -np.inf, out=scratch[:, : len(here)])
        if open_groups is not None:
            left[~open_groups[rows].T] = -np.inf
        first = here
        for rank in range(min(k, groups)):
            if rank:
                scratch.reshape(-1)[first * block + here] = -np.inf
            highest = np.maximum.reduce(left, axis=0)
            among = left >= highest - left.dtype.type(tie)
            first = groups - np.maximum.reduce(among * place, axis=0).astype(np.intp)
            out[rank, rows] = first
            nothing = highest == -np.inf
            if nothing.any():
                out[rank, rows][nothing] = -1
    return out


def _block_rows(people: int) -> Iterator[slice]:
    for start in range(0, people, BLOCK_PEOPLE):
        yield slice(start, min(start + BLOCK_PEOPLE, people))


def _room(features: int, people: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Room for the features of a block of people in whole tiles, or of fewer people."""
    tiles = -(-min(people, BLOCK_PEOPLE) // TILE)
    return np.zeros((features, tiles * TILE), dtype)


def _fill(x: Floats, weight: Floats, stances: Floats, importance: Floats) -> None:
    """Lay out (d, m) positions about 1/2 and shares of importance of rows (m, d)."""
    np.subtract(stances.T, x.dtype.type(_CENTER), out=x)
    if importance.dtype == weight.dtype:
        weight[...] = importance.T
        given = weight
    else:  # shares first: a small weight may be 0 in the smaller type
        given = importance.T.astype(np.float64)
    with np.errstate(invalid="ignore"):
        weight[...] = np.divide(given, _sum(given), out=given)


def _multiply(coefficients: Floats, features: Floats, out: Floats) -> None:
    """Coefficients (g, f) times features (f, block), tile by tile, into out (g, m)."""
    people = out.shape[1]
    whole = people - people % TILE
    np.matmul(coefficients, _tiles(features[:, :whole]), out=_tiles(out[:, :whole]))
    if whole < people:
        (last,) = np.matmul(coefficients, _tiles(features[:, whole : whole + TILE]))
        out[:, whole:] = last[:, : people - whole]


def _tiles(rows: Floats) -> Floats:
    """The same numbers, (f, t * 16), seen as tiles, (t, f, 16)."""
    return rows.reshape(len(rows), -1, TILE).transpose(1, 0, 2)


def _sum(values: Floats) -> Floats:
    """Sum over the first axis, one by one: the order of NumPy's own sum depends on the shape."""
    total: Floats = values[0].copy()
    for row in values[1:]:
        total += row
    return total
