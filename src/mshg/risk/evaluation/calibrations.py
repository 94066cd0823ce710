"""From a score to a probability, on a host's own outcomes. Only here stands that word."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import read_only
from mshg._checks import broken, enforce
from mshg._columns import Missing, with_missing
from mshg._mappings import FrozenMapping
from mshg._results import Result
from mshg.errors import Problem, ValidationError

Method: TypeAlias = Literal["logistic", "isotonic"]
Array: TypeAlias = NDArray[np.float64]

METHODS: tuple[Method, ...] = ("logistic", "isotonic")
FOLDS = 5
BINS = 10
_STEPS, _LONGEST, _STILL = 50, 4, 1e-12
_FEWEST = 2


@frozen(kw_only=True, eq=False, repr=False)
class Reliability(Result):
    """Predicted and observed shares, by tenths of the rows in the order of the prediction.

    Parameters
    ----------
    predicted, observed
        Mean probability and share of outcomes (b,) in each bin.
    rows
        How many rows are in it, (b,).

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    predicted: Array
    observed: Array
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Reliability({len(self)} bins)"

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """Give every column by name, for a data frame.

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        named = {"predicted": self.predicted, "observed": self.observed, "rows": self.rows}
        return with_missing(named, missing)


@frozen(kw_only=True, eq=False, repr=False)
class Calibration(Result):
    """A map from scores to probabilities; made by `calibrate`.

    Parameters
    ----------
    intercept, slope
        Of the logistic map, ``1 / (1 + exp(-(intercept + slope · score)))``.
    knots, levels
        Of the isotonic map: a line from knot to knot, level beyond the ends.
    brier
        Mean squared error of each method, out of fold; lower is better.
    brier_reference
        The same for giving everyone the share of outcomes: what to beat.
    reliability
        Of each method, out of fold.
    out_of_fold
        The probability (n,) that each row got from the folds it was not in, by method.
    rows, outcomes
        How many rows there were, and how many outcomes among them.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    intercept: float
    slope: float
    knots: Array
    levels: Array
    brier: Mapping[Method, float]
    brier_reference: float
    reliability: Mapping[Method, Reliability]
    out_of_fold: Mapping[Method, Array]
    rows: int
    outcomes: int

    def __repr__(self) -> str:
        return f"Calibration({self.rows} rows, {self.outcomes} outcomes)"

    def probability(self, scores: ArrayLike, method: Method = "logistic") -> Array:
        """Probability (n,) of the outcome the map was made on, for people like those.

        Parameters
        ----------
        scores
            Scores (n,), as those that were calibrated.
        method
            ``logistic``, smooth and steady with few outcomes, or ``isotonic``, free in its shape.
        """
        enforce(
            method=()
            if method in METHODS
            else broken(
                f"must be one of: {', '.join(METHODS)}", code="not_one_of", allowed=tuple(METHODS)
            )
        )
        given = scores_given(scores)
        if method == "logistic":
            return read_only(_logistic(given, self.intercept, self.slope))
        return read_only(np.interp(given, self.knots, self.levels))


def calibrate(
    scores: ArrayLike, outcomes: ArrayLike, *, groups: ArrayLike | None = None
) -> Calibration:
    """Fit a logistic and an isotonic map from scores to probabilities, and test both out of fold.

    Both maps rest on all rows. Brier scores and reliability rest on five folds: each row's
    probability comes from maps that were fitted without it, and without all rows of its group.

    Parameters
    ----------
    scores
        Scores (n,), finite.
    outcomes
        What came (n,): 0 or 1, or booleans.
    groups
        What must not be on both sides of a fold (n,): the person where people have several rows,
        or the site. It makes no maps of its own; compare groups with `audit`.

    Raises
    ------
    ValidationError
        Arrays of other shapes or values, and too few groups with an outcome or without one: of
        each, two at least.

    Notes
    -----
    Logistic: Platt 1999, with targets ``(k + 1) / (k + 2)`` and ``1 / (n - k + 2)`` for k outcomes
    among n rows, by Newton's method; a slope below 0 is kept and reported. Isotonic: pooling of
    adjacent violators, rising.

    See ``docs/explanation/risk-model-and-limits.md``.

    Examples
    --------
    >>> import numpy as np
    >>> from mshg import risk
    >>> scores = np.arange(100.0)
    >>> found = risk.calibrate(scores, scores % 7 < scores / 15)
    >>> found.probability([10, 90]).round(2), found.probability([10, 90], "isotonic").round(2)
    (array([0.15, 0.87]), array([0.14, 0.86]))
    """
    given, came = pairs_given(scores, outcomes)
    group = (
        np.arange(len(given)) if groups is None else labels_given(groups, len(given), "groups")[1]
    )
    fold = _folds(group, came)
    out_of_fold = {method: np.empty(len(given)) for method in METHODS}
    for k in range(int(fold.max()) + 1):
        rest, held = fold != k, fold == k
        intercept, slope = fit_logistic(given[rest], came[rest])
        out_of_fold["logistic"][held] = _logistic(given[held], intercept, slope)
        out_of_fold["isotonic"][held] = np.interp(
            given[held], *fit_isotonic(given[rest], came[rest])
        )
    intercept, slope = fit_logistic(given, came)
    knots, levels = fit_isotonic(given, came)
    return Calibration(
        intercept=intercept,
        slope=slope,
        knots=read_only(knots),
        levels=read_only(levels),
        brier=FrozenMapping({m: _error(p, came) for m, p in out_of_fold.items()}),
        brier_reference=float(came.mean() * (1 - came.mean())),
        reliability=FrozenMapping({m: _reliability(p, came) for m, p in out_of_fold.items()}),
        out_of_fold=FrozenMapping({m: read_only(p) for m, p in out_of_fold.items()}),
        rows=len(given),
        outcomes=int(came.sum()),
    )


def fit_logistic(scores: Array, came: Array) -> tuple[float, float]:
    """Intercept and slope of greatest likelihood for Platt's targets."""
    middle, spread = scores.mean(), scores.std()
    x = (scores - middle) / (spread if spread > 0 else 1)
    k, n = came.sum(), len(came)
    target = np.where(came > 0, (k + 1) / (k + 2), 1 / (n - k + 2))
    a, b = np.log((k + 1) / (n - k + 1)), 0.0
    for _ in range(_STEPS):
        p = _logistic(x, a, b)
        w = np.maximum(p * (1 - p), _STILL)
        miss = target - p
        matrix = np.array([[w.sum(), w @ x], [w @ x, w @ (x * x) + _STILL]])
        step = np.linalg.solve(matrix, [miss.sum(), miss @ x])
        step /= max(1, max(abs(step)) / _LONGEST)  # a longer one could run away
        a, b = a + step[0], b + step[1]
        if max(abs(step)) < _STILL:
            break
    slope = b / (spread if spread > 0 else 1)
    return float(a - slope * middle), float(slope)


def fit_isotonic(scores: Array, came: Array) -> tuple[Array, Array]:
    """Knots and levels of the rising step function of least squares, by score."""
    knots, place = np.unique(scores, return_inverse=True)
    weights = np.bincount(place).astype(float)
    means = np.bincount(place, came) / weights
    blocks: list[tuple[float, float, int]] = []  # mean, weight, knots
    for mean, weight in zip(means.tolist(), weights.tolist(), strict=True):
        block = (mean, weight, 1)
        while blocks and blocks[-1][0] >= block[0]:
            m, w, size = blocks.pop()
            total = w + block[1]
            block = ((m * w + block[0] * block[1]) / total, total, size + block[2])
        blocks.append(block)
    levels = np.repeat([m for m, _, _ in blocks], [size for _, _, size in blocks])
    return knots, levels


def _folds(group: NDArray[np.int64], came: Array) -> NDArray[np.int64]:
    """A fold for each row: groups in the order of their rows, dealt out by whether one came."""
    came_in, away_in = np.bincount(group, came) > 0, np.bincount(group, 1 - came) > 0
    if min(came_in.sum(), away_in.sum()) < _FEWEST:
        rule = "must have come in two groups at least, and have stayed away in two"
        raise ValidationError([Problem("$.outcomes", rule, code="missing")])
    order = np.argsort(~came_in, kind="stable")
    of_group = np.empty(len(order), np.int64)
    of_group[order] = np.arange(len(order)) % min(FOLDS, len(order))
    return of_group[group]


def _error(predicted: Array, came: Array) -> float:
    return float(np.mean((predicted - came) ** 2))


def _reliability(predicted: Array, came: Array) -> Reliability:
    order = np.argsort(predicted, kind="stable")
    bins = [rows for rows in np.array_split(order, BINS) if len(rows)]
    return Reliability(
        predicted=read_only(np.array([predicted[rows].mean() for rows in bins])),
        observed=read_only(np.array([came[rows].mean() for rows in bins])),
        rows=read_only(np.array([len(rows) for rows in bins])),
    )


def _logistic(x: Array, intercept: float, slope: float) -> Array:
    return 1 / (1 + np.exp(-np.clip(intercept + slope * x, -700, 700)))


def scores_given(scores: ArrayLike) -> Array:
    """Take finite scores (n,), at least one."""
    given = _one_dimensional(scores, "scores")
    if not given.size or not np.isfinite(given).all():
        raise ValidationError(
            [Problem("$.scores", "must be finite numbers, one at least", code="malformed")]
        )
    return given


def pairs_given(scores: ArrayLike, outcomes: ArrayLike) -> tuple[Array, Array]:
    """Take scores (n,), and outcomes (n,) of 0 and 1."""
    given, came = scores_given(scores), _one_dimensional(outcomes, "outcomes")
    if came.shape != given.shape or not np.isin(came, (0, 1)).all():
        raise ValidationError(
            [
                Problem(
                    "$.outcomes",
                    f"must be 0 or 1, ({len(given)},)",
                    code="not_one_of",
                    allowed=(0, 1),
                )
            ]
        )
    return given, came


def labels_given(
    labels: ArrayLike, rows: int, name: str
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Take labels (n,) as their sorted names, and each row's place among them."""
    given = np.asarray(labels)
    if given.shape != (rows,):
        raise ValidationError(
            [Problem(f"$.{name}", f"must be one label a row, ({rows},)", code="wrong_shape")]
        )
    given = given.astype(np.str_) if given.dtype == object else given
    names, place = np.unique(given, return_inverse=True)
    return tuple(map(str, names.tolist())), place.astype(np.int64)


def _one_dimensional(values: ArrayLike, name: str) -> Array:
    try:
        given = np.asarray(values)
    except ValueError:  # ragged
        given = np.empty((0, 0))
    if given.ndim != 1 or given.dtype.kind not in "fiub":
        raise ValidationError(
            [Problem(f"$.{name}", "must be an array of numbers (n,)", code="wrong_type")]
        )
    return given.astype(np.float64)
