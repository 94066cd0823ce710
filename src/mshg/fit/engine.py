"""Where people and groups become arrays, are checked, scored and wrapped."""

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import CHECKED_ROWS, MOST_TOLD, Booleans, as_matrix, as_rows, check_range
from mshg._checks import each, enforce, instance, text
from mshg._conversions import to_tuple
from mshg.domain import Dimension, Goal, Group, GroupStatus, Person, as_groups
from mshg.domain.people import HEAVIEST
from mshg.errors import BatchError, Problem, UnknownGroupError
from mshg.fit.parameters import DEFAULT_PARAMETERS, FitParameters
from mshg.fit.results import ExclusionRule, GroupFit
from mshg.fit.tables import CertainTable, ChangeTable, FitTable, NextQuestionTable

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
    BatchError
        Members that are no `mshg.Person`, each with its place.
    """
    given = _people(people)
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
    rows = [[d in p.stances.declined for d in _DIMENSIONS] for p in _people(people)]
    return np.array(rows, bool).reshape(-1, len(_DIMENSIONS))


def open_mask(people: Iterable[Person], groups: Iterable[Group] | Mapping[str, Group]) -> Booleans:
    """Which groups are open to whom, (n, g), by membership rules and dealbreakers alone.

    What is not known of a person closes nothing, and a `historical` group may be open: see
    `option_mask` for what a shortlist chooses from.
    """
    known = distinct_groups(groups)
    return _mask(people, known, lambda p: [not closing_rules(p, group) for group in known])


def option_mask(
    people: Iterable[Person],
    groups: Iterable[Group] | Mapping[str, Group],
    *,
    active: Iterable[str] = (),
) -> Booleans:
    """Which groups fit decides between for whom, (n, g), as on a shortlist.

    Those are the open ones without historical groups, unless active. Where it is not known whose
    use a person seeks help for, own use is presumed, and groups for someone else's use alone are
    left out as long as another is open.

    Parameters
    ----------
    active
        Ids of historical groups that the host knows to be active locally.

    Raises
    ------
    UnknownGroupError
        An ``active`` id that is not among the groups.

    Examples
    --------
    >>> from mshg import Person, catalog, fit
    >>> groups = catalog.load()
    >>> someone = [Person(id="1")]
    >>> left = fit.open_mask(someone, groups)[0] & ~fit.option_mask(someone, groups)[0]
    >>> [group for group, is_left in zip(groups, left) if is_left]
    ['al_anon', 'smart_family', 'sos']
    """
    known = distinct_groups(groups)
    active = known_active(active, known)

    def row(person: Person) -> list[bool]:
        open_groups = [not removing_rules(person, group, active) for group in known]
        likely = [
            is_open and not is_set_behind(person, group)
            for is_open, group in zip(open_groups, known, strict=True)
        ]
        return likely if any(likely) else open_groups

    return _mask(people, known, row)


def closing_rules(person: Person, group: Group) -> tuple[ExclusionRule, ...]:
    """Which rules close a group to a person: the group's own, and the person's dealbreakers.

    A group that is silent on a dimension (salience 0) breaks no dealbreaker on it.
    """
    rules = [ExclusionRule(r.rule.value) for r in group.ask(person) if r.admits is False]
    return (*rules, ExclusionRule.DEALBREAKER) if broken_limits(person, group) else tuple(rules)


def removing_rules(
    person: Person, group: Group, active: Container[str]
) -> tuple[ExclusionRule, ...]:
    """Which rules remove a group from the options: those that close it, and being historical."""
    is_past = group.status is GroupStatus.HISTORICAL and group.id not in active
    past = (ExclusionRule.HISTORICAL,) if is_past else ()
    return closing_rules(person, group) + past


def is_set_behind(person: Person, group: Group) -> bool:
    """Whether a group for someone else's use alone stands after all others.

    That is where it is not known whose use the person seeks help for: own use is presumed, and
    what is not known closes nothing.
    """
    return person.seeks_help_for is None and group.membership.is_for_others_alone


def broken_limits(person: Person, group: Group) -> tuple[Dimension, ...]:
    """Dimensions on which a group that takes a stand lies outside the person's dealbreakers."""
    stands = ((limit, group.philosophy[limit.dimension]) for limit in person.dealbreakers)
    broken = (x.dimension for x, p in stands if p.salience > 0 and x.is_broken_by(p.position))
    return tuple(dict.fromkeys(broken))


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
    importance
        Weights (n, 12), or (12,) for all alike, from 0 to 1e9; only their ratios matter.
        None for all equal.
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
    BatchError
        Wrong shapes and dtypes, numbers out of range, answers that are declined as well,
        each with its place.

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
    x = as_matrix(stances, "stances", len(_DIMENSIONS), "fiu")
    check_range(x, "stances", 0, 1, missing=True)
    w = np.ones((), x.dtype) if importance is None else importance
    if importance is None:
        w = np.broadcast_to(w, x.shape)
    else:
        w = as_rows(importance, "importance", (len(x), len(_DIMENSIONS)), "fiu")
        check_range(w, "importance", 0, HEAVIEST, missing=False)
    told = None
    if declined is not None:
        told = as_rows(declined, "declined", (len(x), len(_DIMENSIONS)), "b")
        _refuse_answered(told, x)
    return FitTable(x, w, told, known, parameters)


def certain_table(
    stances: ArrayLike,
    importance: ArrayLike | None = None,
    *,
    groups: Iterable[Group] | Mapping[str, Group],
    size: int = 3,
    declined: ArrayLike | None = None,
    open: NDArray[np.bool_] | None = None,  # noqa: A002
    parameters: FitParameters = DEFAULT_PARAMETERS,
) -> CertainTable:
    """Which groups stay ahead for many people, however they answer what is still open.

    Parameters
    ----------
    stances, importance, groups, declined, parameters
        As in `score_table`.
    size
        How many first places count as ahead, 1 or more.
    open
        False (n, g), or (g,) for everyone, where a group is no option.

    Raises
    ------
    BatchError
        As in `score_table`.

    Examples
    --------
    >>> import numpy as np
    >>> from mshg import Dimension, Person, catalog, fit
    >>> groups, answers = catalog.load(), np.full((1, 12), np.nan)
    >>> bool(fit.certain_table(answers, groups=groups).certain.any())
    False
    >>> answers[0] = [p.position for p in groups["smart"].philosophy.values()]
    >>> answers[0, list(Dimension).index("contemplation")] = np.nan
    >>> groups_of = fit.certain_table(answers, groups=groups)
    >>> groups_of.groups[groups_of.certainly_first[0]]
    'smart'
    """
    table = score_table(
        stances, importance, groups=groups, declined=declined, parameters=parameters
    )
    return table.certain(size, open)


def next_question_table(
    stances: ArrayLike,
    importance: ArrayLike | None = None,
    *,
    groups: Iterable[Group] | Mapping[str, Group],
    declined: ArrayLike | None = None,
    open: NDArray[np.bool_] | None = None,  # noqa: A002
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
    >>> list(Dimension)[asked.next_question[0]].value
    'abstinence'
    """
    table = score_table(
        stances, importance, groups=groups, declined=declined, parameters=parameters
    )
    return table.next_question(open)


def change_table(
    stances: ArrayLike,
    importance: ArrayLike | None = None,
    *,
    groups: Iterable[Group] | Mapping[str, Group],
    declined: ArrayLike | None = None,
    open: NDArray[np.bool_] | None = None,  # noqa: A002
    parameters: FitParameters = DEFAULT_PARAMETERS,
) -> ChangeTable:
    """Which smallest change of one answer would put another group first, for many people.

    Arguments and errors are those of `certain_table`.

    Examples
    --------
    >>> import numpy as np
    >>> from mshg import Dimension, catalog, fit
    >>> answers = np.full((1, 12), 0.5)
    >>> found = fit.change_table(answers, groups=catalog.load())
    >>> list(Dimension)[found.dimension[0]].value, float(found.to[0])
    ('christian_practice', 0.75)
    """
    table = score_table(
        stances, importance, groups=groups, declined=declined, parameters=parameters
    )
    return table.what_would_change(open)


def assess(
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
    >>> first, *_ = fit.assess(Person(id="1", goal="abstinence"), catalog.load())
    >>> first.group, round(first.score, 3)
    ('aa', 0.769)
    """
    known = distinct_groups(groups)
    return group_fits(person, known, person_table(person, known, parameters))


def group_fits(person: Person, groups: tuple[Group, ...], table: FitTable) -> tuple[GroupFit, ...]:
    """What the table of one person says, group by group."""
    parts = table.contributions()[0]
    told = {*told_positions(person), *person.stances.declined}
    open_dimensions = tuple(d for d in _DIMENSIONS if d not in told)
    return tuple(
        GroupFit(
            group=group.id,
            score=float(table.score[0, j]),
            low=float(table.low[0, j]),
            high=float(table.high[0, j]),
            contributions=dict(zip(_DIMENSIONS, parts[j].tolist(), strict=True)),
            open_dimensions=open_dimensions,
        )
        for j, group in enumerate(groups)
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
        Problem(f"$.groups[{i}].id", "is the id of two groups")
        for i, group_id in enumerate(ids)
        if group_id in ids[:i]
    ]
    if problems or not given:
        raise BatchError(problems or [Problem("$.groups", "must not be empty")])
    return given


def known_active(active: Iterable[str], groups: tuple[Group, ...]) -> tuple[str, ...]:
    """Take ids of groups that are active after all; none that is not among the groups."""
    given = to_tuple(active)
    enforce(active=each(text, tuple)(given))
    if not {*given} <= {group.id for group in groups}:
        raise UnknownGroupError("active holds an id that is not among the groups")
    return given


def _people(people: Iterable[Person]) -> tuple[Person, ...]:
    given = to_tuple(people)
    enforce(people=each(instance(Person), tuple)(given))
    return given


def _mask(
    people: Iterable[Person], groups: tuple[Group, ...], row: Callable[[Person], list[bool]]
) -> Booleans:
    """One row a person, asked once for all whom no rule tells apart."""
    given = _people(people)
    asked = [(p.substances, p.seeks_help_for, p.identities, p.dealbreakers) for p in given]
    rows = {key: row(p) for key, p in dict(zip(asked, given, strict=True)).items()}
    return np.array([rows[key] for key in asked], bool).reshape(-1, len(groups))


def _refuse_answered(declined: Booleans, stances: NDArray[Any]) -> None:
    problems: list[Problem] = []
    for start in range(0, len(stances), CHECKED_ROWS):
        rows = slice(start, start + CHECKED_ROWS)
        wrong = np.argwhere(declined[rows] & ~np.isnan(stances[rows]))
        problems += [
            Problem(f"$.declined[{start + i}, {j}]", "is declined as well as answered")
            for i, j in wrong[: MOST_TOLD - len(problems)].tolist()
        ]
    if problems:
        raise BatchError(problems)
