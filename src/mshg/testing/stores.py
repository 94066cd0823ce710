"""What every store of events has to keep, as checks that run on any.

>>> import pytest
>>> from mshg import testing
>>> from mshg.store import SqliteEventStore
>>> @pytest.mark.parametrize("check", testing.EVENT_STORE_CHECKS)
... def test_my_store(check):
...     check(lambda: SqliteEventStore(":memory:"))
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mshg.errors import BatchError
from mshg.events import (
    Attended,
    Event,
    ProviderActivity,
    Retracted,
    SupporterContact,
    advance,
    replay,
)
from mshg.events import PersonState as _State
from mshg.store import EventStore, forget
from mshg.testing.events import histories

NewStore: TypeAlias = Callable[[], EventStore]
"""Makes an empty store, each time it is called."""

_AT = datetime(2026, 1, 1, 9, tzinfo=UTC)
_HISTORIES = histories(max_size=8)
_OF_ANOTHER = histories(person_id="p2", ids=st.integers(0, 9).map(lambda i: f"f{i}"), max_size=8)
_ORDERED = st.tuples(_HISTORIES, st.randoms(use_true_random=False))


def check_events_come_back(new_store: NewStore) -> None:
    """What was appended comes back equal, sorted by moment and id, in whatever order it came."""

    @given(_ORDERED)
    def holds(drawn: tuple[list[Event], Any]) -> None:
        history, store = _shuffled(drawn), new_store()
        _expect(store.append(history) == len(history), "append must count what is new")
        of_person = [e for e in history if not isinstance(e, ProviderActivity)]
        _expect_events(store.events("p1"), of_person)
        _expect_events(store.events(None), [e for e in history if e not in of_person])
        _expect(list(store.people()) == ["p1"] * bool(of_person), "people must be the events'")

    holds()


def check_nothing_is_stored_twice_or_in_part(new_store: NewStore) -> None:
    """An event kept already is passed over; a batch that holds a wrong one is refused whole."""

    @given(_HISTORIES.filter(bool))
    def holds(history: list[Event]) -> None:
        store = new_store()
        store.append(history)
        before = (*store.events("p1"), *store.events(None))
        _expect(store.append([*history, *history]) == 0, "what is kept must not count as new")
        new = Attended(id="new", at=_AT, person_id="p1", group="aa")
        other = Attended(id=history[0].id, at=_AT, person_id="p3", group="another")
        _expect_refused(store, [new, other])
        _expect_refused(store, [new, "no event"])
        _expect((*store.events("p1"), *store.events(None)) == before, "nothing must have changed")
        _expect_refused(store, [new, evolve(new, group="na")])
        _expect("p3" not in store.people(), "nothing of a refused batch must be stored")

    holds()


def check_a_window_holds_its_first_moment_and_not_its_last(new_store: NewStore) -> None:
    """Events are those from ``since`` on and before ``until``."""
    store = new_store()
    history = [
        Attended(id=f"e{hour}", at=_AT + timedelta(hours=hour), person_id="p1", group="aa")
        for hour in range(5)
    ]
    store.append(history)
    since, until = history[1].at, history[3].at
    _expect_events(store.events("p1", since=since, until=until), history[1:3])
    _expect_events(store.events("p1", since=since), history[1:])
    _expect_events(store.events("p1", until=until), history[:3])
    _expect_events(store.events("p2"), [])


def check_the_state_is_that_of_a_replay(new_store: NewStore) -> None:
    """A state is that of replaying the person's events, after every append, in any order."""

    @given(_ORDERED)
    def holds(drawn: tuple[list[Event], Any]) -> None:
        history, store = _shuffled(drawn), new_store()
        _expect(store.state("p1") == _State(), "without events a state must be the first one")
        for event in history:
            store.append([event])
            state = store.state("p1")
            _expect(state == replay(store.events("p1")), "a state must be that of a replay")
        late = Attended(id="late", at=_AT + timedelta(days=900), person_id="p1", group="aa")
        went_on = advance(store.state("p1"), late)
        store.append([late])
        _expect(store.state("p1") == went_on, "a state must go on by a step")

    holds()


def check_retractions_find_their_person(new_store: NewStore) -> None:
    """A retraction that names nobody is about whom its event is about, recorded before or after."""
    went = Attended(id="e1", at=_AT, person_id="p1", group="aa")
    gone = Retracted(id="r1", at=_AT, event_id="e1")
    back = Retracted(id="r2", at=_AT, event_id="r1")
    order: tuple[Event, ...]
    for order in ((went, gone), (gone, went)):
        store = new_store()
        for event in order:
            store.append((event,))
        _expect(gone in store.events("p1"), "a retraction must be among the person's events")
        _expect(store.state("p1").attended == 0, "what is retracted must not count")
    for order in ((went, gone, back), (back, gone, went), (gone, back, went)):
        store = new_store()
        store.append(order)
        _expect(store.state("p1").attended == 1, "a retraction that is retracted must not count")
    store = new_store()
    store.append([went])
    _expect_refused(store, [evolve(gone, person_id="p2")])


def check_erasing_leaves_nothing(new_store: NewStore) -> None:
    """Erasing a person removes their events and their mention in others', and nothing else."""

    @given(_HISTORIES, _OF_ANOTHER)
    def holds(mine: list[Event], others: list[Event]) -> None:
        store = new_store()
        told = [evolve(e, source="told by p1.") for e in others]
        contact = SupporterContact(id="c", at=_AT, person_id="p2", supporter_id="p1")
        store.append([*mine, *told, contact])
        left = [forget(e, "p1") for e in (*told, contact)]
        of_mine = [e for e in mine if not isinstance(e, ProviderActivity)]
        store.state("p2")
        _expect(store.erase("p1") == len(of_mine), "erasing must count what it removes")
        _expect_events(store.events("p1"), [])
        _expect(list(store.people()) == ["p2"], "others must stay")
        kept = [e for e in left if e is not None and not isinstance(e, ProviderActivity)]
        _expect_events(store.events("p2"), kept)
        _expect(store.state("p2") == replay(kept), "states must forget, too")
        _expect(store.erase("p1") == 0, "erasing again must find nothing")
        store.append([evolve(contact, id="c2", supporter_id="p3")])
        _expect(store.append(mine) == len(of_mine), "no trace must keep a person from coming back")

    holds()


EVENT_STORE_CHECKS: tuple[Callable[[NewStore], None], ...] = (
    check_events_come_back,
    check_nothing_is_stored_twice_or_in_part,
    check_a_window_holds_its_first_moment_and_not_its_last,
    check_the_state_is_that_of_a_replay,
    check_retractions_find_their_person,
    check_erasing_leaves_nothing,
)
"""Every check: each takes a function that makes an empty store, and raises AssertionError."""


def _shuffled(drawn: tuple[list[Event], Any]) -> list[Event]:
    history, random = drawn
    random.shuffle(history)
    return history


def _expect(is_kept: bool, rule: str) -> None:
    if not is_kept:
        raise AssertionError(rule)


def _expect_events(found: Iterable[Event], wanted: Iterable[Event]) -> None:
    in_order = sorted(wanted, key=lambda e: (e.at, e.id))
    _expect(list(found) == in_order, "events must come back equal, by moment and id")


def _expect_refused(store: EventStore, batch: list[Any]) -> None:
    try:
        store.append(batch)
    except BatchError:
        return
    raise AssertionError("a wrong event must be refused with a BatchError")
