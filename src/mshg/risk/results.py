"""What risk gives back: a table for many people, an assessment for one."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices, read_only
from mshg._checks import broken, enforce
from mshg._columns import Missing, column, spread, with_missing
from mshg._results import Result, wording_given
from mshg.risk.inputs import RiskColumns
from mshg.risk.kernels import contributions, scores
from mshg.risk.parameters import METHOD_VERSION, RISKS, RiskParameters
from mshg.risk.safety import SafetyKind, SafetyNotice
from mshg.risk.signs import RANGES, SIGNS
from mshg.wording import Wording


class RiskTable(Result):
    """Both risks of n people; made by `assess_table`.

    Bounds are computed when they are first read, and kept. Arrays can't be written to. What a score
    may and may not say: ``docs/explanation/risk-model-and-limits.md``.

    ``lapse_score``, ``disengagement_score``
        Scores (n,) from 0 to 100. A score is no probability.
    ``lapse_tier``, ``disengagement_tier``
        Their tiers (n,), int8, as places in `TIERS`.
    ``lapse_direction``, ``disengagement_direction``
        -1 where a score fell since ``previous``, 1 where it rose, 0 where it is steady, (n,) int8;
        None where no ``previous`` was given.
    ``safety``
        Reported dangers (n, 6), in the order of `SafetyKind`: see to these first.
    ``method_version``
        `METHOD_VERSION`.
    """

    def __init__(
        self,
        columns: RiskColumns,
        parameters: RiskParameters,
        *,
        score: Sequence[Floats],
        tier: Sequence[NDArray[np.int8]],
        direction: Sequence[NDArray[np.int8]] | None,
        safety: Booleans,
    ) -> None:
        self._given = columns
        self._parameters = parameters
        changed = (None, None) if direction is None else tuple(map(read_only, direction))
        self.lapse_score: Floats = read_only(score[0])
        self.disengagement_score: Floats = read_only(score[1])
        self.lapse_tier: NDArray[np.int8] = read_only(tier[0])
        self.disengagement_tier: NDArray[np.int8] = read_only(tier[1])
        self.lapse_direction: NDArray[np.int8] | None = changed[0]
        self.disengagement_direction: NDArray[np.int8] | None = changed[1]
        self.safety: Booleans = read_only(safety)
        self.method_version: str = METHOD_VERSION

    def __len__(self) -> int:
        return len(self.lapse_score)

    def __repr__(self) -> str:
        return f"RiskTable({len(self)} people)"

    @column
    def lapse_low(self) -> Floats:
        """Lapse score (n,) if every missing answer were the most favorable."""
        return self._least[0]

    @column
    def lapse_high(self) -> Floats:
        """Lapse score (n,) if every missing answer were the least favorable."""
        return self._most[0]

    @column
    def disengagement_low(self) -> Floats:
        """Disengagement score (n,) if every missing answer were the most favorable."""
        return self._least[1]

    @column
    def disengagement_high(self) -> Floats:
        """Disengagement score (n,) if every missing answer were the least favorable."""
        return self._most[1]

    def contributions(self, risk: str) -> dict[str, NDArray[np.float64]]:
        """Give what each sign adds to a score: arrays (n,) by sign, ``start`` first.

        They add up to the score, up to rounding in the last digits. Take few people at a time.

        Parameters
        ----------
        risk
            ``lapse`` or ``disengagement``.
        """
        enforce(
            risk=()
            if risk in RISKS
            else broken(
                f"must be one of: {', '.join(RISKS)}", code="not_one_of", allowed=tuple(RISKS)
            )
        )
        parts = contributions(self._given, len(self), self._parameters, risk)
        start = np.full(len(self), self._parameters.start(risk))
        return {"start": start} | {sign.name: parts[:, j] for j, sign in enumerate(SIGNS)}

    def missing(self) -> dict[str, Booleans]:
        """Give where each input is not known: arrays (n,) by the names of `RiskInputs`."""
        everybody = np.ones(len(self), bool)
        return {
            name: np.isnan(self._given[name]) if name in self._given else everybody
            for name in RANGES
        }

    def call_order(self, risk: str = "lapse") -> Indices:
        """Row numbers (n,): people with a reported danger first, then by falling score.

        Ties keep the order of the rows.

        Parameters
        ----------
        risk
            ``lapse`` or ``disengagement``.
        """
        enforce(
            risk=()
            if risk in RISKS
            else broken(
                f"must be one of: {', '.join(RISKS)}", code="not_one_of", allowed=tuple(RISKS)
            )
        )
        score = self.lapse_score if risk == "lapse" else self.disengagement_score
        return np.lexsort((-score, ~self.safety.any(axis=1)))

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """Give every column by name, for a data frame.

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        return with_missing(spread(self._columns(), SafetyKind), missing)

    def _content(self) -> dict[str, Any]:
        return {"method_version": self.method_version, **self._columns()}

    def _columns(self) -> dict[str, NDArray[Any]]:
        named: dict[str, NDArray[Any]] = {
            f"{risk}_{what}": getattr(self, f"{risk}_{what}")
            for risk in RISKS
            for what in ("score", "low", "high", "tier", "direction")
            if getattr(self, f"{risk}_{what}") is not None
        }
        return named | {"safety": self.safety}

    @cached_property
    def _least(self) -> Sequence[Floats]:
        return scores(self._given, len(self), self._parameters, RISKS, "least")

    @cached_property
    def _most(self) -> Sequence[Floats]:
        return scores(self._given, len(self), self._parameters, RISKS, "most")


@frozen(kw_only=True, repr=False)
class Contribution(Result):
    """What one sign adds to a score, or takes from it.

    Parameters
    ----------
    sign
        Name of the sign; ``start`` is where everyone starts.
    points
        Points; below 0 where it helps.
    text
        The same in words.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    sign: str
    points: float
    text: str

    def __repr__(self) -> str:
        return "Contribution(…)"


@frozen(kw_only=True, repr=False)
class RiskAssessment(Result):
    """Both risks of one person, with reasons; made by `assess`.

    It is a reason to call, no diagnosis: ``docs/explanation/risk-model-and-limits.md``.

    Parameters
    ----------
    notices
        What to act on before any score is read.
    lapse_score, disengagement_score
        Scores from 0 to 100. A score is no probability.
    lapse_low, lapse_high, disengagement_low, disengagement_high
        How far the missing answers could move it.
    lapse_tier, disengagement_tier
        One of `TIERS`.
    lapse_direction, disengagement_direction
        -1 where it fell since ``previous``, 1 where it rose, 0 where it is steady; None where no
        ``previous`` was given.
    lapse_contributions, disengagement_contributions
        What adds up to the score: ``start``, then the signs that speak, the weightiest first.
    missing
        Names of the inputs that are not known.
    cautions
        Sentences on what the scores don't say here.
    wording
        Whose sentences these are.
    """

    notices: tuple[SafetyNotice, ...]
    lapse_score: float
    lapse_low: float
    lapse_high: float
    lapse_tier: str
    lapse_direction: int | None
    lapse_contributions: tuple[Contribution, ...]
    disengagement_score: float
    disengagement_low: float
    disengagement_high: float
    disengagement_tier: str
    disengagement_direction: int | None
    disengagement_contributions: tuple[Contribution, ...]
    missing: tuple[str, ...]
    cautions: tuple[str, ...]
    wording: Wording
    method_version: str = METHOD_VERSION

    def __repr__(self) -> str:
        return "RiskAssessment(…)"

    def _content(self) -> dict[str, Any]:
        return super()._content() | {"meaning": self.wording.say("risk.meaning")}

    def to_text(self, wording: Wording | None = None) -> str:
        """All of it as text for whoever is to call, safety first.

        Parameters
        ----------
        wording
            Whose sentences to put around it; those that the assessment was made with if None.
            Notices, reasons and cautions were said when it was made and stay as they are.
        """
        if wording is not None:
            return evolve(self, wording=wording_given(wording)).to_text()
        lines = [notice.text for notice in self.notices]
        for risk in RISKS:
            lines += [""] if lines else []
            lines += self._risk_lines(risk)
        return "\n".join([*lines, "", *self.cautions, self.wording.say("risk.meaning")])

    def _risk_lines(self, risk: str) -> list[str]:
        say = self.wording.say
        of_risk = {w: getattr(self, f"{risk}_{w}") for w in ("score", "low", "high", "direction")}
        direction = of_risk.pop("direction")
        title = say(
            f"risk.{risk}",
            tier=say(f"risk.tier.{getattr(self, f'{risk}_tier')}"),
            **{what: round(points) for what, points in of_risk.items()},
        )
        change = "" if direction is None else f" {say(f'risk.direction.{_DIRECTIONS[direction]}')}"
        parts = getattr(self, f"{risk}_contributions")
        return [
            title + change,
            *(
                f"  {say('risk.contribution', points=f'{part.points:+.1f}', text=part.text)}"
                for part in parts
            ),
        ]


_DIRECTIONS = {-1: "falling", 0: "steady", 1: "rising"}
