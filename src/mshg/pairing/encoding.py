"""Requests and supporters as arrays, one entry each, in the order given."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time
from math import inf, nan
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices
from mshg._requests import PairingRequest
from mshg.domain import MeetingMode, Substance, SupporterProfile, SupporterRole, Window
from mshg.pairing.kernels import unit_vectors
from mshg.pairing.parameters import MOST_MINUTES, PairingParameters

IN_PERSON, ONLINE = 1, 2
_WAYS = {
    MeetingMode.IN_PERSON: IN_PERSON,
    MeetingMode.ONLINE: ONLINE,
    MeetingMode.HYBRID: IN_PERSON | ONLINE,
    MeetingMode.INACTIVE: 0,
}
_SUBSTANCES = {substance: 1 << i for i, substance in enumerate(Substance)}
_ROLES = {role: 1 << i for i, role in enumerate(SupporterRole)}
_DAY = 24 * 60
HALF = 0.5  # of a part that is not known

Spans = tuple[tuple[int, int], ...]
Pattern = tuple[tuple[Window, ...], int]


class People(NamedTuple):
    """Requests as arrays, one entry a person in the order given, on the last axis.

    Words are rows of the supporters' tables, padded with the last row, which nobody has.
    ``uses`` tells who uses the words that supporters name, no for the last row. ``clock`` and
    ``utc`` are numbers of patterns of free time: as on their own clock, and in UTC.
    """

    groups: Indices
    languages: Indices
    wanted: Indices
    wants_group: Booleans
    language_count: Indices
    wanted_count: Indices
    uses: Booleans
    roles: NDArray[np.uint8]
    ways: NDArray[np.uint8]
    substances: NDArray[np.uint16]
    takes_medication: Booleans
    places: Floats
    within: Floats
    has_zone: Booleans
    clock: Indices
    utc: Indices
    waited: Floats


class Supporters(NamedTuple):
    """Profiles as arrays, one entry a supporter, on the last axis.

    Tables have a row for every word that people name, and an empty one at the end.
    """

    goes_to: Booleans
    speaks: Booleans
    has: Booleans
    goes_anywhere: Booleans
    speaks_any: Booleans
    accompanies: Indices
    accompanies_all: Booleans
    roles: NDArray[np.uint8]
    ways: NDArray[np.uint8]
    substances: NDArray[np.uint16]
    medication: Floats
    places: Floats
    within: Floats
    has_zone: Booleans
    clock: Indices
    utc: Indices
    consents: Booleans
    is_back: Booleans


Side = TypeVar("Side", People, Supporters)


def some(side: Side, index: NDArray[Any]) -> Side:
    """Some of a side, by place or by mask."""
    columns: list[Any] = [column[..., index] for column in side]
    return type(side)(*columns)


def joined_sides(one: Side, other: Side, blank: dict[str, int]) -> Side:
    """Two of a side after one another; shorter rows of words are filled up with the blank one."""
    columns: dict[str, Any] = {}
    pairs: Any = zip(one._fields, one, other, strict=True)
    for name, a, b in pairs:
        if name in blank:
            depth = max(len(a), len(b))
            a, b = (  # noqa: PLW2901
                np.pad(x, ((0, depth - len(x)), (0, 0)), constant_values=blank[name])
                for x in (a, b)
            )
        columns[name] = np.concatenate([a, b], axis=-1)
    return type(one)(**columns)


class Words(NamedTuple):
    """The words that one side names, and the row that each has in the other's table."""

    groups: dict[str, int]
    languages: dict[str, int]
    wanted: dict[str, int]
    accompanied: dict[str, int]

    @property
    def blank(self) -> dict[str, int]:
        """The empty row of each table, by the column that refers to it."""
        return {
            "groups": len(self.groups),
            "languages": len(self.languages),
            "wanted": len(self.wanted),
            "accompanies": len(self.accompanied),
        }

    def cover(
        self, requests: Iterable[PairingRequest], helpers: Iterable[SupporterProfile]
    ) -> bool:
        """Whether every word that these name has its row."""
        return all(
            self.groups.keys() >= set(r.groups)
            and self.languages.keys() >= r.languages
            and self.wanted.keys() >= r.wanted_identities
            for r in requests
        ) and all(self.accompanied.keys() >= h.accompanies for h in helpers)


def numbered(named: Iterable[Iterable[str]]) -> dict[str, int]:
    """A row for every word that somebody names."""
    return {word: i for i, word in enumerate(sorted({w for words in named for w in words}))}


def people_of(
    requests: Sequence[PairingRequest],
    words: Words,
    day: date,
    parameters: PairingParameters,
    patterns: dict[Pattern, int],
) -> People:
    """Requests as arrays; patterns of free time that are new are added."""
    long = parameters.long_wait_days
    today = day.toordinal()
    clock, utc, has_zone = _free_time(requests, day, patterns)
    return People(
        groups=_rows([[words.groups[g] for g in r.groups] for r in requests], len(words.groups)),
        languages=_rows(
            [[words.languages[w] for w in r.languages] for r in requests], len(words.languages)
        ),
        wanted=_rows(
            [[words.wanted[w] for w in r.wanted_identities] for r in requests], len(words.wanted)
        ),
        wants_group=np.array([bool(r.groups) for r in requests], bool),
        language_count=np.array([len(r.languages) for r in requests], np.intp),
        wanted_count=np.array([len(r.wanted_identities) for r in requests], np.intp),
        uses=_table(words.accompanied, [r.identities for r in requests]),
        roles=np.array([sum(_ROLES[role] for role in r.roles) for r in requests], np.uint8),
        ways=_ways(requests),
        substances=_substances(requests),
        takes_medication=np.array([r.medication_for_addiction is True for r in requests], bool),
        places=_places(requests),
        within=np.array([inf if r.within_km is None else r.within_km for r in requests], float),
        has_zone=has_zone,
        clock=clock,
        utc=utc,
        waited=np.array(
            [
                0.0
                if r.waiting_since is None
                else min(max(today - r.waiting_since.toordinal(), 0), long) / long
                for r in requests
            ],
            float,
        ),
    )


def supporters_of(
    helpers: Sequence[SupporterProfile], words: Words, day: date, patterns: dict[Pattern, int]
) -> Supporters:
    """Profiles as arrays; patterns of free time that are new are added."""
    clock, utc, has_zone = _free_time(helpers, day, patterns)
    accompanied = words.accompanied
    return Supporters(
        goes_to=_table(words.groups, [h.groups for h in helpers]),
        speaks=_table(words.languages, _spoken(words.languages, helpers)),
        has=_table(words.wanted, [h.identities for h in helpers]),
        goes_anywhere=np.array([not h.groups for h in helpers], bool),
        speaks_any=np.array([not h.languages for h in helpers], bool),
        accompanies=_rows(
            [[accompanied[w] for w in h.accompanies] for h in helpers], len(accompanied)
        ),
        accompanies_all=np.array([not h.accompanies for h in helpers], bool),
        roles=np.array([_ROLES[h.role] for h in helpers], np.uint8),
        ways=_ways(helpers),
        substances=_substances(helpers),
        medication=np.array(
            [
                HALF if h.medication_for_addiction is None else h.medication_for_addiction
                for h in helpers
            ],
            float,
        ),
        places=_places(helpers),
        within=np.array([inf if h.within_km is None else h.within_km for h in helpers], float),
        has_zone=has_zone,
        clock=clock,
        utc=utc,
        consents=np.array(
            [h.consented_on is not None and h.consented_on <= day for h in helpers], bool
        ),
        is_back=np.array([h.paused_until is None or h.paused_until <= day for h in helpers], bool),
    )


def _rows(named: Sequence[Sequence[int]], blank: int) -> Indices:
    """Rows of words (k, n), filled up with the blank one."""
    depth = max(map(len, named), default=0)
    filled = [[*row, *[blank] * (depth - len(row))] for row in named]
    return np.array(filled, np.intp).reshape(len(named), depth).T


def _table(words: dict[str, int], uses: Sequence[Collection[str]]) -> Booleans:
    """Who uses which word (words and a blank, n)."""
    table = np.zeros((len(words) + 1, len(uses)), bool)
    for i, used in enumerate(uses):
        for word in used:
            if (row := words.get(word)) is not None:
                table[row, i] = True
    return table


def _spoken(wanted: Iterable[str], helpers: Iterable[SupporterProfile]) -> list[list[str]]:
    """Which of these languages each supporter speaks; ``zh`` and ``zh-Hant`` cover each other."""
    known: dict[frozenset[str], list[str]] = {}
    for helper in helpers:
        if helper.languages not in known:
            known[helper.languages] = [
                w for w in wanted if any(is_alike(w, spoken) for spoken in helper.languages)
            ]
    return [known[helper.languages] for helper in helpers]


def is_alike(one: str, other: str) -> bool:
    """Whether one language tag is the other or begins it (RFC 4647, either way round)."""
    one, other = f"{one.casefold()}-", f"{other.casefold()}-"
    return one.startswith(other) or other.startswith(one)


def _ways(records: Iterable[PairingRequest] | Iterable[SupporterProfile]) -> NDArray[np.uint8]:
    known: dict[frozenset[MeetingMode], int] = {frozenset(): IN_PERSON | ONLINE}
    found = []
    for record in records:
        if record.modes not in known:
            known[record.modes] = int(np.bitwise_or.reduce([_WAYS[m] for m in record.modes]))
        found.append(known[record.modes])
    return np.array(found, np.uint8)


def _substances(
    records: Iterable[PairingRequest] | Iterable[SupporterProfile],
) -> NDArray[np.uint16]:
    return np.array([sum(_SUBSTANCES[s] for s in r.substances) for r in records], np.uint16)


def _places(records: Sequence[PairingRequest] | Sequence[SupporterProfile]) -> Floats:
    degrees = [
        (nan if r.latitude is None else r.latitude, nan if r.longitude is None else r.longitude)
        for r in records
    ]
    return unit_vectors(*np.array(degrees, float).reshape(-1, 2).T)


def _free_time(
    records: Sequence[PairingRequest] | Sequence[SupporterProfile],
    day: date,
    patterns: dict[Pattern, int],
) -> tuple[Indices, Indices, Booleans]:
    """Numbers of patterns of free time, on people's own clocks and in UTC; new ones are added."""
    offsets = {zone: offset_minutes(zone, day) for zone in {r.timezone for r in records}}
    clock: list[int] = []
    utc: list[int] = []
    for record in records:
        for numbers, offset in ((clock, 0), (utc, offsets[record.timezone])):
            # Who is free at any time is so in every zone.
            pattern = (record.windows, offset if record.windows else 0)
            numbers.append(patterns.setdefault(pattern, len(patterns)))
    has_zone = np.array([r.timezone is not None for r in records], bool)
    return np.array(clock, np.intp), np.array(utc, np.intp), has_zone


def offset_minutes(zone: str | None, day: date) -> int:
    """Minutes that a zone is ahead of UTC at noon (UTC) of a day; 0 without a zone."""
    if zone is None:
        return 0
    offset = datetime.combine(day, time(12), UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return round(offset.total_seconds() / 60) if offset is not None else 0


def spans_of(patterns: Iterable[Pattern]) -> NDArray[np.int16]:
    """Stretches of a week for each pattern (start or stop, k, pattern), filled up with 0 to 0."""
    free = [free_spans(windows, offset) for windows, offset in patterns]
    depth = max(map(len, free), default=0)
    filled = [[*spans, *[(0, 0)] * (depth - len(spans))] for spans in free]
    return np.array(filled, np.int16).reshape(len(free), depth, 2).transpose(2, 1, 0)


def free_spans(windows: Collection[Window], offset: int) -> Spans:
    """Stretches of a week, in whole minutes from Monday 0:00, of a clock so far ahead of UTC.

    They are in order and apart; one over the end of the week is two.
    """
    if not windows:
        return ((0, MOST_MINUTES),)
    pieces: list[tuple[int, int]] = []
    for window in windows:
        start, until = _minute(window.start, up=True), _minute(window.until)
        until += _DAY if window.until <= window.start else 0
        length = max(until - start, 0)
        start = (window.weekday * _DAY + start - offset) % MOST_MINUTES
        pieces += [(start, min(start + length, MOST_MINUTES)), (0, start + length - MOST_MINUTES)]
    spans: list[tuple[int, int]] = []
    for start, until in sorted(p for p in pieces if p[0] < p[1]):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], until))
        else:
            spans.append((start, until))
    return tuple(spans)


def _minute(clock: time, *, up: bool = False) -> int:
    """The whole minute of a day at or before a time, or at or after it."""
    begun = clock.second > 0 or clock.microsecond > 0
    return clock.hour * 60 + clock.minute + (1 if up and begun else 0)
