"""The laws of outcomes; each docstring is a sentence of docs/explanation/missing-weeks.md."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mshg import outcomes
from mshg.events import CheckIn, Retracted, SubstanceUse, Tested
from mshg.outcomes import DEFINITIONS, Kind, Reading
from mshg.outcomes.kernels import BLOCK_PEOPLE

EVENTS = [key for key, d in DEFINITIONS.items() if d.kind is Kind.EVENT]
USE_EVENTS = [key for key in EVENTS if key != "ctn0094_dropout"]
RELAPSES = ["krupitsky2004", "johnson1992"]
ABSTINENCES = [key for key in DEFINITIONS if key not in (*EVENTS, *RELAPSES)]
keys = st.sampled_from(list(DEFINITIONS))


def words(min_size=6, max_size=40):
    return st.text("+-+-o*_", min_size=min_size, max_size=max_size)


def one(word, definition):
    """The outcome of one person, as a tuple."""
    return tuple(c.item() for c in outcomes.evaluate([word], definition).columns().values())


@given(st.lists(words(), max_size=12), keys, st.randoms(use_true_random=False))
def test_rows(patterns, key, random):
    """A person's outcome is the same alone, and in any order among others."""
    table = outcomes.evaluate(patterns, key)
    rows = list(zip(*(c.tolist() for c in table.columns().values()), strict=True))
    assert rows == [one(word, key) for word in patterns]
    order = list(range(len(patterns)))
    random.shuffle(order)
    again = outcomes.evaluate([patterns[i] for i in order], key)
    for name, column in again.columns().items():
        assert column.tolist() == table.columns()[name][order].tolist()


@given(st.lists(words(), max_size=12), keys)
def test_forms(patterns, key):
    """Strings, a mapping, arrays of strings and of bytes, codes, and patterns read once agree."""
    width = max(map(len, patterns), default=6)
    codes = np.zeros((len(patterns), width), np.uint8)
    for row, word in zip(codes, patterns, strict=True):
        row[: len(word)] = list(word.encode())
    forms = [
        dict(enumerate(patterns)),
        iter(patterns),
        np.array(patterns, "U"),
        np.array(patterns, ">U40"),
        np.array(patterns, "S"),
        np.array(patterns, object),
        codes,
        np.asfortranarray(codes),
        outcomes.read_patterns(patterns),
    ]
    expected = outcomes.evaluate(patterns, key).columns()
    for form in forms:
        for name, column in outcomes.evaluate(form, key).columns().items():
            assert column.tolist() == expected[name].tolist()


@given(words(), st.data())
def test_more_use(word, data):
    """One more week of use never betters an abstinence outcome, nor makes a relapse later."""
    week = data.draw(st.integers(0, len(word) - 1))
    worse = word[:week] + "+" + word[week + 1 :]
    for key in ABSTINENCES:
        assert one(worse, key)[0] <= one(word, key)[0]
    for key in (*RELAPSES, *USE_EVENTS):
        assert one(worse, key)[0] >= one(word, key)[0]
    for key in USE_EVENTS:
        assert one(worse, key)[1] <= one(word, key)[1]


@given(words(), words(0, 10), st.sampled_from(EVENTS))
def test_more_weeks(word, later, key):
    """Weeks to come never change an event that has happened, nor its week."""
    before, after = one(word, key), one(word + later, key)
    if before[0]:
        assert after == before
    else:
        assert after[1] >= before[1] or after[0]


@given(words(), keys, st.data())
def test_completions(word, key, data):
    """However the missing weeks turn out, the outcome lies inside the bounds."""
    bounds = outcomes.evaluate([word], evolve(DEFINITIONS[key], missing=Reading.UNKNOWN))
    stated = "".join(data.draw(st.sampled_from("+-")) if c == "o" else c for c in word)
    # Dropout counts weeks as recorded, so it is given whether they turn out as use or not.
    known = one(word if key == "ctn0094_dropout" else stated, key)
    if bounds.event is not None:
        assert bounds.event[0] <= known[0] <= bounds.possible_event[0]
        assert bounds.possible_week[0] <= known[1] <= bounds.week[0]
    else:
        assert bounds.value[0] <= known[0] <= bounds.possible_value[0]


@given(words(), keys)
def test_bounds_are_reached(word, key):
    """Both bounds are reached: by all missing weeks being use, and by none being use."""
    definition = DEFINITIONS[key]
    bounds = one(word, evolve(definition, missing=Reading.UNKNOWN))
    half = len(bounds) // 2
    ends = [one(word, evolve(definition, missing=m))[:half] for m in ("use", "no_use")]
    assert {bounds[:half], bounds[half:]} == set(ends)


@given(words())
def test_stricter(word):
    """A stricter relapse is never earlier than a laxer one."""
    order = ["schottenfeld2008_first_use", "schottenfeld2008_relapse", "ctn0094_relapse", "lee2018"]
    found = [one(word, key)[:2] for key in order]
    for (lax, lax_week), (strict, strict_week) in pairwise(found):
        assert not strict or (lax and lax_week <= strict_week)


@given(words())
def test_dropout(word):
    """Where missing weeks are use, whoever drops out has relapsed, and no later."""
    gone, relapsed = one(word, "ctn0094_dropout"), one(word, "ctn0094_relapse")
    assert relapsed[0] >= gone[0]
    assert relapsed[1] <= gone[1]


@given(st.lists(words(), min_size=1, max_size=20))
def test_rates(patterns):
    """A rate is the mean over everyone, and lies between its bounds."""
    table = outcomes.compare_definitions(patterns)
    for j, key in enumerate(DEFINITIONS):
        mean = np.mean([one(word, key)[0] for word in patterns])
        assert table.rate[j] == pytest.approx(mean, abs=1e-12)
        assert table.low[j] - 1e-12 <= table.rate[j] <= table.high[j] + 1e-12


START = datetime(2026, 11, 2, tzinfo=UTC)
SIGNS = {
    (Tested, "positive"): "+",
    (Tested, "negative"): "-",
    (Tested, "mixed"): "+-",
    (Tested, "missing"): "",
    (SubstanceUse, None): "+",
    (CheckIn, True): "-",
    (CheckIn, False): "+",
    (CheckIn, None): "",
}


def record(kind, **fields):
    what, stated = kind
    names = {Tested: "result", CheckIn: "abstinent"}
    return what(**fields, **({names[what]: stated} if what in names else {}))


@st.composite
def records(draw):
    """What was seen of a few people around four weeks, the day and kind beside each record."""
    seen = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["p1", "p2"]), st.integers(-9, 37), st.sampled_from(list(SIGNS))
            ),
            max_size=12,
        )
    )
    return [
        (day, kind, record(kind, id=f"e{i}", person_id=who, at=START + timedelta(days=day)))
        for i, (who, day, kind) in enumerate(seen)
    ]


def letter(seen, person, week):
    """What a week is, from all that was seen."""
    stated = [SIGNS[kind] for day, kind, e in seen if e.person_id == person and day // 7 == week]
    return {0: "o", 1: "".join(stated)[:1], 2: "*"}[len(set("".join(stated)))]


@given(
    records(),
    st.sets(st.integers(0, 11)),
    st.randoms(use_true_random=False),
    st.integers(-400, 400),
)
def test_patterns_from_records(seen, wrong, random, days):
    """A pattern is what was seen week by week, whatever the order of records and the first day."""
    events = [event for *_, event in seen]
    retracted = [
        Retracted(id=f"r{i}", at=START, event_id=f"e{i}") for i in wrong if i < len(events)
    ]
    people = {"person_ids": ["p1", "p2"], "weeks": 4}
    found = outcomes.patterns_from_events([*events, *retracted], start=START.date(), **people)
    stand = [stated for i, stated in enumerate(seen) if i not in wrong]
    for person in found:
        assert found[person] == "".join(letter(stand, person, week) for week in range(4))
    later = timedelta(days=days)
    moved = [evolve(event, at=event.at + later) for event in (*events, *retracted)]
    random.shuffle(moved)
    assert outcomes.patterns_from_events(moved, start=START.date() + later, **people) == found


@pytest.mark.parametrize("weeks", [24, 40, 100])
def test_many(weeks):
    """More people than fit into one block get what each gets alone."""
    rng = np.random.default_rng(0)
    codes = rng.choice(np.frombuffer(b"+-o*_", np.uint8), (2 * BLOCK_PEOPLE + 5, weeks))
    rows = [0, BLOCK_PEOPLE - 1, BLOCK_PEOPLE, 2 * BLOCK_PEOPLE, 2 * BLOCK_PEOPLE + 4]
    for key in DEFINITIONS:
        many, few = outcomes.evaluate(codes, key), outcomes.evaluate(codes[rows], key)
        for name, column in few.columns().items():
            assert column.tolist() == many.columns()[name][rows].tolist()
