"""BMLT's semantic JSON, the format of NA's meeting servers: GetSearchResults and GetFormats.

https://bmlt.app describes it. All values are strings, and one that is missing is empty.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import time, timedelta
from typing import Any

from attrs import frozen

from mshg.domain import MeetingFlag, MeetingMode
from mshg.errors import FeedError
from mshg.feeds import rows, times, values
from mshg.feeds.masking import Redact, redact_text
from mshg.feeds.reports import FeedReport
from mshg.feeds.rows import Layout, Row
from mshg.feeds.sources import Source, content, decoded, list_in, opened, rows_of
from mshg.feeds.type_codes import (
    CLOSED_PLACE,
    HYBRID,
    IN_PERSON,
    NOTHING,
    OF_MODE,
    ONLINE,
    Meaning,
    format_keys,
    format_meaning,
    union,
)

_PROMPT = "#@-@#"
_NOTES = ("comments", "location_info")
_ADDRESS = (
    *("location_street", "location_municipality", "location_province"),
    *("location_postal_code_1", "location_nation"),
)
_REGIONS = (
    *("location_province", "location_sub_province", "location_municipality"),
    *("location_city_subsection", "location_neighborhood"),
)
_READ = frozenset(
    (
        *("id_bigint", "meeting_name", "weekday_tinyint", "start_time", "duration_time"),
        *("time_zone", "venue_type", "formats", "format_shared_id_list", "lang_enum"),
        *("longitude", "latitude", "published", "location_text", "phone_meeting_number"),
        *("virtual_meeting_link", "virtual_meeting_additional_info"),
        *(*_NOTES, *_ADDRESS, *_REGIONS),
    )
)
_NUMBERED = (f"contact_{what}_{n}" for n in (1, 2) for what in ("name", "phone", "email"))
LAYOUT = Layout(
    id_key="id_bigint",
    name_key="meeting_name",
    known=_READ,
    contacts=frozenset((*_NUMBERED, "email_contact")),
)
_OF_THE_SERVER = frozenset({"", "00:00:00", "00:00", "0:00:00", "0:00"})  # its usual length
_VENUES = {
    **dict.fromkeys(("1", "in_person", "in-person"), MeetingMode.IN_PERSON),
    **dict.fromkeys(("2", "virtual", "online"), MeetingMode.ONLINE),
    **dict.fromkeys(("3", "hybrid"), MeetingMode.HYBRID),
}


def read_bmlt(
    source: Source | Mapping[str, Any],
    *,
    formats: Source | None = None,
    group: str = "na",
    default_timezone: str,
    redact: Redact | None = redact_text,
) -> FeedReport:
    """Read a meeting list in BMLT's semantic JSON (GetSearchResults).

    Parameters
    ----------
    source
        JSON as bytes or text, a `pathlib.Path` or an open file, or what it decodes to: a list, or
        the object with ``meetings`` and ``formats`` that a search with ``get_used_formats`` gives.
    formats
        The server's own formats (GetFormats), in any of these forms. Which key stands for which
        format is each server's own; without them, the keys of a new server are taken.
    group
        Id of the group whose list it is.
    default_timezone
        IANA name of the zone for rows that name none; each such row is flagged and counted.
    redact
        What masks people in free text: a function of the text, or None to keep it as it stands, for
        a list that the host itself owns. Contact fields are never read, and what lets one in goes
        to ``join_info`` whatever this is.

    Raises
    ------
    FeedError
        The source or the formats are no JSON list, a file that can't be read, or the group or
        zone is malformed. A single bad row never raises: it is in ``rejected``.
    ZoneDataError
        The machine has no time zone database.

    Examples
    --------
    >>> from mshg import feeds
    >>> rows = [{"id_bigint": "7", "meeting_name": "Just for Noon", "weekday_tinyint": "2",
    ...          "start_time": "12:00:00", "duration_time": "01:00:00", "venue_type": "1",
    ...          "formats": "O,D", "time_zone": "America/Chicago"}]
    >>> (meeting,) = feeds.read_bmlt(rows, default_timezone="America/Chicago").meetings
    >>> meeting.slots[0].weekday, sorted(meeting.tags)
    (0, ['discussion', 'open'])
    """
    rows.check(group, default_timezone, redact)
    found, beside = list_in(opened(source), "meetings")
    reader = _Reader(
        formats=_Formats.of(content(beside.get("formats")) if formats is None else opened(formats)),
        default_timezone=default_timezone,
        uses_24_hours=rows.clock_of(lambda: rows_of(found), "start_time"),
    )
    return rows.read_rows(
        rows_of(found),
        reader.read,
        layout=LAYOUT,
        group=group,
        redact=redact,
    )


@frozen(kw_only=True)
class _Formats:
    """What a server's formats mean, by the shared id and by the key in a language."""

    by_id: Mapping[str, Meaning]
    by_key: Mapping[tuple[str, str], Meaning]

    @classmethod
    def of(cls, source: object) -> "_Formats":
        if source is None:
            return cls(by_id={}, by_key={})
        listed, _ = list_in(decoded(source), "formats")
        listed = values.listed(listed)
        if listed is None:
            raise FeedError("formats: must be a JSON list of objects")
        by_id: dict[str, list[Meaning]] = {}
        by_key: dict[tuple[str, str], Meaning] = {}
        of_key: list[tuple[tuple[str, str], str]] = []
        for entry in listed:
            if not isinstance(entry, Mapping):
                continue
            text = {key: values.code(entry.get(key)) or "" for key in entry if isinstance(key, str)}
            shared = text.get("id") or text.get("shared_id_bigint", "")
            language = text.get("lang") or text.get("lang_enum") or "en"
            world = text.get("world_id") or text.get("worldid_mixed", "")
            key, name = text.get("key_string", ""), text.get("name_string", "")
            in_english = key if language == "en" else ""
            by_id.setdefault(shared, []).append(format_meaning(world, name, in_english))
            of_key.append(((language, key), shared))
        merged = {shared: union(meanings) for shared, meanings in by_id.items() if shared}
        by_key = {key: merged[shared] for key, shared in of_key if shared}
        return cls(by_id=merged, by_key=by_key)

    def meaning(self, ids: Iterable[str], keys: Iterable[str], language: str) -> list[Meaning]:
        """What a row's formats mean: by id where the server's formats are known, else by key."""
        shared = list(ids)
        if self.by_id and shared:
            return [self.by_id.get(i, NOTHING) for i in shared]
        if self.by_id:
            return [self._of_key(key, language) for key in keys]
        known = format_keys(language)
        return [known.get(key, NOTHING) for key in keys]

    def _of_key(self, key: str, language: str) -> Meaning:
        found = self.by_key.get((language, key))
        return self.by_key.get(("en", key), NOTHING) if found is None else found


@frozen(kw_only=True)
class _Reader:
    """Reads rows of one list."""

    formats: _Formats
    default_timezone: str
    uses_24_hours: Callable[[], bool]

    def read(self, row: Row) -> dict[str, Any]:
        """Give a meeting's fields, or enter what is wrong with the row."""
        row.fields = {key: _without_prompt(value) for key, value in row.fields.items()}
        codes = tuple(dict.fromkeys(c for part in _split(row, "formats") if (c := row.code(part))))
        meaning = self._meaning(row, codes)
        notes, name = row.notes(*_NOTES), row.line("meeting_name")
        location = row.line("location_text")
        address = ", ".join(filter(None, (row.line(k, is_address=True) for k in _ADDRESS))) or None
        url, phone = row.ways_to_join("virtual_meeting_link", "phone_meeting_number")
        mode = _mode(row, meaning.tags & OF_MODE, url, phone)
        info = row.join_notes("virtual_meeting_additional_info")
        latitude, longitude = rows.coordinates(
            row, mode, row.fields.get("latitude"), row.fields.get("longitude")
        )
        regions = (row.line(key) for key in _REGIONS)
        return {
            "id": row.id(values.code(row.fields.get("id_bigint")) or "", ".id_bigint"),
            "name": name or "",
            "slots": rows.slots(*self._when(row)),
            "timezone": rows.timezone(row, "time_zone", self.default_timezone),
            "mode": mode,
            "latitude": latitude,
            "longitude": longitude,
            "is_approximate": latitude is not None and _is_only_a_town(row),
            "tags": rows.tags(row, meaning),
            "languages": rows.shared(meaning.languages),
            "location": location,
            "address": address,
            "regions": tuple(dict.fromkeys(filter(None, regions))),
            "source_codes": codes,
            "notes": notes,
            "join_info": row.join(url, info, phone, None),
        }

    def _meaning(self, row: Row, codes: tuple[str, ...]) -> Meaning:
        language = values.code(row.fields.get("lang_enum")) or "en"
        ids = _split(row, "format_shared_id_list")
        found = self.formats.meaning(ids, codes, language)
        if len(found) == len(codes):
            pairs = zip(codes, found, strict=True)
            row.enter_labels("formats", (c for c, m in pairs if m == NOTHING))
        return union(found)

    def _when(self, row: Row) -> tuple[tuple[int, ...] | None, time | None, timedelta | None]:
        days = times.weekdays(row.fields.get("weekday_tinyint"), sunday=1)
        given = row.fields.get("duration_time")
        lasts = times.duration(given)
        if days is None:
            row.refuse(".weekday_tinyint", "must be 1 (Sunday) to 7")
        if lasts is None and (values.code(given) or "") not in _OF_THE_SERVER:
            row.flags.add(MeetingFlag.END_LEFT_OUT)
        clock = row.fields.get("start_time")
        start = rows.start(row, clock, None, self.uses_24_hours, path=".start_time")
        return days, start, lasts


def _without_prompt(value: object) -> object:
    """What was filled in: some servers send the name of the field before it."""
    return value.rpartition(_PROMPT)[2] if isinstance(value, str) else value


def _split(row: Row, key: str) -> list[str]:
    given = row.fields.get(key)
    parts = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else []
    return [code for part in parts if (code := values.code(part))]


def _mode(row: Row, of_mode: frozenset[str], url: str | None, phone: str | None) -> MeetingMode:
    """By the venue type; without one by the formats, and else by link and place."""
    if values.yes_or_no(row.fields.get("published")) is False:
        return MeetingMode.INACTIVE
    venue = row.fields.get("venue_type")
    stated = _VENUES.get((values.code(venue) or "").lower())
    if stated is None and not values.is_empty(venue):
        row.ignored.append("venue_type")
    if stated is not None and not (stated is not MeetingMode.ONLINE and CLOSED_PLACE in of_mode):
        return stated
    row.flags.add(MeetingFlag.MODE_ASSUMED)
    # A server's link field is for joining, whoever provides it.
    is_online = url is not None or values.dials(phone) or bool(of_mode & {ONLINE, HYBRID})
    has_place = _has_place(row, of_mode)
    if not is_online and not has_place and CLOSED_PLACE not in of_mode:
        return _mode_in_doubt(row)
    return values.mode(is_online=is_online, has_place=has_place)


def _mode_in_doubt(row: Row) -> MeetingMode:
    """Of a meeting without a link and a street: the list offers it all the same."""
    reported = [row.fields.get(key) for key in ("location_text", *_ADDRESS)]
    info = row.fields.get("virtual_meeting_additional_info")
    if any(map(values.is_afar, reported)) or row.links or row.codes or not values.is_empty(info):
        row.flags.add(MeetingFlag.JOIN_UNCLEAR)
        return MeetingMode.ONLINE
    return MeetingMode.INACTIVE if all(map(values.is_empty, reported)) else MeetingMode.IN_PERSON


def _is_only_a_town(row: Row) -> bool:
    """Whether there is a town and neither a street nor a venue: then coordinates are the town's."""
    exact = (row.fields.get("location_street"), row.fields.get("location_text"))
    town = row.fields.get("location_municipality")
    return all(map(values.is_empty, exact)) and not values.is_empty(town)


def _has_place(row: Row, of_mode: frozenset[str]) -> bool:
    is_afar = values.is_afar(row.fields.get("location_text"))
    if CLOSED_PLACE in of_mode or of_mode == {ONLINE} or is_afar:
        return False
    has_street = not values.is_empty(row.fields.get("location_street"))
    position = values.degrees(row.fields.get("latitude"), row.fields.get("longitude"))
    return bool(of_mode & {HYBRID, IN_PERSON}) or has_street or position is not None
