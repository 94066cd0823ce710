"""What the calls of fit accept: every argument is checked here, and all problems told at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import (
    CHECKED_ROWS,
    MOST_SHOWN,
    Booleans,
    as_array,
    as_matrix,
    as_rows,
    check_range,
)
from mshg._checks import each, enforce, entries, instance, optional, text, whole
from mshg._conversions import to_tuple
from mshg.domain import Availability, Dimension, Group, Person, as_groups
from mshg.domain.people import HEAVIEST
from mshg.errors import Problem, UnknownGroupError, ValidationError
from mshg.fit.parameters import FitParameters
from mshg.wording import Wording

SMALLEST = 2
"""A choice is one of two groups at least."""


_DIMENSIONS = tuple(Dimension)


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


def known_active(active: Iterable[str], groups: tuple[Group, ...]) -> tuple[str, ...]:
    """Take ids of groups that are active after all; none that is not among the groups."""
    given = to_tuple(active)
    enforce(active=each(text, tuple)(given))
    if not {*given} <= {group.id for group in groups}:
        raise UnknownGroupError("active holds an id that is not among the groups")
    return given


def check_choice(
    person: Person, size: int, wording: Wording | None, parameters: FitParameters
) -> None:
    """Refuse what no shortlist can be chosen by."""
    enforce(
        person=instance(Person)(person),
        size=whole(size, SMALLEST, 1_000),
        wording=optional(instance(Wording))(wording),
        parameters=instance(FitParameters)(parameters),
    )


def availability_given(available: Mapping[str, Availability]) -> Mapping[str, Availability]:
    """Take meetings in reach by group id; ids that are not among the groups say nothing."""
    enforce(available=entries(text, instance(Availability))(available))
    return available


def constants_given(
    belonging: ArrayLike | None, reach: ArrayLike | None, n: int, groups: Sequence[str]
) -> tuple[NDArray[Any] | None, NDArray[Any] | None]:
    """Take shared experience and reach as arrays (n, g), or (g,) where one row is for everyone."""
    taken: list[NDArray[Any] | None] = []
    for name, values in (("belonging", belonging), ("reach", reach)):
        if values is None:
            taken.append(None)
            continue
        array = as_array(values, name, groups)
        is_row = array.ndim == 1
        array = as_rows(array, name, (1 if is_row else n, len(groups)), "fiu")
        check_range(array, name, 0, 1, missing=False)
        taken.append(array[0] if is_row else array)
    return taken[0], taken[1]


def answers_given(
    stances: ArrayLike, importance: ArrayLike | None, declined: ArrayLike | None
) -> tuple[NDArray[Any], NDArray[Any], Booleans | None]:
    """Take stances, importance and declined questions as arrays (n, 12)."""
    x = as_matrix(stances, "stances", _DIMENSIONS, "fiu")
    check_range(x, "stances", 0, 1, missing=True)
    if importance is None:
        w: NDArray[Any] = np.broadcast_to(np.ones((), x.dtype), x.shape)
    else:
        w = as_rows(importance, "importance", x.shape, "fiu", _DIMENSIONS)
        check_range(w, "importance", 0, HEAVIEST, missing=False)
    if declined is None:
        return x, w, None
    stated = as_rows(declined, "declined", x.shape, "b", _DIMENSIONS)
    _refuse_answered(stated, x)
    return x, w, stated


def _refuse_answered(declined: Booleans, stances: NDArray[Any]) -> None:
    problems: list[Problem] = []
    for start in range(0, len(stances), CHECKED_ROWS):
        rows = slice(start, start + CHECKED_ROWS)
        wrong = np.argwhere(declined[rows] & ~np.isnan(stances[rows]))
        problems += [
            Problem(
                f"$.declined[{start + i}, {j}]", "is declined as well as answered", code="conflict"
            )
            for i, j in wrong[: MOST_SHOWN - len(problems)].tolist()
        ]
    if problems:
        raise ValidationError(problems)
