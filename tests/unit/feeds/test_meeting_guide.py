"""Meeting Guide lists, row by row."""

import json
from collections import Counter
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshg import feeds
from mshg.errors import FeedError

REAL = Path(__file__).parents[4] / "shared" / "data" / "meetings"
PLAIN = {
    "name": " Noon ",
    "slug": "noon",
    "day": 1,
    "time": "12:00",
    "end_time": "13:15",
    "types": ["O", "BE", "S"],
    "location": "Hall",
    "formatted_address": "1 Main St, Springfield, IL 62701, USA",
    "latitude": "39.8",
    "longitude": -89.6,
    "regions": ["Central", "Springfield"],
    "url": "https://example.org/noon",
}


def read(*rows, group="aa", zone="America/Chicago"):
    return feeds.read_meeting_guide(list(rows), group=group, default_timezone=zone)


def read_one(**changes):
    row = {k: v for k, v in {**PLAIN, **changes}.items() if v is not None}
    report = read(row)
    (meeting,) = report.meetings + report.inactive
    return meeting, report


def test_a_plain_row():
    meeting, report = read_one()
    assert (meeting.id, meeting.group, meeting.name) == ("noon", "aa", "Noon")
    (slot,) = meeting.slots
    assert (slot.weekday, slot.start, slot.duration) == (0, time(12), timedelta(minutes=75))
    assert meeting.timezone == "America/Chicago"
    assert meeting.mode == "in_person"
    assert (meeting.latitude, meeting.longitude) == (39.8, -89.6)
    assert meeting.tags == {"open", "newcomer"}
    assert meeting.languages == {"es"}
    assert meeting.source_codes == ("O", "BE", "S")
    assert meeting.regions == ("Central", "Springfield")
    assert dict(report.assumed) == {"mode": 1, "timezone": 1}
    assert dict(report.unread) == {}


@pytest.mark.parametrize(
    ("day", "weekdays"), [(0, [6]), (6, [5]), ("3", [2]), ([1, "3", 1], [0, 2])]
)
def test_sunday_is_0_in_the_list_and_6_here(day, weekdays):
    meeting, _ = read_one(day=day)
    assert [slot.weekday for slot in meeting.slots] == weekdays


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [("23:00", "00:15", 75), ("12:00", "12:00", None), ("17:30", "16:30", None), ("7:00", None, 0)],
)
def test_lengths(start, end, minutes):
    if minutes == 0:
        assert read({**PLAIN, "time": start}).refused[0].path == "$[0].time"
        return
    meeting, _ = read_one(time=start, end_time=end)
    expected = None if minutes is None else timedelta(minutes=minutes)
    assert meeting.slots[0].duration == expected


@pytest.mark.parametrize("end", ["12:00", "11:00", "19:00"])
def test_an_end_that_makes_no_sense_is_counted(end):
    meeting, report = read_one(end_time=end)
    assert meeting.slots[0].duration is None
    assert report.assumed["end_left_out"] == 1


def test_fields_of_another_kind_are_counted():
    _, report = read_one(location=7, regions=[3], attendance_option="mail", url=5)
    assert dict(report.unread) == {"attendance_option": 1, "location": 1, "regions": 1, "url": 1}


@pytest.mark.parametrize(
    ("changes", "unread"),
    [
        ({"region": "West", "sub_region": "Far"}, {"region": 1, "sub_region": 1}),
        ({"regions": ["West", 3]}, {"regions": 1}),
        ({"address": "1 Main St", "city": "Springfield"}, {"address": 1, "city": 1}),
        ({"day": None, "time": None}, {"end_time": 1}),
    ],
)
def test_what_stands_beside_is_counted(changes, unread):
    assert dict(read_one(**changes)[1].unread) == unread


def test_a_region_is_taken_where_there_is_no_list():
    meeting, _ = read_one(regions=[], region="West", sub_region="Far")
    assert meeting.regions == ("West", "Far")


def test_text_is_kept_on_one_line():
    meeting, _ = read_one(name="We\n Agnostics", location="Hall\tB")
    assert (meeting.name, meeting.location) == ("We Agnostics", "Hall B")


def test_by_appointment():
    meeting, _ = read_one(day=None, time=None, end_time=None)
    assert meeting.slots == ()


@pytest.mark.parametrize(
    ("changes", "mode"),
    [
        ({}, "in_person"),
        ({"conference_url": "https://example.org/j"}, "hybrid"),
        ({"types": ["ONL"]}, "hybrid"),
        ({"types": ["ONL", "TC"]}, "online"),
        ({"types": ["TC"]}, "inactive"),
        ({"approximate": "yes"}, "inactive"),
        ({"approximate": "yes", "conference_phone": "+1 555"}, "online"),
        ({"approximate": "no", "formatted_address": "Rome, Italy", "types": ["ONL"]}, "hybrid"),
        ({"formatted_address": "Springfield, IL, USA", "types": ["ONL"]}, "online"),
        ({"formatted_address": "Springfield, IL, USA"}, "in_person"),
        ({"formatted_address": "Via Roma 1, Torino, Italia", "latitude": None}, "in_person"),
        ({"formatted_address": None, "address": "Main St", "types": ["ONL"]}, "hybrid"),
        (
            {"formatted_address": None, "latitude": 0, "longitude": 0},
            "inactive",
        ),
        ({"attendance_option": "online"}, "online"),
        ({"attendance_option": "inactive"}, "inactive"),
    ],
)
def test_how_it_can_be_attended(changes, mode):
    meeting, report = read_one(**changes)
    assert meeting.mode == mode
    assert (meeting in report.inactive) == (mode == "inactive")
    assert ("mode" in report.assumed) == ("attendance_option" not in changes)


def test_an_online_meeting_has_no_place_on_the_map():
    meeting, report = read_one(attendance_option="online")
    assert meeting.latitude is meeting.longitude is None
    assert report.assumed["coordinates_of_an_online_meeting_left_out"] == 1


@pytest.mark.parametrize("latitude", ["north", 91, float("nan"), [1], 10**400, True])
def test_coordinates_that_are_none_are_left_out_and_counted(latitude):
    meeting, report = read_one(latitude=latitude)
    assert meeting.latitude is meeting.longitude is None
    assert report.assumed["coordinates_unusable"] == 1


def test_open_and_closed_at_once_is_closed():
    meeting, report = read_one(types=["O", "C"])
    assert meeting.tags == {"closed"}
    assert report.assumed["closed_rather_than_open"] == 1


def test_codes_of_another_fellowship_are_kept_and_not_read():
    report = read(PLAIN, group="na")
    (meeting,) = report.meetings
    assert meeting.tags == meeting.languages == frozenset()
    assert meeting.source_codes == ("O", "BE", "S")
    assert dict(report.unread) == {"types:BE": 1, "types:O": 1, "types:S": 1}


def test_what_is_not_read_is_counted_and_not_kept():
    meeting, report = read_one(
        notes="Ask for Pat, 555 0100",
        contact_1_email="pat@example.org",
        types=["O", "ZZZ", "call Pat"],
        url="javascript:alert(1)",
        group="",
    )
    assert dict(report.unread) == {
        "contact_1_email": 1,
        "notes": 1,
        "types:(other)": 1,
        "types:ZZZ": 1,
        "url": 1,
    }
    assert meeting.url is None
    assert "Pat" not in repr(report)


@pytest.mark.parametrize(
    ("row", "path"),
    [
        (None, "$[0]"),
        ({}, "$[0].slug"),
        ({**PLAIN, "name": ""}, "$[0].name"),
        ({**PLAIN, "name": 3}, "$[0].name"),
        ({**PLAIN, "slug": None}, "$[0].slug"),
        ({**PLAIN, "slug": " "}, "$[0].slug"),
        ({**PLAIN, "slug": 10**5000}, "$[0].slug"),
        ({**PLAIN, "types": [10**5000]}, "$[0].types"),
        ({**PLAIN, "name": "\x1b[31m"}, "$[0].name"),
        ({**PLAIN, "day": 7}, "$[0].day"),
        ({**PLAIN, "day": "Monday"}, "$[0].day"),
        ({**PLAIN, "day": []}, "$[0].day"),
        ({**PLAIN, "day": None}, "$[0].day"),
        ({**PLAIN, "time": "7 pm"}, "$[0].time"),
        ({**PLAIN, "time": None}, "$[0].time"),
        ({**PLAIN, "end_time": "25:00"}, "$[0].end_time"),
        ({**PLAIN, "types": "O"}, "$[0].types"),
        ({**PLAIN, "timezone": "Mars/Base"}, "$[0].timezone"),
        ({**PLAIN, "timezone": 5}, "$[0].timezone"),
        ({**PLAIN, "name": "\ud800"}, "$[0].name"),
    ],
)
def test_a_row_that_can_not_be_read_is_refused_with_the_reason(row, path):
    report = read(row, {**PLAIN, "slug": "other"})
    assert [m.id for m in report.meetings] == ["other"]
    (refused,) = report.refused
    assert (refused.row, refused.path) == (0, path)
    assert refused.reason


def test_an_id_twice_is_refused():
    report = read(PLAIN, PLAIN, {**PLAIN, "slug": 7})
    assert [m.id for m in report.meetings] == ["noon", "7"]
    assert report.refused[0].path == "$[1].slug"


def test_all_that_is_wrong_with_a_row_is_told():
    (refused,) = read({**PLAIN, "day": 9, "time": "x", "types": "O"}).refused
    assert all(word in refused.reason for word in (".time", ".types", "Sunday"))


ROWS = st.lists(
    st.one_of(
        st.none(),
        st.integers(),
        st.dictionaries(
            st.sampled_from([*PLAIN, "timezone", "approximate", "attendance_option", "other"]),
            st.one_of(
                st.none(),
                st.booleans(),
                st.integers(-1, 8),
                st.floats(),
                st.text(max_size=4),
                st.lists(st.one_of(st.text(max_size=3), st.integers(0, 7)), max_size=3),
                st.sampled_from(["12:00", "O", "yes", "online", "https://example.org"]),
            ),
        ).map(lambda change: {**PLAIN, **change}),
    ),
    max_size=5,
)


@given(ROWS)
def test_every_row_is_accounted_for(rows):
    """Meetings, inactive and refused rows add up to the rows, whatever they hold."""
    report = read(*rows)
    assert report.rows == len(rows)
    assert len(report.meetings) + len(report.inactive) + len(report.refused) == len(rows)
    assert all(m.mode != "inactive" for m in report.meetings)
    assert all(m.mode == "inactive" for m in report.inactive)


@pytest.mark.parametrize("form", ["bytes", "bom", "text", "path", "name", "decoded"])
def test_sources(form, tmp_path):
    text = json.dumps([PLAIN])
    path = tmp_path / "list.json"
    path.write_text(text, encoding="utf-8")
    source = {
        "bytes": text.encode(),
        "bom": text.encode("utf-8-sig"),
        "text": " " + text,
        "path": path,
        "name": str(path),
        "decoded": [PLAIN],
    }[form]
    report = feeds.read_meeting_guide(source, group="aa", default_timezone="UTC")
    assert len(report.meetings) == 1


@pytest.mark.parametrize(
    ("source", "word"),
    [
        (b"{}", "JSON list"),
        ("[1, ", "line 1"),
        (b"\xff[]", "UTF-8"),
        ("<!doctype html>", "web page"),
        (b"<html>", "web page"),
        ("[" * 100_000, "deep"),
        ("[" + "9" * 10_000 + "]", "too long"),
        ("no/such/file.json", "No such file"),
        ("", "can't be read"),
        ("\0", "can't be read"),
        (7, "JSON list"),
        (None, "JSON list"),
    ],
    ids=range(12),
)
def test_what_is_no_list_is_a_feed_error(source, word):
    with pytest.raises(FeedError, match=word) as caught:
        feeds.read_meeting_guide(source, group="aa", default_timezone="UTC")
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("group", "zone"), [("A A", "UTC"), ("aa", "Mars/Base"), ("aa", "-04:00"), ("aa", "America")]
)
def test_the_group_and_the_zone_are_checked_first(group, zone):
    with pytest.raises(FeedError):
        read(PLAIN, group=group, zone=zone)


@pytest.mark.skipif(not REAL.exists(), reason="the real meeting lists are not at hand")
def test_a_real_list_is_accounted_for_row_by_row():
    """Philadelphia's list of 2024; counted by hand from its codes, links and addresses."""
    report = feeds.read_meeting_guide(
        REAL / "aa_sepia_philadelphia_2024.json",
        group="aa",
        default_timezone="America/New_York",
    )
    modes = Counter(m.mode.value for m in report.meetings + report.inactive)
    assert modes == {"in_person": 1294, "online": 305, "hybrid": 305, "inactive": 134}
    assert (report.rows, len(report.refused)) == (2038, 0)
    assert report.unread["types:ASBI"] == 26
    assert sum("secular" in m.tags for m in report.meetings) == 11
