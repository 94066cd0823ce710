"""Outcomes against a plain-Python twin that goes week by week, and tries every completion."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mshg import outcomes
from mshg.outcomes import (
    AllHold,
    Counted,
    CountWeeks,
    Definition,
    Ever,
    FirstTime,
    LongestRun,
    Reading,
    Span,
    Window,
)
from mshg.outcomes.kernels import moved, no_weeks, pack

MOST_UNKNOWN = 6  # weeks whose every completion the twin tries


def twin(word, definition):
    """Outcomes of every completion of the unknown weeks."""
    code = {
        "+": "use",
        "-": "no_use",
        "o": definition.missing,
        "*": definition.mixed,
        "_": definition.unscheduled,
    }
    weeks = [code[c] for c in word]
    unknown = [i for i, w in enumerate(weeks) if w == "unknown"]
    found = []
    for completion in product(["use", "no_use"], repeat=len(unknown)):
        stated = dict(zip(unknown, completion, strict=True))
        read = [
            (stated.get(i, w), c == "o") for i, (w, c) in enumerate(zip(weeks, word, strict=True))
        ]
        read += [("use", False)] * ((definition.pad_to or 0) - len(read))
        for i, (state, _) in enumerate(read):
            is_unseen = definition.seen is not None and i + 1 not in definition.seen
            if state == "carried" or is_unseen:
                read[i] = read[i - 1] if i else ("neither", False)
        found.append(outcome(definition.rule, read))
    return found


def counts(counted, week):
    state, is_missing = week
    return is_missing if counted == "missing" else state == counted


def outcome(rule, weeks):
    match rule:
        case FirstTime(window=w) | Ever(window=w):
            last = len(weeks) - w.within + 1
            for first in range(w.from_week, last + 1):
                window = weeks[first - 1 : first - 1 + w.within]
                if sum(counts(w.counted, week) for week in window) >= w.at_least:
                    happened, week = True, first + w.within - w.at_least
                    break
            else:
                happened, week = False, last + w.within - w.at_least
            return (happened, week) if isinstance(rule, FirstTime) else (happened,)
        case AllHold(spans=spans):
            return (all(s.at_least <= count(s, weeks) <= s.at_most for s in spans),)
        case CountWeeks():
            return (count(rule, weeks),)
        case LongestRun():
            best = now = 0
            for week in weeks:
                if week[0] == "left_out":
                    continue
                now = now + 1 if counts(rule.counted, week) else 0
                best = max(best, now)
            return (best,)


def count(span, weeks):
    n = len(weeks)
    first, last = (w if w > 0 else n + 1 + w for w in (span.first, span.last))
    return sum(counts(span.counted, weeks[w - 1]) for w in range(max(first, 1), min(last, n) + 1))


counted = st.sampled_from(Counted)
place = st.integers(-9, 20).filter(lambda week: week != 0)


@st.composite
def windows(draw):
    at_least = draw(st.integers(1, 5))
    within = at_least + draw(st.integers(0, 3))
    week = draw(st.integers(1, 4))
    return Window(at_least=at_least, within=within, counted=draw(counted), from_week=week)


@st.composite
def one_way_spans(draw):
    """Conditions that use can only help, or only hinder."""
    helped = draw(st.booleans())
    spans = []
    for way in draw(st.lists(counted, min_size=1, max_size=3)):
        limit = "at_least" if (way is Counted.USE) == helped else "at_most"
        ends = {"first": draw(place), "last": draw(place)}
        spans.append(Span(counted=way, **ends, **{limit: draw(st.integers(0, 4))}))
    return AllHold(spans=spans)


@st.composite
def definitions(draw):
    rule = draw(
        st.one_of(
            st.builds(FirstTime, window=windows()),
            st.builds(Ever, window=windows()),
            one_way_spans(),
            st.builds(CountWeeks, first=place, last=place, counted=counted),
            st.builds(LongestRun, counted=counted),
        )
    )
    may_leave_out = isinstance(rule, CountWeeks) or (
        isinstance(rule, LongestRun) and rule.counted is not Counted.MISSING
    )
    reading = st.sampled_from([r for r in Reading if may_leave_out or r is not Reading.LEFT_OUT])
    return Definition(
        rule=rule,
        missing=draw(reading),
        mixed=draw(reading),
        unscheduled=draw(reading),
        pad_to=draw(st.none() | st.integers(1, 80)),
        seen=draw(st.none() | st.lists(st.integers(1, 40), max_size=20)),
    )


def words(min_size=1, max_size=14):
    return st.text("+-+-o*_", min_size=min_size, max_size=max_size)


def assert_as_twin(patterns, definition):
    table = outcomes.evaluate(patterns, definition)
    columns = [c.tolist() for c in table.columns().values()]
    rows = list(zip(*columns, strict=True))
    for word, row, is_unknown in zip(patterns, rows, table.is_unknown.tolist(), strict=True):
        found = twin(word, definition)
        values, *weeks = zip(*found, strict=True)
        least = (min(values), *(max(w) for w in weeks))
        most = (max(values), *(min(w) for w in weeks))
        assert row == (*least, *most), word
        assert is_unknown == (least != most)


def few_unknown(word, definition):
    """The word, later unknown weeks of it made use."""
    readings = {"o": definition.missing, "*": definition.mixed, "_": definition.unscheduled}
    left, letters = MOST_UNKNOWN, []
    for letter in word:
        is_unknown = readings.get(letter) is Reading.UNKNOWN
        left -= is_unknown
        letters.append("+" if is_unknown and left < 0 else letter)
    return "".join(letters)


@given(definitions(), st.data())
def test_any_definition_agrees_with_the_twin(definition, data):
    """Short patterns of all lengths, in one call, by definitions of all kinds."""
    shortest = definition.weeks_needed
    patterns = data.draw(st.lists(words(shortest, shortest + 9), min_size=1, max_size=6))
    assert_as_twin([few_unknown(p, definition) for p in patterns], definition)


@given(
    definitions(),
    st.integers(0, 2**32 - 1),
    st.sampled_from([31, 32, 33, 63, 64, 65, 100, 200, 300]),
)
def test_long_patterns_agree_with_the_twin(definition, seed, weeks):
    """Weeks beyond one word of 32 bits, and of 64, and runs beyond 255."""
    rng = np.random.default_rng(seed)
    patterns = ["".join(rng.choice(list("+-o*_"), weeks, p=[0.4, 0.4, 0.1, 0.05, 0.05]))]
    patterns += ["-" * weeks, "+" * (weeks - 1) + "-"]
    assert_as_twin([few_unknown(p, definition) for p in patterns], definition)


@given(st.lists(words(20, 30), min_size=1, max_size=8))
def test_every_published_definition_agrees_with_the_twin(patterns):
    for definition in outcomes.DEFINITIONS.values():
        assert_as_twin(patterns, definition)


@given(st.integers(1, 200), st.integers(0, 2**32 - 1), st.integers(-210, 210))
def test_moving_weeks_is_moving_a_list(number, seed, by):
    """Weeks moved past either end of the words are gone, and none comes in."""
    weeks = (np.random.default_rng(seed).random(number) < 0.5).tolist()
    bits = no_weeks(len(weeks), 1)
    pack(np.array([weeks]), bits)
    size = len(bits) * bits.dtype.itemsize * 8
    padded = weeks + [False] * (size - len(weeks))
    expected = [0 <= i - by < size and padded[i - by] for i in range(size)]
    found = moved(bits, by)
    assert [
        bool(found[i // 64 if size > 32 else 0, 0] >> (i % min(size, 64)) & 1) for i in range(size)
    ] == expected
