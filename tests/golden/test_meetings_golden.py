"""Distances and starts worked by hand.

On a sphere of R = 6371.0088 km a degree of arc is R pi / 180 = 111.195080 km; on a meridian or
the equator, a distance is degrees times that. A degree of longitude at 60 degrees north is
2 R asin(cos 60 sin 0.5) = 2 R asin(0.5 x 0.008726535) = 2 R x 0.0043632816 = 55.597011 km.
From 45 north 0 east to 45 north 180 east the shortest way goes over the pole: 90 degrees.
"""

from datetime import UTC, date, datetime, time

import pytest

from mshg import Meeting, Slot
from mshg.domain import Recurrence
from mshg.meetings import Directory, MeetingQuery

DEGREE = 111.195080


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [
        ((0, 0), (1, 0), DEGREE),
        ((0, 0), (0, 1), DEGREE),
        ((0, 0), (90, 0), 90 * DEGREE),
        ((0, 0), (0, 180), 180 * DEGREE),
        ((90, 12), (-90, 77), 180 * DEGREE),
        ((90, 12), (89, -100), DEGREE),
        ((0, 179.5), (0, -179.5), DEGREE),
        ((60, 10), (60, 11), 55.597011),
        ((45, 0), (45, 180), 90 * DEGREE),
        ((45, 180), (45, -180), 0),
    ],
)
def test_distances(here, there, km):
    slots = [Slot(weekday=0, start=time(12))]
    place = {"latitude": there[0], "longitude": there[1]}
    meeting = Meeting(id="1", group="aa", name="x", slots=slots, timezone="UTC", **place)
    at = datetime(2026, 11, 23, tzinfo=UTC)
    query = MeetingQuery(at=at, latitude=here[0], longitude=here[1])
    (match,) = Directory([meeting]).search(query).matches
    assert match.distance_km == pytest.approx(km, rel=2e-8, abs=1e-9)


# From a calendar of 2026: Saturdays of October are 3, 10, 17, 24, 31; of November 7, 14, 21, 28.
# Sydney (UTC+10, +11 from October 4 on); Berlin (UTC+2, +1 from October 25 on).
@pytest.mark.parametrize(
    ("zone", "recurrence", "at", "starts"),
    [
        ("Australia/Sydney", Recurrence(weeks_of_month=[1]), "2026-10-03", "2026-10-03T09:00Z"),
        ("Australia/Sydney", Recurrence(weeks_of_month=[2]), "2026-10-03", "2026-10-10T08:00Z"),
        ("Europe/Berlin", Recurrence(weeks_of_month=[-1]), "2026-10-03", "2026-10-31T18:00Z"),
        (
            "Europe/Berlin",
            Recurrence(every_weeks=2, anchor=date(2026, 10, 10)),
            "2026-10-11",
            "2026-10-24T17:00Z",
        ),
        (
            "Europe/Berlin",
            Recurrence(except_dates=[date(2026, 10, 24)]),
            "2026-10-18",
            "2026-10-31T18:00Z",
        ),
    ],
)
def test_starts(zone, recurrence, at, starts):
    slot = Slot(weekday=5, start=time(19), recurrence=recurrence)
    meeting = Meeting(id="1", group="aa", name="x", slots=[slot], timezone=zone)
    query = MeetingQuery(at=datetime.fromisoformat(f"{at}T00:00Z"), hours=900)
    (match,) = Directory([meeting]).search(query).matches
    assert match.starts_at.astimezone(UTC) == datetime.fromisoformat(starts)
