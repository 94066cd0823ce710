"""Both sides on a day: who may be paired with whom, who likes whom, and lists in order.

Nothing here is as large as people times supporters: pairs are judged some people at a time, and
only the best of each list is kept until more is asked for.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices
from mshg._requests import PairingRequest
from mshg.domain import SupporterProfile
from mshg.pairing.encoding import (
    HALF,
    IN_PERSON,
    ONLINE,
    Pattern,
    People,
    Supporters,
    Words,
    joined_sides,
    numbered,
    people_of,
    some,
    spans_of,
    supporters_of,
)
from mshg.pairing.kernels import Numbers, expand, kilometers, shared_minutes
from mshg.pairing.parameters import (
    PARTS,
    STEPS,
    Constraint,
    PairingParameters,
    Weights,
)

PAIRS_AT_ONCE = 1 << 20
"""Pairs judged in one go: 8 MiB an array."""

FIRST_LIST, LONGER = 64, 4
"""Supporters on a list at first, and how many times more where those are not enough. This bounds
memory and changes no result."""

_TOP = np.iinfo(np.int64).max


class Shared(NamedTuple):
    """What people and supporters have in common, each (people, supporters) or alike for all.

    Parts run from 0 to 1.
    """

    constraints: dict[Constraint, Booleans]
    parts: dict[str, Floats]


class Judged(NamedTuple):
    """Whether pairs may be, how people like supporters, and how they are liked, in millionths."""

    fits: Booleans
    liking: Numbers
    liked: Numbers


class Lists(NamedTuple):
    """Lists of people, flat: supporters from the best down, how liked, and how they like.

    ``is_cut`` tells whose list goes on beyond what is here.
    """

    start: Indices
    stop: Indices
    supporters: Numbers
    liking: Numbers
    liked: Numbers
    is_cut: Booleans


@frozen(kw_only=True, eq=False, repr=False)
class Sides:
    """Both sides on a day, as records and as arrays, in the order given.

    Parameters
    ----------
    rank
        Place of each person among all, the longest waiting first.
    barred
        People and supporters who said no to each other (2, k), by people.
    patterns, spans
        Free time: number by pattern, and stretches of a week (start or stop, k, pattern) in
        minutes.
    """

    requests: tuple[PairingRequest, ...]
    helpers: tuple[SupporterProfile, ...]
    day: date
    parameters: PairingParameters
    words: Words
    people: People
    supporters: Supporters
    patterns: dict[Pattern, int]
    spans: NDArray[np.int16]
    rank: Indices = field()
    barred: Indices = field()

    @rank.default
    def _rank(self) -> Indices:
        latest = self.day.toordinal()
        since = [
            latest if r.waiting_since is None else r.waiting_since.toordinal()
            for r in self.requests
        ]
        rank = np.empty(len(since), np.intp)
        rank[np.argsort(np.array(since, np.intp), kind="stable")] = np.arange(len(since))
        return rank

    @barred.default
    def _barred(self) -> Indices:
        column = {h.id: j for j, h in enumerate(self.helpers)}
        pairs = [
            (i, column[h])
            for i, r in enumerate(self.requests)
            if r.not_with
            for h in sorted(r.not_with & column.keys())
        ]
        return np.array(pairs, np.intp).reshape(-1, 2).T

    @property
    def capacities(self) -> Indices:
        """Places of each supporter."""
        return np.array([h.capacity for h in self.helpers], np.intp)

    @property
    def available(self) -> Booleans:
        """Who can be proposed on the day: those who agreed to be named and take no break."""
        return np.asarray(self.supporters.consents & self.supporters.is_back)

    def judge(self, rows: Indices, columns: Indices) -> Judged:
        """Judge each of some people with each of some supporters."""
        shared = self.shared(rows, columns)
        shape = (len(rows), len(columns))
        fits = np.ones(shape, bool)
        for holds in shared.constraints.values():
            fits &= holds
        numbers = self.parameters
        return Judged(
            fits,
            _weighed(numbers.person_weights, shared.parts, shape),
            _weighed(numbers.supporter_weights, shared.parts, shape),
        )

    def shared(self, rows: Indices, columns: Indices) -> Shared:
        """What each of some people has in common with each of some supporters."""
        p, s = some(self.people, rows), some(self.supporters, columns)
        in_group, group = _groups(p, s)
        speaks, language = _languages(p, s)
        minutes = self._minutes(p, s)
        ways, nearness = _ways_to_meet(p, s, self.parameters.far_km)
        ample = self.parameters.ample_minutes
        constraints = {
            Constraint.ROLE: (p.roles[:, None] & s.roles) != 0,
            Constraint.CONSENT: s.consents[None],
            Constraint.PAUSE: s.is_back[None],
            Constraint.GROUP: in_group,
            Constraint.LANGUAGE: speaks,
            Constraint.PERSONS_WISH: _count(s.has, p.wanted) == p.wanted_count[:, None],
            Constraint.SUPPORTERS_WISH: (_count(p.uses, s.accompanies).T > 0) | s.accompanies_all,
            Constraint.NOT_WITH: self._may_meet(rows, columns),
            Constraint.DISTANCE: ways != 0,
            Constraint.FREE_TIME: minutes >= self.parameters.least_minutes,
        }
        parts = {
            "shared_group": group,
            "lived_experience": _experience(p, s),
            "language": language,
            "nearness": nearness,
            "free_time": np.minimum(minutes, ample) / ample,
            "waiting": p.waited[:, None],
        }
        return Shared(constraints, parts)

    def with_no(self, person: int, supporter: int) -> "Sides":
        """The same after one of two said no to the other."""
        request = self.requests[person]
        not_with = request.not_with | {self.helpers[supporter].id}
        if not_with == request.not_with:
            return self
        requests = list(self.requests)
        requests[person] = evolve(request, not_with=not_with)
        place = np.searchsorted(self.barred[0], person)
        barred = np.insert(self.barred, place, [person, supporter], axis=1)
        return evolve(self, requests=tuple(requests), barred=barred)

    def is_away(self, supporter: int) -> Constraint | None:
        """Why nobody can be introduced to a supporter on the day, if so."""
        if not self.supporters.consents[supporter]:
            return Constraint.CONSENT
        return None if self.supporters.is_back[supporter] else Constraint.PAUSE

    def ways(self, person: int, supporter: int) -> int:
        """In which ways two can meet, `IN_PERSON` and `ONLINE` added up."""
        p = some(self.people, np.array([person]))
        s = some(self.supporters, np.array([supporter]))
        return int(_ways_to_meet(p, s, self.parameters.far_km)[0][0, 0])

    def row(self, person: int) -> Judged:
        """One person judged with every supporter, (m,) each."""
        judged = self.judge(np.array([person]), np.arange(len(self.helpers)))
        return Judged(judged.fits[0], judged.liking[0], judged.liked[0])

    def column(self, supporter: int) -> Judged:
        """Everyone judged with one supporter, (n,) each."""
        judged = self.judge(np.arange(len(self.requests)), np.array([supporter]))
        return Judged(judged.fits[:, 0], judged.liking[:, 0], judged.liked[:, 0])

    def placed(self, person: int, supporter: int) -> tuple[int, int, int]:
        """Place of a supporter on a person's list, and how they like each other."""
        judged = self.row(person)
        liking, liked = int(judged.liking[supporter]), int(judged.liked[supporter])
        is_better = judged.fits & (judged.liking > liking)
        is_better[:supporter] |= (judged.fits & (judged.liking == liking))[:supporter]
        return int(np.count_nonzero(is_better)), liking, liked

    def _minutes(self, p: People, s: Supporters) -> Indices:
        """Minutes of a week that both are free; without a zone, on the clock of the other."""
        in_utc = _by_pattern(self.spans, p.utc, s.utc)
        has_zones = p.has_zone[:, None] & s.has_zone
        if has_zones.all():
            return in_utc
        return np.where(has_zones, in_utc, _by_pattern(self.spans, p.clock, s.clock))

    def _may_meet(self, rows: Indices, columns: Indices) -> Booleans:
        """Who said no to whom."""
        who, whom = self.barred
        may = np.ones((len(rows), len(columns)), bool)
        owner, entry = expand(np.searchsorted(who, rows), np.searchsorted(who, rows, "right"))
        if len(owner):
            place = np.full(len(self.helpers), -1, np.intp)
            place[columns] = np.arange(len(columns))
            column = place[whom[entry]]
            may[owner[column >= 0], column[column >= 0]] = False
        return may

    def lists(self, rows: Indices, most: int) -> Lists:
        """The first so many of the lists of some people; those of others are empty."""
        start, stop = np.zeros((2, len(self.requests)), np.intp)
        is_cut = np.zeros(len(self.requests), bool)
        flat: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
        liking, liked = list(flat), list(flat)
        total = 0
        at_once = max(1, PAIRS_AT_ONCE // max(1, len(self.helpers)))
        by_group = rows[np.lexsort((rows, *self.people.groups[:, rows]))]
        for first in range(0, len(rows), at_once):
            part = by_group[first : first + at_once]
            columns = self._in_question(part)
            judged = self.judge(part, columns)
            count = np.count_nonzero(judged.fits, axis=1)
            listed = np.minimum(count, most)
            order = _best_first(judged, int(listed.max(initial=0)))
            is_listed = np.arange(order.shape[1]) < listed[:, None]
            flat.append(columns[order][is_listed].astype(np.int32))
            liking.append(np.take_along_axis(judged.liking, order, 1)[is_listed])
            liked.append(np.take_along_axis(judged.liked, order, 1)[is_listed])
            stop[part] = total + np.cumsum(listed)
            start[part] = stop[part] - listed
            is_cut[part] = count > most
            total += int(listed.sum())
        return Lists(
            start=start,
            stop=stop,
            supporters=np.concatenate(flat),
            liking=np.concatenate(liking),
            liked=np.concatenate(liked),
            is_cut=is_cut,
        )

    def _in_question(self, rows: Indices) -> Indices:
        """Supporters who are not ruled out for all of these people by consent, pause or group."""
        s, may = self.supporters, self.available
        if self.people.wants_group[rows].all():
            named = np.unique(self.people.groups[:, rows])
            may = may & (s.goes_anywhere | s.goes_to[named].any(axis=0))
        return np.flatnonzero(may)

    def changed(
        self,
        *,
        joined: Sequence[PairingRequest] = (),
        left: Collection[int] = (),
        came: Sequence[SupporterProfile] = (),
        gone: Collection[int] = (),
    ) -> "Sides":
        """The same without some, by place, and with others at the end."""
        stay = np.setdiff1d(np.arange(len(self.requests)), list(left))
        remain = np.setdiff1d(np.arange(len(self.helpers)), list(gone))
        requests = (*(self.requests[i] for i in stay.tolist()), *joined)
        helpers = (*(self.helpers[j] for j in remain.tolist()), *came)
        if not self.words.cover(joined, came):
            return encode(requests, helpers, day=self.day, parameters=self.parameters)
        patterns = dict(self.patterns)
        people, supporters = self.people, self.supporters
        blank = self.words.blank
        if len(left):
            people = some(people, stay)
        if len(gone):
            supporters = some(supporters, remain)
        if joined:
            new = people_of(joined, self.words, self.day, self.parameters, patterns)
            people = joined_sides(people, new, blank)
        if came:
            supporters = joined_sides(
                supporters, supporters_of(came, self.words, self.day, patterns), blank
            )
        return Sides(
            requests=requests,
            helpers=helpers,
            day=self.day,
            parameters=self.parameters,
            words=self.words,
            people=people,
            supporters=supporters,
            patterns=patterns,
            spans=self.spans if len(patterns) == len(self.patterns) else spans_of(patterns),
        )


def own_spots(lists: Lists, at: Indices) -> Indices:
    """Where each person's own supporter stands in the lists; -1 where they don't."""
    owner, entry = expand(lists.start, lists.stop)
    is_own = lists.supporters[entry] == at[owner]
    spot = np.full(len(at), -1, np.intp)
    spot[owner[is_own]] = entry[is_own]
    return spot


def longer(lists: Lists, rows: Indices, more: Lists) -> Lists:
    """The same lists with longer ones for some people."""
    start, stop, is_cut = lists.start.copy(), lists.stop.copy(), lists.is_cut.copy()
    start[rows] = more.start[rows] + len(lists.supporters)
    stop[rows] = more.stop[rows] + len(lists.supporters)
    is_cut[rows] = more.is_cut[rows]
    return Lists(
        start=start,
        stop=stop,
        supporters=np.concatenate([lists.supporters, more.supporters]),
        liking=np.concatenate([lists.liking, more.liking]),
        liked=np.concatenate([lists.liked, more.liked]),
        is_cut=is_cut,
    )


def lists_down_to(sides: Sides, at: Indices, lists: Lists | None = None) -> Lists:
    """Lists that go down to everyone's own supporter at least, or to the end."""
    most = FIRST_LIST
    if lists is None:
        lists = sides.lists(np.arange(len(at)), most)
    while True:
        short = np.flatnonzero(lists.is_cut & (own_spots(lists, at) < 0))
        if not len(short):
            return lists
        most *= LONGER
        lists = longer(lists, short, sides.lists(short, most))


def encode(
    requests: tuple[PairingRequest, ...],
    helpers: tuple[SupporterProfile, ...],
    *,
    day: date,
    parameters: PairingParameters,
) -> Sides:
    """Turn both sides into arrays."""
    words = Words(
        groups=numbered(r.groups for r in requests),
        languages=numbered(r.languages for r in requests),
        wanted=numbered(r.wanted_identities for r in requests),
        accompanied=numbered(h.accompanies for h in helpers),
    )
    patterns: dict[Pattern, int] = {}
    people = people_of(requests, words, day, parameters, patterns)
    supporters = supporters_of(helpers, words, day, patterns)
    return Sides(
        requests=requests,
        helpers=helpers,
        day=day,
        parameters=parameters,
        words=words,
        people=people,
        supporters=supporters,
        patterns=patterns,
        spans=spans_of(patterns),
    )


def _best_first(judged: Judged, most: int) -> Indices:
    """The first columns of each row, liked most first, ties as given; what does not fit is last."""
    if not most:
        return np.empty((len(judged.fits), 0), np.intp)
    width = judged.fits.shape[1]
    key = np.where(judged.fits, -judged.liking.astype(np.int64) * width + np.arange(width), _TOP)
    if most < width:
        key = np.partition(key, most - 1, axis=1)[:, :most]
    key.sort(axis=1)
    return np.asarray(key % width)


def _weighed(
    weights: Weights, parts: dict[str, Floats], shape: tuple[int, int]
) -> NDArray[np.int32]:
    """What a side makes of the other, in whole millionths."""
    total = np.zeros(shape)
    for part in PARTS:
        weight = getattr(weights, part)
        if weight:
            total += weight * parts[part]
    return np.rint(total * STEPS).astype(np.int32)


def _count(table: Booleans, rows: Indices) -> NDArray[np.uint16]:
    """How many of the words in each column of ``rows`` (k, n) each in the table has: (n, m)."""
    count = np.zeros((rows.shape[1], table.shape[1]), np.uint16)
    for row in rows:
        count += table[row]
    return count


def _groups(p: People, s: Supporters) -> tuple[Booleans, Floats]:
    """Whether a group is shared, and how much the person wants the first that is."""
    part = np.zeros((p.groups.shape[1], s.goes_to.shape[1]))
    for place in reversed(range(len(p.groups))):
        part[s.goes_to[p.groups[place]]] = 1 / (1 + place)
    is_open = ~p.wants_group[:, None] | s.goes_anywhere
    in_group = (part > 0) | is_open
    return in_group, np.where((part == 0) & is_open, HALF, part)


def _languages(p: People, s: Supporters) -> tuple[Booleans, Floats]:
    """Whether a language is shared, and which share of the person's are."""
    count = p.language_count[:, None]
    spoken = _count(s.speaks, p.languages)
    is_open = (count == 0) | s.speaks_any
    return is_open | (spoken > 0), np.where(is_open, HALF, spoken / np.maximum(count, 1))


def _experience(p: People, s: Supporters) -> Floats:
    """How much of what the person lives with the supporter has lived with."""
    own = np.bitwise_count(p.substances)[:, None].astype(float)
    both = np.bitwise_count(p.substances[:, None] & s.substances)
    share = np.where(s.substances == 0, HALF, both / np.maximum(own, 1))
    has, takes = own > 0, p.takes_medication[:, None]
    total = np.where(has, share, 0) + np.where(takes, s.medication, 0)
    asked = has.astype(float) + takes
    return np.where(asked == 0, HALF, total / np.maximum(asked, 1))


def _ways_to_meet(p: People, s: Supporters, far_km: float) -> tuple[NDArray[np.uint8], Floats]:
    """In which ways they can meet, and how near they are: 1 next door, 0 far off or online."""
    ways = p.ways[:, None] & s.ways
    limit = np.minimum(p.within[:, None], s.within)
    if np.isnan(p.places).all() or np.isnan(s.places).all():
        is_near = np.isinf(limit)
        near = np.full(limit.shape, HALF)
    else:
        km = kilometers(p.places[:, :, None], s.places[:, None])
        is_known = ~np.isnan(km)
        is_near = np.where(is_known, km <= limit, np.isinf(limit))
        near = np.where(is_known, 1 - np.minimum(km, far_km) / far_km, HALF)
    in_person = (ways & IN_PERSON != 0) & is_near
    ways = np.where(in_person, ways, ways & ONLINE)
    return ways, np.where(in_person, near, 0.0)


def _by_pattern(spans: NDArray[np.int16], some: Indices, others: Indices) -> Indices:
    """Minutes that people have in common with others, worked out once for each two patterns."""
    ones, which_one = np.unique(some, return_inverse=True)
    twos, which_two = np.unique(others, return_inverse=True)
    minutes = shared_minutes(spans[..., ones], spans[..., twos])
    return np.asarray(minutes[which_one[:, None], which_two])
