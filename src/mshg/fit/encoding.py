"""How people and groups become the arrays that fit and the ranking are computed on."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Booleans
from mshg.domain import Availability, Dimension, Focus, Goal, Group, HowItWas, Person, Substance
from mshg.fit._arguments import availability_given, distinct_groups, people_given
from mshg.fit.kernels import shared_experience
from mshg.fit.parameters import HALF_REACH, REACH_SHARES, TRIED, TRIED_KIN

_DIMENSIONS = tuple(Dimension)
_FOCUS = tuple(Focus)
_MOVED = {HowItWas.LIKED: 1.0, HowItWas.DISLIKED: -1.0}

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
    stated = dict(person.stances.positions)
    by_goal = abstinence_by_goal(person)
    return stated if by_goal is None else stated | {Dimension.ABSTINENCE: by_goal}


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


def belonging(
    people: Iterable[Person], groups: Iterable[Group] | Mapping[str, Group]
) -> NDArray[np.float64]:
    """Shared experience: how far groups share what people live with and have tried, (n, g).

    From 0 to 1; 1/2 where nothing is known that speaks for it or against it. What people live with
    are their substances, medication for addiction, another person's use, and what their own words
    for who they are say (`mshg.Person.lives_with`). Gender, age, motivation and cognition never
    enter. A group that was liked rises by 1/2, one that was disliked falls by it, and a group that
    shares meetings with it moves half as far.

    Raises
    ------
    ValidationError
        Members that are no `mshg.Person`, and groups that are none, each with its place.

    Examples
    --------
    >>> from mshg import Person, catalog, fit
    >>> groups = catalog.load()
    >>> shared = fit.belonging([Person(id="1", substances=["alcohol"])], groups)[0]
    >>> {group: round(float(m), 2) for group, m in zip(groups, shared) if group in ("aa", "ca")}
    {'aa': 1.0, 'ca': 0.3}
    """
    given, known = people_given(people), distinct_groups(groups)
    lived = [person.lives_with for person in given]
    has = np.array([[focus in some for focus in _FOCUS] for some in lived], bool)
    return shared_experience(
        has.reshape(-1, len(_FOCUS)),
        _shares(known),
        substances=len(Substance),
        relative=_FOCUS.index(Focus.SOMEONE_ELSES_USE),
        tried=_tried(given, known),
    )


def reach(
    groups: Iterable[Group] | Mapping[str, Group],
    available: Mapping[str, Availability] | None = None,
) -> NDArray[np.float64]:
    """How easily meetings of each group can be reached, (g,), from 0 to 1.

    By the meetings in reach in the coming seven days where they are given, w / (w + 4) with w the
    meetings in person and half of those online; else by the class of published numbers.

    Parameters
    ----------
    groups
        Groups, or a mapping whose values they are.
    available
        Meetings in reach by group id, as `mshg.meetings.Directory.availability` gives them. A group
        that is left out goes by its class.

    Raises
    ------
    ValidationError
        Groups that are none, and values that are no `mshg.domain.Availability`.

    Examples
    --------
    >>> from mshg import catalog, fit
    >>> from mshg.domain import Availability
    >>> groups = [catalog.load()["aa"], catalog.load()["smart"]]
    >>> fit.reach(groups).tolist()
    [1.0, 0.7]
    >>> fit.reach(groups, {"aa": Availability(in_person=0, online=0)}).tolist()
    [0.0, 0.7]
    """
    known = distinct_groups(groups)
    near = {} if available is None else availability_given(available)
    return np.array([_reach_of(group, near.get(group.id)) for group in known])


def _reach_of(group: Group, near: Availability | None) -> float:
    if near is None:
        return REACH_SHARES[group.reach]
    meetings = near.in_person + near.online / 2
    return meetings / (meetings + HALF_REACH)


def _shares(groups: tuple[Group, ...]) -> NDArray[np.float64]:
    """How far groups share each focus, (g, f); NaN where nothing is known of a group."""
    return np.array(
        [
            [g.focus[f].share if f in g.focus else 0.0 for f in _FOCUS]
            if g.focus
            else [np.nan] * len(_FOCUS)
            for g in groups
        ]
    )


def _tried(people: tuple[Person, ...], groups: tuple[Group, ...]) -> NDArray[np.float64]:
    """What having tried a group, or one that shares meetings with it, adds, (n, g)."""
    out = np.zeros((len(people), len(groups)))
    kin = {g.id: {g.variant_of} | {o.id for o in groups if o.variant_of == g.id} for g in groups}
    for i, person in enumerate(people):
        for tried in person.experiences:
            moved = 0.0 if tried.how_it_was is None else _MOVED.get(tried.how_it_was, 0.0)
            if not moved:
                continue
            for j, group in enumerate(groups):
                if group.id == tried.group:
                    out[i, j] += moved * TRIED
                elif tried.group in kin[group.id]:
                    out[i, j] += moved * TRIED_KIN
    return out
