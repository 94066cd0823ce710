"""Worked examples of a week."""

from datetime import UTC, datetime, time, timedelta

import pytest

from mshg import Meeting, MeetingPreferences, Person, Slot, catalog
from mshg.domain import JoinInfo
from mshg.errors import ValidationError
from mshg.meetings import Directory, MeetingQuery, plan_week

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
ANYONE = Person(id="Canary")


def held(name, days, clock=time(18), **facts):
    slots = [Slot(weekday=day, start=clock, duration=timedelta(hours=1)) for day in days]
    return Meeting(
        id=name, **{"group": "aa", "name": name, "slots": slots, "timezone": "UTC"} | facts
    )


def week(listed, groups=(), person=ANYONE, **facts):
    return plan_week(person, groups, Directory(listed), at=NOON, **facts)


def shown(plan):
    def stated(match):
        return match and f"{match.meeting.id} {match.starts_at:%a %H}"

    return [(stated(p.match), stated(p.backup)) for p in plan.meetings]


def test_a_week_is_spread_and_each_has_a_backup():
    plan = week([held("a", range(7)), held("b", range(7), time(20))])
    assert shown(plan) == [
        ("a Mon 18", "b Mon 20"),
        ("a Thu 18", "b Thu 20"),
        ("a Sun 18", "b Sun 20"),
    ]
    assert plan.notes == ()
    assert repr(plan) == "WeekPlan(…)"
    assert repr(plan.meetings[0]) == "PlannedMeeting(…)"
    assert len(plan) == 3


def test_the_preferred_group_comes_first():
    meetings = [
        held("a", range(7), time(13)),
        held("n", [1, 4], group="na"),
        held("l", [2], group="x"),
    ]
    assert shown(week(meetings, ["na", "aa"], count=2)) == [
        ("n Tue 18", "a Wed 13"),
        ("n Fri 18", "a Sat 13"),
    ]
    assert [p[0] for p in shown(week(meetings, ["na", "aa"]))] == [
        "n Tue 18",
        "n Fri 18",
        "a Sun 13",
    ]


def test_a_second_one_a_day_only_where_days_run_out():
    meetings = [held("a", [0]), held("b", [0], time(20)), held("c", [2])]
    assert [p[0] for p in shown(week(meetings, count=2))] == ["a Mon 18", "c Wed 18"]
    assert [p[0] for p in shown(week(meetings))] == ["a Mon 18", "b Mon 20", "c Wed 18"]


def test_overlapping_ones_are_no_backup():
    plan = week([held("a", [0]), held("b", [0], time(18, 59)), held("c", [0], time(19))], count=1)
    assert shown(plan) == [("a Mon 18", "c Mon 19")]


def test_an_earlier_one_is_better_than_none():
    plan = week([held("a", [3], group="na"), held("b", [1])], ["na", "aa"], count=1)
    assert shown(plan) == [("a Thu 18", "b Tue 18")]
    assert "If you know before that it will not work out: Tuesday" in plan.to_text()


def test_how_to_join_is_reported_only_if_asked_for():
    join = JoinInfo(
        url="https://canary.example", url_notes="Canary 1\nCanary 2", phone="555 Canary"
    )
    listed = [
        held("a", [0], mode="online", join_info=join),
        held("b", [1], mode="online", join_info=join),
    ]
    plan = week(listed, count=1)
    result = Directory(listed).search(MeetingQuery(at=NOON))
    for stated in (plan, result):
        assert "anary" not in stated.to_text()
        text = stated.to_text(with_join=True)
        assert text.count("https://canary.example\n") == 2
        assert all(line.startswith("   ") for line in text.splitlines() if "anary" in line)
        assert text.count("555 Canary") == 2


def test_what_may_not_be_held_comes_last_and_is_said():
    doubtful = held("a", [0], flags=["may_be_suspended", "may_not_be_weekly"])
    sure = [held("b", [2]), held("c", [4])]
    assert [p[0] for p in shown(week([doubtful, *sure], count=2))] == ["b Wed 18", "c Fri 18"]
    assert shown(week([doubtful, *sure], count=1)) == [("b Wed 18", "c Fri 18")]
    nearer = held("d", [3], flags=["may_be_suspended"])
    assert shown(week([nearer, *sure], count=1)) == [("b Wed 18", "c Fri 18")]
    alone = week([doubtful])
    assert alone.meetings[0].match.reasons[1:] == (
        "Going by its list, it may not be held for now; ask before you go.",
        "Going by its list, it may not be held every week; ask before you go.",
    )


def test_many_at_one_time_hide_no_other():
    crowd = [held(f"a{i:02}", [0]) for i in range(30)]
    late = held("b", [0], time(20))
    assert shown(week([*crowd, late], count=2)) == [("a00 Mon 18", None), ("b Mon 20", None)]
    assert shown(week([*crowd, late], count=1)) == [("a00 Mon 18", "b Mon 20")]


def test_too_few_are_said():
    plan = week([held("a", [0])], count=2)
    assert plan.notes == ("Only 1 of 2 meetings can be planned with what you asked for.",)
    assert plan.meetings[0].backup is None
    assert "There is no other meeting to fall back on." in plan.to_text()
    nothing, why, first = week([held("a", [0])], ["na"]).notes
    assert nothing == "No meeting can be planned with what you asked for."
    assert why == "Nothing of the groups you asked for; other groups have 1."
    assert first.startswith("The first of them: Monday 2026-11-23, 18:00")


def test_availability_preferences_and_waits():
    wanted = MeetingPreferences(weekdays=[2], no_tags=["men"])
    meetings = [held("a", range(7), tags=["men"]), held("b", range(7))]
    plan = week(meetings, person=Person(id="1", preferences=wanted), timezone="UTC")
    assert shown(plan) == [("b Wed 18", None)]
    assert plan.meetings[0].match.reasons == ("Starts in 2 days 6 h.",)
    free = [(4, "17:00", "19:00")]
    plan = week(meetings, person=Person(id="1", preferences=wanted), windows=free)
    assert shown(plan) == [("b Fri 18", None)]


def test_days_are_those_of_the_person():
    late = held("a", [1], time(3), timezone="UTC")  # Monday evening in New York
    also = held("b", [1], time(1), timezone="UTC")
    plan = week([late, also, held("c", [1], time(20))], count=2, timezone="America/New_York")
    assert [p[0] for p in shown(plan)] == ["b Mon 20", "c Tue 15"]


def test_catalog_groups_and_position():
    meetings = [held("a", [0], tags=["secular"], latitude=40, longitude=-75), held("b", [1])]
    group = catalog.load()["aa_secular"]
    plan = week(meetings, [group], latitude=40, longitude=-75.1, within_km=10)
    assert shown(plan) == [("a Mon 18", None)]
    assert plan.meetings[0].match.distance_km == pytest.approx(8.52, abs=0.01)


def test_what_is_refused():
    for facts in ({"count": 0}, {"count": 22}, {"wording": "x"}, {"within_km": 5}):
        with pytest.raises(ValidationError):
            week([], **facts)
    with pytest.raises(ValidationError):
        plan_week(ANYONE, [], [], at=NOON)
    with pytest.raises(ValidationError):
        plan_week("1", [], Directory([]), at=NOON)


def weekly(day, name, km, hour=19, **facts):
    return Meeting(
        id=name,
        group="aa",
        name=name,
        timezone="UTC",
        latitude=km / 111.195,
        longitude=0.0,
        slots=[Slot(weekday=day, start=time(hour))],
        **facts,
    )


def names_of(plan):
    return [planned.match.meeting.name for planned in plan.meetings]


def test_near_and_open_to_all_comes_before_days_far_apart():
    at = datetime(2026, 11, 23, tzinfo=UTC)  # a Monday
    directory = Directory(
        [
            weekly(0, "near", 2),
            weekly(1, "near too", 2.5),
            weekly(3, "far", 17),
            weekly(4, "for others", 1, tags=["lgbtq"]),
            weekly(6, "flagged", 1, flags=["may_not_be_weekly"]),
        ]
    )
    here = {"at": at, "latitude": 0.0, "longitude": 0.0}
    for count, expected in ((2, {"near", "near too"}), (3, {"near", "near too", "far"})):
        plan = plan_week(Person(id="1"), ["aa"], directory, count=count, **here)
        assert set(names_of(plan)) == expected
    asked = Person(id="1", preferences=MeetingPreferences(any_tags=["lgbtq"]))
    assert names_of(plan_week(asked, ["aa"], directory, count=1, **here)) == ["for others"]


def test_hours_of_the_night_are_planned_only_when_asked_for():
    at = datetime(2026, 11, 23, tzinfo=UTC)
    directory = Directory([weekly(2, "night", 1, hour=0), weekly(4, "late", 1, hour=23)])
    assert names_of(plan_week(Person(id="1"), ["aa"], directory, at=at)) == []
    night = [(day, "22:00", "06:00") for day in range(7)]
    plan = plan_week(Person(id="1"), ["aa"], directory, at=at, windows=night)
    assert names_of(plan) == ["night", "late"]
    woman = Person(id="1", identities=["woman"])
    men = Directory([weekly(2, "men", 1, tags=["men"])])
    assert names_of(plan_week(woman, ["aa"], men, at=at)) == []
