"""Laws of events as columns, and of what reads them. Each docstring is a sentence of the docs."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mshg import engagement, outcomes, risk, testing
from mshg.domain import Substance
from mshg.engagement import EngagementTable, EventColumns
from mshg.events import EventTable, effective_events, replay
from mshg.store import SqliteEventStore

FIRST_DAY = 20_454  # 2026-01-01, about which histories lie
PEOPLE = ("p1", "p2")


def history_of(person):
    ids = st.integers(0, 30).map(lambda i: f"{person}-{i}")
    return testing.histories(person_id=person, ids=ids, max_size=7)


@st.composite
def logs(draw):
    """Records of some people, in any order."""
    found = [event for person in PEOPLE for event in draw(history_of(person))]
    return found[::-1] if draw(st.booleans()) else found


def assert_same_bits(found, expected):
    assert list(found) == list(expected)
    for name, column in expected.items():
        assert found[name].dtype == column.dtype, name
        assert found[name].tobytes() == column.tobytes(), name


def same(found, expected):
    assert_same_bits(plain(found), plain(expected))
    assert found.person_ids == expected.person_ids
    assert found.groups == expected.groups


def plain(table):
    return {name: np.asarray(column, float) for name, column in table.columns().items()}


def by_person(table):
    order = np.argsort(table.person, kind="stable")
    return {name: column[order] for name, column in plain(table).items()}


@given(logs(), st.integers(FIRST_DAY - 10, FIRST_DAY + 120))
def test_engagement_of_a_table_is_that_of_its_records(log, as_of):
    """Every measure of a table of events is that of the records, to the last bit."""
    table = EventTable.from_events(log, person_ids=PEOPLE)
    columns = EventColumns.from_table(table)
    records = EventColumns.from_events(log, person_ids=PEOPLE)
    found, expected = (
        engagement.summarize_table(one, as_of=as_of).columns() for one in (columns, records)
    )
    assert_same_bits(found, expected)


@given(
    logs(),
    st.lists(st.integers(FIRST_DAY - 20, FIRST_DAY + 60), min_size=2, max_size=2),
    st.lists(st.integers(1, 16), min_size=2, max_size=2),
    st.frozensets(st.sampled_from(Substance), min_size=1),
    st.none() | st.frozensets(st.integers(1, 16)),
    st.booleans(),
)
def test_patterns_of_a_table_are_those_of_its_records(  # noqa: PLR0917
    log, starts, weeks, substances, scheduled, tests_only
):
    """Patterns of a table of events are those of the records, with a start for each person."""
    how = {"substances": substances, "scheduled": scheduled, "tests_only": tests_only}
    table = EventTable.from_events(log, person_ids=PEOPLE)
    codes = outcomes.patterns_from_table(table, start=starts, weeks=weeks, **how)
    days = np.array(starts, "datetime64[D]").tolist()
    words = outcomes.patterns_from_events(
        log,
        start=dict(zip(PEOPLE, days, strict=True)),
        weeks=dict(zip(PEOPLE, weeks, strict=True)),
        person_ids=PEOPLE,
        **how,
    )
    assert codes.dtype == np.uint8
    assert [row.tobytes().rstrip(b"\0").decode() for row in codes] == list(words.values())


@given(logs(), st.integers(1, 5))
def test_parts_come_to_the_whole(log, k):
    """Results of the parts of a table, put together, are those of the whole, to the last bit."""
    table = EventTable.from_events(log, person_ids=PEOPLE)
    parts = table.partition(k)
    assert len(parts) == k
    assert sum(map(len, parts)) == len(table)
    assert [name for part in parts for name in part.person_ids] == list(PEOPLE)
    assert {part.groups for part in parts} == {table.groups}
    assert_same_bits(by_person(EventTable.concat(parts)), by_person(table))
    made = [
        engagement.summarize_table(EventColumns.from_table(part), as_of=FIRST_DAY + 50)
        for part in parts
    ]
    at_once = engagement.summarize_table(EventColumns.from_table(table), as_of=FIRST_DAY + 50)
    assert_same_bits(EngagementTable.concat(made).columns(), at_once.columns())
    codes = [outcomes.patterns_from_table(part, start=FIRST_DAY, weeks=13) for part in parts]
    expected = outcomes.patterns_from_table(table, start=FIRST_DAY, weeks=13)
    assert np.concatenate(codes).tobytes() == expected.tobytes()


@given(logs(), st.integers(1, 5))
def test_parts_without_ids_come_to_the_whole(log, k):
    """Without ids of people, parts put together are the whole as well."""
    named = EventTable.from_events(log, person_ids=PEOPLE)
    table = EventTable(**named.columns(), groups=named.groups)
    assert_same_bits(by_person(EventTable.concat(table.partition(k))), by_person(table))


@given(logs(), st.lists(st.integers(FIRST_DAY - 10, FIRST_DAY + 120), min_size=2, max_size=2))
def test_each_person_has_a_day_of_their_own(log, days):
    """With a day for each person, their row is that of a table as of that day."""
    columns = EventColumns.from_table(EventTable.from_events(log, person_ids=PEOPLE))
    found = engagement.summarize_table(columns, as_of=np.array(days)).columns()
    for i, day in enumerate(days):
        alone = engagement.summarize_table(columns, as_of=day).columns()
        for name, column in alone.items():
            assert found[name][i].tobytes() == column[i].tobytes(), name


@given(logs(), st.permutations(PEOPLE))
def test_the_order_of_records_does_not_matter(log, ids):
    """A table of events rests on their moments and ids, not on the order in which they come."""
    same(EventTable.from_events(log[::-1]), EventTable.from_events(log))
    again = EventTable.from_events([*log, *log], person_ids=ids)
    same(again, EventTable.from_events(log, person_ids=ids))


@given(logs(), st.none() | st.permutations(PEOPLE))
def test_a_table_from_the_file_is_that_of_the_records(log, ids):
    """A table straight from the file equals that of the records."""
    with SqliteEventStore(":memory:") as store:
        store.append(log)
        same(store.event_table(person_ids=ids), EventTable.from_events(log, person_ids=ids))


@given(logs(), st.data())
def test_a_span_of_the_file(log, data):
    """From a moment on and before another, a table holds what stands and happened in between."""
    moments = st.sampled_from([event.at for event in log]) if log else st.none()
    since, until = (data.draw(st.none() | moments) for _ in range(2))
    with SqliteEventStore(":memory:") as store:
        store.append(log)
        found = store.event_table(since, until)
    within = [
        event
        for event in effective_events(log)
        if (since is None or event.at >= since) and (until is None or event.at < until)
    ]
    same(found, EventTable.from_effective(within))


STATED = (
    *("silence", "check_ins_answered", "discomfort", "attendance_trend", "meetings_per_week"),
    *("involvement", "days_in_program", "stress", "craving", "craving_change", "confidence"),
    *("days_since_meeting", "weeks_without_meeting", "weeks_without_contact", "days_since_heard"),
    *("confidence_change", "mood", "willingness", "reluctance", "environment_losses"),
)


@given(logs(), st.lists(st.integers(FIRST_DAY, FIRST_DAY + 120), min_size=2, max_size=2))
def test_inputs_of_risk_of_a_table_are_those_of_the_records(log, days):
    """Every input of risk that a table states is that of the records, to the last bit."""
    table = EventTable.from_events(log, person_ids=PEOPLE)
    found = risk.columns_from_table(table, as_of=days)
    assert set(STATED) <= set(found)
    for i, (person, day) in enumerate(zip(PEOPLE, days, strict=True)):
        as_of = date(1970, 1, 1) + timedelta(day)
        known = [
            event
            for event in effective_events(log)
            if getattr(event, "person_id", None) == person and event.at.date() <= as_of
        ]
        summary = engagement.summarize(known, as_of=as_of)
        inputs = risk.RiskInputs.from_state(replay(known), summary, as_of=as_of)
        expected = risk.RiskColumns.from_inputs([inputs])
        for name in STATED:
            theirs = expected[name][0] if name in expected else np.nan
            assert np.array_equal(found[name][i], theirs, equal_nan=True), name
