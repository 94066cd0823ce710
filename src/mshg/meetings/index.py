"""Meetings as arrays: what each offers, where, and when in any stretch of weeks."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from functools import cached_property, lru_cache, partial
from itertools import compress, groupby
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mshg import codec
from mshg._arrays import Booleans, Floats, Indices, read_only
from mshg._zones import offsets
from mshg.domain import WEEKLY, Meeting, MeetingMode, Recurrence, Slot
from mshg.meetings.kernels import BAND_KEYS, BANDS, Longs, band_keys, curve, unit_vectors
from mshg.meetings.parameters import USUAL_LENGTH

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000
DAY = 24 * HOUR
WEEK = 7 * DAY
_FIRST_MONDAY = 4 * DAY
_ID, _GROUP = attrgetter("id"), attrgetter("group")

_WORD = 64  # bits

HALF_DAY = 12 * HOUR
"""Width of a part of the day by which places are sorted for queries of a day or two."""

PART_KEYS = BANDS * BAND_KEYS

# A way to attend and the mode that offers it, as bits.
PLACE_ALONE, PLACE_OF_HYBRID, ONLINE_ALONE, ONLINE_OF_HYBRID = 1, 2, 4, 8
IN_PERSON = PLACE_ALONE | PLACE_OF_HYBRID
ONLINE = ONLINE_ALONE | ONLINE_OF_HYBRID
ANY_WAY = IN_PERSON | ONLINE
WAYS = {
    MeetingMode.IN_PERSON: PLACE_ALONE,
    MeetingMode.HYBRID: PLACE_OF_HYBRID | ONLINE_OF_HYBRID,
    MeetingMode.ONLINE: ONLINE_ALONE,
}


class Bits(dict[str, int]):
    """A bit for each word, in the order in which words come."""

    def __missing__(self, word: str) -> int:
        self[word] = bit = 1 << len(self)
        return bit

    def masks(self, sets: Iterable[frozenset[str]]) -> NDArray[np.uint64]:
        """Masks of sets of words; new words get a bit."""
        return self.arrays([sum(map(self.__getitem__, words)) for words in sets])

    def arrays(self, masks: Iterable[int]) -> NDArray[np.uint64]:
        """Masks as (words of 64 bits, n)."""
        masks = list(masks)
        if len(self) <= _WORD:
            return np.array([masks], np.uint64)
        shifts = range(0, len(self), _WORD)
        lowest = (1 << _WORD) - 1
        return np.array([[m >> s & lowest for m in masks] for s in shifts], np.uint64)

    def shares(self, masks: NDArray[np.uint64]) -> dict[str, float]:
        """How large a part of masks has each word."""
        return {
            word: np.count_nonzero(masks[i // _WORD] & (1 << i % _WORD)) / masks.shape[1]
            for i, word in enumerate(self)
        }


class Codes(dict[str, int]):
    """A number for each word, in the order in which words come."""

    def __missing__(self, word: str) -> int:
        self[word] = code = len(self)
        return code


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(since: int) -> datetime:
    """The moment, in UTC, of so many microseconds since 1970."""
    return EPOCH + int(since) * _MICROSECOND


def week_of(since: Any) -> Any:
    """Which week, counted in Mondays at midnight UTC."""
    return (since - _FIRST_MONDAY) // WEEK


def since_monday(wall: Longs) -> Longs:
    """Microseconds on the wall since Monday at midnight."""
    return (wall - _FIRST_MONDAY) % WEEK


class Timetable(NamedTuple):
    """Coming meetings in some order: by the clock, or by part of the day and place.

    ``is_placed`` if it tells of meetings at a known place alone.
    """

    key: NDArray[Any]
    meeting: Indices
    start: Longs
    is_placed: bool = False

    def of(self, chosen: Booleans, *, is_placed: bool = False) -> "Timetable":
        """Some of the meetings, by the clock as well."""
        at = np.flatnonzero(chosen[self.meeting])
        start = self.start[at]
        return Timetable(start, self.meeting[at], start, is_placed)


@frozen(eq=False, repr=False, slots=False)
class Span:
    """Every start within some weeks, sorted in the ways that searches need.

    Parameters
    ----------
    begin, end
        Its first microsecond, and the first after it.
    by_clock
        Every start.
    ways, placed, band_key
        For each meeting, the ways to attend, whether it has a place to go to that is known, and
        where that is on the line of bands.
    """

    begin: int
    end: int
    by_clock: Timetable
    ways: NDArray[np.uint8]
    placed: Booleans
    band_key: Floats

    @cached_property
    def online(self) -> Timetable:
        """Starts that can be attended online, by the clock."""
        return self.by_clock.of(self.ways & ONLINE != 0)

    @cached_property
    def in_person(self) -> Timetable:
        """Starts at any place, by the clock."""
        return self.by_clock.of(self.ways & IN_PERSON != 0)

    @cached_property
    def elsewhere(self) -> Timetable:
        """Starts at places that are not known well enough, by the clock."""
        return self.by_clock.of((self.ways & IN_PERSON != 0) & ~self.placed)

    @cached_property
    def there(self) -> Timetable:
        """Starts at a known place, by the clock."""
        return self.by_clock.of(self.placed, is_placed=True)

    @cached_property
    def by_place(self) -> Timetable:
        """Starts at a known place, by place."""
        return self._by_place(None)

    @cached_property
    def by_half_day(self) -> Timetable:
        """Starts at a known place, by place, half a day after the other."""
        return self._by_place(HALF_DAY)

    def _by_place(self, width: int | None) -> Timetable:
        _, meeting, start, _ = self.there
        key = self.band_key[meeting]
        if width is not None:
            key = key + (start - self.begin) // width * PART_KEYS
        order = np.argsort(key)
        return Timetable(key[order], meeting[order], start[order], is_placed=True)


@frozen(eq=False, repr=False)
class Index:
    """What a directory knows of its meetings, one entry each, in their stable order.

    Parameters
    ----------
    zones, zone
        Names of zones, and which is each meeting's.
    lasts
        How long each meeting's longest slot lasts.
    ways
        Bits of the ways to attend.
    tags, tag_bits, languages, language_bits
        Masks (words, n), and the bit of each word.
    group, group_codes
        Number of each meeting's group, and of each group.
    tag_shares, language_shares, group_shares
        How large a part of the meetings has each tag, each language, is of each group.
    places, placed, band_key
        Unit vectors (3, n); whether they can be trusted; the places on the line of bands.
    along, along_codes
        Meetings with a place in the order of a Z-order curve, and their codes.
    slot_meeting, slot_wall, zone_slots
        Each slot's meeting; its wall time since Monday; slots by zone.
    irregular, recurrences
        Slots that don't take place every week, and when each of them does.
    """

    zones: Codes
    zone: Indices
    lasts: Longs
    ways: NDArray[np.uint8]
    tags: NDArray[np.uint64]
    tag_bits: Bits
    languages: NDArray[np.uint64]
    language_bits: Bits
    group: Indices
    group_codes: Codes
    tag_shares: dict[str, float]
    language_shares: dict[str, float]
    group_shares: Floats
    places: Floats
    placed: Booleans
    band_key: Floats
    along: Indices
    along_codes: Longs
    slot_meeting: Indices
    slot_wall: Longs
    zone_slots: tuple[Indices, ...]
    irregular: Indices
    recurrences: tuple[Recurrence, ...]

    def only(self, slots: Booleans) -> "Index":
        """The same meetings with some of their slots."""
        number = np.where(slots, slots.cumsum() - 1, -1)
        zone_slots = (number[of_zone] for of_zone in self.zone_slots)
        irregular = number[self.irregular]
        return evolve(
            self,
            slot_meeting=self.slot_meeting[slots],
            slot_wall=self.slot_wall[slots],
            zone_slots=tuple(of_zone[of_zone >= 0] for of_zone in zone_slots),
            irregular=irregular[irregular >= 0],
            recurrences=tuple(compress(self.recurrences, irregular >= 0)),
        )

    def unroll(self, week: int, weeks: int) -> Span:
        """Every start of so many weeks from a week on, converted one by one from wall time."""
        begin = _FIRST_MONDAY + week * WEEK
        end = begin + weeks * WEEK
        meetings, starts = [], []
        for k in range(-1, weeks + 1):  # a day of the wall may lie in the week before or after
            wall = self.slot_wall + (begin + k * WEEK)
            start = wall - self._wall_offsets(wall, begin, end)
            keep = (start >= begin) & (start < end)
            for i in np.flatnonzero(keep[self.irregular]).tolist():
                slot = self.irregular[i]
                keep[slot] = self.recurrences[i].occurs_on(moment(wall[slot]).date())
            meetings.append(self.slot_meeting[keep])
            starts.append(start[keep])
        start, meeting = np.concatenate(starts), np.concatenate(meetings)
        order = np.argsort(start)
        start = start[order]
        by_clock = Timetable(start, meeting[order], start)
        return Span(begin, end, by_clock, self.ways, self.placed, self.band_key)

    def _wall_offsets(self, wall: Longs, begin: int, end: int) -> Longs:
        """Offset from UTC of each slot's wall time; PEP 495 with fold 0 where there are two."""
        offset = np.zeros(len(wall), np.int64)
        for name, slots in zip(self.zones, self.zone_slots, strict=True):
            since, holds = zone_offsets(name, begin - 9 * DAY, end + 9 * DAY)
            turns = since[1:] + np.maximum(holds[1:], holds[:-1])
            offset[slots] = holds[np.searchsorted(turns, wall[slots], "right")]
        return offset


@lru_cache(maxsize=1024)
def zone_offsets(name: str, begin: int, end: int) -> tuple[Longs, Longs]:
    """From which microsecond on which offset holds, in microseconds."""
    known = offsets(name, moment(begin), moment(end))
    since = np.array([microseconds(m) for m, _ in known], np.int64)
    holds = np.array([o // _MICROSECOND for _, o in known], np.int64)
    return read_only(since), read_only(holds)


@lru_cache(maxsize=1024)
def offset_range(name: str, begin: int, end: int) -> tuple[int, int]:
    """The least and the most of these offsets."""
    _, holds = zone_offsets(name, begin, end)
    return int(holds.min()), int(holds.max())


def in_stable_order(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """Sort by id, then group, then all else, so that the order given does not matter."""
    ordered = sorted(meetings, key=_ID)
    if len(set(map(_ID, ordered))) == len(ordered):
        return tuple(ordered)
    return tuple(
        m
        for _, same in groupby(ordered, _ID)
        for _, level in groupby(sorted(same, key=_GROUP), _GROUP)
        for m in _settled(list(level))
    )


def _settled(level: list[Meeting]) -> list[Meeting]:
    if len(level) == 1:
        return level
    return sorted(level, key=partial(codec.dumps, with_join=True))


def index(meetings: tuple[Meeting, ...]) -> Index:
    """Turn meetings with a zone and slots into arrays."""
    zones, tag_bits, language_bits, group_codes = Codes(), Bits(), Bits(), Codes()
    zone = np.array([zones[m.timezone or ""] for m in meetings], np.intp)
    tags = tag_bits.masks(m.tags for m in meetings)
    languages = language_bits.masks(m.languages for m in meetings)
    ways = np.array([WAYS[m.mode] for m in meetings], np.uint8)
    latitude = np.array([m.latitude for m in meetings], np.float64)
    longitude = np.array([m.longitude for m in meetings], np.float64)
    is_exact = ~np.array([m.is_approximate for m in meetings], bool)
    placed = is_exact & ~np.isnan(latitude) & (ways & IN_PERSON != 0)
    latitude, longitude = (np.where(placed, degrees, 0) for degrees in (latitude, longitude))
    group = np.array([group_codes[m.group] for m in meetings], np.intp)
    code = curve(latitude, longitude)
    along = np.flatnonzero(placed)
    along = along[np.argsort(code[along], kind="stable")]
    slots = tuple(slot for m in meetings for slot in m.slots)
    slot_meeting = np.repeat(np.arange(len(meetings)), [len(m.slots) for m in meetings])
    slot_zone = zone[slot_meeting]
    irregular = [i for i, slot in enumerate(slots) if not _is_weekly(slot)]
    return Index(
        zones=zones,
        zone=zone,
        lasts=np.array([_longest(m) for m in meetings], np.int64),
        ways=ways,
        tags=tags,
        tag_bits=tag_bits,
        languages=languages,
        language_bits=language_bits,
        group=group,
        group_codes=group_codes,
        tag_shares=tag_bits.shares(tags),
        language_shares=language_bits.shares(languages),
        group_shares=np.bincount(group) / max(len(group), 1),
        places=unit_vectors(latitude, longitude),
        placed=placed,
        band_key=band_keys(latitude, longitude),
        along=along,
        along_codes=code[along],
        slot_meeting=slot_meeting,
        slot_wall=np.array([wall_time(s.weekday, s.start) for s in slots], np.int64),
        zone_slots=tuple(np.flatnonzero(slot_zone == z) for z in range(len(zones))),
        irregular=np.array(irregular, np.intp),
        recurrences=tuple(slots[i].recurrence for i in irregular),
    )


def _longest(meeting: Meeting) -> int:
    """Microseconds that the longest slot lasts; the usual length where none is given."""
    return max((s.duration or USUAL_LENGTH) // _MICROSECOND for s in meeting.slots)


def _is_weekly(slot: Slot) -> bool:
    return slot.recurrence is WEEKLY or slot.recurrence == WEEKLY


def wall_time(weekday: int, clock: time) -> int:
    """The same of a weekday and a time of day."""
    minutes = (weekday * 24 + clock.hour) * 60 + clock.minute
    return (minutes * 60 + clock.second) * 1_000_000 + clock.microsecond
