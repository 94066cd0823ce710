"""The words of an assessment: reasons, notices and cautions."""

from typing import Any

from mshg.risk.inputs import RiskInputs
from mshg.risk.parameters import RISKS, TIERS
from mshg.risk.results import Contribution, RiskAssessment, RiskTable
from mshg.risk.safety import CrisisContacts, notices
from mshg.wording import Wording

WIDE = (
    50  # points between the bounds, from which an assessment says that much is unknown (judgment)
)
_NEWS_OF_USE = ("use_rate", "days_since_use", "abstinent_weeks")


def assessment(
    table: RiskTable,
    inputs: RiskInputs,
    previous: RiskAssessment | None,
    wording: Wording,
    contacts: CrisisContacts | None,
) -> RiskAssessment:
    """What the table of one person says, in words."""
    missing = tuple(name for name, is_missing in table.missing().items() if is_missing[0])
    row = {name: column[0].item() for name, column in table.columns().items()}
    told: dict[str, Any] = {
        f"{risk}_{what}": row.get(f"{risk}_{what}")
        for risk in RISKS
        for what in ("score", "low", "high", "direction")
    }
    for risk in RISKS:
        told[f"{risk}_tier"] = TIERS[row[f"{risk}_tier"]]
        told[f"{risk}_contributions"] = _contributions(table, risk, wording)
    keys = _cautions(table, inputs, missing, previous)
    return RiskAssessment(
        **told,
        notices=notices(table.safety[0], contacts, wording),
        missing=missing,
        cautions=tuple(wording.say(f"risk.caution.{key}") for key in keys),
        wording=wording,
    )


def _contributions(table: RiskTable, risk: str, wording: Wording) -> tuple[Contribution, ...]:
    points = {sign: float(column[0]) for sign, column in table.contributions(risk).items()}
    told = [
        Contribution(sign=sign, points=value, text=wording.say(f"risk.sign.{sign}"))
        for sign, value in points.items()
        if value or sign == "start"
    ]
    return tuple(sorted(told, key=lambda part: (part.sign != "start", -abs(part.points))))


def _cautions(
    table: RiskTable, inputs: RiskInputs, missing: tuple[str, ...], previous: RiskAssessment | None
) -> list[str]:
    """Keys of the cautions that hold, in the order in which they are told."""
    width = max(
        table.lapse_high[0] - table.lapse_low[0],
        table.disengagement_high[0] - table.disengagement_low[0],
    )
    is_told = bool(inputs.opioid_lapse or inputs.overdose)
    holds = {
        "ask_suicide": inputs.suicidal_thoughts is None,
        "no_news": not is_told and all(name in missing for name in _NEWS_OF_USE),
        "within_goal": bool(inputs.use_within_goal),
        "attendance_fell": inputs.attendance_trend is not None and inputs.attendance_trend < 0,
        "much_unknown": width >= WIDE,
        "other_answers": previous is not None and previous.missing != missing,
    }
    return [key for key, is_so in holds.items() if is_so]
