"""Searches against a plain-Python twin that looks at every start of every meeting."""

import math
import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawn_meetings import DRAWS, MANY, MOMENTS, TAGS, ZONES, a_meeting, a_query, some
from mshg import Group, Meeting, Slot
from mshg.domain import Barrier, MeetingMode
from mshg.meetings import EARTH_RADIUS_KM, Directory, MeetingQuery, kernels, searches


def twin_km(lat_1, lon_1, lat_2, lon_2):
    """The haversine formula on a sphere of 6371.0088 km."""
    a, b, c, d = map(math.radians, (lat_1, lon_1, lat_2, lon_2))
    hav = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(min(1, hav)))


def twin_end(meeting, start):
    """When a meeting that has begun is over, by its longest slot."""
    hour = timedelta(hours=1)
    return start + max(slot.duration or hour for slot in meeting.slots)


def twin_starts(meeting, query):
    zone = ZoneInfo(meeting.timezone)
    day = query.at.date() - timedelta(3)
    end = query.at + timedelta(microseconds=round(query.hours * 3_600_000_000))
    while datetime.combine(day, time(), UTC) < end + timedelta(3):
        for slot in meeting.slots:
            if slot.occurs_on(day):
                start = datetime.combine(day, slot.start, zone).astimezone(UTC)
                since = query.at - query.started_within
                if since <= start < end and (
                    start >= query.at or twin_end(meeting, start) > query.at
                ):
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
    named = {stated.lower() for stated in meeting.languages}
    wanted = {w.lower() for w in query.languages}
    speaks = any(stated == w or stated.startswith(w + "-") for stated in named for w in wanted)
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
    held = [
        g.includes(meeting) if isinstance(g, Group) else meeting.group == g for g in query.groups
    ]
    if not query.groups:
        return 0
    return held.index(True) if True in held else None


def twin_ways(meeting, query):
    for way in (MeetingMode.IN_PERSON, MeetingMode.ONLINE):
        if meeting.mode in (way, MeetingMode.HYBRID) and (
            not query.modes or way in query.modes or meeting.mode in query.modes
        ):
            yield way


def twin_offers(meeting, query, km):
    """Each way and start that fits: (is online, km told, start)."""
    has_place = meeting.latitude is not None and not meeting.is_approximate
    for way in twin_ways(meeting, query):
        is_online = way is MeetingMode.ONLINE
        is_reported = has_place and query.latitude is not None and not is_online
        for start in twin_starts(meeting, query):
            if twin_is_free(start, meeting, query) and (
                is_online or twin_is_in_reach(km if is_reported else None, start, query)
            ):
                yield is_online, km if is_reported else None, start


def twin_is_in_reach(km, start, query):
    near, kmh = query.within_km, query.travel_speed_kmh
    is_near = near is None or (km is not None and km <= near)
    in_time = kmh is None or (km is not None and query.at + timedelta(hours=km / kmh) <= start)
    return is_near and in_time


def twin(meetings, query, km_of):
    """The whole answer: (meeting, online, km, start), in order."""
    near, online, blind = [], [], []
    for place, meeting in enumerate(meetings):
        rank = twin_rank(meeting, query)
        if rank is None or not twin_suits(meeting, query):
            continue
        unnamed = bool(query.languages) and not meeting.languages
        for is_online, km, start in twin_offers(meeting, query, km_of(meeting)):
            stream = online if is_online else blind if km is None else near
            key = (km or 0, start, unnamed, rank, place)
            stream.append((key, meeting, is_online, km, start))
    if query.latitude is None:
        near, blind = blind, []
    near, online, blind = (once(sorted(s, key=lambda o: o[0])) for s in (near, online, blind))
    if query.barriers & {Barrier.SOCIAL_ANXIETY, Barrier.DISTANCE, Barrier.TRANSPORT}:
        turns = [o for pair in zip(online, near, strict=False) for o in pair]
        shorter = min(len(online), len(near))
        listed = [*turns, *online[shorter:], *near[shorter:], *blind]
    elif query.latitude is None:
        listed = sorted(near + online, key=lambda o: o[0])
    else:
        listed = near + online + blind
    return [o[1:] for o in once(listed)][: query.limit]


def once(offers):
    seen = set()
    return [o for o in offers if not (id(o[1]) in seen or seen.add(id(o[1])))]


def shown(match):
    start = match.starts_at.astimezone(UTC)  # a repeated hour equals none of another zone
    return match.meeting, match.way is MeetingMode.ONLINE, match.distance_km, start


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
    stated = {id(m.meeting): m.distance_km for m in directory.search(wide).matches}
    for meeting in directory.meetings:
        if (km := stated.get(id(meeting))) is not None:
            expected = twin_km(query.latitude, query.longitude, meeting.latitude, meeting.longitude)
            assert km == pytest.approx(expected, abs=1e-4 if expected > 20_000 else 1e-8)
    return stated


@pytest.fixture(params=["as shipped", "narrow"])
def _circles(request, monkeypatch):
    """The second time in small circles and small blocks, as a large directory would be searched."""
    if request.param == "narrow":
        monkeypatch.setattr(searches, "_FEW", 0)
        monkeypatch.setattr(searches, "_RARE", 1e-9)
        monkeypatch.setattr(searches, "_AT_ONCE", 7)


@pytest.mark.usefixtures("_circles")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(DRAWS, st.sampled_from([0, 3, 30, 90]))
def test_searches_find_what_looking_at_everything_finds(draw, size):
    """A search finds exactly what looking at every start of every meeting finds, in that order."""
    meetings = [a_meeting(draw) for _ in range(size)]
    directory = Directory(meetings)
    assert len(directory) + sum(map(len, directory.skipped.values())) == size
    queries = [a_query(draw) for _ in range(4)]
    for query, result in zip(queries, directory.search_many(queries), strict=True):
        km = distances(directory, query)
        expected = twin(directory.meetings, query, lambda m, km=km: km.get(id(m)))
        assert [shown(m) for m in result.matches] == expected


@given(DRAWS, st.sampled_from([0.001, 0.02, 0.4]))
def test_circles_hold_all_that_is_near(draw, angle):
    """The runs of a circle hold every place within it, at the poles and over the antimeridian."""
    near_poles = (-90.0, -89.9, 0.0, 89.9, 90.0)
    centers = [
        (draw.choice(near_poles), draw.choice([-180.0, -179.9, 7.0, 180.0])) for _ in range(9)
    ]
    centers += [(draw.uniform(-90, 90), draw.uniform(-180, 180)) for _ in range(9)]
    reach = math.degrees(angle) * 1.5
    points = [
        (
            max(-90, min(90, lat + draw.uniform(-reach, reach))),
            (lon + 180 + draw.uniform(-1, 1) * draw.choice([reach, 180])) % 360 - 180,
        )
        for lat, lon in centers
        for _ in range(40)
    ]
    points += [(lat, lon) for lat, lon in points if abs(lat) < 90] + [(0.0, 180.0), (90.0, 3.0)]
    latitude, longitude = np.array(centers).T
    keys = kernels.band_keys(*np.array(points).T)
    owner, first, last = kernels.cap_runs(latitude, longitude, np.full(len(centers), angle))
    assert (np.diff(owner) >= 0).all()
    for i, center in enumerate(centers):
        runs = [(a, b) for j, a, b in zip(owner, first, last, strict=True) if j == i]
        for point, key in zip(points, keys, strict=True):
            if twin_km(*center, *point) <= angle * EARTH_RADIUS_KM:
                assert any(a <= key <= b for a, b in runs)


@pytest.mark.parametrize("hours", [12, 168])
@pytest.mark.parametrize("seed", range(4))
def test_circles_of_any_width_find_what_looking_at_everything_finds(seed, hours, monkeypatch):
    """How wide a search begins, and whether in the half days of windows alone, does not change what
    it finds, over the antimeridian either.
    """
    draw = random.Random(seed)  # noqa: S311
    towns = [(-17.8, 179.99), (64.8, -179.5), (89.0, 0.0), (40.7, -74.0)]
    meetings = [a_meeting_near(draw, i, draw.choice(towns)) for i in range(1500)]
    directory = Directory(meetings)
    queries = [
        evolve(a_query_near(draw, draw.choice(towns)), hours=hours, limit=draw.choice([1, 5, 40]))
        for _ in range(60)
    ]
    monkeypatch.setattr(searches, "_FEW", 0)
    monkeypatch.setattr(searches, "_RARE", 1e-9)
    circles = [list(map(shown, r.matches)) for r in directory.search_many(queries)]
    monkeypatch.setattr(searches, "_AT_ONCE", 50)
    alone = [list(map(shown, directory.search(q).matches)) for q in queries]
    monkeypatch.setattr(searches, "_FEW", MANY)
    whole = [list(map(shown, r.matches)) for r in directory.search_many(queries)]
    assert circles == alone == whole
    assert sum(map(len, whole)) > 300


def a_meeting_near(draw, i, town):
    latitude = max(-90, min(90, draw.gauss(town[0], 0.6)))
    longitude = (draw.gauss(town[1], 0.6) + 180) % 360 - 180
    slots = [Slot(weekday=draw.randint(0, 6), start=time(draw.randint(0, 23))) for _ in range(2)]
    place = {"latitude": latitude, "longitude": longitude, "timezone": draw.choice(ZONES)}
    return Meeting(id=str(i), group="one", name="x", slots=slots, tags=some(draw, TAGS, 3), **place)


def a_query_near(draw, town):
    latitude, longitude = max(-90, min(90, draw.gauss(town[0], 1))), draw.gauss(town[1], 1)
    return MeetingQuery(
        at=draw.choice(MOMENTS),
        latitude=latitude,
        longitude=(longitude + 180) % 360 - 180,
        within_km=draw.choice([None, None, 30, 400]),
        travel_speed_kmh=draw.choice([None, 30]),
        any_tags=some(draw, TAGS, 1),
        timezone=draw.choice([None, *ZONES]),
        windows=[
            (draw.randint(0, 6), time(draw.randint(0, 23)), time(5))
            for _ in range(draw.choice([0, 0, 2]))
        ],
    )
