"""The few numbers of the fit model."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from mshg._checks import Broken, broken, each, enforce, entries, number, one_of, share, whole
from mshg._conversions import in_order, to_tuple
from mshg._mappings import FrozenMapping
from mshg.domain import Dimension
from mshg.domain.people import LIKERT_STEPS

METHOD_VERSION = "fit-1"
"""Changes whenever the same answers and groups would get other numbers."""

ANSWERS = LIKERT_STEPS
_EQUAL = (1 / ANSWERS,) * ANSWERS
_ADDS_UP = 1e-9

Shares = Mapping[Dimension, tuple[float, ...]]


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
        Scores closer than this are equal, and stand in the order of the groups.
    close_call
        Options within this of the next better one are shown as equals.
    reasons_shown
        How many reasons for and how many against are told.
    reason_floor
        A contribution smaller than this is no reason.
    answer_shares
        For a dimension, which shares of people give each of the five answers, from the first
        end to the second; equal where it is not given. The next question rests on it.
    """

    neutral: float = 0.75
    tie: float = 1e-6
    close_call: float = 0.01
    reasons_shown: int = 3
    reason_floor: float = 0.002
    answer_shares: Shares = field(factory=FrozenMapping, converter=_shares)

    def __attrs_post_init__(self) -> None:
        enforce(
            neutral=number(self.neutral, 0.75, 1),
            tie=number(self.tie, 0, 0.01),
            close_call=number(self.close_call, 0, 1),
            reasons_shown=whole(self.reasons_shown, 0, 12),
            reason_floor=number(self.reason_floor, 0, 1),
            answer_shares=entries(one_of(Dimension), _five_shares)(self.answer_shares),
        )

    def shares_of(self, dimension: Dimension) -> tuple[float, ...]:
        """Share of people who give each of the five answers to a dimension."""
        return self.answer_shares.get(dimension, _EQUAL)


DEFAULT_PARAMETERS = FitParameters()
