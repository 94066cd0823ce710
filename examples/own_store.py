"""A store of events of a host's own, and the proof that it keeps what a store promises.

    python examples/own_store.py

This one keeps events in memory. One on a database server looks alike: `append` is one transaction
with a unique id, `events` a query by person and moment, `erase` a deletion and an update.
"""

import sys
from collections.abc import Iterable
from datetime import datetime
from typing import get_args

from mshg import testing
from mshg.errors import Problem, ValidationError
from mshg.events import Event, PersonState, ProviderActivity, Retracted, replay
from mshg.store import EventStore, is_same_record, redact_person

KINDS = get_args(Event)


class MemoryStore:
    """Events in a dictionary by id."""

    def __init__(self) -> None:
        self._by_id: dict[str, Event] = {}

    def append(self, events: Iterable[Event]) -> int:
        """Keep all or none: a copy takes the place of what was there once everything is right."""
        by_id = dict(self._by_id)
        problems = []
        for i, event in enumerate(events):
            if type(event) not in KINDS:
                problems.append(Problem(f"$.events[{i}]", "must be an event"))
            elif not is_same_record(by_id.setdefault(event.id, event), event):
                problems.append(Problem(f"$.events[{i}].id", "is that of another event"))
        if problems:
            raise ValidationError(problems)
        new = len(by_id) - len(self._by_id)
        self._by_id = by_id
        return new

    def events(
        self,
        person_id: str | None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Event]:
        """One person's events by moment and id."""
        found = [
            e
            for e in self._by_id.values()
            if person_of(e, self._by_id) == person_id
            and (since is None or since <= e.at)
            and (until is None or e.at < until)
        ]
        return sorted(found, key=lambda e: (e.at, e.id))

    def people(self) -> list[str]:
        """Whom the events are about."""
        found = {person_of(e, self._by_id) for e in self._by_id.values()}
        return sorted(person for person in found if person is not None)

    def state(self, person_id: str) -> PersonState:
        """The state of a person; a larger store would keep it and advance it."""
        return replay(self.events(person_id))

    def erase(self, person_id: str) -> int:
        """Remove a person's events, and their mention in others'."""
        gone = {e.id for e in self.events(person_id)}
        left = (redact_person(e, person_id) for e in self._by_id.values() if e.id not in gone)
        before = len(self._by_id)
        self._by_id = {e.id: e for e in left if e is not None}
        return before - len(self._by_id)


def person_of(event: Event | None, by_id: dict[str, Event]) -> str | None:
    """Whom an event is about; a retraction that names nobody, whom its event is about."""
    for _ in by_id:
        if event is None or isinstance(event, ProviderActivity):
            return None
        if event.person_id is not None or not isinstance(event, Retracted):
            return event.person_id
        event = by_id.get(event.event_id)
    return None


def main() -> None:
    """Run every check on an empty store each."""
    store: EventStore = MemoryStore()  # type checkers hold it against the protocol
    for check in testing.EVENT_STORE_CHECKS:
        check(MemoryStore)
        print(f"kept: {check.__name__.removeprefix('check_').replace('_', ' ')}")
    sys.exit(0 if not store.people() else 1)


if __name__ == "__main__":
    main()
