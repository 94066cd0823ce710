"""The numbers of the risk model."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from attrs import field, frozen

from mshg._checks import Broken, broken, each, enforce, entries, number
from mshg._conversions import to_float, to_tuple
from mshg._mappings import FrozenMapping
from mshg.risk.signs import SIGNS

METHOD_VERSION = "risk-2"
"""Changes whenever the same inputs would get other numbers."""

RISKS = ("lapse", "disengagement")
"""Use outside the person's own goal, and no attendance: both over the next four weeks."""

TIERS = ("low", "guarded", "elevated", "high", "unknown")
"""Words of the tiers; a table holds their places here, -1 for the last: nobody knows."""

UNKNOWN, LOW, GUARDED, ELEVATED, HIGH = range(-1, 4)
NO_TIER = -1  # of a floor that lifts no tier

URGENCIES = ("now", "soon", "find_out", "planned")
"""How soon to act, the most urgent first; a table holds their places here."""

HALF_LIFE_DAYS = 14
"""Days after which a week counts half in a decayed rate (judgment)."""

DAYS_A_WEEK = 7
KEPT_A_WEEK = 0.5 ** (DAYS_A_WEEK / HALF_LIFE_DAYS)

USE_BEFORE = 0.5
"""Share of use in the week that rates count before the first (judgment): who begins has come, and
how much they used before is not known. Without it two weeks would speak as loudly as twenty."""

TOP = 100.0
_DIRECTION = {s.name: 1 if s.lapse + s.disengagement > 0 else -1 for s in SIGNS}


def _points(value: Mapping[str, float]) -> Mapping[str, float]:
    if not isinstance(value, Mapping):
        return value
    return FrozenMapping({name: to_float(points) for name, points in value.items()})


def _cuts(value: Iterable[float]) -> tuple[float, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class RiskParameters:
    """Numbers of the risk model. All are judgment; `SIGNS` gives what each sign rests on.

    Parameters
    ----------
    lapse, disengagement
        Points of signs by name, for each risk: what is left out adds nothing. A sign keeps its
        direction: what helps has points of 0 or below, anything else 0 or above. Without regard
        to their direction they add up to 100 at most, which keeps a score from 0 to 100.
    hazard_scale_days
        Days of known abstinence after which the weight of time since last use has fallen to
        half, 1 to 365. With 14 its course is near the shares that returned to methamphetamine
        in month 1, months 2 to 6, 7 to 12 and years 2 to 5 (Brecht and Herbeck 2014, in part
        second hand).
    early_days
        Length of the early period, 0 to 365 days from the first attendance.
    later_fall
        What a fall in attendance counts after the early period, as a share of what it counts
        within it, 0 to 1.
    tier_from
        Lowest scores of guarded, elevated and high, 0 to 100, rising.
    steady_within
        Scores that differ by less are called steady, 0 to 100.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    lapse: Mapping[str, float] = field(
        factory=lambda: {s.name: s.lapse for s in SIGNS if s.lapse}, converter=_points, repr=False
    )
    disengagement: Mapping[str, float] = field(
        factory=lambda: {s.name: s.disengagement for s in SIGNS if s.disengagement},
        converter=_points,
        repr=False,
    )
    hazard_scale_days: float = 14
    early_days: float = 90
    later_fall: float = 0.5
    tier_from: tuple[float, ...] = field(default=(30.0, 37.0, 45.0), converter=_cuts)
    steady_within: float = 5

    def __attrs_post_init__(self) -> None:
        enforce(
            lapse=_sound_points(self.lapse),
            disengagement=_sound_points(self.disengagement),
            hazard_scale_days=number(self.hazard_scale_days, 1, 365),
            early_days=number(self.early_days, 0, 365),
            later_fall=number(self.later_fall, 0, 1),
            tier_from=_rising(self.tier_from),
            steady_within=number(self.steady_within, 0, TOP),
        )

    def points(self, risk: str) -> tuple[float, ...]:
        """Points of every sign for one of `RISKS`, in the order of `SIGNS`."""
        given = self.lapse if risk == "lapse" else self.disengagement
        return tuple(given.get(sign.name, 0.0) for sign in SIGNS)

    def start(self, risk: str) -> float:
        """Score of someone of whom nothing is known: what the helping signs could take away."""
        return 0.0 - sum(points for points in self.points(risk) if points < 0)


def _known_sign(value: object) -> Broken:
    return (
        ()
        if value in _DIRECTION
        else broken("is not the name of a sign", code="not_one_of", allowed=tuple(_DIRECTION))
    )


def _sound_points(value: object) -> Broken:
    wrong = entries(_known_sign, lambda points: number(points, -TOP, TOP))(value)
    if not isinstance(value, Mapping):
        return wrong
    against = (
        broken("must keep the sign's direction", f".{name}", code="conflict")
        for name, points in value.items()
        if name in _DIRECTION and not number(points, -TOP, TOP) and points * _DIRECTION[name] < 0
    )
    wrong = (*wrong, *(problem for found in against for problem in found))
    if wrong:
        return wrong
    adds_up = sum(abs(points) for points in value.values()) <= TOP
    return (
        ()
        if adds_up
        else broken("must add up to 100 at most, without regard to direction", code="conflict")
    )


def _rising(value: object) -> Broken:
    wrong = each(lambda cut: number(cut, 0, TOP), tuple)(value)
    if wrong or not isinstance(value, tuple):
        return wrong
    rises = len(value) == HIGH and all(a < b for a, b in pairwise(value))
    return () if rises else broken(f"must be {HIGH} numbers that rise", code="out_of_order")


DEFAULT_PARAMETERS = RiskParameters()
