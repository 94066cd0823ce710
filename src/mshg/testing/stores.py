"""What every store of events has to keep, as checks that run on any.

>>> import pytest
>>> from mshg import testing
>>> from mshg.store import SqliteEventStore
>>> @pytest.mark.parametrize("check", testing.EVENT_STORE_CHECKS)
... def test_my_store(check):
...     check(lambda: SqliteEventStore(":memory:"))
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeAlias

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mshg.errors import ValidationError
from mshg.events import (
    Attended,
    Event,
    ProviderActivity,
    Retracted,
    SupporterContact,
    apply,
    replay,
)
from mshg.events import PersonState as _State
from mshg.store import EventStore, redact_person
from mshg.testing.events import histories

StoreFactory: TypeAlias = Callable[[], EventStore]
"""Makes an empty store, each time it is called."""

_AT = datetime(2026, 1, 1, 9, tzinfo=UTC)
_FAR = (timezone(timedelta(hours=-11)), timezone(timedelta(hours=13)))
# The last two sort otherwise in UTF-16.
_ALIKE = ("a", "A", "a ", "á", "a\u0301", "B", "10", "9", "\uff21", "\U0001d400")
_HISTORIES = histories(max_size=8)
_OF_ANOTHER = histories(person_id="p2", ids=st.integers(0, 9).map(lambda i: f"f{i}"), max_size=8)
_ORDERED = st.tuples(_HISTORIES, st.randoms(use_true_random=False))


def check_events_come_back(new_store: StoreFactory) -> None:
    """What was appended comes back equal, sorted by moment and id, in whatever order it came."""

    @given(_ORDERED)
    def holds(drawn: tuple[list[Event], Any]) -> None:
        history, store = _shuffled(drawn), new_store()
        _expect(store.append(iter(history)) == len(history), "append must count what is new")
        _expect(store.append([]) == 0, "nothing may be appended")
        of_person = [e for e in history if not isinstance(e, ProviderActivity)]
        _expect_events(store.events("p1"), of_person)
        _expect_events(store.events(None), [e for e in history if e not in of_person])
        _expect(list(store.people()) == ["p1"] * bool(of_person), "people must be the events'")

    holds()


def check_nothing_is_stored_twice_or_in_part(new_store: StoreFactory) -> None:
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
        again = [evolve(e, recorded_at=_AT + timedelta(days=999)) for e in history]
        _expect(store.append(again) == 0, "when it was recorded makes no other event")
        _expect((*store.events("p1"), *store.events(None)) == before, "nothing must have changed")
        _expect_refused(store, [new, evolve(new, group="na")])
        _expect("p3" not in store.people(), "nothing of a refused batch must be stored")

    holds()


def check_a_window_holds_its_first_moment_and_not_its_last(new_store: StoreFactory) -> None:
    """From ``since`` on and before ``until``, to the microsecond, at whatever offset."""
    store = new_store()
    moments = [_AT + timedelta(microseconds=i) for i in range(5)]
    went = [
        Attended(id=f"e{i}", at=at.astimezone(_FAR[i % 2]), person_id="p1", group="aa")
        for i, at in enumerate(moments)
    ]
    visits = [
        ProviderActivity(id=f"v{i}", at=at, provider_id="n1", activity="contact_made")
        for i, at in enumerate(moments)
    ]
    store.append([*went, *visits])
    since, until = moments[1].astimezone(_FAR[0]), moments[3].astimezone(_FAR[1])
    expected: Sequence[Event]
    for who, expected in (("p1", went), (None, visits)):
        _expect_events(store.events(who, since=since, until=until), expected[1:3])
        _expect_events(store.events(who, since=since), expected[1:])
        _expect_events(store.events(who, until=until), expected[:3])
    _expect_events(store.events("p2"), [])


def check_ids_are_told_apart(new_store: StoreFactory) -> None:
    """Ids that differ in case, accents or white space are others, sorted by code point."""
    store = new_store()
    went = [Attended(id=i, at=_AT, person_id="p1", group="aa") for i in _ALIKE]
    for event in went:
        _expect(store.append([event]) == 1, "ids that look alike must be told apart")
    _expect_events(store.events("p1"), went)
    of_each = [Attended(id=f"of {i}", at=_AT, person_id=i, group="aa") for i in _ALIKE]
    _expect(store.append(of_each) == len(of_each), "ids that look alike must be told apart")
    _expect(list(store.people()) == sorted(["p1", *_ALIKE]), "people must sort by code point")
    for event in of_each:
        _expect_events(store.events(event.person_id), [event])
    _expect(store.erase(_ALIKE[0]) == 1, "erasing must leave people whose id looks alike")


def check_the_state_is_that_of_a_replay(new_store: StoreFactory) -> None:
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
        went_on = apply(store.state("p1"), late)
        store.append([late])
        _expect(store.state("p1") == went_on, "a state must go on by a step")
        changes: tuple[Event, ...] = (
            Retracted(id="no", at=_AT, event_id="late", person_id="p1"),
            Attended(id="early", at=_AT - timedelta(days=900), person_id="p1", group="aa"),
            Retracted(id="after all", at=_AT, event_id="no"),
        )
        for event in changes:
            store.append([event])
            state = store.state("p1")
            _expect(state == replay(store.events("p1")), "corrections must reach the state")

    holds()


def check_retractions_find_their_person(new_store: StoreFactory) -> None:
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
        _expect(store.state("p1").participation.attended == 0, "what is retracted must not count")
    for order in ((went, gone, back), (back, gone, went), (gone, back, went)):
        store = new_store()
        store.append(order)
        _expect(
            store.state("p1").participation.attended == 1,
            "a retraction that is retracted must not count",
        )
    of_another = evolve(gone, id="r3", person_id="p2")
    for order in ((went, of_another), (of_another, went), (gone, of_another, back, went)):
        store = new_store()
        for event in order:
            store.append([event])
        _expect(
            store.state("p1").participation.attended == 1,
            "a stranger's retraction must change nothing",
        )
        _expect(of_another in store.events("p2"), "it must be kept with the person it names")


def check_erasing_leaves_nothing(new_store: StoreFactory) -> None:
    """Erasing a person removes their events and their mention in others', and nothing else."""

    @given(_HISTORIES, _OF_ANOTHER)
    def holds(mine: list[Event], others: list[Event]) -> None:
        store = new_store()
        expected = [evolve(e, source="told by p1.") for e in others]
        contact = SupporterContact(id="c", at=_AT, person_id="p2", supporter_id="p1")
        visit = ProviderActivity(id="v", at=_AT, provider_id="p1", activity="contact_made")
        went = Attended(id="w", at=_AT, person_id="p1", group="aa")
        gone = Retracted(id="r", at=_AT, event_id="w")  # it names nobody, and is about p1
        store.append([*mine, *expected, contact, visit, went, gone])
        left = [redact_person(e, "p1") for e in (*mine, *expected, contact)]
        of_mine = [e for e in mine if not isinstance(e, ProviderActivity)]
        store.state("p1"), store.state("p2")
        _expect(store.erase("p1") == len(of_mine) + 3, "erasing must count what it removes")
        _expect_events(store.events("p1"), [])
        _expect(store.state("p1") == _State(), "who was erased must have no state")
        of_none = [e for e in left if isinstance(e, ProviderActivity)]
        _expect_events(store.events(None), of_none)
        _expect(list(store.people()) == ["p2"], "others must stay")
        kept = [e for e in left if e is not None and not isinstance(e, ProviderActivity)]
        _expect_events(store.events("p2"), kept)
        _expect(store.state("p2") == replay(kept), "states must be redacted, too")
        _expect(store.erase("p1") == 0, "erasing again must find nothing")
        store.append([evolve(contact, id="c2", supporter_id="p3")])
        again = [*mine, *expected, contact, visit, went, gone]
        _expect(store.append(again) == len(of_mine) + 3, "no trace must keep events from coming")
        _expect_events(store.events("p2"), [*kept, evolve(contact, id="c2", supporter_id="p3")])

    holds()


EVENT_STORE_CHECKS: tuple[Callable[[StoreFactory], None], ...] = (
    check_events_come_back,
    check_nothing_is_stored_twice_or_in_part,
    check_a_window_holds_its_first_moment_and_not_its_last,
    check_the_state_is_that_of_a_replay,
    check_retractions_find_their_person,
    check_erasing_leaves_nothing,
    check_ids_are_told_apart,
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
    except ValidationError:
        return
    raise AssertionError("a wrong event must be refused with a ValidationError")
