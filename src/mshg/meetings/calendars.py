"""Calendar files (iCalendar, RFC 5545) that don't tell what the appointment is, unless asked to."""

import hmac
import secrets
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain, groupby, islice
from json import dumps
from typing import NamedTuple, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from attrs import evolve

from mshg._checks import Broken, boolean, broken, enforce, instance, line, optional, under
from mshg._conversions import to_tuple
from mshg._zones import offsets, zone_problems
from mshg.domain import Meeting, MeetingMode, Slot
from mshg.meetings.parameters import USUAL_LENGTH, moment_problems
from mshg.meetings.planning import WeekPlan
from mshg.meetings.results import MeetingMatch, SearchResult, slots_of
from mshg.wording import Wording
from mshg.wording import load as load_wording

_KEY_BYTES = 32
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_OCTETS = 75
_LOOKED_AHEAD = 2 * 366  # days; no recurrence but an empty one waits longer
_EARLIEST = timedelta(weeks=4)  # of reminders
_LISTED = 366  # days; of what no rule can tell, a year is listed
_RULE_YEARS = 28  # after so many, weekdays and dates repeat

Calendared: TypeAlias = (
    Meeting | MeetingMatch | Iterable[Meeting | MeetingMatch] | SearchResult | WeekPlan
)


def to_ics(
    meetings: Calendared,
    *,
    at: datetime,
    title: str | None = None,
    include_details: bool = False,
    until: date | datetime | None = None,
    remind: timedelta | None = None,
    uid_key: bytes | None = None,
    wording: Wording | None = None,
) -> str:
    """Write a calendar of regular meetings: one event with its rule for each of their slots.

    The plan of a week gives each of its meetings once, unless ``until`` is given.

    Events are given in the wall time of the meeting's zone, with that zone's rules, so they stay
    right when clocks change. Each is marked private and named "Appointment": a calendar is seen
    by others. It tells neither group, name, place nor link, unless ``include_details`` is true.

    Parameters
    ----------
    meetings
        One or more meetings, each with all of its slots; one or more matches of a search, or its
        whole result, each with its one slot; or the plan of a week, without what one can fall
        back on.
        Inactive ones, and those by appointment, give no event.
    at
        The moment of writing: it stamps the file, and series begin with their next start.
    title
        What to call every event; the wording's "Appointment" if None.
    include_details
        Whether to tell the meeting's own name, unless ``title`` is given, its place and its page.
    until
        The last day on which events are held, in each meeting's zone, or the last moment at which
        one may start; without an end if None. With it, the meetings of a plan repeat until then.
    remind
        How long before each start a calendar reminds, in whole minutes, up to four weeks; without
        a reminder if None. It says no more than the event's own name.
    uid_key
        Secret bytes of the host, best 32 from ``secrets.token_bytes(32)``, that the ids of events
        are made with. With the same key the same slot has the same id in every file, so that a
        calendar updates its events; nobody without the key can tell from an id which meeting it
        is. If None, each call makes a key of its own from the operating system's randomness and
        forgets it: the ids of two files never match, and a calendar that reads both holds each
        event twice.
    wording
        Whose words to use; mshg's own in English if None.

    Returns
    -------
    Text with the line ends that the format asks for; write it in binary, encoded as UTF-8.

    Raises
    ------
    ValidationError
        What is no meeting, has no time zone, or one that is not known, with its place.
    ZoneDataError
        The machine has no time zone database; ``mshg[tz]`` brings one.

    Examples
    --------
    >>> from datetime import datetime, time, timezone
    >>> from mshg import Meeting, Slot
    >>> from mshg.meetings import to_ics
    >>> slot = Slot(weekday=1, start=time(19))
    >>> meeting = Meeting(id="1", group="aa", name="Sober", slots=[slot], timezone="Asia/Tokyo")
    >>> text = to_ics([meeting], at=datetime(2026, 11, 24, tzinfo=timezone.utc))
    >>> [l for l in text.splitlines() if l.startswith(("SUMMARY", "DTSTART;", "RRULE"))]
    ['DTSTART;TZID=Asia/Tokyo:20261124T190000', 'RRULE:FREQ=WEEKLY', 'SUMMARY:Appointment']
    """
    given = _given(meetings)
    enforce(
        meetings=_unfit(given),
        at=moment_problems(at),
        title=optional(line)(title),
        until=optional(_a_last_day)(until),
        remind=optional(_a_reminder)(remind),
        uid_key=optional(_a_key)(uid_key),
        include_details=boolean(include_details),
        wording=optional(instance(Wording))(wording),
    )
    wording = load_wording() if wording is None else wording
    key = secrets.token_bytes(_KEY_BYTES) if uid_key is None else uid_key
    neutral = wording.say("calendar.title")
    events: list[str] = []
    zones: dict[str, None] = {}
    made: dict[str, int] = {}
    once = isinstance(meetings, WeekPlan) and until is None
    for meeting, slot, since in _slots(given, at, once=once):
        end = None if until is None else _last_moment(until, ZoneInfo(str(meeting.timezone)))
        first = _first_day(meeting, slot, since, end)
        if first is None:
            continue
        zone = str(meeting.timezone)
        zones[zone] = None
        uid = _uid(meeting, slot, made, key)
        summary = title or (meeting.name if include_details else neutral)
        events += [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            *_times(slot, first, zone, end, once=once),
            f"SUMMARY:{_escaped(summary)}",
            "CLASS:PRIVATE",
            *(_details(meeting) if include_details else ()),
            *(() if remind is None else _alarm(remind, summary)),
            "END:VEVENT",
        ]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Calendar//EN"]
    rules = [rule for zone in zones for rule in zone_rules(zone, at.astimezone(UTC).year)]
    folded = (_folded(content) for content in (*head, *rules, *events, "END:VCALENDAR"))
    return "".join(f"{content}\r\n" for content in folded)


def _given(
    meetings: Calendared,
) -> tuple[Meeting | MeetingMatch, ...]:
    if isinstance(meetings, (Meeting, MeetingMatch)):
        return (meetings,)
    if isinstance(meetings, SearchResult):
        return meetings.matches
    if isinstance(meetings, WeekPlan):
        return tuple(planned.match for planned in meetings.meetings)
    return to_tuple(meetings)


def _unfit(given: object) -> Broken:
    if not isinstance(given, tuple):
        return broken(
            "must be Meetings or MeetingMatches, a SearchResult or a WeekPlan", code="wrong_type"
        )
    problems: Broken = ()
    for i, one in enumerate(given):
        meeting = one.meeting if isinstance(one, MeetingMatch) else one
        if not isinstance(meeting, Meeting):
            problems += broken("must be a Meeting or a MeetingMatch", f"[{i}]", code="wrong_type")
        elif meeting.timezone is None:
            problems += broken("must be given", f"[{i}].timezone", code="missing")
        else:
            problems += under(f"[{i}].timezone", zone_problems(meeting.timezone))
    return problems


def _slots(
    given: Iterable[Meeting | MeetingMatch], at: datetime, *, once: bool
) -> Iterator[tuple[Meeting, Slot, datetime]]:
    """Slots, and from when on each is looked for: the planned start where it is held once."""
    for one in given:
        if isinstance(one, Meeting):
            is_held = one.mode is not MeetingMode.INACTIVE
            yield from ((one, slot, at) for slot in one.slots if is_held)
        elif not once or one.starts_at >= at:
            since = one.starts_at if once else at
            yield from ((one.meeting, slot, since) for slot in islice(slots_of(one), 1))


def _a_last_day(value: object) -> Broken:
    if isinstance(value, datetime):
        return moment_problems(value)
    is_day = isinstance(value, date) and value < date.max
    return (
        ()
        if is_day
        else broken("must be a date, or a datetime with a time zone", code="wrong_type")
    )


def _a_reminder(value: object) -> Broken:
    minute = timedelta(minutes=1)
    is_one = isinstance(value, timedelta) and timedelta(0) <= value <= _EARLIEST
    if is_one and isinstance(value, timedelta) and not value % minute:
        return ()
    return broken("must be a timedelta of whole minutes, from 0 to 4 weeks", code="out_of_range")


def _last_moment(until: date | datetime, zone: ZoneInfo) -> datetime:
    """The last second, in UTC, at which an event may start."""
    if isinstance(until, datetime):
        return until.astimezone(UTC).replace(microsecond=0)
    midnight = datetime.combine(until + timedelta(1), time(), zone).astimezone(UTC)
    return midnight - timedelta(seconds=1)


def _alarm(remind: timedelta, summary: str) -> Iterator[str]:
    yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-PT{remind // timedelta(minutes=1)}M")
    yield from (f"DESCRIPTION:{_escaped(summary)}", "END:VALARM")


def _start(slot: Slot, day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, slot.start, zone).astimezone(UTC)


def _first_day(
    meeting: Meeting, slot: Slot, at: datetime, end: datetime | None = None
) -> date | None:
    """The day of the next start from a moment on, up to another."""
    zone = ZoneInfo(str(meeting.timezone))
    today = at.astimezone(zone).date()
    days = (today + timedelta(n) for n in range(_LOOKED_AHEAD))
    found = next((d for d in days if slot.occurs_on(d) and _start(slot, d, zone) >= at), None)
    is_over = found is not None and end is not None and _start(slot, found, zone) > end
    return None if is_over else found


def _times(
    slot: Slot, first: date, zone: str, end: datetime | None, *, once: bool
) -> Iterator[str]:
    """When an event starts, how long it lasts and how it repeats."""
    recurrence = slot.recurrence
    regular = evolve(slot, recurrence=evolve(recurrence, except_dates=()))
    length = (USUAL_LENGTH if slot.duration is None else slot.duration) // timedelta(minutes=1)
    at_zone = f";TZID={zone}:"
    yield f"DTSTART{at_zone}{_wall(slot, first)}"
    yield f"DURATION:PT{length}M"
    if once:
        return
    last = None if end is None else end.astimezone(ZoneInfo(zone)).date()
    until = "" if end is None else f";UNTIL={end:%Y%m%dT%H%M%SZ}"
    weekday, weeks = _DAYS[slot.weekday], sorted(recurrence.weeks_of_month)
    if weeks and recurrence.every_weeks > 1:  # no rule can tell both
        days = (first + timedelta(n) for n in range(7, _LISTED, 7))
        listed = [
            _wall(slot, d)
            for d in days
            if slot.occurs_on(d) and (end is None or _start(slot, d, ZoneInfo(zone)) <= end)
        ]
        yield from [f"RDATE{at_zone}{','.join(listed)}"] * bool(listed)
        return
    if weeks:
        yield f"RRULE:FREQ=MONTHLY{until};BYDAY={','.join(f'{n}{weekday}' for n in weeks)}"
    else:
        every = recurrence.every_weeks
        yield "RRULE:FREQ=WEEKLY" + until + (f";INTERVAL={every}" if every > 1 else "")
    left_out = [
        d
        for d in sorted(recurrence.except_dates)
        if d > first and (last is None or d <= last) and regular.occurs_on(d)
    ]
    if left_out:
        yield f"EXDATE{at_zone}{','.join(_wall(slot, d) for d in left_out)}"


def _wall(slot: Slot, day: date) -> str:
    return f"{datetime.combine(day, slot.start):%Y%m%dT%H%M%S}"


def _a_key(value: object) -> Broken:
    return (
        ()
        if isinstance(value, bytes) and value
        else broken("must be bytes, and not empty", code="blank")
    )


def _uid(meeting: Meeting, slot: Slot, made: dict[str, int], key: bytes) -> str:
    """The same for the same slot and key, its exceptions and length aside; else like a random one.

    A plain hash would tell the meeting to whoever tries all that are listed.
    """
    recurrence = slot.recurrence
    phase = recurrence.anchor and (recurrence.anchor.toordinal() - 1) // 7 % recurrence.every_weeks
    start = slot.start.isoformat()
    rule = [recurrence.every_weeks, phase, sorted(recurrence.weeks_of_month)]
    name = dumps([meeting.group, meeting.id, slot.weekday, start, rule])
    made[name] = made.get(name, 0) + 1
    digest = hmac.digest(key, f"{name} {made[name]}".encode(), "sha256")
    return str(UUID(bytes=digest[:16], version=5))


def _details(meeting: Meeting) -> Iterator[str]:
    if where := ", ".join(filter(None, (meeting.location, meeting.address))):
        yield f"LOCATION:{_escaped(where)}"
    if meeting.url is not None:
        yield f"URL:{meeting.url}"


class _Change(NamedTuple):
    """A change of a zone's clock: when, on the clock before it, and from what to what."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


@lru_cache(maxsize=256)
def zone_rules(name: str, year: int) -> tuple[str, ...]:
    """A zone's changes from a year on, as lines of a VTIMEZONE.

    They are watched for 28 years, after which weekdays and dates repeat. Changes that follow a
    rule throughout are given by it, without an end; others one by one.
    """
    first, last = (datetime(y, 1, 1, tzinfo=UTC) for y in (year, year + _RULE_YEARS))
    zone = ZoneInfo(name)
    (_, offset), *changes = offsets(name, first, last)
    start = first.astimezone(zone)
    known = [_Change(_naive(first, offset), offset, offset, str(start.tzname()), bool(start.dst()))]
    for moment, after in changes:
        then = moment.astimezone(zone)
        wall = _naive(moment, known[-1].after)
        known.append(_Change(wall, known[-1].after, after, str(then.tzname()), bool(then.dst())))
    rest = sorted(known[1:], key=_kind)
    made = [_observance(known[0], None)]
    for _, alike in groupby(rest, _kind):
        changes_alike = list(alike)
        repeats = _rule([c.wall for c in changes_alike]) or _dates(changes_alike)
        made.append(_observance(changes_alike[0], repeats))
    return ("BEGIN:VTIMEZONE", f"TZID:{name}", *chain.from_iterable(made), "END:VTIMEZONE")


def _naive(moment: datetime, offset: timedelta) -> datetime:
    return moment.replace(tzinfo=None) + offset


def _kind(change: _Change) -> tuple[object, ...]:
    wall = change.wall
    return change.before, change.after, change.name, change.is_summer, wall.month, wall.time()


def _rule(walls: list[datetime]) -> str | None:
    """The rule that dates of one month follow if there is one a year, on the same weekday."""
    years, weekdays = {w.year for w in walls}, {w.weekday() for w in walls}
    low, high = min(w.day for w in walls), max(w.day for w in walls)
    is_yearly = len(walls) == len(years) == _RULE_YEARS
    if not is_yearly or len(weekdays) > 1 or high - low > 6:
        return None
    weekday, month = _DAYS[walls[0].weekday()], walls[0].month
    if high == monthrange(walls[0].year, month)[1]:
        day = f"BYDAY=-1{weekday}"
    elif low % 7 == 1:
        day = f"BYDAY={low // 7 + 1}{weekday}"
    else:
        day = f"BYMONTHDAY={','.join(map(str, range(low, low + 7)))};BYDAY={weekday}"
    return f"RRULE:FREQ=YEARLY;BYMONTH={month};{day}"


def _dates(changes: list[_Change]) -> str | None:
    later = [f"{change.wall:%Y%m%dT%H%M%S}" for change in changes[1:]]
    return f"RDATE:{','.join(later)}" if later else None


def _observance(change: _Change, repeats: str | None) -> tuple[str, ...]:
    kind = "DAYLIGHT" if change.is_summer else "STANDARD"
    return (
        f"BEGIN:{kind}",
        f"DTSTART:{change.wall:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(change.before)}",
        f"TZOFFSETTO:{_offset(change.after)}",
        f"TZNAME:{change.name}",
        *([] if repeats is None else [repeats]),
        f"END:{kind}",
    )


def _offset(offset: timedelta) -> str:
    minutes, seconds = divmod(abs(offset) // timedelta(seconds=1), 60)
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")


def _escaped(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text


def _folded(content: str) -> str:
    """A line as lines of at most 75 octets, cut between characters."""
    pieces, piece, room = [], "", _OCTETS
    for character in content:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", _OCTETS - 1  # the space that goes before a continued line
        piece += character
        room -= size
    return "\r\n ".join([*pieces, piece])
