"""Meeting Guide JSON, the format that AA's lists and those of many programs are published in.

https://github.com/code4recovery/spec describes it. Real lists are looser than it, so a value is
read where its meaning is certain, flagged where it is assumed, and refused where it is neither.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import time, timedelta
from functools import partial
from typing import Any

from attrs import frozen

from mshg._checks import broken
from mshg.domain import MeetingFlag, MeetingMode, Slot
from mshg.feeds import rows, times, values
from mshg.feeds.masking import Redact, redact_text
from mshg.feeds.reports import FeedReport
from mshg.feeds.rows import Layout, Row
from mshg.feeds.sources import Source, list_in, opened, rows_of
from mshg.feeds.type_codes import (
    CLOSED_PLACE,
    HYBRID,
    IN_PERSON,
    OF_MODE,
    ONLINE,
    meaning_of,
    meanings_of,
    program_of,
)

_PARTS = ("address", "city", "state", "postal_code", "country")
_POSITION = ("latitude", "longitude")
_NOTES = ("notes", "location_notes", "group_notes")
_JOIN = ("conference_url", "conference_url_notes", "conference_phone", "conference_phone_notes")
_NUMBERED = [f"contact_{n}_{what}" for n in (1, 2, 3) for what in ("name", "email", "phone")]
EXTENSION = "mshg"
"""Key under which `write_meeting_guide` keeps what the format has no field for."""

_ALIASES = {
    "slug": ("slug", "id", "ID", "post_name"),
    "name": ("name", "meeting"),
    "time": ("time", "start_time"),
    "formatted_address": ("formatted_address", "full_address"),
    "location": ("location", "location_name"),
    "postal_code": ("postal_code", "zip"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lng", "lon"),
}
# An id that is not read for want of a slug is nobody's loss, and counted as unread.
_READ = frozenset(
    (
        *(*_NOTES, *_JOIN, *_PARTS, *(key for keys in _ALIASES.values() for key in keys)),
        *("day", "end_time", "duration", "timezone", "types", "languages", "url", "regions"),
        *("region", "sub_region", "coordinates", "approximate"),
        *("attendance_option", "status", "archived", EXTENSION),
    )
) - {"id"}
LAYOUT = Layout(
    id_key="slug",
    name_key="name",
    known=_READ,
    contacts=frozenset(
        (
            *(*_NUMBERED, "email", "phone", "feedback_emails", "mailing_address", "author"),
            *("entity_email", "entity_phone"),
        )
    ),
)
_MODES = {
    MeetingMode.IN_PERSON: ("in_person", "inperson", "in_person_only", "face_to_face"),
    MeetingMode.ONLINE: ("online", "online_only", "virtual", "virtual_only"),
    MeetingMode.HYBRID: ("hybrid", "in_person_and_online", "online_and_in_person"),
    MeetingMode.INACTIVE: ("inactive", "temp_closed", "temporarily_closed", "perm_closed"),
}
_PROGRAM = "must be one whose type codes are known, such as aa or al-anon"
_STATED = {word: mode for mode, words in _MODES.items() for word in words}
_WHERE = ("formatted_address", "full_address", *_PARTS, "zip")
_COMMAS_OF_A_BOX = 3  # between the coordinates of two corners
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z\d]{1,8}){0,8}", re.ASCII)
_BETWEEN_CODES = re.compile(r"[,;|]")
_BY_APPOINTMENT = frozenset({"appointment", "by appointment", "appt"})


def read_meeting_guide(
    source: Source | Mapping[str, Any],
    *,
    group: str,
    default_timezone: str,
    program: str | None = None,
    redact: Redact | None = redact_text,
) -> FeedReport:
    """Read a meeting list in Meeting Guide JSON.

    Parameters
    ----------
    source
        JSON as bytes or text, a `pathlib.Path` or an open file, or what it decodes to: a list or
        another collection of rows, or an object that holds it as ``meetings``.
    group
        Id of the group whose list it is.
    default_timezone
        IANA name of the zone for rows that name none; each such row is flagged and counted.
    program
        Whose type codes the list uses, such as ``aa`` or ``al-anon``: the same letters mean
        other things elsewhere. If not given, it follows from ``group``; codes of a group of no
        known program are kept in ``source_codes`` and counted in ``ignored``.
    redact
        What masks people in free text: a function of the text, or None to keep it as it stands, for
        a list that the host itself owns. Contact fields are never read, and what lets one in goes
        to ``join_info`` whatever this is.

    Raises
    ------
    FeedError
        The source is no JSON list, a file that can't be read, or the group, zone or program is
        malformed. A single bad row never raises: it is in ``rejected``.
    ZoneDataError
        The machine has no time zone database.

    Examples
    --------
    >>> from mshg import feeds
    >>> rows = [{"name": "Noon", "slug": "noon", "day": 1, "time": "12:00", "types": ["O"],
    ...          "formatted_address": "1 Main St, Springfield, IL 62701, USA"}]
    >>> report = feeds.read_meeting_guide(rows, group="aa", default_timezone="America/Chicago")
    >>> report, dict(report.assumed)
    (FeedReport(1 rows: 1 meetings, 0 inactive, 0 rejected), {'mode': 1, 'timezone': 1})
    """
    named = group if program is None else program
    known = program_of(named) if isinstance(named, str) else None
    is_unknown = program is not None and known is None
    rows.check(
        group,
        default_timezone,
        redact,
        program=broken(_PROGRAM, code="unknown") if is_unknown else (),
    )
    found, _ = list_in(opened(source), "meetings")
    listed = partial(map, _by_plain_keys)
    reader = _Reader(
        program=known,
        default_timezone=default_timezone,
        uses_24_hours=rows.clock_of(lambda: listed(rows_of(found)), *_ALIASES["time"]),
    )
    return rows.read_rows(
        listed(rows_of(found)), reader.read, layout=LAYOUT, group=group, redact=redact
    )


def _by_plain_keys(row: object) -> object:
    """A row under the format's keys, which a sheet writes as words: End Time, Conference URL."""
    if not isinstance(row, Mapping) or "name" in row or "slug" in row:
        return row
    return {
        "_".join(key.lower().split()) if isinstance(key, str) else key: value
        for key, value in row.items()
    }


@frozen(kw_only=True)
class _Reader:
    """Reads rows of one list."""

    program: str | None
    default_timezone: str
    uses_24_hours: Callable[[], bool]

    def read(self, row: Row) -> dict[str, Any]:
        """Give a meeting's fields, or enter what is wrong with the row."""
        codes = _codes(row)
        meaning, unknown = meanings_of(self.program, codes)
        row.enter_labels("types", unknown)
        notes, name = row.notes(*_NOTES), row.line(*_ALIASES["name"])
        location, address = row.line(*_ALIASES["location"]), _address(row)
        url, (join_url, join_phone) = _page(row), row.ways_to_join(*_JOIN[::2])
        mode = _mode(row, meaning.tags & OF_MODE, join_url, join_phone)
        url_notes, phone_notes = map(row.join_notes, _JOIN[1::2])
        join = row.join(join_url, url_notes, join_phone, phone_notes)
        latitude, longitude = rows.coordinates(row, mode, *_position(row))
        row.ignored.extend(key for key in ("approximate", "coordinates") if _is_unclear(row, key))
        fields = {
            "id": _id(row),
            "name": name or "",
            "slots": self._slots(row),
            "timezone": rows.timezone(row, "timezone", self.default_timezone),
            "mode": mode,
            "latitude": latitude,
            "longitude": longitude,
            "is_approximate": _is_approximate(row, has_position=latitude is not None),
            "tags": rows.tags(row, meaning),
            "languages": rows.shared(meaning.languages | _languages(row)),
            "location": location,
            "address": address,
            "regions": _regions(row),
            "url": url,
            "source_codes": codes,
            "notes": notes,
            "join_info": join,
        }
        _read_extension(row, fields)
        return fields

    def _slots(self, row: Row) -> tuple[Slot, ...]:
        day, clock = row.fields.get("day"), values.first(row.fields, *_ALIASES["time"])
        end = row.fields.get("end_time")
        has_no_time = values.is_empty(clock) or _is_by_appointment(clock)
        if has_no_time and (values.is_empty(day) or _is_by_appointment(day)):
            if not values.is_empty(end):
                row.ignored.append("end_time")
            return ()
        listed = times.with_days(clock) if values.is_empty(day) else None
        if listed is not None:
            return tuple(slot for some, said in listed for slot in self._at(row, some, said, end))
        days = times.weekdays(day, sunday=0)
        if days is None:
            row.refuse(".day", "must be 0 (Sunday) to 6, or the name of a day, or a list of them")
        return self._at(row, days, clock, end)

    def _at(
        self, row: Row, days: tuple[int, ...] | None, clock: object, end: object
    ) -> tuple[Slot, ...]:
        """Slots on some days at a time, which may hold the end as well."""
        clock, beside = times.span(clock)
        end = beside if values.is_empty(end) else end
        start = rows.start(row, clock, end, self.uses_24_hours, path=".time")
        return rows.slots(days, start, _lasts(row, start, end))


def _id(row: Row) -> str:
    text = values.code(values.first(row.fields, *_ALIASES["slug"])) or ""
    return row.id(text, ".slug")


def _is_by_appointment(value: object) -> bool:
    return isinstance(value, str) and value.strip().lower() in _BY_APPOINTMENT


def _lasts(row: Row, start: time | None, end: object) -> timedelta | None:
    minutes = row.fields.get("duration")
    if values.is_empty(end):
        found = times.duration(minutes) or times.minutes(minutes)
        row.ignored.extend(() if found or values.is_empty(minutes) else ("duration",))
        return found
    until = times.end(end)
    if start is None or until is None:
        row.flags.add(MeetingFlag.END_LEFT_OUT)
        return None
    found, is_assumed = times.length(start, until, is_midnight=times.is_midnight(end))
    if found is None:
        row.flags.add(MeetingFlag.END_LEFT_OUT)
    elif is_assumed:
        row.flags.add(MeetingFlag.END_ASSUMED)
    return found


def _codes(row: Row) -> tuple[str, ...]:
    """The type codes, or the labels that stand for them, as they stand."""
    types = row.fields.get("types")
    if values.is_empty(types):
        return ()
    given = [types] if isinstance(types, str) else values.listed(types)
    found = [values.code(code) for code in given or () if not values.is_empty(code)]
    if given is None or None in found:
        row.refuse(".types", "must be a list of codes, or text with commas between them")
        return ()
    apart = (code for text in found if text for code in _BETWEEN_CODES.split(text))
    cleaned = (row.code(code) for part in apart if (code := part.strip(" []\"'")))
    return tuple(dict.fromkeys(code for code in cleaned if code))


def _page(row: Row) -> str | None:
    """The meeting's public page; a link that lets one in goes with the others that do."""
    found = row.link("url")
    if found is not None and found.lower().startswith("tel:"):
        row.cleaner.redacted["phone_numbers"] += 1
        return None
    if found is not None and (values.joins(found) or values.lets_in(found)):
        row.links.append(found)
        return None
    return found


def _mode(row: Row, of_mode: frozenset[str], url: str | None, phone: str | None) -> MeetingMode:
    """As the list states it; else by what there is: a way to join, a place to go to."""
    if values.yes_or_no(row.fields.get("archived")):
        return MeetingMode.INACTIVE
    for key in ("attendance_option", "status"):
        stated = row.fields.get(key)
        if isinstance(stated, str) and stated.strip():
            word = "_".join(stated.lower().replace("-", " ").split())
            if word in _STATED:
                return _STATED[word]
        if not values.is_empty(stated):
            row.ignored.append(key)
    row.flags.add(MeetingFlag.MODE_ASSUMED)
    is_online = bool(of_mode & {ONLINE, HYBRID}) or values.joins(url) or values.dials(phone)
    if url is not None and not is_online:
        row.flags.add(MeetingFlag.JOIN_UNCLEAR)
    is_closed = CLOSED_PLACE in of_mode
    has_place = bool(of_mode & {HYBRID, IN_PERSON}) or _has_place(row, is_online=is_online)
    if is_online or (has_place and not is_closed):
        return values.mode(is_online=is_online, has_place=has_place and not is_closed)
    return _mode_in_doubt(row, url, is_closed=is_closed)


def _mode_in_doubt(row: Row, url: str | None, *, is_closed: bool) -> MeetingMode:
    """Of a meeting without a place or a known way to join: a list offers it all the same.

    Only one of which nothing is given, or whose place is closed, is inactive.
    """
    reported = [row.fields.get(key) for key in (*_WHERE, *_ALIASES["location"])]
    is_afar = any(map(values.is_afar, reported))
    if url is not None or row.links or row.codes or is_afar or _has_join_notes(row):
        if not any(map(values.joins, row.links)):
            row.flags.add(MeetingFlag.JOIN_UNCLEAR)
        return MeetingMode.ONLINE
    is_stated = not is_closed and not all(map(values.is_empty, reported))
    return MeetingMode.IN_PERSON if is_stated else MeetingMode.INACTIVE


def _has_join_notes(row: Row) -> bool:
    return not all(values.is_empty(row.fields.get(key)) for key in _JOIN[1:])


def _has_place(row: Row, *, is_online: bool) -> bool:
    """Whether one can go there: a street; or a venue or coordinates of a meeting not held online.

    Online meetings are often listed at the middle of their city.
    """
    stated = _approximate(row)
    venue = values.first(row.fields, *_ALIASES["location"])
    if values.is_afar(venue) or (stated and is_online):
        return False
    if stated is False or _has_street(row):
        return not stated
    whole = values.first(row.fields, *_ALIASES["formatted_address"])
    if is_online or values.is_afar(whole):
        return False
    is_venue = isinstance(venue, str) and not values.is_empty(venue)
    return is_venue or (not stated and values.degrees(*_position(row)) is not None)


def _has_street(row: Row) -> bool:
    whole = values.first(row.fields, *_ALIASES["formatted_address"])
    code = values.first(row.fields, *_ALIASES["postal_code"])
    return (
        values.has_street(whole)
        or values.is_street(row.fields.get("address"))
        or values.is_point_code(code)
    )


def _is_approximate(row: Row, *, has_position: bool) -> bool:
    """Whether coordinates are only those of an area: as the list says, else of a bare town."""
    stated = _approximate(row)
    venue = values.first(row.fields, *_ALIASES["location"])
    is_venue = not values.is_empty(venue) and not values.is_afar(venue)
    reported = not all(values.is_empty(row.fields.get(key)) for key in _WHERE)
    is_town = has_position and reported and not is_venue
    return stated is True or (stated is None and is_town and not _has_street(row))


def _approximate(row: Row) -> bool | None:
    """Whether the list says that its coordinates are only those of an area, if it says so."""
    stated, box = row.fields.get("approximate"), row.fields.get("coordinates")
    found = values.yes_or_no(stated)
    is_box = isinstance(box, str) and box.count(",") == _COMMAS_OF_A_BOX
    return True if found is None and is_box else found


def _is_unclear(row: Row, key: str) -> bool:
    value = row.fields.get(key)
    if values.is_empty(value):
        return False
    return values.yes_or_no(value) is None if key == "approximate" else not isinstance(value, str)


def _position(row: Row) -> tuple[object, object]:
    latitude, longitude = (values.first(row.fields, *_ALIASES[k]) for k in _POSITION)
    pair = row.fields.get("coordinates")
    if values.is_empty(latitude) and values.is_empty(longitude) and isinstance(pair, str):
        north, comma, east = pair.partition(",")
        if comma and "," not in east:
            return north, east
    return latitude, longitude


def _address(row: Row) -> str | None:
    if whole := row.line(*_ALIASES["formatted_address"], is_address=True):
        row.ignored.extend(part for part in _PARTS if not values.is_empty(row.fields.get(part)))
        return whole
    parts = (row.line(*_ALIASES.get(key, (key,)), is_address=True) for key in _PARTS)
    return ", ".join(part for part in parts if part) or None


def _regions(row: Row) -> tuple[str, ...]:
    given = row.fields.get("regions")
    given = given.split(">") if isinstance(given, str) else values.listed(given) or given
    if isinstance(given, list) and given:
        beside = ("region", "sub_region")
        row.ignored.extend(k for k in beside if not values.is_empty(row.fields.get(k)))
    else:
        row.ignored.extend(() if values.is_empty(given) else ("regions",))
        region, sub_region = row.fields.get("region"), row.fields.get("sub_region")
        given = [*(region.split(">") if isinstance(region, str) else [region]), sub_region]
    texts = [row.cleaner.line(region).text for region in given]
    if any(t is None and not values.is_empty(r) for t, r in zip(texts, given, strict=True)):
        row.ignored.append("regions")
    return tuple(text for text in texts if text)


def _languages(row: Row) -> frozenset[str]:
    """Languages by their BCP 47 tags, as one large online list gives them beside the codes."""
    given = row.fields.get("languages")
    found = given.split(",") if isinstance(given, str) else values.listed(given) or [None]
    tags = [_language(tag) if isinstance(tag, str) else frozenset[str]() for tag in found]
    if not values.is_empty(given) and not all(tags):
        row.ignored.append("languages")
    return frozenset().union(*tags)


def _language(text: str) -> frozenset[str]:
    """The language that a tag or a name stands for, if any."""
    if not _LANGUAGE.fullmatch(text.strip()):
        return meaning_of(None, text).languages
    first, dash, others = text.strip().partition("-")
    return frozenset({first.lower() + dash + others})


def _read_extension(row: Row, fields: dict[str, Any]) -> None:
    """What `write_meeting_guide` kept beside the format's own fields."""
    kept = row.fields.get(EXTENSION)
    if not isinstance(kept, dict):
        return
    row.flags.update(MeetingFlag(word) for word in _strings(kept.get("flags")) if word in _FLAGS)
    if isinstance(kept.get("id"), str):
        fields["id"] = row.id(kept["id"], f".{EXTENSION}.id")
    if isinstance(kept.get("source_codes"), list):
        found = map(row.code, _strings(kept["source_codes"]))
        fields["source_codes"] = tuple(code for code in found if code)


_FLAGS = frozenset(MeetingFlag)


def _strings(given: object) -> Iterator[str]:
    items: Iterable[object] = given if isinstance(given, list) else ()
    return (item for item in items if isinstance(item, str) and item.strip())
