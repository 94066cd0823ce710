"""What the codec refuses, with paths."""

from datetime import time

import numpy as np
import pytest

from mshg import Group, Meeting, Person, Slot, StanceProfile, codec
from mshg.errors import CodecError


def problems(document, kind=None):
    with pytest.raises(CodecError) as caught:
        codec.loads(document, kind)
    return {p.path for p in caught.value.problems}


def test_all_problems_at_once_with_their_paths():
    document = """{"schema_version": 1, "id": 3, "goal": "win", "nickname": "x",
      "stances": {"positions": {"method": NaN, "agency": 1.5}, "importance": {"method": -1}},
      "dealbreakers": [{"dimension": "method", "at_most": Infinity}, {"dimension": "luck"}],
      "preferences": {"weekdays": [7]}, "substances": "alcohol"}"""
    assert problems(document, Person) == {
        "$.id",
        "$.goal",
        "$.nickname",
        "$.stances.positions.method",
        "$.stances.positions.agency",
        "$.stances.importance.method",
        "$.dealbreakers[0].at_most",
        "$.dealbreakers[1].dimension",
        "$.dealbreakers[1].at_least",
        "$.preferences.weekdays[*]",
        "$.substances",
    }


@pytest.mark.parametrize(
    ("document", "paths"),
    [
        ("[]", {"$"}),
        ("{", {"$"}),
        ("", {"$"}),
        ('{"schema_version": 1, "id": "1"}', {"$.type"}),
        ('{"type": "Robot", "schema_version": 1}', {"$.type"}),
        ('{"type": ["Person"], "schema_version": 1}', {"$.type"}),
        ('{"type": "Person", "id": "1"}', {"$.schema_version"}),
        ('{"type": "Person", "schema_version": 2, "id": "1"}', {"$.schema_version"}),
        ('{"type": "Person", "schema_version": true, "id": "1"}', {"$.schema_version"}),
        ('{"type": "Person", "schema_version": 1.0, "id": "1"}', {"$.schema_version"}),
        ('{"type": "Person", "schema_version": 1}', {"$.id"}),
        ('{"type": "Person", "schema_version": 1, "id": "1", "id": "2"}', {"$"}),
        ('{"type": "Person", "schema_version": 1, "id": "\\ud800"}', {"$.id"}),
        ('{"type": "Slot", "schema_version": 1, "weekday": 0, "start": "7 pm"}', {"$.start"}),
        (
            '{"type": "Slot", "schema_version": 1, "weekday": true, "start": "07:00+01:00"}',
            {"$.weekday", "$.start"},
        ),
        (
            """{"type": "Slot", "schema_version": 1, "weekday": 0, "start": "07:00",
                "duration": "PT0M", "recurrence": {"every_weeks": 2}}""",
            {"$.duration", "$.recurrence.anchor"},
        ),
    ],
)
def test_refused(document, paths):
    assert problems(document) == paths


def test_numbers_too_large_for_a_float_are_refused_with_their_path():
    huge = "1" + "0" * 400
    document = f'{{"schema_version": 1, "importance": {{"agency": {huge}}}}}'
    assert problems(document, StanceProfile) == {"$.importance.agency"}


def test_only_models_are_written_and_read():
    for thing in (3, "x", None, CodecError([])):
        with pytest.raises(CodecError):
            codec.to_dict(thing)
    with pytest.raises(CodecError, match="kind"):
        codec.from_dict({"schema_version": 1}, int)


def test_a_kind_must_match():
    assert problems('{"type": "Person", "schema_version": 1, "id": "1"}', Meeting) == {"$.type"}


def test_a_group_needs_all_twelve_dimensions():
    document = '{"schema_version": 1, "id": "g", "name": "G", "philosophy": {}}'
    assert len(problems(document, Group)) == 12


def test_defaults_may_be_left_out():
    assert codec.loads('{"schema_version": 1, "id": "1"}', Person) == Person(id="1")


def test_numpy_integers_are_written_as_json_knows_them():
    slot = Slot(weekday=np.int64(1), start=time(7))
    assert codec.loads(codec.dumps(slot)) == slot


def test_a_set_is_written_in_order():
    """The same model gives the same document, whatever order a set happens to have."""
    substances = ["opioids", "alcohol", "nicotine", "cannabis", "cocaine", "other"]
    assert codec.to_dict(Person(id="1", substances=substances))["substances"] == sorted(substances)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"type": "PersonState", "attended": 3}, "$.attended"),
        ({"type": "Retracted", "why": None}, "$.why"),
        ({"type": "Recurrence", "except_on": []}, "$.except_on"),
        ({"type": "Slot", "recurrence": {"except_on": []}}, "$.recurrence.except_on"),
        ({"type": "Meeting", "join": None}, "$.join"),
    ],
)
def test_a_document_of_an_earlier_version_says_so(document, path):
    with pytest.raises(CodecError) as caught:
        codec.from_dict({"schema_version": 1, **document})
    assert (path, "is a field of an earlier version of mshg") in {
        (p.path, p.rule) for p in caught.value.problems
    }
