"""From events to measures, for many people and for one."""

from collections.abc import Iterable
from datetime import date, datetime

import numpy as np
from attrs import evolve
from numpy.typing import ArrayLike

from mshg._checks import broken, enforce, instance, optional, whole
from mshg._days import day_number, to_cutoff
from mshg._rows import MOST_PEOPLE, days, to_days
from mshg.engagement.columns import EventColumns
from mshg.engagement.parameters import DEFAULT_PARAMETERS, EngagementParameters, Stage, StageRule
from mshg.engagement.records import by_person, role_spans
from mshg.engagement.results import EngagementTable
from mshg.engagement.summaries import EngagementSummary, Timeline
from mshg.events import Attended, Event, effective_events, replay
from mshg.events.replays import until
from mshg.wording import Wording, load


def summarize_table(
    columns: EventColumns,
    *,
    as_of: int | date | datetime | np.datetime64 | ArrayLike,
    n_people: int | None = None,
    parameters: EngagementParameters = DEFAULT_PARAMETERS,
) -> EngagementTable:
    """Measure how engaged n people are, as of a day.

    Parameters
    ----------
    columns
        What happened. Leave its arrays unchanged while you read the table.
    as_of
        The last day that counts: days since 1970-01-01, a date, datetime64, or an aware datetime,
        of which the calendar day in its own offset is taken. Or a day for each person (n,), where
        they entered one after another, as for `EventColumns`.
    n_people
        How many rows; at least as many as there are people in ``columns``, and so many by default.
    parameters
        The numbers of the measures.

    Returns
    -------
    EngagementTable
        One row a person, by index; the same numbers as `summarize` gives, to the last bit.

    Raises
    ------
    ValidationError
        Wrong types or ranges, each with its place.

    Examples
    --------
    >>> from datetime import date
    >>> from mshg import engagement
    >>> went = engagement.EventColumns.attendances(
    ...     person=[0, 1, 0], day=[20_000, 20_003, 20_007]
    ... )
    >>> table = engagement.summarize_table(went, as_of=20_010)
    >>> table.attendances_7_days
    array([1, 0])
    >>> table.days_since_last
    array([3., 7.])
    """
    enforce(
        columns=instance(EventColumns)(columns),
        parameters=instance(EngagementParameters)(parameters),
    )
    if n_people is not None:
        enforce(n_people=whole(n_people, columns.n_people, MOST_PEOPLE))
    if np.ndim(as_of) == 0:  # type: ignore[arg-type]
        number = columns.n_people if n_people is None else int(n_people)
        return EngagementTable(columns, day_number(as_of), number, parameters)
    each = to_days(as_of)  # type: ignore[arg-type]
    number = max(columns.n_people, each.size) if n_people is None else int(n_people)
    rule = "must be a day, or one for each person"
    is_one_each = each.shape == (number,)
    enforce(as_of=days(each) if is_one_each else broken(rule, code="wrong_shape"))
    # Numbers rest on distances alone, so that days can be counted from each person's own.
    counted = evolve(columns, day=columns.day - each.astype(np.int32)[columns.person])
    return EngagementTable(counted, 0, number, parameters)


def summarize(
    events: Iterable["Event"],
    *,
    as_of: int | date | datetime | np.datetime64,
    parameters: EngagementParameters = DEFAULT_PARAMETERS,
    wording: Wording | None = None,
) -> EngagementSummary:
    """Measure how engaged one person is, as of a day or a moment.

    Parameters
    ----------
    events
        Their records, in any order; what was retracted is left out, and what is dated after
        ``as_of`` is set aside. Without any, all that can be missing is.
    as_of
        As in `summarize_table`, but that a moment leaves out what came later that day.
    parameters
        The numbers of the measures.
    wording
        Whose sentences to use; mshg's own by default.

    Raises
    ------
    ValidationError
        Events of several people, what `mshg.events.effective_events` refuses, wrong types.

    Examples
    --------
    >>> from datetime import date, datetime, UTC
    >>> from mshg import engagement
    >>> from mshg.events import Attended
    >>> went = [
    ...     Attended(id=f"e{day}", person_id="p1", at=datetime(2026, 11, day, 19, tzinfo=UTC),
    ...              group="lifering")
    ...     for day in (3, 10, 17)
    ... ]
    >>> summary = engagement.summarize(went, as_of=date(2026, 11, 17))
    >>> summary.weeks_in_a_row, summary.stage.value
    (3, 'attending')
    >>> summary
    EngagementSummary(…)
    """
    enforce(wording=optional(instance(Wording))(wording))
    cutoff = to_cutoff(as_of)
    stand = effective_events(events)
    known = until(stand, cutoff)
    state = replay(known)
    columns = EventColumns.from_events(known)
    table = summarize_table(columns, as_of=cutoff.day, n_people=1, parameters=parameters)
    row = {name: column[0].item() for name, column in table.columns().items()}
    row["stage"] = Stage(row["stage"]) if row["stage"] else None
    row["stage_rule"] = StageRule(row["stage_rule"]) if row["stage_rule"] else None
    timeline = Timeline(
        attended_on=sorted({e.at.date() for e in known if isinstance(e, Attended)}),
        roles=[span for theirs in by_person(known).values() for span in role_spans(theirs)],
        run_start=state.use.run_start,
        run_end=state.use.run_end,
        run_days=state.use.run_days,
        journey_start=state.use.journey_start,
        journey_end=state.use.journey_end,
        journey_days=state.use.journey_days,
    )
    return EngagementSummary(
        as_of=cutoff.day,
        **row,
        timeline=timeline,
        state=state,
        set_aside=len(stand) - len(known),
        parameters=parameters,
        wording=load() if wording is None else wording,
    )
