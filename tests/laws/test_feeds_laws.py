"""The laws of meeting lists: every row accounted for, nobody's data shown, nothing lost."""

import json
from datetime import time, timedelta

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mshg import Meeting, Slot, codec, feeds, testing
from mshg.domain import JoinInfo, MeetingFlag
from mshg.errors import FeedError, MshgError
from mshg.feeds.bmlt import LAYOUT as BMLT
from mshg.feeds.masking import clean
from mshg.feeds.meeting_guide import LAYOUT as MEETING_GUIDE
from mshg.feeds.type_codes import codes_of, program_of, programs

ZONE = "America/Chicago"
PLAIN = {"slug": "noon", "name": "Noon", "day": 1, "time": "12:00"}
PLAIN_BMLT = {
    "id_bigint": "1",
    "meeting_name": "Noon",
    "weekday_tinyint": "2",
    "start_time": "12:00:00",
}
WORDS = st.sampled_from(
    (
        *("12:00", "7:30 PM", "24:00", "Monday", "1", "7", "1,2", "O", "ONL", "TC", "yes"),
        *("Open, Spanish", "hybrid", "https://zoom.us/j/1?pwd=x", "javascript:x", "a@b.org"),
        *("+13125550100,,1#", "America/Chicago", "First Monday of the month"),
        *("every other week", "Call Pat 312-555-0100", "7:30", "Mon-Fri", "19h30", "Hybrid"),
        *("1er lundi du mois", "312-555-0100 or 312-555-0101", "Venmo: @pat-s", "america/new york"),
    )
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | WORDS
    | st.just(10**400) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=5) | WORDS, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def rows_like(plain, keys):
    """Rows that begin plain, with some fields of a list changed to anything."""
    changes = st.dictionaries(st.sampled_from(sorted(keys)) | st.text(max_size=4), JSON, max_size=6)
    return st.lists(changes.map(lambda change: {**plain, **change}) | JSON, max_size=4)


LISTS = st.one_of(
    st.tuples(
        st.just("guide"),
        rows_like(PLAIN, MEETING_GUIDE.known | MEETING_GUIDE.contacts | {"id"}),
    ),
    st.tuples(st.just("bmlt"), rows_like(PLAIN_BMLT, BMLT.known | BMLT.contacts)),
)


def read(rows, *, group="aa", zone=ZONE, **options):
    return feeds.read_meeting_guide(rows, group=group, default_timezone=zone, **options)


def read_either(kind, rows):
    return read(rows) if kind == "guide" else feeds.read_bmlt(rows, default_timezone=ZONE)


@given(LISTS)
def test_every_row_is_accounted_for(given_list):
    """Meetings, inactive and refused rows add up to the rows, whatever they hold."""
    kind, rows = given_list
    report = read_either(kind, rows)
    listed = report.meetings + report.inactive
    assert report.rows == len(rows) == len(listed) + len(report.rejected)
    assert all(m.mode != "inactive" for m in report.meetings)
    assert all(m.mode == "inactive" for m in report.inactive)
    assert [r.row for r in report.rejected] == sorted({r.row for r in report.rejected})
    assert len({m.id for m in listed}) == len(listed)


@given(LISTS, st.integers(0, 4))
def test_a_row_that_can_not_be_read_never_stops_the_others(given_list, place):
    """A plain row among any others is read as it is read alone."""
    kind, rows = given_list
    plain = {**(PLAIN if kind == "guide" else PLAIN_BMLT), "slug": "alone", "id_bigint": "987654"}
    alone = read_either(kind, [plain])
    among = read_either(kind, [*rows[:place], plain, *rows[place:]])
    (meeting,) = alone.meetings + alone.inactive
    assume(all("alone" not in str(row) and "987654" not in str(row) for row in rows))
    assert meeting in among.meetings + among.inactive


@given(LISTS)
def test_a_list_is_the_same_in_every_form(given_list):
    """Decoded, text and bytes of one list read the same."""
    kind, rows = given_list
    text = json.dumps(rows)
    expected = read_either(kind, json.loads(text))
    assert read_either(kind, text) == read_either(kind, text.encode()) == expected


@given(st.binary(max_size=60) | JSON | st.text(max_size=30).map(lambda t: "[" + t))
def test_any_source_is_read_or_refused(source):
    """Whatever the source, the answer is a report or a FeedError."""
    for kind in ("guide", "bmlt"):
        try:
            read_either(kind, source)
        except MshgError as error:
            assert isinstance(error, FeedError)
            assert error.__cause__ is None
            assert error.__context__ is None


READERS = [
    *(feeds.read_meeting_guide, feeds.read_bmlt, feeds.read_csv, feeds.read_google_sheet),
    *(feeds.read_airtable, feeds.read_naws, feeds.read_hsds, feeds.read_ics),
]
CELLS = st.lists(st.lists(JSON, max_size=5), max_size=4)
ICS = st.lists(
    st.sampled_from(
        (
            *("UID:1", "SUMMARY:Noon", "DTSTART:20260106T120000", "DTSTART;VALUE=DATE:20260106"),
            *(
                "RRULE:FREQ=WEEKLY",
                "RRULE:FREQ=MONTHLY;BYDAY=2TU",
                "RRULE:X",
                "EXDATE:20260203T120000",
            ),
            *(
                "DTEND:20260106T130000",
                "DURATION:PT1H",
                "DURATION:x",
                "LOCATION:Online",
                "END:VEVENT",
            ),
            *("URL:https://zoom.us/j/1234567890", "RRULE:FREQ=WEEKLY;INTERVAL=0", "BEGIN:VEVENT"),
        )
    ),
    max_size=9,
).map(
    lambda ls: "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *ls, "END:VEVENT", "END:VCALENDAR"])
)
SERVICES = st.lists(
    st.dictionaries(
        st.sampled_from(
            ("id", "name", "status", "schedules", "location", "service_at_locations", "languages")
        ),
        JSON
        | st.lists(st.dictionaries(st.sampled_from(("byday", "opens_at", "freq", "id")), JSON)),
    ),
    max_size=3,
)


@pytest.mark.parametrize("reader", READERS, ids=lambda r: r.__name__)
@given(st.one_of(JSON, CELLS, ICS, SERVICES, LISTS.map(lambda pair: pair[1]), st.text(max_size=40)))
def test_every_reader_accounts_for_its_source_or_refuses_it(reader, source):
    """A reader gives a report whose rows add up, or a FeedError; reading twice is reading once."""
    try:
        report = reader(source, group="aa", default_timezone=ZONE)
    except FeedError as error:
        assert error.__context__ is None
        return
    listed = report.meetings + report.inactive
    assert report.rows == len(listed) + len(report.rejected)
    assert reader(source, group="aa", default_timezone=ZONE) == report
    assert report.to_text()
    assert report.to_markdown()


@given(st.one_of(JSON, CELLS, ICS, SERVICES, st.text(max_size=40)))
def test_a_source_is_of_a_format_or_none(source):
    """A source is of one format, or the error says what it looks like."""
    try:
        name = feeds.sniff(source)
    except FeedError:
        return
    assert callable(getattr(feeds, f"read_{name}"))


@given(JSON)
def test_any_formats_are_read_or_refused(formats):
    """Whatever a server's formats, the answer is a report or a FeedError."""
    row = {**PLAIN_BMLT, "formats": "O,1", "format_shared_id_list": "1,7"}
    try:
        report = feeds.read_bmlt([row], formats=formats, default_timezone=ZONE)
    except FeedError:
        return
    assert report.rows == 1


SECRETS = {
    "zeb.canary@example.org": "canary@",
    "(312) 555-7319": "7319",
    "+44 20 7946 7319": "7319",
    "312.555.7319": "7319",
    "Call Canary Z. 312-555-7319": "anary",
    "https://zoom.us/j/731973197319?pwd=canary": "anary",
    "Passcode: canary7319": "anary",
    "PW / canary": "anary",
    "password \u201cthe canary\u201d": "anary",
    "Passcode: one canary at a time": "canary",
    "Contrase\u00f1a: el canary": "anary",
    "Use canary as the password": "anary",
    "ID/PW: 123456789/canary": "anary",
    "Join at zoom.us/j/731973197319": "7319",
    "wa.me/13125557319": "7319",
    "Meeting ID: 731 973 1973": "731 973",
    "Dial-in: 312-555-7319,,9#": "7319",
    "mailto:canary@example.org": "anary",
    "canary {at} example {dot} org": "anary",
    "Venmo: @canary-z": "anary",
    "https://venmo.com/canary": "anary",
    "cash.app/$canary": "anary",
    "tel #312_555_7319": "7319",
}
FREE_TEXT = ("name", "location", "formatted_address", "notes", "location_notes", "group_notes")
FIELDS = (*FREE_TEXT, "url", "conference_url", "conference_url_notes", "regions", "types", "region")


@given(st.sampled_from(sorted(SECRETS)), st.sampled_from(FIELDS), st.sampled_from(["", "Hall, "]))
def test_nobody_s_data_is_shown(secret, key, before):
    """Addresses, numbers, names and passcodes reach neither repr nor document nor feed."""
    value = before + secret
    report = read([{**PLAIN, key: [value] if key in ("types", "regions") else value}])
    for meeting in report.meetings + report.inactive:
        feed, _ = feeds.write_meeting_guide([meeting])
        for shown in (str(meeting), codec.dumps(meeting), json.dumps(feed)):
            assert SECRETS[secret] not in shown
    stated = repr(report) + report.to_text() + str(report.rejected)
    assert SECRETS[secret] not in stated


@given(st.sampled_from(sorted(MEETING_GUIDE.contacts)))
def test_contact_fields_are_dropped_and_counted(key):
    """Contact fields are dropped, and counted."""
    report = read([{**PLAIN, key: "Canary Z. canary@example.org", "notes": "ask Canary Z. first"}])
    (meeting,) = report.meetings + report.inactive
    assert report.redacted["contact_fields"] == 1
    assert "anary@" not in str(meeting)
    assert "Canary" not in str(meeting)


@given(st.text(max_size=60) | st.lists(WORDS, max_size=6).map(" ".join), st.booleans())
def test_cleaning_is_bounded(text, is_notes):
    """A cleaned text holds no control characters, and never grows by more than its masks."""
    found = clean(text, is_notes=is_notes)
    kept = found.text or ""
    masks = 8 * (kept.count("[") + 1)
    assert len(kept) <= len(text) + masks
    assert not any(ord(c) < 32 and c != "\n" for c in kept)


JOINS = [
    JoinInfo(url="https://zoom.us/j/1?pwd=x"),
    JoinInfo(url="https://example.org/join", url_notes="Passcode: serenity"),
    JoinInfo(url_notes="Ring first\nMeeting ID: 123 456 7890; PW: x1"),
    JoinInfo(phone="+13125550100,,1#", phone_notes="Dial-in: +1 312 555 0101"),
]
PROGRAM_GROUPS = st.sampled_from(["aa", "na", "al_anon", "aca", "ma"])


@st.composite
def holdable(draw):
    """Meetings that the format can hold."""
    group = draw(PROGRAM_GROUPS)
    known = codes_of(program_of(group))
    codes = draw(st.lists(st.sampled_from(sorted(known)), max_size=4, unique=True))
    tags = frozenset().union(*(known[c].tags for c in codes))
    if {"open", "closed"} <= tags:
        tags -= {"open"}
    days = draw(st.lists(st.integers(0, 6), unique=True, max_size=3))
    minutes = draw(st.none() | st.integers(1, 360))
    start = time(draw(st.integers(0, 23)), draw(st.integers(0, 59)))
    lasts = None if minutes is None else timedelta(minutes=minutes)
    mode = draw(st.sampled_from(["in_person", "online", "hybrid", "inactive"]))
    has_place = mode != "online" and draw(st.booleans())
    lines = st.none() | st.sampled_from(["Hall", "Église Ste-Anne", "St. Mark's, room 2"])
    return Meeting(
        id=draw(st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)),
        group=group,
        name=draw(st.sampled_from(["Noon", "Früh auf", "11th Step", "First Things First"])),
        slots=[Slot(weekday=d, start=start, duration=lasts) for d in days],
        timezone=draw(st.sampled_from(["America/New_York", "Europe/Berlin"])),
        mode=mode,
        latitude=draw(st.floats(1, 90)) if has_place else None,
        longitude=draw(st.floats(-180, 180)) if has_place else None,
        is_approximate=draw(st.booleans()),
        tags=tags,
        languages=frozenset().union(*(known[c].languages for c in codes)),
        location=draw(lines),
        address=draw(st.none() | st.just("1 Main St, Springfield, IL 62701, USA")),
        regions=draw(st.lists(st.sampled_from(["West", "Far West"]), max_size=2)),
        url=draw(st.none() | st.just("https://example.org/noon")),
        source_codes=codes,
        notes=draw(st.none() | st.sampled_from(["Ring twice", "Side door\nUpstairs"])),
        flags=draw(st.frozensets(st.sampled_from(MeetingFlag), max_size=3)),
        join_info=draw(st.none() | st.sampled_from(JOINS)),
    )


@given(holdable(), st.booleans())
def test_what_the_format_can_hold_reads_back_the_same(meeting, with_join):
    """A meeting that the format can hold is written, and reads back the same."""
    meeting = meeting if with_join else attrs.evolve(meeting, join_info=None)
    feed, not_written = feeds.write_meeting_guide([meeting], with_join=with_join)
    assert not_written == ()
    report = read(json.dumps(feed), group=meeting.group, zone="UTC")
    assert report.meetings + report.inactive == (meeting,)


@given(st.lists(testing.meetings(with_join=True), max_size=3), st.booleans())
def test_nothing_is_lost_in_silence(meetings, with_join):
    """Every meeting is written so that it reads back the same, or reported with the reason."""
    feed, not_written = feeds.write_meeting_guide(meetings, with_join=with_join)
    assert len(feed) + len(not_written) == len(meetings)
    assert all(problem.reason and problem.path for problem in not_written)
    if feed:
        left_out = {problem.row for problem in not_written}
        kept = [m for i, m in enumerate(meetings) if i not in left_out]
        kept = kept if with_join else [attrs.evolve(m, join_info=None) for m in kept]
        report = read(feed, group=meetings[0].group, zone="UTC")
        assert report.meetings == tuple(m for m in kept if m.mode != "inactive")
        assert report.inactive == tuple(m for m in kept if m.mode == "inactive")


@given(LISTS)
def test_what_was_read_can_be_written(given_list):
    """What was read from a list is written and read back the same, or reported with the reason."""
    kind, rows = given_list
    report = read_either(kind, rows)
    listed = report.meetings + report.inactive
    feed, not_written = feeds.write_meeting_guide(listed, with_join=True)
    again = read(json.dumps(feed), group="aa" if kind == "guide" else "na", zone="UTC")
    left_out = {problem.row for problem in not_written}
    kept = tuple(m for i, m in enumerate(listed) if i not in left_out)
    assert again.meetings + again.inactive == kept


@given(st.lists(st.integers(0, 6), min_size=1, unique=True))
def test_an_array_of_days_is_one_meeting_with_several_slots(days):
    """An array of days is one meeting, with the slots that single days have."""
    (together,) = read([{**PLAIN, "day": days}]).inactive
    single = [read([{**PLAIN, "day": day}]).inactive[0].slots[0] for day in days]
    assert together.slots == tuple(single)


@given(st.integers(0, 6))
def test_both_formats_mean_the_same_day(day):
    """Sunday is 0 in one format and 1 in the other, and 6 here."""
    (here,) = read([{**PLAIN, "day": day}]).inactive
    row = {**PLAIN_BMLT, "weekday_tinyint": str(day + 1)}
    (there,) = feeds.read_bmlt([row], default_timezone=ZONE).inactive
    assert here.slots == there.slots
    assert here.slots[0].weekday == (day - 1) % 7


@pytest.mark.parametrize("program", programs())
def test_tags_and_languages_are_of_one_vocabulary(program):
    """Every code means tags or languages that a meeting can hold."""
    for meaning in codes_of(program).values():
        assert meaning.tags or meaning.languages
        Meeting(id="1", group="aa", name="x", tags=meaning.tags, languages=meaning.languages)
