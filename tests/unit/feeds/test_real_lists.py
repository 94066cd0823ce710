"""Real meeting lists, row by row, against counts made without the readers.

The modes were counted by a loop of its own over the rows (provider of the link, digits to dial,
types, comma parts and digits of the address); flags and recurrences were read by eye in the rows.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from mshg import feeds
from mshg.domain import Recurrence
from mshg.errors import FeedError

LISTS = Path(__file__).parents[4] / "shared" / "data" / "meetings"
pytestmark = pytest.mark.skipif(not LISTS.exists(), reason="the real meeting lists are not at hand")

# rows of each list: in person, online, hybrid, inactive; none of them holds a row to refuse
MODES = {
    "aa_atlanta_2024": (6, 0, 0, 0),
    "aa_ben_lomond_2021": (17, 17, 1, 0),
    "aa_kansas_city_2021": (116, 33, 48, 9),
    "aa_kc_sample_2017": (45, 0, 0, 0),
    "aa_san_jose_2018_strings": (568, 0, 0, 0),
    # Three rows "Virtual Only" without a way to join are online, with a flag.
    "aa_sepia_philadelphia_2024": (1291, 308, 305, 134),
    # Links with two addresses in one field: online, as the first is a provider's; 101 with a link
    # to another page; four more that name a venue are in person.
    "aa_sf_marin_airtable_2020_online": (6, 535, 4, 0),
    "fixture_appointment": (0, 2, 0, 0),
    "fixture_times": (1, 0, 8, 0),
    "fixture_timezones": (2, 0, 0, 0),
}
# besides timezone_assumed and mode_assumed
FLAGS = {
    # "No meeting last Thursday of the month" on two Thursdays; a cafeteria "suspended".
    "aa_kansas_city_2021": {"may_not_be_weekly": 2, "may_be_suspended": 5},
    # "Meeting is not held on the last Friday of each month"
    "aa_kc_sample_2017": {"may_not_be_weekly": 1},
    "aa_sepia_philadelphia_2024": {
        "closed_rather_than_open": 15,
        "end_assumed": 3,  # 12:15 to 01:15 twice, 12:30 to 01:30
        "end_left_out": 2,  # 10:00 to 10:00, 17:30 to 16:30
        # "2nd NO Mtg.", "Last Tuesday of month / Step Meeting", "Last wk of Aug/…"
        # and 14 that are not held on holidays
        "may_not_be_weekly": 17,
        "join_unclear": 3,
    },
    # 103 links to pages of no provider; "MEETING CANCELLED THRU MARCH 19", of no year
    "aa_sf_marin_airtable_2020_online": {
        "join_unclear": 103,
        "may_be_suspended": 1,
        "may_not_be_weekly": 8,  # the same, and seven that are not held on holidays
    },
}
ZONES_NAMED = {"fixture_timezones": 2}
MODES_STATED = {"aa_atlanta_2024": 6}


def read(name, **options):
    return feeds.read_meeting_guide(
        LISTS / f"{name}.json", group="aa", default_timezone="America/New_York", **options
    )


def flags_of(meetings):
    return dict(Counter(str(flag) for m in meetings for flag in m.flags))


@pytest.mark.parametrize("name", MODES)
def test_every_row_of_a_meeting_guide_list_is_accounted_for(name):
    report = read(name)
    listed = report.meetings + report.inactive
    modes = Counter(str(m.mode) for m in listed)
    rows = json.loads((LISTS / f"{name}.json").read_text("utf-8"))
    assert tuple(modes[m] for m in ("in_person", "online", "hybrid", "inactive")) == MODES[name]
    assert report.rows == len(rows) == sum(MODES[name])
    assert report.rejected == ()
    expected = {
        "timezone_assumed": len(rows) - ZONES_NAMED.get(name, 0),
        "mode_assumed": len(rows) - MODES_STATED.get(name, 0),
        **FLAGS.get(name, {}),
    }
    assert flags_of(listed) == {flag: count for flag, count in expected.items() if count}


@pytest.mark.parametrize("name", MODES)
def test_what_is_read_is_written_again(name):
    """Every meeting of these lists can be held by the format, and reads back the same."""
    report = read(name)
    listed = report.meetings + report.inactive
    feed, not_written = feeds.write_meeting_guide(listed, with_join=True)
    again = feeds.read_meeting_guide(json.dumps(feed), group="aa", default_timezone="UTC")
    assert not_written == ()
    assert (again.meetings, again.inactive) == (report.meetings, report.inactive)


def test_no_address_number_or_passcode_stays_in_what_is_shown():
    """After the masks of the lists' own publishers, these numbers were left in free text."""
    report = read("aa_sepia_philadelphia_2024")
    shown = "\n".join(str(m) for m in report.meetings + report.inactive)
    for left in (
        "Passcode",
        "PW:",
        "749673",
        "813636",
        "sober1",
        "odaat",
        "Wally P",
        "000-000-0000",
        "REDACTED",
    ):
        assert left not in shown
    joins = [m.join_info for m in report.meetings + report.inactive if m.join_info is not None]
    assert any("813636" in (j.url_notes or "") for j in joins)
    codes = Counter(j.url_notes for j in joins)
    assert (codes["PW / sober1"], codes["PW odaat"]) == (6, 4)


def test_words_for_codes_stand_only_where_one_is_asked_for():
    """Every line of notes in these lists that speaks of a password, as read by eye."""
    listed = [m for name in MODES for m in (*read(name).meetings, *read(name).inactive)]
    said = {line for m in listed for line in (m.notes or "").split("\n")}
    word = re.compile(
        r"\b(?:pw|pwd|pass ?-?(?:word|code)s?|pin|access code)\b|zoom\.us", re.IGNORECASE
    )
    spoken = sorted(line for line in said if word.search(line))
    assert all("[email]" in line or line == "No password required" for line in spoken), spoken
    assert len(spoken) == 11


def test_weeks_that_are_certain_become_a_recurrence():
    weeks = {
        name: {
            m.name: set(s.recurrence.weeks_of_month)
            for m in read(name).meetings
            for s in m.slots
            if s.recurrence != Recurrence()
        }
        for name in MODES
    }
    assert {name: found for name, found in weeks.items() if found} == {
        "aa_ben_lomond_2021": {"Steering Committee (2nd Thursday)": {2}},
        "aa_san_jose_2018_strings": {
            "Happy, Joyous, Free (Transwomen) 2nd & 4th Fridays Only": {2, 4}
        },
        "aa_sepia_philadelphia_2024": {
            "First Saturday Group": {1},
            "Redemption Group": {1},
        },
    }


def test_a_list_cut_short_is_refused_as_a_whole():
    with pytest.raises(FeedError, match="no JSON"):
        feeds.read_meeting_guide(
            LISTS / "fixture_invalid_trailing.json.txt", group="aa", default_timezone="UTC"
        )


def test_every_row_of_a_bmlt_list_is_accounted_for():
    """New York, with its own table of formats; 42 rows are not published."""
    report = feeds.read_bmlt(
        LISTS / "bmlt_sample_ny_search_results.json",
        formats=LISTS / "bmlt_sample_formats.json",
        default_timezone="America/New_York",
    )
    assert (report.rows, len(report.meetings), len(report.inactive)) == (1555, 1513, 42)
    assert {str(m.mode) for m in report.meetings} == {"in_person"}
    assert flags_of(report.meetings + report.inactive) == {
        "timezone_assumed": 1555,
        "mode_assumed": 1513,
        "closed_rather_than_open": 6,
        # nine of a season ("CLOSED SUMMER MONTHS"), "3rd Friday of fhe month", and 13 of holidays
        "may_not_be_weekly": 23,
        "may_be_suspended": 1,  # "meeting is closed for summer of 2016"
    }
    rows = json.loads((LISTS / "bmlt_sample_ny_search_results.json").read_text("utf-8"))
    keys = Counter(key for row in rows for key in row["formats"].split(","))
    tags = Counter(tag for m in report.meetings + report.inactive for tag in m.tags)
    assert (tags["wheelchair"], tags["women"], tags["men"]) == (keys["WC"], keys["W"], keys["M"])
    assert tags["open"] == keys["O"] - 6
    assert tags["newcomer"] == keys["B"]
    assert sum("es" in m.languages for m in report.meetings + report.inactive) == keys["ES"]
    assert [len(m.slots) for m in report.meetings] == [1] * 1513


def test_the_how_to_reads_a_list_of_that_shape():
    """SMART's list of 2022: 13 rows whose day is debris ("the") are refused, no other."""
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "read-your-own-list.md").read_text(
        "utf-8"
    )
    code = next(b for b in page.split("```python\n") if "def as_row" in b).partition("```")[0]
    names = {}
    exec(code, names)  # noqa: S102 (the page's own function)
    rows = json.loads((LISTS / "smart_recovery_us_2022.json").read_text("utf-8"))
    report = feeds.read_meeting_guide(
        [names["as_row"](row) for row in rows], group="smart", default_timezone="America/New_York"
    )
    debris = [i for i, row in enumerate(rows) if row["days"] == ["the"]]
    assert [r.row for r in report.rejected if r.path.endswith(".day")] == debris
    assert report.rows == len(rows) == 1041
    spanish = sum("Español" in row["details"].split("Languages spoken:")[1][:40] for row in rows)
    assert sum("es" in m.languages for m in report.meetings + report.inactive) == spanish


def test_weekdays_of_a_bmlt_list_begin_with_sunday_1():
    report = feeds.read_bmlt(
        LISTS / "bmlt_sample_ny_search_results.json", default_timezone="America/New_York"
    )
    days = Counter(m.slots[0].weekday for m in report.meetings + report.inactive)
    # weekday_tinyint 1 (Sunday) stands in 193 rows, 2 (Monday) in 232, and so on
    assert [days[d] for d in range(7)] == [232, 233, 220, 225, 233, 219, 193]
