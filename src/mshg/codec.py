"""Models to plain dictionaries and JSON, and back: the only edge where they change form.

A document is a model's fields by name, with ``type`` and ``schema_version`` at the top.
Reading is strict: unknown and repeated keys, wrong types, NaN, infinities and numbers out of
range are refused, each with its path, all at once. No message repeats a value.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from numbers import Integral
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, overload

from attrs import NOTHING, fields, has

from mshg._checks import shown_key
from mshg._conversions import without_rules
from mshg._requests import PairingRequest
from mshg._schemas import schema_of
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
from mshg.errors import CodecError, Problem, ProblemCode, Problems, ValidationError
from mshg.events import Event, PersonState, Retracted

__all__ = ["SCHEMA_VERSION", "Model", "dumps", "from_dict", "json_schema", "loads", "to_dict"]

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
    | PairingRequest
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

_MODELS: dict[str, type] = {kind.__name__: kind for kind in get_args(Model)}
# What documents of earlier versions call fields that have another name or place since.
_EARLIER: Mapping[type, frozenset[str]] = {
    Meeting: frozenset(["join"]),
    PersonState: frozenset(
        f.name
        for part in fields(PersonState)
        if part.type and has(part.type)
        for f in fields(part.type)
    ),
    Recurrence: frozenset(["except_on"]),
    Retracted: frozenset(["why"]),
}
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_MINUTES = re.compile(r"PT([0-9]{1,6})M")


def to_dict(model: "Model", *, with_join: bool = False) -> dict[str, Any]:
    """Turn a model into a dictionary that JSON can hold, every field by name.

    Sets become sorted lists, times ISO 8601 strings, durations minutes as ``PT90M``.

    Parameters
    ----------
    model
        Any model.
    with_join
        Whether a meeting's ``join_info`` is written: its link and passcode.

    Raises
    ------
    CodecError
        What is given is no model.

    Examples
    --------
    >>> from mshg import codec, Dealbreaker
    >>> codec.to_dict(Dealbreaker(dimension="spirituality", at_most=0.5))["at_most"]
    0.5
    """
    if _MODELS.get(type(model).__name__) is not type(model):
        raise CodecError([_not_one_of("$", _MODELS)])
    head = {"type": type(model).__name__, "schema_version": SCHEMA_VERSION}
    document = head | _write_model(model)
    if not with_join:
        document.pop("join_info", None)
    return document


def dumps(model: "Model", *, with_join: bool = False) -> str:
    """Turn a model into JSON text; see `to_dict`."""
    return _JSON.encode(to_dict(model, with_join=with_join))


@overload
def from_dict(data: Mapping[str, Any], kind: type[N]) -> N: ...
@overload
def from_dict(data: Mapping[str, Any], kind: UnionType | None = None) -> "Model": ...
def from_dict(data: Mapping[str, Any], kind: type[Any] | UnionType | None = None) -> "Model":
    """Read a model from what `to_dict` makes.

    Parameters
    ----------
    data
        The document. Fields that have a default may be absent.
    kind
        The kind that is expected; ``type`` may then be absent. Or a union of kinds, such as
        ``events.Event``; ``type`` says which it is.

    Raises
    ------
    CodecError
        All that is wrong, each with its path.
    """
    found = _kind_of(data, _kinds(kind))
    problems = _Found()
    version = data.get("schema_version")
    if type(version) is not int or version != SCHEMA_VERSION:
        rule = f"must be {SCHEMA_VERSION}"
        problems.add(Problem("$.schema_version", rule, "unsupported_version"))
    model = _read_model(found, data, "$", problems, also=("type", "schema_version"))
    if problems.count:
        raise CodecError(problems.listed())
    return cast("Model", model)


@overload
def loads(document: str | bytes, kind: type[N]) -> N: ...
@overload
def loads(document: str | bytes, kind: UnionType | None = None) -> "Model": ...
def loads(document: str | bytes, kind: type[Any] | UnionType | None = None) -> "Model":
    """Read a model from JSON text; see `from_dict`.

    Examples
    --------
    >>> from mshg import codec, Person
    >>> codec.loads('{"schema_version": 1, "id": "1", "goal": "abstinence"}', Person).goal
    <Goal.ABSTINENCE: 'abstinence'>
    """
    return from_dict(_parse(document), kind)


def json_schema(kind: type[Any] | UnionType | None = None) -> dict[str, Any]:
    """JSON Schema (2020-12) of a kind of document, for a web framework or another language.

    What `to_dict` writes is valid under it. What it refuses, `from_dict` refuses; the other way
    round not always, as some rules are beyond a schema: that a day exists, that fields agree with
    each other.

    Parameters
    ----------
    kind
        A kind of document; several, as ``events.Event``, of which ``type`` says which it is; all
        of them if not given.

    Raises
    ------
    CodecError
        It is no kind of document.

    Examples
    --------
    >>> from mshg import Dealbreaker, codec
    >>> codec.json_schema(Dealbreaker)["properties"]["at_most"]
    {'anyOf': [{'type': 'number', 'minimum': 0, 'maximum': 1}, {'type': 'null'}]}
    """
    return schema_of(_kinds(kind), SCHEMA_VERSION)


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
    raise CodecError(
        [Problem("$", "must be valid JSON, in UTF-8, not nested too deep", code="malformed")]
    )


def _kinds(kind: object) -> Mapping[str, type]:
    """The kinds that are meant, by name: one, those of a union, or all."""
    if kind is None:
        return _MODELS
    if isinstance(kind, type) and _MODELS.get(kind.__name__) is kind:
        return {kind.__name__: kind}
    meant = get_args(kind) if get_origin(kind) in (UnionType, Union) else (kind,)
    if all(isinstance(one, type) and one is not object for one in meant):
        found = {name: model for name, model in _MODELS.items() if issubclass(model, meant)}
        if found:
            return found
    raise CodecError([_not_one_of("kind", _MODELS)])


def _kind_of(data: object, kinds: Mapping[str, type]) -> type:
    if not isinstance(data, Mapping):
        raise CodecError([Problem("$", "must be an object", "wrong_type")])
    only = next(iter(kinds)) if len(kinds) == 1 else None
    named = data.get("type", only)
    found = kinds.get(named) if isinstance(named, str) else None
    if found is None:
        raise CodecError([_not_one_of("$.type", kinds)])
    return found


def _not_one_of(path: str, kinds: Iterable[str]) -> Problem:
    names = tuple(kinds)
    rule = f"must be {names[0]}" if len(names) == 1 else f"must be one of: {', '.join(names)}"
    return Problem(path, rule, "not_one_of", allowed=names)


def _write_model(model: Any) -> dict[str, Any]:
    kind: Any = type(model)
    return {
        name: value if (value := getattr(model, name)) is None or is_plain else _write(value)
        for name, is_plain in _names(kind)
    }


@cache
def _names(kind: Any) -> tuple[tuple[str, bool], ...]:
    """The fields, and whether what they hold is written as it is."""
    return tuple((f.name, without_rules(f.type) in _PLAIN) for f in fields(kind))


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
        return _write_model
    if issubclass(kind, bool):
        return bool
    if issubclass(kind, Integral):  # NumPy's as well, which JSON does not know
        return int
    return lambda value: value


class _Found(Problems):
    """What is wrong so far, and the members of lists and mappings that were refused already."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[str] = set()

    def read(self, read: "_Reader", value: Any, path: str) -> object:
        """Read a member, and keep its place in mind if something is wrong with it."""
        before = self.count
        found = read(value, path, self)
        if self.count > before and not self.is_full:
            self.refused.add(path)
        return found

    def refuse(self, path: str, step: str, rule: str, code: ProblemCode) -> None:
        """Add a problem, which is made only if it is listed."""
        if self.is_full:
            self.count += 1
        else:
            self.add(Problem(path + step, rule, code))


def _read_model(
    kind: type, data: object, path: str, problems: _Found, also: tuple[str, ...] = ()
) -> object:
    """Build a model, or report what is wrong and return the data as it was.

    Values that are no models go to the constructor as they are: it refuses what it can't
    hold, with the rule. What was refused already, or a part of it, is not refused again.
    """
    if not isinstance(data, Mapping):
        problems.refuse(path, "", "must be an object", "wrong_type")
        return data
    known = _readers(kind)
    _refuse_keys(data, kind, {*known, *also}, path, problems)
    given: dict[str, object] = {}
    refused: set[str] = set()
    for key, (read, is_required) in known.items():
        before = problems.count
        if key in data:
            value = data[key]
            # Most values are read as they are, without a path made for them.
            given[key] = (
                value if value is None or read is None else read(value, f"{path}.{key}", problems)
            )
        elif is_required:
            problems.refuse(path, f".{key}", "is missing", "missing")
            given[key] = None
        if problems.count > before:
            refused.add(key)
    if problems.is_full and refused:  # enough is said, and building it takes long
        return data
    try:
        model: object = kind(**given)
    except ValidationError as error:
        _take_over(error.problems, path, refused, problems)
        return data
    return model


def _refuse_keys(
    data: Mapping[str, Any], kind: type, known: set[str], path: str, problems: _Found
) -> None:
    for i, key in enumerate(data):
        if key not in known:
            is_old = isinstance(key, str) and key in _EARLIER.get(kind, ())
            rule = "is a field of an earlier version of mshg" if is_old else "is not a known field"
            problems.refuse(path, shown_key(key, i), rule, "unknown_field")
    if isinstance(data, _Repeating):
        problems.refuse(path, "", "gives a key more than once", "repeated")


def _take_over(found: Iterable[Problem], path: str, refused: set[str], problems: _Found) -> None:
    """Add what a constructor refuses, unless it was refused when it was read.

    Where no more problems are listed, all that is in a refused field is passed over: its members
    may be too many to be kept in mind one by one.
    """
    for problem in found:
        place = path + problem.path.removeprefix("$")
        key, _, rest = problem.path.removeprefix("$.").replace("[", ".[").partition(".")
        if key in refused:
            is_of_all = not rest or problem.code == "more" or problems.is_full
            if is_of_all or place in problems.refused:
                continue
        problems.add(problem._replace(path=place))


_Reader = Callable[[Any, str, _Found], object]


@cache
def _readers(kind: Any) -> dict[str, tuple[_Reader | None, bool]]:
    """How each field is read, and whether it must be there; found once for each model."""
    return {f.name: (_reader(f.type), f.default is NOTHING) for f in fields(kind) if f.init}


def _reader(kind: Any) -> _Reader | None:
    """How values of this declared type are read; None for those that are read as they are."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _reader(args[0])
    if origin in (UnionType, Union):
        return _reader(next(a for a in args if a is not type(None)))
    if origin in (frozenset, tuple):
        return _list_reader(_reader(args[0]))
    if origin is Mapping:
        return _mapping_reader(_reader(args[1]))
    if has(kind):
        return lambda value, path, problems: _read_model(kind, value, path, problems)
    return _TIME_READERS.get(kind)


def _list_reader(read: _Reader | None) -> _Reader:
    def read_list(value: Any, path: str, problems: _Found) -> object:
        if read is None or not isinstance(value, list):
            return value
        return [
            v if v is None else problems.read(read, v, f"{path}[{i}]") for i, v in enumerate(value)
        ]

    return read_list


def _mapping_reader(read: _Reader | None) -> _Reader:
    def read_mapping(value: Any, path: str, problems: _Found) -> object:
        if not isinstance(value, Mapping):
            return value
        if isinstance(value, _Repeating):
            problems.add(Problem(path, "gives a key more than once", "repeated"))
        if read is None:
            return value
        return {
            k: v if v is None else problems.read(read, v, path + shown_key(k, i))
            for i, (k, v) in enumerate(value.items())
        }

    return read_mapping


def _time_reader(read: Callable[[str], object]) -> _Reader:
    def read_time(value: Any, _path: str, _problems: _Found) -> object:
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
