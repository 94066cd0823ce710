"""The few numbers of the fit model."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from mshg._checks import Broken, broken, each, enforce, entries, number, one_of, share, whole
from mshg._conversions import in_order, to_tuple
from mshg._mappings import FrozenMapping
from mshg.domain import Dimension, Reach
from mshg.domain.people import LIKERT_STEPS

METHOD_VERSION = "fit-2"
"""Changes whenever the same answers and groups would get other numbers."""

ANSWERS = LIKERT_STEPS
_EQUAL = (1 / ANSWERS,) * ANSWERS
_ADDS_UP = 1e-9

Shares = Mapping[Dimension, tuple[float, ...]]

REACH_SHARES: Mapping[Reach | None, float] = {
    Reach.EVERYWHERE: 1.0,
    Reach.WIDE: 0.7,
    Reach.SOME: 0.4,
    Reach.FEW: 0.1,
    None: 0.25,
}
"""Reach of a group by its class, where no directory tells what is near (judgment)."""

KNOWN_BY_REACH = 0.5
"""From here on, reach is a reason to look at a group (judgment)."""

KNOWN_BY_FOCUS = 0.3
"""From here on, what members share is a reason to look at a group (judgment)."""

MANY = 0.5
"""From here on, many members share it; below, some (judgment)."""

TRIED = 0.5
"""How far a group that was liked rises in shared experience, or falls if disliked (judgment)."""

TRIED_KIN = 0.25
"""The same for a group that shares meetings with it (judgment)."""

HALF_REACH = 4.0
"""Meetings a week in reach, an online one counted half, that give a reach of 1/2 (judgment)."""


def _shares(value: Mapping[Dimension, Iterable[float]] | Mapping[str, Iterable[float]]) -> Shares:
    if not isinstance(value, Mapping):
        return value
    return FrozenMapping(in_order(Dimension, {k: to_tuple(v) for k, v in value.items()}))


def _five_shares(value: object) -> Broken:
    wrong = each(share, tuple)(value)
    if wrong or not isinstance(value, tuple):
        return wrong
    adds_up = len(value) == ANSWERS and abs(sum(value) - 1) <= _ADDS_UP
    return () if adds_up else broken(f"must be {ANSWERS} shares that add up to 1", code="malformed")


@frozen(kw_only=True)
class FitParameters:
    """Numbers of the fit model. All are judgment.

    Parameters
    ----------
    neutral
        Agreement at which a dimension speaks neither for nor against a group, from 3/4 to 1:
        3/4 is agreement half a spectrum apart. Below it, an open question could only gain.
    tie
        Scores, or ranks, closer than this are equal, and stand by reach, then in the order of the
        groups.
    belonging_weight
        How far shared experience moves the rank: by half of it either way.
    reach_weight
        How far reach moves the rank: by half of it either way.
    tradition_margin
        A third group of one tradition is shown among three only if its rank is ahead of the best
        of another tradition by more than this.
    close_call
        Options whose rank is within this of the next better one are shown as equals.
    reasons_shown
        How many reasons for and how many against are given.
    reason_floor
        A contribution smaller than this is no reason.
    answer_shares
        For a dimension, which shares of people give each of the five answers, from the first
        end to the second; equal where it is not given. The next question rests on it.
    """

    neutral: float = 0.75
    tie: float = 1e-6
    belonging_weight: float = 0.08
    reach_weight: float = 0.03
    tradition_margin: float = 0.03
    close_call: float = 0.01
    reasons_shown: int = 3
    reason_floor: float = 0.002
    answer_shares: Shares = field(factory=FrozenMapping, converter=_shares)

    def __attrs_post_init__(self) -> None:
        enforce(
            neutral=number(self.neutral, 0.75, 1),
            tie=number(self.tie, 0, 0.01),
            belonging_weight=number(self.belonging_weight, 0, 1),
            reach_weight=number(self.reach_weight, 0, 1),
            tradition_margin=number(self.tradition_margin, 0, 1),
            close_call=number(self.close_call, 0, 1),
            reasons_shown=whole(self.reasons_shown, 0, 12),
            reason_floor=number(self.reason_floor, 0, 1),
            answer_shares=entries(one_of(Dimension), _five_shares)(self.answer_shares),
        )

    def shares_of(self, dimension: Dimension) -> tuple[float, ...]:
        """Share of people who give each of the five answers to a dimension."""
        return self.answer_shares.get(dimension, _EQUAL)


DEFAULT_PARAMETERS = FitParameters()
