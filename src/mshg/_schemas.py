"""JSON Schema of documents, made from the types of their fields."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from attrs import NOTHING, fields

from mshg._conversions import without_none

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema: TypeAlias = dict[str, Any]

_PLAIN: Mapping[type, Schema] = {
    str: {"type": "string", "minLength": 1},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "format": "time"},
    timedelta: {"type": "string", "pattern": "^PT[0-9]{1,6}M$"},
}


def schema_of(kinds: Mapping[str, type], version: int) -> Schema:
    """The schema of a document of one kind, or of several that ``type`` tells apart."""
    parts: dict[str, Schema] = {}
    whole = {name: _document(kind, version, parts) for name, kind in kinds.items()}
    if len(whole) == 1:
        (document,) = whole.values()
        return {"$schema": DIALECT, **document, **_parts(parts)}
    for document in whole.values():
        document["required"] = ["type", *document["required"]]
    choices = [{"$ref": f"#/$defs/{name}Document"} for name in whole]
    documents = {f"{name}Document": document for name, document in whole.items()}
    return {"$schema": DIALECT, "anyOf": choices, **_parts(documents | parts)}


def _parts(parts: Mapping[str, Schema]) -> Schema:
    return {"$defs": {name: parts[name] for name in sorted(parts)}} if parts else {}


def _document(kind: type, version: int, parts: dict[str, Schema]) -> Schema:
    plain = _object(kind, parts)
    head = {"type": {"const": kind.__name__}, "schema_version": {"const": version}}
    return {
        **plain,
        "properties": head | plain["properties"],
        "required": ["schema_version", *plain["required"]],
    }


def _object(kind: Any, parts: dict[str, Schema]) -> Schema:
    known = [f for f in fields(kind) if f.init]
    return {
        "title": kind.__name__,
        **_described(kind),
        "type": "object",
        "properties": {f.name: _of_type(f.type, parts) for f in known},
        "required": [f.name for f in known if f.default is NOTHING],
        "additionalProperties": False,
    }


def _described(kind: type) -> Schema:
    lines = (kind.__doc__ or "").strip().splitlines()
    return {"description": lines[0]} if lines else {}


def _of_type(kind: Any, parts: dict[str, Schema]) -> Schema:
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _of_type(args[0], parts) | dict(args[1].schema)
    if origin in (UnionType, Union):
        return {"anyOf": [_of_type(without_none(kind), parts), {"type": "null"}]}
    if origin in (tuple, frozenset):
        return {"type": "array", "items": _of_type(args[0], parts)}
    if origin is Mapping:
        keys, values = _of_type(args[0], parts), _of_type(args[1], parts)
        return {"type": "object", "propertyNames": keys, "additionalProperties": values}
    return dict(_PLAIN[kind]) if kind in _PLAIN else _reference(kind, parts)


def _reference(kind: Any, parts: dict[str, Schema]) -> Schema:
    """A reference to a part that is described once."""
    if kind.__name__ not in parts:
        parts[kind.__name__] = {}  # so that a part that holds its own kind ends
        is_word = issubclass(kind, StrEnum)
        parts[kind.__name__] = _words(kind) if is_word else _object(kind, parts)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _words(kind: Iterable[str]) -> Schema:
    return {"type": "string", "enum": [str(word) for word in kind]}
