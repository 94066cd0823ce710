"""Nouns to plain dictionaries and JSON, and back: the only edge where they change form.

A document is a noun's fields by name, with ``type`` and ``schema_version`` at the top.
Reading is strict: unknown and repeated keys, wrong types, NaN, infinities and numbers out of
range are refused, each with its path, all at once. No message repeats a value.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from numbers import Integral
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, overload

from attrs import NOTHING, fields, has

from mshg._checks import shown_key
from mshg.domain import (
    ConcernAnswer,
    Dealbreaker,
    Experience,
    Group,
    JoinInfo,
    Meeting,
    MeetingPreferences,
    Membership,
    Person,
    Position,
    Recurrence,
    Slot,
    StanceProfile,
    SupporterProfile,
    Window,
)
from mshg.errors import CodecError, Problem, ValidationError
from mshg.events import Event, PersonState

SCHEMA_VERSION = 1

Model = (
    ConcernAnswer
    | Dealbreaker
    | Experience
    | Group
    | JoinInfo
    | Meeting
    | MeetingPreferences
    | Membership
    | Person
    | Position
    | Recurrence
    | Slot
    | StanceProfile
    | SupporterProfile
    | Window
    | Event
    | PersonState
)
N = TypeVar("N", bound=Model)

_NOUNS: dict[str, type] = {kind.__name__: kind for kind in get_args(Model)}
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_MINUTES = re.compile(r"PT([0-9]{1,6})M")


def to_dict(noun: Model, *, with_join: bool = False) -> dict[str, Any]:
    """Turn a noun into a dictionary that JSON can hold, every field by name.

    Sets become sorted lists, times ISO 8601 strings, durations minutes as ``PT90M``.

    Parameters
    ----------
    noun
        Any noun.
    with_join
        Whether a meeting's ``join_info`` is written: its link and passcode.

    Raises
    ------
    CodecError
        What is given is no noun.

    Examples
    --------
    >>> from mshg import codec, Dealbreaker
    >>> codec.to_dict(Dealbreaker(dimension="spirituality", at_most=0.5))["at_most"]
    0.5
    """
    if _NOUNS.get(type(noun).__name__) is not type(noun):
        raise CodecError([Problem("$", f"must be one of: {', '.join(_NOUNS)}")])
    document = {"type": type(noun).__name__, "schema_version": SCHEMA_VERSION, **_write_noun(noun)}
    if not with_join:
        document.pop("join_info", None)
    return document


def dumps(noun: Model, *, with_join: bool = False) -> str:
    """Turn a noun into JSON text; see `to_dict`."""
    return _JSON.encode(to_dict(noun, with_join=with_join))


@overload
def from_dict(data: Mapping[str, Any], kind: type[N]) -> N: ...
@overload
def from_dict(data: Mapping[str, Any], kind: None = None) -> Model: ...
def from_dict(data: Mapping[str, Any], kind: type[Any] | None = None) -> Model:
    """Read a noun from what `to_dict` makes.

    Parameters
    ----------
    data
        The document. Fields that have a default may be absent.
    kind
        The noun that is expected; ``type`` may then be absent.

    Raises
    ------
    CodecError
        All that is wrong, each with its path.
    """
    problems: list[Problem] = []
    found = _kind_of(data, kind, problems)
    if found is None:
        raise CodecError(problems)
    version = data.get("schema_version")
    if type(version) is not int or version != SCHEMA_VERSION:
        problems.append(Problem("$.schema_version", f"must be {SCHEMA_VERSION}"))
    noun = _read_noun(found, data, "$", problems, also=("type", "schema_version"))
    if problems:
        raise CodecError(problems)
    return cast("Model", noun)


@overload
def loads(document: str | bytes, kind: type[N]) -> N: ...
@overload
def loads(document: str | bytes, kind: None = None) -> Model: ...
def loads(document: str | bytes, kind: type[Any] | None = None) -> Model:
    """Read a noun from JSON text; see `from_dict`.

    Examples
    --------
    >>> from mshg import codec, Person
    >>> codec.loads('{"schema_version": 1, "id": "1", "goal": "abstinence"}', Person).goal
    <Goal.ABSTINENCE: 'abstinence'>
    """
    return from_dict(_parse(document), kind)


class _Repeating(dict[str, Any]):
    """A JSON object that gave a key more than once."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    return entries if len(entries) == len(pairs) else _Repeating(entries)


def _parse(document: str | bytes) -> Any:
    # Raised outside the handler: a decoding error holds the whole text, which is a person's data.
    try:
        return json.loads(document, object_pairs_hook=_object)
    except (ValueError, RecursionError, TypeError):
        pass
    raise CodecError([Problem("$", "must be valid JSON, in UTF-8, not nested too deep")])


def _kind_of(data: object, kind: type | None, problems: list[Problem]) -> type | None:
    if not isinstance(data, Mapping):
        problems.append(Problem("$", "must be an object"))
        return None
    if kind is not None and kind not in _NOUNS.values():
        problems.append(Problem("kind", f"must be one of: {', '.join(_NOUNS)}"))
        return None
    told = data.get("type", kind.__name__ if kind else None)
    found = _NOUNS.get(told) if isinstance(told, str) else None
    if found is None or (kind is not None and found is not kind):
        allowed = kind.__name__ if kind else f"one of: {', '.join(_NOUNS)}"
        problems.append(Problem("$.type", f"must be {allowed}"))
        return None
    return found


def _write_noun(noun: Any) -> dict[str, Any]:
    kind: Any = type(noun)
    return {
        name: value if (value := getattr(noun, name)) is None or is_plain else _write(value)
        for name, is_plain in _names(kind)
    }


@cache
def _names(kind: Any) -> tuple[tuple[str, bool], ...]:
    """The fields, and whether what they hold is written as it is."""
    return tuple((f.name, f.type in _PLAIN) for f in fields(kind))


_PLAIN = (str, str | None, float, float | None, bool, bool | None)


def _write(value: Any) -> Any:
    kind: Any = type(value)
    return _writer(kind)(value)


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:  # noqa: PLR0911 (a case a line)
    """How values of exactly this type are written; found once for each type."""
    if issubclass(kind, StrEnum):
        return str.__str__
    if issubclass(kind, frozenset):
        return lambda value: sorted(map(_write, value)) if value else []
    if issubclass(kind, tuple):
        return lambda value: list(map(_write, value))
    if issubclass(kind, Mapping):
        return lambda value: {str(k): _write(v) for k, v in value.items()}
    if issubclass(kind, (time, date)):
        return lambda value: value.isoformat()
    if issubclass(kind, timedelta):
        return lambda value: f"PT{value // timedelta(minutes=1)}M"
    if has(kind):
        return _write_noun
    if issubclass(kind, bool):
        return bool
    if issubclass(kind, Integral):  # NumPy's as well, which JSON does not know
        return int
    return lambda value: value


def _read_noun(
    kind: type, data: object, path: str, problems: list[Problem], also: tuple[str, ...] = ()
) -> object:
    """Build a noun, or report what is wrong and return the data as it was.

    Values that are no nouns go to the constructor as they are: it refuses what it can't
    hold, with the rule. What was reported already is not reported again.
    """
    if not isinstance(data, Mapping):
        problems.append(Problem(path, "must be an object"))
        return data
    before = len(problems)
    known = _readers(kind)
    problems.extend(
        Problem(path + shown_key(key, i), "is not a known field")
        for i, key in enumerate(data)
        if key not in known and key not in also
    )
    if isinstance(data, _Repeating):
        problems.append(Problem(path, "gives a key more than once"))
    given: dict[str, object] = {}
    for key, (read, is_required) in known.items():
        if key in data:
            value = data[key]
            # Most values are read as they are, without a path made for them.
            given[key] = (
                value if value is None or read is None else read(value, f"{path}.{key}", problems)
            )
        elif is_required:
            problems.append(Problem(f"{path}.{key}", "is missing"))
            given[key] = None
    told = [p.path for p in problems[before:]]
    try:
        noun: object = kind(**given)
    except ValidationError as error:
        found = [Problem(path + p.path.removeprefix("$"), p.rule) for p in error.problems]
        problems.extend(p for p in found if not any(_covers(p.path, t) for t in told))
        return data
    return noun


def _covers(path: str, told: str) -> bool:
    """Whether a problem told already explains one at this path."""
    return told == path or told.startswith((f"{path}.", f"{path}["))


_Reader = Callable[[Any, str, list[Problem]], object]


@cache
def _readers(kind: Any) -> dict[str, tuple[_Reader | None, bool]]:
    """How each field is read, and whether it must be there; found once for each noun."""
    return {f.name: (_reader(f.type), f.default is NOTHING) for f in fields(kind) if f.init}


def _reader(kind: Any) -> _Reader | None:
    """How values of this declared type are read; None for those that are read as they are."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return _reader(next(a for a in args if a is not type(None)))
    if origin in (frozenset, tuple):
        return _list_reader(_reader(args[0]))
    if origin is Mapping:
        return _mapping_reader(_reader(args[1]))
    if has(kind):
        return lambda value, path, problems: _read_noun(kind, value, path, problems)
    return _TIME_READERS.get(kind)


def _list_reader(read: _Reader | None) -> _Reader:
    def read_list(value: Any, path: str, problems: list[Problem]) -> object:
        if read is None or not isinstance(value, list):
            return value
        return [v if v is None else read(v, f"{path}[{i}]", problems) for i, v in enumerate(value)]

    return read_list


def _mapping_reader(read: _Reader | None) -> _Reader:
    def read_mapping(value: Any, path: str, problems: list[Problem]) -> object:
        if not isinstance(value, Mapping):
            return value
        if isinstance(value, _Repeating):
            problems.append(Problem(path, "gives a key more than once"))
        if read is None:
            return value
        return {
            k: v if v is None else read(v, path + shown_key(k, i), problems)
            for i, (k, v) in enumerate(value.items())
        }

    return read_mapping


def _time_reader(read: Callable[[str], object]) -> _Reader:
    def read_time(value: Any, _path: str, _problems: list[Problem]) -> object:
        try:
            return read(value) if isinstance(value, str) else value
        except ValueError:
            return value  # as it was: the constructor refuses it, with its path and rule

    return read_time


def _minutes(value: str) -> object:
    minutes = _MINUTES.fullmatch(value)
    return timedelta(minutes=int(minutes[1])) if minutes else value


_TIME_READERS: dict[type, _Reader] = {
    datetime: _time_reader(datetime.fromisoformat),
    date: _time_reader(date.fromisoformat),
    time: _time_reader(time.fromisoformat),
    timedelta: _time_reader(_minutes),
}
