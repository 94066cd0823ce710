"""What is known of a person, or of many, when a risk is assessed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from numbers import Real
from typing import Any, Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import MOST_SHOWN
from mshg._checks import (
    Broken,
    boolean,
    broken,
    day,
    each,
    enforce,
    entries,
    instance,
    number,
    one_of,
    optional,
    whole,
)
from mshg._conversions import to_float, to_tuple, to_word
from mshg._mappings import FrozenMapping
from mshg.domain import Goal
from mshg.engagement import EngagementSummary
from mshg.errors import Problem, ValidationError
from mshg.events import PersonState
from mshg.risk.evidence import Evidence
from mshg.risk.signs import RANGES, WHETHER
from mshg.risk.states import values_of_state

_MOST_PEOPLE = 100_000_000  # a column of them takes 800 MB


def _number(value: float | None) -> float | None:
    return None if value is None else to_float(value)


def _truth(value: bool | None) -> bool | None:
    return bool(value) if isinstance(value, np.bool_) else value


def _goal(value: str | None) -> Goal | None:
    return None if value is None else to_word(Goal, value)


def _amount() -> Any:
    return field(default=None, converter=_number)


def _whether() -> Any:
    return field(default=None, converter=_truth)


def _evidence(value: Mapping[str, "Evidence"]) -> Mapping[str, "Evidence"]:
    return FrozenMapping(value) if isinstance(value, Mapping) else value


def _words(value: Iterable[str]) -> tuple[str, ...]:
    return to_tuple(value)


INPUT_CAUTIONS = ("later_records", "out_of_range", "clock")
"""What may keep a record out of an assessment: it is dated later than the day, a total lies outside
of its range, or the clock that dated it was wrong."""


STRENGTHS: dict[str, str | None] = {
    "abstinent": "days",
    "within_goal": None,
    "meetings_kept": "meetings",
    "goals_met": "goals",
}
"""What may go well beside the signs that help, with the unit of its value."""


@frozen(kw_only=True, repr=False)
class RiskInputs:
    """What is known of one person. Everything may be None: not known, not asked, or declined.

    Gender, ethnicity and income are no inputs.

    Parameters
    ----------
    goal
        What they want of their own use. Abstinence means that no use lies within the goal, where
        ``use_within_goal`` is not given.
    use_rate
        Share of recent weeks with use, 0 to 1, a week counting half after fourteen days more.
    use_within_goal
        Share of that use which was within their own goal, 0 to 1. It is no lapse.
    days_since_use
        Days since the last use, 0 to 36,525.
    abstinent_weeks
        Weeks since then that are known to be without use, 0 to 5,218.
    missed_rate
        Share of planned contacts, tests and meetings that were missed, 0 to 1, decayed as
        ``use_rate``.
    weeks_without_meeting
        Whole weeks in a row, up to now, without a meeting, 0 to 5,218.
    weeks_without_contact
        The same without a meeting, an answered check-in, a talk with a supporter or a follow-up
        that reached them.
    attendance_trend
        Meetings or contacts in the last 28 days less those in the 28 before, -1,000 to 1,000.
    days_in_program
        Days since the first meeting or contact, 0 to 36,525.
    silence
        How surprising the present gap is against their own gaps, 0 to 1.
    check_ins_answered
        Share of check-ins answered, 0 to 1.
    discomfort
        Discomfort at the first meetings, 0 to 10.
    reluctance
        Whether they are reluctant to talk about the group.
    stress, craving, confidence, mood, willingness
        Answers of the last check-in, 0 to 10. Stress is a sign above 5, and in full at 10, which is
        extreme stress; a high mood is a good one.
    craving_change, confidence_change
        The last answer less the one before, -10 to 10.
    people_who_use
        People around them who use, 0 to 1,000.
    environment_losses
        Housing, work or an activity lost of late, 0 to 100.
    prior_episodes
        Treatment episodes before this one, 0 to 1,000.
    aware, bam_risk, phq9, bam_protective, barc10
        Totals as `mshg.risk.instruments` gives them: 28 to 196, 0 to 24, 0 to 27, 0 to 24,
        10 to 60.
    meetings_per_week
        Meetings a week of late, 0 to 100.
    involvement
        How far they take part beyond coming, 0 to 1.
    recovery_supporters
        People around them who support recovery, 0 to 1,000.
    boundaries
        Whether they have set boundaries toward people who use.
    in_treatment, on_medication
        Whether they are in formal treatment; take medication for addiction.
    medication_stopped
        Whether medication for opioid use disorder was stopped of late, and none is taken instead.
    medication_changed
        Whether one such medication was stopped of late, and another is taken.
    suicidal_thoughts, overdose, withdrawal
        Whether thoughts of suicide, an overdose, or withdrawal from alcohol, benzodiazepines or
        other sedatives were reported.
    opioid_lapse
        Whether opioids were used of late.
    weeks_abstinent_before_lapse
        Weeks without opioids before that, 0 to 5,218.
    opioids_with_sedatives
        Whether opioids, or a medication that is one, were taken together with alcohol or a
        sedative of late.
    days_since_suicidal_thoughts, days_since_overdose, days_since_opioids_with_sedatives
    days_since_opioid_lapse, days_since_withdrawal, days_since_medication_stopped
    days_since_medication_changed
        Days since each of these dangers was reported, 0 to 36,525. A danger of which only the day
        is given stands for as long as its notice lasts; False says that it was addressed.
    days_with_use
        Days of the last seven, 0 to 7, with use outside the goal, a positive test that no
        medication of their own explains, or "not abstinent".
    days_since_opioid_use
        Days since the last use of opioids outside the goal, or such a test, 0 to 36,525.
    days_since_discharge
        Days since they left detoxification, residential treatment, a hospital or prison, or
        formal treatment, 0 to 36,525.
    opioid_history
        Whether opioids are among what they used or were treated for.
    days_since_stress_and_reluctance
        Days since both extreme stress and reluctance to talk about the group were known, 0 to
        36,525.
    days_since_losses
        Days since both housing and work were lost, and neither gained again, 0 to 36,525.
    days_since_meeting
        Days since the last meeting, 0 to 36,525.
    days_since_heard
        Days since they were last heard from, 0 to 36,525: a meeting, an answered check-in or
        questionnaire, a test, a contact that reached them, a report of use or danger. Where it is
        not known, the other inputs tell whether anything was heard of late.
    as_of
        The day of all this; None where no day is known.
    evidence
        What an input rests on, by its name, so that sentences can say more than the number; and
        what goes well, by the names of `STRENGTHS`.
    cautions
        What could not be read, as words of `INPUT_CAUTIONS`.

    Raises
    ------
    ValidationError
        Values out of range or of another kind, all at once; never the values themselves.

    See ``docs/explanation/risk-model-and-limits.md``.

    Examples
    --------
    >>> from mshg import risk
    >>> risk.RiskInputs(craving=7, weeks_without_contact=2)
    RiskInputs(…)
    """

    goal: Goal | None = field(default=None, converter=_goal)
    use_rate: float | None = _amount()
    use_within_goal: float | None = _amount()
    days_since_use: float | None = _amount()
    abstinent_weeks: float | None = _amount()
    missed_rate: float | None = _amount()
    weeks_without_meeting: float | None = _amount()
    weeks_without_contact: float | None = _amount()
    attendance_trend: float | None = _amount()
    days_in_program: float | None = _amount()
    silence: float | None = _amount()
    check_ins_answered: float | None = _amount()
    discomfort: float | None = _amount()
    reluctance: bool | None = _whether()
    stress: float | None = _amount()
    craving: float | None = _amount()
    craving_change: float | None = _amount()
    confidence: float | None = _amount()
    confidence_change: float | None = _amount()
    mood: float | None = _amount()
    willingness: float | None = _amount()
    people_who_use: float | None = _amount()
    environment_losses: float | None = _amount()
    prior_episodes: float | None = _amount()
    aware: float | None = _amount()
    bam_risk: float | None = _amount()
    phq9: float | None = _amount()
    meetings_per_week: float | None = _amount()
    involvement: float | None = _amount()
    recovery_supporters: float | None = _amount()
    boundaries: bool | None = _whether()
    in_treatment: bool | None = _whether()
    on_medication: bool | None = _whether()
    bam_protective: float | None = _amount()
    barc10: float | None = _amount()
    medication_stopped: bool | None = _whether()
    medication_changed: bool | None = _whether()
    suicidal_thoughts: bool | None = _whether()
    overdose: bool | None = _whether()
    withdrawal: bool | None = _whether()
    opioid_lapse: bool | None = _whether()
    weeks_abstinent_before_lapse: float | None = _amount()
    opioids_with_sedatives: bool | None = _whether()
    days_since_suicidal_thoughts: float | None = _amount()
    days_since_overdose: float | None = _amount()
    days_since_opioids_with_sedatives: float | None = _amount()
    days_since_opioid_lapse: float | None = _amount()
    days_since_withdrawal: float | None = _amount()
    days_since_medication_stopped: float | None = _amount()
    days_since_medication_changed: float | None = _amount()
    days_with_use: float | None = _amount()
    days_since_opioid_use: float | None = _amount()
    days_since_discharge: float | None = _amount()
    opioid_history: bool | None = _whether()
    days_since_stress_and_reluctance: float | None = _amount()
    days_since_losses: float | None = _amount()
    days_since_meeting: float | None = _amount()
    days_since_heard: float | None = _amount()
    as_of: date | None = None
    evidence: Mapping[str, Evidence] = field(factory=FrozenMapping, converter=_evidence)
    cautions: tuple[str, ...] = field(default=(), converter=_words)

    def __repr__(self) -> str:
        return "RiskInputs(…)"

    def __attrs_post_init__(self) -> None:
        wrong = {name: optional(_rule(name))(getattr(self, name)) for name in RANGES}
        enforce(
            goal=optional(one_of(Goal))(self.goal),
            as_of=optional(day)(self.as_of),
            evidence=entries(_input, instance(Evidence))(self.evidence),
            cautions=each(_caution, tuple)(self.cautions),
            **wrong,
        )

    @classmethod
    def from_state(
        cls,
        state: PersonState,
        engagement: EngagementSummary | None,
        *,
        as_of: int | date | datetime | np.datetime64,
    ) -> Self:
        """Take what a person's events come to, as known on a day.

        What they can't tell stays None, for which there is `attrs.evolve`: ``prior_episodes``,
        since a state knows of nothing before it. ``use_rate`` is over the last eight weeks, where
        use or abstinence is known of four of them; ``missed_rate`` is the share of the days with a
        meeting, test or follow-up on which all were missed, in those weeks. ``reluctance`` is true
        where they declined to be asked about talking of the group, or their willingness to was 3 of
        10 or less. An answer above 0 to ``item_9`` of ``phq9`` is a report of thoughts of suicide.
        Use of a substance that is not named counts as use of opioids where the events tell of
        opioids elsewhere, and so does a positive test for them where no use is known. Answers and
        dangers count for four weeks, totals of instruments (``aware``, ``bam`` with ``risk`` and
        ``protective``, ``phq9``, ``barc10``) and losses for ninety days.

        Parameters
        ----------
        state
            State of the person, by `mshg.events.replay`.
        engagement
            Summary of the same day, by `mshg.engagement.summarize`; None if there is none.
        as_of
            The day, not before the state's last event, as `mshg.engagement.summarize` takes it.

        Raises
        ------
        ValidationError
            Other types, an earlier day, a summary of another day, or totals out of range.

        Examples
        --------
        >>> from datetime import date
        >>> from mshg import events, risk
        >>> state = events.PersonState(
        ...     use=events.UseState(last_use_on=date(2026, 11, 1), goal="abstinence")
        ... )
        >>> risk.RiskInputs.from_state(state, None, as_of=date(2026, 11, 24)).days_since_use
        23.0
        """
        return cls(**values_of_state(state, engagement, as_of))


def _input(value: object) -> Broken:
    is_known = value in RANGES or value in STRENGTHS or value == "sedatives_within_goal"
    return (
        ()
        if is_known
        else broken("is not the name of an input or a strength", code="unknown_field")
    )


def _caution(value: object) -> Broken:
    return (
        ()
        if value in INPUT_CAUTIONS
        else broken("is not a word for what can't be read", code="not_one_of")
    )


def _rule(name: str) -> Callable[[object], Broken]:
    low, high = RANGES[name]
    return boolean if name in WHETHER else lambda value: number(value, low, high)


class RiskColumns(Mapping[str, NDArray[Any]]):
    """The inputs of n people, as read-only arrays (n,) by the names of `RiskInputs`.

    Numbers with NaN or None for not known; what is true or false as 1 and 0, or as booleans. The
    arrays given are kept, not copied: leave them unchanged.

    Parameters
    ----------
    n_people
        How many people; needed only where no array is given.
    goal
        Words of `Goal` (n,), or None for not known. It is kept as ``use_within_goal``, 0 where the
        goal is abstinence and nothing else is given.
    **arrays
        One array (n,) for each input that is known of anybody.

    Raises
    ------
    ValidationError
        Names that are no inputs, other shapes and dtypes, and values out of range with their rows.

    See ``docs/explanation/risk-model-and-limits.md``.

    Examples
    --------
    >>> import numpy as np
    >>> from mshg import risk
    >>> columns = risk.RiskColumns(craving=np.array([7, np.nan]), weeks_without_contact=[0, 3])
    >>> columns, list(columns)
    (RiskColumns(2 people, 2 inputs), ['weeks_without_contact', 'craving'])
    """

    # What a repr needs is there from the start: reporters show objects that are half built.
    n_people: int = 0
    _arrays: Mapping[str, NDArray[Any]] = FrozenMapping({})

    def __init__(
        self,
        *,
        n_people: int | None = None,
        goal: Iterable[str | None] | None = None,
        **arrays: ArrayLike,
    ) -> None:
        goals = None if goal is None else _goals(goal)
        enforce(
            n_people=optional(lambda n: whole(n, 0, _MOST_PEOPLE))(n_people),
            goal=optional(each(optional(one_of(Goal)), tuple))(goals),
        )
        taken = {name: _column(values) for name, values in arrays.items()}
        sizes = [len(given) for given in (goals, *taken.values()) if given is not None]
        self.n_people = max(sizes, default=0) if n_people is None else int(n_people)
        problems = [p for name in taken for p in _problems(name, taken[name], self.n_people)]
        if goals is not None and len(goals) != self.n_people:
            problems.append(
                Problem("$.goal", f"must be words ({self.n_people},)", code="wrong_shape")
            )
        if problems:
            raise ValidationError(problems)
        known = {name: column for name, column in taken.items() if column is not None}
        if goals is not None and Goal.ABSTINENCE in goals:
            known["use_within_goal"] = _within(goals, known.get("use_within_goal"))
        self._arrays = {name: known[name].view() for name in RANGES if name in known}
        for view in self._arrays.values():  # the host's own arrays stay writable
            view.flags.writeable = False

    @classmethod
    def from_inputs(cls, inputs: Iterable[RiskInputs]) -> Self:
        """Take the inputs of people, one row each."""
        given = to_tuple(inputs)
        enforce(inputs=each(instance(RiskInputs), tuple)(given))
        rows = {name: [getattr(one, name) for one in given] for name in RANGES}
        arrays = {
            name: np.array(row, np.float64)
            for name, row in rows.items()
            if any(value is not None for value in row)
        }
        return cls(n_people=len(given), goal=[one.goal for one in given], **arrays)

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __repr__(self) -> str:
        return f"RiskColumns({self.n_people} people, {len(self)} inputs)"


def _goals(values: Iterable[str | None]) -> tuple[Goal | None, ...]:
    found = to_tuple(values)
    return tuple(map(_goal, found)) if isinstance(found, tuple) else found


def _within(goals: tuple[Goal | None, ...], given: NDArray[Any] | None) -> NDArray[np.float64]:
    """Where it is not given, no use lies within a goal of abstinence."""
    known = np.full(len(goals), np.nan) if given is None else given.astype(np.float64)
    is_abstinence = np.array([goal is Goal.ABSTINENCE for goal in goals], bool)
    return np.where(np.isnan(known) & is_abstinence, 0.0, known)


def _column(values: ArrayLike) -> NDArray[Any] | None:
    """An array (n,) of numbers or booleans, else None."""
    if isinstance(values, np.ma.MaskedArray):
        return None
    try:
        array = np.asarray(values)
        if array.dtype.kind == "O" and all(v is None or isinstance(v, Real) for v in array.flat):
            array = array.astype(np.float64)  # None becomes NaN
    except (ValueError, OverflowError):  # ragged, or whole numbers that no float can hold
        return None
    return array if array.ndim == 1 and array.dtype.kind in "fiub" else None


def _problems(name: str, column: NDArray[Any] | None, people: int) -> list[Problem]:
    """What is wrong with a column: its name, its shape, or some of its rows."""
    if name not in RANGES:
        return [
            Problem(
                f"$.{name}", "is not the name of an input", code="not_one_of", allowed=tuple(RANGES)
            )
        ]
    if column is None or len(column) != people:
        rule = f"must be an array of numbers ({people},), NaN or None for not known, no mask"
        return [Problem(f"$.{name}", rule, code="wrong_shape")]
    low, high = RANGES[name]
    if not len(column) or (np.fmin.reduce(column) >= low and np.fmax.reduce(column) <= high):
        return []
    inside = (column >= low) & (column <= high)
    wrong = np.flatnonzero(~(inside | (column != column)))[:MOST_SHOWN].tolist()  # noqa: PLR0124 (NaN)
    rule = f"must be from {low:g} to {high:g}, or NaN for not known"
    return [Problem(f"$.{name}[{i}]", rule, "out_of_range", (low, high)) for i in wrong]
