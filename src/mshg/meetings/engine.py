"""The directory: built once, asked as often as one likes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from math import ceil, floor, isnan
from typing import Any

import numpy as np
from attrs import evolve

from mshg._arrays import Indices, read_only
from mshg._checks import each, enforce, instance, optional, under
from mshg._conversions import to_tuple
from mshg._mappings import FrozenMapping
from mshg._zones import zone_problems
from mshg.domain import Availability, Group, Meeting, MeetingMode, as_groups
from mshg.meetings.index import (
    ANY_WAY,
    HOUR,
    IN_PERSON,
    ONLINE,
    Index,
    Span,
    in_stable_order,
    index,
    microseconds,
    week_of,
)
from mshg.meetings.kernels import first_of_each, is_any, kilometers, places_in_row
from mshg.meetings.parameters import FASTEST_KMH, MOST_HOURS, MOST_MATCHES, MeetingQuery
from mshg.meetings.queries import NO_OFFERS, Asked, Offers, encode, joined
from mshg.meetings.results import Relaxation, SearchResult, relaxation
from mshg.meetings.searches import Search
from mshg.wording import Wording
from mshg.wording import load as load_wording

_SPANS = np.array([2, 5, 10, 54])  # weeks unrolled at once: for hours of a week, a month, …
_SPANS_KEPT = 4
_HORIZONS = (336, 840, 1_680, MOST_HOURS)  # hours looked ahead for the next that would fit
_WEEK_HOURS = 168
_LATER = 1 << 40  # more than any place in a stream


class Directory:
    """Meetings, indexed once for any number of searches.

    Parameters
    ----------
    meetings
        Meetings of any lists. Their order does not matter.

    Attributes
    ----------
    meetings
        Those that can be found, by id, then group, then all else.
    skipped
        Those that never are, by reason: ``inactive``; ``by_appointment``, without slots;
        ``no_timezone``, whose starts can't be known.

    Raises
    ------
    ValidationError
        Members that are no `mshg.Meeting`, and zones that the machine does not know.
    ZoneDataError
        The machine has no time zone database; ``mshg[tz]`` brings one.

    Examples
    --------
    >>> from datetime import datetime, time, timezone
    >>> from mshg import Meeting, Slot
    >>> from mshg.meetings import Directory, MeetingQuery
    >>> slot = Slot(weekday=1, start=time(19))
    >>> meeting = Meeting(
    ...     id="1", group="lifering", name="Tuesday Night", slots=[slot], mode="online",
    ...     timezone="America/New_York",
    ... )
    >>> directory = Directory([meeting])
    >>> directory
    Directory(1 meetings, 0 left out)
    >>> at = datetime(2026, 11, 24, 17, tzinfo=timezone.utc)
    >>> match = directory.search(MeetingQuery(at=at)).matches[0]
    >>> match.starts_at.isoformat()
    '2026-11-24T19:00:00-05:00'
    >>> match.reasons
    ('Online, so you can join from where you are.', 'Starts in 7 h 0 min.')
    """

    # What a repr needs is there from the start: reporters show objects that are half built.
    meetings: tuple[Meeting, ...] = ()
    skipped: Mapping[str, tuple[Meeting, ...]] = FrozenMapping({})

    def __init__(self, meetings: Iterable[Meeting]) -> None:
        given = to_tuple(meetings)
        if not isinstance(given, tuple) or set(map(type, given)) - {Meeting}:
            enforce(meetings=each(instance(Meeting), tuple)(given))
        zones = {m.timezone for m in given if m.timezone is not None}
        unknown = {zone: problems for zone in zones if (problems := zone_problems(zone))}
        if unknown:
            enforce(
                meetings=tuple(
                    p
                    for i, m in enumerate(given)
                    for p in under(f"[{i}].timezone", unknown.get(m.timezone or "", ()))
                )
            )
        findable, skipped = _sorted_out(given)
        self.meetings = in_stable_order(findable)
        self.skipped = skipped
        self._index = index(self.meetings)
        self._span = lru_cache(_SPANS_KEPT)(self._index.unroll)

    def __len__(self) -> int:
        return len(self.meetings)

    def __repr__(self) -> str:
        skipped = sum(map(len, self.skipped.values()))
        return f"Directory({len(self)} meetings, {skipped} left out)"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), ((*self.meetings, *(m for ms in self.skipped.values() for m in ms)),)

    def get(self, group: str, id: str) -> Meeting | None:  # noqa: A002 (the field's own name)
        """Give the meeting of a group by its list's id, also one that can't be found; or None.

        A plan that a host keeps may hold ids alone. Of several with one id, it is the first.
        """
        return self._by_id.get((group, id))

    def groups(self) -> Mapping[str, int]:
        """Count the meetings that can be found of each group, by its id, in the order of the ids.

        Examples
        --------
        >>> from datetime import time
        >>> from mshg import Meeting, Slot
        >>> from mshg.meetings import Directory
        >>> slot = Slot(weekday=1, start=time(19))
        >>> noon = Meeting(id="1", group="aa", name="Noon", slots=[slot], timezone="UTC")
        >>> dict(Directory([noon]).groups()), Directory([noon]).get("aa", "1").name
        ({'aa': 1}, 'Noon')
        """
        return FrozenMapping(dict(sorted(Counter(m.group for m in self.meetings).items())))

    @cached_property
    def _by_id(self) -> Mapping[tuple[str, str], Meeting]:
        aside = (m for meetings in self.skipped.values() for m in meetings)
        every = [*self.meetings, *aside]
        return {(m.group, m.id): m for m in reversed(every)}

    def search(self, query: MeetingQuery, *, wording: Wording | None = None) -> SearchResult:
        """Find the meetings that fit, in an order that never leaves anything to chance.

        With a position: meetings at a known distance, nearest first; then online ones, soonest
        first; then those whose distance can't be known, soonest first. Where a barrier lifts
        online options, online and known distance take turns, online first. Without a position:
        soonest first; with a lifting barrier, online and in person take turns. Level ones go by
        start, then a named language before none, then preferred group, then id, group and all
        else. A meeting is listed once, with its first start that fits; a hybrid one where it
        comes first.

        Raises
        ------
        ValidationError
            What is given is no `MeetingQuery`, or no `mshg.wording.Wording`.
        """
        enforce(
            query=instance(MeetingQuery)(query),
            wording=optional(instance(Wording))(wording),
        )
        return self._answers((query,), wording)[0]

    def search_many(
        self, queries: Iterable[MeetingQuery], *, wording: Wording | None = None
    ) -> list[SearchResult]:
        """Answer many queries at once, each as `search` does.

        Raises
        ------
        ValidationError
            Members that are no `MeetingQuery`, each with its place.
        """
        given = to_tuple(queries)
        enforce(
            queries=each(instance(MeetingQuery), tuple)(given),
            wording=optional(instance(Wording))(wording),
        )
        return self._answers(given, wording)

    def availability(
        self, query: MeetingQuery, groups: Iterable[Group] | Mapping[str, Group]
    ) -> dict[str, Availability]:
        """Count the meetings of each group that are in reach in the coming seven days.

        Parameters
        ----------
        query
            Where the person is, from when on, and what limits what is in reach. Its ``groups``,
            ``hours`` and ``limit`` are not read.
        groups
            Groups, or a mapping whose values they are.

        Returns
        -------
        By group id; a hybrid meeting counts in person, if it is in reach so, and online. Where the
        query has a position and no distance, any distance counts.

        Raises
        ------
        ValidationError
            What is given is no `MeetingQuery`, or groups that are none.

        Examples
        --------
        >>> from datetime import datetime, time, timezone
        >>> from mshg import Meeting, Slot, catalog
        >>> from mshg.meetings import Directory, MeetingQuery
        >>> slot = Slot(weekday=1, start=time(19))
        >>> meeting = Meeting(
        ...     id="1", group="lifering", name="Tuesday Night", slots=[slot], mode="online",
        ...     timezone="America/New_York",
        ... )
        >>> at = datetime(2026, 11, 24, 17, tzinfo=timezone.utc)
        >>> groups = catalog.load()
        >>> Directory([meeting]).availability(MeetingQuery(at=at), groups)["lifering"]
        Availability(in_person=0, online=1)
        """
        enforce(query=instance(MeetingQuery)(query))
        known = as_groups(groups)
        counts = [self._in_reach(query, known, way) for way in (IN_PERSON, ONLINE)]
        return {
            group.id: Availability(in_person=in_person, online=online)
            for group, in_person, online in zip(known, *counts, strict=True)
        }

    def _in_reach(self, query: MeetingQuery, groups: tuple[Group, ...], way: int) -> list[int]:
        """How many meetings of each group can be attended one way in the coming seven days."""
        mode = MeetingMode.IN_PERSON if way == IN_PERSON else MeetingMode.ONLINE
        wanted = {MeetingMode.HYBRID, mode}
        if query.modes and not wanted & query.modes:
            return [0] * len(groups)
        week = evolve(query, groups=(), hours=_WEEK_HOURS, modes=(mode,), limit=MOST_MATCHES)
        found = [self.meetings[i] for i in sorted({*self._offers(week).meeting.tolist()})]
        return [sum(group.includes(meeting) for meeting in found) for group in groups]

    def _answers(
        self, queries: tuple[MeetingQuery, ...], wording: Wording | None
    ) -> list[SearchResult]:
        wording = load_wording() if wording is None else wording
        asked = encode(queries, self._index)
        offers = self._found(asked)
        meetings, starts, distances, online = map(
            read_only, (offers.meeting, offers.start, kilometers(offers.chord), offers.online)
        )
        edges = np.searchsorted(offers.row, np.arange(len(queries) + 1)).tolist()
        return [
            SearchResult(
                query=query,
                wording=wording,
                meetings=meetings[a:b],
                starts=starts[a:b],
                distances=distances[a:b],
                online=online[a:b],
                all=self.meetings,
                relax=self._relaxations,
            )
            for query, a, b in zip(queries, edges[:-1], edges[1:], strict=True)
        ]

    def _searches(
        self, asked: Asked, unroll: Callable[[int, int], Span] | None = None
    ) -> Iterator[tuple[Search, Indices]]:
        """Queries by the weeks that they ask about."""
        unroll = self._span if unroll is None else unroll
        week = week_of(asked.since)
        weeks = week_of(np.maximum(asked.until - 1, asked.since)) - week + 1
        span = _SPANS.searchsorted(weeks)
        kind = week * len(_SPANS) + span
        for k in sorted(set(kind.tolist())):
            first, length = divmod(k, len(_SPANS))
            unrolled = unroll(first, int(_SPANS[length]))
            yield Search(self._index, unrolled, asked), np.flatnonzero(kind == k)

    def _found(self, asked: Asked) -> Offers:
        """Every query's matches, in their final order."""
        found: list[tuple[Offers, int, int | None]] = []
        for search, rows in self._searches(asked):
            placed, lifts = asked.has_place[rows], asked.lifts[rows]
            goes = asked.ways[rows] & IN_PERSON != 0
            near = search.nearest(rows[placed & goes])
            found.append((near, 0, 1))
            lacks = np.bincount(near.row, minlength=len(asked.limit)) < asked.limit
            rest = rows[~placed | lifts | lacks[rows]]
            if not len(rest):
                continue
            placed, lifts = asked.has_place[rest], asked.lifts[rest]
            wanting, lifted, unplaced = rest[placed], rest[~placed & lifts], rest[~placed & ~lifts]
            blind = wanting[np.isinf(asked.within[wanting]) & np.isinf(asked.speed[wanting])]
            online = rest[placed | lifts]
            span = search.span
            found += [
                (search.soonest(lifted, span.in_person, IN_PERSON), 0, 1),
                (search.soonest(online, span.online, ONLINE), 1, 0),
                (search.soonest(blind, span.elsewhere, IN_PERSON), 2, None),
                (search.soonest(unplaced, span.by_clock, ANY_WAY), 0, None),
            ]
        return _in_turn([stream for stream in found if len(stream[0].row)], asked)

    def _relaxations(self, query: MeetingQuery, wording: Wording) -> tuple[Relaxation, ...]:
        """Each constraint that alone stands in the way, the one with the nearest option first."""
        found: list[tuple[SearchResult, str, float | str | None, int]] = []
        for constraint, value, changed in (*_dropped(query), *self._widened(query)):
            wider = evolve(query, limit=1, **{constraint: changed})
            result = self.search(wider, wording=wording)
            if len(result):
                count = int(np.count_nonzero(np.bincount(self._offers(wider).meeting)))
                found.append((result, constraint, value, count))
        found.sort(key=lambda f: _nearness(f[0]))
        return tuple(
            relaxation(
                query, constraint, value, count=count, first=result.matches[0], wording=wording
            )
            for result, constraint, value, count in found
        )

    def _widened(self, query: MeetingQuery) -> Iterator[tuple[str, float | None, float | None]]:
        """Numbers, and the least that each would have to be: field, value, value."""
        if query.within_km is not None:
            km = kilometers(self._offers(evolve(query, within_km=None)).chord)
            least = None if np.isnan(km).all() else float(np.nanmin(km))
            value = None if least is None else max(ceil(least * 10) / 10, least)
            yield "within_km", value, value
        if query.travel_speed_kmh is not None:
            offers = self._offers(evolve(query, travel_speed_kmh=None))
            hours = (offers.start - microseconds(query.at)) / HOUR
            has_time = (hours > 0) & ~np.isnan(offers.chord)
            speeds = kilometers(offers.chord[has_time]) / hours[has_time]
            if len(speeds) and (kmh := floor(float(speeds.min())) + 1) <= FASTEST_KMH:
                yield "travel_speed_kmh", kmh, kmh
            else:  # what is too far, or nobody knows how far
                yield "travel_speed_kmh", None, None
        if (hours_needed := self._hours_needed(query)) is not None:
            yield "hours", hours_needed, hours_needed

    def _hours_needed(self, query: MeetingQuery) -> int | None:
        """Whole hours after which something else fits; looked for among what could, for a year."""
        ((search, _),) = self._searches(encode((query,), self._index))
        coming = search.coming()
        among = self._index.only(coming)
        for hours in _HORIZONS:
            if not is_any(coming) or hours <= query.hours:
                continue
            starts = self._offers(evolve(query, hours=hours), among).start
            if len(starts):
                needed = (int(starts.min()) - microseconds(query.at)) // HOUR + 1
                return needed if needed <= MOST_HOURS else None
        return None

    def _offers(self, query: MeetingQuery, among: Index | None = None) -> Offers:
        """All that fits one query, or all among some of the slots."""
        unroll = None if among is None else among.unroll
        ((search, _),) = self._searches(encode((query,), self._index), unroll)
        return search.everything()


def _in_turn(found: list[tuple[Offers, int, int | None]], asked: Asked) -> Offers:
    """Streams of offers as one: each with what it comes after, and its turn where options lift."""
    if len(found) == len(asked.limit) == 1:
        return found[0][0]
    turns = [NO_OFFERS.row]
    for offers, after, turn in found:
        place, lifts = places_in_row(offers.row), asked.lifts[offers.row]
        later = after * _LATER + place
        turns.append(later if turn is None else np.where(lifts, 2 * place + turn, later))
    all_ = joined(offers for offers, *_ in found)
    all_ = all_.where(np.lexsort([np.concatenate(turns), all_.row]))
    if len(found) > 1:  # each alone holds a meeting once, and no more than the limit
        all_ = all_.where(first_of_each(all_.row, all_.meeting))
        all_ = all_.where(places_in_row(all_.row) < asked.limit[all_.row])
    return all_


def _dropped(query: MeetingQuery) -> Iterator[tuple[str, str | None, Any]]:
    """Constraints to do without: the field, the tag, and what is left of the field."""
    for constraint in ("groups", "windows", "modes", "any_tags", "languages"):
        if getattr(query, constraint):
            yield constraint, None, ()
    for constraint in ("all_tags", "no_tags"):
        tags = getattr(query, constraint)
        yield from ((constraint, tag, tags - {tag}) for tag in sorted(tags))


def _nearness(result: SearchResult) -> tuple[bool, float, int]:
    """Orders options as a search without barriers does: by distance where known, then by start."""
    distance = float(result.distances[0])
    return isnan(distance), 0.0 if isnan(distance) else distance, int(result.starts[0])


def _sorted_out(
    meetings: Iterable[Meeting],
) -> tuple[list[Meeting], FrozenMapping[str, tuple[Meeting, ...]]]:
    """Meetings that can be found, and those that can't, by reason."""
    findable: list[Meeting] = []
    skipped: dict[str, list[Meeting]] = {"inactive": [], "by_appointment": [], "no_timezone": []}
    for meeting in meetings:
        if meeting.mode is MeetingMode.INACTIVE:
            skipped["inactive"].append(meeting)
        elif not meeting.slots:
            skipped["by_appointment"].append(meeting)
        elif meeting.timezone is None:
            skipped["no_timezone"].append(meeting)
        else:
            findable.append(meeting)
    return findable, FrozenMapping({why: tuple(ms) for why, ms in skipped.items()})
