"""Bad arrays are refused as a whole, by row; what only looks odd is good input."""

import numpy as np
import pytest

from mshg import pairing
from mshg.errors import ValidationError

LISTS, SCORES, PLACES = [[0, 1], [1, -1]], [[1.0, 2.0], [3.0, 0.0]], [1, 1]


def paths(*given, **more):
    with pytest.raises(ValidationError) as caught:
        pairing.match_arrays(*given, **more)
    return [p.path for p in caught.value.problems]


def test_everything_wrong_comes_back_at_once_and_names_rows():
    lists = [[0, 0], [2, 1], [1, 1], [-2, 0], [0, 1]]
    scores = [[1, 2], [1, 2], [np.nan, 2], [1, 2], [np.nan, np.nan]]
    assert paths(lists, scores, [1, -1], held=[0, 0, -3, -1, 2]) == [
        "$.capacities[1]",
        "$.candidates[1]",
        "$.candidates[3]",
        "$.candidates[0]",
        "$.candidates[2]",
        "$.supporter_scores[2]",
        "$.supporter_scores[4]",
        "$.held[2]",
        "$.held[4]",
    ]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ((LISTS, SCORES, [1, 0.5]), "$.capacities[1]"),
        ((LISTS, SCORES, [1, np.nan]), "$.capacities[1]"),
        ((LISTS, SCORES, [1, np.inf]), "$.capacities[1]"),
        ((LISTS, SCORES, [[1, 1]]), "$.capacities"),
        ((LISTS, SCORES, ["a", "b"]), "$.capacities"),
        ((LISTS, SCORES, [True, True]), "$.capacities"),
        ((LISTS, [[1.0], [1.0]], PLACES), "$.supporter_scores"),
        ((LISTS, [[1.0], [1.0, 2.0]], PLACES), "$.supporter_scores"),
        ((LISTS, "scores", PLACES), "$.supporter_scores"),
        (([0, 1], SCORES, PLACES), "$.candidates"),
        (([[0.0, 1.0], [1.0, -1.0]], SCORES, PLACES), "$.candidates"),
        ((np.ma.masked_less(LISTS, 0), SCORES, PLACES), "$.candidates"),
        (([[0, 2], [1, -1]], SCORES, PLACES), "$.candidates[0]"),
    ],
)
def test_each_kind_of_wrong_array(given, path):
    assert paths(*given) == [path]


def test_many_wrong_rows_are_counted():
    found = paths(np.zeros((150, 2), int), np.ones((150, 2)), [1])
    assert len(found) == 101
    assert found[-1] == "$.candidates"


def test_more_people_than_places_are_not_held():
    assert paths(LISTS, SCORES, PLACES, held=[1, 1]) == ["$.capacities[1]"]
    assert paths(LISTS, SCORES, PLACES, held=[1]) == ["$.held"]


def test_a_supporter_twice_is_found_beside_what_is_skipped():
    lists = np.full((5_000, 130), -1, np.int8)
    lists[:, 0], lists[4_999, 129] = 1, 1
    assert paths(lists, np.zeros(lists.shape), [0, 9]) == ["$.candidates[4999]"]


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64])
def test_odd_input_that_is_good(kind):
    nobody = pairing.match_arrays(np.empty((0, 3), kind), np.empty((0, 3)), [1, 2])
    assert (len(nobody), nobody.load.tolist()) == (0, [0, 0])
    assert pairing.match_arrays([], [], []).supporter.shape == (0,)
    no_supporters = pairing.match_arrays(np.full((2, 1), -1, kind), np.zeros((2, 1)), [])
    assert no_supporters.supporter.tolist() == [-1, -1]
    full = pairing.match_arrays(np.array(LISTS, kind), SCORES, [0, 0])
    assert full.supporter.tolist() == [-1, -1]
    level = pairing.match_arrays(np.array([[0], [0], [0]], kind), np.ones((3, 1)), [2])
    assert level.supporter.tolist() == [0, 0, -1]
    assert pairing.match_arrays(np.array(LISTS, kind), SCORES, [1.0, 2.0]).load.tolist() == [1, 1]


def test_what_stands_beside_a_skipped_place_is_not_read():
    found = pairing.match_arrays([[-1, 0]], [[np.nan, 1.0]], [1])
    assert (found.supporter.tolist(), found.place.tolist()) == ([0], [1])


def test_infinite_and_extreme_scores_are_compared_as_they_are():
    assert pairing.match_arrays([[0], [0]], [[-np.inf], [np.inf]], [1]).supporter.tolist() == [
        -1,
        0,
    ]
    low, high = np.iinfo(np.int64).min, np.iinfo(np.int64).max
    close = pairing.match_arrays([[0], [0], [0]], [[high - 1], [high], [low]], [2])
    assert close.supporter.tolist() == [0, 0, -1]
    small = np.array([[255], [0]], np.uint8)
    assert pairing.match_arrays([[0], [0]], small, [1]).supporter.tolist() == [0, -1]


def test_what_comes_back_can_not_be_written_to():
    found = pairing.match_arrays(LISTS, SCORES, PLACES)
    with pytest.raises(ValueError, match="read-only"):
        found.supporter[0] = 1
    assert repr(found) == "PairingArrays(2 people, 2 supporters)"
    assert set(found.columns()) == {"supporter", "place"}


def test_the_input_is_left_as_it_was():
    lists, scores = np.array(LISTS), np.array(SCORES)
    pairing.match_arrays(lists, scores, PLACES)
    pairing.blocking_pairs(lists, scores, PLACES, [-1, -1])
    assert (lists.tolist(), scores.tolist()) == (LISTS, SCORES)


def test_who_is_off_their_list_prefers_all_and_is_liked_least():
    found = pairing.blocking_pairs([[1], [0]], [[1], [1]], [1, 1], [0, -1])
    assert found.tolist() == [[0, 1], [1, 0]]
    held = pairing.match_arrays([[1], [0]], [[1], [1]], [1, 1], held=[0, -1])
    assert (held.supporter.tolist(), held.place.tolist()) == ([0, -1], [-1, -1])


def test_blocking_pairs_refuse_what_match_refuses():
    with pytest.raises(ValidationError) as caught:
        pairing.blocking_pairs([[0, 0]], [[1, 1]], [1], [3])
    assert [p.path for p in caught.value.problems] == ["$.candidates[0]", "$.supporter[0]"]
