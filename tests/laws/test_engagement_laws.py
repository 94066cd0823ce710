"""Laws of engagement. Each docstring is a sentence of the docs."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshg import engagement, events, testing
from mshg.engagement import EventColumns, Kind, Stage

AS_OF = 20_000
PEOPLE = 4
COUNTS = ("attendances", "attendances_7_days", "attendances_30_days", "attendances_90_days")
RATES = ("meetings_per_week", "weeks_in_a_row", "decayed_per_week")
BY_PART_TAKEN = ("", "referred", "away", "tried", "drifting", "attending", "involved")

kinds = st.sampled_from([Kind.ATTENDED] * 20 + list(Kind))
rows = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(-5, 150), kinds, st.floats(0, 10)),
    max_size=80,
)


def columns_of(stated, shift=0):
    person, age, kind, value = zip(*stated, strict=True) if stated else ((),) * 4
    return EventColumns(
        person=np.array(person, np.int32),
        day=AS_OF + shift - np.array(age, np.int64),
        kind=np.array(kind, np.int8),
        value=np.array(value, float),
    )


def measured(stated, n_people=PEOPLE, shift=0):
    columns = columns_of(stated, shift)
    return engagement.summarize_table(columns, as_of=AS_OF + shift, n_people=n_people).columns()


def assert_same_bits(found, expected):
    assert list(found) == list(expected)
    for name, column in expected.items():
        assert found[name].dtype == column.dtype
        assert found[name].tobytes() == column.tobytes(), name


@given(rows, st.integers(0, PEOPLE - 1), st.integers(0, 200))
def test_one_more_attendance_never_lowers_a_count_a_rate_or_a_stage(stated, person, age):
    """One more attendance never lowers a count, a rate or a stage, whenever it was."""
    before = measured(stated)
    after = measured([*stated, (person, age, Kind.ATTENDED, np.nan)])
    for name in (*COUNTS, *RATES):
        assert (after[name] >= before[name]).all(), name
    place = BY_PART_TAKEN.index
    assert set(BY_PART_TAKEN) == {"", *Stage}
    for then, now in zip(before["stage"], after["stage"], strict=True):
        assert place(now) >= place(then)
    assert after["attendances"].sum() == before["attendances"].sum() + 1


@given(rows, st.integers(-700_000, 2_000_000))
def test_only_the_distance_to_the_day_counts(stated, shift):
    """Shifting all days and the day together changes nothing."""
    assert_same_bits(measured(stated, shift=shift), measured(stated))


@given(rows)
def test_a_person_counts_alone(stated):
    """Splitting people over calls changes nothing, to the last bit."""
    together = measured(stated)
    for person in range(PEOPLE):
        alone = measured([(0, *row[1:]) for row in stated if row[0] == person], n_people=1)
        assert_same_bits(alone, {name: c[person : person + 1] for name, c in together.items()})


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_count(stated, random):
    """The order of rows changes nothing, to the last bit."""
    shuffled = random.sample(stated, len(stated))
    assert_same_bits(measured(shuffled), measured(stated))


@given(rows, st.permutations(engagement.results.COLUMNS))
def test_the_order_of_reading_does_not_count(stated, names):
    """Which columns are read, and in which order, changes nothing."""
    table = engagement.summarize_table(columns_of(stated), as_of=AS_OF, n_people=PEOPLE)
    read = {name: getattr(table, name) for name in names}
    assert_same_bits({name: read[name] for name in table.columns()}, measured(stated))
    assert all(table.columns()[name] is column for name, column in read.items())


@given(rows)
def test_later_rows_change_nothing(stated):
    """What happens after the day changes nothing."""
    assert_same_bits(measured(stated), measured([row for row in stated if row[1] >= 0]))


@given(rows)
def test_shares_stay_in_their_range(stated):
    """Shares lie from 0 to 1, silence below 1, and a longest gap is no shorter than the usual."""
    found = measured(stated)
    for name in ("silence", "still_engaged", "involvement", "check_ins_answered_share"):
        known = found[name][~np.isnan(found[name])]
        assert ((known >= 0) & (known <= 1)).all(), name
    assert not (found["silence"] >= 1).any()
    assert not (found["usual_gap_days"] > found["longest_gap_days"]).any()


@given(rows)
def test_involvement_is_never_attendance(stated):
    """However often somebody attends, their involvement stays what it is."""
    without = [row for row in stated if row[2] != Kind.ATTENDED]
    np.testing.assert_array_equal(measured(stated)["involvement"], measured(without)["involvement"])


@pytest.mark.parametrize(
    "types", [(np.int8, np.int16), (np.uint64, np.uint32), (np.int64, "M8[D]")]
)
@given(stated=rows)
def test_any_integer_type_will_do(types, stated):
    """The type of index and day changes nothing, and moments count by their day."""
    wide = columns_of(stated)
    person, day = wide.person.astype(types[0]), wide.day.astype(types[1])
    columns = EventColumns(person=person, day=day, kind=wide.kind, value=wide.value)
    table = engagement.summarize_table(columns, as_of=AS_OF, n_people=PEOPLE)
    assert_same_bits(table.columns(), measured(stated))


def test_many_people_over_a_long_time_need_wider_keys():
    """More people and days than four bytes hold change nothing."""
    ages = [(4, 5, 9), (5, 9, 17, 40), (700_000,)]
    stated = [(i, age, Kind.ATTENDED, 0.0) for i, theirs in enumerate(ages) for age in theirs]
    wide = measured([(9_990 + row[0], *row[1:]) for row in stated], n_people=10_000)
    for i in range(len(ages)):
        alone = measured([(0, *row[1:]) for row in stated if row[0] == i], n_people=1)
        assert_same_bits({name: c[9_990 + i : 9_991 + i] for name, c in wide.items()}, alone)
    assert wide["days_since_last"][9_992] == 700_000
    assert wide["usual_gap_days"][9_991] == 8


def event_of(person, number, age, hours, draw):
    offset = timezone(timedelta(hours=draw(st.sampled_from(hours))))
    at = (datetime(2026, 11, 24, 12, tzinfo=UTC) - timedelta(age)).astimezone(offset)
    common = {"id": f"{person}-{number}", "at": at, "person_id": person}
    maybe = st.one_of(st.none(), st.floats(0, 10))
    match draw(st.integers(0, 9)):
        case 0:
            return events.Referred(**common, groups=["aa"])
        case 1:
            unanswered = draw(st.sampled_from([(), ("mood",), ("mood", "stress")]))
            declined = draw(st.sampled_from([(), ("craving",)]))
            abstinent = draw(st.sampled_from([None, True]))
            return events.CheckIn(
                **common, abstinent=abstinent, unanswered=unanswered, declined=declined
            )
        case 2:
            role = draw(st.sampled_from(events.GroupRole))
            change, group = (
                draw(st.sampled_from(events.RoleChange)),
                draw(st.sampled_from([None, "a"])),
            )
            return events.RoleChanged(**common, role=role, change=change, group=group)
        case 3:
            return draw(
                st.sampled_from(
                    [
                        events.Missed(**common),
                        events.StepWorked(**common, step=1),
                        events.ReadingDone(**common),
                        events.SupporterContact(**common, supporter_id="s", reached=age % 2 == 0),
                        events.SubstanceUse(**common),
                        events.FollowUp(**common, status="not_reached"),
                    ]
                )
            )
        case 4:
            return events.Retracted(**common, event_id=f"{person}-{number - 1}")
        case _:
            return events.Attended(**common, group="aa", rating=draw(maybe), discomfort=draw(maybe))


@st.composite
def histories(draw, hours=(-12, 0, 14)):
    """Events of up to three people, in any order."""
    ages = st.lists(st.integers(-3, 120), max_size=10)
    found = [
        event_of(person, number, age, hours, draw)
        for person in ("p1", "p2", "p3")
        for number, age in enumerate(draw(ages))
    ]
    return draw(st.permutations(found))


def assert_is_row(summary, table, row):
    for name, column in table.columns().items():
        here = getattr(summary, name)
        here = "" if here is None else here
        assert np.array_equal(column[row], here, equal_nan=column.dtype.kind == "f"), name


@given(histories())
def test_one_person_is_one_row(stated):
    """One person's summary is their row of the table, to the last bit."""
    people = ("p1", "p2", "p3")
    day = date(2026, 11, 24)
    table = engagement.summarize_table(
        EventColumns.from_events(stated, person_ids=people), as_of=day
    )
    assert len(table) == len(people)
    for i, person in enumerate(people):
        theirs = [e for e in stated if e.person_id == person]
        assert_is_row(engagement.summarize(theirs, as_of=day), table, i)


@given(testing.histories(), st.dates(date(2025, 12, 20), date(2026, 5, 1)))
def test_any_history_can_be_reported(stated, day):
    """Any history of any kinds can be measured, told and drawn, and its repr is silent."""
    columns = EventColumns.from_events(stated, person_ids=["p1"])
    summary = engagement.summarize(stated, as_of=day)
    assert_is_row(summary, engagement.summarize_table(columns, as_of=day), 0)
    assert summary.to_text()
    assert summary._repr_html_().startswith("<table")
    assert repr(summary) == "EngagementSummary(…)"


@given(histories(hours=(0,)))
def test_measures_agree_with_the_state(stated):
    """Counts and parts taken are those of the state that the same events in one offset leave."""
    for person in ("p1", "p2", "p3"):
        theirs = [e for e in stated if e.person_id == person]
        summary = engagement.summarize(theirs, as_of=date(2100, 1, 1))
        state = events.replay(theirs)
        assert summary.attendances == state.participation.attended
        held = {role.role for role in state.participation.roles}
        assert summary.has_sponsor == (events.GroupRole.SPONSOR in held)
        assert summary.has_home_group == (events.GroupRole.HOME_GROUP in held)
        assert summary.has_service == bool({"service", "sponsee"} & held)
        open_spans = {
            (span.role, span.since) for span in summary.timeline.roles if span.until is None
        }
        assert open_spans == {(role.role, role.since) for role in state.participation.roles}
        assert summary.timeline.journey_days == state.use.journey_days
