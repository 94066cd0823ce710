"""The rules that a record's fields keep, taken from their types and, for numbers, their names."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
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
    number,
    one_of,
    optional,
    text,
    whole,
)
from mshg._conversions import in_order, to_float, to_mapping
from mshg._mappings import FrozenMapping

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
    offset = value.utcoffset() if isinstance(value, datetime) else None
    if not isinstance(offset, timedelta):
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


def in_words(words: type[W], value: Mapping[W, V]) -> FrozenMapping[W, V]:
    """A frozen mapping in the order of a closed list of words."""
    kept = to_mapping(value)
    return FrozenMapping(in_order(words, kept)) if isinstance(kept, FrozenMapping) else kept


def same_moment(value: object) -> object:
    """What two moments are compared by: the offset counts, since the day depends on it."""
    return (value, value.utcoffset()) if isinstance(value, datetime) else value


def moment(value: object) -> Broken:
    """A date and time with an offset from UTC."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return broken("must be a date and time with an offset from UTC")
    if not _is_in_any_zone(value):
        return broken("must be a day after 0001-01-01 and before 9999-12-31")
    return ()


def _is_in_any_zone(value: datetime) -> bool:
    """Whether it can be told in UTC, too."""
    return date.min < value.date() < date.max


def check(self: Any, **more: Callable[[], Broken]) -> None:
    """Refuse what breaks a field's rule, everything at once.

    What ``more`` asks of a field is asked only where the field's own rule holds.
    """
    kind: Any = type(self)
    found = {name: rule(getattr(self, name)) for name, rule in rules(kind)}
    for name, rule_beyond in more.items():
        found[name] = found[name] or rule_beyond()
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
