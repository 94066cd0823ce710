"""Kinds of rows that real lists hold and that were once read wrongly: each rule, with its inputs.

The inputs are invented. A meeting that a list offers can be found; what is in doubt is a flag.
"""

from datetime import time, timedelta

import pytest

from mshg import codec, feeds
from mshg.domain import Slot
from mshg.feeds.masking import clean
from mshg.feeds.recurrence import placed

PLAIN = {"slug": "noon", "name": "Noon", "day": 1, "time": "19:00"}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ASSUMED = {"mode_assumed", "timezone_assumed"}


def read(group="aa", **fields):
    report = feeds.read_meeting_guide(
        [{**PLAIN, **fields}], group=group, default_timezone="Europe/Dublin"
    )
    assert report.rejected == ()
    return (report.meetings + report.inactive)[0], report


def weeks(day, text):
    """In which weeks of a month, and what is in doubt."""
    slot = Slot(weekday=DAYS.index(day), start=time(19))
    (slot,), flags = placed((text,), (slot,))
    return set(slot.recurrence.weeks_of_month), {str(flag) for flag in flags}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Zoom password, if required: courage", "courage"),
        ("Access code, if asked: 480 221 9034", "480 221 9034"),
        ("Passcode when prompted: 4471#", "4471"),
        ("Password needed to enter: wisdom", "wisdom"),
        ("If they ask for a password to join, use 90210", "90210"),
        ("When prompted for the passcode, enter hope", "hope"),
        ("Passcode you will need to get in is 5512", "5512"),
        ("PIN if asked: 8812", "8812"),
    ],
)
def test_a_passcode_with_words_before_its_sign_is_kept_for_joining_alone(text, code):
    meeting, _ = read(notes=f"{text}\nRing twice", conference_url="https://zoom.us/j/1234567890")
    assert code in meeting.join_info.url_notes
    assert code not in meeting.notes
    assert "Ring twice" in meeting.notes
    assert code not in str(meeting) + codec.dumps(meeting)


@pytest.mark.parametrize(
    "text",
    [
        "No password needed, doors open at 7",
        "Password for the door: ask the greeter",
        "If you need the password, it is on our website",
        "For the passcode email: us",
        "Password protected: contact the host",
    ],
)
def test_words_that_speak_of_a_passcode_hold_none(text):
    assert clean(text, is_notes=True).codes == ()


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("tue", "Big Book study, except the last Tuesday which is a speaker meeting"),
        ("mon", "Open discussion except for the 3rd Monday, when we do a Step"),
        ("sat", "EXCEPT 1ST SATURDAY, MEETS IN THE ANNEX"),
        ("sun", "Meets in Room 4 except second Sunday: we meet in the library"),
        ("thu", "7:00 except the fourth Thursday at 6:30"),
        ("fri", "Discussion except 2nd Friday (Birthday celebration)"),
    ],
)
def test_an_exception_to_kind_hour_or_place_leaves_the_meeting_weekly(day, text):
    assert weeks(day, text) == (set(), set())


@pytest.mark.parametrize(
    ("day", "text", "held"),
    [
        ("tue", "Every Tuesday except the 2nd Tuesday", {1, 3, 4, 5}),
        ("wed", "Meets weekly except 1st Wednesday of the month", {2, 3, 4, 5}),
        ("sat", "Except the third Saturday, when there is no meeting", {1, 2, 4, 5}),
        ("sun", "Step study except the first Sunday, when we are closed", {2, 3, 4, 5}),
        ("mon", "No meeting on the 5th Monday", {1, 2, 3, 4}),
    ],
)
def test_an_exception_that_is_an_absence_is_placed(day, text, held):
    assert weeks(day, text) == (held, set())


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("wed", "Newcomers on Monday. Spkr. meeting last Wednesday of month."),
        ("thu", "Lit. study. Disc. meeting 1st Thursday of month"),
        ("fri", "Steps. Bus. meeting 2nd Friday of the month"),
        ("sun", "Chair's choice. Anniv. meeting last Sunday of month."),
        ("tue", "Step meeting. Trad. mtg. 3rd Tuesday of each month."),
    ],
)
def test_a_full_stop_that_shortens_a_word_ends_no_sentence(day, text):
    assert weeks(day, text) == (set(), set())


@pytest.mark.parametrize(
    "text",
    [
        "No meeting on public holidays",
        "Closed Thanksgiving and New Year's Day",
        "Excluding bank holidays",
        "Does not meet on Christmas",
        "Will not meet on federal holidays",
        "Sauf jours f\u00e9ri\u00e9s",
    ],
)
def test_holidays_without_a_meeting_are_a_doubt(text):
    assert weeks("mon", text) == (set(), {"may_not_be_weekly"})


@pytest.mark.parametrize("text", ["Open on all holidays", "Meets every holiday, even Christmas"])
def test_holidays_with_a_meeting_are_none(text):
    assert weeks("mon", text) == (set(), set())


@pytest.mark.parametrize(
    ("day", "text", "held"),
    [
        ("wed", "The Wednesday meeting is a Speaker meeting, and is held on the 3rd Wed only", {3}),
        ("sat", "takes place on the 1st Saturday and 3rd Saturday of the month only", {1, 3}),
        ("fri", "2nd Fri each mth only", {2}),
        ("sun", "PLEASE NOTE: THIS MEETING OCCURS ONLY ON THE LAST SUNDAY OF THE MONTH", {-1}),
        ("thu", "Operates on the second Thursday of every month", {2}),
        ("mon", "Happens the first and third Mondays of each month only", {1, 3}),
    ],
)
def test_monthly_in_other_plain_words_is_placed(day, text, held):
    assert weeks(day, text) == (held, set())


@pytest.mark.parametrize(
    "text", ["ONE SATURDAY PER MONTH", "once each month", "One Sunday a month", "meets monthly"]
)
def test_monthly_without_its_week_is_a_doubt(text):
    assert weeks("sat", text) == (set(), {"may_not_be_weekly"})


@pytest.mark.parametrize(
    ("name", "is_doubtful"),
    [
        ("Thursday Nighters (Closed)", False),
        ("Serenity (closed) Step", False),
        ("Zoom meeting suspended", False),
        ("Online meeting discontinued", False),
        ("This is a closed meeting", False),
        ("Bluff - Monday - Temp Closed", True),
        ("Riverside (temporarily closed)", True),
        ("Riverside: meeting is closed", True),
        ("Temp. suspended", True),
        ("Permanently closed", True),
    ],
)
def test_closed_to_others_is_not_closed_down(name, is_doubtful):
    meeting, _ = read(name=name)
    assert ("may_be_suspended" in meeting.flags) == is_doubtful


@pytest.mark.parametrize(
    "text",
    [
        "Parking Info: Enter by the side gate, room at the end",
        "Access Info: Lift to the second floor",
        "Basic Text Study and Just for Today",
        "Secretary Handbook is in the drawer",
        "Venue Info: Buzzer 4, then up the stairs",
        "Info: Ramp at the rear",
        "Questions: See the website",
        "Host Church, side door",
    ],
)
def test_directions_and_titles_are_nobody_s_name(text):
    found = clean(text, is_notes=True)
    assert (found.text, found.redacted) == (text, ())


@pytest.mark.parametrize(
    "where",
    [
        {"formatted_address": "Harbour Row, BT1 3LL, UK", "location": "Mission Hall"},
        {"formatted_address": "Elm and Third, Fresno 93701"},
        {"city": "Pokhara", "location": "Lakeside School"},
        {"formatted_address": "Cork, Ireland"},
        {"formatted_address": "Church of Scotland, Oban"},
        {"postal_code": "EH1 1YZ", "city": "Edinburgh"},
    ],
)
def test_a_place_without_a_number_is_one_to_go_to(where):
    meeting, report = read(**where)
    assert (meeting.mode, report.meetings) == ("in_person", (meeting,))
    assert meeting.flags == ASSUMED


@pytest.mark.parametrize("where", [{"types": ["TC"]}, {"archived": True}, {"status": "inactive"}])
def test_what_the_list_itself_calls_closed_stays_inactive(where):
    assert read(formatted_address="1 High Street, Cork, Ireland", **where)[0].mode == "inactive"


@pytest.mark.parametrize(
    "way",
    [
        {"conference_url": "https://chat.whatsapp.com/abcdef"},
        {"conference_url": "https://meetings.example.org/room/7"},
        {"conference_url": "https://tinyurl.com/our-room", "location": "Virtual"},
        {"notes": "Meeting ID: 480 221 9034 Passcode: 1234", "location": "Online"},
        {"conference_url": "https://example.org/live", "formatted_address": "Boise, ID, USA"},
        {"location": "Virtual meeting", "formatted_address": "Ireland"},
    ],
)
def test_a_way_to_join_at_no_known_provider_is_online_and_unclear(way):
    meeting, report = read(**way)
    assert (meeting.mode, report.meetings) == ("online", (meeting,))
    assert "join_unclear" in meeting.flags


@pytest.mark.parametrize(
    "where",
    [
        {"location": "Online Meeting", "formatted_address": "Utica, NY, 13501, USA"},
        {"location": "Virtual Meeting", "formatted_address": "Galway, Co. Galway, H91, Ireland"},
        {"location": "Zoom", "formatted_address": "Austin, TX, 78701, USA"},
        {"location": "", "formatted_address": "Reno, NV, 89501, USA"},
        {"location": "Meeting is online", "formatted_address": "Erie, PA, 16501, USA"},
    ],
)
def test_a_town_with_commas_around_its_code_is_no_street(where):
    meeting, _ = read("na", conference_url="https://zoom.us/j/1234567890", **where)
    assert meeting.mode == "online"
    meeting, _ = read(
        "na", conference_url="https://zoom.us/j/1234567890", latitude=43.1, longitude=-75.2, **where
    )
    assert (meeting.mode, meeting.latitude) == ("online", None)


@pytest.mark.parametrize(
    ("url", "right", "notes"),
    [
        ("https://zoom.us/j/ 987654321", "https://zoom.us/j/987654321", None),
        ("https://us04web.zoom.us/j/987 654 3210", "https://us04web.zoom.us/j/9876543210", None),
        (
            "https://zoom.us/j/9876543210Passcode: hope",
            "https://zoom.us/j/9876543210",
            "Passcode: hope",
        ),
        ("https//zoom.us/j/9876543210", "https://zoom.us/j/9876543210", None),
        ("htps://zoom.us/j/9876543210", "https://zoom.us/j/9876543210", None),
        ("https://zoom.us /j/ 9876543210", "https://zoom.us/j/9876543210", None),
    ],
)
def test_a_damaged_link_is_put_together(url, right, notes):
    meeting, _ = read(conference_url=url)
    assert (meeting.mode, meeting.join_info.url) == ("online", right)
    assert meeting.join_info.url_notes == notes
    assert "join_unclear" not in meeting.flags


@pytest.mark.parametrize(
    "url", ["https://us02web.zoom.us/j/", "https://zoom.us", "https://zoom.us/j"]
)
def test_a_link_that_lost_its_number_is_unclear(url):
    meeting, _ = read(conference_url=url)
    assert (meeting.mode, "join_unclear" in meeting.flags) == ("online", True)


@pytest.mark.parametrize(
    "text",
    [
        "Call (555) 010-0142\nThen the code 445566#\nThen press 1",
        "1. Dial +1 555 010 0142\n2. Meeting ID: 987654321#\n3. Passcode: 1234#",
        "Enter PIN: 7788#\nbefore Dial-in: 555-010-0142",
        "Meeting ID: 987 654 321 and wait for the host",
        "https://zoom.us/j/987654321 first, else Dial-in: 555-010-0142",
    ],
)
def test_steps_to_dial_in_stand_in_their_order(text):
    meeting, _ = read(conference_phone="+1 555 010 0142", conference_phone_notes=text)
    kept = meeting.join_info.phone_notes
    assert kept == text
    again, _ = read(conference_phone="+1 555 010 0142", conference_phone_notes=kept)
    assert again.join_info == meeting.join_info


def test_a_person_in_steps_to_dial_in_is_masked_where_they_stand():
    meeting, _ = read(
        conference_phone_notes="Dial-in: 555-010-0142\nAsk for Pat M. at pat@example.org\nPIN: 77#"
    )
    assert meeting.join_info.phone_notes == (
        "Dial-in: 555-010-0142\nAsk for [name] at [email]\nPIN: 77#"
    )


@pytest.mark.parametrize("start", ["19:00", "18:30", "20:00", "12:00", "9:00 PM"])
def test_an_end_at_midnight_hours_later_is_none(start):
    meeting, report = read(time=start, end_time="00:00")
    assert meeting.slots[0].duration is None
    assert report.assumed["end_left_out"] == 1


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [("23:00", "00:00", 60), ("22:30", "0:00", 90), ("20:00", "midnight", 240)],
)
def test_an_end_at_midnight_that_comes_soon_or_is_said_is_one(start, end, minutes):
    assert read(time=start, end_time=end)[0].slots[0].duration == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("1hr 15mins", 75), ("2hrs", 120), ("50mins", 50), ("1 hour", 60), ("1.5 hours", 90)),
        *(("1h30", 90), ("90 minutes", 90), ("1 hour and 30 minutes", 90), ("half an hour", 30)),
        *(("1 1/2 hrs", 90), ("0hr 55mins", 55), ("2 Stunden", 120), ("an hour", 60)),
    ],
)
def test_lengths_in_words(text, minutes):
    assert read(duration=text)[0].slots[0].duration == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["-1hr", "-11hr", "long", "0mins", "hr", "1hr ago"])
def test_a_length_that_makes_no_sense_is_counted(text):
    meeting, report = read(duration=text)
    assert (meeting.slots[0].duration, report.ignored["duration"]) == (None, 1)


@pytest.mark.parametrize(
    ("text", "start", "minutes"),
    [
        *(("8-9:15PM", time(20), 75), ("5 -6.30pm", time(17), 90), ("6.00pm - 7.15", time(18), 75)),
        *(("11-12:15pm", time(11), 75), ("9-10am", time(9), 60), ("12-1 pm", time(12), 60)),
        *(("10:30-11:30 pm", time(22, 30), 60), ("7pm to 8", time(19), 60)),
    ],
)
def test_the_end_tells_the_half_of_a_bare_start(text, start, minutes):
    (slot,) = read(time=text)[0].slots
    assert (slot.start, slot.duration) == (start, timedelta(minutes=minutes))


@pytest.mark.parametrize("text", ["7", "7-8", "7 - 8:15"])
def test_hours_that_nothing_tells_the_half_of_are_rejected(text):
    report = feeds.read_meeting_guide(
        [{**PLAIN, "time": text}], group="aa", default_timezone="Europe/Dublin"
    )
    assert report.rejected[0].path == "$[0].time"


def test_labels_that_are_not_read_can_be_seen():
    types = ["Mindfulness Workshop", "First Responders", "Zebulon Canary", "Pat, 555-010-0142"]
    _, report = read("smart", types=types)
    assert report.ignored["types:Mindfulness Workshop"] == 1
    assert report.ignored["types:First Responders"] == 1
    assert "anary" not in str(dict(report.ignored))
    rows = [{**PLAIN, "slug": str(i), "types": ["Lotus Sangha"]} for i in range(2)]
    report = feeds.read_meeting_guide(rows, group="smart", default_timezone="UTC")
    assert report.ignored == {"types:Lotus Sangha": 2}


@pytest.mark.parametrize(
    ("label", "tag"),
    [
        *(("Women's Group", "women"), ("Men's Meeting", "men"), ("Men's Stag", "men")),
        *(("Beginners Group", "newcomer"), ("Big Book Study", "literature")),
        *(("Rotating Format", "varies"), ("Young People's Group", "young_people")),
    ],
)
def test_usual_labels_are_tags(label, tag):
    assert tag in read(types=[label])[0].tags


@pytest.mark.parametrize(
    "where",
    [
        {"formatted_address": "Lyon, France"},
        {"formatted_address": "Boise, ID, USA"},
        {"city": "Oslo", "country": "Norway"},
        {"formatted_address": "Cork, Ireland"},
        {"formatted_address": "10115 Berlin, Germany"},
    ],
)
def test_coordinates_of_a_bare_town_are_approximate(where):
    assert read(latitude=45.76, longitude=4.83, **where)[0].is_approximate
    assert not read(latitude=45.76, longitude=4.83, approximate="no", **where)[0].is_approximate
    exact = {**where, "location": "Mission Hall"}
    assert not read(latitude=45.76, longitude=4.83, **exact)[0].is_approximate
