"""Documents as rows of a table of events, without making an event of each.

Most documents differ from others in their id, moment and person alone. What follows these says
which rows an event becomes, and is read once for all that say the same.
"""

from array import array
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mshg.events import Event, GoalClosed, GoalSet, RoleChanged
from mshg.events.kinds import ROWS, Row, rows_in_context
from mshg.events.tables import COLUMNS, EventTable, places
from mshg.store.rows import Stored

_IN_CONTEXT = (RoleChanged, GoalSet, GoalClosed)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def table_of(rows: Iterable[Stored], person_ids: Iterable[str] | None) -> EventTable:
    """The table that the events of these rows make, in whatever order they come.

    Parameters
    ----------
    rows
        What stands, about people alone; sound.
    person_ids
        The people by index; all who are named, sorted, if None.
    """
    log = _Log()
    log.take(rows)
    return log.table(person_ids)


class _Log:
    """Events as they come: whom each is about, when it was, and which rows it becomes."""

    def __init__(self) -> None:
        self._ids: list[bytes] = []
        self._people: dict[bytes, int] = {}
        self._person, self._day, self._at, self._form = (array(t) for t in "iiqi")
        self._days: dict[bytes, int] = {}
        self._forms: list[list[Row]] = []
        self._known: dict[tuple[bytes, bytes], int] = {}
        self._in_context: dict[int, Event] = {}

    def take(self, rows: Iterable[Stored]) -> None:
        """Take them, one after another."""
        forms, days, people = self._known, self._days, self._people
        add_id, add_at, add_form = self._ids.append, self._at.append, self._form.append
        add_person, add_day = self._person.append, self._day.append
        for row in rows:
            head, _, rest = row.document.partition(b'", "at": "')
            what = head.partition(b', "id": ')[0]
            of_person = rest.partition(b'", "person_id": "')[2].partition(b'", "')[2]
            said = of_person.rpartition(b', "recorded_at": ')[0]
            form, day = forms.get((what, said)), days.get(rest[:10])
            if form is None or day is None:
                event = row.event()
                if form is None:
                    form = self._new_form(event)
                    if said and not isinstance(event, _IN_CONTEXT):
                        forms[what, said] = form
                day = event.at.toordinal() - _EPOCH_ORDINAL
                if rest:  # the day is written as the event has it
                    days[rest[:10]] = day
            add_id(row.id)
            add_at(row.at_us)
            add_form(form)
            add_day(day)
            add_person(people.setdefault(row.person_id or b"", len(people)))

    def _new_form(self, event: Event) -> int:
        self._forms.append(ROWS[type(event)](event))
        if isinstance(event, _IN_CONTEXT):
            self._in_context[len(self._ids)] = event
        return len(self._forms) - 1

    def table(self, person_ids: Iterable[str] | None) -> EventTable:
        """All of it as rows, by moment."""
        order = self._order()
        self._read_in_context(order)
        form = np.frombuffer(self._form, np.int32)[order] if len(order) else np.empty(0, np.int32)
        counts = np.array([len(rows) for rows in self._forms], np.intp)
        starts = np.concatenate([[0], np.cumsum(counts)])[:-1]
        of_event = np.repeat(np.arange(len(form)), counts[form])
        ends = np.cumsum(counts[form])
        place = starts[form][of_event] + np.arange(len(of_event)) - (ends - counts[form])[of_event]
        person = np.frombuffer(self._person, np.int32) if len(order) else np.empty(0, np.int32)
        day = np.frombuffer(self._day, np.int32) if len(order) else np.empty(0, np.int32)
        of_person, known_people = places(map(bytes.decode, self._people), person_ids, "person")
        by_form, groups = self._columns()
        return EventTable(
            person=of_person[person[order]][of_event],
            day=day[order][of_event],
            person_ids=known_people,
            groups=groups,
            **{name: column[place] for name, column in by_form.items()},
        )

    def _order(self) -> NDArray[np.intp]:
        """By moment, then by id."""
        if not self._ids:
            return np.empty(0, np.intp)
        at = np.frombuffer(self._at, np.int64)
        order = np.argsort(at, kind="stable")
        is_tied = np.concatenate([[False], at[order][1:] == at[order][:-1], [False]])
        first = np.flatnonzero(~is_tied[:-1] & is_tied[1:]).tolist()
        last = np.flatnonzero(is_tied[:-1] & ~is_tied[1:]).tolist()
        for begin, end in zip(first, last, strict=True):
            run = order[begin : end + 1].tolist()
            order[begin : end + 1] = sorted(run, key=self._ids.__getitem__)
        return order

    def _read_in_context(self, order: NDArray[np.intp]) -> None:
        """Parts and goals mean what they mean by what came before."""
        if not self._in_context:
            return
        place = np.empty(len(order), np.intp)
        place[order] = np.arange(len(order))
        events = [self._in_context[i] for i in sorted(self._in_context, key=place.__getitem__)]
        form_of = {event.id: self._form[i] for i, event in self._in_context.items()}
        for event_id, rows in rows_in_context(events).items():
            self._forms[form_of[event_id]] = rows

    def _columns(self) -> tuple[dict[str, NDArray[Any]], tuple[str, ...]]:
        """Kinds, groups, values and codes of all forms, one after another."""
        rows = [row for form in self._forms for row in form]
        kind, group, value, code = zip(*rows, strict=True) if rows else ((),) * 4
        groups = tuple(sorted({name for name in group if name is not None}))
        index = {None: -1, **{name: i for i, name in enumerate(groups)}}
        columns: dict[str, NDArray[Any]] = {
            "kind": np.array(kind, np.int8),
            "group": np.array([index[name] for name in group], np.int32),
            "value": np.array(value, np.float64),
            "code": np.array(code, np.int16),
        }
        return {name: columns[name] for name in COLUMNS if name in columns}, groups
