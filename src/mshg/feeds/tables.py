"""Meeting lists in tables (CSV, Google Sheets, Airtable): each row as one of Meeting Guide JSON."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from mshg.errors import FeedError
from mshg.feeds import values
from mshg.feeds.masking import Redact, redact_text
from mshg.feeds.meeting_guide import LAYOUT, read_meeting_guide
from mshg.feeds.reports import FeedReport
from mshg.feeds.sources import Source, decoded, raw
from mshg.feeds.times import without_accents

_DELIMITERS = ",;\t|"
_LONGEST_CELL = 1 << 20
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]{1,100}")
_NOT_IN_AN_ID = re.compile(r"[^a-z0-9]{1,100}")
_ENCODINGS = ("utf-8-sig", "cp1252")

# Columns of sheets and of hand-made tables, and the field that each holds.
_NAMES = {
    "name": "name title meeting_name meeting group_name event event_name summary",
    "slug": "slug id meeting_id uid record_id key",
    "day": "day days day_of_week weekday weekdays week_day day_s dia jour tag",
    "time": (
        "time times start start_time time_start begins meeting_time when hours schedule "
        "day_time day_and_time days_and_times hora heure uhrzeit"
    ),
    "end_time": "end_time end time_end ends finish until",
    "duration": "duration length minutes",
    "timezone": "timezone time_zone tz",
    "formatted_address": "formatted_address full_address",
    "address": "address street street_address address_1 address1 location_street",
    "city": "city town municipality",
    "state": "state province county",
    "postal_code": "postal_code zip zip_code zipcode postcode",
    "country": "country nation",
    "region": "region area",
    "sub_region": "sub_region subregion",
    "location": "location venue place location_name building",
    "types": (
        "types type format formats meeting_type meeting_types meeting_format category categories"
    ),
    "languages": "languages language spoken_language languages_spoken",
    "notes": "notes note description details comments comment info additional_info remarks",
    "location_notes": "location_notes directions location_info",
    "group_notes": "group_notes",
    "conference_url": (
        "conference_url conferenceurl zoom zoom_link zoom_url online_link online_url "
        "join join_url join_link meeting_link virtual_link virtual_meeting_link "
        "video_link"
    ),
    "conference_url_notes": "conference_url_notes zoom_password passcode password online_notes",
    "conference_phone": "conference_phone dial_in phone_in",
    "conference_phone_notes": "conference_phone_notes",
    "attendance_option": "attendance_option attendance mode meeting_mode",
    "latitude": "latitude lat",
    "longitude": "longitude lng lon long",
    "coordinates": "coordinates geo",
    "approximate": "approximate",
    "url": "url website web web_site link homepage",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split()}
_KNOWN = LAYOUT.known | LAYOUT.contacts | frozenset(_FIELDS.values())


def read_csv(
    source: Source,
    *,
    group: str,
    default_timezone: str,
    columns: Mapping[str, str] | None = None,
    program: str | None = None,
    redact: Redact | None = redact_text,
) -> FeedReport:
    r"""Read a meeting list in CSV: the export of the Meeting Guide plugin, or a hand-made table.

    Parameters
    ----------
    source
        CSV as text or bytes, a `pathlib.Path` or an open file, with a row of headers; or rows as
        mappings, or as lists of which the first holds the headers. Commas, semicolons, tabs and
        bars may stand between cells; what is not UTF-8 is read as Windows-1252.
    group
        Id of the group whose list it is.
    default_timezone
        IANA name of the zone for rows that name none; each such row is flagged and counted.
    columns
        Which field a column holds, such as ``{"Title": "name", "When": "time"}``, by the names of
        Meeting Guide JSON. Columns that are not named here go by their header: those of the
        plugin, of its Google Sheet, and usual ones of hand-made tables.
    program, redact
        As in `read_meeting_guide`.

    Raises
    ------
    FeedError
        It is no table, a file that can't be read, ``columns`` names no column or no field, or the
        group, zone or program is malformed. A single bad row never raises: it is in ``rejected``,
        by its place from 0 below the headers.
    ZoneDataError
        The machine has no time zone database.

    Examples
    --------
    >>> from mshg import feeds
    >>> text = "Title,When,Address\nTools,Wednesday @ 6:00pm - 7:00pm,1 Main St, Springfield"
    >>> report = feeds.read_csv(text, group="smart", default_timezone="America/Chicago")
    >>> slot = report.meetings[0].slots[0]
    >>> slot.weekday, slot.start.hour, slot.duration.seconds
    (2, 18, 3600)
    """
    table = table_of(raw(source, _ENCODINGS))
    return _read(
        table,
        columns=columns,
        group=group,
        default_timezone=default_timezone,
        program=program,
        redact=redact,
    )


def read_google_sheet(
    source: Source | Mapping[str, Any],
    *,
    group: str,
    default_timezone: str,
    columns: Mapping[str, str] | None = None,
    program: str | None = None,
    redact: Redact | None = redact_text,
) -> FeedReport:
    """Read a meeting list as the Google Sheets API gives it: ``{"values": [[...], ...]}``.

    Parameters
    ----------
    source
        JSON as text or bytes, a `pathlib.Path` or an open file, or what it decodes to: the object
        with ``values``, or its list of rows, of which the first holds the headers.
    group, default_timezone, columns, program, redact
        As in `read_csv`.

    Raises
    ------
    FeedError
        It is no such object, or as in `read_csv`.
    ZoneDataError
        The machine has no time zone database.

    Examples
    --------
    >>> from mshg import feeds
    >>> sheet = {"values": [["Name", "Day", "Time", "City"], ["Noon", "Monday", "12:00", "Cork"]]}
    >>> feeds.read_google_sheet(sheet, group="aa", default_timezone="Europe/Dublin")
    FeedReport(1 rows: 1 meetings, 0 inactive, 0 rejected)
    """
    found = decoded(raw(source))
    rows = found.get("values") if isinstance(found, Mapping) else found
    if not isinstance(rows, (list, tuple)) or not all(
        isinstance(r, (list, tuple)) for r in rows[:1]
    ):
        raise FeedError('the meeting list must be an object with "values", a list of rows')
    return _read(
        _from_lists(rows),
        columns=columns,
        group=group,
        default_timezone=default_timezone,
        program=program,
        redact=redact,
    )


def read_airtable(
    source: Source | Mapping[str, Any],
    *,
    group: str,
    default_timezone: str,
    columns: Mapping[str, str] | None = None,
    program: str | None = None,
    redact: Redact | None = redact_text,
) -> FeedReport:
    """Read a meeting list as the Airtable API gives it: ``{"records": [{"fields": {...}}, ...]}``.

    Parameters
    ----------
    source
        JSON as text or bytes, a `pathlib.Path` or an open file, or what it decodes to: the object
        with ``records``, or its list.
    group, default_timezone, columns, program, redact
        As in `read_csv`.

    Raises
    ------
    FeedError
        It is no such object, or as in `read_csv`.
    ZoneDataError
        The machine has no time zone database.

    Examples
    --------
    >>> from mshg import feeds
    >>> fields = {"Name": "Noon", "Day": ["Monday", "Friday"], "Time": "12:00", "City": "Cork"}
    >>> answer = {"records": [{"id": "rec1", "fields": fields}]}
    >>> report = feeds.read_airtable(answer, group="aa", default_timezone="Europe/Dublin")
    >>> report.meetings[0].id, len(report.meetings[0].slots)
    ('rec1', 2)
    """
    found = decoded(raw(source))
    records = found.get("records") if isinstance(found, Mapping) else found
    if not isinstance(records, (list, tuple)):
        raise FeedError('the meeting list must be an object with "records", a list of objects')
    return _read(
        map(_from_record, records),
        columns=columns,
        group=group,
        default_timezone=default_timezone,
        program=program,
        redact=redact,
    )


def _from_record(record: object) -> object:
    fields = record.get("fields") if isinstance(record, Mapping) else None
    if not isinstance(fields, Mapping) or not isinstance(record, Mapping):
        return record
    return {"record_id": record.get("id"), **fields} if record.get("id") else fields


def table_of(source: object) -> Iterable[object]:
    """The rows of a table, as mappings by header where they can be."""
    if isinstance(source, str):
        return _from_lists(_cells(source))
    if isinstance(source, (list, tuple)):
        is_table = bool(source) and isinstance(source[0], (list, tuple))
        return _from_lists(source) if is_table else source
    raise FeedError("the meeting list must be a table: CSV, or rows as mappings or lists")


def _head(text: str) -> str:
    """The first line, whichever way lines end: old spreadsheets end them with a return alone."""
    start = text.lstrip()
    ends = [place for end in "\r\n" if (place := start.find(end)) >= 0]
    return start[: min(ends)] if ends else start


def headers_of(text: str) -> set[str]:
    """The headers of CSV, in lower case."""
    head = _head(text)
    try:
        cells = next(csv.reader([head], delimiter=max(_DELIMITERS, key=head.count)), [])
    except csv.Error:  # a cell that is too long for a header
        return set()
    return {cell.strip().lower() for cell in cells if cell.strip()}


def _cells(text: str) -> Iterator[list[str]]:
    """The cells of CSV; where the last column's own commas are not quoted, they stay in it."""
    head = _head(text)
    if not head.strip() or head.lstrip().startswith(("{", "[", "<")) or "BEGIN:V" in head:
        raise FeedError(
            "the meeting list is no table with a row of headers: feeds.sniff tells what it is"
        )
    delimiter = max(_DELIMITERS, key=head.count)
    limit = csv.field_size_limit()
    problem = None
    try:
        yield from csv.reader(StringIO(text.lstrip("\n\r "), newline=""), delimiter=delimiter)
    except csv.Error:
        problem = "a cell that is too long or no text"
    if problem:
        raise FeedError(f"the meeting list holds {problem} (more than {limit} characters)")


def _from_lists(rows: Iterable[object]) -> Iterator[object]:
    listed = iter(rows)
    heads = [_text(head) for head in _sequence(next(listed, ()))]
    for row in listed:
        if not isinstance(row, (list, tuple)):
            yield row
            continue
        cells = list(row)
        if not cells and not isinstance(row, tuple):
            continue  # a blank line is no row
        extra = cells[len(heads) :]
        if extra and heads and all(isinstance(c, str) for c in cells):
            cells = [*cells[: len(heads) - 1], ",".join(cells[len(heads) - 1 :])]
        yield dict(zip(heads, cells, strict=False))


def _sequence(row: object) -> Sequence[Any]:
    return row if isinstance(row, (list, tuple)) else ()


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else str(value)


def _read(
    rows: Iterable[object],
    *,
    columns: Mapping[str, str] | None,
    group: str,
    default_timezone: str,
    program: str | None,
    redact: Redact | None,
) -> FeedReport:
    listed = list(rows)
    heads = {_text(head) for row in listed if isinstance(row, Mapping) for head in row}
    named = _named(columns, heads)
    ids: Counter[str] = Counter()
    for place, row in enumerate(listed):  # in place, for a long list is held once
        listed[place] = _as_meeting_guide(row, named, ids)
    return read_meeting_guide(
        listed, group=group, default_timezone=default_timezone, program=program, redact=redact
    )


def _named(columns: object, heads: set[str]) -> Mapping[str, str]:
    """Which field each column holds, by its header; given either way round."""
    if columns is None:
        return {}
    is_text = isinstance(columns, Mapping) and all(
        isinstance(k, str) and isinstance(v, str) for k, v in columns.items()
    )
    if not is_text or not isinstance(columns, Mapping):
        raise FeedError("columns: must be a mapping of headers to names of fields")
    for given in (columns, {v: k for k, v in columns.items()}):
        if set(given.values()) <= _KNOWN and (set(given) <= heads or not heads):
            return dict(given)
    raise FeedError(
        "columns: must name a column of the table, and a field of Meeting Guide JSON, each"
    )


def _as_meeting_guide(row: object, named: Mapping[str, str], ids: Counter[str]) -> object:
    """A row under the names of Meeting Guide JSON, with an id where it has none."""
    if not isinstance(row, Mapping):
        return row
    found: dict[str, Any] = {}
    for head, value in row.items():
        if values.is_empty(value):
            continue
        key = _text(head)
        plain = _NOT_IN_A_KEY.sub("_", without_accents(key)).strip("_")
        field = named.get(key) or _FIELDS.get(plain) or (plain if plain in _KNOWN else key)
        if field in found and field in ("notes", "types"):
            found[field] = f"{found[field]}{', ' if field == 'types' else chr(10)}{value}"
        elif field in found:
            found[key] = value  # counted as ignored
        else:
            found[field] = value
    if "address" in found and not {"city", "state", "formatted_address"} & found.keys():
        found["formatted_address"] = found.pop("address")
    if isinstance(found.get("time"), str):
        found["time"] = found["time"].strip()
    if values.is_empty(found.get("slug")) and found:
        found["slug"] = _id(found, ids)
    return found


def _id(row: Mapping[str, Any], ids: Counter[str]) -> str:
    """An id that is the same whenever the same table is read: of the name, the day and the time."""
    parts = (without_accents(_text(row.get(key, ""))) for key in ("name", "day", "time"))
    made = _NOT_IN_AN_ID.sub("-", " ".join(parts)).strip("-")[:60] or "row"
    ids[made] += 1
    return made if ids[made] == 1 else f"{made}-{ids[made]}"
