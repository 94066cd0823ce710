"""Columns of events: what they take, what they refuse, and what records come to."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest

from mshg import ValidationError, events
from mshg._days import LAST_DAY, day_number
from mshg.engagement import EventColumns, Kind
from mshg.engagement.records import rows


def problems(**columns):
    with pytest.raises(ValidationError) as caught:
        EventColumns(**columns)
    return {problem.path: problem.rule for problem in caught.value.problems}


def test_lists_and_series_will_do():
    frame = pd.DataFrame(
        {"who": [1, 0], "when": pd.to_datetime(["2026-11-02 19:00", "2026-11-03 00:00"])}
    )
    columns = EventColumns.attendances(person=frame["who"], day=frame["when"])
    assert columns.day.tolist() == [20_759, 20_760]
    assert (len(columns), columns.n_people) == (2, 2)
    assert len(EventColumns.attendances(person=[], day=[])) == 0
    assert EventColumns(person=[0], day=[1], kind=[Kind.RATING], value=[3]).value.dtype == float


def test_the_hosts_arrays_stay_its_own():
    person, day = np.array([0, 1]), np.array([1, 2], np.int32)
    columns = EventColumns.attendances(person=person, day=day)
    assert columns.day.dtype == np.int32
    assert np.shares_memory(columns.day, day)
    assert day.flags.writeable
    for name in ("person", "day", "kind", "value"):
        assert not getattr(columns, name).flags.writeable


def test_days_as_dates_and_moments():
    """Dates stand for themselves; a moment's day is the one in its own offset."""
    late = datetime(2026, 11, 2, 23, tzinfo=timezone(timedelta(hours=-5)))
    columns = EventColumns.attendances(person=[0, 0], day=[date(2026, 11, 2), late])
    assert columns.day.tolist() == [20_759, 20_759]
    zoned = pd.Series([pd.Timestamp(late), pd.Timestamp(late)])
    assert EventColumns.attendances(person=[0, 1], day=zoned).day.tolist() == [20_759, 20_759]
    for wrong in (
        [date(2026, 11, 2), None],
        [late.replace(tzinfo=None)],
        [late, 3],
        [late, pd.NaT],
    ):
        assert list(problems(person=[0] * len(wrong), day=wrong, kind=0)) == ["$.day"]


def test_nothing_is_shown():
    columns = EventColumns(person=[7], day=[7319], kind=[0], person_ids=[f"c{i}" for i in range(8)])
    assert repr(columns) == str(columns) == "EventColumns(1 events)"
    assert columns.n_people == 8


def test_every_wrong_place_is_reported_and_no_value():
    found = problems(
        person=[0, -7319, 1], day=[0, 1, 7_319_000], kind=[0, 1, 99], value=[0.0, 11.0, np.nan]
    )
    assert list(found) == ["$.person[1]", "$.day[2]", "$.kind[2]", "$.value[1]"]
    assert not any("7319" in rule for rule in found.values())
    assert list(problems(person=[0], day=[1], kind=[Kind.RATING])) == ["$.value[0]"]
    assert list(problems(person=[0], day=[1], kind=Kind.RATING)) == ["$.value"]
    assert list(problems(person=[0], day=[1], kind=-1)) == ["$.kind"]
    assert list(problems(person=[2], day=[1], kind=0, person_ids=["a", "b"])) == ["$.person[0]"]
    assert list(problems(person=[0], day=[1], kind=0, person_ids=["a", " "])) == ["$.person_ids[1]"]
    for wrong in ("ab", None, ["a", "a"]):
        assert list(problems(person=[0], day=[1], kind=0, person_ids=wrong)) == ["$.person_ids"]
    days = "must be an array of days as whole numbers, datetime64, dates or aware moments"
    assert problems(person=[0], day=[1.0], kind=0) == {"$.day": days}
    last = LAST_DAY
    assert list(problems(person=[0, 0], day=[last, last + 1], kind=0)) == ["$.day[1]"]
    for nowhen in (np.array(["NaT"], "M8[s]"), np.array(["NaT"], "M8[D]")):
        assert list(problems(person=[0], day=nowhen, kind=0)) == ["$.day[0]"]


def test_of_many_wrong_places_a_hundred_are_reported():
    found = problems(person=np.full(150, -1), day=np.zeros(150, int), kind=0)
    assert len(found) == 101
    assert found["$.person"] == "50 more places like these"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("person", [0.5]),
        ("person", [True]),
        ("person", [[0]]),
        ("person", np.ma.array([0], mask=[True])),
        ("day", ["2026-11-02"]),
        ("day", [1, 2]),
        ("day", 1),
        ("kind", ["attended"]),
        ("kind", [[0], [0, 1]]),
        ("kind", "attended"),
        ("value", ["7"]),
        ("value", [1.0, 2.0]),
    ],
)
def test_what_is_no_column_is_refused(name, wrong):
    assert f"$.{name}" in problems(**{"person": [0], "day": [1], "kind": [0], name: wrong})


def at(day, hour=12, offset=0):
    return datetime(2026, 11, day, hour, tzinfo=timezone(timedelta(hours=offset)))


def common(number, day=1, person="p1"):
    return {"id": f"e{number}", "at": at(day), "person_id": person}


def stated(*records):
    return [(day.day, kind.name.lower()) for day, kind, _ in rows(records)]


def test_records_become_rows():
    """One row for each thing that counts; what the person did or said is news."""
    went = events.Attended(**common(1), group="aa", rating=0, discomfort=7)
    assert list(rows([went]))[1:] == [
        (at(1).date(), Kind.RATING, 0),
        (at(1).date(), Kind.DISCOMFORT, 7),
    ]
    assert stated(events.Missed(**common(1))) == [(1, "missed")]
    assert stated(events.Referred(**common(1), groups=["aa"])) == [(1, "referred")]
    assert stated(events.StepWorked(**common(1), step=2)) == [(1, "step")]
    assert stated(events.ReadingDone(**common(1))) == [(1, "reading")]
    assert stated(events.SupporterContact(**common(1), supporter_id="s")) == [(1, "contact")]
    assert stated(events.SupporterContact(**common(1), supporter_id="s", reached=False)) == []
    for status, news in (("reached", [(1, "other_news")]), ("planned", []), ("not_reached", [])):
        assert stated(events.FollowUp(**common(1), status=status)) == news
    assert stated(events.Tested(**common(1), result="positive")) == [(1, "other_news")]
    assert stated(events.Tested(**common(1), result="missing")) == []
    answer = {"supporter_id": "s", "answer": "accepted"}
    assert stated(events.SupporterAnswered(**common(1), **answer)) == [(1, "other_news")]
    assert stated(events.SupporterAnswered(**common(1), **answer, answered_by="supporter")) == []
    assert stated(events.ReferralClosed(**common(1), outcome="withdrawn")) == []
    assert stated(events.SubstanceUse(**common(1))) == [(1, "other_news")]


def test_a_check_in_is_answered_or_not_or_declined():
    """Declined is neither answered nor unanswered, and each question counts."""
    answered = events.CheckIn(**common(1), stress=0, unanswered=["mood"])
    assert stated(answered) == [(1, "question_unanswered"), (1, "check_in_answered")]
    silent = events.CheckIn(**common(1), declined=["craving"], unanswered=["mood", "stress"])
    assert sorted(stated(silent)) == [
        *[(1, "check_in_unanswered"), (1, "question_declined")],
        *[(1, "question_unanswered")] * 2,
    ]
    assert stated(events.CheckIn(**common(1), declined=["mood"])) == [(1, "question_declined")]
    assert stated(events.CheckIn(**common(1))) == []


def test_goals_are_met_once():
    """A goal counts when it is met, once, and if it was set."""
    goal = events.GoalSet(**common(1))
    met = events.GoalClosed(**common(2, 2), goal_id="e1", met=True)
    again = events.GoalClosed(**common(3, 3), goal_id="e1", met=True)
    news = [(1, "other_news"), (2, "other_news"), (2, "goal_met"), (3, "other_news")]
    assert stated(goal, met, again) == news
    assert (2, "goal_met") not in stated(met)
    assert (2, "goal_met") not in stated(
        goal, events.GoalClosed(**common(2, 2), goal_id="e1", met=False)
    )


def role(number, day, name, change, group=None):
    return events.RoleChanged(**common(number, day), role=name, change=change, group=group)


def test_roles_are_taken_once_and_left_as_named():
    """Leaving without a group leaves the part in every group."""
    found = stated(
        role(1, 1, "home_group", "taken", "aa"),
        role(2, 2, "home_group", "taken", "aa"),
        role(3, 3, "home_group", "taken", "na"),
        role(4, 4, "sponsee", "taken"),
        role(5, 5, "home_group", "left"),
        role(6, 6, "sponsee", "left", "aa"),
    )
    assert [row for row in found if row[1] != "other_news"] == [
        (1, "home_group_taken"),
        (5, "home_group_left"),
        (3, "home_group_taken"),
        (5, "home_group_left"),
        (4, "service_taken"),
    ]


def test_from_events():
    """Retractions are honored, people numbered, records about nobody left out."""
    log = [
        events.Attended(**common(1, person="b"), group="aa"),
        events.Attended(**common(2, person="a"), group="aa"),
        events.Attended(**common(3, person="a"), group="aa"),
        events.Retracted(id="e4", at=at(2), event_id="e3"),
        events.ProviderActivity(id="e5", at=at(2), provider_id="x", activity="contact_made"),
    ]
    columns = EventColumns.from_events(log)
    assert columns.person_ids == ("a", "b")
    assert sorted(columns.person.tolist()) == [0, 1]
    assert EventColumns.from_events(log, person_ids=["z", "b", "a"]).n_people == 3
    assert EventColumns.from_events([]).n_people == 0
    for wrong in (["a"], ["a", "b", "a"], "ab", [1, 2]):
        with pytest.raises(ValidationError):
            EventColumns.from_events(log, person_ids=wrong)


def test_a_day_is_that_of_the_events_own_offset():
    late = events.Attended(id="e1", at=at(3, 23, -5), person_id="p1", group="aa")
    (day,) = EventColumns.from_events([late]).day.tolist()
    assert day == day_number(datetime(2026, 11, 3, tzinfo=UTC))
