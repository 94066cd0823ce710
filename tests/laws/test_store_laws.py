"""Laws of a store: what it gives does not depend on the order in which events came."""

from datetime import UTC, datetime, timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mshg.events import Attended, ProviderActivity, Retracted, effective_events, replay
from mshg.store import SqliteEventStore, is_same_record, redact_person
from mshg.testing import events

AT = datetime(2026, 1, 1, 9, tzinfo=UTC)
WHO = st.sampled_from(["p1", "p2", None])
TARGETS = st.integers(0, 11).map(lambda i: f"e{i}")


@st.composite
def tangles(draw):
    """Events of several people and of nobody, and retractions of each other across them."""
    kinds = draw(st.lists(st.sampled_from("awv"), min_size=2, max_size=12))
    found = []
    for i, kind in enumerate(kinds):
        head = {"id": f"e{i}", "at": AT + timedelta(hours=i)}
        if kind == "a":
            who = draw(st.sampled_from(["p1", "p2"]))
            found.append(Attended(person_id=who, group="aa", **head))
        elif kind == "v" and i % 4 == 0:
            found.append(ProviderActivity(provider_id="n", activity="contact_made", **head))
        else:
            found.append(Retracted(event_id=draw(TARGETS), person_id=draw(WHO), **head))
    return found, draw(st.permutations(found))


@given(tangles())
def test_a_retraction_counts_alike_for_one_person_and_for_all(drawn):
    """What stands of all events together is what stands of each person's, in whatever order."""
    history, order = drawn
    together = effective_events(history)
    assert effective_events(order) == together
    with SqliteEventStore(":memory:") as store:
        for event in order:
            store.append([event])
        apart = [e for who in (*store.people(), None) for e in effective_events(store.events(who))]
        assert sorted(e.id for e in apart) == sorted(e.id for e in together)
        for who in store.people():
            assert store.state(who) == replay(store.events(who))
        assert store.verify() == ()


@given(tangles(), st.sampled_from(["p1", "p2", "n"]))
def test_the_same_events_can_be_recorded_again_after_an_erasure(drawn, who):
    """Whatever was erased, all events can be sent again, and the store is as it was."""
    history, order = drawn
    with SqliteEventStore(":memory:") as store, SqliteEventStore(":memory:") as fresh:
        fresh.append(history), store.append(order)
        store.erase(who)
        assert store.verify() == ()
        store.append(order)
        assert store.people() == fresh.people()
        assert all(store.events(p) == fresh.events(p) for p in (*fresh.people(), None))


@given(events(person_id="p1"), st.none() | st.datetimes(timezones=st.just(UTC)))
def test_a_record_sent_twice_with_another_recorded_at_is_the_same_record(event, recorded_at):
    """The first is kept by a store; for a replay the one recorded first counts, in any order."""
    recorded_at = recorded_at and recorded_at.replace(year=2026)
    again = evolve(event, recorded_at=recorded_at)
    assert is_same_record(event, again)
    assert effective_events([event, again]) == effective_events([again, event])
    with SqliteEventStore(":memory:") as store:
        assert (store.append([event]), store.append([again])) == (1, 0)


@given(events(person_id="p1"), st.sampled_from(["Kim", "p1", "erased", "aa", "김철수", "e1"]))
def test_redacting_twice_is_redacting_once(event, name):
    """And what is left of a record is the same record as the one that is sent again."""
    once = redact_person(event, name)
    if once is not None:
        assert redact_person(once, name) == once
        assert is_same_record(once, event)
