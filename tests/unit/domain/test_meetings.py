"""Slots and their recurrence, against calendars read by eye."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshg import Meeting, Slot
from mshg.domain import JoinInfo, MeetingFlag, Recurrence
from mshg.errors import ValidationError

MONDAYS_OF_NOVEMBER_2026 = [date(2026, 11, d) for d in (2, 9, 16, 23, 30)]


def mondays(**recurrence):
    slot = Slot(weekday=0, start=time(19), recurrence=Recurrence(**recurrence))
    return [day.day for day in MONDAYS_OF_NOVEMBER_2026 if slot.occurs_on(day)]


def test_every_week_unless_it_says_otherwise():
    assert mondays() == [2, 9, 16, 23, 30]


def test_every_second_week_counts_from_a_day_of_such_a_week():
    assert mondays(every_weeks=2, anchor=date(2026, 11, 15)) == [9, 23]
    assert mondays(every_weeks=2, anchor=date(2026, 11, 16)) == [2, 16, 30]


def test_weeks_of_the_month():
    assert mondays(weeks_of_month=[1, 3]) == [2, 16]
    assert mondays(weeks_of_month=[-1]) == [30]
    assert mondays(weeks_of_month=[5]) == [30]


def test_exceptions():
    assert mondays(except_dates=[date(2026, 11, 9)]) == [2, 16, 23, 30]


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 6))
def test_only_on_its_weekday(day, weekday):
    """A slot takes place on its own weekday and on no other."""
    assert Slot(weekday=weekday, start=time(7, fold=1)).start.fold == 0
    assert Slot(weekday=weekday, start=time(7)).occurs_on(day) == (day.weekday() == weekday)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weekday", 7),
        ("weekday", True),
        ("start", "19:00"),
        ("start", time(19, tzinfo=UTC)),
        ("duration", 60),
        ("duration", timedelta(0)),
        ("duration", timedelta(seconds=90)),
        ("duration", timedelta(days=8)),
        ("recurrence", "weekly"),
    ],
)
def test_slot_refuses(field, value):
    with pytest.raises(ValidationError, match=rf"^\$\.{field}"):
        Slot(**{"weekday": 0, "start": time(19), field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("every_weeks", 0),
        ("anchor", datetime(2026, 1, 1)),  # noqa: DTZ001 (a moment is no day)
        ("weeks_of_month", [0]),
        ("weeks_of_month", [6]),
        ("except_dates", "2026-01-01"),
    ],
)
def test_recurrence_refuses(field, value):
    with pytest.raises(ValidationError, match=rf"^\$\.{field}"):
        Recurrence(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [("latitude", 91), ("longitude", 181), ("group", "A A"), ("tags", ["Open!"]), ("mode", "x")],
)
def test_meeting_refuses(field, value):
    given = {"id": "1", "group": "aa", "name": "Noon", "latitude": 1, "longitude": 1}
    with pytest.raises(ValidationError, match=rf"^\$\.{field}"):
        Meeting(**{**given, field: value})


def test_coordinates_come_in_pairs():
    with pytest.raises(ValidationError, match="together with longitude"):
        Meeting(id="1", group="aa", name="Noon", latitude=1)


def test_a_moment_counts_as_its_day():
    slot = Slot(weekday=0, start=time(7), recurrence=Recurrence(except_dates=[date(2026, 11, 9)]))
    assert not slot.occurs_on(datetime(2026, 11, 9, 12))  # noqa: DTZ001
    assert slot.occurs_on(datetime(2026, 11, 16, 12))  # noqa: DTZ001


def test_how_to_join_shows_nothing():
    join = JoinInfo(url="https://zoom.us/j/7319?pwd=canary", url_notes="PW: canary")
    meeting = Meeting(id="1", group="aa", name="Noon", join_info=join)
    assert repr(join) == str(join) == "JoinInfo(…)"
    assert "join_info" not in repr(meeting)
    assert "canary" not in f"{meeting} {join}"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("url", {}),
        ("url", {"url": "a\nb"}),
        ("phone", {"phone": 5}),
        ("url_notes", {"url_notes": "a\tb"}),
        ("phone_notes", {"url": "a", "phone_notes": " "}),
    ],
)
def test_join_refuses(field, given):
    with pytest.raises(ValidationError, match=rf"^\$\.{field}"):
        JoinInfo(**given)


def test_flags_are_of_a_closed_list_and_notes_have_lines():
    meeting = Meeting(id="1", group="aa", name="x", flags=["mode_assumed"], notes="a\nb")
    assert meeting.flags == {MeetingFlag.MODE_ASSUMED}
    assert meeting.notes == "a\nb"
    for field, value in (("flags", ["odd"]), ("notes", "a\x07"), ("join_info", "x")):
        with pytest.raises(ValidationError, match=rf"^\$\.{field}"):
            Meeting(**{"id": "1", "group": "aa", "name": "x", field: value})
