"""From fit to a choice: which groups to show a person, in which order, with what said."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import isnan
from typing import TypeVar

import numpy as np

from mshg._arrays import Booleans, Indices
from mshg.domain import Availability, Dimension, Group, Person
from mshg.fit._arguments import (
    SMALLEST,
    availability_given,
    check_choice,
    distinct_groups,
    known_active,
)
from mshg.fit.engine import group_fits, person_ranking
from mshg.fit.options import likely_options, removals
from mshg.fit.parameters import DEFAULT_PARAMETERS, FitParameters
from mshg.fit.places import Field, places, wants_secular
from mshg.fit.results import Counterfactual, Exclusion, NotShown, Option, PlaceRule, Shortlist
from mshg.fit.sentences import GroupView, Speaker
from mshg.fit.tables import CounterfactualTable, RankingTable
from mshg.wording import Wording
from mshg.wording import load as load_wording

T = TypeVar("T")

_TRADITION = {True: None, False: PlaceRule.TRADITION}  # by whether something speaks for it


def shortlist(
    person: Person,
    groups: Iterable[Group] | Mapping[str, Group],
    *,
    size: int = 3,
    active: Iterable[str] = (),
    available: Mapping[str, Availability] | None = None,
    wording: Wording | None = None,
    parameters: FitParameters = DEFAULT_PARAMETERS,
) -> Shortlist:
    """Choose a few groups to talk over with a person, with reasons, bounds and cautions.

    They are ordered by fit, shared experience and reach. Only a group's own membership rule or the
    person's own dealbreaker removes a group; each comes back in ``excluded``. A chosen group stands
    first whatever speaks against it, and a group that was liked is always shown. At least two
    options are shown whenever that many are open, a secular one among them where belief is open or
    below 4. Where nothing is known that could order them, they are in no order.

    Parameters
    ----------
    person
        Who it is for.
    groups
        A catalog, or any groups; ties go to the wider reach, then to the earlier.
    size
        How many options, 2 or more. There are fewer where fewer are open, and more where a group
        that is chosen, liked, built for the person's medication or in reach needs the place.
    active
        Ids of historical groups that the host knows to be active locally.
    available
        Meetings in reach in the coming seven days by group id, as
        `mshg.meetings.Directory.availability` gives them. None is not known.
    wording
        Whose sentences to say; mshg's own in English if None.
    parameters
        Numbers of the model.

    Raises
    ------
    ValidationError
        A size below 2, no groups, or groups that are none.
    UnknownGroupError
        An ``active`` id that is not among the groups.

    Examples
    --------
    >>> from mshg import Person, StanceProfile, catalog, fit
    >>> stances = StanceProfile.from_likert({"method": 5, "spirituality": 1})
    >>> shortlist = fit.shortlist(Person(id="1", stances=stances), catalog.load())
    >>> [option.group for option in shortlist.options]
    ['smart', 'lifering', 'aa_secular']
    >>> shortlist.options[0].reasons_for[0]
    'You want skills to practice; SMART meetings are built around skills and tools.'
    """
    given = distinct_groups(groups)
    check_choice(person, size, wording, parameters)
    near = None if available is None else availability_given(available)
    active = known_active(active, given)
    closed = removals(person, given, active)
    among = np.array(likely_options(person, given, closed))
    table = person_ranking(person, given, parameters, near)
    speaker = Speaker(
        person=person,
        wording=load_wording() if wording is None else wording,
        parameters=parameters,
        active=active,
        groups={group.id: group for group in given},
        available=near,
    )
    views = _views(person, given, table, speaker)
    is_behind = np.array([group.id not in closed for group in given]) & ~among
    ahead, is_unranked = [*_best_first(table, among)], _is_unranked(table, among)
    if is_unranked:
        ahead = _one_of_each(ahead, speaker.groups)
    ranked = [*ahead, *_best_first(table, is_behind)]
    claims = ranked if is_unranked else [i for i, view in views.items() if view.reasons_for]
    field = _field(ranked, among, table, views, speaker, with_reason=frozenset(claims))
    chosen = person.chosen_group if person.chosen_group in speaker.groups else None
    shown = places(person, field, chosen=chosen, size=size)
    if is_unranked:
        shown = {i: rule or _TRADITION[bool(views[i].reasons_for)] for i, rule in shown.items()}
    in_order = () if is_unranked else tuple(i for i in ranked if i in shown)
    close = _close_calls(in_order, views, parameters)
    certain = table.certain(size, among)
    certainly_first = named_by(table.groups, certain.certainly_first)
    next_question = named_by(tuple(Dimension), table.next_question(among).dimension)
    change = _change(table.counterfactuals(among))
    return Shortlist(
        options=tuple(
            _option(views[i], speaker, rule, is_chosen=i == chosen, is_close_call=i in close)
            for i, rule in shown.items()
        ),
        is_unranked=is_unranked,
        excluded=tuple(
            Exclusion(group=i, rules=rules, reason=speaker.exclusion(speaker.groups[i], rules))
            for i, rules in closed.items()
            if i != chosen
        ),
        coverage=float(table.coverage[0]),
        notes=(*speaker.notes(), *_about_the_list(table, ranked, is_unranked, speaker)),
        not_shown=tuple(_not_shown(ranked, shown, views, speaker)),
        certainly_first=certainly_first,
        certain=tuple(i for i in ranked if certain.certain[0, table.groups.index(i)]),
        next_question=next_question,
        counterfactual=change,
        outlook=tuple(speaker.outlook(certainly_first, next_question, change)),
        names={group.id: group.name for group in given},
        concern_names=speaker.concern_names(),
        wording=speaker.wording,
        neutral=parameters.neutral,
        belonging_weight=parameters.belonging_weight,
        reach_weight=parameters.reach_weight,
    )


def _views(
    person: Person, groups: tuple[Group, ...], table: RankingTable, speaker: Speaker
) -> dict[str, GroupView]:
    """What is known of each group for the person, with what speaks for and against it."""
    parts = (table.belonging, table.reach, table.rank)
    columns = [[0.5] * len(groups) if c is None else c[0].tolist() for c in parts]
    fits = group_fits(person, groups, table.fit)
    return {
        group.id: GroupView(
            group=group,
            fit=fit,
            belonging=m,
            reach=q,
            rank=rank,
            reasons_for=speaker.reasons_for(group, fit),
        )
        for group, fit, m, q, rank in zip(groups, fits, *columns, strict=True)
    }


def _field(
    ranked: list[str],
    among: Booleans,
    table: RankingTable,
    views: Mapping[str, GroupView],
    speaker: Speaker,
    *,
    with_reason: frozenset[str],
) -> Field:
    near = speaker.available
    in_reach = None if near is None else frozenset(i for i, a in near.items() if a.is_in_reach)
    return Field(
        ranked=ranked,
        forward=frozenset(i for i, is_in in zip(table.groups, among, strict=True) if is_in),
        rank={i: view.order for i, view in views.items()},
        with_reason=with_reason,
        in_reach=in_reach,
        groups=speaker.groups,
        margin=speaker.parameters.tradition_margin,
    )


def _best_first(table: RankingTable, among: Booleans) -> Iterable[str]:
    """Ids of some of the groups, best first; by the constants alone where fit can't be known."""
    if isnan(table.coverage[0]):
        table = table.without_fit()
    return (table.groups[j] for j in table.top(len(table.groups), among)[0].tolist() if j >= 0)


def _is_unranked(table: RankingTable, among: Booleans) -> bool:
    """Whether nothing is known that could order the groups but how widely they meet."""
    shared = table.belonging
    is_alike = shared is None or not among.any() or np.ptp(shared[0, among]) == 0
    return bool(is_alike and not table.coverage[0] > 0)


def _one_of_each(ranked: list[str], groups: Mapping[str, Group]) -> list[str]:
    """The first of each tradition before all others; ranked are those that meet widest first."""
    of_each = {groups[i].tradition: i for i in reversed(ranked)}
    first = [i for i in ranked if i in of_each.values()]
    return first + [i for i in ranked if i not in first]


def named_by(indices_of: tuple[T, ...], indices: Indices) -> T | None:
    """The thing that the first index stands for; None for -1."""
    return None if indices[0] < 0 else indices_of[indices[0]]


def _change(found: CounterfactualTable) -> Counterfactual | None:
    dimension = named_by(tuple(Dimension), found.dimension)
    group = named_by(found.groups, found.group)
    if dimension is None or group is None:
        return None
    return Counterfactual(
        dimension=dimension,
        from_position=float(found.from_position[0]),
        to_position=float(found.to_position[0]),
        group=group,
    )


def _not_shown(
    ranked: list[str],
    shown: Mapping[str, PlaceRule | None],
    views: Mapping[str, GroupView],
    speaker: Speaker,
) -> Iterable[NotShown]:
    """What of the open groups is not shown, best first, and why."""
    for place, group_id in enumerate(ranked):
        if group_id in shown:
            continue
        better = [i for i in ranked[:place] if i in shown]
        kept_for = [rule for i, rule in shown.items() if i not in better and rule is not None]
        yield speaker.not_shown(
            views[group_id],
            views[better[-1]] if better else None,
            kept=kept_for,
            is_capped=any(i not in better for i in shown) and not kept_for,
        )


def _close_calls(
    ranked: Iterable[str], views: Mapping[str, GroupView], parameters: FitParameters
) -> set[str]:
    """Options whose rank is hardly below that of the next better one, by rank alone."""
    allowed = parameters.close_call
    return {b for a, b in pairwise(ranked) if views[a].rank - views[b].rank <= allowed}


def _option(
    view: GroupView,
    speaker: Speaker,
    rule: PlaceRule | None,
    *,
    is_chosen: bool,
    is_close_call: bool,
) -> Option:
    group, fit = view.group, view.fit
    return Option(
        group=group.id,
        name=group.name,
        score=fit.score,
        low=fit.low,
        high=fit.high,
        belonging=view.belonging,
        reach=view.reach,
        rank=view.rank,
        reasons_for=view.reasons_for,
        reasons_against=speaker.reasons_against(group, fit),
        cautions=speaker.cautions(group, is_chosen=is_chosen),
        is_chosen=is_chosen,
        is_close_call=is_close_call,
        kept_by=rule,
        kept_reason=None if rule is None else speaker.kept(rule, group),
        website=group.website,
        answers=speaker.answers(group),
    )


def _about_the_list(
    table: RankingTable, ranked: list[str], is_unranked: bool, speaker: Speaker
) -> Iterable[str]:
    """Notes on the list as a whole."""
    say, coverage, chosen = speaker.wording.say, table.coverage[0], speaker.person.chosen_group
    if isnan(coverage):
        yield say("note.no_importance")
    elif is_unranked:
        yield say("note.unranked")
    elif coverage == 0:
        yield say("note.unanswered")
    if len(ranked) < SMALLEST:
        yield say("note.few_options")
    if wants_secular(speaker.person) and not any(speaker.groups[i].is_secular for i in ranked):
        yield say("note.no_secular")
    if chosen is not None and chosen not in speaker.groups:
        yield say("note.chosen_unknown")
