"""The laws of events: a state is what the events that stand come to, and nothing else."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshg import codec, events, testing
from mshg.errors import ValidationError
from mshg.events import (
    Attended,
    CheckIn,
    FollowUp,
    Missed,
    PersonState,
    ProviderActivity,
    Question,
    Retracted,
    SubstanceUse,
    Tested,
    apply,
    effective_events,
    replay,
)

HISTORIES = testing.histories(max_size=12)
LATE = datetime(2027, 1, 1, tzinfo=UTC)


def stepped(history):
    states = [PersonState()]
    for event in effective_events(history):
        states.append(apply(states[-1], event))
    return states


@given(HISTORIES)
def test_replay_equals_stepping(history):
    """Replaying a history equals stepping over the events that stand, in order."""
    assert replay(history) == stepped(history)[-1]


@given(HISTORIES, st.data())
def test_the_order_of_recording_does_not_matter(history, data):
    """In whatever order events are given, and however often, the state is the same."""
    shuffled = data.draw(st.permutations(history + history[:3]))
    assert replay(shuffled) == replay(history)
    assert effective_events(shuffled) == effective_events(history)


@given(HISTORIES.filter(bool), st.data())
def test_retracting_an_event_equals_never_having_had_it(history, data):
    """Retracting an event, a retraction among them, equals never having had it."""
    gone = data.draw(st.sampled_from(history))
    whom = getattr(gone, "person_id", None)
    retraction = Retracted(id="late", at=LATE, event_id=gone.id, person_id=whom)
    left = [e for e in history if e.id != gone.id]
    assert replay([*history, retraction]) == replay(left)


@given(HISTORIES)
def test_a_state_goes_on_from_its_document(history):
    """A state written and read at any point is the same, and goes on the same."""
    state = PersonState()
    for event in effective_events(history):
        read = codec.loads(codec.dumps(state), PersonState)
        assert read == state
        assert hash(read) == hash(state)
        state = apply(read, event)
    assert state == replay(history)


@given(HISTORIES)
def test_a_step_changes_no_state_that_was(history):
    """A step makes a new state and leaves the one before as it was."""
    for event in effective_events(history):
        state = replay(
            [e for e in effective_events(history) if (e.at, e.id) < (event.at, event.id)]
        )
        document = codec.dumps(state)
        apply(state, event)
        assert codec.dumps(state) == document


@given(HISTORIES)
def test_steps_go_forward_only(history):
    """An event that does not come after the last is refused, and so is every retraction."""
    stand = effective_events(history)
    for earlier, later in pairwise(stand):
        state = apply(PersonState(), later)
        for event in (earlier, later):
            with pytest.raises(ValidationError, match="must come after the last"):
                apply(state, event)
    retraction = Retracted(id="late", at=LATE, event_id="e1")
    with pytest.raises(ValidationError, match="must not be Retracted"):
        apply(replay(history), retraction)


@given(HISTORIES)
def test_the_journey_never_falls(history):
    """No event, a lapse least of all, takes a day of the journey back."""
    for before, after in pairwise(stepped(history)):
        assert after.use.journey_days >= before.use.journey_days
        assert 0 <= after.use.run_days <= after.use.journey_days
        assert after.use.lapses >= before.use.lapses


@given(HISTORIES)
def test_a_use_ends_the_run_and_leaves_the_journey(history):
    """A use ends the abstinent run; the journey stays as long as it was."""
    state = replay(history)
    use = SubstanceUse(id="late", at=LATE, person_id="p1", within_goal=False)
    after = apply(state, use)
    assert (after.use.run_days, after.use.journey_days) == (0, state.use.journey_days)
    assert after.use.lapses == state.use.lapses + 1
    assert after.use.last_use_on == after.use.last_lapse_on == LATE.date()


@given(HISTORIES)
def test_counts_are_those_of_a_plain_loop(history):
    """Counts and last days are what a plain loop over the events that stand finds."""
    state = replay(history)
    stand = effective_events(history)
    kinds = Counter(type(e) for e in stand)
    assert state.participation.attended == kinds[Attended]
    assert state.reports.check_ins == kinds[CheckIn]
    assert state.reports.check_ins_answered == sum(
        type(e) is CheckIn and e.was_answered for e in stand
    )
    assert state.use.tests_missing == sum(
        type(e) is Tested and e.result == "missing" for e in stand
    )
    went = [e for e in stand if type(e) is Attended]
    assert state.participation.last_attended_on == (went[-1].at.date() if went else None)
    for question in Question:
        stated = [getattr(e, question) for e in stand if type(e) is CheckIn]
        stated = [value for value in stated if value is not None]
        answer = state.reports.answers.get(question)
        assert [answer.value] * bool(stated) == stated[-1:] if answer else not stated
        assert answer is None or answer.before == (stated[-2] if len(stated) > 1 else None)


@given(testing.histories(kinds=[CheckIn, SubstanceUse, ProviderActivity], max_size=12))
def test_abstinence_is_that_of_a_set_of_days(history):
    """The run and the journey are those of a set of days, filled and broken day by day."""
    counted, run, reported_on = set(), set(), None
    asked_on = used_on = run_from = None
    used_since_asked = False
    days = {}
    for event in effective_events(history):
        day = event.at.date()
        is_use = type(event) is SubstanceUse
        if type(event) is CheckIn and event.abstinent is False:
            is_use = not used_since_asked
        if is_use:
            run, used_since_asked = set(), True
            used_on = day if used_on is None else max(used_on, day)
            run_from = max(day, used_on, *counted) + timedelta(1)
            is_within = type(event) is SubstanceUse and event.within_goal
            days[day] = "-" if is_within and days.get(day) != "+" else "+"
        if type(event) is CheckIn and event.abstinent:
            reported_on = max((d for d in (asked_on, used_on) if d), default=day - timedelta(1))
            first = reported_on + timedelta(1)
            if run:
                first = min(run)
            elif counted:
                first = max(first, max(counted) + timedelta(1))
            if event.abstinent_since is not None:  # no day before the last use or of a run before
                first = min(first, max(event.abstinent_since, run_from or event.abstinent_since))
            new = {first + timedelta(i) for i in range((max(day, *run, day) - first).days + 1)}
            counted |= new
            run |= new
        if type(event) is CheckIn and event.abstinent is not None:
            asked_on, used_since_asked = day, False
    state = replay(history)
    assert state.use.last_use_on == used_on
    assert state.use.run_days == len(run)
    assert state.use.journey_days == len(counted)
    assert (state.use.run_start, state.use.run_end) == (
        (min(run), max(run)) if run else (None, None)
    )
    assert (state.use.journey_start, state.use.journey_end) == (
        (min(counted), max(counted)) if counted else (None, None)
    )
    assert last_days(state.use.recent_use) == newest(dict.fromkeys(counted, "-") | days)


CONTACTS = [Attended, Missed, Tested, FollowUp, ProviderActivity]


@given(testing.histories(kinds=CONTACTS, max_size=12))
def test_a_day_with_a_contact_kept_is_no_day_of_a_missed_one(history):
    """A state knows on which of the last days a contact was kept, and on which one was missed."""
    days = {}
    for event in effective_events(history):
        status = getattr(event, "status", None) or getattr(event, "result", None)
        is_missed = type(event) is Missed or status in ("missing", "not_reached")
        if status != "planned" and type(event) is not ProviderActivity:
            day = event.at.date()
            days[day] = "o" if is_missed and days.get(day) != "-" else "-"
    assert last_days(replay(history).contact.recent_contacts) == newest(days)


def last_days(recent):
    """What is known, by day."""
    codes = enumerate(reversed(recent.codes)) if recent else ()
    return {recent.until - timedelta(i): code for i, code in codes if code != "_"}


def newest(days):
    """Those of the last 64 days."""
    return {d: days[d] for d in days if (max(days) - d).days < events.MOST_KEPT}


@given(HISTORIES)
def test_a_state_keeps_a_bounded_number_of_things(history):
    """A state keeps at most so many things of a kind; the oldest leave first."""
    many = [
        events.GoalSet(id=f"g{i:03}", at=LATE + timedelta(i), person_id="p1")
        for i in range(events.MOST_KEPT + 5)
    ]
    state = replay(history + many)
    assert [g.id for g in state.participation.goals] == [
        f"g{i:03}" for i in range(5, events.MOST_KEPT + 5)
    ]
    for field in attrs.fields(PersonState):
        value = getattr(state, field.name)
        assert not isinstance(value, tuple) or len(value) <= events.MOST_KEPT


@given(testing.events(), testing.events())
def test_events_are_told_apart_by_their_offset(event, other):
    """Two records of one moment at different offsets are two: their days may differ."""
    moved = attrs.evolve(event, at=event.at.astimezone(other.at.tzinfo))
    assert (moved == event) == (moved.at.utcoffset() == event.at.utcoffset())
    assert moved.at == event.at


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.integers(-12, 14), st.integers(0, 23))
def test_a_day_is_that_of_the_events_own_offset(day, hours, hour):
    """A day is the calendar day in the event's own offset, whatever day it is elsewhere."""
    at = datetime(day.year, day.month, day.day, hour, tzinfo=timezone(timedelta(hours=hours)))
    state = replay([Attended(id="e1", person_id="p1", at=at, group="aa")])
    assert state.participation.last_attended_on == day
