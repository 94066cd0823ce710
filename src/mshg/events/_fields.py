"""The rules that a record's fields keep, taken from their types and, for numbers, their names."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timezone
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin

from attrs import fields

from mshg._checks import (
    Broken,
    boolean,
    broken,
    day,
    each,
    enforce,
    entries,
    instance,
    moment,
    number,
    offset_of,
    one_of,
    optional,
    text,
    whole,
)
from mshg._conversions import in_order, to_float, to_mapping, to_tuple, to_word, to_words
from mshg._mappings import FrozenMapping
from mshg.domain import Barrier, Channel, Concern, MeetingMode, Substance
from mshg.events.vocabulary import (
    EnvironmentChange,
    GroupRole,
    Question,
    ScreenResult,
    TreatmentKind,
)

Check = Callable[[object], Broken]
W = TypeVar("W", bound=StrEnum)
V = TypeVar("V")

MOST = 1_000_000_000
# From 0 to 10 where nothing else is said.
_RANGES: Mapping[str, tuple[float, float]] = {"amount": (0, MOST), "score": (-MOST, MOST)}


def private_repr(self: object) -> str:
    """Say what it is, and nothing of what it holds."""
    return f"{type(self).__name__}(…)"


def to_moment(value: datetime) -> datetime:
    """The same moment at a fixed offset, so that its calendar day never changes.

    A zone's own rules would make two equal moments unequal where a clock is set back (PEP 495).
    """
    offset = offset_of(value)
    if offset is None:
        return value
    # Put together anew, so that a subclass such as a pandas Timestamp becomes a plain datetime.
    return datetime.combine(value.date(), value.time().replace(fold=0), timezone(offset))


def to_optional_moment(value: datetime | None) -> datetime | None:
    """The same, where there may be none."""
    return None if value is None else to_moment(value)


def to_number(value: float) -> float:
    """A float of any real number."""
    return to_float(value)


def to_optional_float(value: float | None) -> float | None:
    """The same, where there may be none."""
    return None if value is None else to_float(value)


def to_ordered(value: Iterable[str]) -> tuple[str, ...]:
    """A tuple of strings."""
    return to_tuple(value)


def to_concerns(value: Iterable[str]) -> frozenset[Concern]:
    """A set of concerns."""
    return to_words(Concern, value)


def to_optional_mode(value: str | None) -> MeetingMode | None:
    """A way to attend, where there is one."""
    return None if value is None else to_word(MeetingMode, value)


def to_optional_channel(value: str | None) -> Channel | None:
    """A way to be in touch, where there is one."""
    return None if value is None else to_word(Channel, value)


def to_substances(value: Iterable[str]) -> frozenset[Substance]:
    """A set of substances."""
    return to_words(Substance, value)


def to_questions(value: Iterable[str]) -> frozenset[Question]:
    """A set of questions."""
    return to_words(Question, value)


def to_treatment_kind(value: str) -> TreatmentKind:
    """A kind of treatment."""
    return to_word(TreatmentKind, value)


def to_screen_result(value: str) -> ScreenResult:
    """A result of a test."""
    return to_word(ScreenResult, value)


def to_environment_change(value: str) -> EnvironmentChange:
    """A change in daily life."""
    return to_word(EnvironmentChange, value)


def to_barriers(value: Iterable[str]) -> frozenset[Barrier]:
    """A set of barriers."""
    return to_words(Barrier, value)


def to_group_role(value: str) -> GroupRole:
    """A part in a group."""
    return to_word(GroupRole, value)


def in_words(words: type[W], value: Mapping[W, V]) -> FrozenMapping[W, V]:
    """A frozen mapping in the order of a closed list of words."""
    kept = to_mapping(value)
    return FrozenMapping(in_order(words, kept)) if isinstance(kept, FrozenMapping) else kept


def same_moment(value: object) -> object:
    """What two moments are compared by: the offset counts, since the day depends on it."""
    return (value, offset_of(value)) if isinstance(value, datetime) else value


def check(self: Any, **more: Callable[[], Broken]) -> None:
    """Refuse what breaks a field's rule, everything at once.

    What ``more`` asks of a field is asked only where the field's own rule holds.
    """
    kind: Any = type(self)
    found: dict[str, Broken] = {}
    for name, rule in rules(kind):
        wrong = rule(getattr(self, name))
        if not wrong and name in more:
            wrong = more[name]()
        if wrong:
            found[name] = wrong
    if found:
        enforce(**found)


def post_init(self: object) -> None:
    """Check a record that has no rule beyond its fields' own."""
    check(self)


@cache
def rules(kind: Any) -> tuple[tuple[str, Check], ...]:
    """The rule of each field by name."""
    return tuple((f.name, _rule(f.type, f.name)) for f in fields(kind))


def _rule(kind: Any, name: str) -> Check:
    origin, args = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return optional(_rule(next(a for a in args if a is not type(None)), name))
    if origin in (tuple, frozenset):
        return each(_rule(args[0], name), origin)
    if origin is Mapping:
        return entries(_rule(args[0], name), _rule(args[1], name))
    return _plain_rule(kind, name)


def _plain_rule(kind: type, name: str) -> Check:
    low, high = _RANGES.get(name, (0, 10))
    plain: dict[type, Check] = {
        str: text,
        bool: boolean,
        datetime: moment,
        date: day,
        int: lambda value: whole(value, 0, MOST),
        float: lambda value: number(value, low, high),
    }
    if kind in plain:
        return plain[kind]
    return one_of(kind) if issubclass(kind, StrEnum) else instance(kind)


def some_once(names: tuple[str, ...]) -> Broken:
    """One at least, and each once."""
    if not names:
        return broken("must not be empty")
    twice = (i for i, name in enumerate(names) if name in names[:i])
    return tuple(p for i in twice for p in broken("is given twice", f"[{i}]"))
