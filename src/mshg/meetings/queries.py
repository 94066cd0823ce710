"""Queries and what fits them as arrays, so that many are answered like one."""

from collections.abc import Iterable
from datetime import timedelta
from math import inf, nan, prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices
from mshg.domain import Group, MeetingMode, Window
from mshg.meetings.index import (
    ANY_WAY,
    DAY,
    HOUR,
    IN_PERSON,
    ONLINE,
    ONLINE_OF_HYBRID,
    PLACE_OF_HYBRID,
    WEEK,
    Bits,
    Index,
    microseconds,
    wall_time,
)
from mshg.meetings.kernels import Longs, unit_vectors
from mshg.meetings.parameters import MeetingQuery

OWN_ZONE = -1
"""In place of a zone: that of each meeting."""

NO_GROUP = -1
_MICROSECOND = timedelta(microseconds=1)
_ACCEPTS = {
    MeetingMode.IN_PERSON: IN_PERSON,
    MeetingMode.ONLINE: ONLINE,
    MeetingMode.HYBRID: PLACE_OF_HYBRID | ONLINE_OF_HYBRID,
    MeetingMode.INACTIVE: 0,
}

Alternative = tuple[int, int, int]  # a group's number, tags its meetings need, rank


class Asked(NamedTuple):
    """Queries as arrays, one entry each.

    Times are microseconds since 1970: ``at`` is now, ``since`` earlier where a meeting may have
    started already; places unit vectors (3, q), NaN where none is given;
    masks (words, q); group alternatives (j, q) with masks (words, j, q); windows first and last
    microsecond of a week (k, q), empty ones 0 and 0. ``zones`` are the names of the zones.
    ``free`` is how large a part of a week there is for starts; ``share`` how large a part of the
    meetings may fit at some time, if no wish goes with another.
    """

    at: Longs
    since: Longs
    until: Longs
    degrees: Floats
    places: Floats
    within: Floats
    speed: Floats
    ways: NDArray[np.uint8]
    all_tags: NDArray[np.uint64]
    any_tags: NDArray[np.uint64]
    no_tags: NDArray[np.uint64]
    wants_any: Booleans
    languages: NDArray[np.uint64]
    wants_language: Booleans
    wants_group: Booleans
    groups: Indices
    group_tags: NDArray[np.uint64]
    group_rank: Indices
    zone: Indices
    zones: tuple[str, ...]
    window_start: Longs
    window_end: Longs
    wants_window: Booleans
    lifts: Booleans
    limit: Indices
    free: Floats
    share: Floats

    @property
    def has_place(self) -> Booleans:
        """Whether a position was given."""
        return np.asarray(~np.isnan(self.degrees[0]))


class Offers(NamedTuple):
    """Ways to attend that fit: for each query (row, sorted), which meeting, when, how far."""

    row: Indices
    meeting: Indices
    start: Longs
    chord: Floats
    rank: Indices
    unnamed: Booleans
    online: Booleans

    def where(self, keep: NDArray[Any]) -> "Offers":
        """Some of them."""
        return Offers(*(column[keep] for column in self))


NO_OFFERS = Offers(*(np.empty(0, kind) for kind in (int, int, int, float, int, bool, bool)))


def joined(parts: Iterable[Offers]) -> Offers:
    """Several, one after the other."""
    stated = [offers for offers in parts if len(offers.row)]
    if len(stated) < 2:
        return stated[0] if stated else NO_OFFERS
    return Offers(*(np.concatenate(columns) for columns in zip(*stated, strict=True)))


class _Memo(dict[frozenset[str], int]):
    """Masks of sets of words, worked out once."""

    def __init__(self, bits: Bits) -> None:
        self.bits = bits

    def __missing__(self, words: frozenset[str]) -> int:
        self[words] = mask = sum(self.bits.get(word, 0) for word in words)
        return mask


class _Languages(_Memo):
    """Masks of the languages of a directory that wanted ones cover (RFC 4647, basic filtering)."""

    def __missing__(self, words: frozenset[str]) -> int:
        wanted = [word.casefold() for word in words]
        self[words] = mask = sum(
            bit
            for stated, bit in self.bits.items()
            if any(f"{stated.casefold()}-".startswith(f"{word}-") for word in wanted)
        )
        return mask


class _Shares(dict[tuple[frozenset[str], ...], float]):
    """How large a part of the meetings has the tags and languages wanted, worked out once."""

    def __init__(self, index: Index, languages: _Languages) -> None:
        self.index, self.languages = index, languages

    def __missing__(self, wanted: tuple[frozenset[str], ...]) -> float:
        *tags, languages = wanted
        shares = self.index.tag_shares
        all_, any_, no = ([shares.get(tag, 0.0) for tag in words] for words in tags)
        share = prod(all_) * prod(1 - s for s in no)
        if any_:
            share *= 1 - prod(1 - s for s in any_)
        if languages:
            mask = self.languages[languages]
            stated = self.index.language_shares
            covered = (stated[w] for w, bit in self.index.language_bits.items() if bit & mask)
            unnamed = max(0.0, 1 - sum(stated.values()))
            share *= min(1.0, sum(covered) + unnamed)
        self[wanted] = share
        return share


def encode(queries: tuple[MeetingQuery, ...], index: Index) -> Asked:
    """Turn queries into arrays, in the words of an index."""
    tags, languages = _Memo(index.tag_bits), _Languages(index.language_bits)
    held = _Shares(index, languages)
    zones = dict(index.zones)
    at = np.array([microseconds(q.at) for q in queries], np.int64)
    since = at - np.array([q.started_within // _MICROSECOND for q in queries], np.int64)
    hours = np.array([q.hours for q in queries], np.float64)
    groups, group_tags, group_rank = _groups(queries, index)
    wants_group = np.array([bool(q.groups) for q in queries], bool)
    wants_window = np.array([bool(q.windows) for q in queries], bool)
    known = np.array([q.all_tags <= index.tag_bits.keys() for q in queries], bool)
    if len(groups):
        known &= ~wants_group | (groups != NO_GROUP).any(axis=0)  # else nothing can fit
    ways = np.where(known, [_ways(q.modes) for q in queries], 0).astype(np.uint8)
    until = at + np.where(known, np.rint(hours * HOUR), 0).astype(np.int64)
    degrees = np.array(
        [
            (nan if q.latitude is None else q.latitude, nan if q.longitude is None else q.longitude)
            for q in queries
        ],
        np.float64,
    ).reshape(-1, 2)
    window_start, window_end = _windows(queries)
    free = np.minimum((until - since) / WEEK, 1)
    if len(window_start):
        a_week = (window_end - window_start).sum(axis=0) / WEEK
        free = np.where(wants_window, np.minimum(free, a_week), free)
    wishes = ((q.all_tags, q.any_tags, q.no_tags, q.languages) for q in queries)
    share = np.array([held[wished] for wished in wishes], np.float64)
    if len(groups):
        of_groups = np.append(index.group_shares, 0)[groups].sum(axis=0)  # 0 for NO_GROUP
        share *= np.where(wants_group, of_groups, 1)
    return Asked(
        at=at,
        since=since,
        until=until,
        degrees=degrees.T,
        places=unit_vectors(degrees[:, 0], degrees[:, 1]),
        within=np.array([inf if q.within_km is None else q.within_km for q in queries]),
        speed=np.array(
            [inf if q.travel_speed_kmh is None else q.travel_speed_kmh for q in queries]
        ),
        ways=ways,
        all_tags=index.tag_bits.arrays(tags[q.all_tags] for q in queries),
        any_tags=index.tag_bits.arrays(tags[q.any_tags] for q in queries),
        no_tags=index.tag_bits.arrays(tags[q.no_tags] for q in queries),
        wants_any=np.array([bool(q.any_tags) for q in queries]),
        languages=index.language_bits.arrays(languages[q.languages] for q in queries),
        wants_language=np.array([bool(q.languages) for q in queries]),
        wants_group=wants_group,
        groups=groups,
        group_tags=group_tags,
        group_rank=group_rank,
        zone=np.array(
            [
                OWN_ZONE if q.timezone is None else zones.setdefault(q.timezone, len(zones))
                for q in queries
            ],
            np.intp,
        ),
        zones=tuple(zones),
        window_start=window_start,
        window_end=window_end,
        wants_window=wants_window,
        lifts=np.array([q.lifts_online for q in queries]),
        limit=np.array([q.limit for q in queries], np.intp),
        free=free,
        share=share,
    )


def _ways(modes: frozenset[MeetingMode]) -> int:
    if not modes:
        return ANY_WAY
    accepted = 0
    for mode in modes:
        accepted |= _ACCEPTS[mode]
    return accepted


def _groups(
    queries: Iterable[MeetingQuery], index: Index
) -> tuple[Indices, NDArray[np.uint64], Indices]:
    """The groups that queries name, each with the tags that its meetings need and its rank."""
    known: dict[int, list[tuple[int, int]]] = {}  # by identity: a Group is slow to hash
    rows: list[list[Alternative]] = []
    for query in queries:
        row = []
        for rank, group in enumerate(query.groups):
            if (held := known.get(id(group))) is None:
                held = known[id(group)] = list(_held_by(group, index))
            row += [(code, mask, rank) for code, mask in held]
        rows.append(row)
    width = max(map(len, rows), default=0)
    padded = [row + [(NO_GROUP, 0, 0)] * (width - len(row)) for row in rows]
    flat = [alternative for row in padded for alternative in row]
    shape = (len(rows), width)
    codes, ranks = (np.array([a[j] for a in flat], np.intp).reshape(shape).T for j in (0, 2))
    masks = index.tag_bits.arrays(a[1] for a in flat)
    return codes, masks.reshape(len(masks), *shape).transpose(0, 2, 1), ranks


def _held_by(group: str | Group, index: Index) -> Iterable[tuple[int, int]]:
    """Whose meetings are this group's, and which tags they need: as `mshg.Group.includes` says."""
    if isinstance(group, str):
        yield index.group_codes.get(group, NO_GROUP), 0
        return
    yield index.group_codes.get(group.id, NO_GROUP), 0
    tags = [index.tag_bits.get(tag) for tag in group.variant_tags]
    if group.variant_of is not None and None not in tags:
        wider = index.group_codes.get(group.variant_of, NO_GROUP)
        yield wider, sum(bit for bit in tags if bit is not None)


def _windows(queries: Iterable[MeetingQuery]) -> tuple[Longs, Longs]:
    """Stretches of a week; one over its end is two."""
    known: dict[tuple[Window, ...], list[tuple[int, int]]] = {}
    rows = []
    for query in queries:
        if (stretches := known.get(query.windows)) is None:
            stretches = known[query.windows] = [s for w in query.windows for s in _stretches(w)]
        rows.append(stretches)
    ends = np.zeros((2, max(map(len, rows), default=0), len(rows)), np.int64)
    for j, stretches in enumerate(rows):
        for k, stretch in enumerate(stretches):
            ends[:, k, j] = stretch
    return ends[0], ends[1]


def _stretches(window: Window) -> Iterable[tuple[int, int]]:
    midnight = window.weekday * DAY
    start, until = wall_time(window.weekday, window.start), midnight + wall_time(0, window.until)
    if until <= start:
        until += DAY
    yield start, min(until, WEEK)
    if until > WEEK:
        yield 0, until - WEEK
