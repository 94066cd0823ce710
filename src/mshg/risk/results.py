"""What risk gives back: a table for many people, an assessment for one."""

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 (a field is named date)
from functools import cached_property
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices, read_only
from mshg._checks import broken, enforce
from mshg._columns import Missing, column, spread, with_missing
from mshg._results import Result, wording_given
from mshg.events.vocabulary import SafetyKind
from mshg.risk.floors import call_order, notice_days, standing, unheard, urgencies
from mshg.risk.inputs import RiskColumns
from mshg.risk.kernels import contributions, scores
from mshg.risk.parameters import METHOD_VERSION, RISKS, RiskParameters
from mshg.risk.safety import SafetyNotice
from mshg.risk.signs import RANGES, SIGNS
from mshg.wording import Wording


class RiskTable(Result):
    """Both risks of n people; made by `assess_table`.

    Bounds are computed when they are first read, and kept. Arrays can't be written to. What a score
    may and may not say: ``docs/explanation/risk-model-and-limits.md``.

    ``lapse_score``, ``disengagement_score``
        Scores (n,) from 0 to 100. A score is no probability.
    ``lapse_tier``, ``disengagement_tier``
        Tiers (n,), int8: 0 to 3 as places in `TIERS`, -1 for unknown. A floor comes before
        unknown, and unknown before the score.
    ``urgency``
        How soon to act (n,), int8, as places in `URGENCIES`.
    ``urgency_rule``
        What gave it (n,), int8, as places in `URGENCY_RULES`.
    ``lapse_direction``, ``disengagement_direction``
        -1 where a score fell since ``previous``, 1 where it rose, 0 where it is steady, (n,) int8;
        None where no ``previous`` was given.
    ``safety``
        Dangers that stand (n, 7), in the order of `SafetyKind`: see to these first.
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
        urgency_rule: NDArray[np.int8],
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
        self.urgency: NDArray[np.int8] = read_only(urgencies(urgency_rule))
        self.urgency_rule: NDArray[np.int8] = read_only(urgency_rule)
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

    def floors(self) -> dict[str, Booleans]:
        """Give for whom each floor holds: arrays (n,) by the names of `FLOORS`."""
        return standing(self._given, len(self))

    def unheard(self) -> Booleans:
        """Give of whom nothing was heard in the last 30 days, (n,)."""
        return unheard(self._given, len(self))

    def notice_days(self) -> NDArray[np.float64]:
        """Give the days since each danger was reported, (n, 7), in the order of `SafetyKind`.

        NaN where no such danger stands, and where its day is not known.
        """
        return notice_days(self._given, self.safety)

    def call_order(self) -> Indices:
        """Row numbers (n,) in the order in which to act.

        By urgency, then the most urgent notice, then the newest danger, then the larger of the two
        scores, then the other. Ties keep the order of the rows. A danger of which no day is known
        counts as today's.
        """
        scores = (self.lapse_score, self.disengagement_score)
        return call_order(self._given, self.urgency_rule, self.safety, scores)

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
        urgency = {"urgency": self.urgency, "urgency_rule": self.urgency_rule}
        return named | urgency | {"safety": self.safety}

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
        Name of the sign.
    points
        Points; below 0 where it helps.
    value, unit
        What was known, and in which unit; None for what is true or false.
    date
        The day that it is of; None where it is not known.
    text
        The same in words.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    sign: str
    points: float
    value: float | None = None
    unit: str | None = None
    date: Date | None = None
    text: str

    def __repr__(self) -> str:
        return "Contribution(…)"


@frozen(kw_only=True, repr=False)
class FloorReason(Result):
    """A floor that holds: a rule that lifts a tier, whatever the score says.

    Parameters
    ----------
    rule
        Its name, as in `FLOORS`.
    lapse_tier, disengagement_tier
        The least tier of each risk; None where it lifts none.
    value, unit, date
        As in `Contribution`.
    text
        Why it holds, in words.
    source
        What the rule rests on.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    rule: str
    lapse_tier: str | None = None
    disengagement_tier: str | None = None
    value: float | None = None
    unit: str | None = None
    date: Date | None = None
    text: str
    source: str

    def __repr__(self) -> str:
        return "FloorReason(…)"


@frozen(kw_only=True, repr=False)
class Strength(Result):
    """Something that is going well.

    Parameters
    ----------
    kind
        What it is: the name of a sign that helps, or ``abstinent``, ``goals_met``,
        ``meetings_kept``, ``sponsor``, ``within_goal``.
    value, unit, date
        As in `Contribution`.
    text
        The same in words.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    kind: str
    value: float | None = None
    unit: str | None = None
    date: Date | None = None
    text: str

    def __repr__(self) -> str:
        return "Strength(…)"


@frozen(kw_only=True, repr=False)
class RiskAssessment(Result):
    """What to do about one person, and why; made by `assess`.

    It is a reason to call, no diagnosis: ``docs/explanation/risk-model-and-limits.md``.

    Parameters
    ----------
    notices
        What to act on before any score is read.
    urgency
        How soon to act, one of `URGENCIES`.
    urgency_rule
        What gave it, one of `URGENCY_RULES`.
    action
        What to do, in words.
    lapse_summary, disengagement_summary
        Tier and score of each risk, in words.
    lapse_score, disengagement_score
        Scores from 0 to 100. A score is no probability.
    lapse_low, lapse_high, disengagement_low, disengagement_high
        How far the missing answers could move it.
    lapse_tier, disengagement_tier
        One of `TIERS`.
    lapse_direction, disengagement_direction
        -1 where it fell since ``previous``, 1 where it rose, 0 where it is steady; None where no
        ``previous`` was given.
    floors
        The rules that lift a tier, whatever the score says.
    lapse_contributions, disengagement_contributions
        The signs that add half a point or more, or take it away, the weightiest first.
    strengths
        What is going well.
    missing
        Names of the inputs that are not known.
    cautions
        Sentences on what the scores don't say here, and on what could not be read.
    as_of
        The day; None where none is known.
    wording
        Whose sentences these are.
    """

    notices: tuple[SafetyNotice, ...]
    urgency: str
    urgency_rule: str
    action: str
    lapse_summary: str
    lapse_score: float
    lapse_low: float
    lapse_high: float
    lapse_tier: str
    lapse_direction: int | None
    lapse_contributions: tuple[Contribution, ...]
    disengagement_summary: str
    disengagement_score: float
    disengagement_low: float
    disengagement_high: float
    disengagement_tier: str
    disengagement_direction: int | None
    disengagement_contributions: tuple[Contribution, ...]
    floors: tuple[FloorReason, ...]
    strengths: tuple[Strength, ...]
    missing: tuple[str, ...]
    cautions: tuple[str, ...]
    as_of: Date | None
    wording: Wording
    method_version: str = METHOD_VERSION

    def __repr__(self) -> str:
        return "RiskAssessment(…)"

    def _content(self) -> dict[str, Any]:
        return super()._content() | {"meaning": self.wording.say("risk.meaning")}

    def to_text(self, wording: Wording | None = None) -> str:
        """All of it as text for whoever is to act: first what to do.

        Parameters
        ----------
        wording
            Whose sentences to put around it; those that the assessment was made with if None.
            Notices, summaries, reasons and cautions were said when it was made and stay as they
            are.
        """
        if wording is not None:
            return evolve(self, wording=wording_given(wording)).to_text()
        first = [notice.text for notice in self.notices] or [self.action]
        blocks = [first, *(self._risk(risk) for risk in RISKS)]
        if self.strengths:
            going_well = "; ".join(strength.text for strength in self.strengths)
            blocks.append([self.wording.say("risk.strengths", strengths=going_well)])
        blocks.append([*self.cautions, self.wording.say("risk.meaning")])
        return "\n\n".join("\n".join(lines) for lines in blocks)

    def _risk(self, risk: str) -> list[str]:
        """The summary of a risk, then each reason once: floors, and what adds to the score."""
        lifted = [floor for floor in self.floors if getattr(floor, f"{risk}_tier") is not None]
        said: set[tuple[str, Date | None]] = {
            (sign, None) for floor in lifted for sign in _SAID_BY.get(floor.rule, ())
        }
        said |= {("use", f.date) for f in lifted if f.rule == "opioid_use"}
        parts = [
            (part.text, _MEANS.get(part.sign, part.sign), part.date)
            for part in getattr(self, f"{risk}_contributions")
            if part.points > 0
        ]
        lines = [
            (floor.text, _OF_FLOOR.get(floor.rule, ""), floor.date) for floor in lifted
        ] + parts
        reasons = dict.fromkeys(
            text for text, name, on in lines if not {(name, None), (name, on)} & said
        )
        say = self.wording.say
        return [
            getattr(self, f"{risk}_summary"),
            *(f"  {say('risk.reason', text=text)}" for text in reasons),
        ]


_SAID_BY = {
    "medication_stopped": ("medication_stopped",),
    "stress_and_reluctance": ("stress", "reluctance", "willingness"),
}
"""Signs of which a floor says as much."""

_OF_FLOOR = {"use": "use"}
_MEANS = {"time_since_use": "use"}
