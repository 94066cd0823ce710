"""The laws of the codec: nothing lost on the way out and back, nothing wrong let in."""

import contextlib
import json
import pickle
import re
import sys
from typing import get_args

import attrs
import jsonschema
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mshg import Meeting, Person, codec, events, testing
from mshg.errors import CODES, MOST_PROBLEMS, CodecError, Problem
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
    "PairingRequest": testing.pairing_requests(),
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
ANY_MODEL = st.sampled_from(sorted(STRATEGIES)).flatmap(STRATEGIES.__getitem__)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_every_model_has_a_strategy():
    """Every model can be drawn, written and read."""
    assert {kind.__name__ for kind in get_args(codec.Model)} == set(STRATEGIES)


@given(ANY_MODEL)
def test_round_trip(model):
    """A model written and read is the same model, as a dictionary and as JSON."""
    assert codec.from_dict(codec.to_dict(model)) == model
    assert codec.loads(codec.dumps(model), type(model)) == model
    assert codec.loads(codec.dumps(model).encode()) == model
    assert codec.to_dict(model)["schema_version"] == codec.SCHEMA_VERSION


@given(testing.meetings(with_join=True))
def test_how_to_join_is_written_when_asked(meeting):
    """A meeting's link and passcode are written only when asked for by name."""
    asked = {"with_join": True}
    assert "join_info" not in codec.to_dict(meeting)
    assert codec.from_dict(codec.to_dict(meeting)) == attrs.evolve(meeting, join_info=None)
    assert codec.from_dict(codec.to_dict(meeting, **asked)) == meeting
    assert codec.loads(codec.dumps(meeting, **asked), Meeting) == meeting


@given(ANY_MODEL | testing.meetings(with_join=True))
def test_models_are_values(model):
    """A model is hashable and survives pickling, and can't be changed."""
    assert pickle.loads(pickle.dumps(model)) == model
    assert hash(pickle.loads(pickle.dumps(model))) == hash(model)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(model, attrs.fields(type(model))[0].name, None)


@given(ANY_MODEL, st.data())
def test_an_unknown_field_is_refused(model, data):
    """A key that is no field is refused with its path."""
    document = codec.to_dict(model)
    key = data.draw(st.from_regex(r"[a-z]{3,9}_x", fullmatch=True))
    with pytest.raises(CodecError) as caught:
        codec.from_dict({**document, key: 1})
    assert [p.path for p in caught.value.problems] == [f"$.{key}"]


@given(ANY_MODEL, st.data())
def test_any_json_in_any_field_is_read_or_refused(model, data):
    """Whatever stands in a field, the answer is a model or a CodecError at that field."""
    document = codec.to_dict(model)
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
    """Whatever the document, the answer is a model or a CodecError."""
    with pytest.raises(CodecError):
        codec.loads(json.dumps(value))


MODELS = get_args(codec.Model)
SCHEMAS = {
    kind: jsonschema.Draft202012Validator(codec.json_schema(kind)) for kind in (*MODELS, Event)
}


def is_valid(document, kind):
    return SCHEMAS[kind].is_valid(json.loads(json.dumps(document)))


def is_read(document, kind):
    try:
        codec.loads(json.dumps(document), kind)
    except CodecError:
        return False
    return True


def damaged(document, data):
    """The document with any JSON anywhere: a value, a member, a key that is gone or new."""
    place, keys = document, []
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(keys))
        is_deeper = isinstance(place[key], (dict, list)) and place[key]
        if not is_deeper or data.draw(st.booleans()):
            break
        place = place[key]
    fate = data.draw(st.sampled_from(["other", "gone", "new"]))
    if fate == "gone":
        del place[key]
    elif fate == "new" and isinstance(place, dict):
        place[data.draw(st.text(max_size=5))] = data.draw(JSON)
    else:
        place[key] = data.draw(JSON | st.sampled_from(["", " ", "Aa", -1, 11, 1e10, 0.5, 53]))
    return document


@pytest.mark.parametrize(
    "kind", [*MODELS, Event, None], ids=lambda k: getattr(k, "__name__", "all")
)
def test_a_schema_is_one(kind):
    """A schema keeps the rules for schemas, and every part that it refers to is there."""
    schema = codec.json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")
    parts = set(schema.get("$defs", ()))
    assert set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema))) <= parts
    assert json.loads(json.dumps(schema)) == schema


@given(ANY_MODEL | testing.meetings(with_join=True))
def test_what_is_written_is_valid(model):
    """What the codec writes is valid under the schema of its kind, and as one of all events."""
    written = (
        codec.to_dict(model, with_join=True) if isinstance(model, Meeting) else codec.to_dict(model)
    )
    assert is_valid(written, type(model))
    assert is_valid(written, Event) == isinstance(model, get_args(Event))


@given(ANY_MODEL, st.data())
def test_what_a_schema_refuses_is_refused(model, data):
    """What the schema of a kind refuses, the codec refuses."""
    document = damaged(codec.to_dict(model), data)
    if not is_valid(document, type(model)):
        assert not is_read(document, type(model))


@given(testing.events(), st.data())
def test_what_the_schema_of_events_refuses_is_refused(event, data):
    """So it is for the schema of all events together."""
    document = damaged(codec.to_dict(event), data)
    if not is_valid(document, Event):
        assert not is_read(document, Event)


@given(ANY_MODEL)
def test_any_event_is_read_as_one(model):
    """Any event is read where an event is expected, and nothing else is."""
    document = codec.to_dict(model)
    if isinstance(model, get_args(Event)):
        assert codec.from_dict(document, events.Event) == model
        assert codec.loads(codec.dumps(model), events.Event) == model
    else:
        with pytest.raises(CodecError) as caught:
            codec.from_dict(document, events.Event)
        (problem,) = caught.value.problems
        assert problem.path == "$.type"
        assert "Attended" in problem.allowed


@given(ANY_MODEL, st.data())
def test_every_problem_has_a_code(model, data):
    """Every problem has a code of the list, and its limits or the words that are allowed."""
    document = damaged(damaged(codec.to_dict(model), data), data)
    try:
        codec.loads(json.dumps(document), type(model))
    except CodecError as error:
        for problem in error.problems:
            assert problem.code in CODES
            assert problem.code != "invalid"
            assert (problem.code != "out_of_range") or len(problem.limits) == 2
            assert (problem.code != "not_one_of") or problem.allowed
            json.dumps(problem._asdict(), allow_nan=False)
    else:
        assume(False)


class Counted(str):
    """Text that counts how often it is compared, as a profiler sees no more than calls."""

    __slots__ = ()

    def __eq__(self, other):
        return str.__eq__(self, other)

    def __hash__(self):
        return str.__hash__(self)


def counted(value):
    """The same document with texts that count."""
    if isinstance(value, dict):
        return {k: counted(v) for k, v in value.items()}
    if isinstance(value, list):
        return [counted(v) for v in value]
    return Counted(value) if isinstance(value, str) else value


def work(call):
    """How many calls a call comes to, those of C and comparisons of texts among them."""
    calls = 0

    def note(_frame, event, _arg):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return calls


def read_anyhow(document, kind):
    with contextlib.suppress(CodecError):
        codec.from_dict(document, kind)


FILLINGS = st.sampled_from([{}, [], None, "", "x", 7, -1, True, {"x": 1}, [[]], {"x": {}}, "aa"])


def longer(document, data):
    """The same document twice, with a list or mapping of n and of 2n members somewhere in it."""
    places = []

    def look(value, path):
        if isinstance(value, (dict, list)):
            places.append(path)
            for key in list(value) if isinstance(value, dict) else range(len(value)):
                look(value[key], (*path, key))

    look(document, ())
    (*path, last) = data.draw(st.sampled_from(places or [()])) or ("",)
    filling = data.draw(FILLINGS)
    differs, is_mapping = data.draw(st.booleans()), data.draw(st.booleans())

    def one(i):
        return f"m{i}" if differs and isinstance(filling, str) else filling

    for n in (300, 600):
        copy = json.loads(json.dumps(document))
        place = copy
        for key in path:
            place = place[key]
        members = {f"k{i}": one(i) for i in range(n)} if is_mapping else [one(i) for i in range(n)]
        place[last] = members
        if last == "":
            copy.update(members if is_mapping else {f"k{i}": one(i) for i in range(n)})
        yield counted(copy)


@given(ANY_MODEL, st.data())
def test_time_grows_with_length(model, data):
    """For twice the length of a document, reading or refusing it is at most 2.5 times the work."""
    short, long = longer(codec.to_dict(model), data)
    kind = type(model)
    read_anyhow(short, kind)  # what is found once for a kind is not counted
    assert work(lambda: read_anyhow(long, kind)) <= 2.5 * work(lambda: read_anyhow(short, kind))


REPEATED = {
    ("Person", "experiences"): lambda i: {"group": f"g{i}"},
    ("Referred", "groups"): lambda i: f"g{i}",
    ("Group", "concerns"): lambda _: {},
    ("Group", "sources"): lambda i: f"g{i}",
    ("Meeting", "slots"): lambda _: {"weekday": 9, "start": "x"},
    ("Person", "dealbreakers"): lambda _: {"dimension": "luck", "age": 1},
}


@pytest.mark.parametrize(("name", "field"), REPEATED)
def test_long_lists_take_time_as_their_length(name, field):
    """So it is for long lists that are accepted, and for lists whose every member is refused."""
    kind = {kind.__name__: kind for kind in MODELS}[name]
    counts = []
    for n in (500, 500, 1000, 2000):
        members = [REPEATED[name, field](i) for i in range(n)]
        document = counted({"schema_version": 1, field: members})
        counts.append(work(lambda d=document: read_anyhow(d, kind)))
    assert counts[2] <= 2.5 * counts[1]
    assert counts[3] <= 2.5 * counts[2]


@pytest.mark.parametrize("n", [999, 1000, 1001, 5000])
def test_a_thousand_problems_are_listed(n):
    """An error lists a thousand problems at most, and says how many more there are."""
    members = [{"group": ""}] * n
    with pytest.raises(CodecError) as caught:
        codec.from_dict({"schema_version": 1, "id": "1", "experiences": members}, Person)
    problems = caught.value.problems
    assert caught.value.count == n
    assert len(problems) == min(n, MOST_PROBLEMS)
    assert problems[0] == Problem(
        "$.experiences[0].group", "must be a string that is not blank", "blank"
    )
    if n > MOST_PROBLEMS:
        more = n - MOST_PROBLEMS + 1
        assert problems[-1] == Problem("$", f"{more} more problems", "more", (more, more))
