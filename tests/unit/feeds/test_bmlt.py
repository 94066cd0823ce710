"""BMLT lists, row by row."""

import json
from datetime import time, timedelta

import pytest

from mshg import feeds
from mshg.errors import FeedError

PLAIN = {
    "id_bigint": "7",
    "meeting_name": "Just for Noon",
    "weekday_tinyint": "2",
    "start_time": "12:00:00",
    "duration_time": "01:30:00",
    "venue_type": "1",
    "time_zone": "America/New_York",
    "formats": "O,St,WC",
    "format_shared_id_list": "17,27,33",
    "lang_enum": "en",
    "latitude": "40.7",
    "longitude": "-74.0",
    "location_text": "Hall",
    "location_street": "1 Main St",
    "location_municipality": "New York",
    "location_province": "NY",
    "location_sub_province": "New York",
    "location_postal_code_1": "10001",
    "location_nation": "USA",
    "published": "1",
}
# A server of its own: its keys are not those of a new server, and D is for women.
FORMATS = [
    {"id": "1", "key_string": "D", "name_string": "Women", "lang": "en", "world_id": "W"},
    {"id": "1", "key_string": "F", "name_string": "Femmes", "lang": "fr", "world_id": "W"},
    {"id": "2", "key_string": "Virt", "name_string": "Virtual", "lang": "en", "world_id": "VM"},
    {"id": "3", "key_string": "RUS", "name_string": "Russian", "lang": "en", "world_id": "LANG"},
    {"id": "4", "key_string": "SKY", "name_string": "Skype", "lang": "en", "world_id": None},
    {"id": "5", "key_string": "Sp/D", "name_string": "Speaker/Discussion", "lang": "en"},
    {"shared_id_bigint": 6, "key_string": "CH", "name_string": "", "worldid_mixed": ""},
    "debris",
]


def read(*rows, **options):
    return feeds.read_bmlt(list(rows), default_timezone="America/Chicago", **options)


def read_one(**changes):
    options = {"formats": changes.pop("table")} if "table" in changes else {}
    row = {k: v for k, v in {**PLAIN, **changes}.items() if v is not None}
    report = read(row, **options)
    assert report.rejected == ()
    (meeting,) = report.meetings + report.inactive
    return meeting, report


def test_a_plain_row():
    meeting, report = read_one()
    assert (meeting.id, meeting.group, meeting.name) == ("7", "na", "Just for Noon")
    (slot,) = meeting.slots
    assert (slot.weekday, slot.start, slot.duration) == (0, time(12), timedelta(minutes=90))
    assert (meeting.timezone, meeting.mode) == ("America/New_York", "in_person")
    assert meeting.tags == {"open", "step_study", "wheelchair"}
    assert meeting.source_codes == ("O", "St", "WC")
    assert meeting.address == "1 Main St, New York, NY, 10001, USA"
    assert meeting.regions == ("NY", "New York")
    assert (meeting.latitude, meeting.longitude) == (40.7, -74.0)
    assert meeting.flags == frozenset()
    assert (dict(report.assumed), dict(report.ignored), dict(report.redacted)) == ({}, {}, {})


@pytest.mark.parametrize(("day", "weekday"), [("1", 6), ("7", 5), (2, 0), ("Sunday", 6)])
def test_sunday_is_1_in_the_list_and_6_here(day, weekday):
    assert read_one(weekday_tinyint=day)[0].slots[0].weekday == weekday


@pytest.mark.parametrize(
    ("lasts", "minutes", "is_flagged"),
    [
        ("01:00:00", 60, False),
        ("01:15", 75, False),
        ("24:00:00", 1440, False),
        ("15:00:00", 900, False),
        ("", None, False),
        ("00:00:00", None, False),
        ("0:00:00", None, False),
        ("00:90:00", 90, False),
        ("01:00:00.000", 60, False),
        ("01:90:00", None, True),
        ("25:00:00", None, True),
        ("90 minutes", None, True),
        (90, None, True),
    ],
)
def test_lengths(lasts, minutes, is_flagged):
    meeting, report = read_one(duration_time=lasts)
    expected = None if minutes is None else timedelta(minutes=minutes)
    assert meeting.slots[0].duration == expected
    assert ("end_left_out" in report.assumed) == is_flagged


@pytest.mark.parametrize(
    ("changes", "mode", "is_assumed"),
    [
        ({}, "in_person", False),
        ({"venue_type": "2"}, "online", False),
        ({"venue_type": 3}, "hybrid", False),
        # A link beside a stated venue changes nothing.
        ({"virtual_meeting_link": "https://zoom.us/j/1"}, "in_person", False),
        ({"venue_type": "2", "formats": "VM,TC"}, "online", False),
        ({"venue_type": "1", "formats": "TC"}, "inactive", True),
        ({"venue_type": "3", "formats": "TC"}, "inactive", True),
        (
            {"venue_type": "3", "formats": "TC", "virtual_meeting_link": "https://zoom.us/j/1"},
            "online",
            True,
        ),
        ({"venue_type": "Virtual"}, "online", False),
        ({"venue_type": "in_person"}, "in_person", False),
        ({"venue_type": "HYBRID"}, "hybrid", False),
        ({"venue_type": ""}, "in_person", True),
        ({"venue_type": "9"}, "in_person", True),
        ({"venue_type": "", "formats": "VM"}, "online", True),
        ({"venue_type": "", "formats": "HY"}, "hybrid", True),
        ({"venue_type": "", "formats": "VM,HY"}, "hybrid", True),
        ({"venue_type": "", "formats": "VM,TC"}, "online", True),
        ({"venue_type": "", "formats": "TC"}, "inactive", True),
        ({"venue_type": "", "virtual_meeting_link": "https://a.org/x"}, "hybrid", True),
        ({"venue_type": "", "phone_meeting_number": "+1 312 555 0100"}, "hybrid", True),
        ({"venue_type": "", "location_street": "", "latitude": "0"}, "in_person", True),
        ({"venue_type": "", "location_street": "", "latitude": ""}, "in_person", True),
        ({"published": "0"}, "inactive", False),
        ({"published": 0, "venue_type": "2"}, "inactive", False),
    ],
)  # fmt: skip
def test_how_it_can_be_attended(changes, mode, is_assumed):
    meeting, report = read_one(format_shared_id_list="", **changes)
    assert meeting.mode == mode
    assert ("mode" in report.assumed) == is_assumed
    assert (meeting in report.inactive) == (mode == "inactive")


def test_formats_of_the_mode_are_no_tags():
    assert read_one(formats="VM,O", venue_type="2")[0].tags == {"open"}


def test_a_zone_that_is_missing_is_assumed():
    meeting, report = read_one(time_zone="")
    assert meeting.timezone == "America/Chicago"
    assert report.assumed["timezone"] == 1


def test_keys_of_another_language():
    assert read_one(formats="D", lang_enum="it")[0].tags == {"women"}
    assert read_one(formats="D", lang_enum="en")[0].tags == {"discussion"}
    assert read_one(formats="D", lang_enum="de")[0].tags == {"discussion"}
    assert read_one(formats="ES,L/R")[0].languages == {"es", "lt", "ru"}


@pytest.mark.parametrize(
    ("keys", "ids", "tags", "languages"),
    [
        ("D", "1", {"women"}, set()),
        ("D", "", {"women"}, set()),
        ("Other", "1", {"women"}, set()),
        ("RUS", "3", set(), {"ru"}),
        ("Sp/D", "5", {"speaker", "discussion"}, set()),
        ("SKY", "4", set(), set()),
        ("CH", "6", {"closed_holidays"}, set()),
        ("O", "99", set(), set()),
    ],
)
def test_the_server_s_own_formats_go_before_those_of_a_new_server(keys, ids, tags, languages):
    meeting, report = read_one(formats=keys, format_shared_id_list=ids, table=FORMATS)
    assert (meeting.tags, meeting.languages) == (tags, languages)
    assert (f"formats:{keys}" in report.ignored) == (not tags and not languages)


def test_formats_in_the_language_of_the_row():
    row = {"formats": "F", "format_shared_id_list": "", "lang_enum": "fr"}
    assert read_one(table=FORMATS, **row)[0].tags == {"women"}
    english = {**row, "formats": "D", "lang_enum": "pl"}
    assert read_one(table=FORMATS, **english)[0].tags == {"women"}


@pytest.mark.parametrize("form", ["list", "text", "bytes", "path", "object", "places"])
def test_formats_in_every_form(form, tmp_path):
    path = tmp_path / "formats.json"
    path.write_text(json.dumps(FORMATS), encoding="utf-8")
    table = {
        "list": FORMATS,
        "text": json.dumps(FORMATS),
        "bytes": json.dumps(FORMATS).encode(),
        "path": path,
        "object": {"formats": FORMATS},
        "places": {str(place): entry for place, entry in enumerate(FORMATS)},
    }[form]
    meeting, _ = read_one(formats="D", format_shared_id_list="1", table=table)
    assert meeting.tags == {"women"}


@pytest.mark.parametrize("form", ["decoded", "text", "bytes", "path"])
def test_meetings_and_formats_in_one_object(form, tmp_path):
    row = {**PLAIN, "formats": "D", "format_shared_id_list": "1"}
    both = {"meetings": [row], "formats": FORMATS}
    path = tmp_path / "both.json"
    path.write_text(json.dumps(both), encoding="utf-8")
    source = {
        "decoded": both,
        "text": json.dumps(both),
        "bytes": b"\xef\xbb\xbf " + json.dumps(both).encode(),
        "path": path,
    }[form]
    (meeting,) = feeds.read_bmlt(source, default_timezone="UTC").meetings
    assert meeting.tags == {"women"}


def test_contacts_are_dropped_and_ways_to_join_kept_apart():
    meeting, report = read_one(
        venue_type="3",
        contact_name_1="Zoe B.",
        contact_phone_1="312-555-0100",
        email_contact="zoe@example.org",
        comments="Zoe B. opens; PW: abc",
        location_info="2nd Fl",
        virtual_meeting_link="https://zoom.us/j/1?pwd=x",
        virtual_meeting_additional_info="Meeting ID 123 456 7890",
        phone_meeting_number="+1 312 555 0199",
    )
    assert meeting.notes == "[name] opens\n2nd Fl"
    assert meeting.join_info.url == "https://zoom.us/j/1?pwd=x"
    assert "123 456 7890" in meeting.join_info.url_notes
    assert "abc" in meeting.join_info.url_notes
    assert meeting.join_info.phone == "+1 312 555 0199"
    assert report.redacted["contact_fields"] == 3
    assert "zoom" not in repr(meeting)


@pytest.mark.parametrize("clock", ["9:30:00", "9:30"])
def test_a_clock_without_its_first_nought(clock):
    """A time with seconds is a server's own; else the other rows tell its clock."""
    report = read(
        {**PLAIN, "start_time": clock}, {**PLAIN, "id_bigint": "8", "start_time": "19:00"}
    )
    assert report.meetings[0].slots[0].start == time(9, 30)
    assert ("start_assumed" in report.meetings[0].flags) == (clock == "9:30")


def test_a_format_says_by_its_name_how_to_attend():
    table = [
        {"id": "1", "key_string": "Z", "name_string": "Online Meeting", "lang": "en"},
        {"id": "2", "key_string": "P", "name_string": "In Person", "lang": "en"},
    ]
    found = {"venue_type": "", "latitude": "", "location_street": "", "table": table}
    assert read_one(formats="Z", format_shared_id_list="1", **found)[0].mode == "online"
    both, _ = read_one(formats="Z,P", format_shared_id_list="1,2", **found)
    assert (both.mode, both.tags) == ("hybrid", frozenset())


def test_prompts_of_a_server_are_left_out():
    meeting, _ = read_one(location_info="Location Info#@-@#2nd Fl")
    assert meeting.notes == "2nd Fl"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"id_bigint": ""}, "$[0].id_bigint"),
        ({"meeting_name": ""}, "$[0].meeting_name"),
        ({"weekday_tinyint": "0"}, "$[0].weekday_tinyint"),
        ({"weekday_tinyint": "8"}, "$[0].weekday_tinyint"),
        ({"weekday_tinyint": 10**400}, "$[0].weekday_tinyint"),
        ({"weekday_tinyint": None}, "$[0].weekday_tinyint"),
        ({"start_time": ""}, "$[0].start_time"),
        ({"start_time": "24:00:00"}, "$[0].start_time"),
        ({"start_time": "7:30"}, "$[0].start_time"),
        ({"time_zone": "EST-5"}, "$[0].time_zone"),
    ],
)
def test_a_row_that_can_not_be_read_is_refused_with_the_reason(changes, path):
    report = read({**PLAIN, **changes}, {**PLAIN, "id_bigint": "8"}, {**PLAIN, "id_bigint": "8"})
    assert [m.id for m in report.meetings] == ["8"]
    assert [r.path for r in report.rejected] == [path, "$[2].id_bigint"]


@pytest.mark.parametrize("source", [{}, b"{}", {"meetings": 5}, "[", 7, None])
def test_what_is_no_list_is_a_feed_error(source):
    with pytest.raises(FeedError):
        feeds.read_bmlt(source, default_timezone="UTC")


@pytest.mark.parametrize("formats", [5, {}, b"{}", b"[", {"formats": None}])
def test_formats_that_are_no_list_are_a_feed_error(formats):
    with pytest.raises(FeedError):
        feeds.read_bmlt([], formats=formats, default_timezone="UTC")


@pytest.mark.parametrize("member", ["formats", "meetings"])
def test_a_member_of_an_answer_never_opens_a_file(member, tmp_path):
    """A server that chooses what its answer holds chooses no file of the host."""
    path = tmp_path / "list.json"
    path.write_text("[]", encoding="utf-8")
    for form in (str(path), path):
        answer = {"meetings": [PLAIN], "formats": [], member: form}
        sources = [answer] if form is path else [answer, json.dumps(answer).encode()]
        for source in sources:
            with pytest.raises(FeedError):
                feeds.read_bmlt(source, default_timezone="UTC")


@pytest.mark.parametrize("published", ["0", 0, False, "false"])
def test_what_is_not_published_is_inactive_however_it_is_written(published):
    assert read_one(published=published)[0].mode == "inactive"


def test_a_venue_of_no_known_type_is_counted():
    meeting, report = read_one(venue_type="4")
    assert (meeting.mode, report.ignored["venue_type"]) == ("in_person", 1)


def test_a_link_to_a_number_is_a_number_to_dial():
    join = read_one(virtual_meeting_link="tel:+13125550100")[0].join_info
    assert (join.url, join.phone) == (None, "+13125550100")
