"""New states and their parts, built of values that were checked already, in events."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, TypeAlias, TypeVar

from attrs import NOTHING, fields

from mshg._mappings import FrozenMapping
from mshg.events.folding.parts import DAY_CODES, MOST_KEPT, RecentDays
from mshg.events.folding.states import ContactState

Changes: TypeAlias = dict[str, Any]
"""What is new by name: fields of a part, or parts of a state."""

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

_STRONGER = {code: str.maketrans(DAY_CODES[:i], code * i) for i, code in enumerate(DAY_CODES)}
_AS_STRONG = {code: DAY_CODES[i:] for i, code in enumerate(DAY_CODES)}
_NEW = object.__new__
_SET = object.__setattr__  # the models are frozen


def by_id(model: Any) -> object:
    """The key of what has an id."""
    return model.id


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
    """The recent days with those from ``first`` to ``last`` marked; what is stronger stays."""
    if kept is None:
        kept = built(RecentDays, until=last, codes="")
    elif first == last == kept.until and (kept.codes[-1:] or "_") in _AS_STRONG[code]:
        return kept  # as on many a day on which more than one thing happens
    if first == last > kept.until:  # as most often: nothing is known of that day yet
        unknown = "_" * min((last - kept.until).days - 1, MOST_KEPT)
        codes = (kept.codes + unknown + code)[-MOST_KEPT:]
        return built(RecentDays, until=last, codes=codes.lstrip("_"))
    until = max(last, kept.until)
    codes = kept.codes + "_" * min((until - kept.until).days, MOST_KEPT)
    codes = codes.rjust(MOST_KEPT, "_")[-MOST_KEPT:]
    start = max(0, MOST_KEPT - 1 - (until - first).days)
    stop = max(0, MOST_KEPT - (until - last).days)
    codes = codes[:start] + codes[start:stop].translate(_STRONGER[code]) + codes[stop:]
    return built(RecentDays, until=until, codes=codes.lstrip("_"))


def contacted(contact: ContactState, code: str, day: date, **more: object) -> ContactState:
    """A day on which the person was in touch, or missed it."""
    recent = marked(contact.recent_contacts, code, day, day)
    if recent is contact.recent_contacts and not more:
        return contact
    return evolved(contact, recent_contacts=recent, **more)


def updated(kept: Any, new: dict[K, V]) -> FrozenMapping[K, V]:
    """A frozen mapping with entries new or in place of others."""
    found: FrozenMapping[K, V] = kept.updated(new)
    return found


@cache
def _defaults(kind: Any) -> dict[str, object]:
    found: dict[str, object] = {}
    for attribute in fields(kind):
        default = attribute.default
        if default is not NOTHING:
            found[attribute.name] = getattr(default, "factory", lambda d=default: d)()
    return found


def built(kind: type[T], /, **values: object) -> T:
    """A model of values that were checked already."""
    model = _NEW(kind)
    known: Any = kind
    _SET(model, "__dict__", _defaults(known) | values)
    return model


def evolved(model: T, /, **values: object) -> T:
    """The model with other values, which were checked already."""
    new = _NEW(type(model))  # and not by `moved`: a call is a good part of what a step costs
    _SET(new, "__dict__", model.__dict__ | values)
    return new


def moved(model: T, values: Changes) -> T:
    """The same, of a dictionary."""
    new = _NEW(type(model))
    _SET(new, "__dict__", model.__dict__ | values)
    return new
