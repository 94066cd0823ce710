"""Whom the hours of a staff reach: the cut, what it catches and what it misses."""

from math import inf, nan

import numpy as np
from attrs import fields, frozen
from numpy.typing import ArrayLike, NDArray

from mshg._checks import enforce, number
from mshg._columns import Missing, with_missing
from mshg._results import Result
from mshg.risk.evaluation.calibrations import Array, labels_given, pairs_given, scores_given

EVERYONE = "everyone"
_MINUTES = 60


def opaque(self: object) -> str:
    """Show no counts: few people can be known by them."""
    return f"{type(self).__name__}(…)"


@frozen(kw_only=True, repr=False)
class Calls(Result):
    """What one cut does among some people; all but people and called is NaN without outcomes.

    Parameters
    ----------
    subgroup
        Whom it is about.
    people, called
        How many there are, and how many score at or above the threshold.
    true_positives, false_negatives
        Outcomes among those called, and among the others.
    number_needed_to_evaluate
        Calls for one outcome caught; infinite where none was.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    subgroup: str
    people: int
    called: int
    true_positives: float
    false_negatives: float
    number_needed_to_evaluate: float

    __repr__ = opaque


@frozen(kw_only=True, repr=False)
class CapacityThreshold(Result):
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

    __repr__ = opaque

    def __len__(self) -> int:
        return len(self.calls)

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[np.generic]]:
        """Give ``subgroup``, ``people``, ``called``, … by name, one entry a subgroup.

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        names = [f.name for f in fields(Calls)]
        columns = {name: np.array([getattr(one, name) for one in self.calls]) for name in names}
        return with_missing(columns, missing)


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
        A label for each row (n,). What the cut does is given for each of them, always together.
    hours
        Hours of staff, 0 to 1e6.
    minutes_per_contact
        Minutes that one call takes, 0.1 to 1440.

    Raises
    ------
    ValidationError
        Arrays of other shapes or values, numbers out of range.

    See ``docs/explanation/risk-model-and-limits.md``.

    Examples
    --------
    >>> from mshg import risk
    >>> found = risk.capacity_threshold(
    ...     [80, 20, 50, 50, 10], [1, 0, 1, 0, 1], hours=1, minutes_per_contact=20
    ... )
    >>> found.threshold, found.calls[0].true_positives, found.calls[0].false_negatives
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
    threshold = lowest_cut(given, capacity)
    calls = tuple(
        _calls(name, given[rows], None if came is None else came[rows], threshold)
        for name, rows in parts_of(subgroups, len(given))
    )
    return CapacityThreshold(threshold=threshold, capacity=capacity, calls=calls)


def lowest_cut(scores: Array, most: int) -> float:
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
        true_positives=caught,
        false_negatives=nan if came is None else float(came[~is_called].sum()),
        number_needed_to_evaluate=called / caught if caught else inf,
    )


def parts_of(labels: ArrayLike | None, rows: int) -> list[tuple[str, NDArray[np.bool_]]]:
    """Everyone, then each subgroup."""
    parts = [(EVERYONE, np.ones(rows, bool))]
    if labels is not None:
        names, place = labels_given(labels, rows, "subgroups")
        parts += [(name, place == i) for i, name in enumerate(names)]
    return parts
