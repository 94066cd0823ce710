"""Tables and summaries: the day, what is shown and said of one person."""

from datetime import UTC, date, datetime, timedelta, timezone

import attrs
import numpy as np
import pandas as pd
import pytest

from mshg import ValidationError, engagement, events, wording
from mshg.engagement import EngagementParameters, EventColumns, Stage, StageRule
from mshg.wording import Wording

DAY = date(2026, 11, 24)


def at(age):
    return datetime(2026, 11, 24, 19, tzinfo=UTC) - timedelta(age)


def went(*ages):
    return [
        events.Attended(id=f"went{i}", at=at(age), person_id="p1", group="Canary")
        for i, age in enumerate(ages)
    ]


def record(kind, number, age, **more):
    return kind(id=f"e{number}", at=at(age), person_id="p1", **more)


FULL = [
    record(events.Referred, 1, 130, groups=["Canary"]),
    *went(120, 113, 106, 99, 92, 30, 12, 9),
    record(events.RoleChanged, 2, 100, role="sponsor", change="taken"),
    record(events.RoleChanged, 3, 90, role="home_group", change="taken", group="Canary"),
    record(events.RoleChanged, 4, 60, role="home_group", change="left", group="Canary"),
    record(events.RoleChanged, 5, 20, role="home_group", change="taken", group="Other"),
    record(events.StepWorked, 6, 20, step=1),
    record(events.CheckIn, 7, 118, abstinent=True, stress=7.319),
    record(events.CheckIn, 8, 80, abstinent=True),
    record(events.SubstanceUse, 9, 70, substance="opioids", unit="Canary"),
    record(events.CheckIn, 10, 69, abstinent=True),
    record(events.CheckIn, 11, 10, abstinent=True, declined=["mood"]),
    record(events.CheckIn, 12, 5, unanswered=["stress"]),
    record(events.Missed, 13, 3, reason="Canary"),
    record(events.GoalSet, 14, 20, description="Canary"),
    record(events.GoalClosed, 15, 14, goal_id="e14", met=True),
]


@pytest.mark.parametrize(
    "as_of",
    [
        20_781,
        np.int32(20_781),
        DAY,
        np.datetime64("2026-11-24"),
        datetime(2026, 11, 24, 23, 30, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_a_day_can_be_reported_in_many_ways(as_of):
    assert engagement.summarize(went(3), as_of=as_of).as_of == DAY
    columns = EventColumns.attendances(person=[0], day=[20_778])
    assert engagement.summarize_table(columns, as_of=as_of).days_since_last.tolist() == [3]


@pytest.mark.parametrize(
    "as_of",
    [
        None,
        True,
        20_781.0,
        "2026-11-24",
        datetime(2026, 11, 24),  # noqa: DTZ001
        10**9,
        np.datetime64("NaT", "D"),
        pd.NaT,
    ],
)
def test_other_days_are_refused(as_of):
    with pytest.raises(ValidationError, match=r"\$\.as_of: must be a date") as caught:
        engagement.summarize([], as_of=as_of)
    assert "20" not in str(caught.value)


def test_rows_for_people_of_whom_nothing_is_known():
    columns = EventColumns.attendances(person=[1], day=[20_000])
    table = engagement.summarize_table(columns, as_of=20_001, n_people=3)
    assert len(table) == 3
    assert table.attendances.tolist() == [0, 1, 0]
    assert table.stage.tolist() == ["", "tried", ""]
    assert np.isnan(table.days_since_last).tolist() == [True, False, True]
    nobody = engagement.summarize_table(EventColumns.from_events([]), as_of=20_001)
    assert [len(column) for column in nobody.columns().values()] == [0] * len(nobody.columns())


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_people": 1},
        {"n_people": 2.0},
        {"columns": [1]},
        {"parameters": 3},
    ],
)
def test_wrong_calls_are_refused(wrong):
    columns = EventColumns.attendances(person=[0, 1], day=[1, 2])
    with pytest.raises(ValidationError):
        engagement.summarize_table(**{"columns": columns, "as_of": 3, **wrong})


def test_tables_go_into_data_frames_and_show_nothing():
    columns = EventColumns.attendances(person=[0, 1], day=[20_000, 20_001])
    table = engagement.summarize_table(columns, as_of=20_005)
    frame = pd.DataFrame(table.columns())
    assert frame.shape == (2, len(table.columns()))
    assert frame["stage"].tolist() == ["tried", "tried"]
    assert repr(table) == str(table) == "EngagementTable(2 people)"
    assert table.method_version == engagement.METHOD_VERSION
    for column in table.columns().values():
        with pytest.raises(ValueError, match="read-only"):
            column[:1] = column[1:]


def test_a_summary_has_every_column_by_the_same_name():
    names = [f.name for f in attrs.fields(engagement.EngagementSummary)]
    assert names[1 : len(engagement.results.COLUMNS) + 1] == list(engagement.results.COLUMNS)
    summary = engagement.summarize(FULL, as_of=DAY)
    assert (summary.stage, summary.stage_rule) == (Stage.INVOLVED, StageRule.TAKES_PART)
    assert type(summary.attendances) is int
    assert type(summary.has_sponsor) is bool


def test_a_day_far_east_counts_by_its_own_date():
    """What came first, but on the day itself, hides nothing of the eve elsewhere."""
    east, west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    taken = {"person_id": "p1", "role": "sponsor", "change": "taken"}
    records = [
        events.RoleChanged(id="e1", at=datetime(2026, 11, 25, 1, tzinfo=east), **taken),
        events.RoleChanged(id="e2", at=datetime(2026, 11, 24, 23, tzinfo=west), **taken),
    ]
    table = engagement.summarize_table(EventColumns.from_events(records), as_of=DAY)
    summary = engagement.summarize(records, as_of=DAY)
    assert table.has_sponsor.tolist() == [True] == [summary.has_sponsor]
    assert [span.since for span in summary.timeline.roles] == [date(2026, 11, 24)]
    assert summary.set_aside == 1


def test_events_of_two_people_are_refused():
    other = attrs.evolve(went(1)[0], id="x", person_id="p2")
    with pytest.raises(ValidationError, match="must be those of one person"):
        engagement.summarize([*went(3), other], as_of=DAY)


JOURNEY = (
    "Days without use, as you told us: 99 on your whole way, 60 of them in the present run, "
    "up to 2026-11-14. No lapse takes your whole way back."
)


def test_what_is_said_of_a_full_history():
    """Counts, breaks, what goes beyond meetings, reports, and the way beside the run."""
    text = engagement.summarize(FULL, as_of=DAY).to_text()
    assert text.splitlines() == [
        "How it is going, as recorded up to 2026-11-24",
        "",
        "You go to meetings, and take part beyond them.",
        "",
        "Meetings in the last 7, 30 and 90 days: 0, 2, 3.",
        "Weeks in a row with a meeting: 0.",
        "Days since the last meeting: 9.",
        "Days from one meeting to the next: 7 usually, 62 at most.",
        "",
        "Beyond meetings: a sponsor, a home group, working steps.",
        "",
        "Goals met: 1.",
        "Check-ins answered in the last 90 days: 75%.",
        "Planned meetings missed in the last 90 days: 1.",
        "Questions left unanswered in the last 90 days: 1.",
        "Questions you did not want to answer in the last 90 days: 1.",
        "Meetings missed, questions not answered and silence say nothing of whether you have used.",
        "",
        JOURNEY,
        "",
        wording.load().say("engagement.meaning"),
    ]


@pytest.mark.parametrize(
    ("history", "said"),
    [
        ([], "Neither a referral nor a meeting is recorded."),
        ([record(events.Referred, 1, 3, groups=["a"])], "no meeting is recorded so far"),
        (went(3), "You are trying it out. Meetings so far: 1."),
        (went(3), "Your first meeting was within the last 90 days."),
        (went(40, 47, 54), "last recorded meeting is 40 days back, more than 28. You are welcome"),
        (went(20, 27, 34), "last recorded meeting is 20 days back, more than 14."),
        (went(3, 10, 17), "Nothing is recorded of what you do beyond them."),
        (went(20, 30, 40, 50), "fewer meetings than in the four before, by 2."),
        (went(11, 13, 15, 17), "This is your longest recorded break so far."),
        (
            [*went(3, 10, 17), record(events.ReadingDone, 1, 99)],
            "Beyond meetings: nothing recorded lately.",
        ),
        (went(95), "Days without any news: 95."),
    ],
)
def test_what_is_said(history, said):
    assert said in engagement.summarize(history, as_of=DAY).to_text()


@pytest.mark.parametrize(
    ("history", "unsaid"),
    [
        (went(3, 40), "fewer meetings"),
        (went(11, 22, 33, 44), "longest recorded break"),
        (went(90), "Days without any news"),
    ],
)
def test_what_is_no_more_than_usual_is_not_said(history, unsaid):
    assert unsaid not in engagement.summarize(history, as_of=DAY).to_text()


def test_after_a_lapse_the_whole_way_is_reported_without_a_count_from_zero():
    """No lapse takes the journey back, and none is counted as a run of 0 days."""
    stated = [
        record(events.CheckIn, 1, 60, abstinent=True),
        record(events.CheckIn, 2, 20, abstinent=True),
        record(events.SubstanceUse, 3, 5),
    ]
    text = engagement.summarize(stated, as_of=DAY).to_text()
    assert "as you told us: 41 on your whole way. No lapse takes them back." in text
    assert "present run" not in text


def test_silence_lengthens_neither_the_run_nor_the_way():
    """Days of which nothing was reported are drawn and counted as neither."""
    stated = [record(events.CheckIn, i, age, abstinent=True) for i, age in ((1, 100), (2, 95))]
    summary = engagement.summarize([*stated, *went(100)], as_of=DAY)
    assert "6 of them in the present run, up to 2026-08-21." in summary.to_text()
    # 5 of 100 days on 520 pixels, both rows
    html = summary._repr_html_()
    for place, color in ((47, "#b9d4ea"), (69, "#1f5f8b")):
        assert f'<rect x="150" y="{place}" width="26" height="14" fill="{color}"/>' in html


def test_going_less_is_a_reason_to_ask():
    """Declining attendance is a reason to ask, not a relapse."""
    less = engagement.summarize(went(20, 30, 40, 50), as_of=DAY)
    assert "a reason to ask how things are; by itself it is no sign of a lapse" in less.to_text()
    more = engagement.summarize(went(3, 10, 40), as_of=DAY)
    assert "reason to ask" not in more.to_text()


def test_the_picture_shows_days_and_parts_and_nothing_else():
    """Answers, groups, substances and free text stay out of the picture."""
    summary = engagement.summarize(FULL, as_of=DAY)
    html = summary._repr_html_()
    rows = ["Longer breaks", "Meetings", "Having a sponsor", "Home group"]
    for row in (*rows, "Your whole way", "The present run"):
        assert f">{row}</text>" in html
    assert html.count('fill="#8bb174"') == 3  # one sponsor, two home groups
    assert html.count('fill="#ddd"') == 1  # from 92 to 30
    for hidden in ("Canary", "7.319", "opioids", "p1", "e1"):
        assert hidden not in html
    for thing in (summary, summary.timeline, *summary.timeline.roles):
        assert repr(thing) == f"{type(thing).__name__}(…)"


def test_the_whole_way_goes_on_through_a_lapse():
    """The journey runs from its first day on; the present run stands beside it."""
    way = engagement.summarize(FULL, as_of=DAY).timeline
    assert way.journey_start == (at(118)).date()
    assert way.run_start > at(70).date() - timedelta(1)
    assert way.journey_days > way.run_days > 0


def test_bars_lie_where_their_days_do():
    # 100 days on 520 pixels: a meeting 100 days back at the left edge, one 50 back in the middle
    html = engagement.summarize(went(100, 50, 25), as_of=DAY)._repr_html_()
    assert '<rect x="150" y="3" width="2" height="14" fill="#1f5f8b"/>' in html
    assert '<rect x="410" y="3" width="2" height="14" fill="#1f5f8b"/>' in html
    assert '<rect x="150" y="25" width="260" height="14" fill="#ddd"/>' in html  # 50 days without
    assert '<rect x="410" y="25"' not in html  # 25 are no longer break
    assert ">2026-08-16</text>" in html
    # 28 days are no longer break, 29 are
    assert "Longer breaks" not in engagement.summarize(went(31, 3), as_of=DAY)._repr_html_()
    assert "Longer breaks" in engagement.summarize(went(32, 3), as_of=DAY)._repr_html_()


def test_what_comes_later_is_not_shown_either():
    later = [
        *went(3, -1),
        record(events.CheckIn, 1, -1, abstinent=True),
        record(events.RoleChanged, 2, -1, role="service", change="taken"),
        record(events.SubstanceUse, 3, -2),
    ]
    found, expected = (engagement.summarize(h, as_of=DAY) for h in (later, went(3)))
    note = "Records dated later, and not counted here: 4."
    assert found.to_text().replace(f"{note}\n\n", "") == expected.to_text()
    assert note in found.to_text()
    assert found._repr_html_() == expected._repr_html_()


def test_a_meeting_of_this_morning_is_there_today():
    """A meeting recorded this morning is there today; with a moment, once it is over."""
    went_today = [
        events.Attended(
            id=f"e{hour}", at=datetime(2026, 11, 24, hour, tzinfo=UTC), person_id="p1", group="a"
        )
        for hour in (8, 20)
    ]
    assert engagement.summarize(went_today, as_of=DAY).attendances == 2
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    summary = engagement.summarize(went_today, as_of=noon)
    assert (summary.attendances, summary.days_since_last, summary.set_aside) == (1, 0, 1)


def test_an_evening_stamped_in_utc_counts_that_evening():
    """What stands at a moment counts, though its own calendar says tomorrow."""
    new_york = timezone(timedelta(hours=-5))
    evening = datetime(2026, 11, 24, 20, 30, tzinfo=new_york)
    checked_in = events.CheckIn(
        id="e1", at=datetime(2026, 11, 25, 1, 20, tzinfo=UTC), person_id="p1", craving=3
    )
    summary = engagement.summarize([checked_in], as_of=evening)
    assert (summary.check_ins_answered_share, summary.days_since_news) == (1, 0)
    assert engagement.summarize([checked_in], as_of=DAY).set_aside == 1


def test_a_hosts_own_words_are_used_and_escaped():
    words = Wording(
        language="de",
        sentences={"engagement.row_meetings": "<b>Treffen", "engagement.title": "Bis {day} & so"},
    )
    summary = engagement.summarize(went(3), as_of=DAY, wording=words)
    assert summary.to_text().startswith("Bis 2026-11-24 & so\n")
    assert "&lt;b&gt;Treffen" in summary._repr_html_()
    assert "Bis 2026-11-24 &amp; so" in summary._repr_html_()
    with pytest.raises(ValidationError, match=r"\$\.wording"):
        engagement.summarize([], as_of=DAY, wording="de")


def test_longer_words_push_the_bars_aside():
    words = Wording(language="xx", sentences={"engagement.row_meetings": "m" * 40})
    html = engagement.summarize(went(3), as_of=DAY, wording=words)._repr_html_()
    assert '<rect x="280" y="3"' in html
    assert '<text x="280"' in html
    assert 'width="804"' in html


def test_summaries_of_the_same_history_are_equal():
    """What can't be known equals what can't be known."""
    one, same = (engagement.summarize(h, as_of=DAY) for h in (went(3, 9), went(3, 9)[::-1]))
    assert np.isnan(one.silence)
    assert one == same
    assert hash(one) == hash(same)
    assert one != engagement.summarize(went(3, 10), as_of=DAY)
    assert attrs.evolve(one, silence=0.0) != one


def test_every_rule_has_its_sentence():
    for rule in StageRule:
        assert wording.load().say(f"engagement.rule_{rule}", days=1, limit=2, meetings=3)
    assert {rule.stage for rule in StageRule} == set(Stage)


@pytest.mark.parametrize(
    "wrong",
    [
        {"half_life_days": 0},
        {"long_half_life_days": float("nan")},
        {"recent_days": 0},
        {"least_gaps": 0},
        {"least_gaps": 1.5},
        {"first_meetings": 0},
        {"tried_meetings": True},
        {"attending_days": 29},
        {"away_days": "28"},
        {"involved_share": 0},
        {"involved_share": 1.1},
        {"pace_shape": 0},
        {"pace_scale_days": -1},
        {"leaving_a": 0},
        {"leaving_b": float("inf")},
    ],
)
def test_parameters_keep_their_range(wrong):
    with pytest.raises(ValidationError, match=r"\$\.(\w+): must be"):
        EngagementParameters(**wrong)
