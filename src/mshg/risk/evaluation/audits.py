"""For whom among a host's own people a score works worse.

A row stands for a person: several rows of one person would make the intervals too narrow.
"""

from math import isnan, nan, sqrt

import numpy as np
from attrs import asdict, frozen
from numpy.typing import ArrayLike, NDArray

from mshg._checks import enforce, share
from mshg._results import Result, wording_given
from mshg.risk.evaluation.calibrations import (
    Array,
    fit_logistic,
    pairs_given,
)
from mshg.risk.evaluation.capacities import EVERYONE, lowest_cut, opaque, parts_of
from mshg.wording import Wording, load

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
    people, outcomes
        How many there are, and how many had the outcome.
    auc
        Area under the ROC curve (interval of DeLong 1988; none where the area is 0 or 1).
    observed
        Share with the outcome (Wilson 1927, here and below).
    expected
        Share that one logistic map for everyone foretells: below the interval of ``observed``,
        the score is too mild on these people; above it, too strict.
    called, true_positives
        Share called, and share called of those with the outcome.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    subgroup: str
    people: int
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

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """Give every column by name (``auc``, ``auc_low``, ``auc_high``, …), for a data frame."""
        named: dict[str, list[object]] = {}
        for row in self.rows:
            for name, value in asdict(row, recurse=False).items():
                if isinstance(value, Estimate):
                    named.setdefault(name, []).append(value.value)
                    named.setdefault(f"{name}_low", []).append(value.low)
                    named.setdefault(f"{name}_high", []).append(value.high)
                else:
                    named.setdefault(name, []).append(value)
        return {name: np.array(values) for name, values in named.items()}

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
    told = getattr(row, title)
    values = (told.value, told.low, told.high) if isinstance(told, Estimate) else (told,)
    if any(isnan(value) for value in values):
        return ""
    first, *ends = (f"{value:.2f}" if title == "auc" else f"{value:.0%}" for value in values)
    return f"{first} ({'-'.join(ends)})" if ends else first


def _line(*cells: str) -> str:
    return "".join(f"{c:<{w}}" for c, w in zip(cells, _WIDTHS.values(), strict=True)).rstrip()


def audit(
    scores: ArrayLike, outcomes: ArrayLike, subgroups: ArrayLike, *, called_share: float = 0.2
) -> Audit:
    """Compare discrimination, calibration and calls between subgroups, with intervals.

    Lapse models were found worse for women, for people in poverty and for people who are not White
    (Wyant 2024), none of which enters this score: look.

    Parameters
    ----------
    scores, outcomes
        As in `calibrate`, one row a person.
    subgroups
        A label for each row (n,).
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
    rows = tuple(
        _row(name, given[part], came[part], expected[part], threshold)
        for name, part in parts_of(subgroups, len(given))
    )
    return Audit(threshold=threshold, rows=rows)


def _row(name: str, scores: Array, came: Array, expected: Array, threshold: float) -> AuditRow:
    is_called = scores >= threshold
    return AuditRow(
        subgroup=name,
        people=len(scores),
        outcomes=int(came.sum()),
        auc=area_estimate(scores, came),
        observed=share_estimate(came),
        expected=float(expected.mean()),
        called=share_estimate(is_called),
        true_positives=share_estimate(is_called[came > 0]),
    )


def area_estimate(scores: Array, came: Array) -> Estimate:
    """Area under the ROC curve and its 95% interval, cut to 0 and 1; NaN for fewer than 2 a side.

    The area is the share of pairs, one row with the outcome and one without, in which the first
    scores higher, a tie counting half. Its variance is that of the two means of placements
    (DeLong, DeLong and Clarke-Pearson 1988). Where the two kinds of rows don't overlap it is 0,
    which would be no interval but a claim of certainty: its ends are NaN.
    """
    with_it, without = np.sort(scores[came > 0]), np.sort(scores[came == 0])
    if min(len(with_it), len(without)) < _FEWEST:
        return Estimate(nan, nan, nan)
    above, below = _shares_below(with_it, without), _shares_below(without, with_it)
    area = float(above.mean())
    if area in (0, 1):
        return Estimate(area, nan, nan)
    spread = _Z * sqrt(above.var(ddof=1) / len(with_it) + below.var(ddof=1) / len(without))
    return Estimate(area, max(0.0, area - spread), min(1.0, area + spread))


def _shares_below(of: Array, among: Array) -> Array:
    """For each value, the share among the others that is lower, ties counting half."""
    lower, upper = np.searchsorted(among, of, "left"), np.searchsorted(among, of, "right")
    return np.asarray((lower + upper) / (2 * len(among)))


def share_estimate(holds: NDArray[np.generic]) -> Estimate:
    """Share of rows for which it holds, and its 95% interval (Wilson 1927); NaN for none."""
    n = len(holds)
    if not n:
        return Estimate(nan, nan, nan)
    p, scale = float(np.count_nonzero(holds)) / n, 1 + _Z**2 / n
    center = (p + _Z**2 / (2 * n)) / scale
    spread = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / scale
    return Estimate(p, max(0.0, center - spread), min(1.0, center + spread))
