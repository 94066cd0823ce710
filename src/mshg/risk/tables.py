"""From events as columns to the inputs of risk, for many people at once."""

from collections.abc import Iterable
from datetime import date, datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import Floats, Indices
from mshg._checks import broken, enforce, instance
from mshg._rows import days, to_days
from mshg.engagement import EventColumns, summarize_table
from mshg.events import EnvironmentChange, EventKind, Question
from mshg.events.kinds import Score
from mshg.events.tables import EventTable
from mshg.risk.inputs import RiskColumns
from mshg.risk.parameters import DAYS_A_WEEK
from mshg.risk.signs import MOST_DAYS, RANGES
from mshg.risk.states import RECENT_DAYS, RECENT_SCORE_DAYS, RELUCTANT_TO

_ANSWERS = ("stress", "craving", "confidence", "mood", "willingness")
_CHANGES = ("craving", "confidence")
_TOTALS = {
    "aware": Score.AWARE,
    "bam_risk": Score.BAM_RISK,
    "bam_protective": Score.BAM_PROTECTIVE,
    "phq9": Score.PHQ9,
    "barc10": Score.BARC10,
}
_CONTACTS = (
    *(EventKind.ATTENDED, EventKind.CHECK_IN_ANSWERED, EventKind.CONTACT),
    EventKind.FOLLOW_UP_REACHED,
)
_HEARD = (
    *_CONTACTS,
    *(EventKind.TEST_POSITIVE, EventKind.TEST_NEGATIVE, EventKind.TEST_MIXED, EventKind.USE),
    *(EventKind.SUICIDAL_THOUGHTS, EventKind.OVERDOSE, EventKind.WITHDRAWAL, EventKind.SCORE),
)
_AREAS = (EventKind.HOUSING, EventKind.WORK, EventKind.ACTIVITY)
_LOST = list(EnvironmentChange).index(EnvironmentChange.LOST)
_WILLINGNESS = list(Question).index(Question.WILLINGNESS)


def columns_from_table(
    table: EventTable, *, as_of: int | date | datetime | np.datetime64 | ArrayLike
) -> RiskColumns:
    """What a table of events tells of risk, as `RiskInputs.from_state` has it for one person.

    These inputs are those of the records, to the last bit: ``silence``, ``check_ins_answered``,
    ``discomfort``, ``attendance_trend``, ``meetings_per_week``, ``involvement``,
    ``days_in_program``, ``days_since_meeting``, ``weeks_without_meeting``,
    ``weeks_without_contact``, ``days_since_heard``, the five answers and the two changes,
    ``reluctance``, ``environment_losses``, and totals of instruments.

    All others stay not known, **use, missed contacts and the dangers among them**: whether
    medication explains a test, and whether a danger was addressed, needs the records, so nobody's
    safety may rest on a table. Add what else you know by making a `RiskColumns` of these and your
    own arrays.

    Parameters
    ----------
    table
        The events, n people.
    as_of
        The last day of which answers count, as for `mshg.engagement.summarize_table`; or one for
        each person (n,). A total out of its range is left out.

    Raises
    ------
    ValidationError
        Arguments of other types and shapes.

    See ``docs/explanation/risk-model-and-limits.md``.

    Examples
    --------
    >>> from mshg import risk
    >>> from mshg.events import EventTable
    >>> table = EventTable(person=[0, 0], day=[1, 8], kind="craving", value=[2.0, 7.0])
    >>> columns = risk.columns_from_table(table, as_of=10)
    >>> columns["craving"], columns["craving_change"]
    (array([7.]), array([5.]))
    """
    enforce(table=instance(EventTable)(table))
    today = to_days(as_of)  # type: ignore[arg-type]
    rule = "must be a day, or one for each person"
    is_shaped = today.shape in ((), (table.n_people,))
    enforce(as_of=days(today) if is_shaped else broken(rule, code="wrong_shape"))
    log = _Log(table, np.broadcast_to(today.astype(np.int64), (table.n_people,)))
    found = _taking_part(table, log) | _answers(log) | _losses(log) | _totals(log)
    return RiskColumns(n_people=table.n_people, **found)


class _Log:
    """The rows up to each person's day, by kind."""

    def __init__(self, table: EventTable, today: NDArray[np.int64]) -> None:
        self._table = table
        self.today = today
        self.n = table.n_people

    def rows(self, kind: EventKind, code: int | None = None) -> Indices:
        """Places of the rows of a kind, in their order."""
        table = self._table
        found = np.flatnonzero(table.kind == kind)
        if code is not None:
            found = found[table.code[found] == code]
        is_known = table.day[found] <= self.today[table.person[found]]
        known: Indices = found[is_known]
        return known

    def last(self, rows: Indices) -> Indices:
        """The place of each person's last among these rows; -1 for none."""
        place = np.full(self.n, -1)
        place[self._table.person[rows]] = rows  # of several, the last stays
        return place

    def first(self, rows: Indices) -> Indices:
        """The place of each person's first among these rows; -1 for none."""
        return self.last(rows[::-1])

    def latest(self, kinds: Iterable[EventKind]) -> Floats:
        """Days since the latest day with any of these kinds; NaN for none."""
        table = self._table
        rows = np.flatnonzero(np.isin(table.kind, list(kinds)))
        rows = rows[table.day[rows] <= self.today[table.person[rows]]]
        none = np.iinfo(np.int64).min
        day = np.full(self.n, none)
        np.maximum.at(day, table.person[rows], table.day[rows])
        since = np.minimum(self.today - day.astype(float), MOST_DAYS)
        return np.where(day == none, np.nan, since)

    def value(self, place: Indices) -> Floats:
        """The value at each place; NaN for none."""
        return self._at(self._table.value, place)

    def code(self, place: Indices) -> Floats:
        """The code at each place; NaN for none."""
        return self._at(self._table.code, place)

    def age(self, place: Indices) -> Floats:
        """Days from each place to the person's day; NaN for none."""
        return np.minimum(self.today - self._at(self._table.day, place), MOST_DAYS)

    def _at(self, column: NDArray[np.generic], place: Indices) -> Floats:
        found = np.full(len(place), np.nan)
        has = place >= 0
        found[has] = column[place[has]]
        return found


def _taking_part(table: EventTable, log: _Log) -> dict[str, Floats]:
    measured = summarize_table(EventColumns.from_table(table), as_of=log.today)
    went = measured.attendances > 0
    last_met = log.age(log.last(log.rows(EventKind.ATTENDED)))
    return {
        "days_since_meeting": last_met,
        "weeks_without_meeting": last_met // DAYS_A_WEEK,
        "weeks_without_contact": log.latest(_CONTACTS) // DAYS_A_WEEK,
        "days_since_heard": _since_heard(log),
        "silence": measured.silence,
        "check_ins_answered": measured.check_ins_answered_share,
        "discomfort": measured.first_discomfort,
        "attendance_trend": np.where(went, measured.trend_28_days, np.nan),
        "meetings_per_week": np.where(went, measured.meetings_per_week, np.nan),
        "involvement": np.where(went, measured.involvement, np.nan),
        "days_in_program": log.age(log.first(log.rows(EventKind.ATTENDED))),
    }


def _since_heard(log: _Log) -> Floats:
    """Days since they were last heard from; all that an input holds where they never were."""
    heard, anything = log.latest(_HEARD), log.latest(EventKind)
    return np.where(np.isnan(heard) & ~np.isnan(anything), MOST_DAYS, heard)


def _answers(log: _Log) -> dict[str, Floats]:
    """Recent answers, and the change since the answer before."""
    found: dict[str, Floats] = {}
    for name in _ANSWERS:
        rows = log.rows(EventKind[name.upper()])
        last = log.last(rows)
        is_recent = log.age(last) < RECENT_DAYS
        found[name] = np.where(is_recent, log.value(last), np.nan)
        if name in _CHANGES:
            before = log.value(log.last(rows[~np.isin(rows, last)]))
            found[f"{name}_change"] = found[name] - before
    asked = log.rows(EventKind.WILLINGNESS)
    declined = log.rows(EventKind.QUESTION_DECLINED, _WILLINGNESS)
    has_declined = log.last(declined) > log.last(asked)
    reluctant = np.where(
        np.isnan(found["willingness"]), np.nan, found["willingness"] <= RELUCTANT_TO
    )
    found["reluctance"] = np.where(has_declined, 1.0, reluctant)
    return found


def _losses(log: _Log) -> dict[str, Floats]:
    """Areas of daily life of which the last that is known is a recent loss."""
    last = [log.last(log.rows(kind)) for kind in _AREAS]
    lost = [(log.code(place) == _LOST) & (log.age(place) < RECENT_SCORE_DAYS) for place in last]
    is_known = np.any([place >= 0 for place in last], axis=0)
    return {"environment_losses": np.where(is_known, np.sum(lost, axis=0), np.nan)}


def _totals(log: _Log) -> dict[str, Floats]:
    """Recent totals of instruments, in their range."""
    found: dict[str, Floats] = {}
    for name, score in _TOTALS.items():
        last = log.last(log.rows(EventKind.SCORE, list(Score).index(score)))
        value, (low, high) = log.value(last), RANGES[name]
        fits = (log.age(last) < RECENT_SCORE_DAYS) & (value >= low) & (value <= high)
        found[name] = np.where(fits, value, np.nan)
    return found
