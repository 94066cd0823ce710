"""Meeting Guide lists, row by row."""

import json
from datetime import time, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshg import codec, feeds
from mshg.domain import WEEKLY
from mshg.errors import FeedError
from mshg.feeds import rows
from mshg.feeds.meeting_guide import LAYOUT

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


def read_source(source):
    return feeds.read_meeting_guide(source, group="aa", default_timezone="America/Chicago")


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
    assert dict(report.ignored) == {}


@pytest.mark.parametrize(
    ("day", "weekdays"),
    [
        (0, [6]),
        (6, [5]),
        ("3", [2]),
        (3.0, [2]),
        ([1, "3", 1], [0, 2]),
        ("Wednesday", [2]),
        ("wednesdays", [2]),
        ("Thurs.", [3]),
        (["Mon", "tue"], [0, 1]),
        ("Monday, Friday", [0, 4]),
        ("1,3,5", [0, 2, 4]),
        ("Daily", [0, 1, 2, 3, 4, 5, 6]),
        ("weekdays", [0, 1, 2, 3, 4]),
        ("Weekends", [5, 6]),
        ("Mon-Fri", [0, 1, 2, 3, 4]),
        ("Friday through Monday", [4, 5, 6, 0]),
        ("Mon Wed Fri", [0, 2, 4]),
        ("Every Monday", [0]),
        ("Mondays only", [0]),
        ("Monday,", [0]),
        ("Sat + Sun", [5, 6]),
        ("Tu/Th", [1, 3]),
        ("[1,3]", [0, 2]),
        ('["1"]', [0]),
        ("1|3", [0, 2]),
        ("1.0", [0]),
        ("Lunes y Mi\u00e9rcoles", [0, 2]),
        ("sabado", [5]),
        ("dimanche", [6]),
        ("Mittwoch", [2]),
        ("ter\u00e7a-feira", [1]),
        ("Gioved\u00ec", [3]),
        ("vrijdag", [4]),
        (["Mon-Wed", "Sat"], [0, 1, 2, 5]),
        ({"1": 1, "3": "3"}, [0, 2]),
    ],
)
def test_sunday_is_0_in_the_list_and_6_here(day, weekdays):
    meeting, _ = read_one(day=day)
    assert [slot.weekday for slot in meeting.slots] == weekdays


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("23:00", "00:15", 75),
        ("07:00", "8:00", 60),
        ("7:00 PM", "20.30", 90),
        ("19:30-20:45", None, 75),
        ("7:30 PM \u2013 8:45 PM", "", 75),
        ("19:30 to 20:45", "21:00", 90),
        ("23:00", "24:00", 60),
        ("22:00", "04:00", 360),
        ("12:00", None, None),
        ("7:30 PM", "8:45 p.m.", 75),
        ("19:30:00", "20:45:00", 75),
    ],
)
def test_how_long_it_lasts_past_midnight_too(start, end, minutes):
    meeting, report = read_one(time=start, end_time=end)
    expected = None if minutes is None else timedelta(minutes=minutes)
    assert meeting.slots[0].duration == expected
    assert not {"end", "end_left_out"} & set(report.assumed)


@pytest.mark.parametrize(
    ("start", "end"),
    [("12:15", "01:15"), ("19:30", "08:30"), ("19:30", "8:30"), ("7:30 PM", "8:30")],
)
def test_an_end_half_a_day_off_is_taken_for_the_other_half_and_flagged(start, end):
    meeting, report = read_one(time=start, end_time=end)
    assert meeting.slots[0].duration == timedelta(hours=1)
    assert meeting.flags >= {"end_assumed"}
    assert report.assumed["end"] == 1


@pytest.mark.parametrize(
    ("start", "end"),
    [
        *(("12:00", "12:00"), ("12:00", "11:00"), ("12:00", "19:00"), ("09:00", "22:00")),
        *(("12:00", "25:00"), ("12:00", "soon"), ("12:00", 13), ("12:00", "13:00-14:00")),
    ],
)
def test_an_end_that_makes_no_sense_or_can_not_be_read_is_counted(start, end):
    meeting, report = read_one(time=start, end_time=end)
    assert meeting.slots[0].duration is None
    assert meeting.flags >= {"end_left_out"}
    assert report.assumed["end_left_out"] == 1


@pytest.mark.parametrize(
    ("clock", "start"),
    [
        ("7:30 PM", time(19, 30)),
        ("7pm", time(19)),
        ("12:00 am", time(0)),
        ("12:30 p.m.", time(12, 30)),
        ("0730", time(7, 30)),
        ("19:30:00", time(19, 30)),
        ("Noon", time(12)),
        (" 08:00 ", time(8)),
        ("7:30p", time(19, 30)),
        ("7.30pm", time(19, 30)),
        ("7:30\u202fPM", time(19, 30)),
        ("19.30", time(19, 30)),
        ("19h30", time(19, 30)),
        ("7h", time(7)),
        ("19:30 Uhr", time(19, 30)),
        ("0:30", time(0, 30)),
        ("9:30:00", time(9, 30)),
        ("19:30:00.000", time(19, 30)),
    ],
)
def test_times_that_can_only_mean_one_thing(clock, start):
    meeting, _ = read_one(time=clock, end_time=None)
    assert meeting.slots[0].start == start


@pytest.mark.parametrize(
    "clock", ["7:30", "7", "midnight", "25:00", "13:00 pm", "7-8", "\u0661\u0662:00", 930, 7.5]
)
def test_times_that_may_mean_two_things_are_refused(clock):
    assert read({**PLAIN, "time": clock}).rejected[0].path == "$[0].time"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("7:30", "8:30 PM", time(19, 30)),
        ("7:30", "20:30", time(19, 30)),
        ("7:30", "08:30", time(7, 30)),
        ("9:00", "12:00", time(9)),
        ("7:30 - 8:30 PM", None, time(19, 30)),
    ],
)
def test_the_end_tells_the_half_of_the_day(start, end, expected):
    meeting, report = read_one(time=start, end_time=end)
    assert meeting.slots[0].start == expected
    assert meeting.flags >= {"start_assumed"}
    assert report.assumed["start"] == 1


@pytest.mark.parametrize(
    ("others", "is_read"),
    [
        (["19:30"], True),
        (["19:30:00", "10:00"], True),
        (["10:00", "12:30"], False),  # no time after noon: it may be any clock
        (["19:30", "7:00 PM"], False),
        (["19:30 - 20:30"], True),
        (["19:30", "7:00 - 8:00 PM"], False),
        ([], False),
    ],
)
def test_a_list_on_a_24_hour_clock_tells_the_half_of_the_day(others, is_read):
    early = {**PLAIN, "slug": "early", "time": "7:30", "end_time": "8:30"}
    rest = [{**PLAIN, "slug": str(i), "time": clock} for i, clock in enumerate(others)]
    report = read(early, *rest, 5)
    stated = [r.reason for r in report.rejected if r.path == "$[0].time"]
    assert stated == ([] if is_read else [f"{rows._CLOCK}: it may be either half of the day"])
    if is_read:
        (slot,) = report.meetings[0].slots
        assert (slot.start, slot.duration) == (time(7, 30), timedelta(hours=1))
        assert report.meetings[0].flags >= {"start_assumed"}


def test_every_form_of_a_list_tells_its_clock(tmp_path):
    listed = [{**PLAIN, "time": "7:30"}, {**PLAIN, "slug": "b", "time": "19:30"}]
    path = tmp_path / "list.json"
    path.write_text(json.dumps(listed), encoding="utf-8")
    for source in (listed, path, path.read_bytes(), {"meetings": listed}):
        report = feeds.read_meeting_guide(source, group="aa", default_timezone="UTC")
        assert [m.slots[0].start for m in report.meetings] == [time(7, 30), time(19, 30)]


@pytest.mark.parametrize("minutes", [45, "45 min", "0:45", "00:45:00"])
def test_minutes_tell_the_length_where_there_is_no_end(minutes):
    meeting, _ = read_one(end_time=None, duration=minutes)
    assert meeting.slots[0].duration == timedelta(minutes=45)


def test_minutes_that_are_none_are_counted():
    meeting, report = read_one(end_time=None, duration=10**400)
    assert meeting.slots[0].duration is None
    assert report.ignored["duration"] == 1


def test_fields_of_another_kind_are_counted():
    _, report = read_one(location=7, regions=[3], attendance_option="mail", url=5)
    assert dict(report.ignored) == {"attendance_option": 1, "location": 1, "regions": 1, "url": 1}


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
    assert dict(read_one(**changes)[1].ignored) == unread


def test_a_region_is_taken_where_there_is_no_list():
    meeting, _ = read_one(regions=[], region="West", sub_region="Far")
    assert meeting.regions == ("West", "Far")


def test_text_is_kept_on_one_line():
    meeting, _ = read_one(name="We\n Agnostics", location="Hall\tB")
    assert (meeting.name, meeting.location) == ("We Agnostics", "Hall B")


def test_text_that_was_escaped_twice_is_read():
    meeting, _ = read_one(name="Tom &amp;amp; Jo&amp;#8217;s", location=r"St. Mark\'s \"B\"")
    assert (meeting.name, meeting.location) == ("Tom & Jo\u2019s", 'St. Mark\'s "B"')


def test_by_appointment():
    meeting, _ = read_one(day=None, time=None, end_time=None)
    assert meeting.slots == ()


@pytest.mark.parametrize(
    ("changes", "mode"),
    [
        ({}, "in_person"),
        ({"conference_url": "https://us02web.zoom.us/j/1"}, "hybrid"),
        ({"conference_url": "us02web.zoom.us/j/1"}, "hybrid"),
        ({"conference_url": "Zoom: https://zoom.us/j/1 or https://zoom.us/j/2"}, "hybrid"),
        ({"conference_url": "https://example.org/our-page"}, "in_person"),
        ({"conference_url": "https://zoom.us.example.org/j/1"}, "in_person"),
        ({"conference_url": "https://example.org/j", "types": ["TC"]}, "online"),
        ({"conference_url": "tel:+13125550100"}, "hybrid"),
        ({"conference_phone": "+13125550100,,123456#"}, "hybrid"),
        ({"conference_phone": "312-555"}, "in_person"),
        ({"types": ["onl"]}, "hybrid"),
        ({"types": ["ONL"]}, "hybrid"),
        ({"types": ["ONL", "TC"]}, "online"),
        ({"types": ["TC"]}, "inactive"),
        ({"approximate": "yes"}, "in_person"),
        ({"approximate": " Yes ", "conference_phone": "+1 312 555 0100"}, "online"),
        ({"approximate": True}, "in_person"),
        ({"coordinates": "39.8,-89.6,39.9,-89.5"}, "in_person"),
        (
            {"formatted_address": None, "latitude": None, "longitude": None}
            | {"coordinates": "39.8,-89.6"},
            "in_person",
        ),
        ({"archived": True}, "inactive"),
        ({"archived": "true"}, "inactive"),
        ({"attendance_option": "virtual"}, "online"),
        ({"attendance_option": "Online only"}, "online"),
        ({"attendance_option": "In-person and online"}, "hybrid"),
        ({"attendance_option": "Temporarily closed"}, "inactive"),
        ({"types": ["Location Temporarily Closed"]}, "inactive"),
        ({"types": "Online Meeting, Open"}, "hybrid"),
        ({"types": ["HYB"], "formatted_address": "Springfield, IL, USA"}, "hybrid"),
        ({"types": ["In-Person", "ONL"], "formatted_address": None}, "hybrid"),
        ({"status": "temp-closed"}, "inactive"),
        ({"attendance_option": "In Person", "types": ["ONL"]}, "in_person"),
        ({"attendance_option": "hybrid", "types": ["TC"]}, "hybrid"),
        ({"approximate": "no", "formatted_address": "Rome, Italy", "types": ["ONL"]}, "hybrid"),
        ({"formatted_address": "Springfield, IL, USA", "types": ["ONL"]}, "online"),
        ({"formatted_address": "Online"}, "online"),
        ({"formatted_address": "Springfield, IL, USA"}, "in_person"),
        ({"formatted_address": "Via Roma 1, Torino, Italia", "latitude": None}, "in_person"),
        ({"formatted_address": None, "address": "Main St", "types": ["ONL"]}, "hybrid"),
        (
            {"formatted_address": None, "location": "", "latitude": 0, "longitude": 0},
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
    is_stated = bool({"attendance_option", "archived", "status"} & set(changes))
    assert ("mode" in report.assumed) != is_stated
    assert ("mode_assumed" in meeting.flags) != is_stated


def test_a_link_to_no_known_provider_is_kept_and_flagged():
    meeting, report = read_one(conference_url="https://example.org/our-page")
    assert meeting.join_info.url == "https://example.org/our-page"
    assert meeting.flags >= {"join_unclear"}
    assert report.assumed["join_unclear"] == 1


def test_an_online_meeting_has_no_place_on_the_map():
    meeting, report = read_one(attendance_option="online")
    assert meeting.latitude is meeting.longitude is None
    assert report.assumed["coordinates_of_an_online_meeting_left_out"] == 1


@pytest.mark.parametrize("latitude", ["north", "3_9", 91, float("nan"), [1], 10**400, True])
def test_coordinates_that_are_none_are_left_out_and_counted(latitude):
    meeting, report = read_one(latitude=latitude)
    assert meeting.latitude is meeting.longitude is None
    assert report.assumed["coordinates_unusable"] == 1


def test_open_and_closed_at_once_is_closed():
    meeting, report = read_one(types=["O", "C"])
    assert meeting.tags == {"closed"}
    assert report.assumed["closed_rather_than_open"] == 1


@pytest.mark.parametrize(
    ("group", "code", "tags", "languages"),
    [
        ("aa", "T", {"transgender", "lgbtq"}, set()),
        ("aca", "T", {"literature"}, set()),
        ("aa", "S", set(), {"es"}),
        ("aca", "S", {"speaker"}, set()),
        ("al_anon", "POA", {"parents"}, set()),
        ("slaa", "POA", {"proof_of_attendance"}, set()),
        ("aa", "POA", {"proof_of_attendance"}, set()),
        ("aa", "A", {"secular"}, set()),
        ("aca", "A", {"adults_only"}, set()),
        ("aa", "H", {"anniversaries"}, set()),
        ("ma", "H", {"anniversaries"}, set()),
        ("aa", "TR", {"tradition_study"}, set()),
        ("aa", "TUR", set(), {"tr"}),
        ("ha", "TR", set(), {"tr"}),
        ("aca", "TR", set(), set()),
        ("aca", "ES", set(), set()),
        ("aa", "12X12", {"step_study", "tradition_study"}, set()),
        ("recovery_dharma", "MI", {"meditation"}, set()),
        ("aa_secular", "A", {"secular"}, set()),
        ("smart", "O", set(), set()),
    ],
)
def test_a_code_means_what_its_program_says(group, code, tags, languages):
    report = read({**PLAIN, "types": [code]}, group=group)
    (meeting,) = report.meetings
    assert (meeting.tags, meeting.languages) == (tags, languages)
    assert meeting.source_codes == (code,)
    assert (f"types:{code}" in report.ignored) == (not tags and not languages)


@pytest.mark.parametrize("program", ["al-anon", "al_anon"])
def test_the_program_may_be_named(program):
    row = {**PLAIN, "types": ["AC"]}
    report = feeds.read_meeting_guide(
        [row], group="circle", program=program, default_timezone="UTC"
    )
    assert report.meetings[0].tags == {"adult_children"}


@pytest.mark.parametrize("program", ["aaa", 5, ""])
def test_a_program_that_is_not_known_is_refused(program):
    with pytest.raises(FeedError, match="program"):
        feeds.read_meeting_guide([], group="aa", program=program, default_timezone="UTC")


@pytest.mark.parametrize(
    ("types", "tags", "languages", "codes"),
    [
        ("[open]", {"open"}, set(), ("open",)),
        ("Open", {"open"}, set(), ("Open",)),
        (
            "Open, Women's, Big Book, Spanish",
            {"open", "women", "literature"},
            {"es"},
            ("Open", "Women's", "Big Book", "Spanish"),
        ),
        ('["O","W"]', {"open", "women"}, set(), ("O", "W")),
        ("O,ST", {"open", "step_study"}, set(), ("O", "ST")),
        ("", set(), set(), ()),
        ([11], {"meditation"}, set(), ("11",)),
        ({"0": "O", "2": "W"}, {"open", "women"}, set(), ("O", "W")),
        (["O, D"], {"open", "discussion"}, set(), ("O", "D")),
        ("['O', 'W']", {"open", "women"}, set(), ("O", "W")),
        (["Speaker/Discussion"], {"speaker", "discussion"}, set(), ("Speaker/Discussion",)),
        ("Abierta, Mujeres", {"open", "women"}, set(), ("Abierta", "Mujeres")),
        (["Open/Zzz"], set(), set(), ("Open/Zzz",)),
        (["Meditation Meeting"], {"meditation"}, set(), ("Meditation Meeting",)),
    ],
)
def test_types_as_text(types, tags, languages, codes):
    meeting, _ = read_one(types=types)
    assert (meeting.tags, meeting.languages, meeting.source_codes) == (tags, languages, codes)


def test_languages_by_their_tags():
    meeting, report = read_one(languages=["en", "zh-Hant", "Klingon", 5])
    assert meeting.languages == {"en", "es", "zh-Hant"}
    assert report.ignored["languages"] == 1


@pytest.mark.parametrize("languages", ["EN, fr", ["EN", "French"], {"1": "en", "4": "fr"}])
def test_languages_in_other_forms(languages):
    meeting, report = read_one(types=[], languages=languages)
    assert (meeting.languages, dict(report.ignored)) == ({"en", "fr"}, {})


def test_false_stands_for_nothing():
    """WordPress writes it for a field that is not there."""
    keys = ("end_time", "types", "location", "latitude", "longitude", "conference_url", "notes")
    meeting, report = read_one(
        **dict.fromkeys((*keys, "regions", "url", "timezone", "other"), False)
    )
    assert (meeting.flags, meeting.mode) == ({"mode_assumed", "timezone_assumed"}, "in_person")
    assert (dict(report.ignored), dict(report.redacted)) == ({}, {})
    assert read_one(types=[False, "O"])[0].source_codes == ("O",)


def test_fields_by_their_other_names():
    row = {
        "meeting": "Noon",
        "id": 7,
        "day": 1,
        "start_time": "12:00",
        "full_address": "1 Main St, Springfield, IL 62701, USA",
        "location_name": "Hall",
    }
    (meeting,) = read(row).meetings
    assert (meeting.name, meeting.id, meeting.location) == ("Noon", "7", "Hall")
    assert meeting.mode == "in_person"


def test_fields_by_the_words_of_a_sheet():
    row = {
        "Name": "Noon",
        "ID": 7,
        "Day": "Monday",
        "Time": "12:00 PM",
        "End Time": "1:00 PM",
        "Types": "Open, Women",
        "Address": "1 Main St",
        "City": "Springfield",
        "Conference URL": "https://zoom.us/j/1",
        "Region": "Central > Springfield",
        "Notes": "Zoe Lee opens",
        "Contact 1 Name": "Zoe Lee",
        5: "debris",
    }
    report = read(row)
    (meeting,) = report.meetings
    assert (meeting.id, meeting.name, meeting.mode) == ("7", "Noon", "hybrid")
    assert meeting.slots[0].duration == timedelta(hours=1)
    assert meeting.tags == {"open", "women"}
    assert meeting.regions == ("Central", "Springfield")
    assert meeting.notes == "[name] opens"
    assert report.redacted["contact_fields"] == 1


def test_coordinates_with_decimal_commas():
    meeting, _ = read_one(latitude="39,8", longitude="-89,6")
    assert (meeting.latitude, meeting.longitude) == (39.8, -89.6)


def test_a_place_by_other_names_of_its_coordinates():
    meeting, _ = read_one(latitude=None, longitude=None, lat="39.8", lng=-89.6)
    assert (meeting.latitude, meeting.longitude) == (39.8, -89.6)


def test_an_address_in_parts_with_a_zip_code_that_is_a_number():
    parts = {"address": "1 Main St", "city": "Springfield", "state": "IL", "zip": 62701}
    meeting, _ = read_one(formatted_address=None, **parts)
    assert meeting.address == "1 Main St, Springfield, IL, 62701"


def test_notes_of_the_place_and_the_group_stand_below_those_of_the_meeting():
    meeting, report = read_one(
        notes="Ring<br>the bell", location_notes="Side door", group_notes="Bring&nbsp;tea"
    )
    assert meeting.notes == "Ring\nthe bell\nSide door\nBring tea"
    assert report.redacted["markup"] == 1


def test_how_to_join_is_kept_apart():
    meeting, _ = read_one(
        conference_url="https://zoom.us/j/1?pwd=abc",
        conference_url_notes="Passcode: serenity",
        conference_phone="+13125550100,,123456#",
        conference_phone_notes="Dial by your location +1 312 555 0101",
        notes="Meeting ID: 123 456 7890, Password: 1234 -- ring twice",
        url="https://zoom.us/j/2?pwd=def",
    )
    join = meeting.join_info
    assert join.url == "https://zoom.us/j/1?pwd=abc"
    for stated in ("serenity", "123 456 7890", "1234", "https://zoom.us/j/2?pwd=def"):
        assert stated in join.url_notes
    assert join.phone == "+13125550100,,123456#"
    assert "312 555 0101" in join.phone_notes
    assert meeting.url is None
    assert meeting.notes == "ring twice"
    assert repr(join) == "JoinInfo(…)"
    for secret in ("serenity", "123 456", "1234", "abc", "def", "3125550100"):
        assert secret not in repr(meeting)
        assert secret not in codec.dumps(meeting)
        assert secret not in json.dumps(feeds.write_meeting_guide([meeting])[0])


@pytest.mark.parametrize(
    ("phone", "first", "others"),
    [
        ("312-555-0100 or 646-555-0101", "312-555-0100", ["646-555-0101"]),
        ("US: +1 312 555 0100; +1 646 555 0101", "+1 312 555 0100", ["+1 646 555 0101"]),
        ("+44 20 7946 0000 United Kingdom", "+44 20 7946 0000", ["United Kingdom"]),
        ("(605) 555-0111 Access 375228#", "(605) 555-0111", ["375228#"]),
    ],
)
def test_every_line_to_dial_is_kept(phone, first, others):
    meeting, report = read_one(conference_phone=phone)
    join = meeting.join_info
    assert join.phone == first
    assert all(line in f"{join.phone_notes} {join.url_notes}" for line in others)
    assert dict(report.redacted) == {}
    feed, not_written = feeds.write_meeting_guide([meeting], with_join=True)
    assert not_written == ()
    assert read(*feed).meetings == (meeting,)


def test_a_line_beside_one_from_the_notes_is_kept():
    join = read_one(notes="Dial-in: 312-555-0199", conference_phone="+13125550100,,1#")[0].join_info
    assert (join.phone, join.phone_notes) == ("+13125550100,,1#", "Dial-in: 312-555-0199")


def test_what_lets_one_in_is_kept_where_a_link_should_be():
    meeting, report = read_one(conference_url="Meeting ID: 812 345 6789 Passcode: abc1")
    assert (meeting.join_info.url, meeting.mode) == (None, "in_person")
    assert meeting.join_info.url_notes == "Meeting ID: 812 345 6789; Passcode: abc1"
    assert dict(report.redacted) == {}


@pytest.mark.parametrize(
    "url",
    [
        '<a href="https://zoom.us/j/1?pwd=a&amp;b=1">Join</a>',
        "https://zoom.us/j/1?pwd=a&amp;b=1",
        "https://zoom.us/j/1?pwd=a&#038;b=1",
    ],
)
def test_a_link_in_the_mark_up_of_a_page(url):
    assert read_one(conference_url=url)[0].join_info.url == "https://zoom.us/j/1?pwd=a&b=1"


def test_words_in_the_phone_field_are_taken_apart():
    meeting, _ = read_one(conference_phone="312-555-0100 ID: 123 456 789 Password: abc99")
    assert meeting.join_info.phone == "312-555-0100"
    assert "abc99" in meeting.join_info.url_notes
    meeting, _ = read_one(conference_phone="ask Pat M. at pat@example.org")
    assert meeting.join_info.phone is None
    assert "pat@" not in meeting.join_info.url_notes


def test_a_phone_number_as_the_page_is_dropped():
    meeting, report = read_one(url="tel:+13125550100")
    assert meeting.url is None
    assert report.redacted["phone_numbers"] == 1


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "data:text/html,x", "ftp://a.org", "//a.org", "mailto:a@b.org"),
        *("https://", "https://a@b.org", "https://a.org/ x", "https://[::1", "x" * 3000),
        *("https://a.org/?to=pat%40example.org", "https://wa.me/13125550100"),
    ],
)
def test_links_that_are_not_safe_to_follow_are_dropped_and_counted(url):
    meeting, report = read_one(url=url, conference_url=url)
    assert meeting.url is None
    assert meeting.join_info is None
    assert report.redacted["links"] >= 2


def test_control_characters_are_removed_and_counted():
    meeting, report = read_one(
        name="No\x00on\u202e",
        slug="no\x1bon",
        notes="a\x07\nb\ud800",
        url="https://example.org/\x00noon",
    )
    assert (meeting.name, meeting.id, meeting.notes) == ("Noon", "noon", "a\nb")
    assert meeting.url == "https://example.org/noon"
    assert report.redacted["control_characters"] == 6


def test_words_that_tell_of_some_weeks():
    meeting, _ = read_one(day=6, notes="First Saturday of the month")
    assert meeting.slots[0].recurrence.weeks_of_month == {1}
    assert "may_not_be_weekly" not in meeting.flags
    meeting, report = read_one(day=2, notes="Every second Tuesday")
    assert meeting.slots[0].recurrence == WEEKLY
    assert meeting.flags >= {"may_not_be_weekly"}
    assert report.assumed["may_not_be_weekly"] == 1


def test_what_is_not_read_is_counted_and_not_kept():
    meeting, report = read_one(
        notes="Ask for Pat, 555 0100",
        contact_1_name="Pat",
        contact_1_email="pat@example.org",
        types=["O", "ZZZ", "call Pat"],
        url="javascript:alert(1)",
        group="",
    )
    assert dict(report.ignored) == {
        "contact_1_email": 1,
        "contact_1_name": 1,
        "types:(other)": 1,
        "types:ZZZ": 1,
        "url": 1,
    }
    assert meeting.url is None
    assert dict(report.redacted) == {
        "contact_fields": 2,
        "links": 1,
        "names": 2,
        "phone_numbers": 1,
    }
    assert "Pat" not in repr(report) + report.to_text() + str(meeting)
    assert meeting.notes == "Ask for [name], [phone]"


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
        ({**PLAIN, "name": "\x1b\u202e "}, "$[0].name"),
        ({**PLAIN, "day": 7}, "$[0].day"),
        ({**PLAIN, "day": "Ongoing"}, "$[0].day"),
        ({**PLAIN, "day": 10**400}, "$[0].day"),
        ({**PLAIN, "day": True}, "$[0].day"),
        ({**PLAIN, "day": {"a": 1}}, "$[0].day"),
        ({**PLAIN, "day": []}, "$[0].day"),
        ({**PLAIN, "day": None}, "$[0].day"),
        ({**PLAIN, "time": None}, "$[0].time"),
        ({**PLAIN, "types": {"O": 1}}, "$[0].types"),
        ({**PLAIN, "types": [["O"]]}, "$[0].types"),
        ({**PLAIN, "slug": "x" * 501}, "$[0].slug"),
        ({**PLAIN, "timezone": "-04:00"}, "$[0].timezone"),
        ({**PLAIN, "timezone": "x" * 10_000}, "$[0].timezone"),
        ({**PLAIN, "timezone": "Mars/Base"}, "$[0].timezone"),
        ({**PLAIN, "timezone": 5}, "$[0].timezone"),
        ({**PLAIN, "name": "\ud800"}, "$[0].name"),
    ],
)
def test_a_row_that_can_not_be_read_is_refused_with_the_reason(row, path):
    report = read(row, {**PLAIN, "slug": "other"})
    assert [m.id for m in report.meetings] == ["other"]
    (refused,) = report.rejected
    assert (refused.row, refused.path) == (0, path)
    assert refused.reason


def test_an_id_twice_is_refused():
    report = read(PLAIN, PLAIN, {**PLAIN, "slug": 7})
    assert [m.id for m in report.meetings] == ["noon", "7"]
    assert report.rejected[0].path == "$[1].slug"


def test_all_that_is_wrong_with_a_row_is_reported():
    (refused,) = read({**PLAIN, "day": 9, "time": "x", "types": 5}).rejected
    stated = refused.path + refused.reason
    assert all(word in stated for word in (".day", ".time", ".types", "Sunday"))


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
    assert len(report.meetings) + len(report.inactive) + len(report.rejected) == len(rows)
    assert all(m.mode != "inactive" for m in report.meetings)
    assert all(m.mode == "inactive" for m in report.inactive)


@pytest.mark.parametrize("form", ["bytes", "bom", "text", "path", "rows", "keys", "decoded"])
def test_sources(form, tmp_path):
    text = json.dumps([PLAIN])
    path = tmp_path / "list.json"
    path.write_text(text, encoding="utf-8")
    source = {
        "bytes": text.encode(),
        "bom": text.encode("utf-8-sig"),
        "text": " " + text,
        "path": path,
        "rows": (row for row in [PLAIN]),
        "keys": {"a": PLAIN}.values(),
        "decoded": [PLAIN],
    }[form]
    report = feeds.read_meeting_guide(source, group="aa", default_timezone="UTC")
    assert len(report.meetings) == 1


@pytest.mark.parametrize(
    "source",
    [
        {"meetings": [PLAIN]},
        {"0": PLAIN},
        json.dumps({"3": PLAIN}),
        json.dumps({"meetings": [PLAIN]}),
        f"callback({json.dumps([PLAIN])});".encode(),
        f"/**/a.b_1( {json.dumps([PLAIN])} )",
    ],
    ids=range(6),
)
def test_a_list_in_an_object_or_a_call(source):
    report = feeds.read_meeting_guide(source, group="aa", default_timezone="UTC")
    assert len(report.meetings) == 1


@pytest.mark.parametrize(
    ("source", "word"),
    [
        (b"{}", "JSON list"),
        (b'{"meetings": 5}', "JSON list"),
        (b"5", "JSON list"),
        ("callback([1,", "no JSON"),
        ("[1, ", "line 1"),
        (b"\xff[]", "UTF-8"),
        ("<!doctype html>", "web page"),
        (b"<html>", "web page"),
        ("[" * 100_000, "deep"),
        ("[" + "9" * 10_000 + "]", "too long"),
        ("[" + "9" * 4_100 + "]", "too long"),
        ('[{"name": ' + "[" * 100_000, "deep"),
        (b'[{"name": "a"}, {"name": ]', "line 1, column 26"),
        ("[1] [2]", "line 1, column 5"),
        ("[1 2]", "line 1, column 4"),
        ("[1,]", "no JSON"),
        ("[", "no JSON"),
        ('["\x01"]', "no JSON"),
        (Path("no/such/file.json"), "No such file"),
        ("no/such/file.json", "pathlib.Path"),
        (b"no/such/file.json", "pathlib.Path"),
        ("list.json", "pathlib.Path"),
        ("~/list", "pathlib.Path"),
        ("/dev/zero", "pathlib.Path"),
        ("..\\list.csv", "pathlib.Path"),
        ("https://example.org/list.json", "fetch"),
        ("", "line 1"),
        ("\0", "no JSON"),
        (7, "JSON list"),
        (None, "JSON list"),
    ],
    ids=range(30),
)
def test_what_is_no_list_is_a_feed_error(source, word):
    with pytest.raises(FeedError, match=word) as caught:
        feeds.read_meeting_guide(source, group="aa", default_timezone="UTC")
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("group", "zone"),
    [("A A", "UTC"), ("aa", "Mars/Base"), ("aa", "-04:00"), ("aa", "America"), ("aa", "UTC ")],
)
def test_the_group_and_the_zone_are_checked_first(group, zone):
    with pytest.raises(FeedError):
        read(PLAIN, group=group, zone=zone)


def test_all_that_is_wrong_with_a_call_is_reported_at_once():
    with pytest.raises(FeedError) as caught:
        feeds.read_meeting_guide([], group="", default_timezone="x", program=3)
    assert [said.partition(":")[0] for said in str(caught.value).split("; ")] == [
        "group",
        "default_timezone",
        "program",
    ]


@pytest.mark.parametrize("form", [tuple, lambda rows: bytearray(json.dumps(rows).encode())])
def test_other_forms_of_a_list(form):
    assert read_source(form([PLAIN])) == read(PLAIN)


@pytest.mark.parametrize("is_text", [True, False])
def test_a_file_that_is_open(is_text, tmp_path):
    path = tmp_path / "list.json"
    path.write_text(json.dumps([PLAIN]), "utf-8")
    with path.open("r" if is_text else "rb", **({"encoding": "utf-8"} if is_text else {})) as file:
        assert read_source(file) == read(PLAIN)
    with pytest.raises(FeedError, match="closed"):
        read_source(file)


def test_an_open_file_that_is_no_text_is_a_feed_error(tmp_path):
    path = tmp_path / "list.json"
    path.write_bytes(b"\xff[]")
    with path.open(encoding="utf-8") as file, pytest.raises(FeedError, match="UTF-8") as caught:
        read_source(file)
    assert caught.value.__context__ is None
    with pytest.raises(FeedError, match="an open file"):
        read_source({"a": 1})
    assert len(read_source(iter([PLAIN])).meetings) == 1


@pytest.mark.parametrize(
    ("address", "mode"),
    [
        ("12 High Street, Leeds", "in_person"),
        ("High Street, Leeds, UK", "in_person"),
        ("St Mark's Church, 12 High Street, Leeds", "in_person"),
        ("Hauptstr. 12, Berlin", "in_person"),
        ("10010 107A Ave, Edmonton, AB", "in_person"),
        ("12 rue de la Paix, 75002 Paris, France", "in_person"),
        ("10115 Berlin, Germany", "in_person"),
        ("75011 Paris, France", "in_person"),
        ("114 55 Stockholm, Sverige", "in_person"),
        ("4000-123 Porto, Portugal", "in_person"),
        ("[Online]", "online"),
        ("Via Zoom, 12 Main St, A, B", "online"),
        ("Chicago, IL 60601", "in_person"),
        ("Chicago IL 60601, USA", "in_person"),
        ("Chicago, Illinois 60601, USA", "in_person"),
        ("Leeds LS1 1AA, UK", "in_person"),
        ("Toronto ON M5V 2T6, Canada", "in_person"),
        ("60601, USA", "in_person"),
        ("St Louis, MO, USA", "in_person"),
        ("Online", "online"),
    ],
)
def test_a_meeting_that_is_offered_can_be_found(address, mode):
    """A town alone says no less than a street that it is held."""
    where = {"formatted_address": address, "latitude": None, "longitude": None}
    assert read_one(**where)[0].mode == mode


@pytest.mark.parametrize(
    ("street", "mode"),
    [
        ("Online", "online"),
        ("Zoom", "online"),
        ("Chicago, IL, USA", "online"),
        ("Corner of Main and Elm", "hybrid"),
        ("12 Main St, Springfield", "hybrid"),
    ],
)
def test_a_field_for_a_street_that_holds_none_is_no_place(street, mode):
    where = {"formatted_address": None, "address": street, "latitude": None, "longitude": None}
    assert read_one(**where, conference_url="https://zoom.us/j/1")[0].mode == mode


def test_the_link_of_a_provider_that_writes_an_at_sign_joins():
    url = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_Zm9v%40thread.v2/0?context=x"
    meeting, report = read_one(conference_url=url)
    assert (meeting.join_info.url, dict(report.redacted)) == (url, {})


@pytest.mark.parametrize("zone", ["america/new_york", "America/New York", " AMERICA/new  york "])
def test_a_zone_in_other_letters(zone):
    assert read({**PLAIN, "timezone": zone}).meetings[0].timezone == "America/New_York"


@pytest.mark.parametrize("zone", ["EST", "MST", "HST", "localtime", "posix/America/New_York"])
def test_an_abbreviation_and_what_a_machine_is_set_to_are_no_zones(zone):
    (refused,) = read({**PLAIN, "timezone": zone}).rejected
    assert refused.path == "$[0].timezone"
    with pytest.raises(FeedError, match="summer time"):
        read(PLAIN, zone=zone)


@pytest.mark.parametrize(
    ("given", "is_approximate"),
    [("Yes", True), (1, True), ("1", True), (True, True), ("n", False), (0, False), ("0", False)],
)
def test_switches_are_read_however_they_are_written(given, is_approximate):
    meeting, report = read_one(approximate=given)
    assert (meeting.is_approximate, dict(report.ignored)) == (is_approximate, {})


@pytest.mark.parametrize(
    "changes",
    [{"approximate": "about"}, {"coordinates": [41.5, -87.1]}, {"regions": {"a": "West"}}],
)
def test_what_can_not_be_reported_is_counted(changes):
    _, report = read_one(**changes)
    assert dict(report.ignored) == dict.fromkeys(changes, 1)


@pytest.mark.parametrize("minutes", [60, "60", 60.0, " 60 "])
def test_minutes_are_read_as_number_and_as_text(minutes):
    meeting, report = read_one(end_time=None, duration=minutes)
    assert (meeting.slots[0].duration, dict(report.ignored)) == (timedelta(hours=1), {})


def test_words_for_days_and_times():
    assert len(read_one(day="Everyday")[0].slots) == 7
    assert [s.weekday for s in read_one(day="Monday and Friday")[0].slots] == [0, 4]
    assert read_one(time="23:00", end_time="Midnight")[0].slots[0].duration == timedelta(hours=1)
    assert read_one(day=None, time="By appointment", end_time=None)[0].slots == ()


def test_types_between_other_signs_and_beside_nothing():
    assert read_one(types="Open; Women|Discussion")[0].tags == {"open", "women", "discussion"}
    assert read_one(types=["O", None])[0].source_codes == ("O",)


@pytest.mark.parametrize("code", ["3125550100", "312-555-0100"])
def test_numbers_to_call_stay_in_no_code_and_no_name_of_a_field(code):
    meeting, report = read_one(types=["O", code], **{code: "x"})
    assert code not in repr(report) + str(dict(report.ignored)) + repr(meeting)


@pytest.mark.parametrize(
    ("slug", "id_", "removed"),
    [
        ("noon-pat@example.org", "[email]", {"emails": 1}),
        ("noon-312-555-0100", "noon-[phone]", {"phone_numbers": 1}),
        ("Call Pat S. 312-555-0100", "Call [name] [phone]", {"names": 1, "phone_numbers": 1}),
        ("noon PW: serenity", "noon", {}),
        ("3125550100", "3125550100", {}),
        ("noon-2024-01-15", "noon-2024-01-15", {}),
        ("1-main-st-springfield-il-62701-usa", "1-main-st-springfield-il-62701-usa", {}),
    ],
)
def test_people_are_masked_in_ids_whose_numbers_stay(slug, id_, removed):
    meeting, report = read_one(slug=slug)
    assert (meeting.id, dict(report.redacted)) == (id_, removed)


@pytest.mark.parametrize(
    "phone",
    [
        *("Call Pat Lee 312-555-0100", "312-555-0100 (Pat)", "312-555-0100, Pat Lee"),
        *(
            "Mary 555-123-4567",
            "Mary: (312) 555-0100",
            "Mary K. at 312-555-0100",
            "Pat +13125550100",
        ),
    ],
)
def test_a_number_beside_a_name_is_a_person_s_and_no_line_to_dial(phone):
    meeting, report = read_one(conference_phone=phone)
    assert (meeting.mode, meeting.join_info) == ("in_person", None)
    assert dict(report.redacted) == {"names": 1, "phone_numbers": 1}


@pytest.mark.parametrize(
    ("phone", "dialed"),
    [
        ("Zoom 312-555-0100", "312-555-0100"),
        ("Chicago 312-555-0100", "312-555-0100"),
        ("+1 646 555 0100 (New York)", "+1 646 555 0100"),
        ("Dial 312-555-0100 (ask for Pat)", "312-555-0100"),
        ("Serenity 312-555-0100,,123456#", "312-555-0100,,123456#"),
        ("Mary 312-555-0101; Dial-in: 312-555-0100", "312-555-0100"),
    ],
)
def test_a_line_to_dial_stays_beside_other_words(phone, dialed):
    meeting, _ = read_one(conference_phone=phone)
    assert (meeting.mode, meeting.join_info.phone) == ("hybrid", dialed)
    assert "0101" not in f"{meeting.join_info.url_notes} {meeting.join_info.phone_notes}"


def test_what_goes_with_a_person_s_number_is_kept():
    meeting, _ = read_one(conference_phone="Mary 312-555-0100 PW: hope https://zoom.us/j/9")
    assert (meeting.join_info.url, meeting.join_info.url_notes) == (
        "https://zoom.us/j/9",
        "PW: hope",
    )


def test_a_link_that_is_not_safe_counts_once():
    _, report = read_one(conference_url="javascript:alert(1)")
    assert (dict(report.redacted), dict(report.ignored)) == ({"links": 1}, {"conference_url": 1})


@pytest.mark.parametrize(
    "key", ["notes", "location_notes", "conference_url_notes", "conference_phone"]
)
def test_what_is_no_text_where_text_should_be_is_counted(key):
    meeting, report = read_one(**{key: {"a": 1}})
    assert (meeting.join_info, dict(report.ignored)) == (None, {key: 1})


def test_a_time_of_four_digits_may_be_a_number():
    assert read_one(time=1930, end_time=None)[0].slots[0].start == time(19, 30)
    for unclear in (930, 2460, 19.5, True):
        assert read({**PLAIN, "time": unclear}).rejected[0].path == "$[0].time"


def test_ids_that_differ_only_in_what_is_masked_stay_apart():
    slugs = ("mary@x.org", "bob@x.org", "a-312-555-0100", "a-312-555-0101", "bob@x.org")
    report = read(*({**PLAIN, "slug": slug} for slug in slugs))
    ids = [m.id for m in report.meetings]
    assert ids == ["[email]", "[email]-2", "a-[phone]", "a-[phone]-2"]
    assert [r.path for r in report.rejected] == ["$[4].slug"]
    feed, not_written = feeds.write_meeting_guide(report.meetings)
    assert not_written == ()
    assert read(*feed).meetings == report.meetings


@pytest.mark.parametrize("value", [{1}, object(), b"x", 10**400])
def test_values_that_no_json_holds_are_reported_not_raised(value):
    report = read(*({**PLAIN, "slug": key, key: value} for key in PLAIN))
    assert report.rows == len(PLAIN)


def test_an_array_that_has_no_truth_is_reported_not_raised():
    report = read(*({**PLAIN, "slug": key, key: np.array([1, 2])} for key in PLAIN))
    assert report.rows == len(PLAIN)


def test_the_first_name_of_a_contact_is_masked_in_notes():
    stated = {"contact_1_name": "Zoe Lee", "contact_2_name": "The Office"}
    meeting, _ = read_one(notes="Zoe opens. zoe lee has the key. The door is red.", **stated)
    assert meeting.notes == "[name] opens. [name] has the key. The door is red."
    assert read_one(location="Zoe Hall", **stated)[0].location == "Zoe Hall"


def test_coordinates_that_are_no_two_numbers_are_none():
    place = {"latitude": None, "longitude": None, "coordinates": "41.5"}
    assert read_one(**place)[0].latitude is None


def test_regions_in_one_text():
    assert read_one(regions="Central > Springfield")[0].regions == ("Central", "Springfield")


def test_a_row_of_which_no_meeting_can_be_made_is_refused_with_the_field():
    fields = {"id": "a", "name": "Noon", "slots": (), "notes": None, "timezone": "\ud800"}
    report = rows.read_rows([{}, {}], lambda _: dict(fields), layout=LAYOUT, group="aa")
    assert [refused.path for refused in report.rejected] == ["$[0].timezone", "$[1].timezone"]
