"""Meeting Guide lists out."""

import json
from datetime import date, time, timedelta

import pytest
from attrs import evolve

from mshg import Meeting, Slot, feeds
from mshg.domain import Join, Recurrence

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
    join = Join(url="https://zoom.us/j/1", phone="+13125550100")
    meeting = evolve(NOON, mode="hybrid", join=join)
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
def test_what_the_format_can_not_hold_is_told(change, path):
    meeting = evolve(NOON, **{"id": "other", **change})
    feed, not_written = write(NOON, meeting)
    assert [row["slug"] for row in feed] == ["noon"]
    ((row, told, reason),) = not_written
    assert (row, told) == (1, path)
    assert reason


def test_weeks_that_the_notes_tell_can_be_held():
    slot = evolve(NOON.slots[0], recurrence=Recurrence(weeks_of_month=[1]))
    dated = evolve(NOON.slots[0], recurrence=Recurrence(except_on=[date(2026, 12, 27)]))
    first = evolve(NOON, slots=[slot], notes="First Sunday of the month")
    without = evolve(NOON, id="b", slots=[dated], notes="No meeting on 2026-12-27")
    feed, not_written = write(first, without)
    assert not_written == []
    again = feeds.read_meeting_guide(feed, group="aa", default_timezone="UTC")
    assert again.meetings == (first, without)


def test_what_the_extension_can_not_mean_is_refused_or_left_out():
    (row,), _ = write(NOON)
    wrong = {**row, "mshg": {"source_codes": ["\ud800"], "flags": ["no_such_flag", 5]}}
    (refused,) = feeds.read_meeting_guide([wrong], group="aa", default_timezone="UTC").refused
    assert refused.path == "$[0].source_codes[0]"
    for kept in (5, {"flags": 5}, {"flags": [None]}, {"source_codes": "O"}):
        report = feeds.read_meeting_guide(
            [{**row, "mshg": kept}], group="aa", default_timezone="UTC"
        )
        assert report.meetings[0].flags == frozenset()
