"""How every result becomes plain JSON values: one way for all of them.

A result's document holds what the result says by name, with ``type`` and ``schema_version`` at
the top, as a document of `mshg.codec` does. It goes one way: a result can be made again, so no
document of one is read back.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, time, timedelta
from enum import Enum
from math import isfinite
from numbers import Integral, Real
from typing import Any, get_args

from attrs import fields, has

from mshg._checks import enforce, instance
from mshg.codec import SCHEMA_VERSION, Model
from mshg.codec import to_dict as model_document
from mshg.domain import Meeting
from mshg.wording import Wording

_MODELS = get_args(Model)


class Result:
    """What every result can do. It has no fields of its own."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Give all of it as plain values that JSON can hold, with a ``schema_version``.

        None where a number is not known or not finite; times are ISO 8601 strings with their
        offset, closed words strings. The text holds what is said of a person, so it is theirs.
        """
        return _document(self, include_details=False)

    def _content(self) -> dict[str, Any]:
        """What the document holds: every public field, and of a wording its language."""
        return public_fields(self)


class ResultWithMeetings(Result):
    """A result that holds meetings, whose notes and ways to join leave it only when asked for."""

    __slots__ = ()

    def to_dict(self, *, include_details: bool = False) -> dict[str, Any]:
        """Give all of it as plain values that JSON can hold, with a ``schema_version``.

        None where a number is not known or not finite; times are ISO 8601 strings with their
        offset, closed words strings. A meeting is its document, which `mshg.codec` reads.

        Parameters
        ----------
        include_details
            Whether to give a meeting's notes, and how to join it from afar: link and passcode.
        """
        return _document(self, include_details=include_details)


def public_fields(value: Any) -> dict[str, Any]:
    """The fields of an attrs class by name: no private one; of a wording, its language."""
    held = {f.name: getattr(value, f.name) for f in fields(type(value)) if f.name[0] != "_"}
    return {
        "language" if isinstance(v, Wording) else name: v.language if isinstance(v, Wording) else v
        for name, v in held.items()
    }


def wording_given(wording: Wording) -> Wording:
    """Take the wording of a call."""
    enforce(wording=instance(Wording)(wording))
    return wording


def _document(result: Result, *, include_details: bool) -> dict[str, Any]:
    head = {"type": type(result).__name__, "schema_version": SCHEMA_VERSION}
    return head | {k: _plain(v, include_details) for k, v in _held(result).items()}


def _plain(value: Any, include_details: bool) -> Any:  # noqa: PLR0911 (a case a line)
    """Numbers, words and moments as JSON has them; None for NaN and infinity, which it lacks."""
    match value.value if isinstance(value, Enum) else value:
        case None | bool() as known:
            return known
        case str() as text:
            return str(text)
        case Integral() as number:
            return int(number)
        case Real() as number:
            return float(number) if isfinite(number) else None
        case time() | date() as moment:
            return moment.isoformat()
        case timedelta() as length:
            return f"PT{length // timedelta(minutes=1)}M"  # as the codec does
        case other:
            return _collection(other, include_details)


def _collection(value: Any, include_details: bool) -> Any:
    match value:
        case tuple() | list():
            return [_plain(inner, include_details) for inner in value]
        case AbstractSet():
            return sorted(_plain(inner, include_details) for inner in value)
        case Mapping():
            return {str(_plain(k, False)): _plain(v, include_details) for k, v in value.items()}
        case _ if isinstance(value, _MODELS):
            return _model(value, include_details)
        case _ if has(type(value)):
            return {k: _plain(v, include_details) for k, v in _held(value).items()}
        case array:
            return _plain(array.tolist(), include_details)  # NumPy need not be loaded for this


def _held(value: Any) -> dict[str, Any]:
    return value._content() if isinstance(value, Result) else public_fields(value)  # noqa: SLF001


def _model(value: Model, include_details: bool) -> dict[str, Any]:
    """A model as its own document; a meeting's notes and how to join it only if asked for."""
    document = model_document(value, with_join=include_details)
    if isinstance(value, Meeting) and not include_details:
        document.pop("notes")
    return document
