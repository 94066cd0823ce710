"""Forgiving conversions that models apply before they check.

What can't be converted comes back as it was, so that the check that follows refuses it
with its path and its rule; a conversion itself never raises.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timezone
from enum import StrEnum
from functools import partial
from inspect import Parameter, Signature, signature
from numbers import Real
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

from mshg._checks import offset_of
from mshg._mappings import FrozenMapping

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
W = TypeVar("W", bound=StrEnum)


def to_word(words: type[W], value: object) -> W:
    """The member of a closed list that a string names."""
    if type(value) is words:
        return value
    if isinstance(value, str) and value in words.__members__.values():
        return words(value)
    return cast("W", value)


def to_words(words: type[W], values: Iterable[object]) -> frozenset[W]:
    """A frozenset of members of a closed list."""
    found = to_frozenset(values)
    if not isinstance(found, frozenset) or all(isinstance(v, words) for v in found):
        return cast("frozenset[W]", found)
    return frozenset(to_word(words, v) for v in found)


def to_tuple(values: Iterable[T]) -> tuple[T, ...]:
    """A tuple of what an iterable yields; a string is no collection."""
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        return cast("tuple[T, ...]", values)
    return tuple(values)


def to_frozenset(values: Iterable[T]) -> frozenset[T]:
    """A frozenset of what an iterable yields, itself if it is one; a string is no collection."""
    if type(values) is frozenset:
        return values
    found = to_tuple(values)
    try:
        return frozenset(found) if isinstance(found, tuple) else cast("frozenset[T]", found)
    except TypeError:  # an unhashable member
        return cast("frozenset[T]", found)


def to_strings(values: Iterable[str]) -> frozenset[str]:
    """A frozenset of strings: a converter by name, as type checkers want it."""
    return to_frozenset(values)


def to_float(value: float) -> float:
    """A float of any real number, NumPy's among them."""
    if value is None or type(value) is float:
        return value
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return value
    return value


def to_optional_float(value: float | None) -> float | None:
    """A float, where there is a number."""
    return None if value is None else to_float(value)


def to_integers(values: Iterable[int]) -> frozenset[int]:
    """A frozenset of whole numbers."""
    return to_frozenset(values)


def to_dates(values: Iterable[date]) -> frozenset[date]:
    """A frozenset of days."""
    return to_frozenset(values)


def in_order(words: type[W], entries: Mapping[Any, V]) -> dict[W, V]:
    """The entries in the order of a closed list, keys that are not in it last."""
    by_word = {to_word(words, k): v for k, v in entries.items()}
    known = {word: by_word.pop(word) for word in words if word in by_word}
    return known | by_word


def to_moment(value: datetime) -> datetime:
    """The same moment at a fixed offset, so that its calendar day never changes.

    A zone's own rules would make two equal moments unequal where a clock is set back (PEP 495).
    """
    offset = None if value is None else offset_of(value)
    if offset is None:
        return value
    # Put together anew, so that a subclass such as a pandas Timestamp becomes a plain datetime.
    return datetime.combine(value.date(), value.time().replace(fold=0), timezone(offset))


# What a type checker lets a field take in place of its type. It needs functions by name and looks
# no further; `by_annotation` puts the conversion to the field's own words in their place.


def word(value: str) -> Any:
    """A field of one word takes text."""
    return value


def optional_word(value: str | None) -> Any:
    """A field of one word or none."""
    return value


def words(value: Iterable[str]) -> Any:
    """A field of several takes any iterable of text."""
    return value


def optional_words(value: Iterable[str] | None) -> Any:
    """A field of several, or of None."""
    return value


_BY_TYPE = (None, word, optional_word, words, optional_words)


def by_annotation(_kind: type, declared: list[Any]) -> list[Any]:
    """Give each field the conversion of its type: a ``field_transformer`` of attrs.

    A conversion of a field's own comes first.
    """
    return [_converted(a) for a in declared]


def without_none(kind: Any) -> Any:
    """What a type that allows None allows beside it."""
    return next(a for a in get_args(kind) if a is not NoneType)


def without_rules(kind: Any) -> Any:
    """A type without the rules that stand in it, to any depth of unions."""
    if get_origin(kind) is Annotated:
        return without_rules(get_args(kind)[0])
    if get_origin(kind) in (UnionType, Union):
        return without_rules(without_none(kind)) | None
    return kind


def _converted(attribute: Any) -> Any:
    convert = _conversion(attribute.type)
    if convert is None:
        return attribute
    declared: Any = attribute.converter
    # One of its own, which says what the field takes.
    given: Any = partial(convert) if declared in _BY_TYPE else partial(_in_turn, declared, convert)
    own = Parameter("value", Parameter.POSITIONAL_ONLY, annotation=without_rules(attribute.type))
    given.__signature__ = Signature([own]) if declared is None else signature(declared)
    return attribute.evolve(converter=given)


def _in_turn(first: Callable[[Any], Any], then: Callable[[Any], Any], value: Any) -> Any:
    return then(first(value))


def _conversion(kind: Any) -> Callable[[Any], Any] | None:
    """How a value becomes one of this declared type; None for types that are kept as they are.

    None passes through each of them, as does all that can't be converted.
    """
    kind = _bare(kind)
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Annotated, UnionType, Union):
        return _conversion(without_none(kind))
    if origin is tuple:
        return to_tuple
    if origin is frozenset:
        word = _bare(args[0])
        return partial(to_words, word) if _is_words(word) else to_frozenset
    if origin is Mapping:
        return partial(_to_entries, *args)
    if _is_words(kind):
        return partial(to_word, kind)
    plain: dict[Any, Callable[[Any], Any]] = {float: to_float, datetime: to_moment}
    return plain.get(kind)


def _bare(kind: Any) -> Any:
    """A type without a rule that stands in it."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _is_words(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)


def _to_entries(key: Any, kind: Any, entries: Any) -> Any:
    """A frozen mapping; in the order of a closed list, where its keys are words of one."""
    convert = _conversion(kind)
    if not isinstance(entries, Mapping):
        return entries
    found = entries if convert is None else {k: convert(v) for k, v in entries.items()}
    return FrozenMapping(in_order(key, found) if _is_words(key) else found)
