"""NA's world services format, which every BMLT server exports as CSV (GetNAWSDump)."""

from collections.abc import Iterator, Mapping
from typing import Any

from mshg.errors import FeedError
from mshg.feeds import values
from mshg.feeds.bmlt import read_bmlt
from mshg.feeds.masking import Redact, redact_text
from mshg.feeds.reports import FeedReport
from mshg.feeds.sources import Source, raw
from mshg.feeds.tables import table_of
from mshg.feeds.type_codes import world_codes

_FIELDS = {
    "committee": "worldid_mixed",
    "bmlt_id": "id_bigint",
    "committeename": "meeting_name",
    "day": "weekday_tinyint",
    "time": "start_time",
    "place": "location_text",
    "address": "location_street",
    "city": "location_municipality",
    "locborough": "location_city_subsection",
    "state": "location_province",
    "zip": "location_postal_code_1",
    "country": "location_nation",
    "directions": "location_info",
    "room": "comments",
    "latitude": "latitude",
    "longitude": "longitude",
    "timezone": "time_zone",
    "virtualmeetinglink": "virtual_meeting_link",
    "virtualmeetinginfo": "virtual_meeting_additional_info",
    "phonemeetingnumber": "phone_meeting_number",
}
_FORMATS = ("closed", "wheelchr", "format1", "format2", "format3", "format4", "format5")
_YES = {"closed": {"open": "OPEN", "closed": "CLOSED"}, "wheelchr": {"true": "WCHR", "1": "WCHR"}}
_CONTACTS = ("contact", "primary", "phone", "email")


def read_naws(
    source: Source,
    *,
    group: str = "na",
    default_timezone: str,
    redact: Redact | None = redact_text,
) -> FeedReport:
    """Read a meeting list in NAWS CSV, as every BMLT server exports it.

    Parameters
    ----------
    source
        CSV as text or bytes, a `pathlib.Path` or an open file; or its rows as mappings.
    group
        Id of the group whose list it is.
    default_timezone
        IANA name of the zone for rows that name none; each such row is flagged and counted.
    redact
        As in `read_meeting_guide`.

    Raises
    ------
    FeedError
        It is no such table, a file that can't be read, or the group or zone is malformed. A single
        bad row never raises: it is in ``rejected``.
    ZoneDataError
        The machine has no time zone database.

    Examples
    --------
    >>> from mshg import feeds
    >>> text = '''Committee,CommitteeName,Day,Time,Place,Address,City,State,Zip,Closed,Format1
    ... G001,Just for Noon,Monday,1200,Hall,1 Main St,Springfield,IL,62701,OPEN,BEG'''
    >>> (meeting,) = feeds.read_naws(text, default_timezone="America/Chicago").meetings
    >>> meeting.slots[0].start.isoformat(), sorted(meeting.tags)
    ('12:00:00', ['newcomer', 'open'])
    """
    listed = list(table_of(raw(source, ("utf-8-sig", "cp1252"))))
    heads = {str(key).strip().lower() for row in listed if isinstance(row, Mapping) for key in row}
    if listed and not {"committeename", "day", "time"} <= heads:
        raise FeedError("the meeting list is no NAWS table: it has no CommitteeName, Day and Time")
    formats = [
        {"id": code, "key_string": code, "world_id": code, "lang": "en"} for code in world_codes()
    ]
    return read_bmlt(
        list(map(_as_bmlt, listed)),
        formats=formats,
        group=group,
        default_timezone=default_timezone,
        redact=redact,
    )


def _as_bmlt(row: object) -> object:
    if not isinstance(row, Mapping):
        return row
    plain = {str(key).strip().lower(): (str(key), value) for key, value in row.items()}
    found: dict[str, Any] = {}
    codes: list[str] = []
    for key, (name, value) in plain.items():
        if values.is_empty(value):
            continue
        if key in _FORMATS:
            codes += _codes(key, value)
        elif key in _FIELDS:
            found[_FIELDS[key]] = value
        elif key not in ("delete", "unpublished"):
            found["contact_name_1" if key.startswith(_CONTACTS) else name] = value
    found.setdefault("id_bigint", found.get("worldid_mixed"))
    found["formats"] = ",".join(dict.fromkeys(codes))
    is_gone = any(_is_yes(plain, key) for key in ("delete", "unpublished"))
    return {**found, "published": "0"} if is_gone else found


def _codes(key: str, value: object) -> Iterator[str]:
    text = (values.code(value) or "").strip()
    if key in _YES:
        code = _YES[key].get(text.lower())
        yield from () if code is None else (code,)
    elif text:
        yield text.upper()


def _is_yes(row: Mapping[str, tuple[str, object]], key: str) -> bool:
    _, value = row.get(key, ("", None))
    return values.yes_or_no(value) is True or value == "D"
