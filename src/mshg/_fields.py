"""Fields that are declared once: their type says what is checked and what a schema can say."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from attrs import fields, frozen
from typing_extensions import override

from mshg._checks import (
    CONTROL,
    NAME,
    Broken,
    boolean,
    day,
    each,
    enforce,
    entries,
    instance,
    line,
    moment,
    name,
    number,
    one_of,
    optional,
    paragraphs,
    text,
    wall_time,
    whole,
    whole_minutes,
)
from mshg._conversions import without_none

Check: TypeAlias = Callable[[object], Broken]


@frozen(eq=False, repr=False)
class Rule:
    """A rule within a type: the check, its name, and what JSON Schema can say of it.

    What the schema refuses, the check must refuse too; the check may ask for more.
    """

    check: Check
    name: str
    schema: Mapping[str, Any]

    @override
    def __repr__(self) -> str:
        return self.name


def within(low: float, high: float) -> Rule:
    """A number from low to high."""
    return Rule(
        lambda value: number(value, low, high),
        f"{low:g} to {high:g}",
        {"minimum": low, "maximum": high},
    )


def whole_within(low: int, high: int) -> Rule:
    """A whole number from low to high."""
    return Rule(
        lambda value: whole(value, low, high), f"{low} to {high}", {"minimum": low, "maximum": high}
    )


Share: TypeAlias = Annotated[float, within(0, 1)]
Text: TypeAlias = Annotated[str, Rule(text, "not blank", {"minLength": 1})]
Line: TypeAlias = Annotated[
    str, Rule(line, "one line", {"minLength": 1, "pattern": f"^[^{CONTROL}]+$"})
]
Paragraphs: TypeAlias = Annotated[str, Rule(paragraphs, "paragraphs", {"minLength": 1})]
Name: TypeAlias = Annotated[str, Rule(name, "a name", {"pattern": f"^{NAME}$"})]

_PLAIN: Mapping[type, Check] = {
    str: text,
    bool: boolean,
    float: number,
    datetime: moment,
    date: day,
    time: wall_time,
    timedelta: whole_minutes,
}


def check(self: object, **more: Callable[[], Broken]) -> None:
    """Refuse what breaks a field's rule, everything at once.

    What ``more`` asks of a field is asked only where the field's own rule holds.

    Raises
    ------
    ValidationError
        All that is wrong.
    """
    found: dict[str, Broken] = {}
    kind: Any = type(self)
    for field, rule in rules(kind):
        wrong = rule(getattr(self, field))
        if not wrong and field in more:
            wrong = more[field]()
        if wrong:
            found[field] = wrong
    if found:
        enforce(**found)


def post_init(self: object) -> None:
    """Check what has no rule beyond its fields' own."""
    check(self)


@cache
def rules(kind: Any) -> tuple[tuple[str, Check], ...]:
    """The rule of each field by name."""
    return tuple((f.name, rule_of(f.type)) for f in fields(kind))


def rule_of(kind: Any) -> Check:
    """The rule of a type."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        given: Check = args[1].check
        return given
    if origin in (UnionType, Union):
        return optional(rule_of(without_none(kind)))
    if origin in (tuple, frozenset):
        return each(rule_of(args[0]), origin)
    if origin is Mapping:
        return entries(rule_of(args[0]), rule_of(args[1]))
    if kind in _PLAIN:
        return _PLAIN[kind]
    return one_of(kind) if issubclass(kind, StrEnum) else instance(kind)
