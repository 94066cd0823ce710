"""Repairs of a pairing: one change at a time, and nobody moves without need.

Who joins or loses a place moves down their list, as in deferred acceptance. A place that opens
starts a vacancy chain (Blum, Roth & Rothblum, Journal of Economic Theory 76, 1997): the supporter
takes whom they like best of those who would rather be there, whose place opens next.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, TypeAlias, assert_never, get_args

import numpy as np
from attrs import evolve, frozen

from mshg._arrays import Booleans
from mshg._checks import Broken, enforce, instance, optional
from mshg._fields import Text, post_init, whole_within
from mshg._requests import PairingRequest
from mshg.domain import SupporterProfile
from mshg.domain.supporters import MOST_PLACES
from mshg.errors import Problem
from mshg.pairing.engine import a_day, as_day, ids_of, matched, pairs_problems, sort_kept
from mshg.pairing.parameters import Constraint, opaque
from mshg.pairing.results import UNKNOWN, Lapsed, Move, MoveCause, Pair, Pairing
from mshg.pairing.sides import Judged, Sides, encode
from mshg.wording import Wording


@frozen(repr=False)
class PersonJoined:
    """Someone asks for a supporter."""

    request: PairingRequest

    __repr__ = opaque
    __attrs_post_init__ = post_init


@frozen(repr=False)
class PersonLeft:
    """Someone no longer asks, or found somebody elsewhere; by their id."""

    person: Text

    __repr__ = opaque
    __attrs_post_init__ = post_init


@frozen(repr=False)
class SupporterJoined:
    """There is one more supporter."""

    supporter: SupporterProfile

    __repr__ = opaque
    __attrs_post_init__ = post_init


@frozen(repr=False)
class SupporterLeft:
    """A supporter no longer goes along; by their id."""

    supporter: Text

    __repr__ = opaque
    __attrs_post_init__ = post_init


@frozen(repr=False)
class CapacityChanged:
    """A supporter, by their id, has another number of places from now on."""

    supporter: Text
    capacity: Annotated[int, whole_within(0, MOST_PLACES)]

    __repr__ = opaque
    __attrs_post_init__ = post_init


@frozen(repr=False)
class PairDeclined:
    """A person and a supporter, by their ids, of whom one said no to the other."""

    person: Text
    supporter: Text

    __repr__ = opaque
    __attrs_post_init__ = post_init


Change: TypeAlias = (
    PersonJoined | PersonLeft | SupporterJoined | SupporterLeft | CapacityChanged | PairDeclined
)
_KINDS = get_args(Change)
_OPENED = MoveCause.PLACE_OPENED


def repair(
    pairing: Pairing,
    changes: Iterable[Change],
    *,
    as_of: date,
    keep: Iterable[Pair | tuple[str, str]] | None = None,
    wording: Wording | None = None,
) -> Pairing:
    """Take changes into a pairing, one after the other, and move only whom they reach.

    People who join, supporters who leave and lowered capacities give what a fresh `match` gives.
    After a departure, a no or a new place nobody else is worse off than before: a person to whom
    or by whom no was said moves down to whoever has an open place, and displaces nobody.

    Parameters
    ----------
    pairing
        What `match` or `repair` gave.
    changes
        What happened since, in order.
    as_of
        The day of today. Pairs that may not be on it, as one is taking a break, come apart first;
        those in touch are in ``lapsed``.
    keep
        Pairs of this pairing that are in touch by now; None leaves those that were.
    wording
        Whose sentences are said; None: those of before.

    Raises
    ------
    ValidationError
        What is no change, an id that is not known or already is, and a pair kept that is none.

    Examples
    --------
    >>> from datetime import date
    >>> from mshg import SupporterProfile, pairing
    >>> lee = SupporterProfile(id="s1", capacity=1, consented_on=date(2026, 11, 2))
    >>> first = pairing.PairingRequest(person="p1", waiting_since=date(2026, 11, 20))
    >>> second = pairing.PairingRequest(person="p2")
    >>> today = date(2026, 11, 24)
    >>> found = pairing.match([first, second], [lee], as_of=today)
    >>> later = pairing.repair(found, [pairing.PersonLeft("p1")], as_of=today)
    >>> [(move.person, move.to_supporter, move.cause.value) for move in later.moved]
    [('p2', 's1', 'place_opened')]
    """
    changes = tuple(changes)
    keep = None if keep is None else tuple(keep)
    enforce(
        pairing=instance(Pairing)(pairing),
        as_of=a_day(as_of),
        wording=optional(instance(Wording))(wording),
    )
    enforce(changes=_changes_problems(pairing, changes), keep=_keep_problems(pairing, keep))
    work = _Work(pairing, keep)
    work.look_again(as_day(as_of))
    for change in changes:
        work.take(change)
    return work.result(pairing, pairing.wording if wording is None else wording)


def _changes_problems(  # noqa: C901 (a case a kind of change)
    pairing: Pairing, changes: Sequence[object]
) -> Broken:
    """Changes that speak of someone who is not there, or is there already, at their turn."""
    people = {r.person for r in pairing.requests} | {person for person, _ in pairing.keep}
    helpers = {h.id for h in pairing.supporters}
    problems: list[Problem] = []

    def known(i: int, name: str, word: str, ids: set[str]) -> None:
        if word not in ids:
            rule = f"must be the id of a {name} of the pairing"
            problems.append(Problem(f"[{i}].{name}", rule, "unknown"))

    def new(i: int, path: str, word: str, ids: set[str]) -> None:
        if word in ids:
            problems.append(Problem(f"[{i}].{path}", "is in the pairing already", "conflict"))
        ids.add(word)

    for i, change in enumerate(changes):
        match change:
            case PersonJoined(request):
                new(i, "request.person", request.person, people)
            case PersonLeft(person):
                known(i, "person", person, people)
                people.discard(person)
            case SupporterJoined(supporter):
                new(i, "supporter.id", supporter.id, helpers)
            case SupporterLeft(supporter):
                known(i, "supporter", supporter, helpers)
                helpers.discard(supporter)
            case CapacityChanged(supporter, _):
                known(i, "supporter", supporter, helpers)
            case PairDeclined(person, supporter):
                known(i, "person", person, people)
                known(i, "supporter", supporter, helpers)
            case _:
                names = ", ".join(kind.__name__ for kind in _KINDS)
                problems.append(Problem(f"[{i}]", f"must be one of: {names}", "wrong_type"))
    return tuple(problems)


def _keep_problems(pairing: Pairing, keep: Sequence[Pair | tuple[str, str]] | None) -> Broken:
    wrong = pairs_problems(keep or ())
    if wrong or not keep:
        return wrong
    has = {(pair.person, pair.supporter) for pair in pairing.pairs}
    return tuple(
        Problem(f"[{i}]", "must be a pair of this pairing", "unknown")
        for i, pair in enumerate(keep)
        if ids_of(pair) not in has
    )


class _Work:
    """A pairing while it is repaired: who has whom, by the places of people and supporters."""

    def __init__(self, pairing: Pairing, keep: Sequence[Pair | tuple[str, str]] | None) -> None:
        self.sides: Sides = pairing._sides  # noqa: SLF001
        self.at, self.places = pairing.at.copy(), pairing.places.copy()
        self.liking, self.liked = pairing.liking.copy(), pairing.liked.copy()
        self.settled = pairing.settled.copy()
        self.keep = list(pairing.keep if keep is None else map(ids_of, keep))
        self.lapsed: list[Lapsed] = []
        self.moves: list[Move] = []
        self._count()
        # People without a request who are not in touch any more leave a place.
        left = [s for p, s in pairing.keep if p not in self.row and (p, s) not in self.keep]
        self._fill([self.column[supporter] for supporter in left])

    def _count(self) -> None:
        """Whom people are by id, how full supporters are, and whom one has to beat at each."""
        column = self.column = {h.id: j for j, h in enumerate(self.sides.helpers)}
        row = self.row = {r.person: i for i, r in enumerate(self.sides.requests)}
        self.capacity = self.sides.capacities
        kept = [row[person] for person, _ in self.keep if person in row]
        self.kept = np.zeros(len(row), bool)
        self.kept[kept] = True
        apart = [column[supporter] for person, supporter in self.keep if person not in row]
        self.load = np.bincount(
            np.concatenate([self.at[self.at >= 0], np.array(apart, np.intp)]), minlength=len(column)
        )
        self.worst = np.full(len(column), -1, np.intp)
        people = np.flatnonzero((self.at >= 0) & ~self.kept)
        people = people[np.lexsort((self.sides.rank[people], -self.liked[people]))]
        self.worst[self.at[people]] = people  # the last one written is the worst

    def take(self, change: Change) -> None:
        """One change."""
        match change:
            case PersonJoined(request):
                self._person_joined(request)
            case PersonLeft(person):
                self._person_left(person)
            case SupporterJoined(supporter):
                self._supporter_joined(supporter)
            case SupporterLeft(supporter):
                self._supporter_left(self.column[supporter])
            case CapacityChanged(supporter, capacity):
                self._capacity_changed(self.column[supporter], capacity)
            case PairDeclined(person, supporter):
                self._declined(person, self.column[supporter])
            case _:
                assert_never(change)

    def _person_joined(self, request: PairingRequest) -> None:
        self.sides = self.sides.changed(joined=[request])
        for name in ("at", "places", "liking", "liked"):
            setattr(self, name, np.append(getattr(self, name), -1))
        self.settled = np.append(self.settled, False)
        self._count()
        self._go([len(self.at) - 1], MoveCause.JOINED)

    def _person_left(self, person: str) -> None:
        opened = [self.column[s] for p, s in self.keep if p == person and p not in self.row]
        self.keep = [pair for pair in self.keep if pair[0] != person]
        if (i := self.row.get(person)) is not None:
            opened = [int(self.at[i])] if self.at[i] >= 0 else []
            self.sides = self.sides.changed(left=[i])
            for name in ("at", "places", "liking", "liked", "settled"):
                setattr(self, name, np.delete(getattr(self, name), i))
        self._count()
        self._fill(opened)

    def _supporter_joined(self, profile: SupporterProfile) -> None:
        self.sides = self.sides.changed(came=[profile])
        self._count()
        new = len(self.sides.helpers) - 1
        judged = self.sides.column(new)
        self.places[(self.places >= 0) & judged.fits & (judged.liking > self.liking)] += 1
        self._fill([new])

    def _supporter_left(self, j: int) -> None:
        judged = self.sides.column(j)
        self.places[(self.places >= 0) & (self.at != j) & self._prefer(j, judged)] -= 1
        supporter = self.sides.helpers[j].id
        self._lapse([pair for pair in self.keep if pair[1] == supporter], Constraint.LISTED)
        free = np.flatnonzero(self.at == j).tolist()
        self._take_out(free)
        self.at[self.at > j] -= 1
        self.sides = self.sides.changed(gone=[j])
        self._count()
        self._go(free, MoveCause.SUPPORTER_LEFT, supporter)

    def _capacity_changed(self, j: int, capacity: int) -> None:
        helpers = list(self.sides.helpers)
        helpers[j] = evolve(helpers[j], capacity=capacity)
        self.sides = evolve(self.sides, helpers=tuple(helpers))
        supporter, free = helpers[j].id, []
        self._count()
        while self.load[j] > capacity and self.worst[j] >= 0:
            free.append(int(self.worst[j]))
            self._take_out(free[-1:])
            self._count()
        for pair in [pair for pair in self.keep if pair[1] == supporter][capacity:]:
            self._lapse([pair], Constraint.CAPACITY)
            person, _ = pair
            if person in self.row:
                free.append(self.row[person])
                self._take_out(free[-1:])
        self._count()
        self._go(free, MoveCause.CAPACITY_LOWERED, supporter)
        self._fill([j])

    def _declined(self, person: str, j: int) -> None:
        supporter = self.sides.helpers[j].id
        was_kept = (person, supporter) in self.keep
        self.keep = [pair for pair in self.keep if pair != (person, supporter)]
        i = self.row.get(person)
        if i is None:
            self._count()
            self._fill([j] if was_kept else [])
            return
        self.sides = self.sides.with_no(i, j)
        if self.at[i] != j:
            if self.at[i] >= 0:
                self.places[i], *_ = self.sides.placed(i, int(self.at[i]))
            return
        self._take_out([i])
        self._count()
        self.settled[i] = True
        self._go([i], MoveCause.DECLINED, supporter)
        self._fill([j])

    def look_again(self, day: date) -> None:
        """Take everyone to another day: pairs that may not be on it come apart."""
        before = self.sides
        if day == before.day:
            return
        self.sides = encode(before.requests, before.helpers, day=day, parameters=before.parameters)
        broken: list[tuple[int, int]] = []
        for j in np.unique(self.at[self.at >= 0]).tolist():
            rows = np.flatnonzero(self.at == j)
            judged = self.sides.judge(rows, np.array([j]))
            self.liking[rows], self.liked[rows] = judged.liking[:, 0], judged.liked[:, 0]
            broken += [(i, j) for i in rows[~judged.fits[:, 0]].tolist()]
        self.places[self.at >= 0] = UNKNOWN
        _, lapsed = sort_kept(self.sides, self.keep)
        self.lapsed += lapsed
        gone = {(lapse.person, lapse.supporter) for lapse in lapsed}
        self.keep = [pair for pair in self.keep if pair not in gone]
        self._take_out([i for i, _ in broken])
        self._count()
        for i, j in broken:
            self._go([i], MoveCause.CONSTRAINT_BROKEN, before.helpers[j].id)
        is_new = self.sides.available & ~before.available
        lost = {j for _, j in broken} | {self.column[s] for _, s in gone}
        self._fill([*np.flatnonzero(is_new).tolist(), *sorted(lost)])

    def result(self, before: Pairing, wording: Wording) -> Pairing:
        """The pairing as it is now."""
        return Pairing(
            sides=self.sides,
            at=self.at,
            places=self.places,
            liking=self.liking,
            liked=self.liked,
            kept=self.kept,
            settled=self.settled,
            keep=tuple(self.keep),
            lapsed=tuple(self.lapsed),
            moved=tuple(self.moves),
            wording=wording,
            known=frozenset((pair.person, pair.supporter) for pair in before.pairs),
            fresh=lambda: matched(self.sides, self.keep, (), wording),
        )

    def _lapse(self, pairs: Sequence[tuple[str, str]], why: Constraint) -> None:
        """Take pairs out of those in touch, and say so."""
        self.lapsed += [Lapsed(person=p, supporter=s, constraint=why) for p, s in pairs]
        self.keep = [pair for pair in self.keep if pair not in pairs]

    def _take_out(self, people: Sequence[int]) -> None:
        for values in (self.at, self.places, self.liking, self.liked):
            values[list(people)] = -1

    def _prefer(self, j: int, judged: Judged) -> Booleans:
        """Who would rather have a supporter than whom they have."""
        is_better = (judged.liking > self.liking) | ((judged.liking == self.liking) & (j < self.at))
        return np.asarray(judged.fits & ((self.at < 0) | is_better))

    def _set(self, person: int, j: int) -> None:
        """Give someone a supporter, and update whom one has to beat there."""
        old = int(self.at[person])
        self.at[person] = j
        if j >= 0:
            self.places[person], self.liking[person], self.liked[person] = self.sides.placed(
                person, j
            )
        else:
            self._take_out([person])
        for supporter, change in ((old, -1), (j, 1)):
            if supporter >= 0:
                self.load[supporter] += change
                held = np.flatnonzero((self.at == supporter) & ~self.kept)
                order = np.lexsort((self.sides.rank[held], -self.liked[held]))
                self.worst[supporter] = held[order[-1]] if len(held) else -1

    def _go(self, free: Sequence[int], cause: MoveCause, source: str | None = None) -> None:
        """Whoever is free goes to the best on their list who takes them; who gives way, next.

        After a no they go where there is room, and nobody gives way.
        """
        queue = [(person, cause, source) for person in reversed(free)]
        while queue:
            person, cause, source = queue.pop()
            judged = self.sides.row(person)
            takes = judged.fits & (self.load < self.capacity)
            if cause is not MoveCause.DECLINED:
                self.settled[person] = False
                takes |= judged.fits & self._beats(person, judged)
            j = int(np.where(takes, judged.liking, -1).argmax()) if takes.any() else -1
            if j >= 0 and self.load[j] >= self.capacity[j]:
                displaced = int(self.worst[j])
                self._set(displaced, -1)
                queue.append((displaced, MoveCause.DISPLACED, self.sides.helpers[j].id))
            self._set(person, j)
            self._note(person, source, j, cause)

    def _beats(self, person: int, judged: Judged) -> Booleans:
        """Supporters who like someone better than one of theirs."""
        has_worst = self.worst >= 0
        score, rank = self.liked[self.worst], self.sides.rank[self.worst]
        own = self.sides.rank[person]
        is_liked = (judged.liked > score) | ((judged.liked == score) & (own < rank))
        return np.asarray(has_worst & is_liked)

    def _fill(self, opened: Sequence[int]) -> None:
        """Fill open places, and those that open by it."""
        queue = list(reversed(opened))
        while queue:
            j = queue[-1]
            best = self._best_for(j) if self.load[j] < self.capacity[j] else None
            if best is None:
                queue.pop()
                continue
            old = int(self.at[best])
            self._set(best, j)
            self._note(best, None if old < 0 else self.sides.helpers[old].id, j, _OPENED)
            if old >= 0:
                queue.append(old)

    def _best_for(self, j: int) -> int | None:
        """Whom a supporter likes best of those who would rather be there."""
        judged = self.sides.column(j)
        people = np.flatnonzero(self._prefer(j, judged) & ~self.kept)
        if not len(people):
            return None
        return int(people[np.lexsort((self.sides.rank[people], -judged.liked[people]))[0]])

    def _note(self, person: int, source: str | None, j: int, cause: MoveCause) -> None:
        target = self.sides.helpers[j].id if j >= 0 else None
        self.moves.append(
            Move(
                person=self.sides.requests[person].person,
                from_supporter=source,
                to_supporter=target,
                cause=cause,
            )
        )
