"""Lists in tables, exports and calendars: each format, and an account of every row."""

import json
from datetime import date, time, timedelta

import pytest

from mshg import feeds
from mshg.errors import FeedError

KNOWN = {"group": "aa", "default_timezone": "America/Chicago"}
PLUGIN = """Time,End Time,Day,Name,Location,Address,Region,Sub Region,Types,Notes,Location Notes,\
Timezone,Group,District,Sub District,Website,Mailing Address,Venmo,Email,Phone,Group Notes,\
Contact 1 Name,Contact 1 Phone,Last Contact,Conference URL,Conference Phone,Author,Slug,Updated
7:00 PM,8:00 PM,Monday,Serenity,St. Mark's,"12 Elm St, Springfield, IL 62701, USA",Central,North,\
"Open, Women","Ring twice, or call Pat M. 312-555-0142",,America/New_York,Serenity Group,5,,\
https://example.org,,,pat@example.org,312-555-0142,,Pat M.,312-555-0142,2024-01-01,,,admin,\
serenity-1,2024-01-02
9:00 AM,,Sunday,Sunrise,,"Springfield, IL, USA",,,"Closed, Online Meeting",,,,,,,,,,,,,,,,\
https://zoom.us/j/1234567890?pwd=x,,,sunrise,
"""


def only(report):
    assert report.rejected == ()
    (meeting,) = report.meetings + report.inactive
    return meeting


@pytest.mark.parametrize("form", ["text", "bytes", "bom", "utf16", "path", "file", "rows"])
def test_the_export_of_the_plugin(form, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(PLUGIN, encoding="utf-8")
    lines = [line.split("|") for line in ("Name|Day|Time|Slug|City", "Serenity|Monday|7 PM|a|Cork")]
    if form == "rows":
        report = feeds.read_csv(iter(lines), **KNOWN)
        assert only(report).slots[0].start == time(19)
        return
    with path.open(encoding="utf-8") as file:
        source = {
            "text": PLUGIN,
            "bytes": PLUGIN.encode(),
            "bom": PLUGIN.encode("utf-8-sig"),
            "utf16": PLUGIN.encode("utf-16"),
            "path": path,
            "file": file,
        }[form]
        report = feeds.read_csv(source, **KNOWN)
    first, second = report.meetings
    assert report.rows == 2
    assert (first.id, first.name, first.timezone) == ("serenity-1", "Serenity", "America/New_York")
    assert (first.slots[0].start, first.slots[0].duration) == (time(19), timedelta(hours=1))
    assert first.tags == {"open", "women"}
    assert first.notes == "Ring twice, or call [name] [phone]"
    assert (first.location, first.regions) == ("St. Mark's", ("Central", "North"))
    assert (second.mode, second.join_info.url) == ("online", "https://zoom.us/j/1234567890?pwd=x")
    assert report.redacted["contact_fields"] == 5
    assert report.ignored["District"] == report.ignored["author"] == 1


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("Wednesday @ 6:00pm - 7:00pm", [(2, time(18), 60)]),
        ("Mon & Thu 12:00 PM", [(0, time(12), None), (3, time(12), None)]),
        ("Sundays at 8:30 AM", [(6, time(8, 30), None)]),
        ("Tue 7pm; Sat 9:00 am - 10:30 am", [(1, time(19), None), (5, time(9), 90)]),
        ("Friday, noon", [(4, time(12), None)]),
    ],
)
def test_a_day_and_a_time_in_one_cell(text, slots):
    rows = [{"title": "Tools", "times": text, "address": "1 Main St, Cork"}]
    meeting = only(feeds.read_csv(rows, group="smart", default_timezone="Europe/Dublin"))
    minutes = [s.duration and s.duration // timedelta(minutes=1) for s in meeting.slots]
    found = [(s.weekday, s.start, m) for s, m in zip(meeting.slots, minutes, strict=True)]
    assert found == slots


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_cells_may_stand_apart_in_any_way(delimiter):
    text = delimiter.join(("Title", "day_of_week", "Start", "Town")) + "\n"
    text += delimiter.join(("Noon", "Monday", "12:00", "Cork")) + "\n"
    assert only(feeds.read_csv(text, **KNOWN)).name == "Noon"
    latin = text.replace("Noon", "Caf\xe9").encode("cp1252")
    assert only(feeds.read_csv(latin, **KNOWN)).name == "Caf\xe9"


def test_columns_that_only_the_host_knows():
    text = "A,B,C,D\nNoon,Monday,12:00,Cork\n"
    columns = {"A": "name", "B": "day", "C": "time", "D": "city"}
    turned = {field: head for head, field in columns.items()}
    for given in (columns, turned):
        meeting = only(feeds.read_csv(text, columns=given, **KNOWN))
        assert (meeting.name, meeting.address) == ("Noon", "Cork")
    for wrong in ({"A": "nome"}, {"X": "name"}, 5, {"A": 1}):
        with pytest.raises(FeedError, match="columns"):
            feeds.read_csv(text, columns=wrong, **KNOWN)


def test_every_row_of_a_table_is_accounted_for():
    text = "Name,Day,Time\nNoon,Monday,12:00\n,,\n\nX,Someday,12:00\nNoon,Monday,12:00\n"
    report = feeds.read_csv(text, **KNOWN)
    assert report.rows == 4
    assert [row.row for row in report.rejected] == [1, 2]
    assert [m.id for m in report.inactive] == ["noon-monday-12-00", "noon-monday-12-00-2"]
    again = feeds.read_csv(text, **KNOWN)
    assert again == report


SHEET = [["Name", "Day", "Time", "Types", "City"], ["Noon", 1, "12:00", "Open"], [], ["X"]]


@pytest.mark.parametrize("form", [dict, json.dumps, lambda v: json.dumps(v).encode()])
def test_a_google_sheet(form):
    source = form({"range": "A1", "values": SHEET})
    report = feeds.read_google_sheet(source, **KNOWN)
    assert (report.rows, len(report.meetings), len(report.inactive)) == (2, 0, 2)
    assert report.inactive[0].tags == {"open"}
    assert feeds.read_google_sheet(SHEET, **KNOWN) == report
    for wrong in ({}, {"values": 5}, {"values": [1]}, "[1]", None):
        with pytest.raises(FeedError):
            feeds.read_google_sheet(wrong, **KNOWN)


def test_airtable():
    fields = {"Name": "Noon", "Day": ["Monday", "Friday"], "Time": "12:00", "Types": ["Men"]}
    answer = {"records": [{"id": "rec1", "fields": fields}, {"id": "rec2"}, 5]}
    report = feeds.read_airtable(json.dumps(answer), **KNOWN)
    assert (report.rows, len(report.rejected)) == (3, 2)
    (meeting,) = report.inactive
    assert (meeting.id, [s.weekday for s in meeting.slots]) == ("rec1", [0, 4])
    assert meeting.tags == {"men"}
    for wrong in ({}, "{}", {"records": 5}):
        with pytest.raises(FeedError, match="records"):
            feeds.read_airtable(wrong, **KNOWN)


NAWS = """Committee,CommitteeName,AddDate,AreaRegion,ParentName,ComemID,ContactID,ContactName,\
CompanyName,ContactAddrID,ContactAddress1,ContactPhone,Room,Closed,WheelChr,Day,Time,Language1,\
LocationId,Place,Address,City,LocBorough,State,Zip,Country,Directions,Institutional,Format1,\
Format2,Format3,Format4,Format5,Delete,LastChanged,Longitude,Latitude,ContactGP,\
PhoneMeetingNumber,VirtualMeetingLink,VirtualMeetingInfo,TimeZone,bmlt_id,unpublished
G1,Just for Noon,,AR1,Area,,,Pat M.,,,,312-555-0142,Room 4,OPEN,TRUE,Monday,1200,,,Hall,1 Main St,\
Springfield,,IL,62701,USA,Side door,FALSE,BEG,STEP,,,,,2024-01-01,-89.6,39.8,,,,,America/Chicago,11,
G2,Night Light,,AR1,Area,,,,,,,,,CLOSED,FALSE,Sunday,1930,,,,,,,IL,,USA,,FALSE,DISC,VM,,,,,,0,0,,,\
https://zoom.us/j/1234567890,PW: hope,,12,
G3,Gone,,AR1,Area,,,,,,,,,OPEN,FALSE,Friday,1930,,,,2 Main St,Springfield,,IL,,USA,,FALSE,,,,,,D,\
,0,0,,,,,,13,1
G4,Odd,,AR1,Area,,,,,,,,,OPEN,FALSE,,1930,,,,,,,IL,,USA,,FALSE,,,,,,,,0,0,,,,,,14,
"""


def test_naws():
    report = feeds.read_naws(NAWS, default_timezone="America/New_York")
    assert (report.rows, len(report.meetings), len(report.inactive)) == (4, 2, 1)
    first, second = report.meetings
    assert (first.id, first.group, first.timezone) == ("11", "na", "America/Chicago")
    assert first.tags == {"open", "wheelchair", "newcomer", "step_study"}
    assert (first.slots[0].weekday, first.slots[0].start) == (0, time(12))
    assert first.address == "1 Main St, Springfield, IL, 62701, USA"
    assert "Pat" not in str(first)
    assert (second.mode, second.join_info.url_notes) == ("online", "PW: hope")
    assert report.rejected[0].row == 3
    with pytest.raises(FeedError, match="NAWS"):
        feeds.read_naws("a,b\n1,2", default_timezone="UTC")


def calendar(*lines):
    event = ("UID:1", "SUMMARY:Noon with Pat M.", "DTSTART;TZID=America/Chicago:20260106T120000")
    return "\r\n".join(
        ("BEGIN:VCALENDAR", "BEGIN:VEVENT", *event, *lines, "END:VEVENT", "END:VCALENDAR")
    )


def test_a_calendar():
    text = calendar(
        "DTEND;TZID=America/Chicago:20260106T131500",
        "RRULE:FREQ=MONTHLY;BYDAY=1TU,-1TU",
        "EXDATE;TZID=America/Chicago:20260203T120000",
        "LOCATION:1 Main St\\, Springfield",
        "DESCRIPTION:Call Pat M. 312-555-0142. PW: hope",
        "URL:https://zoom.us/j/1234567890",
        "ORGANIZER:mailto:pat@example.org",
    )
    report = feeds.read_ics(text, **KNOWN)
    meeting = only(report)
    (slot,) = meeting.slots
    assert (slot.weekday, slot.start, slot.duration) == (1, time(12), timedelta(minutes=75))
    assert slot.recurrence.weeks_of_month == {1, -1}
    assert slot.recurrence.except_dates == {date(2026, 2, 3)}
    assert (meeting.timezone, meeting.mode) == ("America/Chicago", "hybrid")
    assert meeting.join_info.url_notes == "PW: hope"
    assert "Pat" not in str(meeting) + str(report.to_dict())


@pytest.mark.parametrize(
    ("rule", "weekdays", "every"),
    [
        ("FREQ=WEEKLY", [1], 1),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", [0, 2, 4], 1),
        ("FREQ=WEEKLY;INTERVAL=2", [1], 2),
        ("FREQ=DAILY", [0, 1, 2, 3, 4, 5, 6], 1),
    ],
)
def test_rules_of_a_calendar(rule, weekdays, every):
    slots = only(feeds.read_ics(calendar(f"RRULE:{rule}"), **KNOWN)).slots
    assert sorted(s.weekday for s in slots) == weekdays
    assert {s.recurrence.every_weeks for s in slots} == {every}


@pytest.mark.parametrize(
    "rule", ["FREQ=YEARLY", "FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=99"]
)
def test_an_event_that_is_no_regular_meeting_is_rejected(rule):
    for lines in ((), (f"RRULE:{rule}",)):
        report = feeds.read_ics(calendar(*lines), **KNOWN)
        assert report.rejected[0].path == "$[0].rrule"
    for wrong in ("BEGIN:VCALENDAR", "[]", b"", "x", [], None):
        with pytest.raises(FeedError, match="calendar"):
            feeds.read_ics(wrong, **KNOWN)


SERVICE = {
    "id": "s1",
    "name": "Tools",
    "description": "Call Pat M. 312-555-0142",
    "status": "active",
    "email": "pat@example.org",
    "languages": [{"code": "es"}],
    "attributes": [{"label": "Women"}, {"label": "Free"}],
    "service_at_locations": [
        {
            "id": "l1",
            "location": {
                "location_type": "physical",
                "name": "Hall",
                "latitude": 39.8,
                "longitude": -89.6,
                "addresses": [{"address_1": "1 Main St", "city": "Springfield"}],
            },
            "schedules": [
                {
                    "freq": "WEEKLY",
                    "byday": "MO,TH",
                    "opens_at": "19:00-06:00",
                    "closes_at": "20:00Z",
                },
                {"freq": "MONTHLY", "byday": "2SA", "opens_at": "10:00"},
            ],
        },
        {
            "id": "l2",
            "location": {"location_type": "virtual", "url": "https://zoom.us/j/1234567890"},
            "schedules": [{"byday": "WE", "opens_at": "19:00"}],
        },
    ],
}


@pytest.mark.parametrize(
    "form", [list, lambda v: {"contents": v}, lambda v: json.dumps({"services": v})]
)
def test_hsds(form):
    closed = {**SERVICE, "id": "s2", "status": "inactive", "service_at_locations": []}
    broken = {"id": "s3", "name": "X", "schedules": [{"freq": "WEEKLY"}, 5]}
    closed["schedules"] = []
    report = feeds.read_hsds(
        form([SERVICE, closed, broken, 5]), group="smart", default_timezone="America/Chicago"
    )
    here, online = report.meetings
    assert (report.rows, len(report.inactive), len(report.rejected)) == (5, 1, 2)
    assert [(s.weekday, s.duration) for s in here.slots] == [
        (0, timedelta(hours=1)),
        (3, timedelta(hours=1)),
        (5, None),
    ]
    assert here.slots[2].recurrence.weeks_of_month == {2}
    assert (here.tags, here.languages) == ({"women"}, {"es"})
    assert (here.address, here.location) == ("1 Main St, Springfield", "Hall")
    assert here.notes == "Call [name] [phone]"
    assert (online.mode, online.join_info.url) == ("online", "https://zoom.us/j/1234567890")
    for wrong in ({}, 5, "{}", "[1"):
        with pytest.raises(FeedError):
            feeds.read_hsds(wrong, group="smart", default_timezone="UTC")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ([{"slug": "a", "name": "Noon", "day": 1, "time": "12:00"}], "meeting_guide"),
        ({"meetings": [{"slug": "a", "day": 1, "time": "12:00"}]}, "meeting_guide"),
        ([{"id_bigint": "1", "weekday_tinyint": "2"}], "bmlt"),
        ({"values": SHEET}, "google_sheet"),
        ({"records": [{"fields": {}}]}, "airtable"),
        (PLUGIN, "csv"),
        (NAWS, "naws"),
        (calendar("RRULE:FREQ=WEEKLY"), "ics"),
        ([SERVICE], "hsds"),
        ({"contents": [SERVICE]}, "hsds"),
        ([{"title": "Noon", "when": "Monday 12:00"}], "csv"),
    ],
)
def test_a_format_is_known_by_its_look(source, name):
    assert feeds.sniff(source) == name
    reader = getattr(feeds, f"read_{name}")
    reader(source, group="aa", default_timezone="UTC")
    if not isinstance(source, str):
        assert feeds.sniff(json.dumps(source).encode()) == name


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("<html>", "web page"),
        ("", "empty"),
        ("Meetings are on Monday", "plain text"),
        ("list.json", "pathlib"),
        ('{"type": "FeatureCollection", "features": []}', "GeoJSON"),
        ("[1, 2]", "no rows"),
        ([{"serviceBodyId": 1, "startTime": "19:00"}], "GetSearchResults"),
    ],
)
def test_what_is_no_list_says_what_it_looks_like(source, says):
    with pytest.raises(FeedError, match=says):
        feeds.sniff(source)


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        (PLUGIN, "read_csv"),
        (NAWS, "read_naws"),
        (calendar(), "read_ics"),
        ('{"values": []}', "read_google_sheet"),
        ('{"records": []}', "read_airtable"),
    ],
)
def test_a_reader_says_which_other_to_call(text, reader):
    with pytest.raises(FeedError, match=reader):
        feeds.read_meeting_guide(text, **KNOWN)


def test_what_the_owner_of_a_list_should_mend():
    rows = [
        {
            "slug": "a",
            "name": "Noon",
            "day": 1,
            "time": "7:30",
            "end_time": "8:30 PM",
            "city": "Cork",
        },
        {"slug": "b", "name": "Zeb Canary", "day": 1, "time": "25:00", "notes": "Canary"},
        {
            "slug": "c",
            "name": "First Mondays",
            "day": 1,
            "time": "12:00",
            "notes": "every other week",
        },
    ]
    text = feeds.read_meeting_guide(rows, **KNOWN).to_markdown()
    assert text.startswith("# About your meeting list")
    assert "- row 2: time must be HH:MM" in text
    assert "## A time without AM or PM: 1 meetings" in text
    assert "- `a`" in text
    assert "anary" not in text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(end):
    text = end.join(["title,day,time", "Noon,Monday,12:00", ""])
    assert feeds.sniff(text) == "csv"
    assert feeds.read_csv(text, group="aa", default_timezone="UTC").rows == 1


def test_rows_with_the_same_fault_share_one_text():
    """A long list of wrong rows costs a little for each row, not a text of its own."""
    text = "name,day,time\n" + "Noon,Monday,25:00\n" * 3
    rejected = feeds.read_csv(text, group="aa", default_timezone="UTC").rejected
    assert [row.row for row in rejected] == [0, 1, 2]
    assert len({id(row.reason) for row in rejected}) == 1
