"""Meeting Guide JSON out.

A row is written, read back by this package's own reader and compared: what would come back
otherwise is not written, and the fields that the format can't hold are named.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from attrs import evolve, fields

from mshg.domain import Meeting, MeetingFlag
from mshg.errors import FeedError, Problem
from mshg.feeds.meeting_guide import EXTENSION, read_meeting_guide
from mshg.feeds.reports import RejectedRow, refusal
from mshg.feeds.type_codes import codes_of, program_of, union

_MINUTES_OF_DAY = 24 * 60
_NO_ZONE = "UTC"  # every row names its own
_LONGEST_NAME = 255  # these three as the format has them
_LONGEST_SLUG = 64
_NOT_IN_A_SLUG = re.compile(r"[^A-Za-z0-9._~-]+")
_RULES = {
    "slots": "can't be held: a row has days at one time, and no weeks but those that notes tell",
    "timezone": "must be known",
    "latitude": "can't be held for an online meeting, nor at 0, 0",
    "longitude": "can't be held for an online meeting, nor at 0, 0",
    "tags": "can't be held: the program's lists have no codes for them",
    "languages": "can't be held: the program's lists have no codes for them",
    "flags": "can't be held: the row says otherwise",
}
_RULE = "would not be read back as it is"


def write_meeting_guide(
    meetings: Iterable[Meeting], *, with_join: bool = False
) -> tuple[list[dict[str, Any]], tuple[RejectedRow, ...]]:
    """Write meetings of one group as a list in Meeting Guide JSON.

    What is written reads back as the same meetings; what the format can't hold is not written
    in part, but reported with the reason.

    Parameters
    ----------
    meetings
        Meetings of one group, that of the first; those of other groups are not written.
    with_join
        Whether to write how to join from afar: links, passcodes, dial-in lines.

    Returns
    -------
    tuple
        The feed, ready for ``json.dumps``, and what was not written: its place in ``meetings``,
        the field, and the rule. An id that can't stand in a link, or is longer than the format
        allows, is kept beside a slug made of it.

    Raises
    ------
    FeedError
        One of them is no `Meeting`.

    Examples
    --------
    >>> from datetime import time
    >>> from mshg import Meeting, Slot, feeds
    >>> noon = Meeting(id="noon", group="aa", name="Noon", timezone="America/Chicago",
    ...                slots=[Slot(weekday=0, start=time(12))], tags=["open"])
    >>> feed, not_written = feeds.write_meeting_guide([noon])
    >>> feed[0]["day"], feed[0]["types"], not_written
    (1, ['O'], ())
    >>> feeds.read_meeting_guide(feed, group="aa", default_timezone="UTC").meetings == (noon,)
    True
    """
    feed: list[dict[str, Any]] = []
    rejected: list[RejectedRow] = []
    seen: set[str] = set()
    group: str | None = None
    for number, given in enumerate(meetings):
        if not isinstance(given, Meeting):
            raise FeedError(f"meetings: number {number} must be a Meeting")
        meeting = given if with_join else evolve(given, join_info=None)
        group = meeting.group if group is None else group
        row = _row(meeting)
        problems = _problems(meeting, row, group, seen)
        if problems:
            rejected.append(refusal(number, problems))
            continue
        seen.add(meeting.id)
        feed.append(row)
    return feed, tuple(rejected)


def _problems(meeting: Meeting, row: dict[str, Any], group: str, seen: set[str]) -> list[Problem]:
    """What the row can't hold of the meeting, found by reading it."""
    if meeting.group != group:
        return [Problem(".group", "must be that of the first meeting", code="conflict")]
    if meeting.id in seen:
        return [Problem(".id", "is that of an earlier meeting", code="repeated")]
    if len(meeting.name) > _LONGEST_NAME:
        return [Problem(".name", f"must have at most {_LONGEST_NAME} characters", code="malformed")]
    report = read_meeting_guide([row], group=group, default_timezone=_NO_ZONE)
    if report.rejected:
        return [
            Problem(r.path.removeprefix("$[0]"), r.reason, code="malformed")
            for r in report.rejected
        ]
    (read,) = report.meetings + report.inactive
    names = [f.name for f in fields(Meeting) if getattr(read, f.name) != getattr(meeting, f.name)]
    return [Problem(f".{name}", _RULES.get(name, _RULE), code="conflict") for name in names]


def _row(meeting: Meeting) -> dict[str, Any]:
    """The row of a meeting, without what it leaves unsaid."""
    codes = list(meeting.source_codes)
    if not _says(codes, meeting):
        codes = _types(meeting)
    row: dict[str, Any] = {
        "slug": _slug(meeting.id),
        "name": meeting.name,
        **_when(meeting),
        "timezone": meeting.timezone,
        "attendance_option": meeting.mode.value,
        "types": codes,
        "formatted_address": meeting.address,
        "location": meeting.location,
        "regions": list(meeting.regions),
        "latitude": meeting.latitude,
        "longitude": meeting.longitude,
        "approximate": _approximate(meeting),
        "notes": meeting.notes,
        "url": meeting.url,
        **_join(meeting),
        EXTENSION: _extension(meeting, codes),
    }
    return {key: value for key, value in row.items() if value not in (None, [], {})}


def _slug(id_: str) -> str:
    """The id, or what can stand in a link for it, kept apart from others by a digest."""
    readable = _NOT_IN_A_SLUG.sub("-", id_)
    if readable == id_ and len(id_) <= _LONGEST_SLUG:
        return id_
    digest = hashlib.sha256(id_.encode()).hexdigest()[:12]
    return f"{readable[: _LONGEST_SLUG - len(digest) - 1]}-{digest}"


def _when(meeting: Meeting) -> dict[str, Any]:
    if not meeting.slots:
        return {}
    first = meeting.slots[0]
    days = [(slot.weekday + 1) % 7 for slot in meeting.slots]
    when: dict[str, Any] = {
        "day": days[0] if len(days) == 1 else days,
        "time": f"{first.start:%H:%M}",
    }
    if first.duration is not None and first.duration < timedelta(days=1):
        start = timedelta(hours=first.start.hour, minutes=first.start.minute)
        minutes = (start + first.duration) // timedelta(minutes=1) % _MINUTES_OF_DAY
        when["end_time"] = f"{minutes // 60:02}:{minutes % 60:02}"
    return when


def _says(codes: list[str], meeting: Meeting) -> bool:
    """Whether the list's own codes say the tags and languages in the group's own program."""
    known = codes_of(program_of(meeting.group))
    found = union(known[code.lower()] for code in codes if code.lower() in known)
    open_too = {"open"} if MeetingFlag.CLOSED_RATHER_THAN_OPEN in meeting.flags else set()
    return (found.tags - open_too, found.languages) == (meeting.tags, meeting.languages)


def _types(meeting: Meeting) -> list[str]:
    """Codes of the group's own program for the tags and languages."""
    wanted = meeting.tags | meeting.languages
    said: set[str] = set()
    types: list[str] = []
    codes = codes_of(program_of(meeting.group)).items()
    for code, meaning in sorted(codes, key=lambda item: len(item[1].tags)):
        says = meaning.tags | meaning.languages
        if says <= wanted and not says <= said:
            said |= says
            types.append(code.upper())
    return types


def _approximate(meeting: Meeting) -> str | None:
    if meeting.is_approximate:
        return "yes"
    return "no" if meeting.latitude is not None else None


def _join(meeting: Meeting) -> dict[str, str | None]:
    join = meeting.join_info
    if join is None:
        return {}
    return {
        "conference_url": join.url,
        "conference_url_notes": join.url_notes,
        "conference_phone": join.phone,
        "conference_phone_notes": join.phone_notes,
    }


def _extension(meeting: Meeting, codes: list[str]) -> dict[str, Any]:
    """What no field of the format holds: what is uncertain, codes of another kind of list, ids."""
    kept: dict[str, Any] = {}
    if _slug(meeting.id) != meeting.id:
        kept["id"] = meeting.id
    if meeting.flags:
        kept["flags"] = sorted(flag.value for flag in meeting.flags)
    if codes != list(meeting.source_codes):
        kept["source_codes"] = list(meeting.source_codes)
    return kept
