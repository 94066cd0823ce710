"""What a store of events promises, whatever it is made of."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from mshg.events import Event, PersonState


class EventStore(Protocol):
    """A place that keeps events.

    ``mshg.testing.EVENT_STORE_CHECKS`` proves that a store keeps what is promised here.
    """

    def append(self, events: Iterable["Event"]) -> int:
        """Keep events, all of them or none, and say how many were new.

        An event that is kept already is passed over (see `is_same_record`). A retraction that
        names another person than its event is about is kept, and changes nothing.

        Raises
        ------
        ValidationError
            What is no event, or the id of another event.
        """
        ...

    def events(
        self,
        person_id: str | None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Sequence["Event"]:
        """One person's events, retractions among them, sorted by moment and id.

        From ``since`` on and before ``until``; None for the events that are about no person.
        """
        ...

    def people(self) -> Sequence[str]:
        """Ids of all people whom events are about, sorted."""
        ...

    def state(self, person_id: str) -> PersonState:
        """The state that the person's events leave: that of ``replay(events(person_id))``."""
        ...

    def erase(self, person_id: str) -> int:
        """Remove all events about a person, and their mention in others', and count the removed."""
        ...
