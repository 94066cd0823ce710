"""How people become the arrays that fit is computed on."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Booleans
from mshg.domain import Dimension, Goal, Person
from mshg.fit._arguments import people_given

_DIMENSIONS = tuple(Dimension)

GOAL_ABSTINENCE: Mapping[Goal, float] = {
    Goal.ABSTINENCE: 1.0,
    Goal.REDUCTION: 0.25,
    Goal.MODERATION: 0.0,
}
"""The answer to ``abstinence`` that a goal stands for where there is none (judgment)."""


def encode(people: Iterable[Person]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn people into arrays: their stances and importance, both (n, 12).

    Columns are in the order of `mshg.Dimension`. A stance is NaN where the question is
    open or declined; an unanswered ``abstinence`` is filled by the person's goal, unless it
    is undecided or the question was declined. Importance is 1 where none was given.

    Raises
    ------
    ValidationError
        Members that are no `mshg.Person`, each with its place.
    """
    given = people_given(people)
    stances = np.full((len(given), len(_DIMENSIONS)), np.nan)
    importance = np.ones((len(given), len(_DIMENSIONS)))
    column = {dimension: j for j, dimension in enumerate(_DIMENSIONS)}
    for i, person in enumerate(given):
        for dimension, weight in person.stances.importance.items():
            importance[i, column[dimension]] = weight
        for dimension, position in stated_positions(person).items():
            stances[i, column[dimension]] = position
    return stances, importance


def stated_positions(person: Person) -> dict[Dimension, float]:
    """Positions by dimension, the goal standing in for an unanswered ``abstinence``."""
    told = dict(person.stances.positions)
    by_goal = abstinence_by_goal(person)
    return told if by_goal is None else told | {Dimension.ABSTINENCE: by_goal}


def abstinence_by_goal(person: Person) -> float | None:
    """The position that the person's goal stands for, where ``abstinence`` is unanswered."""
    settled = (*person.stances.positions, *person.stances.declined)
    if person.goal is None or Dimension.ABSTINENCE in settled:
        return None
    return GOAL_ABSTINENCE.get(person.goal)


def declined_mask(people: Iterable[Person]) -> Booleans:
    """Which questions people declined, (n, 12): the ``declined`` of `score_table`."""
    rows = [[d in p.stances.declined for d in _DIMENSIONS] for p in people_given(people)]
    return np.array(rows, bool).reshape(-1, len(_DIMENSIONS))
