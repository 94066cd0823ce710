"""What pairing gives back. No repr shows a person's data; sentences are made when they are read."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property, partial
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from mshg._arrays import Booleans, Indices, read_only
from mshg._columns import Missing, with_missing
from mshg._requests import PairingRequest
from mshg._results import Result, wording_given
from mshg.domain import FrozenMapping, SupporterProfile, Window
from mshg.events import SupporterOffered
from mshg.pairing.kernels import Flat, Numbers, blocking
from mshg.pairing.parameters import (
    METHOD_VERSION,
    Constraint,
    PairingParameters,
    opaque,
)
from mshg.pairing.sentences import (
    Finding,
    change_line,
    pair_reasons,
    stop_line,
    supporter_name,
    what_stops,
)
from mshg.pairing.sides import Judged, Lists, Sides, lists_down_to, own_spots
from mshg.wording import Wording

UNKNOWN = -2
"""A place on a list that was not worked out yet."""

LOOKED_AT = 20
"""Supporters of a person's list among whom a change is looked for (judgment)."""


@frozen(kw_only=True, eq=False, repr=False)
class PairingArrays(Result):
    """Whom each person has.

    Parameters
    ----------
    supporter, place
        Number of the supporter and their place on the person's list, from 0 (n,); -1 where
        unmatched, and a place of -1 where someone is held off their list.
    load
        People of each supporter (m,).
    """

    supporter: Indices = field(converter=read_only)
    place: Indices = field(converter=read_only)
    load: Indices = field(converter=read_only)
    method_version: str = METHOD_VERSION

    def __repr__(self) -> str:
        return f"PairingArrays({len(self.supporter)} people, {len(self.load)} supporters)"

    def __len__(self) -> int:
        return len(self.supporter)

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """One entry a person: ``supporter`` and ``place``.

        Parameters
        ----------
        missing
            How a number that is not known stands in a table; there is none here.
        """
        return with_missing({"supporter": self.supporter, "place": self.place}, missing)


class MoveCause(StrEnum):
    """Why somebody has another supporter than before."""

    JOINED = "joined"
    """They are new."""
    DISPLACED = "displaced"
    """Someone whom their supporter likes better joined or moved there."""
    SUPPORTER_LEFT = "supporter_left"
    """Their supporter is gone."""
    CAPACITY_LOWERED = "capacity_lowered"
    """Their supporter has fewer places."""
    DECLINED = "declined"
    """They or their supporter said no."""
    CONSTRAINT_BROKEN = "constraint_broken"
    """On the new day they and their supporter may not be a pair, as in a break."""
    PLACE_OPENED = "place_opened"
    """A place opened with a supporter whom they like better."""


@frozen(kw_only=True, repr=False)
class Move(Result):
    """One person's move from a supporter to another; None is nobody."""

    person: str
    from_supporter: str | None
    to_supporter: str | None
    cause: MoveCause

    __repr__ = opaque


@frozen(kw_only=True, repr=False)
class Lapsed(Result):
    """A pair in touch that no longer meets a constraint, and which: the first, in their order."""

    person: str
    supporter: str
    constraint: Constraint

    __repr__ = opaque


@frozen(kw_only=True, repr=False)
class HelpfulChange(Result):
    """The smallest change that would give a person somebody.

    Parameters
    ----------
    constraint
        What would have to change.
    supporter
        Id of the supporter whom it would bring; for the host, never in a sentence unless they
        agreed to be named.
    value
        How many more places, how many km, a language, a group, a word that is wished for, a role,
        or the `mshg.domain.Window` to be free in as well; None where there is nothing to name.
    sentence
        The same in words, without anything of another person.
    """

    constraint: Constraint
    supporter: str
    value: int | float | str | Window | None
    sentence: str

    __repr__ = opaque


@frozen(kw_only=True, repr=False)
class Unmatched(Result):
    """A person for whom there is nobody yet.

    Parameters
    ----------
    person
        Their id.
    constraint
        What stopped them: `Constraint.CAPACITY` where all who fit are full.
    reason
        The same in words.
    change
        What would help; None where no single change would.
    """

    person: str
    constraint: Constraint
    reason: str
    change: HelpfulChange | None

    __repr__ = opaque


@frozen(kw_only=True, repr=False)
class LongestWait(Result):
    """Who has waited longest without a pair, since when, and for how many days."""

    person: str
    since: date
    days: int

    __repr__ = opaque


@frozen(kw_only=True)
class Certificate(Result):
    """What is wrong with a pairing, counted: nothing, where all but ``blocking_kept`` is 0.

    Parameters
    ----------
    blocking
        Pairs who would both rather have each other than what they have.
    blocking_kept
        Such pairs that are left so on purpose: the person is in touch with another; the supporter
        likes them better only than people in touch; or a no was said, and the person waits for an
        open place rather than taking somebody else's.
    over_capacity
        Places taken beyond capacity.
    against_constraint
        Pairs that break a constraint.
    """

    blocking: int
    blocking_kept: int
    over_capacity: int
    against_constraint: int

    @property
    def is_stable(self) -> bool:
        """Whether nothing is wrong but what protected places stand between."""
        return not (self.blocking or self.over_capacity or self.against_constraint)


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Pair(Result):
    """A person and the supporter proposed to them, or whom they have.

    Parameters
    ----------
    person, supporter
        Their ids.
    place
        Place of the supporter on the person's list, from 0; None where the person has no request.
    is_kept
        Whether they were in touch before.
    """

    person: str
    supporter: str
    place: int | None
    is_kept: bool
    _reasons: Callable[[], tuple[str, ...]]
    _next_best: Callable[[], str | None]

    __repr__ = opaque

    def _content(self) -> dict[str, Any]:
        names = ("person", "supporter", "place", "is_kept", "reasons", "next_best")
        return {name: getattr(self, name) for name in names}

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Sentences on why these two, for the person; nothing of what a supporter lived through."""
        return self._reasons()

    @cached_property
    def next_best(self) -> str | None:
        """Id of whom the person would like best of the others who have a place; None for nobody."""
        return self._next_best()


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Pairing(Result):
    """Who is proposed to whom, and who is left. Each part is built when it is first read.

    A pairing is a proposal: nobody is paired before both have said yes.

    Parameters
    ----------
    at, liking, liked
        Number of each person's supporter, and how the two like each other, in millionths (n,); -1
        where there is nobody.
    kept, settled
        Who is in touch already, and who takes open places only since a no was said (n,).
    keep
        Pairs in touch, by ids, in the order given; of people without a request, too.
    lapsed
        Pairs in touch that no longer meet a constraint.
    moved
        Who moved in a `repair`, in turn; empty for a `match`.
    """

    _sides: Sides
    at: Indices = field(converter=read_only)
    _places: Indices = field(converter=read_only)
    liking: Indices = field(converter=read_only)
    liked: Indices = field(converter=read_only)
    kept: Booleans = field(converter=read_only)
    settled: Booleans = field(converter=read_only)
    keep: tuple[tuple[str, str], ...]
    lapsed: tuple[Lapsed, ...]
    moved: tuple[Move, ...] = ()
    wording: Wording
    _lists: Lists | None = None
    _known: frozenset[tuple[str, str]] = frozenset()
    _fresh: "Callable[[], Pairing] | None" = None
    method_version: str = METHOD_VERSION
    _envied: dict[int, tuple[Booleans, Numbers]] = field(factory=dict, init=False)

    def __len__(self) -> int:
        return len(self.at)

    def __repr__(self) -> str:
        count = int(np.count_nonzero(self.at >= 0))
        return f"Pairing({count + len(self._apart)} pairs, {len(self.at) - count} without)"

    @property
    def as_of(self) -> date:
        """The day on which it was looked at."""
        return self._sides.day

    @property
    def parameters(self) -> PairingParameters:
        """What was weighed."""
        return self._sides.parameters

    @property
    def requests(self) -> tuple[PairingRequest, ...]:
        """The requests, in order; after a repair, as it left them."""
        return self._sides.requests

    @property
    def supporters(self) -> tuple[SupporterProfile, ...]:
        """The supporters, in order; after a repair, as it left them."""
        return self._sides.helpers

    @cached_property
    def places(self) -> Indices:
        """Place of each person's supporter on their list, from 0 (n,); -1 where there is nobody."""
        if not (self._places == UNKNOWN).any():
            return self._places
        lists = lists_down_to(self._sides, self.at)
        spot = own_spots(lists, self.at)
        return read_only(np.where(spot >= 0, spot - lists.start, -1))

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Pairs in the order of the requests; people without a request last."""
        return (
            *(self._pair(i) for i in np.flatnonzero(self.at >= 0).tolist()),
            *(self._pair_apart(person, supporter) for person, supporter in self._apart),
        )

    @cached_property
    def unmatched(self) -> tuple[Unmatched, ...]:
        """People for whom there is nobody yet, in the order of the requests, and why."""
        return tuple(self._unmatched(i) for i in np.flatnonzero(self.at < 0).tolist())

    @cached_property
    def loads(self) -> FrozenMapping[str, int]:
        """How many people each supporter has, in the order of the supporters."""
        load = self._load.tolist()
        return FrozenMapping({h.id: load[j] for j, h in enumerate(self.supporters)})

    @property
    def spread(self) -> float:
        """The fullest supporter's share of places taken less the emptiest one's, 0 to 1.

        Of those who have places and can be proposed; NaN where there is none.
        """
        capacity = self._sides.capacities
        counts = (capacity > 0) & self._sides.available
        share = self._load[counts] / capacity[counts]
        return float(np.ptp(share)) if len(share) else float("nan")

    @property
    def longest_waiting(self) -> LongestWait | None:
        """Who has waited longest of those without anybody; None where no one is known to wait."""
        waits = [
            (r.waiting_since, i)
            for i in np.flatnonzero(self.at < 0).tolist()
            if (r := self.requests[i]).waiting_since is not None
        ]
        if not waits:
            return None
        since, i = min(waits)
        days = max((self.as_of - since).days, 0)
        return LongestWait(person=self.requests[i].person, since=since, days=days)

    @cached_property
    def certificate(self) -> Certificate:
        """What is wrong with it, counted from the arrays; `verify` counts the same from records."""
        return _certificate(self)

    @cached_property
    def fresh_gain(self) -> int:
        """How many people a fresh `match` would give somebody whom they like better."""
        if self._fresh is None:
            return 0
        fresh = self._fresh()
        return sum(
            fresh.liking[i] > self.liking[i]
            or (fresh.liking[i] == self.liking[i] and fresh.at[i] < self.at[i])
            for i in np.flatnonzero((fresh.at != self.at) & (fresh.at >= 0)).tolist()
        )

    def offered(self, *, at: datetime, new_id: Callable[[], str]) -> tuple[SupporterOffered, ...]:
        """Records of what is proposed, to append and then to ask both sides.

        Pairs in touch are left out, and after a `repair` what was proposed before it.

        Parameters
        ----------
        at
            When it is proposed, with an offset from UTC.
        new_id
            Gives a new id for each record.
        """
        return tuple(
            SupporterOffered(
                id=new_id(),
                at=at,
                person_id=pair.person,
                supporter_id=pair.supporter,
                role=self.supporters[self.at[i]].role,
                group=self._group(i),
            )
            for i, pair in zip(np.flatnonzero(self.at >= 0).tolist(), self.pairs, strict=False)
            if not pair.is_kept and (pair.person, pair.supporter) not in self._known
        )

    def to_text(self, wording: Wording | None = None) -> str:
        """All of it as text for the staff who make introductions.

        Parameters
        ----------
        wording
            Whose sentences to say; those that the pairing was made with if None.
        """
        if wording is not None:
            return evolve(self, wording=wording_given(wording)).to_text()
        return "\n".join(self._lines())

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """One entry a request, in order.

        ``person`` and ``supporter`` are ids, None for nobody; ``place``, from 0, is -1 then.

        Parameters
        ----------
        missing
            How a number that is not known stands in a table; there is none here.
        """
        ids = np.array([*(h.id for h in self.supporters), None], object)
        people = np.array([r.person for r in self.requests], object)
        columns = {
            "person": people,
            "supporter": ids[self.at],
            "place": self.places,
            "is_kept": self.kept,
        }
        return with_missing(columns, missing)

    def _content(self) -> dict[str, Any]:
        """What was found, without what was asked and offered: the host has that."""
        names = ("as_of", "pairs", "unmatched", "lapsed", "moved", "loads", "spread")
        more = ("longest_waiting", "certificate", "fresh_gain", "method_version")
        found = {name: getattr(self, name) for name in (*names, *more)}
        return found | {"language": self.wording.language}

    @cached_property
    def _load(self) -> Indices:
        own = np.bincount(self.at[self.at >= 0], minlength=len(self.supporters))
        return np.asarray(own + self.load_apart)

    @cached_property
    def _has_room(self) -> Booleans:
        return np.asarray(self._load < self._sides.capacities)

    def _pair(self, i: int) -> Pair:
        return Pair(
            person=self.requests[i].person,
            supporter=self.supporters[self.at[i]].id,
            place=int(self.places[i]),
            is_kept=bool(self.kept[i]),
            reasons=lambda: tuple(self._reasons(i)),
            next_best=lambda: self._next_best(i),
        )

    @cached_property
    def _apart(self) -> tuple[tuple[str, str], ...]:
        """Pairs in touch of people without a request."""
        people = {r.person for r in self.requests}
        return tuple(pair for pair in self.keep if pair[0] not in people)

    @cached_property
    def load_apart(self) -> Indices:
        """People without a request whom each supporter has."""
        column = {h.id: j for j, h in enumerate(self.supporters)}
        held = np.array([column[supporter] for _, supporter in self._apart], np.intp)
        return np.bincount(held, minlength=len(self.supporters))

    def _pair_apart(self, person: str, supporter: str) -> Pair:
        return Pair(
            person=person,
            supporter=supporter,
            place=None,
            is_kept=True,
            reasons=lambda: (self.wording.say("pairing.kept"),),
            next_best=lambda: None,
        )

    def _group(self, i: int) -> str | None:
        """The group that the person wants most of those that their supporter goes to."""
        goes_to = self.supporters[self.at[i]].groups
        return next((g for g in self.requests[i].groups if g in goes_to), None)

    def _reasons(self, i: int) -> Iterator[str]:
        if self.kept[i]:
            yield self.wording.say("pairing.kept")
        j = int(self.at[i])
        ways = self._sides.ways(i, j)
        helper = self.supporters[j]
        yield from pair_reasons(self.requests[i], helper, ways, self.as_of, self.wording)

    def _next_best(self, i: int) -> str | None:
        judged = self._sides.row(i)
        others = judged.fits & self._has_room
        others[self.at[i]] = False
        if not others.any():
            return None
        return self.supporters[int(np.where(others, judged.liking, -1).argmax())].id

    def _unmatched(self, i: int) -> Unmatched:
        stopped = what_stops(self._sides, i, self._has_room, partial(self._would_get, i))
        constraint, found = stopped.constraint, stopped
        if self._sides.row(i).fits.any():
            constraint, places = Constraint.CAPACITY, self._places_needed(i)
            found = places if places.value == 1 or stopped.supporter < 0 else stopped
        change = None
        if found.supporter >= 0:
            change = HelpfulChange(
                constraint=found.constraint,
                supporter=self.supporters[found.supporter].id,
                value=found.value,
                sentence=change_line(found, self._sides, self.wording),
            )
        return Unmatched(
            person=self.requests[i].person,
            constraint=constraint,
            reason=stop_line(constraint, self.requests[i], self.wording),
            change=change,
        )

    def _would_get(self, i: int, j: int) -> bool:
        """Whether someone would have a place with a supporter, were they to be had."""
        s = self._sides.supporters
        here = np.arange(len(self.supporters)) == j
        there = s._replace(consents=s.consents | here, is_back=s.is_back | here)
        judged = evolve(self._sides, supporters=there).column(j)
        before = np.count_nonzero(self.would_rather(j, judged) & self._before(i, judged.liked))
        return bool(before < self._sides.capacities[j] - self._load[j])

    def _before(self, i: int, liked: Numbers) -> Booleans:
        """Whom a supporter likes better than someone, or as well and they wait longer."""
        rank = self._sides.rank
        return np.asarray((liked > liked[i]) | ((liked == liked[i]) & (rank < rank[i])))

    def _places_needed(self, i: int) -> Finding:
        """The fewest more places with one supporter after which this person is sure of somebody.

        Looked for among the first `LOOKED_AT` of their list: as many as there are people before
        them who would rather go there, and one.
        """
        judged = self._sides.row(i)
        order = np.lexsort((np.arange(len(judged.fits)), -judged.liking, ~judged.fits))
        listed = order[: min(LOOKED_AT, np.count_nonzero(judged.fits))].tolist()
        needed = []
        for j in listed:
            envy, liked = self._envy(j)
            before = envy & self._before(i, liked)
            free = int(self._sides.capacities[j] - self._load[j])
            needed.append(1 + int(np.count_nonzero(before)) - free)
        least = int(np.argmin(needed))
        return Finding(Constraint.CAPACITY, listed[least], max(needed[least], 1))

    def would_rather(self, j: int, judged: Judged) -> Booleans:
        """Who may have a supporter and would rather; nobody who is kept with another."""
        is_better = (judged.liking > self.liking) | ((judged.liking == self.liking) & (j < self.at))
        return np.asarray(judged.fits & ~self.kept & ((self.at < 0) | is_better))

    def _envy(self, j: int) -> tuple[Booleans, Numbers]:
        """Who would rather have a supporter, and how the supporter likes everyone."""
        if j not in self._envied:
            judged = self._sides.column(j)
            self._envied[j] = (self.would_rather(j, judged), judged.liked)
        return self._envied[j]

    def _lines(self) -> Iterator[str]:
        say = self.wording.say
        names = {h.id: supporter_name(h, self.wording) for h in self.supporters}
        yield say("pairing.title", day=self.as_of.isoformat())
        yield say("pairing.meaning")
        for pair in self.pairs:
            yield ""
            yield say("pairing.pair", person=pair.person, supporter=names[pair.supporter])
            yield "  " + " ".join(pair.reasons)
            if pair.next_best is not None and not pair.is_kept:
                yield "  " + say("pairing.next_best", supporter=names[pair.next_best])
        for left in self.unmatched:
            yield ""
            yield say("pairing.unmatched", person=left.person)
            yield "  " + left.reason
            if left.change is not None:
                yield "  " + left.change.sentence
        for lapse in self.lapsed:
            yield ""
            name = names.get(lapse.supporter, lapse.supporter)
            yield say("pairing.lapsed", person=lapse.person, supporter=name)
            yield "  " + say(f"pairing.lapsed_{lapse.constraint}")
        yield ""
        yield say("pairing.loads")
        available = self._sides.available
        for j, helper in enumerate(self.supporters):
            load, capacity = self.loads[helper.id], helper.capacity
            key = "pairing.load" if available[j] else "pairing.load_away"
            yield "  " + say(key, supporter=names[helper.id], load=load, capacity=capacity)
        wait = self.longest_waiting
        if wait is not None:
            yield say("pairing.longest", person=wait.person, days=wait.days)


def _certificate(pairing: Pairing) -> Certificate:
    sides, at, kept = pairing._sides, pairing.at, pairing.kept  # noqa: SLF001
    lists = lists_down_to(sides, at, pairing._lists)  # noqa: SLF001
    order = np.argsort(sides.rank)
    capacity, m = sides.capacities, len(sides.helpers)
    apart = pairing.load_apart
    load = np.bincount(at[at >= 0], minlength=m) + apart

    def pairs(whose: Booleans, room: Indices) -> tuple[Indices, Indices]:
        """Blocking pairs among some people, with so much room for them."""
        stop = np.where(whose, lists.stop, lists.start)
        own = np.where(whose, at, -1)
        start = lists.start[order]
        flat = Flat(lists.supporters, lists.liked, start, stop[order])
        return blocking(flat, room, own[order])

    everyone, _ = pairs(np.ones(len(at), bool), capacity - apart)
    taken = np.bincount(at[kept], minlength=m) + apart
    person, supporter = pairs(~kept, capacity - taken)
    # Who only takes open places waits for one.
    waits = pairing.settled[order][person] & (load >= capacity)[supporter]
    unfit = np.count_nonzero((at >= 0) & (own_spots(lists, at) < 0))
    away = sum(int(apart[j]) for j in range(m) if apart[j] and sides.is_away(j) is not None)
    return Certificate(
        blocking=int(np.count_nonzero(~waits)),
        blocking_kept=int(len(everyone) - np.count_nonzero(~waits)),
        over_capacity=int(np.maximum(load - capacity, 0).sum()),
        against_constraint=int(unfit) + away,
    )
