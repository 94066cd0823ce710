"""Tables of events: what they take and refuse, which rows a record becomes, and their codes."""

import pickle
from datetime import UTC, datetime
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from mshg import ValidationError, engagement, events, outcomes, risk
from mshg.engagement import EventColumns, Kind
from mshg.events import CODE_WORDS, EventKind, EventTable
from mshg.events.kinds import LIMITS, QUESTIONS, ROWS, Score
from mshg.store import SqliteEventStore
from mshg.store.rows import Stored

AT = datetime(2026, 11, 24, 19, tzinfo=UTC)
HEAD = {"at": AT, "person_id": "p1"}
CODES = {
    "Answer": "accepted declined",
    "Channel": "in_person phone video message mail",
    "ConsentChange": "given revoked",
    "DischargeSetting": "detoxification residential_treatment hospital prison",
    "EnvironmentChange": "gained changed lost",
    "Goal": "abstinence moderation reduction undecided",
    "GroupRole": "sponsor sponsee home_group service",
    "MeetingMode": "in_person online hybrid inactive",
    "Question": "abstinent stress craving confidence mood willingness",
    "ReferralOutcome": "engaged attended did_not_attend declined withdrawn lost_contact",
    "Relation": "peer sponsor provider partner parent child sibling other_family friend coworker"
    " other",
    "SafetyKind": "suicidal_thoughts overdose opioids_with_sedatives opioid_lapse withdrawal"
    " medication_stopped medication_changed",
    "Score": "aware bam.risk bam.protective phq9 phq9.item_9 barc10",
    "Substance": "alcohol opioids cocaine methamphetamine other_stimulants cannabis benzodiazepines"
    " other_sedatives hallucinogens inhalants nicotine other",
    "SupporterRole": "first_friend recovery_coach family_or_friend",
    "TreatmentChange": "started changed stopped refused cannot_afford not_offered",
}


def problems(**columns):
    with pytest.raises(ValidationError) as caught:
        EventTable(**columns)
    return {problem.path for problem in caught.value.problems}


def rows_of(*records):
    table = EventTable.from_events(records)
    kinds = [EventKind(kind).name for kind in table.kind]
    return list(
        zip(kinds, table.group.tolist(), table.value.tolist(), table.code.tolist(), strict=True)
    )


def test_codes_never_change():
    """New kinds and words get the next code; whoever changes this list breaks hosts' files."""
    assert [kind.value for kind in EventKind] == list(range(len(EventKind)))
    first = [kind.name for kind in EventKind][:20]
    assert first == [kind.name for kind in Kind][:20]
    assert EventKind.GROUP_OFFERED == 20
    assert EventKind.USE == 27
    assert EventKind.MEDICATION == 61
    assert EventKind.CHECK_IN_BLANK == 64
    steps = {"ReferralStep"}
    words = {kind.__name__: kind for kind in CODE_WORDS.values()}
    assert words.keys() == CODES.keys() | steps
    for name, stated in CODES.items():
        assert [word.value for word in words[name]] == stated.split()


def test_every_event_has_its_rows():
    assert set(ROWS) == set(get_args(events.Event))


def test_a_check_in_has_a_row_for_each_answer():
    asked = events.CheckIn(
        **HEAD, id="e1", abstinent=False, craving=7, declined=["mood"], unanswered=["stress"]
    )
    nothing = -1
    found = rows_of(asked)
    assert [row[0] for row in found] == [
        *("ABSTINENT", "CRAVING", "CHECK_IN_ANSWERED", "QUESTION_DECLINED", "QUESTION_UNANSWERED")
    ]
    assert [row[2] for row in found[:2]] == [0, 7]
    assert [row[3] for row in found] == [nothing, nothing, nothing, 4, 1]


def test_a_referral_has_a_row_for_each_group_offered():
    found = rows_of(events.Referred(**HEAD, id="e1", groups=["smart", "aa"]))
    assert [(kind, group) for kind, group, _, _ in found] == [
        *(("REFERRED", -1), ("GROUP_OFFERED", 1), ("GROUP_OFFERED", 0))
    ]
    assert [value for _, _, value, _ in found[1:]] == [1, 2]


def test_words_are_codes_of_their_own_list():
    """Words that stand in several lists have their place in each."""
    found = rows_of(
        events.Attended(**HEAD, id="e1", group="aa", mode="online"),
        events.SupporterContact(**HEAD, id="e2", supporter_id="s", channel="in_person"),
        events.ReferralClosed(**HEAD, id="e3", outcome="declined"),
        events.SupporterAnswered(**HEAD, id="e4", supporter_id="s", answer="declined"),
        events.InstrumentScored(**HEAD, id="e5", instrument="phq9", subscale="item_9", score=2),
        events.InstrumentScored(**HEAD, id="e6", instrument="other", score=2),
    )
    assert [(kind, code) for kind, _, _, code in found] == [
        ("ATTENDED", 1),
        ("CONTACT", 0),
        ("REFERRAL_CLOSED", 3),
        ("ANSWERED_SUPPORTER", 1),
        ("SCORE", list(Score).index(Score.PHQ9_ITEM_9)),
        ("SCORE", -1),
    ]


def test_a_table_takes_any_day_and_names_of_kinds():
    table = EventTable(person=[0, 0], day=[0, -3], kind=["attended", "craving"], value=[np.nan, 4])
    assert table.kind.tolist() == [0, 23]
    assert table.group.tolist() == table.code.tolist() == [-1, -1]
    assert table.day.tolist() == [0, -3]
    assert repr(table) == "EventTable(2 rows, 1 people)"
    assert list(table.columns()) == ["person", "day", "kind", "group", "value", "code"]
    assert table.columns(missing="masked")["value"].mask.tolist() == [True, False]
    assert pickle.loads(pickle.dumps(table)).kind.tolist() == [0, 23]
    with pytest.raises(ValueError, match="read-only"):
        table.person[0] = 1


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"person": [0, 2_000_000_000]}, "$.person[1]"),
        ({"person": [0, 1.5]}, "$.person"),
        ({"person": [0, 1, 2]}, "$.day"),
        ({"day": [0, 3_000_000]}, "$.day[1]"),
        ({"day": ["x", "y"]}, "$.day"),
        ({"kind": [0, 65]}, "$.kind[1]"),
        ({"kind": ["attended", "slept"]}, "$.kind[1]"),
        ({"kind": [0, 1], "value": [0, np.nan]}, "$.value[1]"),
        ({"kind": [0, 23], "value": [0, 11]}, "$.value[1]"),
        ({"kind": [0, 21], "value": [0, 2]}, "$.value[1]"),
        ({"value": ["a", "b"]}, "$.value"),
        ({"group": [0, 2], "groups": ["aa", "na"]}, "$.group[1]"),
        ({"group": [0.5, 1]}, "$.group"),
        ({"code": [0, 40_000]}, "$.code[1]"),
        ({"person_ids": ["p1"]}, "$.person[1]"),
        ({"person_ids": ["p1", "p1"]}, "$.person_ids"),
        ({"groups": ["aa", "aa"]}, "$.groups"),
    ],
)
def test_what_a_table_refuses(wrong, path):
    assert path in problems(**{"person": [0, 1], "day": [1, 2], "kind": 0, **wrong})


def frames():
    stated = {
        "person": ["p2", "p1", "p2"],
        "day": pd.to_datetime(["2026-11-03", "2026-11-05", "2026-11-04"]),
        "kind": ["attended", "missed", "rating"],
        "group": ["na", None, "aa"],
        "value": [None, None, 8.0],
    }
    yield stated
    yield pd.DataFrame(stated)
    yield pd.DataFrame(stated).convert_dtypes()
    try:
        pl, pa = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    except pytest.skip.Exception:
        return
    plain = {**stated, "day": stated["day"].to_pydatetime().tolist()}
    yield pl.DataFrame(plain)
    yield pa.table(plain)
    yield pd.DataFrame(stated).convert_dtypes(dtype_backend="pyarrow")


def test_a_frame_is_read_by_name():
    for frame in frames():
        table = EventTable.from_frame(frame)
        assert table.person_ids == ("p1", "p2")
        assert table.groups == ("aa", "na")
        assert table.person.tolist() == [1, 0, 1]
        assert table.day.tolist() == [20_760, 20_762, 20_761]
        assert table.kind.tolist() == [0, 3, 1]
        assert table.group.tolist() == [1, -1, 0]
        assert np.isnan(table.value).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("frame", "path"),
    [
        ({"person": [0], "day": [1]}, "$.frame.kind"),
        ({"person": [0], "day": [1], "kind": [0], "vlaue": [1]}, "$.frame.columns[3]"),
        ([[0, 1, 0]], "$.frame"),
        ({"person": ["p1", None], "day": [1, 1], "kind": [0, 0]}, "$.person[1]"),
    ],
)
def test_frames_that_are_refused(frame, path):
    with pytest.raises(ValidationError) as caught:
        EventTable.from_frame(frame)
    assert [problem.path for problem in caught.value.problems] == [path]


def test_ids_of_a_frame_may_be_given():
    frame = {"person": ["p2", "p1"], "day": [1, 2], "kind": [0, 0], "group": ["aa", "aa"]}
    table = EventTable.from_frame(frame, person_ids=["p3", "p2", "p1"], groups=["na", "aa"])
    assert (table.person.tolist(), table.group.tolist()) == ([1, 2], [1, 1])
    with pytest.raises(ValidationError, match=r"\$\.person\[1\]: must be among the ids given"):
        EventTable.from_frame(frame, person_ids=["p2"])


def test_tables_with_ids_meet_by_id():
    first = EventTable(person=[0, 1], day=[1, 1], kind=0, person_ids=["a", "b"], groups=["aa"])
    second = EventTable(
        person=[0, 1], day=[2, 2], kind=0, group=[0, 1], person_ids=["b", "c"], groups=["na", "aa"]
    )
    both = EventTable.concat([first, second])
    assert both.person_ids == ("a", "b", "c")
    assert both.person.tolist() == [0, 1, 1, 2]
    assert both.groups == ("aa", "na")
    assert both.group.tolist() == [-1, -1, 1, 0]
    with pytest.raises(ValidationError, match="or none of them"):
        EventTable.concat([first, EventTable(person=[0], day=[1], kind=0)])
    with pytest.raises(ValidationError, match="at least one"):
        EventTable.concat([])


def test_parts_are_about_as_large_and_may_be_empty():
    person = np.repeat(np.arange(100), 10)
    table = EventTable(person=person, day=np.zeros(1000, int), kind=0)
    assert [len(part) for part in table.partition(4)] == [250] * 4
    two = EventTable(person=[0, 5], day=[1, 1], kind=0).partition(4)
    assert sum(part.n_people for part in two) == 6
    assert sorted(len(part) for part in two) == [0, 0, 1, 1]
    with pytest.raises(ValidationError, match=r"\$\.k"):
        table.partition(0)


def test_the_group_that_was_recommended():
    """Engagement with the group that each person was offered first, which differs by person."""
    table = EventTable.from_events(
        [
            events.Referred(at=AT, person_id="p1", id="r1", groups=["smart", "aa"]),
            events.Referred(at=AT, person_id="p2", id="r2", groups=["aa"]),
            events.Attended(at=AT, person_id="p1", id="a1", group="aa"),
            events.Attended(at=AT, person_id="p2", id="a2", group="aa", rating=7),
        ]
    )
    is_first = (table.kind == EventKind.GROUP_OFFERED) & (table.value == 1)
    offered = np.full(table.n_people, -1)
    offered[table.person[is_first]] = table.group[is_first]
    columns = EventColumns.from_table(table, group=offered)
    went = engagement.summarize_table(columns, as_of=AT.replace(day=30))
    assert went.attendances.tolist() == [0, 1]
    assert np.isnan(went.days_to_first_meeting).tolist() == [True, False]
    assert went.first_rating[1] == 7
    of_smart = EventColumns.from_table(table, group="smart")
    assert engagement.summarize_table(of_smart, as_of=AT).attendances.tolist() == [0, 0]
    for wrong in ("na", 7, [0, 1, 1]):
        with pytest.raises(ValidationError, match=r"\$\.group"):
            EventColumns.from_table(table, group=wrong)


def test_a_day_each_must_be_one_each():
    columns = EventColumns.attendances(person=[0, 1], day=[1, 2])
    table = engagement.summarize_table(columns, as_of=[10, 20, 30])
    assert table.attendances.tolist() == [1, 1, 0]
    with pytest.raises(ValidationError, match=r"\$\.as_of: must be a day, or one for each"):
        engagement.summarize_table(columns, as_of=[10])


def test_what_patterns_refuse():
    table = EventTable(person=[0, 1], day=[1, 2], kind=28)
    for wrong in ({"start": [1]}, {"weeks": [3]}, {"weeks": 0}, {"start": "x"}, {"table": 1}):
        given = {"table": table, "start": 0, "weeks": 3, **wrong}
        with pytest.raises(ValidationError):
            outcomes.patterns_from_table(given.pop("table"), **given)
    assert outcomes.patterns_from_table(table, start=0, weeks=1).tobytes() == b"++"


def test_a_table_from_the_file_needs_no_object_for_each_record(monkeypatch):
    went = [
        events.Attended(
            id=f"e{i}", at=AT.replace(day=1 + i % 20), person_id=f"p{i % 7}", group="aa"
        )
        for i in range(300)
    ]
    read = []
    with SqliteEventStore(":memory:") as store:
        store.append(went)
        own = Stored.event
        monkeypatch.setattr(Stored, "event", lambda row: read.append(row) or own(row))
        assert len(store.event_table()) == 300
    assert len(read) == 20  # one for each day, among them the one form


def test_limits_are_of_answers_and_ratings():
    assert set(LIMITS) == {EventKind.RATING, EventKind.DISCOMFORT, *QUESTIONS.values()}


def test_people_without_rows_leave_parts_as_large():
    table = EventTable(person=np.repeat(np.arange(0, 100, 2), 4), day=np.zeros(200, int), kind=0)
    parts = table.partition(4)
    assert max(map(len, parts)) - min(map(len, parts)) <= 4
    assert sum(part.n_people for part in parts) == table.n_people == 99


def test_what_is_retracted_is_in_no_table():
    went = [
        events.Attended(id=f"e{i}", at=AT.replace(day=1 + i), person_id="p1", group="aa")
        for i in range(3)
    ]
    log = [
        *went,
        events.Retracted(id="r1", at=AT.replace(day=29), event_id="e1"),
        events.Retracted(id="r2", at=AT.replace(day=29), event_id="e2"),
        events.Retracted(id="r3", at=AT.replace(day=30), event_id="r2"),
    ]
    with SqliteEventStore(":memory:") as store:
        store.append(log)
        tables = [store.event_table(), store.event_table(until=AT.replace(day=28))]
    for table in (*tables, EventTable.from_events(log)):
        assert (table.day - table.day[0]).tolist() == [0, 2]


def test_inputs_of_risk_from_a_table():
    kinds = ["craving", "craving", "craving", "housing", "work", "willingness", "score"]
    values = [2, 9, 4, np.nan, np.nan, 3, 20]
    codes = [-1, -1, -1, 2, 0, -1, list(Score).index(Score.PHQ9)]
    table = EventTable(
        person=[0] * 7, day=[1, 20, 30, 5, 6, 30, 40], kind=kinds, value=values, code=codes
    )
    found = risk.columns_from_table(table, as_of=45)
    names = ("craving", "craving_change", "environment_losses", "reluctance", "phq9")
    assert [found[name][0] for name in names] == [4, -5, 1, 1, 20]
    then = risk.columns_from_table(table, as_of=[29])
    assert [then[name][0] for name in names[:2]] == [9, 7]
    assert np.isnan(then["phq9"][0])
    assert np.isnan(risk.columns_from_table(table, as_of=58)["craving"][0])
    assert "overdose" not in found
    with pytest.raises(ValidationError, match=r"\$\.as_of"):
        risk.columns_from_table(table, as_of=[1, 2])
