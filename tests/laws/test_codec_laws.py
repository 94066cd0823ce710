"""The laws of the codec: nothing lost on the way out and back, nothing wrong let in."""

import json
import pickle
from typing import get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshg import Meeting, codec, testing
from mshg.errors import CodecError
from mshg.events import Event

STRATEGIES = {
    "ConcernAnswer": testing.concern_answers(),
    "Dealbreaker": testing.dealbreakers(),
    "Experience": testing.experiences(),
    "Group": testing.groups(),
    "JoinInfo": testing.joins(),
    "Meeting": testing.meetings(),
    "MeetingPreferences": testing.meeting_preferences(),
    "Membership": testing.memberships(),
    "Person": testing.people(group_ids=["aa", "na"]),
    "Position": testing.positions(),
    "Recurrence": testing.recurrences(),
    "Slot": testing.slots(),
    "StanceProfile": testing.stance_profiles(),
    "SupporterProfile": testing.supporter_profiles(),
    "Window": testing.windows(),
    "PersonState": testing.person_states(),
    **{kind.__name__: testing.events(kinds=[kind]) for kind in get_args(Event)},
}
NOUNS = st.sampled_from(sorted(STRATEGIES)).flatmap(STRATEGIES.__getitem__)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_every_noun_has_a_strategy():
    """Every noun can be drawn, written and read."""
    assert {kind.__name__ for kind in get_args(codec.Model)} == set(STRATEGIES)


@given(NOUNS)
def test_round_trip(noun):
    """A noun written and read is the same noun, as a dictionary and as JSON."""
    assert codec.from_dict(codec.to_dict(noun)) == noun
    assert codec.loads(codec.dumps(noun), type(noun)) == noun
    assert codec.loads(codec.dumps(noun).encode()) == noun
    assert codec.to_dict(noun)["schema_version"] == codec.SCHEMA_VERSION


@given(testing.meetings(with_join=True))
def test_how_to_join_is_written_when_asked(meeting):
    """A meeting's link and passcode are written only when asked for by name."""
    asked = {"with_join": True}
    assert "join_info" not in codec.to_dict(meeting)
    assert codec.from_dict(codec.to_dict(meeting)) == attrs.evolve(meeting, join_info=None)
    assert codec.from_dict(codec.to_dict(meeting, **asked)) == meeting
    assert codec.loads(codec.dumps(meeting, **asked), Meeting) == meeting


@given(NOUNS | testing.meetings(with_join=True))
def test_nouns_are_values(noun):
    """A noun is hashable and survives pickling, and can't be changed."""
    assert pickle.loads(pickle.dumps(noun)) == noun
    assert hash(pickle.loads(pickle.dumps(noun))) == hash(noun)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(noun, attrs.fields(type(noun))[0].name, None)


@given(NOUNS, st.data())
def test_an_unknown_field_is_refused(noun, data):
    """A key that is no field is refused with its path."""
    document = codec.to_dict(noun)
    key = data.draw(st.from_regex(r"[a-z]{3,9}_x", fullmatch=True))
    with pytest.raises(CodecError) as caught:
        codec.from_dict({**document, key: 1})
    assert [p.path for p in caught.value.problems] == [f"$.{key}"]


@given(NOUNS, st.data())
def test_any_json_in_any_field_is_read_or_refused(noun, data):
    """Whatever stands in a field, the answer is a noun or a CodecError at that field."""
    document = codec.to_dict(noun)
    field = data.draw(st.sampled_from([k for k in document if k not in ("type", "schema_version")]))
    document[field] = data.draw(JSON)
    try:
        read = codec.from_dict(document)
    except CodecError as error:
        assert error.problems
        assert all(p.path.startswith("$.") for p in error.problems)
    else:
        assert codec.from_dict(codec.to_dict(read)) == read


@given(JSON)
def test_any_json_is_read_or_refused(value):
    """Whatever the document, the answer is a noun or a CodecError."""
    with pytest.raises(CodecError):
        codec.loads(json.dumps(value))
