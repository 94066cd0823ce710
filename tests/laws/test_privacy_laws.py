"""No person's data in repr, str, logs, warnings or exceptions: a canary in every field.

Every model of the codec takes part by itself, so a later one joins by being one.
"""

import logging
import traceback
import warnings
from datetime import UTC, date, datetime, time
from typing import get_args

import attrs
import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mshg import (
    Dealbreaker,
    Experience,
    Meeting,
    MeetingPreferences,
    Person,
    Slot,
    StanceProfile,
    SupporterProfile,
    catalog,
    codec,
    domain,
    events,
    fit,
    meetings,
    pairing,
    risk,
    testing,
    wording,
)
from mshg.domain import FrozenMapping, MembershipDecision, MembershipRule
from mshg.errors import MshgError, Problem, ValidationError

CANARY = "Canary-7319 who sings"
NUMBER = 7319.4242
CATALOG = catalog.load()
MODELS = get_args(codec.Model)
OF_A_PERSON = (
    *(Person, StanceProfile, Dealbreaker, Experience, MeetingPreferences),
    *(SupporterProfile, domain.Window),
)
PLANTED = [
    CANARY,
    NUMBER,
    -NUMBER,
    float("nan"),
    [CANARY],
    [NUMBER],
    [[CANARY]],
    {CANARY: CANARY},
    {CANARY: NUMBER},
    {"method": CANARY},
    {"method": NUMBER},
    b"Canary-7319",
    object,
]


def stated(thing):
    """Everything Python shows of a thing when nobody asked for its data."""
    return [repr(thing), str(thing), f"{thing}", repr([thing]), repr({"it": thing})]


def assert_silent(*texts):
    for text in texts:
        assert "Canary" not in text
        assert "7319" not in text


def assert_silent_error(error):
    while error is not None:
        assert_silent(*stated(error), *traceback.format_exception(error))
        assert not isinstance(error, (UnicodeDecodeError, ValueError)) or isinstance(
            error, MshgError
        )
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("kind", MODELS, ids=lambda k: k.__name__)
def test_a_refused_value_is_never_repeated(kind):
    """An error names the place and the rule, never the value."""
    for field in attrs.fields(kind):
        for value in PLANTED:
            blank = {f.name: None for f in attrs.fields(kind) if f.default is attrs.NOTHING}
            with pytest.raises(ValidationError) as caught:
                kind(**{**blank, field.name: value})
                # Accepted (free text): then nothing required was missing.
                raise ValidationError([Problem("$", "accepted")])
            assert_silent_error(caught.value)


@pytest.mark.parametrize("kind", MODELS, ids=lambda k: k.__name__)
def test_a_refused_document_is_never_repeated(kind):
    """What the codec refuses it does not show, nor do the errors behind its own."""
    for field in attrs.fields(kind):
        for value in PLANTED:
            with pytest.raises(MshgError) as caught:
                codec.from_dict({field.name: value, CANARY: value}, kind)
            assert_silent_error(caught.value)
    for document in (f'{{"id": "{CANARY}"', f'"{CANARY}"', b"\xff" + CANARY.encode(), "[" * 99_999):
        with pytest.raises(MshgError) as caught:
            codec.loads(document, kind)
        assert_silent_error(caught.value)


def canary_person():
    return Person(
        id=CANARY,
        identities=[CANARY],
        chosen_group=CANARY,
        stances=StanceProfile(
            positions={"method": 0.7319, "agency": 0.7319}, importance={"method": NUMBER}
        ),
        dealbreakers=[Dealbreaker(dimension="spirituality", at_most=0.7319)],
        preferences=MeetingPreferences(all_tags=["canary"], languages=["zh-canary"]),
        substances=["alcohol"],
        medication_for_addiction=True,
        treatment="not_offered",
        experiences=[
            Experience(group="smart", how_it_was="disliked"),
            Experience(group=CANARY, how_it_was="liked"),
        ],
        concerns=["religion", "medication"],
    )


def asked_and_found(person):
    """A query of the person, what it finds, and what it does not."""
    place = {"latitude": 7.319, "longitude": 7.319, "timezone": "UTC"}
    at = datetime(2026, 11, 23, tzinfo=UTC)
    query = meetings.MeetingQuery.from_person(
        person, at=at, windows=[(0, "07:31", "09:00")], groups=["canary"], **place
    )
    slots = [Slot(weekday=0, start=time(8))]
    held = Meeting(
        id="1",
        group="canary",
        name="x",
        slots=slots,
        tags=["canary"],
        languages=["zh-canary"],
        **place,
    )
    directory = meetings.Directory([held])
    found, none = directory.search(query), meetings.Directory([]).search(query)
    less = directory.search(evolve(query, no_tags=["canary"]))
    plan = meetings.plan_week(person, ["canary"], directory, at=at)
    assert len(found.matches) == len(plan.meetings) == 1
    assert less.relaxations
    things = (query, *query.windows, directory, found, *found.matches, none, *less.relaxations)
    return (*things, plan, *plan.meetings)


def asked_and_paired(person):
    """A request of the person, a supporter, what is found and what is not, and a repair."""
    day = date(2026, 11, 24)
    asked = pairing.PairingRequest.from_person(
        person,
        groups=["canary"],
        windows=[(0, "07:31", "19:00")],
        latitude=7.319,
        longitude=7.319,
        wanted_identities=[CANARY],
        not_with=[CANARY],
    )
    helper = SupporterProfile(
        id="7319",
        display_name="Canary",
        groups=["canary"],
        languages=["zh-canary"],
        identities=[CANARY],
        accompanies=[CANARY],
        capacity=1,
        consented_on=day,
    )
    kept = pairing.match([asked], [helper], as_of=day, keep=[(CANARY, "7319")])
    none = pairing.match([evolve(asked, groups=["x"])], [helper], as_of=day, keep=[(CANARY, "1")])
    changes = [pairing.PairDeclined(CANARY, "7319"), pairing.SupporterLeft("7319")]
    later = pairing.repair(kept, changes, as_of=day)
    assert len(kept.pairs) == len(none.unmatched) == len(none.lapsed) == len(later.moved) == 1
    things = (asked, helper, kept, *kept.pairs, none, *none.unmatched, *none.lapsed, later)
    change = none.unmatched[0].change
    return (*things, *later.moved, *changes, pairing.PersonJoined(asked), change)


def test_a_person_is_never_shown(caplog):
    """A person's data never reaches repr, str or logs, nor does what was made of it."""
    person = canary_person()
    table = fit.score_table(*fit.encode([person]), groups=CATALOG)
    shortlist = fit.shortlist(person, CATALOG)
    things = [
        person,
        person.stances,
        person.stances.positions,
        *person.dealbreakers,
        person.preferences,
        *fit.score(person, CATALOG),
        table,
        shortlist,
        *shortlist.options,
        *shortlist.excluded,
        *shortlist.not_shown,
        *person.experiences,
        shortlist.counterfactual,
        fit.interview(person, CATALOG),
        table.certain(),
        table.next_question(),
        table.counterfactuals(),
        *CATALOG["wfs"].check_membership(person),
        *asked_and_found(person),
        *asked_and_paired(person),
    ]
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for thing in things:
            logging.getLogger("host").info("%s %r", thing, thing)
            assert_silent(*stated(thing))
        fit.shortlist(person, CATALOG).to_text()
    assert_silent(caplog.text, *(str(w.message) for w in warned))
    shown = "".join(stated(shortlist)[0] for _ in things) + shortlist._repr_html_()
    assert "alcohol" not in shown
    assert "treatment" not in shown
    assert "medication" not in shown
    assert "religio" not in shown


@pytest.mark.parametrize("kind", OF_A_PERSON, ids=lambda k: k.__name__)
@given(data=st.data())
def test_all_people_look_alike(kind, data):
    """The repr of a model about a person is the same for everyone."""
    strategies = {
        Person: testing.people(),
        StanceProfile: testing.stance_profiles(),
        Dealbreaker: testing.dealbreakers(),
        Experience: testing.experiences(),
        MeetingPreferences: testing.meeting_preferences(),
        SupporterProfile: testing.supporter_profiles(),
        domain.Window: testing.windows(),
    }
    assert repr(data.draw(strategies[kind])) == f"{kind.__name__}(…)"


RECORDS = [getattr(events, name) for name in events.__all__]
RECORDS = [
    kind
    for kind in RECORDS
    if isinstance(kind, type) and attrs.has(kind) and kind is not events.EventTable
]


@pytest.mark.parametrize("kind", RECORDS, ids=lambda k: k.__name__)
def test_all_records_look_alike(kind):
    """The repr of an event, of a state and of each of its parts tells nothing but what it is."""
    assert kind.__repr__(object.__new__(kind)) == f"{kind.__name__}(…)"


def test_a_ruling_does_not_tell():
    """What a membership rule says of a person is given by name only."""
    assert (
        repr(MembershipDecision(rule=MembershipRule.IDENTITY, admits=False))
        == "MembershipDecision(…)"
    )
    assert repr(FrozenMapping({CANARY: NUMBER})) == "FrozenMapping(1 entries)"


@pytest.mark.parametrize(
    "call",
    [
        lambda: risk.RiskColumns(craving=[CANARY]),
        lambda: risk.RiskColumns(n_people=-1),
        lambda: meetings.Directory([CANARY]),
        lambda: catalog.Catalog([CANARY]),
    ],
)
def test_what_was_refused_half_built_can_be_shown(call):
    """A reporter of errors shows the objects on the way, as far as they were built."""
    with pytest.raises(MshgError) as caught:
        call()
    halves = [f.frame.f_locals.get("self") for f in caught.traceback]
    shown = [repr(half) for half in halves if half is not None]
    assert shown
    assert CANARY not in "".join(shown)


def test_arrays_are_never_repeated():
    """An array's bad numbers are given by their place."""
    bad = np.full((3, 12), NUMBER)
    for call in (
        lambda: fit.score_table(bad, groups=CATALOG),
        lambda: fit.score_table(bad * 0, -bad, groups=CATALOG),
        lambda: fit.score_table([[NUMBER], [NUMBER, NUMBER]], groups=CATALOG),
        lambda: fit.score_table([[CANARY] * 12], groups=CATALOG),
        lambda: fit.score_table(bad * 0, groups=CATALOG, declined=bad * 0 == 0),
        lambda: fit.encode([CANARY]),
        lambda: fit.shortlist(canary_person(), [CANARY]),
        lambda: fit.shortlist(canary_person(), CATALOG, active=[CANARY]),
        lambda: CATALOG[CANARY],
        lambda: CATALOG.concerns(CANARY),
        lambda: fit.interview(canary_person(), CATALOG).answer(CANARY),
        lambda: fit.shortlist(canary_person(), CATALOG).why_not(CANARY),
        lambda: fit.certain_table(bad, groups=CATALOG),
        lambda: fit.FitParameters(answer_shares={CANARY: [NUMBER] * 5}),
        lambda: fit.FitParameters(answer_shares={"method": [NUMBER] * 5}),
        lambda: wording.Wording(language="en", sentences={CANARY: CANARY}),
        lambda: meetings.MeetingQuery(at=CANARY, latitude=NUMBER, timezone=CANARY, limit=NUMBER),
        lambda: meetings.MeetingQuery(at=CANARY, groups=[CANARY], windows=[(NUMBER, CANARY, 1)]),
        lambda: pairing.PairingRequest(person=CANARY, groups=CANARY, latitude=NUMBER),
        lambda: pairing.match([CANARY], [CANARY], as_of=CANARY, keep=[CANARY]),
        lambda: pairing.match_arrays([[int(NUMBER)]], [[NUMBER]], [-NUMBER], held=[int(NUMBER)]),
        lambda: domain.Window(weekday=NUMBER, start=CANARY, until=CANARY),
    ):
        with pytest.raises(MshgError) as caught:
            call()
        if "not the key of a sentence" not in str(caught.value):  # a wording holds no person
            assert_silent_error(caught.value)
