"""Where people and groups become arrays, are checked, scored and wrapped."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import CHECKED_ROWS, MOST_TOLD, Booleans, as_matrix, as_rows, check_range
from mshg._checks import each, enforce, instance
from mshg._conversions import to_tuple
from mshg.domain import Dimension, Goal, Group, Person, as_groups
from mshg.domain.people import HEAVIEST
from mshg.errors import Problem, ValidationError
from mshg.fit.parameters import DEFAULT_PARAMETERS, FitParameters
from mshg.fit.results import GroupFit
from mshg.fit.tables import CertainTable, CounterfactualTable, FitTable, NextQuestionTable

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
        for dimension, position in told_positions(person).items():
            stances[i, column[dimension]] = position
    return stances, importance


def told_positions(person: Person) -> dict[Dimension, float]:
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


def score_table(
    stances: ArrayLike,
    importance: ArrayLike | None = None,
    *,
    groups: Iterable[Group] | Mapping[str, Group],
    declined: ArrayLike | None = None,
    parameters: FitParameters = DEFAULT_PARAMETERS,
) -> FitTable:
    """Fit of every group for many people.

    A table knows fit alone: what a shortlist keeps beside it (open groups, a choice of two, a
    secular one, the chosen one, cautions) is the caller's; `option_mask` gives the first.

    Parameters
    ----------
    stances
        Positions (n, 12) from 0 to 1 in the order of `mshg.Dimension`, NaN for open.
        float32 is worked on in float32, anything else in float64; a masked array is refused.
        Of a data frame the columns are read by name, in whatever order they stand: those of the
        twelve dimensions, and no others.
    importance
        Weights (n, 12), or (12,) for all alike, from 0 to 1e9; only their ratios matter.
        None for all equal. Frames as with ``stances``, here and for ``declined``.
    groups
        Groups, or a mapping whose values they are. Their order breaks ties.
    declined
        True (n, 12) where a question was declined: it stays at neutral and bounds do not
        count on it.
    parameters
        Numbers of the model.

    Returns
    -------
    A table that computes each column when it is first read. It keeps the arrays given, not
    copies: leave them unchanged as long as it is read.

    Raises
    ------
    ValidationError
        Wrong shapes and dtypes, names of columns that are missing, doubled or foreign, numbers
        out of range, answers that are declined as well, each with its place.

    Examples
    --------
    >>> import numpy as np
    >>> from mshg import catalog, fit
    >>> table = fit.score_table(np.full((2, 12), np.nan), groups=catalog.load())
    >>> table.score.shape, float(table.score[0, 0])
    ((2, 19), 0.75)
    """
    known = distinct_groups(groups)
    enforce(parameters=instance(FitParameters)(parameters))
    x = as_matrix(stances, "stances", _DIMENSIONS, "fiu")
    check_range(x, "stances", 0, 1, missing=True)
    w = np.ones((), x.dtype) if importance is None else importance
    if importance is None:
        w = np.broadcast_to(w, x.shape)
    else:
        w = as_rows(importance, "importance", x.shape, "fiu", _DIMENSIONS)
        check_range(w, "importance", 0, HEAVIEST, missing=False)
    told = None
    if declined is not None:
        told = as_rows(declined, "declined", x.shape, "b", _DIMENSIONS)
        _refuse_answered(told, x)
    return FitTable(x, w, told, known, parameters)


def certain_table(
    stances: ArrayLike,
    importance: ArrayLike | None = None,
    *,
    groups: Iterable[Group] | Mapping[str, Group],
    size: int = 3,
    declined: ArrayLike | None = None,
    candidates: ArrayLike | None = None,
    parameters: FitParameters = DEFAULT_PARAMETERS,
) -> CertainTable:
    """Which groups stay ahead for many people, however they answer what is still open.

    For more than one of these tables of the same people, make one `score_table` and read it.

    Parameters
    ----------
    stances, importance, groups, declined, parameters
        As in `score_table`.
    size
        How many first places count as ahead, 1 or more.
    candidates
        False (n, g), or (g,) for everyone, where a group is no option.

    Raises
    ------
    ValidationError
        As in `score_table`.

    Examples
    --------
    >>> import numpy as np
    >>> from mshg import Dimension, catalog, fit
    >>> groups, answers = catalog.load(), np.full((1, 12), np.nan)
    >>> bool(fit.certain_table(answers, groups=groups).certain.any())
    False
    >>> answers[0] = [p.position for p in groups["smart"].philosophy.values()]
    >>> answers[0, list(Dimension).index("contemplation")] = np.nan
    >>> table = fit.certain_table(answers, groups=groups)
    >>> table.groups[table.certainly_first[0]]
    'smart'
    """
    table = score_table(
        stances, importance, groups=groups, declined=declined, parameters=parameters
    )
    return table.certain(size, candidates)


def next_question_table(
    stances: ArrayLike,
    importance: ArrayLike | None = None,
    *,
    groups: Iterable[Group] | Mapping[str, Group],
    declined: ArrayLike | None = None,
    candidates: ArrayLike | None = None,
    parameters: FitParameters = DEFAULT_PARAMETERS,
) -> NextQuestionTable:
    """Which open question is worth most to each of many people; a declined one never is.

    Arguments and errors are those of `certain_table`. How often people give each of the five
    answers is ``parameters.answer_shares``.

    Examples
    --------
    >>> import numpy as np
    >>> from mshg import Dimension, catalog, fit
    >>> asked = fit.next_question_table(np.full((1, 12), np.nan), groups=catalog.load())
    >>> list(Dimension)[asked.dimension[0]].value
    'abstinence'
    """
    table = score_table(
        stances, importance, groups=groups, declined=declined, parameters=parameters
    )
    return table.next_question(candidates)


def counterfactual_table(
    stances: ArrayLike,
    importance: ArrayLike | None = None,
    *,
    groups: Iterable[Group] | Mapping[str, Group],
    declined: ArrayLike | None = None,
    candidates: ArrayLike | None = None,
    parameters: FitParameters = DEFAULT_PARAMETERS,
) -> CounterfactualTable:
    """Which smallest change of one answer would put another group first, for many people.

    Arguments and errors are those of `certain_table`.

    Examples
    --------
    >>> import numpy as np
    >>> from mshg import Dimension, catalog, fit
    >>> answers = np.full((1, 12), 0.5)
    >>> found = fit.counterfactual_table(answers, groups=catalog.load())
    >>> list(Dimension)[found.dimension[0]].value, float(found.to_position[0])
    ('christian_practice', 0.75)
    """
    table = score_table(
        stances, importance, groups=groups, declined=declined, parameters=parameters
    )
    return table.counterfactuals(candidates)


def score(
    person: Person,
    groups: Iterable[Group] | Mapping[str, Group],
    *,
    parameters: FitParameters = DEFAULT_PARAMETERS,
) -> tuple[GroupFit, ...]:
    """Fit of every group for one person, with what each dimension contributes.

    The groups come back in the order given; nothing is excluded here.

    Examples
    --------
    >>> from mshg import Person, catalog, fit
    >>> first, *_ = fit.score(Person(id="1", goal="abstinence"), catalog.load())
    >>> first.group, round(first.score, 3)
    ('aa', 0.769)
    """
    known = distinct_groups(groups)
    return group_fits(person, known, person_table(person, known, parameters))


def group_fits(person: Person, groups: tuple[Group, ...], table: FitTable) -> tuple[GroupFit, ...]:
    """What the table of one person says, group by group."""
    told = {*told_positions(person), *person.stances.declined}
    open_dimensions = tuple(d for d in _DIMENSIONS if d not in told)
    columns = (table.score, table.low, table.high, table.contributions())
    rows = zip(groups, *(column[0].tolist() for column in columns), strict=True)
    return tuple(
        GroupFit(
            group=group.id,
            score=score,
            low=low,
            high=high,
            contributions=dict(zip(_DIMENSIONS, parts, strict=True)),
            open_dimensions=open_dimensions,
        )
        for group, score, low, high, parts in rows
    )


def person_table(person: Person, groups: tuple[Group, ...], parameters: FitParameters) -> FitTable:
    """The table of one row that every one-person call reads."""
    enforce(person=instance(Person)(person))
    stances, importance = encode([person])
    return score_table(
        stances,
        importance,
        groups=groups,
        declined=declined_mask([person]),
        parameters=parameters,
    )


def distinct_groups(groups: Iterable[Group] | Mapping[str, Group]) -> tuple[Group, ...]:
    """Take groups, or the values of a mapping; at least one, no id twice."""
    given = as_groups(groups)
    ids = [group.id for group in given]
    problems = [
        Problem(f"$.groups[{i}].id", "is the id of two groups", code="repeated")
        for i, group_id in enumerate(ids)
        if group_id in ids[:i]
    ]
    if problems or not given:
        raise ValidationError(problems or [Problem("$.groups", "must not be empty", code="blank")])
    return given


def people_given(people: Iterable[Person]) -> tuple[Person, ...]:
    """Take people; nothing else."""
    given = to_tuple(people)
    enforce(people=each(instance(Person), tuple)(given))
    return given


def _refuse_answered(declined: Booleans, stances: NDArray[Any]) -> None:
    problems: list[Problem] = []
    for start in range(0, len(stances), CHECKED_ROWS):
        rows = slice(start, start + CHECKED_ROWS)
        wrong = np.argwhere(declined[rows] & ~np.isnan(stances[rows]))
        problems += [
            Problem(
                f"$.declined[{start + i}, {j}]", "is declined as well as answered", code="conflict"
            )
            for i, j in wrong[: MOST_TOLD - len(problems)].tolist()
        ]
    if problems:
        raise ValidationError(problems)
