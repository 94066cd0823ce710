"""From dated records to weekly patterns: each rule of the docstring."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

from mshg import Substance, ValidationError, outcomes
from mshg.events import (
    Activity,
    Attended,
    CheckIn,
    ProviderActivity,
    Retracted,
    SubstanceUse,
    Tested,
)

START = date(2026, 11, 2)
MIDNIGHT = datetime(2026, 11, 2, tzinfo=UTC)


def at(day, **more):
    return MIDNIGHT + timedelta(days=day, **more)


def screen(day, result, person="p1", **more):
    return Tested(
        id=f"{person} {day} {result}", person_id=person, at=at(day), result=result, **more
    )


def used(day, person="p1", **more):
    return SubstanceUse(id=f"{person} {day} used", person_id=person, at=at(day), **more)


def asked(day, abstinent, person="p1"):
    return CheckIn(id=f"{person} {day} asked", person_id=person, at=at(day), abstinent=abstinent)


def pattern(events, weeks=4, **more):
    found = outcomes.patterns_from_events(events, start=START, weeks=weeks, **more)
    assert found.keys() <= {"p1"}
    return found.get("p1")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([screen(0, "positive"), screen(7, "negative"), screen(14, "mixed")], "+-*o"),
        ([screen(0, "missing"), asked(7, None), asked(14, True), asked(21, False)], "oo-+"),
        ([used(3), screen(6, "positive")], "+ooo"),
        ([screen(0, "negative"), used(3)], "*ooo"),  # any use and any negative
        ([asked(21, True), screen(27, "positive")], "ooo*"),
        ([screen(0, "missing"), screen(1, "negative")], "-ooo"),
        ([screen(0, "negative"), screen(1, "missing")], "-ooo"),
        ([Attended(id="e", person_id="p1", at=at(1), group="aa")], "oooo"),  # no abstinence
        ([screen(-1, "positive"), screen(28, "positive")], "oooo"),  # before and after
        ([screen(6, "positive"), screen(27, "negative")], "+oo-"),
    ],
)
def test_signs(events, expected):
    """Use, no use, both, neither; a missing self-report and attendance are no abstinence."""
    assert pattern(events) == expected
    assert pattern(events[::-1]) == expected


def test_the_day_is_that_of_the_offset():
    """The last minutes of Sunday in New York are Monday in UTC, and count for Sunday's week."""
    moment = datetime(2026, 11, 8, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert moment.astimezone(UTC).date() == date(2026, 11, 9)
    event = Tested(id="e", person_id="p1", at=moment, result="positive")
    assert pattern([event]) == "+ooo"
    assert (
        pattern([Tested(id="e", person_id="p1", at=moment.astimezone(UTC), result="positive")])
        == "o+oo"
    )


def test_substances():
    """What names another substance says nothing; what names none counts."""
    events = [
        screen(0, "positive", substance="cocaine"),
        screen(7, "negative", substance="opioids"),
        used(8, substance="alcohol"),
        used(14),
        screen(21, "negative"),
    ]
    assert pattern(events) == "+*+-"
    assert pattern(events, substances=["opioids"]) == "o-+-"
    assert pattern(events, substances=[Substance.ALCOHOL, Substance.COCAINE]) == "+++-"


def test_tests_alone():
    """What people say themselves can be left out."""
    events = [used(0), asked(7, True), screen(14, "negative"), used(15), asked(21, False)]
    assert pattern(events) == "+-*+"
    assert pattern(events, tests_only=True) == "oo-o"


def test_weeks_that_were_not_scheduled():
    """Nothing seen in them is no missing week; what was seen stands."""
    assert pattern([screen(7, "positive")], scheduled=[1, 3]) == "o+o_"
    assert pattern([screen(7, "missing")], scheduled=[]) == "____"


def test_retracted_records_count_for_nothing():
    events = [
        screen(0, "positive"),
        screen(0, "positive"),  # given twice
        screen(7, "positive"),
        Retracted(id="r", at=at(30), event_id="p1 7 positive"),
    ]
    assert pattern(events) == "+ooo"


def test_people():
    """By person: in the order asked for, with records or without, each with their own weeks."""
    events = [
        screen(0, "positive", "p2"),
        screen(8, "negative", "p1"),
        screen(8, "negative", "other"),
        ProviderActivity(id="a", at=at(0), provider_id="staff", activity=next(iter(Activity))),
    ]
    found = outcomes.patterns_from_events(
        events,
        person_ids=["p2", "p3", "p1"],
        start={"p1": date(2026, 11, 9), "p2": START, "p3": START},
        weeks={"p1": 1, "p2": 3, "p3": 2},
    )
    assert list(found.items()) == [("p2", "+oo"), ("p3", "oo"), ("p1", "-")]
    assert outcomes.evaluate(found, "mokri2016").event.tolist() == [True, True, False]
    assert repr(found) == "FrozenMapping(3 entries)"
    everyone = outcomes.patterns_from_events(iter(events), start=START, weeks=2)
    assert list(everyone.items()) == [("other", "o-"), ("p1", "o-"), ("p2", "+o")]
    assert outcomes.patterns_from_events([], start=START, weeks=2) == {}
    few = outcomes.patterns_from_events(events, start=START, weeks=np.int64(2))
    assert few == everyone


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        ({"start": datetime(2026, 11, 2, tzinfo=UTC)}, {"$.start"}),
        ({"start": {"p1": "2026-11-02"}, "weeks": 0}, {"$.start[0]", "$.weeks"}),
        ({"weeks": {"p1": True}, "scheduled": [0]}, {"$.weeks[0]", "$.scheduled[*]"}),
        ({"scheduled": 3, "person_ids": "p1"}, {"$.scheduled", "$.person_ids"}),
        ({"person_ids": [""], "substances": ["tea"]}, {"$.person_ids[0]", "$.substances[*]"}),
        ({"tests_only": 1}, {"$.tests_only"}),
        ({"start": {}}, {"$.person_ids[0]"}),
        ({"weeks": {"p2": 3}, "person_ids": ["p2", "p1"]}, {"$.person_ids[1]"}),
    ],
)
def test_what_is_refused(arguments, paths):
    with pytest.raises(ValidationError) as caught:
        outcomes.patterns_from_events(
            [screen(0, "positive")], **{"start": START, "weeks": 4, **arguments}
        )
    assert {p.path for p in caught.value.problems} == paths
