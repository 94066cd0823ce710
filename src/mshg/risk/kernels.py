"""The arithmetic of risk, on arrays alone.

A score is ``start + Σ points · level`` over the signs, added in their order. A level lies in
[0, 1]. What is missing adds nothing to the score; in the bounds it has the least or the greatest
level that an answer could give. Addition in floating point is monotone, so the bounds hold to the
last bit, and a person's bits are the same alone and in any batch.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Floats
from mshg.risk.parameters import TOP, RiskParameters
from mshg.risk.signs import SIGNS, Sign

Columns: TypeAlias = Mapping[str, NDArray[Any]]
Fill: TypeAlias = Literal["score", "least", "most"]
Level: TypeAlias = Floats | float

BLOCK_PEOPLE = 16_384  # a few arrays of this length stay in the second cache level
DAYS_A_WEEK = 7
FALL_IN_FULL = 4  # contacts fewer in four weeks than in the four before: one a week
_OF_HELP: dict[Fill, Fill] = {"score": "score", "least": "most", "most": "least"}


def blocks(people: int) -> Iterator[slice]:
    """Rows to work on at a time."""
    return (slice(at, min(at + BLOCK_PEOPLE, people)) for at in range(0, people, BLOCK_PEOPLE))


def scores(
    columns: Columns, people: int, parameters: RiskParameters, risks: Sequence[str], fill: Fill
) -> list[Floats]:
    """Score (n,) of each risk asked for, from 0 to 100; the fills least and most are its bounds."""
    points = [parameters.points(risk) for risk in risks]
    totals = [np.full(people, parameters.start(risk)) for risk in risks]
    spare = np.empty(min(people, BLOCK_PEOPLE))
    for rows in blocks(people):
        block = {name: column[rows] for name, column in columns.items()}
        parts = [total[rows] for total in totals]
        for sign, *weights in zip(SIGNS, *points, strict=True):
            if any(weights):
                worst = fill if max(weights) > 0 else _OF_HELP[fill]
                _add(parts, weights, level(sign, block, parameters, worst), spare)
        for part in parts:
            np.clip(part, 0, TOP, out=part)
    return totals


def _add(parts: list[Floats], weights: list[float], of_sign: Level, spare: Floats) -> None:
    for part, weight in zip(parts, weights, strict=True):
        if weight:
            part[:] += np.multiply(of_sign, weight, out=spare[: len(part)])


def contributions(
    columns: Columns, people: int, parameters: RiskParameters, risk: str
) -> NDArray[np.float64]:
    """What each sign adds to a score, (n, signs); 0 where it is missing."""
    found = np.zeros((people, len(SIGNS)))
    for j, (sign, weight) in enumerate(zip(SIGNS, parameters.points(risk), strict=True)):
        found[:, j] = weight * level(sign, columns, parameters, "score")
    return found


def tiers(score: Floats, tier_from: Sequence[float]) -> NDArray[np.int8]:
    """How many of the rising cuts each score has reached."""
    reached = np.zeros(len(score), np.int8)
    for cut in tier_from:
        reached += score >= cut
    return reached


def directions(change: Floats, steady_within: float) -> NDArray[np.int8]:
    """-1 where a score fell, 1 where it rose, 0 where it changed by less than is told."""
    is_told = np.abs(change) >= steady_within
    return (np.sign(change) * is_told).astype(np.int8)


def level(sign: Sign, columns: Columns, parameters: RiskParameters, fill: Fill) -> Level:
    """Level (n,) of a sign, from 0 to 1; a number where none of its inputs was given."""
    return _BUILT.get(sign.name, partial(_ramp, sign))(columns, parameters, fill)


def _ramp(sign: Sign, columns: Columns, _parameters: RiskParameters, fill: Fill) -> Level:
    """Rise in a straight line from 0 at ``zero`` to 1 at ``full``."""
    if sign.name not in columns:
        return _absent(fill)
    return _between(columns[sign.name], sign.zero, sign.full, fill)


def _between(values: NDArray[Any], zero: float, full: float, fill: Fill) -> Floats:
    rise: Floats = np.subtract(values, zero, dtype=np.float64)
    rise *= 1 / (full - zero)
    if fill == "most":  # of NaN and a number, fmin and fmax give the number
        np.fmin(rise, 1, out=rise)
        np.maximum(rise, 0, out=rise)
    else:
        np.fmax(rise, 0, out=rise)
        np.minimum(rise, 1, out=rise)
    return rise


def _use_rate(columns: Columns, _parameters: RiskParameters, fill: Fill) -> Level:
    """Recent use outside the goal: the decayed rate, times the share outside."""
    rate = _between(columns["use_rate"], 0, 1, fill) if "use_rate" in columns else _absent(fill)
    return rate * _outside_goal(columns, fill)


def _time_since_use(columns: Columns, parameters: RiskParameters, fill: Fill) -> Level:
    """``scale / (scale + days)``, of the shorter of two times: since use, and known abstinent.

    The rate at which people return to use falls like this and never reaches zero. An abstinent
    time that nobody knows of does not lower it.
    """
    given = [
        np.multiply(columns[name], days, dtype=np.float64)
        for name, days in (("days_since_use", 1), ("abstinent_weeks", DAYS_A_WEEK))
        if name in columns
    ]
    if not given or (fill == "most" and len(given) == 1):
        return _absent(fill) * _outside_goal(columns, fill)
    shortest = np.fmin if fill != "most" else np.minimum  # one unknown may be 0 days
    days = shortest(given[0], given[-1])
    scale = parameters.hazard_scale_days
    rate = _known(scale / (days + scale), 1.0 if fill == "most" else 0.0)
    return rate * _outside_goal(columns, fill)


def _outside_goal(columns: Columns, fill: Fill) -> Level:
    """Share of use outside the person's own goal; all of it where that is not known."""
    unknown = 0.0 if fill == "least" else 1.0
    if "use_within_goal" not in columns:
        return unknown
    return _known(np.subtract(1, columns["use_within_goal"], dtype=np.float64), unknown)


def _attendance_fall(columns: Columns, parameters: RiskParameters, fill: Fill) -> Level:
    """How far attendance fell, times what a fall counts at this time."""
    later, is_most = parameters.later_fall, fill == "most"
    counts: Level = 1.0 if is_most else later
    if "days_in_program" in columns:
        days = columns["days_in_program"]
        is_early = ~(days >= parameters.early_days) if is_most else days < parameters.early_days
        counts = np.where(is_early, 1.0, later)
    if "attendance_trend" not in columns:
        return counts if is_most else 0.0
    return counts * _between(columns["attendance_trend"], 0, -FALL_IN_FULL, fill)


def _early_period(columns: Columns, parameters: RiskParameters, fill: Fill) -> Level:
    """Whether it is early; where that is not known, whether it could be."""
    if "days_in_program" not in columns:
        return _absent(fill)
    days = columns["days_in_program"]
    is_early = ~(days >= parameters.early_days) if fill == "most" else days < parameters.early_days
    return is_early.astype(np.float64)


def _absent(fill: Fill) -> float:
    return 1.0 if fill == "most" else 0.0


def _known(values: Floats, unknown: float) -> Floats:
    return np.where(np.isnan(values), unknown, values)


_BUILT: Mapping[str, Callable[[Columns, RiskParameters, Fill], Level]] = {
    "use_rate": _use_rate,
    "time_since_use": _time_since_use,
    "attendance_fall": _attendance_fall,
    "early_period": _early_period,
}
