"""Which groups get a place on a list: by rank, but for the few rules that keep one.

Precedence: chosen, liked, medication, reachable, at most two of a tradition, secular, size. A list
grows beyond its size rather than break one of the first four.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import frozen

from mshg.domain import Dimension, Group, HowItWas, Person, Substance, Tradition
from mshg.fit.options import NEAR_HIGH, is_for_medication
from mshg.fit.results import PlaceRule

_OF_ONE_TRADITION = 2  # among three


@frozen(kw_only=True)
class Field:
    """What places are given out from.

    Parameters
    ----------
    ranked
        Ids of the open groups, best first, those that a rule sets behind after all others.
    forward
        Those of them that no rule sets behind.
    rank
        What they are ordered by.
    with_reason
        Those of which something speaks for them.
    in_reach
        Those that can be reached in the coming seven days; None where that was not given.
    groups
        All groups by id.
    margin
        How far ahead the third of one tradition has to be.
    """

    ranked: Sequence[str]
    forward: frozenset[str]
    rank: Mapping[str, float]
    with_reason: frozenset[str]
    in_reach: frozenset[str] | None
    groups: Mapping[str, Group]
    margin: float

    def best(self, holds: Callable[[Group], bool]) -> str | None:
        """The best that has something; one with a reason for it before all others."""
        found = [i for i in self.by_claim() if holds(self.groups[i])]
        return found[0] if found else None

    def by_claim(self) -> list[str]:
        """Ids in the order in which they claim a place: what nothing speaks for comes late."""
        return sorted(self.ranked, key=lambda i: (i not in self.forward, i not in self.with_reason))


def places(
    person: Person, field: Field, *, chosen: str | None, size: int
) -> dict[str, PlaceRule | None]:
    """The groups shown, in order, each with the rule that keeps its place if one does."""
    kept: dict[str, PlaceRule] = {} if chosen is None else {chosen: PlaceRule.CHOSEN}
    for group_id in _liked(person, field.ranked):
        kept.setdefault(group_id, PlaceRule.LIKED)
    built = field.best(is_for_medication) if _takes_it_for_opioids(person) else None
    if built is not None and not any(is_for_medication(field.groups[i]) for i in kept):
        kept[built] = PlaceRule.MEDICATION
    shown = _filled(field, kept, size)
    while (missing := _missing(person, field, kept, shown, size)) is not None:
        group_id, rule = missing
        kept[group_id] = rule
        shown = _filled(field, kept, size)
    first = [] if chosen is None else [chosen]
    order = first + [i for i in field.ranked if i in shown and i != chosen]
    unsaid = {i: PlaceRule.CHOICE for i in order if i not in field.with_reason}
    return {i: (unsaid | kept).get(i) for i in order}


def wants_secular(person: Person) -> bool:
    """Whether a place is kept for a group that is not religious: belief is open, or below 4."""
    answers = person.stances.positions
    beliefs = (answers.get(d, 0) for d in (Dimension.SPIRITUALITY, Dimension.CHRISTIAN_PRACTICE))
    return max(beliefs) < NEAR_HIGH


def _liked(person: Person, among: Iterable[str]) -> list[str]:
    liked = {e.group for e in person.experiences if e.how_it_was is HowItWas.LIKED}
    return [i for i in among if i in liked]


def _takes_it_for_opioids(person: Person) -> bool:
    is_for_opioids = Substance.OPIOIDS in person.substances or not person.substances
    return bool(person.medication_for_addiction) and is_for_opioids


def _missing(
    person: Person, field: Field, kept: Mapping[str, PlaceRule], shown: Iterable[str], size: int
) -> tuple[str, PlaceRule] | None:
    """The next group that a rule keeps a place for, and that is not shown yet."""
    near = field.in_reach
    if near is not None and not near & set(shown):
        best = field.best(lambda group: group.id in near)
        if best is not None:
            return best, PlaceRule.REACHABLE
    has_secular = any(field.groups[i].is_secular for i in shown)
    if wants_secular(person) and not has_secular and len(kept) < size:
        best = field.best(lambda group: bool(group.is_secular))
        if best is not None:
            return best, PlaceRule.SECULAR
    return None


def _filled(field: Field, kept: Iterable[str], size: int) -> list[str]:
    """What is kept, then the best under the cap, then the best of the rest."""
    shown = [*kept]
    claims = [i for i in field.ranked if i in field.forward & field.with_reason]
    for group_id in claims:
        if (
            len(shown) < size
            and group_id not in shown
            and _is_within_cap(group_id, shown, claims, field, size)
        ):
            shown.append(group_id)
    rest = [i for i in (*claims, *field.by_claim()) if i not in shown]
    return shown + list(dict.fromkeys(rest))[: max(size - len(shown), 0)]


def _is_within_cap(
    group_id: str, shown: Sequence[str], claims: Iterable[str], field: Field, size: int
) -> bool:
    """Whether a group is not one too many of its tradition, or is far enough ahead."""
    if not _is_one_too_many(group_id, shown, field, size):
        return True
    others = (i for i in claims if i not in shown)
    rival = next((i for i in others if not _is_one_too_many(i, shown, field, size)), None)
    return rival is not None and field.rank[group_id] - field.rank[rival] > field.margin


def _is_one_too_many(group_id: str, shown: Sequence[str], field: Field, size: int) -> bool:
    """Two of a tradition among three; meetings of a group that is shown already are one more."""
    group = field.groups[group_id]
    if group.variant_of is not None and group.variant_of in shown:
        return True
    if group.tradition in (None, Tradition.RELATIVES):
        return False
    alike = sum(field.groups[i].tradition is group.tradition for i in shown)
    return alike >= max(_OF_ONE_TRADITION, _OF_ONE_TRADITION * size // 3)
