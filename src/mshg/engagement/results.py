"""What engagement gives back for many people."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices
from mshg._columns import Missing, alike, column, with_missing
from mshg._results import Result
from mshg.engagement import kernels
from mshg.engagement.columns import EventColumns
from mshg.engagement.kernels import Keys
from mshg.engagement.parameters import METHOD_VERSION, EngagementParameters, StageRule
from mshg.engagement.records import Kind

FOUR_WEEKS = 28
FIRST_DAYS = 90

_PARTS = {
    "sponsor": (Kind.SPONSOR_TAKEN, Kind.SPONSOR_LEFT),
    "home_group": (Kind.HOME_GROUP_TAKEN, Kind.HOME_GROUP_LEFT),
    "service": (Kind.SERVICE_TAKEN, Kind.SERVICE_LEFT),
}
_PRACTICES = (Kind.STEP, Kind.READING, Kind.CONTACT)
_INVOLVEMENT = frozenset((*(kind for pair in _PARTS.values() for kind in pair), *_PRACTICES))
_NO_NEWS = frozenset((Kind.MISSED, Kind.CHECK_IN_UNANSWERED, Kind.QUESTION_UNANSWERED))
_NEWS = frozenset(Kind) - _NO_NEWS - {Kind.NONE}


class EngagementTable(Result):
    """Engagement of n people; made by `summarize_table`.

    Each column is an array (n,), computed when it is first read and kept. Arrays can't be written
    to. A window of k days holds ``as_of - k < day <= as_of``; later events are ignored. A count is
    a count of records and never missing: 0 is no record, and no record is no proof that nothing
    happened. A measure that can't be known is NaN, or an empty string.
    """

    def __init__(
        self, columns: EventColumns, as_of: int, n_people: int, parameters: EngagementParameters
    ) -> None:
        self._columns = columns
        self._after = as_of + 1  # the first day that does not count; kernels count ages from it
        self._n = n_people
        self._parameters = parameters
        self._span = kernels.span_of(self._after - int(columns.day.min()) if len(columns) else 0)
        self._has_later = bool(len(columns)) and int(columns.day.max()) > as_of
        self._packed: dict[frozenset[int], tuple[Keys, Indices]] = {}
        self.method_version: str = METHOD_VERSION

    def __len__(self) -> int:
        return self._n

    def __repr__(self) -> str:
        return f"EngagementTable({len(self)} people)"

    @classmethod
    def concat(cls, tables: Iterable["EngagementTable"]) -> "EngagementTable":
        """Put tables of other people together, row after row.

        Columns are put together of those of the tables, which are kept for it.

        Raises
        ------
        ValidationError
            Tables of other parameters.
        """
        parts = alike(cls, tables, "tables", ("_parameters", "method_version"))
        made = object.__new__(cls)
        made._n = sum(map(len, parts))
        made._parameters = parts[0]._parameters  # noqa: SLF001
        made.method_version = parts[0].method_version
        vars(made)["_parts"] = parts
        return made

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """Give every column by name.

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        return with_missing({name: getattr(self, name) for name in COLUMNS}, missing)

    def _content(self) -> dict[str, Any]:
        return {"method_version": self.method_version, **self.columns()}

    # Taking part in meetings.

    @column
    def attendances(self) -> Indices:
        """Meetings attended. Two on one day are two."""
        return kernels.counts(self._attended[1])

    @column
    def attendances_7_days(self) -> Indices:
        """Meetings attended in the last 7 days."""
        return self._within(Kind.ATTENDED, 7)

    @column
    def attendances_30_days(self) -> Indices:
        """Meetings attended in the last 30 days."""
        return self._within(Kind.ATTENDED, 30)

    @column
    def attendances_90_days(self) -> Indices:
        """Meetings attended in the last 90 days."""
        return self._within(Kind.ATTENDED, 90)

    @column
    def meetings_per_week(self) -> Floats:
        """Meetings a week over the last 28 days, for newcomers too; never missing."""
        return self._within(Kind.ATTENDED, FOUR_WEEKS) / (FOUR_WEEKS / kernels.DAYS_A_WEEK)

    @column
    def weeks_in_a_row(self) -> Indices:
        """Weeks with at least one meeting, counted back from ``as_of`` without a break."""
        return kernels.weeks_in_a_row(*self._attended, self._span)

    @column
    def decayed_per_week(self) -> Floats:
        """Meetings a week, each counting half as much per half-life of its age; never missing."""
        return self._decayed(self._parameters.half_life_days)

    @column
    def pace_change_per_week(self) -> Floats:
        """The decayed rate less that of the long half-life, in meetings a week.

        Above 0 where somebody goes more often than they used to; never missing.
        """
        return self.decayed_per_week - self._decayed(self._parameters.long_half_life_days)

    @column
    def trend_28_days(self) -> Indices:
        """Meetings in the last 28 days less those in the 28 before; never missing."""
        last = self._within(Kind.ATTENDED, FOUR_WEEKS)
        return 2 * last - self._within(Kind.ATTENDED, 2 * FOUR_WEEKS)

    @column
    def weekly_variance(self) -> Floats:
        """Sample variance of meetings a week, (meetings a week)².

        Over whole weeks counted back from ``as_of`` to the one of the first meeting; weeks without
        a meeting count as 0. NaN where there are less than two weeks.
        """
        return kernels.weekly_variances(*self._attended, self._span)

    # Staying away from them.

    @column
    def days_since_last(self) -> Floats:
        """Days since the last meeting, 0 for one of ``as_of``; NaN where none was attended."""
        return kernels.last_ages(*self._attended, self._span) - 1

    @column
    def longest_gap_days(self) -> Floats:
        """Most days between one day with a meeting and the next, without the present gap.

        NaN where there were less than two such days.
        """
        return kernels.longest_gaps(*self._attended)

    @column
    def usual_gap_days(self) -> Floats:
        """Median days between one day with a meeting and the next, without the present gap.

        NaN where there were fewer such gaps than ``least_gaps``.
        """
        return kernels.median_gaps(*self._gaps, self._span, self._parameters.least_gaps)

    @column
    def silence(self) -> Floats:
        """How surprising the present gap is against the person's own, 0 to below 1.

        Their gaps that were shorter than the present one, and half of those as long, over the
        number of their gaps and 1. It is no probability. NaN as with `usual_gap_days`.
        """
        gaps, starts = self._gaps
        least = self._parameters.least_gaps
        return kernels.silences(gaps, starts, self._span, self.days_since_last, least)

    @column
    def still_engaged(self) -> Floats:
        """What share of people with such a history still take part, 0 to 1, as the model has it.

        The modified BG/NBD model, over days with a meeting and the numbers of a population, which
        are judgment: a score, until you have compared it with your own outcomes. NaN where no
        meeting was attended.
        """
        keys, starts = self._days
        first = kernels.first_ages(keys, starts, self._span) - 1
        given = self._parameters
        return kernels.still_engaged(
            np.maximum(kernels.counts(starts) - 1, 0),
            first - self.days_since_last,
            first,
            shape=given.pace_shape,
            scale=given.pace_scale_days,
            a=given.leaving_a,
            b=given.leaving_b,
        )

    # The beginning.

    @column
    def days_to_first_meeting(self) -> Floats:
        """Days from the first referral to the first meeting on that day or after.

        NaN where there was no referral, or no meeting since.
        """
        referred = kernels.first_ages(*self._of(Kind.REFERRED), self._span)
        return kernels.days_until(*self._attended, self._span, referred)

    @column
    def in_first_90_days(self) -> Booleans:
        """Whether the first meeting lies in the last 90 days; False for none.

        About half of those who come to AA are gone after three months (its surveys, 1977 to 1989).
        """
        return kernels.first_ages(*self._attended, self._span) <= FIRST_DAYS

    @column
    def first_rating(self) -> Floats:
        """Mean rating of the first rated meetings (``first_meetings``), 0 to 10; NaN for none."""
        return self._first_mean(Kind.RATING)

    @column
    def first_discomfort(self) -> Floats:
        """Mean discomfort at the first meetings of which it is known, 0 to 10; NaN for none."""
        return self._first_mean(Kind.DISCOMFORT)

    # Reports, and the lack of them, which are different things, and none of them abstinence or use.

    @column
    def check_ins_answered_share(self) -> Floats:
        """Share of recent check-ins that were answered, 0 to 1.

        One of which everything was declined is neither. NaN where there was no other.
        """
        answered = self._recent(Kind.CHECK_IN_ANSWERED)
        asked = answered + self._recent(Kind.CHECK_IN_UNANSWERED)
        share: Floats = np.full(len(self), np.nan)
        np.divide(answered, asked, out=share, where=asked > 0)
        return share

    @column
    def questions_unanswered(self) -> Indices:
        """Recent questions to which no answer came."""
        return self._recent(Kind.QUESTION_UNANSWERED)

    @column
    def questions_declined(self) -> Indices:
        """Recent questions that the person did not want to answer."""
        return self._recent(Kind.QUESTION_DECLINED)

    @column
    def meetings_missed(self) -> Indices:
        """Recent meetings that were planned but missed."""
        return self._recent(Kind.MISSED)

    @column
    def days_since_news(self) -> Floats:
        """Days since the last sign of life: any row of a kind that is not missed or unanswered.

        0 is ``as_of``; NaN where there was none, ever.
        """
        return kernels.last_ages(*self._of(*_NEWS), self._span) - 1

    @column
    def goals_met(self) -> Indices:
        """Short-term goals met, ever."""
        return kernels.counts(self._of(Kind.GOAL_MET)[1])

    # Involvement.

    @column
    def has_sponsor(self) -> Booleans:
        """Whether the person has a sponsor, as far as is known."""
        return self._has("sponsor")

    @column
    def has_home_group(self) -> Booleans:
        """Whether the person has a home group, as far as is known."""
        return self._has("home_group")

    @column
    def has_service(self) -> Booleans:
        """Whether the person does service or sponsors somebody, as far as is known."""
        return self._has("service")

    @column
    def steps_worked(self) -> Indices:
        """Times that a step was worked, recently."""
        return self._recent(Kind.STEP)

    @column
    def readings(self) -> Indices:
        """Times that something was read, recently."""
        return self._recent(Kind.READING)

    @column
    def supporter_contacts(self) -> Indices:
        """Conversations with a supporter, recently."""
        return self._recent(Kind.CONTACT)

    @column
    def involvement(self) -> Floats:
        """Share of six parts, 0 to 1: sponsor, home group, service, steps, reading, contacts.

        Attendance is none of them. NaN where nothing of the kind was ever recorded.
        """
        parts = [self.has_sponsor, self.has_home_group, self.has_service]
        done = [self.steps_worked > 0, self.readings > 0, self.supporter_contacts > 0]
        share = np.sum([*parts, *done], axis=0) / len(parts + done)
        return np.where(kernels.counts(self._of(*_INVOLVEMENT)[1]) > 0, share, np.nan)

    # Where that leaves them.

    @column
    def stage(self) -> NDArray[np.str_]:
        """`Stage` as a string; empty where there is neither meeting nor referral."""
        return np.array([*(rule.stage.value for rule in StageRule), ""])[self._rules]

    @column
    def stage_rule(self) -> NDArray[np.str_]:
        """`StageRule` that put them there, as a string; empty where there is no stage."""
        return np.array([*(rule.value for rule in StageRule), ""])[self._rules]

    @cached_property
    def _rules(self) -> Indices:
        given = self._parameters
        return kernels.stage_rules(
            referrals=kernels.counts(self._of(Kind.REFERRED)[1]),
            meetings=self.attendances,
            days_since_last=self.days_since_last,
            involvement=self.involvement,
            tried_meetings=given.tried_meetings,
            attending_days=given.attending_days,
            away_days=given.away_days,
            involved_share=given.involved_share,
        )

    def _of(self, *kinds: Kind) -> tuple[Keys, Indices]:
        """Keys and starts of the rows of these kinds."""
        wanted = frozenset[int](kinds)
        if self._columns.kind.ndim == 0:  # one kind for all rows, so that its keys do for any set
            wanted &= {int(self._columns.kind)}
        if wanted not in self._packed:
            person, day, _ = self._rows(wanted)
            keys = kernels.packed(person, day, as_of=self._after, span=self._span, n_people=self._n)
            self._packed[wanted] = keys, kernels.starts_of(keys, self._span, self._n)
        return self._packed[wanted]

    def _rows(self, kinds: Iterable[int]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Person, day and value of the rows of these kinds up to ``as_of``."""
        given = self._columns
        rows = np.isin(np.arange(len(Kind)), list(kinds))[given.kind]
        if self._has_later:
            rows = rows & (given.day < self._after)
        everything = given.person, given.day, np.broadcast_to(given.value, len(given))
        if rows.all():
            return everything
        rows = np.broadcast_to(rows, len(given))
        person, day, value = (column[rows] for column in everything)
        return person, day, value

    @property
    def _attended(self) -> tuple[Keys, Indices]:
        return self._of(Kind.ATTENDED)

    @cached_property
    def _days(self) -> tuple[Keys, Indices]:
        keys = kernels.distinct(self._attended[0])
        return keys, kernels.starts_of(keys, self._span, self._n)

    @cached_property
    def _gaps(self) -> tuple[Keys, Indices]:
        gaps = kernels.sorted_gaps(self._days[0], self._span)
        return gaps, kernels.starts_of(gaps, self._span, self._n)

    def _within(self, kind: Kind, days: int) -> Indices:
        return kernels.counts_within(*self._of(kind), self._span, days)

    def _recent(self, kind: Kind) -> Indices:
        return self._within(kind, self._parameters.recent_days)

    def _decayed(self, half_life_days: float) -> Floats:
        return kernels.decayed_per_week(*self._attended, self._span, half_life_days)

    def _has(self, part: str) -> Booleans:
        taken, left = (kernels.counts(self._of(kind)[1]) for kind in _PARTS[part])
        return taken > left

    def _first_mean(self, kind: Kind) -> Floats:
        person, day, value = self._rows([kind])
        first = self._parameters.first_meetings
        return kernels.first_means(person, day, value, n_people=self._n, first=first)


COLUMNS = tuple(
    name
    for name, kept in vars(EngagementTable).items()
    if isinstance(kept, cached_property) and not name.startswith("_")
)
"""Names of the columns of an `EngagementTable`, in their order."""
