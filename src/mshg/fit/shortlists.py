"""From fit to a choice: which groups to show a person, in which order, with what said."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import isnan
from typing import TypeVar

import numpy as np

from mshg._arrays import Booleans, Indices
from mshg.domain import Dimension, Group, Person
from mshg.fit._arguments import SMALLEST, check_choice, distinct_groups, known_active
from mshg.fit.engine import group_fits, person_table
from mshg.fit.options import likely_options, removals
from mshg.fit.parameters import DEFAULT_PARAMETERS, FitParameters
from mshg.fit.results import Counterfactual, Exclusion, GroupFit, NotShown, Option, Shortlist
from mshg.fit.sentences import Speaker
from mshg.fit.tables import CounterfactualTable, FitTable
from mshg.wording import Wording
from mshg.wording import load as load_wording

T = TypeVar("T")


def shortlist(
    person: Person,
    groups: Iterable[Group] | Mapping[str, Group],
    *,
    size: int = 3,
    active: Iterable[str] = (),
    wording: Wording | None = None,
    parameters: FitParameters = DEFAULT_PARAMETERS,
) -> Shortlist:
    """Choose a few groups to talk over with a person, with reasons, bounds and cautions.

    Only a group's own membership rule or the person's own dealbreaker removes a group; each
    comes back in ``excluded``. A chosen group stands first whatever speaks against it. At
    least two options are shown, a secular one among them, whenever that many are open.

    Parameters
    ----------
    person
        Who it is for.
    groups
        A catalog, or any groups; their order breaks ties.
    size
        How many options at most, 2 or more.
    active
        Ids of historical groups that the host knows to be active locally.
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
    ['smart', 'mm', 'hams']
    >>> shortlist.options[0].reasons_for[0]
    'You want skills to practice; SMART meetings are built around skills and tools.'
    """
    given = distinct_groups(groups)
    known = {group.id: group for group in given}
    check_choice(person, size, wording, parameters)
    active = known_active(active, given)
    closed = removals(person, given, active)
    among = np.array(likely_options(person, given, closed))
    table = person_table(person, given, parameters)
    fits = {f.group: f for f in group_fits(person, given, table)}
    speaker = Speaker(
        person=person,
        wording=load_wording() if wording is None else wording,
        parameters=parameters,
        active=active,
        groups=known,
    )

    is_behind = np.array([i not in closed for i in known]) & ~among
    ranked = [*_best_first(table, among), *_best_first(table, is_behind)]
    chosen = person.chosen_group if person.chosen_group in known else None
    shown = _choose(ranked, chosen, known, size)
    close = _close_calls([i for i in ranked if i in shown], fits, parameters)
    certain = table.certain(size, among)
    certainly_first = named_by(table.groups, certain.certainly_first)
    next_question = named_by(tuple(Dimension), table.next_question(among).dimension)
    change = _change(table.counterfactuals(among))
    return Shortlist(
        options=tuple(
            _option(known[i], fits[i], speaker, is_chosen=i == chosen, is_close_call=i in close)
            for i in shown
        ),
        excluded=tuple(
            Exclusion(group=i, rules=rules, reason=speaker.exclusion(known[i], rules))
            for i, rules in closed.items()
            if i != chosen
        ),
        coverage=float(table.coverage[0]),
        notes=(*speaker.notes(), *_about_the_list(table, ranked, speaker)),
        not_shown=tuple(_outscored(ranked, shown, chosen, fits, speaker)),
        certainly_first=certainly_first,
        certain=tuple(i for i in ranked if certain.certain[0, table.groups.index(i)]),
        next_question=next_question,
        counterfactual=change,
        outlook=tuple(speaker.outlook(certainly_first, next_question, change)),
        names={group.id: group.name for group in given},
        wording=speaker.wording,
        neutral=parameters.neutral,
    )


def _best_first(table: FitTable, among: Booleans) -> Iterable[str]:
    """Ids of some of the groups, those whose fit can't be told last, in the order of the list."""
    best = [j for j in table.top(len(table.groups), among)[0].tolist() if j >= 0]
    rest = (j for j in among.nonzero()[0].tolist() if j not in best)
    return (table.groups[j] for j in (*best, *rest))


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


def _outscored(
    ranked: list[str],
    shown: list[str],
    chosen: str | None,
    fits: Mapping[str, GroupFit],
    speaker: Speaker,
) -> Iterable[NotShown]:
    """What of the open groups is not shown, best first, and why."""
    for place, group_id in enumerate(ranked):
        if group_id in shown:
            continue
        better = [i for i in ranked[:place] if i in shown]
        kept_for = [i for i in shown if i not in better]
        yield speaker.not_shown(
            fits[group_id],
            fits[better[-1]] if better else None,
            kept=["chosen" if i == chosen else "secular" for i in kept_for],
        )


def _choose(
    ranked: list[str], chosen: str | None, known: Mapping[str, Group], size: int
) -> list[str]:
    """The chosen group, then the best; a secular one in the last place if there is none."""
    first = [] if chosen is None else [chosen]
    rest = [i for i in ranked if i != chosen]
    shown = (first + rest)[:size]
    if not any(known[i].is_secular for i in shown):
        secular = [i for i in rest if known[i].is_secular]
        shown = shown[: size - 1] + secular[:1] if secular else shown
    return shown


def _close_calls(
    ranked: list[str], fits: Mapping[str, GroupFit], parameters: FitParameters
) -> set[str]:
    """Options whose score is hardly below that of the next better one, by score alone."""
    allowed = parameters.close_call
    return {b for a, b in pairwise(ranked) if fits[a].score - fits[b].score <= allowed}


def _option(
    group: Group, fit: GroupFit, speaker: Speaker, *, is_chosen: bool, is_close_call: bool
) -> Option:
    reasons_for, reasons_against = speaker.reasons(group, fit)
    return Option(
        group=group.id,
        name=group.name,
        score=fit.score,
        low=fit.low,
        high=fit.high,
        reasons_for=reasons_for,
        reasons_against=reasons_against,
        cautions=speaker.cautions(group, is_chosen=is_chosen),
        is_chosen=is_chosen,
        is_close_call=is_close_call,
        website=group.website,
        answers=speaker.answers(group),
    )


def _about_the_list(table: FitTable, ranked: list[str], speaker: Speaker) -> Iterable[str]:
    """Notes on the list as a whole."""
    say, coverage, chosen = speaker.wording.say, table.coverage[0], speaker.person.chosen_group
    if isnan(coverage):
        yield say("note.no_importance")
    if coverage == 0:
        yield say("note.unanswered")
    if len(ranked) < SMALLEST:
        yield say("note.few_options")
    if not any(speaker.groups[i].is_secular for i in ranked):
        yield say("note.no_secular")
    if chosen is not None and chosen not in speaker.groups:
        yield say("note.chosen_unknown")
