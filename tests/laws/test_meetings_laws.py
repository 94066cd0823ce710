"""Laws of searches, weeks and calendars; each docstring is a sentence of the docs."""

import io
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import numpy as np
import pytest
from attrs import evolve
from dateutil.rrule import rruleset, rrulestr
from dateutil.tz import tzical
from hypothesis import assume, given
from hypothesis import strategies as st

from drawn_meetings import DRAWS, MANY, ZONES, a_meeting, a_query
from mshg import Meeting, Person, Slot, testing
from mshg.domain import Window
from mshg.meetings import Directory, MeetingQuery, plan_week, to_ics

FIRST = datetime(2026, 1, 1)  # noqa: DTZ001 (Hypothesis wants it without a zone)
SEVEN = Slot(weekday=0, start=time(19))
HERE = {"latitude": 40.7, "longitude": -74.0}


def drawn(draw, size=40):
    return [a_meeting(draw) for _ in range(size)]


def shown(result):
    return [(m.meeting, m.way, m.distance_km, m.starts_at) for m in result.matches]


@given(DRAWS)
def test_many_searches_are_as_one(draw):
    """Many queries at once are answered as each of them alone."""
    directory = Directory(drawn(draw))
    queries = [a_query(draw) for _ in range(6)]
    together = directory.search_many(queries)
    assert list(map(shown, together)) == [shown(directory.search(q)) for q in queries]


@given(DRAWS)
def test_the_order_of_meetings_does_not_matter(draw):
    """Meetings may be given in any order: every answer stays the same."""
    meetings = drawn(draw)
    shuffled = draw.sample(meetings, len(meetings))
    query = a_query(draw)
    assert shown(Directory(meetings).search(query)) == shown(Directory(shuffled).search(query))


@given(DRAWS)
def test_a_limit_only_cuts(draw):
    """A smaller limit gives the first of the same list."""
    directory, query = Directory(drawn(draw)), a_query(draw, limit=MANY)
    whole = shown(directory.search(query))
    for limit in (1, 2, 5):
        assert shown(directory.search(evolve(query, limit=limit))) == whole[:limit]


WIDER = {
    "groups": lambda _: (),
    "within_km": lambda q: None if q.within_km is None else q.within_km * 3,
    "windows": lambda q: (*q.windows, *((0, "00:00", "12:00"),) * bool(q.windows)),
    "hours": lambda q: q.hours + 31,
    "modes": lambda q: q.modes | {"online"} if q.modes else (),
    "all_tags": lambda q: sorted(q.all_tags)[1:],
    "any_tags": lambda q: q.any_tags | {"tag_2"} if q.any_tags else (),
    "no_tags": lambda q: sorted(q.no_tags)[1:],
    "languages": lambda q: q.languages | {"es"} if q.languages else (),
    "travel_speed_kmh": lambda q: None if q.travel_speed_kmh is None else q.travel_speed_kmh * 2,
    "barriers": lambda _: ["transport"],
}


@pytest.mark.parametrize("field", WIDER)
@given(DRAWS)
def test_more_room_loses_nothing(field, draw):
    """A wider constraint loses no meeting that was there, before the limit."""
    directory, query = Directory(drawn(draw)), a_query(draw, limit=MANY)
    wider = evolve(query, **{field: WIDER[field](query)})
    before = {id(m.meeting) for m in directory.search(query).matches}
    after = {id(m.meeting) for m in directory.search(wider).matches}
    assert before <= after


@given(DRAWS)
def test_one_change_is_all_it_takes(draw):
    """Where nothing fits, each change shown lets just so many fit, and the least will do."""
    directory, query = Directory(drawn(draw, 12)), a_query(draw, limit=MANY)
    result = directory.search(query)
    assert not (len(result) and result.relaxations)
    for stated in result.relaxations:
        left = stated.value
        if stated.constraint in ("all_tags", "no_tags"):
            left = getattr(query, stated.constraint) - {stated.value}
        elif stated.value is None and stated.constraint not in ("within_km", "travel_speed_kmh"):
            left = ()
        assert len(directory.search(evolve(query, **{stated.constraint: left}))) == stated.count > 0
        if isinstance(stated.value, float | int):
            step = {"within_km": 0.1, "hours": 1, "travel_speed_kmh": 1}[stated.constraint]
            less = max(stated.value - step * 1.001, 0.1 if stated.constraint[0] == "r" else 0)
            assert len(directory.search(evolve(query, **{stated.constraint: less}))) == 0


@given(DRAWS)
def test_no_other_change_would_do(draw):
    """A constraint that is not told stands in nobody's way alone."""
    directory, query = Directory(drawn(draw, 12)), a_query(draw, limit=MANY)
    result = directory.search(query)
    assume(not len(result))
    stated = {r.constraint for r in result.relaxations}
    nothing = {"within_km": None, "travel_speed_kmh": None, "hours": 8784.0}
    for field in set(WIDER) - {"barriers", "all_tags", "no_tags"} - stated:
        free = evolve(query, **{field: nothing.get(field, ())})
        assert not directory.search(free).matches


@given(DRAWS)
def test_matches_keep_what_was_asked(draw):
    """A match starts in time, lies as near as was asked, and says why it is there."""
    directory, query = Directory(drawn(draw)), a_query(draw)
    end = query.at + timedelta(hours=query.hours)
    for match in directory.search(query).matches:
        assert query.at - query.started_within <= match.starts_at < end
        assert str(match.starts_at.tzinfo) == (query.timezone or match.meeting.timezone)
        assert match.reasons
        if match.distance_km is not None:
            assert match.distance_km <= (query.within_km or 20_016)
            assert match.meeting.mode != "online"
            assert not match.meeting.is_approximate


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_distance_is_a_distance(lat_1, lon_1, lat_2, lon_2):
    """Distance is never negative, is 0 at the place itself, is the same from both ends, and at most
    half the way around."""
    there, back = km(lat_1, lon_1, lat_2, lon_2), km(lat_2, lon_2, lat_1, lon_1)
    assert there == back
    assert 0 <= there <= 20_015.12
    assert km(lat_1, lon_1, lat_1, lon_1) == 0


def km(lat_1, lon_1, lat_2, lon_2):
    at = datetime(2026, 11, 23, tzinfo=UTC)
    slots = [Slot(weekday=0, start=time(12))]
    place = {"latitude": lat_2, "longitude": lon_2}
    there = Meeting(id="1", group="aa", name="x", slots=slots, timezone="UTC", **place)
    query = MeetingQuery(at=at, latitude=lat_1, longitude=lon_1)
    (match,) = Directory([there]).search(query).matches
    return match.distance_km


@given(st.lists(testing.meetings(), max_size=6), DRAWS)
def test_any_meetings_can_be_searched(meetings, draw):
    """Every meeting is found by a query that asks for nothing, or left out with its reason."""
    directory = Directory(meetings)
    aside = [m for ms in directory.skipped.values() for m in ms]
    assert len(directory) + len(aside) == len(meetings)
    for meeting in aside:
        assert meeting.mode == "inactive" or not meeting.slots or meeting.timezone is None
    directory.search(a_query(draw)).to_text()


@given(DRAWS, st.integers(1, 9))
def test_a_week_never_asks_to_be_in_two_places(draw, wanted):
    """No two meetings of a week overlap, nor does what one can fall back on; none comes twice; each
    lies in the week and in the time the person is free."""
    directory = Directory(drawn(draw, 30))
    person = draw_person(draw)
    at = a_query(draw).at
    windows = [(day, "17:00", "22:30") for day in range(0, 7, 2)]
    plan = plan_week(
        person,
        draw.choice([(), ("two", "one")]),
        directory,
        at=at,
        count=wanted,
        timezone="Europe/Berlin",
        windows=windows,
        **draw.choice([{}, HERE]),
    )
    assert len(plan.meetings) <= wanted
    listed = [p.match for p in plan.meetings]
    assert listed == sorted(listed, key=lambda m: m.starts_at)
    for planned in plan.meetings:
        if planned.backup is not None:
            assert planned.backup.meeting is not planned.match.meeting
            listed.append(planned.backup)
    starts = sorted(m.starts_at for m in listed)
    assert len(set(starts)) == len(starts)
    for match in listed:
        assert at <= match.starts_at < at + timedelta(7)
        clock = match.starts_at.astimezone(ZoneInfo("Europe/Berlin"))
        assert clock.weekday() % 2 == 0
        assert time(17) <= clock.time() < time(22, 30)
    assert plan.to_text()


@given(DRAWS, st.integers(1, 4))
def test_a_week_falls_short_only_where_no_more_fits(draw, wanted):
    """A plan is short of meetings only where all else that fits overlaps with what is planned."""
    few = drawn(draw, 8)
    crowd = [evolve(draw.choice(few), id=f"crowd {i}", slots=[SEVEN]) for i in range(25)]
    directory, at = Directory([*few, *crowd]), a_query(draw).at
    person = Person(id="1")
    plan = plan_week(person, (), directory, at=at, count=wanted, windows=[(0, "18:00", "24:00")])
    query = MeetingQuery(at=at, windows=[(0, "18:00", "24:00")], limit=MANY)
    if len(plan) < wanted:
        for match in directory.search(query).matches:
            away = [abs(match.starts_at - p.match.starts_at) for p in plan.meetings]
            assert any(apart < timedelta(hours=1) for apart in away)


def draw_person(draw):
    return Person(id="1", barriers=draw.choice([[], ["transport"]]))


def expanded(event, end):
    """Local starts of an event until a day, by its rule, its dates and its exceptions."""
    start = event["DTSTART"].dt.replace(tzinfo=None)
    dates = rruleset()
    if "RRULE" in event:
        dates.rrule(rrulestr(event["RRULE"].to_ical().decode(), dtstart=start))
    else:
        dates.rdate(start)
    for key, add in (("RDATE", dates.rdate), ("EXDATE", dates.exdate)):
        for listed in [event[key]] if key in event else []:
            for one in listed.dts:
                add(one.dt.replace(tzinfo=None))
    return dates.between(start - timedelta(1), end)


@given(testing.slots(), st.sampled_from(ZONES), DRAWS)
def test_a_calendar_repeats_as_the_meeting_does(slot, zone, draw):
    """An event of a calendar file takes place when the meeting does, for the year ahead and on."""
    at = a_query(draw).at
    meeting = Meeting(id="1", group="aa", name="x", slots=[slot], timezone=zone)
    calendar = icalendar.Calendar.from_ical(to_ics([meeting], at=at))
    today = at.astimezone(ZoneInfo(zone)).date()
    days = [today + timedelta(n) for n in range(366)]
    starts = [datetime.combine(d, slot.start) for d in days if slot.occurs_on(d)]
    starts = [s for s in starts if s.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) >= at]
    events = calendar.walk("VEVENT")
    if not starts:  # the first may be later than a year from now
        assert len(events) <= 1
        assert [expanded(event, datetime.combine(days[-1], time.max)) for event in events] in (
            [],
            [[]],
        )
        return
    (event,) = events
    assert event["UID"]
    assert expanded(event, starts[-1] + timedelta(hours=1)) == starts
    first = starts[0].replace(tzinfo=ZoneInfo(zone))
    assert event["DTSTART"].dt.utcoffset() == first.utcoffset()


@pytest.mark.parametrize(
    "zone",
    [
        *ZONES,
        "Asia/Jerusalem",
        "Africa/Casablanca",
        "America/Nuuk",
        "America/Santiago",
        "Europe/Dublin",
        "Pacific/Chatham",
    ],
)
def test_a_calendar_tells_the_zone_right(zone):
    """The zone rules of a calendar file give the offsets that the zone database gives."""
    meeting = Meeting(
        id="1", group="aa", name="x", slots=[Slot(weekday=0, start=time(9))], timezone=zone
    )
    text = to_ics([meeting], at=datetime(2026, 11, 24, tzinfo=UTC))
    known, stated = ZoneInfo(zone), tzical(io.StringIO(text)).get(zone)
    rng = np.random.default_rng(0)
    for minutes in rng.integers(0, 26 * 365 * 1440, 300).tolist():
        wall = datetime(2026, 11, 24) + timedelta(minutes=minutes)  # noqa: DTZ001 (a wall time)
        if known.utcoffset(wall) == known.utcoffset(wall.replace(fold=1)):
            assert stated.utcoffset(wall) == known.utcoffset(wall)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1), DRAWS)
def test_a_calendar_holds_any_text(name, draw):
    """Lines are of 75 octets at most, end in CR LF, and any text is read back as it was."""
    meeting = evolve(draw_with_slots(draw), name=name, location=name, url=None, address=None)
    text = to_ics([meeting], at=datetime(2026, 1, 1, tzinfo=UTC), include_details=True)
    lines = text.split("\r\n")
    assert "\n" not in "".join(lines)
    assert max(len(line.encode()) for line in lines) <= 75
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["SUMMARY"] == event["LOCATION"] == name


@given(DRAWS)
def test_a_calendar_tells_nothing_unasked(draw):
    """Without being asked, a calendar file tells no group, name, place or page."""
    meeting = evolve(
        draw_with_slots(draw),
        id="canary",
        group="canary",
        name="Canary",
        location="Canary",
        address="Canary",
        regions=["Canary"],
        url="https://canary.example",
        tags=["canary"],
        source_codes=["canary"],
    )
    assert "canary" not in to_ics([meeting], at=datetime(2026, 1, 1, tzinfo=UTC)).lower()


def draw_with_slots(draw):
    slot = Slot(weekday=draw.randint(0, 6), start=time(draw.randint(0, 23)))
    return Meeting(id="1", group="aa", name="x", slots=[slot], timezone=draw.choice(ZONES))


@given(
    st.integers(0, 6),
    st.times(),
    st.times(),
    st.datetimes(timezones=st.just(UTC), min_value=FIRST, max_value=FIRST.replace(year=2027)),
)
def test_a_window_goes_past_midnight(weekday, start, until, at):
    """A window that ends no later than it starts goes on to the next day."""
    window = Window(weekday=weekday, start=start, until=until)
    slots = [Slot(weekday=at.weekday(), start=at.time())]
    meeting = Meeting(id="1", group="aa", name="x", slots=slots, timezone="UTC")
    found = Directory([meeting]).search(MeetingQuery(at=at, hours=1, windows=[window]))
    days = (at.weekday() - weekday) % 7
    now = timedelta(
        days, hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond
    )
    opens, closes = (
        timedelta(0, t.hour * 3600 + t.minute * 60 + t.second, t.microsecond)
        for t in (start, until)
    )
    closes += timedelta(1) if closes <= opens else timedelta()
    assert bool(len(found)) == (opens <= now < closes or opens <= now + timedelta(7) < closes)
