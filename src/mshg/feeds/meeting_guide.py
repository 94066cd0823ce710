"""Meeting Guide JSON, the format that AA's lists and several others are published in.

https://github.com/code4recovery/spec describes it. This reader takes plain rows; what it does
not read it counts, and what it can't be sure of it refuses, with the reason.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import time, timedelta
from os import PathLike
from typing import Any

from mshg._checks import Broken, broken, name
from mshg._zones import zone_problems
from mshg.domain import Meeting, MeetingMode, Slot
from mshg.errors import BatchError, FeedError, Problem
from mshg.feeds.reports import FeedReport, RefusedRow
from mshg.feeds.sources import read_list
from mshg.feeds.type_codes import (
    AA_GROUPS,
    AA_LANGUAGES,
    AA_TAGS,
    CLOSED_PLACE_CODE,
    ONLINE_CODE,
)

_PLAIN = re.compile(r"[A-Za-z0-9_+/-]{1,40}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_WEEK_DAYS = 7
_ADDRESS_PARTS = 4  # street, city, state, country
_LONGEST_NUMBER = 10**18
_LONGEST = timedelta(hours=6)
_ADDRESS = ("address", "city", "state", "postal_code", "country")
_PLACE = ("formatted_address", "location", *_ADDRESS)
_READ = frozenset(
    (
        *("name", "slug", "day", "time", "end_time", "timezone", "types", "url"),
        *("regions", "region", "sub_region", "latitude", "longitude"),
        *("approximate", "attendance_option"),
        *_PLACE,
    )
)
# What tells the mode but is not kept: counted as unread, never shown.
_JOIN = ("conference_url", "conference_phone")


def read_meeting_guide(
    source: bytes | str | PathLike[str] | list[Any], *, group: str, default_timezone: str
) -> FeedReport:
    """Read a meeting list in Meeting Guide JSON.

    Type codes are read for AA's lists only, since they mean other things elsewhere; other
    groups' codes are kept in ``source_codes`` and counted in ``unread``.

    Parameters
    ----------
    source
        JSON as bytes or text, the path of a file, or the decoded list.
    group
        Id of the group whose list it is.
    default_timezone
        IANA name of the zone for rows that name none; each such row is counted in ``assumed``.

    Raises
    ------
    FeedError
        The source is no JSON list, a file that can't be read, or the group or zone is
        malformed. A single bad row never raises: it is in ``refused``.
    ZoneDataError
        The machine has no time zone database.

    Examples
    --------
    >>> from mshg import feeds
    >>> rows = [{"name": "Noon", "slug": "noon", "day": 1, "time": "12:00", "types": ["O"],
    ...          "formatted_address": "1 Main St, Springfield, IL 62701, USA"}]
    >>> report = feeds.read_meeting_guide(rows, group="aa", default_timezone="America/Chicago")
    >>> report, dict(report.assumed)
    (FeedReport(1 rows: 1 meetings, 0 inactive, 0 refused), {'mode': 1, 'timezone': 1})
    """
    for given, problems in (("group", name(group)), ("default_timezone", _zone(default_timezone))):
        if problems:
            raise FeedError(f"{given}: {problems[0].rule}")
    rows = read_list(source)
    reader = _Reader(group, default_timezone)
    meetings: list[Meeting] = []
    inactive: list[Meeting] = []
    refused: list[RefusedRow] = []
    for number, row in enumerate(rows):
        found = reader.read(row)
        if isinstance(found, Meeting):
            (inactive if found.mode is MeetingMode.INACTIVE else meetings).append(found)
        else:
            refused.append(_refusal(number, found))
    return FeedReport(
        meetings=tuple(meetings),
        inactive=tuple(inactive),
        refused=tuple(refused),
        assumed=reader.assumed,
        unread=reader.unread,
        rows=len(rows),
    )


def _zone(value: object) -> Broken:
    return zone_problems(value) if isinstance(value, str) else broken("must be a string")


def _refusal(row: int, problems: list[Problem]) -> RefusedRow:
    first, *others = problems
    more = "".join(f"; {p.path}: {p.rule}" for p in others)
    return RefusedRow(row=row, path=f"$[{row}]{first.path}", reason=first.rule + more)


class _Reader:
    """Reads rows of one list and counts what was assumed and what was left unread."""

    def __init__(self, group: str, default_timezone: str) -> None:
        self.assumed: Counter[str] = Counter()
        self.unread: Counter[str] = Counter()
        self._group = group
        self._default_timezone = default_timezone
        self._seen: set[str] = set()

    def read(self, row: object) -> Meeting | list[Problem]:
        """Give a meeting, or what is wrong with the row."""
        if not isinstance(row, Mapping):
            return [Problem("", "must be an object")]
        problems: list[Problem] = []
        slots = _slots(row, problems)
        assumed: list[str] = []
        if slots and slots[0].duration is None and not _is_empty(row.get("end_time")):
            assumed.append("end_left_out")
        codes = _codes(row, problems)
        meeting_id = _id(row, self._seen, problems)
        timezone = self._timezone(row, assumed, problems)
        mode = _mode(row, codes, assumed)
        latitude, longitude = _coordinates(row, mode, assumed)
        if problems:
            return problems
        try:
            meeting = Meeting(
                id=meeting_id,
                group=self._group,
                name=_text(row.get("name")) or "",
                slots=slots,
                timezone=timezone,
                mode=mode,
                latitude=latitude,
                longitude=longitude,
                tags=self._tags(codes, assumed),
                languages=self._languages(codes),
                location=_text(row.get("location")),
                address=_address(row),
                regions=_regions(row),
                url=_link(row.get("url")),
                source_codes=codes,
            )
        except BatchError as error:
            return [Problem(p.path.removeprefix("$"), p.rule) for p in error.problems]
        self._seen.add(meeting_id)
        self.assumed.update(assumed)
        self.unread.update(self._unread(row, meeting))
        return meeting

    def _timezone(self, row: Mapping[str, Any], assumed: list[str], problems: list[Problem]) -> str:
        stated = row.get("timezone")
        if stated in (None, ""):
            assumed.append("timezone")
            return self._default_timezone
        problems.extend(Problem(".timezone", p.rule) for p in _zone(stated))
        return str(stated)

    def _tags(self, codes: tuple[str, ...], assumed: list[str]) -> frozenset[str]:
        if self._group not in AA_GROUPS:
            return frozenset()
        tags = {AA_TAGS[code] for code in codes if code in AA_TAGS}
        if {"open", "closed"} <= tags:
            assumed.append("closed_rather_than_open")
            tags.discard("open")
        return frozenset(tags)

    def _languages(self, codes: tuple[str, ...]) -> frozenset[str]:
        if self._group not in AA_GROUPS:
            return frozenset()
        return frozenset(AA_LANGUAGES[code] for code in codes if code in AA_LANGUAGES)

    def _unread(self, row: Mapping[str, Any], meeting: Meeting) -> Iterable[str]:
        yield from (_plain(k) for k, v in row.items() if k not in _READ and not _is_empty(v))
        known = {ONLINE_CODE, CLOSED_PLACE_CODE}
        if self._group in AA_GROUPS:
            known.update(AA_TAGS, AA_LANGUAGES)
        yield from (f"types:{_plain(code)}" for code in meeting.source_codes if code not in known)
        kept = (
            ("url", meeting.url),
            ("location", meeting.location),
            ("formatted_address", meeting.address),
            ("end_time", meeting.slots),
        )
        yield from (key for key, value in kept if not value and not _is_empty(row.get(key)))
        yield from _beside(row, "regions", ("region", "sub_region"))
        yield from _beside(row, "formatted_address", _ADDRESS)
        regions = row.get("regions")
        if isinstance(regions, list) and not all(_text(region) for region in regions):
            yield "regions"
        if row.get("attendance_option") not in (None, "", *MeetingMode):
            yield "attendance_option"


def _plain(key: object) -> str:
    """A field's name or a code, where it reads as one; it might be anybody's words."""
    return key if isinstance(key, str) and _PLAIN.fullmatch(key) else "(other)"


def _beside(row: Mapping[str, Any], whole: str, parts: Iterable[str]) -> Iterable[str]:
    """Parts that are not read because the whole is there."""
    if not _is_empty(row.get(whole)):
        yield from (part for part in parts if not _is_empty(row.get(part)))


def _is_empty(value: object) -> bool:
    return value in (None, "", [], {})


def _text(value: object) -> str | None:
    """Text on one line, or None."""
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _id(row: Mapping[str, Any], seen: set[str], problems: list[Problem]) -> str:
    text = _code(row.get("slug")) or ""
    if not text:
        problems.append(Problem(".slug", "must be a string that is not blank, or a whole number"))
    elif text in seen:
        problems.append(Problem(".slug", "is that of an earlier row"))
    return text


def _slots(row: Mapping[str, Any], problems: list[Problem]) -> tuple[Slot, ...]:
    day, clock = row.get("day"), row.get("time")
    if _is_empty(day) and _is_empty(clock):
        return ()  # by appointment
    days = day if isinstance(day, list) else [day]
    weekdays = [_weekday(d) for d in days]
    if None in weekdays or not weekdays:
        problems.append(Problem(".day", "must be 0 (Sunday) to 6, or a list of them"))
    start, end = _time(clock), _time(row.get("end_time"))
    if start is None:
        problems.append(Problem(".time", "must be HH:MM, from 00:00 to 23:59"))
    if end is None and not _is_empty(row.get("end_time")):
        problems.append(Problem(".end_time", "must be HH:MM, from 00:00 to 23:59"))
    if problems or start is None:
        return ()
    duration = _duration(start, end)
    unique = dict.fromkeys(w for w in weekdays if w is not None)
    return tuple(Slot(weekday=w, start=start, duration=duration) for w in unique)


def _weekday(day: object) -> int | None:
    """Sunday 0 as an int or a digit, to Monday 0."""
    if isinstance(day, str) and day in set("0123456"):
        day = int(day)
    if isinstance(day, bool) or not isinstance(day, int) or not 0 <= day < _WEEK_DAYS:
        return None
    return (day - 1) % _WEEK_DAYS


def _time(clock: object) -> time | None:
    if isinstance(clock, str) and _CLOCK.fullmatch(clock):
        return time.fromisoformat(clock)
    return None


def _duration(start: time, end: time | None) -> timedelta | None:
    """How long, past midnight too; None where the end is missing or makes no sense."""
    if end is None:
        return None
    minutes = 60 * (end.hour - start.hour) + end.minute - start.minute
    length = timedelta(minutes=minutes) % timedelta(days=1)
    return length if timedelta(0) < length <= _LONGEST else None


def _codes(row: Mapping[str, Any], problems: list[Problem]) -> tuple[str, ...]:
    types = row.get("types")
    if types is None:
        return ()
    codes = [_code(code) for code in types] if isinstance(types, list) else [None]
    if None in codes:
        problems.append(Problem(".types", "must be a list of codes"))
        return ()
    return tuple(dict.fromkeys(code for code in codes if code))


def _code(value: object) -> str | None:
    """A code or an id as text; lists give some as whole numbers."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LONGEST_NUMBER:
        return str(value)
    return value.strip() if isinstance(value, str) else None


def _mode(row: Mapping[str, Any], codes: tuple[str, ...], assumed: list[str]) -> MeetingMode:
    """As the list states it; else by what there is: a way to join, a place to go to."""
    stated = row.get("attendance_option")
    if isinstance(stated, str) and stated in set(MeetingMode):
        return MeetingMode(stated)
    assumed.append("mode")
    is_online = ONLINE_CODE in codes or any(_text(row.get(key)) for key in _JOIN)
    if CLOSED_PLACE_CODE in codes or not _has_place(row, is_online=is_online):
        return MeetingMode.ONLINE if is_online else MeetingMode.INACTIVE
    return MeetingMode.HYBRID if is_online else MeetingMode.IN_PERSON


def _has_place(row: Mapping[str, Any], *, is_online: bool) -> bool:
    """Whether one can go there: a street; without one, coordinates of a meeting not held online.

    Online meetings are often listed at the middle of their city.
    """
    approximate = row.get("approximate")
    if approximate in ("yes", True):
        return False
    parts = [part for part in (_text(row.get("formatted_address")) or "").split(",") if part]
    has_street = len(parts) >= _ADDRESS_PARTS or any(c.isdigit() for c in "".join(parts[:1]))
    if approximate in ("no", False) or has_street or _text(row.get("address")):
        return True
    return not is_online and _degrees(row) is not None


def _coordinates(
    row: Mapping[str, Any], mode: MeetingMode, assumed: list[str]
) -> tuple[float | None, float | None]:
    if _is_empty(row.get("latitude")) and _is_empty(row.get("longitude")):
        return None, None
    found = _degrees(row)
    if found is None:
        assumed.append("coordinates_unusable")
        return None, None
    if mode is MeetingMode.ONLINE:
        assumed.append("coordinates_of_an_online_meeting_left_out")
        return None, None
    return found


def _degrees(row: Mapping[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude as numbers; None for 0, 0 and what is out of range."""
    try:
        latitude, longitude = (_number(row.get(key)) for key in ("latitude", "longitude"))
    except ValueError:
        return None
    in_range = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return (latitude, longitude) if in_range and (latitude or longitude) else None


def _number(value: object) -> float:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            pass
    raise ValueError


def _address(row: Mapping[str, Any]) -> str | None:
    whole = _text(row.get("formatted_address"))
    return whole or ", ".join(part for key in _ADDRESS if (part := _text(row.get(key)))) or None


def _regions(row: Mapping[str, Any]) -> tuple[str, ...]:
    regions = row.get("regions")
    given = regions if isinstance(regions, list) and regions else []
    given = given or [row.get("region"), row.get("sub_region")]
    return tuple(text for region in given if (text := _text(region)))


def _link(value: object) -> str | None:
    text = _text(value)
    return text if text and text.lower().startswith(("https://", "http://")) else None
