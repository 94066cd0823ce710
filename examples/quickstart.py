"""One person's answers and one meeting list in; an explained shortlist with coming meetings out.

    python examples/quickstart.py
    python examples/quickstart.py --answers my.json --meetings list.json --group aa \
        --timezone America/New_York --at 2026-11-23T17:00
"""

import argparse
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from mshg import Meeting, MeetingMode, MeetingPreferences, Person, catalog, codec, feeds, fit

HERE = Path(__file__).parent
WEEKS_AHEAD = 2


def suits(meeting: Meeting, wanted: MeetingPreferences) -> bool:
    """Whether a meeting is of a kind the person can use; weekdays are looked at slot by slot."""
    modes = {meeting.mode}
    if meeting.mode is MeetingMode.HYBRID:
        modes |= {MeetingMode.IN_PERSON, MeetingMode.ONLINE}
    return (
        (not wanted.modes or bool(modes & wanted.modes))
        and wanted.all_tags <= meeting.tags
        and (not wanted.any_tags or bool(wanted.any_tags & meeting.tags))
        and not wanted.no_tags & meeting.tags
        and (
            not wanted.languages
            or not meeting.languages
            or bool(wanted.languages & meeting.languages)
        )
    )


def starts(meeting: Meeting, wanted: MeetingPreferences, at: datetime) -> Iterator[datetime]:
    """When it starts in the weeks after ``at``, in its own zone."""
    zone = ZoneInfo(meeting.timezone or "UTC")
    today = at.astimezone(zone).date()
    for day in (today + timedelta(days) for days in range(7 * WEEKS_AHEAD + 1)):
        for slot in meeting.slots:
            start = datetime.combine(day, slot.start, zone)
            if (
                slot.occurs_on(day)
                and start > at
                and (not wanted.weekdays or slot.weekday in wanted.weekdays)
            ):
                yield start


def coming(
    meetings: Iterable[Meeting], wanted: MeetingPreferences, at: datetime
) -> list[tuple[datetime, Meeting]]:
    """Suitable meetings by their next start, soonest first."""
    nexts = ((next(starts(m, wanted, at), None), m) for m in meetings if suits(m, wanted))
    return sorted(
        ((start, m) for start, m in nexts if start), key=lambda pair: (pair[0], pair[1].id)
    )


def main() -> None:
    """Read the command line, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--answers", type=Path, default=HERE / "answers.json", help="a Person document"
    )
    parser.add_argument(
        "--meetings", type=Path, default=HERE / "meetings.json", help="a Meeting Guide list"
    )
    parser.add_argument("--group", default="aa", help="id of the group whose list it is")
    parser.add_argument("--timezone", default="America/Chicago", help="zone of rows that name none")
    parser.add_argument("--at", type=datetime.fromisoformat, help="from when on; now if not given")
    given = parser.parse_args()

    person = codec.loads(given.answers.read_bytes(), Person)
    report = feeds.read_meeting_guide(
        given.meetings, group=given.group, default_timezone=given.timezone
    )
    zone = ZoneInfo(given.timezone)
    at = given.at or datetime.now(zone)
    at = at if at.tzinfo else at.replace(tzinfo=zone)

    groups = catalog.load()
    shortlist = fit.shortlist(person, groups)
    print(shortlist.to_text())
    for option in shortlist.options:
        held = [m for m in report.meetings if groups[option.group].holds(m)]
        soonest = coming(held, person.preferences, at)[:3]
        if not soonest:
            print(f"\nNo coming meetings of {option.name} in this list that suit.")
            continue
        print(f"\nComing meetings of {option.name}:")
        for start, meeting in soonest:
            mode = meeting.mode.replace("_", " ")
            print(f"  {start:%a %b %d, %H:%M}  {meeting.name} ({mode})")
            where = [meeting.location, meeting.address, meeting.url]
            for line in filter(None, where):
                print(f"      {line}")
    print(f"\nThe list: {report}")
    for row in report.refused:
        print(f"  refused {row.path}: {row.reason}")


if __name__ == "__main__":
    main()
