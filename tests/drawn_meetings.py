"""Random meetings and queries, made to meet: few words, shared places, changes of the clock."""

import random
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from mshg import Dimension, Group, Meeting, Position, Slot
from mshg.domain import Barrier, MeetingMode, Recurrence
from mshg.domain.vocabulary import WAYS_TO_ATTEND
from mshg.meetings import MeetingQuery

ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
PLACES = [(0.0, 0.0), (40.7, -74.0), (40.71, -74.01), (52.5, 13.4), (-17.8, 179.9), (-17.8, -179.8)]
PLACES += [(90.0, 10.0), (-89.9, -120.0), (40.7, -75.2), (0.0, 180.0)]
TAGS = [f"tag_{i}" for i in range(5)]
MANY = 1_000_000
# Around both changes of the clock, on both sides of the Atlantic and of the equator.
MOMENTS = [datetime(2026, 3, 7, 22, tzinfo=UTC), datetime(2026, 3, 28, 23, 30, tzinfo=UTC)]
MOMENTS += [datetime(2026, 10, 3, 12, tzinfo=UTC), datetime(2026, 10, 31, 20, 15, tzinfo=UTC)]
MOMENTS += [datetime(2026, 11, 23, 17, tzinfo=UTC), datetime(2026, 12, 31, 23, 59, tzinfo=UTC)]

NOWHERE = {
    d: Position(position=0, salience=0, source="x", confidence="judgment") for d in Dimension
}
VARIANT = Group(
    id="one_half", name="x", philosophy=NOWHERE, variant_of="one", variant_tags=TAGS[:1]
)


DRAWS = st.builds(
    random.Random, st.integers(0, 1 << 32)
)  # Hypothesis's own are slow by the million


def some(draw, values, most):
    return draw.sample(values, draw.randint(0, most))


def a_recurrence(draw):
    return Recurrence(
        every_weeks=draw.choice([1, 1, 2, 3]),
        anchor=date(2026, 1, draw.randint(1, 28)),
        weeks_of_month=some(draw, [1, 2, 3, 4, 5, -1], 2),
        except_dates=[date(2026, 11, d) for d in some(draw, range(1, 31), 3)],
    )


def a_slot(draw):
    clock = time(draw.choice([0, 1, 2, 3, 12, 19, 23]), draw.choice([0, 0, 30, 59]))
    plain = draw.random() < 0.7
    return Slot(
        weekday=draw.randint(0, 6),
        start=clock,
        **({} if plain else {"recurrence": a_recurrence(draw)}),
    )


def a_meeting(draw):
    place = draw.choice([*PLACES, (None, None)])
    if place[0] is not None and draw.random() < 0.3:
        place = (draw.uniform(-90, 90), draw.uniform(-180, 180))
    return Meeting(
        id=f"id {draw.randint(0, 60)}",
        group=draw.choice(["one", "two", "three"]),
        name=f"name {draw.randint(0, 9)}",
        slots=[a_slot(draw) for _ in range(draw.choice([0, 1, 1, 1, 2, 3]))],
        timezone=draw.choice([*ZONES, ZONES[0], None]),
        mode=draw.choice([*MeetingMode, MeetingMode.IN_PERSON]),
        latitude=place[0],
        longitude=place[1],
        is_approximate=draw.random() < 0.15,
        tags=some(draw, TAGS, 4),
        languages=some(draw, ["en", "es-MX", "zh-Hant"], 2),
    )


def a_query(draw, limit=None):
    place = draw.choice([*PLACES, (None, None)])
    has_place = place[0] is not None
    windows = []
    for _ in range(draw.choice([0, 0, 0, 1, 3])):
        start, until = (time(draw.randint(0, 23), draw.choice([0, 30])) for _ in range(2))
        windows.append((draw.randint(0, 6), start, until))
    return MeetingQuery(
        groups=draw.choice([(), (), (), ("two", "one"), (VARIANT, "three"), ("unknown",)]),
        latitude=place[0],
        longitude=place[1],
        within_km=draw.choice([None, 0.5, 5.3, 333.3, 7000.0]) if has_place else None,
        travel_speed_kmh=draw.choice([None, None, 4.0, 61.7]) if has_place else None,
        timezone=draw.choice([None, *ZONES]),
        windows=windows,
        at=draw.choice(MOMENTS) + timedelta(minutes=draw.randint(-2000, 2000)),
        hours=draw.choice([0, 5.5, 12, 48, 49, 168, 168, 168, 400, 2000]),
        started_within=timedelta(minutes=draw.choice([0, 0, 0, 20, 90, 720])),
        modes=some(draw, list(WAYS_TO_ATTEND), draw.choice([0, 0, 2])),
        all_tags=some(draw, [*TAGS, "tag_unknown"], draw.choice([0, 0, 0, 0, 1])),
        any_tags=some(draw, [*TAGS, "tag_unknown"], draw.choice([0, 0, 0, 2])),
        no_tags=some(draw, [*TAGS, "tag_unknown"], draw.choice([0, 0, 0, 1])),
        languages=some(draw, ["EN", "es", "zh"], draw.choice([0, 0, 0, 2])),
        barriers=some(draw, list(Barrier), draw.choice([0, 0, 2, 8])),
        limit=draw.choice([1, 2, 3, 10, MANY]) if limit is None else limit,
    )
