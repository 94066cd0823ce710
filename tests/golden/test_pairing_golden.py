"""Matchings worked out by hand, or published."""

import pytest

from mshg import pairing

# Gale & Shapley, American Mathematical Monthly 69 (1962), example 1: ranks of the men by the women
# and of the women by the men, three by three. There are three stable sets of marriages.
RANKS = [
    [(1, 3), (2, 2), (3, 1)],
    [(3, 1), (1, 3), (2, 2)],
    [(2, 2), (3, 1), (1, 3)],
]


def gale_and_shapley():
    lists = [sorted(range(3), key=lambda j, row=row: row[j][0]) for row in RANKS]
    scores = [[-RANKS[i][j][1] for j in row] for i, row in enumerate(lists)]
    return lists, scores


def test_gale_and_shapley_give_everyone_their_first_choice():
    """Of three stable matchings people get the one in which each has their first choice."""
    lists, scores = gale_and_shapley()
    found = pairing.match_arrays(lists, scores, [1, 1, 1])
    assert found.supporter.tolist() == [0, 1, 2]
    assert found.place.tolist() == [0, 0, 0]


@pytest.mark.parametrize("stable", [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
def test_all_three_are_stable(stable):
    """Everyone their first, the other side their first, and everyone their second choice."""
    lists, scores = gale_and_shapley()
    assert pairing.blocking_pairs(lists, scores, [1, 1, 1], stable).shape == (0, 2)


@pytest.mark.parametrize("unstable", [[0, 2, 1], [1, 0, 2], [2, 1, 0]])
def test_the_other_three_are_not(unstable):
    lists, scores = gale_and_shapley()
    assert len(pairing.blocking_pairs(lists, scores, [1, 1, 1], unstable))


def test_a_day_of_introductions_by_hand():
    """Ana (0) has two places, Lee (1) one. Everyone wants Ana.

    1. All four go to Ana, who likes them 3 > 0 > 2 > 1 and keeps 3 and 0.
    2. 1 and 2 go to Lee, who likes 1 better; 2 has no one else.
    """
    lists = [[0, 1], [0, 1], [0, 1], [0, -1]]
    scores = [[0.8, 0.5], [0.1, 0.9], [0.7, 0.2], [0.9, 0.0]]
    found = pairing.match_arrays(lists, scores, [2, 1])
    assert found.supporter.tolist() == [0, 1, -1, 0]
    assert found.place.tolist() == [0, 1, -1, 0]
    assert found.load.tolist() == [2, 1]


def test_who_is_held_stays_by_hand():
    """Person 1 is held by Ana, so that one of her places is left, for 3; 0 and 2 go to Lee."""
    lists = [[0, 1], [0, 1], [0, 1], [0, -1]]
    scores = [[0.8, 0.5], [0.1, 0.9], [0.7, 0.2], [0.9, 0.0]]
    found = pairing.match_arrays(lists, scores, [2, 1], held=[-1, 0, -1, -1])
    assert found.supporter.tolist() == [1, 0, -1, 0]
    assert found.place.tolist() == [1, 0, -1, 0]
