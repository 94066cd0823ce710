"""What a score does among a host's own people: whom to call, whom it misses, whom it serves worse.

A row stands for a person: several rows of one person would make the intervals too narrow.
"""

from math import inf, isnan, nan, sqrt

import numpy as np
from attrs import fields, frozen
from numpy.typing import ArrayLike, NDArray

from mshg._checks import enforce, number, share
from mshg.risk.calibrations import (
    Array,
    fit_logistic,
    labels_given,
    pairs_given,
    scores_given,
)
from mshg.wording import Wording, load

EVERYONE = "everyone"
_Z = 1.959963984540054  # 95%
_MINUTES = 60


def _opaque(self: object) -> str:
    """Show no counts: few people can be known by them."""
    return f"{type(self).__name__}(…)"


@frozen(kw_only=True, repr=False)
class Calls:
    """What one cut does among some people; all but people and called is NaN without outcomes.

    Parameters
    ----------
    subgroup
        Whom it is about.
    people, called
        How many there are, and how many score at or above the threshold.
    caught, missed
        Outcomes among those called, and among the others.
    calls_per_catch
        Calls for one outcome caught; infinite where none was.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    subgroup: str
    people: int
    called: int
    caught: float
    missed: float
    calls_per_catch: float

    __repr__ = _opaque


@frozen(kw_only=True, repr=False)
class CapacityThreshold:
    """The cut that fills the staff's hours; made by `capacity_threshold`.

    Parameters
    ----------
    threshold
        Call whoever scores this or more; infinite where no cut keeps within the hours.
    capacity
        How many calls the hours hold.
    calls
        For everyone first, then for each subgroup in the order of their names.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    threshold: float
    capacity: int
    calls: tuple[Calls, ...]

    __repr__ = _opaque


def capacity_threshold(
    scores: ArrayLike,
    outcomes: ArrayLike | None = None,
    *,
    subgroups: ArrayLike | None = None,
    hours: float,
    minutes_per_contact: float,
) -> CapacityThreshold:
    """Find the lowest cut whose calls fit into the staff's hours.

    People who score the same are called together or not at all, so a few hours may stay free.

    Parameters
    ----------
    scores
        Scores (n,), finite.
    outcomes
        What came (n,), 0 or 1, to tell what the cut would have caught and missed.
    subgroups
        A label for each row (n,). What the cut does is told for each of them, always together.
    hours
        Hours of staff, 0 to 1e6.
    minutes_per_contact
        Minutes that one call takes, 0.1 to 1440.

    Raises
    ------
    BatchError
        Arrays of other shapes or values, numbers out of range.

    See ``docs/explanation/risk-model-and-limits.md``.

    Examples
    --------
    >>> from mshg import risk
    >>> found = risk.capacity_threshold(
    ...     [80, 20, 50, 50, 10], [1, 0, 1, 0, 1], hours=1, minutes_per_contact=20
    ... )
    >>> found.threshold, found.calls[0].caught, found.calls[0].missed
    (50.0, 2.0, 1.0)
    """
    enforce(
        hours=number(hours, 0, 1e6),
        minutes_per_contact=number(minutes_per_contact, 0.1, 1440),
    )
    came = None
    if outcomes is None:
        given = scores_given(scores)
    else:
        given, came = pairs_given(scores, outcomes)
    capacity = int(hours * _MINUTES / minutes_per_contact + 1e-9)
    threshold = _lowest_cut(given, capacity)
    calls = tuple(
        _calls(name, given[rows], None if came is None else came[rows], threshold)
        for name, rows in _parts(subgroups, len(given))
    )
    return CapacityThreshold(threshold=threshold, capacity=capacity, calls=calls)


def _lowest_cut(scores: Array, most: int) -> float:
    """The lowest score that at most so many people reach."""
    values, counts = np.unique(scores, return_counts=True)
    reached = np.cumsum(counts[::-1])[::-1]
    fitting = values[reached <= most]
    return float(fitting[0]) if len(fitting) else inf


def _calls(name: str, scores: Array, came: Array | None, threshold: float) -> Calls:
    is_called = scores >= threshold
    caught = nan if came is None else float(came[is_called].sum())
    called = int(is_called.sum())
    return Calls(
        subgroup=name,
        people=len(scores),
        called=called,
        caught=caught,
        missed=nan if came is None else float(came[~is_called].sum()),
        calls_per_catch=called / caught if caught else inf,
    )


def _parts(labels: ArrayLike | None, rows: int) -> list[tuple[str, NDArray[np.bool_]]]:
    """Everyone, then each subgroup."""
    parts = [(EVERYONE, np.ones(rows, bool))]
    if labels is not None:
        names, place = labels_given(labels, rows, "subgroups")
        parts += [(name, place == i) for i, name in enumerate(names)]
    return parts


@frozen(kw_only=True, repr=False)
class AuditRow:
    """What the score does in one subgroup. NaN where there is too little to tell.

    Parameters
    ----------
    subgroup
        Whom it is about.
    people, outcomes
        How many there are, and how many had the outcome.
    auc, auc_low, auc_high
        Area under the ROC curve, with its 95% interval (DeLong 1988).
    observed, observed_low, observed_high
        Share with the outcome, with its 95% interval (Wilson 1927).
    expected
        Share that one logistic map for everyone foretells: below ``observed_low``, the score is
        too mild on these people; above ``observed_high``, too strict.
    called, called_low, called_high
        Share called, with its 95% interval.
    caught, caught_low, caught_high
        Share of the outcomes that were called, with its 95% interval.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    subgroup: str
    people: int
    outcomes: int
    auc: float
    auc_low: float
    auc_high: float
    observed: float
    observed_low: float
    observed_high: float
    expected: float
    called: float
    called_low: float
    called_high: float
    caught: float
    caught_low: float
    caught_high: float

    __repr__ = _opaque


@frozen(kw_only=True, repr=False)
class Audit:
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

    __repr__ = _opaque

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """Give every column by name, for a data frame."""
        return {
            field.name: np.array([getattr(row, field.name) for row in self.rows])
            for field in fields(AuditRow)
        }

    def to_text(self, wording: Wording | None = None) -> str:
        """All of it as text; mshg's English if no wording is given."""
        say = (load() if wording is None else wording).say
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
    "caught": 20,
}
_MEASURES = tuple(_WIDTHS)[2:]


def _cell(row: AuditRow, title: str) -> str:
    """A measure with its interval, if it has one; nothing where there is too little to tell."""
    ends = ("", "_low", "_high")
    values = [getattr(row, title + end) for end in ends if hasattr(row, title + end)]
    if any(isnan(value) for value in values):
        return ""
    shown = [f"{value:.2f}" if title == "auc" else f"{value:.0%}" for value in values]
    return shown[0] if len(shown) == 1 else f"{shown[0]} ({shown[1]}-{shown[2]})"


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
    BatchError
        Arrays of other shapes or values.

    See ``docs/explanation/risk-model-and-limits.md``.

    Examples
    --------
    >>> from mshg import risk
    >>> found = risk.audit([80, 20, 50, 40, 10, 60], [1, 0, 1, 0, 0, 1], list("aababb"))
    >>> [(row.subgroup, row.people, row.auc) for row in found.rows]
    [('everyone', 6, 1.0), ('a', 3, 1.0), ('b', 3, 1.0)]
    """
    enforce(called_share=share(called_share))
    given, came = pairs_given(scores, outcomes)
    intercept, slope = fit_logistic(given, came)
    expected = 1 / (1 + np.exp(-np.clip(intercept + slope * given, -700, 700)))
    threshold = _lowest_cut(given, int(called_share * len(given) + 1e-9))
    rows = tuple(
        _row(name, given[part], came[part], expected[part], threshold)
        for name, part in _parts(subgroups, len(given))
    )
    return Audit(threshold=threshold, rows=rows)


def _row(name: str, scores: Array, came: Array, expected: Array, threshold: float) -> AuditRow:
    is_called = scores >= threshold
    area, low, high = area_with_interval(scores, came)
    observed, called = share_with_interval(came), share_with_interval(is_called)
    caught = share_with_interval(is_called[came > 0])
    return AuditRow(
        subgroup=name,
        people=len(scores),
        outcomes=int(came.sum()),
        auc=area,
        auc_low=low,
        auc_high=high,
        observed=observed[0],
        observed_low=observed[1],
        observed_high=observed[2],
        expected=float(expected.mean()),
        called=called[0],
        called_low=called[1],
        called_high=called[2],
        caught=caught[0],
        caught_low=caught[1],
        caught_high=caught[2],
    )


def area_with_interval(scores: Array, came: Array) -> tuple[float, float, float]:
    """Area under the ROC curve and its 95% interval, cut to 0 and 1; NaN for fewer than 2 a side.

    The area is the share of pairs, one row with the outcome and one without, in which the first
    scores higher, a tie counting half. Its variance is that of the two means of placements
    (DeLong, DeLong and Clarke-Pearson 1988).
    """
    with_it, without = np.sort(scores[came > 0]), np.sort(scores[came == 0])
    if not len(with_it) or not len(without):
        return nan, nan, nan
    above = _shares_below(with_it, without)
    area = float(above.mean())
    if len(with_it) == 1 or len(without) == 1:
        return area, nan, nan
    below = 1 - _shares_below(without, with_it)
    spread = _Z * sqrt(above.var(ddof=1) / len(with_it) + below.var(ddof=1) / len(without))
    return area, max(0.0, area - spread), min(1.0, area + spread)


def _shares_below(of: Array, among: Array) -> Array:
    """For each value, the share among the others that is lower, ties counting half."""
    lower, upper = np.searchsorted(among, of, "left"), np.searchsorted(among, of, "right")
    return np.asarray((lower + upper) / (2 * len(among)))


def share_with_interval(holds: NDArray[np.generic]) -> tuple[float, float, float]:
    """Share of rows for which it holds, and its 95% interval (Wilson 1927); NaN for none."""
    n = len(holds)
    if not n:
        return nan, nan, nan
    p = float(holds.mean())
    center, room = (p + _Z**2 / (2 * n)), _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    return (
        p,
        max(0.0, (center - room) / (1 + _Z**2 / n)),
        min(1.0, (center + room) / (1 + _Z**2 / n)),
    )
