"""Events as columns of numbers: a log of any size, whole."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from mshg._checks import Broken, broken, enforce, instance, whole
from mshg._columns import Missing, with_missing
from mshg._conversions import to_tuple
from mshg._frames import names_of, plain
from mshg._rows import (
    days,
    ids,
    number_of_people,
    one_length,
    people,
    stated,
    to_array,
    to_days,
    to_floats,
    to_integers,
    to_strings,
    whole_numbers,
)
from mshg.errors import Problem, ValidationError
from mshg.events.folding.changes import Event
from mshg.events.kinds import LIMITS, ROWS, EventKind, rows_in_context
from mshg.events.providers import ProviderActivity, Retracted
from mshg.events.replays import effective_events

COLUMNS = ("person", "day", "kind", "group", "value", "code")
_NEEDED = COLUMNS[:3]
_EPOCH_ORDINAL = 719_163  # of 1970-01-01
_MOST_GROUPS, _MOST_CODE = 2**31 - 1, 2**15 - 1
_BLOCK = 1 << 20  # rows that are checked at a time, so that little memory is needed beside them
_KINDS = {kind.name.lower(): int(kind) for kind in EventKind}
_KNOWN = np.isin(np.arange(max(EventKind) + 1), list(EventKind))
_LEAST = np.full(len(_KNOWN), np.nan)
_MOST = _LEAST.copy()
for _kind, (_low, _high) in LIMITS.items():
    _LEAST[_kind], _MOST[_kind] = _low, _high


def _to_kinds(values: ArrayLike) -> NDArray[Any]:
    """Codes of kinds; names of kinds will do."""
    given = to_array(values)
    if given.dtype.kind in "UOT" and given.size:
        names, place = np.unique(given.astype(np.str_), return_inverse=True)
        codes = np.array([_KINDS.get(name, -1) for name in names.tolist()], np.int16)
        given = codes[place].reshape(given.shape)
    return to_integers(given)


def _to_codes(values: ArrayLike | None) -> NDArray[Any]:
    """Whole numbers, -1 where there is none."""
    if values is None:
        return to_integers(np.asarray(-1, np.int8))
    given = to_array(values)
    if given.dtype.kind == "f":
        whole_or_none = np.where(np.isnan(given), -1, given)
        if np.array_equal(whole_or_none, np.rint(whole_or_none)):
            given = whole_or_none.astype(np.int64)
    return to_integers(given)


def _to_values(values: ArrayLike | None) -> NDArray[Any]:
    return to_floats(np.nan if values is None else values)


@frozen(kw_only=True, eq=False, repr=False)
class EventTable:
    """What happened to n people, as columns of one length. The arrays are not copied.

    A record becomes one row or several; which, kind by kind, is given in the reference. Rows stand
    in their order, which is the order within a day. It holds what is effective: nothing of what was
    retracted.

    Parameters
    ----------
    person
        Index of the person, from 0. Without ``person_ids``, one that lies far beyond the number of
        rows is refused.
    day
        Any whole number, day 0 being 1970-01-01 or the day that a study counts from; or
        datetime64, dates or aware moments, whose day is that in their own zone or offset.
    kind
        Code of the `EventKind`, or its name; or one for all rows.
    group
        Index of the group, -1 where there is none; or one for all rows.
    value
        The number that the kind has, NaN where there is none; or one for all rows.
    code
        Place of the word that the kind has in its list, -1 where there is none; or one for all
        rows.
    person_ids
        The host's id of each person, where there are any. They count as people even without rows.
    groups
        Id of each group, where there are any.

    Raises
    ------
    ValidationError
        Wrong types or lengths, and the places of what is out of range.

    Examples
    --------
    >>> from mshg.events import EventTable
    >>> table = EventTable(person=[0, 0, 1], day=[0, 7, 3], kind=["attended", "attended", "missed"])
    >>> table, table.kind
    (EventTable(3 rows, 2 people), array([0, 0, 3], dtype=int16))
    """

    person: NDArray[Any] = field(converter=to_integers)
    day: NDArray[Any] = field(converter=to_days)
    kind: NDArray[Any] = field(converter=_to_kinds)
    group: NDArray[Any] = field(default=None, converter=_to_codes)
    value: NDArray[Any] = field(default=None, converter=_to_values)
    code: NDArray[Any] = field(default=None, converter=_to_codes)
    person_ids: tuple[str, ...] = field(default=(), converter=to_strings)
    groups: tuple[str, ...] = field(default=(), converter=to_strings)

    def __attrs_post_init__(self) -> None:
        last = len(self.groups) if isinstance(self.groups, tuple) and self.groups else _MOST_GROUPS
        enforce(
            person=one_length(self.person, self.person, is_one_enough=False)
            or people(self.person, self.person_ids),
            day=one_length(self.day, self.person, is_one_enough=False) or days(self.day),
            kind=one_length(self.kind, self.person) or _kinds(self.kind),
            group=one_length(self.group, self.person)
            or whole_numbers(self.group, -1, last - 1, "must be the index of a group, or -1"),
            value=one_length(self.value, self.person)
            or (
                ()
                if self.value.dtype.kind == "f"
                else broken("must be an array of numbers", code="wrong_type")
            ),
            code=one_length(self.code, self.person)
            or whole_numbers(self.code, -1, _MOST_CODE, "must be a code, or -1"),
            person_ids=ids(self.person_ids),
            groups=ids(self.groups, "group"),
        )
        for name in ("kind", "group", "value", "code"):  # one for all rows takes no memory
            spread = np.broadcast_to(getattr(self, name), self.person.shape)
            object.__setattr__(self, name, spread)
        enforce(value=_out_of_limits(self.kind, self.value))

    def __len__(self) -> int:
        return len(self.person)

    def __repr__(self) -> str:
        return f"EventTable({len(self)} rows, {self.n_people} people)"

    @property
    def n_people(self) -> int:
        """How many people: as many as there are ids, else the largest index and one."""
        return number_of_people(self.person, self.person_ids)

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """Give every column by name: ``person``, ``day``, ``kind``, ``group``, ``value``, ``code``.

        Parameters
        ----------
        missing
            How a value that is not there stands: ``nan``, or ``masked`` for masked arrays.
        """
        return with_missing({name: getattr(self, name) for name in COLUMNS}, missing)

    @classmethod
    def from_events(
        cls,
        events: Iterable["Event"],
        *,
        person_ids: Iterable[str] | None = None,
        groups: Iterable[str] | None = None,
    ) -> Self:
        """Records of many people as columns, by moment; what was retracted is left out.

        Parameters
        ----------
        events
            Records, as `effective_events` takes them. Those about no person are left out.
        person_ids
            The host's id of each person, by index; without them, of all who have a record that
            stands, sorted.
        groups
            Ids of groups, by index; without them, all that are named, sorted. Give both for tables
            that are to be used side by side.

        Raises
        ------
        ValidationError
            What `effective_events` refuses; ids given twice; people or groups not among those
            given.

        Examples
        --------
        >>> from datetime import datetime, UTC
        >>> from mshg.events import Attended, EventKind, EventTable
        >>> at = datetime(2026, 11, 24, 19, tzinfo=UTC)
        >>> went = Attended(id="e1", person_id="p1", at=at, group="aa", rating=7)
        >>> table = EventTable.from_events([went])
        >>> [EventKind(kind).name for kind in table.kind], table.value, table.groups
        (['ATTENDED', 'RATING'], array([nan,  7.]), ('aa',))
        """
        return cls.from_effective(effective_events(events), person_ids=person_ids, groups=groups)

    @classmethod
    def from_effective(
        cls,
        events: Sequence["Event"],
        *,
        person_ids: Iterable[str] | None = None,
        groups: Iterable[str] | None = None,
    ) -> Self:
        """The same, of what `effective_events` gave."""
        rows = Rows()
        context = rows_in_context(events)
        for event in events:
            if not isinstance(event, (ProviderActivity, Retracted)):
                found = context.get(event.id) if context else None
                day = event.at.toordinal() - _EPOCH_ORDINAL
                rows.add(event.person_id, day, ROWS[type(event)](event) if found is None else found)
        return cls(**rows.columns(person_ids, groups))

    @classmethod
    def from_frame(
        cls, frame: Any, *, person_ids: Iterable[str] = (), groups: Iterable[str] = ()
    ) -> Self:
        """Take a data frame by the names of its columns, from pandas, polars, Arrow or a mapping.

        Parameters
        ----------
        frame
            What gives a column for a name: ``person``, ``day`` and ``kind``, and any of ``group``,
            ``value`` and ``code``; no others. People and groups may be told by ids as text, of
            which nulls mean no group.
        person_ids, groups
            Ids by index. Those of a column of text are the sorted ones in it by default.

        Raises
        ------
        ValidationError
            Columns that are missing, doubled or foreign, and what is wrong in them.

        Examples
        --------
        >>> from mshg.events import EventTable
        >>> frame = {"person": ["p2", "p1"], "day": [3, 5], "kind": ["attended", "missed"]}
        >>> table = EventTable.from_frame(frame)
        >>> table.person, table.person_ids
        (array([1, 0]), ('p1', 'p2'))
        """
        names = names_of(frame, "$.frame")
        if names is None:
            raise ValidationError(
                [Problem("$.frame", "must give a column for a name", code="wrong_type")]
            )
        enforce(frame=_wrong_names(names))
        given = {name: frame[name] for name in names}
        person, known_people = _by_id(given.pop("person"), to_tuple(person_ids), "person")
        group, known_groups = _by_id(given.pop("group", None), to_tuple(groups), "group")
        return cls(
            person=person, group=group, person_ids=known_people, groups=known_groups, **given
        )

    @classmethod
    def concat(cls, tables: Iterable["EventTable"]) -> "EventTable":
        """Put tables together, row after row.

        The same id is the same person, and the same group. Tables without ids of people are taken
        to be of other people each, as `partition` makes them.

        Raises
        ------
        ValidationError
            What is no table; none at all; tables with ids beside tables without.
        """
        given = to_tuple(tables)
        is_some = isinstance(given, tuple) and bool(given)
        enforce(
            tables=()
            if is_some
            else broken("must hold at least one EventTable", code="wrong_shape")
        )
        wrong = {f"tables[{i}]": instance(EventTable)(table) for i, table in enumerate(given)}
        enforce(**wrong)
        person, person_ids = _people_together(given)
        group, groups = _groups_together(given)
        joined = {
            name: np.concatenate([getattr(table, name) for table in given])
            for name in ("day", "kind", "value", "code")
        }
        return cls(person=person, group=group, person_ids=person_ids, groups=groups, **joined)

    def partition(self, k: int) -> tuple["EventTable", ...]:
        """Cut into k tables of whole people, in order of their index, with about as many rows each.

        In each the index begins at 0, and the groups are the same in the same order. So results of
        the parts, put together in their order, are those of the whole, to the last bit.

        Parameters
        ----------
        k
            How many, from 1 to 1,000,000. Where there are fewer people, the last are empty.

        Raises
        ------
        ValidationError
            A number out of range.
        """
        enforce(k=whole(k, 1, 1_000_000))
        cuts = self._cuts(int(k))
        bounds = np.array(cuts[1:])
        part_of = np.searchsorted(bounds, self.person, side="right")
        order = np.argsort(part_of, kind="stable")
        ends = np.searchsorted(part_of[order], np.arange(int(k) + 1))
        columns = [getattr(self, name) for name in COLUMNS[1:]]
        parts = []
        for i in range(int(k)):
            rows = order[ends[i] : ends[i + 1]]
            taken = dict(zip(COLUMNS[1:], (column[rows] for column in columns), strict=True))
            own = self.person_ids[cuts[i] : cuts[i + 1]]
            person = self.person[rows] - self.person.dtype.type(cuts[i])
            parts.append(EventTable(person=person, person_ids=own, groups=self.groups, **taken))
        return tuple(parts)

    def _cuts(self, k: int) -> list[int]:
        """Where each part's people begin, and where the last one's end.

        Each part but the last ends with somebody who has rows, so that it knows how many it has.
        """
        n = self.n_people
        rows = np.bincount(self.person, minlength=n)
        so_far = np.cumsum(rows)
        with_rows = np.flatnonzero(rows)
        wanted = np.arange(1, k) * len(self) / k
        place = np.searchsorted(so_far[with_rows], wanted)
        ends = [int(with_rows[i]) + 1 if i < len(with_rows) else n for i in place.tolist()]
        return [0, *np.maximum.accumulate([0, *ends])[1:].tolist(), n]


class Rows:
    """Rows that come one record after another, kept as numbers at once."""

    def __init__(self) -> None:
        self._columns: dict[str, Any] = {
            name: array(t) for name, t in zip(COLUMNS, "iibidh", strict=True)
        }
        self._people: dict[str, int] = {}
        self._groups: dict[str | None, int] = {None: -1}
        self._append = tuple(column.append for column in self._columns.values())

    def add(
        self, person_id: str, day: int, rows: Iterable[tuple[int, str | None, float, int]]
    ) -> None:
        """Add the rows of one record."""
        people_, groups_ = self._people, self._groups
        person, on, kind, group, value, code = self._append
        index = people_.get(person_id)
        if index is None:
            index = people_[person_id] = len(people_)
        for its_kind, its_group, its_value, its_code in rows:
            place = groups_.get(its_group)
            if place is None:
                place = groups_[its_group] = len(groups_) - 1
            person(index)
            on(day)
            kind(its_kind)
            group(place)
            value(its_value)
            code(its_code)

    def columns(
        self, person_ids: Iterable[str] | None, groups: Iterable[str] | None
    ) -> dict[str, Any]:
        """The columns, by the ids given or sorted ones."""
        named = [name for name in self._groups if name is not None]
        place_of_person, known_people = places(self._people, person_ids, "person")
        place_of_group, known_groups = places(named, groups, "group")
        found: dict[str, Any] = {
            name: np.frombuffer(column, column.typecode) if len(column) else np.empty(0, np.int32)
            for name, column in self._columns.items()
        }
        found["value"] = found["value"].astype(np.float64, copy=False)
        found["person"] = place_of_person[found["person"]]
        found["group"] = np.append(place_of_group, np.int32(-1))[found["group"]]
        return found | {"person_ids": known_people, "groups": known_groups}


def places(
    found: Iterable[str], given: Iterable[str] | None, of: str
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """The index of each name among those given, or among the sorted ones."""
    names = tuple(found)
    known = to_tuple(sorted(names) if given is None else given)
    where = "person_ids" if of == "person" else "groups"
    enforce(**{where: ids(known, of)})
    index = {name: i for i, name in enumerate(known)}
    strangers = broken(f"must be those of {where}", code="unknown")
    enforce(events=() if index.keys() >= set(names) else strangers)
    return np.array([index[name] for name in names], np.int32), known


def _kinds(kind: NDArray[Any]) -> Broken:
    wrong = whole_numbers(kind, 0, len(_KNOWN) - 1, "must be the code of an EventKind")
    if wrong or _KNOWN.all():
        return wrong
    return stated(~_KNOWN[kind], "must be the code of an EventKind", 0, len(_KNOWN) - 1)


def _out_of_limits(kind: NDArray[Any], value: NDArray[Any]) -> Broken:
    """Values that their kind must have, and has not in its range."""
    places: list[NDArray[np.intp]] = []
    for start in range(0, len(kind), _BLOCK):
        block = slice(start, start + _BLOCK)
        low, number = _LEAST[kind[block]], value[block]
        wrong = ~np.isnan(low) & ~((number >= low) & (number <= _MOST[kind[block]]))
        if wrong.any():
            places.append(np.flatnonzero(wrong) + start)
    if not places:
        return ()
    is_wrong = np.zeros(len(kind), bool)
    is_wrong[np.concatenate(places)] = True
    return stated(is_wrong, "must be from 0 to 10 for this kind, or 0 or 1 for abstinence", 0, 10)


def _wrong_names(names: Sequence[Any]) -> Broken:
    missing = tuple(
        Problem(f".{name}", "is missing among the columns", code="missing")
        for name in _NEEDED
        if name not in names
    )
    doubled = tuple(
        Problem(f".{name}", "is the name of several columns", code="repeated")
        for name in COLUMNS
        if list(names).count(name) > 1
    )
    foreign = tuple(
        Problem(f".columns[{i}]", "is not the name of a column known here", code="unknown")
        for i, name in enumerate(names)
        if name not in COLUMNS
    )
    return (*missing, *doubled, *foreign)


def _by_id(values: Any, known: tuple[str, ...], of: str) -> tuple[Any, tuple[str, ...]]:
    """Indices of a column of ids, with the ids; a column of numbers as it is."""
    if values is None:
        return None, known
    given = plain(values)
    if given.dtype.kind not in "UOT":
        return given, known
    is_null = np.array([not isinstance(v, str) or not v.strip() for v in given.tolist()], bool)
    if of == "person" and is_null.any():
        enforce(person=stated(is_null, "must be the id of a person", 0, 0))
    names, place = np.unique(given[~is_null].astype(np.str_), return_inverse=True)
    ordered = known or tuple(names.tolist())
    index = {name: i for i, name in enumerate(ordered)}
    to_known = np.array([index.get(name, -2) for name in names.tolist()], np.int64)
    found = np.full(given.shape, -1, np.int64)
    found[~is_null] = to_known[place] if len(names) else -1
    rule = "must be among the ids given"
    enforce(**{of: stated(found == -2, rule, 0, len(ordered)) if (found == -2).any() else ()})
    return found, ordered


def _people_together(tables: Sequence[EventTable]) -> tuple[NDArray[Any], tuple[str, ...]]:
    with_ids = [bool(table.person_ids) or not len(table) for table in tables]
    if any(table.person_ids for table in tables):
        rule = "must all have ids of people, or none of them"
        enforce(tables=() if all(with_ids) else broken(rule, code="conflict"))
        return _together(tables, "person", "person_ids")
    starts = np.cumsum([0, *(table.n_people for table in tables)])
    shifted = [t.person.astype(np.int64) + start for t, start in zip(tables, starts, strict=False)]
    return np.concatenate(shifted), ()


def _groups_together(tables: Sequence[EventTable]) -> tuple[NDArray[Any], tuple[str, ...]]:
    has_ids = [bool(table.groups) or not (table.group >= 0).any() for table in tables]
    if any(table.groups for table in tables):
        rule = "must all have ids of groups, or none of them"
        enforce(tables=() if all(has_ids) else broken(rule, code="conflict"))
        return _together(tables, "group", "groups")
    return np.concatenate([table.group for table in tables]), ()


def _together(
    tables: Sequence[EventTable], index: str, names: str
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Indices among the names of all tables, in the order in which they first appear."""
    every = tuple(dict.fromkeys(name for table in tables for name in getattr(table, names)))
    place: Mapping[str, int] = {name: i for i, name in enumerate(every)}
    moved: Iterator[NDArray[Any]] = (
        np.array([*(place[name] for name in getattr(table, names)), -1], np.int64)[
            getattr(table, index)
        ]
        for table in tables
    )
    return np.concatenate(list(moved)), every
