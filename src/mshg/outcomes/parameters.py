"""The parts that a definition of an outcome is built from. Weeks count from 1."""

from collections.abc import Iterable
from enum import StrEnum
from numbers import Integral
from typing import TypeAlias, assert_never

from attrs import Factory, field, frozen

from mshg._checks import Broken, broken, each, enforce, instance, line, one_of, optional, whole
from mshg._conversions import to_tuple, to_word

METHOD_VERSION = "outcomes-1"
"""Changes whenever the same patterns would get other outcomes."""

MOST_WEEKS = 10_000


class Counted(StrEnum):
    """Which weeks a rule counts."""

    USE = "use"
    NO_USE = "no_use"
    MISSING = "missing"  # as recorded, however missing weeks are read


class Reading(StrEnum):
    """What a week that is missing, mixed or not scheduled is read as."""

    USE = "use"
    NO_USE = "no_use"
    NEITHER = "neither"  # it takes its place in the calendar, and is neither use nor no use
    UNKNOWN = "unknown"  # use or no use, nobody knows which: the outcome gets bounds
    LEFT_OUT = "left_out"  # it neither breaks a run nor lengthens it
    CARRIED = "carried"  # it takes the value of the week before; neither where there is none


class Kind(StrEnum):
    """What an outcome is: an event with its week, or a value."""

    EVENT = "event"
    YES_NO = "yes_no"
    COUNT = "count"
    RUN = "run"


def _plain(value: int) -> int:
    """A plain int of NumPy's, which would change the dtype of what is shifted by it."""
    return int(value) if isinstance(value, Integral) and not isinstance(value, bool) else value


def _maybe_plain(value: int | None) -> int | None:
    return None if value is None else _plain(value)


def _counted(value: Counted | str) -> Counted:
    return to_word(Counted, value)


def _reading(value: Reading | str) -> Reading:
    return to_word(Reading, value)


_is_counted = one_of(Counted)
_is_reading = one_of(Reading)


def _week(value: object) -> Broken:
    return whole(value, 1, MOST_WEEKS)


def _place(value: object) -> Broken:
    """A week from the start, or from the end: -1 is the last."""
    return (
        whole(value, -MOST_WEEKS, MOST_WEEKS)
        if value != 0
        else broken("must not be 0", code="conflict")
    )


@frozen(kw_only=True)
class Window:
    """So many weeks in a row of so many: at least j in k.

    Parameters
    ----------
    at_least
        How many weeks must count, 1 or more.
    within
        In how many weeks in a row; without it as many as must count, so a run.
    counted
        Which weeks count.
    from_week
        The first week at which a window may begin.
    """

    at_least: int = field(converter=_plain)
    within: int = field(
        default=Factory(lambda self: self.at_least, takes_self=True), converter=_plain
    )
    counted: Counted = field(default=Counted.USE, converter=_counted)
    from_week: int = field(default=1, converter=_plain)

    def __attrs_post_init__(self) -> None:
        enforce(
            at_least=_week(self.at_least),
            within=_week(self.within),
            counted=_is_counted(self.counted),
            from_week=_week(self.from_week),
        )
        if self.at_least > self.within:
            enforce(within=broken("must be at least as many weeks as must count", code="conflict"))


@frozen(kw_only=True)
class FirstTime:
    """When a window first qualifies: an event, dated.

    The week is the first of the first window that qualifies, plus ``within`` less ``at_least``.
    Where none does, it is censored at the first week of the last window, plus the same.
    """

    window: Window

    def __attrs_post_init__(self) -> None:
        enforce(window=instance(Window)(self.window))


@frozen(kw_only=True)
class Ever:
    """Whether any window qualifies: yes or no."""

    window: Window

    def __attrs_post_init__(self) -> None:
        enforce(window=instance(Window)(self.window))


@frozen(kw_only=True)
class Span:
    """A condition on the weeks from ``first`` to ``last``.

    Weeks that the pattern does not have count as nothing.

    Parameters
    ----------
    first, last
        Weeks from 1, or from the end: -1 is the last week. Both are inside.
    counted
        Which weeks count.
    at_least, at_most
        How many weeks must count, or may.
    """

    first: int = field(default=1, converter=_plain)
    last: int = field(default=-1, converter=_plain)
    counted: Counted = field(default=Counted.USE, converter=_counted)
    at_least: int = field(default=0, converter=_plain)
    at_most: int = field(default=MOST_WEEKS, converter=_plain)

    def __attrs_post_init__(self) -> None:
        enforce(
            first=_place(self.first),
            last=_place(self.last),
            counted=_is_counted(self.counted),
            at_least=whole(self.at_least, 0, MOST_WEEKS),
            at_most=whole(self.at_most, 0, MOST_WEEKS),
        )
        if self.at_least > self.at_most:
            enforce(at_most=broken("must not be less than at_least", code="conflict"))

    @property
    def helped_by_use(self) -> frozenset[bool]:
        """Whether more use helps the condition hold, or hinders it; both where it may do either."""
        if self.counted is Counted.MISSING:
            return frozenset()
        counts_use = self.counted is Counted.USE
        limits = ((self.at_least > 0, counts_use), (self.at_most < MOST_WEEKS, not counts_use))
        return frozenset(way for is_set, way in limits if is_set)


def _spans(value: Iterable[Span]) -> tuple[Span, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class AllHold:
    """Whether every condition holds: yes or no."""

    spans: tuple[Span, ...] = field(converter=_spans)

    def __attrs_post_init__(self) -> None:
        enforce(spans=each(instance(Span), tuple)(self.spans))
        if not self.spans:
            enforce(spans=broken("must not be empty", code="blank"))


@frozen(kw_only=True)
class CountWeeks:
    """How many weeks count from ``first`` to ``last``, as in `Span`."""

    first: int = field(default=1, converter=_plain)
    last: int = field(default=-1, converter=_plain)
    counted: Counted = field(default=Counted.NO_USE, converter=_counted)

    def __attrs_post_init__(self) -> None:
        enforce(first=_place(self.first), last=_place(self.last), counted=_is_counted(self.counted))


@frozen(kw_only=True)
class LongestRun:
    """The longest run of weeks that count, in weeks."""

    counted: Counted = field(default=Counted.NO_USE, converter=_counted)

    def __attrs_post_init__(self) -> None:
        enforce(counted=_is_counted(self.counted))


Rule: TypeAlias = FirstTime | Ever | AllHold | CountWeeks | LongestRun
_RULES = (FirstTime, Ever, AllHold, CountWeeks, LongestRun)


def _seen(value: Iterable[int] | None) -> tuple[int, ...] | None:
    found = None if value is None else to_tuple(value)
    return tuple(map(_plain, found)) if isinstance(found, tuple) else found


@frozen(kw_only=True)
class Definition:
    """An outcome over weekly patterns: a rule, and how the weeks it rests on are read.

    Parameters
    ----------
    rule
        What is asked of the weeks.
    missing, mixed, unscheduled
        What ``o``, ``*`` and ``_`` are read as; ``+`` is use and ``-`` no use, always.
    pad_to
        A shorter pattern is lengthened to so many weeks, all of them use.
    seen
        Weeks that are looked at; every other week takes the value of the week before. None for
        all.
    title, citation
        Its name, and where it was published.
    original
        The rule as published, on the trial's own sampling.
    adaptation
        The rule on weekly patterns, as computed here.

    Examples
    --------
    >>> from mshg import outcomes
    >>> rule = outcomes.FirstTime(window=outcomes.Window(at_least=2, within=3))
    >>> table = outcomes.evaluate(["-+-+--"], outcomes.Definition(rule=rule))
    >>> bool(table.event[0]), int(table.week[0])
    (True, 3)
    """

    rule: Rule
    missing: Reading = field(default=Reading.USE, converter=_reading)
    mixed: Reading = field(default=Reading.USE, converter=_reading)
    unscheduled: Reading = field(default=Reading.NEITHER, converter=_reading)
    pad_to: int | None = field(default=None, converter=_maybe_plain)
    seen: tuple[int, ...] | None = field(default=None, converter=_seen)
    title: str = "an outcome of your own"
    citation: str = "none"
    original: str = "none"
    adaptation: str = "none"

    def __attrs_post_init__(self) -> None:
        enforce(
            rule=()
            if isinstance(self.rule, _RULES)
            else broken("must be one of the rules", code="wrong_type"),
            missing=_is_reading(self.missing),
            mixed=_is_reading(self.mixed),
            unscheduled=_is_reading(self.unscheduled),
            pad_to=optional(_week)(self.pad_to),
            seen=optional(each(_week, tuple))(self.seen),
            title=line(self.title),
            citation=line(self.citation),
            original=line(self.original),
            adaptation=line(self.adaptation),
        )
        leaves_out = Reading.LEFT_OUT in (self.missing, self.mixed, self.unscheduled)
        if leaves_out and not isinstance(self.rule, (LongestRun, CountWeeks)):
            enforce(
                rule=broken("must be a run or a count where weeks are left out", code="conflict")
            )
        if self.missing is Reading.LEFT_OUT and self.rule == LongestRun(counted=Counted.MISSING):
            enforce(
                missing=broken("must not be left out of a run of missing weeks", code="conflict")
            )
        if self.has_unknown and not self.goes_one_way:
            enforce(
                rule=broken(
                    "must have conditions that use helps alike where weeks are unknown",
                    code="conflict",
                )
            )

    @property
    def kind(self) -> Kind:
        """Whether the outcome is an event, yes or no, a count or a run."""
        match self.rule:
            case FirstTime():
                return Kind.EVENT
            case Ever() | AllHold():
                return Kind.YES_NO
            case CountWeeks():
                return Kind.COUNT
            case LongestRun():
                return Kind.RUN
        assert_never(self.rule)

    @property
    def has_unknown(self) -> bool:
        """Whether some week may be unknown, so that what is sure and what is possible differ."""
        return Reading.UNKNOWN in (self.missing, self.mixed, self.unscheduled)

    @property
    def goes_one_way(self) -> bool:
        """Whether use in one more week can only move the outcome one way."""
        if not isinstance(self.rule, AllHold):
            return True
        ways = frozenset[bool]().union(*(span.helped_by_use for span in self.rule.spans))
        return len(ways) <= 1

    @property
    def weeks_needed(self) -> int:
        """How many weeks a pattern must have: one window, or the first week of each span."""
        match self.rule:
            case FirstTime(window=window) | Ever(window=window):
                needed = window.from_week - 1 + window.within
            case AllHold(spans=spans):
                needed = max(abs(span.first) for span in spans)
            case CountWeeks(first=first):
                needed = abs(first)
            case LongestRun():
                needed = 1
            case _:
                assert_never(self.rule)
        return 1 if needed <= (self.pad_to or 0) else needed
