"""Events as columns of numbers: who, on which day, of what kind, and how much."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from mshg._checks import Broken, broken, enforce, instance
from mshg._conversions import to_tuple
from mshg._days import EPOCH
from mshg._rows import (
    MOST_PEOPLE,
    days,
    ids,
    number_of_people,
    one_length,
    people,
    stated,
    to_days,
    to_floats,
    to_integers,
    to_strings,
    whole_numbers,
)
from mshg.engagement.records import Kind, by_person, rows
from mshg.events import Event, EventKind, effective_events
from mshg.events.tables import EventTable

MOST_RATING = 10
_NEWS = (
    *(EventKind.USE, EventKind.TEST_POSITIVE, EventKind.TEST_NEGATIVE, EventKind.TEST_MIXED),
    *(EventKind.FOLLOW_UP_REACHED, EventKind.ANSWERED_SUPPORTER, EventKind.ATTENDANCE_PLANNED),
    *(EventKind.GROUP_CHOSEN, EventKind.GROUP_CHANGED, EventKind.CONSENT_CHANGED),
    *(EventKind.GOAL_SET, EventKind.GOAL_CLOSED, EventKind.SUICIDAL_THOUGHTS, EventKind.OVERDOSE),
    *(EventKind.WITHDRAWAL, EventKind.HOUSING, EventKind.WORK, EventKind.ACTIVITY),
    *(EventKind.RECOGNITION, EventKind.SUPPORT, EventKind.BOUNDARY_SET, EventKind.CONTACT_LOST),
    *(EventKind.SCORE, EventKind.RECOVERY_GOAL, EventKind.REFERRAL_ANSWERED),
    *(EventKind.FORMAL_TREATMENT, EventKind.MEDICATION, EventKind.DISCHARGED),
)
_OF_ANY = np.full(max(EventKind) + 1, Kind.NONE, np.uint8)
_OF_ANY[: Kind.NONE] = np.arange(Kind.NONE)  # those of before have the same codes
_OF_ANY[list(_NEWS)] = Kind.OTHER_NEWS
_OF_A_GROUP = _OF_ANY.copy()
_OF_A_GROUP[EventKind.GROUP_OFFERED] = Kind.REFERRED


@frozen(kw_only=True, eq=False, repr=False)
class EventColumns:
    """Events of n people as arrays of one length, in any order. The arrays are not copied.

    Parameters
    ----------
    person
        Index of the person, from 0, of any integer type. Without ``person_ids`` one that lies far
        beyond the number of rows is refused: it may be an id, and every table would have a row for
        everybody up to it.
    day
        Days since 1970-01-01, of any integer type, or datetime64, of which the time is cut off;
        or dates or aware moments, whose day is the one in their own offset. Of a column of pandas,
        polars or Arrow in a time zone, it is the day in that zone.
    kind
        Code of the `Kind`, or one code for all rows.
    value
        Number from 0 to 10 for the kinds that have one, anything for the others; or one number
        for all rows.
    person_ids
        The host's id of each person, where there are any. They count as people even without rows.

    Raises
    ------
    ValidationError
        Wrong types or lengths, and the places of numbers out of range.

    Examples
    --------
    >>> from mshg import engagement
    >>> engagement.EventColumns(person=[0, 0, 1], day=[20_000, 20_007, 20_003], kind=[0, 0, 4])
    EventColumns(3 events)
    """

    person: NDArray[Any] = field(converter=to_integers)
    day: NDArray[Any] = field(converter=to_days)
    kind: NDArray[Any] = field(converter=to_integers)
    value: NDArray[Any] = field(default=np.nan, converter=to_floats)
    person_ids: tuple[str, ...] = field(default=(), converter=to_strings)

    def __attrs_post_init__(self) -> None:
        enforce(
            person=one_length(self.person, self.person, is_one_enough=False)
            or people(self.person, self.person_ids),
            day=one_length(self.day, self.person, is_one_enough=False) or days(self.day),
            kind=one_length(self.kind, self.person)
            or whole_numbers(self.kind, 0, max(Kind), "must be the code of a Kind"),
            value=one_length(self.value, self.person) or self._ratings(),
            person_ids=ids(self.person_ids),
        )

    def _ratings(self) -> Broken:
        if self.value.dtype.kind != "f":
            return broken("must be an array of numbers", code="wrong_type")
        if self.kind.dtype.kind not in "iu":
            return ()  # reported by itself
        rated = (self.kind == Kind.RATING) | (self.kind == Kind.DISCOMFORT)
        wrong = rated & ~((self.value >= 0) & (self.value <= MOST_RATING))
        return stated(
            np.asarray(wrong), f"must be from 0 to {MOST_RATING} for this kind", 0, MOST_RATING
        )

    def __len__(self) -> int:
        return len(self.person)

    def __repr__(self) -> str:
        return f"EventColumns({len(self)} events)"

    @property
    def n_people(self) -> int:
        """How many people: as many as there are ids, else the largest index and one."""
        return number_of_people(self.person, self.person_ids)

    @classmethod
    def attendances(cls, *, person: ArrayLike, day: ArrayLike) -> Self:
        """Meetings attended and nothing else.

        Examples
        --------
        >>> from mshg import engagement
        >>> engagement.EventColumns.attendances(person=[0, 1, 0], day=[20_000, 20_003, 20_007])
        EventColumns(3 events)
        """
        return cls(person=person, day=day, kind=Kind.ATTENDED)

    @classmethod
    def from_table(cls, table: EventTable, *, group: str | ArrayLike | None = None) -> Self:
        """What a table of events says of engagement. Its arrays are not copied.

        Parameters
        ----------
        table
            The events.
        group
            The group whose meetings, roles, steps and readings count, and nothing else does: its
            id, its index, or an index for each person (n,), such as that of the group they were
            offered first. A referral is one that offered the group. None for everything.

        Raises
        ------
        ValidationError
            What is no table; a group that is not in it.

        Examples
        --------
        >>> from mshg import engagement
        >>> from mshg.events import EventTable
        >>> where = {"group": [0, 1, 1], "groups": ["aa", "na"]}
        >>> table = EventTable(person=[0, 0, 1], day=[1, 2, 3], kind="attended", **where)
        >>> columns = engagement.EventColumns.from_table(table, group="na")
        >>> engagement.summarize_table(columns, as_of=4).attendances
        array([1, 1])
        """
        enforce(table=instance(EventTable)(table))
        kind = (_OF_ANY if group is None else _OF_A_GROUP)[table.kind]
        if group is not None:
            wanted = _group_of(group, table)
            of_row = wanted if wanted.ndim == 0 else wanted[table.person]
            kind[table.group != of_row] = Kind.NONE
        return cls(
            person=table.person,
            day=table.day,
            kind=kind,
            value=table.value,
            person_ids=table.person_ids,
        )

    @classmethod
    def from_events(
        cls, events: Iterable["Event"], *, person_ids: Sequence[str] | None = None
    ) -> Self:
        """Records of many people as columns, in any order; what was retracted is left out.

        Parameters
        ----------
        events
            Records, as `mshg.events.effective_events` takes them. Those about no person are
            left out.
        person_ids
            The host's id of each person, by index; sorted ids of all in ``events`` by default.

        Raises
        ------
        ValidationError
            What `mshg.events.effective_events` refuses; a person id given twice; events of a
            person who is not among ``person_ids``.

        Examples
        --------
        >>> from datetime import datetime, UTC
        >>> from mshg import engagement
        >>> from mshg.events import Attended
        >>> at = datetime(2026, 11, 24, 19, tzinfo=UTC)
        >>> went = Attended(id="e1", person_id="p1", at=at, group="aa", rating=7)
        >>> engagement.EventColumns.from_events([went])
        EventColumns(2 events)
        """
        found = by_person(effective_events(events))
        known = to_tuple(sorted(found) if person_ids is None else person_ids)
        enforce(person_ids=ids(known))
        index = {person_id: i for i, person_id in enumerate(known)}
        strangers = broken("must be those of people among person_ids", code="unknown")
        enforce(events=() if found.keys() <= index.keys() else strangers)
        made = [(index[p], *row) for p, theirs in found.items() for row in rows(theirs)]
        person, day, kind, value = zip(*made, strict=True) if made else ((), (), (), ())
        return cls(
            person=np.array(person, np.int64),
            day=np.array([(d - EPOCH).days for d in day], np.int64),
            kind=np.array(kind, np.int64),
            value=np.array(value, float),
            person_ids=known,
        )


def _group_of(group: object, table: EventTable) -> NDArray[Any]:
    """The index of a group, or one for each person."""
    if isinstance(group, str):
        rule = "must be the id of a group of the table"
        enforce(group=() if group in table.groups else broken(rule, code="unknown"))
        return np.asarray(table.groups.index(group))
    found = to_integers(group)  # type: ignore[arg-type]
    is_shaped = found.shape in ((), (table.n_people,))
    rule = "must be the id or the index of a group, or one index for each person"
    last = len(table.groups) - 1 if table.groups else MOST_PEOPLE
    enforce(
        group=whole_numbers(found, -1, last, rule)
        if is_shaped
        else broken(rule, code="wrong_shape")
    )
    return found
