"""Pure array functions of pairing: deferred acceptance, blocking pairs, and what pairs share.

Lists are flat: a person's candidates stand at ``start`` to ``stop`` of one array, best first, so
that lists of any length and matrices are handled alike. Supporters like people by score, higher is
better, and ties go to the lower row; no score is converted, so whole numbers compare exactly.
"""

import heapq
from collections.abc import Iterator
from operator import neg
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices
from mshg.pairing.parameters import EARTH_RADIUS_KM

Numbers = NDArray[Any]

FEW = 64
"""With fewer people free than this, and one in `PEOPLE_A_ROUND` of all, they go one by one: a
round costs as much as about so many single steps (measured, no effect on the result)."""

PEOPLE_A_ROUND = 600

BLOCK = 1 << 18
"""Entries of lists looked at in one go; bounds memory."""


class Flat(NamedTuple):
    """Lists, flat.

    Supporters by number, -1 is skipped; how each likes that person; and where the list of each
    person starts and stops.
    """

    supporters: Numbers
    scores: Numbers
    start: Indices
    stop: Indices


class _Cuts(NamedTuple):
    """What a person has to beat at each supporter: a score and, where that is equal, a row."""

    score: Numbers
    row: Indices

    def admits(self, supporter: Numbers, score: Numbers, row: Indices) -> Booleans:
        """Whether these people beat what the supporters ask for now."""
        asked = self.score[supporter]
        takes = score > asked
        is_tie = score == asked
        if is_tie.any():
            takes |= is_tie & (row < self.row[supporter])
        return np.asarray(takes)


class _State(NamedTuple):
    """Places, cuts and loads by supporter; next proposal, supporter and score by person."""

    room: Indices
    cuts: _Cuts
    load: Indices
    spot: Indices
    at: Indices
    value: Numbers


def deferred_acceptance(lists: Flat, room: Indices) -> tuple[Indices, Indices]:
    """People propose down their lists, supporters hold the best so far (Gale & Shapley 1962).

    Everybody free proposes at once, round after round; once few are free, one after the other
    (McVitie & Wilson, Communications of the ACM 14, 1971: the order of proposals changes nothing).
    A supporter twice on a list, or one out of range, is not looked for.

    Parameters
    ----------
    lists
        Of n people.
    room
        Places of each supporter (m,), 0 or more.

    Returns
    -------
    tuple
        Supporter of each person, -1 where unmatched, and where in the lists the match stands.
    """
    n, kind = len(lists.start), lists.scores.dtype
    lowest, highest = _extremes(kind)
    has_room = room > 0
    state = _State(
        room=room,
        cuts=_Cuts(np.where(has_room, lowest, highest).astype(kind), np.where(has_room, n, -1)),
        load=np.zeros(len(room), np.intp),
        spot=np.array(lists.start, np.intp),
        at=np.full(n, -1, np.intp),
        value=np.full(n, lowest, kind),
    )
    free = np.flatnonzero(lists.start < lists.stop)
    few = FEW + n // PEOPLE_A_ROUND
    while len(free) > few:
        free = _let_go(_propose(free, lists, state), state)
    if len(free):
        _one_by_one(free, lists, state)
    return state.at, state.spot - 1


def _extremes(kind: np.dtype[Any]) -> tuple[Any, Any]:
    """The least and the greatest number of a kind."""
    if kind.kind == "f":
        return -np.inf, np.inf
    return np.iinfo(kind).min, np.iinfo(kind).max


def _descending(values: Numbers) -> Numbers:
    """Keys that sort the other way round; a whole number's bits flipped never overflow."""
    return np.asarray(-values if values.dtype.kind == "f" else ~values)


def _propose(free: Indices, lists: Flat, state: _State) -> Indices:
    """Walk everybody free on to the first supporter who would hold them now; say who arrived."""
    arrived = []
    while len(free):
        here = state.spot[free]
        goes_on = here < lists.stop[free]
        if not goes_on.all():
            free, here = free[goes_on], here[goes_on]
        supporter, score = lists.supporters[here], lists.scores[here]
        state.spot[free] = here + 1
        takes = state.cuts.admits(supporter, score, free) & (supporter >= 0)
        came = free[takes]
        state.at[came], state.value[came] = supporter[takes], score[takes]
        arrived.append(came)
        free = free[~takes]
    return np.concatenate(arrived)


def _let_go(came: Indices, state: _State) -> Indices:
    """Where more came than there is room, keep the best, raise the cut, free the others."""
    room, load, at, value = state.room, state.load, state.at, state.value
    load += np.bincount(at[came], minlength=len(room))
    is_full = np.zeros(len(room) + 1, bool)  # the last entry is for people without a supporter
    is_full[at[came]] = True
    is_full[:-1] &= load >= room
    people = np.flatnonzero(is_full[at])
    people = people[np.lexsort((_descending(value[people]), at[people]))]  # stable: ties by row
    held_by = at[people]
    first = np.flatnonzero(np.diff(held_by, prepend=-1))
    count = np.diff(np.append(first, len(people)))
    supporter = held_by[first]
    kept = np.minimum(count, room[supporter])
    last = people[first + kept - 1]
    state.cuts.score[supporter], state.cuts.row[supporter] = value[last], last
    load[supporter] = kept
    place = np.arange(len(people)) - np.repeat(first, count)
    let_go = people[place >= np.repeat(kept, count)]
    at[let_go] = -1
    return let_go


def _one_by_one(free: Indices, lists: Flat, state: _State) -> None:
    """The same with one proposal at a time: who is displaced goes next.

    A supporter's people become a heap when one of the few first asks; numbers are read one by one,
    since a few steps don't repay turning whole arrays into lists.
    """
    spot, at, cuts = state.spot, state.at, state.cuts
    order = np.argsort(at, kind="stable")
    begin = np.searchsorted(at, np.arange(len(state.room) + 1), sorter=order)
    values = state.value[order]
    heaps: dict[int, list[tuple[Any, int]]] = {}
    waiting = free[::-1].tolist()
    while waiting:
        person = waiting.pop()
        here, end = spot.item(person), lists.stop.item(person)
        while here < end:
            supporter, score = lists.supporters.item(here), lists.scores.item(here)
            here += 1
            if supporter < 0:
                continue
            heap = heaps.get(supporter)
            if heap is None:
                cut = cuts.score.item(supporter)
                if score < cut or (score == cut and person >= cuts.row.item(supporter)):
                    continue
                held = slice(begin.item(supporter), begin.item(supporter + 1))
                heap = list(zip(values[held].tolist(), map(neg, order[held].tolist()), strict=True))
                heapq.heapify(heap)
                heaps[supporter] = heap
            if len(heap) < state.room.item(supporter):
                heapq.heappush(heap, (score, -person))
            elif (score, -person) > heap[0]:
                displaced = -heapq.heapreplace(heap, (score, -person))[1]
                at[displaced] = -1
                waiting.append(displaced)
            else:
                continue
            at[person] = supporter
            break
        spot[person] = here


def blocking(lists: Flat, room: Indices, at: Indices) -> tuple[Indices, Indices]:
    """Pairs (person, supporter) who would both rather have each other than what they have.

    A person prefers whom they list before their own supporter; without one, everyone listed. A
    supporter prefers whoever fills an open place, and whom they like better than one of theirs.
    Someone who is matched outside of their own list is liked least and prefers all whom they list.
    """
    own = np.array(lists.stop, np.intp)
    value = np.full(len(own), _extremes(lists.scores.dtype)[0], lists.scores.dtype)
    is_listed = np.zeros(len(own), bool)
    for rows, spots in _by_blocks(lists.start, lists.stop):
        found = (lists.supporters[spots] == at[rows]) & (at[rows] >= 0)
        row, spot = rows[found], spots[found]
        own[row], value[row], is_listed[row] = spot, lists.scores[spot], True
    cuts = _cuts_of(at, value, is_listed, room)
    people, wanted = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    for rows, spots in _by_blocks(lists.start, lists.stop):
        supporter = lists.supporters[spots]
        prefers = (spots < own[rows]) & (supporter >= 0)
        row, spot, supporter = rows[prefers], spots[prefers], supporter[prefers]
        both = cuts.admits(supporter, lists.scores[spot], row)
        people.append(row[both])
        wanted.append(supporter[both])
    return np.concatenate(people), np.concatenate(wanted).astype(np.intp)


def _cuts_of(at: Indices, value: Numbers, is_listed: Booleans, room: Indices) -> _Cuts:
    """What supporters ask for, given whom they have."""
    lowest, highest = _extremes(value.dtype)
    people = np.flatnonzero(at >= 0)
    people = people[np.lexsort((_descending(value[people]), at[people]))]
    held_by = at[people]
    last = np.flatnonzero(np.diff(held_by, append=-1))
    score = np.full(len(room), highest, value.dtype)
    row = np.full(len(room), -1, np.intp)
    score[held_by[last]], row[held_by[last]] = value[people[last]], people[last]
    takes_anybody = np.bincount(held_by, minlength=len(room)) < room
    takes_anybody[held_by[~is_listed[people]]] = True
    score[takes_anybody], row[takes_anybody] = lowest, len(at)
    return _Cuts(score, row)


def _by_blocks(start: Indices, stop: Indices) -> Iterator[tuple[Indices, Indices]]:
    """Every entry of every list, some people at a time: whose it is, and where it stands."""
    ends = np.cumsum(stop - start)
    first = 0
    while first < len(start):
        before = ends[first - 1] if first else 0
        last = max(int(np.searchsorted(ends, before + BLOCK, "right")), first + 1)
        rows, spots = expand(start[first:last], stop[first:last])
        yield rows + first, spots
        first = last


def expand(starts: Indices, stops: Indices) -> tuple[Indices, Indices]:
    """Every position of runs [start, stop), and the run that each is of."""
    lengths = np.maximum(stops - starts, 0)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    skipped = np.cumsum(lengths) - lengths
    return owner, np.arange(len(owner)) + (starts - skipped)[owner]


def shared_minutes(some: NDArray[np.int16], others: NDArray[np.int16]) -> NDArray[np.int16]:
    """Minutes of a week in which two are both free.

    ``some`` (2, k, n) and ``others`` (2, l, m) hold where stretches start and stop, apart from each
    other in each pattern; empty ones are 0 and 0. The result is (n, m).
    """
    minutes = np.zeros((some.shape[2], others.shape[2]), np.int16)
    for start, stop in zip(*some, strict=True):
        for begin, end in zip(*others, strict=True):
            if not stop.any() or not end.any():
                continue
            both = np.minimum(stop[:, None], end) - np.maximum(start[:, None], begin)
            minutes += np.maximum(both, 0)
    return minutes


def unit_vectors(latitude: Floats, longitude: Floats) -> Floats:
    """Points of the unit sphere (3, n) at degrees north and east (n,). NaN stays NaN."""
    north, east = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])


def kilometers(some: Floats, others: Floats) -> Floats:
    """Great-circle distance in km between points of the unit sphere, broadcast. NaN stays NaN."""
    x, y, z = some[0] - others[0], some[1] - others[1], some[2] - others[2]
    chord = np.sqrt(x * x + y * y + z * z)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1)))
