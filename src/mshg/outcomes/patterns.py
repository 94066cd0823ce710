"""Weekly patterns in: strings or arrays of codes, checked, and kept as bits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, Union

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mshg._arrays import MOST_SHOWN, Indices, read_only
from mshg._checks import enforce, whole
from mshg._conversions import to_tuple
from mshg.errors import Problem, ValidationError
from mshg.outcomes.kernels import BLOCK_CODES, Bits, Weeks, mask, no_weeks, pack
from mshg.outcomes.parameters import MOST_WEEKS

CODES = "+-o*_"
"""Use, no use, missing, mixed, not scheduled."""

Codes: TypeAlias = NDArray[np.uint8]
Table: TypeAlias = tuple[Codes, Indices | None]
Given: TypeAlias = Iterable[str | Codes] | Mapping[Any, str | Codes] | NDArray[Any]
Patterns: TypeAlias = Union[
    Iterable[str | Codes], Mapping[Any, str | Codes], NDArray[Any], "WeeklyPatterns"
]

UNKNOWN = "must be made of + - o * _ alone"
_KIND = "must be a string, or an array of codes (weeks,), uint8"
_SHAPE = "must be patterns, an array of strings, or an array of codes (n, weeks), uint8"
_LAST_ASCII = 127
_LETTER_BYTES = 4


@frozen(kw_only=True, eq=False, repr=False)
class SameLength:
    """Patterns of one length: the weeks of each code as bits, and their rows (None: all)."""

    weeks: int
    planes: Mapping[str, Bits]
    rows: Indices | None


@frozen(kw_only=True, eq=False, repr=False)
class WeeklyPatterns:
    """Patterns read once, for several definitions; made by `read_patterns`.

    Parameters
    ----------
    weeks
        Length (n,) of each pattern.
    groups
        The same people by length of pattern.
    """

    weeks: Weeks
    groups: tuple[SameLength, ...]

    def __len__(self) -> int:
        return len(self.weeks)

    def __repr__(self) -> str:
        return f"WeeklyPatterns({len(self)} people)"


def read_patterns(patterns: Patterns, *, weeks_needed: int = 1) -> WeeklyPatterns:
    """Read weekly patterns, one a person, to evaluate several definitions on them.

    Parameters
    ----------
    patterns
        Strings of ``+`` use, ``-`` no use, ``o`` missing, ``*`` mixed and ``_`` not scheduled, or
        arrays (weeks,) uint8 of their ASCII codes, of equal or different lengths; or a mapping
        whose values they are; or a NumPy array of strings or bytes; or one of codes, (n, weeks)
        uint8. Zeros that end a row of codes are no weeks, as in NumPy's own arrays of bytes.
    weeks_needed
        How many weeks each must have, 1 or more.

    Raises
    ------
    ValidationError
        Empty patterns, shorter ones than needed, and other characters: the first hundred rows,
        then how many more.

    Examples
    --------
    >>> from mshg import outcomes
    >>> read = outcomes.read_patterns(["+-o-", "--"])
    >>> read.weeks.tolist()
    [4, 2]
    """
    enforce(weeks_needed=whole(weeks_needed, 1, MOST_WEEKS))
    if isinstance(patterns, WeeklyPatterns):
        refuse(_too_short(patterns.weeks, weeks_needed))
        return patterns
    tables, wrong = tables_of(patterns)
    weeks = weeks_of(tables)
    groups = []
    for codes, rows in tables:
        planes, unknown = _planes(codes)
        found = (unknown if rows is None else rows[unknown]).tolist()
        wrong |= dict.fromkeys(found, UNKNOWN)
        groups.append(SameLength(weeks=codes.shape[1], planes=planes, rows=rows))
    refuse(_too_short(weeks, weeks_needed) | wrong)
    return WeeklyPatterns(weeks=read_only(weeks), groups=tuple(groups))


def tables_of(patterns: Given) -> tuple[list[Table], dict[int, str]]:
    """Codes by length, with the rows they stand in, and rows that are no patterns."""
    if isinstance(patterns, np.ndarray) and (patterns.ndim != 1 or patterns.dtype.kind not in "OT"):
        return _by_length(_codes(patterns)), {}
    given = to_tuple(patterns.values() if isinstance(patterns, Mapping) else patterns)
    if not isinstance(given, tuple) or isinstance(patterns, np.ma.MaskedArray):
        raise ValidationError([Problem("$.patterns", _SHAPE, code="wrong_shape")])
    words, wrong = _words(given)
    lengths = np.fromiter(map(len, words), np.intp, len(words))
    order = np.argsort(lengths, kind="stable")
    if len(lengths) and lengths[order[0]] != lengths[order[-1]]:
        words = [words[i] for i in order]
    joined = np.frombuffer("".join(words).encode("ascii", "replace"), np.uint8)
    tables: list[Table] = []
    for rows in _alike(lengths, order):
        weeks = int(lengths[rows[0]])
        codes = joined[: len(rows) * weeks].reshape(len(rows), weeks)
        joined = joined[codes.size :]
        tables.append((codes, None if len(rows) == len(words) else rows))
    return tables, wrong


def weeks_of(tables: Iterable[Table]) -> Weeks:
    """Length (n,) of each pattern."""
    weeks = np.zeros(sum(len(codes) for codes, _ in tables), np.int32)
    for codes, rows in tables:
        weeks[slice(None) if rows is None else rows] = codes.shape[1]
    return weeks


def refuse(wrong: Mapping[int, str]) -> None:
    """Tell the first hundred wrong rows with their rule, and how many more there are."""
    if not wrong:
        return
    listed = [
        Problem(f"$.patterns[{i}]", wrong[i], code="malformed") for i in sorted(wrong)[:MOST_SHOWN]
    ]
    if len(wrong) > len(listed):
        listed.append(
            Problem("$.patterns", f"{len(wrong) - len(listed)} more rows like these", code="more")
        )
    raise ValidationError(listed)


def _too_short(weeks: Weeks, needed: int) -> dict[int, str]:
    rule = f"must have at least {needed} week{'s' if needed > 1 else ''}"
    return dict.fromkeys(np.flatnonzero(weeks < needed).tolist(), rule)


def _words(given: tuple[Any, ...]) -> tuple[Sequence[str], dict[int, str]]:
    """Each pattern as a string, empty in the rows that are no patterns, and those rows."""
    others = [i for i, pattern in enumerate(given) if not isinstance(pattern, str)]
    if not others:
        return given, {}
    words, wrong = list(given), {}
    for i in others:
        words[i] = ""
        if _is_row_of_codes(given[i]):
            words[i] = given[i].tobytes().decode("latin-1").rstrip("\0")
        else:
            wrong[i] = _KIND
    return words, wrong


def _is_row_of_codes(value: object) -> bool:
    if not isinstance(value, np.ndarray) or isinstance(value, np.ma.MaskedArray):
        return False
    return value.ndim == 1 and value.dtype == np.uint8


def _codes(array: NDArray[Any]) -> Codes:
    """A table of codes (n, weeks) from an array of codes, of bytes or of strings."""
    is_masked = isinstance(array, np.ma.MaskedArray)
    if array.dtype == np.uint8 and array.ndim == 2 and not is_masked:
        return array
    if array.ndim != 1 or array.dtype.kind not in "SU" or is_masked:
        raise ValidationError([Problem("$.patterns", _SHAPE, code="wrong_shape")])
    native = np.ascontiguousarray(array, array.dtype.newbyteorder("="))
    if array.dtype.kind == "S":
        return native.view(np.uint8).reshape(len(array), array.itemsize)
    letters = native.view(np.uint32).reshape(len(array), array.itemsize // _LETTER_BYTES)
    return np.where(letters <= _LAST_ASCII, letters, _LAST_ASCII).astype(np.uint8)


def _by_length(codes: Codes) -> list[Table]:
    """A table of codes without the zeros that end its rows."""
    people, width = codes.shape
    if not width or codes[:, -1].all():
        return [(codes, None)]
    lengths = width - (codes[:, ::-1] != 0).argmax(axis=1)
    lengths[~codes.any(axis=1)] = 0
    return [
        (codes[rows, : lengths[rows[0]]], None if len(rows) == people else rows)
        for rows in _alike(lengths, np.argsort(lengths, kind="stable"))
    ]


def _alike(lengths: Indices, order: Indices) -> list[Indices]:
    """Rows by length."""
    ordered = lengths[order]
    groups = np.split(order, np.flatnonzero(ordered[1:] != ordered[:-1]) + 1)
    return [rows for rows in groups if len(rows)]


def _planes(codes: Codes) -> tuple[dict[str, Bits], Indices]:
    """The weeks of each code, and the rows with a week that is of none."""
    people, weeks = codes.shape
    planes = {code: no_weeks(weeks, people) for code in CODES}
    is_unknown = np.zeros(people, bool)
    every = mask(range(1, weeks + 1), planes["+"])
    for start in range(0, people, BLOCK_CODES):
        block = np.s_[start : start + BLOCK_CODES]
        here = codes[block]
        known = np.zeros_like(every)
        for code, plane in planes.items():
            pack(here == ord(code), plane[:, block])
            known = known | plane[:, block]
        is_unknown[block] = (known != every).any(axis=0)
    return planes, np.flatnonzero(is_unknown)
