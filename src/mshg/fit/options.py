"""Which groups are options for whom: rules, limits, and what is not known."""

from collections.abc import Callable, Container, Iterable, Mapping
from collections.abc import Set as AbstractSet

import numpy as np

from mshg._arrays import Booleans
from mshg.domain import (
    Dimension,
    Focus,
    Goal,
    Group,
    GroupStatus,
    Person,
    SeeksHelpFor,
    Tradition,
)
from mshg.domain.identities import FAITHS, SITUATIONS
from mshg.fit._arguments import distinct_groups, known_active, people_given
from mshg.fit.results import ExclusionRule, SetBehind

# Where an answer, or a position, counts as an end of its dimension (judgment).
NEAR_LOW, NEAR_HIGH = 0.25, 0.75
_BUILT_FOR = 0.9  # how far members share what a group is built for (judgment)


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

    Those are the open ones without historical groups, unless active, and without those that a rule
    sets behind the rest, as long as another is open: groups for women, for people on medication,
    for one faith or for relatives where it is not known that the person is one of them, groups
    whose aim is moderation where nothing asks for it, and groups whose members share nothing of
    what the person uses.

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
    ['al_anon', 'celebrate_recovery', 'dra', 'hams', 'mara', 'mm', 'smart_family', 'sos', 'wfs']
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
    left = [(group.id not in removed, set_behind(person, group)) for group in groups]
    likely = [is_left and why is None for is_left, why in left]
    return likely if any(likely) else [is_left for is_left, _ in left]


def closing_rules(person: Person, group: Group) -> tuple[ExclusionRule, ...]:
    """Which rules close a group to a person: the group's own, and the person's dealbreakers.

    A group that is silent on a dimension (salience 0) breaks no dealbreaker on it.
    """
    rules = [
        ExclusionRule(r.rule.value) for r in group.check_membership(person) if r.admits is False
    ]
    return (*rules, ExclusionRule.DEALBREAKER) if broken_limits(person, group) else tuple(rules)


def set_behind(person: Person, group: Group) -> SetBehind | None:
    """Why a group stands behind the rest for a person; None where it does not.

    Nothing is closed by it. A group that is built for some people comes forward for someone known
    to be one of them, and a group whose members share nothing of what the person uses for no one.
    """
    for rule, is_for in _FORWARD.items():
        if not is_for(person, group):
            return rule
    return None


def is_for_medication(group: Group) -> bool:
    """Whether a group is built for people who take medication for addiction."""
    is_focus = _is_built_for(group, Focus.MEDICATION_FOR_ADDICTION)
    return is_focus or group.tradition is Tradition.MEDICATION


def aims_at_less(group: Group) -> bool:
    """Whether a group is about drinking or using less rather than about abstinence."""
    abstinence = group.philosophy[Dimension.ABSTINENCE]
    return abstinence.position <= NEAR_LOW and abstinence.salience > 0


def asks_for_less(person: Person) -> bool:
    """Whether the goal or the answer on abstinence asks for moderation or for using less.

    An answer wins over such a goal, and a goal of abstinence over such an answer.
    """
    answer = person.stances.positions.get(Dimension.ABSTINENCE)
    if person.goal in (Goal.MODERATION, Goal.REDUCTION):
        return answer is None or answer < NEAR_HIGH
    return person.goal is not Goal.ABSTINENCE and answer is not None and answer <= NEAR_LOW


def is_relative(person: Person) -> bool:
    """Whether someone seeks help for another person's use."""
    return person.seeks_help_for is SeeksHelpFor.SOMEONE_ELSES_USE


def takes_relatives(group: Group) -> bool:
    """Whether a group is known to be for people who seek help for someone else's use."""
    return SeeksHelpFor.SOMEONE_ELSES_USE in group.membership.seeks_help_for


def _is_built_for(group: Group, focus: Focus) -> bool:
    return focus in group.focus and group.focus[focus].share >= _BUILT_FOR


def _is_known_member(person: Person, group: Group) -> bool:
    """Whether someone is known to be one of those whom a group welcomes by their identity."""
    if group.membership.admits_identities(person.identities):
        return True
    return any(f in person.lives_with and _is_built_for(group, f) for f in SITUATIONS)


def _shares_faith(person: Person, group: Group) -> bool:
    """Whether someone is known to be of a group's faith, by their word or by their answer."""
    faiths = {faith for faith in FAITHS if _is_built_for(group, faith)}
    if person.lives_with & (faiths or FAITHS):
        return True
    practice = person.stances.positions.get(Dimension.CHRISTIAN_PRACTICE, 0)
    return Focus.CHRISTIAN in faiths and practice >= NEAR_HIGH


def _is_for_relatives(group: Group) -> bool:
    return group.membership.is_for_others_alone or group.tradition is Tradition.RELATIVES


def _shares_substances(person: Person, group: Group) -> bool:
    if not group.focus or not person.substances:
        return True
    used: AbstractSet[str] = person.substances  # a focus of the same word is equal to the substance
    return any(focus in used and shared.share > 0 for focus, shared in group.focus.items())


_FORWARD: dict[SetBehind, Callable[[Person, Group], bool]] = {
    SetBehind.RELATIVES: lambda p, g: is_relative(p) or not _is_for_relatives(g),
    SetBehind.HELP_FOR: lambda p, g: not is_relative(p) or takes_relatives(g),
    SetBehind.IDENTITY: lambda p, g: not g.membership.welcomes or _is_known_member(p, g),
    SetBehind.MEDICATION: lambda p, g: not is_for_medication(g) or bool(p.medication_for_addiction),
    SetBehind.FAITH: lambda p, g: g.tradition is not Tradition.FAITH_BASED or _shares_faith(p, g),
    SetBehind.MODERATION: lambda p, g: not aims_at_less(g) or asks_for_less(p),
    SetBehind.SUBSTANCES: _shares_substances,
}


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


def _told_apart_by(person: Person) -> tuple[object, ...]:
    """All of a person that rules of options read."""
    answers = person.stances.positions
    return (
        person.substances,
        person.seeks_help_for,
        person.identities,
        person.dealbreakers,
        person.goal,
        person.medication_for_addiction,
        answers.get(Dimension.ABSTINENCE),
        answers.get(Dimension.CHRISTIAN_PRACTICE),
    )


def _mask(
    people: Iterable[Person], groups: tuple[Group, ...], row: Callable[[Person], list[bool]]
) -> Booleans:
    """One row a person, asked once for all whom no rule tells apart."""
    given = people_given(people)
    asked = [_told_apart_by(p) for p in given]
    rows = {key: row(p) for key, p in dict(zip(asked, given, strict=True)).items()}
    return np.array([rows[key] for key in asked], bool).reshape(-1, len(groups))
