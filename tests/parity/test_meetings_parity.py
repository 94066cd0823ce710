"""Searches against a plain-Python twin that looks at every start of every meeting."""

import math
import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mshg import Dimension, Group, Meeting, Position, Slot
from mshg.domain import Barrier, MeetingMode, Recurrence
from mshg.meetings import Directory, MeetingQuery, searches

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


def some(draw, values, most):
    return draw.sample(values, draw.randint(0, most))


def a_recurrence(draw):
    return Recurrence(
        every_weeks=draw.choice([1, 1, 2, 3]),
        anchor=date(2026, 1, draw.randint(1, 28)),
        weeks_of_month=some(draw, [1, 2, 3, 4, 5, -1], 2),
        except_on=[date(2026, 11, d) for d in some(draw, range(1, 31), 3)],
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
    for _ in range(draw.choice([0, 0, 1, 3])):
        start, until = (time(draw.randint(0, 23), draw.choice([0, 30])) for _ in range(2))
        windows.append((draw.randint(0, 6), start, until))
    return MeetingQuery(
        groups=draw.choice([(), (), ("two", "one"), (VARIANT, "three"), ("unknown",)]),
        latitude=place[0],
        longitude=place[1],
        within_km=draw.choice([None, 0.5, 5.3, 333.3, 7000.0]) if has_place else None,
        reachable_by_kmh=draw.choice([None, None, 4.0, 61.7]) if has_place else None,
        timezone=draw.choice([None, *ZONES]),
        windows=windows,
        at=draw.choice(MOMENTS) + timedelta(minutes=draw.randint(-2000, 2000)),
        hours=draw.choice([0, 5.5, 12, 48, 49, 168, 168, 400, 2000]),
        modes=some(draw, list(MeetingMode), draw.choice([0, 0, 2])),
        all_tags=some(draw, [*TAGS, "tag_unknown"], draw.choice([0, 0, 0, 1])),
        any_tags=some(draw, [*TAGS, "tag_unknown"], draw.choice([0, 0, 2])),
        no_tags=some(draw, [*TAGS, "tag_unknown"], draw.choice([0, 0, 1])),
        languages=some(draw, ["EN", "es", "zh"], draw.choice([0, 0, 2])),
        barriers=some(draw, list(Barrier), draw.choice([0, 0, 2, 8])),
        limit=draw.choice([1, 2, 3, 10, MANY]) if limit is None else limit,
    )


def twin_km(lat_1, lon_1, lat_2, lon_2):
    """The haversine formula on a sphere of 6371.0088 km."""
    a, b, c, d = map(math.radians, (lat_1, lon_1, lat_2, lon_2))
    hav = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(min(1, hav)))


def twin_starts(meeting, query):
    zone = ZoneInfo(meeting.timezone)
    day = query.at.date() - timedelta(3)
    end = query.at + timedelta(microseconds=round(query.hours * 3_600_000_000))
    while datetime.combine(day, time(), UTC) < end + timedelta(3):
        for slot in meeting.slots:
            if slot.occurs_on(day):
                start = datetime.combine(day, slot.start, zone).astimezone(UTC)
                if query.at <= start < end:
                    yield start
        day += timedelta(1)


def twin_is_free(start, meeting, query):
    clock = start.astimezone(ZoneInfo(query.timezone or meeting.timezone))
    for window in query.windows:
        since, until = (
            timedelta(hours=t.hour, minutes=t.minute) for t in (window.start, window.until)
        )
        until += timedelta(1) if until <= since else timedelta()
        for days in (0, 1):  # days ago that the window may have begun
            now = timedelta(days, clock.hour * 3600 + clock.minute * 60 + clock.second)
            if (clock.weekday() - days) % 7 == window.weekday and since <= now < until:
                return True
    return not query.windows


def twin_suits(meeting, query):
    named = {told.lower() for told in meeting.languages}
    wanted = {w.lower() for w in query.languages}
    speaks = any(told == w or told.startswith(w + "-") for told in named for w in wanted)
    return (
        meeting.mode is not MeetingMode.INACTIVE
        and meeting.timezone is not None
        and query.all_tags <= meeting.tags
        and (not query.any_tags or bool(query.any_tags & meeting.tags))
        and not query.no_tags & meeting.tags
        and (not wanted or not named or speaks)
    )


def twin_rank(meeting, query):
    """Place in the order of preference; None where it is of no group asked for."""
    held = [g.holds(meeting) if isinstance(g, Group) else meeting.group == g for g in query.groups]
    if not query.groups:
        return 0
    return held.index(True) if True in held else None


def twin_ways(meeting, query):
    for way in (MeetingMode.IN_PERSON, MeetingMode.ONLINE):
        if meeting.mode in (way, MeetingMode.HYBRID) and (
            not query.modes or way in query.modes or meeting.mode in query.modes
        ):
            yield way


def twin(meetings, query, km_of):
    """The whole answer: (meeting, online, km, start), in order."""
    streams = {"near": [], "online": [], "blind": [], "place": []}
    for meeting in meetings:
        rank = twin_rank(meeting, query)
        if rank is None or not twin_suits(meeting, query):
            continue
        has_place = meeting.latitude is not None and not meeting.is_approximate
        km = km_of(meeting) if has_place and query.latitude is not None else None
        unnamed = bool(query.languages) and not meeting.languages
        for way in twin_ways(meeting, query):
            is_online = way is MeetingMode.ONLINE
            for start in twin_starts(meeting, query):
                if not twin_is_free(start, meeting, query):
                    continue
                blind = query.latitude is not None and km is None
                if not is_online and query.within_km is not None:
                    if blind or km > query.within_km:
                        continue
                if not is_online and query.reachable_by_kmh is not None:
                    if blind or query.at + timedelta(hours=km / query.reachable_by_kmh) > start:
                        continue
                name = "online" if is_online else "blind" if blind else "near"
                told = km if name == "near" else None
                key = (told or 0, start, unnamed, rank, meeting.id, meeting.group)
                streams[name].append((key, meeting, is_online, told, start))
    near, online, blind = (
        sorted(streams[s], key=lambda o: o[0]) for s in ("near", "online", "blind")
    )
    near, online, blind = map(once, (near, online, blind))
    lifts = query.barriers & {Barrier.SOCIAL_ANXIETY, Barrier.DISTANCE, Barrier.TRANSPORT}
    if lifts:
        turns = [o for pair in zip(online, near, strict=False) for o in pair]
        shorter = min(len(online), len(near))
        listed = [*turns, *online[shorter:], *near[shorter:], *blind]
    elif query.latitude is None:
        listed = sorted(near + online, key=lambda o: (o[0], o[2]))
    else:
        listed = near + online + blind
    return [o[1:] for o in once(listed)][: query.limit]


def once(offers):
    seen = set()
    return [o for o in offers if not (id(o[1]) in seen or seen.add(id(o[1])))]


def shown(match):
    return match.meeting, match.way is MeetingMode.ONLINE, match.distance_km, match.starts_at


def distances(directory, query):
    """What the directory tells of each meeting's distance, checked against the formula."""
    if query.latitude is None:
        return {}
    wide = MeetingQuery(
        at=query.at - timedelta(20),
        hours=8000,
        latitude=query.latitude,
        longitude=query.longitude,
        modes=["in_person"],
        limit=MANY,
    )
    told = {id(m.meeting): m.distance_km for m in directory.search(wide).matches}
    for meeting in directory.meetings:
        if (km := told.get(id(meeting))) is not None:
            expected = twin_km(query.latitude, query.longitude, meeting.latitude, meeting.longitude)
            assert km == pytest.approx(expected, abs=1e-4 if expected > 20_000 else 1e-8)
    return told


@pytest.fixture(params=["as shipped", "narrow"])
def _circles(request, monkeypatch):
    """The second time in small circles and small blocks, as a large directory would be searched."""
    if request.param == "narrow":
        monkeypatch.setattr(searches, "_FEW", 0)
        monkeypatch.setattr(searches, "_AT_ONCE", 7)


@pytest.mark.usefixtures("_circles")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.sampled_from([0, 3, 30, 90]))
def test_searches_find_what_looking_at_everything_finds(draw, size):
    """A search finds exactly what looking at every start of every meeting finds, in that order."""
    meetings = [a_meeting(draw) for _ in range(size)]
    directory = Directory(meetings)
    assert len(directory) + sum(map(len, directory.left_out.values())) == size
    queries = [a_query(draw) for _ in range(4)]
    for query, result in zip(queries, directory.search_many(queries), strict=True):
        km = distances(directory, query)
        expected = twin(directory.meetings, query, lambda m, km=km: km.get(id(m)))
        assert [shown(m) for m in result.matches] == expected
