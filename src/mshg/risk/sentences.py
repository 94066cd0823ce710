"""The words of an assessment: what to do, summaries, reasons, notices and cautions."""

from datetime import date, timedelta
from typing import Any

from mshg.events.vocabulary import SafetyKind
from mshg.risk.dates import Say
from mshg.risk.floors import URGENCY_RULES
from mshg.risk.inputs import RiskInputs
from mshg.risk.kernels import tiers
from mshg.risk.parameters import HIGH, LOW, RISKS, TIERS, URGENCIES, RiskParameters
from mshg.risk.reasons import Facts, contributions, floors, strengths
from mshg.risk.results import Contribution, FloorReason, RiskAssessment, RiskTable
from mshg.risk.safety import CrisisContacts, notices
from mshg.wording import Wording

_NEWS_OF_USE = ("use_rate", "days_since_use", "abstinent_weeks")


def assessment(  # noqa: PLR0917 (what is said, of what, and to whom)
    table: RiskTable,
    inputs: RiskInputs,
    previous: RiskAssessment | None,
    parameters: RiskParameters,
    wording: Wording,
    contacts: CrisisContacts | None,
) -> RiskAssessment:
    """What the table of one person says, in words."""
    say = Say(wording, inputs.as_of)
    facts = Facts(inputs, say)
    row = {name: column[0].item() for name, column in table.columns().items()}
    found: dict[str, Any] = {
        f"{risk}_{what}": row.get(f"{risk}_{what}")
        for risk in RISKS
        for what in ("score", "low", "high", "direction")
    }
    points = {risk: _points(table, risk) for risk in RISKS}
    for risk in RISKS:
        found[f"{risk}_tier"] = TIERS[row[f"{risk}_tier"]]
        found[f"{risk}_contributions"] = contributions(facts, points[risk])
    lifted = floors(facts, {name: bool(holds[0]) for name, holds in table.floors().items()})
    safety = notices(table.safety[0].tolist(), _notice_days(table, inputs), contacts, say)
    for risk in RISKS:
        bounds = [
            tiers(getattr(table, f"{risk}_{end}"), parameters.tier_from)[0]
            for end in ("low", "high")
        ]
        found[f"{risk}_summary"] = _summary(
            facts, risk, found, (int(bounds[0]), int(bounds[1])), lifted, has_notice=bool(safety)
        )
    missing = tuple(name for name, is_missing in table.missing().items() if is_missing[0])
    urgency, rule = URGENCIES[row["urgency"]], URGENCY_RULES[row["urgency_rule"]]
    return RiskAssessment(
        **found,
        notices=safety,
        urgency=urgency,
        urgency_rule=rule,
        action=_action(say, urgency, rule, found, lifted),
        floors=lifted,
        strengths=strengths(facts, _least_points(points)),
        missing=missing,
        cautions=_cautions(table, inputs, missing, previous, say),
        as_of=inputs.as_of,
        wording=wording,
    )


def _points(table: RiskTable, risk: str) -> dict[str, float]:
    return {sign: float(column[0]) for sign, column in table.contributions(risk).items()}


def _least_points(points: dict[str, dict[str, float]]) -> dict[str, float]:
    """The points of each sign in the risk in which it helps more."""
    lapse, disengagement = (points[risk] for risk in RISKS)
    return {sign: min(lapse[sign], disengagement[sign]) for sign in lapse if sign != "start"}


def _notice_days(table: RiskTable, inputs: RiskInputs) -> dict[SafetyKind, date | None]:
    """The day of each danger that stands."""
    if inputs.as_of is None:
        return {}
    days = table.notice_days()[0].tolist()
    return {
        kind: None if ago != ago else inputs.as_of - timedelta(days=int(ago))  # noqa: PLR0124 (NaN)
        for kind, ago in zip(SafetyKind, days, strict=True)
    }


def _summary(
    facts: Facts,
    risk: str,
    found: dict[str, Any],
    bounds: tuple[int, int],
    lifted: tuple[FloorReason, ...],
    *,
    has_notice: bool,
) -> str:
    """Tier, score and bounds of a risk. The word for the least tier never stands under a notice."""
    say, tier = facts.sentence, found[f"{risk}_tier"]
    word = say("tier.see_notice" if has_notice and tier == TIERS[LOW] else f"tier.{tier}")
    is_lifted = any(getattr(floor, f"{risk}_tier") is not None for floor in lifted)
    is_wide = bounds == (LOW, HIGH) and not is_lifted and not has_notice
    score = say("score", score=round(found[f"{risk}_score"]))
    if is_wide:
        spread = say("anything", low=say("tier.low"), high=say("tier.high"))
    else:
        spread = say("bounds", **{end: round(found[f"{risk}_{end}"]) for end in ("low", "high")})
    rules = {floor.rule for floor in lifted}
    now = _how_now(facts, rules) if risk == "lapse" else None
    key = "lapse_now" if now in ("once", "often") else risk
    sentences = [say(key, tier=word, score=score, spread=spread)]
    if now is not None:
        sentences.insert(0, say(f"now.{now}"))
    direction = found[f"{risk}_direction"]
    if direction is not None:
        sentences.append(say(f"direction.{_DIRECTIONS[direction]}"))
    return " ".join(sentences)


def _how_now(facts: Facts, rules: set[str]) -> str | None:
    """Whether use of these days is known of by a test alone, is frequent, or was once or twice."""
    if not rules & {"use", "repeated_use"}:
        return None
    if facts.evidence("days_with_use").form == "tests":
        return "test"
    return "often" if "repeated_use" in rules else "once"


def _action(
    say: Say, urgency: str, rule: str, found: dict[str, Any], lifted: tuple[FloorReason, ...]
) -> str:
    """What to do, with the reason for it."""
    if urgency in ("find_out", "planned"):
        return say(f"risk.urgency.{urgency}")
    if rule.startswith("notice_"):
        return say("risk.urgency.now_notice")
    if rule.startswith("floor_"):
        reason = next(f.text for f in lifted if f"floor_{f.rule}" == rule)
        return say("risk.urgency.now", reason=reason)
    risk = rule.removesuffix("_tier")
    parts: tuple[Contribution, ...] = found[f"{risk}_contributions"]
    texts = [f.text for f in lifted if getattr(f, f"{risk}_tier") is not None]
    texts += [part.text for part in parts if part.points > 0]
    if not texts:
        return say("risk.urgency.soon_plain")
    return say("risk.urgency.soon", reason=texts[0])


def _cautions(
    table: RiskTable,
    inputs: RiskInputs,
    missing: tuple[str, ...],
    previous: RiskAssessment | None,
    say: Say,
) -> tuple[str, ...]:
    """The cautions that hold, in the order in which they are said."""
    stands = dict(zip(SafetyKind, table.safety[0].tolist(), strict=True))
    is_news = bool(inputs.opioid_lapse or inputs.overdose or inputs.days_with_use)
    rules = {name for name, holds in table.floors().items() if holds[0]}
    is_open = inputs.use_within_goal is None and "use" in rules
    has_goal = inputs.goal is not None and inputs.goal.value in ("moderation", "reduction")
    holds = {
        **{caution: caution in inputs.cautions for caution in inputs.cautions},
        "ask_suicide": inputs.suicidal_thoughts is None and not stands["suicidal_thoughts"],
        "no_news": not is_news and all(name in missing for name in _NEWS_OF_USE),
        "within_goal": bool(inputs.use_within_goal),
        "goal_unknown": is_open and has_goal,
        "sedatives_within_goal": "sedatives_within_goal" in inputs.evidence,
        "attendance_fell": inputs.attendance_trend is not None and inputs.attendance_trend < 0,
        "other_answers": previous is not None and previous.missing != missing,
    }
    return tuple(say(f"risk.caution.{key}") for key, is_so in holds.items() if is_so)


_DIRECTIONS = {-1: "falling", 0: "steady", 1: "rising"}
