"""What every record repeats, and the rules that its fields keep.

The rules are taken from the fields' types and, for numbers, their names.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin

from attrs import fields, frozen

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
    repeated,
    text,
    whole,
)
from mshg._conversions import by_annotation

Check = Callable[[object], Broken]

MOST = 1_000_000_000
# From 0 to 10 where nothing else is said.
_RANGES: Mapping[str, tuple[float, float]] = {"amount": (0, MOST), "score": (-MOST, MOST)}


def declared(kind: type, found: list[Any]) -> list[Any]:
    """Fields with the conversions of their types; what any event may leave out stands last."""
    converted = by_annotation(kind, found)
    told = [a.evolve(eq_key=_same_moment) if a.type in _MOMENTS else a for a in converted]
    return sorted(told, key=lambda a: a.name in ("recorded_at", "source"))


_MOMENTS = (datetime, datetime | None)


def _same_moment(value: object) -> object:
    """What two moments are compared by: the offset counts, since the day depends on it."""
    return (value, offset_of(value)) if isinstance(value, datetime) else value


class Record:
    """A record is checked when it is made, and shows nothing of what it holds."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __attrs_post_init__(self) -> None:
        check(self)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class AnyEvent(Record):
    """Something that happened.

    Parameters
    ----------
    id
        Unique among all events of the host.
    at
        When it happened, with an offset; a day is the calendar day in that offset.
    recorded_at
        When it was written down.
    source
        By whom or what, as the host likes.
    """

    id: str
    at: datetime
    recorded_at: datetime | None = None
    source: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class PersonEvent(AnyEvent):
    """Something that happened to a person.

    Parameters
    ----------
    person_id
        The host's id of whom it is about.
    """

    person_id: str


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
        return broken("must not be empty", code="blank")
    return repeated(names)
