"""Meeting Guide lists out."""

import json
import re
from datetime import date, time, timedelta

import pytest
from attrs import evolve

from mshg import Meeting, Slot, feeds
from mshg.domain import JoinInfo, Recurrence
from mshg.errors import FeedError

NOON = Meeting(
    id="noon",
    group="aa",
    name="Noon",
    timezone="America/Chicago",
    slots=[Slot(weekday=6, start=time(23, 30), duration=timedelta(minutes=60))],
    latitude=39.8,
    longitude=-89.6,
    tags=["open", "literature", "lgbtq"],
    languages=["es"],
    notes="Ring twice",
)


def write(*meetings, **options):
    feed, not_written = feeds.write_meeting_guide(meetings, **options)
    return feed, [(r.row, r.path, r.reason) for r in not_written]


def test_a_row():
    (row,), not_written = write(NOON)
    assert not_written == []
    assert row == {
        "slug": "noon",
        "name": "Noon",
        "day": 0,
        "time": "23:30",
        "end_time": "00:30",
        "timezone": "America/Chicago",
        "attendance_option": "in_person",
        "types": row["types"],
        "latitude": 39.8,
        "longitude": -89.6,
        "approximate": "no",
        "notes": "Ring twice",
        "mshg": {"source_codes": []},
    }
    # The general code of each tag, not one that would say more than the meeting does.
    assert sorted(row["types"]) == ["LGBTQ", "LIT", "O", "S"]
    assert json.loads(json.dumps(row)) == row


def test_codes_of_another_kind_of_list_are_kept_beside():
    meeting = evolve(NOON, group="na", source_codes=["BK", "GL"], languages=[])
    (row,), not_written = write(meeting)
    assert not_written == []
    assert sorted(row["types"]) == ["GL", "LIT", "O"]
    assert row["mshg"] == {"source_codes": ["BK", "GL"]}
    (again,) = feeds.read_meeting_guide([row], group="na", default_timezone="UTC").meetings
    assert again == meeting


def test_how_to_join_is_written_only_when_asked():
    join = JoinInfo(url="https://zoom.us/j/1", phone="+13125550100")
    meeting = evolve(NOON, mode="hybrid", join_info=join)
    assert "zoom" not in json.dumps(write(meeting))
    (row,), _ = write(meeting, with_join=True)
    assert (row["conference_url"], row["conference_phone"]) == (join.url, join.phone)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"slots": [NOON.slots[0], Slot(weekday=1, start=time(7))]}, "$[1].slots"),
        ({"slots": [evolve(NOON.slots[0], start=time(23, 30, 15))]}, "$[1].slots"),
        ({"slots": [evolve(NOON.slots[0], duration=timedelta(days=1))]}, "$[1].slots"),
        ({"slots": [evolve(NOON.slots[0], duration=timedelta(hours=7))]}, "$[1].slots"),
        (
            {"slots": [evolve(NOON.slots[0], recurrence=Recurrence(weeks_of_month=[1]))]},
            "$[1].slots",
        ),
        ({"timezone": None}, "$[1].timezone"),
        ({"timezone": "Mars/Base"}, "$[1].timezone"),
        ({"mode": "online"}, "$[1].latitude"),
        ({"latitude": 0, "longitude": 0}, "$[1].latitude"),
        ({"tags": ["open", "closed"]}, "$[1].tags"),
        ({"tags": ["juggling"]}, "$[1].tags"),
        ({"languages": ["tlh"]}, "$[1].languages"),
        ({"notes": "call Pat M. 312-555-0100"}, "$[1].notes"),
        ({"notes": "every other week"}, "$[1].flags"),
        ({"name": "Noon  "}, "$[1].name"),
        ({"id": "noon"}, "$[1].id"),
        ({"group": "na", "languages": []}, "$[1].group"),
        ({"url": "https://zoom.us/j/1"}, "$[1].url"),
    ],
)
def test_what_the_format_can_not_hold_is_reported(change, path):
    meeting = evolve(NOON, **{"id": "other", **change})
    feed, not_written = write(NOON, meeting)
    assert [row["slug"] for row in feed] == ["noon"]
    ((row, stated, reason),) = not_written
    assert (row, stated) == (1, path)
    assert reason


def test_weeks_that_the_notes_tell_can_be_held():
    slot = evolve(NOON.slots[0], recurrence=Recurrence(weeks_of_month=[1]))
    dated = evolve(NOON.slots[0], recurrence=Recurrence(except_dates=[date(2026, 12, 27)]))
    first = evolve(NOON, slots=[slot], notes="First Sunday of the month")
    without = evolve(NOON, id="b", slots=[dated], notes="No meeting on 2026-12-27")
    feed, not_written = write(first, without)
    assert not_written == []
    again = feeds.read_meeting_guide(feed, group="aa", default_timezone="UTC")
    assert again.meetings == (first, without)


def test_what_the_extension_can_not_mean_is_left_out():
    (row,), _ = write(NOON)
    codes = ["\ud800", "Call Pat Lee 312-555-0100"]
    wrong = {**row, "mshg": {"source_codes": codes, "flags": ["no_such_flag", 5]}}
    (read,) = feeds.read_meeting_guide([wrong], group="aa", default_timezone="UTC").meetings
    assert (read.source_codes, read.flags) == (("Call [name] [phone]",), frozenset())
    for kept in (5, {"flags": 5}, {"flags": [None]}, {"source_codes": "O"}):
        report = feeds.read_meeting_guide(
            [{**row, "mshg": kept}], group="aa", default_timezone="UTC"
        )
        assert report.meetings[0].flags == frozenset()


@pytest.mark.parametrize("id_", ["a b/c", "x" * 65, "\u00e4", "x" * 64, "a-b.c_d~e"])
def test_slugs_are_as_the_format_has_them_and_ids_come_back(id_):
    meetings = (evolve(NOON, id=id_), evolve(NOON, id=id_ + "y"))
    feed, not_written = write(*meetings)
    slugs = {row["slug"] for row in feed}
    assert len(slugs) == 2
    assert not not_written
    assert all(re.fullmatch(r"[A-Za-z0-9._~-]{1,64}", slug) for slug in slugs)
    assert slugs == {m.id for m in meetings} or any("id" in row["mshg"] for row in feed)
    again = feeds.read_meeting_guide(feed, group="aa", default_timezone="UTC")
    assert again.meetings == meetings


def test_a_name_longer_than_the_format_allows_is_not_written():
    long, longer = evolve(NOON, name="x" * 255), evolve(NOON, id="b", name="x" * 256)
    feed, not_written = write(long, longer)
    assert [row["slug"] for row in feed] == [NOON.id]
    assert [stated[:2] for stated in not_written] == [(1, "$[1].name")]


def test_what_is_no_meeting_is_a_feed_error():
    with pytest.raises(FeedError, match="number 1"):
        feeds.write_meeting_guide([NOON, None])


@pytest.mark.parametrize(
    "changes",
    [
        {"notes": "Dial-in 312-555-0100, 123456#"},
        {"notes": "PW: serenity", "conference_url_notes": "ID 123 456 7890"},
        {"notes": "ID 123 456 7890", "conference_url_notes": "PW: serenity\nRing twice"},
        {"notes": "Dial-in: +1 312 555 0100", "conference_phone": "tel:+1-312-555-0199"},
        {"notes": "https://zoom.us/j/2", "conference_url": "tel:+13125550100"},
    ],
)
def test_ways_to_join_that_stood_anywhere_come_back(changes):
    row = {"slug": "a", "name": "Noon", "day": 1, "time": "12:00", **changes}
    report = feeds.read_meeting_guide([row], group="aa", default_timezone="UTC")
    (meeting,) = report.meetings + report.inactive
    feed, not_written = write(meeting, with_join=True)
    assert not_written == []
    again = feeds.read_meeting_guide(feed, group="aa", default_timezone="UTC")
    assert again.meetings + again.inactive == (meeting,)


@pytest.mark.parametrize("flags", [[], ["closed_rather_than_open"]])
def test_open_and_closed_codes_are_written_with_and_without_their_flag(flags):
    meeting = evolve(NOON, tags=["closed"], languages=[], source_codes=["O", "C"], flags=flags)
    feed, not_written = write(meeting)
    assert not_written == []
    assert feeds.read_meeting_guide(feed, group="aa", default_timezone="UTC").meetings == (meeting,)
