"""Where people and groups become arrays, are checked, scored and wrapped."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from mshg._checks import enforce, instance
from mshg.domain import Availability, Dimension, Group, Person
from mshg.fit._arguments import answers_given, constants_given, distinct_groups
from mshg.fit.encoding import belonging as shared_experience
from mshg.fit.encoding import declined_mask, encode, stated_positions
from mshg.fit.encoding import reach as class_reach
from mshg.fit.kernels import tie_places
from mshg.fit.parameters import DEFAULT_PARAMETERS, FitParameters
from mshg.fit.results import GroupFit
from mshg.fit.tables import (
    CertainTable,
    CounterfactualTable,
    FitTable,
    NextQuestionTable,
    RankingTable,
)

_DIMENSIONS = tuple(Dimension)


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
        Groups, or a mapping whose values they are. Ties go to the wider reach, then to the earlier.
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
    x, w, stated = answers_given(stances, importance, declined)
    places = tie_places(class_reach(known)[None])
    return FitTable(x, w, declined=stated, groups=known, parameters=parameters, places=places)


def ranking_table(
    stances: ArrayLike,
    importance: ArrayLike | None = None,
    *,
    groups: Iterable[Group] | Mapping[str, Group],
    belonging: ArrayLike | None = None,
    reach: ArrayLike | None = None,
    declined: ArrayLike | None = None,
    parameters: FitParameters = DEFAULT_PARAMETERS,
) -> RankingTable:
    """Order every group for many people by fit, shared experience and reach.

    ``rank = fit + belonging_weight (m - 1/2) + reach_weight (q - 1/2)``. The last two are
    constants: no answer moves them.

    Parameters
    ----------
    stances, importance, groups, declined, parameters
        As in `score_table`.
    belonging
        m, shared experience, (n, g), or (g,) for everyone, from 0 to 1; see `belonging`. None adds
        nothing. Of a data frame, here and for ``reach``, columns are read by the ids of groups.
    reach
        q, how easily meetings can be reached, (n, g), or (g,) for everyone, from 0 to 1; see
        `reach`. None adds nothing, and ties go by the groups' own classes.

    Returns
    -------
    A table that computes each column when it is first read. It keeps the arrays given, not
    copies: leave them unchanged as long as it is read.

    Raises
    ------
    ValidationError
        As in `score_table`.

    Examples
    --------
    >>> import numpy as np
    >>> from mshg import Person, catalog, fit
    >>> groups, people = catalog.load(), [Person(id="1", substances=["alcohol"])]
    >>> table = fit.ranking_table(
    ...     *fit.encode(people),
    ...     groups=groups,
    ...     belonging=fit.belonging(people, groups),
    ...     reach=fit.reach(groups),
    ... )
    >>> table.groups[table.top(1)[0, 0]]
    'aa'
    """
    table = score_table(
        stances, importance, groups=groups, declined=declined, parameters=parameters
    )
    known = distinct_groups(groups)
    shared, near = constants_given(belonging, reach, len(table), table.groups)
    places = tie_places(np.atleast_2d(class_reach(known) if near is None else near))
    return RankingTable(table, shared, near, places)


def certain_table(
    stances: ArrayLike,
    importance: ArrayLike | None = None,
    *,
    groups: Iterable[Group] | Mapping[str, Group],
    size: int = 3,
    belonging: ArrayLike | None = None,
    reach: ArrayLike | None = None,
    declined: ArrayLike | None = None,
    candidates: ArrayLike | None = None,
    parameters: FitParameters = DEFAULT_PARAMETERS,
) -> CertainTable:
    """Which groups stay ahead for many people, however they answer what is still open.

    For more than one of these tables of the same people, make one `ranking_table` and read it. By
    fit alone where neither ``belonging`` nor ``reach`` is given.

    Parameters
    ----------
    stances, importance, groups, belonging, reach, declined, parameters
        As in `ranking_table`.
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
    table = ranking_table(
        stances,
        importance,
        groups=groups,
        belonging=belonging,
        reach=reach,
        declined=declined,
        parameters=parameters,
    )
    return table.certain(size, candidates)


def next_question_table(
    stances: ArrayLike,
    importance: ArrayLike | None = None,
    *,
    groups: Iterable[Group] | Mapping[str, Group],
    belonging: ArrayLike | None = None,
    reach: ArrayLike | None = None,
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
    table = ranking_table(
        stances,
        importance,
        groups=groups,
        belonging=belonging,
        reach=reach,
        declined=declined,
        parameters=parameters,
    )
    return table.next_question(candidates)


def counterfactual_table(
    stances: ArrayLike,
    importance: ArrayLike | None = None,
    *,
    groups: Iterable[Group] | Mapping[str, Group],
    belonging: ArrayLike | None = None,
    reach: ArrayLike | None = None,
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
    table = ranking_table(
        stances,
        importance,
        groups=groups,
        belonging=belonging,
        reach=reach,
        declined=declined,
        parameters=parameters,
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
    stated = {*stated_positions(person), *person.stances.declined}
    open_dimensions = tuple(d for d in _DIMENSIONS if d not in stated)
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


def person_ranking(
    person: Person,
    groups: tuple[Group, ...],
    parameters: FitParameters,
    available: Mapping[str, Availability] | None = None,
) -> RankingTable:
    """The ranking of one row that every one-person call reads."""
    enforce(person=instance(Person)(person))
    stances, importance = encode([person])
    return ranking_table(
        stances,
        importance,
        groups=groups,
        belonging=shared_experience([person], groups),
        reach=class_reach(groups, available),
        declined=declined_mask([person]),
        parameters=parameters,
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
