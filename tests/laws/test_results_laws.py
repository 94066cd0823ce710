"""The laws of results: one shape for all of them. Each docstring is a sentence of the docs.

Results are found by walking the public names, so that no new class can be forgotten: one that is
neither a model, a closed word, an error nor listed below as something given has to keep the laws.
"""

import inspect
import json
import re
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from types import ModuleType
from typing import get_args

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mshg
from drawn_pairings import DAY, WORLDS
from mshg import (
    Meeting,
    Person,
    Slot,
    SupporterProfile,
    catalog,
    codec,
    engagement,
    events,
    feeds,
    fit,
    meetings,
    outcomes,
    pairing,
    risk,
    store,
    testing,
    wording,
)
from mshg._results import Result
from mshg.domain import JoinInfo
from mshg.errors import ValidationError
from mshg.risk import instruments

GIVEN = {
    "Catalog": "groups by id",
    "Wording": "sentences",
    "FrozenMapping": "a mapping",
    "MembershipDecision": "a step on the way to an Exclusion",
    **dict.fromkeys(("Availability", "FocusShare", "GroupCaution"), "facts about groups"),
    "EventStore": "a protocol",
    "SqliteEventStore": "a place",
    "Problem": "has its own way to the host: its fields",
    **dict.fromkeys(("FitParameters", "EngagementParameters", "RiskParameters"), "numbers"),
    **dict.fromkeys(("Directory", "MeetingQuery", "Window"), "where and what to look for"),
    **dict.fromkeys(
        ("EventColumns", "WeeklyPatterns", "RiskColumns", "RiskInputs", "Evidence"), "inputs"
    ),
    **dict.fromkeys(
        ("AllHold", "CountWeeks", "Definition", "Ever", "FirstTime", "LongestRun", "Span"),
        "published definitions",
    ),
    **dict.fromkeys(
        ("PairingRequest", "PairingParameters", "Weights"), "what is asked and weighed"
    ),
    **dict.fromkeys(
        ("PersonJoined", "PersonLeft", "SupporterJoined", "SupporterLeft", "CapacityChanged"),
        "what happened",
    ),
    "PairDeclined": "what happened",
    **dict.fromkeys(("CrisisContacts", "Floor", "Instrument", "Sign"), "stated by host or sources"),
}
"""Public classes that are given to a call, and what they are."""

PARTS_OF_STATES = {"events"}  # parts of a PersonState, which the codec writes
HOUR = timedelta(hours=1)
CANARY = "Canary-7319"
AT = datetime(2026, 11, 23, 17, tzinfo=UTC)


def public_classes(module, seen):
    """Every class that a public name of the package leads to."""
    held = [n for n in vars(module) if not n.startswith("_")]
    own = [n for n in held if getattr(vars(module)[n], "__module__", "") == module.__name__]
    for name in getattr(module, "__all__", own):
        found = getattr(module, name)
        if isinstance(found, ModuleType) and found.__name__.startswith("mshg."):
            if found not in seen:
                seen.add(found)
                yield from public_classes(found, seen)
        elif inspect.isclass(found) and found.__module__.startswith("mshg."):
            yield found


def is_a_result(kind):
    is_given = kind.__name__ in GIVEN or kind in get_args(codec.Model)
    is_part = kind.__module__.split(".")[1] in PARTS_OF_STATES
    return not (is_given or is_part or issubclass(kind, (Enum, Exception)))


RESULTS = sorted(set(filter(is_a_result, public_classes(mshg, set()))), key=lambda k: k.__name__)


def parts_of(value):
    """A result and every result inside it."""
    if isinstance(value, (tuple, list)):
        for inner in value:
            yield from parts_of(inner)
    elif isinstance(value, dict) or hasattr(value, "values"):
        yield from parts_of(tuple(value.values()))
    elif type(value) in RESULTS:
        yield value
        if attrs.has(type(value)):
            yield from parts_of([getattr(value, f.name) for f in attrs.fields(type(value))])
        if isinstance(value, meetings.SearchResult):
            yield from parts_of((value.matches, value.relaxations))
        if isinstance(value, pairing.Pairing):
            yield from parts_of((value.pairs, value.unmatched))
            yield from parts_of((value.certificate, value.longest_waiting))


def one_meeting(i, weekday, **more):
    return Meeting(
        id=str(i),
        group="aa",
        name=f"Meeting {i}",
        slots=[
            Slot(weekday=weekday, start=time(12 + i % 9), duration=None if i % 2 else HOUR),
            Slot(weekday=(weekday + 3) % 7, start=time(1, 30), duration=HOUR),
        ],
        timezone=("America/New_York", "Asia/Kolkata")[i % 2],
        mode=("in_person", "online", "hybrid")[i % 3],
        notes=CANARY,
        join_info=JoinInfo(url=f"https://example.org/{CANARY}", url_notes=CANARY),
        **more,
    )


def fit_results(person, people, seed):
    groups = catalog.load()
    rng = np.random.default_rng(seed)
    x = rng.choice([0, 0.25, 0.5, 0.75, 1, np.nan], (people, 12))
    table = fit.score_table(x, rng.integers(0, 2, x.shape) * 1.0, groups=groups)
    talk = fit.interview(person, groups)
    belonging = np.tile(fit.belonging([person], groups), (people, 1))
    ranking = fit.ranking_table(x, groups=groups, belonging=belonging, reach=fit.reach(groups))
    tables = [table, table.certain(), table.next_question(), table.counterfactuals(), ranking]
    asked = fit.intake(person, groups=groups)
    choices = attrs.evolve(asked, person=attrs.evolve(person, experiences=[])).next()
    one_to_one = [fit.score(person, groups), fit.shortlist(person, groups), talk, talk.next()]
    return [*one_to_one, tables, asked, choices]


def meeting_results(days, within_km):
    place = {"latitude": 40.7, "longitude": -74.0}
    held = [one_meeting(i, day, **(place if i % 4 else {})) for i, day in enumerate(days)]
    directory = meetings.Directory(held)
    query = meetings.MeetingQuery(at=AT, latitude=40.8, longitude=-74, within_km=within_km)
    plan = meetings.plan_week(Person(id="1"), ["aa"], directory, at=AT, count=2)
    row = {"name": "x", "slug": "x", "day": 1, "time": "12:00", "notes": CANARY, "latitude": "9"}
    report = feeds.read_meeting_guide([row, 5], group="aa", default_timezone="UTC")
    return [directory.search(query), plan, report, attrs.evolve(report, meetings=held)]


def engagement_results(records, as_of):
    columns = engagement.EventColumns.from_events(records)
    return [
        engagement.summarize(records, as_of=as_of),
        engagement.summarize_table(columns, as_of=as_of, n_people=2),
    ]


def outcome_results(words, key):
    return [outcomes.evaluate(words, key), outcomes.compare_definitions(words)]


def risk_results(known, scores, hours, instrument):
    inputs = risk.RiskInputs(**known)
    columns = risk.RiskColumns.from_inputs([inputs, risk.RiskInputs()])
    came = [i % 2 for i in range(len(scores))]
    parts = [str(i % 3) for i in range(len(scores))]
    rules = instruments.INSTRUMENTS[instrument]
    answers = np.where(np.arange(rules.items) % 5, float(rules.lowest), np.nan)
    return [
        risk.assess(inputs),
        risk.assess(inputs, previous=risk.RiskInputs(overdose=True)),
        risk.assess_table(columns),
        risk.assess_table(columns, previous=columns),
        risk.calibrate(scores, came),
        risk.audit(scores, came, parts),
        risk.capacity_threshold(scores, came, hours=hours, minutes_per_contact=60),
        risk.capacity_threshold(scores, hours=hours, minutes_per_contact=60),
        instruments.score(instrument, [answers]),
    ]


def pairing_results(world):
    people, helpers = world
    found = pairing.match(people, helpers, as_of=DAY, keep=[("elsewhere", "gone")])
    changes = [pairing.SupporterLeft(helper.id) for helper in helpers[:1]]
    return [
        pairing.match_arrays([[0, -1]], [[1, 0]], [1]),
        found,
        pairing.repair(found, changes, as_of=DAY),
    ]


KNOWN = Person(
    id="1",
    substances=["alcohol"],
    goal="abstinence",
    concerns=["religion"],
    stances=mshg.StanceProfile.from_likert(dict.fromkeys(mshg.Dimension, 4)),
)

SHARE, PERHAPS = st.none() | st.floats(0, 1), st.none() | st.booleans()
SEEN = {"missed_rate": SHARE, "use_rate": SHARE, "overdose": PERHAPS, "suicidal_thoughts": PERHAPS}
WITH_MEETINGS = st.builds(
    meeting_results, st.lists(st.integers(0, 6), max_size=4), st.sampled_from([None, 1.0])
)
DRAWN = st.one_of(
    st.builds(
        fit_results,
        testing.people(group_ids=["aa", "smart"]),
        st.integers(0, 3),
        st.integers(0, 2**32 - 1),
    ),
    WITH_MEETINGS,
    st.builds(
        engagement_results, testing.histories(), st.dates(date(2026, 1, 1), date(2026, 6, 1))
    ),
    st.builds(pairing_results, WORLDS),
    st.builds(
        outcome_results,
        st.lists(st.text("+-o*_", min_size=24, max_size=24), max_size=3),
        st.sampled_from(list(outcomes.DEFINITIONS)),
    ),
    st.builds(
        risk_results,
        st.fixed_dictionaries(SEEN),
        st.lists(st.integers(0, 4), min_size=8, max_size=12),
        st.integers(0, 12),
        st.sampled_from(sorted(instruments.INSTRUMENTS)),
    ),
)

SEARCHED = meetings.Directory([one_meeting(0, 1, latitude=40.7, longitude=-74.0)])
QUERY = meetings.MeetingQuery(at=AT, latitude=40.8137, longitude=-74)


def store_results():
    said = ("Kims idea", "Kimberly came")
    goals = [
        events.GoalSet(id=f"g{i}", at=AT, person_id="1", description=text)
        for i, text in enumerate(said)
    ]
    with store.SqliteEventStore(":memory:") as kept, tempfile.TemporaryDirectory() as folder:
        kept.append(goals)
        report = kept.erase("Kim")
        return [report, report.replaced, report.alike, kept.salvage(f"{folder}/copy.db")]


# Where enough is known that a result has every part it may have.
SPONSORED = events.RoleChanged(
    id="e1", person_id="1", at=AT, role="sponsor", change="taken", group="aa"
)
FULL = [
    fit_results(KNOWN, 2, 0),
    fit_results(Person(id="2"), 1, 1),
    meeting_results([0, 1, 2, 3], None),
    meeting_results([1], 1.0),
    engagement_results([SPONSORED], date(2026, 12, 1)),
    outcome_results(["+-" * 12], "ctn0094_relapse"),
    pairing_results(
        (
            [pairing.PairingRequest(person=str(i), waiting_since=DAY) for i in range(3)],
            [SupporterProfile(id=str(j), capacity=1, consented_on=DAY) for j in range(2)],
        )
    ),
    risk_results(
        {"overdose": True, "craving": 7, "meetings_per_week": 1}, [0, 1, 2, 3] * 3, 2, "phq9"
    ),
    store_results(),
]


def is_plain(value):
    """Whether it is what JSON holds and nothing that only resembles it."""
    if type(value) is dict:
        return all(type(key) is str and is_plain(inner) for key, inner in value.items())
    if type(value) is list:
        return all(map(is_plain, value))
    return value is None or type(value) in (str, int, float, bool)


@given(DRAWN | st.sampled_from(FULL))
def test_every_result_is_plain_json(drawn):
    """`to_dict()` of every result gives plain JSON values, with a type and a schema version."""
    for result in parts_of(drawn):
        stated = result.to_dict()
        assert is_plain(stated)
        assert json.loads(json.dumps(stated, allow_nan=False)) == stated
        assert stated["type"] == type(result).__name__
        assert stated["schema_version"] == codec.SCHEMA_VERSION


@given(DRAWN | st.sampled_from(FULL))
def test_columns_are_of_one_length(drawn):
    """`columns()` of every table gives arrays of one dimension, one entry a row."""
    for table in parts_of(drawn):
        if hasattr(table, "columns"):
            columns = table.columns()
            assert {column.shape for column in columns.values()} == {(len(table),)}
            masked = table.columns(missing="masked")
            assert list(masked) == list(columns)
            for name, column in columns.items():
                is_real = column.dtype.kind == "f"
                assert isinstance(masked[name], np.ma.MaskedArray) == is_real
                assert not is_real or (masked[name].mask == np.isnan(column)).all()


@given(WITH_MEETINGS)
def test_how_to_join_leaves_a_result_only_when_asked_for(drawn):
    """A meeting's link, passcode and notes are in no document unless details are asked for."""
    for result in parts_of(drawn):
        plain = json.dumps(result.to_dict())
        assert CANARY not in plain
        if isinstance(result, meetings.MeetingMatch):
            assert json.dumps(result.to_dict(include_details=True)).count(CANARY) == 3
            stated = result.to_dict(include_details=True)["meeting"]
            assert codec.from_dict(stated, Meeting) == result.meeting


@given(WITH_MEETINGS)
def test_a_match_says_when_with_its_offset(drawn):
    """A match's start and end are moments with their offset; the end is null where not known."""
    for match in parts_of(drawn):
        if isinstance(match, meetings.MeetingMatch):
            stated = match.to_dict()
            assert datetime.fromisoformat(stated["starts_at"]) == match.starts_at
            assert datetime.fromisoformat(stated["starts_at"]).utcoffset() is not None
            if stated["ends_at"] is not None:
                assert datetime.fromisoformat(stated["ends_at"]) - match.starts_at == HOUR
            assert set(stated["cautions"]) <= set(stated["reasons"])


def holds_arrays(kind):
    """Whether fields are arrays of one length: those of a search and a calibration are not."""
    others = (meetings.SearchResult, risk.Calibration)
    fields = attrs.fields(kind) if attrs.has(kind) and kind not in others else ()
    return any("ndarray" in str(field.type) for field in fields)


@pytest.mark.parametrize("kind", RESULTS, ids=lambda k: k.__name__)
def test_every_public_result_keeps_the_laws(kind):
    """Every public class that is a result has a document and is drawn by these laws."""
    assert issubclass(kind, Result)
    assert kind in {type(result) for result in parts_of(FULL)}
    holds_rows = kind.__name__.endswith("Table") or holds_arrays(kind)
    assert hasattr(kind, "columns") or not holds_rows


@pytest.mark.parametrize(
    "kind", [k for k in RESULTS if hasattr(k, "to_text")], ids=lambda k: k.__name__
)
def test_every_text_takes_a_wording(kind):
    """Every `to_text` takes a wording first, and without it speaks as the result was made."""
    first = list(inspect.signature(kind.to_text).parameters.values())[1]
    assert (first.name, first.default) == ("wording", None)


@given(DRAWN | st.sampled_from(FULL))
def test_a_text_without_a_wording_speaks_as_the_result_was_made(drawn):
    """Without a wording a text is that of the wording the result was made with."""
    for result in parts_of(drawn):
        if hasattr(result, "to_text"):
            own = getattr(result, "wording", wording.load())
            assert result.to_text() == result.to_text(own)
            with pytest.raises(ValidationError, match="wording"):
                result.to_text("en")


def test_another_wording_says_everything_anew():
    """A search, engagement, a comparison and an audit in another wording are as if made with it."""
    english = wording.load().sentences
    marked = {k: f"<{k}>" + "".join(re.findall(r"{\w+}", s)) for k, s in english.items()}
    other = wording.Wording(language="x", sentences=marked)
    found = {
        "search": lambda **w: SEARCHED.search(QUERY, **w),
        "nothing": lambda **w: SEARCHED.search(attrs.evolve(QUERY, groups=["na"]), **w),
        "engagement": lambda **w: engagement.summarize([SPONSORED], as_of=date(2026, 12, 1), **w),
        "comparison": lambda **w: outcomes.compare_definitions(["+-" * 12], **w),
    }
    for make in found.values():
        made = make()
        assert made.to_text(other) == make(wording=other).to_text() != made.to_text()
        assert made.to_dict()["language"] == "en"
    audit = risk.audit([1, 2, 3], [0, 1, 0], list("aab"))
    assert "<risk.audit.everyone>" in audit.to_text(other)


def test_reasons_and_notes_stay_as_they_were_said():
    """A shortlist's frame is said anew; its reasons were said when it was made."""
    other = wording.Wording(language="x", sentences={"shortlist.title": "Gruppen"})
    shortlist = fit.shortlist(KNOWN, catalog.load())
    text = shortlist.to_text(other)
    assert "\nGruppen\n" in text
    assert all(reason in text for option in shortlist.options for reason in option.reasons_for)


def test_numbers_that_are_not_known_or_not_finite_are_null():
    none = risk.capacity_threshold([1, 2], hours=0, minutes_per_contact=10).to_dict()
    assert none["threshold"] is None
    assert none["calls"][0]["true_positives"] is None
    assert none["calls"][0]["people"] == 2
    table = fit.score_table(np.zeros((1, 12)), np.zeros(12), groups=catalog.load()).to_dict()
    assert set(table["score"][0]) == {None}


def test_what_was_asked_for_is_not_in_the_answer():
    """A search's document does not hold where the person is."""
    stated = json.dumps(SEARCHED.search(QUERY).to_dict())
    assert "40.8137" not in stated
    assert '"query"' not in stated
