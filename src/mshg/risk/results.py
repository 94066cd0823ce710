"""What risk gives back: a table for many people, an assessment for one."""

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 (a field is named date)
from typing import Any

import numpy as np
from attrs import asdict, frozen
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices, read_only
from mshg._checks import broken, enforce
from mshg.events.vocabulary import SafetyKind
from mshg.risk.floors import call_order, notice_days, standing, unheard, urgencies
from mshg.risk.inputs import RiskColumns
from mshg.risk.kernels import contributions, scores
from mshg.risk.parameters import METHOD_VERSION, RISKS, RiskParameters
from mshg.risk.safety import SafetyNotice
from mshg.risk.signs import RANGES, SIGNS
from mshg.wording import Wording


class RiskTable:
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
        self._columns = columns
        self._parameters = parameters
        self._bounds: dict[str, list[Floats]] = {}
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

    @property
    def lapse_low(self) -> Floats:
        """Lapse score (n,) if every missing answer were the most favorable."""
        return self._bound("least")[0]

    @property
    def lapse_high(self) -> Floats:
        """Lapse score (n,) if every missing answer were the least favorable."""
        return self._bound("most")[0]

    @property
    def disengagement_low(self) -> Floats:
        """Disengagement score (n,) if every missing answer were the most favorable."""
        return self._bound("least")[1]

    @property
    def disengagement_high(self) -> Floats:
        """Disengagement score (n,) if every missing answer were the least favorable."""
        return self._bound("most")[1]

    def contributions(self, risk: str) -> dict[str, NDArray[np.float64]]:
        """Give what each sign adds to a score: arrays (n,) by sign, ``start`` first.

        They add up to the score, up to rounding in the last digits. Take few people at a time.

        Parameters
        ----------
        risk
            ``lapse`` or ``disengagement``.
        """
        enforce(risk=() if risk in RISKS else broken(f"must be one of: {', '.join(RISKS)}"))
        parts = contributions(self._columns, len(self), self._parameters, risk)
        start = np.full(len(self), self._parameters.start(risk))
        return {"start": start} | {sign.name: parts[:, j] for j, sign in enumerate(SIGNS)}

    def missing(self) -> dict[str, Booleans]:
        """Give where each input is not known: arrays (n,) by the names of `RiskInputs`."""
        everybody = np.ones(len(self), bool)
        return {
            name: np.isnan(self._columns[name]) if name in self._columns else everybody
            for name in RANGES
        }

    def floors(self) -> dict[str, Booleans]:
        """Give for whom each floor holds: arrays (n,) by the names of `FLOORS`."""
        return standing(self._columns, len(self))

    def unheard(self) -> Booleans:
        """Give of whom nothing was heard in the last 30 days, (n,)."""
        return unheard(self._columns, len(self))

    def notice_days(self) -> NDArray[np.float64]:
        """Give the days since each danger was reported, (n, 7), in the order of `SafetyKind`.

        NaN where no such danger stands, and where its day is not known.
        """
        return notice_days(self._columns, self.safety)

    def call_order(self) -> Indices:
        """Row numbers (n,) in the order in which to act.

        By urgency, then the most urgent notice, then the newest danger, then the larger of the two
        scores, then the other. Ties keep the order of the rows. A danger of which no day is known
        counts as today's.
        """
        scores = (self.lapse_score, self.disengagement_score)
        return call_order(self._columns, self.urgency_rule, self.safety, scores)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Give every column by name, for a data frame."""
        named: dict[str, NDArray[Any]] = {
            f"{risk}_{what}": getattr(self, f"{risk}_{what}")
            for risk in RISKS
            for what in ("score", "low", "high", "tier", "direction")
            if getattr(self, f"{risk}_{what}") is not None
        }
        urgency = {"urgency": self.urgency, "urgency_rule": self.urgency_rule}
        safety = {f"safety_{k}": self.safety[:, j] for j, k in enumerate(SafetyKind)}
        return named | urgency | safety

    def _bound(self, fill: Any) -> list[Floats]:
        if fill not in self._bounds:
            found = scores(self._columns, len(self), self._parameters, RISKS, fill)
            self._bounds[fill] = [read_only(bound) for bound in found]
        return self._bounds[fill]


@frozen(kw_only=True, repr=False)
class Contribution:
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
class FloorReason:
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
class Strength:
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
class RiskAssessment:
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

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values, what to do first."""
        risks: dict[str, Any] = {
            f"{risk}_{what}": getattr(self, f"{risk}_{what}")
            for risk in RISKS
            for what in ("tier", "summary", "score", "low", "high", "direction")
        }
        for risk in RISKS:
            parts = getattr(self, f"{risk}_contributions")
            risks[f"{risk}_contributions"] = [_plain(part) for part in parts]
        return {
            "urgency": self.urgency,
            "urgency_rule": self.urgency_rule,
            "action": self.action,
            "notices": [_plain(notice) for notice in self.notices],
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "method_version": self.method_version,
            "meaning": self.wording.say("risk.meaning"),
            **risks,
            "floors": [_plain(floor) for floor in self.floors],
            "strengths": [_plain(strength) for strength in self.strengths],
            "missing": list(self.missing),
            "cautions": list(self.cautions),
        }

    def to_text(self) -> str:
        """All of it as text for whoever is to act: first what to do."""
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
        said = {sign for floor in lifted for sign in _SAID_BY.get(floor.rule, ())}
        parts = [
            part.text
            for part in getattr(self, f"{risk}_contributions")
            if part.points > 0 and part.sign not in said
        ]
        reasons = dict.fromkeys([*(floor.text for floor in lifted), *parts])
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


def _plain(result: Any) -> dict[str, Any]:
    """The fields of a part of an assessment, as plain values."""
    found = asdict(result)
    return {
        name: value.isoformat() if isinstance(value, Date) else value
        for name, value in found.items()
    }
