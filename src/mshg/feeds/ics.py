"""A group's own calendar (iCalendar, RFC 5545): each repeating event is a meeting."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from mshg.domain import MeetingFlag, MeetingMode, Recurrence, Slot
from mshg.errors import FeedError, MissingExtraError
from mshg.feeds import rows, values
from mshg.feeds.masking import Redact, redact_text
from mshg.feeds.reports import FeedReport
from mshg.feeds.rows import Layout, Row
from mshg.feeds.sources import Source, raw

_DAYS = {name: i for i, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_MOST_WEEKS = 52
LAYOUT = Layout(
    id_key="uid",
    name_key="summary",
    known=frozenset(
        (
            "uid",
            "summary",
            "start",
            "end",
            "duration",
            "rule",
            "except",
            "location",
            "url",
            "status",
            "description",
            "join",
        )
    ),
    contacts=frozenset(("organizer", "attendee", "contact")),
)


def read_ics(
    source: Source,
    *,
    group: str,
    default_timezone: str,
    redact: Redact | None = redact_text,
) -> FeedReport:
    """Read a group's own calendar: each event that repeats is a meeting.

    It needs the extra ``mshg[ics]``.

    Parameters
    ----------
    source
        iCalendar as text or bytes, a `pathlib.Path` or an open file.
    group
        Id of the group whose calendar it is.
    default_timezone
        IANA name of the zone for events that name none; each of them is flagged and counted.
    redact
        As in `read_meeting_guide`.

    Raises
    ------
    FeedError
        It is no calendar, a file that can't be read, or the group or zone is malformed. An event
        that is held once, or can't be read, never raises: it is in ``rejected``.
    MissingExtraError
        The package ``icalendar`` is not installed.
    ZoneDataError
        The machine has no time zone database.

    Examples
    --------
    >>> from mshg import feeds
    >>> text = '''BEGIN:VCALENDAR
    ... BEGIN:VEVENT
    ... UID:1
    ... SUMMARY:Noon
    ... DTSTART;TZID=America/Chicago:20260105T120000
    ... DURATION:PT1H
    ... RRULE:FREQ=WEEKLY;BYDAY=MO,FR
    ... LOCATION:1 Main St, Springfield, IL 62701
    ... END:VEVENT
    ... END:VCALENDAR'''
    >>> (meeting,) = feeds.read_ics(text, group="aa", default_timezone="UTC").meetings
    >>> [slot.weekday for slot in meeting.slots], meeting.timezone
    ([0, 4], 'America/Chicago')
    """
    if find_spec("icalendar") is None:
        raise MissingExtraError("feeds.read_ics needs icalendar; install mshg[ics]")
    rows.check(group, default_timezone, redact)
    text = raw(source)
    events = _events(text) if isinstance(text, str) else None
    if events is None:
        raise FeedError("the meeting list is no calendar: it must be iCalendar text")

    def read(row: Row) -> dict[str, Any]:
        return _fields(row, default_timezone)

    return rows.read_rows(events, read, layout=LAYOUT, group=group, redact=redact)


def _events(text: str) -> list[object] | None:
    icalendar = import_module("icalendar")  # only here: few hosts have it
    lines = "\r\n".join(line for line in text.splitlines() if line.strip())
    try:
        calendars = icalendar.Calendar.from_ical(lines, multiple=True)
        found = [e for calendar in calendars for e in calendar.walk("VEVENT")]
        return [_as_row(event) for event in found] if calendars else None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None


def _as_row(event: Any) -> dict[str, Any]:
    """An event's properties as plain values."""
    found: dict[str, Any] = {}
    for key, value in event.items():
        name = {"DTSTART": "start", "DTEND": "end", "RRULE": "rule", "EXDATE": "except"}.get(
            key, key.lower()
        )
        if name in ("start", "end", "duration"):
            found[name] = getattr(value, "dt", None) or getattr(value, "td", None)
        elif name == "rule":
            found[name] = (
                {k.upper(): list(v) for k, v in dict(value).items()}
                if isinstance(value, Mapping)
                else value
            )
        elif name == "except":
            lists = value if isinstance(value, list) else [value]
            found[name] = [d.dt for some in lists for d in getattr(some, "dts", [])]
        elif name not in ("dtstamp", "created", "last-modified", "sequence", "class", "transp"):
            found[name] = str(value)
    return found


def _fields(row: Row, default_timezone: str) -> dict[str, Any]:
    start = row.fields.get("start")
    row.fields = {**row.fields, "join": _joining(row.fields.get("url"))}
    if row.fields["join"]:
        row.fields["url"] = None
    notes = row.notes("description")
    name = row.line("summary")
    join_url = row.join_link("join")
    join = row.join(join_url, None, None, None)
    place = row.fields.get("location")
    is_online = join is not None and join.url is not None and values.joins(join.url)
    is_afar = values.is_afar(place) or (isinstance(place, str) and values.link(place) is not None)
    has_place = not values.is_empty(place) and not is_afar
    status = str(row.fields.get("status", "")).upper()
    row.flags.add(MeetingFlag.MODE_ASSUMED)
    if is_afar and not is_online:
        row.flags.add(MeetingFlag.JOIN_UNCLEAR)
    mode = values.mode(is_online=is_online or is_afar, has_place=has_place)
    return {
        "id": row.id(values.code(row.fields.get("uid")) or "", ".uid"),
        "name": name or "",
        "slots": tuple(_slots(row, start)),
        "timezone": _zone(row, start, default_timezone),
        "mode": MeetingMode.INACTIVE if status == "CANCELLED" else mode,
        "address": row.line("location", is_address=True) if has_place else None,
        "url": row.link("url"),
        "notes": notes,
        "join_info": join,
    }


def _joining(url: object) -> object:
    return url if isinstance(url, str) and (values.joins(url) or values.lets_in(url)) else None


def _zone(row: Row, start: object, default: str) -> str:
    zone = getattr(getattr(start, "tzinfo", None), "key", None)
    if isinstance(zone, str) and not values.zone(zone):
        return zone
    row.flags.add(MeetingFlag.TIMEZONE_ASSUMED)
    return default


def _slots(row: Row, start: object) -> Iterator[Slot]:
    rule = row.fields.get("rule")
    if not isinstance(start, datetime):
        row.refuse(".dtstart", "must be a date with a time")
        return
    if not isinstance(rule, Mapping):
        row.refuse(".rrule", "must be given: an event that is held once is no regular meeting")
        return
    stated = {key: [str(v).upper() for v in value] for key, value in rule.items()}
    freq, interval = stated.get("FREQ", [""])[0], int((stated.get("INTERVAL") or ["1"])[0])
    days = [m for d in stated.get("BYDAY", []) if (m := _DAY.fullmatch(d))]
    every = range(7) if freq == "DAILY" and interval == 1 and not days else ()
    if "UNTIL" in stated or "COUNT" in stated:
        row.flags.add(MeetingFlag.MAY_BE_SUSPENDED)  # the series has an end
    if not 1 <= interval <= _MOST_WEEKS or freq not in ("WEEKLY", "MONTHLY", "DAILY"):
        row.refuse(".rrule", "must repeat by the week, by weekdays of the month, or daily")
        return
    if freq == "MONTHLY" and (interval > 1 or not days or not all(d[1] for d in days)):
        row.refuse(".rrule", "must name the weekdays of the month, such as 2TU or -1SU")
        return
    lasts, left_out = _lasts(row, start), _except(row)
    weekdays = list(every) or [_DAYS[d[2]] for d in days] or [start.weekday()]
    for weekday in dict.fromkeys(weekdays):
        weeks = {int(d[1]) for d in days if d[1] and _DAYS[d[2]] == weekday}
        recurrence = Recurrence(
            every_weeks=interval if freq == "WEEKLY" else 1,
            anchor=start.date() if freq == "WEEKLY" and interval > 1 else None,
            weeks_of_month={max(w, -1) for w in weeks} if freq == "MONTHLY" else (),
            except_dates=[d for d in left_out if d.weekday() == weekday],
        )
        yield Slot(
            weekday=weekday,
            start=start.time().replace(second=0, microsecond=0),
            duration=lasts,
            recurrence=recurrence,
        )


def _lasts(row: Row, start: datetime) -> timedelta | None:
    end, lasts = row.fields.get("end"), row.fields.get("duration")
    if isinstance(end, datetime) and (end.tzinfo is None) == (start.tzinfo is None):
        lasts = end - start
    is_one = isinstance(lasts, timedelta) and timedelta(0) < lasts <= timedelta(days=1)
    return (
        lasts
        if is_one and isinstance(lasts, timedelta) and not lasts % timedelta(minutes=1)
        else None
    )


def _except(row: Row) -> list[date]:
    given = row.fields.get("except") or []
    return [d.date() if isinstance(d, datetime) else d for d in given if isinstance(d, date)]
