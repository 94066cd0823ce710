"""Where patterns meet a definition: the rule is applied block by block, and wrapped."""

from collections.abc import Mapping
from typing import Any, TypeAlias, assert_never

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from mshg._arrays import Booleans, read_only
from mshg._checks import enforce, entries, instance, name
from mshg._mappings import FrozenMapping
from mshg.errors import Problem, ValidationError
from mshg.outcomes.definitions import DEFINITIONS
from mshg.outcomes.kernels import (
    BLOCK_PEOPLE,
    Bits,
    carried,
    count,
    first_week,
    longest_run,
    mask,
    widened,
    window_starts,
)
from mshg.outcomes.parameters import (
    AllHold,
    Counted,
    CountWeeks,
    Definition,
    Ever,
    FirstTime,
    Kind,
    LongestRun,
    Reading,
    Rule,
    Span,
    Window,
)
from mshg.outcomes.patterns import Patterns, WeeklyPatterns, read_patterns
from mshg.outcomes.results import DefinitionComparison, OutcomeTable
from mshg.wording import Wording, load

States: TypeAlias = dict[str, Bits]
Found: TypeAlias = tuple[NDArray[Any], ...]  # event and week, or value alone


def evaluate(patterns: Patterns, definition: Definition | str) -> OutcomeTable:
    """What became of each person, by one definition.

    Parameters
    ----------
    patterns
        As in `read_patterns`, or what it gave: for several definitions, read once.
    definition
        A key of `DEFINITIONS`, or a definition of your own.

    Raises
    ------
    ValidationError
        A key that is none; patterns as in `read_patterns`, and those with fewer weeks than the
        definition needs (``weeks_needed``), each with its row.

    Examples
    --------
    >>> from mshg import outcomes
    >>> table = outcomes.evaluate(["--++++--", "--------"], "ctn0094_relapse")
    >>> table.event.tolist(), table.week.tolist()
    ([True, False], [3, 5])
    >>> outcomes.evaluate(["--+o--*-"], "fiellin2006").value.tolist()
    [5]
    """
    chosen = _definition(definition)
    read = read_patterns(patterns, weeks_needed=chosen.weeks_needed)
    sure, possible = (tuple(map(read_only, found)) for found in _judged(read, chosen))
    if chosen.kind is not Kind.EVENT:
        return OutcomeTable(definition=chosen, value=sure[0], possible_value=possible[0])
    return OutcomeTable(
        definition=chosen,
        event=sure[0],
        week=sure[1],
        possible_event=possible[0],
        possible_week=possible[1],
    )


def compare_definitions(
    patterns: Patterns,
    definitions: Mapping[str, Definition] = DEFINITIONS,
    *,
    wording: Wording | None = None,
) -> DefinitionComparison:
    """How much the definition matters: the rate under each, side by side.

    Every rate is over the same people, so every pattern must be long enough for every definition.

    Parameters
    ----------
    patterns
        As in `evaluate`.
    definitions
        Definitions by name.
    wording
        Sentences of another language; without it, mshg's own.

    Raises
    ------
    ValidationError
        Names or definitions that are none; patterns as in `evaluate`, by the definition that needs
        the most weeks.

    Examples
    --------
    >>> from mshg import outcomes
    >>> table = outcomes.compare_definitions(["--++++--", "--oooo--", "--------"])
    >>> rates = dict(zip(table.keys, table.rate.tolist()))
    >>> round(rates["ctn0094_relapse"], 3), round(rates["shufman1994"], 3)
    (0.667, 0.333)
    """
    enforce(definitions=entries(name, instance(Definition))(definitions))
    needed = max((d.weeks_needed for d in definitions.values()), default=1)
    read = read_patterns(patterns, weeks_needed=needed)
    rates = np.full((3, len(definitions)), np.nan)
    for j, definition in enumerate(definitions.values() if len(read) else ()):
        rates[0, j] = _judged(read, definition)[0][0].mean()
        rates[1:, j] = _rate_bounds(read, definition)
    rate, low, high = map(read_only, rates)
    return DefinitionComparison(
        definitions=FrozenMapping(definitions),
        n_patterns=len(read),
        rate=rate,
        low=low,
        high=high,
        wording=load() if wording is None else wording,
    )


def _definition(given: Definition | str) -> Definition:
    found = DEFINITIONS.get(given) if isinstance(given, str) else given
    if isinstance(found, Definition):
        return found
    raise ValidationError(
        [
            Problem(
                "$.definition",
                "must be a key of DEFINITIONS, or a Definition",
                code="not_one_of",
                allowed=tuple(DEFINITIONS),
            )
        ]
    )


def _rate_bounds(read: WeeklyPatterns, definition: Definition) -> tuple[float, float]:
    """The rate if each missing week is use or no use, whichever makes it least, and most."""
    if not definition.goes_one_way:
        return np.nan, np.nan
    sure, possible = _judged(read, evolve(definition, missing=Reading.UNKNOWN))
    return sure[0].mean(), possible[0].mean()


def _judged(read: WeeklyPatterns, definition: Definition) -> tuple[Found, Found]:
    """What is sure and what is possible; the same arrays where nothing is unknown."""
    dtypes = {Kind.EVENT: (bool, np.int32), Kind.YES_NO: (bool,)}.get(definition.kind, (np.int32,))
    sure = tuple(np.empty(len(read), dtype) for dtype in dtypes)
    possible = tuple(map(np.empty_like, sure)) if definition.has_unknown else sure
    for group in read.groups:
        for start in range(0, group.planes["+"].shape[1], BLOCK_PEOPLE):
            block = slice(start, start + BLOCK_PEOPLE)
            rows = block if group.rows is None else group.rows[block]
            planes = {code: plane[:, block] for code, plane in group.planes.items()}
            bounds = _completions(planes, group.weeks, definition)
            for columns, found in zip((sure, possible), bounds, strict=False):
                for column, values in zip(columns, found, strict=True):
                    column[rows] = values
    return sure, possible


def _completions(planes: States, weeks: int, definition: Definition) -> tuple[Found, ...]:
    """The outcome; if weeks may be unknown, under the completions that make least and most of it.

    Each rule goes one way in each week, so these are all use and all no use, in one order or the
    other. A week that is censored is never before one at which an event may fall.
    """
    states, weeks = _states(planes, weeks, definition)
    unknown = states.pop(Reading.UNKNOWN, None)
    if unknown is None:
        return (_found(definition.rule, states, weeks),)
    one, other = (
        _found(definition.rule, states | {way: states[way] | unknown}, weeks)
        for way in (Reading.USE, Reading.NO_USE)
    )
    least = np.minimum(one[0], other[0]), *map(np.maximum, one[1:], other[1:])
    most = np.maximum(one[0], other[0]), *map(np.minimum, one[1:], other[1:])
    return least, most


def _states(planes: States, weeks: int, definition: Definition) -> tuple[States, int]:
    """The weeks that are use, no use, missing and so on as the definition reads them."""
    states: States = {
        Reading.USE: planes["+"],
        Reading.NO_USE: planes["-"],
        Counted.MISSING: planes["o"],
    }
    read_as = (("o", definition.missing), ("*", definition.mixed), ("_", definition.unscheduled))
    for code, reading in read_as:
        states[reading] = states[reading] | planes[code] if reading in states else planes[code]
    states.pop(Reading.NEITHER, None)
    if definition.pad_to is not None and definition.pad_to > weeks:
        states = {state: widened(bits, definition.pad_to) for state, bits in states.items()}
        use = states[Reading.USE]
        states[Reading.USE] = use | mask(range(weeks + 1, definition.pad_to + 1), use)
        weeks = definition.pad_to
    use = states[Reading.USE]
    unseen = states.pop(Reading.CARRIED, None)
    if definition.seen is not None:
        others = mask(set(range(1, weeks + 1)) - set(definition.seen), use)
        unseen = np.broadcast_to(others, use.shape) if unseen is None else unseen | others
    if unseen is not None:
        states = dict(zip(states, carried(states.values(), unseen), strict=True))
    return states, weeks


def _found(rule: Rule, states: States, weeks: int) -> Found:
    match rule:
        case FirstTime(window=window):
            starts = _starts(window, states)
            # No window begins after the last, so that is the first week set where none qualifies.
            last = mask([weeks - window.within + 1], starts)
            week = first_week(starts | last) + np.int32(window.within - window.at_least)
            return _any(starts), week
        case Ever(window=window):
            return (_any(_starts(window, states)),)
        case AllHold(spans=spans):
            return (np.logical_and.reduce([_holds(span, states, weeks) for span in spans]),)
        case CountWeeks():
            return (_count(rule, states, weeks),)
        case LongestRun():
            left_out = states.get(Reading.LEFT_OUT)
            return (longest_run(states[rule.counted], weeks, left_out),)
    assert_never(rule)


def _starts(window: Window, states: States) -> Bits:
    starts = window_starts(states[window.counted], window.at_least, window.within)
    return starts & ~mask(range(1, window.from_week), starts) if window.from_week > 1 else starts


def _any(bits: Bits) -> Booleans:
    found: Booleans = (bits != 0).any(axis=0)
    return found


def _holds(span: Span, states: States, weeks: int) -> Booleans:
    found = _count(span, states, weeks)
    return (found >= span.at_least) & (found <= span.at_most)


def _count(span: Span | CountWeeks, states: States, weeks: int) -> NDArray[np.int32]:
    first, last = (week if week > 0 else weeks + 1 + week for week in (span.first, span.last))
    bits = states[span.counted]
    return count(bits & mask(range(max(first, 1), min(last, weeks) + 1), bits))
