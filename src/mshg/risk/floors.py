"""What lifts a tier whatever the score says, what makes it unknown, and how soon to act.

A floor is a rule of fixed number: nothing that a host sets lowers it, since it stands for what a
clinician would act on. It lifts the tier, never the score or its bounds.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats
from mshg.events.vocabulary import SafetyKind
from mshg.risk.kernels import Columns, blocks
from mshg.risk.parameters import (
    DAYS_A_WEEK,
    ELEVATED,
    GUARDED,
    HIGH,
    NO_TIER,
    UNKNOWN,
    URGENCIES,
)

WEEKS_THAT_LOWER_TOLERANCE = 1
"""Weeks without opioids after which a return to them gets a notice: deaths are most frequent in
the first weeks after release from prison (Merrall 2010); the number is judgment. It is no
parameter, since nothing switches safety off."""

NEWS_DAYS = 30
"""Days without any news after which a tier is unknown."""

LEFT_DAYS = 180
"""Days without a meeting after which somebody has left already: that they may stop coming is no
reason to call (judgment)."""

EXTREME_STRESS = 8
"""Lowest answer, of 10, that is extreme stress (judgment)."""

_LEFT_WEEKS = LEFT_DAYS / DAYS_A_WEEK
_REPEATED = 3

NOTICE_DAYS: Mapping[SafetyKind, float] = {
    SafetyKind.SUICIDAL_THOUGHTS: np.inf,  # never by time alone
    SafetyKind.OVERDOSE: 30,
    SafetyKind.OPIOIDS_WITH_SEDATIVES: 7,
    SafetyKind.OPIOID_LAPSE: 30,
    SafetyKind.WITHDRAWAL: 30,
    SafetyKind.MEDICATION_STOPPED: 30,
    SafetyKind.MEDICATION_CHANGED: 30,
}
"""How many days a notice lasts, if nobody addressed the danger before."""


@frozen(kw_only=True)
class Floor:
    """A rule that lifts a tier.

    Parameters
    ----------
    name
        Its name.
    lapse, disengagement
        Places in `TIERS` of the least tier of each risk; -1 where it lifts none.
    days
        How many days it lasts, the day itself among them.
    source
        What it rests on.
    is_overdose_danger
        Whether it is a danger of overdose, which makes a call urgent.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    name: str
    lapse: int
    disengagement: int = NO_TIER
    days: int
    source: str
    is_overdose_danger: bool = False


FLOORS: tuple[Floor, ...] = (
    Floor(
        name="overdose",
        lapse=HIGH,
        days=30,
        source="1 in 5 deaths of the year after one fall in the first month (Weiner 2020)",
        is_overdose_danger=True,
    ),
    Floor(
        name="opioids_with_sedatives",
        lapse=HIGH,
        days=7,
        source="boxed warning on opioids with sedatives (FDA 2016); days: judgment",
        is_overdose_danger=True,
    ),
    Floor(
        name="opioid_use",
        lapse=HIGH,
        days=30,
        source="deaths after lost tolerance (Merrall 2010); days: judgment",
        is_overdose_danger=True,
    ),
    Floor(
        name="medication_stopped",
        lapse=HIGH,
        disengagement=ELEVATED,
        days=30,
        source="deaths in the month after treatment ends (PSU brief, second hand)",
        is_overdose_danger=True,
    ),
    Floor(
        name="discharge_opioids",
        lapse=HIGH,
        days=30,
        source="drug-related deaths in the weeks after prison (Merrall 2010); others: judgment",
        is_overdose_danger=True,
    ),
    Floor(name="withdrawal", lapse=HIGH, days=30, source="judgment"),
    Floor(name="repeated_use", lapse=HIGH, days=7, source="judgment"),
    Floor(name="losses", lapse=HIGH, days=30, source="judgment"),
    Floor(
        name="discharge",
        lapse=ELEVATED,
        days=30,
        source="most who return to use do so in the first month (Brecht and Herbeck 2014)",
    ),
    Floor(
        name="use",
        lapse=ELEVATED,
        days=7,
        source="past use is the foremost predictor (Wyant 2024); days: judgment",
    ),
    Floor(
        name="stress_and_reluctance",
        lapse=GUARDED,
        disengagement=ELEVATED,
        days=14,
        source="the two signs that SAMHSA 2008 names; days: judgment",
    ),
)
"""Every floor, those with danger of overdose first."""

_DAYS = {floor.name: floor.days for floor in FLOORS}

URGENCY_RULES: tuple[str, ...] = (
    *(f"notice_{kind}" for kind in SafetyKind),
    *(f"floor_{floor.name}" for floor in FLOORS if floor.is_overdose_danger),
    "lapse_tier",
    "disengagement_tier",
    "unknown",
    "nothing",
)
"""What may give an urgency, the first that holds: a notice, a floor with danger of overdose, a
tier of elevated or high, an unknown tier, or nothing of these."""

_KINDS = tuple(SafetyKind)
_LAPSE, _DISENGAGEMENT, _UNKNOWN, _NOTHING = range(len(URGENCY_RULES) - 4, len(URGENCY_RULES))
_URGENCY_OF = np.array(
    [URGENCIES.index("now")] * _LAPSE
    + [URGENCIES.index(word) for word in ("soon", "soon", "find_out", "planned")],
    np.int8,
)

Holds = Booleans | bool  # False where it holds for nobody


class _Block:
    """Inputs of some people, of which any may be missing; a comparison with NaN does not hold.

    What was compared once is kept, since reading a column costs more than all that is made of it.
    """

    def __init__(self, columns: Columns, rows: slice) -> None:
        self._columns = columns
        self._rows = rows
        self._kept: dict[tuple[str, str, float], Holds] = {}

    def _compared(self, name: str, how: str, limit: float) -> Holds:
        key = (name, how, limit)
        if key not in self._kept:
            column = self._columns.get(name)
            if column is None:
                self._kept[key] = False
            else:
                here = column[self._rows]
                self._kept[key] = _COMPARED[how](here, here if how == "known" else limit)
        return self._kept[key]

    def below(self, name: str, limit: float) -> Holds:
        return self._compared(name, "below", limit)

    def above(self, name: str, limit: float) -> Holds:
        return self._compared(name, "above", limit)

    def least(self, name: str, limit: float) -> Holds:
        return self._compared(name, "least", limit)

    def known(self, name: str) -> Holds:
        return self._compared(name, "known", 0)

    def missing(self, name: str) -> Holds:
        return _not(self.known(name))

    def so(self, name: str) -> Holds:
        return self.above(name, 0)


_COMPARED = {
    "below": np.less,
    "above": np.greater,
    "least": np.greater_equal,
    "known": np.equal,
}


def _within(block: _Block, name: str) -> Holds:
    """Whether it was within the days of the floor of that name."""
    return block.below(f"days_since_{name}", _DAYS[name])


def _either(one: Holds, other: Holds) -> Holds:
    if one is False:
        return other
    return one if other is False else one | other


def _both(one: Holds, other: Holds) -> Holds:
    if one is False or other is False:
        return False
    if one is True:
        return other
    return one if other is True else one & other


def _not(one: Holds) -> Holds:
    return not one if isinstance(one, bool) else ~one


def _reported(block: _Block, name: str) -> Holds:
    return _either(block.so(name), _within(block, name))


def _use(block: _Block) -> Holds:
    """A day with use outside the goal; of which that is not known, use counts as outside."""
    of_late = block.below("days_since_use", _DAYS["use"])
    is_outside = _both(of_late, _not(block.least("use_within_goal", 1)))
    return _either(block.least("days_with_use", 1), is_outside)


def _opioid_use(block: _Block) -> Holds:
    """The day of a use outside the goal, or a report of one of which no day is known."""
    has_no_day = _both(
        block.missing("days_since_opioid_use"), block.missing("days_since_opioid_lapse")
    )
    undated = _both(_both(block.so("opioid_lapse"), has_no_day), _not_within(block))
    return _either(_within(block, "opioid_use"), undated)


def _not_within(block: _Block) -> Holds:
    return _not(block.least("use_within_goal", 1))


def _losses(block: _Block) -> Holds:
    """Housing and work lost, craving up and confidence down."""
    changed = _both(block.above("craving_change", 0), block.below("confidence_change", 0))
    return _both(_within(block, "losses"), changed)


def _stress_and_reluctance(block: _Block) -> Holds:
    """Both within the days; where no day is known, both as they stand."""
    stands = _both(block.least("stress", EXTREME_STRESS), block.so("reluctance"))
    undated = _both(block.missing("days_since_stress_and_reluctance"), stands)
    return _either(_within(block, "stress_and_reluctance"), undated)


def _discharge(block: _Block) -> Holds:
    return _within(block, "discharge")


_HOLDS: Mapping[str, Callable[[_Block], Holds]] = {
    "overdose": lambda block: _reported(block, "overdose"),
    "opioids_with_sedatives": lambda block: _reported(block, "opioids_with_sedatives"),
    "opioid_use": _opioid_use,
    "medication_stopped": lambda block: _reported(block, "medication_stopped"),
    "discharge_opioids": lambda block: _both(_discharge(block), block.so("opioid_history")),
    "withdrawal": lambda block: _reported(block, "withdrawal"),
    "repeated_use": lambda block: block.least("days_with_use", _REPEATED),
    "losses": _losses,
    "discharge": _discharge,
    "use": _use,
    "stress_and_reluctance": _stress_and_reluctance,
}


def _notices(block: _Block, people: int) -> list[Booleans]:
    """Which dangers stand, in the order of `SafetyKind`; unknown ones do not.

    A danger of which only the day is known stands for as long as its notice lasts. A return to
    opioids counts where the weeks without them before it are not known: only known weeks below
    `WEEKS_THAT_LOWER_TOLERANCE` leave it out.
    """
    found = []
    for kind in _KINDS:
        by_day = block.below(f"days_since_{kind}", NOTICE_DAYS[kind])
        stands = _either(block.so(kind), _both(block.missing(kind), by_day))
        if kind is SafetyKind.OPIOID_LAPSE:
            known = block.below("weeks_abstinent_before_lapse", WEEKS_THAT_LOWER_TOLERANCE)
            stands = _both(stands, _not(known))
        found.append(np.broadcast_to(stands, people))
    return found


_NEWS = ("use_rate", "stress", "craving", "confidence", "mood", "willingness", "reluctance")
_NEWS_OF_INSTRUMENTS = ("aware", "bam_risk", "phq9", "bam_protective", "barc10")


def _unheard(block: _Block) -> Holds:
    """Whether nothing was heard of late.

    Where nobody said when they were last heard from, any recent answer, meeting, contact, news of
    use or danger is news.
    """
    heard: Holds = False
    for name in (*_NEWS, *_NEWS_OF_INSTRUMENTS):
        heard = _either(heard, block.known(name))
    for name in SafetyKind:
        heard = _either(heard, block.so(name))
    weeks = NEWS_DAYS / DAYS_A_WEEK
    recent = (
        block.below("days_since_use", NEWS_DAYS),
        block.below("weeks_without_meeting", weeks),
        block.below("weeks_without_contact", weeks),
        block.below("days_since_meeting", NEWS_DAYS),
        block.least("days_with_use", 1),
        block.above("meetings_per_week", 0),
        block.above("check_ins_answered", 0),
    )
    for one in recent:
        heard = _either(heard, one)
    stated = _either(block.least("days_since_heard", NEWS_DAYS), False)
    return _either(stated, _both(block.missing("days_since_heard"), _not(heard)))


def standing(columns: Columns, people: int) -> dict[str, Booleans]:
    """Which floors hold, (n,) by name."""
    block = _Block(columns, slice(0, people))
    return {name: np.array(np.broadcast_to(holds(block), people)) for name, holds in _HOLDS.items()}


def unheard(columns: Columns, people: int) -> Booleans:
    """Of whom nothing was heard of late, (n,)."""
    return np.array(np.broadcast_to(_unheard(_Block(columns, slice(0, people))), people))


def notice_days(columns: Columns, safety: Booleans) -> NDArray[np.float64]:
    """Days since each danger that stands, (n, 7); NaN where it does not, or has no day."""
    days = np.full(safety.shape, np.nan)
    for j, kind in enumerate(_KINDS):
        column = columns.get(f"days_since_{kind}")
        if column is not None:
            np.copyto(days[:, j], column, where=safety[:, j])
    return days


def tiers_and_urgency(
    columns: Columns, people: int, points: list[NDArray[np.int8]]
) -> tuple[list[NDArray[np.int8]], NDArray[np.int8], Booleans]:
    """The tier of each risk (n,), the rule of the urgency (n,), the dangers that stand (n, 7).

    A floor comes before unknown, and unknown before points.
    """
    tiers = [of_risk.copy() for of_risk in points]
    rules = np.full(people, _NOTHING, np.int8)
    safety = np.empty((len(_KINDS), people), bool)
    for rows in blocks(people):
        block = _Block(columns, rows)
        holds = {name: rule(block) for name, rule in _HOLDS.items()}
        nothing_heard = _unheard(block)
        here = [tier[rows] for tier in tiers]
        for tier, risk in zip(here, ("lapse", "disengagement"), strict=True):
            is_lifted: Holds = False
            for floor in FLOORS:
                if getattr(floor, risk) > NO_TIER:
                    is_lifted = _either(is_lifted, holds[floor.name])
                    _lift(tier, holds[floor.name], getattr(floor, risk))
            unknown = _both(nothing_heard, _not(is_lifted))
            np.putmask(tier, np.broadcast_to(unknown, tier.shape), UNKNOWN)
        for j, stands in enumerate(_notices(block, len(here[0]))):
            safety[j, rows] = stands
        for rule, is_so in _rules(block, holds, safety[:, rows], *here):
            _lower(rules[rows], is_so, rule)
    return tiers, rules, safety.T


def _lift(tier: NDArray[np.int8], holds: Holds, least: int) -> None:
    """Raise a tier where a floor holds, by arithmetic: ``where=`` takes many times as long."""
    if holds is not False:
        np.maximum(tier, np.multiply(np.asarray(holds).view(np.int8), np.int8(least)), out=tier)


def _lower(rules: NDArray[np.int8], holds: Holds, rule: int) -> None:
    """Keep the rule that comes first, where it holds."""
    if holds is not False:
        first = np.multiply(np.asarray(holds).view(np.int8), np.int8(rule - _NOTHING))
        np.minimum(rules, np.add(first, np.int8(_NOTHING)), out=rules)


def _rules(
    block: _Block,
    holds: Mapping[str, Holds],
    safety: Booleans,
    lapse: NDArray[np.int8],
    disengagement: NDArray[np.int8],
) -> Iterator[tuple[int, Holds]]:
    """Where each rule of the urgency holds, by its place in `URGENCY_RULES`."""
    yield from enumerate(safety)
    dangers = (floor.name for floor in FLOORS if floor.is_overdose_danger)
    yield from enumerate((holds[name] for name in dangers), start=len(_KINDS))
    has_left = _either(
        block.least("days_since_meeting", LEFT_DAYS),
        _both(
            block.missing("days_since_meeting"), block.least("weeks_without_meeting", _LEFT_WEEKS)
        ),
    )
    yield _LAPSE, lapse >= ELEVATED
    yield _DISENGAGEMENT, _both(disengagement >= ELEVATED, _not(has_left))
    yield _UNKNOWN, (lapse == UNKNOWN) | (disengagement == UNKNOWN)


def urgencies(rules: NDArray[np.int8]) -> NDArray[np.int8]:
    """The urgency that each rule gives, as places in `URGENCIES`."""
    return _URGENCY_OF[rules]


def call_order(
    columns: Columns,
    rules: NDArray[np.int8],
    safety: Booleans,
    scores: tuple[Floats, Floats],
) -> NDArray[np.intp]:
    """Row numbers: urgency, the most urgent notice, the newest danger, the scores; ties by row.

    A danger of which no day is known counts as today's.
    """
    has_notice = safety.any(axis=1)
    worst = np.where(has_notice, safety.argmax(axis=1), len(_KINDS))
    newest = np.full(len(rules), np.inf)
    days = notice_days(columns, safety)
    for j in range(len(_KINDS)):
        np.minimum(newest, np.nan_to_num(days[:, j], nan=0), out=newest, where=safety[:, j])
    in_danger = ~has_notice & (rules < _LAPSE)
    for name in _DAYS_OF_DANGER:
        if name in columns:
            np.fmin(newest, columns[name], out=newest, where=in_danger)
    larger, smaller = np.maximum(*scores), np.minimum(*scores)
    return np.lexsort((-smaller, -larger, newest, worst, urgencies(rules)))


_DAYS_OF_DANGER = (
    *("days_since_overdose", "days_since_opioids_with_sedatives", "days_since_opioid_use"),
    *("days_since_medication_stopped", "days_since_discharge"),
)
