"""The rules that values must keep, and the one way broken rules are reported.

A check takes a value and returns the rules it breaks, as problems with a path relative to it;
nothing broken is an empty tuple. No rule repeats the value: values are a person's data.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from numbers import Integral, Real

from mshg.errors import Limit, Problem, ProblemCode, Problems, ValidationError

Broken = tuple[Problem, ...]

CONTROL = r"\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
"""Characters that control a terminal or the reading direction, as a class of a pattern."""

NAME = "[a-z][a-z0-9_]{0,63}"
"""Names in lower case, as a pattern."""

_CONTROL = re.compile(f"[{CONTROL}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NAME = re.compile(NAME)


def broken(
    rule: str,
    path: str = "",
    *,
    code: ProblemCode = "invalid",
    limits: tuple[Limit, Limit] | None = None,
    allowed: tuple[str | int, ...] | None = None,
) -> Broken:
    """One broken rule."""
    return (Problem(path, rule, code, limits, allowed),)


def under(path: str, problems: Iterable[Problem]) -> Broken:
    """The same problems, seen from one level up."""
    return tuple(p._replace(path=path + p.path) for p in problems)


def enforce(**fields: Broken) -> None:
    """Raise one `ValidationError` with every problem of every field, or nothing."""
    problems = [p for name, found in fields.items() if found for p in under(f"$.{name}", found)]
    if problems:
        raise ValidationError(problems)


def shown_key(key: object, ordinal: int) -> str:
    """A mapping's key as a step of a path: its name if it reads as a field's, else its place."""
    if isinstance(key, str) and _NAME.fullmatch(key):
        return f".{key}"
    return f"[key {ordinal}]"


PATH_LIKE = (
    "text that looks like a path or an address: wrap a path in pathlib.Path, and fetch what is at "
    "an address first"
)
"""What to say of text that `is_path_like` where content is asked for."""

_LONGEST_PATH = 4096
_PATH = re.compile(
    r"[a-z][a-z0-9+.-]{1,15}://|~|\.{0,2}[/\\]|[a-z]:[/\\]|[^\s\[\]{}<>=\"',;]{1,255}[/\\]"
    r"|.{1,255}\.[a-z][a-z0-9_]{1,9}$",
    re.IGNORECASE,
)


def is_path_like(value: str) -> bool:
    """Whether text is more likely the name of a file, or an address, than what a file holds."""
    text = value.strip()
    if not 0 < len(text) <= _LONGEST_PATH or len(text.splitlines()) > 1 or "\0" in text:
        return False
    return text[0] not in "[{<" and _PATH.match(text) is not None


def is_path_like_bytes(value: bytes) -> bool:
    """The same of content in UTF-8."""
    return len(value) <= _LONGEST_PATH and is_path_like(value.decode("utf-8", "replace"))


def number(value: object, low: float = -math.inf, high: float = math.inf) -> Broken:
    """A finite real number from low to high; True and False are no numbers."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return broken(
            f"must be a number{_span(low, high)}", code="wrong_type", limits=_limits(low, high)
        )
    try:
        fits = math.isfinite(value) and low <= float(value) <= high
    except OverflowError:  # an int too large for a float
        fits = False
    if fits:
        return ()
    limits = _limits(low, high)
    return broken(
        f"must be a finite number{_span(low, high)}",
        code="malformed" if limits is None else "out_of_range",
        limits=limits,
    )


def share(value: object) -> Broken:
    """A number from 0 to 1."""
    return number(value, 0, 1)


def whole(value: object, low: int, high: int) -> Broken:
    """A whole number from low to high; True and False are none."""
    code: ProblemCode = "wrong_type"
    if isinstance(value, Integral) and not isinstance(value, bool):
        if low <= int(value) <= high:
            return ()
        code = "out_of_range"
    return broken(f"must be a whole number from {low} to {high}", code=code, limits=(low, high))


def text(value: object) -> Broken:
    """A string that holds more than white space."""
    if not isinstance(value, str) or not value.strip():
        code: ProblemCode = "blank" if isinstance(value, str) else "wrong_type"
        return broken("must be a string that is not blank", code=code)
    if not value.isascii() and _SURROGATE.search(value):
        return broken("must be valid Unicode text", code="malformed")
    return ()


def line(value: object) -> Broken:
    """Text on one line, without characters that control a terminal or the reading direction."""
    wrong = text(value)
    if not wrong and isinstance(value, str) and _CONTROL.search(value):
        return broken("must be on one line, without control characters", code="malformed")
    return wrong


def paragraphs(value: object) -> Broken:
    """Text on one line or several, without other control characters."""
    wrong = text(value)
    if not wrong and isinstance(value, str) and _CONTROL.search(value.replace("\n", " ")):
        return broken("must be without control characters other than line ends", code="malformed")
    return wrong


def name(value: object) -> Broken:
    """A name in lower case: letters, digits, underscores, a letter first."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        code: ProblemCode = "malformed" if isinstance(value, str) else "wrong_type"
        return broken("must be a name of lower-case letters, digits and underscores", code=code)
    return ()


def boolean(value: object) -> Broken:
    """True or False."""
    return () if isinstance(value, bool) else broken("must be true or false", code="wrong_type")


def wall_time(value: object) -> Broken:
    """A time of day without a zone."""
    if not isinstance(value, time) or value.tzinfo is not None:
        return broken("must be a time of day without a zone", code="wrong_type")
    return ()


def day(value: object) -> Broken:
    """A calendar day, not a moment."""
    return () if type(value) is date else broken("must be a date without a time", code="wrong_type")


def aware(value: object) -> Broken:
    """A date and time with an offset from UTC."""
    if not isinstance(value, datetime) or offset_of(value) is None:
        return broken("must be a date and time with an offset from UTC", code="wrong_type")
    return ()


def moment(value: object) -> Broken:
    """An aware date and time that has a name in UTC, too."""
    wrong = aware(value)
    if wrong or not isinstance(value, datetime):
        return wrong
    if not date.min < value.date() < date.max:
        return broken(
            "must be a day after 0001-01-01 and before 9999-12-31",
            code="out_of_range",
            limits=("0001-01-02", "9999-12-30"),
        )
    return ()


def offset_of(value: object) -> timedelta | None:
    """The offset from UTC of a date and time; None where it has none."""
    try:
        return value.utcoffset() if isinstance(value, datetime) else None
    except (ValueError, NotImplementedError):  # pandas' NaT, or a bare tzinfo
        return None


def whole_minutes(value: object) -> Broken:
    """A length of time from one minute to a week, in whole minutes."""
    minute = timedelta(minutes=1)
    if not isinstance(value, timedelta) or value % minute or not minute <= value <= timedelta(7):
        return broken(
            "must be whole minutes, from 1 minute to 7 days (a timedelta; PT90M in a document)",
            code="out_of_range" if isinstance(value, timedelta) else "wrong_type",
            limits=("PT1M", "PT10080M"),
        )
    return ()


def one_of(words: type[StrEnum]) -> Callable[[object], Broken]:
    """Membership in a closed list of words."""
    allowed = tuple(map(str, words))
    rule = f"must be one of: {', '.join(allowed)}"

    def check(value: object) -> Broken:
        return () if isinstance(value, words) else broken(rule, code="not_one_of", allowed=allowed)

    return check


def instance(kind: type) -> Callable[[object], Broken]:
    """Being of one of our own types."""
    article = "an" if kind.__name__[0] in "AEIOU" else "a"
    return lambda value: (
        ()
        if isinstance(value, kind)
        else broken(f"must be {article} {kind.__name__}", code="wrong_type")
    )


def optional(check: Callable[[object], Broken]) -> Callable[[object], Broken]:
    """None, or what the check asks for."""
    return lambda value: () if value is None else check(value)


def each(check: Callable[[object], Broken], kind: type) -> Callable[[object], Broken]:
    """A tuple or frozenset, each of whose members keeps the rule.

    Members of a set have no place to name, so its problems are given once.
    """

    def whole_collection(value: object) -> Broken:
        if not isinstance(value, kind):
            return broken(
                "must be a list or another collection of plain values, not one text",
                code="wrong_type",
            )
        if isinstance(value, frozenset):
            wrong = (found for v in value if (found := check(v)))
            return tuple(dict.fromkeys(p for found in wrong for p in under("[*]", found)))
        assert isinstance(value, tuple)  # noqa: S101 (the two kinds that models keep)
        return Problems(
            p for i, v in enumerate(value) if (found := check(v)) for p in under(f"[{i}]", found)
        ).listed("")

    return whole_collection


def entries(
    key: Callable[[object], Broken], check: Callable[[object], Broken]
) -> Callable[[object], Broken]:
    """A mapping whose keys and values keep their rules."""

    def whole_mapping(value: object) -> Broken:
        if not isinstance(value, Mapping):
            return broken("must be a mapping", code="wrong_type")
        return Problems(
            p
            for i, (k, v) in enumerate(value.items())
            for p in under(shown_key(k, i), (*key(k), *check(v)))
        ).listed("")

    return whole_mapping


def repeated(names: Iterable[object], step: str = "") -> Broken:
    """Places of names that came before; ``step`` leads from a member to its name."""
    seen: set[object] = set()
    found = Problems()
    for i, one in enumerate(names):
        if one in seen:
            found.add(Problem(f"[{i}]{step}", "is given twice", "repeated"))
        seen.add(one)
    return found.listed("")


def _limits(low: float, high: float) -> tuple[float | None, float | None] | None:
    """The limits as a problem says them: None for an open side, or where both are open."""
    limits = (None if math.isinf(low) else low, None if math.isinf(high) else high)
    return None if limits == (None, None) else limits


def _span(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return ""
    if math.isinf(high):
        return f" of at least {low:g}"
    return f" from {low:g} to {high:g}"
