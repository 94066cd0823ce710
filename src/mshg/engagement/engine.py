"""From events to measures, for many people and for one."""

from datetime import date, datetime

import numpy as np

from mshg._checks import enforce, instance, whole
from mshg.engagement.columns import MOST_PEOPLE, EventColumns, day_number
from mshg.engagement.parameters import DEFAULT_PARAMETERS, EngagementParameters
from mshg.engagement.results import EngagementTable


def summary_table(
    columns: EventColumns,
    *,
    as_of: int | date | datetime | np.datetime64,
    n_people: int | None = None,
    parameters: EngagementParameters = DEFAULT_PARAMETERS,
) -> EngagementTable:
    """Measure how engaged n people are, before a day.

    Parameters
    ----------
    columns
        What happened. Leave its arrays unchanged while you read the table.
    as_of
        The first day that no longer counts: days since 1970-01-01, a date, datetime64, or an aware
        datetime, of which the calendar day in its own offset is taken.
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
    BatchError
        Wrong types or ranges, each with its place.

    Examples
    --------
    >>> from datetime import date
    >>> from mshg import engagement
    >>> went = engagement.EventColumns.attendances(
    ...     person=[0, 1, 0], day=[20_000, 20_003, 20_007]
    ... )
    >>> table = engagement.summary_table(went, as_of=20_010)
    >>> table.attendances_7_days
    array([1, 1])
    >>> table.days_since_last
    array([3., 7.])
    """
    enforce(
        columns=instance(EventColumns)(columns),
        parameters=instance(EngagementParameters)(parameters),
    )
    if n_people is not None:
        enforce(n_people=whole(n_people, columns.n_people, MOST_PEOPLE))
    number = columns.n_people if n_people is None else int(n_people)
    return EngagementTable(columns, day_number(as_of), number, parameters)
