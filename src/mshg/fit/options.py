"""Which groups are options for whom: rules, limits, and what is not known."""

from collections.abc import Callable, Container, Iterable, Mapping

import numpy as np

from mshg._arrays import Booleans
from mshg.domain import Dimension, Group, GroupStatus, Person
from mshg.fit._arguments import distinct_groups, known_active, people_given
from mshg.fit.results import ExclusionRule


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

    return _mask(people, known, lambda p: likely_options(p, known, removals(p, known, active)))


def removals(
    person: Person, groups: Iterable[Group], active: Container[str]
) -> dict[str, tuple[ExclusionRule, ...]]:
    """By which rules groups are removed from a person's options, for those that are."""
    found = {group.id: _removing_rules(person, group, active) for group in groups}
    return {group_id: rules for group_id, rules in found.items() if rules}


def likely_options(person: Person, groups: Iterable[Group], removed: Container[str]) -> list[bool]:
    """Which groups fit decides between: what is left, without what is set behind."""
    left = [(group.id not in removed, is_set_behind(person, group)) for group in groups]
    likely = [is_left and not is_behind for is_left, is_behind in left]
    return likely if any(likely) else [is_left for is_left, _ in left]


def closing_rules(person: Person, group: Group) -> tuple[ExclusionRule, ...]:
    """Which rules close a group to a person: the group's own, and the person's dealbreakers.

    A group that is silent on a dimension (salience 0) breaks no dealbreaker on it.
    """
    rules = [
        ExclusionRule(r.rule.value) for r in group.check_membership(person) if r.admits is False
    ]
    return (*rules, ExclusionRule.DEALBREAKER) if broken_limits(person, group) else tuple(rules)


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


def _removing_rules(
    person: Person, group: Group, active: Container[str]
) -> tuple[ExclusionRule, ...]:
    """Which rules remove a group from the options: those that close it, and being historical."""
    is_past = group.status is GroupStatus.HISTORICAL and group.id not in active
    past = (ExclusionRule.HISTORICAL,) if is_past else ()
    return closing_rules(person, group) + past


def _mask(
    people: Iterable[Person], groups: tuple[Group, ...], row: Callable[[Person], list[bool]]
) -> Booleans:
    """One row a person, asked once for all whom no rule tells apart."""
    given = people_given(people)
    asked = [(p.substances, p.seeks_help_for, p.identities, p.dealbreakers) for p in given]
    rows = {key: row(p) for key, p in dict(zip(asked, given, strict=True)).items()}
    return np.array([rows[key] for key in asked], bool).reshape(-1, len(groups))
