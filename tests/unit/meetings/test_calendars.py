"""Worked examples of calendar files."""

import io
import itertools
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from attrs import evolve
from dateutil.rrule import rrulestr
from dateutil.tz import tzical

from mshg import Meeting, Person, Slot
from mshg.domain import Recurrence
from mshg.errors import ValidationError
from mshg.meetings import Directory, MeetingQuery, calendars, plan_week, to_ics

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
SLOT = Slot(weekday=1, start=time(19), duration=timedelta(minutes=90))
MEETING = Meeting(
    id="1",
    group="lifering",
    name="Sober, and glad",
    slots=[SLOT],
    timezone="America/New_York",
    location="Canary Hall",
    address="1 Canary Lane; back door",
    url="https://example.org/canary",
)


def event(meeting=MEETING, **facts):
    (found,) = icalendar.Calendar.from_ical(to_ics([meeting], at=AT, **facts)).walk("VEVENT")
    return found


def with_recurrence(**facts):
    return evolve(MEETING, slots=[evolve(SLOT, recurrence=Recurrence(**facts))])


def test_a_private_appointment():
    stated = event()
    assert (stated["SUMMARY"], stated["CLASS"]) == ("Appointment", "PRIVATE")
    assert stated["DTSTART"].dt.isoformat() == "2026-11-24T19:00:00-05:00"
    assert stated["DURATION"].dt == timedelta(minutes=90)
    assert stated["DTSTAMP"].dt == AT
    assert stated["RRULE"].to_ical() == b"FREQ=WEEKLY"
    assert not {"LOCATION", "URL", "DESCRIPTION"} & set(stated)
    text = to_ics([MEETING], at=AT).lower()
    assert not [word for word in ("lifering", "sober", "canary", "mshg") if word in text]


def test_what_the_host_asks_for():
    assert event(title="Coffee")["SUMMARY"] == "Coffee"
    stated = event(include_details=True)
    assert stated["SUMMARY"] == "Sober, and glad"
    assert stated["LOCATION"] == "Canary Hall, 1 Canary Lane; back door"
    assert stated["URL"] == "https://example.org/canary"
    bare = evolve(MEETING, location=None, address=None, url=None)
    assert not {"LOCATION", "URL"} & set(event(bare, include_details=True))
    assert event(title="Coffee", include_details=True)["SUMMARY"] == "Coffee"


def test_an_id_stays_as_long_as_the_slot():
    uid = event(uid_key=b"k")["UID"]
    assert event(evolve(MEETING, name="New", url=None), uid_key=b"k")["UID"] == uid
    assert event(with_recurrence(except_dates=[date(2026, 12, 1)]), uid_key=b"k")["UID"] == uid
    assert event(evolve(MEETING, id="2"), uid_key=b"k")["UID"] != uid
    assert event(with_recurrence(weeks_of_month=[1]), uid_key=b"k")["UID"] != uid
    assert event(uid_key=b"K")["UID"] != uid
    twice = evolve(MEETING, slots=[SLOT, SLOT])
    uids = {e["UID"] for e in icalendar.Calendar.from_ical(to_ics([twice], at=AT)).walk("VEVENT")}
    assert len(uids) == 2


def test_an_id_tells_nobody_which_meeting_it_is():
    """Without the host's key, an id can't be made again, by us or by anybody with the list."""
    assert event()["UID"] != event()["UID"]
    known = {event(uid_key=key)["UID"] for key in (bytes(32), b"mshg", MEETING.id.encode())}
    assert event()["UID"] not in known
    for wrong in ("text", b"", 5):
        with pytest.raises(ValidationError, match="uid_key"):
            event(uid_key=wrong)


@pytest.mark.parametrize(
    ("facts", "rule", "first"),
    [
        ({"every_weeks": 2, "anchor": date(2026, 11, 30)}, b"FREQ=WEEKLY;INTERVAL=2", "2026-12-01"),
        ({"weeks_of_month": [1, -1]}, b"FREQ=MONTHLY;BYDAY=-1TU,1TU", "2026-11-24"),
        ({"except_dates": [date(2026, 11, 24)]}, b"FREQ=WEEKLY", "2026-12-01"),
    ],
)
def test_rules(facts, rule, first):
    stated = event(with_recurrence(**facts))
    assert stated["RRULE"].to_ical() == rule
    assert stated["DTSTART"].dt.date().isoformat() == first


def test_exceptions_are_left_out():
    days = [date(2026, 12, 1), date(2026, 12, 2), date(2026, 10, 6)]  # of these, one lies ahead
    stated = event(with_recurrence(except_dates=days))
    assert [d.dt.date() for d in stated["EXDATE"].dts] == days[:1]


def test_what_no_rule_can_tell_is_listed_for_a_year():
    odd = with_recurrence(every_weeks=2, anchor=date(2026, 11, 24), weeks_of_month=[4])
    stated = event(odd)
    assert "RRULE" not in stated
    listed = [stated["DTSTART"].dt.date(), *(d.dt.date() for d in stated["RDATE"].dts)]
    days = [date(2026, 11, 24) + timedelta(n) for n in range(366)]
    assert listed == [d for d in days if odd.slots[0].occurs_on(d)]


def test_a_reader_of_calendars_comes_to_the_same_moments():
    meeting = evolve(MEETING, slots=[Slot(weekday=6, start=time(1, 30))])  # in the hour told twice
    text = to_ics([meeting], at=AT)
    (stated,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    dates = rrulestr(
        stated["RRULE"].to_ical().decode(), dtstart=stated["DTSTART"].dt.replace(tzinfo=None)
    )
    zone = tzical(io.StringIO(text)).get("America/New_York")
    read = [d.replace(tzinfo=zone).astimezone(UTC) for d in itertools.islice(dates, 60)]
    ours, at = [], AT
    while len(ours) < 60:
        found = Directory([meeting]).search(MeetingQuery(at=at, hours=24))
        ours += [m.starts_at.astimezone(UTC) for m in found.matches]
        at += timedelta(1)
    assert read == ours


def test_a_match_gives_its_slot_alone():
    meeting = evolve(MEETING, slots=[SLOT, Slot(weekday=6, start=time(1, 30))])
    at = datetime(2026, 10, 31, tzinfo=UTC)  # the clocks go back in the night to Sunday
    (match,) = Directory([meeting]).search(MeetingQuery(at=at, timezone="Asia/Tokyo")).matches
    (stated,) = icalendar.Calendar.from_ical(to_ics([match], at=at)).walk("VEVENT")
    assert stated["DTSTART"].dt.isoformat() == "2026-11-01T01:30:00-04:00"
    spring = datetime(2026, 3, 7, tzinfo=UTC)  # 2:30 is no time on March 8
    gap = evolve(MEETING, slots=[Slot(weekday=6, start=time(2, 30))])
    (match,) = Directory([gap]).search(MeetingQuery(at=spring)).matches
    assert "DTSTART;TZID=America/New_York:20260308T023000" in to_ics([match], at=spring)


def test_a_result_and_a_plan_give_their_matches():
    directory = Directory(
        [MEETING, evolve(MEETING, id="2", slots=[Slot(weekday=4, start=time(9))])]
    )
    result = directory.search(MeetingQuery(at=AT))
    assert to_ics(result, at=AT, uid_key=b"k") == to_ics(result.matches, at=AT, uid_key=b"k")
    assert to_ics(MEETING, at=AT, uid_key=b"k") == to_ics([MEETING], at=AT, uid_key=b"k")
    assert to_ics(result.matches[1], at=AT, uid_key=b"k") == to_ics(
        result.matches[1:], at=AT, uid_key=b"k"
    )
    plan = plan_week(Person(id="1"), (), directory, at=AT, count=1)
    assert plan.meetings[0].backup is not None
    until = date(2027, 1, 1)
    assert to_ics(plan, at=AT, until=until, uid_key=b"k") == to_ics(
        [plan.meetings[0].match], at=AT, until=until, uid_key=b"k"
    )


def test_a_plan_of_one_week_repeats_only_when_asked():
    directory = Directory([MEETING])
    plan = plan_week(Person(id="1"), (), directory, at=AT, count=1)
    (once,) = icalendar.Calendar.from_ical(to_ics(plan, at=AT)).walk("VEVENT")
    assert "RRULE" not in once
    assert once["DTSTART"].dt.isoformat() == "2026-11-24T19:00:00-05:00"
    text = to_ics(plan, at=AT, until=date(2026, 12, 15))
    (weekly,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    days = rrulestr(weekly["RRULE"].to_ical().decode(), dtstart=weekly["DTSTART"].dt)
    assert [d.day for d in days] == [24, 1, 8, 15]
    assert "VEVENT" not in to_ics(plan, at=AT + timedelta(days=3))


def test_a_series_ends_with_its_last_day():
    for until, last in (
        (date(2026, 12, 8), 8),
        (date(2026, 12, 7), 1),
        (datetime(2026, 12, 9, 0, 0, tzinfo=UTC), 8),  # 19:00 in New York is midnight in UTC
        (datetime(2026, 12, 8, 23, 59, tzinfo=UTC), 1),
    ):
        stated = event(until=until)
        days = list(rrulestr(stated["RRULE"].to_ical().decode(), dtstart=stated["DTSTART"].dt))
        assert days[-1].day == last
    assert "VEVENT" not in to_ics([MEETING], at=AT, until=date(2026, 11, 23))
    assert "VEVENT" in to_ics([MEETING], at=AT, until=date(2026, 11, 24))


def test_a_reminder_says_no_more_than_the_event():
    stated = event(remind=timedelta(hours=2))
    (alarm,) = stated.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=-2)
    assert (alarm["ACTION"], alarm["DESCRIPTION"]) == ("DISPLAY", "Appointment")
    assert event().walk("VALARM") == []
    for wrong in (timedelta(minutes=-1), timedelta(seconds=90), timedelta(weeks=5), 2):
        with pytest.raises(ValidationError, match="remind"):
            to_ics([MEETING], at=AT, remind=wrong)
    with pytest.raises(ValidationError, match="until"):
        to_ics([MEETING], at=AT, until=datetime(2026, 12, 1))  # noqa: DTZ001


def test_no_event_without_a_start():
    aside = [evolve(MEETING, mode="inactive"), evolve(MEETING, slots=[])]
    never = with_recurrence(weeks_of_month=[1], except_dates=[])
    gone = [date(2026, 11, 24) + timedelta(7 * n) for n in range(120)]
    aside.append(evolve(never, slots=[evolve(SLOT, recurrence=Recurrence(except_dates=gone))]))
    assert "VEVENT" not in to_ics(aside, at=AT)


def test_zones_stand_once_each():
    other = evolve(MEETING, id="2", timezone="Asia/Kolkata")
    text = to_ics([MEETING, other, MEETING], at=AT)
    assert text.count("BEGIN:VTIMEZONE") == 2
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU" in text
    assert "TZOFFSETFROM:-004430" in calendars.zone_rules("Africa/Monrovia", 1971)


def test_what_is_refused():
    for given, path in (
        (["Canary"], "$.meetings[0]"),
        ([MEETING, evolve(MEETING, timezone=None)], "$.meetings[1].timezone"),
        ([evolve(MEETING, timezone="Canary/Zone")], "$.meetings[0].timezone"),
        ("Canary", "$.meetings"),
    ):
        with pytest.raises(ValidationError) as caught:
            to_ics(given, at=AT)
        assert [p.path for p in caught.value.problems] == [path]
        assert "Canary" not in str(caught.value)
    with pytest.raises(ValidationError) as caught:
        to_ics([], at=datetime(2026, 1, 1), title="a\nb", include_details=1)  # noqa: DTZ001
    assert [p.path for p in caught.value.problems] == ["$.at", "$.title", "$.include_details"]


def test_lines_are_cut_between_characters():
    for name in ("x" * 200, "é" * 200, "x" + "漢" * 99, "😀" * 60):
        text = to_ics([evolve(MEETING, name=name)], at=AT, include_details=True)
        assert max(len(line.encode()) for line in text.split("\r\n")) in (73, 74, 75)
        (stated,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
        assert stated["SUMMARY"] == name
