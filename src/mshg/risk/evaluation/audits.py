"""For whom among a host's own people a score works worse.

A row stands for a person, or says whose it is: several rows of one person taken for several people
would make the intervals too narrow.
"""

from math import isnan, nan, sqrt
from typing import TypeAlias

import numpy as np
from attrs import asdict, frozen
from numpy.typing import ArrayLike, NDArray

from mshg._checks import enforce, share
from mshg._columns import Missing, with_missing
from mshg._results import Result, wording_given
from mshg.risk.evaluation.calibrations import (
    Array,
    fit_logistic,
    labels_given,
    pairs_given,
)
from mshg.risk.evaluation.capacities import EVERYONE, lowest_cut, opaque, parts_of
from mshg.wording import Wording, load

Labels: TypeAlias = NDArray[np.int64]

_Z = 1.959963984540054  # 95%
_FEWEST = 2


@frozen(repr=False)
class Estimate(Result):
    """A value with its 95% interval; NaN where there is too little to tell.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    value: float
    low: float
    high: float

    __repr__ = opaque


@frozen(kw_only=True, repr=False)
class AuditRow(Result):
    """What the score does in one subgroup.

    Parameters
    ----------
    subgroup
        Whom it is about.
    people, rows, outcomes
        How many people there are, how many rows they have, and how many rows had the outcome.
    auc
        Area under the ROC curve (interval of DeLong 1988, with several rows a person that of
        Obuchowski 1997; none where the area is 0 or 1).
    observed
        Share with the outcome (Wilson 1927, here and below; with several rows a person over the
        effective number of rows, by the design effect of Kish 1965).
    expected
        Share that one logistic map for everyone foretells: below the interval of ``observed``,
        the score is too mild on these people; above it, too strict.
    called, true_positives
        Share called, and share called of those with the outcome.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    subgroup: str
    people: int
    rows: int
    outcomes: int
    auc: Estimate
    observed: Estimate
    expected: float
    called: Estimate
    true_positives: Estimate

    __repr__ = opaque


@frozen(kw_only=True, repr=False)
class Audit(Result):
    """Subgroups side by side; made by `audit`.

    Parameters
    ----------
    threshold
        Whoever scores this or more was called.
    rows
        Everyone first, then each subgroup in the order of their names.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    threshold: float
    rows: tuple[AuditRow, ...]

    __repr__ = opaque

    def __len__(self) -> int:
        return len(self.rows)

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[np.generic]]:
        """Give every column by name (``auc``, ``auc_low``, ``auc_high``, …), for a data frame.

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        named: dict[str, list[object]] = {}
        for row in self.rows:
            for name, value in asdict(row, recurse=False).items():
                if isinstance(value, Estimate):
                    named.setdefault(name, []).append(value.value)
                    named.setdefault(f"{name}_low", []).append(value.low)
                    named.setdefault(f"{name}_high", []).append(value.high)
                else:
                    named.setdefault(name, []).append(value)
        return with_missing({name: np.array(values) for name, values in named.items()}, missing)

    def to_text(self, wording: Wording | None = None) -> str:
        """All of it as text, one line a subgroup.

        Parameters
        ----------
        wording
            Whose sentences to say; mshg's own in English if None.
        """
        say = (load() if wording is None else wording_given(wording)).say
        lines = [_line(*(say(f"risk.audit.{title}") for title in _WIDTHS))]
        for row in self.rows:
            name = say("risk.audit.everyone") if row.subgroup == EVERYONE else row.subgroup
            cells = [_cell(row, title) or say("risk.audit.too_few") for title in _MEASURES]
            lines.append(_line(name, str(row.people), *cells))
        return "\n".join(lines)


_WIDTHS = {
    "subgroup": 20,
    "people": 8,
    "auc": 22,
    "observed": 20,
    "expected": 10,
    "called": 20,
    "true_positives": 20,
}
_MEASURES = tuple(_WIDTHS)[2:]


def _cell(row: AuditRow, title: str) -> str:
    """A measure with its interval, if it has one; nothing where there is too little to tell."""
    stated = getattr(row, title)
    values = (stated.value, stated.low, stated.high) if isinstance(stated, Estimate) else (stated,)
    if any(isnan(value) for value in values):
        return ""
    first, *ends = (f"{value:.2f}" if title == "auc" else f"{value:.0%}" for value in values)
    return f"{first} ({'-'.join(ends)})" if ends else first


def _line(*cells: str) -> str:
    return "".join(f"{c:<{w}}" for c, w in zip(cells, _WIDTHS.values(), strict=True)).rstrip()


def audit(
    scores: ArrayLike,
    outcomes: ArrayLike,
    subgroups: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    called_share: float = 0.2,
) -> Audit:
    """Compare discrimination, calibration and calls between subgroups, with intervals.

    Lapse models were found worse for women, for people in poverty and for people who are not White
    (Wyant 2024), none of which enters this score: look.

    Parameters
    ----------
    scores, outcomes
        As in `calibrate`, one row a person, or several with ``groups``.
    subgroups
        A label for each row (n,).
    groups
        What rows of one person share (n,), where people have several: their id, as with
        `calibrate`. Values stay the same, and intervals become as wide as so few people warrant.
    called_share
        Share of everyone that is called at most, by one cut for all, 0 to 1.

    Raises
    ------
    ValidationError
        Arrays of other shapes or values.

    See ``docs/explanation/risk-model-and-limits.md``.

    Examples
    --------
    >>> from mshg import risk
    >>> found = risk.audit([80, 20, 50, 40, 10, 60], [1, 0, 1, 0, 0, 1], list("aababb"))
    >>> [(row.subgroup, row.people, row.auc.value) for row in found.rows]
    [('everyone', 6, 1.0), ('a', 3, nan), ('b', 3, nan)]
    """
    enforce(called_share=share(called_share))
    given, came = pairs_given(scores, outcomes)
    intercept, slope = fit_logistic(given, came)
    expected = 1 / (1 + np.exp(-np.clip(intercept + slope * given, -700, 700)))
    threshold = lowest_cut(given, int(called_share * len(given) + 1e-9))
    whose = None if groups is None else labels_given(groups, len(given), "groups")[1]
    rows = tuple(
        _row(name, (given[part], came[part], expected[part]), _of(whose, part), threshold)
        for name, part in parts_of(subgroups, len(given))
    )
    return Audit(threshold=threshold, rows=rows)


def _of(whose: Labels | None, part: NDArray[np.bool_]) -> Labels | None:
    return None if whose is None else whose[part]


def _row(
    name: str, rows: tuple[Array, Array, Array], whose: Labels | None, threshold: float
) -> AuditRow:
    scores, came, expected = rows
    is_called, is_come = scores >= threshold, came > 0
    return AuditRow(
        subgroup=name,
        people=len(scores) if whose is None else len(np.unique(whose)),
        rows=len(scores),
        outcomes=int(came.sum()),
        auc=area_estimate(scores, came, whose),
        observed=share_estimate(came, whose),
        expected=float(expected.mean()),
        called=share_estimate(is_called, whose),
        true_positives=share_estimate(is_called[is_come], _of(whose, is_come)),
    )


def area_estimate(scores: Array, came: Array, whose: Labels | None = None) -> Estimate:
    """Area under the ROC curve and its 95% interval, cut to 0 and 1; NaN for fewer than 2 a side.

    The area is the share of pairs, one row with the outcome and one without, in which the first
    scores higher, a tie counting half. Its variance is that of the two means of placements
    (DeLong, DeLong and Clarke-Pearson 1988); where people have several rows, that of the sums of
    each person's placements, which go together (Obuchowski 1997). Where the two kinds of rows don't
    overlap the area is 0 or 1, which would be no interval but a claim of certainty: its ends are
    NaN, and so they are for fewer than two people a side.
    """
    is_come = came > 0
    with_it, without = scores[is_come], scores[~is_come]
    if min(len(with_it), len(without)) < _FEWEST:
        return Estimate(nan, nan, nan)
    above, below = _shares_below(with_it, without), 1 - _shares_below(without, with_it)
    area = float(above.mean())
    if area in (0, 1):
        return Estimate(area, nan, nan)
    if whose is None:
        variance = above.var(ddof=1) / len(above) + below.var(ddof=1) / len(below)
    else:
        variance = _clustered_variance(above - area, below - area, is_come, whose)
    spread = _Z * sqrt(variance) if variance >= 0 else nan
    if isnan(spread):
        return Estimate(area, nan, nan)
    return Estimate(area, max(0.0, area - spread), min(1.0, area + spread))


def _clustered_variance(
    above: Array, below: Array, is_come: NDArray[np.bool_], whose: Labels
) -> float:
    """Variance of an area from what each person's rows add to both means, which go together."""
    people = int(whose.max()) + 1
    sums = [
        np.bincount(whose[rows], of, people) for rows, of in ((is_come, above), (~is_come, below))
    ]
    sides = [np.bincount(whose[rows], minlength=people) > 0 for rows in (is_come, ~is_come)]
    numbers = [int(side.sum()) for side in sides]
    if min(numbers) < _FEWEST:
        return nan
    own = sum(
        n / (n - 1) * float((total**2).sum()) / len(of) ** 2
        for n, total, of in zip(numbers, sums, (above, below), strict=True)
    )
    everyone = int((sides[0] | sides[1]).sum())
    together = everyone / (everyone - 1) * float((sums[0] * sums[1]).sum())
    return own + 2 * together / (len(above) * len(below))


def _shares_below(of: Array, among: Array) -> Array:
    """For each value, the share among the others that is lower, ties counting half."""
    ordered = np.sort(among)
    lower, upper = np.searchsorted(ordered, of, "left"), np.searchsorted(ordered, of, "right")
    return np.asarray((lower + upper) / (2 * len(among)))


def share_estimate(holds: NDArray[np.generic], whose: Labels | None = None) -> Estimate:
    """Share of rows for which it holds, and its 95% interval (Wilson 1927); NaN for none.

    Where people have several rows, as over so many rows as tell as much: the number of rows over
    the design effect (Kish 1965), the variance of the share from people over that from rows; never
    more than there are rows. With one person of several rows there is no interval.
    """
    n = len(holds)
    if not n:
        return Estimate(nan, nan, nan)
    is_so = np.asarray(holds).astype(bool)
    p = float(np.count_nonzero(is_so)) / n
    effective = float(n) if whose is None else _effective_rows(is_so - p, p, whose)
    if isnan(effective):
        return Estimate(p, nan, nan)
    scale = 1 + _Z**2 / effective
    center = (p + _Z**2 / (2 * effective)) / scale
    spread = _Z * sqrt(p * (1 - p) / effective + _Z**2 / (4 * effective**2)) / scale
    return Estimate(p, max(0.0, center - spread), min(1.0, center + spread))


def _effective_rows(residuals: Array, share_: float, whose: Labels) -> float:
    """How many rows of as many people would tell as much as these."""
    rows = len(residuals)
    sums = np.bincount(whose, residuals)
    people = int((np.bincount(whose) > 0).sum())
    if people == rows:
        return float(rows)
    if people < _FEWEST:
        return nan
    if share_ in (0, 1):  # people who are all alike, row for row, tell as much as one row each
        return float(people)
    variance = people / (people - 1) * float((sums**2).sum()) / rows**2
    effect = variance * rows / (share_ * (1 - share_))
    return rows / max(effect, 1.0)
