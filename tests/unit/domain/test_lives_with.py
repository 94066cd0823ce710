"""What a person lives with, answers put in, and what events say carried over."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from mshg import Person, StanceProfile, events, testing
from mshg.domain import Availability, Focus
from mshg.errors import ValidationError


@pytest.mark.parametrize(
    ("words", "focus"),
    [
        ("gay", "lgbtq"),
        ("Black gay man", "lgbtq"),
        ("non-binary", "lgbtq"),
        ("trans woman", "lgbtq"),
        ("Roman Catholic", "christian"),
        ("devout Muslim", "muslim"),
        ("Jewish", "jewish"),
        ("Buddhist", "buddhist"),
        ("American Indian", "native_american"),
        ("bipolar II", "dual_diagnosis"),
        ("co-occurring disorders", "dual_diagnosis"),
    ],
)
def test_own_words_say_what_they_live_with(words, focus):
    assert Person(id="1", identities=[words]).lives_with == {focus}


@pytest.mark.parametrize(
    "words",
    ["woman", "man", "veteran", "young", "not gay", "ex-Catholic", "non-Muslim", "gaylord", "host"],
)
def test_other_words_say_nothing(words):
    assert Person(id="1", identities=[words]).lives_with == frozenset()


def test_facts_say_what_they_live_with():
    person = Person(
        id="1",
        substances=["opioids"],
        medication_for_addiction=True,
        seeks_help_for="someone_elses_use",
    )
    assert person.lives_with == {"opioids", "medication_for_addiction", "someone_elses_use"}
    assert all(isinstance(f, Focus) for f in person.lives_with)
    assert Person(id="1", medication_for_addiction=False).lives_with == frozenset()


def test_an_answer_replaces_a_refusal_or_another_answer():
    person = Person(id="1", stances=StanceProfile(declined=["method"], positions={"agency": 0.5}))
    stated = person.with_answer("method", 5).with_answer("agency", 1)
    assert dict(stated.stances.positions) == {"agency": 0.0, "method": 1.0}
    assert stated.stances.declined == frozenset()
    for dimension, answer in (("method", 6), ("luck", 3), ("method", True)):
        with pytest.raises(ValidationError):
            person.with_answer(dimension, answer)


def test_what_events_say_is_carried_over():
    at = datetime(2026, 11, 1, 12, tzinfo=UTC)
    log = [
        events.Attended(id="1", at=at, person_id="1", group="aa", rating=8),
        events.Attended(id="2", at=at + timedelta(1), person_id="1", group="na", rating=2),
        events.Attended(id="3", at=at + timedelta(2), person_id="1", group="smart"),
        events.Attended(id="4", at=at + timedelta(3), person_id="1", group="aa"),
        events.GroupChosen(id="5", at=at + timedelta(4), person_id="1", group="aa"),
        events.TreatmentChanged(
            id="6", at=at + timedelta(5), person_id="1", kind="medication", change="started"
        ),
    ]
    state = events.replay(log)
    before = Person(id="1", goal="reduction", concerns=["privacy"])
    person = before.updated_from(state)
    tried = {e.group: e.how_it_was for e in person.experiences}
    assert tried == {"aa": "liked", "na": "disliked", "smart": None}
    assert (person.chosen_group, person.medication_for_addiction) == ("aa", True)
    assert (person.goal, person.concerns) == ("reduction", {"privacy"})
    assert person.updated_from(state) == person


@given(testing.people(), testing.person_states())
def test_what_events_do_not_say_stays(person, state):
    """Carrying over loses nothing that was known, and does the same the second time."""
    then = person.updated_from(state)
    assert then.updated_from(state) == then
    assert then.concerns >= person.concerns
    assert {e.group for e in person.experiences} <= {e.group for e in then.experiences}
    assert then.goal == (state.use.goal or person.goal)
    assert person.updated_from(events.PersonState()) == person


@pytest.mark.parametrize("count", [-1, 1.5, True, None])
def test_availability_is_counted(count):
    with pytest.raises(ValidationError, match=r"\$\.online"):
        Availability(in_person=0, online=count)
    assert not Availability(in_person=0, online=0).is_in_reach
    assert Availability(in_person=0, online=1).is_in_reach
