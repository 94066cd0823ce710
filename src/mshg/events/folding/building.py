"""New states and their parts, built of values that were checked already, in events."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, TypeAlias, TypeVar, cast

from attrs import NOTHING, fields

from mshg._mappings import FrozenMapping
from mshg.events.folding.parts import DAY_CODES, MOST_KEPT, RecentDays
from mshg.events.folding.states import ContactState

Values: TypeAlias = dict[str, Any]
"""Fields that are new, by name."""
Changes: TypeAlias = dict[str, Values]
"""The parts of a state in which something is new, by name."""

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

_STRONGER = {code: str.maketrans(DAY_CODES[:i], code * i) for i, code in enumerate(DAY_CODES)}
_SET = object.__setattr__  # the nouns are frozen


def by_id(noun: Any) -> object:
    """The key of what has an id."""
    return noun.id


def added(
    kept: tuple[T, ...], new: T, keeps: Callable[[T], bool] = lambda _: False
) -> tuple[T, ...]:
    """The new one last; the oldest leave first, those that a safety notice may rest on last."""
    if len(kept) < MOST_KEPT:
        return (*kept, new)
    leaves = next((i for i, one in enumerate(kept) if not keeps(one)), 0)
    return (*kept[:leaves], *kept[leaves + 1 :], new)


def put(
    kept: tuple[T, ...],
    new: T,
    key: Callable[[T], object],
    keeps: Callable[[T], bool] = lambda _: False,
) -> tuple[T, ...]:
    """The new one in place of any with its key; it stands last."""
    its_key = key(new)
    return added(tuple(k for k in kept if key(k) != its_key), new, keeps)


def marked(kept: RecentDays | None, code: str, first: date, last: date) -> RecentDays:
    """The recent days with those from ``first`` to ``last`` told; what is stronger stays."""
    until = last if kept is None else max(last, kept.until)
    codes = "" if kept is None else kept.codes + "_" * min((until - kept.until).days, MOST_KEPT)
    codes = codes.rjust(MOST_KEPT, "_")[-MOST_KEPT:]
    start = max(0, MOST_KEPT - 1 - (until - first).days)
    stop = max(0, MOST_KEPT - (until - last).days)
    codes = codes[:start] + codes[start:stop].translate(_STRONGER[code]) + codes[stop:]
    return built(RecentDays, until=until, codes=codes.lstrip("_"))


def contacted(contact: ContactState, code: str, day: date) -> Values:
    """A day on which the person was in touch, or missed it."""
    return {"recent_contacts": marked(contact.recent_contacts, code, day, day)}


def updated(kept: object, new: dict[K, V]) -> FrozenMapping[K, V]:
    """A frozen mapping with entries new or in place of others."""
    return cast("FrozenMapping[K, V]", kept).updated(new)


@cache
def _defaults(kind: Any) -> dict[str, object]:
    found: dict[str, object] = {}
    for attribute in fields(kind):
        default = attribute.default
        if default is not NOTHING:
            found[attribute.name] = getattr(default, "factory", lambda d=default: d)()
    return found


def built(kind: type[T], /, **values: object) -> T:
    """A noun of values that were checked already."""
    noun = object.__new__(kind)
    _SET(noun, "__dict__", _defaults(cast("Any", kind)) | values)
    return noun


def evolved(noun: T, /, **values: object) -> T:
    """The noun with other values, which were checked already."""
    return moved(noun, values)


def moved(noun: T, values: Values) -> T:
    """The same, of a dictionary."""
    new = object.__new__(type(noun))
    _SET(new, "__dict__", noun.__dict__ | values)
    return new
