"""Searches over arrays: candidates are looked at in ever wider circles, and the best are kept."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from attrs import frozen

from mshg._arrays import Booleans, Floats, Indices
from mshg.meetings.index import (
    ANY_WAY,
    DAY,
    HALF_DAY,
    HOUR,
    IN_PERSON,
    ONLINE,
    PART_KEYS,
    WEEK,
    Index,
    Span,
    Timetable,
    offset_range,
    since_monday,
    zone_offsets,
)
from mshg.meetings.kernels import (
    Longs,
    angles,
    cap_runs,
    curve,
    expand,
    first_of_each,
    holds_all,
    holds_any,
    is_any,
    kilometers,
    overlaps,
    places_in_row,
    squared_chords,
)
from mshg.meetings.parameters import EARTH_RADIUS_KM, MOST_HOURS
from mshg.meetings.queries import NO_OFFERS, OWN_ZONE, Asked, Offers, joined

_AT_ONCE = 1 << 18  # candidates in one go, so that their arrays stay in the cache
_ROUNDS = 3  # ever wider searches, before everything is looked at
_FIRST, _AMPLE, _LEAST, _MOST = 1.3, 1.4, 1.2, 4  # of circles: tuned by bench/meetings.py
_ALONE, _FIRST_ALONE = 64, 2.2  # for so few, another round costs more than more candidates do
_SAMPLE = np.array([*range(-8, 0), *range(1, 9)]) / 16  # neighbors on the curve, some steps apart
_WIDEST = 0.5  # radians; a wider search looks at everything
_HALF_DAYS, _MOST_HALF_DAYS = 8, 32  # so many are looked at one by one, and thought of at all
_FEW = 4_096  # places; among so few, all are looked at
_RARE = 64  # of so many meetings one wanted: then it is quicker to look through all wishes
_LEAST_SHARE = 1e-5  # of the meetings that fit, so that none is no special case
_NO_TIMES = np.empty(0, np.int64)
_ZONE_BITS = 46  # a span and its margins have fewer microseconds


class Runs(NamedTuple):
    """Stretches of a timetable to look at, each for a query (row, sorted)."""

    table: Timetable
    row: Indices
    start: Indices
    stop: Indices

    def blocks(self) -> Iterator[tuple[Indices, Indices]]:
        """Rows and positions in the table, so many whole rows at a time."""
        if not len(self.row):
            return
        block = np.maximum(self.stop - self.start, 0).cumsum() // _AT_ONCE
        edges = [0, len(block)]
        if block[-1]:
            is_first = np.append(True, self.row[1:] != self.row[:-1])
            block = np.maximum.accumulate(np.where(is_first, block, 0))
            edges[1:1] = (np.diff(block).nonzero()[0] + 1).tolist()
        for a, b in pairwise(edges):
            run, at = expand(self.start[a:b], self.stop[a:b])
            yield self.row[a:b][run], at


def _between(table: Timetable, row: Indices, first: Floats, last: Floats) -> Runs:
    """For each row, what has a key from one to another."""
    return Runs(table, row, table.key.searchsorted(first), table.key.searchsorted(last, "right"))


Some = Indices | slice
Check = Callable[[Indices, Some, Longs, int], Booleans]


@frozen(eq=False, repr=False, slots=False)
class Search:
    """A batch of queries over the weeks that they ask about."""

    index: Index
    span: Span
    asked: Asked

    def nearest(self, rows: Indices) -> Offers:
        """The nearest meetings at a known place, up to each query's limit."""
        if not len(rows):
            return NO_OFFERS
        asked = self.asked
        found: list[Offers] = []
        wide: list[Indices] = []
        within = asked.within[rows] / EARTH_RADIUS_KM * (1 + 1e-9) + 1e-9
        angle = self._first_angles(rows)
        for _ in range(_ROUNDS):
            angle = np.minimum(angle, within)
            is_narrow = angle <= _WIDEST
            if is_any(~is_narrow):
                wide.append(rows[~is_narrow])
                rows, angle, within = rows[is_narrow], angle[is_narrow], within[is_narrow]
            is_last = angle >= within
            sure = np.empty(len(asked.limit))
            sure[rows] = np.where(is_last, np.inf, (2 * np.sin(angle / 2)) ** 2)
            around = self._around(rows, angle)
            offers = (o for runs in around for o in self._fitting(runs, IN_PERSON, sure))
            count, is_done, best = self._settled(offers, rows, is_last)
            found += best
            if not is_any(~is_done):
                rows = NO_OFFERS.row
                break
            rows, count = rows[~is_done], count[~is_done]
            angle, within = angle[~is_done], within[~is_done]
            wider = np.sqrt(_AMPLE * asked.limit[rows] / np.maximum(count, 0.5))
            angle = angle * np.minimum(np.maximum(wider, _LEAST), _MOST)
        rest = np.concatenate([*wide, rows])
        found += map(self._best, self._one_by_one(self.span.there, rest, IN_PERSON))
        return joined(found)

    def soonest(self, rows: Indices, table: Timetable, way: int) -> Offers:
        """The meetings of a table by the clock that start first, up to each query's limit."""
        if not len(rows):
            return NO_OFFERS
        asked = self.asked
        found: list[Offers] = []
        low, high = (table.key.searchsorted(t[rows]) for t in (asked.since, asked.until))
        weeks = np.minimum((asked.until - asked.since)[rows] / WEEK, 1)
        share = (asked.share * asked.free)[rows] + _LEAST_SHARE
        reach = np.maximum(8, _AMPLE * weeks / share).astype(np.int64)
        reach *= asked.limit[rows]
        for _ in range(_ROUNDS):
            stop = np.minimum(low + reach, high)
            is_last = stop >= high
            stop[~is_last] = table.key.searchsorted(table.key[stop[~is_last]])  # none of a tie
            coming = self._fitting(Runs(table, rows, low, stop), way)
            _, is_done, best = self._settled(coming, rows, is_last)
            found += best
            rows, low, high, reach = (a[~is_done] for a in (rows, low, high, 8 * reach))
            if not len(rows):
                break
        found += map(self._best, self._one_by_one(table, rows, way))
        return joined(found)

    def _settled(
        self, sure: Iterable[Offers], rows: Indices, is_last: Booleans
    ) -> tuple[Indices, Booleans, list[Offers]]:
        """How many meetings each row has, whether it is done, and the best of those that are."""
        best = [self._best(offers) for offers in sure]
        count = np.zeros(len(self.asked.limit), np.intp)
        for offers in best:
            count += np.bincount(offers.row, minlength=len(count))
        is_done = is_last | (count >= self.asked.limit)[rows]
        if is_any(~is_done):
            is_ripe = np.zeros(len(count), bool)
            is_ripe[rows[is_done]] = True
            best = [offers.where(is_ripe[offers.row]) for offers in best]
        return count[rows], is_done, best

    def everything(self) -> Offers:
        """All that fits, each way and at each start, in no order."""
        asked, span = self.asked, self.span
        rows = np.arange(len(asked.limit))
        here, nowhere = rows[asked.has_place], rows[~asked.has_place]
        blind = here[np.isinf(asked.within[here]) & np.isinf(asked.speed[here])]
        looked_at = (
            (span.there, here, IN_PERSON),
            (span.online, here, ONLINE),
            (span.elsewhere, blind, IN_PERSON),
            (span.by_clock, nowhere, ANY_WAY),
        )
        return joined(
            offers
            for table, some, way in looked_at
            for offers in self._one_by_one(table, some, way)
        )

    def suited(self, row: int) -> Booleans:
        """Which meetings fit a query at some time and from some place."""
        every, one = slice(None), np.array([row])
        keep = self._has_way(one, every, _NO_TIMES, ANY_WAY) & (self._ranks(one, every) >= 0)
        for holds in (self._has_tags, self._has_language):
            if holds in self._checks:
                keep &= holds(one, every, _NO_TIMES, ANY_WAY)
        return keep

    def coming(self) -> Booleans:
        """Slots of which the first query may get a start within a year, once it is late enough."""
        asked, index = self.asked, self.index
        suited = self.suited(0)
        if asked.within[0] < np.inf:
            km = kilometers(squared_chords(index.places, asked.places[:, :1]))
            is_online = index.ways & asked.ways[0] & ONLINE != 0
            suited &= index.placed & (km <= asked.within[0]) | is_online
        keep = suited[index.slot_meeting]
        if not is_any(asked.wants_window[:1]):
            return keep
        at = keep.nonzero()[0]
        own = index.zone[index.slot_meeting[at]]
        year = self.span.begin, self.span.begin + MOST_HOURS * HOUR + 2 * WEEK
        least, most = self._offset_range(own, *year)
        low, high = np.zeros(len(at), np.int64), most - least  # a start in a gap is given later
        if asked.zone[0] != OWN_ZONE:
            there_least, there_most = self._offset_range(asked.zone[:1], *year)
            low, high = there_least - most, there_most - least
        row = np.zeros(len(at), np.intp)
        keep[at] = self._touches_window(row, index.slot_wall[at] + low, high - low + 1)
        return keep

    def _first_angles(self, rows: Indices) -> Floats:
        """A circle that may hold enough: from the distances of some neighbors on the curve."""
        asked, index = self.asked, self.index
        count = len(index.along)
        limit, share = asked.limit[rows], asked.share[rows]
        wanted = limit / (share * asked.free[rows] + _LEAST_SHARE)
        if count <= _FEW:
            return np.full(len(rows), np.inf)
        at = index.along_codes.searchsorted(curve(*asked.degrees[:, rows]))
        steps = (_SAMPLE[:, None] * wanted).astype(np.int64)
        near = np.minimum(np.maximum(at + steps, 0), count - 1)
        sample = index.along[near]
        chords = squared_chords(index.places[:, sample], asked.places[:, None, rows])
        low = np.sort(chords, axis=0)[len(_SAMPLE) // 3]
        first = _FIRST_ALONE if len(rows) <= _ALONE else _FIRST
        is_rare = np.maximum(wanted / 16, limit / (share + _LEAST_SHARE)) > count / _RARE
        return np.where(is_rare, np.inf, first * angles(low) + 1e-6)

    def _around(self, rows: Indices, angle: Floats) -> Iterator[Runs]:
        """All within an angle of each query's place, and some beyond."""
        latitude, longitude = self.asked.degrees[:, rows]
        owner, first, last = cap_runs(latitude, longitude, angle)
        whose, part = self._half_days(rows)
        count = np.bincount(whose, minlength=len(rows))
        is_long = count > _HALF_DAYS
        stop = count.cumsum()
        run, at = expand((stop - count)[owner], np.where(is_long, 0, stop)[owner])
        base = part[at] * PART_KEYS
        table = self.span.by_half_day
        yield _between(table, rows[owner[run]], first[run] + base, last[run] + base)
        if is_any(is_long):
            run = is_long[owner].nonzero()[0]
            yield _between(self.span.by_place, rows[owner[run]], first[run], last[run])

    def _half_days(self, rows: Indices) -> tuple[Indices, Longs]:
        """Half days of the span in which meetings may fit, and which of the rows each is for.

        Of a row with many of them, not all are given.
        """
        asked, begin = self.asked, self.span.begin
        opens, closes = ((t[rows] - begin) // HALF_DAY for t in (asked.since, asked.until - 1))
        whose, part = expand(opens, np.minimum(closes + 1, opens + _MOST_HALF_DAYS))
        row = rows[whose]
        if not is_any(asked.wants_window[row]):
            return whose, part
        least, most = self._offset_range(asked.zone[row], begin, self.span.end)
        wall = since_monday(begin + part * HALF_DAY + least)
        may_fit = ~asked.wants_window[row] | (closes - opens >= _MOST_HALF_DAYS)[whose]
        may_fit |= self._touches_window(row, wall, HALF_DAY + most - least)
        return whose[may_fit], part[may_fit]

    def _touches_window(self, row: Indices, wall: Longs, length: Longs) -> Booleans:
        """Whether stretches of a week on the wall have a moment in a window."""
        touches = np.zeros(len(wall), bool)
        for start, end in zip(self.asked.window_start, self.asked.window_end, strict=True):
            touches |= overlaps(wall, length, start[row], end[row], WEEK)
        return touches

    def _offset_range(self, zone: Indices, begin: int, end: int) -> tuple[Longs, Longs]:
        """The least and the most that the clocks of zones differ from UTC between two moments."""
        begin, end = begin - DAY, end + DAY
        used = np.bincount(zone - OWN_ZONE).nonzero()[0] + OWN_ZONE
        every = tuple(self.index.zones) or ("UTC",)
        names = (every if z == OWN_ZONE else (self.asked.zones[z],) for z in used)
        ranges = ([offset_range(name, begin, end) for name in some] for some in names)
        stated = np.array([(min(r)[0], max(most for _, most in r)) for r in ranges], np.int64)
        least, most = stated.reshape(-1, 2)[used.searchsorted(zone)].T
        return least, most

    def _one_by_one(self, table: Timetable, rows: Indices, way: int) -> Iterator[Offers]:
        """All of a table by the clock that fits, for each of some queries alone."""
        if not len(rows):
            return
        edges = (table.key.searchsorted(t[rows]) for t in (self.asked.since, self.asked.until))
        for row, low, high in zip(rows.tolist(), *edges, strict=True):
            at = np.arange(low, high)
            if len(at) > _FEW:  # by what is wanted first, which is quick to see for all meetings
                at = at[self.suited(row)[table.meeting[low:high]]]
            yield self._fit(table, np.full(len(at), row), at, way)

    def _fitting(self, runs: Runs, way: int, sure: Floats | None = None) -> Iterator[Offers]:
        return (self._fit(runs.table, row, at, way, sure) for row, at in runs.blocks())

    def _fit(
        self,
        table: Timetable,
        row: Indices,
        at: Indices,
        way: int,
        sure: Floats | None = None,
    ) -> Offers:
        """Those candidates that keep every constraint, the cheapest looked at first.

        For each query, ``sure`` is the squared chord up to which all candidates are among these.
        """
        asked, index = self.asked, self.index
        start = table.start[at]
        timely = ((start >= asked.since[row]) & (start < asked.until[row])).nonzero()[0]
        row, start, meeting = row[timely], start[timely], table.meeting[at[timely]]
        for holds in self._checks:
            kept = holds(row, meeting, start, way).nonzero()[0]
            row, start, meeting = row[kept], start[kept], meeting[kept]
        rank = self._ranks(row, meeting)
        keep = rank >= 0
        if table.is_placed:
            chord = squared_chords(index.places[:, meeting], asked.places[:, row])
            keep &= self._is_in_reach(row, start, chord)
        else:
            chord = np.full(len(row), np.nan)
        if sure is not None:
            keep &= chord <= sure[row]
        unnamed = np.zeros(len(row), bool)
        if self._has_language in self._checks:
            unnamed = asked.wants_language[row] & ~index.languages[:, meeting].any(axis=0)
        online = index.ways[meeting] & asked.ways[row] & way & IN_PERSON == 0
        offers = Offers(row, meeting, start, chord, rank, unnamed, online)
        return offers.where(keep.nonzero()[0])

    @cached_property
    def _checks(self) -> list[Check]:
        """What there is to look at for any of the queries, the cheapest first."""
        asked = self.asked
        tags = (asked.wants_any, asked.all_tags, asked.no_tags)
        has_tags = any(map(is_any, tags))
        checks: tuple[tuple[Check, Any], ...] = (
            (self._is_on, is_any(asked.since < asked.at)),
            (self._has_way, True),
            (self._has_tags, has_tags),
            (self._has_language, is_any(asked.wants_language)),
            (self._is_when_free, is_any(asked.wants_window)),
        )
        return [holds for holds, is_asked in checks if is_asked]

    def _is_on(self, row: Indices, meeting: Some, start: Longs, _: int) -> Booleans:
        """Whether it is still to come, or has begun and is not over."""
        at = self.asked.at[row]
        return np.asarray((start >= at) | (start + self.index.lasts[meeting] > at))

    def _has_way(self, row: Indices, meeting: Some, _: Longs, way: int) -> Booleans:
        return np.asarray(self.index.ways[meeting] & self.asked.ways[row] & way != 0)

    def _has_tags(self, row: Indices, meeting: Some, _: Longs, __: int) -> Booleans:
        asked, tags = self.asked, self.index.tags[:, meeting]
        kept = holds_any(tags, asked.any_tags[:, row]) | ~asked.wants_any[row]
        if is_any(asked.all_tags):
            kept &= holds_all(tags, asked.all_tags[:, row])
        if is_any(asked.no_tags):
            kept &= ~holds_any(tags, asked.no_tags[:, row])
        return kept

    def _has_language(self, row: Indices, meeting: Some, _: Longs, __: int) -> Booleans:
        asked, stated = self.asked, self.index.languages[:, meeting]
        is_wanted = holds_any(stated, asked.languages[:, row])
        return is_wanted | ~stated.any(axis=0) | ~asked.wants_language[row]

    def _is_when_free(self, row: Indices, meeting: Some, start: Longs, _: int) -> Booleans:
        """Whether it starts in a window, read on the clock of the query's zone, or its own."""
        asked = self.asked
        fits = ~asked.wants_window[row]
        asks = (~fits).nonzero()[0]
        is_free = np.zeros(len(asks), bool)
        own, row = self.index.zone[meeting][asks], row[asks]
        zone = np.where(asked.zone[row] == OWN_ZONE, own, asked.zone[row])
        wall = since_monday(self._wall(zone, start[asks]))
        for opens, closes in zip(asked.window_start, asked.window_end, strict=True):
            is_free |= (wall >= opens[row]) & (wall < closes[row])
        fits[asks] = is_free
        return fits

    def _wall(self, zone: Indices, start: Longs) -> Longs:
        """Starts on the clocks of zones."""
        used = np.bincount(zone, minlength=1).nonzero()[0]
        begin = self.span.begin - DAY
        known = [zone_offsets(self.asked.zones[z], begin, self.span.end + DAY) for z in used]
        since = [s - begin + (k << _ZONE_BITS) for k, (s, _) in enumerate(known)]
        key = start - begin + (np.searchsorted(used, zone) << _ZONE_BITS)
        at = np.searchsorted(np.concatenate([*since, _NO_TIMES]), key, "right") - 1
        return np.asarray(start + np.concatenate([*(o for _, o in known), _NO_TIMES])[at])

    def _ranks(self, row: Indices, meeting: Some) -> Indices:
        """The place of its group in the order of preference; 0 without one, -1 for no such."""
        asked, index = self.asked, self.index
        rank = np.where(asked.wants_group[row], -1, 0)
        for j in reversed(range(len(asked.groups))):  # the first preference has the last word
            holds = index.group[meeting] == asked.groups[j, row]
            if is_any(asked.group_tags[:, j]):
                holds &= holds_all(index.tags[:, meeting], asked.group_tags[:, j, row])
            rank = np.where(holds, asked.group_rank[j, row], rank)
        return rank

    def _is_in_reach(self, row: Indices, start: Longs, chord: Floats) -> Booleans:
        """Whether it is near enough, and there is time enough to get there."""
        asked = self.asked
        near, slow = asked.within[row], asked.speed[row]
        if not (is_any(near < np.inf) or is_any(slow < np.inf)):
            return np.ones(len(row), bool)
        km = kilometers(chord)
        return (km <= near) & (asked.at[row] + km / slow * HOUR <= start)

    def _best(self, offers: Offers) -> Offers:
        """The first offers of each query, each meeting once, in the order that is stated."""
        keys = [offers.meeting, offers.rank, offers.unnamed, offers.start, offers.chord, offers.row]
        order = np.lexsort(keys)
        order = order[first_of_each(offers.row[order], offers.meeting[order])]
        row = offers.row[order]
        return offers.where(order[places_in_row(row) < self.asked.limit[row]])
