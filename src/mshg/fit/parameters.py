"""The few numbers of the fit model."""

from attrs import frozen

from mshg._checks import enforce, number, whole

METHOD_VERSION = "fit-1"
"""Changes whenever the same answers and groups would get other numbers."""


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
    """

    neutral: float = 0.75
    tie: float = 1e-6
    close_call: float = 0.01
    reasons_shown: int = 3
    reason_floor: float = 0.002

    def __attrs_post_init__(self) -> None:
        enforce(
            neutral=number(self.neutral, 0.75, 1),
            tie=number(self.tie, 0, 0.01),
            close_call=number(self.close_call, 0, 1),
            reasons_shown=whole(self.reasons_shown, 0, 12),
            reason_floor=number(self.reason_floor, 0, 1),
        )


DEFAULT_PARAMETERS = FitParameters()
