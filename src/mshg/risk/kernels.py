"""The arithmetic of risk, on arrays alone.

A score is ``start + Σ points · level`` over the signs, added in their order. A level lies in
[0, 1]. What is missing adds nothing to the score; in the bounds it has the least or the greatest
level that an answer could give. Addition in floating point is monotone, so the bounds hold to the
last bit, and a person's bits are the same alone and in any batch.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats
from mshg.risk.parameters import DAYS_A_WEEK, TOP, RiskParameters
from mshg.risk.signs import BY_NAME, SIGNS, Sign

Columns: TypeAlias = Mapping[str, NDArray[Any]]
Fill: TypeAlias = Literal["score", "least", "most"]
Level: TypeAlias = Floats | float  # an array of one value stands for all as well

BLOCK_PEOPLE = 65_536  # shorter blocks cost more in calls than they save in cache
_ZEROS, _ONES = np.zeros(BLOCK_PEOPLE), np.ones(BLOCK_PEOPLE)  # faster beside an array than 0 and 1
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
    room = np.empty((2, min(people, BLOCK_PEOPLE)))
    for rows in blocks(people):
        block = {name: column[rows] for name, column in columns.items()}
        parts = [total[rows] for total in totals]
        spare, out = room[:, : rows.stop - rows.start]
        for sign, *weights in zip(SIGNS, *points, strict=True):
            if any(weights):
                worst = fill if max(weights) > 0 else _OF_HELP[fill]
                _add(parts, weights, level(sign, block, parameters, worst, out), spare)
        for part in parts:
            np.clip(part, 0, TOP, out=part)
    return totals


def _add(parts: list[Floats], weights: list[float], of_sign: Level, spare: Floats) -> None:
    for part, weight in zip(parts, weights, strict=True):
        if weight:
            np.add(part, np.multiply(of_sign, weight, out=spare), out=part)


def contributions(
    columns: Columns, people: int, parameters: RiskParameters, risk: str
) -> NDArray[np.float64]:
    """What each sign adds to a score, (n, signs); 0 where it is missing."""
    found = np.zeros((people, len(SIGNS)))
    for rows in blocks(people):
        block = {name: column[rows] for name, column in columns.items()}
        out = np.empty(rows.stop - rows.start)
        for j, (sign, weight) in enumerate(zip(SIGNS, parameters.points(risk), strict=True)):
            found[rows, j] = weight * level(sign, block, parameters, "score", out)
    return found


def tiers(score: Floats, tier_from: Sequence[float]) -> NDArray[np.int8]:
    """How many of the rising cuts each score has reached."""
    reached = np.zeros(len(score), np.int8)
    for cut in tier_from:
        reached += score >= cut
    return reached


def directions(change: Floats, steady_within: float) -> NDArray[np.int8]:
    """-1 where a score fell, 1 where it rose, 0 where it changed by too little to count."""
    is_change = np.abs(change) >= steady_within
    return (np.sign(change) * is_change).astype(np.int8)


def level(
    sign: Sign, columns: Columns, parameters: RiskParameters, fill: Fill, out: Floats
) -> Level:
    """Level (n,) of a sign, from 0 to 1; a number where none of its inputs was given.

    ``out`` (n,) may be written on.
    """
    if sign.name in _BUILT:
        return _BUILT[sign.name](columns, parameters, fill, out)
    return _ramp(sign, columns, fill, out)


def _ramp(sign: Sign, columns: Columns, fill: Fill, out: Floats) -> Level:
    """Rise in a straight line from 0 at ``zero`` to 1 at ``full``."""
    values = columns.get(sign.reads)
    if values is None:
        return 1.0 if fill == "most" else 0.0
    if sign.zero:
        values = np.subtract(values, sign.zero, out=out, dtype=np.float64)
    if sign.full - sign.zero != 1:
        values = np.divide(values, sign.full - sign.zero, out=out, dtype=np.float64)
    _without_gaps(values, fill, out)
    if sign.goes_beyond:
        np.maximum(out, _ZEROS[: len(out)], out=out)
        np.minimum(out, _ONES[: len(out)], out=out)
    return out


def _without_gaps(values: NDArray[Any], fill: Fill, out: Floats) -> Floats:
    """Levels with 1 for NaN where the most is asked for, else with 0, which is their least."""
    if fill == "most":  # of NaN and a number, fmin and fmax give the number
        np.fmin(values, _ONES[: len(out)], out=out)
    else:
        np.fmax(values, _ZEROS[: len(out)], out=out)
    return out


def _use_rate(columns: Columns, _parameters: RiskParameters, fill: Fill, out: Floats) -> Level:
    """Recent use outside the goal: the decayed rate, times the share outside."""
    return _ramp(BY_NAME["use_rate"], columns, fill, out) * _outside_goal(columns, fill)


def _time_since_use(columns: Columns, parameters: RiskParameters, fill: Fill, out: Floats) -> Level:
    """``scale / (scale + days)``, of the shorter of two times: since use, and known abstinent.

    The rate at which people return to use falls like this and never reaches zero. An abstinent
    time that nobody knows of does not lower it.
    """
    given = [
        np.multiply(columns[name], days, dtype=np.float64)
        for name, days in (("days_since_use", 1), ("abstinent_weeks", DAYS_A_WEEK))
        if name in columns
    ]
    if fill == "most" and len(given) < _TIMES:  # one that is not known may be 0 days
        return _outside_goal(columns, fill)
    if not given:
        return 0.0
    shortest = np.minimum if fill == "most" else np.fmin
    shortest(given[0], given[-1], out=out)
    out += parameters.hazard_scale_days
    np.divide(parameters.hazard_scale_days, out, out=out)
    return _without_gaps(out, fill, out) * _outside_goal(columns, fill)


def _outside_goal(columns: Columns, fill: Fill) -> Level:
    """Share of use outside the person's own goal; all of it where that is not known."""
    within = columns.get("use_within_goal")
    if within is None:
        return 0.0 if fill == "least" else 1.0
    return 1 - _without_gaps(within, "most" if fill == "least" else "score", np.empty(len(within)))


def _attendance_fall(
    columns: Columns, parameters: RiskParameters, fill: Fill, out: Floats
) -> Level:
    """How far attendance fell, times what a fall counts at this time."""
    is_early = _is_early(columns, parameters, fill)
    counts = is_early * (1 - parameters.later_fall) + parameters.later_fall
    return counts * _ramp(BY_NAME["attendance_fall"], columns, fill, out)


def _early_period(columns: Columns, parameters: RiskParameters, fill: Fill, _out: Floats) -> Level:
    """1 in the early period, 0 after it."""
    return np.asarray(_is_early(columns, parameters, fill), np.float64)


def _is_early(columns: Columns, parameters: RiskParameters, fill: Fill) -> Booleans:
    """Whether it is early; where that is not known, whether the most is asked for."""
    days = columns.get("days_in_program")
    if days is None:
        return np.array(fill == "most")
    return ~(days >= parameters.early_days) if fill == "most" else days < parameters.early_days


_TIMES = 2
_BUILT: Mapping[str, Callable[[Columns, RiskParameters, Fill, Floats], Level]] = {
    "use_rate": _use_rate,
    "time_since_use": _time_since_use,
    "attendance_fall": _attendance_fall,
    "early_period": _early_period,
}
