"""One person's answers and some meeting lists in; a shortlist, meetings and a week's plan out.

    python examples/quickstart.py
    python examples/quickstart.py --answers my.json --meetings aa=FILE --meetings na=FILE \
        --timezone America/New_York --near 39.95,-75.17 --within 10 --at 2026-11-23T17:00
"""

import argparse
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mshg import Person, catalog, codec, feeds, fit, meetings
from mshg.errors import MshgError

HERE = Path(__file__).parent
SHOWN = 3


def place(text: str) -> tuple[float, float]:
    """Read a position: degrees north and east."""
    latitude, longitude = map(float, text.split(","))
    return latitude, longitude


def read(path: Path, group: str, timezone: str) -> feeds.FeedReport:
    """Read a list in the format that it is in: BMLT's rows tell the weekday as a small number."""
    data = path.read_bytes()
    read_list = feeds.read_bmlt if b'"weekday_tinyint"' in data else feeds.read_meeting_guide
    return read_list(data, group=group, default_timezone=timezone)


def main() -> None:
    """Read the command line, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--answers", type=Path, default=HERE / "answers.json", help="a Person document"
    )
    parser.add_argument(
        "--meetings",
        action="append",
        metavar="GROUP=FILE",
        help="a Meeting Guide or BMLT list and the id of its group; as many as you like",
    )
    parser.add_argument("--group", default="aa", help="id of the group of a FILE without one")
    parser.add_argument(
        "--timezone", default="America/Chicago", help="the person's zone, and of rows without one"
    )
    parser.add_argument(
        "--near",
        type=place,
        metavar="LAT,LON",
        help="where the person is; --near=-33.9,151.2 south of the equator",
    )
    parser.add_argument("--within", type=float, metavar="KM", help="how far they would go")
    parser.add_argument("--at", type=datetime.fromisoformat, help="from when on; now if not given")
    given = parser.parse_args()
    if given.within is not None and given.near is None:
        parser.error("--within needs --near")
    try:
        show(given)
    except (MshgError, OSError, ValueError, ZoneInfoNotFoundError) as error:
        parser.error(str(error))


def show(given: argparse.Namespace) -> None:
    """Read what the command line names, and print."""
    zone = ZoneInfo(given.timezone)
    at = given.at or datetime.now(zone)
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    latitude, longitude = given.near or (None, None)
    person = codec.loads(given.answers.read_bytes(), Person)

    groups = catalog.load()
    reports = {}
    for source in given.meetings or [str(HERE / "meetings.json")]:
        group, _, path = source.rpartition("=")
        group = group or given.group
        reports[source] = read(Path(path), groups[group].id, given.timezone)
    directory = meetings.Directory(m for r in reports.values() for m in r.meetings)

    shortlist = fit.shortlist(person, groups)
    print(shortlist.to_text())
    for option in shortlist.options:
        query = meetings.MeetingQuery.from_person(
            person,
            at=at,
            groups=[groups[option.group]],
            latitude=latitude,
            longitude=longitude,
            within_km=given.within,
            timezone=given.timezone,
            limit=SHOWN,
        )
        found = directory.search(query)
        if found.matches:
            print(f"\nComing meetings of {option.name}:\n{found.to_text()}")
        else:
            print(f"\nNo coming meetings of {option.name} in these lists that suit.")
            changes = [c.reason for c in found.relaxations if c.constraint != "groups"]
            for change in changes[:1]:
                print(change)
    plan = meetings.plan_week(
        person,
        [groups[option.group] for option in shortlist.options],
        directory,
        at=at,
        timezone=given.timezone,
        latitude=latitude,
        longitude=longitude,
        within_km=given.within,
    )
    print(f"\n{plan.to_text()}")
    for source, report in reports.items():
        print(f"\n{source}: {report}")
        for row in report.rejected[:SHOWN]:
            print(f"  rejected {row.path}: {row.reason}")
        if len(report.rejected) > SHOWN:
            print(f"  and {len(report.rejected) - SHOWN} more rows")


if __name__ == "__main__":
    main()
